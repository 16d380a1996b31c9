"""What the gate has received before, held against a batch before any record is read (R-01).

- A request id that was used (R-13), a cure that names no returned row or one that was taken up (R-87), the
  caseload of each officer over all open batches (R-50, R-51), a day's volume (R-66), attempts about one
  person (R-87).
- A batch over the caseload is blocked whole and takes no place in it: it may be run again when other
  batches are closed, and holds nobody else up meanwhile.
"""

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from solely.agreement.column import Column
from solely.errors import Blocked
from solely.facts.attempts import Attempts, Person, Tags, Tries, person_of, tag_key, tags_of
from solely.facts.batchwide import BATCH_FACTS
from solely.facts.request import RequestFacts
from solely.intake.same import REPEATED
from solely.model import Disposition, Item, Reason
from solely.pace import whole
from solely.services import Services
from solely.steps import curing, held
from solely.steps.examination import context_of
from solely.steps.facing import CURES_ANOTHER, GATE_FACTS, UNKNOWN_CURE, Face, facing
from solely.steps.identification import Match
from solely.store import tallies
from solely.store.submission import read_chunks

COUNTS: Final = (*BATCH_FACTS, *GATE_FACTS)
_NAMED: Final = 5  # officers over the ceiling that a refusal names
Batch = Mapping[str, Any]


def received_on(batch: Batch) -> date:
    """The day of receipt (UTC)."""
    return datetime.fromisoformat(batch["received_at"]).date()


# -- findings against earlier batches -------------------------------------------------------------------


def face_batch(services: Services, batch: Batch, before: int) -> Face:
    """The face of a received batch, with what stands against its rows because of earlier batches: those
    whose last decision lies `before` an entry of the ledger."""
    return whole(facing_batch(services, batch, before))


def facing_batch(services: Services, batch: Batch, before: int | None = None) -> Generator[None, None, Face]:
    """The same, a chunk at each step; without `before`, as decided by now."""
    path, read = services.folder.batch(batch["id"]) / "submission" / batch["data_file"], services.rows_read
    read[batch["id"]] = 0

    def told(rows: int) -> None:
        read[batch["id"]] += rows

    face = yield from facing(path, context_of(services, received_on(batch)), told)
    findings = dict(face.findings)
    for found in _against_earlier(services, batch, face, before):
        for row, finding in found:
            findings[row] = (*findings.get(row, ()), finding)
        yield
    return face._replace(findings=findings)


def faced_under(services: Services) -> tuple[Any, ...]:
    """What rows are faced under besides the batch's own words and batches decided earlier."""
    with services.database.transaction() as tx:
        people = services.cases.returned_ids(tx), services.cases.reopened_ids(tx)
    return dict(services.in_force), *people


def _against_earlier(
    services: Services, batch: Batch, face: Face, before: int | None
) -> Iterator[Sequence[tuple[int, tuple[Disposition, Reason]]]]:
    with services.database.transaction() as tx:
        decided = [
            each
            for each in services.cases.list_batches(tx)
            # Whatever the order of arrival: an id counts as used once a batch with it is decided.
            if each["id"] != batch["id"]
            and each["state"] != "received"
            and (before is None or each["decided_index"] < before)
        ]
        declined = services.cases.returned_ids(tx, before)
        reopened = services.cases.reopened_ids(tx, before)
    if not decided:
        yield [(row, UNKNOWN_CURE) for row in face.cures]
        return
    paths = [_dispositions(services, each) for each in decided]
    path = services.folder.batch(batch["id"]) / "submission" / batch["data_file"]
    people: dict[int, frozenset[str]] = {}
    for reads in read_chunks(path, further=services.law.further_columns):
        named = {read.item.row: read.item.request_id for read in reads if read.item.request_id}
        yield [(row, REPEATED) for row in services.files.find_used(paths, named)]
        people |= {item.row: curing.person_in(item) for item, _ in reads if item.row in face.cures}
    returned = set(services.files.find_used(paths, face.cures, "disposition = 'returned'"))
    holding = [
        each
        for each in decided
        if face.cures and services.files.find_used([_dispositions(services, each)], face.cures)
    ]
    names = set(face.cures.values())
    gone = reopened | _cured_before(services, decided, holding, names)
    known = curing.people_in(services, holding, names)
    unknown = []
    for row, cured in face.cures.items():
        if cured in gone or not (row in returned or cured in declined):
            unknown.append((row, UNKNOWN_CURE))
        elif people[row].isdisjoint(known[cured]):
            unknown.append((row, CURES_ANOTHER))
    yield unknown


def _cured_before(
    services: Services, decided: Sequence[Batch], holding: Sequence[Batch], names: Collection[str]
) -> set[str]:
    """Those of the ids that a row of a batch has taken up, decided after the first that holds one of them."""
    first = min((each["decided_index"] for each in holding), default=None)
    later = [each for each in decided if first is not None and each["decided_index"] > first]
    return set(curing.taken_up(services, later, names))


def _dispositions(services: Services, batch: Batch) -> Path:
    return services.folder.batch(batch["id"]) / "dispositions.parquet"


# -- the caseload ---------------------------------------------------------------------------------------


