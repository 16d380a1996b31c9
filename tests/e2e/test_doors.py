"""What a person sees who errs at the door: a sentence with the cure, an exit code, never a traceback."""

import shutil
from datetime import timedelta

import pytest

from solely import flow, services
from solely.agreement import duckdb_sql
from solely.store import rule_engine
from tests.support.world import APPROVERS, World, build_world

pytestmark = pytest.mark.e2e


def told(ran, code: int, *words: str) -> None:
    """The command left with `code` and a sentence that has these words, and no traceback."""
    assert ran.code == code, (ran.code, ran.err)
    assert "Traceback" not in ran.err
    assert all(word in ran.err for word in words), ran.err


@pytest.mark.rule("R-83")
def test_records_of_a_day_that_has_not_come_make_no_gate(fresh_world):
    files = [argument for path in fresh_world.folders.record_files() for argument in ("--records", path)]
    later = (fresh_world.today + timedelta(days=400)).isoformat()
    told(fresh_world.solely("init", fresh_world.gate, *files, "--as-of", later), 2, "--as-of", "future")
    passed = (fresh_world.today - timedelta(days=1)).isoformat()
    told(fresh_world.solely("init", fresh_world.gate, "--release-until", passed), 2, "--release-until")
    told(fresh_world.solely("init", fresh_world.gate, "--profile", "production"), 2, "profile")


def test_wrong_places_are_named_and_nothing_is_half_done(fresh_world, tmp_path):
    world = fresh_world
    file = tmp_path / "file"
    file.write_text("not a gate")
    approver = world.key("approvers", APPROVERS[0])
    told(world.solely("run", world.folders.batch, "--gate", tmp_path / "none"), 2, "gate.toml")
    told(world.solely("init", file, "--agreement", world.folders.agreement), 2, "is a file")
    told(world.solely("init", ""), 2, "folder")
    told(world.solely("approve", "0" * 16, "--gate", world.gate, "--as", approver), 2, "no such batch")
    told(
        world.solely("report", "--gate", world.gate, "--out", file / "x.html"),
        2,
        "no folder can be made there",
    )
    told(world.solely("explain", "R-0", "--gate", world.gate), 2, "request id")
    told(
        world.solely("open", file, "--key", approver, "--gate", world.gate),
        1,
        "--confirm REQUEST_ID",
        "the id of the request that you mean to open",
    )
    told(world.solely("verify", world.gate / "ledger", "--key", tmp_path / "nokey"), 2)


@pytest.mark.rule("R-82")
def test_a_missing_or_damaged_state_stops_the_gate(fresh_world):
    state = fresh_world.gate / "state.sqlite"
    sound = state.read_bytes()
    state.write_bytes(b"not a database, but as long as one" * 200)
    told(fresh_world.run(), 5, "damaged")
    state.unlink()
    told(fresh_world.run(), 5, "state.sqlite")
    assert not state.exists()
    state.write_bytes(sound)
    assert fresh_world.run().code == 0


@pytest.mark.rule("R-56")
def test_an_old_copy_of_the_state_put_back_stops_the_gate_and_says_why(fresh_world):
    state = fresh_world.gate / "state.sqlite"
    old = state.read_bytes()
    assert fresh_world.run().code == 0
    state.write_bytes(old)
    told(fresh_world.run(), 5, "entries, the database only")
    told(fresh_world.approve(fresh_world.folders.batch, APPROVERS[0]), 5, "entries, the database only")


@pytest.mark.rule("R-08", "R-56")
def test_a_copy_of_the_whole_folder_put_back_undoes_no_stay_where_the_heads_lie_elsewhere(tmp_path):
    world = build_world(tmp_path / "world", people=400, items=20)
    heads = tmp_path / "elsewhere" / "heads.sqlite"
    inside = world.init("--heads", world.gate / "keys" / "heads.sqlite")
    told(inside, 2, "outside the gate's folder")
    heads.parent.mkdir()
    assert world.init("--heads", heads).code == 0
    assert not (world.gate / "keys" / "heads.sqlite").exists()
    batch = world.run(world.write_batch(world.fresh_rows(1), "valid")).result["batch"]
    assert world.approve(batch, APPROVERS[0]).code == 0
    copy = tmp_path / "copy"
    shutil.copytree(world.gate, copy)
    court = world.key("courts", "district-court")
    assert world.solely("stay", "--gate", world.gate, "--as", court, "--cite", "docket 25-cv-0677").code == 0
    shutil.rmtree(world.gate)
    copy.rename(world.gate)
    told(world.approve(batch, APPROVERS[1]), 5, "an older copy was put back")
    heads.unlink()
    told(world.approve(batch, APPROVERS[1]), 5, "the store of signed heads")
    told(world.init_again("--heads", tmp_path / "other.sqlite"), 2, "said once")


