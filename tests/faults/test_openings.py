"""Openings killed at random moments: no address seen without its record, no refusal lost (J1, R-52).

`Asking` is all that the tests know of the door: another one, such as a key service, is asked in its place.
"""

import random
import sqlite3
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from solely_verify.entries import TYPES, read_entry
from tests.faults.inspection import committed_entries, order_violations, public_violations, published_entries
from tests.faults.test_commands import command, openable
from tests.support import strace
from tests.support.campaign import tell
from tests.support.world import World, build_world

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SHARE, CAMPAIGN = 12, 1000
strace.preload(
    [
        "solely.cli.main",
        "solely.flow",
        "solely.afterwards",
        "solely.services",
        "duckdb",
        "tests.faults.test_openings",
    ]
)


class Seen(NamedTuple):
    """What whoever asked has seen: an address, or that it was denied; neither when the end came before."""

    is_opened: bool
    is_denied: bool


class Asking(Protocol):
    """One door: asks for a package with a key, and is killed after so many seconds unless it has ended."""

    def __call__(self, package: Path, key: Path, killed_after: float | None) -> Seen: ...


class CommandLine:
    """`solely open` as the door."""

    def __init__(self, world: World) -> None:
        self._world, self._said = world, world.root / "said"

    def __call__(self, package: Path, key: Path, killed_after: float | None) -> Seen:
        for name in ("out", "err"):
            self._said.with_suffix(f".{name}").write_text("")
        words = ["open", package, "--key", key, "--confirm", package.stem, "--gate", self._world.gate]
        strace.killed(command, ([str(each) for each in words], self._said), killed_after)
        out, err = (self._said.with_suffix(f".{name}").read_text() for name in ("out", "err"))
        return Seen('"address"' in out or "street_line" in out, "solely: " in err and "trouble" not in err)


class Field:
    """A world with a package, its officer and a stranger, and what was seen so far."""

    def __init__(self, root: Path) -> None:
        self.world = build_world(root, seed=11, people=600, items=30)
        for ran in (self.world.init(), self.world.run(), self.world.approve_by_two(self.world.folders.batch)):
            assert ran.code == 0, ran.err
        self.package, officer = openable(self.world)
        accepted = self.world.accept(officer)
        assert accepted.code == 0, accepted.err
        own = self.world.key("officers", officer)
        self.keys = [own, next(each for each in sorted(own.parent.glob("*.pem")) if each != own)]
        self.seen: Counter[str] = Counter()
        self.kept = [(self.world.gate / "ledger/checkpoint").read_bytes()]

    def ask(self, asking: Asking, chance: random.Random, took: float) -> list[str]:
        """What does not hold after one opening that is killed at a random moment."""
        is_stranger = chance.random() < 0.3
        seen = asking(self.package, self.keys[is_stranger], chance.uniform(0.1, 1.1) * took)
        self.seen["open"] += seen.is_opened
        self.seen["open-refused"] += seen.is_denied
        found = ["an address was shown to a stranger"] if seen.is_opened and is_stranger else []
        logged = Counter(TYPES[read_entry(each)[2]] for each in published_entries(self.world.gate))
        for word, count in self.seen.items():
            if logged[word] < count:
                found.append(f"J1: {count} times `{word}` was seen, {logged[word]} are published")
        return found

    def end(self) -> list[str]:
        """What does not hold of the gate when all is over."""
        assert self.world.solely("referred", "--gate", self.world.gate).code == 0
        gate = self.world.gate
        state = sqlite3.connect(gate / "state.sqlite")
        order = order_violations(gate, committed_entries(state), state)
        return [*public_violations(gate, self.kept), *order]


@pytest.fixture(scope="module")
def field(tmp_path_factory):
    return Field(tmp_path_factory.mktemp("openings"))


def through(field: Field, asking: Asking, kills: int, seed: int) -> list[str]:
    """What does not hold after so many killed openings."""
    began = time.monotonic()
    assert asking(field.package, field.keys[0], None) == Seen(True, False)
    took = time.monotonic() - began
    assert asking(field.package, field.keys[1], None) == Seen(False, True)
    chance, found = random.Random(seed), list[str]()
    for _ in range(kills):
        found += field.ask(asking, chance, took)
    return found + field.end()


@pytest.mark.rule("R-52", "R-55")
def test_a_share_of_killed_openings(field):
    assert through(field, CommandLine(field.world), SHARE, seed=20260807) == []


@pytest.mark.campaign
@pytest.mark.rule("R-52", "R-55")
def test_campaign_of_killed_openings(field):
    began = time.monotonic()
    found = through(field, CommandLine(field.world), CAMPAIGN, seed=20260807)
    tell(
        "killed openings",
        kills=CAMPAIGN,
        seen=dict(field.seen),
        violations=len(found),
        seconds=round(time.monotonic() - began),
    )
    assert found == []
