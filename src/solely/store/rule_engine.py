"""Rules in bulk: fact columns into DuckDB, a verdict per clause and row out.

- A clause reads few facts, and a batch repeats itself: one row stands for all that have the same values of
  the facts that a clause reads. Where hardly two rows agree, every row is judged.
- Columns are registered as NumPy arrays and typed in SQL, so the engine never guesses a type from a sample.
- Rows are put back by their place: DuckDB promises no order.
- An engine error blocks; it never becomes a verdict (R-02).
- Before it judges for a law, the engine is held against that law's region table.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from math import prod
from types import NoneType
from typing import Any, NamedTuple, Protocol, TypeVar

import duckdb
import numpy as np

from solely.agreement.classes import ColumnRefused
from solely.agreement.clause import Clause
from solely.agreement.column import Column
from solely.agreement.document import Law
from solely.agreement.duckdb_sql import (
    CLAUSES_PER_WORD,
    Universe,
    facts_read,
    mask,
    pack,
    universe_of,
    unpack,
    verdict_sql,
)
from solely.agreement.evaluate import HasExpression, admitted
from solely.agreement.expression import EARLIEST, LATEST, Fact
from solely.agreement.regions import Region, RegionsRefused, probes, region_table
from solely.errors import Blocked

STAGES = ("request", "match")
_ALIKE_MIN = 4  # a row stands for as many others at the least, on average, or every row is judged
_KEYS_PER_ROW_MAX = 8  # a table of combined values may be as much longer than the rows that it is for
_FEW = 64
_UNKNOWN = 2
EPOCH = date(1970, 1, 1).toordinal()
_NULL = -(2**63)  # beyond every 32-bit integer, day number and mask
_TYPED = {
    "text": 'CAST("{0}" AS VARCHAR)',
    "int": 'CAST(nullif("{0}", {1}) AS INTEGER)',
    "date": "DATE '1970-01-01' + CAST(nullif(\"{0}\", {1}) AS INTEGER)",
    "bool": 'CAST(nullif("{0}", {1}) AS BOOLEAN)',
    "set": 'nullif("{0}", {1})',
}
Verdicts = tuple[bool | None, ...]
Array = np.ndarray[Any, np.dtype[Any]]


class _Alike(NamedTuple):
    """Rows that have the same values of some facts: `key` numbers their values together, row by row; of
    each number in `keys` the row at `rows` stands for the others."""

    key: Array
    keys: Array
    rows: Array


class _Reading(NamedTuple):
    """What some clauses read: facts, the bits of their sets, and which clauses read the same facts."""

    facts: tuple[Fact, ...]
    universe: Universe
    groups: Mapping[tuple[str, ...], Sequence[int]]


class RuleEngine:
    """Judges rows of facts by clauses, a chunk at a time; one thread at a time on one connection."""

    name = f"DuckDB {duckdb.__version__}"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def judge(self, clauses: Sequence[HasExpression], columns: Mapping[str, Sequence[Any]]) -> Column:
        """The verdicts of every clause on every row, in the order of the rows, each tuple of them once.

        A fact without a column is unknown in every row. Raises Blocked `ENGINE_ERROR` for engine trouble and
        for a value of a wrong type.
        """
        if len({len(values) for values in columns.values()}) > 1:
            raise Blocked("ENGINE_ERROR", "fact columns differ in length")
        count = len(next(iter(columns.values()), ()))
        clauses = tuple(clauses)
        if not clauses or not count:
            return Column.constant((), count)
        try:
            words = self._words(clauses, columns, count)
        except (duckdb.Error, TypeError) as error:
            raise Blocked("ENGINE_ERROR", f"clauses cannot be judged: {type(error).__name__}") from None
        return _unpacked(words, len(clauses))

    def _words(
        self, clauses: tuple[HasExpression, ...], columns: Mapping[str, Sequence[Any]], count: int
    ) -> list[Array]:
        """The words of verdicts of every row: 31 clauses each, as `pack` says."""
        reading = _reading(clauses)
        facts = _facts(reading, columns, count)
        alike = {names: _alike([facts[name] for name in names], count) for names in reading.groups}
        shared = {names: each for names, each in alike.items() if each is not None}
        together = [place for names in shared for place in reading.groups[names]]
        alone = [place for place in range(len(clauses)) if place not in together]
        words = [np.zeros(count, np.int64) for _ in range(-(-len(clauses) // CLAUSES_PER_WORD))]
        for number, word in pack(self._judged(clauses, alone, facts, np.arange(count))).items():
            words[number] = word
        standing = np.unique(np.concatenate([each.rows for each in shared.values()] or [np.arange(0)]))
        found = self._judged(clauses, together, facts, standing)
        for names, each in shared.items():
            at = np.searchsorted(standing, each.rows)
            _spread(pack({place: found[place][at] for place in reading.groups[names]}), each, words)
        return words

    def _judged(
        self,
        clauses: tuple[HasExpression, ...],
        chosen: Sequence[int],
        facts: Mapping[str, Column],
        rows: Array,
    ) -> dict[int, Array]:
        """The verdicts of the chosen clauses on these rows, by the clause's place, as `pack` takes them."""
        if not chosen:
            return {}
        query, read = _prepared(clauses, tuple(chosen))
        table = {name: facts[name].values[facts[name].places[rows]] for name in read}
        table["place"] = np.arange(len(rows), dtype=np.int64)
        self._connection.register("fact_columns", table)
        try:
            answer = self._connection.execute(query).fetchnumpy()
        finally:
            self._connection.unregister("fact_columns")
        places = answer.pop("place")
        if len(places) != len(rows) or not np.bincount(places, minlength=len(rows)).all():
            raise Blocked("ENGINE_ERROR", "the engine returned other rows")
        verdicts = {}
        for place, found in zip(chosen, answer.values(), strict=True):
            verdicts[place] = verdict = np.empty(len(rows), np.uint8)
            verdict[places] = np.ma.filled(found.astype(np.uint8), _UNKNOWN)
        return verdicts