def admit(services: Services, batch: Batch, face: Face) -> None:
    """Let the batch take its place in each officer's caseload; Blocked when it is too much for one (R-51)."""
    limit = services.law.limits["items_per_officer_max"]
    with services.database.transaction() as tx:
        if tallies.caseload_of(tx, batch["id"]) == face.caseload:
            return
        earlier = [each for each in services.cases.list_batches(tx) if each["decided_index"] is not None]
    _require_loads_held(services, earlier)
    with services.database.transaction() as tx:
        others = tallies.open_caseload(tx, batch["id"])
        over = sorted(each for each, items in face.caseload.items() if items + others.get(each, 0) > limit)
        if over:
            first = ", ".join(f"`{each}`" for each in over[:_NAMED])
            rest = f" and {len(over) - _NAMED} others" if len(over) > _NAMED else ""
            raise Blocked("CASELOAD", f"more than {limit} open items would stand with {first}{rest}")
        tallies.readmit(tx, batch["id"])
        tallies.admit(tx, batch["id"], face.caseload)


def _require_loads_held(services: Services, batches: Sequence[Batch]) -> None:
    """Return when no decided batch lost its place in a caseload but by release; else Blocked (R-51)."""
    held.require_closed(services, [each for each in batches if each["state"] == "released"])
    for each in batches:
        if each["state"] != "released":
            held.require_tally(services, each, "caseload")


# -- counts over batches --------------------------------------------------------------------------------


class History:
    """Counts over what this gate has received, for one batch."""

    def __init__(self, services: Services, batch: Batch) -> None:
        self._key = tag_key(services.salt_key)
        day = received_on(batch)
        since = day - timedelta(days=services.law.limits["attempts_days"])
        with services.database.transaction() as tx:
            self._packed = tallies.attempts_since(tx, since, batch["id"])
            self._own = tallies.attempts_of(tx, batch["id"])
            self._items = tallies.items_received(tx, day, batch["request_index"])
            earlier = tallies.days_before(tx, day - timedelta(days=services.law.limits["volume_days"]), day)
            batches = services.cases.list_batches(tx)
        for each in batches:
            is_other = each["id"] != batch["id"] and each["decided_index"] is not None
            if is_other and received_on(each) >= since:
                held.require_tally(services, each, "attempts")
        held.require_sent_on(services, since)
        self._percent = percent_of_usual(self._items, _held_volumes(services, earlier))

    @cached_property
    def _attempts(self) -> Attempts:
        return Attempts(self._packed)

    def columns(self, facts: RequestFacts) -> dict[str, Column]:
        """The counts that stand against each row of a chunk, by fact."""
        size = len(facts.names)
        before = Column.constant(0, size)
        if self._packed:
            everybody = self.tags(facts, dict.fromkeys(range(size)))
            before = Column.of(self._attempts.before(list(everybody.values())))
        return {
            "items_that_day": Column.constant(self._items, size),
            "items_percent_of_history": Column.constant(self._percent, size),
            "attempts_before": before,
        }

    @cached_property
    def _tries(self) -> Tries:
        return Tries([*self._packed, self._own])

    def tries(self, tags: Mapping[int, Tags]) -> dict[int, int]:
        """How often the record that each row tries was tried before it; these tries are counted."""
        return {place: self._tries.before(each) for place, each in tags.items()}

    def tags(self, facts: RequestFacts, tried: Mapping[int, str | None]) -> dict[int, Tags]:
        """The tags of the persons named at these places, with the record that each tries."""
        return {place: tags_of(self._key, person_of(facts, place), record) for place, record in tried.items()}


def _held_volumes(services: Services, batches: Sequence[Batch]) -> dict[str, int]:
    """The items of each earlier day, of batches whose decided entry says as many as their row (R-82)."""
    volumes: dict[str, int] = {}
    for each in batches:
        held.require_volume(services, each)
        day = received_on(each).isoformat()
        volumes[day] = volumes.get(day, 0) + each["items"]
    return volumes


def percent_of_usual(items: int, volumes: Mapping[str, int]) -> int:
    """A day's items in percent of the mean of earlier days with receipts, rounded up; 0 for none (R-66)."""
    total = sum(volumes.values())
    return -(-100 * items * len(volumes) // total) if total else 0


class GateCounts(Protocol):
    """Counts over what the gate has received: found now, or as an earlier decision was judged by."""

    def columns(self, facts: RequestFacts) -> dict[str, Column]: ...  # noqa: D102
    def tries(self, tags: Mapping[int, Tags]) -> dict[int, int]: ...  # noqa: D102
    def tags(self, facts: RequestFacts, tried: Mapping[int, str | None]) -> dict[int, Tags]: ...  # noqa: D102


class Wide(NamedTuple):
    """What the decision of every chunk of a batch needs of all the others; `taken` are records reached."""

    face: Face
    history: GateCounts
    taken: set[str]

    def columns(self, items: Sequence[Item], facts: RequestFacts) -> dict[str, Column]:
        """Every count over batch and gate, for the rows of a chunk."""
        return self.face.counts.of([item.row for item in items]) | self.history.columns(facts)


def wide_of(services: Services, batch: Batch, face: Face, taken: set[str]) -> Wide:
    """The face, the history and the records reached, together."""
    return Wide(face, History(services, batch), taken)


def sent_on(services: Services, case: Mapping[str, Any], match: Match | None) -> dict[str, Any]:
    """The row of `attempt` for a referral that two approvers sent on (R-87).

    It counts as an attempt about the subject of the match, or as none where no record was reached, or was
    before.
    """
    tags = b""
    if match is not None:
        named = match.subject
        person = Person(named.given, named.family, named.birth_date, named.taxpayer_number)
        tags = tags_of(tag_key(services.salt_key), person, match.found.tried_id)
    row = {"batch_id": case["batch_id"], "row": case["row"], "tags": tags}
    row |= {"referral_index": case["decision_index"]}
    return row | {"tag": held.sent_on_tag(services, row)}
