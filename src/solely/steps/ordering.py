"""Orders: filed under signature, held against the ledger, asked before anything leaves (R-06 to R-08, R-91).

- Tightening needs one who may, and acts with its entry. A loosening (a lift, an accepted report) needs two
  approvers who are independent of one another, and waits (R-84).
- Which orders there are is the ledger's word: an order whose row is gone or changed stops the gate (R-82).
- A list of people stands in the order's own bytes and nowhere else; no answer to a requester shows it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from solely import clock
from solely.canonical import sha256_hex
from solely.errors import (
    BatchRefused,
    Blocked,
    Duplicate,
    NotPermitted,
    Unwitnessed,
    UsageError,
)
from solely.facts.day import find_day
from solely.ledger.entry import Entry, EntryType, decode
from solely.model import Enrolment, Item
from solely.orders.force import (
    Filed,
    Signed,
    Stop,
    Touched,
    counted,
    in_force,
    is_ended,
    is_revoked,
    is_touched,
    is_whole_lift,
    may_lift,
    standing_of,
    stops,
)
from solely.orders.giver import giver_of
from solely.orders.order import Kind, Order, Scope, parse_new_order, parse_order, require_to_come
from solely.orders.people import People, words_of
from solely.records.base import AccessRow
from solely.review.panel import NEEDED, require_approver
from solely.services import Services
from solely.signing import Signer
from solely.steps import approved, countersigning, enrolments, held, journal, vouching
from solely.steps.countersigning import COUNTERSIGNED, NOTICED
from solely.steps.deciding import item_of
from solely.steps.identification import write_access
from solely.steps.known import require_known, require_revocable
from solely.steps.listed import require_findable, require_readable
from solely.store import orders as rows

Batch = Mapping[str, Any]
TYPES: Final = {
    Kind.STAY: EntryType.STAY,
    Kind.RECALL: EntryType.STAY,  # the recall of each release has entries of its own
    Kind.NOTICE: EntryType.NOTICE,
    Kind.REVOCATION: EntryType.SAFEGUARD,
    Kind.SAFEGUARD: EntryType.SAFEGUARD,
    Kind.LIFT: EntryType.LIFT,
    Kind.PRESERVATION: EntryType.PRESERVATION,
}
# An entry of one of these types is an order and nothing else; a lift of a preservation has a type of its own.
OWN_TYPES: Final = (
    EntryType.STAY, EntryType.SAFEGUARD, EntryType.LIFT, EntryType.PRESERVATION, EntryType.PRESERVATION_LIFT,
)  # fmt: skip
RELEASES_MAX = 4096  # that one recall entry names: an entry has at most 65,535 bytes


# -- what is filed ---------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _parsed(text: bytes) -> Order:
    return parse_order(text)


def filed(services: Services) -> list[Filed]:
    """Every order with what was done about it, as the ledger has them; Blocked when the tables differ."""
    with services.database.transaction() as tx:
        stored, acts = rows.filed(tx), rows.acts(tx)
    known = {each["id"] for each in stored}
    acts = [each for each in acts if each["order_id"] in known]  # the others are about proposals
    _require_complete(services, stored)
    entries = held.entries_of(services, [each["entry_index"] for each in (*stored, *acts)], "an order")
    found = []
    for row in stored:
        entry = entries[row["entry_index"]]
        order = _held(services, row, entry)
        own = [each for each in acts if each["order_id"] == row["id"]]
        for act in own:
            _require_act(row, act, entries[act["entry_index"]])
        done = _done_of(services, own, entries)
        order_filed = Filed(order, clock.instant(entry.time), row["entry_index"])
        found.append((order_filed, done[COUNTERSIGNED], done[NOTICED]))
    return counted(found, NEEDED)


def _done_of(
    services: Services, acts: Sequence[Mapping[str, Any]], entries: Mapping[int, Entry]
) -> dict[str, list[Signed]]:
    """When an order was countersigned and noticed, by whom with which key."""
    found: dict[str, list[Signed]] = {COUNTERSIGNED: [], NOTICED: []}
    for act in acts:
        signed = countersigning.signed(services, act, entries[act["entry_index"]])
        found[act["act"].partition("/")[0]].append(signed)
    return found


def _require_complete(services: Services, stored: Sequence[Mapping[str, Any]]) -> None:
    """Return when the table has every order of the ledger and no other; else Blocked (R-82)."""
    places = set(services.ledger.places(OWN_TYPES))
    notices = services.ledger.places((EntryType.NOTICE,))
    # A notice with references is a sample, its evidence, or the recorded notice under an order.
    found = services.ledger.entries_at(notices)
    places |= {index for index in notices if not decode(found[index]).refs}
    if places != {row["entry_index"] for row in stored}:
        raise Blocked("STATE_EDITED", "an order is missing, or stands in no ledger entry")


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"order_sha256": sha256_hex(row["text"].encode()), "signature": row["signature"]}


def _held(services: Services, row: Mapping[str, Any], entry: Entry) -> Order:
    held.require_said(services, entry, f"order/{row['id']}", _said(row), "an order")
    order = _parsed(row["text"].encode())
    own = (TYPES[order.kind], *([EntryType.PRESERVATION_LIFT] if order.kind is Kind.LIFT else ()))
    if order.id != row["id"] or entry.type not in own:
        raise Blocked("STATE_EDITED", "an order differs from its ledger entry")
    return order


def _require_act(row: Mapping[str, Any], act: Mapping[str, Any], entry: Entry) -> None:
    kind = EntryType.APPROVAL if act["act"] == COUNTERSIGNED else EntryType.NOTICE
    if entry.type is not kind or entry.refs != (row["entry_index"],):
        raise Blocked("STATE_EDITED", "what was done about an order names an entry of another")


def find_countersigner(services: Services, act: Mapping[str, Any], entry: Entry) -> Enrolment | None:
    """Who has signed an act, still enrolled with that key, no order having revoked it; None when not."""
    signed = countersigning.signed(services, act, entry)
    return None if is_ended(signed, filed(services)) else services.enrolled.approvers[signed.who]


# -- filing ------------------------------------------------------------------------------------------------


def file_order(services: Services, text: bytes, signature: bytes, at: datetime) -> Filed:
    """The order, in the ledger and in force; NotPermitted when its authority may not give it (R-91)."""
    order = parse_new_order(text)
    known = filed(services)
    # First of all: whoever has not signed learns nothing of what is filed here.
    _require_authority(services, order, (text, signature), at, known)
    refs = require_fileable(services, order, known, at) or _preserved(services, order)
    row = {"id": order.id, "text": text.decode(), "signature": signature.decode().strip()}
    key = f"order/{order.id}"
    is_recall = order.is_final and not order.is_loosening
    recalled = _recalled(services, order) if is_recall else []
    entry = journal.write(services.salt_key, _type_of(order, known), at, key, _said(row), refs=refs)
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        rows.add_order(tx, row | {"entry_index": index})
        _log_recalled(services, tx, order, recalled, at)
    try:
        services.ledger.publish()
    except Unwitnessed as waiting:
        services.progress(f"the order is filed; {waiting}")  # whoever gave it must learn its id
    return Filed(order, at, index)


def require_fileable(
    services: Services, order: Order, known: Sequence[Filed], at: datetime
) -> tuple[int, ...]:
    """The entry that an order lifts, if it does, once it may be filed now; else what is wrong with it."""
    _require_new(order, known, at)
    if not order.cite.isprintable():
        raise UsageError("an order's `cite` is one line of characters that can be printed")
    require_to_come(order, at)
    require_findable(order.scope.people)
    require_known(services, order)
    require_revocable(services, order)
    require_readable(order.scope.people, is_synthetic=services.law.is_synthetic)
    _require_superseding(order, known)
    is_accepting = order.kind is Kind.SAFEGUARD and order.status == "accepted"
    if is_accepting and order.scope != _recipient_alone(order, order.scope.requester):
        raise UsageError("an accepted report is of a whole recipient: its scope is agreement and requester")
    return _lifted(services, order, known)


def told_filed(services: Services, order: Filed, at: datetime) -> dict[str, Any]:
    """What may be said of an order just filed, and that its checkpoint waits, where no quorum cosigned it."""
    is_waiting = services.ledger.published().size <= order.entry_index
    return told(order, at) | ({"checkpoint": "waits for witnesses"} if is_waiting else {})


def _require_new(order: Order, known: Sequence[Filed], at: datetime) -> None:
    same = next((each for each in known if each.order.id == order.id), None)
    if same is not None:
        raise Duplicate(
            f"this order is filed already, as `{order.id}`, and {standing_of(same, known, at)}; one that is "
            f"to stand anew states `supersedes` with this id (`--supersedes {order.id}`)"
        )


def _require_superseding(order: Order, known: Sequence[Filed]) -> None:
    """Return when what an order supersedes is filed here, by the same authority and of its kind."""
    if order.supersedes is None:
        return
    earlier = next((each.order for each in known if each.order.id == order.supersedes), None)
    if earlier is None:
        raise UsageError("an order's `supersedes` is the id of an order that is filed here")
    if (earlier.authority, earlier.kind) != (order.authority, order.kind):
        raise NotPermitted("an order supersedes one of the same authority and kind, and no other (R-91)")


def _type_of(order: Order, known: Sequence[Filed]) -> EntryType:
    lifted = next((each.order.kind for each in known if each.order.id == order.lifts), None)
    return EntryType.PRESERVATION_LIFT if lifted is Kind.PRESERVATION else TYPES[order.kind]


def _preserved(services: Services, order: Order) -> tuple[int, ...]:
    """What a preservation names in public: nothing where it pins everything; else entry 0, the request of its
    batch, or the releases that it touches now (entry 0 says that it may pin more)."""
    is_all = not (order.scope.batch or order.scope.clause or order.scope.requester) and order.scope.is_whole
    if order.kind is not Kind.PRESERVATION or is_all:
        return ()
    if order.scope.is_whole and order.scope.batch:
        with services.database.transaction() as tx:
            batch = services.cases.find_batch(tx, order.scope.batch)
        return (0,) if batch is None else (0, batch["request_index"])
    touched = [each["entry_index"] for each in releases_touched(services, order)]
    return (0, *sorted(touched)[:RELEASES_MAX])


def _require_authority(
    services: Services, order: Order, signed: tuple[bytes, bytes], at: datetime, known: Sequence[Filed]
) -> None:
    """Return when an enrolled authority that may give such an order has signed these bytes."""
    giver = giver_of(services.enrolled, order)
    if not giver.is_valid_on(at.date()):
        raise NotPermitted(f"`{order.authority}` is not enrolled here, or not in date")
    text, signature = signed
    vouching.require_signed(services, giver, (text, signature), at)
    if is_revoked_in(known, giver.key_id, at):
        raise NotPermitted(f"the key of `{order.authority}` is revoked by an order")
    if order.scope.agreement != services.law.agreement.id:
        raise NotPermitted("the order is about another agreement than this gate's")
    if order.role == "parties" and order.office not in services.law.parties:
        raise NotPermitted(f"`{order.authority}` is no party of the agreement")
    if order.kind is Kind.SAFEGUARD and order.is_loosening and order.office in services.law.parties[1:]:
        raise NotPermitted("a party that asks accepts no safeguards: the custodian's party states it (R-07)")


def _lifted(services: Services, order: Order, known: Sequence[Filed]) -> tuple[int, ...]:
    """The entry of the order that this one lifts; NotPermitted when it is not this authority's to lift."""
    if order.lifts is None:
        return ()
    earlier = next((each for each in known if each.order.id == order.lifts), None)
    if earlier is None:
        raise UsageError("no such order is filed here; `solely orders` lists them")
    above = {court: frozenset(each.above) for court, each in services.trust.courts.items()}
    if earlier.order.is_final:
        raise NotPermitted(f"a {earlier.order.kind} is final: no lift ends it")
    if earlier.order.kind is Kind.LIFT or not may_lift(order, earlier.order, above):
        raise NotPermitted("only who gave an order, or a court above it, lifts it (R-91)")
    if not is_whole_lift(order, earlier.order):
        raise UsageError(
            "a lift ends the whole order that it names, and its scope states the agreement alone; to free a "
            "part, file a narrower order first, and then lift this one"
        )
    return (earlier.entry_index,)


