"""Measures the rule engine on the first law's request clauses, with a verdict per clause; prints JSON.

- `python -m bench.rule_engine [--rows 1280000] [--seed 1] [--sample 2000]`; facts are drawn first.
- In `cpu_seconds`: from fact columns as the facts step hands them on (values, and which of them each row has)
  to a tuple of true, false and unknown for each row, all threads. Beside it: what making such columns from
  plain lists costs. Not in it: drawing the facts, parsing the law.
- `ordinary`: nine requests in ten meet every clause, each with numbers and days of its own, and one in ten is
  scattered; the facts of the whole batch (day and year of receipt, items of that day) are one value.
- `scattered`: every fact of every request drawn by itself, so that hardly two are judged alike.
- Peers judge the same clauses, as `bench/rule_engine_peers.py` translates them, on a sample of the ordinary
  rows in the same run; their figure for all rows is that of the sample, scaled; their verdicts are compared.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from bench.rule_engine_peers import peers
from solely.agreement.clause import Clause
from solely.agreement.column import Column
from solely.agreement.document import FactDeclaration, Law
from solely.agreement.evaluate import verdicts
from solely.agreement.expression import Constant, NamedList, walk
from solely.agreement.ordinary import ordinary_request
from solely.store.engine import open_engine
from solely.store.rule_engine import RuleEngine
from tests.support.law import shipped_laws

CHUNK = 131_072
Columns = dict[str, list[Any]]
_OF_BATCH = ("received_on", "received_year", "items_that_day", "items_percent_of_history")
_TODAY = date(2026, 6, 1)


def drawn(draw: Random, law: Law, count: int, scattered: float) -> Columns:
    """Fact columns of `count` requests; a request is ordinary, or with this chance scattered."""
    facts = [fact for fact in law.statute.facts if fact.stage == "request"]
    ordinary = ordinary_request(law)
    named = {fact.name: _named(law, fact.name) for fact in facts}
    shared = _OF_BATCH if scattered < 1 else ()
    is_scattered = [draw.random() < scattered for _ in range(count)]
    return {
        fact.name: [
            _any_value(draw, fact, named[fact.name])
            if scatter and fact.name not in shared
            else _own_value(draw, fact, ordinary)
            for scatter in is_scattered
        ]
        for fact in facts
    }


def _named(law: Law, name: str) -> list[str]:
    nodes = [
        node for clause in law.clauses("request") if name in clause.facts for node in walk(clause.expression)
    ]
    listed = [value for node in nodes if isinstance(node, NamedList) for value in node.values]
    return listed + [node.value for node in nodes if isinstance(node, Constant) and node.type == "text"]


def _own_value(draw: Random, fact: FactDeclaration, ordinary: Mapping[str, Any]) -> Any:
    value = ordinary.get(fact.name)
    if fact.name in ("case_number", "investigation_id", "reason", "taxpayer_number"):
        return f"N-{draw.randrange(10**9)}"
    return date(1980, 1, 1) + timedelta(draw.randrange(9_000)) if fact.name == "birth_date" else value


def _any_value(draw: Random, fact: FactDeclaration, named: Sequence[str]) -> Any:
    if draw.random() < 0.05:
        return None
    match fact.type:
        case "text":
            return draw.choice(named) if named and draw.random() < 0.9 else f"X-{draw.randrange(10**9)}"
        case "int":
            return draw.randint(0, 60)
        case "date":
            return _TODAY - timedelta(draw.randrange(12_000))
        case "bool":
            return draw.random() < 0.95
    return frozenset(("address",)) if draw.random() < 0.95 else frozenset(("address", "phone"))


def _seconds(work: Callable[[], Any]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def bulk(law: Law, seed: int, rows: int, scattered: float) -> dict[str, float]:
    """CPU seconds of judging all rows, and of making columns from plain lists."""
    clauses, engine = law.clauses("request"), RuleEngine(open_engine(None))
    cpu, made, draw = 0.0, 0.0, Random(seed)
    for start in range(0, rows, CHUNK):
        columns: dict[str, Any] = dict(drawn(draw, law, min(CHUNK, rows - start), scattered))
        made += _seconds(lambda: columns.update({name: Column.of(each) for name, each in columns.items()}))  # noqa: B023 -- called at once
        cpu += _seconds(lambda: list(engine.judge(clauses, columns)))  # noqa: B023 -- called at once
    return {"rows": rows, "cpu_seconds": round(cpu, 2), "columns_from_lists": round(made, 2)}


def measure(rows: int, seed: int, sample: int) -> dict[str, Any]:
    """Every figure of the rule engine."""
    law = shipped_laws()[0]
    clauses = law.clauses("request")
    columns = drawn(Random(seed), law, sample, 0.1)
    facts = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    before = os.getloadavg()[0]
    plain = _seconds(lambda: [verdicts(clauses, row) for row in facts])
    return {
        "law": law.agreement.id,
        "clauses": len(clauses),
        "seed": seed,
        "ordinary": bulk(law, seed, rows, 0.1),
        "scattered": bulk(law, seed, rows // 8, 1.0),
        "plain_evaluator": {"sample": sample, "microseconds_a_request": round(plain / sample * 1e6, 1)},
        "peers": {name: _peer(judge, clauses, facts, rows) for name, judge in peers(law).items()},
        "load_average": [round(before, 2), round(os.getloadavg()[0], 2)],
    }


def _peer(
    judge: Callable[[dict[str, Any]], tuple[bool, ...]] | None,
    clauses: Sequence[Clause],
    facts: Sequence[dict[str, Any]],
    rows: int,
) -> Any:
    if judge is None:
        return "not installed"
    found: list[tuple[bool, ...]] = []
    cpu = _seconds(lambda: found.extend(map(judge, facts)))
    ours = [tuple(verdict is True for verdict in verdicts(clauses, row)) for row in facts]
    return {
        "sample": len(facts),
        "microseconds_a_request": round(cpu / len(facts) * 1e6, 1),
        "cpu_seconds_scaled_to_all_rows": round(cpu / len(facts) * rows, 1),
        "clause_verdicts_other_than_ours": sum(
            one is not other
            for row, mine in zip(found, ours, strict=True)
            for one, other in zip(row, mine, strict=True)
        ),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_280_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=2_000)
    given = parser.parse_args()
    print(json.dumps(measure(given.rows, given.seed, given.sample), indent=2))


if __name__ == "__main__":
    main()
