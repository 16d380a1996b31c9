"""A plugin of pytest under which no package of an extra can be imported: what then passes needs none.

python -m pytest -p tests.support.without_extras tests/unit
"""

import importlib.abc
import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = frozenset(("pytest", "pytest-xdist", "hypothesis", "ruff", "mypy", "import-linter"))
IMPORTED_AS = {
    "z3-solver": "z3", "psycopg[binary]": "psycopg", "python-multipart": "python_multipart",
    "axe-playwright-python": "axe_playwright_python", "prometheus-client": "prometheus_client",
    "opentelemetry-api": "opentelemetry", "oidc-provider-mock": "oidc_provider_mock",
    "common-expression-language": "cel",
}  # fmt: skip


def packages_of_extras() -> frozenset[str]:
    """The modules that extras bring, but for the tools that tests themselves run on."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    named = {re.split(r"[<>=!~ ]", each)[0] for stated in extras.values() for each in stated}
    return frozenset(IMPORTED_AS.get(each, each) for each in named - TOOLS)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the tests of what serves: API, console and the process that listens."""
    unit = ROOT / "tests" / "unit"
    return True if collection_path in (unit / "api", unit / "console", unit / "front") else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs an extra."""
    left_out = [each for each in items if each.get_closest_marker("needs")]
    items[:] = [each for each in items if not each.get_closest_marker("needs")]
    config.hook.pytest_deselected(items=left_out)


class Missing(importlib.abc.MetaPathFinder):
    """Finds nothing of these packages, and says so as Python does."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Nothing; ModuleNotFoundError for a package of an extra."""
        if name.partition(".")[0] in self._names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def pytest_load_initial_conftests() -> None:
    """From here on no extra is there; only where this is a plugin, not where it is imported."""
    for loaded in [each for each in sys.modules if each.partition(".")[0] in packages_of_extras()]:
        del sys.modules[loaded]
    sys.meta_path.insert(0, Missing(packages_of_extras()))
