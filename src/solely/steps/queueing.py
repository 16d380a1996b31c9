"""The queue of referred items as one officer sees it: what is alike, what is in whose hands, since when.

- Only what an officer has taken opens to that officer; what another has taken is refused with an entry that
  raises an alarm, and no step here looks for a person (R-92).
- Whether somebody else has voted on an item shows nowhere here: who is asked second decides alone.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from solely import clock
from solely.errors import NotPermitted, UsageError
from solely.ledger.entry import EntryType, Showing
from solely.model import Enrolment
from solely.passkey import STATEMENTS_MAX
from solely.review.panel import find_approver, require_approver
from solely.services import Services
from solely.steps import held, journal, ordering, results, showing_entries
from solely.steps.alike import KINDS
from solely.store import referrals

HOURS: Final = 4  # that an item is in the hands of who took it and nobody else's, from the first time on
GROUPS_SHOWN: Final = 12
PAGE: Final = 50
Case = Mapping[str, Any]


class Group(NamedTuple):
    """Items that are alike in one way, named by the first of them."""

    kind: str
    first: str  # a request id
    items: int
    reasons: tuple[str, ...]
    rules: tuple[str, ...]
    days: int  # that the oldest of them has waited


class Line(NamedTuple):
    """One item of a group: in whose hands it is, and the clocks that run on it."""

    request_id: str
    batch: str
    row: int
    reasons: tuple[str, ...]
    days: int
    reconsider_by: str | None
    holder: str | None
    until: datetime | None  # to which it opens to nobody but its holder
    is_opened: bool  # by this officer, since it was decided


class Queue(NamedTuple):
    """What waits for one officer: by kind of likeness the groups that clear most, and what is in hand."""

    waiting: int
    groups: Mapping[str, Sequence[Group]]
    in_hand: Sequence[Mapping[str, Any]]

    @property
    def kept_until(self) -> datetime | None:
        """Until when nobody else can open any of what is in hand; none where nothing is."""
        return clock.instant(min(each["until"] for each in self.in_hand)) if self.in_hand else None


def queue(services: Services, officer: Enrolment, at: datetime) -> Queue:
    """The queue of one officer: each group ranked by the items that one decision on it clears."""
    with services.database.transaction() as tx:
        received = _received(services, tx)
        groups = {
            kind: [
                _group(tx, kind, each, received, at.date())
                for each in referrals.alike(tx, kind, officer.id, GROUPS_SHOWN)
            ]
            for kind in KINDS
        }
        in_hand = referrals.taken_by(tx, officer.id, STATEMENTS_MAX)
        return Queue(referrals.count_waiting(tx, officer.id), groups, in_hand)


def _received(services: Services, tx: Any) -> dict[str, date]:
    batches = services.cases.list_batches(tx)
    return {each["id"]: held.instant_received(each["received_at"]).date() for each in batches}


def _group(tx: Any, kind: str, found: referrals.Alike, received: Mapping[str, date], today: date) -> Group:
    first = referrals.first_alike(tx, kind, found.key)
    assert first is not None, "a group has items"
    since = min(received[batch] for batch in found.batches)
    reasons, rules = reasons_of(first) if kind == "cause" else ((), ())
    return Group(kind, first["request_id"], found.items, reasons, rules, (today - since).days)


def reasons_of(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The reasons and rules of the decision in force on a case, as stored."""
    said = json.loads(json.loads(case["evidence"])["A"])
    return tuple(said["reasons"]), tuple(said["rules"])


def group_of(services: Services, kind: str, request_id: str) -> tuple[str, str]:
    """The kind and digest of the group that an item stands for; UsageError when there is none."""
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, request_id)
    if kind not in KINDS or case is None or case["cause"] is None or case[kind] is None:
        raise UsageError("this group is decided, or never was; open the queue again")
    return kind, case[kind]


def lines(
    services: Services, group: tuple[str, str], officer: Enrolment, at: datetime, after: tuple[str, int]
) -> list[Line]:
    """A page of the items of one group, after a place in it."""
    with services.database.transaction() as tx:
        received = _received(services, tx)
        rows = referrals.items_alike(tx, group, officer.id, PAGE, after)
    seen = showing_entries.are_seen(services, officer, rows)
    return [_line(row, received, at, is_seen) for row, is_seen in zip(rows, seen, strict=True)]


