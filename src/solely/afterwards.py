"""READ SECOND: what stops, follows and accounts for releases, one function per step.

    order     a signed order acts from its entry on; a loosening waits for two more people and a day
    check     another official checks what left by an urgent path, by its day, or it is recalled
    accept    an officer accepts the terms, then opens, and signs for each duty by its day
    comply    where everything that an order touches stands now, as a draft declaration
    shred     the keys of releases are destroyed, by two custodians; nothing under a preservation is
    receipt   by which anybody can check that a package was released
    heartbeat the checkpoint cosigned anew
    inquire   authenticate a person who asks what was disclosed ▸ log ▸ answer; delay is a court's word on it
    object    an approver objects in writing; only another one's answer ends it
    replay    every decision made again from what is kept, and held against the ledger
    account   what one agency asked and got in a year, counted from the ledger
    export    entries opened by scope; a sample that the overseer draws

- Each step makes the four moves of `flow`, and begins as its steps do.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from solely import clock
from solely.errors import UsageError
from solely.flow import begin, begin_order
from solely.ledger.entry import Stage
from solely.orders.declaration import declared
from solely.orders.force import standing_of
from solely.oversight.incident import draft
from solely.release.duties import Act
from solely.services import Services
from solely.signing import Signer
from solely.steps import (
    accounting,
    approving,
    complying,
    delaying,
    destroying,
    exporting,
    inquiring,
    log_keys,
    loosening,
    objecting,
    opening,
    ordering,
    receiving,
    recipient,
    reconciling,
    registering,
    rejudging,
    replaying,
    sharing,
    urgent,
)
from solely.steps import incidents as incidents_steps
from solely.steps.incidents import Possible
from solely.steps.putting import LOOSENED
from solely.store.files import write_durably
from solely.store.given import read_given
from solely.store.trust import read_trust

__all__ = [
    "Act",
    "Possible",
    "Stage",
    "accept",
    "account",
    "acknowledge",
    "add_error",
    "answer",
    "check",
    "comply",
    "correct",
    "countersign",
    "delay",
    "end_task",
    "errors",
    "export",
    "give_notice",
    "heartbeat",
    "inbox",
    "incident_step",
    "incidents",
    "inquire",
    "keys",
    "object_to",
    "objections",
    "open_incident",
    "order",
    "orders",
    "pending",
    "receipt",
    "reconcile",
    "replay",
    "sample",
    "shred",
    "sign_duty",
    "tasks",
    "vouch",
]


def order(services: Services, text: bytes, signature: bytes) -> dict[str, Any]:
    """An order as filed: in the ledger, and in force unless it loosens (R-08, R-84, R-91)."""
    at = begin_order(services)
    return ordering.told_filed(services, ordering.file_order(services, text, signature, at), at)


def countersign(services: Services, order_id: str, by: Path | Signer) -> dict[str, Any]:
    """A loosening after one more countersignature; from the second its wait runs (R-84).

    It is a lift or an accepted report by its id, or a part of the gate by its name.
    """
    at = begin(services)
    if order_id in LOOSENED:
        return loosening.countersign(services, order_id, approving.read_key(by), at)
    return ordering.told(ordering.countersign(services, order_id, approving.read_key(by), at), at)


def give_notice(services: Services, order_id: str, by: Path | Signer) -> dict[str, Any]:
    """A notice order whose notice is given: its hours run from here (R-08)."""
    at = begin(services)
    return ordering.told(ordering.record_notice(services, order_id, approving.read_key(by), at), at)


def orders(services: Services) -> list[dict[str, Any]]:
    """Every order filed, in force or not; a list of people by its length alone (R-91)."""
    at = begin(services)
    known = ordering.filed(services)
    return [ordering.told(each, at, known) | {"standing": standing_of(each, known, at)} for each in known]


def pending(services: Services) -> list[dict[str, Any]]:
    """What loosens and waits, of parts and of orders: what, by whom signed, from when in force (R-84)."""
    at = begin(services)
    known = ordering.filed(services)
    waiting = [each for each in known if each.order.is_loosening and not each.is_begun(at)]
    parts = [loosening.told(services, each) for each in loosening.proposals(services)]
    told = (ordering.told(each, at, known) | {"standing": standing_of(each, known, at)} for each in waiting)
    return [*parts, *told, *urgent.waiting(services)]


def comply(services: Services, order_id: str, out: Path | None) -> dict[str, Any]:
    """Where everything that an order touches stands now; the draft declaration is written to `out` (R-64)."""
    at = begin(services)
    standing = complying.standing_of(services, ordering.find_order(services, order_id), at)
    if out is not None:
        write_durably(out, declared(standing).encode())
    return standing.as_object()


def accept(services: Services, by: Path | Signer) -> dict[str, Any]:
    """An officer's acceptance of the terms in force, before the first opening (R-101)."""
    at = begin(services)
    return recipient.accept(services, approving.read_key(by), at)


