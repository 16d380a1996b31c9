"""READ FIRST: what the gate does, one function per step, in the order a batch meets them.

    run       take in ▸ require a genuine instrument ▸ face all rows ▸ examine ▸ identify ▸ decide ▸ close
    online    the same, where the rows of a received batch are decided one request at a time
    review    one vote on a referral; two confirmations carry it on, one decline ends it
    contest   the requester contests a returned item, once: it goes before other officers, or it stands
    approve   one signature; the second one ▸ judge again ▸ seal ▸ log ▸ publish ▸ deliver
    evidence  the requester shows a file for one sampled investigation
    open      judge again ▸ require the officer ▸ log ▸ publish ▸ unseal
    serving   the same for many callers over HTTP, a group at a time; orders go first
    explain   say why, in the words that the reader may see
    order     a signed order acts from its entry on; a loosening waits for two more people and a day
    check     another official checks what left by an urgent path, by its day, or it is recalled
    accept    an officer accepts the terms, then opens, and signs for each duty by its day
    comply    where everything that an order touches stands now, as a draft declaration
    receipt   by which anybody can check that a package was released
    heartbeat the checkpoint cosigned anew
    report    the page of a batch, computed from what is stored
    inquire   authenticate a person who asks what was disclosed ▸ log ▸ answer; delay is a court's word on it
    account   what one agency asked and got in a year, counted from the ledger
    object    an approver objects in writing; only another one's answer ends it
    replay    every decision made again from what is kept, and held against the ledger

- Each step makes the same four moves: read, look up, call pure stages, save state and ledger entry in one
  transaction. The moves stand in `steps/`, a module each.
- No record is read before the ruling on the request (R-01); nothing leaves before its entry is covered by
  a durable checkpoint (log, then act).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from solely import clock
from solely.errors import BatchRefused, Blocked, Unwitnessed, UsageError
from solely.ledger.entry import Stage
from solely.orders.declaration import declared
from solely.oversight.incident import draft
from solely.pace import Pace
from solely.release.duties import Act
from solely.services import Services
from solely.steps import (
    accounting,
    approving,
    complying,
    contesting,
    deciding,
    delaying,
    destroying,
    evidencing,
    explaining,
    exporting,
    held,
    history,
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
    releasing,
    replaying,
    results,
    reviewing,
    urgent,
    watching,
)
from solely.steps import incidents as incidents_steps
from solely.steps import online as online_steps
from solely.steps.explaining import View
from solely.steps.incidents import Possible
from solely.steps.judging_again import require_standing, version_at_receipt
from solely.steps.opening import Opening
from solely.steps.putting import LOOSENED
from solely.steps.reviewing import Vote
from solely.steps.serving import Serving
from solely.store.database import name_holder
from solely.store.files import write_durably

__all__ = [
    "Act",
    "Possible",
    "Stage",
    "View",
    "Vote",
    "accept",
    "account",
    "acknowledge",
    "answer",
    "approve",
    "begin_opening",
    "check",
    "comply",
    "contest",
    "correct",
    "countersign",
    "delay",
    "end_task",
    "evidence",
    "explain",
    "finish_opening",
    "give_notice",
    "heartbeat",
    "inbox",
    "incident_step",
    "incidents",
    "inquire",
    "keys",
    "online",
    "open_incident",
    "order",
    "orders",
    "pending",
    "receipt",
    "receive",
    "reconcile",
    "replay",
    "report",
    "review",
    "run",
    "serving",
    "shred",
    "sign_duty",
    "tasks",
    "vouch",
]


def begin(services: Services) -> datetime:
    """The instant of a step, once what the gate decides by is what the ledger put in force (R-82).

    Packages that a crash kept from the outbox are delivered now: their entries are published.
    """
    held.require_parts(services)
    ordering.filed(services)  # whom orders have revoked is read from the table: it must be the ledger's
    try:
        loosening.put_in_force(services, services.now())
        releasing.deliver(services)
        urgent.recall_unchecked(services, services.now())
    except Unwitnessed as waiting:
        services.progress(str(waiting))  # a step that acts publishes its own entry, and stops there
    return services.now()


def run(services: Services, path: Path) -> dict[str, Any]:
    """The run object of the batch at `path`: received now, resumed after a crash, or a duplicate."""
    batch, answered = receive(services, path)
    if batch is None:
        return answered
    try:
        decide(services, batch)
    except Blocked as blocked:
        services.progress(str(blocked))
        return results.batch_object(services, batch["id"], blocked.codes)
    evidenced = evidencing.standing(services, receiving.find_batch(services, batch["id"]))
    more = evidenced.as_object() if evidenced else {}
    return results.batch_object(services, batch["id"]) | more


def receive(services: Services, path: Path) -> tuple[Mapping[str, Any] | None, dict[str, Any]]:
    """The batch at `path` that waits to be decided; or None, and the run object of one that does not."""
    at = begin(services)
    received = receiving.take_in(services, path)
    try:
        letter = receiving.require_instrument(services, received, at)
        ordering.require_letter_unrevoked(services, letter.key_id, at)
        known = receiving.find_known(services, letter)
        receiving.require_row(services, known, letter)
        held.require_batches(services)
        recipient.require_outcomes(services, letter.requester, at)
        if known is not None and known["state"] != "received":
            receiving.log_duplicate(services, received, known, at)
            return None, results.batch_object(services, known["id"]) | {"duplicate": True}
        return known or receiving.accept(services, received, letter, at), {}
    except BatchRefused as refusal:
        receiving.log_unaccepted(services, received, {"rule": refusal.rule, "element": refusal.element}, at)
        return None, results.refused_object(services, receiving.batch_id_of(received), refusal)
    except Unwitnessed:
        raise  # what arrived is logged; the same command goes on from there
    except Blocked as blocked:
        receiving.log_unaccepted(services, received, {"blocked": list(blocked.codes)}, at)
        services.progress(str(blocked))
        return None, results.run_object(services, receiving.batch_id_of(received), blocked=blocked.codes)
    finally:
        receiving.discard(received)


def decide(services: Services, batch: Mapping[str, Any]) -> None:
    """Decide every chunk that is not decided yet, then close the batch; a crash resumes here."""
    services, wide, done = _prepared(services, batch)
    if online_steps.is_begun(services, batch, done):
        done = online_steps.Sitting(services, batch, wide, done).finish_chunk()
    pace = Pace("decided", batch["items"], "items", services.progress)
    for number, reads in enumerate(deciding.chunks_of(services, batch)):
        if number < done:
            pace.begins_at(reads[-1].item.row)
            continue
        decided = deciding.decide_rows(services, batch, reads, wide.face.faced(number), wide)
        deciding.save_chunk(services, batch, number, decided)
        pace.reached(reads[-1].item.row)
    deciding.close(services, batch)


def _prepared(services: Services, batch: Mapping[str, Any]) -> tuple[Services, history.Wide, int]:
    """The gate under the law of receipt, what every row of the batch is judged by, and the chunks decided."""
    services = version_at_receipt(services, batch)  # also where a crash and an amendment came between
    deciding.require_ready(services)
    held.require_received(services, batch)
    face = history.face_batch(services, batch)
    history.admit(services, batch, face)
    taken, done = deciding.records_taken(services, batch)
    return services, history.wide_of(services, batch, face, taken), done


@contextmanager
def online(services: Services, batch: Mapping[str, Any]) -> Iterator[online_steps.Online]:
    """A received batch whose rows are decided one request at a time; once all are, it is closed.

    What is not asked for is decided by `run`, or when somebody asks.
    """
    begin(services)
    services, wide, done = _prepared(services, batch)
    sitting = online_steps.Sitting(services, batch, wide, done)
    with services.database.write_ahead(), online_steps.published(services), online_steps.settled():
        asked = online_steps.Online(sitting)
        try:
            yield asked
        finally:
            asked.close()
        sitting.close()
    if sitting.is_whole:
        deciding.close(services, batch)


def review(services: Services, request_id: str, keyfile: Path, vote: Vote) -> dict[str, Any]:
    """Where a referred item stands after one approver's vote (R-82)."""
    at = begin(services)
    case = reviewing.find_referral(services, request_id)
    votes = reviewing.add_vote(services, case, approving.read_key(keyfile), vote, at)
    state = reviewing.settle(services, case, votes, at)
    return {"request_id": case["request_id"], "state": state, "votes": len(votes)}


