"""The demo driver: the real command line step by step, then both procedures judged by the truth.

- Every step is a process of its own, as an operator would run it; nothing is called behind the gate's back
  but the report's renderer, which takes the comparison.
- What the summary says of the gate comes from the gate's own files, what it says of right and wrong from the
  generator's truth.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from demo import august
from demo.august import Judgment, Release
from demo.batch import Batch
from demo.people import APPROVERS
from demo.places import record_line, record_unit
from demo.population import Population
from demo.world import Folders
from solely.oversight.terminal import bar, result_lines

Say = Callable[[str], None]
_REASONS_SHOWN = 12
_AUGUST = "procedure of August 2025"
_GATE = "this gate"


class StepFailed(Exception):
    """A command of the demo ended with another code than it should; its words went to stderr."""


@dataclass
class Demo:
    """One demo at work; `seconds` holds how long each step took."""

    folders: Folders
    population: Population
    requests: Batch
    seed: int
    set_day: date | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def solely(self, step: str, *arguments: str | Path) -> list[Any]:
        """The lines of JSON that one command prints; raises StepFailed when it fails."""
        environment = dict(os.environ)
        if self.set_day is not None:
            environment["SOLELY_NOW"] = f"{self.set_day.isoformat()}T12:00:00Z"
        begun = perf_counter()
        done = subprocess.run(  # noqa: S603 -- our own interpreter and our own arguments
            [sys.executable, "-m", "solely.cli.main", *map(str, arguments)],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            env=environment,
        )
        self.seconds[step] = perf_counter() - begun
        if done.returncode != 0:
            raise StepFailed(f"`solely {arguments[0]}` ended with exit code {done.returncode}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def run(demo: Demo, say: Say) -> int:
    """Drive the gate, judge, report; gives the exit code of the demo."""
    try:
        final = decide_and_release(demo, say)
        ours = gate_releases(demo, final["batch"])
        opened = open_one(demo, ours, say)
    except StepFailed as failure:
        say(f"demo: {failure}")
        return 1
    truth = demo.requests.truth
    begun = perf_counter()
    before = august.judge(august.replay(demo.requests.rows, demo.population), truth)
    here = august.judge(ours, truth)
    demo.seconds["judge by truth"] = perf_counter() - begun
    _write_report(demo, final["batch"], before, here)
    for line in _summary(demo, final, before, here, opened):
        print(line)
    return 0 if is_clean(here) else 1


SAMPLE_ITEMS = 12  # 0 errors in so many: under 22.1 % wrong at 95 %; a real agreement states 299


def is_clean(here: Judgment) -> bool:
    """True when every release was right and nothing that had to be released stayed behind."""
    return here.missed == 0 and here.released == here.counts["correct"]


def decide_and_release(demo: Demo, say: Say) -> dict[str, Any]:
    """Init, run, approve by two, verify; gives the final run object."""
    folders, gate = demo.folders, demo.folders.gate
    day = demo.population.today.isoformat()
    files = [argument for path in folders.record_files() for argument in ("--records", path)]
    say("init: law, trust, tables and the index of records")
    demo.solely(
        "init",
        "init",
        gate,
        "--agreement",
        folders.agreement,
        *files,
        "--as-of",
        day,
        "--trust",
        folders.trust,
    )
    say("run: decide every item")
    decided = demo.solely("run", "run", folders.batch, "--gate", gate, "--json")[-1]
    final = decided
    for office in list(APPROVERS)[:2]:
        say(f"approve: as {office}")
        key = folders.key("approvers", office)
        approved = demo.solely(f"approve ({office})", "approve", folders.batch, "--gate", gate, "--as", key)
        final = approved[-1] if approved else final
    say("verify: signature, every hash, life cycles, counts")
    demo.solely("verify", "verify", gate / "ledger", "--key", gate / "log.vkey", "--json")
    # The batch above was signed at the command line; those to come are sampled at the console first.
    demo.solely("init (sample)", "init", gate, "--review-sample", str(SAMPLE_ITEMS))
    result: dict[str, Any] = final
    return result


def gate_releases(demo: Demo, batch_id: str) -> list[Release]:
    """What the gate released, from its own file of releases."""
    return [
        Release(int(row), str(record), "gate")
        for row, record in query(demo, batch_id, "releases", "row, record_ref")
    ]


def query(demo: Demo, batch_id: str, name: str, columns: str) -> list[tuple[Any, ...]]:
    """The rows of one of the gate's files about a batch, in input order."""
    import duckdb

    path = demo.folders.gate / "batches" / batch_id / f"{name}.parquet"
    # The columns are words of this module, never of a user.
    return duckdb.execute(f"SELECT {columns} FROM read_parquet(?) ORDER BY row", [str(path)]).fetchall()  # noqa: S608


def open_one(demo: Demo, ours: Sequence[Release], say: Say) -> str:
    """Open the first package as its named officer; gives one line on what was found."""
    if not ours:
        return "no package to open"
    first = ours[0]
    row, gate = demo.requests.rows[first.row - 1], demo.folders.gate
    officer, request_id = row["officers"].split(";")[0], row["request_id"]
    say(f"open: {request_id} as {officer}")
    package = gate / "outbox" / f"{request_id}.tdf"
    key = demo.folders.key("officers", officer)
    demo.solely("accept", "accept", "--gate", gate, "--as", key)
    shown = demo.solely("open", "open", package, "--key", key, "--gate", gate, "--confirm", request_id)[-1]
    address = shown.get("address", {})
    own = _own_addresses(demo, first.record_id)
    verdict = "the person's own" if _plain(address) in own else "NOT one of the person's"
    return f"{request_id} opened by {officer}: the address inside is {verdict}"


