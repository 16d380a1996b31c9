"""Tampering with samples that approvers decide, rule 18 of the format: a change, and where it shows."""

from collections.abc import Callable

from solely.ledger.entry import EntryType, Sampling
from tests.support.ledgers import Script


def _sampled(person: str, *outcomes: Sampling, batch: str = "second") -> Callable[[Script], None]:
    def change(script: Script) -> None:
        for outcome in outcomes:
            script.sample(script.at[f"{batch}-decided"], person, outcome)

    return change


def _own_answer(script: Script) -> None:
    _sampled("dora", Sampling.DRAWN)(script)
    failed = script.sample(script.at["second-decided"], "dora", Sampling.FAILED)
    script.sign(EntryType.ANSWER, failed, "dora")


def _released_against(script: Script) -> None:
    _sampled("dora", Sampling.DRAWN, Sampling.FAILED, batch="first")(script)
    labels = ("first-p1", "approval-ann", "approval-bob", "first-request")
    script.release(tuple(script.at[each] for each in labels), record="record-2")


def _released_on_old_approvals(script: Script) -> None:
    """Ann and bob have signed, dora's sample fails, ann answers, and nobody signs anew."""
    _sampled("dora", Sampling.DRAWN, batch="first")(script)
    script.at["failed"] = script.sample(script.at["first-decided"], "dora", Sampling.FAILED)
    script.sign(EntryType.ANSWER, script.at["failed"], "ann")
    labels = ("first-p1", "approval-ann", "approval-bob", "first-request")
    script.release(tuple(script.at[each] for each in labels), record="record-2")


def _approved_after_failure(script: Script) -> None:
    """Dora passes, carl's sample fails, and dora signs on the strength of hers."""
    _sampled("dora", Sampling.DRAWN, Sampling.PASSED)(script)
    _sampled("carl", Sampling.DRAWN, Sampling.FAILED)(script)
    script.approve(script.at["second-decided"], "dora")


def _release_second_pair(script: Script, *labels: str) -> None:
    """An item of the third batch leaves on these approvals."""
    at = script.at
    refs = (at["third-p0"], *(at[each] for each in labels), at["third-request"])
    script.release(refs, record="record-2")


def _approved_before_samples(script: Script) -> None:
    """Ann signs, and only then bob draws a sample, passes it and signs."""
    third = script.batch("third", "p")
    script.approve(third, "ann", "third-ann")
    _sampled("bob", Sampling.DRAWN, Sampling.PASSED, batch="third")(script)
    script.approve(third, "bob", "third-bob")
    _release_second_pair(script, "third-ann", "third-bob")


def _sampled_after_approvals(script: Script) -> None:
    """Both have signed when a sample is drawn, and it never ends."""
    third = script.batch("third", "p")
    for person in ("ann", "bob"):
        script.approve(third, person, f"third-{person}")
    _sampled("carl", Sampling.DRAWN, batch="third")(script)
    _release_second_pair(script, "third-ann", "third-bob")


SAMPLES: dict[str, tuple[Callable[[Script], object], int]] = {
    "sample-of-a-decision": (lambda script: script.sample(script.at["first-p0"], "dora", Sampling.DRAWN), 0),
    "sample-drawn-twice": (_sampled("dora", Sampling.DRAWN, Sampling.DRAWN), 1),
    "sample-passed-undrawn": (_sampled("dora", Sampling.PASSED), 0),
    "sample-passed-after-failing": (_sampled("dora", Sampling.DRAWN, Sampling.FAILED, Sampling.PASSED), 2),
    "sample-of-another": (
        lambda script: (_sampled("dora", Sampling.DRAWN)(script), _sampled("carl", Sampling.PASSED)(script)),
        1,
    ),
    "approval-without-sample": (lambda script: script.approve(script.at["second-decided"], "dora"), 0),
    "approval-after-another-failed": (_approved_after_failure, 4),
    "sample-failed-answered-by-oneself": (_own_answer, 2),
    "sample-passed-answered": (lambda script: script.sign(EntryType.ANSWER, script.at["passed"], "dora"), 0),
    "release-against-failed-sample": (_released_against, 2),
    "release-approved-before-failure": (_released_on_old_approvals, 3),
    "release-approved-before-samples": (_approved_before_samples, 8),
    "release-sampled-after-approvals": (_sampled_after_approvals, 7),
}
