"""Tables behind a subject's inquiry: delays, inquiries, and the releases about one record (R-93).

- Each function takes the caller's transaction; what a row permits is held against the ledger by the step.
"""

import sqlalchemy as sa

from solely.store.rows import Row, find_all, find_one
from solely.store.schema import delay, inquiry, release


def find_delay(tx: sa.Connection, batch_id: str) -> Row | None:
    """The delay of a batch, or None."""
    return find_one(tx, sa.select(delay).where(delay.c.batch_id == batch_id))


def list_delays(tx: sa.Connection) -> list[Row]:
    """Every delay, in order of entry."""
    return find_all(tx, sa.select(delay).order_by(delay.c.entry_index))


def add_delay(tx: sa.Connection, values: Row) -> None:
    """A batch about which an answer waits until a day."""
    tx.execute(delay.insert().values(**values))


def add_inquiry(tx: sa.Connection, values: Row) -> None:
    """An inquiry, granted or denied."""
    tx.execute(inquiry.insert().values(**values))


def others_spelled_alike(tx: sa.Connection, record_ref: str) -> list[str]:
    """The records with releases whose ids differ from this one in letter case alone."""
    alike = sa.func.lower(release.c.record_ref) == record_ref.lower()
    query = sa.select(release.c.record_ref).where(alike, release.c.record_ref != record_ref).distinct()
    return sorted(row["record_ref"] for row in find_all(tx, query))


def releases_about(tx: sa.Connection, record_ref: str) -> list[Row]:
    """The releases about one record, in ledger order."""
    query = sa.select(release).where(release.c.record_ref == record_ref).order_by(release.c.entry_index)
    return find_all(tx, query)
