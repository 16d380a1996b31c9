"""Measures the judges on what strangers write for an address, a name or a reason; prints JSON.

- `python -m bench.strangers [--seed N]`; each list was written before its judge was read again.
- The first lists were mended against and are spent; the second ones are the honest figure.
- A phrase is drawn with a city and ZIP in the ways of a last line; {city}, {name}, {n} and {d} are filled.
- Every phrase and pair that passes is listed. So is every real name and honest reason that does not, of the
  first half of a list; of the other half, every second line, nobody reads what failed.
- What passes or stops of a list called `_blind` is counted and not listed, so that nobody mends against it.
- `as_written` judges each phrase or form once, as it stands, with one whole last line behind it.
- A real form of address is drawn with a whole last line, in the states it names after |; one after = is whole
  already. Every form that does not pass is listed.
"""

import argparse
import csv
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.address_lists import STREET_NAMES, Place, last_line, places
from bench.names import interval
from solely.facts.address import judge
from solely.facts.address_tables import AddressTables, parse_tables
from solely.facts.lexicon import NameLexicon, parse_lexicon
from solely.facts.name import judge_name
from solely.facts.reason import ReasonJudge, ReasonJudgment
from solely.store.inputs import read_inputs, read_zips

HERE = Path(__file__).parent / "lists"
DRAWS = 12


