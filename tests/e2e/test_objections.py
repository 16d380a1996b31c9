"""An objection blocks until another official has answered it in writing, whatever the tables say (R-92)."""

from pathlib import Path

import pytest

from tests.support.world import APPROVERS, World, officer_of

pytestmark = pytest.mark.e2e
COUNSEL = "privacy-officer"


@pytest.fixture
def decided(fresh_world: World) -> World:
    """A world whose batch is decided and waits for approvals."""
    ran = fresh_world.run()
    assert ran.code == 0, ran.err
    return fresh_world


def write(world: World, verb: str, what: str | Path, office: str, note: str = "the letter names no case"):
    """One `object` or `answer` by an office."""
    keyfile = world.key("approvers", office)
    return world.solely(verb, what, "--gate", world.gate, "--as", keyfile, "--note", note)


@pytest.mark.rule("R-92")
def test_nothing_of_a_batch_leaves_until_another_official_answers(decided: World) -> None:
    objected = write(decided, "object", decided.folders.batch, COUNSEL)
    assert objected.code == 0, objected.err
    with decided.state() as state:
        state.execute("DELETE FROM writing")  # no table makes an objection disappear
    ran = decided.approve_by_two(decided.folders.batch)
    assert (ran.code, ran.result["blocked"], len(decided.packages())) == (5, ["OBJECTION"], 0)
    entry = str(objected.result["objection"])
    own = write(decided, "answer", entry, COUNSEL)
    assert (own.code, "another official" in own.err) == (1, True)
    answered = write(decided, "answer", entry, APPROVERS[1], "the case stands in the annex")
    assert answered.code == 0, answered.err
    assert write(decided, "answer", entry, APPROVERS[0]).code == 4
    assert decided.approve(decided.folders.batch, APPROVERS[0]).code == 0
    assert len(decided.packages()) > 0
    assert decided.solely("objections", "--gate", decided.gate).code == 5  # one is missing in the table
    assert decided.solely("verify", decided.gate / "ledger", "--key", decided.gate / "log.vkey").code == 0


@pytest.mark.rule("R-92")
def test_an_objection_to_a_released_item_keeps_it_from_opening(decided: World) -> None:
    assert decided.approve_by_two(decided.folders.batch).code == 0
    package = min((decided.gate / "outbox").iterdir())
    row = next(each for each in decided.requests.rows if each["request_id"] == package.stem)
    assert write(decided, "object", package.stem, COUNSEL).code == 0
    assert decided.accept(officer_of(row)).code == 0
    ran = decided.open(row, officer_of(row))
    assert (ran.code, "OBJECTION" in ran.err, ran.out) == (5, True, "")
    page = decided.root / "page.html"
    assert decided.solely("report", "--gate", decided.gate, "--out", page).code == 0
    assert "<strong>Blocked:</strong> OBJECTION" in page.read_text()
    assert "objections,,open,1\n" in page.with_suffix(".csv").read_text()
    (listed,) = decided.solely("objections", "--gate", decided.gate).lines
    assert (listed["open"], listed["by"], listed["note"]) == (True, COUNSEL, "the letter names no case")
    number = 1 + decided.requests.rows.index(row)
    assert (listed["request_id"], listed["row"]) == (row["request_id"], number)


@pytest.mark.rule("R-92")
def test_an_objection_tells_whether_it_is_about_one_item_or_the_batch_also_after_a_later_decision(
    fresh_world: World,
) -> None:
    rows = [*fresh_world.fresh_rows(1), *fresh_world.fresh_rows(1, statute="18 USC 1621")]
    batch = fresh_world.write_batch(rows, "objected")
    name = fresh_world.run(batch).result["batch"]
    item = rows[1]["request_id"]
    for office in APPROVERS:
        assert fresh_world.review(item, office).code == 0
    for about in (item, name):
        assert write(fresh_world, "object", about, COUNSEL).code == 0
    first, second = fresh_world.solely("objections", "--gate", fresh_world.gate).lines
    assert (first["request_id"], first["row"], first["batch"]) == (item, 2, name)
    assert ("row" in second, second["batch"]) == (False, name)


@pytest.mark.rule("R-92")
def test_only_an_enrolled_official_objects_and_says_why(decided: World) -> None:
    officer = decided.key("officers", "officer-01")
    ran = decided.solely(
        "object", decided.folders.batch, "--gate", decided.gate, "--as", officer, "--note", "no"
    )
    assert ran.code == 1
    assert write(decided, "object", decided.folders.batch, COUNSEL, note=" ").code == 2
    assert not decided.solely("objections", "--gate", decided.gate).out
