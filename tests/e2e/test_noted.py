"""What pages count of releases is what holding every one of them finds (decision 0027)."""

import sqlite3
from datetime import timedelta

import pytest

from solely.errors import Blocked
from solely.flow import begin
from solely.services import Services, opened
from solely.steps import complying, ordering, recipient, watching
from tests.e2e.test_orders import decided, given
from tests.e2e.test_recipient import released, signed
from tests.support.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
_SEEN = ("stopped", "unopened", "opened", "attested", "unknown")


def counted(gate: Services, scope: dict[str, str], days: int) -> complying.Counts:
    """What both ways find of a stay of this scope so many days on; they find the same."""
    (filed,) = ordering.filed(gate)
    order = filed.order._replace(scope=filed.order.scope._replace(**scope))
    found, at = filed._replace(order=order), gate.now() + timedelta(days)
    noted = complying.noted_counts(gate, found, at)
    assert noted == complying.counts_of(complying.standing_of(gate, found, at)), (scope, days)
    assert watching.noted_duties(gate, at) == watching.duties(gate, at), days
    return noted


@pytest.mark.rule("R-64", "R-91")
def test_what_pages_count_of_releases_is_what_holding_each_of_them_finds(fresh_world: World) -> None:
    world = fresh_world
    world.set_clock()
    batch, rows = released(world, 5)
    other, _ = released(world, 2)
    decided(world, 2)
    for row in rows[:3]:
        assert world.open(row).code == 0
    for verb, row, more in (
        ("verified", rows[0], ("--how", "two sources")), ("destroyed", rows[0], ("--method", "shredded")),
        ("verified", rows[1], ("--how", "two sources")), ("outcome", rows[1], ("--code", "used")),
        ("outcome", rows[4], ("--code", "not_used")),
    ):  # fmt: skip
        done = signed(world, verb, row, *more)
        assert done.code == 0, done.err
    world.set_clock(hours=1)
    given(world, "courts/district-court", kind="stay")
    scopes: list[dict[str, str]] = [{}, {"batch": batch}, {"batch": other}, {"batch": "0" * 16}]
    scopes += [{"requester": "DHS"}, {"clause": "2(c)"}, {"request": rows[0]["request_id"]}]
    scopes += [{"officer": rows[0]["officers"].partition(";")[0]}]
    with opened(world.gate) as gate:
        begin(gate)
        whole = {days: counted(gate, {}, days) for days in (0, 40, 400)}
        for scope, days in ((scope, days) for scope in scopes for days in (0, 40, 400)):
            counted(gate, scope, days)
        assert [getattr(whole[0], name) for name in _SEEN] == [0, 4, 2, 1, 0]
        assert whole[400].unknown == 2
        late = {act: number for act, _, number in watching.noted_duties(gate, gate.now() + timedelta(400))}
        assert late["outcome"] == 5
    with sqlite3.connect(world.gate / "state.sqlite") as state:
        state.execute("DELETE FROM release WHERE request_id = ?", [rows[4]["request_id"]])
    with opened(world.gate) as gate, pytest.raises(Blocked, match="a release of the ledger is missing"):
        recipient.noted(gate)