def phrases(path: Path) -> list[str]:
    """The phrases of a list: each line that is no heading, once."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(line for line in lines if line.strip() and not line.startswith("# ")))


def _may_be_read(path: Path) -> bool:
    return not path.stem.endswith("_blind")


def _filled(draw: random.Random, phrase: str, place: Place) -> str:
    names = [name for name in STREET_NAMES.split() if "|" not in name]
    filled = phrase.replace("{city}", place.city).replace("{d}", str(draw.randint(1, 9)))
    while "{n}" in filled:
        filled = filled.replace("{n}", str(draw.randint(10, 899)), 1)
    while "{name}" in filled:
        filled = filled.replace("{name}", draw.choice(names), 1)
    return filled


def _in_any_case(draw: random.Random, text: str) -> str:
    return draw.choice((text, text, text.upper(), text.title()))


def as_written(seed: int, path: Path, where: list[Place]) -> Iterator[tuple[str, str]]:
    """Each phrase or form of a list once, as it was written, with one whole last line behind it."""
    draw = random.Random(seed)
    for phrase in phrases(path):
        line, _, states = phrase.removeprefix("= ").partition(" | ")
        there = [place for place in where if place.state in states.split()] if states else where
        if not there:  # unk | unk names no states
            line, there = phrase, where
        place = draw.choice(there)
        last = "" if phrase.startswith("= ") else f", {place.city}, {place.state} {place.zip5}"
        yield phrase, _filled(draw, line, place) + last


def texts(seed: int, path: Path, where: list[Place]) -> Iterator[tuple[str, str]]:
    """Each phrase of a list in `DRAWS` texts, with the phrase it came from."""
    draw = random.Random(seed)
    for phrase in phrases(path):
        for _ in range(DRAWS):
            place = draw.choice(where)
            yield phrase, _in_any_case(draw, _filled(draw, phrase, place)) + last_line(draw, place)


def _once(seed: int, path: Path, tables: AddressTables, where: list[Place]) -> dict[str, Any]:
    """How many of a list are sufficient when each is judged once, as it was written."""
    judged = [judge(text, tables).is_sufficient for _, text in as_written(seed, path, where)]
    return {
        "sufficient": sum(judged),
        "of": len(judged),
        "share": round(sum(judged) / len(judged), 5),
        "interval": interval(sum(judged), len(judged)),
    }


def _addresses(seed: int, path: Path, tables: AddressTables, where: list[Place]) -> dict[str, Any]:
    drawn = list(texts(seed, path, where))
    judged = [(phrase, text, judge(text, tables)) for phrase, text in drawn]
    passed = [(phrase, text) for phrase, text, said in judged if said.is_sufficient]
    by_phrase = Counter(phrase for phrase, _ in passed)
    return {
        "phrases": len(phrases(path)),
        "texts": len(drawn),
        "passed": len(passed),
        "share": round(len(passed) / len(drawn), 5),
        "interval": interval(len(passed), len(drawn)),
        "phrases_passed": len(by_phrase),
        "as_written": _once(seed, path, tables, where),
        "verdicts": dict(Counter(said.verdict for _, _, said in judged)),
        "listed": {phrase: [by_phrase[phrase], dict(passed)[phrase]] for phrase in by_phrase}
        if _may_be_read(path)
        else {},
    }


def form_texts(seed: int, path: Path, where: list[Place]) -> Iterator[tuple[str, str]]:
    """Each real form of a list in `DRAWS` texts with a whole last line, with the form it came from."""
    draw = random.Random(seed)
    for form in phrases(path):
        line, _, states = form.removeprefix("= ").partition(" | ")
        if form.startswith("= "):
            yield form, form.removeprefix("= ")
            continue
        there = [place for place in where if place.state in states.split()] if states else where
        for _ in range(DRAWS):
            place = draw.choice(there)
            between = draw.choice((", ", ", ", " ", "\n"))
            code = draw.choice((place.zip5, f"{place.zip5}-1234"))
            written = _in_any_case(draw, _filled(draw, line, place))
            yield form, f"{written}{between}{place.city}, {place.state} {code}"


def _forms(seed: int, path: Path, tables: AddressTables, where: list[Place]) -> dict[str, Any]:
    drawn = list(form_texts(seed, path, where))
    judged = [(form, text, judge(text, tables)) for form, text in drawn]
    stopped = [(form, text, said) for form, text, said in judged if not said.is_sufficient]
    by_form = Counter(form for form, _, _ in stopped)
    last = {form: [by_form[form], said.verdict, said.rule, text] for form, text, said in stopped}
    return {
        "forms": len(phrases(path)),
        "texts": len(drawn),
        "sufficient": len(drawn) - len(stopped),
        "share": round(1 - len(stopped) / len(drawn), 5),
        "interval": interval(len(drawn) - len(stopped), len(drawn)),
        "forms_stopped": len(by_form),
        "as_written": _once(seed, path, tables, where),
        "stopped": dict(Counter(said.verdict for _, _, said in stopped)),
        "listed": last if _may_be_read(path) else {},
    }


def _names(path: Path, lexicon: NameLexicon) -> dict[str, Any]:
    with path.open(newline="", encoding="utf-8") as file:
        pairs = [(row["given_name"], row["family_name"]) for row in csv.DictReader(file)]
    said = [judge_name(given, None, family, None, lexicon).verdict for given, family in pairs]
    passed = [pair for pair, verdict in zip(pairs, said, strict=True) if verdict == "OK"]
    return {
        "names": len(pairs),
        "passed": len(passed),
        "share": round(len(passed) / len(pairs), 5),
        "interval": interval(len(passed), len(pairs)),
        "verdicts": dict(Counter(said)),
        "listed": passed if _may_be_read(path) else [],
    }


def _real(path: Path, lexicon: NameLexicon) -> dict[str, Any]:
    """Real names: what is said of each half, and those of the first that do not pass."""
    with path.open(newline="", encoding="utf-8") as file:
        pairs = [(row["given_name"], row["family_name"]) for row in csv.DictReader(file)]
    said = [(pair, judge_name(pair[0], None, pair[1], None, lexicon).verdict) for pair in pairs]
    return _halves(said, lambda told: told != "OK")


def _reasons(path: Path, judge: ReasonJudge) -> dict[str, Any]:
    """Reasons: what is said of each half, and those of the first that are judged wrongly."""
    is_honest = path.stem.startswith("reasons_honest")
    said = [(text, _told(judge.judge(text))) for text in phrases(path)]
    return _halves(said, lambda told: (told == "PASSES") is not is_honest)


def _told(judgment: ReasonJudgment) -> str:
    if judgment.purpose != "NONE":
        return judgment.purpose
    flags = {"DOUBTFUL": judgment.is_doubtful, "EMPTY": judgment.is_empty, "VAGUE": judgment.is_vague}
    return next((name for name, is_so in flags.items() if is_so), "PASSES")


def _halves(said: list[tuple[Any, str]], is_wrong: Callable[[str], bool]) -> dict[str, Any]:
    return {
        "first_half": dict(Counter(told for _, told in said[::2])),
        "second_half": dict(Counter(told for _, told in said[1::2])),
        "listed_of_the_first": [(text, told) for text, told in said[::2] if is_wrong(told)],
    }


def measure(seed: int) -> dict[str, Any]:
    """Every figure of the strangers' lists."""
    files = read_inputs(None)
    zips = read_zips(files)
    tables, lists, where = parse_tables(files, zips), parse_lexicon(files), places(zips)
    lexicon, reasons = lists.names, ReasonJudge(lists.reasons)
    return {
        "seed": seed,
        "addresses": {
            p.stem: _addresses(seed, p, tables, where) for p in sorted(HERE.glob("addresses_*.txt"))
        },
        "forms": {p.stem: _forms(seed, p, tables, where) for p in sorted(HERE.glob("forms_*.txt"))},
        "names": {p.stem: _names(p, lexicon) for p in sorted(HERE.glob("names_*.csv"))},
        "real": {p.stem: _real(p, lexicon) for p in sorted(HERE.glob("real_names_*.csv"))},
        "reasons": {p.stem: _reasons(p, reasons) for p in sorted(HERE.glob("reasons_*.txt"))},
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    print(json.dumps(measure(parser.parse_args().seed), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
