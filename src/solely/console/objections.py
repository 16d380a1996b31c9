"""Objections of officers and counsel: written, answered by another, and in the way of a release meanwhile."""

from collections.abc import Sequence
from typing import Final

from solely import afterwards
from solely.console.exchange import whole
from solely.console.visit import COUNSEL, OFFICER, Answer, Elsewhere, Page, Route, Visit
from solely.errors import UsageError

_OFFICIALS: Final = frozenset((OFFICER, COUNSEL))


def objections(visit: Visit) -> Answer:
    """Every objection, what waits for an answer first, and the form to write one."""
    found = afterwards.objections(visit.services)
    ranked = sorted(found, key=lambda each: (not each["open"], each["objection"]))
    return Page("objecting.html", {"objections": ranked, "about": visit.query.get("about", "")})


def object_to(visit: Visit) -> Answer:
    """An objection to a batch or an item."""
    about, note = visit.form.get("about", "").strip(), visit.form.get("note", "")
    done = afterwards.object_to(visit.services, about, visit.signer, note)
    said = f"objection {done['objection']} is in the ledger; nothing leaves until another answers"
    return Elsewhere("/objections", said)


def answer(visit: Visit) -> Answer:
    """Another official's answer to an objection."""
    index = whole(visit.path["index"], visit.services.ledger.published().size)
    if index is None:
        raise UsageError("an objection is named by its entry; open the list again")
    afterwards.answer(visit.services, index, visit.signer, visit.form.get("note", ""))
    return Elsewhere("/objections", "your answer is in the ledger")


ROUTES: Sequence[Route] = (
    Route("GET", "/objections", _OFFICIALS, objections),
    Route("POST", "/objections", _OFFICIALS, object_to, "your objection"),
    Route("POST", "/objections/{index}/answer", _OFFICIALS, answer, "your answer to this objection"),
)
