"""The one schema of the gate's own state, for SQLite and PostgreSQL alike.

- `metadata` carries a naming convention, so that Alembic names every constraint the same on both engines.
- Big data lies in Parquet; here stand only batches, chunks, and the cases that people or timers touch.
"""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
