"""Reasons in the requester's words: meaning and cure of a code, from the closed list or the clause itself."""

from collections.abc import Iterable
from datetime import date, timedelta

from solely.agreement.document import Law
from solely.decision.told import told
from solely.facts.reasons import FOR_A_PERSON, cure_of
from solely.model import Disposition, Reason

NO_CURE = {
    Disposition.REFUSED: "none: this is not allowed, and filling in more does not help",
    Disposition.REFERRED: "none: a person at the custodian decides",
}


def text_of(reason: Reason, law: Law) -> tuple[str, str]:
    """What a reason means, and its cure.

    A clause says what to do unless it refuses: then the same words are no cure and stand as what it asks.
    """
    listed = cure_of(reason.element, reason.code)
    if listed is not None:
        return listed
    for clause in law.clauses("request"):
        if clause.element == reason.element and reason.code in (clause.code, clause.unknown_code):
            outcome = clause.unknown if reason.code == clause.unknown_code else clause.otherwise
            is_curable = Disposition(outcome) is not Disposition.REFUSED
            if is_curable:
                return f"clause {clause.id} is not met", clause.say
            return f"clause {clause.id} is not met: {clause.say}", NO_CURE[Disposition.REFUSED]
    return "it does not pass", "ask the custodian"


def tell(
    reasons: Iterable[Reason], law: Law, decided_on: date, disposition: Disposition
) -> list[dict[str, str | None]]:
    """Every deficiency of an item with cure, rule, strength and the day by which to reply (R-69, R-87).

    The days run from the decision that returned the item, not from receipt: a late decline leaves as many.
    Only a returned item can be cured: what is refused is not allowed, and what is referred a person decides.
    """
    cure = NO_CURE.get(disposition)
    reply_by = decided_on + timedelta(days=law.reply_days) if cure is None else None
    deficiencies = []
    for each in sorted(set(reasons)):
        meaning, own_cure = text_of(each, law)
        if own_cure == FOR_A_PERSON and disposition is Disposition.RETURNED:
            own_cure = "none; once the rest is cured, a person at the custodian decides"
        deficiencies.append(told(each, (meaning, cure or own_cure), reply_by))
    return deficiencies
