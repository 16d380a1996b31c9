"""What an order touches and where each release of it stands, as of an instant, from the ledger (R-64, R-91).

- States that claim no more than is known: stopped (never left), unopened, opened, destroyed as everybody who
  opened it has attested, and unknown: opened, and not all is signed for by the day. What another signed for
  one who is enrolled no more stays opened, and is told apart. What a person who opened an item still holds,
  no ledger can say.
- Items are named by their entries and nothing else.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from solely.ledger.entry import EntryType
from solely.orders.declaration import Standing
from solely.orders.force import Filed
from solely.orders.order import Order
from solely.release.duties import Owed, destroyed_by
from solely.services import Services
from solely.steps import held, ordering, recipient
from solely.steps.judging_again import require_unedited

Count = Callable[[Services, Order, str], int]


def standing_of(services: Services, found: Filed, at: datetime, count: Count | None = None) -> Standing:
    """Where everything that an order touches stands now, under the published checkpoint.

    What waits is held item by item, unless `count` is `noted_waiting`.
    """
    published = services.ledger.publish()
    touched, unsaid = ordering.releases_reached(services, found.order)
    delivered = {each["entry_index"] for each in touched if each["is_delivered"]}
    opened = held.named_by(services, EntryType.OPEN) & delivered
    owed = recipient.owed(services)
    attested = {release["entry_index"] for release, each in owed if each.is_destroyed} & opened
    signed_for = {release["entry_index"] for release, each in owed if each.is_signed_for} & opened
    unknown = (opened - attested - signed_for) & _unsigned(services, owed, at)
    return Standing(
        order=found.order,
        at=at,
        filed_index=found.entry_index,
        size=published.size,
        root=published.root,
        waiting=(count or waiting)(services, found.order, "releasable"),
        stopped=sorted(each["entry_index"] for each in touched if not each["is_delivered"]),
        unopened=sorted(delivered - opened),
        opened=sorted(opened - attested - unknown),
        signed_for=sorted(signed_for),
        attested=sorted(attested),
        unknown=sorted(unknown),
        unsaid=sorted(each["entry_index"] for each in unsaid),
    )


class Counts(NamedTuple):
    """How many releases stand where, by the names of `Standing`."""

    waiting: int
    stopped: int
    unopened: int
    opened: int
    signed_for: int
    attested: int
    unknown: int
    unsaid: int


def counts_of(standing: Standing) -> Counts:
    """The counts of a standing."""
    found = standing.as_object()["counts"]
    return Counts(*(found[name] for name in Counts._fields))


def noted_counts(services: Services, found: Filed, at: datetime) -> Counts:
    """The counts of `standing_of` for a page: of whole batches as noted, and held where somebody opened or
    signed; of an order about single items or people all is held as ever (decision 0027)."""
    order, scope = found.order, found.order.scope
    if scope.people or any((scope.release, scope.request, scope.officer)):
        return counts_of(standing_of(services, found, at, noted_waiting))
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
    acts = ((each["id"], ordering.touched_by(services, each, release="")) for each in batches)
    touched = {batch_id for batch_id, released in acts if ordering.touches(order, released)}
    noted, days = recipient.noted(services), recipient.days_of(services)
    own = [(row, each) for row, each in noted.touched if row["batch_id"] in touched]
    others = Counter[bool]()
    for (batch_id, is_delivered, _), number in noted.others.items():
        others[is_delivered] += number if batch_id in touched else 0
    others.update(bool(row["is_delivered"]) for row, each in own if not (row["is_delivered"] and each.opened))
    opened = [each for row, each in own if row["is_delivered"] and each.opened]
    attested = sum(each.is_destroyed for each in opened)
    signed_for = [each.is_signed_for for each in opened].count(True)
    late = [each for each in opened if not (each.is_destroyed or each.is_signed_for)]
    unknown = sum(at.date() > destroyed_by(each, days) for each in late)
    return Counts(
        waiting=noted_waiting(services, order, "releasable"),
        stopped=others[False],
        unopened=others[True],
        opened=len(opened) - attested - unknown,
        signed_for=signed_for,
        attested=attested,
        unknown=unknown,
        unsaid=0,  # no list of people is among its scope
    )


def _unsigned(services: Services, owed: Sequence[tuple[recipient.Row, Owed]], at: datetime) -> set[int]:
    """The opened releases whose day for a certificate of destruction has passed."""
    days = recipient.days_of(services)
    return {
        release["entry_index"]
        for release, each in owed
        if each.opened_on is not None and at.date() > destroyed_by(each, days)
    }


def waiting(services: Services, order: Order, state: str) -> int:
    """How many items in a state an order touches, each held against the ledger; `releasable` are those that
    may leave but for orders."""
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
        cases = {each["id"]: services.cases.list_cases(tx, each["id"], state) for each in batches}
    number = 0
    for batch in batches:
        read = require_unedited(services, cases[batch["id"]])
        acts = [ordering.Act(each.item, each.identity["record_ref"]) for each in read]
        number += len(ordering.acts_touched(services, order, batch, acts))
    return number


def noted_waiting(services: Services, order: Order, state: str) -> int:
    """The same for a page: of whole batches as noted with every change, of one item held as ever."""
    scope = order.scope
    if scope.release is not None:
        return 0  # what waits has no release yet
    if scope.officer is not None or scope.people:
        return waiting(services, order, state)
    if scope.request is not None:
        return _one_waiting(services, order, scope.request, state)
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
        noted = {each["id"]: services.cases.noted_states(tx, each["id"]).get(state, 0) for each in batches}
    touched = [b["id"] for b in batches if ordering.touches(order, ordering.touched_by(services, b))]
    return sum(noted[each] for each in touched)


def _one_waiting(services: Services, order: Order, request_id: str, state: str) -> int:
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, request_id)
        batch = None if case is None else services.cases.find_batch(tx, case["batch_id"])
    if case is None or batch is None or case["state"] != state:
        return 0
    acts = [ordering.Act(e.item, e.identity["record_ref"]) for e in require_unedited(services, [case])]
    return len(ordering.acts_touched(services, order, batch, acts))
