"""Approval, release, opening: two sign, the ledger first, only the named officer reads, judged each time."""

import csv
import json
import subprocess
import sys

import pytest

from solely.canonical import canonical_json
from tests.support.reading import entries_of, entry_counts, rows_of, truth_of
from tests.support.world import APPROVERS, World, officer_of

pytestmark = pytest.mark.e2e


def decided(world: World, count: int = 3):
    """A hand-made batch of valid rows, decided and waiting for approval: its path and rows."""
    rows = world.fresh_rows(count)
    batch = world.write_batch(rows, "valid")
    ran = world.run(batch)
    assert (ran.code, ran.result["releasable"]) == (0, count), ran.out + ran.err
    return batch, rows


@pytest.mark.rule("R-82", "R-05")
def test_one_approval_releases_nothing_and_the_same_approver_counts_once(fresh_world):
    batch, rows = decided(fresh_world)
    first = fresh_world.approve(batch, APPROVERS[0])
    assert (first.code, first.result["released"]) == (0, 0)
    assert not list((fresh_world.gate / "outbox").iterdir())
    assert fresh_world.approve(batch, APPROVERS[0]).code == 4
    second = fresh_world.approve(batch, APPROVERS[1])
    assert (second.code, second.result["released"]) == (0, len(rows))
    assert len(list((fresh_world.gate / "outbox").iterdir())) == len(rows)


@pytest.mark.rule("R-82")
def test_neither_the_submitter_nor_a_stranger_nor_an_officer_approves(fresh_world):
    batch, _ = decided(fresh_world, 1)
    for role, name in (("requesters", "secretary-of-homeland-security"), ("officers", "officer-01")):
        path = fresh_world.key(role, name)
        ran = fresh_world.solely("approve", batch, "--gate", fresh_world.gate, "--as", path)
        assert ran.code == 1, ran.out
    assert entry_counts(fresh_world)["approval"] == 0


@pytest.mark.rule("R-82", "R-55")
def test_a_state_row_edited_by_hand_stops_the_release(fresh_world):
    good, bad = fresh_world.fresh_rows(2)
    batch = fresh_world.write_batch([good, bad | {"given_name": "Fnu", "family_name": "Ahmadzai"}], "edited")
    ran = fresh_world.run(batch)
    assert (ran.result["releasable"], ran.result["referred"]) == (1, 1), ran.out
    with fresh_world.state() as state:
        state.execute("UPDATE case_file SET state = 'releasable'")
    fresh_world.approve(batch, APPROVERS[0])
    second = fresh_world.approve(batch, APPROVERS[1])
    assert second.code == 5
    assert second.result["blocked"] == ["STATE_EDITED"]
    assert not list((fresh_world.gate / "outbox").iterdir())


@pytest.mark.rule("R-82")
@pytest.mark.parametrize("state", ["withheld", "returned"])
def test_a_state_row_that_an_edit_made_stricter_stops_the_release_as_well(fresh_world, state):
    batch, _ = decided(fresh_world, 3)
    with fresh_world.state() as rows:
        rows.execute("UPDATE case_file SET state = ? WHERE row = 2", (state,))
    for approver in APPROVERS:
        blocked = fresh_world.approve(batch, approver)
        assert (blocked.code, blocked.result["blocked"]) == (5, ["STATE_EDITED"]), blocked.err
    assert "row 2: the case's state is not what was decided" in blocked.err
    assert not fresh_world.packages()


@pytest.mark.rule("R-95")
def test_two_items_swapped_between_decision_and_seal_stop_the_release(fresh_world):
    batch, _ = decided(fresh_world, 2)
    with fresh_world.state() as state:
        (one, other) = state.execute("SELECT row, item FROM case_file ORDER BY row").fetchall()
        first, second = json.loads(one[1]), json.loads(other[1])
        first[1:], second[1:] = second[1:], first[1:]
        for row, item in ((one[0], first), (other[0], second)):
            state.execute(
                "UPDATE case_file SET item = ?, request_id = ? WHERE row = ?",
                (canonical_json(item).decode(), item[1], row),
            )
    fresh_world.approve(batch, APPROVERS[0])
    blocked = fresh_world.approve(batch, APPROVERS[1])
    assert blocked.code == 5
    assert blocked.result["blocked"] == ["SWAPPED"]
    assert blocked.result["released"] == 0


