"""What an officer signs a batch by: the exact set, the sample that comes before, and what left (R-85)."""

import json
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, Final

from solely import flow
from solely.console.visit import OFFICER, Answer, Elsewhere, Page, Rendered, Route, Visit
from solely.errors import UsageError
from solely.review.panel import NEEDED
from solely.steps import (
    approving,
    following,
    objecting,
    ordering,
    queueing,
    receiving,
    releasing,
    sampling,
    told_approvals,
)

_OFFICERS: Final = frozenset((OFFICER,))
Batch = Mapping[str, Any]
# What stops an approval before anybody signs, as the page says it; what is not here is a fault of the gate.
_AGAINST: Final[Mapping[str, str]] = {
    "AGREEMENT": "the state of the agreement",
    "KEY_REVOKED": "the revocation of the requester's key",
    "NOTICE": "an order that asks for a notice first",
    "OBJECTION": "an objection without an answer",
    "OVERDUE": "an overdue duty of the recipient",
    "RECALLED": "a recall",
    "RECORDS_TOO_OLD": "the age of the records",
    "SAFEGUARDS": "the standing of the recipient's safeguards",
    "STAYED": "a stay",
}


def approvals(visit: Visit) -> Answer:
    """Every batch that is decided, what waits for signatures first."""
    flow.begin(visit.services)
    found = [_summary(visit, each) for each in queueing.funnels(visit.services)]
    words = {"batches": sorted(found, key=lambda each: each["batch"]["state"])}
    return Page("approvals.html", words | {"undecided": following.undecided(visit.services)})


def _summary(visit: Visit, found: Mapping[str, Any]) -> dict[str, Any]:
    services, batch = visit.services, found["batch"]
    told = told_approvals.told(services, batch, visit.at)
    names = _signers(told)
    voided = {each["approver_id"]: void for each, void in told if each["approver_id"] not in names}
    return {**found, "signed": names, "voided": voided, "is_signed": len(names) >= NEEDED}


def _batch(visit: Visit) -> Batch:
    found = receiving.find_batch(visit.services, visit.path["batch"])
    if found["decided_index"] is None:
        raise UsageError("this batch is not decided yet")
    return found


def approval(visit: Visit) -> Answer:
    """One batch: what would be signed, where this officer's sample stands, and what left."""
    flow.begin(visit.services)
    batch = _batch(visit)
    found = next(e for e in queueing.funnels(visit.services) if e["batch"]["id"] == batch["id"])
    statement = json.loads(approving.statement(visit.services, batch))
    open_ones = objecting.objections_to(visit.services, batch)
    told = [each for each in objecting.written(visit.services) if each["objection"] in open_ones]
    words = {"statement": statement, "sample": sampling.standing(visit.services, batch, visit.who)}
    words["is_witnessed"] = bool(visit.services.ledger.policy.witnesses)
    words["stopped"] = releasing.count_undelivered(visit.services, batch["id"])
    words["leaving_too"] = releasing.leaving_too(visit.services, batch)
    touched = ordering.touched_by(visit.services, batch)
    words["stops"] = ordering.stops_of(ordering.filed(visit.services), touched, visit.services.now())
    return Page("approval.html", {**_summary(visit, found), **words, "objections": told, "shows": shows})


def shows(sample: sampling.Standing) -> str:
    """What a sample without an error shows of its batch, as a page says it."""
    if not sample.wrong_most:
        return "every item of the batch was looked at"
    return f"under {ceil(sample.wrong_most * 1000) / 10:g} % of the batch is wrong, with 95 % confidence"


def begin_sample(visit: Visit) -> Answer:
    """Draw this officer's sample of the batch."""
    at, batch = flow.begin(visit.services), _batch(visit)
    sampling.draw(visit.services, batch, visit.who.key_id, at)
    return Elsewhere(f"/approvals/{batch['id']}/sample")


