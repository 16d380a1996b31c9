"""One round of watching a log: what it publishes, what other witnesses have cosigned, how old it is."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from solely_verify.note import NOTE_MAX, Head, LogKey, read_checkpoint
from solely_verify.refusal import Refusal
from solely_witness.alarms import Alarms
from solely_witness.cosigning import Cosigner
from solely_witness.source import Source
from solely_witness.state import origin_hash


class Watched(NamedTuple):
    """A log that is watched: its key, where it publishes, other witnesses, and how long it may be silent."""

    key: LogKey
    source: Source | None
    peers: Mapping[str, Source]
    silent_seconds: float | None


class Watch:
    """Watching one log."""

    def __init__(
        self, watched: Watched, cosigner: Cosigner, alarms: Alarms, now: Callable[[], float]
    ) -> None:
        self._watched, self._cosigner, self._alarms, self._now = watched, cosigner, alarms, now
        self._largest: Head | None = None  # that the log itself has published
        self._heard_at = cosigner.cosigned_at(watched.key.name)

    def round(self) -> None:
        """Look once at everything; what is wrong becomes an alarm."""
        origin, source = self._watched.key.name, self._watched.source
        if source is not None:
            note = source.read("checkpoint", NOTE_MAX)
            if note is None:
                self._alarms.raise_alarm("withheld", origin, "the log shows no checkpoint")
            else:
                self._published(note)
        for place, peer in self._watched.peers.items():
            self._peer(place, peer.read(f"{origin_hash(origin)}/checkpoint", NOTE_MAX))
        self._age()

    def _published(self, note: bytes) -> None:
        origin = self._watched.key.name
        try:
            head = read_checkpoint(note, self._watched.key)
        except Refusal as refusal:
            self._alarms.raise_alarm("withheld", origin, f"what the log shows is not signed: {refusal}")
            return
        if self._largest is not None and head.size < self._largest.size:
            what = f"the log shows {head.size} entries; it had shown {self._largest.size}"
            self._alarms.raise_alarm("shrunk", origin, what, note)
        else:
            self._hear(head, note)
            self._largest = head
        self._cosigner.observe(head, note)

    def _hear(self, head: Head, note: bytes) -> None:
        """Note when the log itself last did something: it grew, or published a cosignature of this witness.

        Anybody can have a published checkpoint cosigned again; nobody else can publish what comes of it.
        """
        has_grown = self._largest is not None and head.size > self._largest.size
        grown_at = int(self._now()) if has_grown or self._heard_at is None else None
        try:
            signed_at = self._cosigner.signed_at(note)
        except Refusal:  # a line in this witness's name that it did not make
            signed_at = None
        seconds = (self._heard_at, signed_at, grown_at)
        self._heard_at = max((each for each in seconds if each is not None), default=None)

    def _peer(self, place: str, note: bytes | None) -> None:
        """What another witness cosigned is no growth of what this one did, or the other way: a split view."""
        origin = self._watched.key.name
        if note is None:
            return  # it may have seen nothing of this log yet, or not answer; it alarms for itself
        try:
            head = read_checkpoint(note, self._watched.key)
        except Refusal as refusal:
            self._alarms.raise_alarm("peer", origin, f"{place} shows what this log has not signed: {refusal}")
            return
        self._cosigner.observe(head, note)

    def _age(self) -> None:
        origin, bound = self._watched.key.name, self._watched.silent_seconds
        at = self._cosigner.cosigned_at(origin) if self._watched.source is None else self._heard_at
        if bound is None or at is None or self._now() - at <= bound:
            self._alarms.settle("stall", origin)
            return
        self._alarms.raise_alarm("stall", origin, f"nothing new of it was cosigned since second {at} of 1970")
