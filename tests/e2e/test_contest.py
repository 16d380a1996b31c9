"""A return contested once, before another officer: a policy's return goes on, a court's stands."""

import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from solely.ledger.entry import Answer
from tests.support.reading import entries_of, entry_counts
from tests.support.world import APPROVERS, World

pytestmark = [pytest.mark.e2e, pytest.mark.rule("R-87")]
SENDER = "secretary-of-homeland-security"


def returned(world: World, *changes: dict[str, str]):
    """A batch whose rows are valid but for these changes, decided; batch and request ids."""
    rows = [row | change for row, change in zip(world.fresh_rows(len(changes)), changes, strict=True)]
    batch = world.write_batch(rows, "contested")
    ran = world.run(batch)
    assert ran.code == 0, ran.err
    return batch, [row["request_id"] for row in rows]


POLICY = {"taxpayer_number": "666-12-3456"}  # R-34; the birth date still tells the person from others
COURT = {"address": "NA NA 77002"}
STATUTE = {"periods": ""}


def contest(world: World, request_id: str, office: str = SENDER, note: str = "the birth date suffices"):
    """The contest of an item as one office."""
    key = world.key("requesters", office)
    return world.solely("contest", request_id, "--gate", world.gate, "--as", key, "--note", note)


def review(world: World, request_id: str, office: str, decide: str = "confirm"):
    """One approver's vote."""
    return world.review(request_id, office, decide)


def told(world: World, request_id: str):
    """What the requester is told of an item."""
    return world.solely("explain", request_id, "--gate", world.gate, "--json").result


def counted(world: World, batch) -> dict[str, int]:
    """The run object of the batch, received again."""
    return world.run(batch).result


def verified(world: World) -> int:
    """The exit code of the independent check of the ledger."""
    return world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey").code


@pytest.mark.rule("R-05", "R-67")
def test_what_the_custodians_policy_returned_is_reconsidered_and_can_be_released(fresh_world):
    batch, (item,) = returned(fresh_world, POLICY)
    (why,) = told(fresh_world, item)["deficiencies"]
    assert (why["rule"], why["strength"]) == ("R-34", "custodian's policy")
    made = contest(fresh_world, item)
    assert made.code == 0, made.err
    assert made.result["contest"] == "admitted"
    until = made.result["reconsider_by"]
    assert until == (fresh_world.today + timedelta(days=30)).isoformat()
    (line,) = fresh_world.solely("referred", "--gate", fresh_world.gate).lines
    assert (line["request_id"], line["reconsider_by"]) == (item, until)
    shown = told(fresh_world, item)
    assert (shown["answer"], shown["contest"]) == ("under_review", f"reconsidered by {until}")
    counts = counted(fresh_world, batch)
    assert (counts["referred"], counts["returned"]) == (1, 0)

    assert review(fresh_world, item, APPROVERS[0]).result["state"] == "referred_unread"
    after = review(fresh_world, item, APPROVERS[1])
    assert after.result["state"] == "releasable", after.err
    shown = told(fresh_world, item)
    assert (shown["answer"], shown["contest"]) == (
        "accepted",
        "reconsidered",
    )  # and no day is left to wait for
    done = fresh_world.approve_by_two(batch)
    assert (done.result["released"], done.result["returned"]) == (1, 0), done.err
    assert [path.stem for path in fresh_world.packages()] == [item]
    assert verified(fresh_world) == 0


@pytest.mark.rule("R-87")
def test_the_report_says_of_a_contest_that_nobody_decided_that_it_is_overdue(fresh_world, tmp_path):
    _, (item,) = returned(fresh_world, POLICY)
    until = contest(fresh_world, item).result["reconsider_by"]
    for days, standing in ((0, f"custodian has until {until}"), (31, f"custodian overdue since {until}")):
        at = datetime.combine(fresh_world.today + timedelta(days=days), datetime.max.time(), tzinfo=UTC)
        later = replace(fresh_world, environment={"SOLELY_NOW": at.isoformat()})
        page = tmp_path / f"{days}.html"
        made = later.solely("report", "--gate", fresh_world.gate, "--out", page)
        assert made.code == 0, made.err
        assert standing in page.read_text(encoding="utf-8")


