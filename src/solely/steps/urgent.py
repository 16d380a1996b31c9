"""The urgent path: what left under it is checked by another official by a day, or is recalled (R-14, R-99).

- An authority that allows one has an agreement of its own, which states `urgent_check_days` among its
  obligations. Nothing in a letter or a row chooses it.
- The check is signed by an approver who is independent of those who approved the batch. Not passed by the
  day means recalled: no opening any more, an entry that names the release, and of what was opened a
  certificate of its destruction (`recipient`). No later check brings a release back.
- Source: Regulation (EU) 2017/2226, article 31(3): what urgency opened is verified afterwards, or erased.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from solely import clock
from solely.errors import Duplicate, NotPermitted
from solely.ledger.entry import EntryType, decode
from solely.model import Enrolment
from solely.notes import require_note
from solely.release.duties import Act
from solely.release.opening import OpeningDenied
from solely.review.panel import is_independent
from solely.services import Services
from solely.signing import Signer
from solely.steps import held, journal, named_release, objecting, ordering, recipient

Row = Mapping[str, Any]


def check_by(services: Services, release: Row) -> date | None:
    """The day by which a release is to be checked, by its entry and the agreement of then; else None."""
    if not services.has_urgent_path:
        return None
    entry = held.entry_of(services, release["entry_index"], "a release")
    held.require_use(services, release, entry)
    assert entry.agreement is not None, "it was required"
    days = services.under(entry.agreement).law.urgent_check_days
    return None if days is None else clock.utc_date(clock.instant(entry.time)) + timedelta(days)


def check(services: Services, request_id: str, signer: Signer, note: str, at: datetime) -> dict[str, Any]:
    """The second verification of an urgent release, signed by an official who did not approve it (R-14)."""
    require_note("the note", note)
    official = objecting.official_of(services, signer, at)
    release = named_release.require(services, request_id)
    by = check_by(services, release)
    if by is None:
        raise NotPermitted("this release did not leave by an urgent path: it needs no check afterwards")
    if at.date() > by or release["entry_index"] in recipient.recalled_at(services):
        raise NotPermitted(f"the check was due by {by}: the release is recalled, and no check brings it back")
    for other in _approvers(services, release):
        if other is None or not is_independent(official, other):
            who = "one who is enrolled here no more" if other is None else f"`{other.id}`"
            raise NotPermitted(f"who checks is independent of who approved, and {who} did")
    if checked_on(services, release) is not None:
        raise Duplicate("this release was checked already")
    signed = recipient.Signed(Act.CHECKED, release["id"], {"note": note}, (release["entry_index"],))
    recipient.record(services, official, signer, signed, at)
    return {"request_id": release["request_id"], "release": release["id"], "signed": signed.act.value}


def _approvers(services: Services, release: Row) -> list[Enrolment | None]:
    """Those on whose approvals a release rests, by its entry and theirs: no row says who (R-82).

    None stands for one whose key is no approver's any more.
    """
    entry = held.entry_of(services, release["entry_index"], "a release")
    enrolled = {
        journal.approver_digests(services, release["batch_id"], each, b"")[1]: each
        for each in services.trust.approvers.values()
    }
    # Its first reference is the decision, its last the request.
    approvals = held.entries_of(services, entry.refs[1:-1], "an approval").values()
    return [enrolled.get(each.approvals[1]) for each in approvals]


def checked_on(services: Services, release: Row) -> date | None:
    """The day on which a release was checked; None while it was not."""
    for row, entry in recipient.acts(services, release["id"]):
        if row["act"] == Act.CHECKED.value:
            return clock.utc_date(clock.instant(entry.time))
    return None


def require_checked(services: Services, release: Row, at: datetime) -> None:
    """Return unless the day of a release's check has passed without one; else OpeningDenied (R-99)."""
    by = check_by(services, release)
    if by is not None and at.date() > by and checked_on(services, release) is None:
        raise OpeningDenied("RECALLED")


def waiting(services: Services) -> list[dict[str, Any]]:
    """Every urgent release that waits for its check, by request id, with its day."""
    return [
        {"request_id": each["request_id"], "release": each["id"], "due": Act.CHECKED.value, "by": str(by)}
        for each, by in _unchecked(services)
    ]


def recall_unchecked(services: Services, at: datetime) -> None:
    """Enter the recall of every release whose day has passed without a check: each is named in the ledger."""
    if services.ledger.is_closed:
        return  # and nothing is opened any more
    late = sorted(each["entry_index"] for each, by in _unchecked(services) if at.date() > by)
    for start in range(0, len(late), ordering.RELEASES_MAX):
        part = tuple(late[start : start + ordering.RELEASES_MAX])
        key = f"recall/unchecked/{part[0]}/{len(part)}"
        said, kind = _unchecked_said(part), EntryType.RECALL
        services.log(key, journal.write(services.salt_key, kind, at, key, said, refs=part))
        services.progress(f"{len(part)} urgent releases were not checked by their day: they are recalled")


def is_recalled_unchecked(services: Services, release: Row) -> bool:
    """True when the gate has recalled a release because nobody checked it by its day."""
    entries = map(decode, services.ledger.all_of(EntryType.RECALL).values())
    return any(
        release["entry_index"] in each.refs and held.is_said(services, each, _unchecked_said(each.refs))
        for each in entries
    )


def _unchecked_said(refs: Sequence[int]) -> dict[str, Any]:
    return {"why": "unchecked", "releases": len(refs)}


def _unchecked(services: Services) -> list[tuple[Row, date]]:
    """The urgent releases that nobody has checked and nothing has recalled, with the day of each."""
    if not services.has_urgent_path:
        return []
    held.require_every_release(services)
    with services.database.transaction() as tx:
        every = services.cases.releases(tx)
    checked = {row["subject"] for row, _ in recipient.acts(services) if row["act"] == Act.CHECKED.value}
    recalled = recipient.recalled_at(services)
    found = []
    for each in every:
        if each["id"] in checked or each["entry_index"] in recalled:
            continue
        by = check_by(services, each)
        if by is not None:
            found.append((each, by))
    return found
