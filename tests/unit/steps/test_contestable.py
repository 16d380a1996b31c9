"""What two officers may lift on a contest, whatever a reason names: no statute, address or refusal."""

import pytest

from solely.decision.ruling import PASSED, Ruling
from solely.facts.request import RequestFacts
from solely.model import Address, AddressJudgment, Disposition, Item, Reason
from solely.steps.examination import Examined

STREET = Address("street", "14", street="UNKNOWN", suffix="RD", city="MEDFORD", state="NJ", zip5="08055")
GOOD = AddressJudgment("OK", None, "", "", address=STREET)
BAD = AddressJudgment("PLACEHOLDER", "R-25", "", "")
POLICY = Reason("taxpayer_number", "MALFORMED", "R-34")


def examined(
    *reasons: Reason, disposition: Disposition = Disposition.RETURNED, judged: AddressJudgment = GOOD
) -> Examined:
    """One item with this ruling and this address."""
    facts = RequestFacts({}, [{}], [judged], [], [], [()])
    return Examined([Item(1, "R-1")], facts, [Ruling(disposition, reasons)])


@pytest.mark.rule("R-87")
@pytest.mark.parametrize("disposition", [Disposition.RETURNED, Disposition.REFERRED])
def test_what_the_custodians_policy_returned_or_referred_is_lifted(disposition):
    found = examined(POLICY, disposition=disposition)
    assert found.contested(frozenset({0}), ["policy"]).rulings == [PASSED]
    assert found.contested(frozenset(), ["policy"]).rulings == found.rulings


@pytest.mark.rule("R-82")
@pytest.mark.parametrize("rule", ["R-21", "R-25", "R-20", "R-49", "R-27"])
def test_what_stands_on_more_than_policy_is_not_lifted(rule):
    found = examined(POLICY, Reason("periods", "MISSING", rule))
    assert found.contested(frozenset({0}), ["policy"]).rulings == found.rulings


@pytest.mark.rule("R-82")
def test_an_unmet_clause_of_the_statute_is_not_lifted_whatever_rule_it_names():
    found = examined(POLICY)._replace(statutory=frozenset({0}))
    assert not found.is_contestable(0, ["policy", "agreement"])


@pytest.mark.rule("R-33", "R-82")
def test_an_insufficient_address_is_not_lifted():
    assert not examined(POLICY, judged=BAD).is_contestable(0, ["policy"])


@pytest.mark.rule("R-82")
def test_a_refusal_and_a_request_id_are_not_lifted():
    assert not examined(POLICY, disposition=Disposition.REFUSED).is_contestable(0, ["policy"])
    assert not examined(Reason("request_id", "MALFORMED", "R-69")).is_contestable(0, ["agreement"])


@pytest.mark.rule("R-87")
def test_an_agreement_may_let_its_own_terms_be_contested():
    found = examined(Reason("assurance", "MISSING", "R-20"))
    assert found.is_contestable(0, ["policy", "agreement"])
    assert not found.is_contestable(0, ["policy"])
