"""Queries over filed orders and what was done about them; each takes the caller's transaction."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from solely.store.schema import order, order_act

Row = Mapping[str, Any]


def filed(tx: sa.Connection) -> list[Row]:
    """Every order, in the order of filing."""
    return [dict(row) for row in tx.execute(sa.select(order).order_by(order.c.entry_index)).mappings()]


def acts(tx: sa.Connection) -> list[Row]:
    """Every countersignature and notice, in order."""
    query = sa.select(order_act).order_by(order_act.c.entry_index)
    return [dict(row) for row in tx.execute(query).mappings()]


def add_order(tx: sa.Connection, values: Row) -> None:
    """An order filed."""
    tx.execute(order.insert(), dict(values))


def add_act(tx: sa.Connection, values: Row) -> None:
    """One countersignature or notice."""
    tx.execute(order_act.insert(), dict(values))
