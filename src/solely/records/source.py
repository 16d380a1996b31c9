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

import duckdb

from solely.errors import UsageError

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

# What must hold of each column, as SQL over its trimmed text; NULL is judged only where it is not allowed.
RULES: Mapping[str, tuple[str, str]] = {
    "record_id": ("record_id IS NOT NULL", "is empty"),
    "status": (
        "coalesce(status IN ('active', 'inactive', 'dependent'), false)",
        "is not active, inactive or dependent",
    ),
    "taxpayer_number": (
        "taxpayer_number IS NULL OR regexp_full_match(taxpayer_number, '[0-9]{9}')",
        "is not nine digits",
    ),
    **{
        name: (
            f"{name} IS NULL OR (regexp_full_match({name}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
            f"AND try_cast({name} AS DATE) IS NOT NULL)",
            "is no date like 2026-01-31",
        )
        for name in DATES
    },
    **{name: (f"{name} IS NULL OR {name} IN ('true', 'false')", "is not true or false") for name in FLAGS},
}  # fmt: skip


def read_mapping(mapping: Mapping[str, str] | Path | None) -> Mapping[str, str]:
    """Our column names by theirs: from a TOML file `[columns]` with lines `record_id = "PERSON_KEY"`."""
    if mapping is None:
        return {}
    if not isinstance(mapping, Path):
        return mapping
    try:
        stated = tomllib.loads(mapping.read_text(encoding="utf-8"))["columns"]
    except (OSError, ValueError, KeyError):
        raise UsageError("the mapping is a TOML file with a table `columns`") from None
    unknown = sorted(set(stated) - set(COLUMNS))
    if unknown or not all(isinstance(each, str) for each in stated.values()):
        raise UsageError(f"the mapping names columns that records do not have: {', '.join(unknown)}")
    return dict(stated)


def load(engine: duckdb.DuckDBPyConnection, sources: Sequence[Path], mapping: Mapping[str, str]) -> None:
    """Fill the table `source` with the rows of every file, as trimmed text, null where blank."""
    columns = ", ".join(f"{name} VARCHAR" for name in COLUMNS)
    engine.execute(f"CREATE TABLE source (source_file INTEGER, source_row BIGINT, {columns})")
    for number, path in enumerate(sources):
        _load_file(engine, number, path, mapping)


def _load_file(
    engine: duckdb.DuckDBPyConnection, number: int, path: Path, mapping: Mapping[str, str]
) -> None:
    reader = _reader(path)
    try:
        present = {row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()}  # noqa: S608 -- names and paths of our own
        selected = ", ".join(_selected(name, present, mapping, path) for name in COLUMNS)
        engine.execute(
            f"INSERT INTO source SELECT {number}, row_number() OVER () , {selected} FROM {reader}"  # noqa: S608 -- names and paths of our own
        )
    except duckdb.Error as error:
        # The engine's own message shows the row; only the number of the line leaves here.
        line = re.search(r"[Ll]ine:? (\d+)", str(error))
        place = f" at line {line.group(1)}" if line else ""
        raise UsageError(f"`{path.name}` cannot be read{place}: {type(error).__name__}") from None


def _reader(path: Path) -> str:
    if not path.is_file():
        raise UsageError(f"the records file `{path.name}` does not exist")
    name = str(path.resolve()).replace("'", "''")
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
        raise UsageError(f"`{path.name}` is not UTF-8") from None
    if len(set(names)) != len(names) or not all(names):
        raise UsageError(f"`{path.name}`: a column of the header is empty or stands twice")
    pairs = ", ".join("'{}': 'VARCHAR'".format(each.replace("'", "''")) for each in names)
    return "{" + pairs + "}"


def _selected(name: str, present: set[str], mapping: Mapping[str, str], path: Path) -> str:
    theirs = mapping.get(name, name)
    if theirs not in present:
        if name in OPTIONAL and name not in mapping:
            return f"NULL AS {name}"
        raise UsageError(f"`{path.name}` has no column `{theirs}`")
    quoted = '"{}"'.format(theirs.replace('"', '""'))
    text = f"nullif(trim({quoted}::VARCHAR), '')"
    if name == "taxpayer_number":
        return f"replace(replace({text}, '-', ''), ' ', '') AS {name}"
    return f"lower({text}) AS {name}" if name in ("status", *FLAGS) else f"{text} AS {name}"


def require_sound(engine: duckdb.DuckDBPyConnection, sources: Sequence[Path]) -> None:
    """Return when every row keeps the rules; else UsageError with the first places (file, row, column)."""
    if engine.execute("SELECT count(*) FROM source").fetchone() == (0,):
        raise UsageError("the records hold no row")
    for name, (holds, fault) in RULES.items():
        bad = engine.execute(
            f"SELECT source_file, source_row FROM source WHERE NOT ({holds}) ORDER BY ALL LIMIT 3"  # noqa: S608 -- names and paths of our own
        ).fetchall()
        if bad:
            raise UsageError(f"{_places(bad, sources)}: `{name}` {fault}")
    order = "period_from > period_to"  # both are ISO dates by now, which sort as text
    bad = engine.execute(
        f"SELECT source_file, source_row FROM source WHERE {order} ORDER BY ALL LIMIT 3"  # noqa: S608 -- names and paths of our own
    ).fetchall()
    if bad:
        raise UsageError(f"{_places(bad, sources)}: `period_from` is after `period_to`")


def require_agreement(engine: duckdb.DuckDBPyConnection, sources: Sequence[Path]) -> None:
    """Return when the rows of each `record_id` agree on the person (contracts 2)."""
    person = ", ".join(PERSON_COLUMNS)
    # One pass by hash tells whether any differ at all; only then is the column looked for.
    differing = engine.execute(
        f"SELECT count(*) FROM (SELECT record_id FROM (SELECT record_id, hash({person}) AS h FROM source) "  # noqa: S608 -- names and paths of our own
        "GROUP BY record_id HAVING min(h) <> max(h))"
    ).fetchone()
    if differing == (0,):
        return
    for name in PERSON_COLUMNS:
        bad = engine.execute(
            f"SELECT min(source_file), min(source_row) FROM source GROUP BY record_id "  # noqa: S608 -- names and paths of our own
            f"HAVING count(DISTINCT {name}) + (count({name}) < count(*) AND count({name}) > 0)::INT > 1 "
            "ORDER BY ALL LIMIT 3"
        ).fetchall()
        if bad:
            raise UsageError(f"{_places(bad, sources)}: rows of one `record_id` differ in `{name}`")

    raise UsageError("rows of one `record_id` differ in a column of the person")


def _places(bad: Sequence[tuple[int, int]], sources: Sequence[Path]) -> str:
    return ", ".join(f"`{sources[file].name}` row {row}" for file, row in bad)
