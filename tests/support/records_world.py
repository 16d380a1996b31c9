"""A custodian's files in miniature, and the index made of them."""

import csv
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from solely.facts.address_tables import AddressTables
from solely.records.build import IndexTerms, build_index
from solely.records.source import COLUMNS
from solely.store.inputs import read_inputs, tables_of

AS_OF = date(2025, 6, 30)
PLAIN = {
    "status": "active", "given_name": "Jose", "family_name": "Garcia", "birth_date": "1980-05-17",
    "taxpayer_number": "900661234", "street_line": "123 Larkspur Street", "city": "Chicago", "state": "IL",
    "zip": "60629", "period_from": "2020-01-01", "is_protected": "false", "is_impaired": "false",
}  # fmt: skip


@lru_cache(maxsize=1)
def tables() -> AddressTables:
    """The shipped address tables, parsed once."""
    files = read_inputs(None)
    return tables_of(files)


def row(record_id: str, **parts: str) -> dict[str, str]:
    """One row of a records file: Jose Garcia's, but for `parts`."""
    return {**dict.fromkeys(COLUMNS, ""), **PLAIN, "record_id": record_id, **parts}


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    """The rows as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def index_of(folder: Path, rows: list[dict[str, str]], **options: Any) -> Path:
    """The folder of an index built from `rows`."""
    source = write_csv(folder / "records.csv", rows)
    target = folder / "records"
    build_index([source], target, terms(**options))
    return target


def terms(**options: Any) -> IndexTerms:
    """The terms on which an index is made here, but for `options`."""
    return IndexTerms(**{"as_of": AS_OF, "tables": tables(), "is_synthetic": True, **options})
