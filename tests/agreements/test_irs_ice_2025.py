"""The first agreement and its statute, held against requests: what a single defect leads to."""

from datetime import date

import pytest

from solely.agreement.document import Law, parse_agreement, parse_statute
from solely.agreement.evaluate import verdicts
from solely.decision.ruling import Unmet, rule
from tests.support.tree import ROOT

STATUTE = parse_statute((ROOT / "law/statutes/26-usc-6103-i-2/statute.md").read_bytes())
LAW = Law(STATUTE, parse_agreement((ROOT / "law/agreements/irs-ice-2025/agreement.md").read_bytes(), STATUTE))
RECEIVED = date(2026, 6, 1)

VALID = {
    "received_on": RECEIVED, "received_year": 2026, "name_verdict": "OK", "address_verdict": "OK",
    "address_located": False,
    "address_sufficient": True, "birth_date": date(1980, 2, 29), "taxpayer_number": None,
    "taxpayer_number_verdict": "ABSENT", "alien_number_verdict": "ABSENT", "basis": "final_order",
    "statute": "8 USC 1253(a)(1)(A)", "statute_is_civil": False, "purpose": "criminal_investigation",
    "reason": "interview of a witness to the refusal to depart of 2019", "reason_purpose": "NONE",
    "investigation_id": "HSI-2026-0007", "investigation_opened_on": date(2026, 1, 5), "assurance": "active",
    "order_date": date(2019, 3, 4), "order_final_on": date(2019, 3, 4), "case_number": "A-2019-0042",
    "removability_class": "1227(a)(2)", "removability_section": "1227", "period_first": 2021,
    "period_last": 2023,
    "officers_valid": True, "fields": frozenset(["address"]), "source_stated": True,
    "same_reason_items": 1, "same_reason_percent": 1, "persons_at_address": 1, "addresses_of_person": 1,
    "persons_of_investigation": 1, "investigations_opened_that_day": 1, "sequential_investigations": 1,
    "items_that_day": 1, "items_percent_of_history": 0, "attempts_before": 0,
}  # fmt: skip
MATCHED = {
    "identified": True, "address_of_record": True, "address_level": "EQUAL", "address_period_requested": True,
    "keys_equal": 1,
    "is_protected": False, "is_impaired": False, "belongs_to_other_person": False,
}  # fmt: skip


def ruled(stage, row):
    clauses = LAW.clauses(stage)
    judged = zip(clauses, verdicts(clauses, row), strict=True)
    return rule([Unmet(clause, found is None) for clause, found in judged if found is not True], {})


def ruled_request(**changes):
    return ruled("request", VALID | changes)


def insufficient(verdict, located=False):
    return {"address_verdict": verdict, "address_located": located, "address_sufficient": False}


@pytest.mark.rule("R-67")
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"basis": "criminal_investigation", "statute": "18 USC 1546(a)"},
        {"birth_date": None, "taxpayer_number": "900661234", "taxpayer_number_verdict": "VALID"},
        {"address_verdict": "REVIEW"},
        {"address_verdict": "NONRESIDENTIAL"},
        {"alien_number_verdict": "VALID"},
        {"purpose": "criminal_proceeding"},
        {"same_reason_items": 20, "same_reason_percent": 100},
        {"same_reason_items": 12_800, "same_reason_percent": 1},
        {"persons_at_address": 50, "persons_of_investigation": 5, "addresses_of_person": 3},
        {"investigations_opened_that_day": 2_000, "sequential_investigations": 2_000},
        {"items_that_day": 2_000_000, "attempts_before": 2},
        {"order_final_on": date(2026, 3, 2)},
        {"period_first": 1950, "period_last": 2026},
        {"investigation_opened_on": RECEIVED},
        {"statute": "18 USC 1546(a)", "basis": "criminal_investigation", "order_final_on": date(2026, 5, 1)},
    ],
    ids=str,
)
def test_a_valid_request_goes_on(changes):
    assert ruled_request(**changes).reasons == ()


