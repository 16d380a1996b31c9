"""Tightening acts at once; loosening waits for two and a day, and never reaches a batch received before."""

import re
import shutil
import sqlite3
import tomllib
from datetime import timedelta

import pytest

from demo.people import Person, write_people
from tests.support.reading import entry_counts
from tests.support.world import APPROVERS, Ran, World, build_world

pytestmark = [pytest.mark.e2e, pytest.mark.rule("R-84")]
NEW = ("second-chief", "third-chief")


def decided(world: World) -> str:
    """The id of a batch of two valid rows, decided."""
    ran = world.run(world.write_batch(world.fresh_rows(2), "valid"))
    assert (ran.code, ran.result["releasable"]) == (0, 2), ran.out + ran.err
    return ran.result["batch"]


def enrolled_anew(world: World) -> Ran:
    """What an administrator does at 23:00: enrol two more approvers in a copy of the trust folder."""
    out = world.root / "next"
    shutil.copytree(world.folders.trust, out / "trust")
    since, until = world.today - timedelta(days=30), world.today + timedelta(days=300)
    write_people(out, [Person("approvers", name, name, f"office-of-{name}", since, until) for name in NEW])
    for name in NEW:
        shutil.copy(out / "keys" / "approvers" / f"{name}.pem", world.key("approvers", name))
    return world.solely("init", world.gate, "--trust", out / "trust")


def countersigned(world: World, what: str, office: str) -> Ran:
    """One approver's countersignature."""
    return world.solely("countersign", what, "--gate", world.gate, "--as", world.key("approvers", office))


def test_two_approvers_enrolled_by_night_approve_nothing_that_was_there_before(fresh_world):
    fresh_world.set_clock()
    batch = decided(fresh_world)
    made = enrolled_anew(fresh_world)
    assert (made.code, made.result["waits_for_two_and_a_day"]) == (0, ["trust"]), made.err
    fresh_world.set_clock(minutes=5)
    assert fresh_world.approve(batch, NEW[0]).code == 1
    assert countersigned(fresh_world, "trust", NEW[0]).code == 1
    assert countersigned(fresh_world, "trust", APPROVERS[0]).code == 0
    assert countersigned(fresh_world, "trust", APPROVERS[0]).code == 4
    assert countersigned(fresh_world, "trust", APPROVERS[1]).code == 0
    (waiting,) = fresh_world.solely("pending", "--gate", fresh_world.gate).lines
    assert waiting["countersigned"] == list(APPROVERS)
    fresh_world.set_clock(hours=23)
    assert fresh_world.approve(batch, NEW[0]).code == 1
    fresh_world.set_clock(hours=25)
    assert fresh_world.approve(batch, NEW[0]).code == 1, "the batch was received before they were approvers"
    assert fresh_world.solely("pending", "--gate", fresh_world.gate).lines == []
    later = decided(fresh_world)
    assert fresh_world.approve(later, NEW[0]).code == 0
    assert fresh_world.approve(later, NEW[1]).result["released"] == 2
    assert fresh_world.approve_by_two(batch).result["released"] == 2
    ran = fresh_world.solely("verify", fresh_world.gate / "ledger", "--key", fresh_world.gate / "log.vkey")
    assert ran.code == 0, ran.out


def trust_without(world: World, *gone: str) -> Ran:
    """What one administrator does alone: take approvers out of the trust folder in force."""
    given = world.root / f"without-{len(gone)}-{gone[0]}"
    shutil.copytree(world.gate / "trust", given)
    for name in gone:
        for end in (".pem", ".toml"):
            (given / "approvers" / f"{name}{end}").unlink()
    return world.solely("init", world.gate, "--trust", given)


