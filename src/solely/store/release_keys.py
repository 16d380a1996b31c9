"""The seeds that release keys grow from: one per release, in a file of its own (ledger.md 3.2).

- A seed yields the release's P-256 key, content key and nonces, so a package is the same bytes when a
  crash makes the gate seal it again.
- Deleting a seed closes an unopened package for good: `secure_delete` overwrites it, and the file is never
  part of a backup whose wrapping key survives.
- A seed is durable before the ledger entry that announces its package.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from solely.errors import TroubleError

SEED_BYTES = 32


class ReleaseKeys:
    """Seeds by release id (the policy's UUID)."""

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        self._file = sqlite3.connect(path, isolation_level=None)
        if is_new:
            path.chmod(0o600)
        for setting in ("journal_mode=DELETE", "synchronous=FULL", "secure_delete=ON"):
            self._file.execute(f"PRAGMA {setting}")
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS seed (release_id TEXT PRIMARY KEY, seed BLOB NOT NULL)"
        )

    def keep(self, seeds: Sequence[tuple[str, bytes]]) -> None:
        """Store new seeds durably; a release that has one keeps it."""
        try:
            with self._file:
                self._file.execute("BEGIN IMMEDIATE")
                self._file.executemany("INSERT OR IGNORE INTO seed VALUES (?, ?)", seeds)
                self._file.execute("COMMIT")
        except sqlite3.Error as error:
            raise TroubleError(f"the release keys cannot be written: {type(error).__name__}") from None

    def find(self, release_id: str) -> bytes | None:
        """The seed of a release, or None when it was destroyed or never existed."""
        row = self._file.execute("SELECT seed FROM seed WHERE release_id = ?", (release_id,)).fetchone()
        return None if row is None else bytes(row[0])

    def find_many(self, release_ids: Sequence[str]) -> dict[str, bytes]:
        """The seeds of these releases that are there, by release id."""
        found = ((each, self.find(each)) for each in release_ids)
        return {name: seed for name, seed in found if seed is not None}

    def destroy(self, release_id: str) -> bool:
        """Delete a seed; true only when a read-back shows that it is gone."""
        self._file.execute("DELETE FROM seed WHERE release_id = ?", (release_id,))
        return self.find(release_id) is None

    def close(self) -> None:
        """Close the file."""
        self._file.close()
