"""Rules on a Spark cluster: fact columns in, a verdict per clause and row out; the peer of `rule_engine`.

- Facts travel as texts and whole numbers, and are typed in SQL, so that Spark never guesses a type.
- Rows are put back by their place: no engine promises an order.
- Trouble of the cluster blocks; it never becomes a verdict (R-02).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from solely.agreement.duckdb_sql import facts_read, mask, universe_of, unpack
from solely.agreement.evaluate import HasExpression, admitted
from solely.agreement.expression import Fact
from solely.agreement.spark_sql import verdict_sql
from solely.errors import Blocked
from solely.store.rule_engine import EPOCH, Verdicts
from solely.store.spark import trouble_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SENT = {"text": "STRING", "int": "INT", "date": "INT", "bool": "BOOLEAN", "set": "BIGINT"}


class SparkRuleEngine:
    """Judges rows of facts by clauses on a cluster."""

    def __init__(self, session: "SparkSession") -> None:
        self._session = session
        self.name = f"Spark {session.version}"

    def judge(self, clauses: Sequence[HasExpression], columns: Mapping[str, Sequence[Any]]) -> list[Verdicts]:
        """The verdicts of every clause on every row, in the order of the rows.

        A fact without a column is unknown in every row. Raises Blocked `ENGINE_ERROR` for trouble of the
        cluster and for a value of a wrong type.
        """
        if len({len(values) for values in columns.values()}) > 1:
            raise Blocked("ENGINE_ERROR", "fact columns differ in length")
        count = len(next(iter(columns.values()), ()))
        clauses = tuple(clauses)
        if not clauses or not count:
            return [()] * count
        query, facts, universe = _prepared(clauses)
        try:
            sent = [_sent(fact, columns.get(fact.name), count, universe.get(fact.name, ())) for fact in facts]
        except TypeError as error:
            raise Blocked("ENGINE_ERROR", f"clauses cannot be judged: {type(error).__name__}") from None
        with trouble_of("clauses cannot be judged"):
            schema = ", ".join(["place INT", *(f"`{fact.name}` {_SENT[fact.type]}" for fact in facts)])
            rows = list(zip(range(count), *sent, strict=True))
            frame = self._session.createDataFrame(rows, schema, verifySchema=False)
            found = self._session.sql(query, fact_columns=frame).collect()
        words = {row[0]: tuple(row[1:]) for row in found}
        if len(found) != count or words.keys() != set(range(count)):
            raise Blocked("ENGINE_ERROR", "the engine returned another number of rows")
        distinct = list(set(words.values()))
        known = dict(zip(distinct, unpack(list(np.array(distinct).T), len(clauses)), strict=True))
        return [known[words[place]] for place in range(count)]


@lru_cache(maxsize=64)
def _prepared(
    clauses: tuple[HasExpression, ...],
) -> tuple[str, tuple[Fact, ...], Mapping[str, tuple[str, ...]]]:
    facts = facts_read(clauses)
    typed = [
        f"date_add(DATE '1970-01-01', `{fact.name}`) AS `{fact.name}`"
        if fact.type == "date"
        else f"`{fact.name}`"
        for fact in facts
    ]
    source = f"SELECT {', '.join(['place', *typed])} FROM {{fact_columns}}"  # noqa: S608 -- names of declared facts only
    rules = verdict_sql(clauses).replace("{", "{{").replace("}", "}}")
    return f"WITH facts AS ({source}) {rules}", facts, universe_of(clauses)


def _sent(fact: Fact, values: Sequence[Any] | None, count: int, names: Sequence[str]) -> list[Any]:
    if values is None:
        return [None] * count
    if any(type(each) is datetime for each in values):
        raise TypeError("a date has no time of day")
    # By type and value: `True == 1`, so a set of values alone would let one pass for the other.
    known = {(type(each), each): _plain(fact, admitted(fact.type, each), names) for each in values}
    return [known[type(each), each] for each in values]


def _plain(fact: Fact, value: Any, names: Sequence[str]) -> Any:
    if value is None:
        return None
    if fact.type == "set":
        return mask(value, names)
    return value.toordinal() - EPOCH if fact.type == "date" else value
