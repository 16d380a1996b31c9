"""A log of what left by other ways: a CSV file with named columns, read line by line."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from solely.errors import UsageError


def read_transfers(path: Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    """The lines of the log, each a mapping of exactly these columns; UsageError names the line at fault."""
    if path.exists() and not path.is_file():
        raise UsageError(f"`{path.name}` is no file")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            if [*(rows.fieldnames or ())] != [*columns]:
                raise UsageError(f"a transfer log has the columns `{','.join(columns)}`, in this order")
            for line, row in enumerate(rows, start=2):
                if None in row or any(value is None for value in row.values()):
                    raise UsageError(f"line {line}: it has not {len(columns)} cells")
                if rows.line_num != line or any("\0" in value for value in row.values()):
                    # One quote too many would swallow every transfer up to the next one.
                    raise UsageError(
                        f"line {line}: it is empty, or a cell holds a line break or NUL; one transfer a line"
                    )
                yield row
    except OSError as error:
        raise UsageError(f"`{path.name}` cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise UsageError("the transfer log cannot be read as CSV in UTF-8") from None
