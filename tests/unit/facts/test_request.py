"""The facts of a request as clauses read them, and the reasons that stand behind them (R-01, R-69)."""

from datetime import date
from typing import Any

import pytest

from solely.facts.lexicon import parse_lexicon
from solely.facts.reasons import REASONS
from solely.facts.request import FactContext, RequestFacts, facts_of, identity_keys, subjects_of
from solely.model import Disposition, Item, Trust
from solely.store.inputs import read_inputs, tables_of
from tests.support.submissions import ROW, enrolled, new_key

FILES = read_inputs(None)
TODAY = date(2026, 6, 2)
TRUST = Trust(officers={"officer-01": enrolled("officers", "officer-01", new_key())})
CONTEXT = FactContext(TODAY, True, TRUST, tables_of(FILES), parse_lexicon(FILES))


def item(row: int = 1, **words: str | None) -> Item:
    """The good row, with some of its words other than they should be."""
    return Item(row, **{**ROW, **words})


def facts(**words: str | None) -> RequestFacts:
    """The facts of one item."""
    return facts_of([item(**words)], CONTEXT)


def fact(name: str, **words: str | None) -> Any:
    """One fact of one item."""
    return facts(**words).columns[name][0]


def found(name: str, **words: str | None) -> str | None:
    """The reason behind one fact of one item."""
    reason = facts(**words).found[0].get(name)
    return None if reason is None else f"{reason} {reason.rule}"


@pytest.mark.rule("R-69")
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("MAIN ST, Dover DE 19901", "NO_NUMBER R-27"),
        ("1200, Dover DE 19901", "NO_STREET R-27"),
        ("12 Oak St", "NO_CITY_AND_STATE R-28"),
        ("12 Oak St, Dover 19901", "NO_STATE R-28"),
        ("12 Oak St, DE 19901", "NO_CITY R-28"),
        ("UPS Store, 12 Oak St, Dover DE 19901", "NO_BOX R-31"),
        ("19901", "INCOMPLETE R-26"),
        ("12 Detention Center, Dover DE 19901", "FACILITY R-29"),
    ],
)
def test_what_an_address_lacks_is_named(address: str, said: str) -> None:
    assert found("address_verdict", address=address) == f"address:{said}"
    assert said.split(maxsplit=1)[0] in REASONS


@pytest.mark.rule("R-69")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"family_name": "NUÃ±EZ"}, "family_name:INVALID_TEXT R-23"),
        ({"middle_name": "JOS?E"}, "middle_name:INVALID_TEXT R-23"),
        ({"given_name": "LOPEZ, MARIA", "family_name": None}, "family_name:MISSING R-23"),
        ({"family_name": "\u3164"}, "family_name:MISSING R-23"),
    ],
)
def test_what_a_name_lacks_is_named(words: dict[str, str | None], said: str) -> None:
    assert found("name_verdict", **words) == said


@pytest.mark.rule("R-01", "R-67")
def test_a_good_row_has_every_fact_and_no_reason() -> None:
    known = facts()
    assert {name: values[0] for name, values in known.columns.items()} == {
        "received_on": TODAY,
        "received_year": 2026,
        "name_verdict": "OK",
        "address_verdict": "OK",
        "address_located": False,
        "address_sufficient": True,
        "birth_date": date(1984, 3, 9),
        "taxpayer_number": "912664821",
        "taxpayer_number_verdict": "VALID",
        "alien_number_verdict": "VALID",
        "basis": "final_order",
        "statute": "8 USC 1253(a)(1)(A)",
        "statute_is_civil": False,
        "purpose": "criminal_investigation",
        "reason": ROW["reason"],
        "reason_purpose": "NONE",
        "investigation_id": "INV-2026-00417",
        "investigation_opened_on": date(2026, 1, 15),
        "assurance": "active",
        "order_date": date(2024, 11, 5),
        "order_final_on": date(2024, 11, 5),
        "case_number": "C-88-1203",
        "removability_class": "1227(a)(1)(B)",
        "removability_section": "1227",
        "period_first": 2023,
        "period_last": 2024,
        "officers_valid": True,
        "fields": frozenset({"address"}),
        "source_stated": True,
    }
    assert (dict(known.found[0]), known.findings[0], known.faults) == ({}, (), ())


