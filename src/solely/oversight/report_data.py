"""What a report shows: stored counts and instants, no value of a request or record (R-106).

- Counts that do not add up make no report (R-05, R-58).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from solely.errors import VerificationFailed
from solely.model import Counts, Disposition
from solely.oversight import over_time, watched
from solely.oversight.open_work import Caseload, ClockRow, ContestRow, EvidenceRow
from solely.oversight.over_time import OverTime
from solely.oversight.watched import Watched


class ReasonCount(NamedTuple):
    """How many items have one reason; those found after a record was read are never broken down (R-100)."""

    disposition: Disposition
    element: str
    code: str
    rules: tuple[str, ...]
    items: int
    is_record_read: bool = False


class BatchRow(NamedTuple):
    """One batch: its letter's digest as id, who sent it, when it arrived, and its current counts."""

    id: str
    requester: str
    received_at: datetime
    counts: Counts
    state: str
    blocked: tuple[str, ...] = ()
    undecided: int = 0  # items received that are in no count yet


class EarlierVersion(NamedTuple):
    """A version of the agreement that is in force no more, and the batches that were received under it."""

    number: str
    digest: str
    batches: tuple[str, ...]


class Moment(NamedTuple):
    """One event of the ledger: when, for which batch, what, and the index of its entry."""

    at: datetime
    batch: str
    what: str
    entry: int | None = None


class Approval(NamedTuple):
    """One approval: an office, never a person's name; `void` says why it counts no more, else empty."""

    batch: str
    office: str
    at: datetime
    entry: int | None = None
    void: str = ""


class Checkpoint(NamedTuple):
    """The signed state of the ledger that this report rests on."""

    origin: str
    size: int
    root: str


class Procedure(NamedTuple):
    """What one procedure released of the same batch, each release in one class, judged by ground truth.

    `not_permitted`: person and address are right, and yet another rule stood against the release.
    """

    name: str
    released: int
    wrong_person: int
    insufficient_address: int
    address_unconfirmed: int
    correct: int
    not_permitted: int = 0

    def errors(self) -> tuple[int, int, int, int]:
        """The releases that should not have left, by class, the gravest first."""
        return self.wrong_person, self.insufficient_address, self.address_unconfirmed, self.not_permitted


class ClassRow(NamedTuple):
    """One class of request in the ground truth: items, and what each procedure released of them."""

    name: str
    items: int
    before: int
    here: int


@dataclass(frozen=True, slots=True)
class ReportData:
    """All that a report shows. `comparison` is (the other procedure, this gate), or empty."""

    profile: str
    agreement_id: str
    agreement_version: str
    agreement_digest: str
    is_synthetic: bool
    at: datetime
    checkpoint: Checkpoint
    batches: tuple[BatchRow, ...]
    earlier: tuple[EarlierVersion, ...] = ()
    reasons: tuple[ReasonCount, ...] = ()
    moments: tuple[Moment, ...] = ()
    approvals: tuple[Approval, ...] = ()
    caseload: Caseload | None = None
    evidence: tuple[EvidenceRow, ...] = ()
    contests: tuple[ContestRow, ...] = ()
    clocks: tuple[ClockRow, ...] = ()
    undelivered: int = 0  # of what was released: packages that wait at the gate for witnesses or orders
    watched: Watched = watched.NOTHING
    over_time: OverTime = over_time.NOTHING
    limits: tuple[str, ...] = ()
    comparison: tuple[Procedure, ...] = ()
    classes: tuple[ClassRow, ...] = ()

    def total(self) -> Counts:
        """The counts of all batches together."""
        names = ("received", "releasable", "released", "withheld", "referred", "returned", "refused")
        return Counts(**{name: sum(getattr(batch.counts, name) for batch in self.batches) for name in names})


def require_consistent(data: ReportData) -> None:
    """Return when every count adds up; else VerificationFailed, and there is no report (R-05, R-58)."""
    for batch in data.batches:
        if not batch.counts.is_reconciled():
            raise VerificationFailed(f"the counts of batch `{batch.id}` do not add up; no report is made")
    for each in data.comparison:
        if sum(each.errors()) + each.correct != each.released:
            raise VerificationFailed("the classes of the comparison do not add up; no report is made")
