"""What oversight keeps: notice tasks, objections, incidents; each takes the transaction."""

import sqlalchemy as sa

from solely.store.rows import Row, find_all
from solely.store.schema import incident, task, writing


def tasks(tx: sa.Connection) -> list[Row]:
    """Every notice task, in the order in which they were opened."""
    return find_all(tx, sa.select(task).order_by(task.c.entry_index))


def add_task(tx: sa.Connection, row: Row) -> None:
    """A notice that is owed."""
    tx.execute(task.insert().values(**row))


def end_task(tx: sa.Connection, release_id: str, values: Row) -> None:
    """How a task ended, and the recorded reason."""
    tx.execute(task.update().where(task.c.release_id == release_id).values(**values))


def writings(tx: sa.Connection) -> list[Row]:
    """Every objection and answer, in the order of their entries."""
    return find_all(tx, sa.select(writing).order_by(writing.c.entry_index))


def add_writing(tx: sa.Connection, row: Row) -> None:
    """An objection or an answer."""
    tx.execute(writing.insert().values(**row))


def incidents(tx: sa.Connection) -> list[Row]:
    """Every incident and each step taken, in the order of their entries."""
    return find_all(tx, sa.select(incident).order_by(incident.c.entry_index))


def add_incident(tx: sa.Connection, row: Row) -> None:
    """An incident, or a step taken."""
    tx.execute(incident.insert().values(**row))
