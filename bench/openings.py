"""Openings through the service: how many a second, and how long until the key is there, its entry durable.

    python -m bench.openings [--gate DIR --keys FOLDER --batch CSV] [--seconds 20] [--callers 8] [--rate 300]

- The gate is copied; every officer accepts the terms; `solely serve` runs in a process of its own. Callers
  are another one on the same machine and do what an officer's client does: proof, echo, confirmation, signed
  request, decryption. `key` is the call that hands the key over, `opening` the echo before it too.
- First by so many callers at a time, each with its next opening as soon as it has a key. Then openings that
  fall due at a rate, whether keys come or not (Poisson, from a seed), each timed from when it was due.
- Nothing is left out: each call waits for its entry under a published checkpoint, each echo is judged anew.
- What each side costs is told apart: processor time of the service and of its callers, for one opening.
"""

import argparse
import csv
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count, cycle
from pathlib import Path
from typing import Any, NamedTuple

from bench.about import about, scheduling, write
from bench.service import Served, cpu_seconds, served_copy, together
from solely.errors import SolelyError, TroubleError
from solely.remote import Caller

PAUSE = 20  # seconds between rounds: 22 officers may begin 220 openings a second, counted over a minute
THREADS = 64  # who call where openings fall due at a rate: more than are ever under way at once


class Took(NamedTuple):
    """How many seconds one opening took, and the call for its key."""

    opening: float
    key: float


class Client:
    """Opens one package after the other, for its officers in turn: one may begin only so many in a minute."""

    def __init__(self, url: str, own: Mapping[Path, Sequence[Path]]) -> None:
        self._officers = cycle([(Caller(url, key), cycle(packages)) for key, packages in own.items()])
        for _ in own:
            caller, packages = next(self._officers)
            caller.finish(caller.begin(path := next(packages)), path.stem)  # with a token from here on
        self.took: list[Took] = []
        self.failed: Counter[str] = Counter()

    def open_next(self, due: float) -> None:
        """Open the next package; the time counts from `due`."""
        caller, packages = next(self._officers)
        package = next(packages)
        try:
            echo = caller.begin(package)
            middle = time.perf_counter()
            caller.finish(echo, package.stem)
        except (SolelyError, TroubleError) as error:
            self.failed[type(error).__name__] += 1
            return
        ended = time.perf_counter()
        self.took.append(Took(ended - due, ended - middle))


Work = Callable[[Client], None]


def main(words: list[str] | None = None) -> int:
    """Measure, write the result and print it."""
    options = _options(words)
    with served_copy(options.gate, options.keys) as served:
        own = packages_of(served.gate, options.keys, options.batch)
        works = [partial(_closed, served, own, each, options.seconds) for each in options.callers]
        works += [partial(_offered, served, own, each, options.seconds) for each in options.rate]
        rounds = list[dict[str, Any]]()
        for work in works:
            time.sleep(PAUSE if rounds else 0)
            rounds.append(work())
    result = about("python -m bench.openings") | {"priority": scheduling(), "rounds": rounds}
    write("openings", result)
    print(json.dumps(result, indent=1))
    return 0


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--gate", type=Path, default=Path("demo/out/gate"))
    parser.add_argument("--keys", type=Path, default=Path("demo/out/keys/officers"))
    parser.add_argument("--batch", type=Path, default=Path("demo/out/batch/data.csv"))
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--callers", type=int, nargs="*", default=[1, 8, 32, 64])
    parser.add_argument("--rate", type=int, nargs="*", default=[100, 200, 300], help="openings due a second")
    return parser.parse_args(words)


def packages_of(gate: Path, keys: Path, batch: Path) -> dict[Path, list[Path]]:
    """The packages in the outbox by the key of the first officer who may open each."""
    with batch.open(newline="", encoding="utf-8") as file:
        named = {row["request_id"]: row["officers"].split(";")[0].strip() for row in csv.DictReader(file)}
    own: dict[Path, list[Path]] = {}
    for path in sorted((gate / "outbox").glob("*.tdf")):
        own.setdefault(keys / f"{named[path.stem]}.pem", []).append(path)
    return own


def _closed(served: Served, own: Mapping[Path, list[Path]], callers: int, seconds: float) -> dict[str, Any]:
    """So many callers, each with its next opening as soon as it has a key, for so long."""
    clients = _clients(served, own, callers)
    ends = time.perf_counter() + seconds

    def work(client: Client) -> None:
        while (now := time.perf_counter()) < ends:
            client.open_next(now)

    return {"callers": callers} | _measured(served, clients, work)


def _offered(served: Served, own: Mapping[Path, list[Path]], rate: int, seconds: float) -> dict[str, Any]:
    """Openings due at `rate` a second for so long; whoever is free opens the next, each with a token."""
    chance, at, due = random.Random(1), 0.0, list[float]()
    while at < seconds:
        at += chance.expovariate(rate)
        due.append(at)
    clients = _clients(served, own, THREADS)
    numbers, start = count(), time.perf_counter()

    def work(client: Client) -> None:
        while (number := next(numbers)) < len(due):
            wait = start + due[number] - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            client.open_next(start + due[number])

    return {"offered_per_second": rate} | _measured(served, clients, work)


def _clients(served: Served, own: Mapping[Path, list[Path]], many: int) -> list[Client]:
    """So many clients, among whom the officers are shared out, no two at the same package at first."""
    keys, clients = sorted(own), list[Client]()
    for number in range(many):
        mine = keys[number::many] or [keys[number % len(keys)]]
        begin = number / many
        turned = {key: _turned(own[key], begin) for key in mine}
        clients.append(Client(served.url, turned))
    return clients


def _turned(packages: Sequence[Path], share: float) -> list[Path]:
    at = int(len(packages) * share)
    return [*packages[at:], *packages[:at]]


def _measured(served: Served, clients: Sequence[Client], work: Work) -> dict[str, Any]:
    """What comes of all of these at work; a thread that ends by an error ends the measurement."""
    load, own, service = os.getloadavg(), time.process_time(), cpu_seconds(served.process.pid)
    seconds = together([partial(work, each) for each in clients])
    took = [each for client in clients for each in client.took]
    failed = sum((each.failed for each in clients), Counter[str]())
    if not took:
        raise SystemExit(f"nothing was opened: {dict(failed)}")
    return {
        "openings_per_second": round(len(took) / seconds, 1),
        "opening_ms": quantiles([each.opening for each in took]),
        "key_ms": quantiles([each.key for each in took]),
        "failed": dict(failed),
        "service_cpu_ms_each": round((cpu_seconds(served.process.pid) - service) / len(took) * 1000, 2),
        "callers_cpu_ms_each": round((time.process_time() - own) / len(took) * 1000, 2),
        "seconds": round(seconds, 1),
        "load_before": round(load[0], 1),
        "load_after": round(os.getloadavg()[0], 1),
    }


def quantiles(seconds: Sequence[float]) -> dict[str, float]:
    """Three quantiles and the longest, in milliseconds."""
    held = sorted(seconds)
    at = {f"p{q}": held[min(len(held) * q // 100, len(held) - 1)] for q in (50, 90, 99)} | {"max": held[-1]}
    return {name: round(each * 1000, 1) for name, each in at.items()}


if __name__ == "__main__":
    sys.exit(main())
