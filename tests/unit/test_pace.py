"""A long work by the slice: whole where nobody waits, small where somebody may."""

import time

import pytest

from solely.pace import LEAST_SLICE, slices


def test_where_nobody_waits_a_slice_is_as_large_as_it_may_be() -> None:
    assert [list(each) for each in slices(range(5), 2, None)] == [[0, 1], [2, 3], [4]]
    assert [list(each) for each in slices([], 2, None)] == [[]]


@pytest.mark.rule("R-08")
def test_others_act_before_each_slice_and_a_quick_work_has_larger_slices_than_a_slow_one() -> None:
    def sizes(seconds: float) -> list[int]:
        """The sizes of the slices of a work whose things take so long each."""
        turns, found, count = list[int](), list[int](), 12 * LEAST_SLICE
        for each in slices(range(count), 10_000, lambda: turns.append(len(found))):
            found.append(len(each))
            time.sleep(seconds * len(each))
        assert turns == list(range(len(found)))  # before the first too
        assert sum(found) == count
        return found

    assert max(sizes(0.0)) > LEAST_SLICE
    assert set(sizes(0.01)) == {LEAST_SLICE}
