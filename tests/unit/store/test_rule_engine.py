"""Rules in bulk: an engine error or a value of a wrong type blocks and never becomes a verdict."""

from datetime import date, datetime

import pytest

from solely.agreement.parser import Names, parse_rule
from solely.errors import Blocked
from solely.store.engine import open_engine
from solely.store.rule_engine import RuleEngine

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
