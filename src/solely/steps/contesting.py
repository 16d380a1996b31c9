"""A return contested, once: what the custodian's own policy returned goes before other officers (R-87).

- Only the office that signed the batch contests, within the agreement's days from the returning decision.
- Where anything but what the agreement calls contestable stands behind the return (statute, court), that is
  recorded and answered so; the return stands. Otherwise the item is referred, unread, with a date. A reason
  that only refers an item is no ground of its return; those who reconsider it decide that too.
- Contest, referral and case are one transaction; the item is rebuilt from its stored decision and proved
  against the ledger first (R-82).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from solely.canonical import canonical_json, sha256_hex
from solely.decision.evidence import decision_groups, item_digest, reasons_again
from solely.errors import Blocked, Duplicate, NotPermitted
from solely.ledger.commitment import approver_tag
from solely.ledger.entry import Answer, EntryType
from solely.model import Decision, Disposition, Reason
from solely.notes import require_note
from solely.review.states import State, require_transition
from solely.services import Services
from solely.signing import Signer, signature_digest
from solely.steps import alike, curing, held, journal
from solely.steps.deciding import evidence_text, item_of, item_text
from solely.steps.explaining import Stored, find_decision, read_row, standing_behind
from solely.steps.judging_again import require_unedited
from solely.steps.releasing import later_decision

Case = Mapping[str, Any]
CONTESTED = Reason("review", "CONTESTED", "R-87")
ONLY_RETURNED = "only an item that was returned may be contested (R-87)"


def add_contest(
    services: Services, request_id: str, signer: Signer, note: str, at: datetime
) -> dict[str, Any]:
    """What comes of the contest of a returned item, in the ledger; NotPermitted or Duplicate otherwise."""
    require_note("the note", note)
    stored, holder = find_decision(services, request_id), signer.holder
    held.require_sender(services, stored.batch, holder, at.date())
    if stored.batch["state"] == "received":
        raise NotPermitted("this batch is not decided yet")
    held.require_decided(services, stored.batch, held.known_digest(services))
    _require_first(services, stored)
    case = _returned_case(services, stored)
    _require_in_time(services, case, at)
    _require_uncured(services, stored)
    ruling, behind = standing_behind(services, stored)
    row = {"batch_id": stored.batch["id"], "row": stored.row, "note": note, "key_id": holder}
    row |= {"contested_index": case["decision_index"], "contested_key": case["decision_key"]}
    until = None if behind else at.date() + timedelta(days=services.law.reconsider_days)
    row |= {"reconsider_by": None if until is None else until.isoformat()}
    signed = {name: row[name] for name in ("batch_id", "row", "contested_index", "reconsider_by")}
    signed |= {"note_sha256": sha256_hex(note.encode())}
    row |= {"signature": signer.sign(canonical_json(signed)).decode()}
    _save(services, stored.batch, case, (row, (CONTESTED, *sorted(ruling.referring))), at)
    answer = {"request_id": stored.request_id, "contest": "stands" if behind else "admitted"}
    return answer | ({"behind": behind} if behind else {"reconsider_by": row["reconsider_by"]})


def _require_first(services: Services, stored: Stored) -> None:
    batch_id = stored.batch["id"]
    with services.database.transaction() as tx:
        known = services.cases.find_contest(tx, batch_id, stored.row)
    if known is None and held.is_contested(services, batch_id, stored.row):
        raise Blocked("STATE_EDITED", "the contest of this item is in the ledger and missing in the state")
    if known is not None:
        raise Duplicate("this item was contested already; a return may be contested once (R-87)")


def _returned_case(services: Services, stored: Stored) -> Case:
    """The returned item as a case, proved against the ledger entry of its decision.

    One that was returned at first has no case; it is rebuilt from its row and its stored decision, and its
    `version` is none.
    """
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, stored.request_id)
    if case is not None and (case["batch_id"], case["row"]) != (stored.batch["id"], stored.row):
        case = None  # the same request id in another batch
    if case is None and stored.disposition is not Disposition.RETURNED:
        raise NotPermitted(ONLY_RETURNED)
    found = case or _rebuilt(services, stored)
    if found["state"] != State.RETURNED:
        raise NotPermitted(ONLY_RETURNED)
    require_unedited(services, [found])
    held.require_unspent(services, [found])
    return found


def _rebuilt(services: Services, stored: Stored) -> Case:
    item, why = read_row(services, stored).item, reasons_again(*stored.why)
    decision = Decision(item.row, item.request_id, stored.disposition, why)
    groups = decision_groups(
        decision, item_digest(item), stored.record_ref, stored.explanation, counts=stored.counts
    )
    return {
        "batch_id": stored.batch["id"],
        "row": stored.row,
        "request_id": stored.request_id,
        "request_key": stored.request_id.lower(),
        "state": State.RETURNED.value,
        "version": None,
        "item": item_text(item),
        "evidence": evidence_text(groups),
        "decision_index": stored.entry_index,
        "decision_key": None,
        "record_ref": stored.record_ref,
    }


def _require_in_time(services: Services, case: Case, at: datetime) -> None:
    decided_on = journal.instant_of(services, case["decision_index"]).date()
    last = decided_on + timedelta(days=services.law.reply_days)
    if at.date() > last:
        raise NotPermitted(f"the days to contest this return ended on {last} (R-87)")


def _require_uncured(services: Services, stored: Stored) -> None:
    """Return unless a row of another batch, decided or not, has taken this one up; else NotPermitted."""
    held.require_batches(services)
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
    others = [each for each in batches if each["id"] != stored.batch["id"]]
    for cure in curing.taken_up(services, others, {stored.request_id.lower()}).values():
        raise NotPermitted(f"{cure} cures this row and stands in its place; cure or contest that one (R-87)")


def _save(
    services: Services,
    batch: Case,
    case: Case,
    contested: tuple[Mapping[str, Any], tuple[Reason, ...]],
    at: datetime,
) -> None:
    """Write contest, and the referral that it opens for these reasons, in one transaction; then publish."""
    row, reasons = contested
    key = f"contest/{batch['id']}/{row['row']}"
    is_admitted = row["reconsider_by"] is not None
    tag = approver_tag(services.salt_key, journal.decision_job(services, batch["id"]), row["key_id"])
    signature = signature_digest(row["signature"].encode())
    entry = journal.write(
        services.salt_key,
        EntryType.CONTEST,
        at,
        key,
        held.contest_said(row),
        refs=(row["contested_index"],),
        outcome=Answer.ADMITTED if is_admitted else Answer.STANDS,
        approvals=(signature, tag),
    )
    # A crash before this transaction leaves nothing; one after it, a contest that the next opening publishes.
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        services.cases.add_contest(tx, {**row, "entry_index": index})
        if is_admitted:
            again = f"decision/{batch['id']}/{row['row']}/{(case['version'] or 0) + 1}"
            refs = (batch["request_index"], case["decision_index"], index)
            require_transition(State(case["state"]), State.REFERRED_UNREAD)
            decided = (Disposition.REFERRED, reasons)
            referral, evidence = later_decision(services, case, decided, (again, refs), at, record_ref=None)
            values: dict[str, Any] = {"state": State.REFERRED_UNREAD.value, "decision_key": again}
            values |= {"evidence": evidence, "decision_index": services.ledger.append(tx, again, [referral])}
            values |= alike.likeness(State.REFERRED_UNREAD, item_of(case), [*map(str, reasons)])
            if case["version"] is None:
                services.cases.add_cases(tx, [{**case, **values, "version": 1}])
            else:
                services.cases.move_case(tx, case, values)
    services.ledger.publish()
