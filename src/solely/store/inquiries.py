"""Tables behind a subject's inquiry: delays, inquiries, and the releases about one record (R-93).

- Each function takes the caller's transaction; what a row permits is held against the ledger by the step.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from solely.store.schema import delay, inquiry, release

Row = Mapping[str, Any]


def find_delay(tx: sa.Connection, batch_id: str) -> Row | None:
    """The delay of a batch, or None."""
    row = tx.execute(sa.select(delay).where(delay.c.batch_id == batch_id)).mappings().first()
    return None if row is None else dict(row)


def list_delays(tx: sa.Connection) -> list[Row]:
    """Every delay, in order of entry."""
    return [dict(row) for row in tx.execute(sa.select(delay).order_by(delay.c.entry_index)).mappings()]


def add_delay(tx: sa.Connection, values: Row) -> None:
    """A batch about which an answer waits until a day."""
    tx.execute(delay.insert().values(**values))


def add_inquiry(tx: sa.Connection, values: Row) -> None:
    """An inquiry, granted or denied."""
    tx.execute(inquiry.insert().values(**values))


def releases_about(tx: sa.Connection, record_ref: str) -> list[Row]:
    """The releases about one record, in ledger order."""
    query = sa.select(release).where(release.c.record_ref == record_ref).order_by(release.c.entry_index)
    return [dict(row) for row in tx.execute(query).mappings()]
