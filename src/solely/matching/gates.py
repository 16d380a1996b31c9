"""The gates G1 to G6: each must pass, each can only stop, none makes up for another (matching.md 8).

- No agreement can loosen them; `MatchingPolicy` can only tighten (contracts 7).
- Every gate is judged, also after the first failure, and says why in a word of a closed list.
- Rivals come from the wide universe: inactive, dependent and dead people, and addresses of any time.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler

from solely.matching.alignment import NEAR_MIN, NameComparison, NameLevel, TokenLevel
from solely.matching.compare import AddressLevel, BirthLevel, Comparison, Level
from solely.matching.names import SPELLED_GIVEN, suffix_of
from solely.matching.weight import MARGIN_BITS_FLOOR, FieldWeight
from solely.model import MatchingPolicy, Subject


class Gate(NamedTuple):
    """One gate's finding: its id, whether it let the candidate pass, and why."""

    id: str
    is_passed: bool
    because: str


class Field(NamedTuple):
    """The best candidate among all who were gathered, what it weighs by field, and what the second weighs."""

    best: Comparison
    others: tuple[Comparison, ...]
    weights: tuple[FieldWeight, ...]
    second_bits: int | None

    @property
    def best_bits(self) -> int:
        """What the best candidate weighs in all."""
        return sum(each.bits for each in self.weights)


def address_of_record(field: Field, subject: Subject) -> Gate:
    """G1: the request's address is one of record, in a period that counts (R-37, R-38, R-41, R-80)."""
    address = field.best.address
    if address.is_confirmed:
        return Gate("G1", True, address.level.value)
    if address.level is not AddressLevel.EQUAL and address.level is not AddressLevel.NEAR:
        return Gate("G1", False, address.level.value)
    if subject.is_exact_required and address.level is not AddressLevel.EQUAL:
        return Gate("G1", False, "NOT_EXACT")
    return Gate("G1", False, "UNIT_CONFLICT" if address.unit is Level.CONFLICT else "OTHER_PERIOD")


def strict_name(field: Field) -> Gate:
    """G2: every token of the name is explained, and no generational suffix contradicts (R-37, R-41)."""
    best = field.best
    if best.suffix is Level.CONFLICT:
        return Gate("G2", False, "SUFFIX_CONFLICT")
    return Gate("G2", best.name.level is NameLevel.STRICT, best.name.level.value)


def discriminator(field: Field, subject: Subject) -> Gate:
    """G3: taxpayer number or birth date is equal, and neither contradicts nor is somebody else's (R-79)."""
    best = field.best
    if best.number is Level.CONFLICT:
        return Gate("G3", False, "NUMBER_CONFLICT")
    if best.birth is BirthLevel.CONFLICT:
        return Gate("G3", False, "BIRTH_CONFLICT")
    if belongs_to_other(field.others):
        return Gate("G3", False, "NUMBER_OF_ANOTHER")
    keys = best.keys_equal
    return Gate("G3", keys >= 1, ("NO_KEY", "ONE_KEY", "TWO_KEYS")[keys])


def belongs_to_other(others: Sequence[Comparison]) -> bool:
    """True when somebody other than the best candidate bears the request's taxpayer number."""
    return any(each.number is Level.EQUAL for each in others)


def uniqueness(field: Field, subject: Subject, policy: MatchingPolicy) -> Gate:
    """G4: nobody else could be meant, and the best stands clear of the second (R-39).

    Somebody else could be meant when name and address agree, at any time and under any status, and no key
    contradicts. Whom a key does contradict is a namesake, for whom G5 asks two keys; but see `is_rival`.
    """
    if any(is_rival(each, field.best, subject) for each in field.others):
        return Gate("G4", False, "RIVAL")
    margin = max(policy.margin_bits_min, MARGIN_BITS_FLOOR)
    if field.second_bits is not None and not field.best_bits - field.second_bits >= margin:
        return Gate("G4", False, "MARGIN")
    return Gate("G4", True, "ALONE")


def is_rival(other: Comparison, best: Comparison, subject: Subject) -> bool:
    """True when `other` passes name and address in the wide sense, and no key says it is another person.

    The number of MARIE JOSE does not say so of her twin MARIE where MARIE is asked for: it may be a copy.
    """
    is_named = other.name.level is NameLevel.STRICT and other.suffix is not Level.CONFLICT
    if not is_named or not other.address.is_shared:
        return False
    return not other.is_contradicted or _is_named_better(other, best, subject)


def _is_named_better(other: Comparison, best: Comparison, subject: Subject) -> bool:
    """True when `other` was born on the day asked and alone has every given name written in the request."""
    asked = {*subject.given, *subject.middle, *subject.family}
    is_in_full = asked.issuperset(other.record.given) and not asked.issuperset(best.record.given)
    return other.is_birth_equal and is_in_full


def is_namesake_at_address(best: Comparison, other: Comparison, subject: Subject) -> bool:
    """True when `other` bears the same given and family name and ever shared the address (G5).

    A record that holds an initial in place of a given name may be a namesake's, so it counts as one.
    """
    if not other.address.is_shared or _differ_in_second_name(best, other, subject):
        return False
    if other.name.is_namesake and not _is_told_apart(best.name, other.name):
        return True
    return _may_be_one_name(other.record.given, best.record.given) and bool(
        _families(other) & _families(best)
    )


