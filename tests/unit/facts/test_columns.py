"""Dates, periods, statutes, codes and officers, each at its exact boundary."""

from datetime import date

import pytest

from solely.facts.code import (
    ASSURANCES,
    CRIMINAL,
    plain_code,
    read_assurance,
    read_fields,
    read_purpose,
    read_reference,
)
from solely.facts.day import find_day, read_birth_date, read_day, read_event
from solely.facts.lexicon import parse_lexicon
from solely.facts.officer import officer_ids, read_officers
from solely.facts.period import read_periods
from solely.facts.reading import Reading
from solely.facts.reasons import cure_of
from solely.facts.statute import is_non_criminal, read_removability_class, read_statute
from solely.store.inputs import read_inputs
from tests.support.submissions import enrolled, new_key

TODAY = date(2026, 6, 2)
LISTS = parse_lexicon(read_inputs(None))


def code_of(reading: Reading) -> str | None:
    """The code of a reading's reason."""
    value, reason = reading
    assert (value is None) == (reason is not None), "a value or a reason, never both"
    return None if reason is None else reason.code


@pytest.mark.rule("R-18")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-06-02", None),
        ("6/2/2026", None),
        ("06/02/2026", None),
        (" 2024-02-29 ", None),
        ("1900-01-02", "IMPLAUSIBLE"),
        ("1952-12-23", "IMPLAUSIBLE"),
        ("1952-12-24", None),
        ("2026-06-03", "FUTURE"),
        ("1900-01-01", "IMPLAUSIBLE"),
        ("1/1/1900", "IMPLAUSIBLE"),
        ("1904-01-01", "IMPLAUSIBLE"),
        ("1970-01-01", "IMPLAUSIBLE"),
        ("1899-12-30", "IMPLAUSIBLE"),
        ("9999-12-31", "IMPLAUSIBLE"),
        ("0001-01-01", "IMPLAUSIBLE"),
        ("1970-01-02", None),
        ("1899-12-31", "IMPLAUSIBLE"),
        ("2200-01-01", "IMPLAUSIBLE"),
        ("2025-02-29", "MALFORMED"),
        ("13/1/2025", "MALFORMED"),
        ("2025-1-5", "MALFORMED"),
        ("20250105", "MALFORMED"),
        ("2025-W01-1", "MALFORMED"),
        ("1/5/25", "MALFORMED"),
        ("2025-01-05 00:00:00", "MALFORMED"),
        ("5 Jan 2025", "MALFORMED"),
        ("٢٠٢٥-٠١-٠٥", "MALFORMED"),
        ("0000-00-00", "MALFORMED"),
        ("45662", "MALFORMED"),
    ],
)
def test_a_day_is_read_or_named(text: str, code: str | None) -> None:
    assert code_of(read_event(text, TODAY, "order_date", "R-18")) == code


@pytest.mark.rule("R-18")
def test_other_agreements_may_tell_of_older_days() -> None:
    assert read_day("1900-01-02", TODAY, "house_built_on", "R-69") == (date(1900, 1, 2), None)


@pytest.mark.rule("R-79")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1906-01-01", None),
        ("1905-12-31", "IMPLAUSIBLE"),
        ("2026-06-01", None),
        ("2026-06-02", "IMPLAUSIBLE"),  # what a system writes that fills in the day of entry
        ("2027-01-01", "FUTURE"),
    ],
)
def test_a_birth_date_is_of_a_living_person(text: str, code: str | None) -> None:
    assert code_of(read_birth_date(text, TODAY)) == code


def test_both_ways_to_write_a_day_agree() -> None:
    assert find_day("3/9/1984") == find_day("1984-03-09") == date(1984, 3, 9)


@pytest.mark.rule("R-21")
@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("2023;2024", (2023, 2024)),
        (" 2024 ; 2023;2024;", (2023, 2024)),
        ("1950", (1950,)),
        ("2026", (2026,)),
        (";".join(map(str, range(2007, 2027))), tuple(range(2007, 2027))),
    ],
)
def test_periods_are_a_closed_set_of_years(text: str, periods: tuple[int, ...]) -> None:
    assert read_periods(text, 2026) == (periods, None)


@pytest.mark.rule("R-21")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ALL", "MALFORMED"),
        ("2019-2021", "MALFORMED"),
        ("2023,2024", "MALFORMED"),
        (";", "MALFORMED"),
        ("2023;ALL", "MALFORMED"),
        ("23", "MALFORMED"),
        ("2031", "FUTURE"),
        ("2027", "FUTURE"),
        ("1949", "IMPLAUSIBLE"),
        ("٢٠٢٣", "MALFORMED"),
        (";".join(map(str, range(1950, 2027))), "TOO_MANY"),
        (";".join(map(str, range(2006, 2027))), "TOO_MANY"),
    ],
)
def test_periods_without_an_end_are_returned(text: str, code: str) -> None:
    assert code_of(read_periods(text, 2026)) == code


