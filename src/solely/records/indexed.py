"""Records through their index: sorted keys first, then everybody found, whole.

- All kinds of keys stand in one array of hashes, so one search serves every blocking rule (matching.md 6).
- A block above the agreement's cap is left out; where it could have hidden a second owner or a namesake, or
  every key of an item is capped, the item is marked and abstains.
- The walk over rivals: of everybody found at the request's door, the relatives by name at that door who were
  not found by the request's own spelling.
- One way for a batch and for a single request; memory holds the persons found and no others.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from solely.matching.keys import GUARDING_KINDS, Key, subject_keys
from solely.model import Candidate, Subject
from solely.records.base import AccessRow, Retrieved
from solely.records.key_array import Array, KeyArray
from solely.records.opened import BLOCK_RECORDS_MAX, OpenedRecords
from solely.records.people import People
from solely.records.walk import walk_keys


class Found(NamedTuple):
    """What a probe found: the ordinals of each subject's place, and the places that a cap has made unsafe."""

    ordinals: dict[int, set[int]]
    capped: frozenset[int]


class IndexedRecords(OpenedRecords):
    """The records of one index, searched where they lie."""

    def __init__(
        self, folder: Path, memory_limit: str = "2GB", block_records_max: int = BLOCK_RECORDS_MAX
    ) -> None:
        super().__init__(folder, memory_limit, block_records_max)
        self._keys = KeyArray(self._index.folder)
        self._people = People(self._index.folder)

    def retrieve(self, subjects: Sequence[Subject], at: datetime) -> Retrieved:
        """Everybody who could be, or be taken for, one of `subjects`; each record read is an access row.

        The plan: 0 probe with the requests' keys; 1 gather whom they reach; 2 probe again with the names
        found at the requests' doors; 3 gather the rest; 4 put each subject's people in the order of ids.
        """
        keys = {place: subject_keys(each) for place, each in enumerate(subjects)}
        first = self._probe(keys)  # 0
        people = self._people.read(set().union(*first.ordinals.values()))  # 1
        again = {
            place: walk_keys(subjects[place], [people[each] for each in ordinals])
            for place, ordinals in first.ordinals.items()
        }
        second = self._probe({place: more for place, more in again.items() if more})  # 2
        people |= self._people.read(set().union(*second.ordinals.values()) - people.keys())  # 3
        return self._retrieved(subjects, (first, second), people, at)  # 4

    def _probe(self, keys: Mapping[int, Sequence[Key]]) -> Found:
        """Whom the keys of each place reach, without the blocks above the cap."""
        flat = [(place, key) for place, several in keys.items() for key in several]
        hashes = np.array([key.hash for _, key in flat], dtype=np.int64)
        ordinals: dict[int, set[int]] = {}
        over: dict[int, int] = {}
        guarded: set[int] = set()
        for at, block in self._blocks(hashes):
            place, key = flat[at]
            if len(block) <= self._block_records_max:
                ordinals.setdefault(place, set()).update(block.tolist())
                continue
            over[place] = over.get(place, 0) + 1
            if key.kind in GUARDING_KINDS:
                guarded.add(place)
        everywhere = {place for place, count in over.items() if count == len(keys[place])}
        return Found(ordinals, frozenset(guarded | everywhere))

    def _blocks(self, hashes: Array) -> Iterator[tuple[int, Array]]:
        """For each place of `hashes` whose key somebody has: the place, and the ordinals of those persons."""
        return self._keys.blocks(hashes)

    def _retrieved(
        self,
        subjects: Sequence[Subject],
        probes: tuple[Found, Found],
        people: Mapping[int, Candidate],
        at: datetime,
    ) -> Retrieved:
        first, second = probes
        candidates: dict[int, Sequence[Candidate]] = {}
        access: list[AccessRow] = []
        for place, subject in enumerate(subjects):
            direct = first.ordinals.get(place, set())
            chosen = sorted(direct | second.ordinals.get(place, set()))  # ordinals follow record ids
            candidates[subject.row] = [people[each] for each in chosen]
            access += [
                AccessRow(subject.row, people[each].record_id, "candidate" if each in direct else "rival", at)
                for each in chosen
            ]
        capped = frozenset(subjects[place].row for place in first.capped | second.capped)
        return Retrieved(candidates, capped, access)

    def beside(self, record_id: str, count: int) -> list[Candidate]:
        """Up to so many records on each side of one in the order of record ids, without it."""
        place, is_there = self._people.place_of(record_id)
        last = min(place + count + is_there, len(self._people))
        around = self._people.read(range(max(place - count, 0), last))
        return [each for each in around.values() if each.record_id != record_id]

    def reread(self, record_ids: Sequence[str]) -> dict[str, Candidate]:
        """The records of these ids as they stand now, by id."""
        places = [self._people.place_of(each) for each in sorted(set(record_ids))]
        people = self._people.read({place for place, is_there in places if is_there})
        return {each.record_id: each for each in people.values()}
