"""Write the version of the schema that `store/schema.py` and `store/ledger_tables.py` need (`make schema`).

- Until the first release there is one version, `0001_first.py`, and it is written anew each time.
- After it, `make schema NAME=word` adds the next version, with what changed; read it before committing it.
"""

import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import CreateIndexOp, ModifyTableOps, OpContainer

from solely.store import ledger_tables  # noqa: F401 -- its tables join the shared metadata
from solely.store.schema import metadata
from solely.store.upgrade import FOLDER, newest, upgrade

IS_RELEASED = False
HEAD = '''"""{title}; written by `make schema`."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before}


def upgrade() -> None:
    """Take the tables from the version before to this one."""
{calls}
'''
PART = """

def _{name}() -> None:
{code}
"""


def changes(old: sa.Connection) -> dict[str, str]:
    """The code that is needed to make each table what the schema says, by table, in order."""
    migrations = produce_migrations(MigrationContext.configure(old), metadata)
    code: dict[str, str] = {}
    for each in migrations.upgrade_ops.ops:
        parts = each.ops if isinstance(each, ModifyTableOps) else [each]
        text = render_python_code(OpContainer(parts), migration_context=MigrationContext.configure(old))
        lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
        are_indexes = all(isinstance(part, CreateIndexOp) for part in parts)
        name = getattr(each, "table_name", "") + ("_indexes" if are_indexes else "")
        code[name] = "\n".join(filter(None, [code.get(name, ""), *lines]))
    return code


def write(name: str) -> Path | None:
    """The file of the new version; none where the schema has not changed."""
    before = newest() if IS_RELEASED else None
    engine = sa.create_engine("sqlite://")
    with engine.begin() as tx:
        if before:
            upgrade(tx, set())
        code = changes(tx)
    if not code:
        return None
    revision = f"{int(before or 0) + 1:04}"
    text = HEAD.format(
        title=f"Version {int(revision)} of the schema: {name}",
        revision=revision,
        before=repr(before).replace("'", '"'),
        calls="\n".join(f"    _{each}()" for each in code),
    ) + "".join(PART.format(name=each, code=lines) for each, lines in code.items())
    path = FOLDER / f"{revision}_{name}.py"
    path.write_text(text)
    for command in (["format"], ["check", "--fix"], ["format"]):
        subprocess.run([Path(sys.executable).with_name("ruff"), *command, "--quiet", path], check=True)
    return path


if __name__ == "__main__":
    print(write(sys.argv[1] if IS_RELEASED else "first") or "the schema has not changed")
