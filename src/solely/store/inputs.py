"""The tables a gate judges by: the shipped ones, each replaced by the custodian's own of the same name.

- Every table is a versioned file; their digest stands in the ledger, so a changed list is a visible act.
- `zip.csv` (`zip,city,state,cities,kind`) replaces the table of the package `zipcodes` whole.
"""

import csv
import io
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from solely.errors import UsageError
from solely.facts.address_tables import AddressTables, parse_tables

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
        raise UsageError("`inputs`: there is no such folder; name the one that holds your tables")
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir()) if each.is_file()}


REGISTERS = frozenset({"facilities.csv", "mail_agencies.csv"})
PLACEHOLDERS = "placeholders.toml"


def is_stricter(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> bool:
    """True when new tables, as they are parsed, only add to what is no address (R-84); in doubt, False."""
    if old.keys() != new.keys():
        return False
    changed = [name for name in old if old[name] != new[name]]
    return all(_is_stricter_table(name, old[name], new[name]) for name in changed)


def _is_stricter_table(name: str, old: bytes, new: bytes) -> bool:
    try:
        if name in REGISTERS:
            return _is_longer_register(_rows_of(old), _rows_of(new))
        return name == PLACEHOLDERS and _is_stricter_lexicon(_words_of(old), _words_of(new))
    except (LookupError, TypeError, ValueError, csv.Error):
        return False


def _rows_of(data: bytes) -> list[tuple[str, ...]]:
    return list(map(tuple, csv.reader(io.StringIO(data.decode("utf-8-sig")), strict=True)))


def _is_longer_register(old: list[tuple[str, ...]], new: list[tuple[str, ...]]) -> bool:
    """True when every row still stands under the same header, and each has a cell for each column."""
    is_even = all(len(row) == len(new[0]) for row in new)
    return old[:1] == new[:1] and is_even and set(old) <= set(new)


def _words_of(data: bytes) -> dict[str, Any]:
    return tomllib.loads(data.decode())


def _is_stricter_lexicon(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """True when the lexicon has more phrases, perhaps another version, and is otherwise the same.

    Every other list says also what is a street, or how a word is read. So do the words of a phrase: a slip of
    a listed word (UNKNOWM) that stands in one is read as itself from then on. A new phrase is one word, which
    stops wherever it stands, or is made of words that were known.
    """
    before, after = old["phrases"], new["phrases"]
    is_same = new | {"phrases": before, "version": old["version"]} == old
    if not (is_same and _are_words([*after, new["version"]]) and set(before) <= set(after)):
        return False
    known = {*old["words"], *old["fakes"], *" ".join(before).split()}
    added = [phrase.split() for phrase in set(after).difference(before)]
    return all(len(words) == 1 or (words and known.issuperset(words)) for words in added)


def _are_words(values: list[Any]) -> bool:
    return all(isinstance(each, str) for each in values)


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


def tables_of(files: Mapping[str, bytes]) -> AddressTables:
    """The address judge's tables in these input files, parsed once for equal ones."""
    return _tables_of(tuple(sorted(files.items())))


@lru_cache(maxsize=2)  # a gate's own, and those that it is about to take
def _tables_of(files: tuple[tuple[str, bytes], ...]) -> AddressTables:
    return parse_tables(dict(files), read_zips(dict(files)))


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
