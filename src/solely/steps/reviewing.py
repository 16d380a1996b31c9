"""Review of a referral: one decline ends it, two confirmations carry it on; no person lifts a gate (R-82).

- Referred unread: two confirmations send the item on to the ruling on the match.
- Returned and contested: two officers who have not voted on it yet confirm that it goes on to the ruling on
  the match, or one declines, for good (R-87).
- Referred after reading: two confirmations make it releasable only where `identification.lift` lets them;
  any other doubt ends withheld.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from solely.canonical import canonical_json, sha256_hex
from solely.decision.match import SAME_RECORD
from solely.errors import NotPermitted, UsageError
from solely.ledger.entry import EntryType
from solely.model import Disposition, Reason
from solely.review.panel import NEEDED, find_approver, require_approver
from solely.review.states import CONTEST, State, state_of
from solely.services import Services
from solely.signing import Signer
from solely.steps import held, history, journal
from solely.steps.judging_again import (
    identity_of,
    lifted_stages,
    matches_of,
    require_unedited,
    version_at_receipt,
)
from solely.steps.releasing import decide_later

DECLINED = Reason("review", "DECLINED", "R-82")
NOT_LIFTED = Reason("review", "NO_PERSON_CAN_LIFT", "R-82")
REFERRED = (State.REFERRED_UNREAD, State.REFERRED_READ)


class Vote(NamedTuple):
    """One approver's word on one referral: `confirm` or `decline`, and why."""

    decide: str
    note: str


def waiting(services: Services) -> list[dict[str, Any]]:
    """Every referred case: where it stands, why, and how many have voted; codes only."""
    found: list[dict[str, Any]] = []
    with services.database.transaction() as tx:
        for batch in services.cases.list_batches(tx):
            for state in REFERRED:
                for case in services.cases.list_cases(tx, batch["id"], state):
                    contest = services.cases.find_contest(tx, batch["id"], case["row"])
                    is_waiting = contest is not None and state is State.REFERRED_UNREAD
                    stage = CONTEST if is_waiting else case["state"]
                    votes = services.cases.votes(tx, batch["id"], case["row"], stage)
                    found.append(_line(case, len(votes)))
                    if contest is not None and is_waiting:
                        found[-1]["reconsider_by"] = contest["reconsider_by"]
    return found


def _line(case: Mapping[str, Any], votes: int) -> dict[str, Any]:
    said = json.loads(json.loads(case["evidence"])["A"])
    return {
        "request_id": case["request_id"],
        "batch": case["batch_id"],
        "row": case["row"],
        "state": case["state"],
        "reasons": said["reasons"],
        "rules": said["rules"],
        "votes": votes,
    }


def find_referral(services: Services, request_id: str) -> Mapping[str, Any]:
    """The case of a referred item; NotPermitted names the state of any other."""
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, request_id)
    if case is None or case["state"] not in REFERRED:
        raise NotPermitted("this item is not referred, and no other item is open to review (R-82)")
    return case


def add_vote(
    services: Services,
    case: Mapping[str, Any],
    signer: Signer,
    vote: Vote,
    at: datetime,
) -> list[Mapping[str, Any]]:
    """The votes on this referral, the new one last; it is in the ledger."""
    if vote.decide not in journal.VOTES:
        raise UsageError("`--decide` is `confirm` or `decline`")
    if not vote.note.strip():
        raise UsageError("`--note` states the reason; it is kept as evidence")
    require_unedited(services, [case])
    contested = held.contest_behind(services, case)
    stage = _stage_of(case, contested)
    where = (case["batch_id"], case["row"], stage)
    batch = _decided_batch(services, case)
    with services.database.transaction() as tx:
        votes = services.cases.votes(tx, *where)
    held.require_votes(services, case, votes)
    earlier = [each["approver_id"] for each in votes]
    holder = signer.holder
    known = find_approver(services.trust, holder)
    if known is not None and known.id in earlier and is_settled(votes):
        return votes  # a crash came between the last vote and what follows from it
    approver = require_approver(services.trust, holder, batch["submitter_key_id"], at.date(), earlier)
    key = f"vote/{case['batch_id']}/{case['row']}/{stage}/{approver.id}"
    said = {"approver": approver.id, "decide": vote.decide, "note_sha256": sha256_hex(vote.note.encode())}
    signature = signer.sign(canonical_json(said | {"vote": key}))
    digests = journal.approver_digests(services, case["batch_id"], approver, signature)
    if contested is not None and digests[1] in held.voters_before(services, contested.row):
        raise NotPermitted("a contest goes before another officer: you have decided this item before (R-87)")
    entry = journal.write(
        services.salt_key,
        EntryType.APPROVAL,
        at,
        key,
        said,
        refs=(case["decision_index"],),
        outcome=journal.VOTES[vote.decide],
        approvals=digests,
    )
    row = {"batch_id": case["batch_id"], "row": case["row"], "stage": stage}
    row |= {"approver_id": approver.id, "decide": vote.decide, "note": vote.note}
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        services.cases.add_vote(tx, row | {"entry_index": index})
        votes = services.cases.votes(tx, *where)
    services.ledger.publish()
    return votes


