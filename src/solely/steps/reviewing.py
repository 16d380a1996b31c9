"""Review of a referral: one decline ends it, two confirmations carry it on; no person lifts a gate (R-82).

- Referred unread: two confirmations send the item on to the ruling on the match.
- Returned and contested: two officers who have not voted on it yet confirm that it goes on to the ruling on
  the match, or one declines, for good (R-87).
- Referred after reading: two confirmations make it releasable only where `identification.lift` lets them;
  any other doubt ends withheld.
- Whoever confirms was shown the item since it was decided; of several items that were referred unread, one at
  least (R-92). To decline needs no look.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from solely.canonical import canonical_json, sha256_hex
from solely.decision.match import SAME_RECORD
from solely.errors import NotPermitted, UsageError
from solely.ledger.entry import EntryType
from solely.model import Disposition, Enrolment, Reason
from solely.notes import require_note
from solely.review.panel import NEEDED, find_approver, require_approver
from solely.review.states import State, state_of
from solely.services import Services
from solely.signing import Signer
from solely.steps import held, history, journal, queueing, showing_entries
from solely.steps.alike import REFERRED
from solely.steps.explaining import find_decision
from solely.steps.identification import Match
from solely.steps.judging_again import (
    NOT_LIFTED,
    identity_of,
    lifted_stages,
    lifting_stage,
    matches_of,
    require_unedited,
    stage_of,
    standing_against,
    version_at_receipt,
)
from solely.steps.releasing import decide_later
from solely.store import referrals

DECLINED = Reason("review", "DECLINED", "R-82")
Case = Mapping[str, Any]


class Vote(NamedTuple):
    """One approver's word on one referral: `confirm` or `decline`, and why."""

    decide: str
    note: str


def waiting(services: Services) -> list[dict[str, Any]]:
    """Every referred case: where it stands and why, codes only; who has voted is told to nobody (R-82)."""
    found: list[dict[str, Any]] = []
    with services.database.transaction() as tx:
        for batch in services.cases.list_batches(tx):
            for state in REFERRED:
                for case in services.cases.list_cases(tx, batch["id"], state):
                    contest = services.cases.find_contest(tx, batch["id"], case["row"])
                    found.append(_line(case))
                    if contest is not None and state is State.REFERRED_UNREAD:
                        found[-1]["reconsider_by"] = contest["reconsider_by"]
    return found


def _line(case: Mapping[str, Any]) -> dict[str, Any]:
    said = json.loads(json.loads(case["evidence"])["A"])
    return {
        "request_id": case["request_id"],
        "batch": case["batch_id"],
        "row": case["row"],
        "state": case["state"],
        "reasons": said["reasons"],
        "rules": said["rules"],
    }


def find_referral(services: Services, request_id: str) -> Mapping[str, Any]:
    """The case of a referred item; NotPermitted names the state of any other."""
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, request_id)
    if case is None:
        state: str = find_decision(services, request_id).disposition  # or says that there is no such item
    else:
        state = case["state"]
    if case is None or state not in REFERRED:
        raise NotPermitted(
            f"this item is not referred but {state}, and no other item is open to review (R-82)"
        )
    return case


def add_vote(
    services: Services,
    case: Mapping[str, Any],
    signer: Signer,
    vote: Vote,
    at: datetime,
) -> list[Mapping[str, Any]]:
    """The votes on this referral, the new one last; it is in the ledger."""
    return add_votes(services, [case], signer, vote, at)[0]


def add_votes(
    services: Services, cases: Sequence[Case], signer: Signer, vote: Vote, at: datetime
) -> list[list[Mapping[str, Any]]]:
    """The votes on each of these referrals, the new one last; each has an entry of its own in the ledger.

    One person says one word on all of them, and is asked for a signature once; nothing is written before it.
    """
    if vote.decide not in journal.VOTES:
        raise UsageError("`--decide` is `confirm` or `decline`")
    require_note("the note", vote.note)
    require_unedited(services, cases)
    batches = _decided_batches(services, cases)
    ballots = [_ballot(services, each, batches[each["batch_id"]], signer.holder, vote, at) for each in cases]
    cast = [each for each in ballots if each.approver is not None]
    if cast and vote.decide == "confirm":
        _require_opened(services, cast)
    signatures = signer.sign_all([each.statement for each in cast]) if cast else []
    entries = [_entry(services, *each, at) for each in zip(cast, signatures, strict=True)]
    with services.database.transaction() as tx:
        for ballot, entry in zip(cast, entries, strict=True):
            index = services.ledger.append(tx, ballot.key, [entry])
            services.cases.add_vote(tx, ballot.row | {"entry_index": index})
            referrals.note_decided(tx, ballot.row["approver_id"], *ballot.where[:2])
        votes = [services.cases.votes(tx, *each.where) for each in ballots]
    services.ledger.publish()
    return votes


