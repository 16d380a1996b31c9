"""What is odd in the custodian's rows and stops no build: told with counts and places, never with a value.

- A date before `FIRST_YEAR` is a filler and counts as absent: nobody asked for was born on it, and an address
  that held since then would meet every year. A day that has not come stays: the gates let it identify nobody.
- Record ids that differ in upper and lower case only are two people here, each the other's rival.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import duckdb

from solely.records.source import Source, rows_where, where_first

FIRST_YEAR: Final = 1850
PLACES_MAX: Final = 3


class Oddity(NamedTuple):
    """A condition on a row, as SQL over its trimmed text, and what is said of the rows that meet it."""

    condition: str
    said: str


def oddities(as_of: date) -> tuple[Oddity, ...]:
    """What may be odd in rows that show this day."""
    day, first = as_of.isoformat(), f"{FIRST_YEAR}-01-01"
    absent = f"before {FIRST_YEAR}, which counts as absent"
    # A guess at the missing digits of a ZIP could confirm another town's address, so none is made. Abroad,
    # where no state stands beside it, a code of four digits is whole. ISO dates sort as text.
    return (
        Oddity(
            "state IS NOT NULL AND length(split_part(zip, '-', 1)) IN (3, 4)",
            "have a `zip` of fewer than five digits: their addresses confirm nobody; keep its zeros in front",
        ),
        Oddity(f"birth_date < '{first}'", f"have a `birth_date` {absent}"),
        Oddity(f"birth_date > '{day}'", "have a `birth_date` after the records' day: it identifies nobody"),
        Oddity(
            f"death_date < '{first}' OR death_date > '{day}'",
            "have a `death_date` that cannot be: the person counts as dead all the same",
        ),
        Oddity(f"period_from < '{first}'", f"have a `period_from` {absent}: their addresses meet no year"),
    )


def notes(
    engine: duckdb.DuckDBPyConnection, sources: Sequence[Source], as_of: date, parts: int
) -> Iterator[str]:
    """A note for the custodian on each thing that is odd; ids are compared in `parts`, to bound memory.

    Each file is read once, and again only for the places of what it has or for ids in two writings.
    """
    odd = oddities(as_of)
    counted = [f"count(*) FILTER ({each.condition})" for each in odd]
    counted += [f"coalesce(bool_or(record_id <> {way}(record_id)), false)" for way in ("lower", "upper")]
    found = [
        _first_row(engine, f"SELECT {', '.join(counted)} FROM ({each.query})")  # noqa: S608 -- names and paths of our own
        for each in sources
    ]
    *counts, uppers, lowers = zip(*found, strict=True)
    for each, by_source in zip(odd, counts, strict=True):
        yield from _note(engine, sources, each, by_source)
    if any(uppers) and any(lowers):
        yield from _note_on_ids(engine, sources, parts)


def _note(
    engine: duckdb.DuckDBPyConnection, sources: Sequence[Source], odd: Oddity, counts: Sequence[int]
) -> Iterator[str]:
    places: list[str] = []
    for source, count in zip(sources, counts, strict=True):
        if count and len(places) < PLACES_MAX:
            places += [
                f"`{source.path}` row {row}" for row in rows_where(engine, source.query, odd.condition)
            ]
    if total := sum(counts):
        more = ", and more" if total > PLACES_MAX else ""
        yield f"note: {total:,} rows of the records {odd.said} ({', '.join(places[:PLACES_MAX])}{more})"


def _note_on_ids(engine: duckdb.DuckDBPyConnection, sources: Sequence[Source], parts: int) -> Iterator[str]:
    ids = " UNION ALL ".join(f"SELECT record_id FROM ({each.query})" for each in sources)  # noqa: S608 -- names and paths of our own
    count, one = 0, None
    for part in range(parts):
        alike = (
            f"SELECT min(record_id) AS id FROM ({ids}) WHERE hash(lower(record_id)) % {parts} = {part} "  # noqa: S608 -- names and paths of our own
            "GROUP BY lower(record_id) HAVING min(record_id) <> max(record_id)"
        )
        found, first = _first_row(engine, f"SELECT count(*), min(id) FROM ({alike})")  # noqa: S608 -- names and paths of our own
        count, one = count + found, one or first
    if one is not None:
        path, row = where_first(engine, sources, one)
        yield (
            f"note: {count:,} ids of the records come in two writings that differ in upper and lower case "
            f"(one at `{path}` row {row}): they are two people here; give each person one `record_id`"
        )


def _first_row(engine: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    found = engine.execute(query).fetchone()
    assert found is not None, "an aggregate without groups gives one row"
    return found