R = pytest.mark.rule
DEFECTS = [
    ({"name_verdict": "MISSING"}, "returned", "given_name:MISSING", "R-23"),
    ({"name_verdict": "PLACEHOLDER"}, "returned", "given_name:PLACEHOLDER", "R-23"),
    ({"name_verdict": "INITIALS"}, "returned", "given_name:INITIALS", "R-23"),
    ({"name_verdict": "SINGLE"}, "referred", "given_name:SINGLE", "R-94"),
    ({"name_verdict": "NEW_VERDICT"}, "returned", "given_name:MISSING", "R-23"),
    (insufficient("PLACEHOLDER"), "returned", "address:PLACEHOLDER", "R-25"),
    (insufficient("INCOMPLETE"), "returned", "address:INCOMPLETE", "R-27"),
    (insufficient("FACILITY"), "returned", "address:FACILITY", "R-29"),
    (insufficient("FACILITY", located=True), "referred", "address:FACILITY_LOCATED", "R-29"),
    (insufficient("UNCLEAR"), "referred", "address:UNCLEAR", "R-28"),
    (insufficient("FOREIGN"), "referred", "address:FOREIGN", "R-32"),
    (insufficient("NEW_VERDICT"), "returned", "address:FAULT", "R-02"),
    (
        insufficient("PLACEHOLDER") | {"taxpayer_number": "900661234", "taxpayer_number_verdict": "VALID"},
        "returned",
        "address:INSUFFICIENT",
        "R-33",
    ),
    ({"birth_date": None}, "returned", "birth_date:NO_SECOND_KEY", "R-79"),
    (
        {"birth_date": None, "taxpayer_number_verdict": "INVALID"},
        "returned",
        "birth_date:NO_SECOND_KEY",
        "R-79",
    ),
    ({"taxpayer_number_verdict": "INVALID"}, "returned", "taxpayer_number:MALFORMED", "R-34"),
    ({"alien_number_verdict": "INVALID"}, "returned", "alien_number:MALFORMED", "R-35"),
    ({"basis": "overstay"}, "refused", "basis:NOT_AGREED", "R-107"),
    ({"basis": None}, "returned", "basis:NOT_AGREED", "R-107"),
    (
        {"basis": "criminal_investigation", "order_date": None, "order_final_on": None},
        "returned",
        "order_date:IMPLAUSIBLE",
        "R-107",
    ),
    ({"case_number": None}, "returned", "case_number:MISSING", "R-107"),
    ({"statute": "8 USC 1229a", "statute_is_civil": True}, "refused", "statute:NOT_CRIMINAL", "R-15"),
    ({"statute": "18 USC 1001"}, "referred", "statute:NOT_LISTED", "R-15"),
    ({"statute": None, "statute_is_civil": None}, "returned", "statute:MISSING", "R-15"),
    ({"purpose": "civil_removal"}, "refused", "purpose:CIVIL_REMOVAL", "R-16"),
    ({"purpose": "location"}, "refused", "purpose:LOCATION", "R-17"),
    ({"purpose": None}, "returned", "purpose:NOT_AGREED", "R-02"),
    ({"reason_purpose": "CIVIL_REMOVAL"}, "refused", "reason:CIVIL_REMOVAL", "R-16"),
    ({"reason_purpose": "LOCATION"}, "refused", "reason:LOCATION", "R-17"),
    ({"reason": None, "reason_purpose": None}, "returned", "reason:MISSING", "R-19"),
    (
        {"order_date": date(2026, 6, 2), "order_final_on": date(2026, 6, 2)},
        "refused",
        "order_date:IMPLAUSIBLE",
        "R-18",
    ),
    ({"order_final_on": date(2026, 3, 3)}, "refused", "order_date:WITHIN_90_DAYS", "R-18"),
    ({"order_final_on": None}, "returned", "order_final_by_court_on:IMPLAUSIBLE", "R-18"),
    ({"removability_section": "1182"}, "refused", "removability_class:NOT_IN_1227", "R-18"),
    ({"removability_section": None}, "returned", "removability_class:NOT_IN_1227", "R-18"),
    ({"investigation_id": None}, "returned", "investigation_id:MISSING", "R-19"),
    ({"investigation_opened_on": None}, "returned", "investigation_opened_on:FUTURE", "R-19"),
    ({"investigation_opened_on": date(2026, 6, 2)}, "returned", "investigation_opened_on:FUTURE", "R-19"),
    ({"assurance": None}, "returned", "assurance:UNKNOWN_CODE", "R-20"),
    ({"period_first": None, "period_last": None}, "returned", "periods:IMPLAUSIBLE", "R-21"),
    ({"period_last": 2031}, "returned", "periods:IMPLAUSIBLE", "R-21"),
    ({"fields": frozenset(["address", "phone"])}, "refused", "fields:NOT_AGREED", "R-45"),
    ({"fields": None}, "returned", "fields:NOT_AGREED", "R-45"),
    ({"officers_valid": False}, "returned", "officers:UNKNOWN_OFFICER", "R-49"),
    ({"officers_valid": None}, "returned", "officers:UNKNOWN_OFFICER", "R-49"),
    ({"source_stated": False}, "returned", "source:MISSING", "R-87"),
    ({"received_on": None}, "returned", "request_id:NO_DAY_OF_RECEIPT", "R-13"),
    ({"same_reason_items": 21, "same_reason_percent": 2}, "referred", "reason:BOILERPLATE", "R-19"),
    ({"persons_at_address": 51}, "referred", "address:TOO_MANY_PERSONS", "R-30"),
    ({"addresses_of_person": 4}, "referred", "address:TOO_MANY_ADDRESSES", "R-87"),
    ({"persons_of_investigation": 6}, "referred", "investigation_id:TOO_MANY_PERSONS", "R-86"),
    (
        {"investigations_opened_that_day": 2_001},
        "referred",
        "investigation_opened_on:TOO_MANY_OPENED",
        "R-86",
    ),
    ({"sequential_investigations": 2_001}, "referred", "investigation_id:SEQUENTIAL", "R-86"),
    ({"items_that_day": 2_000_001}, "referred", "request:VOLUME", "R-66"),
    ({"items_that_day": 10_001, "items_percent_of_history": 1_001}, "referred", "request:VOLUME", "R-66"),
    ({"attempts_before": 3}, "referred", "request:ATTEMPTS", "R-87"),
]
# Either of the two holds in place of the other: a share, and the number below which no share is asked.
SUBSTITUTED = {
    "birth_date", "taxpayer_number", "removability_class", "address_located", "same_reason_items",
    "same_reason_percent",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "disposition", "reason", "rule_id"),
    [pytest.param(*each, id=f"{each[2]} {each[1]}", marks=R(each[3])) for each in DEFECTS],
)
def test_one_defect_has_its_outcome_and_names_its_element(changes, disposition, reason, rule_id):
    ruling = ruled_request(**changes)
    assert ruling.disposition == disposition
    element = reason.split(":")[0]
    assert rule_id in {each.rule for each in ruling.reasons if each.element == element}
    if None not in changes.values():
        assert reason in {str(each) for each in ruling.reasons}


