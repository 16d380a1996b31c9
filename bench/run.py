"""The whole flow measured, from signed batch to verified ledger.

    python -m bench [--people 1000000] [--items 100000] [--seed 1] [--mix national] [--world FOLDER]

It makes the world (or takes a folder that an earlier run left), drives the real command line, holds every
release to the truth, and writes one JSON file under `bench/results`: CPU seconds per command and stage, peak
memory, machine, load, commit and command.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from bench import world
from bench.about import about, write
from bench.judging import Truth, fault_of
from bench.population import World
from bench.process import Measured, apart, measure
from bench.profiles import MIXES
from demo.people import APPROVERS
from demo.world import Folders

LAW = Path(__file__).resolve().parents[1] / "law"


def main(words: list[str] | None = None) -> int:
    """Measure, write the result, print it; the exit code is that of the first command that failed."""
    options = _options(words)
    stated = ("people", "items", "seed", "mix", "engine", "memory")
    command = "python -m bench " + " ".join(f"--{name} {getattr(options, name)}" for name in stated)
    with _world(options) as (folders, made):
        result = about(command)
        measured = list(_commands(folders, options.engine, options.memory))
        result |= {
            "load_average_after": [round(each, 2) for each in os.getloadavg()],
            "world_seconds": made,
            "disk_mb": {name: _megabytes(folders.root / name) for name in ("batch", "records", "gate")},
            "commands": [each.as_json() for each in measured],
            "counts": _counts(measured),
            "releases": _releases(folders),
        }
    _write(result)
    return next((each.exit_code for each in measured if each.exit_code), 0)


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure the whole flow on a large world.")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mix", default="national", choices=sorted(MIXES))
    parser.add_argument("--engine", default="duckdb", choices=("duckdb", "reference"))
    parser.add_argument("--memory", default="2GB", help="the ceiling of index and run")
    parser.add_argument("--world", type=Path, default=None, help="use, or make and keep, the world here")
    return parser.parse_args(words)


@contextmanager
def _world(options: argparse.Namespace) -> Iterator[tuple[Folders, float]]:
    """A world's folders and the seconds that making it took (0 for one that lay there already)."""
    root = options.world or Path(tempfile.mkdtemp(prefix="solely-bench-"))
    folders = Folders(root)
    shutil.rmtree(folders.gate, ignore_errors=True)
    begun = perf_counter()
    is_there = folders.truth.is_file()
    try:
        if not is_there:
            made = World(options.seed, options.people, datetime.now(UTC).date())
            apart(world.write, root, made, options.mix, options.items, LAW)
        yield folders, 0.0 if is_there else round(perf_counter() - begun, 1)
    finally:
        if options.world is None:
            shutil.rmtree(root, ignore_errors=True)


def _commands(folders: Folders, engine: str, memory: str) -> Iterator[Measured]:
    """Every command of the flow in order; stops after one that fails."""
    gate, day = folders.gate, json.loads((folders.batch / "letter.json").read_text())["date"]
    files = [argument for path in folders.record_files() for argument in ("--records", path)]
    keys = [folders.key("approvers", office) for office in list(APPROVERS)[:2]]
    # The set clock lets a kept world be measured again on a later day.
    environment = {"SOLELY_NOW": f"{day}T12:00:00Z"}
    init = ["init", gate, "--agreement", folders.agreement, *files, "--as-of", day, "--trust", folders.trust]
    init += ["--memory", memory]
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


def _releases(folders: Folders) -> dict[str, int]:
    """The packages that left, by what is true of them: `correct` or the gravest fault."""
    found = duckdb.execute(
        "SELECT t.request_id, coalesce(t.record_id, ''), t.class, t.address_sufficient = 'true', "
        "t.is_own_address = 'true', t.is_permitted = 'true', r.record_ref "
        "FROM read_parquet($releases) r JOIN read_csv($truth, all_varchar = true) t USING (request_id)",
        {"releases": str(folders.gate / "batches" / "*" / "releases.parquet"), "truth": str(folders.truth)},
    ).fetchall()
    return dict(Counter(fault_of(Truth(*row[:6]), row[6]) or "correct" for row in found))


def _write(result: dict[str, Any]) -> None:
    stamp = result["at"].replace(":", "").replace("-", "")[:15]
    path = write(f"flow-{stamp}-{result['commit'][:8]}", result)
    for each in result["commands"]:
        words = " ".join(each["command"][:2])
        print(f"{words:<18}{each['cpu_seconds']:>9.1f} CPU s {each['peak_memory_mb']:>9.0f} MB")
        for stage, seconds in each["stages"].items():
            print(f"    {stage[:60]:<62}{seconds:>9.1f}")
    print(json.dumps({"counts": result["counts"], "releases": result["releases"]}))
    print(path)
