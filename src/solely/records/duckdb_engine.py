"""Records through DuckDB: one join of all keys, then everybody found, whole.

- All kinds of keys stand in one table of hashes, so one join serves every blocking rule (matching.md 6).
- A block above the agreement's cap is left out; where it could have hidden a second owner or a namesake, or
  every key of an item is capped, the item is marked and abstains.
- The walk over rivals: of everybody found at the request's door, the relatives by name at that door who were
  not found by the request's own spelling.
- Locked down as every engine of the gate: no spill, no download, no file outside the index (stack.md 4).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from solely.matching.keys import GUARDING_KINDS, Key, subject_keys
from solely.matching.names import NameStatistics
from solely.model import Candidate, MatchingPolicy, Subject
from solely.records.access import write_access
from solely.records.base import AccessRow, Retrieved
from solely.records.index import open_index
from solely.records.rows import ADDRESS, PERSON, people_of, read_names
from solely.records.walk import walk_keys
from solely.store.engine import open_engine

BLOCK_RECORDS_MAX = MatchingPolicy().block_records_max


class Found(NamedTuple):
    """What a probe found: the ordinals of each subject's place, and the places that a cap has made unsafe."""

    ordinals: dict[int, set[int]]
    capped: frozenset[int]


class DuckDBRecords:
    """The records of one index, searched by DuckDB."""

    def __init__(
        self, folder: Path, memory_limit: str = "2GB", block_records_max: int = BLOCK_RECORDS_MAX
    ) -> None:
        self._index = open_index(folder)
        self._engine = open_engine(self._index.folder, memory_limit)
        self._block_records_max = block_records_max

    @property
    def as_of(self) -> date:
        """The day that the records show."""
        return self._index.as_of

    @property
    def digest(self) -> str:
        """The SHA-256 that names this index."""
        return self._index.digest

    @cached_property
    def names(self) -> NameStatistics:
        """How many bear each name, and the streets of each ZIP."""
        return read_names(self._engine, self._index)

    def retrieve(self, subjects: Sequence[Subject], at: datetime) -> Retrieved:
        """Everybody who could be, or be taken for, one of `subjects`; each record read is an access row.

        The plan: 0 probe with the requests' keys; 1 gather whom they reach; 2 probe again with the names
        found at the requests' doors; 3 gather the rest; 4 put each subject's people in the order of ids.
        """
        keys = {place: subject_keys(each) for place, each in enumerate(subjects)}
        first = self._probe(keys)  # 0
        people = self._gather(set().union(*first.ordinals.values()))  # 1
        again = {
            place: walk_keys(subjects[place], [people[each] for each in ordinals])
            for place, ordinals in first.ordinals.items()
        }
        second = self._probe({place: more for place, more in again.items() if more})  # 2
        people |= self._gather(set().union(*second.ordinals.values()) - people.keys())  # 3
        return self._retrieved(subjects, (first, second), people, at)  # 4

    def _probe(self, keys: Mapping[int, Sequence[Key]]) -> Found:
        """Whom the keys of each place reach, by one join, without the blocks above the cap."""
        flat = [(place, key) for place, several in keys.items() for key in several]
        if not flat:
            return Found({}, frozenset())
        self._engine.register(
            "probe",
            {
                "place": np.array([place for place, _ in flat], dtype=np.int64),
                "guard": np.array([key.kind in GUARDING_KINDS for _, key in flat], dtype=bool),
                "hash": np.array([key.hash for _, key in flat], dtype=np.int64),
            },
        )
        try:
            rows = self._engine.execute(self._probe_sql()).fetchnumpy()
        finally:
            self._engine.unregister("probe")
        return _found(keys, rows, self._block_records_max)

    def _probe_sql(self) -> str:
        # The block's size comes from the same join; a block above the cap gives one row without a person.
        table = f"read_parquet('{self._index.path('keys.parquet')}')"
        return f"""
            WITH block AS (
                SELECT hash, list(ordinal) AS ordinals FROM {table}
                WHERE hash IN (SELECT hash FROM probe) GROUP BY hash)
            SELECT place, guard, len(ordinals) AS size,
                   unnest(CASE WHEN len(ordinals) > {self._block_records_max} THEN [-1] ELSE ordinals END)
                       AS ordinal
            FROM probe JOIN block USING (hash)
        """  # noqa: S608 -- the path is the gate's own; keys travel as columns

    def _gather(self, ordinals: set[int]) -> dict[int, Candidate]:
        if not ordinals:
            return {}
        self._engine.register("wanted", {"ordinal": np.array(sorted(ordinals), dtype=np.int64)})
        try:
            return people_of(
                self._rows("persons.parquet", PERSON, "ordinal"),
                self._rows("addresses.parquet", ADDRESS, "ordinal, place"),
            )
        finally:
            self._engine.unregister("wanted")

    def _rows(self, name: str, columns: Sequence[str], order: str) -> list[tuple[Any, ...]]:
        return self._engine.execute(
            f"SELECT {', '.join(columns)} FROM read_parquet('{self._index.path(name)}') "  # noqa: S608 -- names and paths of our own
            f"WHERE ordinal IN (SELECT ordinal FROM wanted) ORDER BY {order}"
        ).fetchall()

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

    def reread(self, record_ids: Sequence[str]) -> dict[str, Candidate]:
        """The records of these ids as they stand now, by id."""
        self._engine.register("asked", {"record_id": np.array(list(record_ids), dtype=object)})
        try:
            found = self._engine.execute(
                f"SELECT ordinal FROM read_parquet('{self._index.path('persons.parquet')}') "  # noqa: S608 -- names and paths of our own
                "WHERE record_id IN (SELECT record_id FROM asked)"
            ).fetchall()
        finally:
            self._engine.unregister("asked")
        people = self._gather({row[0] for row in found})
        return {each.record_id: each for each in people.values()}

    def write_access(
        self, path: Path, rows: Sequence[AccessRow], request_ids: Mapping[int, str | None]
    ) -> str:
        """Write the access journal; its SHA-256 comes back."""
        return write_access(path, rows, request_ids)


def _found(keys: Mapping[int, Sequence[Key]], rows: Mapping[str, Any], cap: int) -> Found:
    """The ordinals of each place, and the places whose search a cap has made unsafe."""
    ordinals: dict[int, set[int]] = {}
    over: dict[int, int] = {}
    guarded: set[int] = set()
    columns = (
        rows["place"].tolist(),
        rows["guard"].tolist(),
        rows["size"].tolist(),
        rows["ordinal"].tolist(),
    )
    for place, guard, size, ordinal in zip(*columns, strict=True):
        if size <= cap:
            ordinals.setdefault(place, set()).add(ordinal)
            continue
        over[place] = over.get(place, 0) + 1
        if guard:
            guarded.add(place)
    everywhere = {place for place, count in over.items() if count == len(keys[place])}
    return Found(ordinals, frozenset(guarded | everywhere))
