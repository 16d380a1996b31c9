"""`precheck` says of random rows exactly what the request stage of `run` says, without any record."""

import json
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.hostile_rows import hostile_rows
from tests.support.reading import answers_of, batch_folder, rows_of
from tests.support.world import World, build_world, sent_by

pytestmark = pytest.mark.e2e


def differences(world: World, seed: int, count: int) -> list[int]:
    """The rows of which precheck and run differ, over `count` random rows."""
    officers = tuple(f"officer-{number:02d}" for number in range(1, 21))
    batch = world.write_batch(hostile_rows(seed, count, officers), f"hostile-{seed}")
    day = datetime.now(UTC).date().isoformat()
    said = world.solely(
        "precheck", batch, "--agreement", world.folders.agreement, "--trust", world.folders.trust,
        "--received-on", day, "--json",
    )  # fmt: skip
    assert said.code == 0, said.err
    ran = world.run(batch)
    assert ran.code == 0, ran.err
    folder = batch_folder(world, ran.result["batch"])
    decided, answers = rows_of(folder / "dispositions.parquet"), answers_of(folder)
    *rows, _ = said.lines
    assert len(rows) == len(decided) == count
    return [
        row["row"]
        for row, stored, answer in zip(rows, decided, answers, strict=True)
        if not is_same(row, stored, answer["answer"])
    ]


def is_same(said: dict, stored: dict, answer: str) -> bool:
    """True when precheck's line says what was decided before any record was read."""
    if (said["row"], said["request_id"]) != (stored["row"], stored["request_id"]):
        return False
    if said["disposition"] == "passed":
        return answer == "accepted"
    seen = (said["disposition"], said["reasons"], said["rules"])
    return seen == (stored["disposition"], stored["reasons"], stored["rules"]) and answer != "accepted"


@pytest.mark.rule("R-69", "R-44")
def test_precheck_equals_run_on_random_rows(tmp_path):
    world = build_world(tmp_path, seed=21, people=600, items=60)
    assert world.init().code == 0
    assert differences(world, seed=1, count=2_000) == []


@pytest.mark.campaign
@pytest.mark.rule("R-69")
def test_precheck_equals_run_on_a_hundred_thousand_random_rows(tmp_path):
    world = build_world(tmp_path, seed=22, people=600, items=60)
    assert world.init().code == 0
    assert differences(world, seed=2, count=100_000) == []


def prechecked(world: World, batch, *more: str):
    """What `precheck` says of a submission."""
    law = world.folders.agreement
    return world.solely("precheck", batch, "--agreement", law, "--trust", world.folders.trust, *more)


@pytest.mark.rule("R-09", "R-11", "R-12", "R-13")
@pytest.mark.parametrize(
    ("words", "named"),
    [
        ({"agreement_version": "9"}, "another version of the agreement than 1"),
        ({"agreement": "treaty"}, "another agreement than `irs-ice-2025`"),
        ({"signer_office": "field-office-director"}, "but `secretary-of-homeland-security`"),
        ({"date": "2999-01-01"}, "dated after its receipt"),
        ({"data_sha256": "0" * 64}, "not the one that the letter covers"),
        ({"requester": "treasury"}, "names the custodian itself"),
        ({"format": "letter"}, "this gate reads `solely/letter/1` only"),
    ],
)
def test_precheck_refuses_a_letter_in_the_words_of_run_before_anybody_signs_it(fresh_world, words, named):
    sender = sent_by(fresh_world, **words)
    batch = fresh_world.write_batch(fresh_world.fresh_rows(1), "letter", sender=sender)
    (batch / "letter.json.sig").unlink()
    said = prechecked(fresh_world, batch)
    assert (said.code, named in said.err) == (1, True), said.err
    assert [list(each) for each in said.lines] == [["batch_refused"]]


