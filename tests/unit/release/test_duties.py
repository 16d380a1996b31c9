"""What a recipient owes for a release, by its dates and what was signed (R-62, R-64)."""

from datetime import date

import pytest

from solely.release.duties import DAYS, Act, Owed, open_duties, overdue

OPENED = Owed("r", "q", date(2026, 1, 1), date(2026, 4, 1), date(2026, 1, 2), frozenset())
RECALLED = OPENED._replace(recalled_on=date(2026, 1, 3))
DESTROYED = frozenset({Act.DESTROYED.value})
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
