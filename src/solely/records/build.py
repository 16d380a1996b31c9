"""The index of a custodian's records, built whole and put in place in one step.

- Names are folded and addresses standardised once per distinct value, in Python, with the very functions
  that read requests; keys are made in SQL, and hash as `matching.keys.hash_of` does (R-40).
- What an index holds: persons, their addresses, one table of all keys sorted by hash, how many bear each
  name, the streets of each ZIP. Columns that the contract does not name never enter (R-45).
- The old index stands until the new one is whole.
"""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import numpy as np

from solely.errors import TroubleError
from solely.facts.address import standardise
from solely.facts.address_tables import AddressTables
from solely.folding import tokens
from solely.matching.keys import SENTINEL_BIRTH, SENTINEL_NUMBERS, family_key_tokens, given_key_tokens
from solely.matching.names import SUFFIXES, sound_of, suffix_of
from solely.model import Address
from solely.records.index import FILES, FORMAT, TABLES, publish, sha256_file
from solely.records.key_array import HASH, HASH_FILE, ORDINAL, ORDINAL_FILE
from solely.records.key_sql import hash_sql
from solely.records.people import LINE_FILE, START, START_FILE
from solely.records.source import load, read_mapping, require_agreement, require_sound
from solely.store.engine import column, open_engine
from solely.store.files import flush_file, flush_folder

# Read from a family name only where the suffix column is empty; I and V may be initials.
SUFFIXES_IN_NAME = frozenset({"JR", "SR", "II", "III", "IV"})
BATCH = 200_000
MEMORY_LIMIT = "4GB"
KEY_RANGE = 2**58
BLOCK_BYTES = 2**24
LINE_FEED = ord("\n")


def build_index(
    sources: Sequence[Path],
    target: Path,
    *,
    as_of: date,
    mapping: Mapping[str, str] | Path | None,
    tables: AddressTables,
    is_synthetic: bool,
) -> dict[str, Any]:
    """The new index's summary (`as_of`, `counts`, `digest`); `target` then holds that index and no other.

    Raises UsageError naming file, row and column where the custodian's files cannot be read as stated.
    """
    target.mkdir(parents=True, exist_ok=True)
    folder = target / uuid4().hex[:16]
    folder.mkdir()
    try:
        # The engine reaches the custodian's files and the new folder, nothing else.
        engine = open_engine([folder, *{each.resolve().parent for each in sources}], MEMORY_LIMIT)
        load(engine, sources, read_mapping(mapping))
        require_sound(engine, sources)
        require_agreement(engine, sources)
        counts = _fill(engine, folder, tables)
    except duckdb.Error as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise TroubleError(f"the index cannot be built: {type(error).__name__}", retry=False) from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return _published(
        target, folder, {"as_of": as_of.isoformat(), "synthetic": is_synthetic, "counts": counts}
    )


def _published(target: Path, folder: Path, stated: Mapping[str, Any]) -> dict[str, Any]:
    for name in FILES:
        flush_file(folder / name)
    flush_folder(folder)
    files = {name: sha256_file(folder / name) for name in FILES}
    digest = publish(target, folder, {"format": FORMAT, **stated, "files": files})
    return {"as_of": stated["as_of"], "counts": dict(stated["counts"]), "digest": digest}


def _fill(engine: duckdb.DuckDBPyConnection, folder: Path, tables: AddressTables) -> dict[str, int]:
    """Make every table and write it; the counts come back."""
    _fold_names(engine)
    _standardise_addresses(engine, tables)
    engine.execute(PERSONS_SQL)
    engine.execute(ADDRESSES_SQL)
    engine.execute("DROP TABLE source")
    engine.execute(KEYS_SQL)
    engine.execute(NAMES_SQL)
    engine.execute(STREETS_SQL)
    counts = {}
    for table in TABLES:
        path = _quoted_path(folder / f"{table}.parquet")
        # Hashes do not compress; the other files are read row group by row group at every search.
        codec = "uncompressed" if table in ("keys", "streets") else "snappy"
        engine.execute(f"COPY ({WRITTEN[table]}) TO '{path}' (FORMAT parquet, COMPRESSION {codec})")
        found = engine.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 -- names and paths of our own
        counts[table] = int(found[0]) if found else 0
    _write_keys(engine, folder)
    _write_people(engine, folder)
    return counts


