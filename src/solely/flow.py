"""READ FIRST: what the gate does with a batch, one function per step, in the order a batch meets them.

    run       take in ▸ require a genuine instrument ▸ face all rows ▸ examine ▸ identify ▸ decide ▸ close
    online    the same, where the rows of a received batch are decided one request at a time
    review    one vote on a referral; two confirmations carry it on, one decline ends it
    contest   the requester contests a returned item, once: it goes before other officers, or it stands
    approve   one signature; the second one ▸ judge again ▸ seal ▸ log ▸ publish ▸ deliver
    evidence  the requester shows a file for one sampled investigation
    open      judge again ▸ require the officer ▸ log ▸ publish ▸ unseal
    serving   the same for many callers over HTTP, a group at a time, orders first; what was received is
              decided between two groups, a stretch at a time
    explain   say why, in the words that the reader may see
    report    the page of a batch, computed from what is stored

- Each step makes the same four moves: read, look up, call pure stages, save state and ledger entry in one
  transaction. The moves stand in `steps/`, a module each.
- No record is read before the ruling on the request (R-01); nothing leaves before its entry is covered by
  a durable checkpoint (log, then act).
- What follows a release, or stops one, stands in `afterwards`.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from solely.errors import (
    BatchRefused,
    Blocked,
    Closed,
    Duplicate,
    TroubleError,
    Unwitnessed,
    UsageError,
    fault_line,
)
from solely.model import Enrolment
from solely.pace import Pace, whole
from solely.services import Services
from solely.signing import Signer, parse_private_key
from solely.steps import (
    approving,
    contesting,
    deciding,
    evidencing,
    explaining,
    held,
    history,
    loosening,
    opening,
    ordering,
    queueing,
    receiving,
    recipient,
    registering,
    releasing,
    results,
    reviewing,
    showing,
    urgent,
    watching,
)
from solely.steps import online as online_steps
from solely.steps.explaining import View
from solely.steps.judging_again import require_standing, version_at_receipt
from solely.steps.opening import Opening
from solely.steps.reviewing import Vote
from solely.steps.serving import Deciding, Serving
from solely.store.database import name_holder
from solely.store.given import read_given, read_given_key
from solely.store.submission import Received

__all__ = [
    "View",
    "Vote",
    "advance",
    "approve",
    "begin",
    "begin_opening",
    "begin_order",
    "contest",
    "decide",
    "evidence",
    "explain",
    "finish_opening",
    "online",
    "queue",
    "receive",
    "referred",
    "report",
    "review",
    "review_all",
    "run",
    "serving",
    "show",
    "undecided",
]


def begin(services: Services) -> datetime:
    """The instant of a step, once what the gate decides by is what the ledger put in force (R-82).

    Packages that a crash kept from the outbox are delivered now: their entries are published.
    """
    begin_order(services)
    try:
        releasing.deliver(services)
        urgent.recall_unchecked(services, services.now())
    except Unwitnessed as waiting:
        services.progress(str(waiting))  # a step that acts publishes its own entry, and stops there
    return services.now()


def begin_order(services: Services) -> datetime:
    """The same for an order: nothing leaves before it is filed, neither what a crash left."""
    held.require_parts(services)
    ordering.go_by_revoked(services, ordering.filed(services), services.now())
    try:
        loosening.put_in_force(services, services.now())
    except Unwitnessed as waiting:
        services.progress(str(waiting))  # a step that acts publishes its own entry, and stops there
    return services.now()


def run(services: Services, path: Path) -> dict[str, Any]:
    """The run object of the batch at `path`: received now, resumed after a crash, or a duplicate."""
    try:
        batch, answered = receive(services, path)
    except (Closed, Unwitnessed) as stopped:  # of what arrived, what is logged stays
        services.progress(str(stopped))
        return results.run_object(services, stopped.batch_id, blocked=stopped.codes)
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


def receive(
    services: Services, came: Path | Received, sender: Enrolment | None = None
) -> tuple[Mapping[str, Any] | None, dict[str, Any]]:
    """The batch that came and waits to be decided; or None, and the run object of one that does not.

    `sender` is the office that hands it in where that is known: it hands in its own letters alone.
    """
    at = begin(services)
    received = receiving.take_in(services, came) if isinstance(came, Path) else came
    batch_id = receiving.batch_id_of(received)  # before its files are moved
    try:
        return _received(services, received, sender, at)
    except (Closed, Unwitnessed) as stopped:
        stopped.batch_id = batch_id
        raise
    finally:
        receiving.discard(received)


def _received(
    services: Services, received: Received, sender: Enrolment | None, at: datetime
) -> tuple[Mapping[str, Any] | None, dict[str, Any]]:
    """The same of what was taken in; refused or blocked, its arrival is an entry."""
    try:
        letter = receiving.require_instrument(services, received, at)
        receiving.require_own(letter, sender)
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
    except (Closed, Unwitnessed):
        raise  # what arrived is logged where a log takes it; the same command goes on from there
    except Blocked as blocked:
        receiving.log_unaccepted(services, received, {"blocked": list(blocked.codes)}, at)
        services.progress(str(blocked))
        return None, results.run_object(services, receiving.batch_id_of(received), blocked=blocked.codes)


def decide(services: Services, batch: Mapping[str, Any]) -> None:
    """Decide every chunk that is not decided yet, then close the batch; a crash resumes here."""
    for _ in advance(services, batch):
        pass


def advance(services: Services, batch: Mapping[str, Any]) -> Iterator[None]:
    """Decide a batch, a stretch of its rows at each step; what is left off is taken up as after a crash."""
    services, wide, done = yield from _preparing(services, batch)
    if online_steps.is_begun(services, batch, done):
        done = yield from online_steps.Sitting(services, batch, wide, done).finishing_chunk()
    pace = Pace("decided", batch["items"], "items", services.progress)
    for number, reads in enumerate(deciding.chunks_of(services, batch)):
        if number < done:
            pace.begins_at(reads[-1].item.row)
            continue
        decided = deciding.decide_rows(services, batch, reads, wide.face.faced(number), wide)
        deciding.save_chunk(services, batch, number, decided)
        pace.reached(reads[-1].item.row)
        yield
    deciding.close(services, batch)


def undecided(services: Services) -> Iterator[None]:
    """Decide what was received, batch after batch in order of receipt, a stretch of rows at each step.

    Others may act between two steps. A batch that is blocked, or fails, waits in `services.waiting`.
    """
    while (batch := receiving.next_undecided(services)) is not None:
        try:
            begin(services)
            yield from _advance_under_one_law(services, batch)
        except Unwitnessed:
            return  # what is decided is logged; the next call of whoever acts goes on
        except Blocked as blocked:
            services.progress(str(blocked))
            services.waiting[batch["id"]] = blocked.codes
        except TroubleError as trouble:
            services.progress(str(trouble))
            services.waiting[batch["id"]] = (trouble.code,)
        except Exception as fault:  # noqa: BLE001 -- of one batch, and it must not end the others
            services.progress(fault_line(fault))
            services.waiting[batch["id"]] = ("FAULT",)


def _advance_under_one_law(services: Services, batch: Mapping[str, Any]) -> Iterator[None]:
    """The same as `advance`, left off where what the rows were faced under has changed between two steps."""
    under = history.faced_under(services)
    for _ in advance(services, batch):
        yield
        if history.faced_under(services) != under:
            return


def _preparing(
    services: Services, batch: Mapping[str, Any]
) -> Generator[None, None, tuple[Services, history.Wide, int]]:
    """The gate under the law of receipt, what every row of the batch is judged by, and the chunks decided."""
    services = version_at_receipt(services, batch)  # also where a crash and an amendment came between
    deciding.require_ready(services)
    held.require_received(services, batch)
    face = yield from history.facing_batch(services, batch)
    history.admit(services, batch, face)
    taken, done = deciding.records_taken(services, batch)
    return services, history.wide_of(services, batch, face, taken), done


def _sitting(services: Services, batch: Mapping[str, Any]) -> Generator[None, None, online_steps.Sitting]:
    """A received batch, ready to be asked for its rows; a stretch of them is faced at each step."""
    services, wide, done = yield from _preparing(services, batch)
    return online_steps.Sitting(services, batch, wide, done)


@contextmanager
def online(services: Services, batch: Mapping[str, Any]) -> Iterator[online_steps.Online]:
    """A received batch whose rows are decided one request at a time; once all are, it is closed.

    What is not asked for is decided by `run`, or when somebody asks.
    """
    begin(services)
    sitting = whole(_sitting(services, batch))
    with services.database.write_ahead(), online_steps.published(services), online_steps.settled():
        asked = online_steps.Online(sitting)
        try:
            yield asked
        finally:
            asked.close()
        sitting.close()
    if sitting.is_whole:
        deciding.close(version_at_receipt(services, batch), batch)


def review(services: Services, request_id: str, by: Path | Signer, vote: Vote) -> dict[str, Any]:
    """Where a referred item stands after one approver's vote (R-82)."""
    at = begin(services)
    case = reviewing.find_referral(services, request_id)
    votes = reviewing.add_vote(services, case, approving.read_key(by), vote, at)
    state = reviewing.settle(services, case, votes, at)
    return {"request_id": case["request_id"], "state": state, "votes": len(votes)}


