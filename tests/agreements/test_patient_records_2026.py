"""45 CFR 164.512(f)(2): eight listed items open for a search, and no ninth (R-71)."""

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


@pytest.fixture(scope="module")
def patients(tmp_path_factory) -> Gated:
    return gated("patient-records-2026", tmp_path_factory.mktemp("patients"))


@pytest.mark.rule("R-69")
def test_every_kind_of_item_becomes_what_it_must_and_precheck_says_so(patients):
    require_promised(patients)
    require_same_as_precheck(patients)


@pytest.mark.rule("R-71")
@pytest.mark.parametrize("field", ["DNA", "dental records", "tissue typing"])
def test_a_ninth_item_is_refused_unread_with_the_address_that_came_with_it(patients, field):
    kind = f"{field} of a suspect"
    assert patients.outcomes(kind) == REFUSED
    assert patients.told(kind) == {"refused"}
    for item in patients.items(kind):
        assert item["reasons"] == ["fields:NOT_AGREED", "fields:NOT_LISTED"]
        assert "R-71" in item["rules"]


@pytest.mark.rule("R-71")
def test_a_person_who_is_sought_as_none_of_the_four_is_refused_unread(patients):
    kind = "a victim, under another paragraph"
    assert patients.outcomes(kind) == REFUSED
    assert all("R-71" in item["rules"] for item in patients.items(kind))


@pytest.mark.rule("R-71", "R-67")
def test_the_address_of_a_fugitive_or_missing_person_leaves(patients):
    for kind in ("address of a fugitive", "address of a missing person"):
        assert patients.outcomes(kind) == {("releasable", True, True)}
    assert opened_by_officer(patients, kind)["address"]["street_line"]