def _quoted_path(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")


def _write_keys(engine: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The arrays of `key_array`, from the sorted table on disk, a range of hashes at a time."""
    table = f"read_parquet('{_quoted_path(folder / 'keys.parquet')}')"
    with (folder / HASH_FILE).open("wb") as hashes, (folder / ORDINAL_FILE).open("wb") as ordinals:
        for low in range(-(2**63), 2**63, KEY_RANGE):
            found = engine.execute(
                f"SELECT hash, ordinal FROM {table} WHERE hash BETWEEN {low} AND {low + KEY_RANGE - 1} "  # noqa: S608 -- names and paths of our own
                "ORDER BY hash, ordinal"
            ).fetchnumpy()
            found["hash"].astype(HASH).tofile(hashes)
            found["ordinal"].astype(ORDINAL).tofile(ordinals)


def _write_people(engine: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The lines of `people`, and where each begins."""
    path = folder / LINE_FILE
    # JSON escapes control characters, so no line holds the delimiter or a line end of its own.
    engine.execute(
        f"COPY ({PEOPLE_SQL}) TO '{_quoted_path(path)}' "
        "(FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER e'\x01')"
    )
    with path.open("rb") as lines, (folder / START_FILE).open("wb") as starts:
        np.array([0], dtype=START).tofile(starts)
        place = 0
        while block := lines.read(BLOCK_BYTES):
            ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == LINE_FEED)
            (ends + (place + 1)).astype(START).tofile(starts)
            place += len(block)


def _fold_names(engine: duckdb.DuckDBPyConnection) -> None:
    """Fill `folded`: each distinct value of a name field with its tokens and the tokens that make keys."""
    fields = {
        "given": "given_name",
        "middle": "middle_name",
        "family": "family_name",
        "family_2": "family_name_2",
    }
    distinct = " UNION ".join(
        f"SELECT '{field}', {name} FROM source WHERE {name} IS NOT NULL"  # noqa: S608 -- names and paths of our own
        for field, name in fields.items()
    )
    _per_value(
        engine,
        distinct,
        "folded",
        ("field", "value", "folded", "suffix", "key_tokens", "sounds"),
        _folded_name,
    )
    suffixes = "SELECT DISTINCT suffix FROM source WHERE suffix IS NOT NULL"
    _per_value(engine, suffixes, "suffixes", ("value", "suffix"), lambda value: (value, suffix_of(value)))


def _folded_name(field: str, value: str) -> tuple[str, ...]:
    words, suffix = tokens(value), ""
    if field.startswith("family") and len(words) > 1 and words[-1] in SUFFIXES_IN_NAME:
        words, suffix = words[:-1], SUFFIXES[words[-1]]
    chosen = family_key_tokens(words) if field.startswith("family") else given_key_tokens(words)
    sounds = tuple(sound_of(each) for each in chosen)
    return field, value, " ".join(words), suffix, " ".join(chosen), " ".join(sounds)


def _standardise_addresses(engine: duckdb.DuckDBPyConnection, tables: AddressTables) -> None:
    """Fill `standard`: each distinct address as filed, and its standard parts where it has any."""
    distinct = "SELECT DISTINCT street_line, unit, city, state, zip FROM source"

    def standard(
        line: str | None, unit: str | None, city: str | None, state: str | None, code: str | None
    ) -> Any:
        found = standardise(line, unit, city, state, code, tables)
        return (
            line,
            unit,
            city,
            state,
            code,
            *(found if found is not None else (None,) * len(Address._fields)),
        )

    filed = ("street_line", "unit", "city", "state", "zip")
    _per_value(engine, distinct, "standard", (*filed, *(f"s_{each}" for each in Address._fields)), standard)


def _per_value(
    engine: duckdb.DuckDBPyConnection,
    distinct: str,
    table: str,
    names: Sequence[str],
    convert: Callable[..., Sequence[Any]],
) -> None:
    """Fill `table` with `convert` of every row of the query `distinct`, in batches of bounded memory."""
    engine.execute(f"CREATE TABLE {table} ({', '.join(f'{name} VARCHAR' for name in names)})")
    rows = engine.cursor().execute(distinct)
    while batch := rows.fetchmany(BATCH):
        made = zip(*(convert(*each) for each in batch), strict=True)
        _append(engine, table, dict(zip(names, made, strict=True)))


def _append(engine: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, Iterable[Any]]) -> None:
    engine.register("batch_in", {name: column(list(values)) for name, values in columns.items()})
    engine.execute(f"INSERT INTO {table} SELECT {', '.join(columns)} FROM batch_in")  # noqa: S608 -- names and paths of our own
    engine.unregister("batch_in")


