"""The demo's world on disk: signed batch, enrolled people, signed law copy, the same rows from one seed."""

import csv
import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from demo import people, submission, world
from demo.batch import TRUTH_COLUMNS, officer_ids
from demo.population import RECORD_COLUMNS
from demo.submission import Sender
from demo.world import Folders, Size
from solely.model import COLUMNS
from solely.signing import key_id, parse_public_key, verify
from solely.store.law import find_law
from solely.store.signed_law import load_law
from solely.store.trust import read_trust
from tests.support.tree import ROOT

TODAY = date(2026, 3, 2)
SIZE = Size(41, 600, 60)


@pytest.fixture(scope="module")
def law() -> Path:
    return ROOT / "law"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, law: Path) -> Folders:
    population, requests = world.generate(SIZE, TODAY)
    return world.write(tmp_path_factory.mktemp("world"), population, requests, law)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_letter_binds_the_data_and_is_signed_by_the_enrolled_office(made: Folders) -> None:
    letter = (made.batch / "letter.json").read_bytes()
    words = json.loads(letter)
    enrolled = read_trust(made.trust).requesters[people.SIGNER]
    public = parse_public_key(enrolled.public_key_pem)
    verify(public, (made.batch / "letter.json.sig").read_bytes(), letter)
    assert words["data_sha256"] == sha256((made.batch / words["data_file"]).read_bytes()).hexdigest()
    assert (words["key_id"], words["signer_office"]) == (key_id(public), people.SIGNER)
    assert words["date"] == TODAY.isoformat()
    assert all(isinstance(value, str) for value in words.values())


def test_the_files_have_the_columns_of_the_contracts(made: Folders) -> None:
    assert tuple(rows_of(made.batch / "data.csv")[0]) == COLUMNS
    assert tuple(rows_of(made.record_files()[0])[0]) == RECORD_COLUMNS
    truth = rows_of(made.truth)
    assert tuple(truth[0]) == TRUTH_COLUMNS
    requests = rows_of(made.batch / "data.csv")
    assert [row["request_id"] for row in truth] == [row["request_id"] for row in requests]


def test_one_seed_writes_the_same_rows_and_new_keys(made: Folders, tmp_path: Path, law: Path) -> None:
    again = world.write(tmp_path, *world.generate(SIZE, TODAY), law)
    for part in ("truth.csv", "batch/data.csv", "records/records.csv"):
        assert (again.root / part).read_bytes() == (made.root / part).read_bytes()
    keys = [folders.key("requesters", people.SIGNER).read_bytes() for folders in (made, again)]
    assert keys[0] != keys[1]


def test_a_new_world_leaves_nothing_that_was_made_from_the_one_before(tmp_path: Path, law: Path) -> None:
    folders = world.write(tmp_path, *world.generate(SIZE, TODAY), law)
    fresh = {path.name for path in tmp_path.iterdir()}
    for name in ("receipt.txt", "cure.csv", "gate/log.vkey", "kept/checkpoint"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("under the key of the world before")
    world.write(folders.root, *world.generate(SIZE, TODAY), law)
    assert {path.name for path in tmp_path.iterdir()} == fresh


def test_a_folder_that_holds_no_world_keeps_its_other_files(tmp_path: Path, law: Path) -> None:
    (tmp_path / "letter.txt").write_text("somebody's own")
    world.write(tmp_path, *world.generate(SIZE, TODAY), law)
    assert (tmp_path / "letter.txt").exists()


def test_trust_holds_officers_who_may_and_some_who_may_not(made: Folders) -> None:
    officers = read_trust(made.trust).officers
    able = {name for name, each in officers.items() if each.is_valid_on(TODAY)}
    assert able == set(officer_ids(SIZE.items)) and len(able) >= 24
    assert officers.keys() - able == {people.EXPIRED_OFFICER, people.MAILBOX}


def test_approvers_were_enrolled_by_different_offices(made: Folders) -> None:
    approvers = read_trust(made.trust).approvers.values()
    assert len(approvers) >= 3
    assert len({each.enrolled_by for each in approvers}) == len(approvers)
    assert len({each.key_id for each in approvers}) == len(approvers)


def test_private_keys_are_for_their_owner_alone(made: Folders) -> None:
    keys = list((made.root / "keys").rglob("*.pem"))
    assert {path.stat().st_mode & 0o777 for path in keys} == {0o600}
    assert {path.parent.name for path in keys} >= {"requesters", "approvers", "officers", "parties"}


def test_both_parties_sign_the_copy_of_the_agreement(made: Folders) -> None:
    files, trust = find_law(made.agreement), read_trust(made.trust)
    assert set(files.signatures) == set(trust.parties) == set(people.PARTIES)
    assert load_law(files, trust).parties == tuple(people.PARTIES)


def test_parquet_holds_the_same_text_with_nulls_for_nothing(made: Folders, tmp_path: Path) -> None:
    rows = rows_of(made.batch / "data.csv")
    sender = Sender(day=TODAY, data_file="data.parquet")
    cells = ([row[column] for column in COLUMNS] for row in rows)
    folder = submission.write_batch(tmp_path / "batch", cells, made.root, sender)
    read = duckdb.execute("SELECT * FROM read_parquet(?)", [str(folder / "data.parquet")])
    assert tuple(column[0] for column in read.description) == COLUMNS
    stored = [dict(zip(COLUMNS, row, strict=True)) for row in read.fetchall()]
    assert stored == [{column: value or None for column, value in row.items()} for row in rows]
