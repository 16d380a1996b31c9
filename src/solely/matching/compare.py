"""A request beside a record, field by field, in closed levels; nothing here decides.

- A field that one side lacks is MISSING: it neither helps nor contradicts.
- What must hold is stated positively, so that a value of a wrong kind (NaN, a text for a date) is MISSING
  or no agreement, never an agreement.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import OSA

from solely.matching.alignment import NOBODY, NameComparison, NameLevel, compare_names, is_unlike
from solely.matching.keys import street_hash, usable_birth, usable_number
from solely.matching.names import NameStatistics, suffix_of
from solely.model import Address, Candidate, MatchingPolicy, RecordAddress, Subject

# A slip in a birth year stays within ten years: between a parent and a child of one name lie more.
YEAR_SLIP_MAX = 10
STREET_TYPO_LENGTH_MIN = 4


class Level(StrEnum):
    """How two values agree where they can only agree, differ or be absent."""

    __hash__ = str.__hash__  # that of Enum is written in Python, and each pair looks up a dozen levels

    EQUAL = "EQUAL"
    CONFLICT = "CONFLICT"
    MISSING = "MISSING"


class BirthLevel(StrEnum):
    """How two birth dates agree; only EQUAL is a key by itself, only CONFLICT contradicts.

    NEW_YEAR is equal on a 1 January, which stands in for an unknown birthday and says little but the year: no
    key, like a date that is missing (matching.md 8).
    """

    __hash__ = str.__hash__  # that of Enum is written in Python, and each pair looks up a dozen levels

    EQUAL = "EQUAL"
    NEW_YEAR = "NEW_YEAR"
    SWAPPED = "SWAPPED"
    ONE_PART_OFF = "ONE_PART_OFF"
    CONFLICT = "CONFLICT"
    MISSING = "MISSING"


class AddressLevel(StrEnum):
    """How an address of a request agrees with one of record; EQUAL and NEAR can confirm it."""

    __hash__ = str.__hash__  # that of Enum is written in Python, and each pair looks up a dozen levels

    EQUAL = "EQUAL"
    NEAR = "NEAR"
    SAME_NUMBER_ZIP = "SAME_NUMBER_ZIP"
    ZIP_ONLY = "ZIP_ONLY"
    NONE = "NONE"


_ADDRESS_RANK = {level: place for place, level in enumerate(AddressLevel)}
_UNIT_RANK = {Level.EQUAL: 0, Level.MISSING: 1, Level.CONFLICT: 2}


class AddressComparison(NamedTuple):
    """How a request's address agrees with the best of a record's addresses.

    `is_counted` is true when that address counts under the agreement's term on periods (R-38);
    `is_shared` when any address of record, of any time, is the same door and street (G5).
    """

    level: AddressLevel
    unit: Level
    is_counted: bool
    is_confirmed: bool
    is_shared: bool


class Comparison(NamedTuple):
    """All levels of one request beside one record."""

    record: Candidate
    name: NameComparison
    number: Level
    birth: BirthLevel
    suffix: Level
    address: AddressComparison

    @property
    def keys_equal(self) -> int:
        """How many of taxpayer number and birth date are equal and tell people apart."""
        return (self.number is Level.EQUAL) + (self.birth is BirthLevel.EQUAL)

    @property
    def is_birth_equal(self) -> bool:
        """True when the birth dates are equal, also on a 1 January."""
        return self.birth in (BirthLevel.EQUAL, BirthLevel.NEW_YEAR)

    @property
    def is_keyed(self) -> bool:
        """True when number and birth date are equal: surely worth a look, whatever the name says."""
        return self.number is Level.EQUAL and self.is_birth_equal

    @property
    def is_contradicted(self) -> bool:
        """True when a key stated on both sides contradicts."""
        return self.number is Level.CONFLICT or self.birth is BirthLevel.CONFLICT

    @property
    def can_be_match(self) -> bool:
        """True for an active record of a person not known to be dead; all others are rivals (contracts 2)."""
        return self.record.status == "active" and self.record.death_date is None


def number_level(asked: str | None, held: str | None) -> Level:
    """How two taxpayer numbers agree."""
    one, two = usable_number(asked), usable_number(held)
    if one is None or two is None:
        return Level.MISSING
    return Level.EQUAL if one == two else Level.CONFLICT


def birth_level(asked: date | None, held: date | None) -> BirthLevel:
    """How two birth dates agree."""
    one, two = usable_birth(asked), usable_birth(held)
    if one is None or two is None:
        return BirthLevel.MISSING
    if one == two:
        return BirthLevel.NEW_YEAR if (one.month, one.day) == (1, 1) else BirthLevel.EQUAL
    if one.year == two.year and (one.month, one.day) == (two.day, two.month):
        return BirthLevel.SWAPPED
    return BirthLevel.ONE_PART_OFF if _is_one_part_off(one, two) else BirthLevel.CONFLICT


def _is_one_part_off(one: date, two: date) -> bool:
    if one.year != two.year:
        same_day = (one.month, one.day) == (two.month, two.day)
        return same_day and abs(one.year - two.year) <= YEAR_SLIP_MAX
    return one.month == two.month or one.day == two.day


def suffix_level(asked: str, held: str) -> Level:
    """How generational suffixes agree: one on one side only is a conflict (matching.md 5)."""
    if not asked and not held:
        return Level.MISSING
    one, two = suffix_of(asked), suffix_of(held)
    if not one and not two:
        return Level.MISSING
    return Level.EQUAL if one == two else Level.CONFLICT


def unit_level(asked: Address, held: Address) -> Level:
    """How two unit numbers agree."""
    if not asked.unit or not held.unit:
        return Level.MISSING
    return Level.EQUAL if asked.unit == held.unit else Level.CONFLICT


def address_level(asked: Address, held: Address, names: NameStatistics) -> AddressLevel:
    """How two standardised addresses agree, the unit aside (contracts 5, "Same street")."""
    if not _is_same_last_line(asked, held):
        return AddressLevel.NONE
    if asked.kind != held.kind or asked.number != held.number or asked.box != held.box:
        return AddressLevel.ZIP_ONLY
    if asked.kind == "street" and not asked.number:
        return AddressLevel.ZIP_ONLY
    around = (asked.suffix, asked.predirectional, asked.postdirectional)
    if around == (held.suffix, held.predirectional, held.postdirectional):
        if asked.street == held.street:
            return AddressLevel.EQUAL
        if _is_street_typo(asked, held, names) or _is_one_road(asked, held, names):
            return AddressLevel.NEAR
    return AddressLevel.SAME_NUMBER_ZIP


def _is_same_last_line(asked: Address, held: Address) -> bool:
    """The same ZIP; where none is given, the same city and state (contracts 5, REVIEW)."""
    if asked.zip5:
        return asked.zip5 == held.zip5
    return bool(asked.city and asked.state) and (asked.city, asked.state) == (held.city, held.state)


def _is_street_typo(asked: Address, held: Address, names: NameStatistics) -> bool:
    """One slip in the street's name, where the written name is no other street (R-41)."""
    written, filed = asked.street, held.street
    if not asked.zip5:
        return False  # a street is known by its ZIP
    if min(len(written), len(filed)) < STREET_TYPO_LENGTH_MIN or abs(len(written) - len(filed)) > 1:
        return False
    if any(each.isdigit() for each in written + filed):
        return False  # 12TH and 13TH are two streets
    if OSA.distance(written, filed, score_cutoff=1) != 1:
        return False
    if written in names.common_streets:
        return False
    return street_hash(asked.zip5, written) not in names.streets