def referred(services: Services) -> list[dict[str, Any]]:
    """The items that wait for a person, in order of receipt, each with its reasons and votes."""
    begin(services)
    return reviewing.waiting(services)


def approve(services: Services, batch: str, keyfile: Path) -> dict[str, Any]:
    """The run object after one approver's signature; the second valid one releases (R-85)."""
    at = begin(services)
    found = receiving.find_batch(services, batch)
    approving.require_ready(services, found)
    try:
        require_standing(services, found, at.date())
        ordering.require_free(services, found, at)
        recipient.require_nothing_overdue(services, found["requester"], at)
        held.require_batches(services)
        releasing.require_held(services, found)
        if approving.is_approved_with(services, found, approving.read_key(keyfile), at):
            evidencing.require_evidenced(services, found, at.date())
            releasing.release_approved(services, found, at)
    except Blocked as blocked:
        services.progress(str(blocked))
        return results.batch_object(services, found["id"], blocked.codes)
    return results.batch_object(services, found["id"])


def evidence(services: Services, batch: str, keyfile: Path, investigation: str, file: Path) -> dict[str, Any]:
    """What is still to be evidenced, and by when, after the requester has shown a file for one (R-86)."""
    at = begin(services)
    found = receiving.find_batch(services, batch)
    shown = (investigation, approving.read_shown(file))
    evidenced = evidencing.add_evidence(services, found, approving.read_key(keyfile), shown, at)
    return {"batch": found["id"]} | evidenced.as_object()


