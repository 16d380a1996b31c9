"""A table for a requester: the rows that do not pass, in their own columns, with what to cure.

- Their words stand as they were; only the last column is ours. It is to be deleted before the rows are
  sent again, because a submission admits no column but those agreed (contracts 1).
- A spreadsheet program would run a cell that begins like a formula, so such a cell of ours is marked; theirs
  are given back unchanged.
"""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from solely.errors import UsageError
from solely.model import COLUMNS, TO_CURE, Item


class Table:
    """Rows to cure; nothing is written when no file was named."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def add(self, item: Item, to_cure: str) -> None:
        """One row that did not pass, and why."""
        if self._writer is not None:
            self._writer.writerow([*("" if cell is None else cell for cell in item.cells()), to_cure])


@contextmanager
def table_of(path: Path | None, further: Sequence[str]) -> Iterator[Table]:
    """The table at `path`, with the law's `further` columns.

    It appears whole when everything is written, readable by its owner alone.
    """
    if path is None:
        yield Table(None)
        return
    with _writer_at(path) as writer:
        writer.writerow([*COLUMNS, *further, TO_CURE])
        yield Table(writer)


def write_table(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows of cells to a CSV file, which appears whole or not at all."""
    with _writer_at(path) as writer:
        writer.writerows(rows)


@contextmanager
def _writer_at(path: Path) -> Iterator[Any]:
    part = path.with_name(path.name + ".part")
    if path.is_dir():
        raise UsageError("`--out` names a folder that is there already; name a file in it")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError:
        raise UsageError("`--out` names a file in a folder that can be written") from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield csv.writer(file, lineterminator="\r\n")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
