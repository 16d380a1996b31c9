"""What the requester gets: a function of the request alone, or the same bytes for every cause (R-43, R-81).

- `returned` and `refused` were settled before any record was read, so their reasons may be told.
- `under_review` was referred unread.
- Everything else is `accepted`: withheld, referred after reading, releasable and released alike.
"""

from solely.canonical import canonical_json
from solely.model import Decision, Disposition

_TOLD = (Disposition.RETURNED, Disposition.REFUSED)


def answer_of(decision: Decision) -> str:
    """The one word the requester is told of an item."""
    if decision.is_record_read:
        return "accepted"
    if decision.disposition in _TOLD:
        return decision.disposition.value
    if decision.disposition is Disposition.REFERRED:
        return "under_review"
    return "accepted"


def answer_line(decision: Decision) -> bytes:
    """One line of `answer.jsonl`: `request_id, answer, reasons, rules`, canonical, with its line feed."""
    word = answer_of(decision)
    is_told = word in ("returned", "refused")
    line = {
        "request_id": decision.request_id,
        "answer": word,
        "reasons": decision.reason_codes() if is_told else [],
        "rules": decision.rules() if is_told else [],
    }
    return canonical_json(line) + b"\n"