def contest(services: Services, request_id: str, keyfile: Path, note: str) -> dict[str, Any]:
    """What comes of the requester's contest of a return: reconsidered by a day, or it stands (R-87)."""
    at = begin(services)
    return contesting.add_contest(services, request_id, approving.read_key(keyfile), note, at)


def begin_opening(services: Services, package: Path, keyfile: Path) -> Opening:
    """An opening by the holder of the key, up to the echo; a denial is logged and raised (R-52, R-83)."""
    at = begin(services)
    return opening.begin(services, package, approving.read_key(keyfile), at)


def finish_opening(services: Services, begun: Opening, confirmed: str | None) -> dict[str, Any]:
    """What the officer may read, after the confirmation and under a published entry (R-95)."""
    return opening.finish(services, begun, confirmed, services.now())


@contextmanager
def serving(services: Services, address: str) -> Iterator[Serving]:
    """The gate while it answers callers of the service: one thread acts, everybody is logged first (R-52).

    `address` is where commands of this machine reach it, which file orders meanwhile.
    """
    begin(services)
    name_holder(services.folder.root, f"`solely serve` at {address}")
    with services.database.write_ahead(), services.ledger.write_ahead(), online_steps.settled():
        served = Serving(services)
        try:
            yield served
        finally:
            served.close()
            name_holder(services.folder.root, "")


def order(services: Services, text: bytes, signature: bytes) -> dict[str, Any]:
    """An order as filed: in the ledger, and in force unless it loosens (R-08, R-84, R-91)."""
    at = begin(services)
    return ordering.told_filed(services, ordering.file_order(services, text, signature, at), at)


def countersign(services: Services, order_id: str, keyfile: Path) -> dict[str, Any]:
    """A loosening after one more countersignature; from the second its wait runs (R-84).

    It is a lift or an accepted report by its id, or a part of the gate by its name.
    """
    at = begin(services)
    if order_id in LOOSENED:
        return loosening.countersign(services, order_id, approving.read_key(keyfile), at)
    return ordering.told(ordering.countersign(services, order_id, approving.read_key(keyfile), at), at)


def give_notice(services: Services, order_id: str, keyfile: Path) -> dict[str, Any]:
    """A notice order whose notice is given: its hours run from here (R-08)."""
    at = begin(services)
    return ordering.told(ordering.record_notice(services, order_id, approving.read_key(keyfile), at), at)


def orders(services: Services) -> list[dict[str, Any]]:
    """Every order filed, in force or not; a list of people by its length alone (R-91)."""
    at = begin(services)
    known = ordering.filed(services)
    return [ordering.told(each, at, known) for each in known]


def pending(services: Services) -> list[dict[str, Any]]:
    """What loosens and waits, of parts and of orders: what, by whom signed, from when in force (R-84)."""
    at = begin(services)
    known = ordering.filed(services)
    waiting = [each for each in known if each.order.is_loosening and not each.is_begun(at)]
    parts = [loosening.told(services, each) for each in loosening.proposals(services)]
    return [*parts, *(ordering.told(each, at, known) for each in waiting), *urgent.waiting(services)]


