"""Rows of the state as plain mappings; what they permit is held against the ledger by the steps."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

Row = Mapping[str, Any]


def find_all(tx: sa.Connection, query: sa.Select[Any], values: Row | None = None) -> list[Row]:
    """Every row of a query, in its order; `values` are those of its parameters."""
    return [dict(row) for row in tx.execute(query, values).mappings()]


def find_one(tx: sa.Connection, query: sa.Select[Any], values: Row | None = None) -> Row | None:
    """The first row of a query, or None."""
    row = tx.execute(query, values).mappings().first()
    return None if row is None else dict(row)
