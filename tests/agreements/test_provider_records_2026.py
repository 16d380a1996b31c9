"""18 USC 2703: the instrument decides which fields may be asked for (R-73)."""

import pytest

from tests.support.other_agreements import (
    REFUSED,
    Gated,
    gated,
    opened_by_officer,
    require_column_refused,
    require_promised,
    require_same_as_precheck,
)

pytestmark = pytest.mark.e2e
RELEASED = {("releasable", True, True)}


@pytest.fixture(scope="module")
def provider(tmp_path_factory) -> Gated:
    return gated("provider-records-2026", tmp_path_factory.mktemp("provider"))


def test_every_kind_of_item_becomes_what_it_must(provider):
    require_promised(provider)


@pytest.mark.rule("R-69")
def test_precheck_says_what_run_decides(provider):
    require_same_as_precheck(provider)


@pytest.mark.rule("R-73", "R-67")
def test_the_subscriber_address_leaves_on_every_instrument(provider):
    for kind in ("address on a court order", "address on a warrant", "subscriber address on a subpoena"):
        assert provider.outcomes(kind) == RELEASED
    assert opened_by_officer(provider, kind)["address"]["street_line"]


@pytest.mark.rule("R-73")
@pytest.mark.parametrize(
    "kind",
    [
        "content on a subpoena",
        "content on a court order",
        "records on a subpoena",
        "session times on a subpoena",
        "a letterhead alone",
        "an emergency without its own path",
    ],
)
def test_what_the_instrument_does_not_open_is_refused_unread(provider, kind):
    assert provider.outcomes(kind) == REFUSED
    assert all("R-73" in item["rules"] for item in provider.items(kind))


@pytest.mark.rule("R-45", "R-81")
def test_an_item_that_asks_for_what_no_record_holds_is_withheld_whole_and_neutrally(provider):
    kind = "content on a warrant, which no record holds"
    assert provider.outcomes(kind) == {("withheld", True, False)}
    assert provider.told(kind) == {"accepted"} == provider.told("address on a warrant")
    rows = {item["row"] for item in provider.items(kind)}
    assert {each["disposition"] for each in provider.said if each["row"] in rows} == {"passed"}


@pytest.mark.rule("R-02")
def test_a_column_of_another_law_refuses_the_batch_by_name(provider):
    require_column_refused(provider, "permissible_use")
