"""What waits for people at a gate of national size: how long a page, an explanation or a vote takes.

    python -m bench.desk --world FOLDER [--items 1280000] [--entries 10000000]

- The world is one that `bench.singles --world` made. Its batch is decided; then the state is filled up to so
  many open items, copies of its own under new names, one in ten of them referred, and the ledger to so many
  entries: decisions, encoded, appended and published as a run's are.
- The gate is served in this process; each act is a step on the thread that acts, as a page's handler is. Acts
  on single items take those that were really decided, and are held against their entries like any other.
"""

import argparse
import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.about import about, scheduling, write
from bench.openings import quantiles
from bench.process import run_solely
from demo.people import SIGNER
from demo.world import Folders
from solely import flow
from solely.ledger.bulk import DecisionChunk, encode_decisions
from solely.ledger.commitment import CHUNK, job_of
from solely.services import Services, opened
from solely.signing import KeySigner, parse_private_key
from solely.steps import following
from solely.steps.calls import Step
from solely.steps.serving import Serving

PAGES, SINGLE = 20, 40  # how often a page is asked for, and an act on one item
# Copies of the batch's open items under other names, so many each; one in ten may wait for a person.
_FILL = """
INSERT INTO case_file ({columns})
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :times)
SELECT {values} FROM case_file, n WHERE "row" <= :items
"""


def main(words: list[str] | None = None) -> int:
    """Fill, measure, write the result and print it."""
    options = _options(words)
    folders = Folders(options.world)
    if not (folders.gate / "filled").exists():
        run_solely("run", folders.batch, "--gate", folders.gate)
        with opened(folders.gate) as services:
            _fill_cases(services, options.items)
            _fill_ledger(services, options.entries)
        (folders.gate / "filled").touch()
    result = about(f"python -m bench.desk --items {options.items} --entries {options.entries}")
    result |= {"priority": scheduling()} | measured(folders)
    write("desk", result)
    print(json.dumps(result, indent=1))
    return 0


def _fill_cases(services: Services, items: int) -> None:
    with services.database.transaction() as tx:
        (batch,) = services.cases.list_batches(tx)
        there = tx.execute(sa.text("SELECT count(*) FROM case_file")).scalar_one()
        names = [each["name"] for each in sa.inspect(tx).get_columns("case_file")]
        changed = {
            "row": '"row" + :items * i',
            "request_id": "'S-' || i || '-' || \"row\"",
            "state": "CASE WHEN i % 10 = 0 THEN state ELSE 'releasable' END",
        }
        columns = ", ".join(f'"{each}"' for each in names)
        values = ", ".join(changed.get(each, f'"{each}"') for each in names)
        filled = sa.text(_FILL.format(columns=columns, values=values))
        tx.execute(filled, {"times": items // there, "items": int(batch["items"])})


def _fill_ledger(services: Services, entries: int) -> None:
    ledger = services.ledger
    with services.database.transaction() as tx:
        size, at = ledger.size(tx), ledger.time(tx, 0)
        (batch,) = services.cases.list_batches(tx)
    groups = {"A": [b"a" * 150] * CHUNK, "B": [b"b" * 80] * CHUNK, "D": [b"d" * 80] * CHUNK}
    ids, classes = [f"S-{place}" for place in range(CHUNK)], [1] * CHUNK
    for number in range((entries - size) // CHUNK):
        head = DecisionChunk(
            ledger.salt_key, job_of(ledger.salt_key, b"filled"), number, at,
            request=batch["request_index"], nonces=os.urandom(16 * CHUNK), **services.in_force,
        )  # fmt: skip
        with services.database.transaction() as tx:
            ledger.append(tx, f"filled/{number}", encode_decisions(head, ids, classes, groups).entries)
        ledger.publish()


def measured(folders: Folders) -> dict[str, Any]:
    """The figures of each act."""
    begun = time.perf_counter()
    with opened(folders.gate) as services, flow.serving(services, "http://127.0.0.1:0") as served:
        ready = round(time.perf_counter() - begun, 1)
        acts = {name: _timed(served, times, act) for name, times, act in _acts(folders, services)}
        with services.database.transaction() as tx:
            cases = tx.execute(sa.text("SELECT count(*) FROM case_file")).scalar_one()
            size = services.ledger.size(tx)
    return {
        "open_items": cases,
        "entries": size,
        "seconds_to_serve": ready,
        "acts_ms": acts,
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "load_after": round(os.getloadavg()[0], 1),
    }


def _acts(folders: Folders, services: Services) -> Iterator[tuple[str, int, Callable[[Services], Any]]]:
    with services.database.transaction() as tx:
        (batch,) = services.cases.list_batches(tx)
        own = sa.text("SELECT request_id FROM case_file WHERE \"row\" <= :items AND state LIKE 'referred%'")
        referred = [name for (name,) in tx.execute(own, {"items": int(batch["items"])})]
    random.Random(1).shuffle(referred)
    shown, voted = iter(referred), iter(referred)
    signer = KeySigner(parse_private_key(folders.key("approvers", "disclosure-officer").read_bytes()))
    office = services.trust.requesters[SIGNER]

    def batch_page(served: Services) -> Any:
        own = following.own_batch(served, batch["id"], office)
        return following.progress(served, own), following.answers(served, own)

    def queue_page(served: Services) -> Any:
        return flow.queue(served, served.trust.approvers["disclosure-officer"])

    def item_page(served: Services) -> Any:
        return flow.explain(served, next(shown), flow.View("reviewer", signer))

    def vote(served: Services) -> Any:
        return flow.review(served, next(voted), signer, flow.Vote("confirm", "as the file says"))

    yield "queue page", PAGES, queue_page
    yield "batch page", PAGES, batch_page
    yield "item page, its showing logged", min(SINGLE, len(referred)), item_page
    yield "explain for the requester", SINGLE, lambda s: flow.explain(s, referred[0], flow.View("requester"))
    yield "review, one vote", min(SINGLE, len(referred)), vote


def _timed(served: Serving, times: int, act: Callable[[Services], Any]) -> dict[str, float]:
    took = list[float]()
    for _ in range(times):
        begun = time.perf_counter()
        served.ask(Step(act)).result()
        took.append(time.perf_counter() - begun)
        if sum(took) > 60:  # seconds: what is so slow is known by then
            break
    held = sorted(took)
    p95 = round(held[min(len(held) * 95 // 100, len(held) - 1)] * 1000, 1)
    return {"times": len(took), **quantiles(took), "p95": p95}


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.desk", description="A desk at national size, measured.")
    parser.add_argument("--world", type=Path, required=True)
    parser.add_argument("--items", type=int, default=1_280_000)
    parser.add_argument("--entries", type=int, default=10_000_000)
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
