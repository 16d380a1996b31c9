"""Taxpayer numbers and A-numbers at the exact edges of their syntax (R-34, R-35).

The boundary cases are generated digits without any name; valid real ranges are never written out.
"""

import pytest

from solely.facts.identifier import ITIN_GROUPS, judge_identifier, read_alien_number, read_taxpayer_number


def verdict(text: str, *, is_synthetic: bool = False) -> tuple[str, str]:
    """Verdict and kind of a line."""
    judgment = judge_identifier(text, is_synthetic=is_synthetic)
    return judgment.verdict, judgment.kind


@pytest.mark.rule("R-34")
@pytest.mark.parametrize(
    "text",
    [
        "666-12-3456",
        "000-12-3456",
        "123-00-4567",
        "123-45-0000",
        "900-66-1234",
        "912-89-1234",
        "900-00-1234",
        "900-49-1234",
        "12-3456789",
        "12345678",
        "1234567890",
        "123456789",
        "111-11-1111",
        "999-99-9999",
        "078-05-1120",
        "219-09-9999",
        "457-55-5462",
        "042-10-3580",
        "987-65-4320",
        "987-65-4329",
        "١٢٣٤٥٦٧٨١",
        "912 50 12a4",
        "",
        "  ",
    ],
)
def test_a_number_that_nobody_bears_is_invalid(text: str) -> None:
    judgment = judge_identifier(text, is_synthetic=False)
    assert (judgment.verdict, judgment.rule, judgment.digits) == ("INVALID", "R-34", None)


@pytest.mark.rule("R-34")
@pytest.mark.parametrize("group", range(100))
def test_the_groups_of_an_itin_are_those_of_the_revenue_manual(group: int) -> None:
    expected = (
        ("VALID", "atin")
        if group == 93
        else ("VALID", "itin")
        if group in ITIN_GROUPS
        else ("INVALID", "other")
    )
    assert verdict(f"9{37}-{group:02d}-4021") == expected


@pytest.mark.rule("R-34")
@pytest.mark.parametrize("group", [66, 67, 68, 69, 89])
def test_the_demo_range_is_admitted_by_a_synthetic_agreement_only(group: int) -> None:
    assert verdict(f"912-{group}-4021", is_synthetic=True)[0] == "VALID"
    assert verdict(f"912-{group}-4021", is_synthetic=False)[0] == "INVALID"


@pytest.mark.rule("R-34")
def test_an_itin_of_the_groups_that_older_tables_reject_is_valid() -> None:
    assert verdict("912-50-4021") == verdict("912 65 4021") == verdict("912654021") == ("VALID", "itin")


@pytest.mark.rule("R-34")
def test_an_ssn_has_every_area_below_nine_hundred_but_two() -> None:
    areas = [area for area in range(1000) if verdict(f"{area:03d}-27-4021")[1] == "ssn"]
    assert areas == [area for area in range(1, 900) if area != 666]


@pytest.mark.rule("R-34")
def test_a_number_is_never_padded() -> None:
    _, reason = read_taxpayer_number("12664821", is_synthetic=True)
    assert reason is not None and reason.code == "MALFORMED"


@pytest.mark.rule("R-35")
@pytest.mark.parametrize(
    ("text", "digits"), [("A1234568", "001234568"), ("a-204 117 396", "204117396"), ("20411739", "020411739")]
)
def test_an_alien_number_is_padded_to_nine_digits(text: str, digits: str) -> None:
    assert read_alien_number(text) == (digits, None)


@pytest.mark.rule("R-35")
@pytest.mark.parametrize(
    "text", ["A12345", "A1234567890", "B1234567", "AA1234567", "MSC2190000001", "A000000000"]
)
def test_another_number_is_no_alien_number(text: str) -> None:
    value, reason = read_alien_number(text)
    assert value is None and reason is not None and reason.rule == "R-35"


@pytest.mark.rule("R-35")
def test_an_alien_number_is_no_taxpayer_number() -> None:
    assert verdict("A12345") == ("INVALID", "a_number")
    assert verdict("A204117396") == ("VALID", "a_number")
    assert read_taxpayer_number("A204117396", is_synthetic=True)[0] is None


@pytest.mark.rule("R-34", "R-35", "R-69")
@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("abc", "other", "this is no number"),
        ("A", "other", "this is no number"),
        ("A12345", "a_number", "seven to nine digits"),
        ("A-1234567890", "a_number", "seven to nine digits"),
        ("12-3456780", "other", "employer's number"),
        ("\uff11\uff12\uff13-\uff14\uff15-\uff16\uff17\uff18\uff10", "other", "write 0 to 9"),
        ("A\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18", "a_number", "write 0 to 9"),
        ("EAC2190012345", "other", "receipt number"),
        ("123-45-67801", "other", "nine digits"),
        ("A00000000", "a_number", "written where there is none"),
        ("900-66-1234", "other", "area, group or serial"),
    ],
)
def test_each_number_at_fault_is_told_what_it_is(text: str, kind: str, told: str) -> None:
    judgment = judge_identifier(text, is_synthetic=False)
    assert (judgment.verdict, judgment.kind) == ("INVALID", kind) and told in judgment.reason


@pytest.mark.rule("R-34", "R-35")
def test_a_requester_is_told_of_another_kind_of_number() -> None:
    employer = read_taxpayer_number("91-2664021", is_synthetic=True)[1]
    wide = read_taxpayer_number("\uff19\uff11\uff12664021", is_synthetic=True)[1]
    receipt = read_alien_number("IOE0912345678")[1]
    assert [str(each) for each in (employer, wide, receipt)] == [
        "taxpayer_number:EMPLOYER_NUMBER", "taxpayer_number:OTHER_DIGITS", "alien_number:RECEIPT_NUMBER",
    ]  # fmt: skip
