"""18 USC 2721: the stated use decides whether highly restricted information may be asked for (R-72)."""

import pytest

from solely.store.law import find_law
from tests.support.other_agreements import (
    Gated,
    gated,
    opened_by_officer,
    require_column_refused,
    require_promised,
    require_same_as_precheck,
)
from tests.support.tree import ROOT


@pytest.fixture(scope="module")
def vehicles(tmp_path_factory) -> Gated:
    return gated("motor-vehicle-records-2026", tmp_path_factory.mktemp("vehicles"))


@pytest.mark.e2e
def test_every_kind_of_item_becomes_what_it_must(vehicles):
    require_promised(vehicles)


@pytest.mark.e2e
@pytest.mark.rule("R-69")
def test_precheck_says_what_run_decides(vehicles):
    require_same_as_precheck(vehicles)


@pytest.mark.e2e
@pytest.mark.rule("R-72")
@pytest.mark.parametrize("kind", ["photograph for (b)(3)", "photograph for (b)(3), consent denied"])
def test_a_photograph_for_the_third_use_is_refused_unread(vehicles, kind):
    assert vehicles.outcomes(kind) == {("refused", False, False)}
    for item in vehicles.items(kind):
        assert (item["reasons"], item["rules"]) == (["fields:HIGHLY_RESTRICTED"], ["R-72"])


@pytest.mark.e2e
@pytest.mark.rule("R-72", "R-67")
@pytest.mark.parametrize(
    "kind", ["address for a function of an agency, (b)(1)", "address for a check by a business, (b)(3)"]
)
def test_an_address_leaves_for_an_agreed_use(vehicles, kind):
    assert vehicles.outcomes(kind) == {("releasable", True, True)}
    assert opened_by_officer(vehicles, kind)["address"]["street_line"]


@pytest.mark.e2e
@pytest.mark.rule("R-72", "R-45")
@pytest.mark.parametrize(
    "kind", ["photograph for (b)(1), not on record", "photograph for (b)(3) with consent, not on record"]
)
def test_a_permitted_photograph_that_no_record_holds_takes_the_address_back_with_it(vehicles, kind):
    assert vehicles.outcomes(kind) == {("withheld", True, False)}
    assert vehicles.told(kind) == {"accepted"}


@pytest.mark.e2e
@pytest.mark.rule("R-02")
def test_a_column_of_another_law_refuses_the_batch_by_name(vehicles):
    require_column_refused(vehicles, "recipient_sworn")


@pytest.mark.rule("R-72")
def test_the_record_of_onward_disclosure_is_kept_for_five_years():
    law = find_law(ROOT / "law/agreements/motor-vehicle-records-2026").as_law()
    assert law.obligations["onward_record_years_min"] == 5