def test_one_person_takes_approvers_away_but_never_leaves_those_whom_one_person_enrolled(tmp_path):
    world = build_world(tmp_path / "world", people=400, items=20)
    since, until = world.today - timedelta(days=30), world.today + timedelta(days=300)
    enrolled = tomllib.loads((world.folders.trust / "approvers" / f"{APPROVERS[1]}.toml").read_text())
    same = enrolled["enrolled_by"]
    write_people(world.root, [Person("approvers", name, name, same, since, until) for name in NEW])
    assert world.init().code == 0
    others = {each.stem for each in (world.folders.trust / "approvers").glob("*.pem")} - {*APPROVERS, *NEW}
    for gone in ((APPROVERS[0], *others), (*APPROVERS, *others)):
        ran = trust_without(world, *gone)
        assert ran.code == 2, ran.out
        assert "fewer than two who are independent would remain" in ran.err
    batch = decided(world)
    assert trust_without(world, APPROVERS[1], *others).code == 0
    assert [world.approve(batch, name).code for name in (APPROVERS[1], NEW[0], NEW[1])] == [1, 0, 1]
    assert entry_counts(world)["release"] == 0
    assert world.approve(batch, APPROVERS[0]).result["released"] == 2


@pytest.mark.rule("R-52")
def test_two_officers_of_one_key_are_not_even_proposed(fresh_world):
    given = fresh_world.root / "twice"
    shutil.copytree(fresh_world.gate / "trust", given)
    one = min((given / "officers").glob("officer-*.pem"))
    for end in (".pem", ".toml"):
        shutil.copy(one.with_suffix(end), given / "officers" / f"z-second{end}")
    ran = fresh_world.solely("init", fresh_world.gate, "--trust", given)
    assert (ran.code, ran.out) == (2, "")
    assert f"`officers/{one.stem}` and `officers/z-second` have one key" in ran.err
    assert fresh_world.solely("pending", "--gate", fresh_world.gate).lines == []


def test_who_is_enrolled_without_a_certificate_is_shown_without_one(fresh_world):
    assert enrolled_anew(fresh_world).code == 0
    (shown,) = fresh_world.solely("pending", "--gate", fresh_world.gate).lines
    assert all("None" not in each.values() and "certificate_until" not in each for each in shown["changes"])


def test_no_pair_is_left_of_whom_one_may_approve_no_more(fresh_world):
    fresh_world.set_clock()
    given = fresh_world.root / "ended"
    shutil.copytree(fresh_world.gate / "trust", given)
    for place in (given / "approvers").glob("*.toml"):
        if place.stem != APPROVERS[1]:
            yesterday = f"valid_to = {fresh_world.today - timedelta(days=1)}"
            place.write_text(re.sub(r"valid_to = \S+", yesterday, place.read_text()))
    ran = fresh_world.solely("init", fresh_world.gate, "--trust", given)
    assert ran.code == 2, ran.out
    assert "fewer than two" in ran.err


def test_a_term_made_longer_waits_and_one_made_shorter_acts_at_once(fresh_world):
    trust = fresh_world.root / "trust-next"
    shutil.copytree(fresh_world.folders.trust, trust)
    longer, shorter = (trust / "approvers" / f"{name}.toml" for name in APPROVERS)
    until = fresh_world.today + timedelta(days=3000)
    longer.write_text(re.sub(r"valid_to = \S+", f"valid_to = {until}", longer.read_text()))
    yesterday = fresh_world.today - timedelta(days=1)
    shorter.write_text(re.sub(r"valid_to = \S+", f"valid_to = {yesterday}", shorter.read_text()))
    made = fresh_world.solely("init", fresh_world.gate, "--trust", trust)
    assert made.result["waits_for_two_and_a_day"] == ["trust"], made.err
    in_force = fresh_world.gate / "trust" / "approvers"
    assert f"{until}" not in (in_force / longer.name).read_text()
    batch = decided(fresh_world)
    assert fresh_world.approve(batch, APPROVERS[0]).code == 0
    assert fresh_world.approve(batch, APPROVERS[1]).code == 1


