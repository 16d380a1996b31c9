"""The two models hold with every rule, and each rule is needed: without it a named invariant falls."""

import importlib
import re

import pytest

from tests.model import commit, lifecycle
from tests.model.search import Explored, explore
from tests.support.campaign import tell


def checked(module, model) -> Explored:
    return explore(model.first(), model.steps, module.breaks, module.is_finished)


@pytest.mark.rule("R-55", "R-56")
@pytest.mark.parametrize(
    "bounds",
    [{"crashes": 1, "restores": 0}, {"crashes": 0, "restores": 1}, {"crashes": 2, "writers": 1}],
    ids=["a-crash", "a-restore", "one-writer"],
)
def test_the_commit_protocol_breaks_no_invariant(bounds):
    found = checked(commit, commit.Commit(**bounds))
    assert (found.broken, found.story) == (None, ())
    assert found.states > 1_000


@pytest.mark.rule("R-55", "R-56")
@pytest.mark.parametrize("rule", commit.RULES)
def test_each_rule_of_the_commit_protocol_is_needed(rule):
    found = checked(commit, commit.Commit(commit.FULL - {rule}))
    assert found.broken == commit.RULES[rule], found.story


@pytest.mark.rule("R-56")
def test_the_swap_of_the_head_is_needed_only_where_an_old_database_is_put_back():
    without = commit.FULL - {"a head is swapped, never set"}
    found = checked(commit, commit.Commit(without, crashes=0))
    assert found.broken == "I2" and "restore" in found.story
    calm = checked(commit, commit.Commit(without, crashes=0, restores=0))
    assert calm.broken != "I2"


@pytest.mark.rule("R-52")
def test_the_life_cycle_breaks_no_invariant():
    found = checked(lifecycle, lifecycle.Lifecycle(crashes=1))
    assert (found.broken, found.story) == (None, ())
    assert found.states > 10_000


@pytest.mark.rule("R-52")
@pytest.mark.parametrize("rule", lifecycle.RULES)
def test_each_rule_of_the_life_cycle_is_needed(rule):
    found = checked(lifecycle, lifecycle.Lifecycle(lifecycle.FULL - {rule}))
    assert found.broken == lifecycle.RULES[rule], found.story


@pytest.mark.parametrize("module", [commit, lifecycle], ids=["commit", "lifecycle"])
def test_a_model_names_functions_that_the_program_has(module):
    named = re.findall(r"\b((?:store|steps|ledger)\.[a-z_]+(?:\.[A-Za-z_]+)+)", module.__doc__)
    assert len(named) >= 3
    for name in named:
        home, *parts = name.split(".")
        found = importlib.import_module(f"solely.{home}.{parts[0]}")
        for part in parts[1:]:
            found = getattr(found, part)


@pytest.mark.campaign
@pytest.mark.rule("R-55", "R-56")
def test_campaign_of_the_models():
    states = {}
    for crashes in range(4):
        for name, module, model in (
            ("commit", commit, commit.Commit(crashes=crashes)),
            ("lifecycle", lifecycle, lifecycle.Lifecycle(crashes=crashes)),
        ):
            found = checked(module, model)
            assert found.broken is None, found.story
            states[f"{name} with {crashes} crashes"] = found.states
    tell("models", **states)
