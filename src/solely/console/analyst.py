"""What an analyst of a requester sees: batches of the own office, how far they are, what to cure.

- Nothing here tells an item that was withheld from one that left (R-43, R-81).
"""

from typing import Final

from solely import flow
from solely.console.visit import ANALYST, Answer, Elsewhere, Page, Route, Visit
from solely.errors import UsageError
from solely.steps import following

_ANALYSTS: Final = frozenset((ANALYST,))
_REFRESH_SECONDS: Final = 5


def batches(visit: Visit) -> Answer:
    """The batches of the own office."""
    own = following.own_batches(visit.services, visit.who)
    return Page("batches.html", {"batches": following.listed(visit.services, own[:200]), "count": len(own)})


def send(visit: Visit) -> Answer:
    """A batch sent: received now, decided from now on."""
    if visit.upload is None:
        raise UsageError("no file came; choose the archive, or the three files of the batch")
    batch, said = flow.receive(visit.services, visit.upload.path, visit.who)
    if batch is not None:
        return Elsewhere(f"/batches/{batch['id']}", "your batch is received, and is decided from now on")
    if said.get("duplicate"):
        return Elsewhere(f"/batches/{said['batch']}", "this letter was received before; its answers stand")
    return Page("batch_refused.html", {"refused": said.get("batch_refused"), "blocked": said["blocked"]}, 422)


def batch(visit: Visit) -> Answer:
    """One batch: how far it is, or its answers in four words."""
    services = visit.services
    found = following.own_batch(services, visit.path["batch"], visit.who)
    reached = following.progress(services, found)
    words = {"batch": found, "progress": reached, "refresh": _REFRESH_SECONDS}
    is_decided = reached.state == "decided"
    return Page("batch.html", words | {"answers": following.answers(services, found) if is_decided else None})


ROUTES: Final = (
    Route("GET", "/batches", _ANALYSTS, batches),
    Route("POST", "/batches", _ANALYSTS, send, takes_files=True),
    Route("GET", "/batches/{batch}", _ANALYSTS, batch),
)
