"""Release: seal what two have approved, log it, and only then let it leave (R-45, R-49, R-83, R-95).

The order is the point:

    1  judge again: what no longer passes becomes withheld, with its entry
    2  keep the seeds of the release keys durably; seal into the batch's own folder
    3  one transaction: release entries, release rows, the cases released
    4  publish: the checkpoint that covers those entries is durable
    5  move the packages into the outbox, then mark them delivered

- 1 to 3 are done by the slice, and 5 too. While the gate is served, orders that wait are filed between two
  slices, and what is left is judged under them: after an order is acknowledged nothing leaves that it stops.
- A crash before 3 leaves packages that nobody can open and that the next attempt overwrites.
- A crash after 3 leaves packages that `deliver` moves when the gate is next used. A batch of which a slice
  is missing stays decided: whoever has approved it approves once more, and the rest is released.
"""

import os
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from solely.canonical import canonical_json, sha256_hex
from solely.confidential import masked
from solely.decision.evidence import decision_groups, item_digest
from solely.errors import Blocked
from solely.ledger.entry import EntryType, OutcomeClass
from solely.ledger.retention import bucket_of
from solely.ledger.subject import TAG_BYTES, tags_of
from solely.model import REQUEST_ID, Decision, Disposition, Reason, RecordAddress, codes_of
from solely.pace import slices
from solely.release.content import ADDRESS_FIELDS, Release, is_address_alone, payload, requested_name
from solely.release.keys import SEED_BYTES, ReleaseKey
from solely.release.package import ReleasePolicy, seal
from solely.review.panel import NEEDED
from solely.review.states import State, require_transition
from solely.services import Services
from solely.steps import alike, held, journal, objecting, ordering, recipient, sampling_entries
from solely.steps.deciding import evidence_text, item_of
from solely.steps.delaying import standing_delay
from solely.steps.judging_again import (
    Case,
    Permitted,
    counts_text_of,
    identity_of,
    judge_again,
    require_standing,
    require_unedited,
)
from solely.steps.results import current_counts, noted_counts
from solely.store import tallies
from solely.store.engine import column
from solely.store.files import flush_folder, write_many

RELEASE_COLUMNS = (
    "row", "request_id", "record_ref", "address_sha256", "package_sha256", "entry_index", "released_at",
)  # fmt: skip
LATER = Reason("match", "JUDGED_AGAIN", "R-83")
SLICE = 8192  # items judged again, sealed and written at a time
Logged = tuple[bytes, dict[str, Any]]  # the entry of a release, and its row


@masked
class Sealed(NamedTuple):
    """One package that waits in the batch's folder, and what its release says."""

    permitted: Permitted
    release_id: str
    seed: bytes
    package: bytes
    officers: tuple[str, ...]
    expires_on: str


class Grounds(NamedTuple):
    """What every release of a batch rests on, and the delay under which it stands, if any (R-93)."""

    approvals: Sequence[int]
    request: int
    delay: str | None


class Waiting(NamedTuple):
    """A logged release that has not left yet, its batch, and what an order may stop it by."""

    release: Mapping[str, Any]
    batch: Mapping[str, Any]
    act: ordering.Act


def release_approved(services: Services, batch: Mapping[str, Any]) -> None:
    """Release the approved batch, and what people have permitted since in batches released before it.

    Of an earlier batch whose letter stands no more nothing leaves, and it holds up no other. Where an order
    stops the batch meanwhile, Blocked is raised; what an order does not stop has left by then.
    """
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
    try:
        for each in batches:
            if each["id"] == batch["id"] or _leaves_too(services, each):
                _release_batch(services, each)
    finally:
        deliver(services)


def leaving_too(services: Services, batch: Mapping[str, Any]) -> int:
    """How many items that people have permitted in batches released before it leave with this batch."""
    others = [each for each in _others(services, batch) if each["state"] == "released"]
    waiting = ((each, noted_counts(services, each).releasable) for each in others)
    return sum(number for each, number in waiting if number and _leaves_too(services, each))


def released_of_others(services: Services, batch: Mapping[str, Any]) -> int:
    """How many items of every other batch are released."""
    others = [each for each in _others(services, batch) if each["decided_index"] is not None]
    return sum(noted_counts(services, each).released for each in others)