@pytest.mark.rule("R-11", "R-12")
def test_precheck_holds_a_letter_against_its_office_where_offices_are_given(fresh_world):
    batch = fresh_world.write_batch(fresh_world.fresh_rows(1), "office")
    office = fresh_world.folders.trust / "requesters" / "secretary-of-homeland-security.toml"
    stated, last = office.read_text(encoding="utf-8"), fresh_world.today - timedelta(days=1)
    assert "enrolment of the office" not in prechecked(fresh_world, batch).result["not_checked"]
    office.write_text(re.sub(r"valid_to = \S+", f"valid_to = {last}", stated), encoding="utf-8")
    ended = prechecked(fresh_world, batch)
    assert (ended.code, "enrolment is not valid on this day" in ended.err) == (1, True), ended.err
    office.write_text(stated, encoding="utf-8")
    letter = batch / "letter.json"
    words = json.loads(letter.read_text(encoding="utf-8")) | {"key_id": "0" * 16}
    letter.write_text(json.dumps(words), encoding="utf-8")
    other = prechecked(fresh_world, batch)
    assert (other.code, "another key than the office's" in other.err) == (1, True), other.err
    shutil.rmtree(office.parent)
    officers_alone = prechecked(fresh_world, batch)
    assert (officers_alone.code, officers_alone.result["not_checked"][0]) == (0, "enrolment of the office")


@pytest.mark.rule("R-13", "R-103")
def test_precheck_says_what_no_letter_was_there_to_check(fresh_world):
    batch = fresh_world.write_batch(fresh_world.fresh_rows(1), "bare")
    assert "letter: none came" not in prechecked(fresh_world, batch).result["not_checked"]
    alone = prechecked(fresh_world, batch / "data.csv")
    assert (alone.code, "letter: none came" in alone.result["not_checked"]) == (0, True)
    (batch / "letter.json").write_text("{", encoding="utf-8")
    broken = prechecked(fresh_world, batch)
    assert (broken.code, "no JSON object" in broken.err) == (1, True), broken.err
    (batch / "letter.json").unlink()
    assert "letter: none came" in prechecked(fresh_world, batch).result["not_checked"]


def test_the_table_to_cure_takes_no_file_of_the_batch_away(fresh_world):
    batch = fresh_world.write_batch(fresh_world.fresh_rows(2), "own")
    stood = {each: each.read_bytes() for each in batch.iterdir()}
    for own in ("data.csv", "letter.json", "../own/data.csv"):
        said = prechecked(fresh_world, batch, "--out", batch / own)
        assert (said.code, "a file of the batch itself" in said.err) == (2, True), said.err
    assert {each: each.read_bytes() for each in batch.iterdir()} == stood
    assert prechecked(fresh_world, batch / "data.csv", "--out", batch / "data.csv").code == 2
    assert prechecked(fresh_world, batch, "--out", batch / "cure.csv").code == 0


def test_a_folder_named_for_the_table_to_cure_is_refused_and_nothing_is_left_beside_it(fresh_world, tmp_path):
    batch, mine = fresh_world.write_batch(fresh_world.fresh_rows(1), "bare"), tmp_path / "mine"
    mine.mkdir()
    said = prechecked(fresh_world, batch, "--out", str(mine))
    assert (said.code, "`--out` names a folder" in said.err) == (2, True), said.err
    assert not mine.with_name("mine.part").exists()


@pytest.mark.rule("R-69", "R-103")
def test_a_batch_that_is_refused_whole_is_an_object_too(fresh_world):
    batch = fresh_world.write_batch(fresh_world.fresh_rows(1), "wide")
    (batch / "data.csv").write_bytes(b"spouse," + (batch / "data.csv").read_bytes())
    said = fresh_world.solely("precheck", batch, "--agreement", fresh_world.folders.agreement, "--json")
    assert (said.code, list(said.lines[-1])) == (1, ["batch_refused"]), said.err
    refused = fresh_world.run(batch).result["batch_refused"]
    assert said.lines[-1]["batch_refused"].keys() == refused.keys() == {"rule", "reason", "element"}
