"""Ours beside two peers on the same requests: Splink 5, and August 2025; writes `results/peers.json`.

    python -m bench.peers [--people 200000] [--items 40000] [--draws 2] [--mix thorough] [--seed 100]

- Each method is a process of its own on the same world, its CPU seconds and peak memory from `wait4`.
- Splink gets names parsed, addresses judged, and only requests that our request stage lets pass: its cost is
  matching alone. Its threshold is the one that gives our recall on draw 0, and is then kept.
- Splink's u for number and address is set by hand: samples of a registry overstate chance agreement.
- August 2025 as reported: the number is equal, the name similar, and the address holds five digits.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import duckdb
import numpy as np

from bench.about import about, write
from bench.error import RECEIVED_ON, Draw, interval_per_million, make_world
from bench.judging import CHUNK, Tally, judge_world, passing
from bench.process import apart, collect_seldom
from bench.profiles import MIXES
from solely.facts.address import standardise
from solely.records.build import IndexTerms, build_index
from solely.store.inputs import read_inputs, tables_of

MARGIN_BITS = 10
_ZIP_LIKE = "(^|[^0-9])([0-9]{5}|[0-9]{9}|[0-9]{5}-[0-9]{4})([^0-9]|$)"
REQUEST = ("unique_id", "given", "family", "initial", "number", "birth", "house", "street", "zip")
RECORD = (*REQUEST, "given_all", "family_all")
THRESHOLDS = range(0, 61)
Releases = list[tuple[str, str]]


class Cost(NamedTuple):
    """What one method cost on one world."""

    cpu_seconds: float
    wall_seconds: float
    peak_memory_mb: float


# -- the two peers and ours, each in a process of its own ----------------------------------------------------


def index(root: Path, day: date) -> None:
    """Build the index of the world's records; its summary to `index.json`."""
    files = read_inputs(None)
    terms = IndexTerms(day, tables_of(files), is_synthetic=True)
    summary = build_index(sorted((root / "records").iterdir()), root / "index", terms)
    (root / "index.json").write_text(json.dumps(summary))


def ours(root: Path, day: date, times: int = 1) -> None:
    """Judge the world's batch, so many times over, with the product; counts and seconds to `ours.json`.

    More than once tells whether the cost of a request grows; whose recall it is, is told of one time alone.
    """
    collect_seldom()
    tally = judge_world(root, root / "index", day, is_ablated=False, is_grouped=times == 1, times=times)
    (root / "ours.json").write_text(json.dumps(_told(tally)))


def _told(tally: Tally) -> dict[str, Any]:
    right = {group: counts["RELEASED"] for group, counts in _all_targets(tally.recall)}
    wrong = {fault: number for fault, number in tally.faults.items() if number}
    made = {"released": tally.released, "right": sum(right.values()), "faults": wrong}
    made |= {
        "targets": sum(counts.total() for _, counts in _all_targets(tally.recall)),
        "stages": {name: round(seconds, 2) for name, seconds in tally.seconds.items()},
        "stages_at": [
            {"requests": done, **{name: round(seconds, 2) for name, seconds in cost.items()}}
            for done, cost in tally.seconds_at
        ],
        "candidates": tally.candidates,
    }
    return made


def _all_targets(recall: Any) -> list[tuple[str, Any]]:
    return [(name, groups["all"]) for name, groups in recall.items() if name.endswith("/all")]


def august(root: Path, _: date) -> None:
    """The releases of the procedure of August 2025 to `august.parquet`."""
    duckdb.execute(
        f"""
        COPY (
            SELECT r.request_id, any_value(p.unique_id) AS record_id
            FROM read_csv('{root}/batch/data.csv', all_varchar = true) r
            JOIN '{root}/peers/records.parquet' p
              ON p.number = regexp_replace(r.taxpayer_number, '[^0-9]', '', 'g')
            WHERE regexp_matches(r.address, '{_ZIP_LIKE}')
              AND jaro_winkler_similarity(upper(r.given_name), p.given_all) >= 0.85
              AND jaro_winkler_similarity(upper(r.family_name), p.family_all) >= 0.85
            GROUP BY r.request_id
        ) TO '{root}/august.parquet' (FORMAT parquet)
        """
    )


