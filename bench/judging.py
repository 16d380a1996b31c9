"""One draw judged: every request through the product's own reading, retrieval and kernel, held to the truth.

- In process, chunk by chunk: facts of the request, the records of the index, `identify`.
- Of what was not released, the draw also counts what would have been if one gate were absent (ablation).
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain, islice
from pathlib import Path
from time import process_time
from typing import NamedTuple

from bench.profiles import EXACT, evidence_class
from demo import names
from solely.canonical import canonical_json
from solely.decision.match import REFERABLE, is_guarded
from solely.facts.day import find_day
from solely.facts.lexicon import parse_lexicon
from solely.facts.request import FactContext, RequestFacts, facts_of, subjects_of
from solely.folding import tokens
from solely.matching.compare import compare
from solely.matching.identify import find_best, identify
from solely.matching.names import NameStatistics
from solely.model import Candidate, Identification, Item, MatchingPolicy, Subject
from solely.records.indexed import IndexedRecords
from solely.store.inputs import read_inputs, tables_of

CHUNK = 16_384
POLICY = MatchingPolicy()
_UNCLEAR = ("UNCLEAR", "FOREIGN")
_ORIGIN = {word: origin for origin in names.ORIGINS for word in names.FAMILY[origin]}
GROUPS = ("profile", "origin", "surnames", "number", "keys", "suffix", "letters", "born")


class Truth(NamedTuple):
    """What is true of one request: whose record, of which class, and what may be said for it."""

    request_id: str
    record_id: str
    kind: str
    is_sufficient: bool
    is_own_address: bool
    is_permitted: bool


class Case(NamedTuple):
    """One request that reached the records, what the kernel said of it, and what is true."""

    subject: Subject
    candidates: Sequence[Candidate]
    found: Identification
    truth: Truth


class Wrong(NamedTuple):
    """A release that should not have been, with its explanation; everything is synthetic."""

    fault: str
    truth: Truth
    released: str
    explanation: str


@dataclass
class Tally:
    """The counts of one draw."""

    received: int = 0
    released: int = 0
    referred: int = 0
    candidates: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    by_profile: dict[str, Counter[str]] = field(default_factory=dict)
    recall: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    without: dict[str, Counter[str]] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    seconds: Counter[str] = field(default_factory=Counter)  # CPU, by stage
    seconds_at: list[tuple[int, Counter[str]]] = field(default_factory=list)  # by requests done

    def count(self, truth: Truth, outcome: str) -> None:
        """One request came to this outcome."""
        self.received += 1
        self.outcomes[outcome] += 1
        self.by_profile.setdefault(truth.kind, Counter())[outcome] += 1

    def target(self, evidence: str, groups: dict[str, str], outcome: str) -> None:
        """One request whose target could be found came to this outcome; RELEASED is to the right person."""
        for dimension, group in {"all": "all", **groups}.items():
            counts = self.recall.setdefault(f"{evidence}/{dimension}", {}).setdefault(group, Counter())
            counts[outcome] += 1


class Person(NamedTuple):
    """What the records hold of somebody whom a request is about; "" where they hold nothing."""

    family: str
    family_2: str
    suffix: str
    number: str
    born: date | None
    given: str


class Bench(NamedTuple):
    """What a draw is judged with."""

    records: IndexedRecords
    context: FactContext
    people: dict[str, Person] | None


def fault_of(truth: Truth, released: str) -> str:
    """Why a release should not have been, the gravest first; "" where it should."""
    if released != truth.record_id:
        return "wrong_person"
    if not truth.is_sufficient:
        return "insufficient_address"
    if not truth.is_own_address:
        return "address_not_of_record"
    return "" if truth.is_permitted else "not_permitted"


def judge_world(
    root: Path,
    index: Path,
    received_on: date,
    *,
    is_ablated: bool = True,
    is_grouped: bool = True,
    times: int = 1,
) -> Tally:
    """The tally of a world's batch, so many times over, against the index of its records.

    Without groups nobody's recall is told, and nothing of whom the requests are about is kept in memory.
    """
    tally = Tally()
    files = read_inputs(None)
    tables, lexicon = tables_of(files), parse_lexicon(files)
    context = FactContext(received_on, True, None, tables, lexicon)
    bench = Bench(IndexedRecords(index), context, _people(root) if is_grouped else None)
    requests = chain.from_iterable(_rows(root / "batch" / "data.csv") for _ in range(times))
    truths = chain.from_iterable(_rows(root / "truth.csv") for _ in range(times))
    place = 0
    while chunk := list(islice(requests, CHUNK)):
        items = [_item(place + n, row) for n, row in enumerate(chunk, 1)]
        place += len(chunk)
        _judge_chunk(items, [_truth(row) for row in islice(truths, CHUNK)], bench, (tally, is_ablated))
        tally.seconds_at.append((place, Counter(tally.seconds)))
    return tally


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _item(place: int, row: dict[str, str]) -> Item:
    return Item(place, **{name: value.strip() or None for name, value in row.items()})


def _truth(row: dict[str, str]) -> Truth:
    flags = (row[name] == "true" for name in ("address_sufficient", "is_own_address", "is_permitted"))
    return Truth(row["request_id"], row["record_id"], row["class"], *flags)


def _people(root: Path) -> dict[str, Person]:
    """Everybody whom a request is about, as the records hold them."""
    import duckdb

    found = duckdb.execute(
        "SELECT DISTINCT ON (record_id) record_id, family_name, coalesce(family_name_2, ''), "
        "coalesce(suffix, ''), coalesce(taxpayer_number, ''), birth_date, given_name "
        "FROM read_parquet($records) "
        "WHERE record_id IN (SELECT record_id FROM read_csv($truth, all_varchar = true))",
        {"records": str(root / "records" / "*.parquet"), "truth": str(root / "truth.csv")},
    ).fetchall()
    return {row[0]: Person(*row[1:]) for row in found}


def _judge_chunk(items: list[Item], truths: list[Truth], bench: Bench, kept: tuple[Tally, bool]) -> None:
    tally, is_ablated = kept
    begun = process_time()
    facts = facts_of(items, bench.context)
    passed = []
    for place, truth in enumerate(truths):
        reason = _stopped_unread(facts, place)
        if reason is None:
            passed.append(place)
            continue
        tally.count(truth, reason)
        tally.referred += reason.startswith("REFERRED")
        _count_target(tally, truth, items[place], bench, reason)
    subjects = subjects_of(items, facts, passed, bench.context.received_on)
    read = process_time()
    retrieved = bench.records.retrieve(subjects, datetime.now(UTC))
    found_at = process_time()
    identified = []
    for subject in subjects:
        candidates = retrieved.candidates.get(subject.row, ())
        identified.append(
            identify(subject, candidates, POLICY, bench.records.names, subject.row in retrieved.capped)
        )
    tally.seconds.update(
        {"judging": read - begun, "retrieval": found_at - read, "kernel": process_time() - found_at}
    )
    for place, subject, found in zip(passed, subjects, identified, strict=True):
        candidates = retrieved.candidates.get(subject.row, ())
        case = Case(subject, candidates, found, truths[place])
        outcome = _count_case(tally, case)
        _count_target(tally, truths[place], items[place], bench, outcome)
        if is_ablated and not is_releasable(found):
            _ablate(tally, case, bench.records.names, subject.row in retrieved.capped)


def _stopped_unread(facts: RequestFacts, place: int) -> str | None:
    """Why an item does not reach the records (contracts 4, 5; R-79); None when it does."""
    columns = facts.columns
    verdict, is_located = columns["address_verdict"][place], columns["address_located"][place]
    if verdict in _UNCLEAR or (verdict == "FACILITY" and is_located):
        return f"REFERRED_ADDRESS_{verdict}"
    if not columns["address_sufficient"][place]:
        return f"RETURNED_ADDRESS_{verdict}"
    name = columns["name_verdict"][place]
    if name != "OK":
        return f"{'REFERRED' if name == 'SINGLE' else 'RETURNED'}_NAME_{name}"
    if columns["birth_date"][place] is None and columns["taxpayer_number"][place] is None:
        return "RETURNED_NO_KEY"
    return None


def is_releasable(found: Identification) -> bool:
    """True when the kernel names one record that may leave, and no flag protects it."""
    is_named = found.abstention is None and found.release_address is not None
    return is_named and not is_guarded(found.facts)


def _count_case(tally: Tally, case: Case) -> str:
    """Count one decision; RELEASED, WRONG_PERSON or the reason comes back."""
    found, truth = case.found, case.truth
    tally.candidates += len(case.candidates)
    if not is_releasable(found):
        reason = found.abstention.value if found.abstention is not None else _withheld(found)
        tally.count(truth, reason)
        tally.referred += found.abstention in REFERABLE and not is_guarded(found.facts)
        return reason
    assert found.record_id is not None
    tally.count(truth, "RELEASED")
    tally.released += 1
    if fault := fault_of(truth, found.record_id):
        tally.faults[fault] += 1
        explanation = canonical_json(found.explanation).decode()
        tally.wrong.append(Wrong(fault, truth, found.record_id, explanation))
    return "RELEASED" if found.record_id == truth.record_id else "WRONG_PERSON"


def _withheld(found: Identification) -> str:
    return "PROTECTED" if is_guarded(found.facts) else "NO_RELEASE_ADDRESS"


def _count_target(tally: Tally, truth: Truth, item: Item, bench: Bench, outcome: str) -> None:
    """Count an item whose target is on record, with a sufficient address of record in a requested period.

    Apart stand those for whom the record lacks a stated surname, and those of whose stated keys none is the
    record's, or a 1 January alone, which is no key: records hold errors too.
    """
    evidence = evidence_class(truth.kind)
    is_target = truth.record_id and truth.is_sufficient and truth.is_own_address and truth.is_permitted
    if evidence and is_target and bench.people is not None:
        person = bench.people[truth.record_id]
        if evidence == EXACT and _is_incomplete(item, person):
            evidence = "incomplete record"
        else:
            evidence = _by_key(item, person) or evidence
        tally.target(evidence, groups_of(truth, item, person), outcome)


def _is_incomplete(item: Item, person: Person) -> bool:
    """True when the record holds fewer surnames than the request states: no formatting explains that."""
    return not person.family_2 and len(tokens(item.family_name or "")) > len(tokens(person.family))


def _by_key(item: Item, person: Person) -> str:
    """The class of its own of a request of whose keys none is the record's, or a 1 January alone; else ""."""
    born = find_day(item.birth_date or "")
    number = "".join(filter(str.isdigit, item.taxpayer_number or ""))
    if number and number == person.number:
        return ""
    if born is None or born != person.born:
        return "no exact key"
    return "1 January alone" if _day_of_birth(born) == "1 January" else ""


