"""What the rule language reads, and how it puts it into English; `test_refusals.py` has what it refuses."""

from datetime import date
from typing import get_args

import pytest

from solely.agreement.english import english
from solely.agreement.expression import (
    And,
    Between,
    Compare,
    Constant,
    Expression,
    Fact,
    Filled,
    Given,
    Matches,
    Member,
    NamedList,
    Not,
    Or,
    Shift,
    SubsetOf,
    Truth,
    Within,
    facts_of,
    walk,
)
from solely.agreement.parser import Names, parse_rule

TYPES = {"basis": "text", "name": "text", "cases": "int", "ordered_on": "date", "received_on": "date",
         "active": "bool", "fields": "set"}  # fmt: skip
NAMES = Names(
    TYPES,
    {"order_days": 90, "first_day": date(2025, 4, 7), "strict": True, "office": "secretary", "ratio": 0.5},
    {"bases": ("final_order", "criminal_investigation"), "agreed": ("address",)},
)
BASIS, NAME, CASES = Fact("basis", "text"), Fact("name", "text"), Fact("cases", "int")
ORDERED, RECEIVED, ACTIVE = Fact("ordered_on", "date"), Fact("received_on", "date"), Fact("active", "bool")


def text(value):
    return Constant(value, "text")


READ = [
    ("basis = 'final_order'", Compare("=", BASIS, text("final_order"))),
    ("basis <> office", Compare("<>", BASIS, Constant("secretary", "text", "office"))),
    ("name = 'O''Hara'", Compare("=", NAME, text("O'Hara"))),
    ("cases <= 50", Compare("<=", CASES, Constant(50, "int"))),
    ("cases > -1", Compare(">", CASES, Constant(-1, "int"))),
    ("active", Truth(ACTIVE)),
    ("active = false", Compare("=", ACTIVE, Constant(False, "bool"))),
    ("NOT active", Not(Truth(ACTIVE))),
    ("basis in ('a', 'b')", Member(BASIS, (text("a"), text("b")))),
    ("basis not in ('a')", Not(Member(BASIS, (text("a"),)))),
    ("basis IS NOT NULL", Given(BASIS)),
    ("filled(name)", Filled(NAME)),
    ("matches(name, '[A-Z]{2,5}')", Matches(NAME, "[A-Z]{2,5}")),
    ("within(basis, bases)", Within(BASIS, NamedList("bases", ("final_order", "criminal_investigation")))),
    ("subset_of(fields, agreed)", SubsetOf(Fact("fields", "set"), NamedList("agreed", ("address",)))),
    ("cases between 1 and 5", Between(CASES, Constant(1, "int"), Constant(5, "int"))),
    (
        "received_on > ordered_on + order_days days",
        Compare(">", RECEIVED, Shift(ORDERED, Constant(90, "int", "order_days"), is_back=False)),
    ),
    (
        "received_on - 30 >= date '2025-04-07'",
        Compare(">=", Shift(RECEIVED, Constant(30, "int"), is_back=True), Constant(date(2025, 4, 7), "date")),
    ),
    ("active or active and not active", Or((Truth(ACTIVE), And((Truth(ACTIVE), Not(Truth(ACTIVE))))))),
    ("(active or active) and active", And((Or((Truth(ACTIVE), Truth(ACTIVE))), Truth(ACTIVE)))),
    (
        "cases between 1 and 5 and active",
        And((Between(CASES, Constant(1, "int"), Constant(5, "int")), Truth(ACTIVE))),
    ),
]


@pytest.mark.parametrize(("rule", "expression"), READ)
def test_a_rule_is_read_as_one_expression(rule, expression):
    assert parse_rule(rule, NAMES) == expression


def test_line_ends_and_spacing_do_not_matter():
    assert parse_rule("active\n  and\nactive", NAMES) == parse_rule("active and active", NAMES)


def test_facts_are_told_once_in_the_order_of_reading():
    rule = "received_on > ordered_on + 90 and filled(name) or ordered_on is not null"
    assert facts_of(parse_rule(rule, NAMES)) == (RECEIVED, ORDERED, NAME)


ENGLISH = [
    ("within(basis, bases)", '"basis" stands on the list "bases"'),
    ("not within(basis, bases)", '"basis" is given and does not stand on the list "bases"'),
    (
        "received_on > ordered_on + order_days days",
        '"received on" is after 90 days ("order days") after "ordered on"',
    ),
    ("received_on = ordered_on - 1 days", '"received on" is 1 day before "ordered on"'),
    ("active = false or filled(name)", 'either "active" is false, or "name" is given and not blank'),
    ("not (active or active)", 'it is not so that (either "active" holds, or "active" holds)'),
    ("not active", '"active" does not hold'),
    ("not filled(name)", '"name" is given and blank'),
    ("basis not in ('a', 'b')", '"basis" is anything but `a` or `b`'),
    ("cases between 1 and 5", '"cases" lies between 1 and 5, both included'),
    ("not cases between 1 and 5", 'it is not so that ("cases" lies between 1 and 5, both included)'),
    ("basis is not null and cases < 5", '"basis" is given, and "cases" is less than 5'),
    ("matches(name, '[A-Z]+')", 'the whole of "name" has the form `[A-Z]+`'),
    ("not matches(name, '[A-Z]+')", 'the whole of "name" has another form than `[A-Z]+`'),
    ("basis in ('a')", '"basis" is `a`'),
    ("cases in (1, 2, 3)", '"cases" is 1, 2 or 3'),
    ("subset_of(fields, agreed)", '"fields" is not empty and holds nothing that is not on the list "agreed"'),
    (
        "not subset_of(fields, agreed)",
        '"fields" is empty or holds something that is not on the list "agreed"',
    ),
    (
        "(active and filled(name)) or cases <> 5",
        'either ("active" holds, and "name" is given and not blank), or "cases" is not 5',
    ),
]


@pytest.mark.parametrize(("rule", "words"), ENGLISH)
def test_a_rule_is_put_into_english(rule, words):
    assert english(parse_rule(rule, NAMES)) == words


def test_every_construct_of_the_language_has_english():
    shown = {type(node) for rule, _ in ENGLISH for node in walk(parse_rule(rule, NAMES))}
    assert set(get_args(Expression)) <= shown
