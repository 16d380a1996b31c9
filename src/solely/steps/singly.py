"""Rows asked for one at a time over HTTP: one batch is open for it at a time, and bulk keeps off meanwhile.

- A row is decided by the same `Sitting` as at `flow.online`, in input order (decision 0014). Its entry is
  under a published checkpoint before its requester is told, and no more than `answer.jsonl` has (R-43, R-81).
- A batch is opened between two groups, a stretch of its rows at each step; whoever asks before is told to
  come again. What was not asked for is decided in bulk once nobody has asked for `IDLE_SECONDS`.
- Nothing is kept here: what is left off, by a crash too, is taken up from the tables.
"""

import json
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from solely.access.refusal import EXHAUSTED, CallRefused, refuse_unless
from solely.decision.answer import answer_line
from solely.errors import Blocked, SolelyError
from solely.ledger.commitment import CHUNK
from solely.model import Disposition, Enrolment, codes_of, rules_of
from solely.services import Services
from solely.steps import deciding, following
from solely.steps.online import Sitting

IDLE_SECONDS: Final = 10.0
OTHERS_SECONDS: Final = 2.0  # for which the open batch was not asked for, before another is opened
AHEAD_MAX: Final = 256  # rows that one question may have decided before its own
Batch = Mapping[str, Any]
Prepare = Callable[[Services, Batch], Generator[None, None, Sitting]]


def requester_of(services: Services, holder: str, today: date) -> Enrolment:
    """The one enrolled office with this key, in date; CallRefused when there is none."""
    found = [each for each in services.trust.requesters.values() if each.key_id == holder]
    refuse_unless(len(found) == 1, "REQUESTER_UNKNOWN", "permission_denied")
    refuse_unless(found[0].is_valid_on(today), "REQUESTER_NOT_VALID", "permission_denied")
    return found[0]


class Singly:
    """The batch whose rows are being asked for."""

    def __init__(self, prepare: Prepare) -> None:
        self._prepare = prepare
        self._batch: Batch | None = None
        self._wanted: Batch | None = None
        self._opening: Batch | None = None
        self._asked_at = -OTHERS_SECONDS  # when the open batch was asked for last
        self._sitting: Sitting | None = None
        self._owned: dict[tuple[str, str], Batch] = {}  # what an office was found to own, while it is open
        self._failed: SolelyError | None = None
        self._left_at = time.monotonic()

    @property
    def is_open(self) -> bool:
        """True while a batch is open, so that bulk keeps off."""
        return self._sitting is not None

    def seconds_left(self, services: Services) -> float | None:
        """How long a batch is left yet to those who ask for its rows; None where none is."""
        waits = [until for until in services.singly.values() if until > self._left_at]
        return max(min(waits) - time.monotonic(), 0) if waits else None

    def is_asked(self, batch_id: str) -> bool:
        """True of the batch that is open."""
        return self._batch is not None and self._batch["id"] == batch_id

    def leave(self) -> None:
        """Leave the batch as a crash would: it is taken up from the tables."""
        self._batch = self._sitting = self._wanted = self._opening = None
        self._left_at = time.monotonic()
        self._asked_at = -OTHERS_SECONDS
        self._owned.clear()

    # -- what is asked for ---------------------------------------------------------------------------------

    def require(self, services: Services, who: Enrolment, batch_id: str, row: int) -> Callable[[], Any]:
        """The answer to come on one row, to be asked for once `decide` has returned; or CallRefused."""
        batch = self._own(services, who, batch_id)
        refuse_unless(1 <= row <= int(batch["items"]), "NO_SUCH_ROW", "not_found")
        if batch["state"] != "received":
            return lambda: _stored(services, batch, row)
        refuse_unless(batch_id not in services.waiting, "WAITING", "unavailable")
        left_until = services.singly.get(batch_id, 0.0)
        services.singly[batch_id] = max(left_until, time.monotonic() + IDLE_SECONDS)
        sitting = self._sitting if self.is_asked(batch_id) else None
        if sitting is None:
            if self._opening is None and time.monotonic() - self._asked_at > OTHERS_SECONDS:
                self._wanted = batch
            raise CallRefused("NOT_OPEN", "unavailable")
        self._asked_at = time.monotonic()
        refuse_unless(row < sitting.next_row + AHEAD_MAX, "AHEAD", EXHAUSTED)
        return lambda: self._told(services, batch, sitting, row)

    def _own(self, services: Services, who: Enrolment, batch_id: str) -> Batch:
        known = self._owned.get((who.id, batch_id))
        if known is None:
            try:
                known = following.own_batch(services, batch_id, who)
            except following.NoSuchBatch:
                raise CallRefused("NO_SUCH_BATCH", "not_found") from None
            if self.is_asked(batch_id):
                self._owned[who.id, batch_id] = known
        return known

    def _told(self, services: Services, batch: Batch, sitting: Sitting, row: int) -> dict[str, Any]:
        if self._failed is not None:
            raise self._failed
        logged = sitting.find(row)
        if logged is None:
            return _stored(services, batch, row)
        decision = logged.outcome.decision
        why = codes_of(decision.reasons), rules_of(decision.reasons)
        return _answer(row, decision.request_id, decision.disposition, why, decision.is_record_read)

    # -- what is done --------------------------------------------------------------------------------------

    def decide(self, rows: Sequence[int]) -> None:
        """Decide every row up to the last of these; what fails is what each of those who asked is told."""
        self._failed = None
        if self._sitting is None or not rows:
            return
        try:
            self._sitting.decide(max(rows))
        except BaseException as error:
            # What is in memory may be ahead of the tables: nothing is decided until the batch is opened anew.
            self.leave()
            if not isinstance(error, SolelyError):
                raise
            self._failed = error

    def opening(self, services: Services) -> Iterator[None] | None:
        """The work of opening the batch that somebody asked for; None where nobody did."""
        wanted = self._wanted
        if wanted is None:
            return None
        self.leave()
        self._opening = wanted
        return self._opened(services, wanted)

    def _opened(self, services: Services, batch: Batch) -> Iterator[None]:
        try:
            sitting = yield from self._prepare(services, batch)
        except Exception as error:
            self.leave()
            if not isinstance(error, Blocked):
                raise
            services.progress(str(error))
            services.waiting[batch["id"]] = error.codes
            return
        if self._opening is batch:  # else what it was made ready by has changed meanwhile
            self._batch, self._sitting, self._opening = batch, sitting, None


def _stored(services: Services, batch: Batch, row: int) -> dict[str, Any]:
    """The answer on a row that stands in its chunk's files, which are as they were decided."""
    number = (row - 1) // CHUNK
    with services.database.transaction() as tx:
        chunk = next(each for each in services.cases.chunks(tx, batch["id"]) if each["number"] == number)
    deciding.require_kept(services, chunk)
    path = deciding.chunk_path(services, batch["id"], number, "decisions")
    columns = "request_id, disposition, reasons, rules, is_record_read"
    ((name, disposition, reasons, rules, is_read),) = services.files.read(path, columns, "row = ?", [row])
    return _answer(row, name, Disposition(disposition), (reasons, rules), is_read)


def _answer(
    row: int,
    request_id: str | None,
    disposition: Disposition,
    why: tuple[Sequence[str], Sequence[str]],
    is_record_read: bool,
) -> dict[str, Any]:
    return {"row": row, **json.loads(answer_line(request_id, disposition, why, is_record_read))}
