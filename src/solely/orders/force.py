"""Which orders stop an act at an instant, the strictest first (R-06 to R-08, R-83, R-91).

- Several orders add up: an act goes on only when none of them stops it. No order permits anything.
- An order begins with its filing or its `starts_at`, whichever is later; it ends with its `ends_at`, or with
  a lift that two have countersigned and whose wait is over.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from solely.model import Item
from solely.orders.order import Kind, Order, Scope

SUSPENSION = timedelta(days=30)  # for so long one person ends another's word, unless two have agreed
WAIT = timedelta(hours=24)  # between the second countersignature of a loosening and its effect
# What an act is stopped by, the strictest first; codes of blocks and of denied openings.
CODES = ("RECALLED", "STAYED", "KEY_REVOKED", "SAFEGUARDS", "NOTICE")
NEVER = datetime.max.replace(tzinfo=UTC)  # when what two have not agreed on acts: after all that is known
BirthDate = Callable[[str], date | None]


class Filed(NamedTuple):
    """An order with what has been done about it: when it was filed, noticed and countersigned."""

    order: Order
    filed_at: datetime
    entry_index: int
    noticed: tuple[datetime, ...] = ()  # each recorded notice under a notice order
    countersigned_at: datetime | None = None  # by the second of two; a loosening only
    countersigners: tuple[str, ...] = ()

    @property
    def in_effect_at(self) -> datetime | None:
        """From when it has effect; None for a loosening that two have not countersigned."""
        begins = max(self.filed_at, self.order.starts_at or self.filed_at)
        if not self.order.is_loosening:
            return begins
        return None if self.countersigned_at is None else max(begins, self.countersigned_at + WAIT)

    @property
    def ends_at(self) -> datetime | None:
        """When it ends by itself; a suspension does, or one word could silence somebody for ever (R-84)."""
        return self.filed_at + SUSPENSION if self.order.is_suspension else self.order.ends_at

    def is_begun(self, at: datetime) -> bool:
        """True from the instant on from which it has effect, whether or not it has ended."""
        begins = self.in_effect_at
        return begins is not None and begins <= at


class Signed(NamedTuple):
    """One signature about an order: when it was entered, whose it is, with which key."""

    at: datetime
    who: str
    key_id: str
    left_at: datetime | None = None  # since when who signed is enrolled no more with that key


class End(NamedTuple):
    """Since when a key is said to be another's, and up to when what it signs does not count."""

    since: datetime
    until: datetime


Ends = Mapping[str, Sequence[End]]


def counted(given: Iterable[tuple[Filed, Sequence[Signed], Sequence[Signed]]], needed: int) -> list[Filed]:
    """Orders by filing with those countersignatures and notices that count: of keys that nobody has revoked.

    What loosens does not count either when its giver's key was revoked from before it acts on.
    """
    every = list(given)
    found = [each for each, _, _ in every]
    # Revocations first, by filing: one of them may end the word of who countersigned another.
    for place, each in enumerate(every):
        if each[0].order.kind is Kind.REVOCATION:
            spoiled = _spoiled_since(found)
            found[place] = _counting(each, spoiled, spoiled, needed)
    spoiled, revoked = _spoiled_since(found), _revoked_since(found)
    return [
        one if one.order.kind is Kind.REVOCATION else _counting(each, spoiled, revoked, needed)
        for one, each in zip(found, every, strict=True)
    ]


def _counting(
    given: tuple[Filed, Sequence[Signed], Sequence[Signed]],
    spoiled: Ends,
    revoked: Ends,
    needed: int,
) -> Filed:
    """An order with those signatures that count; of a giver whose key was `revoked` what loosens does not."""
    filed, countersigned, noticed = given
    giver = Signed(filed.filed_at, filed.order.authority, filed.order.key_id)
    told = [each.at for each in sorted(noticed) if not _is_spoiled(each, spoiled, each.at)]
    signed = [each for each in sorted(countersigned) if not _is_spoiled(each, spoiled, each.at)]
    found = _signed(filed._replace(noticed=tuple(told)), signed, needed)
    # Whose key ends before an order acts has not agreed to it; without them it may act later, or not at all.
    while any(_is_spoiled(each, spoiled, found.in_effect_at or NEVER) for each in signed):
        signed = [each for each in signed if not _is_spoiled(each, spoiled, found.in_effect_at or NEVER)]
        found = _signed(found, signed, needed)
    begins = found.in_effect_at
    is_void = filed.order.is_loosening and begins is not None and _is_spoiled(giver, revoked, begins)
    return found._replace(countersigned_at=None) if is_void else found