def sample(visit: Visit) -> Answer:
    """The next item of the sample, or what there is to sign once all are decided."""
    at, batch = flow.begin(visit.services), _batch(visit)
    standing = sampling.standing(visit.services, batch, visit.who)

    def page(shown: sampling.Sampled | None) -> Rendered:
        words = {"batch": batch, "shown": shown, "sample": standing, "shows": shows}
        return visit.render(Page("sampled.html", words))

    return sampling.show_next(visit.services, batch, visit.who.key_id, at, page)


def answer_sample(visit: Visit) -> Answer:
    """One answer to one item of the sample."""
    at, batch = flow.begin(visit.services), _batch(visit)
    number, word = visit.form.get("number", ""), visit.form.get("decide", "")
    given = (int(number) if number.isdecimal() and len(number) < 6 else 0, word)
    state = sampling.add_answer(visit.services, batch, visit.who.key_id, given, at)
    if state == "failed":
        said = (
            "Alarm: the sample has failed; nothing of this batch leaves until another official has answered"
        )
        return Elsewhere(f"/approvals/{batch['id']}", said)
    return Elsewhere(f"/approvals/{batch['id']}/sample")


def finish_sample(visit: Visit) -> Answer:
    """The signature over the answers of a sample."""
    at, batch = flow.begin(visit.services), _batch(visit)
    sampling.finish(visit.services, batch, visit.signer, at)
    return Elsewhere(f"/approvals/{batch['id']}", "your sample has passed; you may sign the batch")


def approve(visit: Visit) -> Answer:
    """The signature over the exact set; the second one releases."""
    batch = _batch(visit)
    before = releasing.released_of_others(visit.services, batch)
    done = flow.approve(visit.services, batch["id"], visit.signer)
    if done["blocked"] and not _has_signed(visit, batch):
        code = done["blocked"][0]
        said = (
            f"Not done: nothing was signed, for {_AGAINST.get(code, 'something')} stands against it ({code})"
        )
        return Elsewhere(f"/approvals/{batch['id']}", said)
    said = _said_of(done, is_over=_batch(visit)["state"] == "released")
    further = releasing.released_of_others(visit.services, batch) - before
    if further:
        said += f"; of earlier batches {further:,} too, which two officers have confirmed"
    return Elsewhere(f"/approvals/{batch['id']}", said)


def _has_signed(visit: Visit, batch: Batch) -> bool:
    """True when a signature of this officer under the batch counts."""
    return visit.who.id in _signers(told_approvals.told(visit.services, batch, visit.at))


def _signers(told: Sequence[tuple[Mapping[str, Any], str]]) -> list[str]:
    """Whose signatures count, of those that are told with what voids each."""
    return [each["approver_id"] for each, void in told if not void]


def _said_of(done: Mapping[str, Any], *, is_over: bool) -> str:
    """What an approver is told: what has left, and what was stopped meanwhile."""
    stopped = done.get("undelivered", 0)
    left, waiting = done["released"] - stopped, done["releasable"] + stopped
    code = done["blocked"][0] if done["blocked"] else ""
    if code and not done["released"]:
        return f"your signature is in the ledger, and something stands against the release: {code}"
    if not is_over and not code:
        return "your signature is in the ledger; another officer's is needed"
    told = f"{left:,} packages have left"
    return told + (f"; {waiting:,} were stopped and wait {code}".rstrip() if waiting else "")


ROUTES: Sequence[Route] = (
    Route("GET", "/approvals", _OFFICERS, approvals),
    Route("GET", "/approvals/{batch}", _OFFICERS, approval),
    Route("POST", "/approvals/{batch}/sample", _OFFICERS, begin_sample, needs_passkey=True),
    Route("GET", "/approvals/{batch}/sample", _OFFICERS, sample, needs_passkey=True),
    Route("POST", "/approvals/{batch}/sample/answer", _OFFICERS, answer_sample, needs_passkey=True),
    Route("POST", "/approvals/{batch}/sample/finish", _OFFICERS, finish_sample, "your answers to the sample"),
    Route("POST", "/approvals/{batch}/approve", _OFFICERS, approve, "the release of exactly this set"),
)