def groups_of(truth: Truth, item: Item, person: Person) -> dict[str, str]:
    """The groups of one request by what the record says of its target (R-94: synthetic people only)."""
    family, family_2, suffix, number, born, given = person
    keys = (item.birth_date is not None, item.taxpayer_number is not None)
    words = {
        (True, True): "both",
        (True, False): "birth date",
        (False, True): "number",
        (False, False): "none",
    }
    group = number[3:5]
    return dict(
        zip(
            GROUPS,
            (
                truth.kind,
                _ORIGIN.get(family, "made-up"),
                "double" if family_2 else "single",
                f"group {group}" if group else "none",
                words[keys],
                "suffix" if suffix else "none",
                _letters(min(len(given), len(family))),
                _day_of_birth(born),
            ),
            strict=True,
        )
    )


def _day_of_birth(born: date | None) -> str:
    if born is None:
        return "none"
    return "1 January" if (born.month, born.day) == (1, 1) else "another day"


def _letters(count: int) -> str:
    return "2 or 3" if count < 4 else str(count) if count < 6 else "6 or more"


# -- ablation ----------------------------------------------------------------------------------------------


class Credulous(NameStatistics):
    """Statistics under which no written token is a name, so that any near one counts as a slip."""

    def is_name(self, token: str) -> bool:
        """Never."""
        return False


