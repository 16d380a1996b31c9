"""Asking witnesses to cosign a checkpoint before it is published (T5; C2SP tlog-witness).

- All are asked at once; the checkpoint goes on as soon as the quorum of the policy has cosigned it.
- No quorum: `Unwitnessed`. Nothing leaves, entries stay committed, the next publishing goes on.
- What a witness has cosigned last stands in the published checkpoint, in its own line. A witness that says
  otherwise is asked once more from the size that it states; a tree smaller than that is never sent.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Lock, Thread
from time import monotonic
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from solely.errors import Unwitnessed, UsageError, VerificationFailed
from solely.ledger.checkpoint import Checkpoint, verify
from solely.ledger.note import (
    NOTE_BYTES_MAX,
    Note,
    VerifierKey,
    find_signature,
    line_text,
    read_lines,
    time_of,
)
from solely.ledger.policy import Policy, PolicyWitness
from solely.ledger.tree import SIZE_MAX, Nodes, consistency_proof

SECONDS_MAX = 5.0  # that a witness may take
SECOND_MAX = 253_402_300_799  # the end of the year 9999, after which no instant can be told
_ASKED_MAX = 3  # times that one witness is asked for one checkpoint
T = TypeVar("T")


class Refused(Exception):
    """Why one witness has not cosigned."""


class Answer(NamedTuple):
    """What came back over HTTP."""

    status: int
    body: bytes


class Witness:
    """One witness over HTTP; the connection is kept while it lasts."""

    def __init__(self, entry: PolicyWitness) -> None:
        self.name, self.key = entry.name, entry.key
        parts = urlsplit(entry.url or "")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"witness policy: witness `{entry.name}` has no http address")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._path = parts.path.rstrip("/")
        self._connection = kind(parts.hostname, parts.port, timeout=SECONDS_MAX)
        self._lock = Lock()
        self._size = 0  # what it has cosigned, as far as is known here

    def cosign(self, checkpoint: Checkpoint, note: bytes, published: int, nodes: Nodes) -> str:
        """The witness's line on the note of a checkpoint; Refused says why there is none.

        `published` is the size that it cosigned as the published checkpoint shows.
        """
        old = max(published, self._size)
        for _ in range(_ASKED_MAX):
            if old > checkpoint.size:
                raise Refused(f"has seen {old} entries, more than the {checkpoint.size} of this checkpoint")
            answer = self._request("POST", "/add-checkpoint", _body(checkpoint, note, old, nodes))
            if answer.status == 200:
                line = self._line(checkpoint, answer.body)
                self._size = checkpoint.size
                return line
            stated = _stated_size(answer)
            if stated is None:
                raise Refused(f"answered with status {answer.status}")
            if stated == old:
                raise Refused(f"has seen another tree of {old} entries")
            old = self._size = stated
        raise Refused("states another size each time")

    def latest(self, log: VerifierKey) -> Checkpoint | None:
        """The checkpoint of this log that the witness cosigned last; None where it shows none."""
        place = hashlib.sha256(log.name.encode()).hexdigest()
        answer = self._request("GET", f"/{place}/checkpoint", None)
        if answer.status != 200:
            return None
        try:
            return verify(answer.body, log)
        except VerificationFailed:
            raise Refused("shows a checkpoint that this log has not signed") from None

    def _line(self, checkpoint: Checkpoint, body: bytes) -> str:
        try:
            lines = read_lines(body.decode())
            found = find_signature(Note(checkpoint.text(), lines), self.key)
        except (UnicodeDecodeError, VerificationFailed):
            found = None
        if found is None:
            raise Refused("sent no cosignature of its key")
        if time_of(found.signature) > SECOND_MAX:
            raise Refused("dates its cosignature beyond the year 9999")
        return line_text(self.key, found.signature)

    def _request(self, verb: str, path: str, body: bytes | None) -> Answer:
        if not self._lock.acquire(blocking=False):
            raise Refused("is still busy with an earlier checkpoint")
        try:
            return self._exchange(verb, path, body)
        except (OSError, HTTPException) as error:
            raise Refused(f"does not answer ({type(error).__name__})") from None
        finally:
            self._lock.release()

    def _exchange(self, verb: str, path: str, body: bytes | None) -> Answer:
        # A kept connection may have been closed by the other side since: then once more over a new one.
        is_kept = self._connection.sock is not None
        try:
            return self._once(verb, path, body)
        except (OSError, HTTPException):
            self._connection.close()
            if not is_kept:
                raise
        try:
            return self._once(verb, path, body)
        except (OSError, HTTPException):
            self._connection.close()
            raise

    def _once(self, verb: str, path: str, body: bytes | None) -> Answer:
        self._connection.request(verb, self._path + path, body)
        response = self._connection.getresponse()
        data = response.read(NOTE_BYTES_MAX + 1)
        if len(data) > NOTE_BYTES_MAX:
            self._connection.close()
            raise HTTPException("the answer is longer than any that is expected")
        return Answer(response.status, data)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _body(checkpoint: Checkpoint, note: bytes, old: int, nodes: Nodes) -> bytes:
    proof = consistency_proof(nodes, old, checkpoint.size) if 0 < old < checkpoint.size else []
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof)]
    return ("\n".join(lines) + "\n\n").encode() + note


def _stated_size(answer: Answer) -> int | None:
    text = answer.body.removesuffix(b"\n")
    if answer.status != 409 or not text.isdigit() or len(text) > 16:
        return None
    return int(text) if int(text) <= SIZE_MAX else None


def _begun(ask: Callable[[Witness], T], witness: Witness) -> Future[T]:
    """What asking a witness will give; who asks is waited for by nobody, however slow the answer."""
    given: Future[T] = Future()

    def answer() -> None:
        try:
            given.set_result(ask(witness))
        except Exception as error:  # noqa: BLE001 -- whoever waits is told, as by a pool
            given.set_exception(error)

    # No pool: the interpreter waits for the threads of a pool, so one witness could hold a command for ever.
    Thread(target=answer, name=f"witness {witness.name}", daemon=True).start()
    return given


class Witnesses:
    """The witnesses of a gate's policy."""

    def __init__(self, policy: Policy, log: VerifierKey) -> None:
        self.policy, self._log = policy, log
        if policy.logs and log.public_key not in [each.key.public_key for each in policy.logs]:
            raise UsageError("witness policy: it names other logs and not this one")
        self._witnesses = [Witness(each) for each in policy.witnesses]

    def cosign(
        self, checkpoint: Checkpoint, note: bytes, published: Mapping[str, int], nodes: Nodes
    ) -> bytes:
        """The note with the cosignatures of a quorum; Unwitnessed when there is none.

        `published` has the size that each witness cosigned as the published checkpoint shows.
        """
        cosigned, refused = self._gather(
            lambda each: each.cosign(checkpoint, note, published.get(each.name, 0), nodes)
        )
        if not self.policy.is_met(cosigned):
            why = "; ".join(f"`{name}` {reason}" for name, reason in sorted(refused.items()))
            raise Unwitnessed(
                f"no quorum of witnesses has cosigned the checkpoint of {checkpoint.size} entries: {why}; "
                "what is logged stays, and nothing leaves until the quorum answers"
            )
        return note + "".join(cosigned.values()).encode()

    def latest(self) -> dict[str, Checkpoint]:
        """What each witness that answers has cosigned last of this log, by its name."""
        found, _ = self._gather(lambda each: each.latest(self._log), until_met=False)
        return {name: seen for name, seen in found.items() if seen is not None}

    def _gather(
        self, ask: Callable[[Witness], T], *, until_met: bool = True
    ) -> tuple[dict[str, T], dict[str, str]]:
        """What each witness gave, and why others gave none; `until_met`: no longer than to a quorum."""
        waiting: dict[Future[T], str] = {_begun(ask, each): each.name for each in self._witnesses}
        given, refused, until = dict[str, T](), dict[str, str](), monotonic() + SECONDS_MAX
        while waiting and not (until_met and self.policy.is_met(given)):
            done, _ = wait(waiting, max(0.0, until - monotonic()), FIRST_COMPLETED)
            if not done:
                refused |= dict.fromkeys(waiting.values(), "does not answer in time")
                break
            for each in done:
                name = waiting.pop(each)
                try:
                    given[name] = each.result()
                except Refused as error:
                    refused[name] = str(error)
        return given, refused

    def close(self) -> None:
        """Wait for nobody any more."""
        for each in self._witnesses:
            each.close()
