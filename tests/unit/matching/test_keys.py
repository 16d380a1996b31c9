"""Keys find each true pair through every kind, and every engine hashes them alike."""

import csv
import hashlib
from datetime import date
from pathlib import Path

import duckdb
import pytest

from solely.matching.keys import KINDS, hash_of, subject_keys, subject_texts
from tests.support.matching_world import home, subject

VECTORS = Path("vectors/keys/keys.csv")


def vectors() -> list[dict[str, str]]:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_hashes_are_those_of_the_shared_vectors() -> None:
    rows = vectors()
    assert {row["text"][0] for row in rows} == {*KINDS, "N"}
    for row in rows:
        assert hash_of(row["text"]) == int(row["hash"])
        assert row["hash"] == str(
            int.from_bytes(hashlib.sha256(row["text"].encode()).digest()[:8], "big", signed=True)
        )


def test_duckdb_hashes_alike() -> None:
    from solely.records.key_sql import hash_sql

    rows = vectors()
    with duckdb.connect() as engine:
        for row in rows:
            found = engine.execute(f"SELECT {hash_sql('$1')}", [row["text"]]).fetchone()
            assert found == (int(row["hash"]),)


@pytest.mark.rule("R-88")
def test_a_subject_s_keys_are_these_and_no_more() -> None:
    asked = subject("MARIA ELENA||DE LA CRUZ", taxpayer_number="900661234", birth_date=date(1980, 5, 17))
    assert subject_texts(asked) == (
        "T|900661234",
        "D|CRUZ|MARIA|1980-05-17",
        "D|CRUZ|ELENA|1980-05-17",
        "D|DELACRUZ|MARIA|1980-05-17",
        "D|DELACRUZ|ELENA|1980-05-17",
        "S|C620|M|1980-05-17",
        "S|C620|E|1980-05-17",
        "S|D426|M|1980-05-17",
        "S|D426|E|1980-05-17",
        "A|123|LARKSPUR|60629|C",
        "B|123|60629|CRUZ",
        "A|123|LARKSPUR|60629|D",
        "B|123|60629|DELACRUZ",
    )


def test_the_zip_key_is_asked_only_without_a_birth_date() -> None:
    assert "Z" not in {key.kind for key in subject_keys(subject())}
    assert {key.kind for key in subject_keys(subject(birth_date=None))} == {"A", "B", "Z"}


@pytest.mark.rule("R-33")
def test_an_absent_value_makes_no_key() -> None:
    asked = subject("||", birth_date=None, taxpayer_number="000000000", address=home(zip5=""))
    assert subject_keys(asked) == ()


def test_swapped_columns_meet_in_the_same_keys() -> None:
    straight = {text for text in subject_texts(subject("JOSE||GARCIA")) if text[0] == "D"}
    assert straight == {text for text in subject_texts(subject("GARCIA||JOSE")) if text[0] == "D"}
