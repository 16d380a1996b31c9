"""The state file: what another build made is told apart before anything reads it."""

import sqlite3

import pytest

from solely.errors import TroubleError
from solely.store.database import Database


def made(path):
    """A new state file at `path`, closed."""
    database = Database(path)
    database.create()
    database.close()
    return path


def test_a_new_state_opens(tmp_path):
    Database(made(tmp_path / "state.sqlite"), must_exist=True).close()


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            "ALTER TABLE batch DROP COLUMN digests",
            "made by another build: its table `batch` has no `digests`",
        ),
        ("DROP TABLE contest", "has no table `contest`"),
    ],
)
def test_a_state_of_another_build_is_named_with_its_cure(tmp_path, edit, told):
    path = made(tmp_path / "state.sqlite")
    with sqlite3.connect(path, isolation_level=None) as state:
        state.execute(edit)
    with pytest.raises(TroubleError, match=told):
        Database(path, must_exist=True)


def test_init_adds_a_table_that_a_state_lacks(tmp_path):
    path = made(tmp_path / "state.sqlite")
    with sqlite3.connect(path, isolation_level=None) as state:
        state.execute("DROP TABLE contest")
    made(path)
    Database(path, must_exist=True).close()
