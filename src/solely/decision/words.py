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
    "NO_ADDRESS": "none of its addresses can leave: none is of a period, two tie, or one names another",
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
BECAUSE: Final[Mapping[str, str]] = {
    # G1, of the address, and G2, of the name
    "EQUAL": "every part is equal",
    "STRICT": "each word is explained",
    "NEAR": "a slip apart",
    "OTHER": "another name",
    "SAME_NUMBER_ZIP": "number and ZIP Code alone are equal",
    "ZIP_ONLY": "the ZIP Code alone is equal",
    "NONE": "another address",
    "NOT_EXACT": "an address of this form confirms by every part alone",
    "UNIT_CONFLICT": "another unit",
    "OTHER_PERIOD": "on file for other periods than those asked for",
    "SUFFIX_CONFLICT": "another generational suffix",
    # G3, of birth date and number
    "NO_KEY": "neither is equal",
    "ONE_KEY": "one of them is equal",
    "TWO_KEYS": "both are equal",
    "NUMBER_CONFLICT": "the numbers differ",
    "BIRTH_CONFLICT": "the birth dates differ",
    "NUMBER_OF_ANOTHER": "somebody else bears the number",
    # G4, of others
    "ALONE": "nobody else comes near",
    "RIVAL": "somebody else bears the name at the address, and no key tells them apart",
    "MARGIN": "the next candidate weighs nearly as much",
    # G5, what asks for both keys
    "NOT_NEEDED": "nothing asks for both",
    "NAMESAKE": "a namesake has lived at the address",
    "CROSSED_NAMES": "the record's first given name is not the one that the request calls the person by",
    "SUFFIX": "a generational suffix is stated",
    "NO_ZIP": "the address has no ZIP Code",
    "POLICY": "the agreement asks for both",
    # G6, of the dates
    "CONSISTENT": "birth, order and receipt follow one another",
    "NO_ORDER_DATE": "no order date is stated",
    "ORDER_AFTER_RECEIPT": "the order lies after receipt",
    "BIRTH_NOT_BEFORE_ORDER": "the birth does not lie before the order",
    "DEATH": "the record holds a day of death",
    "NUMBER_SHARED": "somebody else bears the same number",
}
