"""The plain evaluator: three truth values, and values outside their type's range."""

from datetime import date, datetime

import pytest

from solely.agreement.evaluate import admitted, verdict, verdicts
from solely.agreement.expression import INT_MAX, INT_MIN
from solely.agreement.parser import Names, parse_rule

NAMES = Names(
    {"a": "bool", "b": "bool", "word": "text", "day": "date", "number": "int", "fields": "set"},
    {"waiting": 90},
    {"agreed": ("address",), "words": ("X",)},
)


def judged(rule, **row):
    return verdict(parse_rule(rule, NAMES), row)


T, F, U = True, False, None


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (T, T, T, T),
        (T, F, F, T),
        (T, U, U, T),
        (F, T, F, T),
        (F, F, F, F),
        (F, U, F, U),
        (U, T, U, T),
        (U, F, F, U),
        (U, U, U, U),
    ],
)
def test_and_or_not_follow_kleene(a, b, both, either):
    assert judged("a and b", a=a, b=b) is both
    assert judged("a or b", a=a, b=b) is either
    assert judged("not a", a=a) is (None if a is None else not a)


@pytest.mark.rule("R-02")
@pytest.mark.parametrize(
    "rule",
    [
        "a", "not a", "a = true", "a <> true", "word = 'X'", "word <> 'X'", "word in ('X')",
        "word not in ('X')", "filled(word)",
        "not filled(word)", "matches(word, 'X')", "not matches(word, 'X')", "within(word, words)",
        "not within(word, words)",
        "number > 1", "not number > 1", "number between 1 and 2", "day + 90 > day", "day = date '2025-04-07'",
        "subset_of(fields, agreed)", "not subset_of(fields, agreed)",
    ],
)  # fmt: skip
def test_a_missing_fact_makes_any_test_unknown(rule):
    assert judged(rule) is None


def test_is_not_null_alone_answers_for_a_missing_fact():
    assert judged("word is not null") is False
    assert judged("word is not null", word="") is True


@pytest.mark.rule("R-45")
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (["address"], T),
        (["address", "phone"], F),
        (["phone"], F),
        ([], F),
        ([None], U),
        (["address", None], U),
        (None, U),
    ],
)
def test_a_set_of_fields_must_be_named_whole(fields, expected):
    assert (
        judged("subset_of(fields, agreed)", fields=None if fields is None else frozenset(fields)) is expected
    )


@pytest.mark.rule("R-18")
@pytest.mark.parametrize(
    ("order", "is_met"), [(date(2026, 3, 3), F), (date(2026, 3, 2), T), (date(2026, 6, 2), F)]
)
def test_ninety_days_have_passed_on_the_ninety_first(order, is_met):
    assert judged("date '2026-06-01' > day + waiting days", day=order) is is_met


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", INT_MAX + 1), ("int", INT_MIN - 1), ("date", date(1899, 12, 31)), ("date", date(2200, 1, 1)),
        ("date", date.max),
        ("text", "\ud800"), ("set", frozenset([None])), ("text", None),
    ],
)  # fmt: skip
def test_a_value_outside_its_type_is_unknown(kind, value):
    assert admitted(kind, value) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", True), ("bool", 1), ("int", "1"), ("int", 1.0), ("date", datetime(2025, 4, 7)),
        ("date", "2025-04-07"),
        ("text", b"x"), ("text", 1), ("set", ["address"]), ("set", "address"), ("bool", "true"),
        ("int", float("nan")),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_a_fault(kind, value):
    with pytest.raises(TypeError, match="fact of type"):
        admitted(kind, value)


@pytest.mark.parametrize("text", ["", " ", "\t", "\xa0", "\u200b\ufeff", "\u2028 \n"])
def test_blank_text_is_not_filled(text):
    assert judged("filled(word)", word=text) is False


def test_text_is_compared_as_it_is():
    assert judged("word = 'X'", word="x") is False
    assert judged("word = 'X'", word="X ") is False
    assert judged("matches(word, 'X')", word="X\n") is False
    assert judged("word = 'ß'", word="SS") is False


def test_verdicts_come_in_the_order_of_the_clauses():
    class Read:
        def __init__(self, rule):
            self.expression = parse_rule(rule, NAMES)

    assert verdicts([Read("a"), Read("b"), Read("not a")], {"a": True}) == (True, None, False)
