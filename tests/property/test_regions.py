"""The region table of a rule is complete: any row is like some case of the table in every test."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from solely.agreement.evaluate import verdict
from solely.agreement.expression import And, Not, Or
from solely.agreement.parser import parse_rule
from solely.agreement.regions import RegionsRefused, region_rows
from tests.property.test_rule_back_ends import GIVEN, NAMES, ROWS, TESTS, joined

SMALL_RULES = st.one_of(
    TESTS, GIVEN, joined(st.one_of(TESTS, GIVEN)), TESTS.map(lambda each: f"not ({each})")
)


def parts_of(expression):
    """The single tests of an expression, in order."""
    match expression:
        case And(parts) | Or(parts):
            return [each for part in parts for each in parts_of(part)]
        case Not(part):
            return parts_of(part)
    return [expression]


@pytest.mark.rule("R-02")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rule=SMALL_RULES, rows=st.lists(ROWS, min_size=5, max_size=30))
def test_every_row_is_like_some_case_of_the_table(rule, rows):
    expression = parse_rule(rule, NAMES)
    try:
        table = region_rows(expression)
    except RegionsRefused:
        assume(False)
    kinds = {tuple(verdict(each, row) for each in parts_of(expression)) for row in table}
    for row in rows:
        assert tuple(verdict(each, row) for each in parts_of(expression)) in kinds


DIFFERENCES = st.lists(
    st.builds(
        lambda left, sign, right, back, days: f"{left} {sign} {right} {back} {days} days",
        st.sampled_from(["day", "other_day"]),
        st.sampled_from(["<", "<=", "=", ">"]),
        st.sampled_from(["day", "other_day", "date '2026-01-10'"]),
        st.sampled_from("+-"),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(tests=DIFFERENCES)
def test_days_that_are_compared_with_one_another_meet_in_every_way_they_can(tests):
    expression = parse_rule(" and ".join(tests), NAMES)
    kinds = {tuple(verdict(each, row) for each in parts_of(expression)) for row in region_rows(expression)}
    start = parse_rule("day = date '2026-01-10'", NAMES).right.value.toordinal()
    near = [type(NAMES.parameters["first_day"]).fromordinal(start + step) for step in range(-9, 10)]
    for day in [*near, None]:
        for other_day in [*near, None]:
            row = {"day": day, "other_day": other_day}
            assert tuple(verdict(each, row) for each in parts_of(expression)) in kinds
