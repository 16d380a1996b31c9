"""What must not be destroyed, passkeys that do not stand, what stands twice, a law that nothing put in force:
further histories for `ledger_defects`."""

from collections.abc import Callable

from solely.ledger.entry import Access, EntryType, SignIn
from tests.support.ledgers import Script, digest

Change = Callable[[Script], None]


def _pinned(*labels: str) -> Change:
    """A second release ordered to be destroyed while a preservation names it, its request, or everything."""

    def change(script: Script) -> None:
        script.add(EntryType.PRESERVATION, refs=tuple(script.at[each] for each in labels))
        script.destroy((script.at["release-reviewed"],))

    return change


def _lifted_by(people: tuple[str, ...], hours: int) -> Change:
    """Everything is pinned, the pin lifted by these people, and a release destroyed so many hours later."""

    def change(script: Script) -> None:
        lift = script.add(EntryType.PRESERVATION_LIFT, refs=(script.add(EntryType.PRESERVATION),))
        for each in people:
            script.approve(lift, each)
        script.wait(hours)
        script.destroy((script.at["release-reviewed"],))

    return change


def _pinned_late(script: Script) -> None:
    intent = script.destroy((script.at["release-reviewed"],))
    script.add(EntryType.PRESERVATION)
    script.add(EntryType.DELETING, refs=(intent,))


def _destroyed(label: str, people: tuple[str, str] = ("ann", "bob")) -> Change:
    return lambda script: script.destroy((script.at[label],), people=people) and None


def _again(kind: EntryType, label: str) -> Change:
    return lambda script: script.add(kind, refs=(script.at[label],)) and None


def _with(label: str, **fields: object) -> Change:
    """One more release as it should be, but for these fields."""

    def change(script: Script) -> None:
        at = script.at
        refs = tuple(at[each] for each in (label, "approval-ann", "approval-bob", "first-request"))
        entry = script.entries[script.release(refs, record="record-2")]
        script.entries[-1] = entry._replace(**fields)  # type: ignore[arg-type]

    return change


def _same(field: str, as_field: str = "") -> Change:
    """One more release with a tag of the one before."""

    def change(script: Script) -> None:
        value = getattr(script.entries[script.at["release-reviewed"]], field)
        _with("first-p1", **{as_field or field: value})(script)

    return change


def _nonce_of(label: str) -> Change:
    return lambda script: script.add(EntryType.NOTICE, nonce=script.entries[script.at[label]].nonce) and None


def _law_too_late(script: Script) -> None:
    """A batch under an agreement that is put in force only after it."""
    law = {"agreement": digest("another law"), "policy": digest("build")}
    arrival = script.add(EntryType.ARRIVAL)
    script.add(EntryType.REQUEST, refs=(arrival,), **law)
    script.add(EntryType.POLICY, **law)


def _decided_under_another(script: Script) -> None:
    script.batch("third", "p")
    at = script.at["third-p0"]
    script.entries[at] = script.entries[at]._replace(agreement=digest("another law"))


def _one_job(script: Script) -> None:
    """A batch whose decisions bear the job of an earlier batch."""
    script.batch("third", "p")
    job = script.entries[script.at["first-p0"]].job
    script.entries[script.at["third-p0"]] = script.entries[script.at["third-p0"]]._replace(job=job)


def _event(*named: tuple[object, int]) -> Change:
    """One inquiry for each of these: what its job is of, and its ordinal."""

    def change(script: Script) -> None:
        for label, ordinal in named:
            job = script.entries[script.at[label]].job if isinstance(label, str) else digest(label)[:16]
            script.add(EntryType.INQUIRY, job=job, ordinal=ordinal)

    return change


def _says(kind: EntryType, **fields: object) -> Change:
    return lambda script: script.add(kind, **fields) and None


_ONE_PERSON = (digest("tag", "ann"), digest("tag", "ann"))

# name -> (how the history goes on, how many entries after its end the finding stands)
KEEPING: dict[str, tuple[Change, int]] = {
    "sign-in-with-an-ended-passkey": (_again(EntryType.SIGN_IN, "passkey"), 0),
    "signed-out-twice": (
        lambda script: (
            script.add(EntryType.SIGN_IN, refs=(script.at["sign-out"] - 1,), outcome=SignIn.ENDED) and None
        ),
        0,
    ),
    "signed-out-of-a-passkey": (
        lambda script: (
            script.add(EntryType.SIGN_IN, refs=(script.at["passkey"],), outcome=SignIn.ENDED) and None
        ),
        0,
    ),
    "sign-in-with-no-passkey": (lambda script: script.add(EntryType.SIGN_IN, refs=(0,)) and None, 0),
    "passkey-ended-twice": (
        lambda script: (
            script.add(EntryType.ACCESS, refs=(script.at["passkey"],), outcome=Access.ENDED) and None
        ),
        0,
    ),
    "nonce-twice": (_nonce_of("open"), 0),
    "nonce-of-a-decision": (_nonce_of("first-p0"), 0),
    "job-of-another-batch": (_one_job, 2),
    "job-of-a-batch": (_event(("first-p0", 0)), 0),
    "job-of-another-event": (_event((1, 0), (1, 0)), 1),
    "event-with-an-ordinal": (_event((1, 1)), 0),
    "closed-by-nobody": (_says(EntryType.CLOSED), 0),
    "closed-for-another-by-nobody": (_says(EntryType.CLOSED, log=b"solely.example/next"), 0),
    "closed-by-one-custodian": (_says(EntryType.CLOSED, approvals=_ONE_PERSON), 0),
    "degraded-by-nobody": (_says(EntryType.DEGRADED), 0),
    "degraded-by-one-custodian": (_says(EntryType.DEGRADED, approvals=_ONE_PERSON), 0),
    "time-beyond-the-calendar": (_says(EntryType.INQUIRY, time=2**64 - 1), 0),
    "tag-open-twice": (_same("tag_open"), 0),
    "tag-sealed-twice": (_same("tag_sealed"), 0),
    "tag-of-the-other-domain": (_same("tag_open", "tag_sealed"), 0),
    "bucket-of-1900": (_with("first-p1", bucket=1_190_001), 0),
    "bucket-of-the-month-before": (_with("first-p1", bucket=1_202_511), 0),
    "bucket-of-no-month": (_with("first-p1", bucket=1_202_513), 0),
    "bucket-of-another-class": (_with("first-p1", bucket=2_202_512), 0),
    "agreement-put-in-force-later": (_law_too_late, 1),
    "agreement-of-one-decision": (_decided_under_another, 2),
    "destruction-preserved": (_pinned(), 1),
    "destruction-preserved-release": (_pinned("release-reviewed"), 1),
    "destruction-preserved-request": (_pinned("first-request"), 1),
    "destruction-preservation-lifted-by-nobody": (_lifted_by((), 48), 2),
    "destruction-preservation-lifted-by-one": (_lifted_by(("ann",), 48), 3),
    "destruction-preservation-lifted-an-hour-ago": (_lifted_by(("ann", "bob"), 23), 4),
    "destruction-preserved-after-intent": (_pinned_late, 2),
    "destruction-by-one-custodian": (_destroyed("release-reviewed", ("ann", "ann")), 0),
    "destruction-of-decision": (_destroyed("first-p0"), 0),
    "destruction-twice": (_destroyed("release"), 0),
    "deleting-twice": (_again(EntryType.DELETING, "intent"), 0),
    "certificate-twice": (_again(EntryType.DESTROY_CERT, "deleting"), 0),
    "open-after-destruction": (_again(EntryType.OPEN, "release"), 0),
}
