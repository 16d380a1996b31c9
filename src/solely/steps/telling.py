"""Reasons in the requester's words: meaning and cure of a code, from the closed list or the clause itself."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from solely.agreement.document import Law
from solely.decision.told import told
from solely.facts.reasons import FOR_A_PERSON, cure_of
from solely.model import Disposition, Reason

LAST_LINE, NO_STAND_IN = "R-28", "R-33"
# No two confirmations carry such an address on: once its row is back, another address is the only way.
NOT_TO_BE_LIFTED = frozenset({("address", "UNCLEAR"), ("address", "FACILITY_LOCATED")})
ANOTHER_ADDRESS = "give the person's own address in full, so that it can be read in one way only"
NO_CURE = {
    Disposition.REFUSED: "none: this is not allowed, and filling in more does not help",
    Disposition.REFERRED: "none: a person at the custodian decides",
}


class Text(NamedTuple):
    """What a reason means and its cure; of a clause, `asks` are its own words."""

    meaning: str
    cure: str
    asks: str = ""

    @property
    def whole(self) -> str:
        """The meaning, with what a clause asks: where no cure says the same beside it."""
        return f"{self.meaning}: {self.asks}" if self.asks else self.meaning


def text_of(reason: Reason, law: Law) -> Text:
    """What a reason means, and its cure.

    A clause says what to do unless it refuses: then the same words are no cure and stand as what it asks.
    """
    listed = cure_of(reason.element, reason.code)
    if listed is not None:
        return Text(*listed)
    for clause in law.clauses("request"):
        if clause.element == reason.element and reason.code in (clause.code, clause.unknown_code):
            outcome = clause.unknown if reason.code == clause.unknown_code else clause.otherwise
            is_curable = Disposition(outcome) is not Disposition.REFUSED
            cure = clause.say if is_curable else NO_CURE[Disposition.REFUSED]
            return Text(f"clause {clause.id} of the {clause.document} is not met", cure, clause.say)
    return Text("it does not pass", "ask the custodian")


def _cure_beside_others(reason: Reason) -> str:
    """The cure, on a returned row, of what would by itself go to a person."""
    if (reason.element, reason.code) in NOT_TO_BE_LIFTED:
        return ANOTHER_ADDRESS
    return "none; once the rest is cured, a person at the custodian decides"


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
    stated = set(reasons)
    if any(each.rule == LAST_LINE for each in stated):  # then a part lacks that no number would stand for
        stated = {each for each in stated if each.rule != NO_STAND_IN}
    for each in sorted(stated):
        text = text_of(each, law)
        said = cure or text.cure
        if said == FOR_A_PERSON and disposition is Disposition.RETURNED:
            said = _cure_beside_others(each)
        meaning = text.meaning if said == text.asks else text.whole
        deficiencies.append(told(each, (meaning, said), reply_by))
    return deficiencies