def comply(services: Services, order_id: str, out: Path | None) -> dict[str, Any]:
    """Where everything that an order touches stands now; the draft declaration is written to `out` (R-64)."""
    at = begin(services)
    standing = complying.standing_of(services, ordering.find_order(services, order_id), at)
    if out is not None:
        write_durably(out, declared(standing).encode())
    return standing.as_object()


def accept(services: Services, keyfile: Path) -> dict[str, Any]:
    """An officer's acceptance of the terms in force, before the first opening (R-101)."""
    at = begin(services)
    return recipient.accept(services, approving.read_key(keyfile), at)


def sign_duty(
    services: Services, request_id: str, keyfile: Path, said: tuple[Act, Mapping[str, str]]
) -> dict[str, Any]:
    """What an officer has signed of a release: verified, destroyed, what came of it (R-62, R-96, R-98)."""
    at = begin(services)
    return recipient.act(services, request_id, approving.read_key(keyfile), said, at)


def inbox(services: Services, keyfile: Path) -> list[dict[str, Any]]:
    """What waits for the officer who holds the key, and by when."""
    at = begin(services)
    return recipient.inbox(services, approving.read_key(keyfile), at)


def correct(services: Services, request_id: str, keyfile: Path, note: str) -> dict[str, Any]:
    """A correction of a record, told to every earlier recipient by release (R-97)."""
    at = begin(services)
    return recipient.correct(services, request_id, approving.read_key(keyfile), note, at)


def check(services: Services, request_id: str, keyfile: Path, note: str) -> dict[str, Any]:
    """The check of an urgent release by an official who did not approve it, by its day (R-99)."""
    at = begin(services)
    return urgent.check(services, request_id, approving.read_key(keyfile), note, at)


def acknowledge(services: Services, correction: str, keyfile: Path) -> dict[str, Any]:
    """An officer's acknowledgment of a correction (R-97)."""
    at = begin(services)
    return recipient.acknowledge(services, correction, approving.read_key(keyfile), at)


def explain(services: Services, request_id: str, view: View) -> dict[str, Any]:
    """Why an item was decided as it was, in the words of one view (R-69, R-81, R-92)."""
    return explaining.explain(services, request_id, view, begin(services))


def inquire(services: Services, record_id: str, keyfile: Path, letter: Path, out: Path) -> bytes:
    """The answer to a person who is shown to be the one of this record, written into `out` too (R-93)."""
    at = begin(services)
    return inquiring.inquire(services, inquiring.read_asked(record_id, keyfile, letter), out, at)


def shred(
    services: Services, named: tuple[str | None, str | None, str], keyfiles: Sequence[Path]
) -> list[dict[str, Any]]:
    """The certificates of what was destroyed now: first what waited, then what is named (R-61).

    `named` is a retention bucket, or a release, and the order that it rests on.
    """
    at = begin(services)
    done = destroying.carry_on(services, at)
    if keyfiles or any(named):
        keys = [approving.read_key(each) for each in keyfiles]
        done += destroying.shred(services, destroying.Named(*named), keys, at)
    return [destroying.told(each) for each in done]


def keys(services: Services, act: str, keyfiles: Sequence[Path], cite: str, to: str = "") -> dict[str, Any]:
    """What two custodians did with the log: its key changed, the overlap ended, or it closed for log `to`."""
    at = begin(services)
    held_keys = [approving.read_key(each) for each in keyfiles]
    match act:
        case "rotate":
            return log_keys.rotate(services, held_keys, at)
        case "end-overlap":
            return log_keys.end_overlap(services, held_keys, at)
        case "close":
            return log_keys.close(services, held_keys, cite, at, to)
    raise UsageError("`keys` takes `rotate`, `end-overlap` or `close`")


def vouch(record_id: str, subject_key: Path, keyfile: Path, office: str, out: Path) -> None:
    """Write an inquiry letter: the office has seen that who holds this key is the person of this record."""
    inquiring.vouch(record_id, subject_key, keyfile, office, (out, clock.now(may_be_set=True)))


def delay(services: Services, batch: str, keyfile: Path, order: tuple[str, date]) -> dict[str, Any]:
    """Until when the subjects of a batch are not told, by a court's signature (R-93)."""
    at = begin(services)
    found = receiving.find_batch(services, batch)
    row = delaying.add_delay(services, found, approving.read_key(keyfile), order, at)
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
    return found | ({"rejudged": rejudging.rejudge(services, chosen, services.now())} if is_rejudged else {})


