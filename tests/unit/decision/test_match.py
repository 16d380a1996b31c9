"""The ruling on the match: doubt goes to a person or nowhere, and a protected person never shows."""

from types import SimpleNamespace

import pytest

from solely.decision.match import REFERABLE, is_guarded, rule_on_match
from solely.decision.ruling import Unmet
from solely.model import Abstention, Disposition, Identification, RecordAddress

PLAIN = {"is_protected": False, "is_impaired": False}
ADDRESS = RecordAddress("12 OAK ST", "", "MEDFORD", "NJ", "08055", None, None, None)


def found(abstention=None, facts=PLAIN, record_id="P-1", address=ADDRESS):
    return Identification(1, record_id, abstention, address, facts, {})


def test_one_person_without_a_doubt_is_releasable():
    assert rule_on_match(found(), ()).disposition is None


@pytest.mark.rule("R-39")
@pytest.mark.parametrize("abstention", list(Abstention))
def test_only_four_doubts_go_to_a_person_and_none_is_released(abstention):
    expected = Disposition.REFERRED if abstention in REFERABLE else Disposition.WITHHELD
    assert rule_on_match(found(abstention), ()).disposition is expected
    assert len(REFERABLE) == 4


@pytest.mark.rule("R-43")
@pytest.mark.parametrize("abstention", sorted(REFERABLE))
@pytest.mark.parametrize("flags", [{"is_protected": True}, {"is_impaired": True}, {"is_impaired": None}])
@pytest.mark.parametrize("record_id", ["P-1", None])
def test_a_doubt_about_a_protected_person_is_withheld_and_goes_to_nobody(abstention, flags, record_id):
    ruling = rule_on_match(found(abstention, PLAIN | flags, record_id), ())
    assert ruling.disposition is Disposition.WITHHELD


@pytest.mark.rule("R-43")
def test_an_unknown_flag_protects():
    assert is_guarded({"is_protected": False})
    assert is_guarded(PLAIN | {"is_impaired": None})
    assert not is_guarded(PLAIN)


@pytest.mark.rule("R-02")
@pytest.mark.parametrize("missing", [{"record_id": None}, {"address": None}])
def test_an_identification_that_lacks_a_part_is_no_permission(missing):
    assert rule_on_match(found(**missing), ()).disposition is Disposition.WITHHELD


@pytest.mark.rule("R-22")
def test_a_person_found_of_whom_no_one_address_can_leave_is_not_said_to_be_nobody():
    ruling = rule_on_match(found(address=None), ())
    assert [each.code for each in ruling.reasons] == ["NO_ADDRESS"]


@pytest.mark.rule("R-43")
@pytest.mark.parametrize("flags", [{"is_protected": True}, {"is_impaired": True}, {"is_protected": None}])
def test_a_protected_person_is_withheld_though_every_clause_holds(flags):
    assert rule_on_match(found(facts=PLAIN | flags), ()).disposition is Disposition.WITHHELD


@pytest.mark.rule("R-43")
def test_a_clause_that_would_refer_a_protected_person_shows_them_to_nobody():
    clause = SimpleNamespace(
        otherwise="referred", unknown="withheld", element="record", code="X", unknown_code="X",
        rules=("R-43",), facts=("is_protected",),
    )  # fmt: skip
    ruling = rule_on_match(found(facts=PLAIN | {"is_protected": True}), [Unmet(clause, is_unknown=False)])
    assert ruling.disposition is Disposition.WITHHELD
