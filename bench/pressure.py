"""What pressure on the whole gate achieves, and what it costs honest items; writes `results/pressure.json`.

    python -m bench.pressure [--people 40000] [--items 3200] [--seed 1]

The real command line decides an honest batch, and then batches that somebody bent; every honest item is held
against its own outcome in the honest batch.

- address variations: many addresses tried for one person, in one batch and one by one over many (R-36, R-87).
- invented investigations: one id for all, all opened on one day, or ids that follow one another (R-86); those
  that look like real ones are left to the evidence by lot, whose chance of finding one is stated.
- cures without a source: a returned address comes back as another one, from nowhere (R-87).
"""

import argparse
import csv
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import comb
from pathlib import Path
from typing import Any

import duckdb

from bench import world
from bench.about import about, write
from bench.population import World
from bench.process import apart, measure
from bench.run import LAW
from demo import submission
from demo.submission import Sender
from demo.world import Folders
from solely.model import COLUMNS
from solely.review.sample import draw_sample

TARGETS, TRIES, BATCHES = 40, 20, 5
SAMPLES = (30, 100, 299)  # sizes of the evidence by lot; 299 is that of R-85
LOTS = 100  # drawn with the product's own lot, beside the formula
Row = dict[str, str]


@dataclass(slots=True)
class Trial:
    """One world, and the gates that are tried on it."""

    folders: Folders
    day: str
    made: int = 0

    def gate(self) -> Path:
        """A new gate on the world's records."""
        self.made += 1
        gate = self.folders.root / f"gate-{self.made}"
        files = [word for path in self.folders.record_files() for word in ("--records", str(path))]
        stated = ["--agreement", str(self.folders.agreement), "--trust", str(self.folders.trust)]
        self._command(["init", str(gate), *stated, *files, "--as-of", self.day])
        return gate

    def decide(self, gate: Path, rows: Sequence[Row]) -> list[str]:
        """The disposition of each row of a batch, in order; `blocked` for all where the batch is blocked."""
        self.made += 1
        folder = self.folders.root / f"batch-{self.made}"
        cells = ([row.get(column, "") for column in COLUMNS] for row in rows)
        sender = Sender(day=datetime.fromisoformat(self.day).date())
        submission.write_batch(folder, cells, self.folders.root, sender)
        out = self._command(["run", str(folder), "--gate", str(gate), "--json"])
        decided = json.loads(out.splitlines()[-1])
        path = gate / "batches" / decided["batch"] / "dispositions.parquet"
        found = duckdb.execute("SELECT disposition FROM read_parquet(?) ORDER BY row", [str(path)]).fetchall()
        return [each[0] for each in found] if not decided["blocked"] else ["blocked"] * len(rows)

    def _command(self, words: list[str]) -> str:
        done = measure(words, words[:1], {"SOLELY_NOW": f"{self.day}T12:00:00Z"})
        if done.exit_code not in (0, 5):
            raise SystemExit(f"bench: solely {words[0]} ended with {done.exit_code}")
        return done.out


def lost(before: Sequence[str], after: Sequence[str]) -> int:
    """How many honest items that were releasable no longer are."""
    return sum(b == "releasable" != a for b, a in zip(before, after, strict=True))


def renamed(row: Row, id_: str, **changes: str) -> Row:
    """The row under another id, with changes."""
    return {**row, "request_id": id_, **changes}


def guesses(address: str) -> Iterator[str]:
    """Addresses near the true one: other house numbers of the same street."""
    number, _, street = address.partition(" ")
    base = int("".join(c for c in number if c.isdigit()) or "100")
    for step in range(1, 10_000):
        yield f"{base + 2 * step} {street}"


def address_variations(trial: Trial, honest: Sequence[Row], before: Sequence[str]) -> dict[str, Any]:
    """Many addresses for each target, the true one among them: in one batch, and spread over batches."""
    targets = _targets(honest, before)
    others = [place for place in range(len(honest)) if place not in targets]
    rows, kept = [honest[place] for place in others], [before[place] for place in others]
    tried: list[Row] = []
    for place in targets:
        row = honest[place]
        for n, address in zip(range(TRIES - 1), guesses(row["address"]), strict=False):
            tried.append(renamed(row, f"V{place}x{n}", address=address))
        tried.append(renamed(row, f"V{place}xTRUE"))
    found = trial.decide(trial.gate(), [*rows, *tried])
    at_once = found[len(rows) :]
    spread = trial.gate()
    for n in range(BATCHES):
        batch = [
            renamed(honest[place], f"W{place}x{n}", address=_nth(guesses(honest[place]["address"]), n))
            for place in targets
        ]
        trial.decide(spread, batch)
    last = trial.decide(spread, [renamed(honest[place], f"W{place}xTRUE") for place in targets])
    return {
        "targets": len(targets),
        "in_one_batch": {"tries_each": TRIES, "rows": len(tried), "released": at_once.count("releasable")},
        "over_batches": {"tries_before": BATCHES, "rows": len(last), "released": last.count("releasable")},
        "honest": {"items": len(rows), "lost": lost(kept, found[: len(rows)])},
    }


