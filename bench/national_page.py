"""The results page on size: what index, judging and matching cost as requests and records grow."""

from collections.abc import Iterator, Sequence
from math import log
from typing import Any

from bench.markdown import stated, table
from bench.plot import Axis, Plot, Point, Series, drawn

STAGES = ("judging", "retrieval", "kernel")
MICRO = 1_000_000


def national(results: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The section of the page, from runs over registries of several sizes."""
    yield """## Judging to ranking, by size

One world a row: the index in a process of its own, then every request judged, searched and ranked, in CPU
seconds by stage. Ledger and seals are in the whole flow, below.

![CPU microseconds a request, by requests](results/cost-by-requests.svg)

![CPU microseconds a request, by records](results/cost-by-records.svg)"""
    yield table(
        ("records", "index, CPU s", "µs a record", "peak memory, MB", "keys", "load"),
        [
            (
                run["size"]["people"], run["index"]["cpu_seconds"],
                round(MICRO * run["index"]["cpu_seconds"] / run["size"]["people"], 1),
                run["index"]["peak_memory_mb"], run["index"]["keys"],
                run["index"].get("load_average", run["load_average"])[0],
            )
            for run in results
        ],
    )  # fmt: skip
    yield table(
        ("records", "requests", *(f"{stage}, CPU s" for stage in STAGES), "µs a request", "peak memory, MB"),
        [
            (
                run["size"]["people"], at["requests"], *(at[stage] for stage in STAGES),
                round(microseconds(at), 1), run["ours"]["peak_memory_mb"],
            )
            for run in results
            for at in run["stages_at"]
        ],
    )  # fmt: skip
    yield from _exponents(results)
    yield from _splink(results)
    yield "\n\n".join(stated(run) for run in results)


def microseconds(at: dict[str, Any]) -> float:
    """CPU microseconds a request from judging to ranking."""
    return MICRO * sum(float(at[stage]) for stage in STAGES) / float(at["requests"])


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The power of size with which cost grows: the slope of the line of least squares through logarithms."""
    xs, ys = [log(each) for each in sizes], [log(each) for each in costs]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    over = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return over / sum((x - mean_x) ** 2 for x in xs)


def _exponents(results: Sequence[dict[str, Any]]) -> Iterator[str]:
    people = [run["size"]["people"] for run in results]
    if len(set(people)) > 1:
        costs = [microseconds(run["stages_at"][-1]) for run in results]
        index = [run["index"]["cpu_seconds"] for run in results]
        yield (
            f"Cost per request grows with the records to the power {exponent(people, costs):.2f}, "
            f"that of the index to the power {exponent(people, index):.2f}."
        )


def _splink(results: Sequence[dict[str, Any]]) -> Iterator[str]:
    rows = [
        (
            run["size"]["people"], run["size"]["items"],
            round(sum(run["stages_at"][-1][stage] for stage in STAGES), 1), run["ours"]["peak_memory_mb"],
            run["splink"]["cpu_seconds"], run["splink"]["peak_memory_mb"],
        )
        for run in results
        if "splink" in run
    ]  # fmt: skip
    if rows:
        yield "Beside Splink 5 in the same run, which gets names parsed and addresses judged:\n\n" + table(
            ("records", "requests", "judging to ranking, CPU s", "peak memory, MB", "Splink, CPU s",
             "Splink, peak memory, MB"), rows,
        )  # fmt: skip
        yield _PROFILE


_PROFILE = """Ours reads 25 columns and judges every reason, name and address from the words as written
before it matches; Splink is given names parsed and addresses judged, and matches only. A profile of
98,304 requests is flat: no function of ours takes more than 3 % of its own time. By what is called:
deciding on the pair (compare, gates, weights, explanation) 29 %, columns of facts 36 % (the address judge
16 %, reasons and names most of the rest), the others reading people and keys. So no single change halves
it. What would: the address judge, the alignment of names and the reading of a record's line in native
code, beside their Python twins; that is not done, because the rule that is explained is then no longer
the text that ran."""


def pictures(results: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Both pictures by file name."""
    by_requests = [
        Series(
            f"{run['size']['people']:,} records",
            [Point(at["requests"], microseconds(at)) for at in run["stages_at"]],
            len(run["stages_at"]) > 1,
        )
        for run in results
    ]
    by_records = [Point(run["size"]["people"], microseconds(run["stages_at"][-1])) for run in results]
    index = [
        Point(run["size"]["people"], MICRO * run["index"]["cpu_seconds"] / run["size"]["people"])
        for run in results
    ]
    is_line = len(results) > 1
    return {
        "results/cost-by-requests.svg": drawn(_plot("requests", by_requests), by_requests[-4:]),
        "results/cost-by-records.svg": drawn(
            _plot("records", [Series("", by_records)]),
            [
                Series("a request, judging to ranking", by_records, is_line),
                Series("a record, index", index, is_line),
            ],
        ),
    }


def _plot(across: str, series: Sequence[Series]) -> Plot:
    sizes = [point.x for each in series for point in each.points]
    low = 10 ** (len(str(int(min(sizes)))) - 1)
    marks = [low * 10**n for n in range(9) if low * 10 ** (n - 1) < max(sizes)]
    return Plot(
        f"CPU microseconds by {across}",
        f"Upright: CPU microseconds of one. Across: {across}. Both logarithmic.",
        Axis(across, marks, True),
        Axis("CPU microseconds", (1, 10, 100, 1_000), True),
    )
