"""One small world per module for the end-to-end tests; each runs the command line as a user would."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.world import World, build_world


@pytest.fixture(scope="module")
def released_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world whose batch is decided, approved by two and released."""
    world = build_world(tmp_path_factory.mktemp("released"), seed=7)
    assert world.init().code == 0
    ran = world.run()
    assert ran.code == 0, ran.err
    approved = world.approve_by_two(world.folders.batch)
    assert approved.code == 0, approved.err
    yield world


@pytest.fixture(scope="session")
def new_gate(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A small world with a gate that has received nothing; made once, and never used itself."""
    world = build_world(tmp_path_factory.mktemp("new"), seed=11, people=600, items=60)
    made = world.init()
    assert made.code == 0, made.err
    return world


@pytest.fixture
def fresh_world(new_gate: World, tmp_path: Path) -> World:
    """A world of its own with a gate that has received nothing."""
    return new_gate.copied(tmp_path / "world")