def _nth(several: Iterator[str], place: int) -> str:
    return next(each for n, each in enumerate(several) if n == place)


def _targets(honest: Sequence[Row], before: Sequence[str]) -> list[int]:
    able = [
        place
        for place, outcome in enumerate(before)
        if outcome == "releasable" and honest[place]["address"][:1].isdigit()
    ]
    return able[:: max(1, len(able) // TARGETS)][:TARGETS]


def invented_investigations(trial: Trial, honest: Sequence[Row], before: Sequence[str]) -> dict[str, Any]:
    """The honest batch with invented investigations in place of its own."""
    bent: dict[str, Callable[[int, Row], Row]] = {
        "one id for all": lambda n, row: {**row, "investigation_id": "INV-7A41C90"},
        "all opened on one day": lambda n, row: {**row, "investigation_opened_on": trial.day},
        "ids that follow one another": lambda n, row: {**row, "investigation_id": f"INV-{100_000 + n}"},
    }
    found = {}
    for name, change in bent.items():
        after = trial.decide(trial.gate(), [change(n, row) for n, row in enumerate(honest)])
        found[name] = {
            "would_be_released": before.count("releasable"),
            "released": after.count("releasable"),
            "outcomes": dict(Counter(after)),
        }
    return found


def evidence_by_lot(investigations: int = 2_000) -> list[dict[str, Any]]:
    """The chance that the lot meets an invented investigation: by formula, and counted with our own lot."""
    rows = []
    ids = [f"INV-{n:06d}" for n in range(investigations)]
    for share in (0.01, 0.05, 0.5):
        bad = set(ids[: round(share * investigations)])
        for size in SAMPLES:
            missed = comb(investigations - len(bad), size) / comb(investigations, size)
            met = sum(not bad.isdisjoint(draw_sample(f"lot {n}", ids, size)) for n in range(LOTS))
            rows.append(
                {"invented_share": share, "sample": size, "stopped": round(1 - missed, 5),
                 "counted": met, "lots": LOTS}
            )  # fmt: skip
    return rows


def sourceless_cures(trial: Trial, honest: Sequence[Row], before: Sequence[str]) -> dict[str, Any]:
    """Rows returned for `NA` come back with the true address: without a source, and with one.

    Each at a gate of its own, because a row is cured once.
    """
    targets, found = _targets(honest, before), {}
    returned = len(targets)
    for name, source in (("without a source", ""), ("with a source", "visa application, form page 2")):
        gate = trial.gate()
        first = trial.decide(gate, [renamed(honest[place], f"C{place}", address="NA") for place in targets])
        returned = min(returned, first.count("returned"))
        rows = [renamed(honest[place], f"C{place}x", cures=f"C{place}", source=source) for place in targets]
        found[name] = trial.decide(gate, rows).count("releasable")
    return {"rows": len(targets), "returned_first": returned, "released": found}


def main(words: list[str] | None = None) -> int:
    """Try every kind of pressure and write what came of it."""
    parser = argparse.ArgumentParser(prog="bench.pressure", description="Pressure on the whole gate.")
    parser.add_argument("--people", type=int, default=40_000)
    parser.add_argument("--items", type=int, default=3_200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(words)
    result = about(
        f"python -m bench.pressure {' '.join(words if words is not None else sys.argv[1:])}".strip()
    )
    root = Path(tempfile.mkdtemp(prefix="solely-pressure-"))
    try:
        day = datetime.now(UTC).date()
        made = World(options.seed, options.people, day)
        apart(world.write, root, made, "thorough", options.items, LAW)
        trial = Trial(Folders(root), day.isoformat())
        with (root / "batch" / "data.csv").open(encoding="utf-8", newline="") as file:
            honest = list(csv.DictReader(file))
        before = trial.decide(trial.gate(), honest)
        result |= {
            "size": {"people": options.people, "items": options.items, "seed": options.seed},
            "honest": dict(Counter(before)),
            "address_variations": address_variations(trial, honest, before),
            "invented_investigations": invented_investigations(trial, honest, before),
            "evidence_by_lot": evidence_by_lot(),
            "sourceless_cures": sourceless_cures(trial, honest, before),
            "load_average_after": [round(each, 2) for each in os.getloadavg()],
        }
    finally:
        shutil.rmtree(root, ignore_errors=True)
    path = write("pressure", result)
    print(json.dumps({key: result[key] for key in list(result)[7:]}, indent=1))
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
