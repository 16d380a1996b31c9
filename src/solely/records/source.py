"""The custodian's files on their way into an index: columns, mapping, and what a row must keep to.

- One row per person and address, the columns of contracts 2; a mapping renames columns; columns that the
  contract does not name are never read (R-45).
- An error names file, row and column, never a value (R-57). Nothing is guessed: what cannot be read stops the
  build, and the old index stands.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from solely.errors import UsageError
from solely.store.engine import quoted_path

COLUMNS = (
    "record_id", "status", "given_name", "middle_name", "family_name", "family_name_2", "suffix",
    "birth_date", "death_date", "taxpayer_number", "street_line", "unit", "city", "state", "zip",
    "period_from", "period_to", "is_protected", "is_impaired",
)  # fmt: skip
OPTIONAL = frozenset({"middle_name", "family_name_2", "suffix", "death_date", "unit"})
PERSON_COLUMNS = (
    "status", "given_name", "middle_name", "family_name", "family_name_2", "suffix", "birth_date",
    "death_date", "taxpayer_number", "is_protected", "is_impaired",
)  # fmt: skip
DATES = ("birth_date", "death_date", "period_from", "period_to")
FLAGS = ("is_protected", "is_impaired")

TEXTS = (
    "record_id", "given_name", "middle_name", "family_name", "family_name_2", "suffix", "street_line", "unit",
    "city", "state", "zip",
)  # fmt: skip
TEXT_MAX = 1_000  # characters; whatever is longer is no name and no line of an address

# What must hold of each column, as SQL over its trimmed text; NULL is judged only where it is not allowed.
RULES: tuple[tuple[str, str, str], ...] = (
    ("record_id", "record_id IS NOT NULL", "is empty"),
    *(
        (
            name,
            f"{name} IS NULL OR (length({name}) <= {TEXT_MAX} AND strpos({name}, chr(0)) = 0)",
            f"has more than {TEXT_MAX:,} characters or a NUL among them",
        )
        for name in TEXTS
    ),
    (
        "status",
        "coalesce(status IN ('active', 'inactive', 'dependent'), false)",
        "is not active, inactive or dependent",
    ),
    (
        "taxpayer_number",
        "taxpayer_number IS NULL OR regexp_full_match(taxpayer_number, '[0-9]{9}')",
        "is not nine digits",
    ),
    *(
        (
            name,
            f"{name} IS NULL OR (regexp_full_match({name}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
            f"AND try_cast({name} AS DATE) IS NOT NULL)",
            "is no date like 2026-01-31",
        )
        for name in DATES
    ),
    *((name, f"{name} IS NULL OR {name} IN ('true', 'false')", "is not true or false") for name in FLAGS),
    # Both are ISO dates where the rules above hold, and those sort as text.
    (
        "period_from",
        "period_from IS NULL OR period_to IS NULL OR period_from <= period_to",
        "is after `period_to`",
    ),
)

# Words of the engine's message on a CSV file, and what they say of the line; the message shows the row.
FAULTS: tuple[tuple[str, str], ...] = (
    ("Invalid unicode (byte sequence mismatch) detected", "is not UTF-8; save the file as UTF-8"),
    ("Expected Number of Columns", "has more or fewer cells than the header"),
    ("unterminated quote", "opens a quotation mark that does not close; double one inside a quoted cell"),
    ("state machine reached an invalid state", "mixes line ends, or is no CSV; end every line alike"),
    ("max_line_size", "is too long for a row; look for a quotation mark that does not close"),
)
OTHER_PARTING = (";", "\t", "|")


def read_mapping(mapping: Mapping[str, str] | Path | None) -> Mapping[str, str]:
    """Our column names by theirs: from a TOML file `[columns]` with lines `record_id = "PERSON_KEY"`."""
    if mapping is None:
        return {}
    if not isinstance(mapping, Path):
        return mapping
    try:
        stated = tomllib.loads(mapping.read_text(encoding="utf-8"))["columns"]
    except (OSError, ValueError, KeyError):
        stated = None
    if not isinstance(stated, dict):
        raise UsageError("`--mapping` is a TOML file with a table `columns`")
    for name, theirs in stated.items():
        if name not in COLUMNS:
            raise UsageError(
                f"`--mapping`: records have no column `{name}`; docs/formats/records.md has them"
            )
        if not isinstance(theirs, str):
            raise UsageError(f"`--mapping`: `{name}` is your own column's name, as text")
    return stated


class Source(NamedTuple):
    """One file of the custodian's: the query of its rows as trimmed text, how many, and its range of ids."""

    path: Path
    query: str
    rows: int
    first: str
    last: str

    def may_hold(self, low: str, high: str | None) -> bool:
        """True when a record id from `low` up to but not including `high` (None: no bound) can be here."""
        return self.last >= low and (high is None or self.first < high)


