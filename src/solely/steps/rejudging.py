"""Past releases judged again by the rules of today: those that would not be made now, by id (R-63, R-93).

- Nothing is disclosed again: records are read to judge, each reading is journalled, and no value is shown.
- The day is that of receipt, so that only the rules, tables, enrolments and records can make a difference.
- Each release that is invalid now opens one notice task, once: log, then act.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from solely.canonical import canonical_json, sha256_hex
from solely.errors import Blocked, Duplicate, UsageError
from solely.ledger.entry import EntryType, Stage
from solely.model import codes_of
from solely.notes import require_note
from solely.oversight.replay import LISTED_MAX, Invalid
from solely.review.states import State
from solely.services import Services
from solely.signing import Signer
from solely.steps import held, journal
from solely.steps.history import received_on
from solely.steps.judging_again import Read, examined_again, require_unedited
from solely.steps.objecting import official_of
from solely.steps.parts_then import are_records_there, parts_of
from solely.steps.releasing import SLICE, address_digest
from solely.store import watch

Batch = Mapping[str, Any]
ENDED = {Stage.CLOSED: "done", Stage.DECLINED: "declined"}


def rejudge(services: Services, batches: Sequence[Batch], at: datetime) -> dict[str, Any]:
    """The releases of these batches that are invalid under the law and tables of today, and their tasks."""
    invalid: list[Invalid] = []
    judged = 0
    for batch in batches:
        for cases, releases in _released(services, batch):
            judged += len(cases)
            services.progress(f"judging {judged:,} releases again")
            invalid += _invalid_of(services, batch, cases, releases, at)
    certain = [each for each in invalid if not each.is_doubt]
    opened = _open_tasks(services, certain, at)
    return {
        "releases": judged,
        "still_valid": judged - len(invalid),
        "invalid": [each.as_object() for each in certain[:LISTED_MAX]],
        "invalid_count": len(certain),
        "records_differ": [each.as_object() for each in invalid if each.is_doubt][:LISTED_MAX],
        "tasks_opened": opened,
        "tasks_known": len(certain) - opened,
    }


def _released(
    services: Services, batch: Batch
) -> Iterator[tuple[list[Read], Mapping[int, Mapping[str, Any]]]]:
    """The released cases of a batch, read and unedited, with the release of each, by the slice."""
    with services.database.transaction() as tx:
        cases = services.cases.list_cases(tx, batch["id"], State.RELEASED)
        releases = {each["row"]: each for each in services.cases.releases(tx, batch["id"])}
    held.require_every_release(services)
    held.require_released(services, list(releases.values()))
    is_named = all(case["row"] in releases for case in cases)
    held.require(is_named, "a case is called released and has no release")
    for start in range(0, len(cases), SLICE):
        yield require_unedited(services, cases[start : start + SLICE]), releases


def _invalid_of(
    services: Services,
    batch: Batch,
    cases: Sequence[Read],
    releases: Mapping[int, Mapping[str, Any]],
    at: datetime,
) -> list[Invalid]:
    parts = parts_of(services)
    examined, matches = examined_again(services, cases, received_on(batch), at)
    found = []
    for place, read in enumerate(cases):
        release = releases[read.case["row"]]
        ruling = examined.rulings[place]
        if ruling.disposition is not None:
            causes, is_doubt = tuple(codes_of(ruling.reasons)), False
        else:
            causes = _match_causes(matches[read.case["row"]], read, release)
            is_doubt = not are_records_there(services, parts.at(release["entry_index"]))
        if causes:
            named = release["id"], release["request_id"], release["entry_index"]
            found.append(Invalid(*named, causes, is_doubt))
    return found


def _match_causes(match: Any, read: Read, release: Mapping[str, Any]) -> tuple[str, ...]:
    """Why the match would not carry the release now; none when it would."""
    if match.ruling.disposition is not None:
        return tuple(codes_of(match.ruling.reasons)) or ("match:NOT_CONFIRMED",)
    if match.found.record_id != read.identity["record_ref"] or match.found.release_address is None:
        return ("match:ANOTHER_RECORD",)
    left = release["address_sha256"]  # erased where the release was shredded
    if left and address_digest(match.found.release_address) != left:
        return ("match:ANOTHER_ADDRESS",)
    return ()


def _open_tasks(services: Services, invalid: Sequence[Invalid], at: datetime) -> int:
    """Open a notice task for each release that has none; how many were opened comes back."""
    known = {each["release_id"] for each in _held(services)}
    with services.database.transaction() as tx:
        for each in invalid:
            if each.release_id not in known:
                _open_task(services, tx, each, at)
    services.ledger.publish()
    return sum(each.release_id not in known for each in invalid)


def _open_task(services: Services, tx: Any, each: Invalid, at: datetime) -> None:
    key = f"task/{each.release_id}"
    row = {"release_id": each.release_id, "causes": list(each.causes)}
    fields = {"refs": (each.entry,), "outcome": Stage.OPENED}
    entry = journal.write(services.salt_key, EntryType.TASK, at, key, _said(row), **fields)
    watch.add_task(tx, row | {"entry_index": services.ledger.append(tx, key, [entry])})


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"release": row["release_id"], "causes": row["causes"]}


def end_task(
    services: Services,
    request_id: str,
    ended: tuple[Stage, str],
    signer: Signer,
    at: datetime,
) -> dict[str, Any]:
    """A notice task that was done, or declined with a recorded reason (R-93)."""
    stage, note = ended
    require_note("what is said of a task", note)
    official = official_of(services, signer, at)
    known = [each for each in _held(services) if each["request_id"].lower() == request_id.lower()]
    if not known:
        raise UsageError("no notice task is open about this item")
    row = known[0]
    if row["ended_index"] is not None:
        raise Duplicate("this task has ended already")
    state = ENDED[stage]
    key = f"task/{row['release_id']}/ended"
    said = {"by": official.id, "note_sha256": sha256_hex(note.encode()), "state": state}
    fields = {"refs": (row["entry_index"],), "outcome": int(stage)}
    entry = journal.write(services.salt_key, EntryType.TASK, at, key, said, **fields)
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        values = {"ended": canonical_json(said).decode(), "note": note, "ended_index": index}
        watch.end_task(tx, row["release_id"], values)
    services.ledger.publish()
    return {"request_id": row["request_id"], "task": state, "entry": index}


def tasks(services: Services) -> list[dict[str, Any]]:
    """Every notice task, with its causes and where it stands."""
    return [
        {
            "request_id": row["request_id"],
            "causes": row["causes"],
            "state": "opened" if row["ended"] is None else json.loads(row["ended"])["state"],
            "opened_at": journal.instant_of(services, row["entry_index"]).isoformat(),
        }
        for row in _held(services)
    ]


def _held(services: Services) -> list[dict[str, Any]]:
    """Every task with its request id, as the ledger has them; Blocked when a row is missing or differs."""
    with services.database.transaction() as tx:
        rows = [dict(row) for row in watch.tasks(tx)]
        found = [services.cases.find_release(tx, row["release_id"]) for row in rows]
    releases = {each["id"]: each for each in found if each is not None}
    held.require_released(services, list(releases.values()))
    ended = [row for row in rows if row["ended_index"] is not None]
    named = [row["entry_index"] for row in rows] + [row["ended_index"] for row in ended]
    if sorted(named) != services.ledger.places((EntryType.TASK,)) or len(releases) != len(rows):
        raise Blocked("STATE_EDITED", "a notice task is missing, or stands in no ledger entry")
    entries = held.entries_of(services, named, "a notice task")
    for row in rows:
        key, entry = f"task/{row['release_id']}", entries[row["entry_index"]]
        held.require_said(services, entry, key, _said(row), "a notice task")
        row["request_id"] = releases[row["release_id"]]["request_id"]
    for row in ended:
        said, entry = json.loads(row["ended"]), entries[row["ended_index"]]
        held.require_said(services, entry, f"task/{row['release_id']}/ended", said, "the end of a task")
        if said["note_sha256"] != sha256_hex(row["note"].encode()):
            raise Blocked("STATE_EDITED", "what was written of a task differs from its ledger entry")
    return rows
