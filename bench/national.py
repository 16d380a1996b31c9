"""Judging to ranking at national size: CPU seconds by stage, at several numbers of requests, the index apart.

    python -m bench.national [--people 10000000] [--items 1282605] [--splink] [--times 1] [--world FOLDER]

- Index, our judging and matching, and Splink each run in a process of their own, on one world.
- One pass over the batch tells the cost at some numbers of requests and at the end; with `--times` it is
  judged so many times over. Runs with different numbers of people tell how it grows with the records. The
  whole flow, ledger and seals included, is `python -m bench`.
"""

import argparse
import json
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from bench import world
from bench.about import about, write
from bench.error import RECEIVED_ON
from bench.peers import cost_of, write_tables
from bench.population import World
from bench.process import apart
from bench.profiles import MIXES

MARKS = (100_000, 400_000, 1_280_000, 6_400_000)


def main(words: list[str] | None = None) -> int:
    """Measure, write the result and print it."""
    options = _options(words)
    root = options.world or Path(tempfile.mkdtemp(prefix="solely-national-"))
    result = about(
        f"python -m bench.national {' '.join(words if words is not None else sys.argv[1:])}".strip()
    )
    try:
        if not (root / "truth.csv").is_file():
            made = World(options.seed, options.people, options.day)
            apart(world.write, root, made, options.mix, options.items, None)
        result |= measured(root, options)
    finally:
        if options.world is None:
            shutil.rmtree(root, ignore_errors=True)
    result["load_average_after"] = about("")["load_average"]
    print(json.dumps(result, indent=1))
    print(write(f"national-{options.people}-{options.items * options.times}", result))
    return 0


def measured(root: Path, options: argparse.Namespace) -> dict[str, Any]:
    """What index, judging and matching, and Splink cost on one world."""
    index = cost_of("index", root, options.day)
    ours = cost_of("ours", root, options.day, options.times)
    own = json.loads((root / "ours.json").read_text())
    found: dict[str, Any] = {
        "size": {name: getattr(options, name) for name in ("people", "items", "mix", "seed", "times")},
        "index": index._asdict() | json.loads((root / "index.json").read_text())["counts"],
        "ours": ours._asdict() | {name: own[name] for name in ("released", "faults", "candidates")},
        "stages_at": at_marks(own["stages_at"]),
    }
    if options.splink:
        apart(write_tables, root, options.day)
        found["splink"] = cost_of("splink", root, options.day)._asdict()
    return found


def at_marks(stages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The costs when about so many requests as each mark were done, and at the end."""
    chosen = [min(stages, key=lambda each: abs(each["requests"] - mark)) for mark in MARKS]
    return [each for each in chosen if each["requests"] < stages[-1]["requests"]] + [stages[-1]]


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.national", description="Judging to ranking at national size."
    )
    parser.add_argument("--people", type=int, default=10_000_000)
    parser.add_argument("--items", type=int, default=1_282_605)
    parser.add_argument("--mix", choices=sorted(MIXES), default="national")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--splink", action="store_true", help="Splink on the same world; it needs its memory")
    parser.add_argument("--times", type=int, default=1, help="judge the batch so many times over")
    parser.add_argument("--world", type=Path, default=None, help="use, or make and keep, the world here")
    parser.add_argument("--day", type=date.fromisoformat, default=RECEIVED_ON, help="of a world that is kept")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
