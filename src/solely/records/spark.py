"""Records on a Spark cluster: searched in Spark SQL over Parquet, judged by the kernel in its executors.

- The driver holds the ordinals that a chunk reaches; whole persons travel from the table of people to the
  kernel in the executors and nowhere else. What comes back are identifications, and the ids for the access
  journal.
- Key hashes are made by `matching.keys`, as for every engine. The plan is that of `indexed`, step by step,
  and so are the walk over rivals and the kernel: a property test holds both and the reference engine equal.
- An executor with another build of this program blocks the batch.
"""

import json
import pickle
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from solely import __version__
from solely.errors import Blocked
from solely.matching.identify import MATCHER_VERSION
from solely.matching.keys import Key, subject_keys
from solely.matching.names import NameStatistics
from solely.model import Candidate, Identification, MatchingPolicy, Subject
from solely.records.base import AccessRow, Searched
from solely.records.indexed import Found, IndexedRecords
from solely.records.kernel import identified
from solely.records.key_array import Array
from solely.records.parquet import write_tables
from solely.records.people import person_of
from solely.records.walk import walk_keys
from solely.store.spark import trouble_of

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import DataFrame, SparkSession

BUILD: Final = f"solely {__version__}, matcher {MATCHER_VERSION}"
Row = tuple[Any, ...]
# By place: the ordinals found, and whether the request's own keys reach each.
Reached = Mapping[int, Mapping[int, bool]]

# One row per key that somebody has: how many have it, and who, unless they are more than the cap.
PROBE: Final = """
SELECT hash, count(*) AS size, CASE WHEN count(*) <= {cap} THEN collect_list(ordinal) END AS ordinals
FROM (SELECT /*+ BROADCAST(asked) */ keys.hash, keys.ordinal
      FROM {keys} AS keys JOIN {asked} AS asked ON keys.hash = asked.hash)
GROUP BY hash
"""
# Each subject beside everybody who was found for it, whole.
GATHER: Final = """
WITH wanted AS (SELECT DISTINCT ordinal FROM {reached}),
found AS (
    SELECT /*+ BROADCAST(wanted) */ people.ordinal, people.line
    FROM {people} AS people JOIN wanted ON people.ordinal = wanted.ordinal),
gathered AS (
    SELECT reached.place, collect_list(struct(found.ordinal, reached.is_direct, found.line)) AS people
    FROM {reached} AS reached JOIN found ON reached.ordinal = found.ordinal GROUP BY reached.place)
SELECT asked.place, asked.subject, asked.is_capped, gathered.people
FROM {asked} AS asked LEFT JOIN gathered ON asked.place = gathered.place
"""


