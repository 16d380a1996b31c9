"""The store of signed heads: the one file that says how far the log has ever promised to have grown.

- It is compared and swapped before anything is signed, so two heads that do not extend one another are
  never signed, not even after the database was put back to an old copy (ledger.md 4.4).
- It stands outside every backup; a restored one would defeat it.
- What each witness has cosigned last is kept beside it, so that a proof begins where the witness stands.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from solely.errors import Blocked, TroubleError
from solely.ledger.tree import EMPTY_ROOT


class Head(NamedTuple):
    """Size and root of a tree that was, or was about to be, signed."""

    size: int
    root: bytes


EMPTY = Head(0, EMPTY_ROOT)


class HeadStore:
    """The head, in an SQLite file of its own."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        if create and not path.exists():
            self._create(path)
        if not path.is_file():
            raise Blocked("STATE_EDITED", f"the store of signed heads `{path.name}` is missing")
        self._file = _open(path)

    @staticmethod
    def _create(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _open(path)
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
        try:
            row = self._file.execute("SELECT size, root FROM head").fetchone()
        except sqlite3.Error as error:
            raise Blocked("STATE_EDITED", f"the store of signed heads: {type(error).__name__}") from None
        if row is None:
            raise Blocked("STATE_EDITED", "the store of signed heads is empty")
        return Head(int(row[0]), bytes(row[1]))

    def swap(self, old: Head, new: Head) -> None:
        """Replace `old` by `new` durably; when `old` is no longer the head, nothing changes and it raises."""
        try:
            changed = self._file.execute(
                "UPDATE head SET size = ?, root = ? WHERE id = 1 AND size = ? AND root = ?", (*new, *old)
            ).rowcount
        except sqlite3.Error as error:
            raise TroubleError(f"the store of signed heads: {type(error).__name__}") from None
        if changed != 1:
            raise Blocked("STATE_EDITED", "another writer has moved the signed head")

    def witnessed(self) -> dict[str, int]:
        """How many entries each witness has cosigned last, by its verifier key, as far as it was kept."""
        try:
            if not self._file.execute("SELECT 1 FROM sqlite_master WHERE name = 'witness'").fetchone():
                return {}
            return dict(self._file.execute("SELECT vkey, size FROM witness").fetchall())
        except sqlite3.Error as error:
            raise TroubleError(f"the store of signed heads: {type(error).__name__}") from None

    def keep_witnessed(self, vkeys: Sequence[str], size: int) -> None:
        """Keep that these witnesses have cosigned `size` entries; without it they would be asked twice."""
        try:
            self._file.execute("BEGIN IMMEDIATE")
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS witness (vkey TEXT PRIMARY KEY, size INTEGER NOT NULL)"
            )
            self._file.executemany("INSERT OR REPLACE INTO witness VALUES (?, ?)", [(v, size) for v in vkeys])
            self._file.execute("COMMIT")
        except sqlite3.Error as error:
            raise TroubleError(f"the store of signed heads: {type(error).__name__}") from None

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _open(path: Path) -> sqlite3.Connection:
    # Publishing may be a thread's own work; only one publishes at a time.
    file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for setting in ("journal_mode=DELETE", "synchronous=FULL"):
        file.execute(f"PRAGMA {setting}")
    return file