def review_all(
    services: Services, request_ids: Sequence[str], by: Path | Signer, vote: Vote
) -> dict[str, Any]:
    """How many referred items stand where after one approver's one word on all of them (R-82).

    The approver is asked for one signature; each item has a vote of its own.
    """
    at = begin(services)
    cases = [reviewing.find_referral(services, each) for each in request_ids]
    votes = reviewing.add_votes(services, cases, approving.read_key(by), vote, at)
    states = reviewing.settle_all(services, list(zip(cases, votes, strict=True)), at)
    return {"items": len(cases), "states": dict(Counter(states))}


def queue(services: Services, officer: Enrolment) -> queueing.Queue:
    """What waits for one officer's decision: items that are alike stand together, most cleared first."""
    return queueing.queue(services, officer, begin(services))


def show(
    services: Services, request_id: str, by: Path | Signer, make: Callable[[showing.Shown], showing.Made]
) -> showing.Made:
    """What `make` makes of one referred item that an officer has in hand: made, then logged, then handed out.

    What fails in the making leaves no showing, and nobody may vote on it (R-92, R-106).
    """
    at = begin(services)
    return showing.show(services, request_id, approving.read_key(by), at, make)


def referred(services: Services) -> list[dict[str, Any]]:
    """The items that wait for a person, in order of receipt, each with its reasons."""
    begin(services)
    return reviewing.waiting(services)


