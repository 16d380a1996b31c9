"""Published figures give no small count away, neither shown nor by subtraction, and come late (R-100)."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solely.ledger.entry import EntryType, OutcomeClass
from solely.oversight.accounting import Account
from solely.oversight.published import CLASSES, SMALL, Month, as_csv, figures, months

pytestmark = pytest.mark.rule("R-100")


def instant(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp() * 1000)


def account(day: date, **first: int) -> Account:
    counted = Counter({OutcomeClass[name.upper()]: number for name, number in first.items()})
    return Account(at=instant(day), first=counted, decided_at=instant(day))


def test_large_counts_are_shown_rounded():
    counts = {"releasable": 1204, "withheld": 388, "referred": 16, "returned": 815, "refused": 45}
    shown = figures(counts | {"releases": 1187, "openings": 996})
    assert shown == {
        "items": 2470, "releasable": 1200, "withheld": 390, "referred": 20, "returned": 820, "refused": 50,
        "releases": 1190, "openings": 1000,
    }  # fmt: skip


def test_one_item_withheld_appears_in_no_figure():
    shown = figures({"releasable": 400, "withheld": 1, "referred": 30, "returned": 90, "refused": 20})
    assert shown["withheld"] is None
    assert shown["refused"] is None  # its smallest neighbour: the total gives neither away
    assert (shown["releasable"], shown["referred"], shown["returned"]) == (400, 30, 90)


@given(st.fixed_dictionaries({name: st.integers(0, 60) for name in CLASSES}))
def test_what_is_hidden_cannot_be_told_from_the_rest(counts):
    shown = figures(counts)
    hidden = [name for name in CLASSES if shown[name] is None]
    assert all(counts[name] >= SMALL for name in CLASSES if shown[name] is not None)
    assert len(hidden) != 1
    if 0 < len(hidden) < len(CLASSES):
        assert sum(counts[name] for name in hidden) >= SMALL
    assert all(number is None or number % 10 == 0 for number in shown.values())


def test_a_month_waits_for_the_end_of_the_next_and_an_empty_one_stands_there():
    found = [account(date(2026, 7, 30), releasable=500), account(date(2026, 9, 2), releasable=500)]
    assert [each.first.month for each in months(found, date(2026, 10, 31))] == [7, 8]
    assert [each.first.month for each in months(found, date(2026, 11, 1))] == [7, 8, 9]
    assert set(months(found, date(2026, 11, 1))[1].figures.values()) == {None}
    assert months([], date(2026, 11, 1)) == []


def test_releases_and_openings_count_in_their_own_month():
    late = account(date(2026, 7, 30), releasable=40)
    late.released = {index: instant(date(2026, 8, 3)) for index in range(40)}
    late.events = [(EntryType.OPEN, instant(date(2026, 9, 1)))] * 20
    july, august, september = months([late], date(2026, 12, 1))[:3]
    assert (july.figures["items"], july.figures["releases"]) == (40, None)
    assert (august.figures["items"], august.figures["releases"]) == (None, 40)
    assert september.figures["openings"] == 20


def test_the_table_says_that_a_figure_is_suppressed():
    text = as_csv([Month(date(2026, 7, 1), figures({"releasable": 500, "withheld": 3}))]).decode()
    assert text.splitlines() == [
        "month,items,releasable,withheld,referred,returned,refused,releases,openings",
        "2026-07,500,suppressed,suppressed,suppressed,suppressed,suppressed,suppressed,suppressed",
    ]
