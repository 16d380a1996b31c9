"""Single requests over HTTP: how long until a row is decided, its entry under a published checkpoint.

    python -m bench.singles [--people 100000] [--items 8000] [--rate 200] [--seconds 30] [--database URL]

- A world is made and its batch received; `solely serve --singly` runs in a process of its own. Callers are
  another one on the same machine and do what an agency does: a token, a proof for each call, the call.
- Rows are asked for in order; requests fall due at a rate, answered or not (Poisson, from a seed), each
  timed from when it was due. A row that a later one had decided too is counted like any other.
- With `--database` the state is in PostgreSQL; what the address leaves open comes from the environment.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from bench import world
from bench.about import about, scheduling, write
from bench.openings import quantiles
from bench.population import World
from bench.process import apart, run_solely
from bench.run import LAW
from bench.service import Served, cpu_seconds, started, together
from demo.people import SIGNER
from demo.world import Folders
from solely import flow
from solely.errors import TroubleError
from solely.remote import Requester
from solely.services import opened

THREADS, FIRST = 48, 100  # who call; rows asked for before the clock runs


def main(words: list[str] | None = None) -> int:
    """Measure, write the result and print it."""
    options = _options(words)
    root = options.world or Path(tempfile.mkdtemp(prefix="solely-singles-"))
    folders = Folders(root)
    try:
        if not folders.truth.is_file():
            made = World(options.seed, options.people, datetime.now(UTC).date())
            apart(world.write, root, made, "national", options.items, LAW)
        _new_gate(folders, options.database)
        stated = f"--people {options.people} --items {options.items} --rate {options.rate}"
        result = about(f"python -m bench.singles {stated} --seconds {options.seconds}")
        result |= {"state": "PostgreSQL" if options.database else "SQLite", "priority": scheduling()}
        result |= measured(folders, options)
    finally:
        if options.world is None:
            shutil.rmtree(root, ignore_errors=True)
    write(options.name or f"singles-{'postgresql' if options.database else 'sqlite'}", result)
    print(json.dumps(result, indent=1))
    return 0


def measured(folders: Folders, options: argparse.Namespace) -> dict[str, Any]:
    """The figures of one batch, asked for row after row."""
    with opened(folders.gate) as services:
        batch, refused = flow.receive(services, folders.batch)
        assert batch is not None, refused
    begun = time.perf_counter()
    served = started(folders.gate, "--singly", "600")
    try:
        callers = [Requester(served.url, folders.key("requesters", SIGNER)) for _ in range(THREADS)]
        _ready(callers, batch["id"])
        ready = round(time.perf_counter() - begun, 1)
        return {"seconds_to_open": ready} | _offered(served, callers, batch["id"], options)
    finally:
        served.stop()


def _ready(callers: list[Requester], batch: str) -> None:
    """Return once the batch is open, every caller has a token, and the first rows are decided."""
    for each in callers:
        while True:
            try:
                each.item(batch, 1)
                break
            except TroubleError:
                time.sleep(0.2)
    for row in range(2, FIRST + 1):
        callers[0].item(batch, row)


def _offered(
    served: Served, callers: list[Requester], batch: str, options: argparse.Namespace
) -> dict[str, Any]:
    due = _due(options)
    took, failed = list[float](), Counter[str]()
    numbers, start = count(), time.perf_counter() + 0.2

    def asking(caller: Requester) -> Callable[[], None]:
        def ask() -> None:
            while (number := next(numbers)) < len(due):
                wait = start + due[number] - time.perf_counter()
                if wait > 0:
                    time.sleep(wait)
                try:
                    caller.item(batch, FIRST + 1 + number)
                except TroubleError as error:
                    failed[str(error)] += 1
                    continue
                took.append(time.perf_counter() - start - due[number])

        return ask

    load, own, service = os.getloadavg(), time.process_time(), cpu_seconds(served.process.pid)
    seconds = together([asking(each) for each in callers])
    return {
        "offered_per_second": options.rate,
        "answered": len(took),
        "answered_per_second": round(len(took) / seconds, 1),
        "ms": quantiles(took),
        "failed": dict(failed),
        "service_cpu_ms_each": round((cpu_seconds(served.process.pid) - service) / len(took) * 1000, 2),
        "callers_cpu_ms_each": round((time.process_time() - own) / len(took) * 1000, 2),
        "load_before": round(load[0], 1),
        "load_after": round(os.getloadavg()[0], 1),
    }


def _due(options: argparse.Namespace) -> list[float]:
    chance, at, due = random.Random(options.seed), 0.0, list[float]()
    most = options.items - FIRST - 1
    while at < options.seconds and len(due) < most:
        at += chance.expovariate(options.rate)
        due.append(at)
    return due


def _new_gate(folders: Folders, database: str) -> None:
    """A gate of this world that has received nothing."""
    day = json.loads((folders.batch / "letter.json").read_text())["date"]
    files = [argument for path in folders.record_files() for argument in ("--records", path)]
    shutil.rmtree(folders.gate, ignore_errors=True)
    state = ["--database", database] if database else []
    init = ["init", folders.gate, "--agreement", folders.agreement, *files, "--as-of", day]
    run_solely(*init, "--trust", folders.trust, *state)


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.singles", description="Single requests over HTTP, measured.")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--items", type=int, default=8_000)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="of PostgreSQL, empty")
    parser.add_argument("--world", type=Path, default=None, help="use, or make and keep, the world here")
    parser.add_argument("--name", default=None, help="of the result")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
