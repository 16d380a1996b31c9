"""The command line killed, or told EIO, at its disk calls: run, approve, accept, open; then asked once more.

A tiny world; its ledger is filled until the tile that these commands write into is nearly full.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from solely.ledger.entry import EntryType
from solely.store.database import Database
from solely.store.ledger_store import Ledger
from solely_verify.entries import TYPES, read_entry
from tests.faults.inspection import (
    committed_entries,
    in_copy,
    order_violations,
    public_violations,
    published_entries,
)
from tests.support import strace
from tests.support.campaign import tell
from tests.support.forked import exit_code
from tests.support.ledgers import Script
from tests.support.reading import rows_of
from tests.support.strace import Fault
from tests.support.world import APPROVERS, World, build_world

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not strace.IS_THERE, reason="strace is missing: apt-get install -y strace"),
]
SHARE, CAMPAIGN = 10, int(os.environ.get("COMMAND_FAULTS", "600"))  # faults drawn with a seed
FILLED = 240  # entries before the first command
KEPT_AS_THEY_ARE = ("records", "law", "inputs", "trust")  # no command writes there: links instead of copies
strace.preload(
    [
        "solely.cli.main",
        "solely.flow",
        "solely.afterwards",
        "solely.services",
        "duckdb",
        "tests.faults.test_commands",
    ]
)


def command(arguments: list[str], said: Path) -> int:
    """The exit code of the command line, as in a process of its own; what it says goes into files."""
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(_opened(said.with_suffix(f".{name}")), number)
    return exit_code(arguments)


def _opened(said: Path) -> int:
    """The file, opened once more where the fault met its opening, which is the test's."""
    with suppress(OSError):
        return os.open(said, os.O_WRONLY)
    return os.open(said, os.O_WRONLY)


class Stage(NamedTuple):
    """One command: the gate as it is before it, and its arguments but for the gate."""

    name: str
    before: Path
    arguments: list[str]
    faults: list[Fault]


def link_or_copy(root: Path):
    """A copy function that links what no command writes."""
    fixed = tuple(str(root / each) for each in KEPT_AS_THEY_ARE)

    def copy(source: str, target: str) -> Any:
        return os.link(source, target) if source.startswith(fixed) else shutil.copy2(source, target)

    return copy


class Commands:
    """A world, the gate before each command, and what an undisturbed pass ends with."""

    def __init__(self, root: Path) -> None:
        self.root, self.said = root, root / "said"
        self.world = build_world(root / "world", seed=11, people=600, items=30)
        made = self.world.init()
        assert made.code == 0, made.err
        self.gate = self.world.gate
        fill(self.gate)
        self.first = (self.gate / "ledger/checkpoint").read_bytes()
        self.stages: list[Stage] = []
        for name, arguments in self._commands():
            before = root / "before" / name
            shutil.copytree(self.gate, before, copy_function=link_or_copy(self.gate))
            ended = strace.run(command, (self._whole(arguments), self._silent()), root / "trace")
            assert ended.code == 0, self.told()
            self.stages.append(Stage(name, before, arguments, ended.faults()))
        self.calm = pictured(self.gate)

    def _commands(self) -> Iterator[tuple[str, list[str]]]:
        batch = str(self.world.folders.batch)
        yield "run", ["run", batch]
        for office in APPROVERS:
            yield f"approve-{office}", ["approve", batch, "--as", str(self.world.key("approvers", office))]
        package, officer = openable(self.world)
        key = str(self.world.key("officers", officer))
        yield "accept", ["accept", "--as", key]
        yield "open", ["open", str(package), "--key", key, "--confirm", package.stem]

    def _silent(self) -> Path:
        """Where a command says things, empty: a fault at opening these files would be one of the test."""
        for name in ("out", "err"):
            self.said.with_suffix(f".{name}").write_bytes(b"")
        return self.said

    def _whole(self, arguments: list[str]) -> list[str]:
        return [*arguments, "--gate", str(self.gate)]

    def told(self) -> str:
        """What the last command said on stderr."""
        return self.said.with_suffix(".err").read_text()

    def faults(self) -> list[tuple[Stage, Fault]]:
        """Each fault of each command."""
        return [(stage, fault) for stage in self.stages for fault in stage.faults]

    def violations(self, stage: Stage, fault: Fault) -> list[str]:
        """What does not hold after a command with a fault, and after the rest was done without one."""
        shutil.rmtree(self.gate)
        shutil.copytree(stage.before, self.gate, copy_function=link_or_copy(stage.before))
        code = strace.run(
            command, (self._whole(stage.arguments), self._silent()), self.root / "trace", fault
        ).code
        is_meant = code in ({-9, 0} if fault.kind == "KILL" else {0, 3})
        # what the engine could not read blocks (contracts 2), and nothing leaves
        is_meant |= fault.kind == "EIO" and code == 5 and "ENGINE_ERROR" in self.told()
        is_meant |= code == -signal.SIGABRT and self._is_of_the_machine()
        found = [] if is_meant else [f"exit code {code}: {self.told()[-200:]}"]
        found += (
            [f"said: {self.told()[-200:]}"] if "fault:" in self.told() or "Traceback" in self.told() else []
        )
        seen = in_copy(self.gate, self.root / "seen")
        kept = [self.first, (seen / "ledger/checkpoint").read_bytes()]
        found += [*public_violations(seen, kept), *gate_violations(seen), *self.unlogged_opening(seen)]
        at = self.stages.index(stage)
        for each in self.stages[at:]:
            again = strace.plainly(command, (self._whole(each.arguments), self._silent()))
            if again not in (0, 4):
                found.append(
                    f"exit code {again} of {each.name} when it was asked again: {self.told()[-200:]}"
                )
        found += [*public_violations(self.gate, kept), *gate_violations(self.gate)]
        different = [name for name, value in pictured(self.gate).items() if value != self.calm[name]]
        return found + [f"I10: other {name} than without a fault" for name in different]

    def _is_of_the_machine(self) -> bool:
        """True where the fault met a file in which the machine tells of itself: the engine's library ends the
        process then, which must leave no more behind than a kill."""
        injected = [line for line in (self.root / "trace").read_text().splitlines() if "INJECTED" in line]
        return any('"/sys/' in line or '"/proc/' in line for line in injected)

    def unlogged_opening(self, seen: Path) -> Iterator[str]:
        """J1: an address shows only when its opening is in the published ledger."""
        shown = self.said.with_suffix(".out").read_text()
        is_opened = any("street_line" in line or '"address"' in line for line in shown.splitlines())
        if is_opened and not entries_of_type(published_entries(seen), "open"):
            yield "J1: an address was shown and its opening is not published"


