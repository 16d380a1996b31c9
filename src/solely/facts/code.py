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
        "NO APLICA", "NO TIENE", "NINGUNO", "SIN NUMERO", "INCONNU", "AUCUN",
    }
)  # fmt: skip
# Said of any case, so that they tell none apart; an id made of these alone, zeros and no more is none.
GENERAL_WORDS = frozenset(
    {
        "AN", "THE", "OF", "IN", "AS", "NO", "NR", "NUM", "NUMBER", "ID", "REF", "REFERENCE",
        "FILE", "CASE", "CASES", "CASO", "EXPEDIENTE", "NUMERO", "INV", "INVEST", "INVESTIGATION",
        "INVESTIGATIONS", "CRIMINAL", "CRIM", "MATTER", "DOCKET", "ORDER", "RECORD", "LETTER",
        "MEMO", "ATTACHED", "ABOVE", "BELOW", "SEE", "GENERAL", "OPERATION", "OP", "TASK", "FORCE",
        "PROJECT", "PROGRAM", "ALIEN", "FINAL", "REMOVAL", "SUBJECT", "PERSON", "OPEN", "OPENED", "ACTIVE",
        "ONGOING", "ICE", "DHS", "HSI", "ERO", "IRS", "CI", "DOJ", "FBI", "EOIR", "USCIS", "CBP",
        "AUSA", "OFFICE", "AGENCY", "IC", "ASSIGNED", "GIVEN", "STATED", "PROVIDED", "AVAILABLE",
        "APPLICABLE", "NOT", "TO", "BE", "DETERMINED", "CLASSIFIED", "CONFIDENTIAL", "REDACTED",
        "LATER", "YET", "NEW", "OTHER", "FOR", "ON", "IT", "ALL", "ANY", "BOTH", "EVERY", "MANY", "SEVERAL",
        "SOME", "OTHERS", "TODOS", "VARIOS",
    }
)  # fmt: skip
ID_LETTERS_MIN = 3  # a shorter id tells nobody apart
_AS_LETTERS = str.maketrans("0134578", "OIEASTB")
_BETWEEN = re.compile(r"[ _-]+")
_COUNTS = re.compile(r"[1-9]")
_FILLER = re.compile(r"([0-9])\1{4,}")  # one digit, five times or more, and nothing else
# The usual case: some letters that are no word for none, and numbers.
_USUAL = re.compile(
    r"(?!UNK|TBD|TBA|SEE|SAME)(?=.{4})[A-Z]{1,4}(?=[0-9A-Z-]*[1-9])[0-9]*(?:-[0-9][0-9A-Z]*)*"
)
# No case bears these words, whatever number stands beside them; a short one may be drawn among letters and
# digits by chance (INV-UNK8N3FQ6, INV-VEQG8SEE3).
_UNKNOWN = re.compile(
    r"(?i)(?<![A-Z])(?:(?:UNKNOWN|PENDING|UNASSIGNED|VARIOUS|MULTIPLE|PLACEHOLDER|DESCONOCID[OA])(?![A-Z])"
    r"|(?<![0-9])(?:UNK|TBD|TBA|SEE|SAME)[0-9]*(?![0-9A-Z]))"
)


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
    """A case or investigation number as written; what stands for none, or for any, is none (R-18, R-19)."""
    return (text.strip(), None) if _tells_apart(text) else unread(element, "PLACEHOLDER", rule)


def _is_disguised(text: str) -> bool:
    """True for a word for none with digits for some of its letters (N0NE, T3ST, UNKN0WN)."""
    folded = fold(text)
    letters = sum(map(str.isalpha, folded))
    return 2 * letters > len(folded) and folded.translate(_AS_LETTERS) in EMPTY_WORDS


def _tells_apart(text: str) -> bool:
    """True when `text` holds a number that is not all zeros, or a word of its own, and is no placeholder."""
    if _USUAL.fullmatch(text):
        return True
    if _UNKNOWN.search(text) or _FILLER.fullmatch(text.strip()) or _is_disguised(text):
        return False
    if _COUNTS.search(text):
        return sum(map(str.isalnum, text)) >= ID_LETTERS_MIN
    folded = fold(text)
    *before, last = folded.split() or [""]
    own = {
        last,
        *(each for each in before if len(each) > 1),
    }  # one letter counts where it ends an id ("INV-K")
    is_own = any(each.strip("0") and each not in GENERAL_WORDS for each in own)
    return is_own and folded not in EMPTY_WORDS and len(folded.replace(" ", "").strip("X")) >= ID_LETTERS_MIN
