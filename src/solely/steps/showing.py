"""One referred item as the officer who has it in hand sees it: reasons, clauses, values side by side.

- Each showing is an entry before anything shows, and only what the officer has taken shows (R-92). What is
  shown is made whole before that entry: a page that fails in the making was no look, and nobody votes on it.
- Reasons, gates and levels are those that were stored with the decision; nothing here compares two values or
  rules on one, and a word that this build does not know is shown as one that cannot be read (R-106).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar

from solely.agreement.document import Law
from solely.canonical import sha256_hex
from solely.decision.told import strength_of
from solely.decision.words import BECAUSE, GATES, MATCH
from solely.ledger.commitment import CHUNK
from solely.model import COLUMNS, Candidate, Item, Reason
from solely.records.base import AccessRow
from solely.review.states import State
from solely.services import Services
from solely.signing import Signer
from solely.steps import queueing, showing_entries
from solely.steps.deciding import chunk_path, require_kept
from solely.steps.held import instant_received, known_digest
from solely.steps.identification import write_access
from solely.steps.judging_again import Read, require_unedited, standing_against, version_at_receipt
from solely.steps.telling import text_of

# What is compared, in the words of the request and of the record, and the stored levels that speak of it.
COMPARED: Final = (
    ("given_name", "given", ("given_name",)),
    ("middle_name", "middle", ("other_names",)),
    ("family_name", "family", ("family_name",)),
    ("suffix", "suffix", ("suffix",)),
    ("birth_date", "birth_date", ("birth_date",)),
    ("taxpayer_number", "taxpayer_number", ("taxpayer_number",)),
    ("address", "addresses", ("address", "unit")),
)
_NAMES: Final = frozenset(name for name, _, _ in COMPARED)
Case = Mapping[str, Any]
Made = TypeVar("Made")  # of what is shown: a page, say


class Pair(NamedTuple):
    """One field: the request's words, the record's, and the stored level of each comparison about it."""

    field: str
    request: str
    record: Sequence[str]
    levels: Sequence[tuple[str, str]]


class Clause(NamedTuple):
    """One clause of the law at receipt, and the stored reason that it gave, if any."""

    id: str
    document: str
    says: str
    cite: str
    rules: Sequence[tuple[str, str]]  # each with its strength
    reason: str


class Shown(NamedTuple):
    """What an officer sees of a referred item."""

    case: Case
    days: int
    reasons: Sequence[tuple[str, str]]  # each with its meaning
    rules: Sequence[tuple[str, str]]
    clauses: Sequence[Clause]
    pairs: Sequence[Pair]
    others: Sequence[tuple[str, str]]  # the rest of the request's words
    gates: Sequence[tuple[str, str, str]]
    has_record: bool
    contest: Mapping[str, Any] | None
    returned_for: Sequence[tuple[str, str]] = ()  # what a contested return says, each with its meaning
    against: Sequence[tuple[str, str]] = ()  # what no confirmation lifts, each with its meaning


def show(
    services: Services, request_id: str, signer: Signer, at: datetime, make: Callable[[Shown], Made]
) -> Made:
    """What `make` makes of a referred item that this officer has in hand; the showing is logged (R-92)."""
    case = queueing.waiting_case(services, request_id)
    officer = queueing.may_decide(services, case, signer.holder, at)
    queueing.require_taken(services, case, officer, at)
    made = make(_shown(services, case, at))
    showing_entries.log(services, officer, case, at)
    return made


def _shown(services: Services, case: Case, at: datetime) -> Shown:
    read = require_unedited(services, [case])[0]
    record_ref = read.identity["record_ref"]
    record = read_record(services, case, record_ref, at)
    explanation = _explanation(services, read)
    with services.database.transaction() as tx:
        batch = services.cases.find_batch(tx, case["batch_id"])
        contest = services.cases.find_contest(tx, case["batch_id"], case["row"])
    assert batch is not None, "a case belongs to a batch"
    law, (reasons, rules) = version_at_receipt(services, batch).law, queueing.reasons_of(case)
    return Shown(
        case,
        (at.date() - instant_received(batch["received_at"]).date()).days,
        [(each, meaning(each, rules, law)) for each in reasons],
        [(each, strength_of(each)) for each in rules],
        _clauses(law, reasons),
        pairs(read.item, record, explanation.get("evidence")),
        others(read.item, law),
        [
            (
                f"{g['id']}, {GATES.get(g['id'], 'cannot be read')}",
                _stood(g["passed"]),
                _because(g["because"]),
            )
            for g in explanation.get("gates", ())
        ],
        record is not None,
        contest,
        _returned_for(services, case, contest, law),
        told_against(services, case, at),
    )


def told_against(services: Services, case: Case, at: datetime) -> list[tuple[str, str]]:
    """What no two confirmations lift of a referred item, each with its meaning (R-82).

    That is what its request has against it, or that its records, as they were read, name nobody.
    """
    found = [
        (str(each), text_of(each, services.law).meaning) for each in standing_against(services, case, at)
    ]
    if not found and case["state"] == State.REFERRED_READ and case["record_ref"] is None:
        return [(each, meaning(each, (), services.law)) for each in queueing.reasons_of(case)[0]]
    return found


def _returned_for(
    services: Services, case: Case, contest: Mapping[str, Any] | None, law: Law
) -> list[tuple[str, str]]:
    """What a contested return says, where it was the first decision on its item (R-87)."""
    if contest is None or contest["reconsider_by"] is None or contest["contested_key"] is not None:
        return []
    number = (case["row"] - 1) // CHUNK
    with services.database.transaction() as tx:
        chunks = services.cases.chunks(tx, case["batch_id"])
    require_kept(services, next(each for each in chunks if each["number"] == number), known_digest(services))
    path = chunk_path(services, case["batch_id"], number, "decisions")
    reasons, rules = services.files.read(path, "reasons, rules", "row = ?", [case["row"]])[0]
    return [(each, meaning(each, rules, law)) for each in reasons]


def read_record(
    services: Services, case: Case, record_ref: str | None, at: datetime
) -> dict[str, Any] | None:
    """The values of one record as it stands now, the reading in the access journal (R-01)."""
    if record_ref is None:
        return None
    found = services.records.reread([record_ref]).get(record_ref)
    access = [AccessRow(case["row"], record_ref, "showing", at)]
    write_access(services, case["batch_id"], access, {case["row"]: case["request_id"]})
    return None if found is None else record_values(found)


def pairs(item: Item, record: Mapping[str, Any] | None, evidence: Sequence[Any] | None) -> list[Pair]:
    """The request's words beside the record's; the levels are those stored, and none is computed."""
    stored = {each["field"]: str(each["level"]) for each in evidence or ()}
    told = []
    for name, held, compared in COMPARED:
        levels = [(each, stored[each]) for each in compared if each in stored]
        told_values = [] if record is None else _values(record[held])
        told.append(Pair(name, getattr(item, name) or "", told_values, levels))
    return told


def _values(value: Any) -> list[str]:
    return [_address(each) for each in value] if isinstance(value, list) else [str(value or "")]


def _address(address: Mapping[str, str]) -> str:
    until = address["to"] or "now"
    return f"{address['address']} ({address['from'] or 'unknown'} to {until})"


def others(item: Item, law: Law) -> list[tuple[str, str]]:
    """The rest of a request's words."""
    words = zip((*COLUMNS, *law.further_columns), item.cells(), strict=True)
    return [(name, value) for name, value in words if name not in _NAMES and value is not None]