def _recalled(services: Services, order: Order) -> list[int]:
    """The releases that a recall names, by their entries; it is told where a list could not say of some."""
    touched, unsaid = releases_reached(services, order)
    if unsaid:
        services.progress(
            f"of {len(unsaid):,} releases the list cannot say: the records have their people no more; "
            f"`solely comply {order.id}` names them, and `--release` recalls one"
        )
    return [each["entry_index"] for each in touched]


def _log_recalled(services: Services, tx: Any, order: Order, releases: Sequence[int], at: datetime) -> None:
    """The entries that name every release which the recall touches, by its index and nothing else (R-64)."""
    for number, start in enumerate(range(0, len(releases), RELEASES_MAX)):
        key, part = f"recall/{order.id}/{number}", tuple(releases[start : start + RELEASES_MAX])
        said = {"order": order.id}
        services.ledger.append(
            tx, key, [journal.write(services.salt_key, EntryType.RECALL, at, key, said, refs=part)]
        )


def countersign(services: Services, order_id: str, signer: Signer, at: datetime) -> Filed:
    """A loosening with one more countersignature; with the second its wait begins (R-84)."""
    found = find_order(services, order_id)
    if not found.order.is_loosening:
        raise UsageError("only what loosens is countersigned: a lift, an accepted report, some revocations")
    return _act(services, found, COUNTERSIGNED, signer, at)