def splink(root: Path, _: date) -> None:
    """The best candidate of each request with its weight and margin, to `splink.parquet`."""
    from splink import Linker, SettingsCreator, block_on
    from splink.internals.duckdb.database_api import DuckDBAPI

    engine = duckdb.connect()
    backend = DuckDBAPI(engine)
    records, requests = (
        backend.register(
            engine.sql(f"SELECT {', '.join(REQUEST)} FROM '{root}/peers/{name}.parquet'"),
            dataset_display_name=name,
        )
        for name in ("records", "requests")
    )
    blocking = [
        block_on("number"),
        block_on("birth", "family"),
        block_on("birth", "given"),
        block_on("house", "zip", "family"),
        block_on("house", "zip", "street", "given"),
        block_on("given", "family", "zip"),
    ]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=_comparisons(),
        blocking_rules_to_generate_predictions=blocking,
        retain_matching_columns=False,
    )
    linker = Linker([records, requests], settings, log_level=40)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("number"), *blocking[1:2]], recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("number"), block_on("birth", "family"), block_on("house", "zip", "street")):
        training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
    found = linker.inference.predict(threshold_match_weight=-10)
    first = "source_dataset_l = 'requests'"
    engine.execute(
        f"""
        COPY (
            SELECT request, arg_max(record, match_weight) AS record_id, max(match_weight) AS weight,
                   max(match_weight) - coalesce((max(match_weight, 2))[2], -10) AS margin
            FROM (SELECT match_weight,
                         CASE WHEN {first} THEN unique_id_l ELSE unique_id_r END AS request,
                         CASE WHEN {first} THEN unique_id_r ELSE unique_id_l END AS record
                  FROM {found.physical_name})
            GROUP BY request
        ) TO '{root}/splink.parquet' (FORMAT parquet)
        """
    )


def _comparisons() -> list[Any]:
    from splink import comparison_level_library as levels
    from splink import comparison_library as comparisons

    def level(condition: str, u: float | None = None) -> Any:
        made = levels.CustomLevel(condition)
        return made.configure(u_probability=u, fix_u_probability=True) if u else made

    door = "house_l = house_r AND zip_l = zip_r"
    address = comparisons.CustomComparison(
        output_column_name="address",
        comparison_levels=[
            levels.NullLevel("zip"),
            level(f"{door} AND street_l = street_r", 4e-7),
            level(f"{door} AND jaro_winkler_similarity(street_l, street_r) >= 0.88", 1e-7),
            level("zip_l = zip_r", 2e-4),
            levels.ElseLevel(),
        ],
    )
    number = comparisons.CustomComparison(
        output_column_name="number",
        comparison_levels=[
            levels.NullLevel("number"),
            level("number_l = number_r", 1e-7),
            levels.ElseLevel(),
        ],
    )
    birth = comparisons.CustomComparison(
        output_column_name="birth",
        comparison_levels=[
            levels.NullLevel("birth"),
            level("birth_l = birth_r"),
            level("damerau_levenshtein(birth_l, birth_r) <= 1"),
            levels.ElseLevel(),
        ],
    )
    names = [
        comparisons.JaroWinklerAtThresholds(name, [0.92]).configure(term_frequency_adjustments=True)
        for name in ("given", "family")
    ]
    return [*names, comparisons.ExactMatch("initial"), number, birth, address]


# -- one world, prepared, run and judged ---------------------------------------------------------------------


def prepare(draw: Draw, root: Path) -> None:
    """The draw's world, and its tables for the peers: requests that pass, records at their last address."""
    make_world(draw, root)
    write_tables(root, RECEIVED_ON)


