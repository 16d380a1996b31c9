"""The tables a gate judges by: the shipped ones, each replaced by the custodian's own of the same name.

- Every table is a versioned file; their digest stands in the ledger, so a changed list is a visible act.
- `zip.csv` (`zip,city,state,cities,kind`) replaces the table of the package `zipcodes` whole.
"""

import csv
import io
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from solely.canonical import canonical_json, sha256_hex
from solely.errors import UsageError

ZIP_TABLE = "zip.csv"
_ZIP_COLUMNS = ["zip", "city", "state", "cities", "kind"]


class ZipEntry(NamedTuple):
    """One ZIP Code: its state, the city names it accepts (upper case, preferred first), and its kind.

    `kind` is STANDARD, PO BOX, UNIQUE or MILITARY.
    """

    state: str
    cities: tuple[str, ...]
    kind: str


def read_inputs(folder: Path | None) -> dict[str, bytes]:
    """The input files by name: shipped ones, overridden and extended by those of `folder`."""
    shipped = resources.files("solely") / "inputs"
    files = {
        each.name: each.read_bytes() for each in shipped.iterdir() if each.name.endswith((".csv", ".toml"))
    }
    return files if folder is None else files | read_own(folder)


def read_own(folder: Path) -> dict[str, bytes]:
    """The input files of `folder` alone; a gate holds a copy of each, so that a new build changes none."""
    if not folder.is_dir():
        raise UsageError("the inputs folder does not exist")
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir()) if each.is_file()}


STRICTER_BY_LINES = frozenset({"facilities.csv", "mail_agencies.csv", "placeholders.toml"})


def is_stricter(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> bool:
    """True when new tables only add lines to lists of what is no address or no name (R-84)."""
    if old.keys() != new.keys():
        return False
    changed = [name for name in old if old[name] != new[name]]
    return all(
        name in STRICTER_BY_LINES and set(old[name].splitlines()) <= set(new[name].splitlines())
        for name in changed
    )


def read_zips(files: Mapping[str, bytes]) -> dict[str, ZipEntry]:
    """The ZIP table by five-digit code: the custodian's `zip.csv`, else the package's."""
    if ZIP_TABLE in files:
        return _parse_zip_table(files[ZIP_TABLE])
    return _shipped_zips()


def _parse_zip_table(data: bytes) -> dict[str, ZipEntry]:
    try:
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
        if next(rows) != _ZIP_COLUMNS:
            raise ValueError
        return {
            code.strip(): ZipEntry(
                state.strip().upper(),
                tuple(name.strip().upper() for name in (city, *cities.split(";")) if name.strip()),
                kind.strip().upper(),
            )
            for code, city, state, cities, kind in rows
        }
    except (ValueError, StopIteration):
        raise UsageError("`zip.csv` has the columns `zip,city,state,cities,kind`, in UTF-8") from None


def zip_table() -> bytes:
    """The shipped ZIP table as a `zip.csv`, so that a gate holds its own copy of it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_ZIP_COLUMNS)
    for code, entry in _shipped_zips().items():
        writer.writerow((code, entry.cities[0], entry.state, ";".join(entry.cities[1:]), entry.kind))
    return text.getvalue().encode()


@lru_cache(maxsize=1)
def _shipped_zips() -> dict[str, ZipEntry]:
    import zipcodes

    return {
        each["zip_code"]: ZipEntry(
            each["state"],
            tuple(dict.fromkeys(name.upper() for name in [each["city"], *each["acceptable_cities"]] if name)),
            each["zip_code_type"],
        )
        for each in zipcodes.list_all()  # type: ignore[no-untyped-call]
    }


def inputs_digest(files: Mapping[str, bytes]) -> str:
    """The SHA-256 over names and contents of the tables in force."""
    return sha256_hex(canonical_json({name: sha256_hex(data) for name, data in files.items()}))
