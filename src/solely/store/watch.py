"""What oversight keeps: findings of replays, notice tasks, objections; each takes the transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from solely.store.schema import finding, incident, task, writing

Row = Mapping[str, Any]


def findings(tx: sa.Connection) -> list[Row]:
    """Every finding of a replay, in the order of what it is about."""
    return _all(tx, sa.select(finding).order_by(finding.c.about_index))


def add_findings(tx: sa.Connection, rows: Sequence[Row]) -> None:
    """Findings; one about an entry that has its finding already stays as it was first found."""
    known = {row["about_index"] for row in findings(tx)} if rows else set()
    new = [dict(row) for row in rows if row["about_index"] not in known]
    if new:
        tx.execute(finding.insert(), new)


def tasks(tx: sa.Connection) -> list[Row]:
    """Every notice task, in the order in which they were opened."""
    return _all(tx, sa.select(task).order_by(task.c.entry_index))


def add_task(tx: sa.Connection, row: Row) -> None:
    """A notice that is owed."""
    tx.execute(task.insert().values(**row))


def end_task(tx: sa.Connection, release_id: str, state: str, note: str) -> None:
    """How a task ended, and the recorded reason."""
    tx.execute(task.update().where(task.c.release_id == release_id).values(state=state, note=note))


def writings(tx: sa.Connection) -> list[Row]:
    """Every objection and answer, in the order of their entries."""
    return _all(tx, sa.select(writing).order_by(writing.c.entry_index))


def add_writing(tx: sa.Connection, row: Row) -> None:
    """An objection or an answer."""
    tx.execute(writing.insert().values(**row))


def incidents(tx: sa.Connection) -> list[Row]:
    """Every incident and each step taken, in the order of their entries."""
    return _all(tx, sa.select(incident).order_by(incident.c.entry_index))


def add_incident(tx: sa.Connection, row: Row) -> None:
    """An incident, or a step taken."""
    tx.execute(incident.insert().values(**row))


def _all(tx: sa.Connection, query: sa.Select[Any]) -> list[Row]:
    return [dict(row) for row in tx.execute(query).mappings()]
