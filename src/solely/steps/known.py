"""What an order names is known to this gate, or the error says which element is not, and lists what is close.

- An order that names what is not there would look in force and stop nothing: a slip of the pen must show
  before it is filed, and not after a disclosure (R-08, R-91).
- Of items and releases nothing is listed or counted: what is near would say what became of it (R-81, R-88).
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from solely.errors import NotPermitted, UsageError
from solely.model import Trust
from solely.orders.order import AT_ONCE, SUSPENDED, Order, named
from solely.services import Services
from solely.steps import held
from solely.store.trust import ROLES, read_trust

SHOWN: Final = 3  # close ones that an error lists
_STOPS_NOTHING: Final = 2
_UNTOLD: Final = "copy the id as it was sent or delivered: none that is close is listed (R-81)"


def require_known(services: Services, order: Order) -> None:
    """Return when everything that the order names is known here; else UsageError (R-91)."""
    stated = order.scope._asdict() | {"revoked_key": order.revoked_key}
    for name, find in _KNOWN.items():
        word = stated[name]
        if word is None:
            continue
        known = find(services, word)
        if word not in known:
            key = name if name == "revoked_key" else f"scope.{name}"
            cure = _UNTOLD if name in ("request", "release") else _near(word, sorted(known))
            if name == "clause":
                cure += "; it is a clause of the agreement, such as `2(c)`"
            raise UsageError(f"an order's {named(key)} names what this gate does not know; {cure}")


def _near(word: str, known: list[str]) -> str:
    """What is close to a word, or how many there are to choose from."""
    same = [each for each in known if _plain(each) == _plain(word)]
    close = list(dict.fromkeys((*same, *get_close_matches(word, known, SHOWN, 0.6))))[:SHOWN]
    close = close or (known if len(known) <= SHOWN else [])
    if close:
        return "close to it: " + ", ".join(f"`{each}`" for each in close)
    return f"none of the {len(known):,} known ones is close to it"


def _plain(word: str) -> str:
    """A word without the zeros that lead a number in it: `officer-1` is meant for `officer-01`."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", word.lower())


def _requests(services: Services, request_id: str) -> Collection[str]:
    """This id, where an item came with it, whatever became of that (R-81); also while a batch waits to be
    decided, which may hold it."""
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
    if any(each["decided_index"] is None for each in batches):
        return [request_id]
    same = "lower(request_id) = lower(?)"
    files = [services.folder.batch(each["id"]) / held.FILES["dispositions"] for each in batches]
    is_there = any(services.files.read(each, "request_id", same, [request_id]) for each in files)
    return [request_id] if is_there else []


def _batches(services: Services, _: str) -> Collection[str]:
    with services.database.transaction() as tx:
        return [each["id"] for each in services.cases.list_batches(tx)]


def _releases(services: Services, _: str) -> Collection[str]:
    with services.database.transaction() as tx:
        return [each["id"] for each in services.cases.releases(tx)]


def _officers(services: Services, _: str) -> Collection[str]:
    """Those enrolled, and those who were when something was released to them."""
    with services.database.transaction() as tx:
        named = {name for each in services.cases.releases(tx) for name in each["officers"]}
    return named | {name for trust in _trusts(services) for name in trust.officers}


def _parties(services: Services, _: str) -> Collection[str]:
    return services.law.parties


def _clauses(services: Services, _: str) -> Collection[str]:
    return [each.id for each in services.law.agreement.clauses]


def _keys(services: Services, _: str) -> Collection[str]:
    """Every key that was ever enrolled here, or is proposed."""
    roles = [getattr(trust, role) for trust in _trusts(services) for role in ROLES]
    return {each.key_id for role in roles for each in role.values()}


def _trusts(services: Services) -> list[Trust]:
    """The enrolments in force, those that were, and those proposed."""
    kept, proposed = services.folder.superseded("trust"), services.folder.pending("trust")
    places = [each for each in kept.iterdir() if each.is_dir()] if kept.is_dir() else []
    return [services.enrolled, *(read_trust(each) for each in (*places, proposed) if each.is_dir())]


# -- whose key -------------------------------------------------------------------------------------------


def require_revocable(services: Services, order: Order) -> None:
    """Return when its authority may revoke this key, and the order says whose it is where it must (R-84)."""
    if order.revoked_key is None:
        return
    in_force, *others = _trusts(services)
    named = holders_of([in_force], order.revoked_key) or holders_of(others, order.revoked_key)
    _require_own_agency(services, order, named)
    if order.holder in named and _rank(order.holder) == _rank(named[0]):
        return
    if order.holder is not None:
        raise UsageError(f"an order's `holder` is whose key it revokes: here `{named[0]}`")
    if _rank(named[0]) < _STOPS_NOTHING and order.key_id != order.revoked_key:
        raise UsageError(
            f"this key's word can stop something: an order that revokes it states `holder`, here `{named[0]}`"
        )


def holders_of(trusts: Iterable[Trust], key_id: str) -> list[str]:
    """Who holds a key, as folders and ids; first whose word is the hardest to end."""
    found = {
        f"{role}/{each.id}"
        for trust in trusts
        for role in ROLES
        for each in getattr(trust, role).values()
        if each.key_id == key_id
    }
    return sorted(found, key=lambda named: (_rank(named), named))


def _rank(holder: str) -> int:
    """How hard a word is to end: 0 where two revoke the key, 1 where the custodian's party suspends it."""
    role = holder.partition("/")[0]
    return _STOPS_NOTHING if role in AT_ONCE else 1 if role in SUSPENDED else 0


def _require_own_agency(services: Services, order: Order, named: Iterable[str]) -> None:
    """Return unless a requesting agency's party revokes what is not its own: it silences nobody else."""
    custodian, *requesting = services.law.parties
    is_asking = order.role == "parties" and order.office != custodian
    if not is_asking or order.key_id == order.revoked_key:
        return
    # An enrolment does not say of which agency it is: with several, it is not known whose it would be.
    if len(requesting) > 1 or not {each.partition("/")[0] for each in named} <= {"requesters", "officers"}:
        raise NotPermitted("a requesting agency's party revokes the keys of its own agency and no others")


_KNOWN: Mapping[str, Callable[[Services, str], Collection[str]]] = {
    "clause": _clauses,
    "batch": _batches,
    "release": _releases,
    "request": _requests,
    "officer": _officers,
    "requester": _parties,
    "revoked_key": _keys,
}
