"""Rules in bulk: fact columns into DuckDB, a verdict per clause and row out.

- A clause reads few facts, and a batch repeats itself: one row stands for all that have the same values of
  the facts that a clause reads. Where hardly two rows agree, every row is judged.
- Columns are registered as NumPy arrays and typed in SQL, so the engine never guesses a type from a sample.
- Rows are put back by their place: DuckDB promises no order.
- An engine error blocks; it never becomes a verdict (R-02).
- Before it judges for a law, the engine is held against that law's region table.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple, Protocol, TypeVar

import duckdb
import numpy as np

from solely.agreement.classes import ColumnRefused
from solely.agreement.clause import Clause
from solely.agreement.column import Column
from solely.agreement.document import Law
from solely.agreement.duckdb_sql import (
    CLAUSES_PER_WORD,
    facts_read,
    mask,
    universe_of,
    unpack,
    verdict_sql,
)
from solely.agreement.evaluate import HasExpression, admitted
from solely.agreement.expression import Fact, Type
from solely.agreement.regions import Region, RegionsRefused, probes, region_table
from solely.errors import Blocked

STAGES = ("request", "match")
_ALIKE_MIN = 4  # a row stands for as many others at the least, on average, or every row is judged
_KEYS_PER_ROW_MAX = 8  # a table of combined values may be as much longer than the rows that it is for
_FEW = 64
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
        """The words of verdicts of every row: 31 clauses each, as `verdict_sql` says."""
        universe = universe_of(clauses)
        facts: dict[str, Column] = {}
        for fact in facts_read(clauses):
            stated = columns[fact.name] if fact.name in columns else Column.constant(None, count)
            column = Column.of(stated)
            facts[fact.name] = Column(_array(fact, column.values, universe.get(fact.name, ())), column.places)
        groups: dict[tuple[str, ...], list[int]] = {}
        for place, clause in enumerate(clauses):
            groups.setdefault(tuple(fact.name for fact in facts_read([clause])), []).append(place)
        alike = {names: _alike([facts[name] for name in names], count) for names in groups}
        alone = [place for names, places in groups.items() if alike[names] is None for place in places]
        words = self._judged(clauses, alone, facts, np.arange(count))
        shared = {tuple(groups[names]): each for names, each in alike.items() if each is not None}
        if shared:
            standing = np.unique(np.concatenate([each.rows for each in shared.values()]))
            together = [place for places in shared for place in places]
            found = self._judged(clauses, together, facts, standing)
            for places, each in shared.items():
                _spread(found, words, places, each, np.searchsorted(standing, each.rows))
        return words

    def _judged(
        self,
        clauses: tuple[HasExpression, ...],
        chosen: Sequence[int],
        facts: Mapping[str, Column],
        rows: Array,
    ) -> list[Array]:
        """The words of these rows, with the bits of the chosen clauses only."""
        size = -(-len(clauses) // CLAUSES_PER_WORD)
        if not chosen:
            return [np.zeros(len(rows), np.int64) for _ in range(size)]
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
        words = [np.empty(len(rows), np.int64) for _ in range(size)]
        for word, found in zip(words, answer.values(), strict=True):
            word[places] = found
        return words


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


def _spread(
    found: Sequence[Array], words: Sequence[Array], places: Collection[int], alike: _Alike, standing: Array
) -> None:
    """Put the verdicts of the clauses at `places`, known of the rows that stand for others, into all rows."""
    for number, (judged, word) in enumerate(zip(found, words, strict=True)):
        bits = sum(
            3 << 2 * (each % CLAUSES_PER_WORD) for each in places if each // CLAUSES_PER_WORD == number
        )
        if bits:
            table = np.zeros(int(alike.keys[-1]) + 1, np.int64)
            table[alike.keys] = judged[standing] & bits
            np.bitwise_or(word, table[alike.key], out=word)


def _unpacked(words: Sequence[Array], clause_count: int) -> Column:
    """The words of each row as verdicts; few rows of a batch differ in them."""
    is_met = np.ones(len(words[0]), bool)
    for number, word in enumerate(words):
        count = min(CLAUSES_PER_WORD, clause_count - number * CLAUSES_PER_WORD)
        is_met &= word == (4**count - 1) // 3  # the lower bit of each pair
    others = np.flatnonzero(~is_met)
    known: dict[tuple[int, ...], int] = {}
    rows = zip(*(word[others].tolist() for word in words), strict=True)
    places = np.zeros(len(is_met), np.int32)
    places[others] = [known.setdefault(row, len(known) + 1) for row in rows]
    return Column([(True,) * clause_count, *(unpack(row, clause_count) for row in known)], places)


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
def _prepared(clauses: tuple[HasExpression, ...], chosen: tuple[int, ...]) -> tuple[str, tuple[str, ...]]:
    """The query for the chosen clauses, and the names of the facts that they read."""
    facts = facts_read([clauses[place] for place in chosen])
    typed = [f'{_TYPED[fact.type].format(fact.name, _NULL)} AS "{fact.name}"' for fact in facts]
    source = f"SELECT {', '.join(['place', *typed])} FROM fact_columns"  # noqa: S608 -- names of declared facts only
    query = f"WITH facts AS ({source}) {verdict_sql(clauses, chosen=chosen)}"
    return query, tuple(fact.name for fact in facts)


def _array(fact: Fact, values: Sequence[Any], names: tuple[str, ...]) -> Array:
    if fact.type == "text":
        return _text_array(values)
    return np.array([_number(fact.type, each, names) for each in values], np.int64)


@lru_cache(maxsize=2**16, typed=True)
def _number(kind: Type, value: Any, names: tuple[str, ...]) -> int:
    value = admitted(kind, value)
    if value is None:
        return _NULL
    if kind == "set":
        return mask(value, names)
    return int(value.toordinal() - _EPOCH) if kind == "date" else int(value)


def _text_array(values: Sequence[Any]) -> Array:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    try:
        "".join(filter(None, values)).encode()
    except UnicodeEncodeError:  # a lone surrogate is no text: unknown, as in the plain evaluator
        array[:] = [admitted("text", each) for each in values]
    return array


_EPOCH = 719_163  # the proleptic Gregorian ordinal of 1970-01-01
