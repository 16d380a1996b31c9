"""The results page, `docs/results.md`, and its pictures, written from `bench/results/*.json` alone.

python -m bench.page            write them
python -m bench.page --check    exit 1 when a file differs from the results
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.about import RESULTS, read
from bench.law_page import law
from bench.markdown import stated, table
from bench.national_page import national, pictures
from bench.online_page import single
from bench.plot import Axis, Plot, Point, Series, drawn

DOCS = Path(__file__).resolve().parents[1] / "docs"
NOTE = "<!-- written by `python -m bench.page` from bench/results; measure anew, then run `make bench` -->"
GATES = {
    "G1": "address of record",
    "G2": "strict name",
    "G3": "discriminator",
    "G4": "uniqueness",
    "G5": "two keys",
    "G6": "consistency",
}
MILLION = 1_000_000
FALSE_FLOOR = 1.0  # per million: what a picture shows as 0


def main(words: Sequence[str]) -> int:
    """Write every file, or with `--check` say which differ."""
    made = files()
    if "--check" in words:
        different = [name for name, text in made.items() if not _is_same(DOCS / name, text)]
        for name in different:
            print(f"docs/{name} differs from bench/results; run `python -m bench.page`", file=sys.stderr)
        return int(bool(different))
    for name, text in made.items():
        (DOCS / name).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / name).write_text(text, encoding="utf-8")
    return 0


def _is_same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def files() -> dict[str, str]:
    """Every file of the page by its name under `docs`."""
    error, peers, simulated, pressure = map(read, ("error", "peers", "simulated", "pressure"))
    proofs, redaction = map(read, ("proofs", "redaction"))
    flows = [json.loads(path.read_text()) for path in sorted(RESULTS.glob("flow-*.json"))]
    flows = [flow for flow in flows if "releases" in flow]
    assert error is not None, "the error of the rules in force is always published (R-42)"
    parts = [_head(), *_error(error)]
    made: dict[str, str] = {}
    if peers is not None:
        parts += _peers(peers)
        made["results/false-releases.svg"] = false_releases(peers)
    if simulated is not None:
        parts += _simulated(simulated)
    if pressure is not None:
        parts += _pressure(pressure)
    if proofs is not None and redaction is not None:
        parts += law(proofs, redaction)
    sizes = [json.loads(path.read_text()) for path in RESULTS.glob("national-*.json")]
    if sizes:
        sizes.sort(key=lambda each: (each["size"]["people"], each["size"]["items"]))
        parts += national(sizes)
        made |= pictures(sizes)
    online = read("online")
    if online is not None:
        parts += single(online)
    if flows:
        parts += _cost(flows)
        made["results/cost.svg"] = cost(flows)
    made["results.md"] = "\n\n".join(part.strip() for part in parts) + "\n"
    return made


def interval(pair: Sequence[float] | None) -> str:
    """An interval per million in words."""
    return "nothing released" if pair is None else f"{pair[0]:,.1f} to {pair[1]:,.1f}"


def _head() -> str:
    return f"""# Results

{NOTE}

Everything here is synthetic: people, numbers, addresses and requests are made up, and real rates of
namesakes, shared numbers and errors in a custodian's files are not known. A count of none is stated with its
bound, and a rate here is no promise about a real registry. Sizes stand beside each table."""


# -- error ---------------------------------------------------------------------------------------------------


def _error(error: dict[str, Any]) -> Iterator[str]:
    size, total = error["size"], error["total"]
    faults = total["faults"]
    yield f"""## False releases and missed matches (R-42)

{size["draws"]} draws with registries of their own seeds after draw 0, each of {size["people"]:,} records and
{size["items"]:,} requests (mix `{size["mix"]}`). Rules, lexicons and thresholds were frozen after draw 0
under digest `{error["rules"]["digest"][:16]}` (matcher version {error["rules"]["matcher_version"]}); a build
whose rules differ from it fails.

