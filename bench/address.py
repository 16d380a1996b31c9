"""Measures the address judge: rates on both lists, time, peers, agreement with its twin; prints JSON.

- `python -m bench.address [--seed N] [--texts N] [--twin N] [--batch CSV]`; a seed whose failures were
  read is spent. The list has every way of writing; a batch (of a world that was kept) has one sender's.
- Peers in the same run: any five digits count as an address (what the real case did), and usaddress if it is
  there. Every text that passes wrongly or is refused wrongly is listed.
"""

import argparse
import csv
import json
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

from bench.address_lists import insufficient, text, written
from bench.process import collect_seldom
from solely.facts.address import judge
from solely.facts.address_tables import AddressTables, parse_tables
from solely.store.inputs import ZipEntry, read_inputs, read_zips
from tests.support.address_texts import HOSTILE, random_text
from tests.support.address_twin import judge as twin_judge

BULK = 1_280_000


@lru_cache(maxsize=1)
def _ground() -> tuple[AddressTables, dict[str, ZipEntry]]:
    files = read_inputs(None)
    zips = read_zips(files)
    return parse_tables(files, zips), zips


def _real(seed: int, count: int) -> list[str]:
    draw = random.Random(seed)
    addresses = written(draw, _ground()[1])
    return [text(draw, next(addresses)) for _ in range(count)]


def _batch(path: Path) -> dict[str, float]:
    """What judging every address of a batch costs in one process."""
    collect_seldom()
    tables, _ = _ground()
    with path.open(encoding="utf-8", newline="") as file:
        texts = [row["address"] for row in csv.DictReader(file)]
    started = time.process_time()
    for each in texts:
        judge(each, tables)
    return _cost(time.process_time() - started, len(texts))


def _cost(cpu: float, texts: int) -> dict[str, float]:
    return {
        "texts": texts,
        "cpu_seconds": round(cpu, 2),
        "microseconds_each": round(cpu / texts * 1e6, 2),
        "cpu_seconds_per_1280000": round(cpu / texts * BULK, 1),
    }


def _bulk(seed: int, count: int) -> dict[str, float]:
    """CPU seconds of judging `count` texts of a list: nine in ten real forms, one in ten deficient."""
    collect_seldom()
    tables, zips = _ground()
    deficient = count // 10
    texts = _real(seed, count - deficient) + insufficient(random.Random(seed), zips, deficient)
    random.Random(seed).shuffle(texts)
    started, worst = time.process_time(), 0.0
    for each in texts:
        judge(each, tables)
    cpu = time.process_time() - started
    for each in (*texts[:20_000], *HOSTILE):
        started = time.process_time()
        judge(each, tables)
        worst = max(worst, time.process_time() - started)
    return {"cpu": cpu, "worst": worst}


def _disagreements(seed: int, count: int) -> int:
    tables, _ = _ground()
    draw = random.Random(seed)
    found = 0
    for _ in range(count):
        line = random_text(draw)
        said = judge(line, tables)
        found += (said.verdict, said.rule, said.located, said.address) != tuple(twin_judge(line, tables))
    return found


def _five_digits(line: str) -> bool:
    return re.search(r"\d{5}", line) is not None


def _usaddress() -> Callable[[str], bool] | None:
    try:
        import usaddress
    except ImportError:
        return None

    def is_address(line: str) -> bool:
        kinds = {kind for _, kind in usaddress.parse(line)}
        has_street = {"AddressNumber", "StreetName"} <= kinds or "USPSBoxID" in kinds
        return has_street and bool(kinds & {"PlaceName", "ZipCode"})

    return is_address


def measure(seed: int, texts: int, twin: int, batch: Path | None) -> dict[str, Any]:
    """Every figure of the address judge for one seed."""
    tables, zips = _ground()
    bad = insufficient(random.Random(seed), zips, 5000)
    good = _real(seed + 1, 10_000)
    passed = [line for line in bad if judge(line, tables).is_sufficient]
    refused = [line for line in good if not judge(line, tables).is_sufficient]
    peers: dict[str, Callable[[str], bool] | None] = {"five_digits": _five_digits, "usaddress": _usaddress()}
    with ProcessPoolExecutor(2) as pool:
        halves = list(pool.map(_bulk, (seed + 2, seed + 3), (texts // 2, texts // 2)))
        agree = list(pool.map(_disagreements, (seed + 4, seed + 5), (twin // 2, twin // 2)))
    cpu = sum(half["cpu"] for half in halves)
    return {
        "seed": seed,
        "load_average": os.getloadavg()[0],
        "insufficient": {
            "texts": len(bad),
            "passed": len(passed),
            "share": len(passed) / len(bad),
            "listed": passed,
        },
        "real_forms": {
            "texts": len(good),
            "sufficient": 1 - len(refused) / len(good),
            "verdicts": dict(Counter(judge(line, tables).verdict for line in good)),
            "refused": refused,
        },
        "peers": {
            name: {
                "insufficient_passed": sum(map(peer, bad)) / len(bad),
                "real_forms_sufficient": sum(map(peer, good)) / len(good),
            }
            if peer
            else "not installed"
            for name, peer in peers.items()
        },
        "batch": _batch(batch) if batch else "none given",
        "bulk": _cost(cpu, texts)
        | {
            "worst_milliseconds": round(max(half["worst"] for half in halves) * 1e3, 2),
        },
        "twin": {"texts": twin, "disagreements": sum(agree)},
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--texts", type=int, default=200_000)
    parser.add_argument("--twin", type=int, default=2_000)
    parser.add_argument("--batch", type=Path, help="the data.csv of a world that was kept")
    given = parser.parse_args()
    print(json.dumps(measure(given.seed, given.texts, given.twin, given.batch), indent=2))


if __name__ == "__main__":
    main()
