"""The error measured: draws, attacks, ablation; writes `results/error.json` (R-42).

    python -m bench.error [--people 200000] [--items 40000] [--draws 8] [--mix thorough] [--seed 100]

- Each draw is a registry of its own seed. Draw 0 is for tuning and is published apart; after it the rules are
  frozen: their digest stands in the result, and a draw under another digest ends the run.
- Beside each draw stands a world of attacks, with many sons of their father's name and many twins.
- Intervals are exact (Garwood 1936), 95 %, two-sided. Every wrong release is printed with its explanation.
"""

import argparse
import json
import resource
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench import world
from bench.about import about, write
from bench.judging import Tally, judge_world
from bench.population import ATTACKED, World
from bench.profiles import ATTACKS, BEYOND, MIXES
from bench.rules import rules_in_force
from demo.world import Folders
from solely.oversight.bounds import MILLION, mean_max
from solely.records.build import IndexTerms, build_index
from solely.store.inputs import read_inputs, tables_of

RECEIVED_ON = date(2026, 1, 15)  # fixed, so that the same seeds give the same draws on any day
FAULTS = ("wrong_person", "insufficient_address", "address_not_of_record", "not_permitted")


@dataclass(frozen=True, slots=True)
class Draw:
    """One world to be judged; `digest` is that of the rules frozen after draw 0."""

    seed: int
    people: int
    items: int
    mix: str
    digest: str


def make_world(draw: Draw, root: Path) -> Folders:
    """The draw's world on disk, with an index of its records at `root/index`."""
    shares = {"shares": ATTACKED} if draw.mix == "attacks" else {}
    made = World(draw.seed, draw.people, RECEIVED_ON, **shares)
    folders = world.write(root, made, draw.mix, draw.items, None)
    files = read_inputs(None)
    terms = IndexTerms(RECEIVED_ON, tables_of(files), is_synthetic=True)
    build_index(folders.record_files(), root / "index", terms)
    return folders