def record_notice(services: Services, order_id: str, signer: Signer, at: datetime) -> Filed:
    """A notice order whose notice has been given: its hours run from this entry on (R-08)."""
    found = find_order(services, order_id)
    if found.order.kind is not Kind.NOTICE:
        raise UsageError("this order asks for no notice")
    # Each notice is of the batches that are there; a later batch needs its own.
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
    last = max(found.noticed, default=None)
    if last is not None and all(held.instant_received(each["received_at"]) <= last for each in batches):
        since = last.isoformat(timespec="seconds")
        raise Duplicate(
            f"notice of every batch that is here was given at {since}, and its hours run from then"
        )
    return _act(services, found, f"{NOTICED}/{len(found.noticed)}", signer, at)


def _act(services: Services, found: Filed, act: str, signer: Signer, at: datetime) -> Filed:
    holder = signer.holder
    require_unrevoked(services, holder, at)
    if holder == found.order.key_id:
        raise NotPermitted("who gave an order neither countersigns nor notes its notice: others do (R-84)")
    counted = found.countersigners if act == COUNTERSIGNED else ()
    standing = [each for each in counted if each in services.trust.approvers]
    approver = require_approver(services.trust, holder, found.order.key_id, at.date(), standing)
    if len(counted) >= NEEDED:
        raise Duplicate("this has been done already")
    countersigning.sign(services, (act, found.order.id, found.entry_index), approver, signer, at)
    return find_order(services, found.order.id)


