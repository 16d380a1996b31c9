"""Keys by which records are found: short texts, hashed alike by every engine.

- A key hash is the first eight bytes of the SHA-256 of the key's UTF-8 text, read as a signed big-endian
  integer. DuckDB, Spark and Python compute the same (vectors/keys/keys.csv), which their own `hash()`
  functions do not.
- Kinds, one letter each, all in one table so that one join finds every candidate (matching.md 6):
  T taxpayer number · D unordered (family token, given token) + birth date · S sound of a family token,
  initial of a given token + birth date · A door, street, ZIP + family initial · B door, ZIP + family
  token · Z unordered (family token, given token) + ZIP, asked only when no birth date is given.
- A key that cannot be made from what is there is not made: nothing is found by an absent value.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from solely.matching.names import PARTICLES, significant, sound_of
from solely.model import Address, Subject

KINDS = "TDSABZ"
# A capped block of these kinds could hide a second owner or a namesake in the house: such an item abstains.
GUARDING_KINDS = frozenset("TDB")
TOKENS_MAX = 4  # of each side of a name: keeps a long name from making hundreds of keys
SENTINEL_NUMBERS = frozenset(digit * 9 for digit in "0123456789") | {"123456789", "987654321"}
SENTINEL_BIRTH = date(1900, 1, 1)


class Key(NamedTuple):
    """One key of a subject or a record: its kind and its 64-bit hash."""

    kind: str
    hash: int


def hash_of(text: str) -> int:
    """The signed 64-bit hash of a key's text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def street_hash(zip5: str, street: str) -> int:
    """The hash under which a ZIP's street stands in the index."""
    return hash_of(f"N|{zip5}|{street}")


def usable_number(number: str | None) -> str | None:
    """The taxpayer number if it can tell people apart; None for fillers such as 000000000."""
    if not isinstance(number, str) or not number or number in SENTINEL_NUMBERS:
        return None
    return number


def usable_birth(day: date | None) -> date | None:
    """The birth date if it is one; None for the filler 1900-01-01 and anything that is no date."""
    return day if isinstance(day, date) and day != SENTINEL_BIRTH else None


def family_key_tokens(family: Sequence[str]) -> tuple[str, ...]:
    """The tokens of one family name that make keys: the significant ones, and all joined after a particle.

    DE LA CRUZ gives CRUZ and DELACRUZ, so that either spelling finds it.
    """
    chosen = significant(tuple(family))[:TOKENS_MAX]
    if len(family) > 1 and any(each in PARTICLES or len(each) <= 2 for each in family):
        return (*chosen, "".join(family))
    return chosen


def given_key_tokens(given: Sequence[str]) -> tuple[str, ...]:
    """The tokens of a given name that make keys."""
    return tuple(given)[:TOKENS_MAX]


def door_of(address: Address) -> str:
    """What stands for the house number in a key: the number of a street address, else kind, route and box."""
    if address.kind == "street":
        return address.number
    return f"{address.kind}:{address.number}:{address.box}"


class NameKeys(NamedTuple):
    """The parts of a name that keys are made of."""

    families: tuple[str, ...]
    givens: tuple[str, ...]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each (family token, given token) in alphabetical order, so that swapped columns meet."""
        for family in self.families:
            for given in self.givens:
                yield (family, given) if family <= given else (given, family)


def person_texts(name: NameKeys, number: str | None, birth: date | None) -> Iterator[str]:
    """The key texts T, D and S of a person."""
    if number is not None:
        yield f"T|{number}"
    if birth is None:
        return
    day = birth.isoformat()
    for one, two in name.pairs():
        yield f"D|{one}|{two}|{day}"
    for family in name.families:
        for given in name.givens:
            yield f"S|{sound_of(family)}|{given[0]}|{day}"


def address_texts(name: NameKeys, address: Address) -> Iterator[str]:
    """The key texts A and B of a person at an address."""
    if not address.zip5:
        return
    door = door_of(address)
    for family in name.families:
        yield f"A|{door}|{address.street}|{address.zip5}|{family[0]}"
        yield f"B|{door}|{address.zip5}|{family}"


def zip_texts(name: NameKeys, zip5: str) -> Iterator[str]:
    """The key texts Z of a person in a ZIP."""
    if zip5:
        for one, two in name.pairs():
            yield f"Z|{one}|{two}|{zip5}"


def subject_texts(subject: Subject) -> tuple[str, ...]:
    """Every key text of the one person whom an item names, each once (R-88: never a set of people)."""
    name = NameKeys(family_key_tokens(subject.family), given_key_tokens(subject.given))
    birth = usable_birth(subject.birth_date)
    texts = list(person_texts(name, usable_number(subject.taxpayer_number), birth))
    texts += address_texts(name, subject.address)
    if birth is None:
        texts += zip_texts(name, subject.address.zip5)
    return tuple(dict.fromkeys(texts))


def subject_keys(subject: Subject) -> tuple[Key, ...]:
    """Every key of the one person whom an item names."""
    return tuple(Key(text[0], hash_of(text)) for text in subject_texts(subject))
