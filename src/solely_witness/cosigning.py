"""Deciding on one checkpoint that was submitted (C2SP tlog-witness, add-checkpoint).

1. The body is a request. 2. The origin is a log that is watched. 3. The log's key signed the checkpoint.
4. The old size is not above the new one. 5. It is the size that was cosigned last. 6. The proof leads from
the last tree to this one. 7. The copy can follow, where one is kept. 8. It is kept, then cosigned.

- Steps 5 to 8 are one act under a lock: a later answer never takes back what an earlier one kept.
"""

import re
import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import NamedTuple

from solely_verify.note import (
    NOTE_MAX,
    SIZE_MAX,
    Head,
    LogKey,
    cosigned_at,
    cosigned_text,
    cut_note,
    from_base64,
    line_text,
    read_checkpoint,
    signed_by,
)
from solely_verify.refusal import Refusal
from solely_verify.tree import fold, require_extension
from solely_witness.alarms import Alarms
from solely_witness.mirror import Forked, Mirror
from solely_witness.state import WitnessFolder

BODY_MAX = NOTE_MAX + 64 * 64
PROOF_MAX = 63
ANEW_SECONDS = 30  # between two cosignatures of one tree: each would seed another draw
SECONDS_APART = 300.0  # that an entry's time and the witness's may differ
_OLD = re.compile(r"old (0|[1-9][0-9]{0,15})")
SIZE_TYPE, TEXT_TYPE = "text/x.tlog.size", "text/plain; charset=utf-8"


