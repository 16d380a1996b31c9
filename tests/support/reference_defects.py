"""Entries that rest on what they may not, or come too late: further histories for `ledger_defects`."""

from collections.abc import Callable

from solely.ledger.entry import Answer, EntryType, OutcomeClass, Vote
from tests.support.ledgers import Script, digest

Change = Callable[[Script], None]


def _refers(kind: EntryType, *labels: str | int, **fields: object) -> Change:
    """One more entry that refers to these: labels, or indexes."""

    def change(script: Script) -> None:
        refs = tuple(script.at[each] if isinstance(each, str) else each for each in labels)
        script.add(kind, refs=refs, **fields)

    return change


def _signs(kind: EntryType, *labels: str | int) -> Change:
    return _refers(kind, *labels, approvals=(digest("signature"), digest("tag", "officer")))


def _released(script: Script) -> int:
    """A second item of the first batch, released."""
    at = script.at
    refs = (at["first-p1"], at["approval-ann"], at["approval-bob"], at["first-request"])
    return script.release(refs, record="record-2")


def _gone_on_late(script: Script) -> None:
    """What one replay had no room for is named, with another entry between them."""
    script.add(EntryType.REPLAY, refs=(script.at["first-decided"], script.at["first-p0"]), outcome=(5, 1, 0))
    script.add(EntryType.INQUIRY)
    script.add(EntryType.REPLAY, refs=(script.at["first-p1"],), outcome=(0, 1, 0))


def _further_approval(person: str, target: str, vote: Vote | None = None) -> Change:
    """A release that names one more approval after its two."""

    def change(script: Script) -> None:
        at = script.at
        script.batch("third", "rp")
        further = script.approve(at[target], person, vote=vote)
        refs = ("first-p1", "approval-ann", "approval-bob", "first-request")
        script.release((*(at[each] for each in refs), further), record="record-2")

    return change


def _again_by_ann(script: Script) -> None:
    """A release that names an approval twice, the second time after its two."""
    refs = ("first-p1", "approval-ann", "approval-bob", "first-request", "approval-ann")
    script.release(tuple(script.at[each] for each in refs), record="record-2")


def _opened_against_objection(about: str) -> Change:
    def change(script: Script) -> None:
        release = _released(script)
        script.sign(EntryType.OBJECTION, script.at[about], "counsel")
        script.add(EntryType.OPEN, refs=(release,))

    return change


def _opened_after_certificate(script: Script) -> None:
    release = _released(script)
    script.add(EntryType.OPEN, refs=(release,))
    script.sign(EntryType.CERTIFICATE, release, "officer")
    script.add(EntryType.OPEN, refs=(release,))


def _unopened(kind: EntryType) -> Change:
    return lambda script: script.sign(kind, _released(script), "officer") and None


def _returned_then_reopened(script: Script) -> None:
    """A refusal made a return, which a contest would then carry on."""
    request, refused = script.at["first-request"], script.at["first-f0"]
    returned = script.decide_again((request, refused), OutcomeClass.RETURNED)
    contest = script.contest(returned, Answer.ADMITTED)
    script.decide_again((request, returned, contest), OutcomeClass.REFERRED)


def _withdrawn_after_release(script: Script) -> None:
    _released(script)
    script.decide_again((script.at["first-request"], script.at["first-p1"]), OutcomeClass.WITHHELD)


def _drawn_again(script: Script) -> None:
    """A sample, evidence for one investigation of it, and the sample again."""
    for job in ("drawn", "shown", "drawn"):
        about = {"refs": (script.at["first-decided"],), "job": digest("job", job)[:16], "ordinal": 0}
        script.add(EntryType.NOTICE, **about)


def _vote(label: str) -> Change:
    return lambda script: script.approve(script.at[label], "carl", vote=Vote.CONFIRM) and None


