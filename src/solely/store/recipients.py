"""Queries over what recipients have signed; each takes the caller's transaction."""

import sqlalchemy as sa

from solely.store.rows import Row, find_all
from solely.store.schema import correction, recipient_act


def acts(tx: sa.Connection, *subjects: str) -> list[Row]:
    """What officers have signed, in order; all of it, or about these releases or terms."""
    query = sa.select(recipient_act).order_by(recipient_act.c.entry_index)
    return find_all(tx, query.where(recipient_act.c.subject.in_(subjects)) if subjects else query)


def add_act(tx: sa.Connection, values: Row) -> None:
    """One act signed."""
    tx.execute(recipient_act.insert(), dict(values))


def corrections(tx: sa.Connection) -> list[Row]:
    """The corrections of records that recipients are told of, in order."""
    return find_all(tx, sa.select(correction).order_by(correction.c.entry_index))


def add_correction(tx: sa.Connection, values: Row) -> None:
    """One correction."""
    tx.execute(correction.insert(), dict(values))
