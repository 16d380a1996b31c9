"""Queries over filed orders and what was done about them; each takes the caller's transaction."""

import sqlalchemy as sa

from solely.store.rows import Row, find_all
from solely.store.schema import order, order_act


def filed(tx: sa.Connection) -> list[Row]:
    """Every order, in the order of filing."""
    return find_all(tx, sa.select(order).order_by(order.c.entry_index))


def acts(tx: sa.Connection) -> list[Row]:
    """Every countersignature and notice, in order."""
    query = sa.select(order_act).order_by(order_act.c.entry_index)
    return find_all(tx, query)


def add_order(tx: sa.Connection, values: Row) -> None:
    """An order filed."""
    tx.execute(order.insert(), dict(values))


def add_act(tx: sa.Connection, values: Row) -> None:
    """One countersignature or notice."""
    tx.execute(order_act.insert(), dict(values))
