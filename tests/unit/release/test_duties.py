"""What a recipient owes for a release, by its dates and what was signed (R-62, R-64)."""

from datetime import date

import pytest

from solely.release.duties import DAYS, Act, Owed, open_duties, overdue

BOTH = {"ana": date(2026, 1, 2), "ben": date(2026, 1, 5)}
OPENED = Owed("r", "q", date(2026, 1, 1), date(2026, 4, 1), {"ana": date(2026, 1, 2)}, {}, {})
RECALLED = OPENED._replace(recalled_on=date(2026, 1, 3))
DESTROYED = {"ana": frozenset({Act.DESTROYED.value})}
LATER = date(2026, 3, 1)


def due(owed: Owed) -> set[Act]:
    """What is open of one release."""
    return {each.act for each in open_duties([owed], DAYS)}


@pytest.mark.rule("R-62", "R-64")
def test_what_was_destroyed_under_a_recall_is_verified_by_nobody_and_its_outcome_stays_due():
    obeyed = RECALLED._replace(done=DESTROYED)
    assert due(obeyed) == {Act.OUTCOME}
    assert overdue(open_duties([obeyed], DAYS), LATER) == []


@pytest.mark.rule("R-62", "R-64")
@pytest.mark.parametrize("owed", [RECALLED, OPENED._replace(done=DESTROYED)], ids=["not obeyed", "no recall"])
def test_a_recall_alone_or_a_destruction_alone_spares_no_verification(owed):
    assert Act.VERIFIED in due(owed)
    assert Act.VERIFIED in {each.act for each in overdue(open_duties([owed], DAYS), LATER)}


@pytest.mark.rule("R-62", "R-64", "R-96")
def test_of_two_who_opened_a_release_neither_signs_away_the_duties_of_the_other():
    both = OPENED._replace(opened=BOTH, done=DESTROYED)
    found = {(each.officer, each.act) for each in open_duties([both], DAYS)}
    assert found == {("", Act.OUTCOME), ("ana", Act.VERIFIED), ("ben", Act.VERIFIED), ("ben", Act.DESTROYED)}
    assert not both.is_destroyed
    assert both._replace(done=DESTROYED | {"ben": DESTROYED["ana"]}).is_destroyed


@pytest.mark.rule("R-62", "R-64", "R-96")
def test_what_another_signs_for_one_who_is_gone_is_done_and_never_counts_as_that_ones_own_word():
    cleo = OPENED._replace(opened=BOTH, done={"cleo": DESTROYED["ana"]})
    assert not cleo.is_destroyed
    assert not cleo.is_signed_for, "the own signature of another stands for nobody else's copy"
    assert {each.officer for each in overdue(open_duties([cleo], DAYS), LATER)} == {"ana", "ben"}
    signed = frozenset({Act.DESTROYED.value, Act.VERIFIED.value})
    half = OPENED._replace(opened=BOTH, done={"ana": signed})
    assert {each.officer for each in overdue(open_duties([half], DAYS), LATER)} == {"ben"}
    both = half._replace(signed_for={"ben": signed})
    assert due(both) == {Act.OUTCOME}
    assert (both.is_destroyed, both.is_signed_for) == (False, True)
    assert half._replace(done={"ana": signed, "ben": signed}, signed_for={"ben": signed}).is_destroyed