def look(
    engine: duckdb.DuckDBPyConnection, paths: Sequence[Path], mapping: Mapping[str, str], step: int
) -> tuple[list[Source], list[str]]:
    """Every file, each row held to the rules, and about every `step`-th record id, sorted.

    One pass over each file, in bounded memory. Raises UsageError naming file, row and column.
    """
    sources, sample = [], []
    for path in paths:
        source, some = _look_at(engine, path, mapping, step)
        sample += some
        sources.append(source)
    if not any(each.rows for each in sources):
        raise UsageError("`--records`: the files hold no row below their header; export them again")
    return [each for each in sources if each.rows], sorted(sample)


def _look_at(
    engine: duckdb.DuckDBPyConnection, path: Path, mapping: Mapping[str, str], step: int
) -> tuple[Source, list[str]]:
    reader = _reader(path)
    try:
        present = {row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()}  # noqa: S608 -- names and paths of our own
        query = (
            f"SELECT {', '.join(_selected(name, present, mapping, path) for name in COLUMNS)} FROM {reader}"  # noqa: S608 -- names and paths of our own
        )
        broken = ", ".join(f"count(*) FILTER (NOT ({holds}))" for _, holds, _ in RULES)
        found = engine.execute(
            "SELECT count(*), coalesce(min(record_id), ''), coalesce(max(record_id), ''), "  # noqa: S608 -- names and paths of our own
            f"coalesce(list(record_id) FILTER (hash(record_id) % {step} = 0), []), {broken} "
            f"FROM ({query})"
        ).fetchone()
    except duckdb.Error as error:
        raise _unreadable(path, error) from None
    assert found is not None, "an aggregate without groups gives one row"
    rows, first, last, some, *faults = found
    for (name, holds, fault), count in zip(RULES, faults, strict=True):
        if count:
            where = _places([(path, row) for row in rows_where(engine, query, f"NOT ({holds})")])
            raise UsageError(f"{where}: `{name}` {fault}" + (f" ({count:,} rows)" if count > 1 else ""))
    return Source(path, query, rows, first, last), some


def _unreadable(path: Path, error: duckdb.Error) -> UsageError:
    """What is wrong with a file that the engine cannot read: line and fault, without the row it shows."""
    line = re.search(r"[Ll]ine:? (\d+)", str(error))
    fault = next((fault for words, fault in FAULTS if words in str(error)), None)
    place = f"`{path}` line {line.group(1)}" if line else f"`{path}`"
    return UsageError(f"{place} {fault or f'cannot be read: {type(error).__name__}'}")


def rows_where(engine: duckdb.DuckDBPyConnection, query: str, condition: str) -> list[int]:
    """The first three rows of a file that meet a condition, counted from 1."""
    found = engine.execute(
        f"SELECT row FROM (SELECT row_number() OVER () AS row, * FROM ({query})) "  # noqa: S608 -- names and paths of our own
        f"WHERE {condition} ORDER BY row LIMIT 3"
    ).fetchall()
    return [int(row) for (row,) in found]


def load(
    engine: duckdb.DuckDBPyConnection, sources: Sequence[Source], low: str = "", high: str | None = None
) -> None:
    """Fill the table `source` with the rows whose record id is from `low` up to but not including `high`.

    Raises UsageError naming the line of a cell that `look` had no need to read.
    """
    columns = ", ".join(f"{name} VARCHAR" for name in COLUMNS)
    engine.execute(f"CREATE TABLE source ({columns})")
    bound = "record_id >= $low" + ("" if high is None else " AND record_id < $high")
    values = {"low": low} if high is None else {"low": low, "high": high}
    for each in sources:
        if each.may_hold(low, high):
            try:
                engine.execute(f"INSERT INTO source SELECT * FROM ({each.query}) WHERE {bound}", values)  # noqa: S608 -- names and paths of our own
            except duckdb.InvalidInputException as error:
                raise _unreadable(each.path, error) from None


def _reader(path: Path) -> str:
    if not path.is_file():
        raise UsageError(f"the records file `{path}` does not exist")
    name = quoted_path(path)
    if path.suffix.lower() == ".parquet":
        return f"read_parquet('{name}')"
    return (
        f"read_csv('{name}', header=true, all_varchar=true, auto_detect=false, delim=',', quote='\"', "
        f"escape='\"', strict_mode=true, columns={_csv_columns(path)})"
    )