@pytest.mark.rule("R-77", "R-87")
def test_no_report_is_made_of_a_contest_whose_day_was_moved(fresh_world, tmp_path):
    _, (item,) = returned(fresh_world, POLICY)
    assert contest(fresh_world, item).code == 0
    with fresh_world.state() as state:
        state.execute("UPDATE contest SET reconsider_by = '2099-01-01'")
    made = fresh_world.solely("report", "--gate", fresh_world.gate, "--out", tmp_path / "report.html")
    assert made.code == 5 and "a contest" in made.err
    assert not (tmp_path / "report.html").exists()


@pytest.mark.rule("R-82")
@pytest.mark.parametrize(
    ("change", "behind"), [(STATUTE, "statute"), (COURT, "court"), ({"assurance": ""}, "agreement")]
)
def test_where_statute_court_or_agreement_stands_behind_it_the_return_stands(fresh_world, change, behind):
    batch, (item,) = returned(fresh_world, change)
    made = contest(fresh_world, item)
    assert (made.code, made.result["contest"]) == (0, "stands"), made.err
    assert behind in made.result["behind"]
    shown = told(fresh_world, item)
    assert (shown["answer"], shown["contest"]) == ("returned", "stands")
    assert fresh_world.solely("referred", "--gate", fresh_world.gate).lines == []
    (entry,) = [each for each in entries_of(fresh_world) if each.type.word == "contest"]
    assert entry.outcome == Answer.STANDS
    assert counted(fresh_world, batch)["returned"] == 1
    assert contest(fresh_world, item).code == 4
    assert verified(fresh_world) == 0


@pytest.mark.rule("R-82")
def test_a_policy_beside_a_statute_lifts_nothing(fresh_world):
    _, (item,) = returned(fresh_world, POLICY | STATUTE)
    assert contest(fresh_world, item).result["contest"] == "stands"


@pytest.mark.rule("R-82")
def test_a_reason_that_only_refers_is_no_ground_of_the_return_and_is_decided_with_the_contest(fresh_world):
    vague = {"reason": "Fraud."}
    _, (item, alone) = returned(fresh_world, POLICY | vague, POLICY | STATUTE | vague)
    assert told(fresh_world, item)["answer"] == "returned"
    assert [each for each in told(fresh_world, item)["reasons"] if each.startswith("reason:")]
    made = contest(fresh_world, item)
    assert made.result["contest"] == "admitted", made.out
    # Who reconsiders sees it beside the contest.
    (line,) = fresh_world.solely("referred", "--gate", fresh_world.gate).lines
    assert line["reasons"][-1:] == ["review:CONTESTED"]
    assert line["reasons"][0].startswith("reason:")
    for office in APPROVERS:
        voted = review(fresh_world, item, office)
    assert voted.result["state"] == "releasable", voted.err
    assert contest(fresh_world, alone).result["contest"] == "stands"
    assert verified(fresh_world) == 0


def test_one_decline_returns_it_for_good(fresh_world):
    batch, (item,) = returned(fresh_world, POLICY)
    assert contest(fresh_world, item).code == 0
    assert review(fresh_world, item, APPROVERS[1], "decline").result["state"] == "returned"
    again = contest(fresh_world, item)
    assert again.code == 4
    assert "contested already" in again.err
    assert review(fresh_world, item, APPROVERS[0]).code == 1
    assert told(fresh_world, item)["reasons"] == ["review:DECLINED"]
    assert counted(fresh_world, batch)["returned"] == 1
    assert verified(fresh_world) == 0


@pytest.mark.rule("R-82")
def test_only_the_signing_office_contests_and_only_what_was_returned(fresh_world):
    _, (good, bad, refused) = returned(fresh_world, {}, POLICY, {"basis": "overstay"})
    for office in ("field-office-director",):
        other = contest(fresh_world, bad, office)
        assert other.code == 1
        assert "office that signed" in other.err
    approver = fresh_world.solely(
        "contest", bad, "--gate", fresh_world.gate, "--as", fresh_world.key("approvers", APPROVERS[0]),
        "--note", "mine",
    )  # fmt: skip
    assert approver.code == 1
    for item in (good, refused):
        made = contest(fresh_world, item)
        assert made.code == 1
        assert "only an item that was returned" in made.err
    assert contest(fresh_world, bad, note=" ").code == 2
    assert entry_counts(fresh_world)["contest"] == 0