def _quoted(values: Iterable[str]) -> str:
    return ", ".join(f"'{each}'" for each in sorted(values))


_STANDARD = ", ".join(f"s_{name}" for name in Address._fields)

# What is written of each table, and in which order.
WRITTEN = {
    "persons": "SELECT * EXCLUDE (given_keys, family_keys, sounds) FROM persons ORDER BY ordinal",
    "addresses": "SELECT * FROM addresses ORDER BY ordinal, place",
    "keys": "SELECT * FROM keys ORDER BY hash, ordinal",
    "names": "SELECT * FROM names ORDER BY token",
    "streets": "SELECT * FROM streets ORDER BY hash",
}

# One row per person, in the order of record ids; a filler number or birth date is kept as absent.
PERSONS_SQL = f"""
CREATE TABLE persons AS
SELECT (row_number() OVER (ORDER BY p.record_id) - 1)::BIGINT AS ordinal, p.record_id, p.status,
       coalesce(g.folded, '') AS given, coalesce(m.folded, '') AS middle,
       coalesce(f.folded, '') AS family, coalesce(f2.folded, '') AS family_2,
       coalesce(s.suffix, nullif(f.suffix, ''), nullif(f2.suffix, ''), '') AS suffix,
       nullif(p.birth_date::DATE, DATE '{SENTINEL_BIRTH.isoformat()}') AS birth_date,
       p.death_date::DATE AS death_date,
       CASE WHEN p.taxpayer_number NOT IN ({_quoted(SENTINEL_NUMBERS)}) THEN p.taxpayer_number END
           AS taxpayer_number,
       coalesce(p.is_protected <> 'false', true) AS is_protected,
       coalesce(p.is_impaired <> 'false', true) AS is_impaired,
       coalesce(g.key_tokens, '') AS given_keys,
       trim(concat_ws(' ', f.key_tokens, f2.key_tokens)) AS family_keys,
       trim(concat_ws(' ', f.sounds, f2.sounds)) AS sounds
FROM (SELECT record_id, any_value(status) AS status, any_value(given_name) AS given_name,
             any_value(middle_name) AS middle_name, any_value(family_name) AS family_name,
             any_value(family_name_2) AS family_name_2, any_value(suffix) AS suffix,
             any_value(birth_date) AS birth_date, any_value(death_date) AS death_date,
             any_value(taxpayer_number) AS taxpayer_number, any_value(is_protected) AS is_protected,
             any_value(is_impaired) AS is_impaired
      FROM source GROUP BY record_id) p
LEFT JOIN folded g ON g.field = 'given' AND g.value = p.given_name
LEFT JOIN folded m ON m.field = 'middle' AND m.value = p.middle_name
LEFT JOIN folded f ON f.field = 'family' AND f.value = p.family_name
LEFT JOIN folded f2 ON f2.field = 'family_2' AND f2.value = p.family_name_2
LEFT JOIN suffixes s ON s.value = p.suffix
"""  # noqa: S608 -- names and paths of our own

# One row per person and address, in a fixed order that no input order changes.
ADDRESSES_SQL = """
CREATE TABLE addresses AS
SELECT p.ordinal,
       row_number() OVER (PARTITION BY p.ordinal ORDER BY a.period_from, a.period_to, a.street_line, a.unit,
                          a.city, a.state, a.zip) - 1 AS place,
       coalesce(a.street_line, '') AS street_line, coalesce(a.unit, '') AS unit, coalesce(a.city, '') AS city,
       coalesce(a.state, '') AS state, coalesce(a.zip, '') AS zip,
       a.period_from::DATE AS period_from, a.period_to::DATE AS period_to,
       s.* EXCLUDE (street_line, unit, city, state, zip)
FROM source a
JOIN persons p USING (record_id)
JOIN standard s ON s.street_line IS NOT DISTINCT FROM a.street_line AND s.unit IS NOT DISTINCT FROM a.unit
    AND s.city IS NOT DISTINCT FROM a.city AND s.state IS NOT DISTINCT FROM a.state
    AND s.zip IS NOT DISTINCT FROM a.zip
"""

