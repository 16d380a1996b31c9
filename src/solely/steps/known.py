"""What an order names is known to this gate, or the error says which element is not, and lists what is close.

An order that names what is not there would look in force and stop nothing: a slip of the pen must show before
it is filed, and not after a disclosure (R-08, R-91).
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from solely.errors import UsageError
from solely.model import Trust
from solely.orders.order import Order
from solely.services import Services
from solely.steps import held
from solely.store.trust import read_trust

SHOWN: Final = 3  # close ones that an error lists
_ROLES = ("parties", "requesters", "approvers", "officers", "courts", "inquiries")


def require_known(services: Services, order: Order) -> None:
    """Return when everything that the order names is known here; else UsageError (R-91)."""
    stated = order.scope._asdict() | {"revoked_key": order.revoked_key}
    for name, find in _KNOWN.items():
        word = stated[name]
        if word is None or (name == "request" and _is_decided_or_may_be(services, word)):
            continue
        known = sorted(find(services))
        if word not in known:
            key = name if name == "revoked_key" else f"scope.{name}"
            raise UsageError(f"an order's `{key}` names what this gate does not know; {_near(word, known)}")


def _near(word: str, known: list[str]) -> str:
    """What is close to a word, or how many there are to choose from."""
    close = get_close_matches(word, known, SHOWN, 0.6) or (known if len(known) <= SHOWN else [])
    if close:
        return "close to it: " + ", ".join(f"`{each}`" for each in close)
    return f"none of the {len(known):,} known ones is close to it"


def _is_decided_or_may_be(services: Services, request_id: str) -> bool:
    """True of an item that was decided; also while a batch waits to be decided, which may hold it."""
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
    if any(each["decided_index"] is None for each in batches):
        return True
    same = "lower(request_id) = lower(?)"
    files = [services.folder.batch(each["id"]) / held.FILES["dispositions"] for each in batches]
    return any(services.files.read(each, "request_id", same, [request_id]) for each in files)


def _batches(services: Services) -> Iterable[str]:
    with services.database.transaction() as tx:
        return [each["id"] for each in services.cases.list_batches(tx)]


def _releases(services: Services) -> Iterable[str]:
    with services.database.transaction() as tx:
        return [each["id"] for each in services.cases.releases(tx)]


def _requests(services: Services) -> Iterable[str]:
    """The ids of items that were released or wait for it: those of others nobody guesses at."""
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
        return [case["request_id"] for each in batches for case in services.cases.list_cases(tx, each["id"])]


def _officers(services: Services) -> Iterable[str]:
    """Those enrolled, and those who were when something was released to them."""
    with services.database.transaction() as tx:
        named = {name for each in services.cases.releases(tx) for name in each["officers"]}
    return named | {name for trust in _trusts(services) for name in trust.officers}


def _parties(services: Services) -> Iterable[str]:
    return services.law.parties


def _clauses(services: Services) -> Iterable[str]:
    return [each.id for each in services.law.agreement.clauses]


def _keys(services: Services) -> Iterable[str]:
    """Every key that was ever enrolled here, or is proposed."""
    roles = [getattr(trust, role) for trust in _trusts(services) for role in _ROLES]
    return {each.key_id for role in roles for each in role.values()}


def _trusts(services: Services) -> list[Trust]:
    """The enrolments in force, those that were, and those proposed."""
    kept, proposed = services.folder.superseded("trust"), services.folder.pending("trust")
    places = [each for each in kept.iterdir() if each.is_dir()] if kept.is_dir() else []
    return [services.trust, *(read_trust(each) for each in (*places, proposed) if each.is_dir())]


_KNOWN: Mapping[str, Callable[[Services], Iterable[str]]] = {
    "clause": _clauses,
    "batch": _batches,
    "release": _releases,
    "request": _requests,
    "officer": _officers,
    "requester": _parties,
    "revoked_key": _keys,
}