def _alike(columns: Sequence[Column], count: int) -> _Alike | None:
    """Which row stands for which, as these columns have it; None where hardly two rows agree."""
    size = prod(len(column.values) for column in columns)
    if size > _KEYS_PER_ROW_MAX * count + _FEW:
        return None
    key: Array = np.zeros(count, np.intp)
    for column in columns:
        key = key * len(column.values) + column.places
    rows = np.full(size, -1, np.intp)
    rows[key] = np.arange(count)
    keys = np.flatnonzero(rows >= 0)
    return _Alike(key, keys, rows[keys]) if _ALIKE_MIN * len(keys) <= count else None


def _spread(found: Mapping[int, Array], alike: _Alike, words: Sequence[Array]) -> None:
    """Put the words known of the rows that stand for others into all rows, beside what is there."""
    for number, word in found.items():
        table = np.zeros(int(alike.keys[-1]) + 1, np.int64)
        table[alike.keys] = word
        np.bitwise_or(words[number], table[alike.key], out=words[number])


def _unpacked(words: Sequence[Array], clause_count: int) -> Column:
    """The words of each row as verdicts; few rows of a batch differ in them."""
    is_met = np.ones(len(words[0]), bool)
    for number, word in enumerate(words):
        count = min(CLAUSES_PER_WORD, clause_count - number * CLAUSES_PER_WORD)
        is_met &= word == (4**count - 1) // 3  # the lower bit of each pair
    others = np.flatnonzero(~is_met)
    rows = key = np.zeros(len(others), np.intp)
    for word in words:
        _, found = np.unique(word[others], return_inverse=True)
        _, rows, key = np.unique(key * len(others) + found, return_index=True, return_inverse=True)
    places = np.zeros(len(is_met), np.int32)
    places[others] = key + 1
    told = unpack([word[others[rows]] for word in words], clause_count)
    return Column([(True,) * clause_count, *told], places)


class Judging(Protocol):
    """An engine that rules in bulk; `name` says which, and its version."""

    name: str

    def judge(  # noqa: D102
        self, clauses: Sequence[Clause], columns: Mapping[str, Sequence[Any]]
    ) -> Sequence[Verdicts]: ...


Engine = TypeVar("Engine", bound=Judging)


def checked_engine(connection: duckdb.DuckDBPyConnection, law: Law) -> RuleEngine:
    """A rule engine on DuckDB that `checked` has held against the law."""
    return checked(RuleEngine(connection), law)