@pytest.mark.rule("R-15")
@pytest.mark.parametrize(
    ("text", "statute"),
    [
        ("8 USC 1253(a)(1)(A)", "8 USC 1253(a)(1)(A)"),
        ("8 U.S.C. § 1253(a)(1)(A)", "8 USC 1253(a)(1)(A)"),
        ("8 usc §1253 (A)(1)(a)", "8 USC 1253(a)(1)(A)"),
        ("Title 18, U.S.C., Section 1546(a)", "18 USC 1546(a)"),
        ("08 USC 1229A", "8 USC 1229a"),
        ("18 U.S.C. 924(c)(1)(A)(ii)", "18 USC 924(c)(1)(A)(ii)"),
        ("42 USC 300aa-1", "42 USC 300aa-1"),
    ],
)
def test_a_citation_has_one_form(text: str, statute: str) -> None:
    assert read_statute(text) == (statute, None)


@pytest.mark.rule("R-15")
@pytest.mark.parametrize(
    "text",
    ["immigration laws", "1253", "8 USC", "8 CFR 241.1", "INA 243", "8 USC 1253; 18 USC 111", "8 USC 1253(a"],
)
def test_what_cites_no_one_provision_is_returned(text: str) -> None:
    assert code_of(read_statute(text)) == "MALFORMED"


@pytest.mark.rule("R-15")
def test_the_code_has_fifty_four_titles() -> None:
    assert read_statute("54 USC 100101") == ("54 USC 100101", None)
    assert read_statute("1 USC 1") == ("1 USC 1", None)
    assert {code_of(read_statute(text)) for text in ("99 USC 1", "55 USC 1", "0 USC 1")} == {"IMPLAUSIBLE"}


@pytest.mark.rule("R-15")
@pytest.mark.parametrize(
    ("statute", "is_civil"),
    [
        ("8 USC 1229a", True),
        ("8 USC 1229a(b)(5)", True),
        ("8 USC 1182(a)(6)", True),
        ("8 USC 1231(a)(1)", True),
        ("8 USC 1226", True),
        ("8 USC 1325(b)", True),
        ("8 USC 1253(a)(1)(A)", False),
        ("8 USC 1253(a)(2)", True),
        ("8 USC 1325(a)", False),
        ("8 USC 1326", False),
        ("8 USC 1324a(f)", False),
        ("8 USC 1229d", False),
        ("18 USC 1546(a)", False),
    ],
)
def test_a_provision_without_a_crime_is_known_as_such(statute: str, is_civil: bool) -> None:
    assert is_non_criminal(statute, LISTS.non_criminal, LISTS.crimes) is is_civil


@pytest.mark.rule("R-18")
@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1227(a)(1)(B)", "1227(a)(1)(B)"),
        ("8 U.S.C. § 1227(A)(2)(a)(III)", "1227(a)(2)(A)(iii)"),
        ("1227(a)(7)", "1227(a)(7)"),
        ("1182(a)(6)(A)(i)", "1182(a)(6)(A)(i)"),
        ("1182", "1182"),
    ],
)
def test_a_class_of_removability_has_one_form(text: str, canonical: str) -> None:
    assert read_removability_class(text) == (canonical, None)


@pytest.mark.rule("R-18")
@pytest.mark.parametrize(
    "text",
    [
        "1227",
        "1227(a)",
        "1227(b)(1)",
        "1227(a)(8)",
        "12270(a)(1)",
        "overstay",
        "1229(a)(1)",
        "1227(a)(1)(ZZ)",
        "1227(a)(1)(I)",
        "1227(a)(3)(E)",
        "1227(a)(5)(A)",
        "1227(a)(2)(A)(7)",
        "1227(a)(2)(A)(k)",
    ],
)
def test_what_is_no_class_is_returned(text: str) -> None:
    assert code_of(read_removability_class(text)) == "MALFORMED"


@pytest.mark.rule("R-16", "R-17")
def test_a_code_is_read_whatever_its_case_and_joints() -> None:
    assert (
        plain_code(" Criminal-Investigation ")
        == plain_code("criminal investigation")
        == "criminal_investigation"
    )
    assert read_purpose("Civil Removal") == ("civil_removal", None)
    assert code_of(read_purpose("national security")) == "UNKNOWN_CODE"
    assert code_of(read_purpose("lo\u0441ation")) == "UNKNOWN_CODE"


@pytest.mark.rule("R-20")
def test_an_assurance_is_of_an_active_investigation() -> None:
    assert read_assurance("Active") == ("active", None)
    assert code_of(read_assurance("closed")) == code_of(read_assurance("yes")) == "UNKNOWN_CODE"


