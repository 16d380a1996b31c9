"""Codes from closed lists, and short texts that must say something.

- A code is read whatever its case and whether a space, hyphen or underscore joins its words.
- `basis` keeps a code that no agreement knows, so that the clause is false and refuses; of `purpose` and
  `assurance` an unknown code is unknown and returns (contracts 1).
"""

import re

from solely.facts.reading import Reading, unread
from solely.folding import fold

CRIMINAL = frozenset({"criminal_investigation", "criminal_proceeding"})
PURPOSES = CRIMINAL | {"civil_removal", "location"}
ASSURANCES = frozenset({"active"})
EMPTY_WORDS = frozenset(
    {
        "NA", "N A", "NONE", "NULL", "NIL", "TBD", "TBA", "UNK", "UNKNOWN", "PENDING", "TEST", "XXX", "SAME",
        "VARIOUS", "MULTIPLE", "SEE ABOVE", "SEE ATTACHED", "NOT AVAILABLE", "NOT APPLICABLE", "NOT PROVIDED",
        "FAILED TO PROVIDE", "DESCONOCIDO",
    }
)  # fmt: skip
_BETWEEN = re.compile(r"[ _-]+")
_COUNTS = re.compile(r"[1-9]")


def plain_code(text: str) -> str:
    """`text` as a code: lower case, words joined by an underscore; other scripts stay as they are."""
    stated = text.strip()
    return _BETWEEN.sub("_", stated.lower()) if stated.isascii() else stated


def read_basis(text: str) -> Reading:
    """The basis as a code, known or not (R-107)."""
    return plain_code(text), None


def read_purpose(text: str) -> Reading:
    """One of the known purposes; whether it is permitted is the agreement's to say (R-16, R-17)."""
    code = plain_code(text)
    return (code, None) if code in PURPOSES else unread("purpose", "UNKNOWN_CODE", "R-02")


def read_assurance(text: str) -> Reading:
    """The written assurance that the person is under active criminal investigation (R-20)."""
    code = plain_code(text)
    return (code, None) if code in ASSURANCES else unread("assurance", "UNKNOWN_CODE", "R-20")


def read_fields(text: str) -> Reading:
    """The set of fields asked for (R-45); an unknown one stays in it, so that no agreement permits it."""
    asked = frozenset(plain_code(each) for each in text.split(";") if each.strip())
    return (asked, None) if asked else unread("fields", "MISSING", "R-45")


def read_reference(text: str, element: str, rule: str) -> Reading:
    """A case or investigation number as written; a placeholder, or no letter at all, is none (R-18, R-19)."""
    if _COUNTS.search(text):
        return text.strip(), None  # no placeholder holds such a digit
    folded = fold(text)
    if not folded or folded in EMPTY_WORDS or not folded.replace(" ", "").strip("0X"):
        return unread(element, "PLACEHOLDER", rule)
    return text.strip(), None
