"""The first benchmark: 100,000 requests against 1,000,000 records, from signed batch to verified ledger.

`python -m bench [--people 1000000] [--items 100000] [--seed 1] [--world FOLDER]` makes the world (or takes a
folder that an earlier run left), drives the real command line, and writes one JSON file under `bench/results`
with CPU seconds per command and stage, peak memory, machine, load, commit and command.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.process import Measured, measure
from demo import world
from demo.people import APPROVERS
from demo.world import Folders, Size

RESULTS = Path(__file__).parent / "results"
LAW = Path(__file__).resolve().parents[1] / "law"


def main(words: list[str] | None = None) -> int:
    """Measure, write the result, print it; the exit code is that of the first command that failed."""
    options = _options(words)
    size = Size(options.seed, options.people, options.items)
    with _world(options.world, size) as (folders, made):
        load_before = os.getloadavg()
        measured = list(_commands(folders, options.engine))
        disk = {name: _megabytes(folders.root / name) for name in ("batch", "records", "gate")}
    result = _about(size, options.engine) | {
        "load_average": {"before": list(load_before), "after": list(os.getloadavg())},
        "world_seconds": made,
        "disk_mb": disk,
        "commands": [each.as_json() for each in measured],
        "counts": _counts(measured),
    }
    _write(result)
    return next((each.exit_code for each in measured if each.exit_code), 0)


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure the whole flow on a large world.")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default="duckdb", choices=("duckdb", "reference"))
    parser.add_argument("--world", type=Path, default=None, help="use, or make and keep, the world here")
    return parser.parse_args(words)


@contextmanager
def _world(kept: Path | None, size: Size) -> Iterator[tuple[Folders, float]]:
    """A world's folders and the seconds that making it took (0 for one that lay there already)."""
    root = kept or Path(tempfile.mkdtemp(prefix="solely-bench-"))
    folders = Folders(root)
    shutil.rmtree(folders.gate, ignore_errors=True)
    begun = perf_counter()
    is_there = folders.truth.is_file()
    try:
        if not is_there:
            world.write_large(root, size, datetime.now(UTC).date(), LAW)
        yield folders, 0.0 if is_there else round(perf_counter() - begun, 1)
    finally:
        if kept is None:
            shutil.rmtree(root, ignore_errors=True)


def _commands(folders: Folders, engine: str) -> Iterator[Measured]:
    """Every command of the flow in order; stops after one that fails."""
    gate, day = folders.gate, json.loads((folders.batch / "letter.json").read_text())["date"]
    files = [argument for path in folders.record_files() for argument in ("--records", path)]
    keys = [folders.key("approvers", office) for office in list(APPROVERS)[:2]]
    # The set clock lets a kept world be measured again on a later day.
    environment = {"SOLELY_NOW": f"{day}T12:00:00Z"}
    init = ["init", gate, "--agreement", folders.agreement, *files, "--as-of", day, "--trust", folders.trust]
    steps: list[tuple[str, list[str | Path]]] = [
        ("init GATE --agreement … --records … --as-of … --trust …", init),
        (
            "run BATCH --gate GATE --json",
            ["run", folders.batch, "--gate", gate, "--json", "--engine", engine],
        ),
        ("approve BATCH --gate GATE --as FIRST", ["approve", folders.batch, "--gate", gate, "--as", keys[0]]),
        (
            "approve BATCH --gate GATE --as SECOND",
            ["approve", folders.batch, "--gate", gate, "--as", keys[1]],
        ),
        ("verify GATE/ledger --key GATE/log.vkey", ["verify", gate / "ledger", "--key", gate / "log.vkey"]),
    ]
    for shown, arguments in steps:
        print(f"bench: solely {shown}", file=sys.stderr, flush=True)
        done = measure(arguments, ["solely", *shown.split()], environment)
        yield done
        if done.exit_code:
            return


def _about(size: Size, engine: str) -> dict[str, Any]:
    """What a reader needs to repeat the run."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    command = (
        f"python -m bench --people {size.people} --items {size.items} --seed {size.seed} --engine {engine}"
    )
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
        "commit": _git("rev-parse", "HEAD"),
        "is_clean": not _git("status", "--porcelain", "--untracked-files=no"),
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_gb": round(memory / 2**30, 1),
            "system": platform.platform(),
            "python": platform.python_version(),
        },
    }


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def _megabytes(folder: Path) -> float:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return round(size / 2**20, 1)


def _counts(measured: list[Measured]) -> dict[str, Any]:
    """The counts of the last run object that a command printed."""
    wanted = ("received", "releasable", "released", "withheld", "referred", "returned", "refused", "blocked")
    for each in reversed(measured):
        for line in reversed(each.out.splitlines()):
            if line.startswith("{") and '"received"' in line:
                run = json.loads(line)
                return {name: run[name] for name in wanted if name in run}
    return {}


def _write(result: dict[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    stamp = result["at"].replace(":", "").replace("-", "")[:15]
    path = RESULTS / f"flow-{stamp}-{result['commit'][:8]}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    for each in result["commands"]:
        words = " ".join(each["command"][:2])
        print(f"{words:<18}{each['cpu_seconds']:>9.1f} CPU s {each['peak_memory_mb']:>9.0f} MB")
        for stage, seconds in each["stages"].items():
            print(f"    {stage[:60]:<62}{seconds:>9.1f}")
    print(path)
