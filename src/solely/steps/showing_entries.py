"""Which items were shown to whom, as the ledger has it; no table is asked (R-92).

The first showing of a decision to a person has an event key of its own, so that it is found without going
through the ledger, and so has the first one at each place of a sample; further ones have a key of chance.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from solely.ledger.entry import EntryType, decode
from solely.model import Enrolment
from solely.services import Services
from solely.steps import held, journal

Case = Mapping[str, Any]  # of it: `batch_id`, `row`, and `decision_index`, the entry of the decision shown


def log(services: Services, officer: Enrolment, case: Case, at: datetime, place: str = "") -> None:
    """Put the showing of a case to an officer into the ledger, at a place of a sample where it is of one.

    What is to be shown is made before, for a showing counts from now on; it leaves only afterwards.
    """
    key = _first_key(officer, case, place)
    with services.database.transaction() as tx:
        if services.ledger.find(tx, key) is not None:
            key = f"showing/{case['batch_id']}/{case['row']}/{uuid4().hex}"
    refs = (case["decision_index"],)
    said = _said(officer, case)
    services.log(key, journal.write(services.salt_key, EntryType.SHOWING, at, key, said, refs=refs))


def are_seen(services: Services, officer: Enrolment, cases: Sequence[Case], place: str = "") -> list[bool]:
    """Of each case whether the ledger has a showing of it to this officer since it was last decided."""
    with services.database.transaction() as tx:
        found = [services.ledger.find(tx, _first_key(officer, each, place)) for each in cases]
        size = services.ledger.size(tx)
    places = [None if each is None or each[0] >= size else each[0] for each in found]
    entries = services.ledger.entries_at([each for each in places if each is not None])
    return [
        place is not None and _is_showing(services, entries[place], officer, case)
        for place, case in zip(places, cases, strict=True)
    ]


def _is_showing(services: Services, data: bytes, officer: Enrolment, case: Case) -> bool:
    entry = decode(data)
    is_of = entry.type is EntryType.SHOWING and entry.refs == (case["decision_index"],)
    return is_of and entry.outcome is None and held.is_said(services, entry, _said(officer, case))


def _first_key(officer: Enrolment, case: Case, place: str) -> str:
    key = f"showing/{case['batch_id']}/{case['row']}/{case['decision_index']}/{officer.id}"
    return f"{key}/{place}" if place else key


def _said(officer: Enrolment, case: Case) -> dict[str, Any]:
    return {"reviewer": officer.id, "row": case["row"]}
