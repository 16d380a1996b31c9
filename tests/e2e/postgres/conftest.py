"""The worlds of the end-to-end tests with their state in PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.postgres import OPEN_URL, Cluster, cluster
from tests.support.world import World, build_world


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    """A server of this process's tests."""
    with cluster() as running:
        yield running


@pytest.fixture(scope="session")
def new_gate(tmp_path_factory: pytest.TempPathFactory, server: Cluster) -> World:
    """A small world with a gate that has received nothing; made once, and never used itself."""
    made = build_world(tmp_path_factory.mktemp("postgres"), seed=11, people=600, items=60)
    world = replace(made, database=OPEN_URL, environment=server.new_database())
    ran = world.init()
    assert ran.code == 0, ran.err
    return world


@pytest.fixture
def fresh_world(new_gate: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world of its own with a gate that has received nothing; what runs in this process finds it too."""
    world = new_gate.copied(tmp_path / "world")
    for name, value in world.environment.items():
        monkeypatch.setenv(name, value)
    return world
