"""Interactive events of several processes at one ledger: a second's worth, and the wait for the checkpoint.

    python -m bench.appenders --folder FOLDER [--database URL --processes 4] --events 300

Each process appends its events one after another and waits until a published checkpoint covers each. Without
`--database` the state is an SQLite file and there is one process. One JSON object is printed.
"""

import argparse
import json
import os
import resource
import statistics
import time
from multiprocessing import get_context
from pathlib import Path

from bench.ledger import Bench
from solely.ledger.entry import EntryType


def appended(folder: Path, url: str, number: int, events: int) -> list[float]:
    """Milliseconds from each event of one process to the checkpoint that covers it."""
    bench, spent = Bench(folder, url, is_shared=True), []
    for event in range(events):
        start = time.perf_counter()
        bench.event(EntryType.ARRIVAL, f"arrival-{number}-{event}")
        bench.ledger.publish()
        spent.append(1000 * (time.perf_counter() - start))
    bench.database.close()
    return spent


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="a folder that does not exist yet")
    parser.add_argument("--database", default="", help="the address of an empty PostgreSQL database")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--events", type=int, default=300, help="of each process")
    words = parser.parse_args()
    load, processes = os.getloadavg()[0], words.processes if words.database else 1
    begun = Bench(words.folder, words.database)
    begun.event(EntryType.GENESIS, "genesis")
    begun.ledger.publish()
    begun.database.close()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with get_context("spawn").Pool(processes) as pool:
        work = [(words.folder, words.database, number, words.events) for number in range(processes)]
        each = pool.starmap(appended, work, chunksize=1)
    wall = time.perf_counter() - start
    spent = sorted(one for part in each for one in part)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = {
        "engine": "postgresql" if words.database else "sqlite",
        "processes": processes,
        "events_per_second": round(len(spent) / wall),
        "published_ms_p50": round(statistics.median(spent), 1),
        "published_ms_p99": round(spent[int(0.99 * len(spent))], 1),
        "mean_ms_by_process": [round(statistics.mean(part), 1) for part in each],
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        "load_at_start": round(load, 1),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
