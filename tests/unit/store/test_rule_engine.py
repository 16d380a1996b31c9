"""Rules in bulk: an engine error or a value of a wrong type blocks and never becomes a verdict."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from solely.agreement import duckdb_sql
from solely.agreement.parser import Names, parse_rule
from solely.errors import Blocked
from solely.store import rule_engine
from solely.store.engine import open_engine
from solely.store.rule_engine import RuleEngine, checked_engine
from tests.support.law import shipped_laws

NAMES = Names(
    {"flag": "bool", "day": "date", "number": "int", "word": "text", "fields": "set"},
    {},
    {"agreed": ("address",)},
)


class Read:
    def __init__(self, rule):
        self.expression = parse_rule(rule, NAMES)


@pytest.fixture
def engine():
    return RuleEngine(open_engine(None))


@pytest.mark.rule("R-02")
@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("flag", 1), ("flag", "true"), ("number > 0", True), ("number > 0", 1.5), ("number > 0", "1"),
        ("day = day", datetime(2025, 4, 7)),
        ("day = day", "2025-04-07"), ("filled(word)", 5), ("filled(word)", b"x"),
        ("filled(word)", 0), ("filled(word)", b""),
        ("subset_of(fields, agreed)", "address"),
    ],
)  # fmt: skip
def test_a_value_of_another_type_blocks(engine, rule, value):
    name = Read(rule).expression and next(iter(key for key in NAMES.facts if key in rule))
    with pytest.raises(Blocked) as caught:
        engine.judge([Read(rule)], {name: [None, value]})
    assert caught.value.codes == ("ENGINE_ERROR",)
    assert str(value) not in str(caught.value) or len(str(value)) < 3


@pytest.mark.rule("R-02")
def test_engine_trouble_blocks():
    connection = open_engine(None)
    engine = RuleEngine(connection)
    connection.close()
    with pytest.raises(Blocked, match="ENGINE_ERROR"):
        engine.judge([Read("flag")], {"flag": [True]})


def test_columns_of_different_lengths_block(engine):
    with pytest.raises(Blocked, match="differ in length"):
        engine.judge([Read("flag")], {"flag": [True], "word": ["a", "b"]})


@pytest.mark.rule("R-02")
def test_a_fact_without_a_column_is_unknown(engine):
    assert engine.judge([Read("flag"), Read("word is not null")], {"day": [date(2025, 4, 7)]}) == [
        (None, False)
    ]


def test_no_rows_and_no_clauses_give_nothing(engine):
    assert engine.judge([Read("flag")], {"flag": []}) == []
    assert engine.judge([Read("flag")], {}) == []
    assert engine.judge([], {"flag": [True, False]}) == [(), ()]


@pytest.mark.rule("R-02")
def test_the_pinned_engine_reads_every_shipped_law_as_the_plain_evaluator_does():
    for law in shipped_laws():
        assert isinstance(checked_engine(open_engine(None), law), RuleEngine)


# How another version of the engine, or of the code that writes its SQL, might read a rule.
OTHER_READINGS = [
    (" > ", " >= "),
    (" <= ", " < "),
    (" >= ", " > "),
    (" <> ", " = "),
    ("regexp_full_match", "regexp_matches"),
    ("[^\t", "[^"),
    (" IS NOT NULL", " IS NOT DISTINCT FROM NULL"),
    ("(NOT ", "(true IS DISTINCT FROM "),
    (" OR ", " AND "),
    (" AND ", " OR "),
    ("'final_order'", "'final order'"),
    ("& 2) = 0", "& 2) >= 0"),
    (" IN ('", " IN ('x"),
    (" + (90)", " + (91)"),
]


@pytest.mark.rule("R-02")
@pytest.mark.parametrize(("written", "read"), OTHER_READINGS)
def test_an_engine_that_reads_a_rule_otherwise_judges_nothing(monkeypatch, written, read):
    sound = duckdb_sql.expression_sql
    (law, *_) = shipped_laws()
    assert any(
        written in sound(clause.expression, duckdb_sql.universe_of([clause]))
        for document in (law.statute, law.agreement)
        for clause in document.clauses
    )
    monkeypatch.setattr(
        duckdb_sql,
        "expression_sql",
        lambda expression, names: sound(expression, names).replace(written, read),
    )
    rule_engine._prepared.cache_clear()
    try:
        with pytest.raises(
            Blocked, match=r"clause `.*` of the (statute|agreement): DuckDB .* reads it otherwise"
        ):
            checked_engine(open_engine(None), law)
    finally:
        rule_engine._prepared.cache_clear()


@pytest.mark.rule("R-02")
def test_a_law_whose_cases_cannot_be_told_is_not_judged():
    (law, *_) = shipped_laws()
    clause = law.agreement.clauses[0]
    flags = [f"flag_{number}" for number in range(10)]
    expression = parse_rule(" and ".join(flags), Names(dict.fromkeys(flags, "bool"), {}, {}))
    endless = replace(clause, expression=expression, facts=tuple(flags))
    with pytest.raises(Blocked, match=r"`clause 1\(a\)`: it can tell more than 20,000 cases apart"):
        checked_engine(open_engine(None), replace(law, agreement=replace(law.agreement, clauses=(endless,))))
