"""What the gate keeps over batches: caseloads, items per day, attempts, samples and their evidence.

- Each function takes the caller's transaction, so that a count and what it counts are written together.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from solely.store.rows import Row, find_all, find_one
from solely.store.schema import attempt, batch, caseload, sample
from solely.store.schema import evidence as evidence_table


def open_caseload(tx: sa.Connection, but: str = "") -> dict[str, int]:
    """Items by officer over all batches that are admitted and not released, the batch `but` left out."""
    query = (
        sa.select(caseload.c.officer_id, sa.func.sum(caseload.c["items"]))
        .join(batch, batch.c.id == caseload.c.batch_id)
        .where(batch.c.state != "released", batch.c.id != but)
        .group_by(caseload.c.officer_id)
    )
    return {officer: int(items) for officer, items in tx.execute(query)}


def admit(tx: sa.Connection, batch_id: str, items: Mapping[str, int]) -> None:
    """The batch takes its place in the caseload of each of its officers."""
    rows = [{"batch_id": batch_id, "officer_id": each, "items": count} for each, count in items.items()]
    if rows:
        tx.execute(caseload.insert(), rows)


def readmit(tx: sa.Connection, batch_id: str) -> None:
    """The batch gives up its places; it is to be admitted anew in the same transaction."""
    tx.execute(caseload.delete().where(caseload.c.batch_id == batch_id))


def caseload_of(tx: sa.Connection, batch_id: str) -> dict[str, int]:
    """The items of one batch by officer, as admitted."""
    query = sa.select(caseload.c.officer_id, caseload.c["items"]).where(caseload.c.batch_id == batch_id)
    return {officer: int(items) for officer, items in tx.execute(query.order_by(caseload.c.officer_id))}


def items_received(tx: sa.Connection, day: date, last: int) -> int:
    """Items of the batches received on `day` (UTC), up to the batch whose request entry is `last`."""
    query = sa.select(sa.func.sum(batch.c["items"])).where(
        batch.c.received_at.startswith(day.isoformat()), batch.c.request_index <= last
    )
    return int(tx.execute(query).scalar() or 0)


def days_before(tx: sa.Connection, since: date, day: date) -> list[Row]:
    """The decided batches received from `since` up to the day before `day` (UTC), in order of receipt."""
    query = sa.select(batch).where(
        batch.c.received_at >= since.isoformat(),
        batch.c.received_at < day.isoformat(),
        batch.c.decided_index.is_not(None),
    )
    return find_all(tx, query.order_by(batch.c.request_index))


def forget_attempts(tx: sa.Connection, day: date) -> None:
    """Tags of attempts of batches received before `day` no longer count, and are not kept (R-87)."""
    earlier = sa.select(batch.c.id).where(batch.c.received_at < day.isoformat())
    tx.execute(attempt.delete().where(attempt.c.batch_id.in_(earlier)))


def attempts_since(tx: sa.Connection, day: date, but: str) -> list[bytes]:
    """The tags of attempts of batches received on `day` or later, the batch `but` left out."""
    query = (
        sa.select(attempt.c.tags)
        .join(batch, batch.c.id == attempt.c.batch_id)
        .where(batch.c.received_at >= day.isoformat(), batch.c.id != but)
    )
    return [bytes(tags) for (tags,) in tx.execute(query.order_by(attempt.c.id))]


def add_attempts(tx: sa.Connection, batch_id: str, tags: Sequence[bytes]) -> None:
    """Rows of a chunk have reached the records as it was decided."""
    if tags:
        values = {"batch_id": batch_id, "tags": b"".join(tags)}
        tx.execute(attempt.insert(), values)


def add_sent_on(tx: sa.Connection, values: Row) -> None:
    """One row of a batch that people sent on."""
    tx.execute(attempt.insert().values(**values))


def sent_on(tx: sa.Connection) -> list[Row]:
    """Every row that people sent on and that is not forgotten, without the number of its line."""
    columns = [each for each in attempt.c if each.name != "id"]
    query = sa.select(*columns).where(attempt.c.row.is_not(None)).order_by(attempt.c.id)
    return find_all(tx, query)


def attempts_of(tx: sa.Connection, batch_id: str) -> bytes:
    """The tags of the attempts of one batch as decided, chunk after chunk."""
    query = sa.select(attempt.c.tags).where(attempt.c.batch_id == batch_id, attempt.c.row.is_(None))
    return b"".join(bytes(tags) for (tags,) in tx.execute(query.order_by(attempt.c.id)))


def find_sample(tx: sa.Connection, batch_id: str) -> Row | None:
    """The sample of investigations drawn from a batch, or None."""
    return find_one(tx, sa.select(sample).where(sample.c.batch_id == batch_id))


def add_sample(tx: sa.Connection, values: Row) -> None:
    """A sample drawn."""
    tx.execute(sample.insert().values(**values))


def evidence(tx: sa.Connection, batch_id: str) -> list[Row]:
    """What the requester has shown for the investigations of a batch, in order."""
    query = sa.select(evidence_table).where(evidence_table.c.batch_id == batch_id)
    return find_all(tx, query.order_by(evidence_table.c.entry_index))


def add_evidence(tx: sa.Connection, values: Row) -> None:
    """One investigation evidenced."""
    tx.execute(evidence_table.insert().values(**values))
