"""The rule book and the tests stay together: which rules must have a test, and how each is switched off."""

import subprocess
import sys
from collections import Counter

import pytest

from tests.rule_switches import SWITCHES, Switch
from tests.rules import ways_out_of_ends
from tests.support.tree import ROOT

NEEDED = {
    "R-01", "R-02", "R-05", "R-06", "R-11", "R-12", "R-13", "R-36", "R-37", "R-38", "R-39", "R-40", "R-41",
    "R-43", "R-44", "R-45", "R-49", "R-55", "R-56", "R-57", "R-67", "R-68", "R-69", "R-72", "R-73",
    "R-78", "R-79", "R-81", "R-82", "R-83", "R-88", "R-95", "R-103", "R-107",
}  # fmt: skip


@pytest.fixture(scope="module")
def named() -> set[str]:
    """Every rule that some test names; marks are also made from data, so the tests are collected."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.rules", "--names"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    return set(done.stdout.splitlines()[-1].removeprefix("named: ").split())


def test_every_rule_that_the_gate_upholds_has_a_test(named: set[str]) -> None:
    assert NEEDED - named == set()


def test_every_rule_with_a_test_can_be_switched_off(named: set[str]) -> None:
    assert named - {switch.rule for switch in SWITCHES} == set()


@pytest.mark.parametrize(
    "switch", SWITCHES, ids=[f"{each.rule}-{place}" for place, each in enumerate(SWITCHES)]
)
def test_the_text_that_a_switch_changes_stands_exactly_once(switch: Switch) -> None:
    assert (ROOT / switch.file).read_text(encoding="utf-8").count(switch.old) == 1
    assert switch.old != switch.new


def test_no_switch_is_listed_twice() -> None:
    assert [switch for switch, count in Counter(SWITCHES).items() if count > 1] == []


@pytest.mark.rule("R-82")
def test_no_way_but_a_contest_leads_out_of_refused_returned_or_withheld() -> None:
    assert ways_out_of_ends() == []
