"""Rows of the index as nouns of the model, the same whichever engine read them."""

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from solely.matching.names import NameStatistics, bearers_min
from solely.model import Address, Candidate, RecordAddress
from solely.records.index import Index, SortedHashes, shipped_names

PERSON = (
    "ordinal", "record_id", "status", "given", "middle", "family", "family_2", "suffix", "birth_date",
    "death_date", "taxpayer_number", "is_protected", "is_impaired",
)  # fmt: skip
ADDRESS = (
    "ordinal", "street_line", "unit", "city", "state", "zip", "period_from", "period_to",
    *(f"s_{name}" for name in Address._fields),
)  # fmt: skip


def people_of(persons: Iterable[Sequence[Any]], addresses: Iterable[Sequence[Any]]) -> dict[int, Candidate]:
    """Whole people by ordinal, from rows in the orders of PERSON and ADDRESS, addresses by place."""
    homes: dict[int, list[RecordAddress]] = {}
    for row in addresses:
        # The kind of an address that has no standard form is null, and so are all its parts.
        standard = Address(*row[8:]) if row[8] is not None else None
        homes.setdefault(row[0], []).append(_address(row, standard))
    return {row[0]: _person(row, homes.get(row[0], ())) for row in persons}


def _address(row: Sequence[Any], standard: Address | None) -> RecordAddress:
    return RecordAddress(row[1], row[2], row[3], row[4], row[5], row[6], row[7], standard)


def _person(row: Sequence[Any], homes: Sequence[RecordAddress]) -> Candidate:
    return Candidate(
        row[1], row[2], tuple(row[3].split()), tuple(row[4].split()), tuple(row[5].split()),
        tuple(row[6].split()), row[7], row[8], row[9], row[10], tuple(homes), row[11], row[12],
    )  # fmt: skip


def read_names(engine: duckdb.DuckDBPyConnection, index: Index) -> NameStatistics:
    """What the index knows of names and streets; tokens below the floor of a name are left out."""
    records = index.counts["persons"]
    floor = bearers_min(records)
    names = engine.execute(
        f"SELECT token, bearers FROM read_parquet('{index.path('names.parquet')}') WHERE bearers >= {floor}"  # noqa: S608 -- names and paths of our own
    ).fetchall()
    streets = f"read_parquet('{index.path('streets.parquet')}')"
    hashes = engine.execute(f"SELECT hash FROM {streets}").fetchnumpy()["hash"]  # noqa: S608 -- names and paths of our own
    common = engine.execute(
        f"SELECT street FROM {streets} GROUP BY street HAVING sum(addresses) >= {floor}"  # noqa: S608 -- names and paths of our own
    ).fetchall()
    return NameStatistics(
        records, dict(names), shipped_names(), SortedHashes(hashes), frozenset(row[0] for row in common)
    )
