"""The access journal: which record was read for which item, when (R-01, contracts 3)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from solely.records.base import AccessRow
from solely.store.engine import BatchFiles, column

SELECT = "row::BIGINT AS row, request_id::VARCHAR AS request_id, record_ref::VARCHAR AS record_ref, " \
         'purpose::VARCHAR AS purpose, "at"::VARCHAR AS "at"'  # fmt: skip


def write_access(
    files: BatchFiles, path: Path, rows: Sequence[AccessRow], request_ids: Mapping[int, str | None]
) -> str:
    """Write one row per record read for an item; the SHA-256 of the file comes back.

    `request_ids` gives the request's own id by row, None where it has no well-formed one.
    """
    columns = {
        "row": column([each.row for each in rows]),
        "request_id": column([request_ids.get(each.row) for each in rows]),
        "record_ref": column([each.record_ref for each in rows]),
        "purpose": column([each.purpose for each in rows]),
        "at": column([each.at.isoformat() for each in rows]),
    }
    return files.write(path, columns, SELECT)
