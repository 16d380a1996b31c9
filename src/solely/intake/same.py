"""The same person or the same request id twice within a batch, seen before any record is read (R-36).

- Two rows are one person when they share the taxpayer number, or name, birth date and address; what those
  are, the facts say.
- Of equal rows the first goes on and the later are returned; where any of them differs, a person decides
  about all. Of equal request ids the first stands.
- A whole batch fits: of each row only digests are kept (72 bytes), never a value.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from solely.model import Disposition, Item, Reason

Finding = tuple[Disposition, Reason]
Keys = tuple[str | None, str | None]
Digests = NDArray[np.uint64]

DUPLICATE: Finding = (Disposition.RETURNED, Reason("row", "DUPLICATE", "R-36"))
SAME_PERSON: Finding = (Disposition.REFERRED, Reason("row", "SAME_PERSON", "R-36"))
REPEATED: Finding = (Disposition.RETURNED, Reason("request_id", "REPEATED", "R-13"))

_ABSENT = bytes(16)
_HALVES = 8  # a row's digest of words, of both keys and of its id: four times two words of 64 bits


def _digest(text: str | None) -> bytes:
    return _ABSENT if text is None else blake2b(text.encode(), digest_size=16).digest()


class Sameness:
    """First every chunk is added, then `findings` tells each row that is not the first of its kind."""

    def __init__(self) -> None:
        self._rows: list[NDArray[np.int64]] = []
        self._digests: list[Digests] = []

    def add(self, items: Sequence[Item], keys: Sequence[Keys]) -> None:
        """Take note of a chunk: `keys` are taxpayer number and name-birth-address of each item, if known."""
        parts: list[bytes] = []
        for item, (number, person) in zip(items, keys, strict=True):
            request_id = item.request_id.lower() if item.request_id else None
            # No cell holds a unit separator, so the joined words are one row's only.
            words = "\x1f".join([cell or "" for cell in item.cells()[1:]])
            parts += (_digest(words), _digest(number), _digest(person), _digest(request_id))
        self._rows.append(np.fromiter((item.row for item in items), dtype=np.int64, count=len(items)))
        self._digests.append(np.frombuffer(b"".join(parts), dtype=np.uint64).reshape(-1, _HALVES))

    def findings(self) -> Mapping[int, tuple[Finding, ...]]:
        """What stands against a row because of another row, by row number; most rows have nothing."""
        if not self._rows:
            return {}
        rows, digests = np.concatenate(self._rows), np.concatenate(self._digests)
        found: dict[int, tuple[Finding, ...]] = {}
        persons = [*_groups(digests[:, 2:4]), *_groups(digests[:, 4:6])]
        for group in _joined(persons):
            for place, finding in _of_one_person(group, digests[:, 0:2]):
                found[int(rows[place])] = (finding,)
        for places in _groups(digests[:, 6:8]):
            for place in places[1:]:
                found[int(rows[place])] = (*found.get(int(rows[place]), ()), REPEATED)
        return found


def _groups(halves: Digests) -> Iterator[list[int]]:
    """Two or more places that share one digest, in input order; absent ones share none."""
    places = np.flatnonzero(halves.any(axis=1))
    order = places[np.lexsort((places, halves[places, 1], halves[places, 0]))]
    if not len(order):
        return
    ordered = halves[order]
    starts = np.flatnonzero(np.r_[True, (ordered[1:] != ordered[:-1]).any(axis=1)])
    ends = np.r_[starts[1:], len(order)]
    for start, end in zip(starts[ends - starts > 1], ends[ends - starts > 1], strict=True):
        yield order[start:end].tolist()


def _joined(groups: Sequence[Sequence[int]]) -> list[list[int]]:
    """Groups that share a place, made one: a row may share its number with one, its address with another."""
    leader: dict[int, int] = {}

    def lead(place: int) -> int:
        while leader.setdefault(place, place) != place:
            leader[place] = place = leader[leader[place]]
        return place

    for group in groups:
        for place in group[1:]:
            one, other = sorted((lead(group[0]), lead(place)))
            leader[other] = one
    members: dict[int, list[int]] = {}
    for place in sorted(leader):
        members.setdefault(lead(place), []).append(place)
    return list(members.values())


def _of_one_person(places: Sequence[int], words: Digests) -> Iterator[tuple[int, Finding]]:
    is_equal = bool((words[places] == words[places[0]]).all())
    if is_equal:
        yield from ((place, DUPLICATE) for place in places[1:])
    else:
        yield from ((place, SAME_PERSON) for place in places)
