"""What each role finds at the top of its pages and on its first page, in the order of its work."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from solely.console.visit import ADMINISTRATOR, ANALYST, COUNSEL, COURT, OFFICER, OVERSEER, PARTY


class Door(NamedTuple):
    """One page of a role: where it is, its name, and what it is for."""

    path: str
    name: str
    what: str


_ORDERS: Final = Door("/orders", "Orders", "What stops disclosure, by whose word; give one, or lift it")

MENU: Final[Mapping[str, tuple[Door, ...]]] = {
    OFFICER: (Door("/queue", "Referred items", "Decide what was referred to a person"), _ORDERS),
    OVERSEER: (
        Door("/oversight/verify", "Check the ledger", "Hold every entry against the signed root"),
        _ORDERS,
    ),
    COUNSEL: (_ORDERS,),
    ADMINISTRATOR: (_ORDERS,),
    COURT: (_ORDERS,),
    PARTY: (_ORDERS,),
    ANALYST: (Door("/batches", "Batches", "Send a batch, follow it, and see what to cure"),),
}