def find_order(services: Services, order_id: str) -> Filed:
    """The filed order of this id; UsageError when there is none."""
    for each in filed(services):
        if each.order.id == order_id.lower():
            return each
    raise UsageError("no such order is filed here; `solely orders` lists them")


def told(found: Filed, at: datetime, known: Sequence[Filed] | None = None) -> dict[str, Any]:
    """What may be said of an order: everything but the people of its list."""
    order, begins = found.order, found.in_effect_at
    scope = {name: value for name, value in order.scope._asdict().items() if value and name != "people"}
    if order.scope.people:
        scope["people"] = len(order.scope.people)
    words: dict[str, Any] = {
        "order": order.id,
        "kind": order.kind.value,
        "authority": order.authority,
        "cite": order.cite,
        "scope": scope,
        "in_effect_at": None if begins is None else begins.isoformat(),
        "ends_at": None if found.ends_at is None else found.ends_at.isoformat(),
        "entry": found.entry_index,
        "is_in_force": any(each.order.id == order.id for each in in_force(known or [found], at)),
    }
    if order.is_loosening:
        words["countersigned"] = list(found.countersigners)
    if order.kind is Kind.NOTICE:
        words["noticed_at"] = [each.isoformat() for each in found.noticed]
    own = ("hours", "status", "plan_by", "lifts", "revoked_key", "holder", "supersedes")
    stated = {name: getattr(order, name) for name in own if getattr(order, name) is not None}
    return words | {name: str(each) if isinstance(each, date) else each for name, each in stated.items()}


# -- what orders stop --------------------------------------------------------------------------------------


class Act(NamedTuple):
    """What may be stopped: an item, the record found for it, and the id of its release, once it has one."""

    item: Item
    record_ref: str | None
    release: str | None = None


def touched_by(services: Services, batch: Batch, item: Item | None = None, **more: Any) -> Touched:
    """What an act on a batch, or on one item of it, is about."""
    officers = () if item is None else (each.strip() for each in (item.officers or "").split(";"))
    return Touched(
        agreement=services.law.agreement.id,
        requester=batch["requester"],
        batch=batch["id"],
        submitter_key_id=batch["submitter_key_id"],
        received_at=held.instant_received(batch["received_at"]),
        request=None if item is None else item.request_id,
        officers=frozenset(each for each in officers if each),
        item=item,
        **more,
    )