def _because(word: str) -> str:
    """Why a gate stood as it did, with its sentence; a word without one as it is stored."""
    return f"{word}: {BECAUSE[word]}" if word in BECAUSE else word


def _stood(is_passed: object) -> str:
    return "passed" if is_passed is True else "not passed" if is_passed is False else "cannot be read"


def meaning(code: str, rules: Sequence[str], law: Law) -> str:
    """What a reason says, by the closed lists or by the clause itself."""
    element, _, said = code.partition(":")
    if said in MATCH and element in ("match", "record"):
        return MATCH[said]
    return text_of(Reason(element, said, rules[0] if rules else ""), law).whole


def _clauses(law: Law, reasons: Sequence[str]) -> list[Clause]:
    found = []
    for each in (*law.clauses("request"), *law.clauses("match")):
        given = [f"{each.element}:{code}" for code in (each.code, each.unknown_code)]
        reason = next((code for code in given if code in reasons), "")
        rules = [(rule, strength_of(rule)) for rule in each.rules]
        found.append(Clause(each.id, each.document, each.say, each.cite, rules, reason))
    return sorted(found, key=lambda clause: not clause.reason)


def _explanation(services: Services, read: Read) -> dict[str, Any]:
    """The kernel's explanation as stored with a first decision; nothing where none is kept of this one."""
    case = read.case
    path = chunk_path(services, case["batch_id"], (case["row"] - 1) // CHUNK, "decisions")
    if case["decision_key"] is not None or not path.exists():
        return {}
    rows = services.files.read(path, "explanation", "row = ?", [case["row"]])
    text = rows[0][0] if rows else ""
    is_own = sha256_hex(text.encode()) == read.internal["explanation_sha256"]
    return dict(json.loads(text)) if text and is_own else {}


def record_values(candidate: Candidate) -> dict[str, Any]:
    """One record as a reviewer sees it."""
    return {
        "given": " ".join(candidate.given),
        "middle": " ".join(candidate.middle),
        "family": " ".join((*candidate.family, *candidate.family_2)),
        "suffix": candidate.suffix,
        "birth_date": str(candidate.birth_date or ""),
        "taxpayer_number": candidate.taxpayer_number,
        "status": candidate.status,
        "addresses": [
            {
                "address": f"{each.street_line} {each.unit}".strip()
                + f", {each.city} {each.state} {each.zip}",
                "from": str(each.period_from or ""),
                "to": str(each.period_to or ""),
            }
            for each in candidate.addresses
        ],
    }