class Reply(NamedTuple):
    """An HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str = TEXT_TYPE


class Request(NamedTuple):
    """A submitted checkpoint: the size that the sender believes was cosigned last, the proof, the note."""

    old: int
    proof: list[bytes]
    note: bytes


class Cosigner:
    """A witness at work on its logs."""

    def __init__(
        self,
        folder: WitnessFolder,
        logs: Mapping[str, LogKey],
        copies: Mapping[str, Mirror],
        alarms: Alarms,
        now: Callable[[], float] = time.time,
        seconds_apart: float = SECONDS_APART,
    ) -> None:
        self.folder, self.logs = folder, logs
        self._copies, self._alarms = copies, alarms
        self._now, self._seconds_apart = now, seconds_apart
        self._lock = Lock()

    def add_checkpoint(self, body: bytes) -> Reply:
        """The answer to a submission."""
        try:
            request = read_request(body)  # 1
            origin = request.note.partition(b"\n")[0].decode()
        except (Refusal, UnicodeDecodeError) as error:
            return Reply(400, f"{error}\n".encode())
        key = self.logs.get(origin)  # 2
        if key is None:
            return Reply(404, b"this log is not watched here\n")
        try:
            head = read_checkpoint(request.note, key)  # 3
        except Refusal as refusal:
            return Reply(403, f"{refusal}\n".encode())
        if request.old > head.size:  # 4
            return Reply(400, b"the old size is above the new one\n")
        with self._lock:
            return self._extend(request, head)

    def _extend(self, request: Request, head: Head) -> Reply:
        last = self.last(head.origin)
        if request.old != last.size:  # 5
            return Reply(409, f"{last.size}\n".encode(), SIZE_TYPE)
        if head.size == last.size and head.root != last.root:
            what = f"two trees of {head.size} entries were signed"
            self._alarms.raise_alarm("fork", head.origin, what, request.note)
            return Reply(409, f"{last.size}\n".encode(), SIZE_TYPE)
        try:
            _require_growth(last, head, request.proof)  # 6
        except Refusal as refusal:
            # Not yet a fork: anybody can send a signed checkpoint with a wrong proof.
            what = f"{refusal}; of {head.size} entries, where {last.size} were cosigned"
            self._alarms.raise_alarm("unproved", head.origin, what, request.note)
            return Reply(422, f"{refusal}\n".encode())
        return self._cosign(request, head)

    def _cosign(self, request: Request, head: Head) -> Reply:
        try:
            self._follow(head, request.note)  # 7
        except Refusal as refusal:
            return Reply(503, f"{refusal}\n".encode())
        return Reply(200, self._keep(head, request.note).encode())  # 8

    def _follow(self, head: Head, note: bytes) -> None:
        """Bring the copy, where one is kept, to a head; what hinders that is an alarm, and raised."""
        copy = self._copies.get(head.origin)
        if copy is None:
            return
        try:
            copy.follow(head)
        except Refusal as refusal:
            kind = "fork" if isinstance(refusal, Forked) else "withheld"
            self._alarms.raise_alarm(kind, head.origin, str(refusal), note)
            raise
        what = self._clock_of(head.origin, copy.last_time, is_longer=head.size > self.last(head.origin).size)
        if what:
            self._alarms.raise_alarm("clock", head.origin, f"the last of {head.size} entries {what}", note)

    def _clock_of(self, origin: str, newest: int | None, *, is_longer: bool) -> str:
        """What is wrong with the time of a newest entry, in milliseconds; empty where nothing is.

        It may be old: a gate that nobody asks adds nothing, and an entry may have waited for witnesses. It
        cannot lie ahead, nor, where it was added since, before what was cosigned then.
        """
        if newest is None:
            return ""
        ahead = newest / 1000 - self._now()
        if ahead > self._seconds_apart:
            return f"is dated {ahead:.0f} s ahead of this witness's clock"
        behind = (self.cosigned_at(origin) or 0) - newest / 1000
        if is_longer and behind > self._seconds_apart:
            return f"is dated {behind:.0f} s before the checkpoint that was cosigned ahead of it"
        return ""

    def _keep(self, head: Head, note: bytes) -> str:
        """Our line on a head, which is kept as the last that was cosigned; the kept one while it is young."""
        at = int(self._now())
        kept = self.folder.read_checkpoint(head.origin)
        own = None if kept is None else signed_by(self.folder.key, *cut_note(kept))
        if (
            own is not None
            and self.last(head.origin) == head
            and at < cosigned_at(own.signature) + ANEW_SECONDS
        ):
            return line_text(self.folder.key, own.signature)
        signature = self.folder.private_key.sign(cosigned_text(head.text.encode(), at))
        line = line_text(self.folder.key, at.to_bytes(8, "big") + signature)
        # The log's line and ours alone: with all that others may have added it could become too long to read.
        signed = signed_by(self.logs[head.origin], *cut_note(note))
        assert signed is not None, "the log signed what is cosigned"  # noqa: S101 -- a fault of ours
        logged = line_text(self.logs[head.origin], signed.signature)
        self.folder.keep_checkpoint(head.origin, f"{head.text}\n{logged}{line}".encode())
        return line

    def observe(self, head: Head, note: bytes) -> None:
        """Hold a checkpoint that was seen somewhere against what was cosigned; follow it if it is newer."""
        with self._lock:
            last, copy = self.last(head.origin), self._copies.get(head.origin)
            if head.size == last.size and head.root != last.root:
                what = f"two trees of {head.size} entries were signed"
                self._alarms.raise_alarm("fork", head.origin, what, note)
            elif head.size == last.size:
                self._keep_published(head, note)
            elif copy is not None:
                try:
                    self._follow(head, note)
                except Refusal:
                    return
                if head.size > last.size:
                    self._keep(head, note)

    def _keep_published(self, head: Head, note: bytes) -> None:
        """Keep the checkpoint as published, with the lines of other witnesses, once ours is among them."""
        try:
            line = signed_by(self.folder.key, *cut_note(note))
        except Refusal:
            return
        if line is not None and note != self.folder.read_checkpoint(head.origin):
            self.folder.keep_checkpoint(head.origin, note)

    def cosigned_at(self, origin: str) -> int | None:
        """The second at which this witness last cosigned, or None."""
        return self.signed_at(self.folder.read_checkpoint(origin))

    def signed_at(self, note: bytes | None) -> int | None:
        """The second of this witness's line on a checkpoint, or None where it has none."""
        line = None if note is None else signed_by(self.folder.key, *cut_note(note))
        return None if line is None else cosigned_at(line.signature)

    def last(self, origin: str) -> Head:
        """The head that was cosigned last; an empty one before the first."""
        note = self.folder.read_checkpoint(origin)
        return Head(origin, 0, fold([])) if note is None else read_checkpoint(note, self.logs[origin])

    def require_latest(self, origin: str) -> None:
        """Return when no larger tree was cosigned than the one kept as the last; else Refusal.

        An older file that was put back, or one that is lost, would have another history cosigned.
        """
        kept, largest = self.last(origin).size, self.folder.largest_cosigned(origin)
        if kept < largest:
            raise Refusal(
                f"the checkpoint kept as the last has {kept} entries, and {largest} were cosigned here: it "
                "is lost, or an older one was put back; restore the folder whole, or begin with a new key"
            )

    def show(self, place: str) -> Reply:
        """The checkpoint that was cosigned last, for who compares; `place` is the hash of an origin."""
        for origin in self.logs:
            if self.folder.log(origin).name == place:
                note = self.folder.read_checkpoint(origin)
                if note is not None:
                    return Reply(200, note)
        return Reply(404, b"nothing was cosigned under this name\n")


def _require_growth(last: Head, head: Head, proof: list[bytes]) -> None:
    if last.size not in (0, head.size):
        require_extension((last.size, last.root), (head.size, head.root), proof)
    elif proof:
        raise Refusal("proof: none is needed from here")


def read_request(body: bytes) -> Request:
    """The parts of a submission; Refusal names the line that is none of it."""
    upper, blank, note = body.partition(b"\n\n")
    lines = upper.decode("ascii", "replace").split("\n")
    old = _OLD.fullmatch(lines[0])
    if len(body) > BODY_MAX or not blank or old is None or int(old[1]) > SIZE_MAX:
        raise Refusal("line 1: `old`, a size, proof lines, an empty line and a checkpoint are expected")
    proof = [from_base64(each, 32) for each in lines[1:]]
    hashes = [each for each in proof if each is not None]
    if len(hashes) != len(proof) or len(proof) > PROOF_MAX:
        raise Refusal("a proof has at most 63 lines, each a hash")
    return Request(int(old[1]), hashes, note)
