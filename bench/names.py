"""Measures the name judge: rates on its lists by group, intervals, time with identifiers; prints JSON.

- `python -m bench.names [--items N] [--lists FOLDER]`; the lists are `placeholder/*.csv` and `valid/*.csv`.
- Every placeholder that passes and every real name that is returned is listed.
- A group's exact interval is over its distinct written names: pairs of the same names are no new evidence.
- `ratio` is the worst group's rate by the best one's; where no group has an error there is none to state, and
  `worst_limit` is the highest rate that any group may still have.
"""

import argparse
import csv
import json
import os
import random
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from math import exp, lgamma, log, log1p
from pathlib import Path
from typing import Any

from bench.process import collect_seldom
from solely.facts.address_tables import parse_tables
from solely.facts.lexicon import NameLexicon, parse_lexicon
from solely.facts.name import judge_name
from solely.facts.request import FactContext, _Book, _names, _person
from solely.model import Item
from solely.store.inputs import read_inputs

_TAIL = 0.025
BULK, CHUNK = 1_280_000, 16_384
RETURNED = frozenset({"PLACEHOLDER", "INITIALS", "MISSING"})
REFERRED = frozenset({"SINGLE", "UNCLEAR"})
LISTS = Path(__file__).parent.parent / "vectors" / "name"
_REAL_NAMES = Path(__file__).parent.parent / "src" / "solely" / "inputs" / "real_names.txt"
Pair = tuple[str, str]


def interval(hits: int, size: int) -> tuple[float, float]:
    """The exact 95 % interval of a share (Clopper and Pearson 1934)."""
    if not size:
        return 0.0, 1.0
    low = _share_at(lambda share: 1 - _at_most(hits - 1, size, share) < _TAIL) if hits else 0.0
    high = _share_at(lambda share: _at_most(hits, size, share) > _TAIL) if hits < size else 1.0
    return round(low, 5), round(high, 5)


def _at_most(hits: int, size: int, share: float) -> float:
    """The probability of at most `hits` in `size` at this share."""
    whole = lgamma(size + 1)
    return sum(
        exp(whole - lgamma(n + 1) - lgamma(size - n + 1) + n * log(share) + (size - n) * log1p(-share))
        for n in range(hits + 1)
    )


def _share_at(is_below: Callable[[float], bool]) -> float:
    """The share up to which `is_below` holds."""
    low, high = 1e-12, 1 - 1e-12
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return low


def read_pairs(folder: Path) -> dict[str, list[Pair]]:
    """Given and family names by list."""
    lists = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            lists[path.stem] = [(row["given_name"], row["family_name"]) for row in csv.DictReader(file)]
    return lists


def _verdict(pair: Pair, lexicon: NameLexicon) -> str:
    return judge_name(pair[0], None, pair[1], None, lexicon).verdict


def _placeholders(lists: dict[str, list[Pair]], lexicon: NameLexicon) -> dict[str, Any]:
    passed = {name: [p for p in pairs if _verdict(p, lexicon) == "OK"] for name, pairs in lists.items()}
    size, hits = sum(map(len, lists.values())), sum(map(len, passed.values()))
    referred = sum(_verdict(pair, lexicon) in REFERRED for pairs in lists.values() for pair in pairs)
    return {
        "names": size,
        "passed": hits,
        "share": round(hits / size, 5),
        "interval": interval(hits, size),
        "referred": referred,
        "listed": {name: pairs for name, pairs in passed.items() if pairs},
    }


def _group(pairs: list[Pair], lexicon: NameLexicon) -> dict[str, Any]:
    returned = [pair for pair in pairs if _verdict(pair, lexicon) in RETURNED]
    distinct = {("given", given) for given, _ in pairs} | {("family", family) for _, family in pairs}
    faulty = {cell for pair in returned for cell in _cells_at_fault(pair, lexicon)}
    return {
        "n": len(pairs),
        "returned": len(returned),
        "rate": round(len(returned) / len(pairs), 5),
        "referred": [pair for pair in pairs if _verdict(pair, lexicon) in REFERRED],
        "distinct": len(distinct),
        "interval": interval(len(faulty), len(distinct)),
        "listed": returned,
    }


