"""The tour of `docs/start.md` with the state in PostgreSQL: the same acts in Chromium, without axe."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.e2e.test_tour import (  # noqa: F401 -- collected here as well
    browser,
    pytestmark,
    test_everybody_can_be_played_by_following_the_page,
    toured,
)
from tests.support.browser import Visitor
from tests.support.postgres import OPEN_URL, Cluster
from tests.support.service import Service
from tests.support.world import build_world


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory, server: Cluster) -> Iterator[Service]:
    """A gate like the demo's, its state in a database."""
    made = build_world(tmp_path_factory.mktemp("tour") / "out", seed=5, people=1_500, items=150)
    with toured(replace(made, database=OPEN_URL, environment=server.new_database())) as service:
        yield service


@pytest.fixture(autouse=True)
def unlooked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are the same whatever keeps the state."""
    monkeypatch.setattr(Visitor, "look", lambda *_: None)