def checked(engine: Engine, law: Law) -> Engine:
    """The engine, once it gave the plain evaluator's verdict on every case that a law tells apart (R-02).

    Raises Blocked `ENGINE_ERROR` when it did not: another version of the engine may read a rule otherwise.
    """
    try:
        table = region_table(law)
    except (RegionsRefused, ColumnRefused) as refused:
        raise Blocked("ENGINE_ERROR", f"{refused}; the engine cannot be checked on it") from None
    for stage in STAGES:
        regions = [region for region in table if region.clause.stage == stage]
        _require_agreement(engine, law.clauses(stage), [*regions, *probes(regions)])
    return engine


def _require_agreement(engine: Judging, clauses: Sequence[Clause], regions: Sequence[Region]) -> None:
    names = dict.fromkeys(name for region in regions for name in region.row)
    columns = {name: [region.row.get(name) for region in regions] for name in names}
    places = {(clause.document, clause.id): place for place, clause in enumerate(clauses)}
    judged = engine.judge(clauses, columns)
    for region, verdicts in zip(regions, judged, strict=True):
        clause = region.clause
        if verdicts[places[clause.document, clause.id]] is not region.verdict:
            raise Blocked(
                "ENGINE_ERROR",
                f"clause `{clause.id}` of the {clause.document}: {engine.name} reads it "
                "otherwise than the plain evaluator; nothing is judged until the pinned version is installed",
            )


@lru_cache(maxsize=64)
def _reading(clauses: tuple[HasExpression, ...]) -> _Reading:
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, clause in enumerate(clauses):
        groups.setdefault(tuple(fact.name for fact in facts_read([clause])), []).append(place)
    return _Reading(facts_read(clauses), universe_of(clauses), groups)


@lru_cache(maxsize=64)
def _prepared(clauses: tuple[HasExpression, ...], chosen: tuple[int, ...]) -> tuple[str, tuple[str, ...]]:
    """The query for the chosen clauses, and the names of the facts that they read."""
    facts = facts_read([clauses[place] for place in chosen])
    typed = [f'{_TYPED[fact.type].format(fact.name, _NULL)} AS "{fact.name}"' for fact in facts]
    source = f"SELECT {', '.join(['place', *typed])} FROM fact_columns"  # noqa: S608 -- names of declared facts only
    judged = verdict_sql([clauses[place].expression for place in chosen], _reading(clauses).universe)
    return f"WITH facts AS ({source}) {judged}", tuple(fact.name for fact in facts)


def _facts(reading: _Reading, columns: Mapping[str, Sequence[Any]], count: int) -> dict[str, Column]:
    """The columns of the facts that are read, with values as the engine takes them."""
    stated = {fact: Column.of(columns.get(fact.name, Column.constant(None, count))) for fact in reading.facts}
    return {
        fact.name: Column(_array(fact, column.values, reading.universe.get(fact.name, ())), column.places)
        for fact, column in stated.items()
    }


def _array(fact: Fact, values: Sequence[Any], names: tuple[str, ...]) -> Array:
    """The values as the engine takes them: texts as objects, all others as numbers, those of `_TYPED`."""
    if fact.type == "text":
        return _text_array(values)
    if fact.type == "date":
        return _date_array(values)
    known = [admitted(fact.type, each) for each in values]
    if fact.type == "set":
        known = [each if each is None else mask(each, names) for each in known]
    return np.array([_NULL if each is None else each for each in known], np.int64)


def _date_array(values: Sequence[Any]) -> Array:
    if {*map(type, values)} - {date, NoneType}:
        raise TypeError("a fact of type `date` got another")
    days = np.array([_NULL if each is None else each.toordinal() - EPOCH for each in values], np.int64)
    days[(days < EARLIEST.toordinal() - EPOCH) | (days > LATEST.toordinal() - EPOCH)] = _NULL
    return days


def _text_array(values: Sequence[Any]) -> Array:
    array = np.array(values, object)
    text = "".join([each for each in values if each is not None])
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError:  # a lone surrogate is no text: unknown, as in the plain evaluator
        array[:] = [admitted("text", each) for each in values]
    return array
