"""What the ledger costs: decisions encoded, appended, published and rechecked, in CPU seconds and memory.

    python -m bench.ledger --decisions 1280000 --folder FOLDER [--database URL]

Each decision has a request commitment and three groups (rules, identity, internal); chunks are of 16,384 and
each is appended in a transaction of its own and published, as a run does. With `--database` the tables are in
that PostgreSQL database, which must be empty, else in an SQLite file as a gate's. Interactive events are
timed without a witness, and under one that keeps a full copy, in a process of its own on this machine. One
JSON object is printed.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.process import collect_seldom
from solely.ledger.bulk import DecisionChunk, encode_decisions
from solely.ledger.commitment import CHUNK, body_of, job_of, seed_of
from solely.ledger.entry import Entry, EntryType, encode
from solely.store.database import Database, PostgresDatabase
from solely.store.ledger_store import Ledger

NOW = int(time.time() * 1000)  # of every entry, so that a witness sees no clock jump
LAW, BUILD = b"law".ljust(32), b"build".ljust(32)


class Bench:
    """One ledger in an empty folder, and the CPU seconds of each part."""

    def __init__(self, folder: Path, url: str, *, is_shared: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=is_shared)
        self.folder = folder
        self.database = (
            PostgresDatabase(url, is_shared=is_shared) if url else Database(folder / "state.sqlite")
        )
        self.database.create()
        self.ledger = Ledger.create(self.database.engine, folder, "solely.example/bench")
        self.seconds = {"encode": 0.0, "append": 0.0, "publish": 0.0}

    def event(self, kind: EntryType, name: str, **fields: object) -> int:
        """Append one interactive event."""
        seed = seed_of(self.ledger.salt_key, job_of(self.ledger.salt_key, name.encode()), 0)
        entry = Entry(kind, NOW, os.urandom(16), body_of(seed, {"D": b"{}"}), **fields)  # type: ignore[arg-type]
        with self.database.transaction() as tx:
            return self.ledger.append(tx, name, [self.ledger.timed(tx, encode(entry))])

    def chunk(self, number: int, count: int, request: int, classes: list[int]) -> None:
        """Encode, append and publish one chunk of decisions."""
        start = time.process_time()
        key = self.ledger.salt_key
        head = DecisionChunk(
            key, job_of(key, b"batch"), number, NOW, LAW, BUILD, request, os.urandom(16 * count)
        )
        ids = [f"REQ-{number}-{place}" for place in range(count)]
        groups = {"A": [b"a" * 150] * count, "B": [b"b" * 80] * count, "D": [b"d" * 80] * count}
        entries = encode_decisions(head, ids, classes, groups).entries
        encoded = time.process_time()
        with self.database.transaction() as tx:
            self.ledger.append(tx, f"chunk-{number}", entries)
        appended = time.process_time()
        self.ledger.publish()
        parts = (encoded - start, appended - encoded, time.process_time() - appended)
        for name, spent in zip(self.seconds, parts, strict=True):
            self.seconds[name] += spent


@contextmanager
def _witness(bench: Bench) -> Iterator[None]:
    """The log under a witness with a full copy meanwhile."""
    words = ["witness", "inspector", "--log", "log.vkey", "--listen", "127.0.0.1:0", "--mirror", "ledger"]
    command = [sys.executable, "-m", "solely.cli.main", *words]
    with subprocess.Popen(command, cwd=bench.folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()  # comes when the copy is made
        bench.ledger.go_by(f"{line}quorum inspector\n".encode())
        yield
        process.terminate()


def _interactive(bench: Bench, decided: int, under: str = "") -> list[float]:
    """Milliseconds from an event to its published checkpoint, of 200 one after another, sorted."""
    spent = []
    for number in range(200):
        start = time.perf_counter()
        bench.event(
            EntryType.APPROVAL,
            f"approval{under}-{number}",
            refs=(decided,),
            approvals=(os.urandom(32), os.urandom(32)),
        )
        bench.ledger.publish()
        spent.append(1000 * (time.perf_counter() - start))
    return sorted(spent)


def _recheck(bench: Bench) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    log, key = str(bench.folder / "ledger"), str(bench.folder / "log.vkey")
    subprocess.run([sys.executable, "-m", "solely_verify", "log", log, "--key", key], check=True, stdout=2)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--decisions", type=int, default=1_280_000)
    parser.add_argument("--folder", type=Path, required=True, help="a folder that does not exist yet")
    parser.add_argument("--database", default="", help="the address of an empty PostgreSQL database")
    words = parser.parse_args()
    collect_seldom()
    load, bench, total = os.getloadavg()[0], Bench(words.folder, words.database), words.decisions
    law = {"agreement": LAW, "policy": BUILD}
    bench.event(EntryType.GENESIS, "genesis")
    bench.event(EntryType.POLICY, "policy", **law)
    start = time.perf_counter()
    arrival = bench.event(EntryType.ARRIVAL, "arrival")
    request = bench.event(EntryType.REQUEST, "request", refs=(arrival,), **law)
    tally = [0] * 6
    for number, at in enumerate(range(0, total, CHUNK)):
        classes = [1 + place % 5 for place in range(min(CHUNK, total - at))]
        for each in range(1, 6):
            tally[each] += classes.count(each)
        bench.chunk(number, len(classes), request, classes)
    wall = time.perf_counter() - start
    outcome = (total, tally[5], tally[4], tally[3], tally[2], tally[1])
    decided = bench.event(EntryType.DECIDED, "decided", refs=(request,), outcome=outcome, **law)
    spent = _interactive(bench, decided)
    recheck = round(_recheck(bench), 2)
    with _witness(bench):
        witnessed = _interactive(bench, decided, "-witnessed")
    result = {
        "decisions": total,
        "engine": "postgresql" if words.database else "sqlite",
        "wall_seconds": round(wall, 2),
        "cpu_seconds": {name: round(spent, 2) for name, spent in bench.seconds.items()},
        "interactive_ms_p50": round(statistics.median(spent), 1),
        "interactive_ms_p99": round(spent[int(0.99 * len(spent))], 1),
        "interactive_events_per_second": round(1000 * len(spent) / sum(spent)),
        "witnessed_ms_p50": round(statistics.median(witnessed), 1),
        "witnessed_ms_p99": round(witnessed[int(0.99 * len(witnessed))], 1),
        "recheck_cpu_seconds": recheck,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "load_at_start": round(load, 1),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