class _Ballot(NamedTuple):
    """One vote before it is signed; without an approver where it was cast already, before a crash."""

    case: Case
    where: tuple[str, int, str]
    approver: Enrolment | None = None
    vote: Vote = Vote("", "")
    contested: held.Contested | None = None

    @property
    def key(self) -> str:
        """The event key of the vote."""
        assert self.approver is not None, "somebody votes"
        batch_id, row, stage = self.where
        return f"vote/{batch_id}/{row}/{stage}/{self.approver.id}"

    @property
    def said(self) -> dict[str, Any]:
        """What the entry commits to."""
        assert self.approver is not None, "somebody votes"
        note = sha256_hex(self.vote.note.encode())
        return {"approver": self.approver.id, "decide": self.vote.decide, "note_sha256": note}

    @property
    def statement(self) -> bytes:
        """What the approver signs."""
        return canonical_json(self.said | {"vote": self.key})

    @property
    def row(self) -> dict[str, Any]:
        """The vote's row, without its entry."""
        assert self.approver is not None, "somebody votes"
        batch_id, row, stage = self.where
        place = {"batch_id": batch_id, "row": row, "stage": stage}
        return place | {
            "approver_id": self.approver.id,
            "decide": self.vote.decide,
            "note": self.vote.note,
        }


def _ballot(
    services: Services, case: Case, batch: Mapping[str, Any], holder: str, vote: Vote, at: datetime
) -> _Ballot:
    contested = held.contest_behind(services, case)
    where = (str(case["batch_id"]), int(case["row"]), stage_of(case, contested))
    with services.database.transaction() as tx:
        votes = services.cases.votes(tx, *where)
    held.require_votes(services, case, votes)
    earlier = [each["approver_id"] for each in votes]
    known = find_approver(services.trust, holder)
    if known is not None and known.id in earlier and is_settled(votes):
        return _Ballot(case, where)  # a crash came between the last vote and what follows from it
    if vote.decide != "confirm":  # one declines alone, whoever has voted before
        earlier = [each for each in earlier if each in services.trust.approvers]
    approver = require_approver(services.trust, holder, batch["submitter_key_id"], at.date(), earlier)
    queueing.require_new_to(services, case, approver)
    return _Ballot(case, where, approver, vote, contested)


def to_open(services: Services, approver: Enrolment, cases: Sequence[Case]) -> list[str]:
    """What an approver opens before confirming these cases in one word, by request id (R-92).

    Each whose record was read; of the others one at least, and one for each statute that a person has to
    judge. A showing of an earlier decision is none of this.
    """
    seen = showing_entries.are_seen(services, approver, cases)
    opened, firsts = set[str | None](), dict[str | None, str]()
    unopened = []
    for case, was_seen in zip(cases, seen, strict=True):
        name = str(case["request_id"])
        if case["state"] == State.REFERRED_READ:
            unopened += [] if was_seen else [name]
            continue
        firsts.setdefault(_judged(case), name)
        opened |= {_judged(case)} if was_seen else set()
    return unopened + [name for judged, name in firsts.items() if judged not in opened]


def _judged(case: Case) -> str | None:
    """What differs in what an officer judges among items of one cause: the statute that is not listed (R-15);
    else nothing."""
    is_unlisted = "statute:NOT_LISTED" in queueing.reasons_of(case)[0]
    return case["statute"] if is_unlisted else None


def _require_opened(services: Services, cast: Sequence[_Ballot]) -> None:
    """Return when the approver of these votes was shown what they confirm; else NotPermitted (R-92)."""
    approver = cast[0].approver
    assert approver is not None, "somebody votes"
    unopened = to_open(services, approver, [each.case for each in cast])
    if unopened:
        first = unopened[0]
        raise NotPermitted(
            f"you confirm what you have looked at: {len(unopened)} of {len(cast)} still to open, first "
            f"`{first}`, on its page in the console or by `solely explain {first} --gate DIR --view "
            "reviewer --as KEYFILE`; "
            "an item that stands alone or whose record was read is opened itself, "
            "of several others one at least, and one for each statute to be judged (R-92)"
        )


def _entry(services: Services, ballot: _Ballot, signature: bytes, at: datetime) -> bytes:
    assert ballot.approver is not None, "somebody votes"
    return journal.write(
        services.salt_key,
        EntryType.APPROVAL,
        at,
        ballot.key,
        ballot.said,
        refs=(ballot.case["decision_index"],),
        outcome=journal.VOTES[ballot.vote.decide],
        approvals=journal.approver_digests(services, ballot.where[0], ballot.approver, signature),
    )


def _decided_batches(services: Services, cases: Sequence[Case]) -> dict[str, Mapping[str, Any]]:
    """The batches of these cases by id, held against the ledger; NotPermitted while one is not decided."""
    found = {}
    for batch_id in dict.fromkeys(each["batch_id"] for each in cases):
        with services.database.transaction() as tx:
            batch = services.cases.find_batch(tx, batch_id)
        assert batch is not None, "a case belongs to a batch"
        if batch["state"] == "received":
            raise NotPermitted("this batch is not decided yet; run it again, and mend what blocks it")
        held.require_decided(services, batch, held.known_digest(services))
        found[batch_id] = batch
    held.require_unspent(services, cases)
    return found


