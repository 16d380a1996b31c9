"""The seeds that release keys grow from: one per release, in a file of its own (ledger.md 3.2).

- A seed yields the release's P-256 key, content key and nonces, so a package is the same bytes when a
  crash makes the gate seal it again.
- Deleting a seed closes an unopened package for good: `secure_delete` overwrites it, and the file is never
  part of a backup whose wrapping key survives.
- A seed is durable before the ledger entry that announces its package.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from solely.store.sqlite_file import open_durable, trouble_told

SEED_BYTES = 32
_NAME = "the release keys"


class ReleaseKeys:
    """Seeds by release id (the policy's UUID)."""

    def __init__(self, path: Path) -> None:
        self._path, is_new = path, not path.exists()
        with trouble_told(_NAME):
            self._file = open_durable(path, "secure_delete=ON")
            if is_new:
                path.chmod(0o600)
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS seed (release_id TEXT PRIMARY KEY, seed BLOB NOT NULL)"
            )

    def keep(self, seeds: Sequence[tuple[str, bytes]]) -> None:
        """Store new seeds durably; a release that has one keeps it."""
        with trouble_told(_NAME), self._file:
            self._file.execute("BEGIN IMMEDIATE")
            self._file.executemany("INSERT OR IGNORE INTO seed VALUES (?, ?)", seeds)
            self._file.execute("COMMIT")

    def find(self, release_id: str) -> bytes | None:
        """The seed of a release, or None when it was destroyed or never existed."""
        with trouble_told(_NAME):
            found = self._file.execute("SELECT seed FROM seed WHERE release_id = ?", (release_id,))
            row = found.fetchone()
        return None if row is None else bytes(row[0])

    def find_many(self, release_ids: Sequence[str]) -> dict[str, bytes]:
        """The seeds of these releases that are there, by release id."""
        found = ((each, self.find(each)) for each in release_ids)
        return {name: seed for name, seed in found if seed is not None}

    def destroy_many(self, seeds: Mapping[str, bytes]) -> bool:
        """Delete these seeds; true only when a read-back of the file finds neither rows nor bytes."""
        with trouble_told(_NAME), self._file:
            self._file.execute("BEGIN IMMEDIATE")
            self._file.executemany("DELETE FROM seed WHERE release_id = ?", [(each,) for each in seeds])
            self._file.execute("COMMIT")
        return not self.find_many(list(seeds)) and not self._holds(frozenset(seeds.values()))

    def _holds(self, seeds: frozenset[bytes]) -> bool:
        """True when the bytes of a seed stand anywhere in the file, or in a journal left beside it."""
        journal = self._path.with_name(self._path.name + "-journal")
        for path in (self._path, journal):
            data = path.read_bytes() if path.exists() else b""
            if any(data[at : at + SEED_BYTES] in seeds for at in range(len(data) - SEED_BYTES + 1)):
                return True
        return False

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def count_seeds(path: Path) -> int:
    """How many seeds a file holds: none when it is missing, or no file of seeds any more."""
    found = _asked(path, "SELECT count(*) FROM seed")
    return int(found[0][0]) if found else 0


def seeded(path: Path, among: str | None = None) -> set[str]:
    """The releases whose seeds a file holds, by id; or whether it holds that of one."""
    query = "SELECT release_id FROM seed"
    found = _asked(path, query) if among is None else _asked(path, f"{query} WHERE release_id = ?", among)
    return {str(name) for (name,) in found}


def _asked(path: Path, query: str, *words: str) -> Sequence[tuple[Any, ...]]:
    if not path.exists():
        return ()
    with closing(sqlite3.connect(path)) as file:
        try:
            return file.execute(query, words).fetchall()
        except sqlite3.DatabaseError:
            return ()
