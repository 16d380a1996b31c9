"""Who may do what at this gate, what waits to change that, and which passkeys speak for whom.

- An administrator reads all of it and ends passkeys, which tightens. Whatever loosens is proposed at the
  machine (`solely init`), countersigned by two approvers here, and acts a day later: no page of this module
  lets who administers the gate approve, confirm or lift anything (R-84).
- A passkey is named by its ledger entry, never by its own identifier.
"""

from datetime import date
from typing import Any, Final

from solely import afterwards
from solely.console.visit import (
    ADMINISTRATOR,
    COUNSEL,
    EVERYBODY,
    OFFICER,
    OVERSEER,
    TITLES,
    Answer,
    Elsewhere,
    Page,
    Route,
    Visit,
)
from solely.errors import UsageError
from solely.flow import begin
from solely.model import Enrolment
from solely.orders.force import in_force
from solely.orders.order import Kind
from solely.services import Services
from solely.steps import attending, ordering
from solely.steps.attending import Known
from solely.steps.putting import LOOSENED
from solely.steps.queueing import HOURS
from solely.store.ledger_files import LedgerPaths
from solely.store.trust import ROLES

_READERS: Final = frozenset((ADMINISTRATOR, OVERSEER, COUNSEL, OFFICER))
_ADMINISTRATORS: Final = frozenset((ADMINISTRATOR,))
_OFFICERS: Final = frozenset((OFFICER,))
_NAMES: Final = {**TITLES, "inquiries": "office that vouches for persons"}


def people(visit: Visit) -> Answer:
    """Every enrolment and passkey, the log's keys, and how the recipient's safeguards stand."""
    services, day = visit.services, visit.at.date()
    begin(services)
    known = attending.standing(services, visit.at)
    words = {
        "roles": [(_NAMES[role], [_told(each, day) for each in _enrolled(services, role)]) for role in ROLES],
        "passkeys": [_passkey(each) for each in known],
        "hours": HOURS,
        "may_end": visit.who.role == ADMINISTRATOR,
        "safeguards": _safeguards(visit),
        "is_demo": services.config.is_demo,
        "keys": _keys(services),
        "witnesses": [each.name for each in services.ledger.policy.witnesses],
    }
    return Page("people.html", words)


def own(visit: Visit) -> Answer:
    """The visitor's own passkeys."""
    known = attending.standing(visit.services, visit.at)
    mine = [_passkey(each) for each in known if each.person.key_id == visit.who.key_id]
    return Page("passkeys.html", {"passkeys": mine})


def end(visit: Visit) -> Answer:
    """End a passkey at once: the visitor's own, or as administrator anybody's."""
    named = visit.path["entry"]
    known = attending.standing(visit.services, visit.at)
    found = next((each for each in known if str(each.entry_index) == named), None)
    if found is None:
        raise UsageError("no passkey that stands has this entry")
    attending.end(visit.services, found.credential, visit.who, visit.at)
    back = "/people" if visit.who.role == ADMINISTRATOR else "/passkeys/mine"
    return Elsewhere(back, f"the passkey of `{found.person.id}` is ended, and the ledger says by whom")


def pending(visit: Visit) -> Answer:
    """What loosens and waits: what would change, who has countersigned, from when it acts (R-84)."""
    lines = afterwards.pending(visit.services)
    words = {
        "parts": [each for each in lines if "proposed" in each],
        "orders": [each for each in lines if "order" in each],
        "unchecked": [each for each in lines if "due" in each],
        "may_countersign": visit.who.role == OFFICER,
    }
    return Page("pending.html", words)


def countersign(visit: Visit) -> Answer:
    """One of two countersignatures of a proposed change."""
    part = visit.path["part"]
    if part not in LOOSENED:
        raise UsageError(f"a proposed part is one of {', '.join(LOOSENED)}")
    done = afterwards.countersign(visit.services, part, visit.signer)
    signed = len(done["countersigned"])
    return Elsewhere("/pending", f"you have countersigned the change of `{part}`; {signed} of 2 have")


def _enrolled(services: Services, role: str) -> list[Enrolment]:
    found: dict[str, Enrolment] = getattr(services.trust, role)
    return [found[name] for name in sorted(found)]


def _told(each: Enrolment, day: date) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "kind": each.kind,
        "enrolled_by": each.enrolled_by or "nobody named",
        "until": min(each.valid_to, each.certificate_until or each.valid_to),
        "standing": standing_of(each, day),
        "key_id": each.key_id,
        "is_demo": each.is_demo,
    }


def standing_of(each: Enrolment, day: date) -> str:
    """Whether an enrolment holds on a day, and why where it does not."""
    if each.is_valid_on(day):
        return "valid"
    if day < each.valid_from:
        return f"not valid before {each.valid_from}"
    if day > each.valid_to:
        return f"ended on {each.valid_to}"
    if each.certified_on is None or day < each.certified_on:
        return "not valid: not certified"
    return "not valid: no certificate in date" if each.kind == "contractor" else "not valid: no person"


def _passkey(each: Known) -> dict[str, Any]:
    until, person = each.voucher.until, each.person
    return {"entry": each.entry_index, "until": until, "person": person.id, "role": _NAMES[person.role]}


def _safeguards(visit: Visit) -> list[dict[str, Any]]:
    """The reports on each recipient that are in force, and whether releases to it may go on (R-07)."""
    services, at = visit.services, visit.services.now()
    known = ordering.filed(services)
    reports = [each.order for each in in_force(known, at) if each.order.kind is Kind.SAFEGUARD]
    found = []
    for party in services.law.parties:
        own_reports = [each for each in reports if each.scope.requester == party]
        states = sorted(
            {f"{each.status}" + (f" by {each.plan_by}" if each.plan_by else "") for each in own_reports}
        )
        is_accepted = ordering.is_accepted(known, party, at)
        found.append({"party": party, "states": states, "is_accepted": is_accepted})
    return found


def _keys(services: Services) -> list[tuple[str, str]]:
    """The verifier keys of the log; an earlier one stands while both hold."""
    paths = LedgerPaths(services.folder.root)
    files = (
        (paths.vkey, "in force"),
        (paths.earlier_vkey, "the one before, while both hold"),
        (paths.second_vkey, "of the second line"),
    )
    return [(what, file.read_text().strip()) for file, what in files if file.is_file()]


ROUTES = (
    Route("GET", "/people", _READERS, people),
    Route("GET", "/pending", _READERS, pending),
    Route("POST", "/pending/{part}/countersign", _OFFICERS, countersign, "that this change may come"),
    Route("POST", "/people/passkeys/{entry}/end", _ADMINISTRATORS, end, needs_passkey=True),
    Route("GET", "/passkeys/mine", EVERYBODY, own),
    Route("POST", "/passkeys/mine/{entry}/end", EVERYBODY, end, needs_passkey=True),
)
