"""Reasons in the requester's words: meaning and cure of a code, from the closed list or the clause itself."""

from collections.abc import Iterable
from datetime import date, timedelta

from solely.agreement.document import Law
from solely.decision.told import told
from solely.facts.reasons import REASONS
from solely.model import Reason


def text_of(reason: Reason, law: Law) -> tuple[str, str]:
    """What a reason means, and its cure."""
    if reason.code in REASONS:
        return REASONS[reason.code]
    for clause in law.clauses("request"):
        if clause.element == reason.element and reason.code in (clause.code, clause.unknown_code):
            return "it is not as the agreement asks", clause.say
    return "it does not pass", "ask the custodian"


def tell(reasons: Iterable[Reason], law: Law, received_on: date) -> list[dict[str, str | None]]:
    """Every deficiency of an item with cure, rule, strength and the day by which to reply (R-69, R-87)."""
    reply_by = received_on + timedelta(days=law.reply_days)
    return [told(each, text_of(each, law), reply_by) for each in sorted(set(reasons))]
