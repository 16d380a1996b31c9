"""Killed at a random moment and started again: the same dispositions, nothing twice, nothing unlogged."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from solely.model import COLUMNS
from tests.support.reading import entries_of, only_batch, rows_of
from tests.support.world import APPROVERS, World, build_world

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
KILLS = 8


def killed(world: World, arguments: list[object], after: float) -> None:
    """Start the command and kill it without warning after so many seconds."""
    process = subprocess.Popen(
        [sys.executable, "-m", "solely.cli.main", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=world.root,
        env={**os.environ, **world.environment},
    )
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()


def require_logged(world: World) -> None:
    """Every package in the outbox is covered by a published release entry."""
    packages = {path.stem for path in world.packages()}
    releases = sum(each.type.word == "release" for each in entries_of(world))
    assert len(packages) <= releases


@pytest.mark.rule("R-05", "R-13", "R-55")
def test_a_run_and_a_release_killed_at_random_moments_end_like_an_undisturbed_one(tmp_path):
    end_alike(build_world(tmp_path / "calm", seed=5, people=600, items=120), tmp_path)


def end_alike(calm: World, tmp_path: Path) -> None:
    """The same world, killed again and again, ends like the calm one, and nothing leaves unlogged."""
    assert calm.init().code == 0
    torn = calm.copied(tmp_path / "torn")
    started = time.monotonic()
    assert calm.run().code == 0
    took = time.monotonic() - started
    calm_released = calm.approve_by_two(calm.folders.batch).result

    rng = random.Random(20250807)
    for _ in range(KILLS):
        killed(torn, ["run", torn.folders.batch, "--gate", torn.gate], rng.uniform(0.2, 1.1) * took)
        require_logged(torn)
    assert torn.run().code in (0, 4)
    assert rows_of(only_batch(torn) / "dispositions.parquet") == rows_of(
        only_batch(calm) / "dispositions.parquet"
    )
    first = sum(each.type.word == "decision" for each in entries_of(torn))
    assert first == len(torn.requests.rows), "no item is decided twice"

    torn.approve(torn.folders.batch, APPROVERS[0])
    approve = ["approve", torn.folders.batch, "--gate", torn.gate, "--as"]
    for _ in range(KILLS):
        killed(torn, [*approve, torn.key("approvers", APPROVERS[1])], rng.uniform(0.2, 1.2) * took)
        require_logged(torn)
    last = torn.approve(torn.folders.batch, APPROVERS[1])
    assert last.code in (0, 4), last.err
    result = torn.run().result
    counted = ("released", "releasable", "withheld", "referred", "returned", "refused")
    assert {name: result[name] for name in counted} == {name: calm_released[name] for name in counted}
    released = Counter(each["request_id"] for each in rows_of(only_batch(torn) / "releases.parquet"))
    assert set(released.values()) == {1}
    assert {path.stem for path in torn.packages()} == set(released)
    verified = torn.solely("verify", torn.gate / "ledger", "--key", torn.gate / "log.vkey")
    assert verified.code == 0, verified.out + verified.err


def rows_of_several_chunks(world: World, padding: int) -> list[dict[str, str]]:
    """The world's own rows before and after so many that name nobody: three chunks where two are full."""
    own = world.requests.rows
    blank = dict.fromkeys(COLUMNS, "")
    blanks = [blank | {"request_id": f"PAD-{place}"} for place in range(padding)]
    return [*own[: len(own) // 2], *blanks, *own[len(own) // 2 :]]


@pytest.mark.rule("R-05", "R-36")
def test_a_run_of_several_chunks_goes_on_where_it_was_killed(tmp_path):
    calm = build_world(tmp_path / "calm", seed=6, people=600, items=120)
    assert calm.init().code == 0
    batch = calm.write_batch(rows_of_several_chunks(calm, 33_000), "long")
    torn = calm.copied(tmp_path / "torn")
    started = time.monotonic()
    undisturbed = calm.run(batch)
    took = time.monotonic() - started
    assert undisturbed.code == 0 and "33,120 of 33,120" in undisturbed.err

    rng, same = random.Random(20250826), torn.root / "long"
    for _ in range(KILLS // 2):
        killed(torn, ["run", same, "--gate", torn.gate], rng.uniform(0.3, 1.0) * took)
    ended = torn.run(same)
    assert ended.code in (0, 4)
    assert rows_of(only_batch(torn) / "dispositions.parquet") == rows_of(
        only_batch(calm) / "dispositions.parquet"
    )
    reads = [
        [
            (each["row"], each["record_ref"], each["purpose"])
            for each in rows_of(only_batch(world) / "access.parquet")
        ]
        for world in (torn, calm)
    ]
    assert reads[0] == reads[1]
    assert (only_batch(torn) / "answer.jsonl").read_bytes() == (
        only_batch(calm) / "answer.jsonl"
    ).read_bytes()
    decided = Counter(each.type.word for each in entries_of(torn))
    assert decided["decision"] == 33_120 and decided["decided"] == 1


@pytest.mark.rule("R-82", "R-83")
def test_a_refresh_of_the_records_killed_at_random_moments_is_old_or_new_and_never_between(tmp_path):
    made = build_world(tmp_path, seed=7, people=600, items=60)
    assert made.init().code == 0
    folder = made.gate / "records"
    changed = made.folders.record_files()[0]  # everybody, once more: the same index, made by a refresh
    before = json.loads((folder / "index.json").read_text())["files"]
    refresh = ["init", made.gate, "--changed", changed, "--as-of", made.today.isoformat()]
    started = time.monotonic()
    assert made.solely(*refresh).code == 0
    took = time.monotonic() - started
    rng = random.Random(20260104)
    for _ in range(KILLS):
        killed(made, refresh, rng.uniform(0.2, 1.0) * took)
        assert json.loads((folder / "index.json").read_text())["files"] == before
    # Where a crash came between index and entry the gate stops, and the same command mends it.
    assert made.solely(*refresh).code == 0
    assert [each.name for each in folder.iterdir() if each.is_dir()] == [
        json.loads((folder / "index.json").read_text())["folder"]
    ]
    assert made.run().code == 0