class SparkRecords(IndexedRecords):
    """The records of one index, searched by a cluster that sees the folder `tables` under the same path."""

    def __init__(self, folder: Path, block_records_max: int, session: "SparkSession", tables: Path) -> None:
        super().__init__(folder, block_records_max=block_records_max)
        self._session = session
        with trouble_of("the index cannot be handed to Spark"):
            write_tables(self._index.folder, tables)
            read = session.read.parquet
            where = tables.resolve().as_uri()
            self._people_table = read(f"{where}/people-*.parquet")
            self._key_table = read(f"{where}/keys-*.parquet")

    @cached_property
    def _known_names(self) -> "Broadcast[bytes]":
        # Packed here: with encryption on, Spark cannot write a large array that it packs itself.
        return self._session.sparkContext.broadcast(pickle.dumps(self.names, pickle.HIGHEST_PROTOCOL))

    def search(self, subjects: Sequence[Subject], policy: MatchingPolicy, at: datetime) -> Searched:
        """Who each of `subjects` is, or why nobody is; each record read is an access row.

        The plan: 0 probe with the requests' keys; 1 gather whom they reach, and take the names found at the
        requests' doors; 2 probe again with those; 3 gather everybody, and judge.
        """
        with trouble_of("the records cannot be searched"):
            first = self._probe({place: subject_keys(each) for place, each in enumerate(subjects)})  # 0
            walk = self._each(subjects, _reached(first), frozenset(), walked)  # 1
            second = self._probe({place: keys for place, keys in walk if keys})  # 2
            judge = partial(judged, self._known_names, policy)
            answers = self._each(subjects, _reached(second, first), first.capped | second.capped, judge)  # 3
        if len(answers) != len(subjects) or any(each.build != BUILD for each in answers):
            raise Blocked("ENGINE_ERROR", f"an executor runs another build than `{BUILD}`")
        answers.sort(key=lambda each: each.place)
        access = [
            AccessRow(each.found.row, record_id, "candidate" if is_direct else "rival", at)
            for each in answers
            for record_id, is_direct in each.read
        ]
        return Searched({each.found.row: each.found for each in answers}, access)

    def _blocks(self, hashes: Array) -> Iterator[tuple[int, Array]]:
        """As `KeyArray.blocks`, from the key table; of a block above the cap only its size is told."""
        asked = self._frame([(each,) for each in set(hashes.tolist())], "hash BIGINT")
        rows = self._session.sql(
            PROBE, None, keys=self._key_table, asked=asked, cap=self._block_records_max
        ).collect()
        blocks = {row[0]: np.zeros(row[1], np.int64) if row[2] is None else np.array(row[2]) for row in rows}
        for place, each in enumerate(hashes.tolist()):
            if each in blocks:
                yield place, blocks[each]

    def _each(self, subjects: Sequence[Subject], reached: Reached, capped: frozenset[int], work: Any) -> Any:
        """What `work` gives in the executors of each subject with everybody found for it."""
        pairs = [
            (place, ordinal, is_direct)
            for place, people in reached.items()
            for ordinal, is_direct in people.items()
        ]
        packed = [
            (place, pickle.dumps(each, pickle.HIGHEST_PROTOCOL), place in capped)
            for place, each in enumerate(subjects)
        ]
        gathered = self._session.sql(
            GATHER,
            None,
            people=self._people_table,
            reached=self._frame(pairs, "place INT, ordinal BIGINT, is_direct BOOLEAN"),
            asked=self._frame(packed, "place INT, subject BINARY, is_capped BOOLEAN"),
        )
        spread = gathered.repartition(self._session.sparkContext.defaultParallelism)
        return spread.rdd.mapPartitions(work).collect()

    def _frame(self, rows: list[Any], schema: str) -> "DataFrame":
        return self._session.createDataFrame(rows, schema, verifySchema=False)


def _reached(*found: Found) -> Reached:
    """Whom each place reaches; the last of `found` is by the requests' own keys."""
    reached: dict[int, dict[int, bool]] = {}
    for number, each in enumerate(found, 1):
        for place, ordinals in each.ordinals.items():
            reached.setdefault(place, {}).update(dict.fromkeys(ordinals, number == len(found)))
    return reached


# -- in the executors -----------------------------------------------------------------------------------


class Judged(NamedTuple):
    """What comes back of one subject: by which build, who it is, and the ids read, each with whether the
    request's own keys reach it."""

    build: str
    place: int
    found: Identification
    read: Sequence[tuple[str, bool]]


def walked(rows: Iterator[Row]) -> Iterator[tuple[int, tuple[Key, ...]]]:
    """The further keys of each subject of a partition: of family names found at the request's door."""
    for place, packed, _, people in rows:
        subject: Subject = pickle.loads(packed)  # noqa: S301 -- packed by the driver
        yield place, walk_keys(subject, [person for person, _ in _people_of(people)])


def judged(names: "Broadcast[bytes]", policy: MatchingPolicy, rows: Iterator[Row]) -> Iterator[Judged]:
    """The kernel's answer on each subject of a partition."""
    known: tuple[MatchingPolicy, NameStatistics] = policy, pickle.loads(names.value)  # noqa: S301 -- as below
    for place, packed, is_capped, people in rows:
        subject: Subject = pickle.loads(packed)  # noqa: S301 -- packed by the driver
        found = _people_of(people)
        answer = identified(subject, [person for person, _ in found], known, is_capped)
        yield Judged(BUILD, place, answer, [(person.record_id, direct) for person, direct in found])


def _people_of(people: Sequence[Row] | None) -> list[tuple[Candidate, bool]]:
    """The persons gathered for one subject, by ordinal."""
    return [(person_of(json.loads(line)), is_direct) for _, is_direct, line in sorted(people or ())]
