"""What waits for people at a gate of national size: how long a page, an act or an explanation takes.

    python -m bench.desk --world FOLDER [--items 1280000] [--entries 10000000]

- The world is one that `bench.singles --world` made. Its batch is decided; then the state is filled up to so
  many open items, copies of its own under new names, one in ten of them referred for one of eight causes, and
  the ledger to so many entries: decisions, encoded, appended and published as a run's are.
- `solely serve` runs in a process of its own; people sign in with a passkey each, and every act goes through
  HTTP as a browser's does. `explain` is a step of the same thread, in this process, once the service is left.
- Acts on single items take those that were really decided, and are held against their entries like any other.
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

from bench.about import about, scheduling, write
from bench.openings import quantiles
from bench.process import cpu_of, run_solely
from demo.people import SIGNER
from demo.world import Folders
from solely import flow
from solely.ledger.bulk import DecisionChunk, encode_decisions
from solely.ledger.commitment import CHUNK, job_of
from solely.services import Services, opened
from solely.steps.calls import Step
from tests.support.console import Answer, People
from tests.support.service import served
from tests.support.world import World

OFFICER, ANALYST, COURT = "approvers", "requesters", "courts"
TIMES = 40  # how often each act is done
SECONDS = 30  # after which what is so slow is known
CAUSES, STATUTES = 8, 12  # what referred items have in common; thirty share a building, fifty a sentence
# Copies of the batch's open items under other names, so many each.
_FILL = """
INSERT INTO case_file ({columns})
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :times)
SELECT {values} FROM case_file, n WHERE "row" <= :items
"""
_NUMBER = '("row" + i)'
_REFERRED = f"{_NUMBER} % 10 = 0"


class Desk(NamedTuple):
    """The world's folders, as `tests.support` knows a world that is served."""

    folders: Folders
    environment: dict[str, str]

    @property
    def root(self) -> Path:
        """The folder that holds everything."""
        return self.folders.root

    @property
    def gate(self) -> Path:
        """The gate's folder."""
        return self.folders.gate


class Timed(NamedTuple):
    """An act: its name, and what does it once; `None` once there is nothing left to act on."""

    name: str
    act: Callable[[], Any]


def main(words: list[str] | None = None) -> int:
    """Fill, measure, write the result and print it."""
    options = _options(words)
    folders = Folders(options.world)
    if not (folders.gate / "filled").exists():
        run_solely("run", folders.batch, "--gate", folders.gate)
        with opened(folders.gate) as services:
            fill_cases(services, options.items)
            fill_ledger(services, options.entries)
        (folders.gate / "filled").touch()
    result = about(f"python -m bench.desk --items {options.items} --entries {options.entries}")
    result |= {"priority": scheduling()} | measured(folders)
    write("desk", result)
    print(json.dumps(result, indent=1))
    return 0


# -- the size -----------------------------------------------------------------------------------------------


