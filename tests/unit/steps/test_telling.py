"""What a requester is told of a deficiency: a cure that is true of the item, and fits its column."""

from datetime import date

import pytest

from solely.model import Disposition, Reason
from solely.steps.telling import tell
from tests.support.proofs import law_of

LAW = law_of()

ON = date(2026, 11, 25)


def cure(element: str, code: str, rule: str, disposition: Disposition = Disposition.RETURNED) -> str:
    (told,) = tell([Reason(element, code, rule)], LAW, ON, disposition)
    return str(told["cure"])


@pytest.mark.rule("R-69")
def test_a_returned_row_never_says_that_a_person_decides_it() -> None:
    assert cure("address", "INSUFFICIENT", "R-33").startswith("state a full address")
    assert "once the rest is cured" in cure("row", "SAME_PERSON", "R-36")


@pytest.mark.rule("R-69", "R-28", "R-29")
@pytest.mark.parametrize(("code", "rule"), [("UNCLEAR", "R-28"), ("FACILITY_LOCATED", "R-29")])
def test_a_returned_row_asks_for_another_address_where_no_person_can_lift_what_it_gave(code, rule) -> None:
    assert cure("address", code, rule).startswith("give the person's own address in full")
    assert "a person at the custodian decides" in cure("address", code, rule, Disposition.REFERRED)
    assert "once the rest is cured" in cure("address", "TOO_MANY_PERSONS", "R-30")


@pytest.mark.rule("R-69")
def test_a_referred_row_says_that_a_person_decides() -> None:
    assert (
        cure("row", "SAME_PERSON", "R-36", Disposition.REFERRED) == "none: a person at the custodian decides"
    )


@pytest.mark.rule("R-69")
def test_what_a_clause_asks_is_told_once_and_always() -> None:
    for disposition in (Disposition.RETURNED, Disposition.REFERRED):
        (told,) = tell([Reason("address", "INSUFFICIENT", "R-33")], LAW, ON, disposition)
        assert f"{told['meaning']}; {told['cure']}".count("state a full address") == 1


@pytest.mark.rule("R-69", "R-94")
@pytest.mark.parametrize("element", ["given_name", "family_name"])
def test_who_bears_one_name_is_told_how_to_write_it(element: str) -> None:
    assert "FNU" in cure(element, "MISSING", "R-23")


@pytest.mark.rule("R-69")
@pytest.mark.parametrize(
    ("element", "form"),
    [
        ("order_date", "YYYY-MM-DD"),
        ("periods", "2022;2023"),
        ("statute", "8 USC"),
        ("officers", "semicolons"),
    ],
)
def test_a_malformed_value_is_told_its_form(element: str, form: str) -> None:
    assert form in cure(element, "MALFORMED", "R-18")


@pytest.mark.rule("R-69", "R-28")
@pytest.mark.parametrize("code", ["NO_CITY", "NO_STATE", "NO_CITY_AND_STATE"])
def test_where_the_last_line_alone_lacks_nothing_is_said_of_a_number_in_its_place(code: str) -> None:
    reasons = [Reason("address", code, "R-28"), Reason("address", "INSUFFICIENT", "R-33")]
    (told,) = tell(reasons, LAW, ON, Disposition.RETURNED)
    assert (told["code"], str(told["cure"])[:4]) == (code, "add ")
    reasons[0] = Reason("address", "NO_NUMBER", "R-27")
    assert len(tell(reasons, LAW, ON, Disposition.RETURNED)) == 2
