"""What the words of a stored match mean, for the officer who decides what it referred: reasons and gates.

- The sentence beside a word may be bettered; a word that is not here is shown as it stands, without one.
- No requester is told any of this: it rests on a record (R-81).
"""

from collections.abc import Mapping
from typing import Final

MATCH: Final[Mapping[str, str]] = {
    "NAME_NOT_STRICT": "a word of the name is a slip, or the record does not explain it",
    "NAME_SUFFIX": "a generational suffix says that this is another person",
    "NO_CANDIDATE": "no record could be the person",
    "NO_DISCRIMINATOR": "neither birth date nor taxpayer number is equal",
    "DISCRIMINATOR_CONFLICT": "birth date or taxpayer number contradicts",
    "ADDRESS_NOT_OF_RECORD": "the address is none of the record's in a period that counts",
    "RIVAL": "somebody else could be meant",
    "NAMESAKE_NEEDS_TWO_KEYS": "a namesake lived there, and only one of birth date and number is equal",
    "INCONSISTENT_DATES": "the dates of birth, order, receipt and death do not fit together",
    "SECOND_OPINION": "all gates passed, and the evidence weighs too little",
    "BLOCK_TOO_LARGE": "too many records share the name or address to look through all",
    "ATTEMPTS": "the record was tried as often as the agreement admits, with whatever names and addresses",
    "SAME_RECORD": "another item of the batch rests on the same record",
    "NOT_IDENTIFIED": "nobody was identified",
}
GATES: Final[Mapping[str, str]] = {
    "G1": "the address is one of record",
    "G2": "every word of the name is explained",
    "G3": "birth date or number is equal, none contradicts",
    "G4": "nobody else could be meant",
    "G5": "both keys, where a namesake asks for them",
    "G6": "the dates fit together",
}
