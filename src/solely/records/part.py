"""A part of the custodian's rows as tables: persons, their addresses, keys, names and streets.

- Names are folded and addresses standardised once per distinct value, in Python, with the very functions
  that read requests; keys are made in SQL, and hash as `matching.keys.hash_of` does (R-40).
- A part holds whole persons: all rows of a record id or none. Ordinals count within the part.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import duckdb

from solely.facts.address import standardise
from solely.facts.address_tables import AddressTables
from solely.folding import tokens
from solely.matching.keys import SENTINEL_BIRTH, SENTINEL_NUMBERS, family_key_tokens, given_key_tokens
from solely.matching.names import BEHIND_FAMILY, BEHIND_GIVEN, part_suffix, sound_of, suffix_of
from solely.model import Address
from solely.records.key_sql import hash_sql, unsigned_hash_sql
from solely.records.odd_rows import FIRST_YEAR
from solely.store.engine import column

# Of each field of a name: the words that are a suffix behind it, and how many words stand before one. A
# second family name stands behind the first, so a suffix may be all that it holds; so may a middle name.
SUFFIXED = {
    "given": (BEHIND_GIVEN, 1),
    "middle": (BEHIND_GIVEN, 0),
    "family": (BEHIND_FAMILY, 1),
    "family_2": (BEHIND_FAMILY, 0),
}
BATCH = 100_000
MADE = ("folded", "suffixes", "standard", "persons", "addresses")


def tabulate(engine: duckdb.DuckDBPyConnection, tables: AddressTables) -> None:
    """Make `persons` and `addresses` of the table `source`, which is dropped."""
    _fold_names(engine)
    _standardise_addresses(engine, tables)
    engine.execute(PERSONS_SQL)
    engine.execute(ADDRESSES_SQL)
    engine.execute("DROP TABLE source")


def drop_part(engine: duckdb.DuckDBPyConnection) -> None:
    """Forget the tables of this part."""
    for table in MADE:
        engine.execute(f"DROP TABLE {table}")


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
    words, suffix = part_suffix(tokens(value), *SUFFIXED[field])
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

# One row per person, in the order of record ids; a filler for a number or a date is kept as absent.
PERSONS_SQL = f"""
CREATE TABLE persons AS
SELECT (row_number() OVER (ORDER BY p.record_id) - 1)::BIGINT AS ordinal, p.record_id, p.status,
       coalesce(g.folded, '') AS given, coalesce(m.folded, '') AS middle,
       coalesce(f.folded, '') AS family, coalesce(f2.folded, '') AS family_2,
       coalesce(nullif(s.suffix, ''), nullif(f.suffix, ''), nullif(f2.suffix, ''), nullif(g.suffix, ''),
                nullif(m.suffix, ''), '') AS suffix,
       CASE WHEN p.birth_date >= '{FIRST_YEAR}' AND p.birth_date <> '{SENTINEL_BIRTH.isoformat()}'
            THEN p.birth_date::DATE END AS birth_date,
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
ADDRESSES_SQL = f"""
CREATE TABLE addresses AS
SELECT p.ordinal,
       row_number() OVER (PARTITION BY p.ordinal ORDER BY a.period_from, a.period_to, a.street_line, a.unit,
                          a.city, a.state, a.zip) - 1 AS place,
       coalesce(a.street_line, '') AS street_line, coalesce(a.unit, '') AS unit, coalesce(a.city, '') AS city,
       coalesce(a.state, '') AS state, coalesce(a.zip, '') AS zip,
       CASE WHEN a.period_from >= '{FIRST_YEAR}' THEN a.period_from::DATE END AS period_from,
       a.period_to::DATE AS period_to,
       s.* EXCLUDE (street_line, unit, city, state, zip)
FROM source a
JOIN persons p USING (record_id)
JOIN standard s ON s.street_line IS NOT DISTINCT FROM a.street_line AND s.unit IS NOT DISTINCT FROM a.unit
    AND s.city IS NOT DISTINCT FROM a.city AND s.state IS NOT DISTINCT FROM a.state
    AND s.zip IS NOT DISTINCT FROM a.zip
"""  # noqa: S608 -- names and paths of our own

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
SELECT DISTINCT {unsigned_hash_sql("text")} AS hash, ordinal::UINTEGER AS ordinal FROM texts
"""  # noqa: S608 -- names and paths of our own

NAMES_SQL = """
SELECT token, count(DISTINCT ordinal) AS bearers
FROM (SELECT ordinal, unnest(string_split(concat_ws(' ', given, middle, family, family_2), ' ')) AS token
      FROM persons)
WHERE token <> '' GROUP BY token
"""

STREETS_SQL = f"""
SELECT {hash_sql("'N|' || s_zip5 || '|' || s_street")} AS hash, s_street AS street, count(*) AS addresses
FROM addresses WHERE s_kind = 'street' AND s_street <> '' GROUP BY s_zip5, s_street
"""  # noqa: S608 -- names and paths of our own