# name -> (how the history goes on, how many entries after its end the finding stands)
REFERENCES: dict[str, tuple[Change, int]] = {
    "open-against-objection-to-batch": (_opened_against_objection("first-decided"), 2),
    "open-against-objection-to-item": (_opened_against_objection("first-p1"), 2),
    "open-after-certificate": (_opened_after_certificate, 3),
    "duty-of-genesis": (_signs(EntryType.DUTY, 0), 0),
    "duty-of-decision": (_signs(EntryType.DUTY, "first-p0"), 0),
    "duty-of-two": (_signs(EntryType.DUTY, "release", "correction"), 0),
    "duty-of-unopened": (_unopened(EntryType.DUTY), 1),
    "certificate-of-unopened": (_unopened(EntryType.CERTIFICATE), 1),
    "certificate-second-of-release": (_signs(EntryType.CERTIFICATE, "release"), 0),
    "outcome-of-nothing": (_signs(EntryType.OUTCOME, 0), 0),
    "certificate-of-nothing": (_signs(EntryType.CERTIFICATE, 0), 0),
    "referral-of-nothing": (_refers(EntryType.REFERRAL, 0), 0),
    "outcome-of-two": (_signs(EntryType.OUTCOME, "release", "release-reviewed"), 0),
    "acceptance-of-release": (_signs(EntryType.ACCEPTANCE, "release"), 0),
    "preservation-of-decision": (_refers(EntryType.PRESERVATION, "first-p0"), 0),
    "notice-of-release": (_refers(EntryType.NOTICE, "release"), 0),
    "notice-of-sample": (_refers(EntryType.NOTICE, "sample"), 0),
    "sample-drawn-again": (_drawn_again, 2),
    "lift-of-sample": (_refers(EntryType.LIFT, "sample"), 0),
    "replay-that-counts-more": (_refers(EntryType.REPLAY, "first-decided", outcome=(999_999, 0, 0)), 0),
    "replay-that-counts-fewer": (_refers(EntryType.REPLAY, "first-decided", outcome=(6, 0, 0)), 0),
    "replay-of-nothing-that-counts": (_refers(EntryType.REPLAY, outcome=(1, 0, 0)), 0),
    "replay-of-a-batch-twice": (
        _refers(EntryType.REPLAY, "first-decided", "first-decided", outcome=(14, 0, 0)),
        0,
    ),
    "replay-of-a-decision-twice": (
        _refers(EntryType.REPLAY, "first-decided", "first-p1", "first-p1", outcome=(5, 2, 0)),
        0,
    ),
    "replay-of-another-batch": (
        _refers(EntryType.REPLAY, "second-decided", "first-p1", outcome=(1, 1, 0)),
        0,
    ),
    "replay-of-a-later-decision": (
        _refers(EntryType.REPLAY, "first-decided", "reviewed", outcome=(6, 1, 0)),
        0,
    ),
    "replay-that-goes-on-late": (_gone_on_late, 2),
    "replay-that-names-none": (_refers(EntryType.REPLAY, "first-decided", outcome=(7, 1, 0)), 0),
    "replay-that-names-more": (_refers(EntryType.REPLAY, "first-p0", "first-p1", outcome=(5, 1, 0)), 0),
    "replay-of-release": (_refers(EntryType.REPLAY, "release", outcome=(1, 0, 0)), 0),
    "release-on-another-batchs-approval": (_further_approval("zed", "third-decided"), 6),
    "release-on-a-vote-besides": (_further_approval("zed", "third-r0", Vote.DECLINE), 6),
    "release-on-one-person-thrice": (_again_by_ann, 0),
    "recall-of-nothing": (_refers(EntryType.RECALL, "first-p0"), 0),
    "stay-of-release": (_refers(EntryType.STAY, "release"), 0),
    "arrival-of-request": (_refers(EntryType.ARRIVAL, "first-request"), 0),
    "referral-of-releasable": (_refers(EntryType.REFERRAL, "first-p0"), 0),
    "vote-on-releasable": (_vote("first-p1"), 0),
    "vote-on-superseded": (_vote("first-r1"), 0),
    "refused-becomes-returned": (_returned_then_reopened, 0),
    "released-is-superseded": (_withdrawn_after_release, 1),
}