@pytest.mark.rule("R-56")
def test_no_production_gate_is_made_or_opened_that_would_not_notice_an_old_copy_of_itself(tmp_path):
    world = build_world(tmp_path / "world", people=400, items=20)
    told(world.init("--profile", "production"), 2, "no witness cosigns")
    told(world.init("--profile", "production", "--heads", tmp_path / "heads.sqlite"), 1, "secret agreement")
    shutil.rmtree(world.gate)
    made = world.init()
    assert (made.code, "undoes a stay and nobody notices" in made.err) == (0, True)
    config = world.gate / "gate.toml"
    config.write_text(config.read_text().replace('profile = "demo"', 'profile = "production"'))
    told(world.run(), 5, "no witness cosigns")


@pytest.mark.rule("R-02")
def test_an_engine_that_reads_a_rule_otherwise_decides_nothing(fresh_world, monkeypatch):
    for name, value in fresh_world.environment.items():
        monkeypatch.setenv(name, value)
    sound, told_so = duckdb_sql.expression_sql, []
    monkeypatch.setattr(
        duckdb_sql,
        "expression_sql",
        lambda expression, names: sound(expression, names).replace(" <= ", " < "),
    )
    rule_engine._prepared.cache_clear()  # or the sound reading of a test before is asked
    try:
        with services.opened(fresh_world.gate, progress=told_so.append) as opened:
            result = flow.run(opened, fresh_world.folders.batch)
    finally:
        rule_engine._prepared.cache_clear()  # or this one by a test after
    assert result["blocked"] == ["ENGINE_ERROR"]
    assert (result["releasable"], result["refused"]) == (0, 0)
    assert any("reads it otherwise than the plain evaluator" in line for line in told_so)
    assert fresh_world.run().result["blocked"] == []


@pytest.mark.rule("R-69", "R-81")
def test_the_requester_learns_how_a_review_ended_as_far_as_no_record_was_read(fresh_world):
    declined, confirmed = fresh_world.fresh_rows(2)
    rows = [row | {"statute": "18 USC 1001"} for row in (declined, confirmed)]
    assert fresh_world.run(fresh_world.write_batch(rows, "reviewed")).code == 0

    def vote(row, office: str, decide: str):
        return fresh_world.review(row["request_id"], office, decide)

    def answer(row):
        return fresh_world.solely("explain", row["request_id"], "--gate", fresh_world.gate, "--json").result

    assert answer(declined)["answer"] == "under_review"
    assert vote(declined, APPROVERS[0], "decline").code == 0
    assert (answer(declined)["answer"], answer(declined)["reasons"]) == ("returned", ["review:DECLINED"])
    for office in APPROVERS:
        assert vote(confirmed, office, "confirm").code == 0
    assert (answer(confirmed)["answer"], answer(confirmed)["reasons"]) == ("accepted", [])


@pytest.mark.rule("R-69")
def test_precheck_takes_a_bare_data_file_and_refuses_one_without_rows(fresh_world, tmp_path):
    law = ("--agreement", fresh_world.folders.agreement)
    ran = fresh_world.solely("precheck", fresh_world.folders.batch / "data.csv", *law)
    assert ran.code == 0
    assert len(ran.lines) == len(fresh_world.requests.rows) + 1
    assert "returned" in ran.err
    empty = tmp_path / "data.csv"
    empty.write_text((fresh_world.folders.batch / "data.csv").read_text().splitlines()[0] + "\n")
    told(fresh_world.solely("precheck", empty, *law), 1, "no row")


@pytest.mark.rule("R-57")
def test_only_the_gates_own_account_can_look_into_its_folder(fresh_world: World):
    assert fresh_world.gate.stat().st_mode & 0o077 == 0


@pytest.mark.rule("R-57")
def test_an_officer_finds_the_items_that_wait_for_a_person(fresh_world):
    rows = [row | {"statute": "18 USC 1001"} for row in fresh_world.fresh_rows(2)]
    assert fresh_world.run(fresh_world.write_batch(rows, "waiting")).code == 0
    ran = fresh_world.solely("referred", "--gate", fresh_world.gate)
    assert ran.code == 0, ran.err
    assert [line["request_id"] for line in ran.lines] == [row["request_id"] for row in rows]
    assert all(line["reasons"] == ["statute:NOT_LISTED"] for line in ran.lines), ran.out