def fill_cases(services: Services, items: int) -> None:
    """Copies of the open items, up to so many."""
    with services.database.transaction() as tx:
        (batch,) = services.cases.list_batches(tx)
        there = tx.execute(sa.text("SELECT count(*) FROM case_file")).scalar_one()
        names = [each["name"] for each in sa.inspect(tx).get_columns("case_file")]
        changed = {
            "row": '"row" + :items * i',
            "request_id": "'S-' || i || '-' || \"row\"",
            "request_key": "'s-' || i || '-' || \"row\"",
            "state": f"CASE WHEN {_REFERRED} THEN 'referred_read' ELSE 'releasable' END",
        }
        alike = {"cause": CAUSES, "statute": STATUTES, "building": items // 300, "sentence": items // 500}
        for name, kinds in alike.items():
            shared = f"printf('%s%07d', '{name}', abs({_NUMBER} * 7919) % {kinds})"
            changed[name] = f"CASE WHEN {_REFERRED} THEN {shared} END"
        columns = ", ".join(f'"{each}"' for each in names)
        values = ", ".join(changed.get(each, f'"{each}"') for each in names)
        filled = sa.text(_FILL.format(columns=columns, values=values))
        tx.execute(filled, {"times": items // there, "items": int(batch["items"])})
        counted = "INSERT INTO case_count SELECT batch_id, state, count(*) FROM case_file GROUP BY 1, 2"
        tx.execute(sa.text("DELETE FROM case_count"))
        tx.execute(sa.text(counted))


def fill_ledger(services: Services, entries: int) -> None:
    """Decisions of nobody in particular, up to so many entries."""
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


# -- what people do -----------------------------------------------------------------------------------------


def measured(folders: Folders) -> dict[str, Any]:
    """The figures of each act."""
    names = _referred(folders)
    begun = time.perf_counter()
    with served(cast(World, Desk(folders, {}))) as service:
        ready = round(time.perf_counter() - begun, 1)
        people = People(service)
        for role in (OFFICER, ANALYST, COURT):
            people.register(role, _key(people, role))
            people.cookies[role] = people.sign_in(role)
        pid = service.process.pid
        acts = {each.name: _timed(each.act, lambda: cpu_of(pid)) for each in _acts(people, names)}
        memory = Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0]
    acts["explain for the requester"] = _explained(folders, names[-1])
    with opened(folders.gate) as services, services.database.transaction() as tx:
        cases = tx.execute(sa.text("SELECT count(*) FROM case_file")).scalar_one()
        waits = tx.execute(sa.text("SELECT count(*) FROM case_file WHERE cause IS NOT NULL")).scalar_one()
        size = services.ledger.size(tx)
    sizes = {"open_items": cases, "referred": waits, "entries": size, "seconds_to_serve": ready}
    return sizes | {
        "acts_ms": acts,
        "peak_memory_mb": int(memory) // 1024,
        "load_after": round(os.getloadavg()[0], 1),
    }


def _key(people: People, role: str) -> Path:
    """The key of one person of a role; of a requester, who signs the world's batches."""
    keys = people.service.world.folders.root / "keys" / role
    return keys / f"{SIGNER}.pem" if role == ANALYST else people.first_key(keys)


def _referred(folders: Folders) -> list[str]:
    """The items that were really decided and wait for a person, in a fixed order of chance."""
    with opened(folders.gate) as services, services.database.transaction() as tx:
        (batch,) = services.cases.list_batches(tx)
        own = sa.text('SELECT request_id FROM case_file WHERE "row" <= :items AND cause IS NOT NULL')
        names = [name for (name,) in tx.execute(own, {"items": int(batch["items"])})]
    random.Random(1).shuffle(names)
    return names


def _acts(people: People, names: list[str]) -> Iterator[Timed]:
    """Each act in turn; an item is taken, opened and voted on, each time another."""
    batch = _first(people, ANALYST, "/batches", "/batches/")
    for role, path in (
        (OFFICER, "/me"), (OFFICER, "/queue"), (OFFICER, _first(people, OFFICER, "/queue", "/queue/cause/")),
        (OFFICER, "/approvals"), (OFFICER, batch.replace("batches", "approvals")),
        (ANALYST, "/batches"), (ANALYST, batch), (ANALYST, f"{batch}/rows"),
        (COURT, "/orders"),
    ):  # fmt: skip
        name = path.replace(batch.rpartition("/")[2], "BATCH") if len(path) < 40 else "/queue/cause/ITEM"
        yield Timed(f"{role} {name}", lambda role=role, path=path: _asked(people.ask(role, "GET", path)))
    taken, opened_ones, voted = iter(names), iter(names), iter(names)
    word = people.word_of(people.cookies[OFFICER])

    def post(path: str, **form: str) -> Answer:
        return _asked(people.act(OFFICER, path, {"form_word": word, **form}))

    yield Timed("take an item", lambda: (n := next(taken, None)) and post(f"/items/{n}/take"))
    yield Timed(
        "item page, its showing logged",
        lambda: (n := next(opened_ones, None)) and _asked(people.ask(OFFICER, "GET", f"/items/{n}")),
    )
    yield Timed(
        "vote, shown and signed",
        lambda: (
            (n := next(voted, None)) and post(f"/items/{n}/vote", decide="decline", note="as the file says")
        ),
    )
    yield from _of_groups(people, word)
    words = {"kind": "stay", "cite": "a court's order", "form_word": people.word_of(people.cookies[COURT])}
    yield Timed("an order looked at", lambda: _asked(people.ask(COURT, "POST", "/orders/look", words)))


def _of_groups(people: People, word: str) -> Iterator[Timed]:
    group = _first(people, OFFICER, "/queue", "/queue/cause/")
    turns = cycle((f"{group}/take", "/queue/give-back"))

    def turn() -> Answer:
        return _asked(people.ask(OFFICER, "POST", next(turns), {"form_word": word}))

    yield Timed("take 500 items, or give them back", turn)


def _first(people: People, role: str, page: str, beginning: str) -> str:
    """The first address on a page that begins so."""
    text = people.ask(role, "GET", page).text
    return beginning + text.partition(f'href="{beginning}')[2].partition('"')[0]


def _asked(answer: Answer) -> Answer:
    assert answer.status in (200, 303), answer.text
    return answer


def _explained(folders: Folders, request_id: str) -> dict[str, float]:
    with opened(folders.gate) as services, flow.serving(services, "http://127.0.0.1:0") as serving:
        step = Step(lambda acting: flow.explain(acting, request_id, flow.View("requester")))
        return _timed(lambda: serving.ask(step).result(), time.process_time)


def _timed(act: Callable[[], Any], cpu: Callable[[], float]) -> dict[str, float]:
    """Milliseconds of many times, and the CPU of the service for each."""
    act()
    took, used = list[float](), cpu()
    for _ in range(TIMES):
        begun = time.perf_counter()
        if act() is None:
            break
        took.append(time.perf_counter() - begun)
        if sum(took) > SECONDS:
            break
    spent = (cpu() - used) / max(len(took), 1)
    held = sorted(took)
    p95 = round(held[min(len(held) * 95 // 100, len(held) - 1)] * 1000, 1)
    return {"times": len(took), **quantiles(took), "p95": p95, "cpu": round(spent * 1000, 1)}


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.desk", description="A desk at national size, measured.")
    parser.add_argument("--world", type=Path, required=True)
    parser.add_argument("--items", type=int, default=1_280_000)
    parser.add_argument("--entries", type=int, default=10_000_000)
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