def fill(gate: Path) -> None:
    """Append anchors until the tile is nearly full."""
    database = Database(gate / "state.sqlite", must_exist=True)
    ledger = Ledger(database.engine, gate)
    with database.transaction() as tx:
        size = ledger.size(tx)
        script = Script()
        for _ in range(FILLED - size):
            script.add(EntryType.ANCHOR)
        ledger.append(tx, "filling", [ledger.timed(tx, each) for each in script.encoded()])
    ledger.publish()
    database.close()


def openable(world: World) -> tuple[Path, str]:
    """A package in the outbox and an officer who may open it."""
    state = sqlite3.connect(world.gate / "state.sqlite")
    request_id, officers = state.execute("SELECT request_id, officers FROM release").fetchone()
    return world.gate / "outbox" / f"{request_id}.tdf", json.loads(officers)[0]


def entries_of_type(entries: list[bytes], word: str) -> list[dict[int, Any]]:
    read = (read_entry(each) for each in entries)
    return [entry for entry in read if TYPES[entry[2]] == word]


def gate_violations(gate: Path) -> Iterator[str]:
    """What does not hold of cases, releases and packages (I1, I3, I4, I7)."""
    state = sqlite3.connect(gate / "state.sqlite")
    entries = committed_entries(state)
    yield from order_violations(gate, entries, state)
    public = {entry[13][:48] for entry in entries_of_type(published_entries(gate), "release")}
    for package in (gate / "outbox").glob("*.tdf"):
        if hashlib.sha384(package.read_bytes()).digest() not in public:
            yield "I1: a package has left and its entry is not published"
    counts = Counter(TYPES[read_entry(each)[2]] for each in entries)
    if counts["request"] > 1:
        yield "I3: one letter was received twice"
    for table, word in (("batch", "request"), ("release", "release"), ("approval", "approval")):
        (rows,) = state.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 -- a name of ours
        if rows != counts[word]:
            yield f"I4: {rows} rows of {table}, {counts[word]} entries"
    (decided,) = state.execute("SELECT coalesce(sum(items), 0) FROM chunk").fetchone()
    if decided > counts["decision"]:
        yield "I4: more decided than logged"


def pictured(gate: Path) -> dict[str, Any]:
    """What must come out the same: dispositions, packages, releases, how often each was let out."""
    folder = next((gate / "batches").iterdir())
    state = sqlite3.connect(gate / "state.sqlite")
    releases = state.execute("SELECT request_id, is_delivered FROM release ORDER BY request_id").fetchall()
    return {
        "dispositions": rows_of(folder / "dispositions.parquet"),
        "packages": sorted(path.name for path in (gate / "outbox").glob("*.tdf")),
        "releases": releases,
        "table": sorted(row["request_id"] for row in rows_of(folder / "releases.parquet")),
    }


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    return Commands(tmp_path_factory.mktemp("commands"))


def through(commands: Commands, count: int) -> dict[str, list[str]]:
    """The faults of a seeded draw after which something does not hold, each with what."""
    drawn = random.Random(20260806).sample(commands.faults(), count)
    return {
        f"{stage.name}: {fault}": bad for stage, fault in drawn if (bad := commands.violations(stage, fault))
    }


@pytest.mark.rule("R-13", "R-55", "R-56")
def test_a_share_of_the_faults_of_each_command(commands):
    assert len(commands.faults()) > 500
    assert through(commands, SHARE) == {}


@pytest.mark.campaign
@pytest.mark.rule("R-13", "R-55", "R-56")
def test_campaign_of_faults_of_the_commands(commands):
    began, possible = time.monotonic(), len(commands.faults())
    found = through(commands, min(CAMPAIGN, possible))
    tell(
        "faults of commands",
        faults=min(CAMPAIGN, possible),
        possible=possible,
        violations=len(found),
        seconds=round(time.monotonic() - began),
    )
    assert found == {}
