"""What each role finds at the top of its pages and on its first page, in the order of its work."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from solely.console.visit import ADMINISTRATOR, ANALYST, COUNSEL, COURT, OFFICER, OVERSEER, PARTY, RECIPIENT


class Door(NamedTuple):
    """One page of a role: where it is, its name, and what it is for."""

    path: str
    name: str
    what: str


_OBJECTIONS: Final = Door("/objections", "Objections", "Object, or answer what another official objects")
_ORDERS: Final = Door("/orders", "Orders", "What stops disclosure, by whose word; give one, or lift it")
_ORDERS_READ: Final = Door("/orders", "Orders", "What stops disclosure, by whose word, and until when")

_AGREEMENT: Final = Door(
    "/agreement", "The agreement", "What may leave, clause by clause, with rules and cases"
)
_PEOPLE: Final = Door("/people", "People and keys", "Who may do what, by which key, and until when")
_PENDING: Final = Door("/pending", "What waits", "Changes that loosen, and who has countersigned them")

MENU: Final[Mapping[str, tuple[Door, ...]]] = {
    OFFICER: (
        Door("/queue", "Referred items", "Decide what was referred to a person"),
        Door("/approvals", "Approvals", "Decide a sample of a batch, then sign exactly this batch"),
        _OBJECTIONS,
        _ORDERS,
        _AGREEMENT,
        _PENDING,
        _PEOPLE,
    ),
    OVERSEER: (
        Door("/oversight", "Oversight", "Alarms, the ledger checked, reports, samples, replays"),
        _AGREEMENT,
        _ORDERS_READ,
        _PENDING,
        _PEOPLE,
    ),
    COUNSEL: (
        _AGREEMENT,
        Door("/counsel", "Sealing and drafts", "What may be sealed, and what a draft would widen"),
        Door("/oversight/report", "Report", "What was asked, what left by day, and why the rest did not"),
        _OBJECTIONS,
        _ORDERS_READ,
        _PENDING,
        _PEOPLE,
    ),
    ADMINISTRATOR: (_PEOPLE, _PENDING, _ORDERS_READ, _AGREEMENT),
    COURT: (_ORDERS, _AGREEMENT),
    PARTY: (_ORDERS, _AGREEMENT),
    ANALYST: (Door("/batches", "Batches", "Send a batch, follow it, and see what to cure"),),
    RECIPIENT: (Door("/inbox", "What waits for you", "Terms, duties and corrections, each with its day"),),
}