def _ablate(tally: Tally, case: Case, names_: NameStatistics, is_capped: bool) -> None:
    """Count what would have left if one gate, or one rule behind the gates, were not there."""
    for absent, released in _ablated(case, names_, is_capped):
        counts = tally.without.setdefault(absent, Counter())
        counts["released"] += 1
        if fault := fault_of(case.truth, released):
            counts[fault] += 1


def _ablated(case: Case, names_: NameStatistics, is_capped: bool) -> Iterator[tuple[str, str]]:
    explanation = case.found.explanation
    failed = [gate["id"] for gate in explanation.get("gates", ()) if not gate["passed"]]
    is_light = explanation.get("second_opinion") == "WEIGHT_TOO_LOW"
    if is_guarded(case.found.facts):
        return
    if failed and not is_light and not is_capped and len(failed) == 1:
        yield failed[0], _best_id(case, names_)
    if not failed and is_light and "gates" in explanation:
        yield "second opinion", _best_id(case, names_)
    credulous = Credulous(
        names_.records, names_.bearers, names_.shipped, names_.streets, names_.common_streets
    )
    active = [each for each in case.candidates if each.status == "active" and each.death_date is None]
    for absent, candidates, statistics in (
        ("two real names are never a typo", case.candidates, credulous),
        ("rivals who are inactive, dependent or dead", active, names_),
    ):
        found = identify(case.subject, candidates, POLICY, statistics, is_capped)
        if is_releasable(found) and found.record_id is not None:
            yield absent, found.record_id


def _best_id(case: Case, names_: NameStatistics) -> str:
    compared = [compare(case.subject, each, POLICY, names_) for each in case.candidates]
    best = find_best(compared, names_)
    assert best is not None, "a gate was judged, so somebody was the best"
    return best.best.record.record_id


# -- for the peers -------------------------------------------------------------------------------------------


def passing(root: Path, received_on: date) -> Iterator[tuple[str | None, ...]]:
    """Requests that pass the request stage: id, given, family, initial, number, birth, door, street, ZIP."""
    files = read_inputs(None)
    context = FactContext(received_on, True, None, tables_of(files), parse_lexicon(files))
    requests, place = _rows(root / "batch" / "data.csv"), 0
    while chunk := list(islice(requests, CHUNK)):
        items = [_item(place + n, row) for n, row in enumerate(chunk, 1)]
        place += len(chunk)
        facts = facts_of(items, context)
        passed = [at for at in range(len(items)) if _stopped_unread(facts, at) is None]
        for at, subject in zip(passed, subjects_of(items, facts, passed, received_on), strict=True):
            address, born = subject.address, subject.birth_date
            yield (
                items[at].request_id, _first(subject.given), _first(subject.family),
                (_first(subject.middle) or "")[:1] or None, subject.taxpayer_number,
                born.isoformat() if born else None, address.number or None, address.street, address.zip5,
            )  # fmt: skip


def _first(words: Sequence[str]) -> str | None:
    return words[0] if words else None
