"""The store of signed heads: the one file that says how far the log has ever promised to have grown.

- It is compared and swapped before anything is signed, so two heads that do not extend one another are
  never signed, not even after the database was put back to an old copy (ledger.md 4.4).
- It stands outside every backup; a restored one would defeat it. A production gate keeps it outside its
  folder, or goes by witnesses; in `keys/` a copy of the whole folder takes it along.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from solely.errors import Blocked
from solely.ledger.tree import EMPTY_ROOT
from solely.store.sqlite_file import open_durable, trouble_told

COPY_UNSEEN = (
    "the signed heads lie in the gate's folder and no witness cosigns, so an old copy of the folder that is "
    "put back undoes a stay and nobody notices; a new gate takes `init --heads FILE`, or `--witnesses FILE`"
)
_NAME = "the store of signed heads"


class Head(NamedTuple):
    """Size and root of a tree that was, or was about to be, signed."""

    size: int
    root: bytes


EMPTY = Head(0, EMPTY_ROOT)


class HeadStore:
    """The head, in an SQLite file of its own."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        if create and not path.exists():
            with trouble_told(_NAME):
                self._create(path)
        if not path.is_file():
            raise Blocked("STATE_EDITED", f"{_NAME} `{path.name}` is missing")
        with trouble_told(_NAME):
            self._file = open_durable(path)

    @staticmethod
    def _create(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open_durable(path)
        path.chmod(0o600)
        file.execute("BEGIN IMMEDIATE")
        file.execute(
            "CREATE TABLE IF NOT EXISTS head (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, "
            "root BLOB NOT NULL)"
        )
        file.execute("INSERT OR IGNORE INTO head VALUES (1, ?, ?)", EMPTY)
        file.execute("COMMIT")
        file.close()

    def read(self) -> Head:
        """The present head."""
        with trouble_told(_NAME):
            row = self._file.execute("SELECT size, root FROM head").fetchone()
        if row is None:
            raise Blocked("STATE_EDITED", f"{_NAME} is empty")
        return Head(int(row[0]), bytes(row[1]))

    def swap(self, old: Head, new: Head) -> None:
        """Replace `old` by `new` durably; when `old` is no longer the head, nothing changes and it raises."""
        with trouble_told(_NAME):
            changed = self._file.execute(
                "UPDATE head SET size = ?, root = ? WHERE id = 1 AND size = ? AND root = ?", (*new, *old)
            ).rowcount
        if changed != 1:
            raise Blocked("STATE_EDITED", "another writer has moved the signed head")

    @contextmanager
    def write_ahead(self) -> Iterator[None]:
        """One flush a swap meanwhile, for a process that has the gate alone; a crash leaves a log that any
        next opening takes in (as in `Database.write_ahead`)."""
        self._set("locking_mode=EXCLUSIVE", "journal_mode=WAL")
        try:
            yield
        finally:
            self._set("journal_mode=DELETE", "locking_mode=NORMAL", "user_version")

    def _set(self, *settings: str) -> None:
        with trouble_told(_NAME):
            for setting in settings:
                self._file.execute(f"PRAGMA {setting}").fetchall()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