def _csv_columns(path: Path) -> str:
    with path.open("rb") as file:
        head = file.readline(65536)
    try:
        names = [each.strip().strip('"') for each in head.decode("utf-8-sig").strip().split(",")]
    except UnicodeDecodeError:
        raise UsageError(f"`{path}` is not UTF-8") from None
    if names == [""]:
        raise UsageError(f"`{path}` has no header: its first line names the columns")
    if len(names) == 1 and any(each in names[0] for each in OTHER_PARTING):
        raise UsageError(f"`{path}`: a comma stands between cells, also in the header")
    if len(set(names)) != len(names) or not all(names):
        raise UsageError(f"`{path}`: a column of the header is empty or stands twice")
    pairs = ", ".join("'{}': 'VARCHAR'".format(each.replace("'", "''")) for each in names)
    return "{" + pairs + "}"


def _selected(name: str, present: set[str], mapping: Mapping[str, str], path: Path) -> str:
    theirs = mapping.get(name, name)
    if theirs not in present:
        if name in OPTIONAL and name not in mapping:
            return f"NULL AS {name}"
        raise UsageError(f"`{path}` has no column `{theirs}`")
    quoted = '"{}"'.format(theirs.replace('"', '""'))
    text = f"nullif(trim({quoted}::VARCHAR), '')"
    if name == "taxpayer_number":
        return f"replace(replace({text}, '-', ''), ' ', '') AS {name}"
    return f"lower({text}) AS {name}" if name in ("status", *FLAGS) else f"{text} AS {name}"


def read_ids(
    engine: duckdb.DuckDBPyConnection, paths: Sequence[Path], mapping: Mapping[str, str] | Path | None
) -> list[str]:
    """The record ids that these files hold in their column `record_id`; other columns are not read."""
    ids: list[str] = []
    for path in paths:
        reader = _reader(path)
        try:
            present = {row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()}  # noqa: S608 -- names and paths of our own
            query = f"SELECT {_selected('record_id', present, read_mapping(mapping), path)} FROM {reader}"  # noqa: S608 -- names and paths of our own
            found = engine.execute(query).fetchall()
        except duckdb.Error as error:
            raise _unreadable(path, error) from None
        if (None,) in found:
            raise UsageError(f"`{path}` row {found.index((None,)) + 1}: `record_id` is empty")
        ids += [each for (each,) in found]
    return ids


def require_agreement(engine: duckdb.DuckDBPyConnection, sources: Sequence[Source]) -> None:
    """Return when the rows of each `record_id` in the table `source` agree on the person (contracts 2)."""
    person = ", ".join(PERSON_COLUMNS)
    # One pass by hash tells whether any differ at all; only then is the column looked for.
    differing = engine.execute(
        f"SELECT record_id FROM (SELECT record_id, hash({person}) AS h FROM source) "  # noqa: S608 -- names and paths of our own
        "GROUP BY record_id HAVING min(h) <> max(h) ORDER BY record_id LIMIT 1"
    ).fetchone()
    if differing is None:
        return
    rows = engine.execute(f"SELECT DISTINCT {person} FROM source WHERE record_id = $1", differing).fetchall()  # noqa: S608 -- names and paths of our own
    columns = zip(PERSON_COLUMNS, zip(*rows, strict=True), strict=True)
    name = next(name for name, values in columns if len(set(values)) > 1)
    path, row = where_first(engine, sources, differing[0])
    raise UsageError(f"`{path}` row {row}: rows of one `record_id` differ in `{name}`")


def where_first(
    engine: duckdb.DuckDBPyConnection, sources: Sequence[Source], record_id: str
) -> tuple[Path, int]:
    """File and row of the first row of a person."""
    for each in sources:
        if each.may_hold(record_id, None):
            found = engine.execute(
                f"SELECT min(row) FROM (SELECT row_number() OVER () AS row, record_id FROM ({each.query})) "  # noqa: S608 -- names and paths of our own
                "WHERE record_id = $1",
                [record_id],
            ).fetchone()
            if found is not None and found[0] is not None:
                return each.path, found[0]
    raise AssertionError("a row that was loaded lies in a file")


def _places(bad: Sequence[tuple[Path, int]]) -> str:
    return ", ".join(f"`{path}` row {row}" for path, row in bad)