def test_a_contest_after_the_day_told_is_refused_with_that_day(fresh_world):
    _, (item, other) = returned(fresh_world, POLICY, POLICY)
    last = fresh_world.today + timedelta(days=30)
    assert {each["reply_by"] for each in told(fresh_world, item)["deficiencies"]} == {last.isoformat()}
    fresh_world.environment["SOLELY_NOW"] = f"{last}T12:00:00Z"
    assert contest(fresh_world, other).code == 0
    fresh_world.environment["SOLELY_NOW"] = f"{last + timedelta(days=1)}T12:00:00Z"
    late = contest(fresh_world, item)
    assert late.code == 1
    assert str(last) in late.err


def test_a_late_decline_is_contested_in_its_own_time_and_before_another_officer(fresh_world):
    rows = fresh_world.fresh_rows(2)
    same = {name: rows[0][name] for name in ("given_name", "family_name", "birth_date", "taxpayer_number")}
    batch = fresh_world.write_batch([rows[0], rows[1] | same], "same person")
    ran = fresh_world.run(batch)
    assert ran.result["referred"] == 2, ran.out + ran.err
    item, day = rows[0]["request_id"], fresh_world.today + timedelta(days=20)
    fresh_world.environment["SOLELY_NOW"] = f"{day}T12:00:00Z"
    assert review(fresh_world, item, APPROVERS[0], "decline").result["state"] == "returned"
    assert told(fresh_world, item)["deficiencies"][0]["reply_by"] == str(day + timedelta(days=30))
    fresh_world.environment["SOLELY_NOW"] = f"{day + timedelta(days=29)}T12:00:00Z"
    assert contest(fresh_world, item).result["contest"] == "admitted"
    assert counted(fresh_world, batch)["referred"] == 2
    again = review(fresh_world, item, APPROVERS[0])
    assert again.code == 1
    assert "another officer" in again.err
    assert review(fresh_world, item, APPROVERS[1]).result["votes"] == 1
    assert verified(fresh_world) == 0


@pytest.mark.rule("R-82")
@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE contest SET note = 'another'",
        "UPDATE contest SET reconsider_by = '2099-01-01'",
        "UPDATE contest SET key_id = 'another'",
        "UPDATE contest SET entry_index = entry_index - 1",
        "DELETE FROM contest",
        "UPDATE case_file SET decision_index = (SELECT contested_index FROM contest)",
        "UPDATE case_file SET state = 'releasable'",
    ],
)
def test_an_edited_contest_permits_nothing(fresh_world, edit):
    batch, (item,) = returned(fresh_world, POLICY)
    assert contest(fresh_world, item).code == 0
    with fresh_world.state() as state:
        state.execute(edit)
    assert review(fresh_world, item, APPROVERS[0]).code in (1, 5)
    fresh_world.approve(batch, APPROVERS[0])
    assert fresh_world.approve(batch, APPROVERS[1]).result["released"] == 0
    assert entry_counts(fresh_world)["release"] == 0
    assert entry_counts(fresh_world)["approval"] <= 2


@pytest.mark.rule("R-82")
def test_a_contest_that_stands_in_the_tables_alone_reopens_nothing(fresh_world):
    _, (real, item) = returned(fresh_world, POLICY, POLICY | STATUTE)
    assert contest(fresh_world, real).code == 0
    with fresh_world.state() as state:
        state.execute(
            "INSERT INTO contest (row, batch_id, note, key_id, signature, contested_index, contested_key, "
            "reconsider_by, entry_index) SELECT 2, batch_id, note, key_id, signature, contested_index, "
            "contested_key, reconsider_by, entry_index FROM contest"
        )
        state.execute(
            "INSERT INTO case_file (row, batch_id, request_id, request_key, state, version, item, evidence, "
            "decision_index, decision_key) SELECT 2, batch_id, ?, lower(?), state, version, item, evidence, "
            "decision_index, decision_key FROM case_file",
            (item, item),
        )
    assert review(fresh_world, item, APPROVERS[0]).code == 5


@pytest.mark.rule("R-82")
@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE vote SET note = 'another' WHERE stage = 'contest'",
        "UPDATE contest SET note = 'another'",
        "DELETE FROM contest",
    ],
)
def test_a_reconsidered_item_rests_on_its_contest_until_it_leaves(fresh_world, edit):
    batch, (item,) = returned(fresh_world, POLICY)
    assert contest(fresh_world, item).code == 0
    assert [review(fresh_world, item, each).code for each in APPROVERS] == [0, 0]
    with fresh_world.state() as state:
        state.execute(edit)
    fresh_world.approve(batch, APPROVERS[0])
    assert fresh_world.approve(batch, APPROVERS[1]).code == 5
    assert entry_counts(fresh_world)["release"] == 0


