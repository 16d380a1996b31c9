"""Taxpayer numbers and A-numbers by their syntax alone (R-34, R-35); nothing here knows what was issued.

- SSN: no area 000, 666 or 900-999, no group 00, no serial 0000 (SSA POMS RM 10201.035).
- ITIN: 9XX with groups 50-65, 70-88, 90-92, 94-99. ATIN: 9XX with group 93.
- Groups 66-69 and 89 were never assigned: a synthetic agreement admits them, and no other does.
- A number everyone writes when they have none (123456789, one digit nine times) is invalid, and so is one
  that was printed for all to see.
"""

import re
from typing import NamedTuple

from solely.confidential import masked
from solely.facts.reading import Reading, unread
from solely.model import Reason

ITIN_GROUPS = frozenset({*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)})
ATIN_GROUP = 93
SYNTHETIC_GROUPS = frozenset({66, 67, 68, 69, 89})
# Printed on specimen cards and in advertisements, and void since: nobody bears them.
SPECIMENS = frozenset(
    {
        "042103580", "062360749", "078051120", "095073645", "128036045", "135016629", "141186941",
        "165167999", "165187999", "165207999", "165227999", "165247999", "189092294", "212097694",
        "212099999", "219099999", "306302348", "308125070", "457555462", "468288779", "549241889",
        *(f"98765432{last}" for last in range(10)),
    }
)  # fmt: skip
SENTINELS = SPECIMENS | {"123456789", *(str(digit) * 9 for digit in range(10))}

_EMPLOYER = re.compile(r"\d\d-\d{7}")
_RECEIPT = re.compile(r"[A-Za-z]{3}\d{10}")  # USCIS: three letters and ten digits
_ALIEN = re.compile(r"[Aa][\s-]*\d")


@masked
class IdentifierJudgment(NamedTuple):
    """VALID or INVALID; kind: ssn, itin, atin, a_number, other; the rule broken and why; digits if valid."""

    verdict: str
    kind: str
    rule: str | None
    reason: str
    digits: str | None = None


def taxpayer_kind(digits: str, *, is_synthetic: bool) -> str | None:
    """`ssn`, `itin` or `atin` when nine `digits` have its syntax, else None (R-34)."""
    group = int(digits[3:5])
    if digits in SENTINELS:
        return None
    if digits[0] == "9":
        if group in ITIN_GROUPS or (is_synthetic and group in SYNTHETIC_GROUPS):
            return "itin"
        return "atin" if group == ATIN_GROUP else None
    if digits[:3] in ("000", "666") or group == 0 or digits[5:] == "0000":
        return None
    return "ssn"


def read_taxpayer_number(text: str, *, is_synthetic: bool) -> Reading:
    """The nine digits of a valid taxpayer number; never padded, never an employer's XX-XXXXXXX (R-34)."""
    digits = _digits_of(text)
    is_written = len(digits) == 9 and digits.isascii() and digits.isdigit()
    if is_written and not _is_employer_form(text) and taxpayer_kind(digits, is_synthetic=is_synthetic):
        return digits, None
    return unread("taxpayer_number", _fault_of(text, digits), "R-34")


def _fault_of(text: str, digits: str) -> str:
    """The code of what is wrong with a taxpayer number."""
    if len(digits) != 9 or not digits.isdigit():
        return "MALFORMED"
    if not digits.isascii():
        return "OTHER_DIGITS"
    if _is_employer_form(text):
        return "EMPLOYER_NUMBER"
    return "IMPLAUSIBLE" if digits in SENTINELS else "NEVER_ASSIGNED"


def _is_employer_form(text: str) -> bool:
    return text.count("-") == 1 and _EMPLOYER.fullmatch(text.strip()) is not None


def _digits_of(text: str) -> str:
    return text if text.isalnum() else text.strip().replace("-", "").replace(" ", "")


def read_alien_number(text: str) -> Reading:
    """The nine digits of an A-number, padded from seven or eight (R-35)."""
    stated = _digits_of(text)
    digits = stated[1:] if stated[:1] in ("A", "a") else stated
    if not 7 <= len(digits) <= 9 or not digits.isdigit():
        return unread("alien_number", "RECEIPT_NUMBER" if _RECEIPT.fullmatch(stated) else "MALFORMED", "R-35")
    if not digits.isascii():
        return unread("alien_number", "OTHER_DIGITS", "R-35")
    digits = digits.zfill(9)
    if digits in SENTINELS:
        return unread("alien_number", "IMPLAUSIBLE", "R-35")
    return digits, None


def judge_identifier(text: str, *, is_synthetic: bool) -> IdentifierJudgment:
    """What a line holds: an A-number if it opens with A and a digit, else a taxpayer number (contracts 5)."""
    stated = text.strip()
    if not stated:
        return IdentifierJudgment("INVALID", "other", "R-34", _WHY["MISSING"])
    if _RECEIPT.fullmatch(_digits_of(stated)):
        return IdentifierJudgment("INVALID", "other", "R-35", _WHY["RECEIPT_NUMBER"])
    if not any(map(str.isdigit, stated)):
        return IdentifierJudgment("INVALID", "other", "R-34", _WHY["NO_DIGIT"])
    if _ALIEN.match(stated):
        digits, reason = read_alien_number(stated)
        return _judged("a_number", digits, reason, "MALFORMED_ALIEN")
    digits, reason = read_taxpayer_number(stated, is_synthetic=is_synthetic)
    kind = "other" if reason else taxpayer_kind(digits, is_synthetic=is_synthetic) or "other"
    return _judged(kind, digits, reason, "MALFORMED")


def _judged(kind: str, digits: str | None, reason: Reason | None, malformed: str) -> IdentifierJudgment:
    if reason is None:
        return IdentifierJudgment("VALID", kind, None, "the form is valid", digits)
    told = _WHY[malformed if reason.code == "MALFORMED" else reason.code]
    return IdentifierJudgment("INVALID", kind, reason.rule, told)


_WHY = {
    "MISSING": "no number is given",
    "NO_DIGIT": "this is no number: a taxpayer number has nine digits, an A-number an A and seven to nine",
    "MALFORMED": "a taxpayer number is nine digits, hyphens and spaces aside; an A-number opens with A",
    "MALFORMED_ALIEN": "an A-number has seven to nine digits behind the A",
    "IMPLAUSIBLE": "this is a number written where there is none",
    "NEVER_ASSIGNED": "no taxpayer number has this area, group or serial",
    "OTHER_DIGITS": "the digits are of another script or width: write 0 to 9",
    "EMPLOYER_NUMBER": "two digits, a hyphen and seven is an employer's number; a person's is written 3-2-4",
    "RECEIPT_NUMBER": "three letters and ten digits is a case's receipt number, not an A-number",
}
