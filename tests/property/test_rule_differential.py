"""DuckDB and the plain evaluator on hostile rows, from a seed; and what a wrong back end would look like."""

import time
from inspect import getsource
from random import Random
from types import ModuleType

import pytest

from solely.agreement import duckdb_sql
from solely.agreement.evaluate import verdicts
from solely.errors import Blocked
from solely.store import rule_engine
from solely.store.engine import open_engine
from solely.store.rule_engine import RuleEngine
from tests.support.campaign import tell
from tests.support.law import shipped_laws
from tests.support.random_rules import FACTS, hostile_columns, named_values, random_clause

SEED = 20261125


def differing(engine, clauses, columns):
    """How many verdicts the two gave, and the places (row, clause) at which they differ."""
    count = len(next(iter(columns.values())))
    rows = ({name: values[place] for name, values in columns.items()} for place in range(count))
    wrong = [
        (place, number)
        for place, (row, judged) in enumerate(zip(rows, engine.judge(clauses, columns), strict=True))
        for number, (one, other) in enumerate(zip(verdicts(clauses, row), judged, strict=True))
        if one is not other
    ]
    return count * len(clauses), wrong


def of_shipped_laws(draw, rows):
    """For each shipped law and stage: its clauses, and hostile columns for them."""
    for law in shipped_laws():
        for stage in ("request", "match"):
            clauses = law.clauses(stage)
            types = {fact.name: fact.type for fact in law.statute.facts if fact.stage == stage}
            if clauses:
                yield clauses, hostile_columns(draw, types, named_values(clauses), rows)


def of_random_clauses(draw, rows, count=40):
    clauses = tuple(random_clause(draw) for _ in range(count))
    return clauses, hostile_columns(draw, FACTS, named_values(clauses), rows)


@pytest.fixture(scope="module")
def engine():
    return RuleEngine(open_engine(None))


@pytest.mark.rule("R-02")
def test_on_hostile_rows_both_give_every_clause_of_every_law_one_verdict(engine):
    draw = Random(SEED)
    worlds = [*of_shipped_laws(draw, 1_000), *(of_random_clauses(draw, 400) for _ in range(4))]
    found = [differing(engine, *world) for world in worlds]
    assert [wrong for _, wrong in found if wrong] == []
    assert sum(count for count, _ in found) > 100_000


@pytest.mark.campaign
@pytest.mark.rule("R-02")
def test_fifteen_million_verdicts_agree(engine):
    draw, started = Random(SEED), time.process_time()
    told = {"shipped": 0, "random": 0}
    wrong = 0
    while sum(told.values()) < 15_000_000:
        shipped = [differing(engine, *world) for world in of_shipped_laws(draw, 8_000)]
        drawn = [differing(engine, *of_random_clauses(draw, 1_500)) for _ in range(4)]
        told["shipped"] += sum(count for count, _ in shipped)
        told["random"] += sum(count for count, _ in drawn)
        wrong += sum(len(each) for _, each in (*shipped, *drawn))
    tell("verdicts", seed=SEED, **told, mismatches=wrong, cpu_seconds=round(time.process_time() - started))
    assert wrong == 0


# -- back ends with one mistake each ------------------------------------------------------------------

MUTANTS = {
    "`not` takes unknown for false": (
        '(NOT {expression_sql(part, universe)})', '(NOT coalesce({expression_sql(part, universe)}, false))'),
    "`<>` takes a missing value for another": (
        '({_term(left)} {sign} {_term(right)})',
        "({_term(left)} {'IS DISTINCT FROM' if sign == '<>' else sign} {_term(right)})"),
    "`<=` leaves its end out": (
        '({_term(left)} {sign} {_term(right)})',
        "({_term(left)} {'<' if sign == '<=' else sign} {_term(right)})"),
    "`between` leaves its ends out": (
        '({_term(term)} BETWEEN {_term(low)} AND {_term(high)})',
        '({_term(term)} > {_term(low)} AND {_term(term)} < {_term(high)})'),
    "`matches` finds a part of the text": ("regexp_full_match(", "regexp_matches("),
    "`matches` ignores case": (
        "regexp_full_match({column}, {_text(pattern)})",
        "regexp_full_match({column}, {_text(pattern)}, 'i')"),
    "`filled` trims": ("regexp_matches({column}, {_text(f'[^{BLANKS}]')})", "trim({column}) <> ''"),
    "`in` takes a missing value for one outside": (
        '({column} IN ({\', \'.join(_term(each) for each in values)}))',
        'coalesce({column} IN ({\', \'.join(_term(each) for each in values)}), false)'),
    "`within` forgets the first name": ("for each in names.values)}))", "for each in names.values[1:])}))"),
    "`subset_of` admits the empty set": ("({column} <> 0 AND ({column}", "(({column}"),
    "`subset_of` overlooks names outside every list": ('mask((*known, ""), known)', "mask(known, known)"),
    "a date moves the other way": ("+ ({term.offset})", "- ({term.offset})"),
    "true is written false": ('"true" if value else "false"', '"false" if value else "true"'),
    "a bool is written as a number of its own": ('"true" if value else "false"', '"2 = 1" if value else "0"'),
    "`is not null` holds always": ("({_term(fact)} IS NOT NULL)", "({_term(fact)} IS NOT NULL OR true)"),
    "`or` is read as `and`": ("' OR '.join", "' AND '.join"),
    "unknown is given as false": (
        "{expression_sql(each, universe)} AS", "coalesce({expression_sql(each, universe)}, false) AS"),
    "unknown is given as true": (
        "{expression_sql(each, universe)} AS", "coalesce({expression_sql(each, universe)}, true) AS"),
    "a pattern is not tried": ("THEN true ELSE {either} END", "THEN true ELSE false END"),
    "a quote inside a text is lost": ("""value.replace("'", "''")""", """value.replace("'", "")"""),
}  # fmt: skip


def with_mistake(old, new):
    """The back end as a module of its own, with one piece of its source replaced."""
    source = getsource(duckdb_sql)
    assert old in source, old
    module = ModuleType("duckdb_sql_with_a_mistake")
    exec(compile(source.replace(old, new), "mistake", "exec"), module.__dict__)  # noqa: S102 -- our own source
    return module


@pytest.mark.rule("R-02")
@pytest.mark.parametrize("mistake", MUTANTS)
def test_a_back_end_with_a_mistake_is_noticed(engine, monkeypatch, mistake):
    monkeypatch.setattr(rule_engine, "verdict_sql", with_mistake(*MUTANTS[mistake]).verdict_sql)
    rule_engine._prepared.cache_clear()
    try:
        assert is_noticed(engine)
    finally:
        rule_engine._prepared.cache_clear()


def is_noticed(engine):
    draw = Random(SEED)
    try:
        return any(differing(engine, *of_random_clauses(draw, 200))[1] for _ in range(8))
    except Blocked:
        return True