def _is_told_apart(best: NameComparison, other: NameComparison) -> bool:
    """True when the request states both first names in full and `other` bears only its own.

    So PILAR RICARDO RIOS is no namesake of RICARDO RUBEN RIOS, who lends the middle name. Where a slip, an
    initial or a joined name leaves open which of the two was meant, nothing is told apart.
    """
    if other.level is NameLevel.STRICT or not best.given is other.given is TokenLevel.EQUAL:
        return False
    one, two = best.given_text, other.given_text
    return not one.startswith(two) and not two.startswith(one)


def _differ_in_second_name(best: Comparison, other: Comparison, subject: Subject) -> bool:
    """True when the request states a second given name that `other` lacks, and not the one it bears.

    So JEAN CLAUDE is no namesake of JEAN ROBERT who is asked for by both names; MARIE of MARIE JOSE is one,
    and so is whoever has another middle name only, or a like spelling or an initial in its place.
    """
    asked = {*subject.given, *subject.middle}
    own, others = {*best.record.given}, {*other.record.given}
    stated, unstated = _words(asked & own - others), _words(others - own - asked)
    if other.name.level is NameLevel.STRICT or not (asked & own & others and stated and unstated):
        return False
    return all(JaroWinkler.similarity(one, two) < NEAR_MIN for one in stated for two in unstated)


def _words(tokens: set[str]) -> list[str]:
    return [each for each in tokens if len(each) > 1]


def _may_be_one_name(one: Sequence[str], two: Sequence[str]) -> bool:
    """True when two given names begin with the same word, or with a word and its initial."""
    if not one or not two:
        return False
    return one[0] == two[0] or (1 in (len(one[0]), len(two[0])) and one[0][0] == two[0][0])


def _families(comparison: Comparison) -> set[str]:
    return {*comparison.record.family, *comparison.record.family_2}


def two_keys(field: Field, subject: Subject, policy: MatchingPolicy) -> Gate:
    """G5: number and birth date both, where a namesake, a generational suffix or the policy asks for it.

    So does an address without a ZIP: whoever else lives at that door is not looked for there.
    """
    because = _why_two_keys(field, subject, policy)
    if because is None:
        return Gate("G5", True, "NOT_NEEDED")
    return Gate("G5", field.best.keys_equal == 2, because)


def _why_two_keys(field: Field, subject: Subject, policy: MatchingPolicy) -> str | None:
    if any(is_namesake_at_address(field.best, each, subject) for each in field.others):
        return "NAMESAKE"
    if _is_crossed(subject, field.best):
        return "CROSSED_NAMES"
    if suffix_of(subject.suffix) or suffix_of(field.best.record.suffix):
        return "SUFFIX"
    if not subject.address.zip5:
        return "NO_ZIP"
    return "POLICY" if policy.is_two_keys_required else None


def _is_crossed(subject: Subject, best: Comparison) -> bool:
    """True when the record's first given name is not the one by which the request calls the person.

    So WILLIAM JOSEPH HILL may be the son of JOSEPH WILLIAM HILL, and ALI MOHAMED of MOHAMED ALI HASSAN,
    with his father's number. Family and given names that have only changed places cross nothing.
    """
    held = best.record
    first = next((SPELLED_GIVEN.get(each, each) for each in held.given if len(each) > 1), None)
    # JEANCLAUDE calls JEAN CLAUDE by his first name, too; JUANA does not call JUAN.
    whole = "".join((*held.given, *held.middle))
    asked = [SPELLED_GIVEN.get(each, each) for each in subject.given]
    if first is None or any(
        each == first or (each.startswith(first) and whole.startswith(each)) for each in asked
    ):
        return False
    if first in subject.family:
        return not {*subject.given} & {*held.family, *held.family_2}
    return first in {SPELLED_GIVEN.get(each, each) for each in subject.middle}


def consistency(field: Field, subject: Subject) -> Gate:
    """G6: birth before the order, order not after receipt, and the number shared with nobody."""
    births = [each for each in (subject.birth_date, field.best.record.birth_date) if each is not None]
    order = subject.order_date
    if order is not None and not order <= subject.received_on:
        return Gate("G6", False, "ORDER_AFTER_RECEIPT")
    if not all(_is_before(each, order or subject.received_on) for each in births):
        return Gate("G6", False, "BIRTH_NOT_BEFORE_ORDER")
    if field.best.record.death_date is not None:
        return Gate("G6", False, "DEATH")
    if field.best.number is Level.EQUAL and belongs_to_other(field.others):
        return Gate("G6", False, "NUMBER_SHARED")
    return Gate("G6", True, "CONSISTENT" if order is not None else "NO_ORDER_DATE")


def _is_before(one: object, other: date) -> bool:
    return isinstance(one, date) and one < other


def all_gates(field: Field, subject: Subject, policy: MatchingPolicy) -> tuple[Gate, ...]:
    """Every gate's finding, in order."""
    return (
        address_of_record(field, subject),
        strict_name(field),
        discriminator(field, subject),
        uniqueness(field, subject, policy),
        two_keys(field, subject, policy),
        consistency(field, subject),
    )