def _signed(filed: Filed, signed: Sequence[Signed], needed: int) -> Filed:
    """An order with these countersignatures, in order of time."""
    agreed = signed[needed - 1].at if len(signed) >= needed else None
    return filed._replace(countersigners=tuple(each.who for each in signed), countersigned_at=agreed)


def _is_spoiled(signed: Signed, spoiled: Ends, at: datetime) -> bool:
    """True of a signature whose key was another's at that instant, or enrolled no more; what ends a key later
    undoes nothing, and whose suspension is over signs anew."""
    ended = [each.since for each in spoiled.get(signed.key_id, ()) if signed.at <= each.until]
    return any(since is not None and since <= at for since in (*ended, signed.left_at))


def is_ended(signed: Signed, filed: Iterable[Filed]) -> bool:
    """True of a signature whose key an order has revoked since, or was enrolled no more."""
    return _is_spoiled(signed, _revoked_since(filed), NEVER)


def _revoked_since(filed: Iterable[Filed]) -> Ends:
    """Every key that an order has ever revoked, and since when it is said to be another's.

    Of an order that two have countersigned its wait is not asked: not to count a signature only stops.
    """
    return _ends(filed, lambda _: True)


def _spoiled_since(filed: Iterable[Filed]) -> Ends:
    """Every key that was revoked, and from when what it signed counts no more.

    Two may say that a key was another's before they say so; one, also its holder, only from then on. So
    nobody takes back by one word what an order in force rests on (R-84).
    """
    return _ends(filed, lambda each: each.countersigned_at is not None)


def _ends(filed: Iterable[Filed], may_reach_back: Callable[[Filed], bool]) -> Ends:
    """Since when each key is revoked: from when an order says, where that may lie before it was agreed on.

    What is signed after a suspension was filed is signed after its end: meanwhile the key signs nothing.
    """
    found = defaultdict[str, list[End]](list)
    for each in filed:
        key, agreed = each.order.revoked_key, each.countersigned_at or each.in_effect_at
        if key is not None and agreed is not None:
            said = each.order.starts_at if may_reach_back(each) else None
            until = agreed if each.order.is_suspension else NEVER
            found[key].append(End(min(agreed, said or agreed), until))
    return found


class Touched(NamedTuple):
    """What an act is about; a list of officers of which each counts, and who is meant."""

    agreement: str
    requester: str
    batch: str
    submitter_key_id: str
    received_at: datetime
    release: str | None = None
    request: str | None = None
    officers: frozenset[str] = frozenset()
    item: Item | None = None
    record: Item | None = None  # who was found for the item, in the words of one (`people.words_of`)
    is_in_doubt: bool = False  # who was found is on no record any more: any list may mean them


class Stop(NamedTuple):
    """One order that stops an act, and the code by which it does."""

    code: str
    order: Order

    @property
    def is_by_list(self) -> bool:
        """True when it protects people by a list and is no recall: no requester learns of it (R-91)."""
        return bool(self.order.scope.people) and self.order.kind is not Kind.RECALL


def lifted_by(filed: Sequence[Filed]) -> Mapping[str, datetime]:
    """From when each order is lifted, by its id; a lift of less than the whole order lifts nothing (R-91)."""
    found: dict[str, datetime] = {}
    by_id = {each.order.id: each.order for each in filed}
    for each in filed:
        begins, earlier = each.in_effect_at, by_id.get(each.order.lifts or "")
        if each.order.lifts is None or (earlier is not None and not is_whole_lift(each.order, earlier)):
            continue
        if begins is not None:
            found[each.order.lifts] = min(begins, found.get(each.order.lifts, begins))
    return found


def _superseded(filed: Sequence[Filed], at: datetime) -> frozenset[str]:
    """The orders in whose place another has come that stops as much; one that stops less ends none (R-91).

    What was lifted before it began, or had another in its place by then, never came in the place of any. A
    finding ends also by its giver's dated plan or accepted report, as long as nobody has lifted that (R-07).
    """
    by_id, lifted = {each.order.id: each.order for each in filed}, lifted_by(filed)
    ended: dict[str, datetime] = {}
    for each in reversed(filed):  # what comes in another's place was filed after it
        begins, earlier = each.in_effect_at, by_id.get(each.order.supersedes or "")
        if begins is None or earlier is None:
            continue
        stays = lifted.get(each.order.id, NEVER)
        comes = each.order.is_as_strict_as(earlier) and stays > begins
        comes = comes or (each.order.is_answer_to(earlier) and stays > max(begins, at))
        if comes and ended.get(each.order.id, NEVER) >= begins:
            ended[earlier.id] = min(begins, ended.get(earlier.id, begins))
    return frozenset(each for each, since in ended.items() if since <= at)


