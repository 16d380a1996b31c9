"""One request at a time against a large registry: how long until the decision is there and its entry durable.

    python -m bench.online [--people 10000000] [--items 40000] [--world FOLDER]

- The world is made, or one that lies in FOLDER is used; its index is made once. Each run puts the gate back
  to where it had received nothing.
- One batch is received; then its rows are asked for: by one who waits for each answer, by 8 and by 32, and at
  500 a second for a minute, whether answers come or not. There a request's time counts from the instant at
  which it was due, so that none hides behind a slow one before it (arrivals are Poisson, from the seed).
- Beside the figures stand the load of the machine, how long threads were ready and found no processor free,
  and what one flush costs on that disk just before. On a machine that others load, run it under `chrt -r 1`.
"""

import argparse
import json
import os
import random
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from bench import world
from bench.about import about, scheduling, write
from bench.population import World
from bench.process import apart, run_solely
from bench.run import LAW
from demo.world import Folders
from solely import flow
from solely.services import opened
from solely.steps.online import PUBLISH_SECONDS, Online

CLOSED = ((1, 1_500), (8, 3_000), (32, 5_000))  # who ask at a time, and rows
RATE, SECONDS, THREADS = 500, 60, 64
FLUSHES = 200


def main(words: list[str] | None = None) -> int:
    """Measure, write the result and print it."""
    options = _options(words)
    root = options.world or Path(tempfile.mkdtemp(prefix="solely-online-"))
    folders = Folders(root)
    try:
        if not folders.truth.is_file():
            made = World(options.seed, options.people, datetime.now(UTC).date())
            apart(world.write, root, made, "national", options.items, LAW)
        _new_gate(folders)
        stated = " ".join(f"--{name} {getattr(options, name)}" for name in ("people", "items", "seed"))
        result = about(f"python -m bench.online {stated}") | measured(folders, options)
    finally:
        if options.world is None:
            shutil.rmtree(root, ignore_errors=True)
    print(json.dumps(result, indent=1))
    print(write("online" if options.name is None else options.name, result))
    return 0


def measured(folders: Folders, options: argparse.Namespace) -> dict[str, Any]:
    """Every figure of one batch."""
    begun = time.perf_counter()
    with opened(folders.gate) as services:
        batch, refused = flow.receive(services, folders.batch)
        assert batch is not None, refused
        with flow.online(services, batch) as online:
            ready = round(time.perf_counter() - begun, 1)
            rows, left = count(1), int(batch["items"])
            found = []
            for askers, wanted in CLOSED:
                found.append(_loaded(folders, lambda a=askers, w=wanted: closed(online, rows, a, w)))
                left -= wanted
            offered = min(left, RATE * SECONDS)
            found.append(_loaded(folders, lambda: open_loop(online, rows, offered, options.seed)))
        size = services.ledger.published().size
    return {
        "size": {"people": options.people, "items": options.items, "records_mb": _index_mb(folders)},
        "publish_seconds": PUBLISH_SECONDS,
        "priority": scheduling(),
        "seconds_to_open": ready,
        "runs": found,
        "entries_published": size,
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def closed(online: Online, rows: "count[int]", askers: int, wanted: int) -> dict[str, Any]:
    """So many who ask, each as soon as it has its answer."""
    times: list[float] = []
    share = wanted // askers

    def ask() -> None:
        for _ in range(share):
            begun = time.perf_counter()
            online.ask(next(rows))
            times.append(time.perf_counter() - begun)

    seconds = _together([ask] * askers)
    return {"askers": askers} | _figures(times, seconds)


def open_loop(online: Online, rows: "count[int]", wanted: int, seed: int) -> dict[str, Any]:
    """Requests at `RATE` a second, each timed from when it was due."""
    chance, due, at = random.Random(seed), list[float](), 0.0
    for _ in range(wanted):
        at += chance.expovariate(RATE)
        due.append(at)
    times: list[float] = []
    numbers, start = count(), time.perf_counter() + 0.2

    def ask() -> None:
        while (number := next(numbers)) < wanted:
            wait = start + due[number] - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            online.ask(next(rows))
            times.append(time.perf_counter() - start - due[number])

    seconds = _together([ask] * THREADS)
    return {"offered_per_second": RATE} | _figures(times, seconds)


def _together(works: Sequence[Callable[[], None]]) -> float:
    threads = [threading.Thread(target=each) for each in works]
    begun = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return time.perf_counter() - begun


def _figures(times: list[float], seconds: float) -> dict[str, Any]:
    times.sort()
    at = {f"p{share}_ms": _ms(times[int(len(times) * share / 100)]) for share in (50, 90, 99)}
    return {
        "requests": len(times), "seconds": round(seconds, 1), "per_second": round(len(times) / seconds),
        **at, "max_ms": _ms(times[-1]),
    }  # fmt: skip


def _ms(seconds: float) -> float:
    return round(1e3 * seconds, 2)


def _loaded(folders: Folders, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What was measured, with the load of the machine and the cost of one flush before it."""
    flush, load, used, delays = _flush(folders.root), os.getloadavg()[0], time.process_time(), _delays()
    found = work()
    cpu = (time.process_time() - used) / found["requests"]
    waited = sum(after - delays[each] for each, after in _delays().items() if each in delays)
    return found | {
        "cpu_ms_each": _ms(cpu), "waited_for_cpu_ms_each": _ms(waited / found["requests"]),
        "load_average": [round(load, 2), round(os.getloadavg()[0], 2)], "flush_ms": flush,
    }  # fmt: skip


def _delays() -> dict[str, float]:
    """For how many seconds each thread was ready to run and no processor was free, as the system counts."""
    found = {}
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            found[task.name] = int((task / "schedstat").read_text().split()[1]) / 1e9
    return found


def _flush(folder: Path) -> dict[str, float]:
    """What it costs on this disk, at this moment, to append 4 KiB and force them down."""
    path, times = folder / "flush.tmp", list[float]()
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    for _ in range(FLUSHES):
        begun = time.perf_counter()
        os.write(file, bytes(4096))
        os.fdatasync(file)
        times.append(time.perf_counter() - begun)
    os.close(file)
    path.unlink()
    times.sort()
    return {f"p{share}": _ms(times[FLUSHES * share // 100]) for share in (50, 99)}


# -- the gate -------------------------------------------------------------------------------------------


def _new_gate(folders: Folders) -> None:
    """The gate as it was before it received anything; its index is made once."""
    kept = folders.root / "gate.new"
    if not kept.is_dir():
        _init(folders)
        shutil.copytree(folders.gate, kept, ignore=shutil.ignore_patterns("records"))
        return
    for path in folders.gate.iterdir():
        if path.name != "records":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(kept, folders.gate, dirs_exist_ok=True)


def _init(folders: Folders) -> None:
    day = json.loads((folders.batch / "letter.json").read_text())["date"]
    files = [argument for path in folders.record_files() for argument in ("--records", path)]
    shutil.rmtree(folders.gate, ignore_errors=True)
    init = ["init", folders.gate, "--agreement", folders.agreement, *files, "--as-of", day]
    run_solely(*init, "--trust", folders.trust)


def _index_mb(folders: Folders) -> float:
    files = (path for path in (folders.gate / "records").rglob("*") if path.is_file())
    return round(sum(path.stat().st_size for path in files) / 2**20, 1)


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.online", description="One request at a time, measured.")
    parser.add_argument("--people", type=int, default=10_000_000)
    parser.add_argument("--items", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--world", type=Path, default=None, help="use, or make and keep, the world here")
    parser.add_argument("--name", default=None, help="of the result, other than `online`")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
