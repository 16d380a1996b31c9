"""Attempts about a person, counted over batches by keyed tags (R-87). Whoever lacks the key tests no guess.

- Two tags of the request's own data: name with birth date, and taxpayer number. They are asked before any
  record is read; an attempt is a row whose request reached the records, and one with both tags counts once.
- One of the record that the request would identify if its address were right: another spelling of a name, or
  the number in place of the birth date, makes no other person of it. What it stops was read, so that the
  requester is told nothing (R-81).
"""

import hmac
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solely.facts.batchwide import name_and_birth
from solely.facts.request import RequestFacts

TAG_BYTES: Final = 8
_NOBODY: Final = bytes(TAG_BYTES)
_CONTEXT: Final = b"solely/attempt/v1"

Tags = bytes  # of one row: name with birth date, taxpayer number, record; zeros where one is not known
_KINDS: Final = 3


def tag_key(salt_key: bytes) -> bytes:
    """The key of the tags, grown from the gate's salt key."""
    return hmac.digest(salt_key, _CONTEXT, "sha256")


class Person(NamedTuple):
    """Whom a row names: given and family names, birth date and taxpayer number, as far as they are known."""

    given: Sequence[str]
    family: Sequence[str]
    birth_date: date | None
    taxpayer_number: str | None


def person_of(facts: RequestFacts, place: int) -> Person:
    """The person whom the row at a place names."""
    name = facts.names[place]
    births, numbers = facts.columns["birth_date"], facts.columns["taxpayer_number"]
    return Person(name.given, name.family, births[place], numbers[place])


def tags_of(key: bytes, person: Person, record_id: str | None = None) -> Tags:
    """The tags of one row: the same person gives the same tags in every batch of this gate."""
    named = None
    if person.birth_date is not None:
        named = name_and_birth(person.given, person.family, person.birth_date)
    told = {"name": named, "number": person.taxpayer_number, "record": record_id}
    return b"".join(_tag(key, kind, text) for kind, text in told.items())


def _tag(key: bytes, kind: str, text: str | None) -> bytes:
    if text is None:
        return _NOBODY
    return hmac.digest(key, f"{kind}\x1f{text}".encode("utf-8", "surrogatepass"), "sha256")[:TAG_BYTES]


class Attempts:
    """Earlier attempts; each is the tags of one row whose request reached the records."""

    def __init__(self, packed: Sequence[bytes]) -> None:
        rows = _rows(packed)
        self._columns = [_Sorted(rows[:, column]) for column in (0, 1)]
        self.count = len(rows)

    def before(self, tags: Sequence[Tags]) -> list[int]:
        """How many earlier attempts share a tag with each row."""
        if not self.count:
            return [0] * len(tags)
        rows = _rows(tags)
        by_name, by_number = (each.find(rows[:, n]) for n, each in enumerate(self._columns))
        return [len({*ones, *others}) for ones, others in zip(by_name, by_number, strict=True)]


class Tries:
    """How often each record was tried before; it grows with the rows of a batch, in their order."""

    def __init__(self, packed: Sequence[bytes]) -> None:
        tags, counts = np.unique(_rows(packed)[:, _KINDS - 1], return_counts=True)
        self._counts = Counter(dict(zip(tags.tolist(), counts.tolist(), strict=True)))

    def before(self, tags: Tags) -> int:
        """How often the record of these tags was tried before; this try is counted. 0 where none is."""
        number = int(np.frombuffer(tags, np.uint64)[_KINDS - 1])
        if not number:
            return 0
        self._counts[number] += 1
        return self._counts[number] - 1


def _rows(packed: Sequence[bytes]) -> NDArray[np.uint64]:
    return np.frombuffer(b"".join(packed), np.uint64).reshape(-1, _KINDS)


class _Sorted:
    """One column of tags, in order."""

    def __init__(self, tags: NDArray[np.uint64]) -> None:
        self._order = np.argsort(tags, kind="stable")
        self._tags = tags[self._order]

    def find(self, tags: NDArray[np.uint64]) -> list[Sequence[Any]]:
        """The places of each tag; an absent tag has none."""
        starts = np.searchsorted(self._tags, tags, "left")
        ends = np.where(tags == 0, starts, np.searchsorted(self._tags, tags, "right"))
        return [
            self._order[start:end].tolist() if end > start else ()
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
