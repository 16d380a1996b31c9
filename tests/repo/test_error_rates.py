"""The published error is that of the rules in force: no rule changes without a new measurement (R-42)."""

import json

import pytest

from bench.rules import rules_in_force
from tests.support.tree import ROOT

PUBLISHED = json.loads((ROOT / "bench" / "results" / "error.json").read_text(encoding="utf-8"))
CURE = "the rules have changed since the error was measured: run `python -m bench.error` and `make docs`"


@pytest.mark.rule("R-42")
def test_the_published_error_was_measured_under_the_rules_in_force() -> None:
    measured, present = PUBLISHED["rules"], rules_in_force()
    changed = [name for name, digest in present["parts"].items() if measured["parts"].get(name) != digest]
    assert (measured["digest"], changed) == (present["digest"], []), CURE


@pytest.mark.rule("R-42")
def test_the_published_table_states_both_rates_and_their_ground() -> None:
    assert len(PUBLISHED["draws"]) >= 9 and len({each["seed"] for each in PUBLISHED["draws"]}) >= 9
    assert PUBLISHED["total"]["faults"]["wrong_person"] == len(
        [each for each in PUBLISHED["wrong"] if each["fault"] == "wrong_person"]
    )
    assert {"exact/all", "typo/all", "exact/origin", "exact/surnames", "exact/suffix"} <= PUBLISHED[
        "recall"
    ].keys()
    assert PUBLISHED["machine"] and PUBLISHED["commit"] and PUBLISHED["command"] and PUBLISHED["load_average"]