def _others(services: Services, batch: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    with services.database.transaction() as tx:
        return [each for each in services.cases.list_batches(tx) if each["id"] != batch["id"]]


def _leaves_too(services: Services, batch: Mapping[str, Any]) -> bool:
    """True for an earlier batch whose letter stands, and which no order, objection or failed sample stops."""
    at = services.now()
    if batch["state"] != "released" or held.instrument_defect(services, batch, at.date()) is not None:
        return False
    stopped = ordering.stops_of(ordering.filed(services), ordering.touched_by(services, batch), at)
    if stopped or objecting.objections_to(services, batch):
        return False
    is_voided = sampling_entries.has_voided(services, batch)  # who had signed before it signs anew
    return not is_voided or len(ordering.approvers_of(services, batch, at)) >= NEEDED


def _release_batch(services: Services, batch: Mapping[str, Any]) -> None:
    """Log the release of every releasable case that still passes, and withhold the others.

    What permits is held against the ledger first: the decision and its files, and that no case rests on a
    decision that was replaced or released already.
    """
    objecting.require_unobjected(services, batch)
    # In the shuffled order of their decisions: the order of releases tells no more of rows than theirs.
    cases = sorted(require_held(services, batch), key=lambda case: case["decision_index"])
    _clear(services, batch)
    done = 0
    for part in slices(cases, SLICE, services.give_way):
        done += len(part)
        services.progress(f"judging again {done:,} of {len(cases):,} items")
        # A small slice is judged row by row: the bulk engine takes longer to begin than such a slice to end.
        small = services if services.give_way is None else services.by_row()
        _release_slice(small, batch, part, is_last=done == len(cases))


def _clear(services: Services, batch: Mapping[str, Any]) -> None:
    """Remove what a broken-off release has sealed and not logged; what is logged waits to be delivered."""
    with services.database.transaction() as tx:
        logged = {f"{each['id']}.tdf" for each in services.cases.undelivered(tx)}
    for path in (services.folder.batch(batch["id"]) / "sealed").glob("*.tdf"):
        if path.name not in logged:
            path.unlink()


def _release_slice(
    services: Services, batch: Mapping[str, Any], cases: Sequence[Case], *, is_last: bool
) -> None:
    """Judge again, seal and log some of a batch's cases, under the orders and approvals of this instant."""
    at = services.now()
    ordering.require_free(services, batch, at)
    approvals = [index for _, index in ordering.approvers_of(services, batch, at)]
    if len(approvals) < NEEDED:
        raise Blocked("STATE_EDITED", "the batch has not the approvals that its state claims")
    grounds = Grounds(approvals, batch["request_index"], standing_delay(services, batch["id"], at.date()))
    permitted = _still_permitted(services, batch, cases, at)
    services.progress(f"sealing {len(permitted):,} package{'' if len(permitted) == 1 else 's'}")
    sealed = _sealed(services, permitted, at)
    logged = [_release_entry(services, each, grounds, at) for each in sealed]
    services.progress(f"writing {len(permitted):,} package{'' if len(permitted) == 1 else 's'}")
    staging = services.folder.batch(batch["id"]) / "sealed"
    write_many(staging, {f"{each.release_id}.tdf": each.package for each in sealed})
    released = [each.case for each in permitted]
    _log_releases(services, batch, list(zip(released, logged, strict=True)), is_last=is_last)


def _still_permitted(
    services: Services, batch: Mapping[str, Any], cases: Sequence[Case], at: datetime
) -> list[Permitted]:
    """Those of the cases that may leave now. The others are withheld, or wait while an order stops them."""
    judged = judge_again(services, batch, cases, at)
    permitted = [each for each in judged if is_address_alone(each.address)]
    kept = {each.case["row"] for each in permitted}
    withhold(services, [case for case in cases if case["row"] not in kept], at)
    acts = [ordering.Act(each.item, each.record_ref) for each in permitted]
    stopped = ordering.stopped_rows(services, batch, acts, at)
    return [each for each in permitted if each.item.row not in stopped]


def require_held(services: Services, batch: Mapping[str, Any]) -> Sequence[Case]:
    """The releasable cases of a decided batch, when its files, counts and cases are as the ledger has them.

    Asked at every approval, so that nobody signs what could not leave.
    """
    held.require_decided(services, batch)
    with services.database.transaction() as tx:
        cases = services.cases.list_cases(tx, batch["id"], State.RELEASABLE)
    if not current_counts(services, batch).is_reconciled():
        raise Blocked("COUNTS", "the states of the items do not add up to the items received")
    _require_held_back(services, batch["id"])
    held.require_unspent(services, cases)
    return cases


def _require_held_back(services: Services, batch_id: str) -> None:
    """Return when the ledger too has withheld or returned what the state says is; an edit that only holds an
    item back stops the gate as any other does (R-82)."""
    with services.database.transaction() as tx:
        rows = services.cases.rows_in(tx, batch_id, (State.WITHHELD, State.RETURNED))
    for part in slices(rows, SLICE, services.give_way):
        with services.database.transaction() as tx:
            found = services.cases.find_cases(tx, batch_id, part)
        require_unedited(services, list(found.values()))


def withhold(services: Services, cases: Sequence[Case], at: datetime) -> None:
    """Withhold cases that no longer pass; each change is a decision entry that supersedes the earlier one."""
    for case in cases:
        decide_later(services, case, Disposition.WITHHELD, (LATER,), at)


def decide_later(
    services: Services,
    case: Case,
    disposition: Disposition,
    reasons: tuple[Reason, ...],
    at: datetime,
    **later: Any,
) -> None:
    """Change a decided case: new decision entry and state in one transaction (R-82).

    `later` may hold `record_ref`, `explanation`, `lifted`, `votes` (entry indexes), `state`, and `attempt`,
    the row of an item that people sent on.
    """
    state = later.get("state") or State(disposition.value)
    require_transition(State(case["state"]), state)
    key = f"decision/{case['batch_id']}/{case['row']}/{case['version'] + 1}"
    with services.database.transaction() as tx:
        batch = services.cases.find_batch(tx, case["batch_id"])
        assert batch is not None, "a case belongs to a batch"
        refs = (batch["request_index"], case["decision_index"], *later.get("votes", ()))
        entry, evidence = later_decision(services, case, (disposition, reasons), (key, refs), at, **later)
        index = services.ledger.append(tx, key, [entry])
        if "attempt" in later:
            tallies.add_sent_on(tx, later["attempt"])
        values = {"state": state.value, "evidence": evidence, **alike.cause_of(state, codes_of(reasons))}
        services.cases.move_case(tx, case, values | {"decision_index": index, "decision_key": key})


def later_decision(
    services: Services,
    case: Case,
    decided: tuple[Disposition, tuple[Reason, ...]],
    placed: tuple[str, Sequence[int]],
    at: datetime,
    **later: Any,
) -> tuple[bytes, str]:
    """The entry of a decision that follows another on the same item, and its evidence for the case.

    `placed` are its event key and the entries it refers to; `later` as in `decide_later`.
    """
    item, (disposition, reasons), (key, refs) = item_of(case), decided, placed
    groups = decision_groups(
        Decision(item.row, item.request_id, disposition, reasons),
        item_digest(item),
        later.get("record_ref", identity_of(case)["record_ref"]),
        later.get("explanation", ""),
        later.get("lifted", ()),
        counts_text_of(case),
    )
    entry = journal.write(
        services.salt_key,
        EntryType.DECISION,
        at,
        key,
        {},
        groups=groups,
        request_id=item.request_id,
        refs=refs,
        outcome=journal.CLASS_OF[disposition.value],
        **journal.in_force(services),
    )
    return entry, evidence_text(groups)


def _seal(services: Services, permitted: Permitted, keyed: tuple[str, bytes], at: datetime) -> Sealed:
    """The sealed package of one release, under the id and seed that are kept for it."""
    item, law = permitted.item, services.law
    if item.request_id != permitted.case["request_id"] or item.row != permitted.case["row"]:
        raise Blocked("SWAPPED", f"row {permitted.case['row']}: the item is not the one that was approved")
    release_id, seed = keyed
    expires_on = at.date() + timedelta(days=law.release_days_max)
    named = (each.strip() for each in (item.officers or "").split(";"))
    officers = tuple(dict.fromkeys(each for each in named if each))
    content = payload(
        Release(
            request_id=item.request_id or "",
            investigation_id=item.investigation_id or "",
            requested_name=requested_name(item),
            address=permitted.address,
            officers=officers,
            expires_on=expires_on,
            is_confirmed_only=law.is_confirmed_only,
        )
    )
    policy = ReleasePolicy(release_id, officers, is_synthetic=law.is_synthetic)
    return Sealed(
        permitted,
        release_id,
        seed,
        seal(content, ReleaseKey(seed), policy),
        officers,
        expires_on.isoformat(),
    )


def _sealed(services: Services, permitted: Sequence[Permitted], at: datetime) -> list[Sealed]:
    """The package of every release; its seed is durable before."""
    seeds = [(str(uuid4()), secrets.token_bytes(SEED_BYTES)) for _ in permitted]
    services.release_keys.keep(seeds)
    return [_seal(services, each, seed, at) for each, seed in zip(permitted, seeds, strict=True)]


def _log_releases(
    services: Services, batch: Mapping[str, Any], releases: Sequence[tuple[Case, Logged]], *, is_last: bool
) -> None:
    """Enter releases into ledger and state in one transaction; the last of them releases the batch."""
    for case, _ in releases:
        require_transition(State(case["state"]), State.RELEASED)
    services.progress(f"logging {len(releases):,} release{'' if len(releases) == 1 else 's'}")
    with services.database.transaction() as tx:
        if releases:
            logged = [each for _, each in releases]
            key = f"releases/{batch['id']}/{logged[0][1]['id']}"
            first = services.ledger.append(tx, key, [entry for entry, _ in logged])
            rows = [row | {"entry_index": first + place} for place, (_, row) in enumerate(logged)]
            services.cases.add_releases(tx, rows)
            services.cases.move_cases(tx, [case for case, _ in releases], State.RELEASED.value)
        if is_last:
            services.cases.update_batch(tx, batch["id"], {"state": "released"})


def _release_entry(services: Services, sealed: Sealed, grounds: Grounds, at: datetime) -> Logged:
    """The ledger entry of one release, and its row for the release table."""
    case, record_ref = sealed.permitted.case, sealed.permitted.record_ref
    key = f"release/{sealed.release_id}"
    digests = {
        "address_sha256": address_digest(sealed.permitted.address),
        "package_sha256": sha256_hex(sealed.package),
    }
    nonce = secrets.token_bytes(16)
    tags = tags_of(services.subject_keys, record_ref, grounds.delay, nonce, secrets.token_bytes(TAG_BYTES))
    entry = journal.write(
        services.salt_key,
        EntryType.RELEASE,
        at,
        key,
        {},
        groups=held.release_identity(record_ref, case["row"]),
        left=held.content_of(sealed.seed, digests),
        nonce=nonce,
        tag_open=tags.open,
        tag_sealed=tags.sealed,
        bucket=bucket_of(at.date()),
        request_id=case["request_id"],
        refs=(case["decision_index"], *grounds.approvals, grounds.request),
        outcome=OutcomeClass.RELEASED,
        package=journal.package_field(services, key, sealed.package, sealed.officers),
        **journal.in_force(services),
    )
    return entry, {
        "id": sealed.release_id,
        "batch_id": case["batch_id"],
        "row": case["row"],
        "request_id": case["request_id"],
        "record_ref": record_ref,
        **digests,
        "officers": list(sealed.officers),
        "expires_on": sealed.expires_on,
        "released_at": at.isoformat(),
        "is_delivered": False,
    }


def address_digest(address: RecordAddress) -> str:
    """The SHA-256 of the five fields that leave, as canonical JSON in the order of contracts 6."""
    return sha256_hex(canonical_json([getattr(address, name) for name in ADDRESS_FIELDS]))


def deliver(services: Services) -> None:
    """Move packages whose entries are published into the outbox; also those that a crash left behind.

    What an order stops stays where it is (R-08), and so does what no approval could release now: it leaves
    once nothing stands against it, and after the agreement's term never (R-06, R-62, R-92). Each package is
    held against its row, and its row against its entry, before any leaves (R-95).
    """
    waiting = _unstopped(services, _undelivered(services), is_begun=False)
    if not waiting:
        return
    services.yield_turn()
    size = services.ledger.publish().size
    services.progress(f"delivering {len(waiting):,} packages")
    services.folder.outbox.mkdir(exist_ok=True)
    for part in slices(waiting, SLICE, services.give_way):
        held.require_released(services, [each.release for each in part])
        for each in part:
            _delivery(services, each.release, size)
    for batch_id in sorted({each.release["batch_id"] for each in waiting}):
        write_releases(services, batch_id)
    for part in slices(waiting, SLICE, services.give_way):
        _move(services, [each.release for each in _unstopped(services, part, is_begun=True)], size)


def _move(services: Services, releases: Sequence[Mapping[str, Any]], size: int) -> None:
    moves = [_delivery(services, each, size) for each in releases]
    for staged, target in moves:
        if staged is not None:
            os.replace(staged, target)
    flush_folder(services.folder.outbox)
    with services.database.transaction() as tx:
        services.cases.mark_delivered(tx, [each["id"] for each in releases])


def _undelivered(services: Services) -> list[Waiting]:
    """The releases that wait for their delivery, each with what an order may stop it by."""
    with services.database.transaction() as tx:
        releases = services.cases.undelivered(tx)
        batches = {each["batch_id"]: services.cases.find_batch(tx, each["batch_id"]) for each in releases}
        cases = {
            (batch_id, each["row"]): each
            for batch_id in batches
            for each in services.cases.list_cases(tx, batch_id, "released")
        }
    found = list[Waiting]()
    for each in releases:
        batch, case = batches[each["batch_id"]], cases.get((each["batch_id"], each["row"]))
        if batch is None or case is None:
            raise Blocked("STATE_EDITED", "the case or the batch of a release is missing")
        found.append(Waiting(each, batch, ordering.Act(item_of(case), each["record_ref"], each["id"])))
    return found


def _unstopped(services: Services, waiting: Sequence[Waiting], *, is_begun: bool) -> list[Waiting]:
    """Those of the waiting releases that nothing stops now: no order, not the key of whoever approved them,
    and nothing that would stop an approval."""
    at, found = services.now(), list[Waiting]()
    for batch_id in sorted({each.release["batch_id"] for each in waiting}):
        own = [each for each in waiting if each.release["batch_id"] == batch_id]
        signed = sampling_entries.standing_approvals(services, own[0].batch)
        approved = {each["approver_id"] for each in signed}
        if len(approved & services.trust.approvers.keys()) < NEEDED:
            continue  # a key was revoked or a sample failed since: it counts no more
        if not _may_leave(services, own, at, is_begun=is_begun):
            continue
        acts = [each.act for each in own]
        stopped = ordering.stopped_rows(services, own[0].batch, acts, at, is_doubt_kept=True)
        by = Counter(each.order.id for each in stopped.values() if not is_begun)
        for order_id, count in sorted(by.items()):
            services.progress(
                f"{count:,} released packages stay at the gate: order {order_id} means them, or may"
            )
        found += [each for each in own if each.release["row"] not in stopped]
    return found


def _may_leave(services: Services, own: Sequence[Waiting], at: datetime, *, is_begun: bool) -> bool:
    """True while a batch's packages could be released now; else it is told why they wait.

    What the requester owes is asked before the first leaves and not by the slice: every release is read.
    """
    of = own[0].batch
    try:
        require_standing(services, of, at.date())
        objecting.require_unobjected(services, of)
        if not is_begun:
            recipient.require_nothing_overdue(services, of["requester"], at)
    except Blocked as blocked:
        services.progress(f"{len(own):,} released packages stay at the gate: {blocked}")
        return False
    return True


def _delivery(services: Services, release: Mapping[str, Any], size: int) -> tuple[Path | None, Path]:
    """Where a package waits (None when it has left already) and where it goes; Blocked when it is another.

    Its row was held against its entry before.
    """
    assert release["entry_index"] < size, "a release leaves only under a checkpoint"
    if not REQUEST_ID.fullmatch(release["request_id"]):
        raise Blocked("STATE_EDITED", "a release names no well-formed request id")
    staged = services.folder.batch(release["batch_id"]) / "sealed" / f"{release['id']}.tdf"
    target = services.folder.outbox / f"{release['request_id']}.tdf"
    for place in (staged, target):
        if place.is_file() and held.digest_of(place) != release["package_sha256"]:
            raise Blocked("SWAPPED", "a package is not the one that was sealed for its release")
    if staged.is_file():
        return staged, target
    if not target.is_file():
        raise Blocked("STATE_EDITED", "a sealed package is missing")
    return None, target


def count_undelivered(services: Services, batch_id: str) -> int:
    """How many releases of a batch are logged and have not left: something stops them."""
    with services.database.transaction() as tx:
        return sum(each["batch_id"] == batch_id for each in services.cases.undelivered(tx))


def write_releases(services: Services, batch_id: str) -> None:
    """Write `releases.parquet`, one row per package of the batch (contracts 3)."""
    with services.database.transaction() as tx:
        rows = services.cases.releases(tx, batch_id)
    columns = {name: column([each[name] for each in rows]) for name in RELEASE_COLUMNS}
    select = "row::BIGINT AS row, request_id, record_ref, address_sha256, package_sha256, "
    select += "entry_index::BIGINT AS entry_index, released_at"
    services.files.write(services.folder.batch(batch_id) / "releases.parquet", columns, select)
