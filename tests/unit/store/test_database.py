"""The state's tables: at the version of this build or refused, and what another build made is told apart."""

import sqlite3
from functools import partial

import pytest
import sqlalchemy as sa

from solely.errors import Blocked, TroubleError
from solely.store.database import Database
from solely.store.schema import metadata
from solely.store.upgrade import newest
from tests import schema as schema_versions


def made(path):
    """A new state file at `path`, closed."""
    database = Database(path)
    database.create()
    database.close()
    return path


def edit(path, statement):
    """One change by another hand."""
    with sqlite3.connect(path, isolation_level=None) as state:
        state.execute(statement)


def test_a_new_state_opens(tmp_path):
    Database(made(tmp_path / "state.sqlite"), must_exist=True).close()


def test_a_full_disk_is_told_as_one(tmp_path):
    database = Database(made(tmp_path / "state.sqlite"), must_exist=True)
    with pytest.raises(TroubleError, match="its disk is full"), database.transaction() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count = 1")  # as many as there are: no page more
        tx.exec_driver_sql("CREATE TABLE more (data BLOB)")
        tx.exec_driver_sql("INSERT INTO more VALUES (zeroblob(1000000))")
    database.close()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("ALTER TABLE batch DROP COLUMN digests", "another build: its table `batch` has no `digests`"),
        ("DROP TABLE contest", "another build: its table `contest` has no `batch_id`"),
        ("DROP TABLE alembic_version", "before its tables had versions; make a new gate"),
        (
            "UPDATE alembic_version SET version_num = '0000'",
            "version 0000 of the schema, this build needs .*; `solely init --gate DIR` upgrades it",
        ),
        ("UPDATE alembic_version SET version_num = '9999'", "use the build that upgraded it"),
    ],
)
def test_a_state_of_another_build_is_named_with_its_cure(tmp_path, statement, told):
    path = made(tmp_path / "state.sqlite")
    edit(path, statement)
    with pytest.raises(TroubleError, match=told):
        Database(path, must_exist=True)


def later_version(folder, monkeypatch):
    """One version more than there is, which adds a column to `part`."""
    folder.mkdir()
    for each in schema_versions.FOLDER.glob("[0-9]*.py"):
        (folder / each.name).write_bytes(each.read_bytes())
    later = f"{int(newest()) + 1:04}"
    (folder / f"{later}_more.py").write_text(
        f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{later}"\n'
        f'down_revision = "{newest()}"\n\n\ndef upgrade():\n'
        '    op.add_column("part", sa.Column("more", sa.Text))\n'
    )
    monkeypatch.setattr("solely.store.upgrade.FOLDER", folder)
    return later


def require_upgraded(opened, folder, monkeypatch):
    """A state is refused by a build that needs a later version, until `create` has brought it there."""
    new = opened(must_exist=False)
    new.create()
    with new.transaction() as tx:
        tx.execute(metadata.tables["part"].insert().values(name="records", digest="aa", entry_index=0))
    new.close()
    later = later_version(folder, monkeypatch)
    with pytest.raises(TroubleError, match=f"this build needs {later}; `solely init"):
        opened(must_exist=True)
    old = opened(must_exist=False)
    old.create()
    old.close()
    upgraded = opened(must_exist=True)
    with upgraded.transaction() as tx:
        assert tx.exec_driver_sql("SELECT name, digest, more FROM part").all() == [("records", "aa", None)]
    upgraded.close()


def test_init_upgrades_a_state_of_the_version_before(tmp_path, monkeypatch):
    require_upgraded(partial(Database, tmp_path / "state.sqlite"), tmp_path / "versions", monkeypatch)


def index_text(index):
    """An index as text, the condition of a partial one in its own words."""
    options = {name: str(condition) for name, condition in index["dialect_options"].items()}
    return str({**index, "dialect_options": options})


def shape(engine):
    """Every table with its columns, keys, unique constraints and indexes, as the engine reports them."""
    seen = sa.inspect(engine)
    return {
        name: (
            [(c["name"], str(c["type"]), c["nullable"], c.get("default")) for c in seen.get_columns(name)],
            seen.get_pk_constraint(name),
            seen.get_foreign_keys(name),
            seen.get_unique_constraints(name),
            sorted(map(index_text, seen.get_indexes(name))),
            sorted(map(str, seen.get_check_constraints(name))),
        )
        for name in seen.get_table_names()
        if name != "alembic_version"
    }


def test_the_versions_lead_to_the_schema(tmp_path):
    """Upgraded from nothing, the tables are those that the code declares."""
    declared = sa.create_engine("sqlite://")
    metadata.create_all(declared)
    upgraded = Database(tmp_path / "state.sqlite")
    upgraded.create()
    assert shape(upgraded.engine) == shape(declared), "run `make schema`"
    upgraded.close()


def test_a_table_without_a_version_is_found(tmp_path):
    """What the code declares beyond its versions is what `make schema` would write."""
    upgraded = Database(tmp_path / "state.sqlite")
    upgraded.create()
    extra = sa.Table("extra", metadata, sa.Column("id", sa.Text, primary_key=True))
    try:
        with upgraded.transaction() as tx:
            assert list(schema_versions.changes(tx)) == ["extra"]
    finally:
        metadata.remove(extra)
    with upgraded.transaction() as tx:
        assert schema_versions.changes(tx) == {}
    upgraded.close()


@pytest.mark.rule("R-82")
@pytest.mark.parametrize("statement", [
    "CREATE TRIGGER undo AFTER INSERT ON order_file BEGIN DELETE FROM order_file; END",
    "CREATE VIEW other AS SELECT * FROM order_file",
])  # fmt: skip
def test_nothing_is_read_or_written_while_the_state_acts_by_itself(tmp_path, statement):
    path = made(tmp_path / "state.sqlite")
    database = Database(path, must_exist=True)
    edit(path, statement)
    with pytest.raises(Blocked, match="triggers or views"), database.transaction():
        pytest.fail("a transaction began")
    database.close()
    edit(path, "DROP TRIGGER undo" if "TRIGGER" in statement else "DROP VIEW other")
    with Database(path, must_exist=True).transaction():
        pass
