"""One index in the making: its files are written part by part, in bounded memory.

- Parts come in the order of record ids; what a part adds is appended, so nothing is held but the part.
- Beside the index's own files only runs of keys are written (hashes and ordinals), and removed at the end:
  nothing confidential lies anywhere but in the index itself.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from solely.records.index import FORMAT, INDEX_FILES, publish
from solely.records.key_array import HASH
from solely.records.key_run import Run, merge, write_run
from solely.records.part import KEYS_SQL, NAMES_SQL, PEOPLE_SQL, STREETS_SQL
from solely.records.people import PeopleWriter
from solely.store.engine import quoted_path
from solely.store.files import flush_file, flush_folder
from solely.store.known_files import digest_of

TOTALS = {
    "names": "SELECT token, sum(bearers)::BIGINT AS bearers FROM all_names GROUP BY token "
    "HAVING sum(bearers) > 0 ORDER BY token",
    "streets": "SELECT hash, any_value(street) AS street, sum(addresses)::BIGINT AS addresses "
    "FROM all_streets GROUP BY hash HAVING sum(addresses) > 0 ORDER BY hash",
}


class Generation:
    """The files of an index in `folder`, not yet in force."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._engine, self._folder = engine, folder
        self.people = PeopleWriter(folder)
        self.addresses = 0
        self._runs: list[Run] = []
        engine.execute("CREATE OR REPLACE TABLE all_names (token VARCHAR, bearers BIGINT)")
        engine.execute("CREATE OR REPLACE TABLE all_streets (hash BIGINT, street VARCHAR, addresses BIGINT)")

    def add_part(self) -> None:
        """Add everybody of the part's tables; they come after all who were added before."""
        lines = self._folder / "part.jsonl"
        # JSON escapes control characters, so no line holds the delimiter or a line end of its own.
        self._engine.execute(
            f"COPY ({PEOPLE_SQL}) TO '{quoted_path(lines)}' "
            "(FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER e'\x01')"
        )
        before = self.people.count
        self.people.append(lines)
        lines.unlink()
        found = self._engine.execute(KEYS_SQL).fetchnumpy()
        name = f"run-{len(self._runs)}"
        self.add_run(write_run(self._folder, name, found["hash"].view(HASH), found["ordinal"] + before))
        self._engine.execute(f"INSERT INTO all_names {NAMES_SQL}")
        self._engine.execute(f"INSERT INTO all_streets {STREETS_SQL}")
        self.addresses += rows_of(self._engine, "addresses")

    def add_run(self, run: Run) -> None:
        """Add the keys of a run; one that lies in this folder is removed at the end."""
        self._runs.append(run)

    def finish(self) -> dict[str, int]:
        """Write what remains; the counts of the index come back."""
        self.people.close()
        keys = merge(self._runs, self._folder)
        for run in self._runs:
            if run.hashes.parent == self._folder:
                run.hashes.unlink()
                run.ordinals.unlink()
        counts = {"persons": self.people.count, "addresses": self.addresses, "keys": keys}
        for name, query in TOTALS.items():
            written = quoted_path(self._folder / f"{name}.csv")
            self._engine.execute(f"COPY ({query}) TO '{written}' (FORMAT csv, HEADER)")
            counts[name] = rows_of(self._engine, f"({query})")
        return counts


def in_force(target: Path, folder: Path, stated: Mapping[str, Any]) -> dict[str, Any]:
    """The summary of the index in `folder`, once it is flushed, digested and the one of `target`."""
    for name in INDEX_FILES:
        flush_file(folder / name)
    flush_folder(folder)
    files = {name: digest_of(folder / name) for name in INDEX_FILES}
    digest = publish(target, folder, {"format": FORMAT, **stated, "files": files})
    return {"as_of": stated["as_of"], "counts": dict(stated["counts"]), "digest": digest}


def rows_of(engine: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows a table or a query has."""
    found = engine.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 -- names and paths of our own
    assert found is not None, "an aggregate without groups gives one row"
    return int(found[0])