def approve(services: Services, batch: str, by: Path | Signer) -> dict[str, Any]:
    """The run object after one approver's signature; the second valid one releases (R-85).

    `undelivered` stands in it where something stops what is logged as released already.
    """
    waited = _undelivered(services, batch)
    begin(services)
    found = receiving.find_batch(services, batch)
    approving.require_ready(services, found)
    try:
        at = _releasable_at(services, found)
        if approving.is_approved_with(services, found, approving.read_key(by), at):
            evidencing.require_evidenced(services, found, at.date())
            releasing.release_approved(services, found)
            receiving.try_again(services, "CASELOAD")  # fewer items are open now
        codes: tuple[str, ...] = ()
    except Blocked as blocked:
        services.progress(str(blocked))
        codes = blocked.codes
    except Duplicate:
        left, codes = waited - _undelivered(services, batch), ()
        if left <= 0:
            raise
        services.progress(f"what two had approved has left now: {left:,} packages")
    stopped = releasing.count_undelivered(services, found["id"])
    return results.batch_object(services, found["id"], codes) | ({"undelivered": stopped} if stopped else {})


def _undelivered(services: Services, batch: str) -> int:
    """How many packages of a batch are logged as released and wait to leave."""
    return releasing.count_undelivered(services, receiving.find_batch(services, batch)["id"])


def _releasable_at(services: Services, batch: Mapping[str, Any]) -> datetime:
    """The instant at which nothing that is known stands against a batch's release; Blocked where it does."""
    at = services.now()
    require_standing(services, batch, at.date())
    recipient.require_nothing_overdue(services, batch["requester"], at)
    services.yield_turn()
    held.require_batches(services)
    releasing.require_held(services, batch)
    services.yield_turn()
    at = services.now()
    ordering.require_free(services, batch, at)
    return at


def evidence(
    services: Services, batch: str, by: Path | Signer, investigation: str, file: Path
) -> dict[str, Any]:
    """What is still to be evidenced, and by when, after the requester has shown a file for one (R-86)."""
    at = begin(services)
    found = receiving.find_batch(services, batch)
    shown = (investigation, read_given("--file", file))
    evidenced = evidencing.add_evidence(services, found, approving.read_key(by), shown, at)
    return {"batch": found["id"]} | evidenced.as_object()


def contest(services: Services, request_id: str, by: Path | Signer, note: str) -> dict[str, Any]:
    """What comes of the requester's contest of a return: reconsidered by a day, or it stands (R-87)."""
    at = begin(services)
    return contesting.add_contest(services, request_id, approving.read_key(by), note, at)


def begin_opening(services: Services, package: Path, keyfile: Path) -> Opening:
    """An opening by the holder of the key, up to the echo; a denial is logged and raised (R-52, R-83)."""
    at = begin(services)
    return opening.begin(services, package, read_given_key("--key", keyfile, parse_private_key), at)


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
    with services.database.write_ahead(), services.ledger.write_ahead():
        served = Serving(services, Deciding(undecided, _sitting))
        try:
            yield served
        finally:
            served.close()
            name_holder(services.folder.root, "")


def explain(services: Services, request_id: str, view: View) -> dict[str, Any]:
    """Why an item was decided as it was, in the words of one view (R-69, R-81, R-92)."""
    return explaining.explain(services, request_id, view, begin(services))


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
