"""What the rule language reads, and what it refuses with a reason."""

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
from solely.agreement.tokens import RuleError

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
    (
        "active or active and not active",
        Or((Truth(ACTIVE), And((Truth(ACTIVE), Not(Truth(ACTIVE)))))),
    ),
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


HOSTILE = [
    # two-valued escape hatches: unknown would permit
    "basis is null", "not basis is not null", "not (active or name is not null)",
    "not not (basis is not null)",
    "active is true", "active is not true", "active is unknown", "basis is distinct from 'x'",
    "basis is not distinct from 'x'",
    "coalesce(active, true)", "ifnull(active, true)", "nullif(basis, 'x') = 'y'",
    "case when active then true end",
    "basis = null", "null", "not null", "basis in ('a', null)", "(basis is not null) = false",
    "basis is not null = false",
    # bare literals and comparisons that read nothing
    "true", "not false", "'x'", "1", "1 = 1", "'a' = 'a'", "strict", "order_days = 90", "true = true",
    "active and true",
    "1 between 0 and 2", "first_day + 1 > first_day", "date '2025-01-01' < date '2026-01-01'",
    # types
    "basis = 1", "cases = '1'", "active = 1", "cases = true", "basis < 'x'", "active > false",
    "ordered_on = '2025-04-07'",
    "fields = 'address'", "fields in ('address')", "active in (true)", "cases in ('1')", "basis in (1)",
    "filled(cases)",
    "matches(fields, 'a')", "within(cases, bases)", "within(fields, bases)", "subset_of(basis, agreed)",
    "cases + 1 > 2",
    "basis + 'x' = 'y'", "ordered_on + cases > received_on", "ordered_on + ordered_on > received_on",
    "ordered_on + 'x' > received_on",
    "ordered_on - received_on > 90", "cases between 1 and 'x'", "basis between 'a' and 'b'", "ratio > 1",
    "cases = ratio",
    "basis and active", "cases or active", "not cases", "ordered_on", "fields", "fields is null",
    # names
    "basi = 'x'", "within(basis, nobody)", "within(basis, order_days)", "within(basis, ('a'))",
    "subset_of(fields, fields)",
    "bases = 'x'", "Basis = 'x'", "BASIS = 'x'", "\"basis\" = 'x'", "`basis` = 'x'", "request.basis = 'x'",
    "filled",
    "filled(name, name)", "filled()", "filled('x')", "matches(name)", "matches(name, basis)",
    "matches('x', 'x')",
    "within('final_order', bases)", "lower(basis) = 'x'", "length(name) > 3", "foo(name)", "name(basis)",
    "count(cases) > 1",
    # shape
    "", " ", "active active", "active and", "and active", "or", "not", "(active", "active)", "()",
    "active or or active",
    "not basis = 'x' = true", "1 < cases < 5", "cases = cases = cases", "basis in ()", "basis in ('a',)",
    "basis in 'a'",
    "basis in ('a', 'a')", "basis in ('a' 'b')", "cases between 1 or 5", "cases between 1", "basis not = 'x'",
    "not in ('a')",
    "basis = 'x", "basis = \"x\"", "basis == 'x'", "basis != 'x'", "active && active", "active || active",
    "!active",
    "active; active", "active -- comment", "active /* x */", "cases = 1.5", "cases = 1e3", "cases = 0x1f",
    "cases = 1_000",
    "cases = 2147483648", "cases = -2147483649", "cases = 99999999999999999999", "cases = - - 1",
    "cases = +1", "cases * 2 = 4",
    "cases % 2 = 0", "ordered_on + 36601 > received_on", "ordered_on + -1 > received_on",
    "ordered_on + 1 + 1 > received_on",
    "ordered_on + 1 months > received_on", "ordered_on + interval '1' month > received_on",
    "received_on = date '2025-02-30'",
    "received_on = date '2025-2-3'", "received_on = date '1899-12-31'", "received_on = date '2200-01-01'",
    "received_on = date 20250407",
    "received_on = now()", "received_on = current_date", "basis = ''", "And active", "active aNd active",
    "active AND Not active",
    "basis = 'a\tb'", "basis = 'a\nb'", "basis = 'a\u200bb'", "basis = 'a\u202eb'", "basis = 'e\u0301'",
    "act\u0456ve", "active\u00a0and active",
    "active\tand active", "active\r\nand active", "active\x00", "a\ufeffctive", "\u2018x\u2019 = basis",
    "basis = 'x' \u2228 active",
    "(" * 200 + "active" + ")" * 200, "not " * 200 + "active", "active and " * 2000 + "active",
    "(" * 40 + "active" + ")" * 40,
    # a person is named: no selection, no wildcard, no ranking
    "name like 'A%'", "name ilike 'a%'", "name similar to 'A.*'", "name = *", "*", "select name",
    "exists (name)", "any(cases) > 1",
    "all(cases) > 1", "score > 1", "rank(cases) < 5", "basis in (select basis)", "name ~ 'A'",
    "matches(name, '.*')", "matches(name, 'A.')",
]  # fmt: skip


@pytest.mark.rule("R-02", "R-88")
@pytest.mark.parametrize("rule", HOSTILE)
def test_anything_else_is_refused_with_a_reason(rule):
    with pytest.raises(RuleError) as caught:
        parse_rule(rule, NAMES)
    assert len(str(caught.value)) > 15
    assert not str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("rule", "cure"),
    [
        ("basis is null", "only `not null`"),
        ("not basis is not null", "nothing is permitted for being missing"),
        ("coalesce(active, true)", "a missing fact stays unknown"),
        ("name like 'A%'", "a person is named and never searched for"),
        ("basi = 'x'", "`basi` is neither a declared fact nor a parameter"),
        ("basis = 1", "compares text with int"),
        ("matches(name, '(a+)+')", "a repeat inside a repeat"),
        ("received_on = now()", "the day of receipt is the fact `received_on`"),
    ],
)
def test_a_refusal_names_the_construct_and_the_cure(rule, cure):
    with pytest.raises(RuleError, match=cure.replace("(", "\\(")):
        parse_rule(rule, NAMES)


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
    (
        "subset_of(fields, agreed)",
        '"fields" is not empty and holds nothing that is not on the list "agreed"',
    ),
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