def sign_duty(
    services: Services, request_id: str, by: Path | Signer, said: tuple[Act, Mapping[str, str]]
) -> dict[str, Any]:
    """What an officer has signed of a release: verified, destroyed, shared, the outcome (R-54, R-98)."""
    at, signer = begin(services), approving.read_key(by)
    if said[0] is Act.SHARED:
        return sharing.share(services, request_id, signer, said[1], at)
    return recipient.act(services, request_id, signer, said, at)


def inbox(services: Services, by: Path | Signer) -> list[dict[str, Any]]:
    """What waits for the officer who holds the key, and by when."""
    at = begin(services)
    return recipient.inbox(services, approving.read_key(by), at)


def correct(services: Services, request_id: str, by: Path | Signer, note: str) -> dict[str, Any]:
    """A correction of a record, told to every earlier recipient by release (R-97)."""
    at = begin(services)
    return recipient.correct(services, request_id, approving.read_key(by), note, at)


def check(services: Services, request_id: str, by: Path | Signer, note: str) -> dict[str, Any]:
    """The check of an urgent release by an official who did not approve it, by its day (R-99)."""
    at = begin(services)
    return urgent.check(services, request_id, approving.read_key(by), note, at)


def acknowledge(services: Services, correction: str, by: Path | Signer) -> dict[str, Any]:
    """An officer's acknowledgment of a correction (R-97)."""
    at = begin(services)
    return recipient.acknowledge(services, correction, approving.read_key(by), at)


def inquire(services: Services, record_id: str, keyfile: Path, letter: Path, out: Path) -> bytes:
    """The answer to a person who is shown to be the one of this record, written into `out` too (R-93)."""
    at = begin(services)
    return inquiring.inquire(services, inquiring.read_asked(record_id, keyfile, letter), out, at)


def shred(
    services: Services, named: tuple[str | None, str | None, str], by: Sequence[Path | Signer]
) -> list[dict[str, Any]]:
    """The certificates of what was destroyed now: first what waited, then what is named (R-61).

    `named` is a retention bucket, or a release, and the order that it rests on.
    """
    at = begin(services)
    done = destroying.carry_on(services, at)
    if by or any(named):
        keys = [approving.read_key(each) for each in by]
        done += destroying.shred(services, destroying.Named(*named), keys, at)
    return [destroying.told(each) for each in done]


def keys(
    services: Services, act: str, by: Sequence[Path | Signer], cite: str, to: str = ""
) -> dict[str, Any]:
    """What two custodians did with the log: its key changed, the overlap ended, or it closed for log `to`."""
    at = begin(services)
    held_keys = [approving.read_key(each) for each in by]
    match act:
        case "rotate":
            return log_keys.rotate(services, held_keys, at)
        case "end-overlap":
            return log_keys.end_overlap(services, held_keys, at)
        case "close":
            return log_keys.close(services, held_keys, cite, at, to)
    raise UsageError("`keys` takes `rotate`, `end-overlap` or `close`")


def vouch(record_id: str, subject_key: Path, by: tuple[str, Path], trust: Path | None, out: Path) -> None:
    """Write an inquiry letter: the office has seen that who holds this key is the person of this record.

    `by` is the office and its key file, held against its enrolment where a trust folder is named.
    """
    at = clock.now(may_be_set=True)
    if trust is not None:
        inquiring.require_office(read_trust(trust), *by, at)
    office, keyfile = by
    inquiring.vouch(record_id, subject_key, keyfile, office, (out, at))


def delay(services: Services, batch: str, by: Path | Signer, order: tuple[str, date]) -> dict[str, Any]:
    """Until when the subjects of a batch are not told, by a court's signature (R-93)."""
    at = begin(services)
    found = receiving.find_batch(services, batch)
    row = delaying.add_delay(services, found, approving.read_key(by), order, at)
    return {"batch": found["id"], "ends_on": row["ends_on"], "entry": row["entry_index"]}


def receipt(services: Services, package: Path, out: Path) -> dict[str, Any]:
    """Where the receipt of a released package was written, and the entry that it proves (R-55)."""
    begin(services)
    release = opening.find_delivered(services, package)
    write_durably(out, services.ledger.proof(release["entry_index"]).encode())
    return {"receipt": str(out), "release": release["id"], "entry": release["entry_index"]}


def heartbeat(services: Services) -> dict[str, Any]:
    """The published checkpoint, cosigned now by a quorum of the witnesses."""
    begin(services)
    renewed = services.ledger.renew()
    at = max(renewed.cosigned.values(), default=None)
    said = {"size": renewed.size, "root": renewed.root}
    return {"checkpoint": said, "cosigned": sorted(renewed.cosigned), "at": at and clock.instant(at * 1000)}