@pytest.mark.rule("R-69")
@pytest.mark.parametrize(
    ("column", "name", "reason"),
    [
        ("statute", "statute_is_civil", "statute:MISSING R-15"),
        ("reason", "reason_purpose", "reason:MISSING R-19"),
        ("basis", "basis", "basis:MISSING R-107"),
        ("purpose", "purpose", "purpose:MISSING R-16"),
        ("investigation_id", "investigation_id", "investigation_id:MISSING R-19"),
        ("investigation_opened_on", "investigation_opened_on", "investigation_opened_on:MISSING R-19"),
        ("assurance", "assurance", "assurance:MISSING R-20"),
        ("order_date", "order_final_on", "order_date:MISSING R-18"),
        ("case_number", "case_number", "case_number:MISSING R-18"),
        ("removability_class", "removability_section", "removability_class:MISSING R-18"),
        ("periods", "period_first", "periods:MISSING R-21"),
        ("officers", "officers_valid", "officers:MISSING R-49"),
        ("fields", "fields", "fields:MISSING R-45"),
        ("given_name", "name_verdict", "given_name:MISSING R-23"),
        ("address", "address_verdict", "address:MISSING R-24"),
    ],
)
def test_a_missing_element_is_named(column: str, name: str, reason: str) -> None:
    assert found(name, **{column: None}) == reason


@pytest.mark.rule("R-18", "R-107")
def test_the_order_is_final_when_the_court_says_so() -> None:
    assert fact("order_final_on", order_final_by_court_on="2/3/2026") == date(2026, 2, 3)
    assert found("order_final_on", order_final_by_court_on="soon") == "order_final_by_court_on:MALFORMED R-18"
    before = {"order_final_by_court_on": "2024-11-04"}
    assert fact("order_final_on", **before) is None
    assert found("order_final_on", **before) == "order_final_by_court_on:BEFORE_ORDER R-18"


@pytest.mark.rule("R-18")
def test_a_date_that_cannot_be_counts_as_missing() -> None:
    assert fact("order_date", order_date="1900-01-01") is None
    assert found("order_date", order_date="1970-01-01") == "order_date:IMPLAUSIBLE R-18"
    assert found("order_date", order_date="1900-01-01") == "order_date:IMPLAUSIBLE R-18"
    assert found("order_final_on", order_date="2026-06-03") == "order_date:FUTURE R-18"


@pytest.mark.rule("R-107")
def test_an_unknown_basis_is_kept_so_that_it_is_refused() -> None:
    assert fact("basis", basis="Overstay") == "overstay"
    assert fact("basis", basis="Final Order") == "final_order"


@pytest.mark.rule("R-79")
def test_a_birth_date_that_cannot_be_read_returns_the_item_beside_a_valid_number() -> None:
    known = facts(birth_date="9 March 1984")
    assert [(d, str(r)) for d, r in known.findings[0]] == [(Disposition.RETURNED, "birth_date:MALFORMED")]
    assert facts(birth_date="1900-01-01").findings[0] == ()
    assert fact("birth_date", birth_date="1970-01-01") == date(1970, 1, 1)  # people are born on any day
    assert fact("birth_date", birth_date="1900-01-01") is None


@pytest.mark.rule("R-34")
def test_an_invalid_number_is_no_number() -> None:
    assert (fact("taxpayer_number", taxpayer_number="666-12-3456")) is None
    assert fact("taxpayer_number_verdict", taxpayer_number="666-12-3456") == "INVALID"
    assert fact("taxpayer_number_verdict", taxpayer_number=None) == "ABSENT"


@pytest.mark.rule("R-35")
def test_an_alien_number_in_both_columns_is_no_taxpayer_number() -> None:
    words = {"taxpayer_number": "912664821", "alien_number": "A912664821"}
    assert fact("taxpayer_number", **words) is None
    assert found("taxpayer_number_verdict", **words) == "taxpayer_number:ALIEN_NUMBER R-35"


@pytest.mark.rule("R-18", "R-19")
@pytest.mark.parametrize(
    ("element", "day", "rule"),
    [
        ("order_date", "1984-03-09", "R-18"),
        ("order_date", "1960-01-01", "R-18"),
        ("investigation_opened_on", "1984-03-09", "R-19"),
    ],
)
def test_a_day_before_the_birth_of_the_person_is_returned(element: str, day: str, rule: str) -> None:
    known = facts(**{element: day})
    assert [(d, str(r), r.rule) for d, r in known.findings[0]] == [
        (Disposition.RETURNED, f"{element}:BEFORE_BIRTH", rule)
    ]
    assert not facts(**{element: "1984-03-10"}).findings[0]
    assert not facts(**{element: day}, birth_date=None).findings[0]


@pytest.mark.rule("R-23", "R-69")
@pytest.mark.parametrize("suffix", ["*", "unknown", "garbage text", "-", "N/A", "MD"])
def test_a_suffix_that_is_no_generation_is_returned(suffix: str) -> None:
    assert [(d, str(r)) for d, r in facts(suffix=suffix).findings[0]] == [
        (Disposition.RETURNED, "suffix:UNKNOWN_CODE")
    ]


@pytest.mark.rule("R-23", "R-67")
@pytest.mark.parametrize("suffix", ["Jr.", "senior", "III", "2nd", "v", "VI", None])
def test_a_generation_is_kept(suffix: str | None) -> None:
    assert not facts(suffix=suffix).findings[0]


