"""What a requester sees of its own batches: how far they are, the answers, and what is to be cured (R-69).

- The same page whatever happened: the four words of the answer and no other count (R-43, R-81). A batch of
  which something left looks like one of which nothing did.
- A batch is shown to the office whose letter it is, and to nobody else.
- Pages of rows are read by the ranges that they need; which rows have something to tell is found once.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from solely.errors import UsageError
from solely.model import Enrolment
from solely.pace import time_left
from solely.review.states import State
from solely.services import Services
from solely.steps import held, journal, results

Batch = Mapping[str, Any]


class Wait(NamedTuple):
    """Why a batch stands still, and what comes next, in words for its requester."""

    why: str
    after: str


# What a requester may know of it: nothing here depends on a record, or on an order.
TOLD_WAITING: Final[Mapping[str, Wait]] = {
    "CASELOAD": Wait(
        "one of the officers named would have more open items than the {most:,} that the agreement allows "
        "(R-51)",
        "it goes on by itself once fewer are open; one that by itself names an officer in more than {most:,} "
        "rows never does: send its rows in new letters, with fewer for each officer",
    ),
    "RECORDS_TOO_OLD": Wait(
        "the custodian's records are older than the agreement allows (R-83)",
        "it goes on by itself once the custodian has newer ones; there is nothing for you to do",
    ),
}
OTHERWISE: Final = Wait(
    "the custodian must see to something first",
    "it goes on by itself once that is done; there is nothing for you to do, and the same letter sent again "
    "changes nothing",
)


class Progress(NamedTuple):
    """How far the deciding of a batch has come: rows of rows, and what is left where a rate is known yet.

    All rows are read before the first is decided; `read` are those so far, until one is.
    """

    state: str  # waiting, deciding or decided
    rows: int
    of: int
    read: int | None = None
    per_second: int | None = None
    left: str | None = None
    why: str | None = None
    after: str | None = None  # what comes next, where it waits

    def as_object(self) -> dict[str, Any]:
        """The words for a program."""
        return self._asdict()


def own_batches(services: Services, who: Enrolment) -> list[Batch]:
    """The batches of an office, the last received first."""
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
    return [each for each in reversed(batches) if is_own(services, each, who)]


def own_batch(services: Services, batch_id: str, who: Enrolment) -> Batch:
    """One batch of an office; UsageError for another's and for none, in the same words."""
    with services.database.transaction() as tx:
        batch = services.cases.find_batch(tx, batch_id)
    if batch is None or not is_own(services, batch, who):
        raise NoSuchBatch
    return batch


def own_decided(services: Services, batch_id: str, who: Enrolment) -> Batch:
    """One batch of an office that has answers; UsageError before that."""
    batch = own_batch(services, batch_id, who)
    if batch["state"] == "received":
        raise NotDecidedYet
    return batch


class NotDecidedYet(UsageError):
    """A batch whose answers are asked for before it is decided."""

    code = "NOT_DECIDED_YET"
    http_status = 409

    def __init__(self) -> None:
        super().__init__("this batch is not decided yet; look again later")


class NoSuchBatch(UsageError):
    """A batch that is not there, or is another's: who asks is not told which. Or an item of an own one."""

    code = "NOT_FOUND"
    http_status = 404

    def __init__(self, said: str = "your office has sent no such batch") -> None:
        super().__init__(said)


def is_own(services: Services, batch: Batch, who: Enrolment) -> bool:
    """True when the letter of the batch, whose digest is its name, names this office."""
    return held.letter_of(services, batch).signer_office == who.id


def progress(services: Services, batch: Batch) -> Progress:
    """How far a batch is, from what stands in the state: it holds over a restart."""
    of = int(batch["items"])
    if batch["state"] != "received":
        return Progress("decided", of, of)
    with services.database.transaction() as tx:
        chunks = services.cases.chunks(tx, batch["id"])
    rows = sum(int(each["items"]) for each in chunks)
    codes = services.waiting.get(batch["id"])
    if codes is not None:
        wait = next((TOLD_WAITING[each] for each in codes if each in TOLD_WAITING), OTHERWISE)
        most = services.law.limits["items_per_officer_max"]
        return Progress(
            "waiting", rows, of, why=wait.why.format(most=most), after=wait.after.format(most=most)
        )
    if len(chunks) < 2:
        return Progress("deciding", rows, of, None if rows else services.rows_read.get(batch["id"]))
    first, last = (journal.instant_of(services, each["first_index"]) for each in (chunks[0], chunks[-1]))
    rate = (rows - int(chunks[0]["items"])) / max((last - first).total_seconds(), 1e-3)
    left = time_left((of - rows) / rate)
    return Progress("deciding", rows, of, per_second=round(rate), left=left)


def answers(services: Services, batch: Batch) -> dict[str, int]:
    """How many items have each word of the answer now (R-43)."""
    counts = results.noted_counts(services, batch)
    with services.database.transaction() as tx:
        under_review = services.cases.noted_states(tx, batch["id"]).get(State.REFERRED_UNREAD, 0)
    told = {"returned": counts.returned, "refused": counts.refused, "under_review": under_review}
    return {**told, "accepted": counts.received - sum(told.values())}


def undecided(services: Services) -> list[dict[str, Any]]:
    """For the custodian: the batches of every office that are not decided yet, with the codes of what stops
    them."""
    with services.database.transaction() as tx:
        batches = [each for each in services.cases.list_batches(tx) if each["decided_index"] is None]
    return [each | {"codes": services.waiting.get(each["id"], ())} for each in listed(services, batches)]


def listed(services: Services, batches: Sequence[Batch]) -> list[dict[str, Any]]:
    """The batches in the words of their list: id, day of receipt, items, how far."""
    return [
        {"id": each["id"], "received_on": each["received_at"][:10], "items": each["items"],
         "progress": progress(services, each)}
        for each in batches
    ]  # fmt: skip