def test_a_contest_whose_row_is_deleted_is_not_made_again(fresh_world):
    _, (item,) = returned(fresh_world, POLICY | STATUTE)
    assert contest(fresh_world, item).code == 0
    with fresh_world.state() as state:
        state.execute("DELETE FROM contest")
        state.execute("DELETE FROM ledger_event WHERE event_key LIKE 'contest/%'")
    assert contest(fresh_world, item).code == 5


@pytest.mark.rule("R-13")
def test_a_row_under_reconsideration_is_not_cured_meanwhile(fresh_world):
    _, (item,) = returned(fresh_world, POLICY)
    assert contest(fresh_world, item).code == 0
    (row,) = fresh_world.fresh_rows(1)
    cure = fresh_world.write_batch([row | {"cures": item, "source": "case file"}], "cure")
    assert fresh_world.run(cure).result["returned"] == 1
    assert told(fresh_world, row["request_id"])["reasons"] == ["cures:NOT_A_RETURNED_ROW"]
    (why,) = told(fresh_world, row["request_id"])["deficiencies"]
    until = (fresh_world.today + timedelta(days=30)).isoformat()
    assert why["meaning"] == f"the row that this one cures is contested, and reconsidered by {until}"
    assert why["cure"].startswith("wait for that decision")


def cure_of(world: World, row: dict[str, str], name: str, cured: str, **changes: str):
    """A batch of one row about the same person that says it cures an earlier one; the run object."""
    cure = row | {"request_id": name, "cures": cured, "source": "case file"} | changes
    ran = world.run(world.write_batch([cure], name))
    assert ran.code == 0, ran.err
    return ran.result


def one_returned(world: World) -> dict[str, str]:
    """A row, valid but for what the custodian's policy has returned it for, as it should have been."""
    (row,) = world.fresh_rows(1)
    assert world.run(world.write_batch([row | POLICY], "deficient")).result["returned"] == 1
    return row


@pytest.mark.rule("R-36")
def test_a_row_whose_cure_was_decided_or_released_is_not_contested_and_the_cure_leaves_once(fresh_world):
    row = one_returned(fresh_world)
    item = row["request_id"]
    cured = cure_of(fresh_world, row, "R-CURE-1", item.lower())
    assert cured["releasable"] == 1
    refused = contest(fresh_world, item)
    assert refused.code == 1
    assert "R-CURE-1 cures this row" in refused.err
    assert fresh_world.approve_by_two(cured["batch"]).result["released"] == 1
    assert contest(fresh_world, item).code == 1
    assert fresh_world.solely("referred", "--gate", fresh_world.gate).lines == []
    assert entry_counts(fresh_world)["release"] == 1
    assert entry_counts(fresh_world)["contest"] == 0


@pytest.mark.rule("R-36")
def test_a_cure_that_was_itself_returned_is_the_one_to_cure_or_to_contest(fresh_world):
    row = one_returned(fresh_world)
    item = row["request_id"]
    assert cure_of(fresh_world, row, "R-CURE-1", item, **POLICY)["returned"] == 1
    assert "R-CURE-1 cures this row" in contest(fresh_world, item).err
    assert contest(fresh_world, "R-CURE-1").result["contest"] == "admitted"
    for number, cured in enumerate((item, "R-CURE-1"), start=2):  # neither beside the contest
        assert cure_of(fresh_world, row, f"R-CURE-{number}", cured)["returned"] == 1
        reasons = told(fresh_world, f"R-CURE-{number}")["reasons"]
        assert reasons == ["cures:NOT_A_RETURNED_ROW"]
    assert [review(fresh_world, "R-CURE-1", each).code for each in APPROVERS] == [0, 0]


@pytest.mark.rule("R-36")
def test_a_row_is_cured_once_and_its_cure_may_be_cured(fresh_world):
    row = one_returned(fresh_world)
    item = row["request_id"]
    assert cure_of(fresh_world, row, "R-CURE-1", item, **STATUTE)["returned"] == 1
    assert cure_of(fresh_world, row, "R-CURE-2", item)["returned"] == 1
    assert cure_of(fresh_world, row, "R-CURE-3", "R-CURE-1")["releasable"] == 1
    assert cure_of(fresh_world, row, "R-CURE-4", "R-CURE-1")["returned"] == 1
    assert told(fresh_world, "R-CURE-4")["reasons"] == ["cures:NOT_A_RETURNED_ROW"]


