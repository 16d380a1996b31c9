"""What an overseer sees: the ledger checked from the outside, alarms, and what waits for an answer.

- Everything here is read; only a draw of a sample and a replay leave an entry, each its own.
- Figures and verdicts are those that the steps store (R-106); nothing here names an item or shows a value.
"""

from typing import Final

from solely.console.checking import check_of
from solely.console.visit import OVERSEER, Answer, Elsewhere, Page, Route, Visit

_OVERSEERS: Final = frozenset((OVERSEER,))


def verify(visit: Visit) -> Answer:
    """The check of the ledger, its last outcome, and the form that begins one."""
    published = visit.services.ledger.published()
    return Page("verify.html", {"check": check_of(visit.services.folder.root), "published": published})


def begin_check(visit: Visit) -> Answer:
    """Begin a check, against a checkpoint that the overseer kept where one is given."""
    published = visit.services.ledger.published()
    kept = visit.form.get("kept", "").replace("\r\n", "\n")
    kept = kept and kept.rstrip("\n") + "\n"
    check_of(visit.services.folder.root).begin(published.checkpoint, visit.at, kept=kept.encode())
    return Elsewhere("/oversight/verify")


ROUTES = (
    Route("GET", "/oversight/verify", _OVERSEERS, verify),
    Route("POST", "/oversight/verify", _OVERSEERS, begin_check),
)