def write_tables(root: Path, day: date) -> None:
    """The tables for the peers: requests that pass, records at their last address."""
    (root / "peers").mkdir(exist_ok=True)
    _write_rows(root / "peers" / "requests.parquet", REQUEST, passing(root, day))
    _write_rows(root / "peers" / "records.parquet", RECORD, _records(root))


def _records(root: Path) -> Iterator[tuple[str | None, ...]]:
    """The active records with their last address parsed, in the order of `RECORD`."""
    files = read_inputs(None)
    tables = tables_of(files)
    found = duckdb.execute(
        f"""
        SELECT record_id, given_name, family_name, coalesce(family_name_2, ''), coalesce(middle_name, ''),
               taxpayer_number, birth_date::VARCHAR, street_line, unit, city, state, zip
        FROM '{root}/records/*.parquet' WHERE status = 'active' AND death_date IS NULL
        QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY period_from DESC) = 1
        """
    )
    while rows := found.fetchmany(CHUNK):
        for id_, given, family, family_2, middle, number, birth, *filed in rows:
            place = standardise(*filed, tables)
            yield (
                id_, given.split(" ")[0], family.split(" ")[0], middle[:1] or None, number, birth,
                place and place.number, place and place.street, place and place.zip5,
                given, f"{family} {family_2}".strip(),
            )  # fmt: skip


def _write_rows(path: Path, names: Sequence[str], rows: Iterator[tuple[str | None, ...]]) -> None:
    """A Parquet file of these rows, all text, in pieces of bounded memory."""
    engine = duckdb.connect()
    engine.execute(f"CREATE TABLE kept ({', '.join(f'{name} VARCHAR' for name in names)})")
    while chunk := list(islice(rows, CHUNK)):
        made = zip(names, zip(*chunk, strict=True), strict=True)
        engine.register("chunk_in", {name: np.array(values, dtype=object) for name, values in made})
        engine.execute(f"INSERT INTO kept SELECT {', '.join(names)} FROM chunk_in")
        engine.unregister("chunk_in")
    engine.execute(f"COPY kept TO '{path}' (FORMAT parquet)")
    engine.close()


def cost_of(method: str, root: Path, day: date = RECEIVED_ON, times: int = 1) -> Cost:
    """What a method cost in a process of its own; it leaves its result in `root`."""
    begun = perf_counter()
    words = ["--run", method, "--world", str(root), "--day", day.isoformat(), "--times", str(times)]
    process = subprocess.Popen([sys.executable, "-m", "bench.peers", *words])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"bench: {method} failed")
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(round(cpu, 2), round(perf_counter() - begun, 2), round(usage.ru_maxrss / 1024, 1))


def judged(root: Path, releases: str) -> dict[str, Any]:
    """Releases of a peer (a query giving request_id, record_id) held to the truth."""
    found = duckdb.execute(
        f"""
        SELECT count(*), count(*) FILTER (x.record_id IS DISTINCT FROM t.record_id) AS wrong,
               count(*) FILTER (x.record_id = t.record_id AND t.address_sufficient = 'false') AS insufficient,
               count(*) FILTER (x.record_id = t.record_id AND t.address_sufficient = 'true'
                                AND t.is_own_address = 'false') AS elsewhere,
               count(*) FILTER (x.record_id = t.record_id AND t.address_sufficient = 'true'
                                AND t.is_own_address = 'true' AND t.is_permitted = 'true'
                                AND split_part(t.class, '_', 1) IN ('exact', 'typo')) AS correct
        FROM ({releases}) x JOIN read_csv('{root}/truth.csv', all_varchar = true) t USING (request_id)
        """
    ).fetchone()
    assert found is not None, "an aggregate without groups gives one row"
    released, wrong, insufficient, elsewhere, right = found
    return {
        "released": released,
        "right": right,
        "faults": {
            "wrong_person": wrong,
            "insufficient_address": insufficient,
            "address_not_of_record": elsewhere,
        },
    }


