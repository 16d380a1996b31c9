"""The results page on single requests: how long until a decision is there and its entry durable."""

from collections.abc import Iterator
from typing import Any

from bench.markdown import stated, table

AIMS = "50 % within 5 ms, 99 % within 25 ms, 500 a second"


def single(result: dict[str, Any]) -> Iterator[str]:
    """The section of the page."""
    size = result["size"]
    yield f"""## One request at a time

Rows of a received batch, asked for one by one against {size["people"]:,} people of record.
An answer holds decision and explanation, and is given when its ledger entry is durable; who waits together
is answered together. The signed checkpoint follows every {result["publish_seconds"]:g} s. At a fixed rate a
request's time counts from when it was due. The aim: {AIMS}.
One flush is an append of 4 KiB forced to the same disk just before (50 % and 99 %): no durable answer can be
quicker."""
    yield table(
        (
            "asked by", "requests", "a second", "50 %, ms", "99 %, ms", "CPU ms each",
            "waited for CPU, ms each", "flush, ms", "load",
        ),
        [_row(run) for run in result["runs"]],
    )  # fmt: skip
    yield (
        f"Peak memory {result['peak_memory_mb']:,.0f} MB; opening the gate, receiving and facing "
        f"{size['items']:,} rows took {result['seconds_to_open']} s before the first answer. "
        f"The process ran at this priority: {result['priority']}."
    )
    yield stated(result)


def _row(run: dict[str, Any]) -> tuple[Any, ...]:
    asked = f"{run['askers']} at a time" if "askers" in run else f"{run['offered_per_second']} a second"
    times = (run["requests"], run["per_second"], run["p50_ms"], run["p99_ms"])
    costs = (run["cpu_ms_each"], run["waited_for_cpu_ms_each"])
    flush = f"{run['flush_ms']['p50']} / {run['flush_ms']['p99']}"
    return (asked, *times, *costs, flush, " to ".join(map(str, run["load_average"])))
