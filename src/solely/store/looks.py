"""What later looks read of the records, until a file has it; each query takes the caller's transaction."""

import sqlalchemy as sa

from solely.store.rows import Row, find_all
from solely.store.schema import look

_ADD = sa.insert(look)


def add(tx: sa.Connection, batch_id: str, read: str) -> None:
    """What one look at a batch's records read."""
    tx.execute(_ADD, {"batch_id": batch_id, "read": read})


def oldest(tx: sa.Connection, most: int) -> list[Row]:
    """The looks that no file has yet, in order, so many at most."""
    return find_all(tx, sa.select(look).order_by(look.c.id).limit(most))


def drop(tx: sa.Connection, last: int) -> None:
    """Forget the looks up to this one: a file has them."""
    tx.execute(sa.delete(look).where(look.c.id <= last))
