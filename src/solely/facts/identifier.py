"""Taxpayer numbers and A-numbers by their syntax alone (R-34, R-35); nothing here knows what was issued.

- SSN: no area 000, 666 or 900-999, no group 00, no serial 0000 (SSA POMS RM 10201.035).
- ITIN: 9XX with groups 50-65, 70-88, 90-92, 94-99. ATIN: 9XX with group 93.
- Groups 66-69 and 89 were never assigned: a synthetic agreement admits them, and no other does.
- A number everyone writes when they have none (123456789, one digit nine times) is invalid.
"""

from typing import NamedTuple

from solely.confidential import masked
from solely.facts.reading import Reading, unread

ITIN_GROUPS = frozenset({*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)})
ATIN_GROUP = 93
SYNTHETIC_GROUPS = frozenset({66, 67, 68, 69, 89})
SENTINELS = frozenset(
    {"123456789", "987654321", "078051120", "219099999", *(str(digit) * 9 for digit in range(10))}
)


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
    stated = text.strip()
    digits = stated.replace("-", "").replace(" ", "")
    if len(digits) != 9 or not (digits.isascii() and digits.isdigit()) or _is_employer_form(stated):
        return unread("taxpayer_number", "MALFORMED", "R-34")
    if digits in SENTINELS:
        return unread("taxpayer_number", "IMPLAUSIBLE", "R-34")
    if taxpayer_kind(digits, is_synthetic=is_synthetic) is None:
        return unread("taxpayer_number", "NEVER_ASSIGNED", "R-34")
    return digits, None


def _is_employer_form(stated: str) -> bool:
    return len(stated) == 10 and stated[2] == "-"


def read_alien_number(text: str) -> Reading:
    """The nine digits of an A-number, padded from seven or eight (R-35)."""
    stated = text.strip().replace("-", "").replace(" ", "")
    digits = stated[1:] if stated[:1] in ("A", "a") else stated
    if not 7 <= len(digits) <= 9 or not (digits.isascii() and digits.isdigit()):
        return unread("alien_number", "MALFORMED", "R-35")
    digits = digits.zfill(9)
    if digits in SENTINELS:
        return unread("alien_number", "IMPLAUSIBLE", "R-35")
    return digits, None


def judge_identifier(text: str, *, is_synthetic: bool) -> IdentifierJudgment:
    """What one line holds: an A-number when it opens with A, else a taxpayer number (contracts 5)."""
    stated = text.strip()
    if not stated:
        return IdentifierJudgment("INVALID", "other", "R-34", _WHY["MISSING", False])
    is_alien = stated[0] in "Aa"
    digits, reason = (
        read_alien_number(stated) if is_alien else read_taxpayer_number(stated, is_synthetic=is_synthetic)
    )
    if reason is not None:
        kind = "a_number" if is_alien else "other"
        return IdentifierJudgment("INVALID", kind, reason.rule, _WHY[reason.code, is_alien])
    kind = "a_number" if is_alien else taxpayer_kind(digits, is_synthetic=is_synthetic) or "other"
    return IdentifierJudgment("VALID", kind, None, "the form is valid", digits)


_WHY = {
    ("MISSING", False): "no number is given",
    ("MALFORMED", False): "a taxpayer number has nine digits, with hyphens or spaces only between its groups",
    ("IMPLAUSIBLE", False): "this is a number written where there is none",
    ("NEVER_ASSIGNED", False): "no taxpayer number has this area, group or serial",
    ("MALFORMED", True): "an A-number has seven to nine digits, with or without a leading A",
    ("IMPLAUSIBLE", True): "this is a number written where there is none",
}