def stops_of(known: Sequence[Filed], touched: Touched, at: datetime) -> list[Stop]:
    """Every order in force that stops the act, the strictest first."""
    return stops(known, touched, at, find_day)


def require_free(services: Services, batch: Batch, at: datetime) -> None:
    """Return while no order stops the whole batch and the recipient's report stands; else Blocked.

    Asked at every approval, release and delivery, so that an order acts from its entry on (R-06 to R-08).
    """
    known = filed(services)
    found = stops_of(known, touched_by(services, batch), at)
    if found:
        raise Blocked(found[0].code, f"the order {found[0].order.id} stops it; `solely orders` lists it")
    if not services.config.is_demo and not is_accepted(known, batch["requester"], at):
        raise Blocked("SAFEGUARDS", "no accepted safeguard report of the recipient is in force (R-07)")


def is_accepted(known: Sequence[Filed], requester: str, at: datetime) -> bool:
    """True when an accepted report of the recipient's safeguards is in force (26 USC 6103(p)(4), R-07)."""
    return any(
        each.order.kind is Kind.SAFEGUARD
        and each.order.status == "accepted"
        and each.order.scope == _recipient_alone(each.order, requester)
        for each in in_force(known, at)
    )


def _recipient_alone(order: Order, requester: str | None) -> Scope:
    """The scope of a report on the whole of a recipient: one that states more says nothing of the rest."""
    return Scope(order.scope.agreement, requester=requester)


def is_key_revoked(services: Services, holder: str, at: datetime) -> bool:
    """True when an order in force has revoked the key."""
    return is_revoked_in(filed(services), holder, at)


def is_revoked_in(known: Sequence[Filed], holder: str, at: datetime) -> bool:
    """True when one of these orders is in force and has revoked the key."""
    return any(each.order.revoked_key == holder for each in in_force(known, at))


def require_unrevoked(services: Services, holder: str, at: datetime) -> None:
    """Return when no order in force has revoked the key of a person who acts; else NotPermitted."""
    if is_key_revoked(services, holder, at):
        raise NotPermitted("this key is revoked by an order")


def require_letter_unrevoked(services: Services, holder: str, at: datetime) -> None:
    """Return when no order in force has revoked the key that signed a letter; else BatchRefused (R-12)."""
    if is_key_revoked(services, holder, at):
        raise BatchRefused("R-12", "key_id", "an order has revoked the key that signed the letter")


def go_by_revoked(services: Services, known: Sequence[Filed], at: datetime) -> None:
    """Let nobody act whose key an order in force has revoked; the orders must be the ledger's (R-82)."""
    revoked = (each.order.revoked_key for each in in_force(known, at))
    services.go_by_revoked(frozenset(each for each in revoked if each is not None))


def silenced_by(services: Services, official: Enrolment) -> list[str]:
    """The keys that an official has revoked by an order, or has countersigned to revoke."""
    own = (
        each.order.revoked_key
        for each in filed(services)
        if each.order.key_id == official.key_id or official.id in each.countersigners
    )
    return [each for each in own if each is not None]


def approvers_of(services: Services, batch: Batch, at: datetime) -> list[tuple[Enrolment, int]]:
    """Who has approved the batch and still may (R-82, R-84).

    No key counts that an order has revoked, or whose holder became an approver after the batch was received.
    """
    revoked = {each.order.revoked_key for each in in_force(filed(services), at)}
    known = enrolments.approver_keys_at_receipt(services, batch)
    standing = approved.approvers_of(services, batch, at.date())
    return [(each, index) for each, index in standing if each.key_id in known - revoked]


def stopped_rows(
    services: Services,
    batch: Batch,
    acts: Iterable[Act],
    at: datetime,
    known: Sequence[Filed] | None = None,
    *,
    is_doubt_kept: bool = False,
) -> dict[int, Stop]:
    """By row, the strictest order that stops each item: of several the strictest of which may be told (R-91).

    `known` are the orders filed, where they were read already. With `is_doubt_kept` a list of people stops
    what was found on a record that is there no more too. No item is looked at while no order is in force.
    """
    standing = in_force(filed(services) if known is None else known, at)
    if not standing:
        return {}
    found = {}
    for act, touched in _touched_each(services, batch, list(acts), [each.order for each in standing]):
        is_gone = is_doubt_kept and act.record_ref is not None and touched.record is None
        stopped = stops_of(standing, touched._replace(is_in_doubt=is_gone), at)
        if stopped:  # a list hides no other order: whom it means is told what everybody beside them is told
            found[act.item.row] = next((each for each in stopped if not each.is_by_list), stopped[0])
    return found