@pytest.mark.rule("R-23")
def test_a_list_of_placeholders_grows_at_once_and_shrinks_only_after_two_and_a_day(fresh_world):
    inputs = fresh_world.root / "inputs-next"
    shutil.copytree(fresh_world.gate / "inputs", inputs)
    (inputs / "facilities.csv").write_text(
        (inputs / "facilities.csv").read_text() + "9,77002,Synthetic Shelter,shelter\n"
    )
    grown = fresh_world.solely("init", fresh_world.gate, "--inputs", inputs)
    assert (grown.code, "waits_for_two_and_a_day" in grown.result) == (0, False), grown.err
    lines = (inputs / "facilities.csv").read_text().splitlines(keepends=True)
    (inputs / "facilities.csv").write_text("".join(lines[:1]))
    shrunk = fresh_world.solely("init", fresh_world.gate, "--inputs", inputs)
    assert shrunk.result["waits_for_two_and_a_day"] == ["inputs"], shrunk.err
    assert (fresh_world.gate / "inputs" / "facilities.csv").read_text().count("\n") == len(lines)


def test_a_later_last_day_of_releases_waits_and_an_earlier_one_does_not(fresh_world):
    fresh_world.set_clock()
    until = fresh_world.today + timedelta(days=2000)
    made = fresh_world.solely("init", fresh_world.gate, "--release-until", f"{until}")
    assert made.result["waits_for_two_and_a_day"] == ["config"], made.err
    assert f"{until}" not in (fresh_world.gate / "gate.toml").read_text()
    for office in APPROVERS:
        assert countersigned(fresh_world, "config", office).code == 0
    fresh_world.set_clock(hours=24)
    assert fresh_world.solely("pending", "--gate", fresh_world.gate).code == 0
    assert f"{until}" in (fresh_world.gate / "gate.toml").read_text()
    earlier = fresh_world.today + timedelta(days=20)
    assert fresh_world.solely("init", fresh_world.gate, "--release-until", f"{earlier}").code == 0
    assert f"{earlier}" in (fresh_world.gate / "gate.toml").read_text()


@pytest.mark.rule("R-82")
def test_what_was_edited_by_hand_is_not_what_a_change_is_compared_with(fresh_world):
    """Whoever edits the gate's own copy first must not make `init` take the edit for what was in force."""
    enrolled_anew(fresh_world)
    for name in NEW:
        for end in (".pem", ".toml"):
            shutil.copy(fresh_world.root / "next" / "trust" / "approvers" / f"{name}{end}",
                        fresh_world.gate / "trust" / "approvers" / f"{name}{end}")  # fmt: skip
    edited = fresh_world.solely("init", fresh_world.gate, "--trust", fresh_world.root / "next" / "trust")
    assert (edited.code, "STATE_EDITED" in edited.err) == (5, True), edited.err


@pytest.mark.rule("R-82")
@pytest.mark.parametrize("name", ["inputs/facilities.csv", "gate.toml"])
def test_a_table_or_a_last_day_edited_by_hand_is_put_in_force_by_no_init(fresh_world, name):
    path = fresh_world.gate / name
    if name == "gate.toml":
        path.write_text(re.sub(r"release_until = \S+", "release_until = 2199-01-01", path.read_text()))
        given = ("--memory", "3GB")
    else:
        path.write_text(path.read_text().splitlines(keepends=True)[0])
        shutil.copytree(fresh_world.gate / "inputs", fresh_world.root / "inputs-next")
        given = ("--inputs", fresh_world.root / "inputs-next")
    edited = fresh_world.solely("init", fresh_world.gate, *given)
    assert (edited.code, "STATE_EDITED" in edited.err) == (5, True), edited.err


def test_a_court_that_is_taken_off_the_list_still_stops_until_two_agree_and_a_day_has_passed(fresh_world):
    trust = fresh_world.root / "trust-next"
    shutil.copytree(fresh_world.folders.trust, trust)
    shutil.rmtree(trust / "courts")
    made = fresh_world.solely("init", fresh_world.gate, "--trust", trust)
    assert made.result["waits_for_two_and_a_day"] == ["trust"], made.err
    key = fresh_world.key("courts", "district-court")
    stayed = fresh_world.solely("stay", "--gate", fresh_world.gate, "--as", key, "--cite", "docket 1")
    assert stayed.code == 0, stayed.err