def object_to(services: Services, named: str, keyfile: Path, note: str) -> dict[str, Any]:
    """An approver's objection to a batch or an item: nothing of the batch leaves until it is answered."""
    at = begin(services)
    return objecting.add_objection(services, named, approving.read_key(keyfile), note, at)


def answer(services: Services, objection: int, keyfile: Path, note: str) -> dict[str, Any]:
    """Another official's answer to an objection, in writing (R-92)."""
    at = begin(services)
    return objecting.add_answer(services, objection, approving.read_key(keyfile), note, at)


def objections(services: Services) -> list[dict[str, Any]]:
    """Every objection, oldest first, with its answer if it has one."""
    begin(services)
    return objecting.written(services)


def add_error(services: Services, line: registering.Line, keyfile: Path) -> dict[str, Any]:
    """One more line of the public error register (R-102)."""
    at = begin(services)
    return registering.add_line(services, line, approving.read_key(keyfile), at)


def errors(services: Services) -> dict[str, Any]:
    """The public error register with its rate; none while what a replay found is missing in it."""
    begin(services)
    return registering.told(services)


def open_incident(services: Services, possible: Possible, keyfile: Path, out: Path | None) -> dict[str, Any]:
    """An incident whose 24 hours run from here; the draft report is written to `out` at once (R-65)."""
    at = begin(services)
    found = incidents_steps.open_incident(services, possible, approving.read_key(keyfile), at)
    if out is not None:
        write_durably(out, draft(found, services.config.origin).encode())
    return found.as_object(at)


def incident_step(services: Services, index: int, keyfile: Path, step: tuple[Stage, str]) -> dict[str, Any]:
    """An incident reported, or closed, in writing."""
    at = begin(services)
    return incidents_steps.add_step(services, index, step, approving.read_key(keyfile), at).as_object(at)


def incidents(services: Services) -> list[dict[str, Any]]:
    """Every incident with its clock."""
    at = begin(services)
    return [each.as_object(at) for each in incidents_steps.incidents(services)]


def tasks(services: Services) -> list[dict[str, Any]]:
    """Every notice task that a replay opened, and where it stands (R-93)."""
    begin(services)
    return rejudging.tasks(services)


def end_task(services: Services, request_id: str, keyfile: Path, ended: tuple[Stage, str]) -> dict[str, Any]:
    """A notice task done, or declined with a recorded reason (R-93)."""
    at = begin(services)
    return rejudging.end_task(services, request_id, ended, approving.read_key(keyfile), at)


def reconcile(services: Services, path: Path) -> dict[str, Any]:
    """What left by other ways: how much of it this gate explains, and the lines that it does not."""
    begin(services)
    return reconciling.reconcile(services, path)


def account(services: Services, year: int, agency: str, out: Path | None) -> dict[str, Any]:
    """The yearly accounting of one agency (R-55, R-58); nothing where ledger and state differ."""
    begin(services)
    registering.require_whole(services)
    return accounting.account(services, year, agency, out)


def export(services: Services, asked: exporting.Asked, keyfile: Path, out: Path) -> dict[str, Any]:
    """Entries opened by scope into a new folder, published figures beside the public ones (R-60, R-100).

    What goes beyond the scope is denied and logged.
    """
    at = begin(services)
    return exporting.export(services, asked, approving.read_key(keyfile), out, at)


def sample(services: Services, drawn_by: tuple[Path, str, int], keyfile: Path, out: Path) -> dict[str, Any]:
    """An overseer's own draw of decisions, from its checkpoint, nonce and count, opened (R-105)."""
    at = begin(services)
    checkpoint, nonce, count = drawn_by
    kept = exporting.read_checkpoint(checkpoint)
    return exporting.sample(services, (kept, nonce, count), approving.read_key(keyfile), out, at)


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


def report(services: Services, batch: str | None, out: Path) -> dict[str, Any]:
    """Where the report was written, and its counts."""
    if out.suffix != ".html":
        raise UsageError("`--out` names an .html file")
    at = begin(services)
    registering.require_whole(services)
    batch_id = None if batch is None else receiving.find_batch(services, batch)["id"]
    data = watching.report_data(services, batch_id, at)
    figures = watching.write(data, out)
    counts = [results.batch_object(services, each.id) for each in data.batches]
    return {"report": str(out), "figures": str(figures), "batches": counts}