@pytest.mark.rule("R-82", "R-95")
def test_an_item_that_an_edit_hid_from_its_own_request_id_stops_the_release(fresh_world):
    batch, _ = decided(fresh_world, 2)
    with fresh_world.state() as state:
        state.execute("UPDATE case_file SET request_key = 'another' WHERE row = 2")
    fresh_world.approve(batch, APPROVERS[0])
    blocked = fresh_world.approve(batch, APPROVERS[1])
    assert (blocked.code, blocked.result["blocked"]) == (5, ["SWAPPED"])
    assert "row 2" in blocked.err
    assert not fresh_world.packages()


@pytest.mark.rule("R-83", "R-43")
def test_a_flag_set_between_decision_and_approval_withholds_the_item(fresh_world):
    batch, rows = decided(fresh_world, 2)
    flag(fresh_world, rows[0]["taxpayer_number"])
    released = fresh_world.approve_by_two(batch).result
    assert (released["released"], released["withheld"]) == (1, 1)
    assert [path.stem for path in (fresh_world.gate / "outbox").iterdir()] == [rows[1]["request_id"]]
    verified = fresh_world.solely(
        "verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey"
    )
    assert verified.code == 0, verified.out + verified.err


@pytest.mark.rule("R-83", "R-43", "R-52")
def test_a_flag_set_after_release_denies_the_opening(fresh_world):
    batch, rows = decided(fresh_world, 1)
    fresh_world.approve_by_two(batch)
    flag(fresh_world, rows[0]["taxpayer_number"])
    ran = opened(fresh_world, rows[0], officer_of(rows[0]))
    assert ran.code == 1
    assert not ran.out
    assert entry_counts(fresh_world)["open-refused"] == 1


def flag(world: World, number: str) -> None:
    """Protect the person of that number in the records, and refresh the gate's index."""
    digits = number.replace("-", "").replace(" ", "")
    for path in world.folders.record_files():
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            if row["taxpayer_number"].replace("-", "") == digits:
                row["is_protected"] = "true"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    files = [argument for path in world.folders.record_files() for argument in ("--records", path)]
    made = world.solely("init", world.gate, *files, "--as-of", world.today.isoformat())
    assert made.code == 0, made.err


def opened(world: World, row, officer: str, confirm: str | None = None):
    """What `solely open` gives this officer for the row's package."""
    return world.open(row, officer, confirm or "")


@pytest.mark.rule("R-45", "R-46", "R-49", "R-52", "R-95")
def test_the_named_officer_reads_the_address_of_record_and_nobody_else_does(fresh_world):
    batch, (row,) = decided(fresh_world, 1)
    fresh_world.approve_by_two(batch)
    named = row["officers"].split(";")
    ran = opened(fresh_world, row, named[0])
    assert ran.code == 0, ran.err
    gone = ("open", "none.tdf", "--key", fresh_world.key("officers", named[0]), "--gate", fresh_world.gate)
    missing = fresh_world.solely(*gone, "--confirm", row["request_id"])
    assert (missing.code, "`none.tdf` cannot be read: No such file" in missing.err) == (2, True)
    unasked = fresh_world.solely(*gone)
    assert (unasked.code, unasked.out, "`--confirm REQUEST_ID`" in unasked.err) == (1, "", True)
    shown = ran.result
    assert shown["request_id"] == row["request_id"]
    assert set(shown["address"]) == {"street_line", "unit", "city", "state", "zip"}
    assert entry_counts(fresh_world)["open"] == 1
    stranger = next(
        path.stem
        for path in sorted((fresh_world.root / "keys" / "officers").iterdir())
        if path.stem not in named and path.stem.startswith("officer-")
    )
    for officer, confirm in ((stranger, None), (named[0], "R-OTHER")):
        denied = opened(fresh_world, row, officer, confirm)
        assert denied.code == 1
        assert shown["address"]["street_line"] not in denied.out + denied.err
    assert entry_counts(fresh_world)["open-refused"] == 2
    assert entry_counts(fresh_world)["open"] == 1


