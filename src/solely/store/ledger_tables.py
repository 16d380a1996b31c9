"""The ledger's tables: bundles of 256 entries, event keys, and one row that says how far it has grown.

- Bundle rows, never a row per entry: 1.28 million decisions are 5,000 rows (ledger.md 2.4).
- `ledger_event.event_key` is unique: the same act again finds its first index and adds nothing.
- `ledger_root` holds the subtree hash of every full bundle that was integrated; it lets the start-up check
  compare the database with a signed root without reading every entry.
"""

import sqlalchemy as sa

from solely.store.schema import metadata

ledger_size = sa.Table(
    "ledger_size",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("last_time", sa.BigInteger, nullable=False),
)

ledger_event = sa.Table(
    "ledger_event",
    metadata,
    sa.Column("event_key", sa.String(200), primary_key=True),
    sa.Column("first_index", sa.BigInteger, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
)

ledger_bundle = sa.Table(
    "ledger_bundle",
    metadata,
    sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("entries", sa.LargeBinary, nullable=False),
)

ledger_root = sa.Table(
    "ledger_root",
    metadata,
    sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("root", sa.LargeBinary(32), nullable=False),
)