def _decided_batch(services: Services, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """The batch of a case, held against the ledger; NotPermitted while it is not decided."""
    with services.database.transaction() as tx:
        batch = services.cases.find_batch(tx, case["batch_id"])
    assert batch is not None, "a case belongs to a batch"
    if batch["state"] == "received":
        raise NotPermitted("this batch is not decided yet; run it again, and mend what blocks it")
    held.require_decided(services, batch)
    held.require_unspent(services, batch, [case])
    return batch


def _stage_of(case: Mapping[str, Any], contested: held.Contested | None) -> str:
    """The stage that votes on a case belong to: its state, or the contest that has just reopened it."""
    is_waiting = contested is not None and contested.reopened_index == case["decision_index"]
    return CONTEST if is_waiting else str(case["state"])


def is_settled(votes: Sequence[Mapping[str, Any]]) -> bool:
    """True when the votes end a referral: one decline, or two confirmations."""
    return any(each["decide"] == "decline" for each in votes) or len(votes) >= NEEDED


def settle(
    services: Services, case: Mapping[str, Any], votes: Sequence[Mapping[str, Any]], at: datetime
) -> str:
    """The state of a referral after these votes; it changes on one decline or on two confirmations."""
    indexes = [each["entry_index"] for each in votes]
    if any(each["decide"] == "decline" for each in votes):
        is_read = case["state"] == State.REFERRED_READ
        disposition = Disposition.WITHHELD if is_read else Disposition.RETURNED
        decide_later(services, case, disposition, (DECLINED,), at, votes=indexes)
    elif len(votes) >= NEEDED:
        _carry_on(services, case, indexes, at)
    else:
        return str(case["state"])
    services.ledger.publish()
    with services.database.transaction() as tx:
        after = services.cases.find_case(tx, case["request_id"])
    assert after is not None, "a case does not disappear"
    return str(after["state"])


def _carry_on(services: Services, case: Mapping[str, Any], votes: Sequence[int], at: datetime) -> None:
    stage = "match" if case["state"] == State.REFERRED_READ else "request"
    if _stage_of(case, held.contest_behind(services, case)) == CONTEST:
        stage = CONTEST
    lifted = sorted({*lifted_stages(case), stage})
    match = matches_of(services, [case], at.date(), at, lifted).get(case["row"])
    if match is None or not _passes_at_receipt(services, case, at, lifted):
        # The request itself no longer passes for another reason than the one that was confirmed.
        is_read = case["state"] == State.REFERRED_READ
        disposition = Disposition.WITHHELD if is_read else Disposition.RETURNED
        unread = history.sent_on(services, case, None)
        decide_later(services, case, disposition, (NOT_LIFTED,), at, votes=votes, attempt=unread)
        return
    disposition, reasons = match.ruling.disposition or Disposition.RELEASABLE, match.ruling.reasons
    if stage == "match" and disposition is Disposition.REFERRED:
        disposition, reasons = Disposition.WITHHELD, (*reasons, NOT_LIFTED)
    before = identity_of(case)["record_ref"]
    if stage == "match" and before is not None and match.found.record_id != before:
        disposition, reasons = Disposition.WITHHELD, (*reasons, NOT_LIFTED)
    if match.found.record_id is not None and _is_taken(services, case, match.found.record_id):
        disposition, reasons = Disposition.WITHHELD, (*reasons, SAME_RECORD)
    decide_later(
        services,
        case,
        disposition,
        tuple(reasons),
        at,
        votes=votes,
        record_ref=match.found.record_id,
        explanation=match.explanation,
        lifted=lifted,
        state=state_of(disposition, is_record_read=True),
        attempt=history.sent_on(services, case, None if stage == "match" else match.subject),
    )


def _passes_at_receipt(
    services: Services, case: Mapping[str, Any], at: datetime, lifted: Sequence[str]
) -> bool:
    """True when the request passes under the version of the agreement at its receipt too (R-83)."""
    with services.database.transaction() as tx:
        batch = services.cases.find_batch(tx, case["batch_id"])
    assert batch is not None, "a case belongs to a batch"
    version = version_at_receipt(services, batch)
    return version is services or case["row"] in matches_of(version, [case], at.date(), at, lifted)


def _is_taken(services: Services, case: Mapping[str, Any], record_ref: str) -> bool:
    """True when another item of the batch rests on the same record (R-36)."""
    with services.database.transaction() as tx:
        others = services.cases.list_cases(tx, case["batch_id"])
    return any(
        identity_of(each)["record_ref"] == record_ref
        for each in others
        if each["row"] != case["row"] and each["state"] in (State.RELEASABLE, State.RELEASED)
    )