@pytest.mark.rule("R-39", "R-82")
def test_a_referred_item_needs_two_confirmations_and_one_decline_ends_it(fresh_world):
    one, other = fresh_world.fresh_rows(2)
    changed = {"statute": "18 USC 1001"}
    batch = fresh_world.write_batch([one | changed, other | changed], "referred")
    assert fresh_world.run(batch).result["referred"] == 2

    def vote(row, office: str, decide: str):
        return fresh_world.review(row["request_id"], office, decide)

    assert vote(one, APPROVERS[0], "confirm").result["state"] == "referred_unread"
    assert vote(one, APPROVERS[0], "confirm").code == 4
    assert vote(one, APPROVERS[1], "confirm").result["state"] == "releasable"
    assert vote(other, APPROVERS[0], "decline").result["state"] == "returned"
    assert vote(other, APPROVERS[1], "confirm").code == 1
    released = fresh_world.approve_by_two(batch).result
    assert (released["released"], released["returned"]) == (1, 1)
    assert truth_of(fresh_world)
    assert rows_of(fresh_world.gate / "batches" / released["batch"] / "releases.parquet")


@pytest.mark.rule("R-06", "R-83")
def test_an_agreement_that_ended_between_decision_and_approval_releases_nothing(fresh_world):
    batch, _ = decided(fresh_world, 1)
    today = fresh_world.today
    assert fresh_world.solely("init", fresh_world.gate, "--release-until", today.isoformat()).code == 0
    fresh_world.environment["SOLELY_NOW"] = f"{today.fromordinal(today.toordinal() + 1)}T12:00:00Z"
    fresh_world.approve(batch, APPROVERS[0])
    second = fresh_world.approve(batch, APPROVERS[1])
    assert (second.code, second.result["blocked"]) == (5, ["AGREEMENT"])
    assert not list((fresh_world.gate / "outbox").iterdir())


IN_TWOS = """
import solely.steps.releasing as releasing
from solely.cli.main import main
releasing.SLICE = 2
main()
"""


@pytest.mark.rule("R-05", "R-83")
def test_a_batch_that_is_sealed_by_the_slice_is_released_whole(fresh_world):
    batch = fresh_world.write_batch(fresh_world.fresh_rows(5), "slices")
    assert fresh_world.run(batch).result["releasable"] == 5
    assert fresh_world.approve(batch, APPROVERS[0]).code == 0
    command = [sys.executable, "-c", IN_TWOS, "approve", str(batch), "--gate", str(fresh_world.gate)]
    command += ["--as", str(fresh_world.key("approvers", APPROVERS[1]))]
    done = subprocess.run(command, cwd=fresh_world.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("judging again") == 3
    assert len(list((fresh_world.gate / "outbox").iterdir())) == 5
    assert entry_counts(fresh_world)["release"] == 5


@pytest.mark.rule("R-56")
def test_releases_are_entered_in_the_shuffled_order_of_their_decisions_and_not_in_that_of_the_batch(
    fresh_world,
):
    batch, _ = decided(fresh_world, 12)
    assert fresh_world.approve_by_two(batch).result["released"] == 12
    rests_on = [each.refs[0] for each in entries_of(fresh_world) if each.type.word == "release"]
    assert rests_on == sorted(rests_on)
    with fresh_world.state() as state:
        rows = [row for (row,) in state.execute("SELECT row FROM release ORDER BY entry_index")]
    assert sorted(rows) == list(range(1, 13))
    assert rows != sorted(rows)
