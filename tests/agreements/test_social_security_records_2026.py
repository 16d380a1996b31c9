"""20 CFR 401.155: only about one who was indicted or convicted, and a section chief signs (R-74)."""

from dataclasses import replace

import pytest

from demo import other
from solely.agreement.document import findings
from tests.support.other_agreements import (
    REFUSED,
    Gated,
    gated,
    opened_by_officer,
    require_promised,
    require_same_as_precheck,
)
from tests.support.tree import ROOT

AGREEMENT = "social-security-records-2026"


@pytest.fixture(scope="module")
def agency(tmp_path_factory) -> Gated:
    return gated(AGREEMENT, tmp_path_factory.mktemp("agency"))


@pytest.mark.e2e
@pytest.mark.rule("R-69")
def test_every_kind_of_item_becomes_what_it_must_and_precheck_says_so(agency):
    require_promised(agency)
    require_same_as_precheck(agency)


@pytest.mark.e2e
@pytest.mark.rule("R-74")
@pytest.mark.parametrize("standing", ["suspect", "arrested", "wanted as a witness"])
def test_nobody_is_asked_about_before_an_indictment(agency, standing):
    kind = f"one who is {standing} only"
    assert agency.outcomes(kind) == REFUSED
    assert agency.told(kind) == {"refused"}
    for item in agency.items(kind):
        assert (item["reasons"], item["rules"]) == (["standing:NOT_INDICTED"], ["R-74"])


@pytest.mark.e2e
@pytest.mark.rule("R-74")
def test_a_crime_that_is_not_violent_is_refused_unread(agency):
    assert agency.outcomes("one indicted for fraud") == REFUSED
    assert all("R-74" in item["rules"] for item in agency.items("one indicted for fraud"))


@pytest.mark.e2e
@pytest.mark.rule("R-74", "R-67")
def test_the_address_of_one_indicted_or_convicted_leaves(agency):
    for kind in ("address of one indicted for kidnapping", "address of one convicted of murder"):
        assert agency.outcomes(kind) == {("releasable", True, True)}
    assert opened_by_officer(agency, kind)["address"]["street_line"]


@pytest.mark.e2e
@pytest.mark.rule("R-74", "R-11")
def test_a_letter_of_a_supervisor_below_section_chief_is_refused_with_its_batch(agency):
    signed = replace(other.sender(AGREEMENT, agency.world.today), office="squad-supervisor")
    rows, columns = agency.made.requests.rows[:2], other.columns_of(agency.made.example)
    ran = agency.world.run(agency.world.write_batch(rows, "below", sender=signed, columns=columns))
    refused = ran.result["batch_refused"]
    assert (ran.code, refused["rule"], refused["element"]) == (1, "R-11", "signer_office")


@pytest.mark.rule("R-74", "R-11")
def test_no_agreement_lets_a_lower_office_sign():
    text = (ROOT / "law/agreements" / AGREEMENT / "agreement.md").read_text()
    wider = text.replace('"chief-of-section"]', '"chief-of-section", "squad-supervisor"]')
    found = findings(wider.encode(), (ROOT / "law/statutes/20-cfr-401-155/statute.md").read_bytes())
    assert [each for each in found if "let sign `squad-supervisor`" in each]
