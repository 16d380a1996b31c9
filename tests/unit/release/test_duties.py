"""What a recipient owes for a release, by its dates and what was signed (R-62, R-64)."""

from datetime import date

import pytest

from solely.release.duties import DAYS, Act, Owed, open_duties, overdue

BOTH = {"ana": date(2026, 1, 2), "ben": date(2026, 1, 5)}
OPENED = Owed("r", "q", date(2026, 1, 1), date(2026, 4, 1), {"ana": date(2026, 1, 2)}, {}, frozenset({"ana"}))
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
    both = OPENED._replace(opened=BOTH, remaining=frozenset(BOTH), done=DESTROYED)
    found = {(each.officer, each.act) for each in open_duties([both], DAYS)}
    assert found == {("", Act.OUTCOME), ("ana", Act.VERIFIED), ("ben", Act.VERIFIED), ("ben", Act.DESTROYED)}
    assert not both.is_destroyed
    assert both._replace(done=DESTROYED | {"ben": DESTROYED["ana"]}).is_destroyed


@pytest.mark.rule("R-62", "R-64")
def test_what_only_the_gone_have_opened_another_signs_for_and_not_while_one_of_them_is_left():
    signed = {"cleo": frozenset({Act.DESTROYED.value})}
    gone = OPENED._replace(opened=BOTH, remaining=frozenset(), done=signed)
    assert gone.is_destroyed
    assert due(gone) == {Act.OUTCOME, Act.VERIFIED}
    assert not gone._replace(remaining=frozenset({"ben"}), done=DESTROYED | {"ben": frozenset()}).is_destroyed