# One line per person: what `people.person_of` reads.
PEOPLE_SQL = f"""
SELECT json_array(p.record_id, p.status, p.given, p.middle, p.family, p.family_2, p.suffix,
                  p.birth_date::VARCHAR, p.death_date::VARCHAR, p.taxpayer_number, p.is_protected,
                  p.is_impaired, coalesce(a.homes, []))
FROM persons p LEFT JOIN (
    SELECT ordinal, list(json_array(street_line, unit, city, state, zip, period_from::VARCHAR,
                                    period_to::VARCHAR,
                                    CASE WHEN s_kind IS NOT NULL THEN json_array({_STANDARD}) END)
                         ORDER BY place) AS homes
    FROM addresses GROUP BY ordinal) a USING (ordinal)
ORDER BY ordinal
"""  # noqa: S608 -- names and paths of our own

# Every key text of `matching.keys`, hashed: the twin of `person_texts`, `address_texts` and `zip_texts`.
KEYS_SQL = f"""
CREATE TABLE keys AS
WITH person AS (
    SELECT ordinal, taxpayer_number, birth_date::VARCHAR AS day,
           list_filter(string_split(given_keys, ' '), lambda x: x <> '') AS givens,
           list_filter(string_split(family_keys, ' '), lambda x: x <> '') AS families,
           list_filter(string_split(sounds, ' '), lambda x: x <> '') AS sounds
    FROM persons),
given AS (SELECT ordinal, day, families, sounds, unnest(givens) AS given FROM person),
pair AS (SELECT ordinal, day, given, unnest(families) AS family, unnest(sounds) AS sound FROM given),
door AS (
    SELECT DISTINCT ordinal, s_zip5 AS zip5, s_street AS street,
           CASE WHEN s_kind = 'street' THEN s_number
                ELSE s_kind || ':' || s_number || ':' || s_box END AS door
    FROM addresses WHERE s_zip5 <> ''),
family_at AS (SELECT d.*, unnest(p.families) AS family FROM door d JOIN person p USING (ordinal)),
texts AS (
    SELECT ordinal, 'T|' || taxpayer_number AS text FROM person WHERE taxpayer_number IS NOT NULL
    UNION ALL
    SELECT ordinal, 'D|' || least(family, given) || '|' || greatest(family, given) || '|' || day
    FROM pair WHERE day IS NOT NULL
    UNION ALL
    SELECT ordinal, 'S|' || sound || '|' || left(given, 1) || '|' || day FROM pair WHERE day IS NOT NULL
    UNION ALL
    SELECT ordinal, 'A|' || door || '|' || street || '|' || zip5 || '|' || left(family, 1) FROM family_at
    UNION ALL
    SELECT ordinal, 'B|' || door || '|' || zip5 || '|' || family FROM family_at
    UNION ALL
    SELECT z.ordinal, 'Z|' || least(family, given) || '|' || greatest(family, given) || '|' || zip5
    FROM (SELECT DISTINCT ordinal, zip5 FROM door) z JOIN pair USING (ordinal))
SELECT DISTINCT {hash_sql("text")} AS hash, ordinal FROM texts
"""  # noqa: S608 -- names and paths of our own

NAMES_SQL = """
CREATE TABLE names AS
SELECT token, count(DISTINCT ordinal) AS bearers
FROM (SELECT ordinal, unnest(string_split(concat_ws(' ', given, middle, family, family_2), ' ')) AS token
      FROM persons)
WHERE token <> '' GROUP BY token
"""

STREETS_SQL = f"""
CREATE TABLE streets AS
SELECT {hash_sql("'N|' || s_zip5 || '|' || s_street")} AS hash, s_street AS street, count(*) AS addresses
FROM addresses WHERE s_kind = 'street' AND s_street <> '' GROUP BY s_zip5, s_street
"""  # noqa: S608 -- names and paths of our own
