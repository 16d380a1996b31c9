"""Rule ids travel from the mark on a test to its report, so that `make rules` can count them.

- `@pytest.mark.rule("R-27", "R-28")` names the rules that a test shows; an id outside the rule book stops
  the collection.
- `--rule R-27` keeps only the tests that name R-27 (`tests/rules.py --prove` uses it).
"""

import re
from collections.abc import Iterator

import pytest
from hypothesis import settings

# A busy machine is no failure: what must be quick has a test of its own.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

RULE_ID = re.compile(r"R-(0[1-9]|[1-9]\d|10[0-7])")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--rule` and `--rules`."""
    parser.addoption("--rules", action="store_true", help="end with the table that `make rules` prints")
    parser.addoption("--rule", default=None, help="run only the tests that show this rule, such as R-27")


def pytest_configure(config: pytest.Config) -> None:
    """Gather outcomes by rule where `--rules` asks for the table."""
    if config.getoption("--rules") and not hasattr(config, "workerinput"):
        from tests.rules import Tested

        config.pluginmanager.register(Tested(), "rules")


def rules_of(test: pytest.Item) -> Iterator[str]:
    """The rule ids that a test names; UsageError for an id that the rule book does not have."""
    for mark in test.iter_markers("rule"):
        for rule in mark.args:
            if not isinstance(rule, str) or not RULE_ID.fullmatch(rule):
                raise pytest.UsageError(f"`{test.nodeid}` names `{rule}`, which is no rule of the rule book")
            yield rule


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note the rules of each test, and drop what `--rule` does not ask for; what takes minutes is first."""
    wanted = config.getoption("--rule")
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for test in items:
        rules = sorted(set(rules_of(test)))
        test.user_properties.extend(("rule", rule) for rule in rules)
        (kept if wanted is None or wanted in rules else dropped).append(test)
    items[:] = sorted(kept, key=lambda test: test.get_closest_marker("first") is None)
    config.hook.pytest_deselected(items=dropped)