{stated(error)}"""
    yield table(
        (
            "received",
            "released",
            "wrong person",
            "insufficient address",
            "address not of record",
            "not permitted",
            "wrong per million, 95 % interval",
            "referred",
        ),
        [
            (
                total["received"],
                total["released"],
                faults["wrong_person"],
                faults["insufficient_address"],
                faults["address_not_of_record"],
                faults["not_permitted"],
                interval(total["wrong_interval_per_million"]),
                f"{total['referred']:,} ({100 * total['referred_share']:.2f} %)",
            )
        ],
    )
    yield _draws(error)
    yield from _recall(error["recall"])
    yield _attacks(error["attacks"])
    yield _ablation(error["without"])


def _draws(error: dict[str, Any]) -> str:
    rows = [
        (
            f"{each['seed']}{' (draw 0, not counted above)' if n == 0 else ''}",
            each["received"],
            each["released"],
            each["faults"]["wrong_person"],
            each["faults"]["insufficient_address"],
            each["faults"]["address_not_of_record"],
            each["referred"],
        )
        for n, each in enumerate(error["draws"])
    ]
    head = ("seed", "received", "released", "wrong person", "insufficient address", "address not of record")
    listed = [f"- `{each['profile']}`: {_because(each)}" for each in error["wrong"][:20]]
    told = (
        "Every wrong release:\n\n" + "\n".join(listed) if listed else "No release of these draws was wrong."
    )
    return f"{table((*head, 'referred'), rows)}\n\n{told}"


def _because(wrong: dict[str, Any]) -> str:
    levels = ", ".join(f"{each['field']} {each['level']}" for each in wrong["explanation"]["evidence"])
    return f"{wrong['fault']}; {levels}"


def _recall(recall: dict[str, Any]) -> Iterator[str]:
    yield """### Missed matches

Of requests whose target is on record, with a sufficient address of record in a requested period and at least
one exact key. *Exact*: what is stated equals the record but for formatting. *Typo*: one slip in a name, a
street, a number or a birth date. Three classes stand apart because records hold errors too. *Incomplete
record*: the record lacks a surname that the request states, which no formatting explains. *No exact key*: of
what the request states, neither number nor birth date is the record's. *1 January alone*: only a birth date
on a 1 January is, which is taken for none given (matching.md 8)."""
    rows = [
        (name.split("/")[0], *_recalled(groups["all"]))
        for name, groups in recall.items()
        if name.endswith("/all")
    ]
    head = ("targets", "released", "share found", "missed, by reason")
    yield table(("class", *head), rows)
    exact, alone = (recall.get(f"{name}/all", {}).get("all") for name in ("exact", "1 January alone"))
    if exact and alone:
        share = (exact["released"] + alone["released"]) / (exact["targets"] + alone["targets"])
        yield f"With those of a 1 January alone counted as *exact* the share found would be {share:.4f}."
    yield _MISSED
    for dimension, told in _DIMENSION.items():
        for evidence in ("exact", "typo"):
            groups = recall.get(f"{evidence}/{dimension}", {})
            yield (
                f"{evidence} class by {told}{_spread(groups) if dimension != 'profile' else ''}:\n\n"
                + table((dimension, *head), [(group, *_recalled(made)) for group, made in groups.items()])
            )


_MISSED = """Which gate stops them, and why:

- `NAMESAKE_NEEDS_TWO_KEYS` (G5): somebody of the same first and family name has ever shared the address, or
  a generational suffix stands on either side, and only one key is stated. That the namesake's own key
  contradicts the stated one lifts nothing: father and son are mistaken for each other exactly so, by a key
  of the one under the name of both (the attacks `lapsed_son_…` and `son_number_only`, and the row *without
  G5*, below).
- `DISCRIMINATOR_CONFLICT` (G3): a slip in the number, always, because it makes the number of nobody or of
  somebody else; a slip in a birth date beyond one part; or a name so far off that its number seems to be
  another person's.
- `NAME_NOT_STRICT` (G2): the slip makes another real name, or is too much of a short one and no number is
  stated that would bear it out. It goes to a person.
- `NO_CANDIDATE`: the slip is in the first letter and no number is stated, so that nobody is found.
- `NO_DISCRIMINATOR` (G3): of what is stated only a birth date on a 1 January is the record's. Many are given
  that day who know no other, brothers of one name and house among them. Whoever states the number is found as
  others are; see the table by day of birth.
- `RIVAL` (G4): somebody with a like name, the same birth date and the same address, a twin in most cases.

