"""The states of an item: one table, and no way back from an end but a contest, once."""

from itertools import product

import pytest

from solely.errors import NotPermitted
from solely.model import Disposition
from solely.review.states import TRANSITIONS, State, disposition_of, require_transition, state_of


@pytest.mark.rule("R-82")
def test_no_item_moves_outside_the_table():
    for before, after in product(State, State):
        if (before, after) in TRANSITIONS:
            require_transition(before, after)
        else:
            with pytest.raises(NotPermitted):
                require_transition(before, after)


@pytest.mark.rule("R-82", "R-87")
def test_nothing_leaves_an_end_but_a_contested_return():
    ends = (State.REFUSED, State.RETURNED, State.WITHHELD, State.RELEASED)
    ways = {(before, after) for before, after in TRANSITIONS if before in ends}
    assert ways == {(State.RETURNED, State.REFERRED_UNREAD)}


@pytest.mark.rule("R-82")
def test_a_person_only_carries_a_referral_to_releasable():
    ways = {before for before, after in TRANSITIONS if after is State.RELEASABLE}
    assert ways == {State.RECEIVED, State.REFERRED_UNREAD, State.REFERRED_READ}


def test_every_disposition_has_its_state():
    for disposition in Disposition:
        for is_read in (True, False):
            assert disposition_of(state_of(disposition, is_record_read=is_read)) is disposition