def curve(root: Path, targets: int) -> list[dict[str, Any]]:
    """Splink's releases by threshold, with margin: false per million against recall."""
    points = []
    for threshold in THRESHOLDS:
        made = judged(root, splink_releases(root, threshold))
        points.append({"threshold": threshold, **rates(made, targets)})
    return points


def splink_releases(root: Path, threshold: int) -> str:
    """The query of what Splink releases at a threshold: the best candidate, clear of the second."""
    return (
        f"SELECT request AS request_id, record_id FROM '{root}/splink.parquet' "
        f"WHERE weight >= {threshold} AND margin >= {MARGIN_BITS}"
    )


def rates(made: dict[str, Any], targets: int) -> dict[str, Any]:
    """Counts with recall and false releases per million."""
    released, wrong = made["released"], made["faults"].get("wrong_person", 0)
    return made | {
        "recall": round(made["right"] / targets, 4),
        "wrong_per_million": round(1e6 * wrong / released, 1) if released else 0.0,
        "wrong_interval_per_million": interval_per_million(wrong, released),
    }


def measured(draw: Draw) -> dict[str, Any]:
    """All methods on one world, with what each cost."""
    root = Path(tempfile.mkdtemp(prefix="solely-peers-"))
    try:
        apart(prepare, draw, root)
        costs = {method: cost_of(method, root) for method in METHODS}
        own = json.loads((root / "ours.json").read_text())
        targets = own["targets"]
        return {
            "seed": draw.seed,
            "targets": targets,
            "cost": {method: cost._asdict() for method, cost in costs.items()},
            "ours": rates(own, targets),
            "august": rates(judged(root, f"SELECT * FROM '{root}/august.parquet'"), targets),
            "splink": curve(root, targets),
        }
    finally:
        shutil.rmtree(root, ignore_errors=True)


METHODS = {"ours": ours, "splink": splink, "august": august}


def main(words: list[str] | None = None) -> int:
    """Run every method on every draw and write the result; `--run` is one method in its own process."""
    options = _options(words)
    if options.run:
        if options.run == "ours":
            ours(options.world, options.day, options.times)
        else:
            (METHODS | {"index": index})[options.run](options.world, options.day)
        return 0
    result = about(f"python -m bench.peers {' '.join(words if words is not None else sys.argv[1:])}".strip())
    draws = [
        measured(Draw(options.seed + n, options.people, options.items, options.mix, ""))
        for n in range(options.draws + 1)
    ]
    threshold = threshold_for(draws[0]["splink"], draws[0]["ours"]["recall"])
    result |= {
        "size": {name: getattr(options, name) for name in ("people", "items", "draws", "mix", "seed")},
        "splink_threshold": threshold,
        "load_average_after": about("")["load_average"],
        "draws": draws,
    }
    path = write("peers", result)
    for each in draws:
        chosen = next(point for point in each["splink"] if point["threshold"] == threshold)
        for name, made in (
            ("ours", each["ours"]),
            (f"splink {threshold}", chosen),
            ("august", each["august"]),
        ):
            print(each["seed"], name, json.dumps(made))
        print(json.dumps(each["cost"]))
    print(path)
    return 0


def threshold_for(points: list[dict[str, Any]], recall: float) -> int:
    """The highest threshold at which recall is still at least ours; the one of best recall where none is."""
    enough = [point["threshold"] for point in points if point["recall"] >= recall]
    best = max(points, key=lambda point: (point["recall"], point["threshold"]))
    return int(max(enough)) if enough else int(best["threshold"])


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.peers", description="Ours beside Splink and August 2025.")
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--items", type=int, default=40_000)
    parser.add_argument("--draws", type=int, default=2, help="besides draw 0")
    parser.add_argument("--mix", choices=sorted(MIXES), default="thorough")
    parser.add_argument("--seed", type=int, default=100)
    parser.add_argument("--run", choices=("index", *METHODS), help=argparse.SUPPRESS)
    parser.add_argument("--world", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--day", type=date.fromisoformat, help=argparse.SUPPRESS)
    parser.add_argument("--times", type=int, default=1, help=argparse.SUPPRESS)
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
