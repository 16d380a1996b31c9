"""A court's order on Medicaid records: six fields, no other information, no excluded household (R-75)."""

import pytest

from tests.support.other_agreements import (
    REFUSED,
    Gated,
    gated,
    opened_by_officer,
    require_promised,
    require_same_as_precheck,
)

pytestmark = pytest.mark.e2e
ORDINARY = "address of one in no excluded population"


@pytest.fixture(scope="module")
def medicaid(tmp_path_factory) -> Gated:
    return gated("medicaid-records-2026", tmp_path_factory.mktemp("medicaid"))


@pytest.mark.rule("R-69")
def test_every_kind_of_item_becomes_what_it_must_and_precheck_says_so(medicaid):
    require_promised(medicaid)
    require_same_as_precheck(medicaid)


@pytest.mark.rule("R-75")
@pytest.mark.parametrize("field", ["other information", "other", "diagnosis"])
def test_no_word_opens_more_than_the_six_fields(medicaid, field):
    kind = f"{field} besides the address"
    assert medicaid.outcomes(kind) == REFUSED
    assert all("R-75" in item["rules"] for item in medicaid.items(kind))


@pytest.mark.rule("R-75", "R-81")
def test_a_citizen_in_the_household_is_withheld_and_the_requester_cannot_tell(medicaid):
    kind = "a citizen in the household"
    assert medicaid.outcomes(kind) == {("withheld", True, False)}
    assert medicaid.told(kind) == {"accepted"} == medicaid.told(ORDINARY)
    assert all("R-75" in item["rules"] for item in medicaid.items(kind))
    rows = {item["row"] for item in medicaid.items(kind)}
    assert {each["disposition"] for each in medicaid.said if each["row"] in rows} == {"passed"}


@pytest.mark.rule("R-75")
def test_a_person_whom_the_requester_knows_to_be_excluded_is_refused_unread(medicaid):
    assert medicaid.outcomes("known to be excluded, by the requester") == REFUSED


@pytest.mark.rule("R-75", "R-67")
def test_the_address_of_one_in_no_excluded_population_leaves(medicaid):
    assert medicaid.outcomes(ORDINARY) == {("releasable", True, True)}
    assert opened_by_officer(medicaid, ORDINARY)["address"]["street_line"]