def _line(row: Case, received: Mapping[str, date], at: datetime, is_opened: bool) -> Line:
    is_held = row["until"] is not None and row["until"] > clock.milliseconds(at)
    return Line(
        row["request_id"],
        row["batch_id"],
        row["row"],
        reasons_of(row)[0],
        (at.date() - received[row["batch_id"]]).days,
        row["reconsider_by"],
        row["holder"] if is_held else None,
        clock.instant(row["until"]) if is_held else None,
        is_opened,
    )


# -- taking -----------------------------------------------------------------------------------------------


def officer_of(services: Services, key_id: str, batch: Case, at: datetime) -> Enrolment:
    """The approver who holds the key and may decide items of a batch; else NotPermitted."""
    ordering.require_unrevoked(services, key_id, at)
    return require_approver(services.trust, key_id, batch["submitter_key_id"], at.date(), ())


def take_item(services: Services, request_id: str, key_id: str, at: datetime) -> tuple[Case, Enrolment]:
    """One referred item and the officer in whose hands it is now; another's is refused, with an alarm."""
    case = waiting_case(services, request_id)
    officer = may_decide(services, case, key_id, at)
    require_free(services, case, officer, at)
    _take(services, officer, [(case["batch_id"], case["row"])], at)
    return case, officer


def take_group(services: Services, group: tuple[str, str], key_id: str, at: datetime) -> int:
    """Put as many free items of a group as one signature can decide into an officer's hands: how many."""
    holder = find_approver(services.trust, key_id)
    named = "" if holder is None else holder.id
    with services.database.transaction() as tx:
        batches = {each["id"]: each for each in services.cases.list_batches(tx)}
        rows = referrals.items_alike(tx, group, named, 2 * STATEMENTS_MAX)
    free = [row for row in rows if _is_free(row, named, at)][:STATEMENTS_MAX]
    officers = [officer_of(services, key_id, batches[name], at) for name in {r["batch_id"] for r in free}]
    if not officers:
        raise UsageError("no item of this group is free; open the queue again")
    _take(services, officers[0], [(row["batch_id"], row["row"]) for row in free], at)
    return len(free)


def has_free(services: Services, group: tuple[str, str], officer: Enrolment, at: datetime) -> bool:
    """True while something of a group is free for an officer to take."""
    with services.database.transaction() as tx:
        return referrals.has_free(tx, group, officer.id, clock.milliseconds(at))


def _is_free(row: Case, officer_id: str, at: datetime) -> bool:
    return row["until"] is None or row["holder"] == officer_id or row["until"] <= clock.milliseconds(at)


def _take(services: Services, officer: Enrolment, places: Sequence[tuple[str, int]], at: datetime) -> None:
    hours = clock.milliseconds(at), clock.milliseconds(at + timedelta(hours=HOURS))
    with services.database.transaction() as tx:
        referrals.take(tx, officer.id, places, hours)


def give_back(services: Services, officer: Enrolment) -> None:
    """Give back what an officer has in hand and has not decided."""
    with services.database.transaction() as tx:
        referrals.give_back(tx, officer.id)


def give_item_back(services: Services, request_id: str, officer: Enrolment, at: datetime) -> None:
    """Give one item back that an officer has in hand; NotPermitted where it is in other hands, or in none."""
    case = waiting_case(services, request_id)
    require_taken(services, case, officer, at)
    with services.database.transaction() as tx:
        referrals.give_back(tx, officer.id, (case["batch_id"], case["row"]))


def waiting_case(services: Services, request_id: str) -> Case:
    """The case of an item that waits for people; NotPermitted for any other."""
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, request_id)
    if case is None or case["cause"] is None:
        raise NotPermitted("this item is not referred, and no other item is open to review (R-82)")
    return case


def may_decide(services: Services, case: Case, key_id: str, at: datetime) -> Enrolment:
    """The officer who holds the key and may decide a case, and has not yet; else NotPermitted."""
    with services.database.transaction() as tx:
        batch = services.cases.find_batch(tx, case["batch_id"])
        decided = {
            h["officer_id"] for h in referrals.hands(tx, case["batch_id"], case["row"]) if h["until"] is None
        }
    assert batch is not None, "a case belongs to a batch"
    officer = officer_of(services, key_id, batch, at)
    if officer.id in decided:
        raise NotPermitted("you have decided this item; it is not shown to you again")
    require_new_to(services, case, officer)
    return officer


