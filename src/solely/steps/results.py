"""What a run comes to: the run object of contracts 4, and the data of the report.

- Counts are of current states; they are read from the digested dispositions and the cases, and always add
  up to what was received (R-05).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from solely.errors import BatchRefused, Blocked, Unwitnessed
from solely.model import Counts, Disposition
from solely.oversight.open_work import Caseload, ClockRow, ContestRow, EvidenceRow
from solely.oversight.over_time import OverTime
from solely.oversight.report_data import (
    Approval,
    BatchRow,
    Checkpoint,
    EarlierVersion,
    Moment,
    ReasonCount,
    ReportData,
)
from solely.oversight.watched import Watched
from solely.review.states import State, disposition_of
from solely.services import Services
from solely.steps import evidencing, held, journal, told_approvals
from solely.steps.deciding import chunk_path, every_chunk, require_kept
from solely.steps.judging_again import version_at_receipt
from solely.store import tallies

NOTHING: Final = Counts()
LIMITS: Final = (
    "Facts in a request are the requester's word; the gate judges their form and holds them against records.",
    "With one key, a namesake at the same address whom the custodian has never known cannot be told apart.",
    "What leaves by other ways than this gate does not show here.",
    "An opened address cannot be called back.",
)


def current_counts(services: Services, batch: Mapping[str, Any]) -> Counts:
    """How many items of a batch stand in each state now, every case counted."""
    with services.database.transaction() as tx:
        states = services.cases.count_states(tx, batch["id"])
    return _counts(services, batch, states)


def noted_counts(services: Services, batch: Mapping[str, Any]) -> Counts:
    """The same as it was noted with every change: for pages, which permit nothing."""
    with services.database.transaction() as tx:
        states = services.cases.noted_states(tx, batch["id"])
    return _counts(services, batch, states)


def _counts(services: Services, batch: Mapping[str, Any], states: Mapping[str, int]) -> Counts:
    decided = batch["counts"] or {}
    with services.database.transaction() as tx:
        reopened = services.cases.count_reopened(tx, batch["id"])
    now = {name: int(decided.get(name, 0)) for name in ("refused", "returned", "withheld")}
    now["returned"] -= reopened
    for state, count in states.items():
        name = disposition_of(State(state)).value
        now[name] = now.get(name, 0) + count
    return Counts(received=int(decided.get("received", 0)), **now)


def run_object(
    services: Services, batch_id: str | None, counts: Counts = NOTHING, blocked: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The object that `run` and `approve` print."""
    try:
        published = services.ledger.publish()
    except Unwitnessed as waiting:
        published, blocked = services.ledger.published(), tuple(dict.fromkeys((*blocked, *waiting.codes)))
    return {
        "batch": batch_id,
        "received": counts.received,
        "releasable": counts.releasable,
        "released": counts.released,
        "withheld": counts.withheld,
        "referred": counts.referred,
        "returned": counts.returned,
        "refused": counts.refused,
        "blocked": list(blocked),
        "checkpoint": {"size": published.size, "root": published.root},
    }


def batch_object(services: Services, batch_id: str, blocked: tuple[str, ...] = ()) -> dict[str, Any]:
    """The run object of a stored batch; its counts must add up (R-05)."""
    with services.database.transaction() as tx:
        batch = services.cases.find_batch(tx, batch_id)
    assert batch is not None, "the batch was received"
    counts = current_counts(services, batch)
    if not counts.is_reconciled() and not blocked:
        raise Blocked("COUNTS", "the states of the items do not add up to the items received")
    until = answer_by(services, batch)
    more: dict[str, Any] = {} if until is None else {"answer_by": until.isoformat(timespec="seconds")}
    if undecided := _undecided(batch):
        more["undecided"] = undecided
    return run_object(services, batch_id, counts, blocked) | more


def _undecided(batch: Mapping[str, Any]) -> int:
    """How many items of a batch are received and in no count, for it is not decided whole."""
    return int(batch["items"]) if batch["decided_index"] is None else 0


def answer_by(services: Services, batch: Mapping[str, Any]) -> datetime | None:
    """Until when what may leave of a batch has left, under the version of its receipt; else None (R-77)."""
    if all(each.answer_hours_max is None for each in services.every_version):
        return None
    hours = version_at_receipt(services, batch).law.answer_hours_max
    received = datetime.fromisoformat(batch["received_at"])
    return None if hours is None else received + timedelta(hours=hours)


def refused_object(services: Services, batch_id: str | None, refusal: BatchRefused) -> dict[str, Any]:
    """The run object of a batch that was refused as a whole (R-103)."""
    return run_object(services, batch_id) | {"batch_refused": refusal.as_object()}


# -- the report -----------------------------------------------------------------------------------------


def report_data(
    services: Services, batch_id: str | None, at: datetime, watched: Watched, over_time: OverTime
) -> ReportData:
    """What the report shows of one batch or of all; no value of a request or record.

    What waits for an answer, and how it went over time, are those of the whole gate.
    """
    law, published = services.law, services.ledger.publish()
    with services.database.transaction() as tx:
        batches = [each for each in services.cases.list_batches(tx) if batch_id in (None, each["id"])]
        undelivered = Counter(each["batch_id"] for each in services.cases.undelivered(tx))
    return ReportData(
        profile=services.config.profile,
        agreement_id=law.agreement.id,
        agreement_version=law.agreement.version,
        agreement_digest=law.digest,
        is_synthetic=law.is_synthetic,
        at=at,
        checkpoint=Checkpoint(services.config.origin, published.size, published.root),
        batches=tuple(_batch_row(services, each, watched.blocks().get(each["id"], ())) for each in batches),
        earlier=_earlier_versions(services, batches),
        reasons=_reasons(services, batches),
        moments=tuple(moment for each in batches for moment in _moments(services, each)),
        approvals=tuple(row for each in batches for row in _approvals(services, each, at)),
        caseload=_caseload(services),
        evidence=tuple(row for each in batches for row in _evidence(services, each)),
        contests=tuple(row for each in batches for row in _contests(services, each)),
        clocks=_clocks(services, batches, current_counts),
        undelivered=sum(undelivered[each["id"]] for each in batches),
        watched=watched,
        over_time=over_time,
        limits=LIMITS,
    )