def replay(services: Services, batch: str | None, *, is_rejudged: bool = False) -> dict[str, Any]:
    """What came of making decisions again (R-59), and of judging past releases anew (R-63)."""
    at = begin(services)
    chosen = _decided(services, batch)
    found = replaying.replay(services, chosen, at)
    if is_rejudged:
        found |= {"rejudged": rejudging.rejudge(services, chosen, services.now())}
    missing = len(registering.waiting(services))
    if missing:
        services.progress(
            f"{missing:,} found by replays and not in the error register: no report, account or published "
            "figure is made until each has its line, by `solely error --found`"
        )
    return found | {"waiting_for_a_line": missing}


def object_to(services: Services, named: str, by: Path | Signer, note: str) -> dict[str, Any]:
    """An approver's objection to a batch or an item: nothing of the batch leaves until it is answered."""
    at = begin(services)
    return objecting.add_objection(services, named, approving.read_key(by), note, at)


def answer(services: Services, objection: int, by: Path | Signer, note: str) -> dict[str, Any]:
    """Another official's answer to an objection, in writing (R-92)."""
    at = begin(services)
    return objecting.add_answer(services, objection, approving.read_key(by), note, at)


def objections(services: Services) -> list[dict[str, Any]]:
    """Every objection, oldest first, with its answer if it has one."""
    begin(services)
    return objecting.written(services)


def add_error(services: Services, line: registering.Line, by: Path | Signer) -> dict[str, Any]:
    """One more line of the public error register, or one for each that waits (R-102)."""
    at = begin(services)
    return registering.add_line(services, line, approving.read_key(by), at)


def errors(services: Services) -> dict[str, Any]:
    """The public error register with its rate; no rate while what a replay found is missing in it."""
    begin(services)
    return registering.told(services)


def open_incident(
    services: Services, possible: Possible, by: Path | Signer, out: Path | None
) -> dict[str, Any]:
    """An incident whose 24 hours run from here; the draft report is written to `out` at once (R-65)."""
    at = begin(services)
    found = incidents_steps.open_incident(services, possible, approving.read_key(by), at)
    if out is not None:
        write_durably(out, draft(found, services.config.origin).encode())
    return found.as_object(at)


def incident_step(
    services: Services, index: int, by: Path | Signer, step: tuple[Stage, str]
) -> dict[str, Any]:
    """An incident reported, or closed, in writing."""
    at = begin(services)
    return incidents_steps.add_step(services, index, step, approving.read_key(by), at).as_object(at)


def incidents(services: Services) -> list[dict[str, Any]]:
    """Every incident with its clock."""
    at = begin(services)
    return [each.as_object(at) for each in incidents_steps.incidents(services)]


def tasks(services: Services) -> list[dict[str, Any]]:
    """Every notice task that a replay opened, and where it stands (R-93)."""
    begin(services)
    return rejudging.tasks(services)


def end_task(
    services: Services, request_id: str, by: Path | Signer, ended: tuple[Stage, str]
) -> dict[str, Any]:
    """A notice task done, or declined with a recorded reason (R-93)."""
    at = begin(services)
    return rejudging.end_task(services, request_id, ended, approving.read_key(by), at)


def reconcile(services: Services, path: Path) -> dict[str, Any]:
    """What left by other ways: how much of it this gate explains, and the lines that it does not."""
    begin(services)
    return reconciling.reconcile(services, path)


def account(services: Services, year: int, agency: str, out: Path | None) -> dict[str, Any]:
    """The yearly accounting of one agency (R-55, R-58); nothing where ledger and state differ."""
    begin(services)
    registering.require_whole(services)
    return accounting.account(services, year, agency, out)


def export(services: Services, asked: exporting.Asked, by: Path | Signer, out: Path) -> dict[str, Any]:
    """Entries opened by scope into a new folder, published figures beside the public ones (R-60, R-100).

    What goes beyond the scope is denied and logged.
    """
    at = begin(services)
    return exporting.export(services, asked, approving.read_key(by), out, at)


def sample(
    services: Services, drawn_by: tuple[Path, str, int], by: Path | Signer, out: Path
) -> dict[str, Any]:
    """An overseer's own draw of decisions, from its checkpoint, nonce and count, opened (R-105)."""
    at = begin(services)
    checkpoint, nonce, count = drawn_by
    kept = read_given("--checkpoint", checkpoint)
    return exporting.sample(services, (kept, nonce, count), approving.read_key(by), out, at)


def _decided(services: Services, batch: str | None) -> list[Mapping[str, Any]]:
    """One batch, or every one, that is decided, in order of receipt."""
    if batch is not None:
        chosen = [receiving.find_batch(services, batch)]
    else:
        with services.database.transaction() as tx:
            chosen = list(services.cases.list_batches(tx))
    decided = [each for each in chosen if each["decided_index"] is not None]
    if batch is not None and not decided:
        raise UsageError("this batch is not decided yet")
    return decided
