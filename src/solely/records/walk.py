"""The walk over rivals: whose names, found at the request's door, are to be searched there as well.

A request that misspells a family name finds its person by number, birth date or street, and not the person's
namesake in the same house. So the names of everybody found at that door are searched there as well (G4, G5).
"""

from collections.abc import Sequence

from solely.matching.keys import Key, door_of, family_key_tokens, hash_of
from solely.model import Candidate, Subject


def walk_keys(subject: Subject, found: Sequence[Candidate]) -> tuple[Key, ...]:
    """The B keys, at the subject's door, of family names that were found there and not asked for."""
    address = subject.address
    if not address.zip5:
        return ()
    door = door_of(address)
    asked = set(family_key_tokens(subject.family))
    more: set[str] = set()
    for person in found:
        own = {*person.family, *person.family_2} - asked
        if own and _lived_at(person, door, address.zip5):
            more.update(family_key_tokens(person.family), family_key_tokens(person.family_2))
    return tuple(Key("B", hash_of(f"B|{door}|{address.zip5}|{family}")) for family in sorted(more - asked))


def _lived_at(person: Candidate, door: str, zip5: str) -> bool:
    return any(
        each.standard is not None and each.standard.zip5 == zip5 and door_of(each.standard) == door
        for each in person.addresses
    )
