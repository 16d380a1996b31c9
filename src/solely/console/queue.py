"""What waits for a disclosure officer: referred items, one item with its reasons and values, and the vote."""

from typing import Any

from solely import flow
from solely.console.visit import OFFICER, Answer, Elsewhere, Page, Route, Visit

_OFFICERS = frozenset((OFFICER,))


def queue(visit: Visit) -> Answer:
    """The referred items, those of like cause together, the cause that clears most first."""
    causes: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for line in flow.referred(visit.services):
        causes.setdefault(tuple(line["reasons"]), []).append(line)
    ranked = sorted(causes.items(), key=lambda each: (-len(each[1]), each[0]))
    return Page("queue.html", {"causes": [{"reasons": list(why), "lines": lines} for why, lines in ranked]})


def item(visit: Visit) -> Answer:
    """One referred item with its values side by side; the showing is in the ledger before it shows (R-92)."""
    request_id = visit.path["request_id"]
    view = flow.View("reviewer", visit.signer)
    return Page("item.html", {"item": flow.explain(visit.services, request_id, view)})


def vote(visit: Visit) -> Answer:
    """One officer's word on a referral."""
    request_id, form = visit.path["request_id"], visit.form
    said = flow.Vote(form.get("decide", ""), form.get("note", ""))
    done = flow.review(visit.services, request_id, visit.signer, said)
    return Elsewhere("/queue", f"your decision is in the ledger; the item stands at {done['state']}")


ROUTES = (
    Route("GET", "/queue", _OFFICERS, queue),
    Route("GET", "/items/{request_id}", _OFFICERS, item),
    Route("POST", "/items/{request_id}/vote", _OFFICERS, vote, "your decision on this item"),
)