Groups of origin differ in the typo class because their names differ in length. One slip changes a third of
a name of three letters, and often makes another real name; the table by letters shows it without any
origin. No gate looks at origin. Where the number is equal, one letter is a slip in a name of any length from
three letters on. With a birth date alone it is one only where the rest of the name is long enough to be like:
twins share the birth date and the house, and in a short name a slip and the other twin look the same."""
_DIMENSION = {
    "profile": "way of writing",
    "letters": "letters of the shorter of given and family name",
    "origin": "origin of the family name",
    "surnames": "one or two surnames",
    "suffix": "generational suffix",
    "keys": "keys stated",
    "number": "group of the taxpayer number",
    "born": "day of birth on record",
}
_SMALLEST = 100  # targets from which a group's rate is compared


def _spread(groups: Mapping[str, Any]) -> str:
    rates = [made["recall"] for made in groups.values() if made["targets"] >= _SMALLEST]
    return f" (worst {min(rates) / max(rates):.2f} of the best)" if len(rates) > 1 and max(rates) else ""


def _recalled(made: Mapping[str, Any]) -> tuple[Any, ...]:
    missed = ", ".join(f"{name} {number:,}" for name, number in list(made["missed"].items())[:4])
    return made["targets"], made["released"], f"{made['recall']:.4f}", missed


def _attacks(attacks: dict[str, Any]) -> str:
    rows = [
        (
            f"`{name}`",
            made["requests"],
            made["wrong_person"],
            _most(made["outcomes"]),
            "beyond one key" if made["is_beyond_one_key"] else "",
        )
        for name, made in attacks.items()
    ]
    return f"""### Attacks built to fail

Nobody may be released. *Beyond one key* marks requests that are word for word honest ones: a son whom no
record knows, under his father's name and with one of the father's keys. Only two keys or a visible namesake
can stop those, and an agreement can ask for two keys of everybody.

{table(("attack", "requests", "wrong person", "most frequent outcomes", ""), rows)}"""


def _most(outcomes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in list(outcomes.items())[:3])


def _ablation(without: dict[str, Any]) -> str:
    rows = [
        (
            f"{name} {GATES.get(name, '')}".strip(),
            made["draws"]["released"],
            made["draws"]["wrong_person"],
            made["draws"]["address_not_of_record"],
            made["attacks"]["released"],
            made["attacks"]["wrong_person"],
        )
        for name, made in without.items()
    ]
    head = ("without", "released more", "wrong person", "address not of record")
    return f"""### What each gate is worth

What would leave in addition if one gate, or one rule behind the gates, were absent and all else stood.

{table((*head, "attacks: released more", "attacks: wrong person"), rows)}"""


# -- peers ---------------------------------------------------------------------------------------------------


def _peers(peers: dict[str, Any]) -> Iterator[str]:
    size = peers["size"]
    yield f"""## Beside peers

Draws after draw 0: {size["draws"]}, each of {size["people"]:,} records and {size["items"]:,} requests (mix
`{size["mix"]}`), every method in a process of its own in the same run. Splink 5 gets names already parsed,
addresses already judged, and only requests that pass the request stage. Its threshold
({peers["splink_threshold"]} bits, with a margin of 10 over the second) is the one that finds as many as
we do on draw 0. *August 2025*: the number is equal, the name similar, and the address holds five digits. The
share found is over all honest targets, incomplete records and typos included.

{stated(peers)}