@pytest.mark.rule("R-67")
def test_what_only_claims_to_cure_a_row_takes_no_contest_from_it(fresh_world):
    row = one_returned(fresh_world)
    item = row["request_id"]
    assert cure_of(fresh_world, row, "R-CURE-1", item, basis="overstay")["refused"] == 1
    assert contest(fresh_world, item).result["contest"] == "admitted"
    assert cure_of(fresh_world, row, "R-CURE-2", item)["returned"] == 1
    assert review(fresh_world, item, APPROVERS[0]).code == 0
    assert review(fresh_world, item, APPROVERS[1]).result["state"] == "releasable"


@pytest.mark.rule("R-82")
def test_no_edit_of_a_later_batch_gives_a_cured_row_back_its_contest(fresh_world):
    row = one_returned(fresh_world)
    batch = cure_of(fresh_world, row, "R-CURE-1", row["request_id"])["batch"]
    with fresh_world.state() as state:
        state.execute("DELETE FROM batch WHERE id = ?", (batch,))
    assert contest(fresh_world, row["request_id"]).code == 5
    assert entry_counts(fresh_world)["contest"] == 0


@pytest.mark.rule("R-05")
def test_a_contest_cut_off_before_its_checkpoint_is_published_even_by_a_command_that_is_refused(fresh_world):
    _, (item,) = returned(fresh_world, POLICY)
    public, before = fresh_world.gate / "ledger", fresh_world.root / "ledger-before"
    shutil.copytree(public, before)
    assert contest(fresh_world, item).code == 0
    shutil.rmtree(public)
    before.rename(public)  # as a kill between the commit and the checkpoint leaves it
    assert entry_counts(fresh_world)["contest"] == 0
    assert contest(fresh_world, item).code == 4
    assert entry_counts(fresh_world)["contest"] == 1
    assert verified(fresh_world) == 0


@pytest.mark.slow
@pytest.mark.rule("R-05", "R-13")
def test_a_contest_killed_at_random_moments_is_made_whole_or_not_at_all(fresh_world):
    batch, items = returned(fresh_world, POLICY, POLICY, POLICY)
    key, rng = fresh_world.key("requesters", SENDER), random.Random(87)
    for item in items:
        for after in sorted(rng.uniform(0.2, 2.5) for _ in range(3)):
            command = ["contest", item, "--gate", fresh_world.gate, "--as", key, "--note", "mine"]
            process = subprocess.Popen(
                [sys.executable, "-m", "solely.cli.main", *map(str, command)],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=fresh_world.root,
            )  # fmt: skip
            time.sleep(after)
            process.send_signal(signal.SIGKILL)
            process.wait()
    assert {contest(fresh_world, item).code for item in items} <= {0, 4}
    waiting = fresh_world.solely("referred", "--gate", fresh_world.gate).lines
    assert {each["request_id"] for each in waiting} == set(items)
    assert entry_counts(fresh_world)["contest"] == len(items)
    counts = counted(fresh_world, batch)
    assert (counts["received"], counts["referred"], counts["returned"]) == (3, 3, 0)
    assert verified(fresh_world) == 0


@pytest.mark.rule("R-32", "R-82")
def test_what_no_confirmation_carries_on_says_so_when_shown_and_is_returned_with_what_stands_against_it(
    fresh_world,
):
    _, (item,) = returned(fresh_world, {"address": "1450 Rue Sainte-Catherine, Montreal QC, Canada"})
    shown = fresh_world.look(item, APPROVERS[0])
    assert "address:FOREIGN" in shown.result["no_confirmation_lifts"], shown.err
    for office in APPROVERS:
        voted = review(fresh_world, item, office)
    assert voted.result["state"] == "returned", voted.err
    why = told(fresh_world, item)["deficiencies"]
    found = {(each["element"], each["code"]): each["strength"] for each in why}
    assert found[("review", "NO_PERSON_CAN_LIFT")] == "statute"
    assert ("address", "FOREIGN") in found
    made = contest(fresh_world, item)
    assert (made.result["contest"], made.result["behind"]) == ("stands", ["statute"])


def test_what_two_officers_can_carry_on_is_shown_without_that_word(fresh_world):
    _, (item,) = returned(fresh_world, {"reason": "Fraud."})
    assert "no_confirmation_lifts" not in fresh_world.look(item, APPROVERS[0]).result