@pytest.mark.rule("R-94", "R-88")
def test_the_element_of_a_name_at_fault_is_named() -> None:
    assert found("name_verdict", given_name="FNU") == "given_name:SINGLE R-94"
    assert found("name_verdict", family_name="UNKNOWN") == "family_name:PLACEHOLDER R-23"
    assert found("name_verdict", family_name="*") == "family_name:NOT_ONE_PERSON R-88"
    both = facts(given_name=None, family_name=None)
    assert [str(reason) for _, reason in both.findings[0]] == ["family_name:MISSING"]


@pytest.mark.rule("R-16", "R-17")
def test_a_reason_in_doubt_refers_the_item() -> None:
    known = facts(reason="to locate the subject of a criminal investigation")
    assert [(d, str(r)) for d, r in known.findings[0]] == [(Disposition.REFERRED, "reason:UNCLEAR")]
    assert fact("reason_purpose", reason="locate for removal") == "CIVIL_REMOVAL"
    assert fact("reason_purpose", reason="current whereabouts, serve warrant") == "LOCATION"


@pytest.mark.rule("R-88")
def test_a_reason_that_asks_what_no_request_can_returns_the_item() -> None:
    known = facts(reason="Notify us on any new address of the subject")
    assert [(d, str(r), r.rule) for d, r in known.findings[0]] == [
        (Disposition.RETURNED, "reason:NOT_ASKABLE", "R-88")
    ]


@pytest.mark.rule("R-19")
def test_a_reason_that_names_no_crime_refers_the_item_of_a_criminal_matter_only() -> None:
    known = facts(reason="second visit of the housing survey")
    assert [(d, str(r)) for d, r in known.findings[0]] == [(Disposition.REFERRED, "reason:NOT_SPECIFIC")]
    other = facts(reason="second visit of the housing survey", purpose="statistics")
    assert other.findings == [()]


@pytest.mark.rule("R-87")
def test_a_cured_row_states_its_source() -> None:
    assert fact("source_stated", cures="R-0900", source=None) is False
    assert fact("source_stated", cures="R-0900", source="the person's own filing") is True


@pytest.mark.rule("R-50", "R-49")
def test_an_officer_who_is_not_enrolled_never_makes_the_fact_true() -> None:
    assert fact("officers_valid", officers="officer-01;officer-01") is True
    assert fact("officers_valid", officers="officer-01;officer-02") is None
    assert found("officers_valid", officers="officer-01;officer-02") == "officers:UNKNOWN_OFFICER R-49"


@pytest.mark.rule("R-33")
def test_a_number_never_makes_an_address_sufficient() -> None:
    assert fact("taxpayer_number_verdict", address="NA NA 77002") == "VALID"
    assert fact("address_sufficient", address="NA NA 77002") is False


@pytest.mark.rule("R-40", "R-36")
def test_formatting_alone_makes_no_other_person() -> None:
    one = item(1, given_name="José", birth_date="1984-03-09", taxpayer_number=None)
    other = item(
        2, given_name=" JOSE ", birth_date="3/9/1984", taxpayer_number=None, address=ROW["address"].upper()
    )
    keys = identity_keys(facts_of([one, other, item(3, given_name="Ana", taxpayer_number=None)], CONTEXT))
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.rule("R-36")
def test_what_is_not_known_makes_no_two_rows_one_person() -> None:
    known = facts_of(
        [item(taxpayer_number="123", birth_date=None), item(taxpayer_number=None, address="NA")], CONTEXT
    )
    assert identity_keys(known) == [(None, None), (None, None)]


def test_a_subject_is_the_person_of_its_row() -> None:
    items = [item(7, suffix="Jr."), item(8, address="120 LARKSPUR, Dover DE 19901")]
    known = facts_of(items, CONTEXT)
    first, second = subjects_of(items, known, [0, 1], TODAY)
    assert (first.row, first.given, first.family, first.suffix) == (
        7,
        ("ROSALIND",),
        ("OKONKWO", "VARGA"),
        "JR",
    )
    assert (first.periods, first.order_date, first.is_exact_required) == (
        (2023, 2024),
        date(2024, 11, 5),
        False,
    )
    assert second.is_exact_required is (known.columns["address_verdict"][1] == "REVIEW")
    assert "ROSALIND" not in repr(first)


def test_no_items_have_no_facts() -> None:
    assert {len(values) for values in facts_of([], CONTEXT).columns.values()} == {0}


def test_a_fault_of_the_address_judge_leaves_the_item_to_a_person() -> None:
    broken = FactContext(TODAY, True, TRUST, None, CONTEXT.lexicon)  # type: ignore[arg-type]
    known = facts_of([item()], broken)
    assert (known.columns["address_verdict"], known.faults) == (["UNCLEAR"], (0,))


@pytest.mark.rule("R-69")
def test_every_code_says_how_to_cure_it() -> None:
    for code, text in REASONS.items():
        assert code == code.upper() and text.meaning and text.cure