def _cells_at_fault(pair: Pair, lexicon: NameLexicon) -> Iterator[Pair]:
    """The cells that are returned beside a usual name; both when only the pair is."""
    alone = [
        cell
        for cell, beside in (
            (("given", pair[0]), (pair[0], "Garcia")),
            (("family", pair[1]), ("Maria", pair[1])),
        )
        if _verdict(beside, lexicon) in RETURNED
    ]
    yield from alone or (("given", pair[0]), ("family", pair[1]))


def _real(lists: dict[str, list[Pair]], lexicon: NameLexicon) -> dict[str, Any]:
    groups = {name: _group(pairs, lexicon) for name, pairs in lists.items()}
    # `odd` and the listed names are no origin: the first is chosen to be hard, the second is of all origins.
    rates = {name: group["rate"] for name, group in groups.items() if name != "odd"}
    best, worst = min(rates.values()), max(rates.values())
    known = list(real_names())
    groups["listed_as_given"] = _group([(each, "Garcia") for each in known], lexicon)
    groups["listed_as_family"] = _group([("Maria", each) for each in known], lexicon)
    return {
        "names": sum(group["n"] for group in groups.values()),
        "best_rate": best,
        "worst_rate": worst,
        "worst_limit": max(groups[name]["interval"][1] for name in rates),
        "ratio": worst / best if best else None,
        "within_twice_the_best": worst <= 2 * best,
        "groups": groups,
    }


def real_names() -> Iterator[str]:
    """The names of the shipped list that people bear."""
    for line in _REAL_NAMES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _items(size: int) -> Iterator[Item]:
    """Items of a batch: common names often, a middle initial in two of five, a number in four of five."""
    draw, known = random.Random(3), list(real_names())
    for row in range(1, size + 1):
        serial = f"9{draw.randrange(100):02d}{draw.choice(('66', '67', '68', '69', '89'))}"
        yield Item(
            row,
            given_name=known[int(len(known) * draw.random() ** 3)].title(),
            middle_name=draw.choice("ABCDEFGHJKLM") if draw.random() < 0.4 else None,
            family_name=known[int(len(known) * draw.random() ** 2)].title(),
            suffix="Jr" if draw.random() < 0.03 else None,
            birth_date=f"{draw.randrange(1940, 2005)}-0{draw.randrange(1, 10)}-{draw.randrange(10, 28)}",
            taxpayer_number=f"{serial}{draw.randrange(1, 10000):04d}" if draw.random() < 0.8 else None,
            alien_number=f"A{draw.randrange(10**8):08d}" if draw.random() < 0.7 else None,
        )


def _chunks(size: int) -> Iterable[list[Item]]:
    held: list[Item] = []
    for item in _items(size):
        held.append(item)
        if len(held) == CHUNK:
            yield held
            held = []
    if held:
        yield held


def bulk(size: int) -> dict[str, float]:
    """CPU seconds for the names, birth dates and numbers of `size` items, as `facts_of` reads them."""
    files = read_inputs(None)
    context = FactContext(date(2025, 8, 7), True, None, parse_tables(files, {}), parse_lexicon(files))
    names = numbers = 0.0
    for chunk in _chunks(size):
        book = _Book(chunk, ())
        started = time.process_time()
        _names(context.lexicon, book)
        between = time.process_time()
        _person(context, book)
        names, numbers = names + between - started, numbers + time.process_time() - between
    return {
        "items": size,
        "names_cpu_seconds": round(names, 2),
        "identifiers_cpu_seconds": round(numbers, 2),
        "cpu_seconds_per_1280000": round((names + numbers) / size * BULK, 2),
    }


def measure(lists: Path, items: int) -> dict[str, Any]:
    """Every figure of the name judge."""
    lexicon = parse_lexicon(read_inputs(None)).names
    return {
        "load_average": os.getloadavg()[0],
        "placeholders": _placeholders(read_pairs(lists / "placeholder"), lexicon),
        "real": _real(read_pairs(lists / "valid"), lexicon),
        "bulk": bulk(items) if items else None,
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=BULK)
    parser.add_argument("--lists", type=Path, default=LISTS)
    given = parser.parse_args()
    collect_seldom()
    print(json.dumps(measure(given.lists, given.items), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