![False releases per million against the share found](results/false-releases.svg)"""
    yield _methods(peers)
    yield _method_costs(peers)


def _methods(peers: dict[str, Any]) -> str:
    rows = [
        (
            each["seed"],
            name,
            made["released"],
            made["faults"].get("wrong_person", 0),
            f"{made['wrong_per_million']:,.0f}",
            interval(made["wrong_interval_per_million"]),
            f"{made['recall']:.3f}",
            made["faults"].get("insufficient_address", 0),
            made["faults"].get("address_not_of_record", 0),
        )
        for each in peers["draws"][1:]
        for name, made in methods(each, peers["splink_threshold"])
    ]
    head = ("seed", "method", "released", "wrong person", "per million", "95 % interval", "share found")
    return table((*head, "insufficient address", "address not of record"), rows)


def _method_costs(peers: dict[str, Any]) -> str:
    rows = [
        (each["seed"], method, made["cpu_seconds"], made["peak_memory_mb"], _stages(each, method))
        for each in peers["draws"][1:]
        for method, made in each["cost"].items()
    ]
    head = ("seed", "method", "CPU seconds", "peak memory, MB", "of these, CPU seconds by stage")
    told = "What it cost. Ours reads, judges and matches; Splink matches only. Our index is built before."
    return f"{told}\n\n{table(head, rows)}"


def methods(draw: dict[str, Any], threshold: int) -> list[tuple[str, dict[str, Any]]]:
    """Each method's figures on one draw, Splink's at its threshold."""
    chosen = next(point for point in draw["splink"] if point["threshold"] == threshold)
    return [("ours", draw["ours"]), ("Splink", chosen), ("August 2025", draw["august"])]


def _stages(draw: dict[str, Any], method: str) -> str:
    if method != "ours":
        return ""
    return ", ".join(f"{name} {seconds}" for name, seconds in draw["ours"]["stages"].items())


def false_releases(peers: dict[str, Any]) -> str:
    """False releases per million against the share found, all draws after draw 0 together."""
    draws = peers["draws"][1:] or peers["draws"]
    targets = sum(draw["targets"] for draw in draws)
    thresholds = range(10, 56, 3)
    splink = [
        _pooled([next(p for p in draw["splink"] if p["threshold"] == t) for draw in draws], targets)
        for t in thresholds
    ]
    ours = _pooled([draw["ours"] for draw in draws], targets, is_bounded=True)
    august = _pooled([draw["august"] for draw in draws], targets)
    plot = Plot(
        "False releases per million against the share found",
        "Ours with its interval, Splink by threshold, and the procedure of "
        "August 2025. Upright: wrong persons per million releases, logarithmic. Across: the share found.",
        Axis("share found, of all requests whose target could be released", (0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        Axis("wrong persons per million releases", (10, 100, 1_000, 10_000, 100_000), True, FALSE_FLOOR),
    )
    return drawn(
        plot,
        [
            Series("solely", [ours]),
            Series("Splink 5, by threshold", splink, True),
            Series("August 2025", [august]),
        ],
    )


def _pooled(points: Sequence[dict[str, Any]], targets: int, *, is_bounded: bool = False) -> Point:
    from bench.error import interval_per_million

    released = sum(point["released"] for point in points)
    wrong = sum(point["faults"].get("wrong_person", 0) for point in points)
    recall = sum(point["right"] for point in points) / targets
    pair = interval_per_million(wrong, released) if is_bounded else None
    words = f"{wrong:,} of {released:,}" if is_bounded else ""
    bounds = (pair[0], pair[1]) if pair else (None, None)
    return Point(recall, MILLION * wrong / released if released else 0.0, *bounds, words)


# -- simulated people ----------------------------------------------------------------------------------------


def _simulated(simulated: dict[str, Any]) -> Iterator[str]:
    yield f"""## People whom nobody here wrote

pseudopeople 1.3.1: registry from tax returns of four years with birth dates of its social security file,
requests from its census and wage statements, with its own noise, once and threefold;
{len(simulated["worlds"])} worlds each. Numbers are exchanged for never-assigned ones, its one place for real
cities.

{stated(simulated)}"""
    rows = []
    for name in sorted(key for key in simulated if key.startswith("noise_")):
        total, recall = simulated[name]["total"], simulated[name]["recall"]["simulated/all"]["all"]
        rows.append(
            (
                name.replace("noise_", "×"),
                total["received"],
                total["released"],
                total["faults"]["wrong_person"],
                interval(total["wrong_interval_per_million"]),
                f"{recall['recall']:.3f}",
                _most(recall["missed"]),
            )
        )
    yield table(
        (
            "noise",
            "requests",
            "released",
            "wrong person",
            "per million, 95 %",
            "share found",
            "missed most by",
        ),
        rows,
    )
    listed = [
        f"- noise {name.replace('noise_', '×')}, `{each['profile']}`: {_because(each)}"
        for name in sorted(key for key in simulated if key.startswith("noise_"))
        for each in simulated[name]["wrong"]
    ]
    yield "Every wrong release:\n\n" + "\n".join(listed) if listed else "No release was wrong."


# -- pressure ------------------------------------------------------------------------------------------------


def _pressure(pressure: dict[str, Any]) -> Iterator[str]:
    size, tried = pressure["size"], pressure["address_variations"]
    once, spread, cures = tried["in_one_batch"], tried["over_batches"], pressure["sourceless_cures"]
    yield f"""## Pressure on the whole gate

The real command line decides an honest batch of {size["items"]:,} requests, and then batches that somebody
bent.