def is_settled(votes: Sequence[Mapping[str, Any]]) -> bool:
    """True when the votes end a referral: one decline, or two confirmations."""
    return any(each["decide"] == "decline" for each in votes) or len(votes) >= NEEDED


def settle(services: Services, case: Case, votes: Sequence[Mapping[str, Any]], at: datetime) -> str:
    """The state of a referral after these votes; it changes on one decline or on two confirmations."""
    return settle_all(services, [(case, votes)], at)[0]


def settle_all(
    services: Services, voted: Sequence[tuple[Case, Sequence[Mapping[str, Any]]]], at: datetime
) -> list[str]:
    """The state of each of these referrals after its votes."""
    confirmed: dict[tuple[str, str], list[tuple[Case, list[int]]]] = {}
    for case, votes in voted:
        indexes = [each["entry_index"] for each in votes]
        if any(each["decide"] == "decline" for each in votes):
            decide_later(services, case, _ended(case), (DECLINED,), at, votes=indexes)
        elif len(votes) >= NEEDED:
            confirmed.setdefault((case["batch_id"], lifting_stage(services, case)), []).append(
                (case, indexes)
            )
    for (_, stage), cases in confirmed.items():
        _carry_on(services, stage, cases, at)
    services.ledger.publish()
    with services.database.transaction() as tx:
        for case, votes in voted:
            if is_settled(votes):
                referrals.drop(tx, case["batch_id"], case["row"])
        after = [services.cases.find_case(tx, case["request_id"]) for case, _ in voted]
    return [str(each["state"]) for each in after if each is not None]


def _ended(case: Case) -> Disposition:
    """How an item ends that people do not carry on."""
    return Disposition.WITHHELD if case["state"] == State.REFERRED_READ else Disposition.RETURNED


def _carry_on(
    services: Services, stage: str, confirmed: Sequence[tuple[Case, list[int]]], at: datetime
) -> None:
    """Carry items of one batch on that two have confirmed at one stage: to the ruling on the match, or to
    what that says once its doubt is lifted."""
    cases = [case for case, _ in confirmed]
    matches = matches_of(services, cases, at.date(), at, [stage])
    passing = _passing_at_receipt(services, cases, at, stage)
    found = {each.found.record_id for each in matches.values() if each.found.record_id is not None}
    taken = _records_taken(services, cases[0]["batch_id"], found)
    for case, votes in confirmed:
        lifted = sorted({*lifted_stages(case), stage})
        match = matches.get(case["row"])
        if match is None or case["row"] not in passing:
            # The request itself no longer passes for another reason than the one that was confirmed.
            unread = history.sent_on(services, case, None)
            why = (NOT_LIFTED, *standing_against(services, case, at))
            decide_later(services, case, _ended(case), why, at, votes=votes, attempt=unread)
            continue
        disposition, reasons = _ruled(case, stage, match)
        record_ref = match.found.record_id
        if record_ref is not None and taken.get(record_ref, {case["row"]}) - {case["row"]}:
            disposition, reasons = Disposition.WITHHELD, (*reasons, SAME_RECORD)
        elif record_ref is not None and disposition is Disposition.RELEASABLE:
            taken.setdefault(record_ref, set()).add(case["row"])
        decide_later(
            services,
            case,
            disposition,
            tuple(reasons),
            at,
            votes=votes,
            record_ref=record_ref,
            explanation=match.explanation,
            lifted=lifted,
            state=state_of(disposition, is_record_read=True),
            attempt=history.sent_on(services, case, None if stage == "match" else match),
        )


def _ruled(case: Case, stage: str, match: Match) -> tuple[Disposition, tuple[Reason, ...]]:
    """What the match says of an item that people carried on; no person lifts a gate, or another record."""
    disposition, reasons = match.ruling.disposition or Disposition.RELEASABLE, tuple(match.ruling.reasons)
    if stage == "match" and disposition is Disposition.REFERRED:
        disposition, reasons = Disposition.WITHHELD, (*reasons, NOT_LIFTED)
    before = identity_of(case)["record_ref"]
    if stage == "match" and before is not None and match.found.record_id != before:
        disposition, reasons = Disposition.WITHHELD, (*reasons, NOT_LIFTED)
    return disposition, reasons


def _passing_at_receipt(services: Services, cases: Sequence[Case], at: datetime, stage: str) -> set[int]:
    """The rows that pass under the version of the agreement at their batch's receipt too (R-83)."""
    with services.database.transaction() as tx:
        batch = services.cases.find_batch(tx, cases[0]["batch_id"])
    assert batch is not None, "a case belongs to a batch"
    version = version_at_receipt(services, batch)
    if version is services:
        return {case["row"] for case in cases}
    return set(matches_of(version, cases, at.date(), at, [stage]))


def _records_taken(services: Services, batch_id: str, records: Collection[str]) -> dict[str, set[int]]:
    """Of these records those that items of the batch rest on which may leave or have left, with their rows
    (R-36)."""
    taken: dict[str, set[int]] = {}
    with services.database.transaction() as tx:
        for each in services.cases.rows_resting_on(tx, batch_id, records):
            taken.setdefault(identity_of(each)["record_ref"], set()).add(each["row"])
    return taken
