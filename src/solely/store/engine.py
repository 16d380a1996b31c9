"""The gate's DuckDB engine, locked down: it rules in bulk and keeps a batch's Parquet files.

- Nothing spills (`temp_directory` is empty: plain text never reaches a disk), nothing is downloaded, and
  no file outside the gate is read or written (stack.md 4).
- A file is written beside, flushed and renamed; its SHA-256 is taken from what was read back.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from solely.errors import Blocked, TroubleError
from solely.store.files import flush_file, settle

LIST_SEPARATOR = "\n"  # no reason code, rule id or file digest holds a line feed
Columns = Mapping[str, Any]


def open_engine(
    folder: Path | Sequence[Path] | None, memory_limit: str = "2GB", threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection that reaches files below `folder` only, or below each of several; none when it is None.

    Each thread holds row groups of its own: with one, files are joined in a third of the memory.
    """
    engine = duckdb.connect(":memory:")
    folders = [folder] if isinstance(folder, Path) else list(folder or ())
    allowed = [str(each.resolve()) for each in folders]
    for setting in (
        "SET autoinstall_known_extensions=false",
        "SET autoload_known_extensions=false",
        "SET temp_directory=''",
        f"SET memory_limit='{memory_limit}'",
        *([f"SET threads={threads}"] if threads else []),
        f"SET allowed_directories={allowed!r}",
        "SET enable_external_access=false",
        "SET lock_configuration=true",
    ):
        engine.execute(setting)
    return engine