{stated(pressure)}"""
    rows: list[tuple[Any, ...]] = [
        (
            f"{once['tries_each']} addresses each of {tried['targets']} people, one true, in one batch",
            once["rows"],
            once["released"],
        ),
        (
            f"the true address, after {spread['tries_before']} guesses in earlier batches",
            spread["rows"],
            spread["released"],
        ),
        ("an address cured without a source", cures["rows"], cures["released"]["without a source"]),
        (
            "the same cures with a source, as they should be",
            cures["rows"],
            cures["released"]["with a source"],
        ),
    ]
    rows += [
        (f"investigations: {name}", made["would_be_released"], made["released"])
        for name, made in pressure["invented_investigations"].items()
    ]
    yield table(("pressure", "items that could be released", "released"), rows)
    honest = tried["honest"]
    yield f"""Honest items of the same batch that lost their release: {honest["lost"]:,} of
{honest["items"]:,}.

Invented investigations that look like real ones are left to the evidence by lot (R-86):"""
    yield table(
        (
            "invented, share of investigations",
            "sample",
            "batch stopped, by formula",
            "stopped, with the gate's lot",
        ),
        [
            (each["invented_share"], each["sample"], each["stopped"], f"{each['counted']} of {each['lots']}")
            for each in pressure["evidence_by_lot"]
        ],
    )


# -- cost ----------------------------------------------------------------------------------------------------


class _Run(dict[str, Any]):
    """One whole flow: sizes from its command, CPU seconds by command."""


def runs(flows: Sequence[dict[str, Any]]) -> list[_Run]:
    """The whole flows, small ones first."""
    made = []
    for flow in flows:
        words = dict(re.findall(r"--(\w+) (\S+)", flow["command"]))
        cost_ = {command["command"][1]: command["cpu_seconds"] for command in flow["commands"]}
        approving = sum(c["cpu_seconds"] for c in flow["commands"] if c["command"][1] == "approve")
        made.append(
            _Run(
                people=int(words["people"]),
                items=int(words["items"]),
                mix=words.get("mix", ""),
                flow=flow,
                index=cost_.get("init", 0.0),
                run=cost_.get("run", 0.0),
                approve=round(approving, 2),
                memory=max(c["peak_memory_mb"] for c in flow["commands"]),
            )
        )
    return sorted(made, key=lambda run: (run["people"], run["items"]))


def _cost(flows: Sequence[dict[str, Any]]) -> Iterator[str]:
    measured = runs(flows)
    yield """## Cost of the whole flow

From signed batch to verified ledger by the command line. The index is built once and stands on its own line.

![CPU seconds per thousand requests](results/cost.svg)"""
    yield table(
        (
            "records",
            "requests",
            "mix",
            "index, CPU s",
            "run, CPU s",
            "approve and seal, CPU s",
            "peak memory, MB",
            "released",
            "all correct",
            "commit",
            "load",
        ),
        [
            (
                run["people"],
                run["items"],
                run["mix"],
                run["index"],
                run["run"],
                run["approve"],
                run["memory"],
                run["flow"]["counts"].get("released", 0),
                _all_correct(run["flow"]),
                run["flow"]["commit"][:8],
                run["flow"]["load_average"][0],
            )
            for run in measured
        ],
    )
    yield stated(measured[-1]["flow"])


def _all_correct(flow: dict[str, Any]) -> str:
    wrong = {name: number for name, number in flow["releases"].items() if name != "correct"}
    return ", ".join(f"{name} {number:,}" for name, number in wrong.items()) or "yes"


def cost(flows: Sequence[dict[str, Any]]) -> str:
    """CPU seconds of `run` per thousand requests by number of requests, a line for each size of registry."""
    measured = runs(flows)
    sizes = sorted({run["people"] for run in measured})
    series = []
    for people in sizes:
        own = [run for run in measured if run["people"] == people]
        points = [Point(run["items"], 1000 * run["run"] / run["items"]) for run in own]
        series.append(Series(f"{people:,} records", points, len(points) > 1))
    items = [run["items"] for run in measured]
    low = 10 ** (len(str(min(items))) - 1)
    marks = [low * 10**n for n in range(9) if low * 10**n < 10 * max(items)]
    plot = Plot(
        "CPU seconds of `run` per thousand requests",
        "Upright: CPU seconds per thousand requests. Across: requests in the batch. Both logarithmic.",
        Axis("requests in the batch", marks if len(marks) > 1 else [low, low * 10], True),
        Axis("CPU seconds per thousand requests", (0.01, 0.1, 1.0, 10.0), True),
    )
    return drawn(plot, series[-4:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
