"""From a request that passed to a ruling on the match: retrieve, identify, rule (R-01, R-37 to R-44).

- Only items that passed the ruling on the request reach `records`; every row gathered for them is in the
  access journal, whatever comes of it.
- An exception while one subject is identified refers that item (R-02); trouble of the engine stops all.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import uuid4

import duckdb

from solely.agreement.document import Law
from solely.canonical import canonical_json, sha256_hex
from solely.decision.match import rule_on_match, unheld
from solely.decision.ruling import Ruling, unmet_of
from solely.errors import Blocked
from solely.facts.request import subjects_of
from solely.matching.identify import REVIEWABLE
from solely.model import Identification, MatchingPolicy, Subject
from solely.records import access as access_journal
from solely.records.base import AccessRow, Records
from solely.services import Judge, Services
from solely.steps.examination import FAULT, Examined, Findings
from solely.store import looks

LOOKS_A_FILE: Final = 4096


class Match(NamedTuple):
    """What came of one item that reached the records."""

    subject: Subject
    found: Identification
    ruling: Ruling

    @property
    def explanation(self) -> str:
        """The kernel's explanation as canonical JSON: levels and gates, no value."""
        return canonical_json(self.found.explanation).decode()


class Matches(NamedTuple):
    """The matches of a chunk by place, and the access rows that they cost."""

    by_place: Mapping[int, Match]
    access: Sequence[AccessRow]


def require_fresh(records: Records, policy: MatchingPolicy, today: date) -> None:
    """Return when the records are young enough for the agreement; else Blocked (R-83)."""
    if records.as_of > today:
        raise Blocked("RECORDS_TOO_OLD", "the records claim a day that has not come; refresh the index")
    if (today - records.as_of).days > policy.record_age_days_max:
        raise Blocked("RECORDS_TOO_OLD", "the records are older than the agreement allows; refresh the index")


class Bench(NamedTuple):
    """What identification needs besides the requests: records, law, and the engine that rules."""

    records: Records
    law: Law
    judge: Judge


def bench_of(services: Services) -> Bench:
    """The records, law and engine of this gate, the records fresh or not."""
    return Bench(services.records, services.law, services.judge)


def write_access(
    services: Services, batch_id: str, access: Sequence[AccessRow], names: Mapping[int, str]
) -> None:
    """Journal the rows that a later look at a batch's records gathered, in a file of their own (R-01).

    Where the service answers many, in the table `look`, of which `put_looks` makes one file for all.
    """
    if access and services.is_served:
        rows = [
            (names.get(each.row), each.row, each.record_ref, each.purpose, str(each.at)) for each in access
        ]
        with services.database.transaction() as tx:
            looks.add(tx, batch_id, json.dumps(rows))
    elif access:
        path = services.folder.batch(batch_id) / "access" / f"{uuid4().hex}.parquet"
        access_journal.write_access(services.files, path, access, names)


def put_looks(services: Services) -> None:
    """Put what the service has journalled into files; what a crash leaves is put there by the next one."""
    while True:
        with services.database.transaction() as tx:
            stored = looks.oldest(tx, LOOKS_A_FILE)
        if not stored:
            return
        for batch_id in dict.fromkeys(each["batch_id"] for each in stored):
            _put_looks(services, batch_id, [each for each in stored if each["batch_id"] == batch_id])
        # A crash before this transaction leaves a file that the next time writes again, under the same name.
        with services.database.transaction() as tx:
            looks.drop(tx, stored[-1]["id"])


def _put_looks(services: Services, batch_id: str, stored: Sequence[Mapping[str, Any]]) -> None:
    read = [row for each in stored for row in json.loads(each["read"])]
    access = [AccessRow(row, ref, purpose, datetime.fromisoformat(at)) for _, row, ref, purpose, at in read]
    name = sha256_hex(f"{stored[0]['id']} {stored[0]['read']}".encode())[:32]
    path = services.folder.batch(batch_id) / "access" / f"{name}.parquet"
    access_journal.write_access(services.files, path, access, {row: name for name, row, *_ in read})


def match_passed(
    examined: Examined, bench: Bench, at: datetime, lifted: frozenset[int] = frozenset()
) -> Matches:
    """The matches of every item of the chunk that passed the ruling on the request.

    `lifted` are the places whose doubt two approvers have confirmed away (`lift`).
    """
    places = examined.passed()
    if not places:
        return Matches({}, ())
    day: date = examined.facts.columns["received_on"][0]
    subjects = subjects_of(examined.items, examined.facts, places, day)
    try:
        searched = bench.records.search(subjects, bench.law.matching, at)
    except (duckdb.Error, OSError, ValueError) as error:
        raise Blocked("ENGINE_ERROR", f"the records cannot be searched: {type(error).__name__}") from None
    found = {place: searched.found[subject.row] for place, subject in zip(places, subjects, strict=True)}
    found |= {place: lift(found[place]) for place in lifted if place in found}
    rulings = _rulings(examined, found, bench)
    by_place = {
        place: Match(subject, found[place], rulings[place])
        for place, subject in zip(places, subjects, strict=True)
    }
    return Matches(by_place, searched.access)


def lift(found: Identification) -> Identification:
    """The same identification when two approvers have confirmed a doubt that a person may lift.

    Only the doubts of `REVIEWABLE` qualify: those stand behind every other gate, so address of record,
    discriminator and uniqueness hold, and one record is named. Any other stays as it is (R-82).
    """
    if found.abstention not in REVIEWABLE or found.record_id is None or found.release_address is None:
        return found
    return found._replace(abstention=None, facts={**found.facts, "identified": True})


def _rulings(examined: Examined, found: Mapping[int, Identification], bench: Bench) -> dict[int, Ruling]:
    clauses = bench.law.clauses("match")
    places = list(found)
    columns: dict[str, Sequence[object]] = {
        name: values.taken(places) for name, values in examined.facts.columns.items()
    }
    columns |= {
        fact.name: [found[place].facts.get(fact.name) for place in places]
        for fact in bench.law.statute.facts
        if fact.stage == "match"
    }
    verdicts = bench.judge(clauses, columns)
    return {
        place: rule_on_match(
            found[place],
            unmet_of(clauses, verdicts[n]),
            [*_faults(found[place]), *unheld(examined.facts.columns["fields"][place])],
        )
        for n, place in enumerate(places)
    }


def _faults(found: Identification) -> Findings:
    return [FAULT] if "fault" in found.explanation else []