def _earlier_versions(services: Services, batches: Sequence[Mapping[str, Any]]) -> tuple[EarlierVersion, ...]:
    """The versions before the one in force under which some of these batches were received."""
    under: dict[tuple[str, str], list[str]] = {}
    for each in batches:
        law = version_at_receipt(services, each).law
        if law.digest != services.law.digest:
            under.setdefault((law.agreement.version, law.digest), []).append(each["id"])
    return tuple(EarlierVersion(*version, tuple(names)) for version, names in under.items())


def _caseload(services: Services) -> Caseload:
    with services.database.transaction() as tx:
        loads = tallies.open_caseload(tx)
    return Caseload.of(services.law.limits["items_per_officer_max"], loads.values())


def _evidence(services: Services, batch: Mapping[str, Any]) -> list[EvidenceRow]:
    with services.database.transaction() as tx:
        is_drawn = tallies.find_sample(tx, batch["id"]) is not None
    found = evidencing.standing(services, batch) if is_drawn else None
    if found is None:
        return []
    counts = (len(found.asked), len(found.missing))
    dates = (found.evidence_by, found.reply_by)
    return [EvidenceRow(batch["id"], *counts, *dates, batch["state"] == "released")]


def _contests(services: Services, batch: Mapping[str, Any]) -> list[ContestRow]:
    with services.database.transaction() as tx:
        waiting = services.cases.open_contests(tx, batch["id"])
    for each in waiting:
        held.require_contest(services, each)
    items = Counter(date.fromisoformat(each["reconsider_by"]) for each in waiting)
    return [ContestRow(batch["id"], until, count) for until, count in sorted(items.items())]


def clocks(services: Services) -> tuple[ClockRow, ...]:
    """The clocks on which something waits, as the report has them: for pages, which permit nothing (R-77)."""
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
    return tuple(each for each in _clocks(services, batches, noted_counts) if each.waiting)


def _clocks(
    services: Services,
    batches: Sequence[Mapping[str, Any]],
    counts_of: Callable[[Services, Mapping[str, Any]], Counts],
) -> tuple[ClockRow, ...]:
    rows = []
    for each in batches:
        if (until := answer_by(services, each)) is not None:
            counts = counts_of(services, each)
            waiting = _undecided(each) + counts.releasable + counts.referred
            rows.append(ClockRow(each["id"], until, waiting))
    return tuple(rows)


def _approvals(services: Services, batch: Mapping[str, Any], at: datetime) -> list[Approval]:
    """The approvals of a batch; each that counts no more says why (R-84, R-85)."""
    return [
        Approval(batch["id"], row["approver_id"], journal.instant_of(services, index), index, void)
        for row, void in told_approvals.told(services, batch, at)
        for index in (row["entry_index"],)
    ]


def _batch_row(services: Services, batch: Mapping[str, Any], blocked: tuple[str, ...]) -> BatchRow:
    held.require_received(services, batch, held.known_digest(services))
    return BatchRow(
        id=batch["id"],
        requester=batch["requester"],
        received_at=datetime.fromisoformat(batch["received_at"]),
        counts=current_counts(services, batch),
        state=batch["state"],
        blocked=blocked,
        undecided=_undecided(batch),
    )


def _reasons(services: Services, batches: Sequence[Mapping[str, Any]]) -> tuple[ReasonCount, ...]:
    """How often each reason stands over all of these batches, by disposition, as first decided; each with the
    rules behind it and no other of its items'."""
    items, rules = Counter[tuple[str, str, bool]](), dict[tuple[str, str, bool], set[str]]()
    for each in batches:
        chunks = every_chunk(services, each)
        for chunk in chunks:
            require_kept(services, chunk, held.known_digest(services))
        paths = [chunk_path(services, each["id"], chunk["number"], "decisions") for chunk in chunks]
        found = services.files.count_reasons(paths) if paths else []
        for disposition, reason, own, is_record_read, count in found:
            key = (disposition, reason, is_record_read)
            items[key] += count
            rules.setdefault(key, set()).update(own)
    counted = []
    for (disposition, reason, is_record_read), count in items.items():
        element, code = reason.split(":", 1)
        behind = tuple(sorted(rules[disposition, reason, is_record_read]))
        counted.append(ReasonCount(Disposition(disposition), element, code, behind, count, is_record_read))
    return tuple(counted)


def _moments(services: Services, batch: Mapping[str, Any]) -> list[Moment]:
    named = [("received", batch["request_index"]), ("decided", batch["decided_index"])]
    with services.database.transaction() as tx:
        releases = services.cases.releases(tx, batch["id"])
    # Entries that follow one another left together; what people permitted later left apart.
    entries = sorted(each["entry_index"] for each in releases)
    named += [("released", each) for each, after in pairwise([*entries, None]) if after != each + 1]
    return [
        Moment(journal.instant_of(services, index), batch["id"], what, index)
        for what, index in named
        if index is not None
    ]
