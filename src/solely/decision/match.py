"""The ruling on the match: what follows when nobody, or not surely one person, was identified.

- Only four doubts go to a person, and only where no flag protects the person of record; everything else
  is withheld, and the requester cannot tell one cause from another (R-39, R-43, R-81).
- A clause that is not TRUE withholds; a clause alone never makes a doubt releasable.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from solely.decision.ruling import Ruling, Unmet, rule
from solely.model import HELD_FIELDS, Abstention, Disposition, Identification, Reason

ELEMENT: Final = "match"
REFERABLE: Final = frozenset(
    {Abstention.NAME_NOT_STRICT, Abstention.RIVAL, Abstention.SECOND_OPINION, Abstention.BLOCK_TOO_LARGE}
)
ATTEMPTS: Final = Reason(ELEMENT, "ATTEMPTS", "R-87")
SAME_RECORD: Final = Reason(ELEMENT, "SAME_RECORD", "R-36")
GUARDED: Final = Reason(ELEMENT, "GUARDED", "R-43")
NOT_HELD: Final = Reason(ELEMENT, "FIELD_NOT_HELD", "R-45")
NO_ADDRESS: Final = Reason(ELEMENT, "NO_ADDRESS", "R-22")
STAGE_REASONS: Final = (ATTEMPTS, SAME_RECORD, GUARDED, NOT_HELD, NO_ADDRESS)
RULE_OF: Final[Mapping[Abstention, str]] = {
    Abstention.NO_CANDIDATE: "R-37",
    Abstention.BLOCK_TOO_LARGE: "R-39",
    Abstention.NAME_NOT_STRICT: "R-37",
    Abstention.NAME_SUFFIX: "R-39",
    Abstention.NO_DISCRIMINATOR: "R-79",
    Abstention.DISCRIMINATOR_CONFLICT: "R-37",
    Abstention.ADDRESS_NOT_OF_RECORD: "R-37",
    Abstention.RIVAL: "R-39",
    Abstention.NAMESAKE_NEEDS_TWO_KEYS: "R-39",
    Abstention.INCONSISTENT_DATES: "R-37",
    Abstention.SECOND_OPINION: "R-41",
}


def is_guarded(facts: Mapping[str, object]) -> bool:
    """True unless both flags are known to be down: an unknown flag protects (R-43)."""
    return not (facts.get("is_protected") is False and facts.get("is_impaired") is False)


def unheld(asked: frozenset[str] | None) -> list[tuple[Disposition, Reason]]:
    """The finding that an item asks for a field that no record holds: nothing leaves, not a part (R-45)."""
    return [] if asked is not None and asked <= HELD_FIELDS else [(Disposition.WITHHELD, NOT_HELD)]


def rule_on_match(
    found: Identification, unmet: Sequence[Unmet], others: Sequence[tuple[Disposition, Reason]] = ()
) -> Ruling:
    """The ruling on one identification; no disposition means that the item is releasable.

    `others` are findings about the batch, such as an earlier row that reached the same record (R-36). A
    person of record who is protected is withheld whatever the agreement says, or fails to say (R-43).
    """
    findings = list(others)
    if found.abstention is not None:
        is_referred = found.abstention in REFERABLE and not is_guarded(found.facts)
        disposition = Disposition.REFERRED if is_referred else Disposition.WITHHELD
        findings.append((disposition, Reason(ELEMENT, found.abstention.value, RULE_OF[found.abstention])))
    elif found.record_id is None:
        # Defence in depth: no abstention and yet nobody to release is no permission.
        findings.append((Disposition.WITHHELD, Reason(ELEMENT, Abstention.NO_CANDIDATE.value, "R-02")))
    elif found.release_address is None:
        findings.append((Disposition.WITHHELD, NO_ADDRESS))
    ruling = rule(unmet, {}, findings)
    is_open = ruling.disposition in (None, Disposition.REFERRED) and found.record_id is not None
    if is_open and is_guarded(found.facts):
        # A referral would outrank it, and would show a person that somebody is protected.
        return Ruling(Disposition.WITHHELD, tuple(sorted({*ruling.reasons, GUARDED})))
    return ruling
