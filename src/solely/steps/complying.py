"""What an order touches and where each release of it stands, as of an instant, from the ledger (R-64, R-91).

- States that claim no more than is known: stopped (never left), unopened, opened, destroyed as everybody who
  opened it has attested, and unknown: opened, and not all is signed for by the day. What another signed for
  one who is enrolled no more stays opened, and is told apart. What a person who opened an item still holds,
  no ledger can say.
- Items are named by their entries and nothing else.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

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
    touched = ordering.releases_touched(services, found.order)
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