def _own_addresses(demo: Demo, record_id: str) -> set[tuple[str, ...]]:
    return {
        (record_line(stay.place), record_unit(stay.place), stay.place.zip)
        for person in demo.population.people
        if person.record_id == record_id
        for stay in person.stays
    }


def _plain(address: dict[str, str]) -> tuple[str, ...]:
    return tuple(str(address.get(part) or "") for part in ("street_line", "unit", "zip"))


# -- what is shown ------------------------------------------------------------------------------------


def _write_report(demo: Demo, batch_id: str, before: Judgment, here: Judgment) -> None:
    """The gate's own report with the comparison added."""
    from solely import services
    from solely.oversight.report_data import ClassRow, Procedure
    from solely.steps import watching

    begun = perf_counter()
    counts = Counter(truth.kind for truth in demo.requests.truth)
    classes = [
        ClassRow(kind.replace("_", " "), items, _released_of(before, kind), _released_of(here, kind))
        for kind, items in sorted(counts.items())
    ]
    with services.opened(demo.folders.gate) as opened:
        data = watching.report_data(opened, batch_id, opened.now())
    procedures = tuple(
        Procedure(
            name=name,
            released=each.released,
            wrong_person=each.counts["wrong_person"],
            insufficient_address=each.counts["insufficient_address"],
            address_unconfirmed=each.counts["address_not_of_taxpayer"],
            correct=each.counts["correct"],
            not_permitted=each.counts["not_permitted"],
        )
        for name, each in ((_AUGUST, before), (_GATE, here))
    )
    limits = (*data.limits, _LIMIT)
    data = replace(data, comparison=procedures, classes=tuple(classes), limits=limits)
    watching.write(data, demo.folders.report)
    demo.seconds["report"] = perf_counter() - begun


# What the page's comparison cannot show by itself.
_LIMIT = (
    "In the comparison, truth is the generator's own. The procedure of August 2025 is replayed from public "
    "accounts; its second route, by address, is our reading and described by none of them."
)


def _released_of(judgment: Judgment, kind: str) -> int:
    return sum(judgment.by_class.get(kind, {}).values())


def _summary(demo: Demo, final: dict[str, Any], before: Judgment, here: Judgment, opened: str) -> list[str]:
    """The lines that the demo ends with."""
    folders = demo.folders
    lines = ["", *result_lines(final), "", *_reason_lines(demo, final["batch"]), ""]
    lines += [*_comparison_lines(before, here), "", *_wrong_lines(here), f"opening: {opened}", ""]
    lines += [f"  {step:<30}{seconds:6.1f} s" for step, seconds in demo.seconds.items()]
    lines += ["", "the ledger above is that of the release; the report counts what came after too"]
    lines += ["", f"report {folders.report}", f"truth  {folders.truth}", f"gate   {folders.gate}"]
    served = f".venv/bin/solely serve --gate {folders.gate} --port 8700"
    lines += ["", f"its console: {served}, then open http://localhost:8700 (docs/start.md)"]
    return lines


def _reason_lines(demo: Demo, batch_id: str) -> list[str]:
    """The most frequent reasons that a request alone gave; withheld is one class (R-100)."""
    counted: Counter[tuple[str, str]] = Counter()
    for disposition, reasons in query(demo, batch_id, "dispositions", "disposition, reasons"):
        if disposition in ("returned", "refused"):
            counted.update((disposition, reason) for reason in reasons)
    shown = counted.most_common(_REASONS_SHOWN)
    most = shown[0][1] if shown else 0
    lines = [f"most frequent reasons of what was returned or refused ({len(counted)} different ones)"]
    for (disposition, reason), number in shown:
        lines.append(f"  {number:>6,}  {bar(number, most):<32}  {disposition:<9} {reason}")
    return lines


_VERDICT_WORDS = {
    "wrong_person": "another person's address given out",
    "insufficient_address": "request named no sufficient address",
    "address_not_of_taxpayer": "address is not the taxpayer's",
    "not_permitted": "right person and address, but a rule forbids it",
    "correct": "right person, own address, permitted",
}


def _comparison_lines(before: Judgment, here: Judgment) -> list[str]:
    lines = [f"the same batch, judged by the truth{'':<16}{'August 2025':>12}{'this gate':>12}"]
    for verdict, words in _VERDICT_WORDS.items():
        lines.append(f"  {words:<49}{before.counts[verdict]:>12,}{here.counts[verdict]:>12,}")
    lines.append(f"  {'released':<49}{before.released:>12,}{here.released:>12,}")
    lines.append(
        f"  {'lost: permitted, two keys agree, not released':<49}{before.missed:>12,}{here.missed:>12,}"
    )
    return lines


def _wrong_lines(here: Judgment) -> list[str]:
    """Which classes the gate got wrong; none is what the demo promises."""
    lines = []
    for kind, counts in sorted(here.by_class.items()):
        wrong = {verdict: number for verdict, number in counts.items() if number and verdict != "correct"}
        if wrong:
            lines.append(f"WRONG {kind}: " + ", ".join(f"{v} {n}" for v, n in wrong.items()))
    lines += [f"MISSED {kind}: {number}" for kind, number in sorted(here.missed_by_class.items())]
    return lines or ["no release was wrong, and nothing that had to be released stayed behind"]
