"""One record, or an abstention with its reason: the kernel, the same for bulk and for one request.

The plan, for one subject and everybody whom retrieval gathered:

0. Put the candidates in the order of their ids, each once: the order of retrieval never counts.
1. Compare each, field by field (`compare`).
2. Take the best who can be the match (active, not known to be dead) and bears a like name.
3. Judge all gates on the best, with everybody else as possible rival (`gates`).
4. Ask the second opinion (`weight`); it can only stop.
5. The first reason in a fixed order stands; reasons that no person may lift come before those that go to one.
6. Choose the address that may leave: the latest of record that meets a requested period (contracts 2).
7. Explain, in levels and counts alone: no value of request or record.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from solely.matching.alignment import NameLevel
from solely.matching.compare import Comparison, Level, compare
from solely.matching.gates import Field, Gate, all_gates, belongs_to_other, is_namesake_at_address, is_rival
from solely.matching.names import NameStatistics
from solely.matching.release_address import choose_address
from solely.matching.weight import WEIGHT_BITS_FLOOR, FieldWeight, field_weights
from solely.model import Abstention, Candidate, Identification, MatchingPolicy, Subject

MATCHER_VERSION = "1"

# A person may lift these two only, so the record is named beside them; it is released by nobody else.
REVIEWABLE = (Abstention.NAME_NOT_STRICT, Abstention.SECOND_OPINION)


def identify(
    subject: Subject,
    candidates: Sequence[Candidate],
    policy: MatchingPolicy,
    names: NameStatistics,
    is_capped: bool,
) -> Identification:
    """The one record that the request identifies, or why nobody is identified (R-37 to R-41).

    Identified means `abstention is None`. `record_id` also stands beside NAME_NOT_STRICT and SECOND_OPINION,
    for the person to whom they go; a `release_address` of None is never released, whatever else holds.
    """
    everybody = {each.record_id: each for each in candidates}  # 0
    compared = [compare(subject, everybody[key], policy, names) for key in sorted(everybody)]  # 1
    field = find_best(compared, names)  # 2
    if field is None:
        return _nobody(subject, compared, is_capped)
    gates = all_gates(field, subject, policy)  # 3
    is_light = not field.best_bits >= max(policy.weight_bits_min, WEIGHT_BITS_FLOOR)  # 4
    abstention = choose_abstention(gates, is_light, is_capped)  # 5
    is_named = abstention is None or abstention in REVIEWABLE
    # Whoever has name and address right tries this record too, with a guess of birth date or number.
    is_guess = gates[0].is_passed and gates[1].is_passed
    is_tried = is_named or is_guess or abstention is Abstention.ADDRESS_NOT_OF_RECORD
    address, choice = choose_address(field.best.record.addresses, subject)  # 6
    return Identification(
        row=subject.row,
        record_id=field.best.record.record_id if is_named else None,
        abstention=abstention,
        release_address=address if is_named else None,
        facts=_facts(field, abstention is None, choice),
        explanation=_explanation(field, subject, gates, (abstention, is_light, is_capped, choice)),  # 7
        tried_id=field.best.record.record_id if is_tried else None,
    )


def find_best(compared: Sequence[Comparison], names: NameStatistics) -> Field | None:
    """The candidate whom the request fits best, beside all others; None when nobody can be meant."""
    plausible = [(each, field_weights(each, names)) for each in compared if is_plausible(each)]
    ranked = [
        (*_rank(each, weights), -place)
        for place, (each, weights) in enumerate(plausible)
        if each.can_be_match
    ]
    if not ranked:
        return None
    # Of two who fit alike the first id is shown; they are rivals, so neither is released.
    best, weights = plausible[-max(ranked)[-1]]
    others = tuple(each for each in compared if each is not best)
    seconds = [sum(w.bits for w in its) for each, its in plausible if each is not best]
    return Field(best, others, weights, max(seconds, default=None))


def _rank(comparison: Comparison, weights: Sequence[FieldWeight]) -> tuple[bool, int, bool, int]:
    return (
        comparison.name.level is NameLevel.STRICT,
        comparison.keys_equal,
        comparison.address.is_confirmed,
        sum(each.bits for each in weights),
    )


def is_plausible(comparison: Comparison) -> bool:
    """True when the names are at least alike, or both keys are equal under another name."""
    return comparison.name.level is not NameLevel.OTHER or comparison.is_keyed


def choose_abstention(gates: Sequence[Gate], is_light: bool, is_capped: bool) -> Abstention | None:
    """The reason that stands; None when every gate passed and the second opinion agrees."""
    g1, g2, g3, g4, g5, g6 = gates
    reasons = (
        (not g3.is_passed and g3.because == "NO_KEY", Abstention.NO_DISCRIMINATOR),
        (not g3.is_passed, Abstention.DISCRIMINATOR_CONFLICT),
        (not g1.is_passed, Abstention.ADDRESS_NOT_OF_RECORD),
        (not g2.is_passed and g2.because == "SUFFIX_CONFLICT", Abstention.NAME_SUFFIX),
        (not g6.is_passed, Abstention.INCONSISTENT_DATES),
        (not g5.is_passed, Abstention.NAMESAKE_NEEDS_TWO_KEYS),
        (not g4.is_passed, Abstention.RIVAL),
        (is_capped, Abstention.BLOCK_TOO_LARGE),
        (not g2.is_passed, Abstention.NAME_NOT_STRICT),
        (is_light, Abstention.SECOND_OPINION),
    )
    found = next((reason for stands, reason in reasons if stands), None)
    assert found is not None or all(each.is_passed for each in gates), "a failed gate has no reason"
    return found


def _facts(field: Field, is_identified: bool, choice: str) -> dict[str, Any]:
    best = field.best
    return {
        "identified": is_identified,
        "address_of_record": best.address.is_confirmed,
        "address_level": best.address.level.value,
        # Where two addresses tie it is not known which one relates to the period, and unknown never permits.
        "address_period_requested": {"LATEST": True, "NONE": False}.get(choice),
        "keys_equal": best.keys_equal,
        "is_protected": best.record.is_protected is not False,
        "is_impaired": best.record.is_impaired is not False,
        "belongs_to_other_person": belongs_to_other(field.others),
    }


def _nobody(subject: Subject, compared: Sequence[Comparison], is_capped: bool) -> Identification:
    """Nobody can be meant; `barred` counts those who could be, were they active and alive."""
    # The number of somebody who is called so, and is dead or inactive, is no other person's number.
    others = [each for each in compared if not _is_barred(each)]
    is_others = belongs_to_other(others)
    reason = Abstention.DISCRIMINATOR_CONFLICT if is_others else Abstention.NO_CANDIDATE
    if is_capped:
        reason = Abstention.BLOCK_TOO_LARGE
    facts = {
        "identified": False,
        "address_of_record": False,
        "address_level": "NONE",
        "address_period_requested": False,
        "keys_equal": 0,
        "is_protected": False,
        "is_impaired": False,
        "belongs_to_other_person": is_others,
    }
    explanation = {
        "matcher_version": MATCHER_VERSION,
        "search": {"candidates": len(compared), "is_capped": is_capped},
        "barred": len(compared) - len(others),
        "outcome": "ABSTAINED",
        "reason": reason.value,
    }
    return Identification(subject.row, None, reason, None, facts, explanation)


def _is_barred(each: Comparison) -> bool:
    return is_plausible(each) and not each.is_contradicted and each.suffix is not Level.CONFLICT


def _explanation(
    field: Field,
    subject: Subject,
    gates: Sequence[Gate],
    outcome: tuple[Abstention | None, bool, bool, str],
) -> Mapping[str, Any]:
    abstention, is_light, is_capped, choice = outcome
    return {
        "matcher_version": MATCHER_VERSION,
        "search": {"candidates": len(field.others) + 1, "is_capped": is_capped},
        "evidence": [
            {"field": each.field, "level": each.level, "bits": each.bits, "one_in": 2 ** max(each.bits, 0)}
            for each in field.weights
        ],
        "weight_bits": field.best_bits,
        "second_opinion": "WEIGHT_TOO_LOW" if is_light else "AGREES",
        "gates": [{"id": g.id, "passed": g.is_passed, "because": g.because} for g in gates],
        "rivals": _rivals(field, subject),
        "counterfactual": _counterfactual(field, gates, abstention),
        "release_address": choice,
        "outcome": "MATCHED" if abstention is None else "ABSTAINED",
        "reason": None if abstention is None else abstention.value,
    }


def _rivals(field: Field, subject: Subject) -> dict[str, Any]:
    rivals = [each for each in field.others if is_rival(each, field.best, subject)]
    namesakes = [each for each in field.others if is_namesake_at_address(field.best, each, subject)]
    return {"count": len(rivals), "namesakes": len(namesakes), "best_bits": field.second_bits}


def _counterfactual(field: Field, gates: Sequence[Gate], abstention: Abstention | None) -> list[str]:
    """The fields without which this match would not have been one."""
    if abstention is not None:
        return []
    needed = ["name", "address"]
    is_two_needed = gates[4].because != "NOT_NEEDED"
    if is_two_needed or field.best.keys_equal == 1:
        needed += [
            name
            for name, level in (("birth_date", field.best.birth), ("taxpayer_number", field.best.number))
            if level.value == "EQUAL"
        ]
    return needed