@pytest.mark.rule("R-69")
@pytest.mark.parametrize(("element", "codes"), [("assurance", ASSURANCES), ("purpose", CRIMINAL)])
def test_the_cure_of_an_unknown_code_names_the_codes(element: str, codes: frozenset[str]) -> None:
    text = cure_of(element, "UNKNOWN_CODE")
    assert text is not None
    assert codes <= set(text.cure.replace(",", "").split())


@pytest.mark.rule("R-45")
def test_an_unknown_field_stays_in_the_set() -> None:
    assert read_fields("address; Phone") == (frozenset({"address", "phone"}), None)
    assert code_of(read_fields(";")) == "MISSING"


@pytest.mark.rule("R-19")
@pytest.mark.parametrize("text", [
        "N/A", "unknown", "-", "000000", "TBD", "xxx", "pending",
        # what every case is called
        "see letter", "General", "ICE", "DHS", "Operation", "case", "same as A-number",
        "criminal investigation", "n",
        # a beginning without a number
        "INV-", "IC-", "INV-0000", "Case No. 000", "ICE/0", "HSI",
        # too short to tell two cases apart
        "1", "12", "A", "K-",
        # a word for none, whatever the number beside it
        "INV-UNKNOWN-01", "TBD 2024", "see letter of 5 May 2024", "Same as 204117396",
        "unassigned-7", "a case", "TBD-2024", "UNK-11", "INV-UNK1", "INV-UNKNOWN7A",
        # digits for letters, and words for any case
        "n0ne", "T3ST", "unkn0wn", "all", "Several cases", "any", "ninguno", "9999999", "not yet opened",
    ],
)  # fmt: skip
def test_a_placeholder_is_no_investigation(text: str) -> None:
    assert code_of(read_reference(text, "investigation_id", "R-19")) == "PLACEHOLDER"


@pytest.mark.rule("R-19")
def test_an_investigation_is_kept_as_written() -> None:
    assert read_reference(" INV-2026/0041 ", "investigation_id", "R-19") == ("INV-2026/0041", None)
    assert read_reference("HARBOR LIGHT", "investigation_id", "R-19") == ("HARBOR LIGHT", None)


@pytest.mark.rule("R-18", "R-19", "R-67")
@pytest.mark.parametrize(
    "text",
    [
        "INV-7", "IC-10001-70707", "A204117396", "24-117", "HSI-2026-0007", "2:24-cr-00117", "100",
        "INV-K", "CASE KILO", "Operation Harbor", "ICE-2025-1", "GJ 24-3", "TESTA-1", "SEELEY-4",
        "PENDINGTON 9", "C-88-1203", "PENT-00-20", "INV-A", "INV-UNK8N3FQ6", "INV-VEQG8SEE3",
        "7E57", "1111", "A11111", "T35T-2024-01", "ALLEN 4", "ALL STAR",
    ],
)  # fmt: skip
def test_what_tells_one_case_from_another_is_given(text: str) -> None:
    assert read_reference(text, "case_number", "R-18") == (text, None)


@pytest.mark.rule("R-49", "R-50")
def test_every_officer_named_is_enrolled_and_certified() -> None:
    key = new_key()
    officers = {
        "officer-01": enrolled("officers", "officer-01", key),
        "officer-02": enrolled("officers", "officer-02", key, certified_on=None),
        "officer-03": enrolled("officers", "officer-03", key, kind="mailbox"),
        "officer-04": enrolled("officers", "officer-04", key, valid_to=date(2026, 6, 1)),
    }

    def said(text: str) -> str | None:
        value, reason = read_officers(text, officers, TODAY)
        assert value is (True if reason is None else None)
        return reason and f"{reason} {reason.rule}"

    assert said("officer-01") is None
    assert said("officer-01;officer-09") == "officers:UNKNOWN_OFFICER R-49"
    assert said("team@agency.example") == "officers:MALFORMED R-49"
    assert said("officer-01;officer-01; officer-01") is None
    assert officer_ids("officer-01;officer-02; officer-01;") == ("officer-01", "officer-02")
    assert said("officer-02") == "officers:NOT_CERTIFIED R-50"
    assert said("officer-01; officer-03") == "officers:NOT_A_PERSON R-49"
    assert said("officer-04") == "officers:NOT_IN_DATE R-50"


@pytest.mark.rule("R-49")
def test_without_a_trust_folder_only_the_form_of_an_officer_is_judged() -> None:
    assert read_officers("officer-77", None, TODAY) == (True, None)
    assert read_officers("team@agency.example", None, TODAY)[0] is None


def test_officers_are_listed_once_in_order() -> None:
    assert officer_ids(" b ;a;; b") == ("b", "a")
    assert officer_ids(None) == ()
