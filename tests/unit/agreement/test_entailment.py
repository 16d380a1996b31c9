"""What the form of two rules shows: what is shown is so on every row, and the usual narrowings are shown."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solely.agreement.entailment import entails
from solely.agreement.evaluate import verdict
from solely.agreement.parser import Names, parse_rule

FACTS = {"word": "text", "number": "int", "day": "date", "other_day": "date", "flag": "bool", "names": "set"}
LISTS = {"few": ("A", "B"), "many": ("A", "B", "C"), "field": ("x",), "fields": ("x", "y")}
NAMES = Names(FACTS, {"low": 3, "high": 9, "first": date(2026, 1, 2), "later": date(2026, 3, 2)}, LISTS)


def rule(text):
    return parse_rule(text, NAMES)


@pytest.mark.rule("R-83")
@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("within(word, few)", "within(word, many)"),
        ("subset_of(names, field)", "subset_of(names, fields)"),
        ("word in ('A')", "word in ('A', 'B')"),
        ("number <= low", "number <= high"),
        ("number >= high", "number > low or number >= high"),
        ("day >= later", "day >= first"),
        ("day > other_day + 90 days", "day > other_day + 30 days"),
        ("day between later and date '2026-04-01'", "day between first and date '2026-05-01'"),
        ("flag = true and number <= low", "flag = true"),
        ("flag = true", "flag = true or number <= low"),
        ("not within(word, many)", "not within(word, few)"),
        ("within(word, few)", "word <> 'C'"),
        ("within(word, few)", "filled(word)"),
        ("word = 'A'", "within(word, few)"),
        ("word in ('A', 'B')", "matches(word, '[A-Z]')"),
    ],
)
def test_a_narrowing_of_known_form_is_shown(new, old):
    assert entails(rule(new), rule(old))
    assert not entails(rule(old), rule(new))


@pytest.mark.rule("R-83")
@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("day > other_day + 30 days", "day > other_day + 90 days"),
        (
            "day < other_day + 30 days",
            "day < other_day + 90 days",
        ),  # near the end of the calendar it is not so
        ("number <= low", "number < low"),
        ("word <> 'C'", "within(word, few)"),
        ("not number <= low", "not number <= high"),
        ("within(word, few) or flag = true", "within(word, many)"),
    ],
)
def test_what_the_form_does_not_show_is_not_claimed(new, old):
    assert not entails(rule(new), rule(old))


ATOMS = st.sampled_from(
    ["within(word, few)", "within(word, many)", "word in ('A')", "word in ('A', 'C')", "word <> 'A'",
     "word = 'B'",
     "number <= low", "number <= high", "number > low", "number >= high", "number < high", "flag = true",
     "subset_of(names, field)", "subset_of(names, fields)", "day >= first", "day >= later", "day < later",
     "day > other_day + 30 days", "day > other_day + 90 days", "day < other_day + 30 days", "filled(word)",
     "day <= other_day + 90 days", "day between first and later", "word is not null",
     "matches(word, '[A-B]')",
     "day between date '2026-01-01' and date '2026-12-01'", "number between low and high"]
)  # fmt: skip
RULES = st.recursive(
    ATOMS,
    lambda below: st.one_of(
        st.builds("({} and {})".format, below, below),
        st.builds("({} or {})".format, below, below),
        below.filter(lambda text: "null" not in text).map("(not {})".format),
    ),
    max_leaves=4,
)
ROWS = st.fixed_dictionaries(
    {
        "word": st.sampled_from([None, "A", "B", "C", "D", " "]),
        "number": st.sampled_from([None, 2, 3, 4, 8, 9, 10]),
        "day": st.sampled_from(
            [None, date(1900, 1, 1), date(2026, 1, 2), date(2026, 3, 2), date(2026, 4, 9), date(2199, 12, 31)]
        ),
        "other_day": st.sampled_from([None, date(2026, 1, 2), date(2026, 2, 2), date(2199, 11, 15)]),
        "flag": st.sampled_from([None, True, False]),
        "names": st.sampled_from(
            [None, frozenset(), frozenset("x"), frozenset("xy"), frozenset(["x", None]), frozenset("z")]
        ),
    }
)


@given(RULES, RULES, st.lists(ROWS, min_size=30, max_size=30))
@settings(max_examples=400)
@pytest.mark.rule("R-83")
def test_what_is_shown_is_so_on_every_row(new, old, rows):
    rule_, other = rule(new), rule(old)
    assert entails(rule_, rule_)
    if entails(rule_, other):
        assert [row for row in rows if verdict(rule_, row) is True and verdict(other, row) is not True] == []