def judged(draw: Draw) -> Tally:
    """The tally of one draw; its world is made, judged and removed."""
    if draw.digest != rules_in_force()["digest"]:
        raise SystemExit("bench: the rules changed after draw 0; begin again")
    root = Path(tempfile.mkdtemp(prefix="solely-error-"))
    try:
        make_world(draw, root)
        return judge_world(root, root / "index", RECEIVED_ON)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def main(words: list[str] | None = None) -> int:
    """Judge every draw, write the result, print a summary; exit code 1 when a release had a bad address."""
    options = _options(words)
    command = f"python -m bench.error {' '.join(words if words is not None else sys.argv[1:])}".strip()
    result, rules = about(command), rules_in_force()
    sizes = {name: getattr(options, name) for name in ("people", "items", "draws", "mix", "seed")}
    seeds = range(options.seed, options.seed + options.draws + 1)
    draws = [Draw(seed, options.people, options.items, options.mix, rules["digest"]) for seed in seeds]
    # A third of the people, and one attack to a dozen of them: more would leave some attacks without people.
    size = (options.people // 3, options.people // 36)
    attacks = [Draw(seed, *size, "attacks", rules["digest"]) for seed in seeds]
    with ProcessPoolExecutor(options.workers) as pool:
        tallies = list(pool.map(judged, [*draws, *attacks]))
    held, attacked = tallies[: len(draws)], tallies[len(draws) :]
    result |= {"rules": rules, "size": sizes, "load_average_after": about("")["load_average"]}
    result |= figures(held, attacked, [each.seed for each in draws])
    result["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1)
    path = write("error", result)
    print(json.dumps({"total": result["total"], "attacks": result["attacks"]}, indent=1))
    for each in result["wrong"]:
        print(json.dumps(each))
    print(path)
    bad = ("insufficient_address", "address_not_of_record")
    return int(any(result["total"]["faults"][fault] for fault in bad))


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.error", description="Measure the error of the present rules."
    )
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--items", type=int, default=40_000)
    parser.add_argument("--draws", type=int, default=8, help="besides draw 0")
    parser.add_argument("--mix", choices=sorted(MIXES), default="thorough")
    parser.add_argument("--seed", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args(words)


def figures(draws: list[Tally], attacks: list[Tally], seeds: list[int]) -> dict[str, Any]:
    """Everything that is published of the draws and of the attacks beside them."""
    total, attacked = merged(draws[1:] or draws), merged(attacks)
    return {
        "draws": [{"seed": seed, **_summary(each)} for seed, each in zip(seeds, draws, strict=True)],
        "total": _summary(total),
        "outcomes": _sorted(total.outcomes),
        "recall": {
            dimension: {group: _recalled(counts) for group, counts in sorted(groups.items())}
            for dimension, groups in sorted(total.recall.items())
        },
        "profiles": {name: _sorted(counts) for name, counts in sorted(total.by_profile.items())},
        "attacks": _attacked(attacked),
        "without": {
            absent: {
                "draws": _faults(total.without.get(absent)),
                "attacks": _faults(attacked.without.get(absent)),
            }
            for absent in sorted({*total.without, *attacked.without})
        },
        "wrong": [_listed(each) for each in total.wrong],
    }


def merged(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    whole = Tally()
    for each in tallies:
        for name in ("received", "released", "referred", "candidates"):
            setattr(whole, name, getattr(whole, name) + getattr(each, name))
        whole.outcomes.update(each.outcomes)
        whole.faults.update(each.faults)
        whole.wrong += each.wrong
        for mine, its in ((whole.by_profile, each.by_profile), (whole.without, each.without)):
            for name, counts in its.items():
                mine.setdefault(name, Counter()).update(counts)
        for dimension, groups in each.recall.items():
            for group, counts in groups.items():
                whole.recall.setdefault(dimension, {}).setdefault(group, Counter()).update(counts)
    return whole


def interval_per_million(observed: int, total: int) -> list[float] | None:
    """The exact two-sided 95 % interval of the rate behind `observed` in `total`, per million."""
    if total == 0:
        return None
    low = mean_max(observed - 1, 0.975) if observed else 0.0
    return [round(MILLION * low / total, 2), round(MILLION * mean_max(observed, 0.025) / total, 2)]


def _summary(tally: Tally) -> dict[str, Any]:
    return {
        "received": tally.received,
        "released": tally.released,
        "referred": tally.referred,
        "referred_share": round(tally.referred / max(tally.received, 1), 5),
        "candidates": tally.candidates,
        "faults": {fault: tally.faults[fault] for fault in FAULTS},
        "wrong_per_million": round(MILLION * tally.faults["wrong_person"] / max(tally.released, 1), 2),
        "wrong_interval_per_million": interval_per_million(tally.faults["wrong_person"], tally.released),
    }


def _recalled(counts: Counter[str]) -> dict[str, Any]:
    missed = {name: number for name, number in _sorted(counts).items() if name != "RELEASED"}
    return {
        "targets": counts.total(),
        "released": counts["RELEASED"],
        "recall": round(counts["RELEASED"] / counts.total(), 4),
        "missed": missed,
    }


def _attacked(tally: Tally) -> dict[str, Any]:
    """Each attack with what left of it; what the batch lacked people for stands in no attack."""
    wrong = Counter(each.truth.kind for each in tally.wrong if each.fault == "wrong_person")
    return {
        attack.kind.name: {
            "requests": tally.by_profile.get(attack.kind.name, Counter()).total(),
            "wrong_person": wrong[attack.kind.name],
            "is_beyond_one_key": attack.kind.name in BEYOND,
            "outcomes": _sorted(tally.by_profile.get(attack.kind.name, Counter())),
        }
        for attack in ATTACKS
    }


def _faults(counts: Counter[str] | None) -> dict[str, int]:
    found = counts or Counter()
    return {name: found[name] for name in ("released", *FAULTS)}


def _listed(wrong: Any) -> dict[str, Any]:
    truth = wrong.truth
    return {
        "fault": wrong.fault,
        "profile": truth.kind,
        "request_id": truth.request_id,
        "true_record": truth.record_id,
        "released_record": wrong.released,
        "explanation": json.loads(wrong.explanation),
    }


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


if __name__ == "__main__":
    sys.exit(main())