def _touched_each(
    services: Services, batch: Batch, acts: Sequence[Act], orders: Sequence[Order]
) -> list[tuple[Act, Touched]]:
    """Each act with what it is about; who was found is read, and journaled, where a list of people asks."""
    records = {}
    if any(each.scope.people for each in orders):
        records = services.records.reread([each.record_ref for each in acts if each.record_ref is not None])
        at = services.now()
        gathered = [
            AccessRow(each.item.row, each.record_ref, "order", at)
            for each in acts
            if each.record_ref is not None and each.record_ref in records
        ]
        names = {each.item.row: each.item.request_id or "" for each in acts}
        write_access(services, batch["id"], gathered, names)
    found = []
    for act in acts:
        record = records.get(act.record_ref or "")
        said = None if record is None else words_of(record, act.item)
        found.append((act, touched_by(services, batch, act.item, release=act.release, record=said)))
    return found


class Reached(NamedTuple):
    """The releases that an order touches, and those of which its list of people cannot say: the records have
    the person no more, and the request alone does not tell."""

    touched: list[Mapping[str, Any]]
    unsaid: list[Mapping[str, Any]]


def releases_touched(services: Services, order: Order) -> list[Mapping[str, Any]]:
    """The rows of the releases that an order touches; of what is preserved, also those in doubt (R-91)."""
    touched, unsaid = releases_reached(services, order)
    return touched + unsaid if order.kind is Kind.PRESERVATION else touched


def releases_reached(services: Services, order: Order) -> Reached:
    """What an order's scope touches, a revoked key's batches led to, or its own entries name: what it reached
    when it was filed it reaches for good, whatever the records say since."""
    with services.database.transaction() as tx:
        batches = {each["id"]: each for each in services.cases.list_batches(tx)}
        released = services.cases.releases(tx)
        cases = {
            (each["batch_id"], each["row"]): each
            for batch_id in sorted({each["batch_id"] for each in released})
            for each in services.cases.list_cases(tx, batch_id, "released")
        }
    held.require_released(services, released)
    acts: dict[str, list[Act]] = {}
    for release in released:
        batch, case = batches.get(release["batch_id"]), cases.get((release["batch_id"], release["row"]))
        if batch is None or case is None:
            raise Blocked("STATE_EDITED", "the case or the batch of a release is missing")
        acts.setdefault(batch["id"], []).append(Act(item_of(case), release["record_ref"], release["id"]))
    anybody = order._replace(scope=order.scope._replace(people=People()))
    named, found, unsaid = _named(services, order), set[str | None](), set[str | None]()
    for batch_id, own in acts.items():
        for act, touched in _touched_each(services, batches[batch_id], own, [order]):
            if touches(order, touched):
                found.add(act.release)
            elif order.scope.people and touched.record is None and touches(anybody, touched):
                unsaid.add(act.release)
    found |= {release["id"] for release in released if release["entry_index"] in named}
    return Reached(
        [release for release in released if release["id"] in found],
        [release for release in released if release["id"] in unsaid - found],
    )


def _named(services: Services, order: Order) -> frozenset[int]:
    """What an order's own entries name: that of a preservation, those that recall."""
    keys = [f"order/{order.id}"] if order.kind is Kind.PRESERVATION else []
    with services.database.transaction() as tx:
        while services.ledger.find(tx, f"recall/{order.id}/{len(keys)}") is not None:
            keys.append(f"recall/{order.id}/{len(keys)}")
        places = [found[0] for key in keys if (found := services.ledger.find(tx, key)) is not None]
    entries = services.ledger.entries_at(places)
    return frozenset(index for entry in entries.values() for index in decode(entry).refs)


def acts_touched(services: Services, order: Order, batch: Batch, acts: Sequence[Act]) -> list[Act]:
    """Those of a batch's acts that are in an order's scope."""
    return [act for act, touched in _touched_each(services, batch, acts, [order]) if touches(order, touched)]


def touches(order: Order, touched: Touched) -> bool:
    """True when an act is in an order's scope; a revoked key touches what it asked for and nothing else."""
    is_its = order.kind is not Kind.REVOCATION or is_revoked(order, touched)
    return is_its and is_touched(order.scope, touched, find_day)
