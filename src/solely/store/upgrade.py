"""A gate's tables brought to the version of the schema that this build needs (Alembic).

- Versions lie in `store/versions`, one file each, and are shipped; the newest is the one this build needs.
- All of an upgrade is one transaction on either engine: the tables stand at one version or at the other.
- There is no way back: an older build meets tables that it does not know, and a copy put back to before the
  upgrade is refused for its age (ledger.md 4.3).
"""

from pathlib import Path

import sqlalchemy as sa

from solely.errors import TroubleError

FOLDER = Path(__file__).with_name("versions")
VERSION_TABLE = "alembic_version"


def newest() -> str:
    """The version that this build needs."""
    return max(path.name[:4] for path in FOLDER.glob("[0-9]*.py"))


def upgrade(tx: sa.Connection, tables: set[str]) -> None:
    """Take the tables, of which these are there, to the newest version; those at it are left as they are."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    if tables and VERSION_TABLE not in tables:
        raise TroubleError("the state was made before its tables had versions; make a new gate")
    scripts = ScriptDirectory(str(FOLDER.parent), version_locations=[str(FOLDER)])

    def steps(found, _context):  # type: ignore[no-untyped-def]  # as Alembic calls it
        return scripts._upgrade_revs("head", found)

    with EnvironmentContext(Config(), scripts, fn=steps) as context:
        context.configure(connection=tx, transactional_ddl=True)
        context.run_migrations()
