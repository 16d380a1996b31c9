"""Incidents: 24 hours from opening a possible one, the draft made at once, unknown facts as ranges (R-65).

- The clock runs from when somebody says that something may have happened (opens it), not from the end of an
  inquiry (IRS Publication 1075), and closing does not stop it. A missing fact never blocks the draft.
- The ledger has the clock, the range and a digest of what was written; the words stay at the gate. They hold
  no personal data, and the draft says so to whoever writes them (R-57).
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from solely.canonical import canonical_json, sha256_hex
from solely.errors import Blocked, Duplicate, NotPermitted, UsageError
from solely.ledger.entry import EntryType, Stage
from solely.notes import require_note
from solely.oversight.incident import Incident
from solely.services import Services
from solely.signing import Signer
from solely.steps import held, journal
from solely.steps.objecting import official_of
from solely.store import watch

HOURS = 24
_RANGE = re.compile(r"(\d{1,12})-(\d{1,12})")
STAGES = {Stage.OPENED: "opened", Stage.REPORTED: "reported", Stage.CLOSED: "closed"}


class Possible(NamedTuple):
    """What may have happened, since when, and to how many records: a range, or None for unknown."""

    what: str
    since: str
    records: str


def open_incident(services: Services, possible: Possible, signer: Signer, at: datetime) -> Incident:
    """The incident, its clock begun; UsageError names a part that cannot be read."""
    require_note("what is said of an incident", possible.what)
    official = official_of(services, signer, at)
    least, most = _range(possible.records)
    said = {
        "by": official.id,
        "what_sha256": sha256_hex(possible.what.encode()),
        "possible_since": _instant(possible.since, at).isoformat(),
        "records_min": least,
        "records_max": most,
        "report_by": (at + timedelta(hours=HOURS)).isoformat(),
    }
    index = _log(services, (), (Stage.OPENED, said, possible.what), at)
    return next(each for each in incidents(services) if each.entry == index)


def add_step(
    services: Services, index: int, step: tuple[Stage, str], signer: Signer, at: datetime
) -> Incident:
    """An incident reported or closed, in writing."""
    stage, note = step
    require_note("what is said of an incident", note)
    official = official_of(services, signer, at)
    found = next((each for each in incidents(services) if each.entry == index), None)
    if found is None:
        raise UsageError("no incident has this entry; `solely incidents` lists them")
    taken_at = found.reported_at if stage is Stage.REPORTED else found.closed_at
    if taken_at is not None:
        raise Duplicate("this step was taken already")
    if found.closed_at is not None:
        raise NotPermitted(
            "the incident was closed unreported and takes no further step: report it under a new incident"
        )
    said = {"by": official.id, "what_sha256": sha256_hex(note.encode())}
    _log(services, (index,), (stage, said, note), at)
    return next(each for each in incidents(services) if each.entry == index)


def _log(
    services: Services, refs: tuple[int, ...], step: tuple[Stage, Mapping[str, Any], str], at: datetime
) -> int:
    stage, said, note = step
    with services.database.transaction() as tx:
        size = services.ledger.size(tx)
        key = f"incident/{refs[0] if refs else size}/{STAGES[stage]}"
        fields = {"refs": refs} if refs else {}
        entry = journal.write(
            services.salt_key, EntryType.INCIDENT, at, key, said, outcome=int(stage), **fields
        )
        index = services.ledger.append(tx, key, [entry])
        row = {"entry_index": index, "incident_index": refs[0] if refs else index, "stage": STAGES[stage]}
        watch.add_incident(tx, row | {"said": canonical_json(dict(said)).decode(), "note": note})
    services.ledger.publish()
    return index


def incidents(services: Services) -> list[Incident]:
    """Every incident as the ledger has it; Blocked when a row is missing or differs (R-82)."""
    with services.database.transaction() as tx:
        rows = watch.incidents(tx)
    places = services.ledger.places((EntryType.INCIDENT,))
    if places != [row["entry_index"] for row in rows]:
        raise Blocked("STATE_EDITED", "an incident is missing, or stands in no ledger entry")
    entries = held.entries_of(services, places, "an incident")
    for row in rows:
        said, key = json.loads(row["said"]), f"incident/{row['incident_index']}/{row['stage']}"
        held.require_said(services, entries[row["entry_index"]], key, said, "an incident")
        if sha256_hex(row["note"].encode()) != said["what_sha256"]:
            raise Blocked("STATE_EDITED", "what was written of an incident differs from its ledger entry")
    return [_incident(services, row, rows) for row in rows if row["stage"] == "opened"]


def _incident(services: Services, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Incident:
    said = json.loads(row["said"])
    steps = {
        each["stage"]: journal.instant_of(services, each["entry_index"])
        for each in rows
        if each["incident_index"] == row["entry_index"]
    }
    return Incident(
        entry=row["entry_index"],
        what=row["note"],
        by=said["by"],
        possible_since=datetime.fromisoformat(said["possible_since"]),
        records=(said["records_min"], said["records_max"]),
        opened_at=steps["opened"],
        report_by=datetime.fromisoformat(said["report_by"]),
        reported_at=steps.get("reported"),
        closed_at=steps.get("closed"),
    )


def _range(text: str) -> tuple[int | None, int | None]:
    if text == "unknown":
        return None, None
    found = _RANGE.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        raise UsageError("`--records` is a range such as 10-400, or unknown")
    return int(found[1]), int(found[2])


def _instant(text: str, at: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found > at:
        raise UsageError("`--possible-since` is a past instant such as 2026-01-31T12:00:00Z")
    return found