@pytest.mark.rule("R-02")
@pytest.mark.parametrize("fact", sorted(set(VALID) - SUBSTITUTED))
def test_no_request_goes_on_with_a_fact_unknown(fact):
    assert ruled_request(**{fact: None}).disposition in ("returned", "referred")


@pytest.mark.rule("R-01")
def test_no_clause_of_the_request_stage_reads_a_fact_about_a_record():
    of_match = {fact.name for fact in STATUTE.facts if fact.stage == "match"}
    assert of_match == set(MATCHED)
    assert all(not of_match & set(clause.facts) for clause in LAW.clauses("request"))


@pytest.mark.rule("R-67")
def test_a_matched_item_leaves():
    assert ruled("match", MATCHED).disposition is None


MISMATCHES = [
    ({"identified": False}, "R-37"), ({"identified": False}, "R-39"), ({"address_of_record": False}, "R-37"),
    ({"address_period_requested": False}, "R-22"), ({"address_period_requested": False}, "R-38"),
    ({"keys_equal": 0}, "R-79"),
    ({"is_protected": True}, "R-43"), ({"is_impaired": True}, "R-43"),
    ({"belongs_to_other_person": True}, "R-46"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "rule_id"),
    [pytest.param(*each, id=f"{each[0]} {each[1]}", marks=R(each[1])) for each in MISMATCHES],
)
def test_whatever_stands_against_a_match_withholds_it(changes, rule_id):
    ruling = ruled("match", MATCHED | changes)
    assert ruling.disposition == "withheld"
    assert rule_id in {each.rule for each in ruling.reasons}


@pytest.mark.rule("R-02")
@pytest.mark.parametrize("fact", sorted(set(MATCHED) - {"address_level"}))
def test_nothing_leaves_with_a_fact_about_the_match_unknown(fact):
    assert ruled("match", MATCHED | {fact: None}).disposition == "withheld"


def test_the_law_states_what_its_readers_need():
    assert LAW.signers == ("secretary-of-homeland-security",)
    assert LAW.parties == ("treasury", "homeland-security")
    assert LAW.fields == ("address",)
    schedules = LAW.agreement.schedules
    assert schedules["bases"]["bases"] == ["final_order", "criminal_investigation"]
    assert schedules["purposes"]["agreed_purposes"] == ["criminal_investigation", "criminal_proceeding"]
    assert LAW.starts_on == date(2025, 4, 7)
    assert LAW.ends_on is None
    assert LAW.is_synthetic
    assert LAW.release_days_max > 0
    assert LAW.limits["items_per_officer_max"] == 500
    assert LAW.matching.address_periods == "requested"
