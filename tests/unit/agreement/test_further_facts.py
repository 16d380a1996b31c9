"""What a statute may declare besides the facts known by name, and what its agreements must then state."""

import pytest

from solely.agreement.document import Law, findings, parse_agreement, parse_statute
from tests.support.tree import ROOT

STATUTE = (ROOT / "law/statutes/18-usc-2703/statute.md").read_text()
AGREEMENT = (ROOT / "law/agreements/provider-records-2026/agreement.md").read_text()
DECLARED = 'instrument = {type = "text", stage = "request", source = "instrument", normaliser = "code"}'


def changed(old, new, text=STATUTE):
    assert text.count(old) >= 1
    return text.replace(old, new)


def refused(text):
    return findings(text.encode(), None)[0]


@pytest.mark.rule("R-02")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('normaliser = "code"}', 'normaliser = "name_verdict"}'),
        ('source = "instrument"', 'source = "instrument purpose"'),
        ('source = "instrument"', 'source = "Instrument"'),
        ('source = "instrument"', 'source = "gate"'),
        ('source = "instrument"', 'source = "kernel"'),
        ('source = "instrument"', "source = 5"),
        ('type = "text"', 'type = "int"'),
    ],
)
def test_a_further_fact_that_cannot_be_read_is_named(old, new):
    assert refused(changed(DECLARED, changed(old, new, DECLARED))).startswith("`schedule facts: instrument`")


def test_the_columns_of_a_law_are_the_standard_ones_and_those_that_its_statute_declares():
    statute = parse_statute(STATUTE.encode())
    law = Law(statute, parse_agreement(AGREEMENT.encode(), statute))
    assert law.further_columns == ("instrument", "instrument_number", "instrument_issued_on")
    assert [each.name for each in law.further_facts] == list(law.further_columns)
    assert {"bases", "statutes"}.isdisjoint(law.agreement.schedules)


@pytest.mark.rule("R-03")
@pytest.mark.parametrize(
    ("fence", "place"),
    [
        ('```schedule bases\nbases = ["final_order"]\n```\n', "`schedule bases`"),
        ('```schedule statutes\ndesignated_statutes = ["18 USC 1001"]\n```\n', "`schedule statutes`"),
    ],
)
def test_a_list_without_a_fact_to_hold_against_it_is_refused(fence, place):
    found = findings(f"{AGREEMENT}\n{fence}".encode(), STATUTE.encode())
    assert any(each.startswith(place) for each in found)


@pytest.mark.rule("R-03")
def test_a_limit_is_stated_exactly_where_its_fact_is_declared():
    more = changed("keys_equal_min = 1", "keys_equal_min = 1\norder_days_min = 90", AGREEMENT)
    assert "`order_days_min` is unknown" in findings(more.encode(), STATUTE.encode())[0]
    less = changed("attempts_per_person_max = 3\n", "", AGREEMENT)
    assert "`attempts_per_person_max` is missing" in findings(less.encode(), STATUTE.encode())[0]


@pytest.mark.rule("R-48")
def test_a_tier_that_wants_more_than_the_statute_opens_does_not_load():
    text = changed(
        'fields_on_subpoena = ["address"]', 'fields_on_subpoena = ["address", "contacts"]', AGREEMENT
    )
    assert any(
        "the statute does not open `contacts`" in each for each in findings(text.encode(), STATUTE.encode())
    )


@pytest.mark.rule("R-02")
def test_a_tier_that_no_clause_reads_does_not_load():
    text = changed("subscriber_fields = [", 'other_fields = ["name"]\nsubscriber_fields = [')
    assert "no clause reads the list `other_fields`" in refused(text)
