"""The region table: every case a clause tells apart, the borders of numbers and days above all."""

from dataclasses import replace
from datetime import date

import pytest

from solely.agreement.evaluate import verdict
from solely.agreement.parser import Names, parse_rule
from solely.agreement.regions import RegionsRefused, probes, region_rows, region_table, table_findings
from tests.support.law import shipped_laws

MANY = tuple(f"field_{number}" for number in range(30))
NAMES = Names(
    {
        "word": "text", "other": "text", "number": "int", "day": "date", "other_day": "date", "flag": "bool",
        "fields": "set",
    },
    {},
    {"agreed": ("address", "name"), "many": MANY, "two": MANY[:2]},
)  # fmt: skip


def values(rule, fact, samples=None):
    return {row[fact] for row in region_rows(parse_rule(rule, NAMES), samples)}


def test_a_number_is_tried_below_at_and_above_each_constant():
    assert values("number > 5 or number = 9", "number") == {4, 5, 6, 8, 9, 10, None}
    assert values("number between 5 and 9", "number") == {4, 5, 6, 8, 9, 10, None}
    assert values("number in (-1)", "number") == {-2, -1, 0, None}


def test_no_value_lies_outside_the_range_of_its_type():
    assert values("day >= date '1900-01-01'", "day") == {date(1900, 1, 1), date(1900, 1, 2), None}
    assert values("number <= 2147483647", "number") == {2147483646, 2147483647, None}


def test_two_days_are_tried_before_at_and_after_each_other():
    rows = region_rows(parse_rule("other_day > day + 90 days", NAMES), {"day": [None, date(2026, 6, 1)]})
    apart = {
        (row["other_day"] - row["day"]).days for row in rows if None not in (row["day"], row["other_day"])
    }
    assert {89, 90, 91} <= apart
    assert {row["day"] is None for row in rows} == {row["other_day"] is None for row in rows} == {True, False}


def test_sets_are_tried_empty_partly_whole_with_another_name_and_unknown():
    found = values("subset_of(fields, agreed)", "fields")
    assert {
        frozenset(),
        frozenset(["address"]),
        frozenset(["name"]),
        frozenset(["address", "name"]),
        None,
    } < found
    assert any(each and "another_name" in each for each in found)
    assert any(each and None in each for each in found)


def test_a_long_list_is_tried_name_by_name_and_not_by_all_its_subsets():
    found = values("subset_of(fields, many) or subset_of(fields, two)", "fields")
    assert {frozenset([name]) for name in MANY} | {frozenset(MANY)} < found
    assert len(found) < 60


def test_every_fact_is_also_tried_unknown_and_all_of_them_together():
    rows = region_rows(parse_rule("word = 'a' and flag and number > 1 and filled(other)", NAMES))
    assert {name: None for name in ("word", "flag", "number", "other")} in rows
    assert len(rows) == 3 * 3 * 4 * 3


def test_a_clause_with_too_many_cases_is_refused_with_the_cure():
    flags = [f"flag_{number}" for number in range(10)]
    with pytest.raises(RegionsRefused, match="more than 20,000 cases apart; split the clause"):
        region_rows(parse_rule(" and ".join(flags), Names(dict.fromkeys(flags, "bool"), {}, {})))


@pytest.mark.rule("R-02")
def test_the_table_of_every_shipped_law_has_each_verdict_a_clause_can_give():
    for law in shipped_laws():
        table = region_table(law)
        assert {clause for clause, _, _ in table} == {*law.statute.clauses, *law.agreement.clauses}
        for clause in (*law.statute.clauses, *law.agreement.clauses):
            verdicts = {region.verdict for region in table if region.clause == clause}
            assert {True, False} <= verdicts, clause.id
        assert all(region.verdict is verdict(region.clause.expression, region.row) for region in table)


def test_what_keeps_a_law_from_having_a_table_is_a_finding_with_its_clause():
    law = shipped_laws()[0]
    assert table_findings(law) == []
    words = [f"matches(word, '[a-z ]*{sign * 4}[a-z ]*')" for sign in "abcdefghijklmnopqrst"]
    clause = replace(law.agreement.clauses[0], expression=parse_rule(" and ".join(words), NAMES))
    wide = replace(law, agreement=replace(law.agreement, clauses=(clause,)))
    (finding,) = table_findings(wide)
    assert finding.startswith("`clause 1(a)`: text column `word`: its patterns need more than 30,000 states")


def test_two_long_lists_in_one_clause_make_a_table_as_long_as_both_and_not_one_times_the_other():
    listed = ", ".join(f"'{number}'" for number in range(150))
    rows = region_rows(parse_rule(f"word in ({listed}) and other in ({listed})", NAMES))
    assert {str(number) for number in range(150)} <= {row["word"] for row in rows}
    assert {str(number) for number in range(150)} <= {row["other"] for row in rows}
    assert len(rows) < 1000


def test_probes_alter_every_text_and_nothing_else():
    (law, *_) = shipped_laws()
    regions = [region for region in region_table(law) if region.clause.id == "3(d)"]
    texts = {value for region in regions for value in region.row.values() if isinstance(value, str)}
    days = {value for region in regions for value in region.row.values() if not isinstance(value, str)}
    probed = list(probes(regions))
    assert probed
    for region in probed:
        assert all(value in days or value not in texts for value in region.row.values())
        assert region.verdict is verdict(region.clause.expression, region.row)
