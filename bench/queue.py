"""How quickly the officer's pages find what waits, with very many cases in the state; asked for: p95 200 ms.

`python -m bench.queue GATE [CASES]` copies a decided gate, puts so many further cases beside its own, a tenth
of them referred, and times the queue, a page of a group, taking a group, and the counts of every batch. The
cases are copies: they stand for rows to look through, and none of them can be decided or leave.
"""

import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from solely.passkey import STATEMENTS_MAX
from solely.services import Services, opened
from solely.steps import queueing
from solely.store import referrals

CASES, TIMES, SLICE = 1_280_000, 40, 20_000
STATES = ("releasable", "released")


def further_cases(case: Mapping[str, Any], batch: str, count: int) -> Iterator[dict[str, Any]]:
    """Copies of a case under other names; every tenth is referred, for one of 8 causes."""
    chance = random.Random(7)

    def digest(text: str) -> str:
        return blake2b(text.encode(), digest_size=8).hexdigest()

    for row in range(1, count + 1):
        is_referred = row % 10 == 0
        alike = {"cause": digest(f"cause {chance.randrange(8)}")}
        alike |= {"building": digest(f"building {chance.randrange(count // 30)}")}
        alike |= {"statute": digest(f"statute {chance.randrange(12)}")}
        alike |= {"sentence": digest(f"sentence {chance.randrange(count // 50)}")}
        named = {"batch_id": batch, "row": row, "request_id": f"BENCH-{row:08}"}
        state = "referred_read" if is_referred else chance.choice(STATES)
        yield {**case, **named, "state": state, **(alike if is_referred else dict.fromkeys(alike))}


def fill(services: Services, count: int) -> None:
    """Put the further cases into the state, as a batch of their own."""
    with services.database.transaction() as tx:
        batch = services.cases.list_batches(tx)[0]
        case = next(iter(services.cases.list_cases(tx, batch["id"])))
        counts = {**batch["counts"], "received": count, "releasable": count - count // 10}
        services.cases.add_batch(tx, {**batch, "id": "b" * 16, "items": count, "counts": counts})
    cases = further_cases(case, "b" * 16, count)
    for _ in range(0, count, SLICE):
        with services.database.transaction() as tx:
            services.cases.add_cases(tx, [each for each, _ in zip(cases, range(SLICE), strict=False)])


def timed(act: Callable[[], object]) -> list[float]:
    """Milliseconds of each of many calls, in rising order."""
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        act()
        took.append(1000 * (time.perf_counter() - begun))
    return sorted(took)


def measure(services: Services) -> dict[str, list[float]]:
    """The time of each page's search."""
    officer, at = next(iter(services.trust.approvers.values())), services.now()
    with services.database.transaction() as tx:
        largest = referrals.alike(tx, "cause", officer.id, 1)[0]
    group, half = ("cause", largest.key), ("b" * 16, 640_000)
    taking = queueing.take_group(services, group, officer.key_id, at)
    assert taking == STATEMENTS_MAX, "the largest group holds more than one signature decides"
    return {
        "the queue": timed(lambda: queueing.queue(services, officer, at)),
        "a page of the largest group": timed(lambda: queueing.lines(services, group, officer, at, ("", 0))),
        "a page in its middle": timed(lambda: queueing.lines(services, group, officer, at, half)),
        "taking 500 items": timed(lambda: queueing.take_group(services, group, officer.key_id, at)),
        "what is in hand": timed(lambda: queueing.in_hand_of(services, group, officer, at)),
        "the counts of every batch": timed(lambda: queueing.funnels(services)),
    }


def main(gate: Path, count: int) -> None:
    """Fill, measure, print."""
    with tempfile.TemporaryDirectory(prefix="solely-bench-") as folder:
        copy = Path(folder) / "gate"
        shutil.copytree(gate, copy)
        with opened(copy) as services:
            fill(services, count)
            print(f"{count:,} cases")
            for name, took in measure(services).items():
                p95 = took[int(0.95 * len(took))]
                print(f"{name:32} median {statistics.median(took):7.1f} ms  p95 {p95:7.1f} ms")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else CASES)
