"""The error on simulated people whom nobody here wrote; writes `results/simulated.json`.

    python -m bench.simulated [--years 2020 2030 2040] [--seeds 5] [--noise 1 3]

- `bench/simulated_people.py` makes each world in an environment of its own, set up once from
  `requirements/simulated.txt`; this module builds the index and judges, as for every other draw.
- Each seed gives other noise over pseudopeople's sample population, and each year other households.
"""

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb

from bench.about import about, write
from bench.error import figures
from bench.judging import Tally, judge_world
from demo.places import common_zips
from solely.records.build import IndexTerms, build_index
from solely.store.inputs import read_inputs, tables_of

HOME = Path(__file__).resolve().parents[1]
PLACES = 40  # ZIP Codes over which the few thousand simulated households are spread


class Simulated(NamedTuple):
    """One world of simulated people."""

    year: int
    seed: int
    noise: float


def environment() -> Path:
    """The interpreter of the environment that holds pseudopeople, set up where it is not there yet."""
    subprocess.run(["sh", str(HOME / "requirements" / "simulated.sh")], check=True)
    return HOME / ".venv-simulated" / "bin" / "python"


def judged(asked: Simulated) -> Tally:
    """The tally of one world, which is made, judged and removed."""
    root = Path(tempfile.mkdtemp(prefix="solely-simulated-"))
    try:
        return judge_world(root, _made(asked, root), date(asked.year + 1, 6, 1))
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _made(asked: Simulated, root: Path) -> Path:
    """The index of the world's records; records, batch and truth stand under `root`."""
    places = root / "places.csv"
    _write_places(places)
    words = ("--year", asked.year, "--seed", asked.seed, "--noise", asked.noise, "--places", places)
    made = [HOME / ".venv-simulated" / "bin" / "python", HOME / "bench" / "simulated_people.py", root, *words]
    subprocess.run([str(each) for each in made], check=True, capture_output=True)
    plain, records = root / "records" / "records.csv", root / "records" / "records.parquet"
    duckdb.execute(
        f"COPY (SELECT * FROM read_csv('{plain}', all_varchar = true)) TO '{records}' (FORMAT parquet)"
    )
    plain.unlink()
    files = read_inputs(None)
    as_of, tables = date(asked.year + 1, 6, 1), tables_of(files)
    build_index([records], root / "index", IndexTerms(as_of, tables, is_synthetic=True))
    return root / "index"


def _write_places(path: Path) -> None:
    table = common_zips()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("city", "state", "zip"))
        writer.writerows((e.cities[0], e.state, code) for code, e in table[:: len(table) // PLACES])


def main(words: list[str] | None = None) -> int:
    """Judge every year, seed and noise, write the result and print a summary."""
    parser = argparse.ArgumentParser(
        prog="bench.simulated", description="Measure the error on simulated people."
    )
    parser.add_argument("--years", type=int, nargs="+", default=[2020, 2030, 2040])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--noise", type=float, nargs="+", default=[1.0, 3.0])
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(words)
    environment()
    result = about(
        f"python -m bench.simulated {' '.join(words if words is not None else sys.argv[1:])}".strip()
    )
    worlds = [(year, seed) for year in options.years for seed in range(1, options.seeds + 1)]
    with ProcessPoolExecutor(options.workers) as pool:
        for noise in options.noise:
            tallies = list(pool.map(judged, [Simulated(*each, noise) for each in worlds]))
            made = figures([Tally(), *tallies], [], [0, *(seed for _, seed in worlds)])
            kept = ("total", "outcomes", "recall", "profiles", "without", "wrong")
            result[f"noise_{noise:g}"] = {name: made[name] for name in kept}
            print(noise, json.dumps(made["total"]))
            for each in made["wrong"]:
                print(json.dumps(each))
    result["worlds"] = [{"year": year, "seed": seed} for year, seed in worlds]
    result["load_average_after"] = about("")["load_average"]
    print(write("simulated", result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