def column(values: Sequence[Any]) -> "np.ndarray[Any, np.dtype[Any]]":
    """A column of Python objects that DuckDB takes as it is."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def list_column(values: Sequence[Sequence[str]]) -> "np.ndarray[Any, np.dtype[Any]]":
    """A column of text lists, joined for the way into DuckDB; `as_list` takes it apart there."""
    return column([LIST_SEPARATOR.join(each) for each in values])


def as_list(name: str) -> str:
    """SQL that turns a joined column back into VARCHAR[]; the empty list stays empty."""
    return f"CASE WHEN {name} = '' THEN []::VARCHAR[] ELSE string_split({name}, chr(10)) END AS {name}"


class BatchFiles:
    """Parquet files of one gate, written durably and read back."""

    def __init__(self, engine: duckdb.DuckDBPyConnection) -> None:
        self._engine = engine

    def write(self, path: Path, columns: Columns, select: str) -> str:
        """Write `SELECT select FROM columns` to `path`; the SHA-256 of the file comes back."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        self._engine.register("columns_in", dict(columns))
        try:
            # `select` is text of our own code and the path is the gate's; values travel as columns only.
            self._engine.execute(
                f"COPY (SELECT {select} FROM columns_in) TO '{quoted_path(part)}' (FORMAT parquet)"  # noqa: S608 -- names are ours, paths are quoted
            )
        except duckdb.Error as error:
            raise TroubleError(f"`{path.name}` cannot be written: {type(error).__name__}") from None
        finally:
            self._engine.unregister("columns_in")
        return self._settled(part, path)

    def join(self, parts: Sequence[Path], path: Path, select: str = "*") -> str:
        """Write the rows of `parts`, in that order, to one file at `path`; its SHA-256 comes back."""
        part = path.with_name(path.name + ".part")
        try:
            self._engine.execute(
                f"COPY (SELECT {select} FROM {_sources(parts)}) TO '{quoted_path(part)}' (FORMAT parquet)"  # noqa: S608 -- names are ours, paths are quoted
            )
        except duckdb.Error as error:
            raise TroubleError(f"`{path.name}` cannot be written: {type(error).__name__}") from None
        return self._settled(part, path)

    def count_by(self, parts: Sequence[Path], name: str) -> dict[str, int]:
        """How many rows of `parts` hold each value of one column."""
        query = f"SELECT {name}, count(*) FROM {_sources(parts)} GROUP BY {name}"  # noqa: S608 -- names are ours, paths are quoted
        return {value: int(count) for value, count in self._engine.execute(query).fetchall()}

    def count_reasons(self, parts: Sequence[Path]) -> list[Any]:
        """Disposition, reason, the rules behind it, whether a record was read, and how many items."""
        own = "list_filter(cited, lambda each: starts_with(each, reason || ':'))"
        query = (
            f"SELECT disposition, reason, {own} AS own, is_record_read, count(*) FROM "  # noqa: S608 -- names are ours, paths are quoted
            f"(SELECT disposition, unnest(reasons) AS reason, cited, is_record_read FROM {_sources(parts)}) "
            "GROUP BY disposition, reason, own, is_record_read"
        )
        return [
            (disposition, reason, [each.rsplit(":", 1)[1] for each in own], is_record_read, count)
            for disposition, reason, own, is_record_read, count in self._engine.execute(query).fetchall()
        ]

    def find_rows(
        self, parts: Sequence[Path], where: str, values: Sequence[Any] = ()
    ) -> "np.ndarray[Any, np.dtype[np.int64]]":
        """The numbers of the rows of `parts` that meet `where`, text of our own code, in order.

        Blocked when one of them is missing or cannot be read.
        """
        query = f"SELECT row FROM {_sources(parts)} WHERE {where} ORDER BY row"  # noqa: S608 -- names are ours, paths are quoted
        try:
            found: np.ndarray[Any, np.dtype[np.int64]] = self._engine.execute(
                query, list(values)
            ).fetchnumpy()["row"]
        except duckdb.Error as error:
            raise Blocked(
                "STATE_EDITED", f"a file of a batch cannot be read: {type(error).__name__}"
            ) from None
        return found

    def count_elements(self, parts: Sequence[Path], where: str) -> dict[str, int]:
        """How many rows of `parts` that meet `where` name each element in their reasons."""
        query = (
            "SELECT split_part(reason, ':', 1) AS element, count(DISTINCT row) FROM "  # noqa: S608 -- names are ours, paths are quoted
            f"(SELECT row, unnest(reasons) AS reason FROM {_sources(parts)} WHERE {where}) GROUP BY element"
        )
        return {element: int(count) for element, count in sorted(self._engine.execute(query).fetchall())}

    def find_used(self, parts: Sequence[Path], named: Mapping[int, str], where: str = "true") -> list[int]:
        """The rows of `named` (row to request id) whose id stands in `parts`, ignoring case.

        Only rows of `parts` that meet `where`, which is text of our own code, are looked at.
        """
        columns = {"row": np.array(list(named), dtype=np.int64), "id": column(list(named.values()))}
        self._engine.register("named_ids", columns)
        try:
            found = self._engine.execute(
                "SELECT row FROM named_ids WHERE lower(id::VARCHAR) IN "  # noqa: S608 -- names are ours, paths are quoted
                f"(SELECT lower(request_id) FROM {_sources(parts)} WHERE {where})"
            ).fetchall()
        finally:
            self._engine.unregister("named_ids")
        return sorted(int(row) for (row,) in found)

    def read(self, path: Path, select: str, where: str = "", values: Sequence[Any] = ()) -> list[Any]:
        """The rows `SELECT select FROM path WHERE where`, in file order."""
        condition = f"WHERE {where}" if where else ""
        query = f"SELECT {select} FROM read_parquet('{quoted_path(path)}') {condition}"  # noqa: S608 -- names are ours, paths are quoted
        try:
            return self._engine.execute(query, list(values)).fetchall()
        except duckdb.Error as error:
            raise Blocked("STATE_EDITED", f"`{path.name}` cannot be read: {type(error).__name__}") from None

    def _settled(self, part: Path, path: Path) -> str:
        flush_file(part)
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        settle(part, path)
        return digest


def _sources(parts: Sequence[Path]) -> str:
    return "read_parquet([" + ", ".join(f"'{quoted_path(each)}'" for each in parts) + "])"


def quoted_path(path: Path) -> str:
    """A path as text for SQL, quotes doubled."""
    return str(path.resolve()).replace("'", "''")
