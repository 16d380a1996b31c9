"""What the gate has counted over batches: officers' caseloads, items per day, attempts about a person.

- Each function takes the caller's transaction, so that a count and what it counts are written together.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from solely.store.schema import attempt, batch, caseload


def is_admitted(tx: sa.Connection, batch_id: str) -> bool:
    """True when the batch holds a place in its officers' caseloads already."""
    query = sa.select(caseload.c.batch_id).where(caseload.c.batch_id == batch_id).limit(1)
    return tx.execute(query).first() is not None


def open_caseload(tx: sa.Connection, but: str) -> dict[str, int]:
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


def items_received(tx: sa.Connection, day: date, last: int) -> int:
    """Items of the batches received on `day` (UTC), up to the batch whose request entry is `last`."""
    query = sa.select(sa.func.sum(batch.c["items"])).where(
        batch.c.received_at.startswith(day.isoformat()), batch.c.request_index <= last
    )
    return int(tx.execute(query).scalar() or 0)


def attempts_since(tx: sa.Connection, day: date, but: str) -> list[bytes]:
    """The tags of attempts of batches received on `day` or later, the batch `but` left out."""
    query = sa.select(attempt.c.tags).where(attempt.c.day >= day.isoformat(), attempt.c.batch_id != but)
    return [bytes(tags) for (tags,) in tx.execute(query.order_by(attempt.c.id))]


def add_attempts(tx: sa.Connection, batch_id: str, day: date, tags: Sequence[bytes]) -> None:
    """Rows of one batch have reached the records."""
    if tags:
        values = {"batch_id": batch_id, "day": day.isoformat(), "tags": b"".join(tags)}
        tx.execute(attempt.insert().values(**values))