def require_new_to(services: Services, case: Case, officer: Enrolment) -> None:
    """Return unless the case is contested and the officer decided it before (R-87)."""
    contested = held.contest_behind(services, case)
    if contested is None:
        return
    tag = journal.approver_digests(services, case["batch_id"], officer, b"")[1]
    if tag in held.voters_before(services, contested.row):
        raise NotPermitted("a contest goes before another officer: you have decided this item before (R-87)")


def _hand(services: Services, case: Case) -> tuple[str | None, int]:
    """Whose hands a case is in, and until when in nobody else's."""
    with services.database.transaction() as tx:
        found = referrals.hands(tx, case["batch_id"], case["row"])
    return next(((each["officer_id"], each["until"]) for each in found if each["until"]), (None, 0))


def require_free(services: Services, case: Case, officer: Enrolment, at: datetime) -> None:
    """Return when nobody else has a case in hand; else NotPermitted, with an entry that raises an alarm."""
    holder, until = _hand(services, case)
    if holder == officer.id or until <= clock.milliseconds(at):
        return
    key = f"showing-denied/{case['batch_id']}/{case['row']}/{officer.id}/{clock.milliseconds(at)}"
    said = {"reviewer": officer.id, "row": case["row"]}
    refs = (case["decision_index"],)
    entry = journal.write(
        services.salt_key, EntryType.SHOWING, at, key, said, refs=refs, outcome=Showing.DENIED
    )
    services.log(key, entry)
    services.progress("alarm: a denied showing is in the ledger")
    raise NotPermitted("another officer has this item; it opens to nobody else meanwhile (R-92)")


def require_taken(services: Services, case: Case, officer: Enrolment, at: datetime) -> None:
    """Return when the case is in this officer's hands; else NotPermitted, with an alarm where another's."""
    require_free(services, case, officer, at)
    if _hand(services, case)[0] != officer.id:
        raise NotPermitted("only what you have taken opens; take the item first (R-92)")


def require_in_hand(services: Services, request_id: str, officer: Enrolment, at: datetime) -> None:
    """Return when a referred item is in this officer's hands; else NotPermitted."""
    require_taken(services, waiting_case(services, request_id), officer, at)


def is_free_for(services: Services, request_id: str, officer: Enrolment, at: datetime) -> bool:
    """True of a referred item that this officer may take, and has not in hand."""
    case = waiting_case(services, request_id)
    may_decide(services, case, officer.key_id, at)
    holder, until = _hand(services, case)
    return holder != officer.id and until <= clock.milliseconds(at)


def in_hand_of(services: Services, group: tuple[str, str], officer: Enrolment) -> list[Case]:
    """A group's items that an officer has in hand, in order."""
    with services.database.transaction() as tx:
        return referrals.taken_by(tx, officer.id, STATEMENTS_MAX, group)


def beside(services: Services, officer: Enrolment, request_id: str) -> tuple[str | None, str | None]:
    """The items before and after one among those that an officer has in hand."""
    with services.database.transaction() as tx:
        rows = referrals.taken_by(tx, officer.id, STATEMENTS_MAX)
    names = [row["request_id"] for row in rows]
    if request_id not in names:
        return None, names[0] if names else None
    place = names.index(request_id)
    return (names[place - 1] if place else None), (names[place + 1] if place + 1 < len(names) else None)


# -- the funnel -------------------------------------------------------------------------------------------


def funnels(services: Services) -> list[dict[str, Any]]:
    """Of each batch that is decided, the newest first: its items as first decided and as they stand now."""
    with services.database.transaction() as tx:
        batches = [each for each in services.cases.list_batches(tx) if each["decided_index"] is not None]
    found = []
    for batch in reversed(batches):
        first = {name: int(count) for name, count in (batch["counts"] or {}).items()}
        now = results.noted_counts(services, batch)
        found.append(
            {"batch": batch, "first": first | {"released": 0}, "now": now, "is_whole": now.is_reconciled()}
        )
    return found
