"""What an index knows of names and streets."""

import duckdb

from solely.matching.names import NameStatistics, bearers_min
from solely.records.index import Index, SortedHashes, shipped_names

_COLUMNS = {
    "names": "{'token': 'VARCHAR', 'bearers': 'BIGINT'}",
    "streets": "{'hash': 'BIGINT', 'street': 'VARCHAR', 'addresses': 'BIGINT'}",
}


def table_sql(path: str, name: str) -> str:
    """SQL for the rows of one of the two tables, in a file whose path is quoted for SQL."""
    return f"read_csv('{path}', header=true, auto_detect=false, columns={_COLUMNS[name]})"


def read_names(engine: duckdb.DuckDBPyConnection, index: Index) -> NameStatistics:
    """What the index knows of names and streets; tokens below the floor of a name are left out."""
    records = index.counts["persons"]
    floor = bearers_min(records)
    names = engine.execute(
        f"SELECT token, bearers FROM {table_sql(index.path('names.csv'), 'names')} WHERE bearers >= {floor}"  # noqa: S608 -- names and paths of our own
    ).fetchall()
    streets = table_sql(index.path("streets.csv"), "streets")
    hashes = engine.execute(f"SELECT hash FROM {streets}").fetchnumpy()["hash"]  # noqa: S608 -- names and paths of our own
    common = engine.execute(
        f"SELECT street FROM {streets} GROUP BY street HAVING sum(addresses) >= {floor}"  # noqa: S608 -- names and paths of our own
    ).fetchall()
    return NameStatistics(
        records, dict(names), shipped_names(), SortedHashes(hashes), frozenset(row[0] for row in common)
    )
