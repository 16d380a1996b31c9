"""The second opinion: how much more likely the evidence is for one person than for two, in whole bits.

- Fellegi and Sunter (1969): bits add up over fields. Chance agreement (u) of number, date and address is set
  by hand, because samples of a registry overstate it; that of names is their share among the N records.
- It never releases. It can only send a match of the gates to a person (matching.md 8, stage 6).
- Whole bits only: the same sum on every machine. Exact name, birth date and address weigh at least 41 bits
  for any N from 1 up: the floor of 40 bites on no exact evidence, and on two blemishes of a common name.
"""

from typing import NamedTuple

from solely.matching.alignment import TokenLevel
from solely.matching.compare import AddressLevel, BirthLevel, Comparison, Level
from solely.matching.names import NameStatistics

WEIGHT_BITS_FLOOR = 40  # an agreement may ask for more, never for less
MARGIN_BITS_FLOOR = 10

NUMBER_BITS = {Level.EQUAL: 23, Level.MISSING: 0, Level.CONFLICT: -8}
BIRTH_BITS = {
    BirthLevel.EQUAL: 15,
    BirthLevel.NEW_YEAR: 8,
    BirthLevel.SWAPPED: 6,
    BirthLevel.ONE_PART_OFF: 3,
    BirthLevel.MISSING: 0,
    BirthLevel.CONFLICT: -8,
}
ADDRESS_BITS = {
    AddressLevel.EQUAL: 19,
    AddressLevel.NEAR: 18,
    AddressLevel.SAME_NUMBER_ZIP: 4,
    AddressLevel.ZIP_ONLY: 3,
    AddressLevel.NONE: -4,
}
UNIT_BITS = {Level.EQUAL: 4, Level.MISSING: 0, Level.CONFLICT: -4}
SUFFIX_BITS = {Level.EQUAL: 3, Level.MISSING: 0, Level.CONFLICT: -6}
GIVEN_BITS_MIN, GIVEN_BITS_MAX = 3, 12
FAMILY_BITS_MIN, FAMILY_BITS_MAX = 4, 16
REST_BITS = {TokenLevel.EQUAL: 4, TokenLevel.INITIAL: 2, TokenLevel.TYPO: 1, TokenLevel.MISSING: 0}
NAME_LOSS_BITS = {TokenLevel.EQUAL: 0, TokenLevel.TYPO: 1, TokenLevel.NEAR: 3}
NAME_CONFLICT_BITS = -8
UNEXPLAINED_BITS = -2


class FieldWeight(NamedTuple):
    """One field's level and its bits for (positive) or against (negative) one and the same person."""

    field: str
    level: str
    bits: int


def name_bits(level: TokenLevel, rarity: int, least: int, most: int) -> int:
    """The bits of a part of the name: its rarity within bounds, less what its level costs."""
    if level not in NAME_LOSS_BITS:
        return NAME_CONFLICT_BITS
    return min(max(rarity, least), most) - NAME_LOSS_BITS[level]


def field_weights(comparison: Comparison, names: NameStatistics) -> tuple[FieldWeight, ...]:
    """Every field's level and bits, in a fixed order."""
    name, address = comparison.name, comparison.address
    given = name_bits(name.given, names.rarity_bits(name.given_text), GIVEN_BITS_MIN, GIVEN_BITS_MAX)
    family = name_bits(name.family, names.rarity_bits(name.family_text), FAMILY_BITS_MIN, FAMILY_BITS_MAX)
    return (
        FieldWeight("given_name", name.given.value, given),
        FieldWeight("family_name", name.family.value, family),
        FieldWeight("other_names", name.rest.value, REST_BITS.get(name.rest, UNEXPLAINED_BITS)),
        FieldWeight("suffix", comparison.suffix.value, SUFFIX_BITS[comparison.suffix]),
        FieldWeight("birth_date", comparison.birth.value, BIRTH_BITS[comparison.birth]),
        FieldWeight("taxpayer_number", comparison.number.value, NUMBER_BITS[comparison.number]),
        FieldWeight("address", address.level.value, ADDRESS_BITS[address.level]),
        FieldWeight("unit", address.unit.value, UNIT_BITS[address.unit]),
    )
