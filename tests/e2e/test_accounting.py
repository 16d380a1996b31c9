"""The yearly accounting: numbers that whoever has the ledger counts too, and none where the state differs."""

import csv
from pathlib import Path

import pytest

from tests.support.world import World

pytestmark = pytest.mark.e2e
AGENCY = "homeland-security"


@pytest.fixture
def world(released_world: World, tmp_path: Path) -> World:
    """A released world of its own."""
    return released_world.copied(tmp_path / "world")


def account(world: World, *more: str | Path):
    """What `accounting` gives for this year."""
    year = str(world.today.year)
    return world.solely("accounting", "--gate", world.gate, "--year", year, "--agency", AGENCY, *more)


@pytest.mark.rule("R-55", "R-58")
def test_the_figures_are_those_of_the_ledger(world: World) -> None:
    out = world.root / "accounting.csv"
    ran = account(world, "--out", out)
    assert ran.code == 0, ran.err
    figures = ran.result["figures"]
    entries = world.solely(
        "verify", world.gate / "ledger", "--key", world.gate / "log.vkey", "--json"
    ).result["entries"]
    assert figures["requests_received"] == entries["request"] == 1
    assert figures["items_decided"] == 200
    assert figures["disclosures"] == entries["release"] == len(list((world.gate / "outbox").iterdir()))
    assert 0 < figures["persons"] <= figures["disclosures"]
    assert sum(number for name, number in figures.items() if name.startswith("items_for_")) == 200
    with out.open(newline="") as file:
        rows = {row["figure"]: int(row["number"]) for row in csv.DictReader(file)}
    assert rows == figures


@pytest.mark.rule("R-55")
def test_an_agency_that_asked_for_nothing_has_an_account_of_zeros(world: World) -> None:
    year = str(world.today.year)
    ran = world.solely("accounting", "--gate", world.gate, "--year", year, "--agency", "treasury")
    assert (ran.result["figures"]["requests_received"], ran.result["figures"]["disclosures"]) == (0, 0)
    other = world.solely("accounting", "--gate", world.gate, "--year", year, "--agency", "somebody")
    assert other.code == 2


@pytest.mark.rule("R-55", "R-82")
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM approval",
        "UPDATE approval SET approver_id = 'nobody' WHERE rowid = (SELECT min(rowid) FROM approval)",
    ],
)
def test_approvals_that_are_not_those_of_the_ledger_make_no_account(world: World, statement: str) -> None:
    with world.state() as state:
        assert state.execute(statement).rowcount > 0
    ran = account(world)
    assert ran.code == 5
    assert "approval" in ran.err


@pytest.mark.rule("R-58")
@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DELETE FROM release WHERE row = (SELECT min(row) FROM release)", "releases of batch"),
        ("UPDATE case_file SET state = 'withheld' WHERE state = 'released'", "items `released`"),
    ],
)
def test_a_state_that_says_otherwise_makes_no_account(world: World, statement: str, named: str) -> None:
    with world.state() as state:
        state.execute(statement)
    ran = account(world, "--out", world.root / "accounting.csv")
    assert ran.code == 1
    assert named in ran.err
    assert not (world.root / "accounting.csv").exists()
    assert not ran.out
