"""Pressure on the gate: what counts as a loss, what a variation is, and that the lot keeps to its formula."""

from itertools import islice

import pytest

from bench.pressure import evidence_by_lot, guesses, lost


def test_only_an_item_that_could_be_released_can_be_lost() -> None:
    before = ["releasable", "releasable", "withheld", "returned"]
    assert lost(before, before) == 0
    assert lost(before, ["releasable", "referred", "releasable", "refused"]) == 1


def test_variations_are_other_numbers_of_the_same_street() -> None:
    found = list(islice(guesses("120 Birchdale St, Dover, DE 19901"), 3))
    assert found == [f"{number} Birchdale St, Dover, DE 19901" for number in (122, 124, 126)]


@pytest.mark.rule("R-86")
def test_the_lot_meets_invented_investigations_as_often_as_the_formula_says() -> None:
    for row in evidence_by_lot(500):
        expected = row["stopped"] * row["lots"]
        spread = 4 * (row["lots"] * row["stopped"] * (1 - row["stopped"])) ** 0.5 + 1
        assert abs(row["counted"] - expected) <= spread