@pytest.mark.rule("R-82")
def test_a_proposal_swapped_after_its_countersignatures_stops_the_gate(fresh_world):
    fresh_world.set_clock()
    enrolled_anew(fresh_world)
    for office in APPROVERS:
        assert countersigned(fresh_world, "trust", office).code == 0
    (fresh_world.gate / "pending" / "trust" / "approvers" / f"{NEW[0]}.toml").unlink()
    (fresh_world.gate / "pending" / "trust" / "approvers" / f"{NEW[0]}.pem").unlink()
    fresh_world.set_clock(hours=25)
    blocked = fresh_world.solely("pending", "--gate", fresh_world.gate)
    assert blocked.code == 5
    assert entry_counts(fresh_world)["keyset"] == 3, "nothing new came into force"


@pytest.mark.rule("R-82")
@pytest.mark.parametrize("edit", [
    "UPDATE order_act SET statement = replace(statement, 'trust', 'xrust')",
    "UPDATE part SET digest = (SELECT digest FROM part WHERE name = 'trust') WHERE name = 'pending_trust'",
    "DELETE FROM part WHERE name = 'pending_trust'",
])  # fmt: skip
def test_an_edited_row_of_a_proposal_stops_the_gate(fresh_world, edit):
    enrolled_anew(fresh_world)
    countersigned(fresh_world, "trust", APPROVERS[0])
    with sqlite3.connect(fresh_world.gate / "state.sqlite", isolation_level=None) as state:
        state.execute(edit)
    assert fresh_world.solely("pending", "--gate", fresh_world.gate).code == 5


def test_the_same_proposed_again_keeps_its_countersignatures_and_another_says_that_they_are_void(fresh_world):
    fresh_world.set_clock()
    assert enrolled_anew(fresh_world).code == 0
    assert countersigned(fresh_world, "trust", APPROVERS[0]).code == 0
    before = entry_counts(fresh_world)
    again = fresh_world.solely("init", fresh_world.gate, "--trust", fresh_world.root / "next" / "trust")
    assert (again.code, "proposed already" in again.err) == (0, True), again.err
    assert entry_counts(fresh_world) == before, "nothing was proposed or put in force"
    (waiting,) = fresh_world.solely("pending", "--gate", fresh_world.gate).lines
    assert waiting["countersigned"] == [APPROVERS[0]]
    (fresh_world.root / "next" / "trust" / "approvers" / f"{NEW[1]}.toml").unlink()
    (fresh_world.root / "next" / "trust" / "approvers" / f"{NEW[1]}.pem").unlink()
    other = fresh_world.solely("init", fresh_world.gate, "--trust", fresh_world.root / "next" / "trust")
    assert (other.code, "every countersignature of it" in other.err) == (0, True), other.err
    (waiting,) = fresh_world.solely("pending", "--gate", fresh_world.gate).lines
    assert waiting["countersigned"] == []


def test_who_countersigns_sees_what_would_change_who_signed_and_when_it_acts(fresh_world):
    fresh_world.set_clock()
    assert enrolled_anew(fresh_world).code == 0
    stay = ("stay", "--gate", fresh_world.gate, "--cite", "docket 1", "--as")
    order = fresh_world.solely(*stay, fresh_world.key("approvers", APPROVERS[0])).result["order"]
    (waiting,) = fresh_world.solely("pending", "--gate", fresh_world.gate).lines
    assert [(each["enrolment"], each["change"]) for each in waiting["changes"]] == [
        (f"approvers/{name}", "added") for name in NEW
    ]
    assert {each["enrolled_by"] for each in waiting["changes"]} == {f"office-of-{name}" for name in NEW}
    assert (waiting["by"], waiting["needs"], waiting["in_effect_at"]) == ("init", 2, None)
    signing = ("--gate", fresh_world.gate, "--as", fresh_world.key("approvers", APPROVERS[0]))
    lifted = fresh_world.solely("stay", "--lift", order, "--cite", "settled", *signing)
    assert lifted.code == 0, lifted.err
    assert countersigned(fresh_world, lifted.result["order"], APPROVERS[1]).code == 0
    lines = fresh_world.solely("pending", "--gate", fresh_world.gate).lines
    (lift,) = [each for each in lines if "order" in each]
    assert (lift["kind"], lift["countersigned"], lift["in_effect_at"]) == ("lift", [APPROVERS[1]], None)