def in_force(filed: Sequence[Filed], at: datetime) -> list[Filed]:
    """The orders that have effect at an instant, in the order of their filing."""
    lifted, superseded = lifted_by(filed), _superseded(filed, at)
    return [
        each
        for each in filed
        if each.is_begun(at)
        and (each.ends_at is None or at <= each.ends_at)
        and not (each.order.id in lifted and lifted[each.order.id] <= at)
        and each.order.id not in superseded
    ]


def standing_of(found: Filed, filed: Sequence[Filed], at: datetime) -> str:
    """In words how a filed order stands: whether it acts, and whether an end of it waits."""
    if not found.is_begun(at):
        begins = found.in_effect_at
        said = "waits for countersignatures" if begins is None else f"acts from {begins.isoformat()} on"
        lifted = next((each for each in filed if each.order.id == found.order.lifts), None)
        if lifted is None or not lifted.is_begun(at) or lifted in in_force(filed, at):
            return said
        return f"{said}; what it lifts {standing_of(lifted, filed, at)}"
    if found not in in_force(filed, at):
        later = [each.order.id for each in filed if each.order.supersedes == found.order.id]
        is_superseded = found.order.id in _superseded(filed, at)
        return f"is superseded by `{later[-1]}`" if is_superseded else "has ended"
    ends = lifted_by(filed).get(found.order.id)
    if ends is not None:
        return f"is in force until {ends.isoformat()}, when its lift acts"
    waits = any(each.order.lifts == found.order.id for each in filed)
    return "is in force, and its lift waits for countersignatures" if waits else "is in force"


def stops(filed: Sequence[Filed], touched: Touched, at: datetime, birth_date: BirthDate) -> list[Stop]:
    """Every order that stops the act, the strictest first, then by filing; empty when none does."""
    found = [
        Stop(code, each.order)
        for each in in_force(filed, at)
        if is_touched(each.order.scope, touched, birth_date)
        and (code := _code(each, touched, at)) is not None
    ]
    return sorted(found, key=lambda stop: CODES.index(stop.code))


def _code(filed: Filed, touched: Touched, at: datetime) -> str | None:
    order = filed.order
    match order.kind:
        case Kind.RECALL:
            return "RECALLED"
        case Kind.STAY:
            return "STAYED"
        case Kind.REVOCATION:
            return "KEY_REVOKED" if is_revoked(order, touched) else None
        case Kind.SAFEGUARD:
            is_open = order.status == "finding" or (order.plan_by is not None and order.plan_by < at.date())
            return "SAFEGUARDS" if is_open else None
        case Kind.NOTICE:
            assert order.hours is not None, "a notice states its hours"
            # A notice is of what was there: one given before a batch came says nothing of that batch.
            given = [each for each in filed.noticed if each >= touched.received_at]
            ends = min(given) + timedelta(hours=order.hours) if given else None
            return "NOTICE" if ends is None or at < ends else None
    return None


def is_revoked(order: Order, touched: Touched) -> bool:
    """True of what a revoked key asked for: all that waits, and what came since the stated instant."""
    if order.revoked_key != touched.submitter_key_id:
        return False
    is_waiting = touched.release is None
    return is_waiting or order.starts_at is None or order.starts_at <= touched.received_at


def is_touched(scope: Scope, touched: Touched, birth_date: BirthDate) -> bool:
    """True when every stated key of the scope fits the act."""
    own = (
        (scope.agreement, touched.agreement),
        (scope.batch, touched.batch),
        (scope.release, touched.release),
        (scope.requester, touched.requester),
    )
    if any(stated is not None and stated != its for stated, its in own):
        return False
    # Every item rests on every clause, also on one that was renamed since: a clause narrows nothing.
    if scope.request is not None and scope.request.lower() != (touched.request or "").lower():
        return False
    if scope.officer is not None and scope.officer not in touched.officers:
        return False
    if not scope.people or touched.is_in_doubt:
        return True
    # Whom the item leaves half said, the record says: what a list gives may be what the item does not.
    named = (touched.item, touched.record)
    return any(each is not None and scope.people.may_hold(each, birth_date) for each in named)


def is_whole_lift(lift: Order, earlier: Order) -> bool:
    """True when a lift states no narrower scope than the order that it ends, and so means all of it."""
    return lift.scope.is_as_wide_as(earlier.scope) and lift.scope.clause in (None, earlier.scope.clause)


def may_lift(lift: Order, earlier: Order, above: Mapping[str, frozenset[str]]) -> bool:
    """True when a lift is of the issuing authority or of a court above it (R-91); `above` by court."""
    if lift.authority == earlier.authority:
        return True
    is_courts = lift.role == earlier.role == "courts"
    return is_courts and earlier.office in above.get(lift.office, frozenset())
