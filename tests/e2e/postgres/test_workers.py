"""Four processes at one gate in PostgreSQL: whoever has the turn goes on where the last one stopped."""

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest

from tests.support.reading import entries_of, only_batch
from tests.support.world import ROOT, World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
WORKERS = 4


def asking(world: World, first: int, last: int) -> "subprocess.Popen[str]":
    """A process that asks for these rows one after the other, and tells row and entry of each."""
    words = [sys.executable, "-m", "tests.support.online", world.gate, world.folders.batch, first, last]
    return subprocess.Popen(
        [*map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **world.environment},
    )


def require_decided_once(world: World) -> None:
    """The ledger has one decision for each row of the batch, and verifies."""
    rows = len(world.requests.rows)
    decided = [each.ordinal for each in entries_of(world) if each.type.word == "decision"]
    assert len(decided) == len(set(decided)) == rows
    assert len((only_batch(world) / "answer.jsonl").read_text().splitlines()) == rows
    verified = world.solely("verify", world.gate / "ledger", "--key", world.gate / "log.vkey")
    assert verified.code == 0, verified.out + verified.err


@pytest.mark.rule("R-05", "R-13", "R-55")
def test_four_processes_that_ask_for_the_same_rows_find_each_decided_once(fresh_world: World) -> None:
    world, rows = fresh_world, len(fresh_world.requests.rows)
    asked = [(1, rows // 2), (rows // 4, rows - 8), (5, rows // 3), (rows // 3, rows - 10)]
    workers = [asking(world, *each) for each in asked]
    workers[0].stdout.readline()  # type: ignore[union-attr]
    workers[0].send_signal(signal.SIGKILL)  # in the middle of its rows; the turn is free with its connection
    told: dict[int, set[int]] = {}
    for worker, (first, last) in list(zip(workers, asked, strict=True))[1:]:
        out, err = worker.communicate(timeout=120)
        assert worker.returncode == 0, err
        lines = [tuple(map(int, each.split())) for each in out.splitlines()]
        assert [row for row, _ in lines] == list(range(first, last + 1))
        for row, index in lines:
            told.setdefault(row, set()).add(index)
    workers[0].communicate()
    assert all(len(indexes) == 1 for indexes in told.values()), "two processes were told of two entries"
    used = Counter(index for indexes in told.values() for index in indexes)
    assert max(used.values()) == 1, "one entry was told for two rows"
    assert world.run().code == 0
    require_decided_once(world)


@pytest.mark.rule("R-05", "R-13", "R-55")
def test_four_runs_of_one_batch_at_once_decide_it_once(fresh_world: World) -> None:
    world = fresh_world
    words = [
        sys.executable,
        "-m",
        "solely.cli.main",
        "run",
        str(world.folders.batch),
        "--gate",
        str(world.gate),
    ]
    workers = [
        subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **world.environment},
        )
        for _ in range(WORKERS)
    ]
    said = [worker.communicate(timeout=120) for worker in workers]
    ended = Counter(worker.returncode for worker in workers)
    assert ended == {0: 1, 4: WORKERS - 1}, [err for _, err in said]  # the others: a duplicate
    require_decided_once(world)
