"""Retrieval finds each true pair by every kind of key, reads nothing unasked, and journals every read."""

import random
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest

from solely.matching.keys import KINDS, subject_keys
from solely.records.access import write_access
from solely.records.indexed import IndexedRecords
from solely.records.key_array import AT_ONCE, HASH, HASH_FILE, ORDINAL, ORDINAL_FILE, KeyArray
from solely.records.reference import ReferenceRecords
from solely.store.engine import BatchFiles, open_engine
from tests.support.matching_world import home, subject
from tests.support.records_world import index_of, row

AT = datetime(2025, 7, 1, 12, tzinfo=UTC)
ENGINES = [IndexedRecords, ReferenceRecords]
FAR = {"street_line": "9 Elder Road", "zip": "77002", "city": "Houston", "state": "TX"}


def ids(records, asked) -> list[str]:
    return [each.record_id for each in records.retrieve([asked], AT).candidates[asked.row]]


# Each kind of key alone finds the pair: everything else of the request or the record is made to differ.
BY_KIND = {
    "T": (subject("X||Y", taxpayer_number="900661234", address=home("1")), row("R1", **FAR)),
    "D": (subject("GARCIA||JOSE", address=home("1")), row("R1", **FAR)),
    "S": (subject("JULIO||GARZIA", address=home("1")), row("R1", **FAR)),
    "A": (subject("ANN||GXX", birth_date=date(1999, 9, 9)), row("R1")),
    "B": (subject("ANN||GARCIA", birth_date=date(1999, 9, 9), address=home("123", "ELM")), row("R1")),
    "Z": (subject("JOSE||GARCIA", birth_date=None, address=home("1", "ELM")), row("R1", birth_date="")),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_key_finds_its_pair(tmp_path: Path, kind: str, engine) -> None:
    asked, held = BY_KIND[kind]
    other = row(
        "R2", given_name="Wu", family_name="Xi", birth_date="1955-05-05", taxpayer_number="900675678", **FAR
    )
    records = engine(index_of(tmp_path, [held, other]))
    assert kind in {key.kind for key in subject_keys(asked)}
    assert ids(records, asked) == ["R1"]


@pytest.mark.rule("R-01")
@pytest.mark.parametrize("engine", ENGINES)
def test_only_the_subjects_handed_in_are_searched_and_every_read_is_journaled(tmp_path: Path, engine) -> None:
    rows = [row("R1"), row("R2", given_name="Ana", taxpayer_number=""), row("R3", family_name="Zorn", **FAR,
            birth_date="1970-01-02", taxpayer_number="900675678")]  # fmt: skip
    records = engine(index_of(tmp_path, rows))
    found = records.retrieve([subject(row=7)], AT)
    assert [each.record_id for each in found.candidates[7]] == ["R1", "R2"]
    assert [(a.row, a.record_ref, a.purpose, a.at) for a in found.access] == [
        (7, "R1", "candidate", AT), (7, "R2", "candidate", AT)
    ]  # fmt: skip
    assert records.retrieve([], AT).access == []


@pytest.mark.rule("R-39")
@pytest.mark.parametrize("engine", ENGINES)
def test_the_walk_finds_the_namesake_whom_a_misspelled_request_would_miss(tmp_path: Path, engine) -> None:
    # The request misspells the family name's first letter; the father is found by nothing it says.
    father = row("R2", birth_date="1950-01-03", taxpayer_number="900675678")
    records = engine(index_of(tmp_path, [row("R1"), father]))
    asked = subject("JOSE||CARCIA", taxpayer_number="900661234")
    found = records.retrieve([asked], AT)
    assert [each.record_id for each in found.candidates[1]] == ["R1", "R2"]
    assert [(a.record_ref, a.purpose) for a in found.access] == [("R1", "candidate"), ("R2", "rival")]


@pytest.mark.parametrize("engine", ENGINES)
def test_former_addresses_dependents_and_the_dead_are_gathered_whole(tmp_path: Path, engine) -> None:
    old = row(
        "R1", period_from="1990-01-01", period_to="1999-12-31", status="dependent", death_date="2010-01-01"
    )
    new = {**old, **FAR, "period_from": "2000-01-01", "period_to": ""}
    records = engine(index_of(tmp_path, [old, new]))
    (found,) = records.retrieve([subject(birth_date=None)], AT).candidates[1]
    assert (found.status, found.death_date, len(found.addresses)) == ("dependent", date(2010, 1, 1), 2)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_block_above_the_cap_marks_the_item(tmp_path: Path, engine) -> None:
    rows = [row(f"R{n}", given_name="Ana", birth_date="", taxpayer_number="") for n in range(4)]
    folder = index_of(tmp_path, rows)
    assert engine(folder, block_records_max=4).retrieve([subject()], AT).capped == frozenset()
    found = engine(folder, block_records_max=3).retrieve([subject()], AT)
    assert found.capped == frozenset({1}) and list(found.candidates[1]) == []


@pytest.mark.rule("R-83")
@pytest.mark.parametrize("engine", ENGINES)
def test_a_record_is_read_again_by_its_id(tmp_path: Path, engine) -> None:
    records = engine(index_of(tmp_path, [row("R1"), row("R2", is_protected="true")]))
    found = records.reread(["R2", "R9"])
    assert list(found) == ["R2"] and found["R2"].is_protected is True


@pytest.mark.rule("R-01")
def test_the_access_journal_holds_one_row_per_record_read(tmp_path: Path) -> None:
    records = IndexedRecords(index_of(tmp_path, [row("R1"), row("R2", given_name="Ana")]))
    found = records.retrieve([subject(row=3)], AT)
    path = tmp_path / "access.parquet"
    digest = write_access(BatchFiles(open_engine(tmp_path)), path, found.access, {3: "REQ-3"})
    assert len(digest) == 64
    with duckdb.connect() as engine:
        rows = engine.execute("SELECT * FROM read_parquet($1) ORDER BY record_ref", [str(path)]).fetchall()
    at = AT.isoformat()
    assert rows == [(3, "REQ-3", "R1", "candidate", at), (3, "REQ-3", "R2", "candidate", at)]


def test_no_row_makes_a_journal_without_rows(tmp_path: Path) -> None:
    write_access(BatchFiles(open_engine(tmp_path)), tmp_path / "access.parquet", [], {})
    with duckdb.connect() as engine:
        count = engine.execute(
            "SELECT count(*) FROM read_parquet($1)", [str(tmp_path / "access.parquet")]
        ).fetchone()
    assert count == (0,)


def test_a_search_for_many_keys_finds_every_block_and_holds_none_of_the_index_in_memory(tmp_path):
    draw = random.Random(5)
    keys = sorted(draw.randrange(-(2**63), 2**63) for _ in range(3 * AT_ONCE))
    keys = sorted(keys + keys[:100])  # some persons share a key
    (tmp_path / HASH_FILE).write_bytes(np.array(keys, HASH).tobytes())
    (tmp_path / ORDINAL_FILE).write_bytes(np.arange(len(keys), dtype=ORDINAL).tobytes())
    people: dict[int, list[int]] = {}
    for ordinal, key in enumerate(keys):
        people.setdefault(key, []).append(ordinal)
    asked = [*keys, *(draw.randrange(-(2**63), 2**63) for _ in range(1000))]
    draw.shuffle(asked)
    index = KeyArray(tmp_path)
    found = {asked[at]: block.tolist() for at, block in index.blocks(np.array(asked, HASH))}
    assert found == people
    assert _resident(tmp_path) == 0


def _resident(folder: Path) -> int:
    """Kilobytes of the mapped files of a folder that this process holds."""
    maps, held = Path("/proc/self/smaps").read_text().splitlines(), 0
    for at, line in enumerate(maps):
        if line.endswith((str(folder / HASH_FILE), str(folder / ORDINAL_FILE))):
            held += int(next(each for each in maps[at:] if each.startswith("Rss:")).split()[1])
    return held
