"""Rules in bulk: fact columns into DuckDB, a verdict per clause and row out.

- Columns are registered as NumPy arrays and typed in SQL, so the engine never guesses a type from a sample.
- Rows are put back by their place: DuckDB promises no order.
- An engine error blocks; it never becomes a verdict (R-02).
- Before it judges for a law, the engine is held against that law's region table.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import duckdb
import numpy as np

from solely.agreement.classes import ColumnRefused
from solely.agreement.clause import Clause
from solely.agreement.document import Law
from solely.agreement.duckdb_sql import facts_read, mask, universe_of, unpack, verdict_sql
from solely.agreement.evaluate import HasExpression, admitted
from solely.agreement.expression import Fact
from solely.agreement.regions import Region, RegionsRefused, probes, region_table
from solely.errors import Blocked

CHUNK = 131_072  # rows of one query: planning it takes as long as running it over 16,384
STAGES = ("request", "match")
_NULL = -(2**63)  # beyond every 32-bit integer, day number and mask
_PLAIN = {"int": int, "bool": bool, "date": date}
_TYPED = {
    "text": 'CAST("{0}" AS VARCHAR)',
    "int": 'CAST(nullif("{0}", {1}) AS INTEGER)',
    "date": "DATE '1970-01-01' + CAST(nullif(\"{0}\", {1}) AS INTEGER)",
    "bool": 'CAST(nullif("{0}", {1}) AS BOOLEAN)',
    "set": 'nullif("{0}", {1})',
}
Verdicts = tuple[bool | None, ...]
Array = np.ndarray[Any, np.dtype[Any]]


class RuleEngine:
    """Judges rows of facts by clauses, a chunk at a time; one thread at a time on one connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def judge(self, clauses: Sequence[HasExpression], columns: Mapping[str, Sequence[Any]]) -> list[Verdicts]:
        """The verdicts of every clause on every row, in the order of the rows.

        A fact without a column is unknown in every row. Raises Blocked `ENGINE_ERROR` for engine trouble and
        for a value of a wrong type.
        """
        if len({len(values) for values in columns.values()}) > 1:
            raise Blocked("ENGINE_ERROR", "fact columns differ in length")
        count = len(next(iter(columns.values()), ()))
        clauses = tuple(clauses)
        if not clauses:
            return [()] * count
        found: list[Verdicts] = []
        for start in range(0, count, CHUNK):
            found += self._judge_chunk(clauses, columns, start, min(count, start + CHUNK))
        return found

    def _judge_chunk(
        self, clauses: tuple[HasExpression, ...], columns: Mapping[str, Sequence[Any]], start: int, end: int
    ) -> list[Verdicts]:
        query, facts, universe = _prepared(clauses)
        try:
            table = {"place": np.arange(end - start, dtype=np.int64)}
            for fact in facts:
                values = columns[fact.name][start:end] if fact.name in columns else [None] * (end - start)
                table[fact.name] = _array(fact, values, universe.get(fact.name, ()))
            self._connection.register("fact_columns", table)
            try:
                answer = self._connection.execute(query).fetchnumpy()
            finally:
                self._connection.unregister("fact_columns")
        except (duckdb.Error, TypeError) as error:
            raise Blocked("ENGINE_ERROR", f"clauses cannot be judged: {type(error).__name__}") from None
        return self._in_order(answer, len(clauses), end - start)

    def _in_order(self, answer: Mapping[str, Array], clause_count: int, row_count: int) -> list[Verdicts]:
        order = np.argsort(answer["place"])
        if len(order) != row_count:
            raise Blocked("ENGINE_ERROR", "the engine returned another number of rows")
        words = [answer[name][order].tolist() for name in answer if name != "place"]
        rows: list[tuple[int, ...]] = list(zip(*words, strict=True))
        known = {row: unpack(row, clause_count) for row in set(rows)}  # few distinct verdicts, many rows
        return [known[row] for row in rows]


def checked_engine(connection: duckdb.DuckDBPyConnection, law: Law) -> RuleEngine:
    """A rule engine that gives the plain evaluator's verdict on every case that a law tells apart (R-02).

    Raises Blocked `ENGINE_ERROR` when it did not: another version of the engine may read a rule otherwise.
    """
    engine = RuleEngine(connection)
    try:
        table = region_table(law)
    except (RegionsRefused, ColumnRefused) as refused:
        raise Blocked("ENGINE_ERROR", f"{refused}; the engine cannot be checked on it") from None
    for stage in STAGES:
        regions = [region for region in table if region.clause.stage == stage]
        _require_agreement(engine, law.clauses(stage), [*regions, *probes(regions)])
    return engine


def _require_agreement(engine: RuleEngine, clauses: Sequence[Clause], regions: Sequence[Region]) -> None:
    names = dict.fromkeys(name for region in regions for name in region.row)
    columns = {name: [region.row.get(name) for region in regions] for name in names}
    places = {(clause.document, clause.id): place for place, clause in enumerate(clauses)}
    judged = engine.judge(clauses, columns)
    for region, verdicts in zip(regions, judged, strict=True):
        clause = region.clause
        if verdicts[places[clause.document, clause.id]] is not region.verdict:
            raise Blocked(
                "ENGINE_ERROR",
                f"clause `{clause.id}` of the {clause.document}: DuckDB {duckdb.__version__} reads it "
                "otherwise than the plain evaluator; nothing is judged until the pinned version is installed",
            )


@lru_cache(maxsize=64)
def _prepared(
    clauses: tuple[HasExpression, ...],
) -> tuple[str, tuple[Fact, ...], Mapping[str, tuple[str, ...]]]:
    facts = facts_read(clauses)
    typed = [f'{_TYPED[fact.type].format(fact.name, _NULL)} AS "{fact.name}"' for fact in facts]
    source = f"SELECT {', '.join(['place', *typed])} FROM fact_columns"  # noqa: S608 -- names of declared facts only
    return f"WITH facts AS ({source}) {verdict_sql(clauses)}", facts, universe_of(clauses)


def _array(fact: Fact, values: Sequence[Any], names: Sequence[str]) -> Array:
    if fact.type == "text":
        return _text_array(values)
    found = set(map(type, values))
    # Types first: `True == 1`, so a set of values alone would let one pass for the other.
    if fact.type != "set" and found & {bool, int, float, datetime} - {_PLAIN[fact.type]}:
        raise TypeError(f"a fact of type `{fact.type}` has values of another type")
    known = {each: _number(fact, admitted(fact.type, each), names) for each in set(values)}
    return np.fromiter(map(known.__getitem__, values), np.int64, len(values))


def _number(fact: Fact, value: Any, names: Sequence[str]) -> int:
    if value is None:
        return _NULL
    if fact.type == "set":
        return mask(value, names)
    return value.toordinal() - _EPOCH if fact.type == "date" else int(value)


def _text_array(values: Sequence[Any]) -> Array:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    try:
        "".join(filter(None, values)).encode()
    except UnicodeEncodeError:  # a lone surrogate is no text: unknown, as in the plain evaluator
        array[:] = [admitted("text", each) for each in values]
    return array


_EPOCH = 719_163  # the proleptic Gregorian ordinal of 1970-01-01
