"""What a requester is told of each reason: what is wrong, the cure, and whose rule it is (R-69, R-87).

- Only reasons that were found before any record was read may be handed in (R-81).
- The strength says what stands behind a rule: statute, court, agreement, safeguards, the Postal Service or
  the custodian's own policy; where several do, the strongest is named. A policy's rule may be contested.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from solely.model import Reason

STATUTE, COURT, AGREEMENT = "statute", "court", "agreement"
SAFEGUARDS, POSTAL, POLICY = "safeguards", "postal standard", "custodian's policy"

_RULES_OF: Final = {
    STATUTE: "R-02 R-05 R-11 R-13 R-14 R-15 R-17 R-18 R-19 R-21 R-22 R-23 R-24 R-37 R-43 R-44 R-45 R-46 "
    "R-48 R-68 R-71 R-72 R-73 R-74 R-77 R-78 R-80 R-88",
    COURT: "R-04 R-16 R-25 R-26 R-29 R-33 R-50 R-51 R-75 R-86 R-94",
    AGREEMENT: "R-06 R-20 R-69 R-98 R-107",
    SAFEGUARDS: "R-49 R-57",
    POSTAL: "R-27 R-28 R-31 R-70",
}
CONTESTABLE: Final[Mapping[str, str]] = MappingProxyType({"policy": POLICY, "agreement": AGREEMENT})
STRENGTH_OF: Final[Mapping[str, str]] = MappingProxyType(
    {rule: strength for strength, rules in _RULES_OF.items() for rule in rules.split()}
)


def strength_of(rule: str) -> str:
    """What stands behind a rule of the rule book; an unlisted one is the custodian's own policy."""
    return STRENGTH_OF.get(rule, POLICY)


def is_contestable(rules: Iterable[str], terms: Iterable[str]) -> bool:
    """True when nothing but what the agreement's term `contestable` names stands behind these rules.

    Statute and court are no such names: what they demand no person lifts (R-82).
    """
    lifted = {CONTESTABLE[term] for term in terms}
    return all(strength_of(rule) in lifted for rule in rules)


def told(reason: Reason, text: tuple[str, str], reply_by: date | None) -> dict[str, str | None]:
    """One deficiency as the requester reads it; `text` is meaning and cure of the code."""
    meaning, cure = text
    return {
        "element": reason.element,
        "code": reason.code,
        "meaning": meaning,
        "cure": cure,
        "rule": reason.rule,
        "strength": strength_of(reason.rule),
        "reply_by": None if reply_by is None else reply_by.isoformat(),
    }


def told_line(deficiencies: Iterable[Mapping[str, str | None]]) -> str:
    """The same as one cell of a table: each element, what is wrong, its cure, whose rule it is, by when."""
    return " | ".join(
        f"{each['element']}: {each['meaning']}; {each['cure']} ({', '.join(_stands_behind(each))})"
        for each in deficiencies
    )


def _stands_behind(deficiency: Mapping[str, str | None]) -> list[str]:
    until = deficiency["reply_by"]
    said = [str(deficiency["rule"]), str(deficiency["strength"])]
    return said if until is None else [*said, f"reply by {until}"]