def _is_one_road(asked: Address, held: Address, names: NameStatistics) -> bool:
    """HIGHWAY 80 or ROUTE 80 for the state's road or the nation's, where the ZIP has no road of the other."""
    general, road = sorted((asked.street, held.street), key=len)
    way, _, number = general.partition(" ")
    named = [f"{whose} HIGHWAY {number}" for whose in ("STATE", "US")]
    if not asked.zip5 or way not in ("HIGHWAY", "ROUTE") or road not in (*named, f"HIGHWAY {number}"):
        return False
    known = [each for each in named if street_hash(asked.zip5, each) in names.streets]
    return len(known) < len(named) and (road not in named or known in ([], [road]))


def meets(address: RecordAddress, periods: Sequence[int]) -> bool:
    """True when the address's period meets a requested one; an unknown start meets none (R-22, R-38)."""
    start, end = address.period_from, address.period_to
    if not isinstance(start, date) or not (end is None or isinstance(end, date)):
        return False
    return any(start.year <= year and (end is None or end.year >= year) for year in periods)


def is_counted(address: RecordAddress, subject: Subject, policy: MatchingPolicy) -> bool:
    """True when the agreement's term lets this address of record confirm one of a request (R-38)."""
    if policy.address_periods == "any":
        return True
    if policy.address_periods == "current":
        start, end = address.period_from, address.period_to
        day = subject.received_on
        return start is not None and start <= day and (end is None or end >= day)
    return policy.address_periods == "requested" and meets(address, subject.periods)


_NO_ADDRESS = AddressComparison(AddressLevel.NONE, Level.MISSING, False, False, False)


def compare_addresses(
    subject: Subject, record: Candidate, policy: MatchingPolicy, names: NameStatistics
) -> AddressComparison:
    """How the request's address agrees with the best of the record's; confirmed ones first."""
    best, best_rank, is_shared = _NO_ADDRESS, (9, 9, 9, 9), False
    for each in record.addresses:
        if each.standard is None:
            continue
        level = address_level(subject.address, each.standard, names)
        is_same = level is AddressLevel.EQUAL or level is AddressLevel.NEAR
        is_shared |= is_same
        unit = unit_level(subject.address, each.standard)
        counted = is_counted(each, subject, policy)
        enough = level is AddressLevel.EQUAL or (is_same and not subject.is_exact_required)
        confirmed = enough and counted and unit is not Level.CONFLICT
        rank = (not confirmed, _ADDRESS_RANK[level], _UNIT_RANK[unit], not counted)
        if rank < best_rank:
            best, best_rank = AddressComparison(level, unit, counted, confirmed, False), rank
    return best._replace(is_shared=True) if is_shared else best


def compare(subject: Subject, record: Candidate, policy: MatchingPolicy, names: NameStatistics) -> Comparison:
    """Every field of `subject` beside `record`; only the keys where the names show another person."""
    number = number_level(subject.taxpayer_number, record.taxpayer_number)
    birth = birth_level(subject.birth_date, record.birth_date)
    nobody = Comparison(record, NOBODY, number, birth, Level.MISSING, _NO_ADDRESS)
    is_numbered = number is Level.EQUAL
    if not is_numbered and is_unlike(subject, record):
        return nobody
    name = compare_names(subject, record, names, is_numbered=is_numbered)
    if not nobody.is_keyed and name.level is NameLevel.OTHER:
        return nobody._replace(name=name)
    suffix = suffix_level(subject.suffix, record.suffix)
    return Comparison(record, name, number, birth, suffix, compare_addresses(subject, record, policy, names))
