"""What is open at a gate, as the report shows it: how near their ceiling officers are."""

from datetime import UTC, datetime, timedelta

import pytest

from solely import clock
from solely.oversight.open_work import Caseload, ClockRow, open_work
from solely.oversight.watched import NOTHING, OrderRow, watched
from solely.oversight.watched import Watched as Waiting

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.mark.rule("R-51")
@pytest.mark.parametrize(
    ("load", "quarter"), [(1, 0), (125, 0), (126, 1), (250, 1), (375, 2), (376, 3), (500, 3)]
)
def test_an_officer_stands_in_the_quarter_of_the_ceiling_that_the_load_reaches(
    load: int, quarter: int
) -> None:
    assert [bool(each) for each in Caseload.of(500, [load]).quarters] == [
        place == quarter for place in range(4)
    ]


@pytest.mark.rule("R-51")
def test_the_report_draws_the_caseload_and_says_it_in_numbers() -> None:
    page = open_work(Caseload.of(500, [3, 4, 480]), (), (), (), NOON)
    assert "3 officers have open items; the highest has 480" in page
    assert "1 to 125 open items" in page and "376 to 500 open items" in page
    assert "1 officer has open items" in open_work(Caseload.of(500, [3]), (), (), (), NOON)


@pytest.mark.rule("R-77", "R-67")
@pytest.mark.parametrize(("hours", "until"), [(240, "2026-12-06 12:00"), (8, "2026-11-26 20:00")])
def test_a_batch_is_overdue_once_its_hours_are_over_and_something_still_waits(hours, until) -> None:
    clock = ClockRow("b", NOON + timedelta(hours=hours), 3)
    for late, said in ((0, "custodian has until"), (1, "custodian overdue since")):
        now = clock.answer_by + timedelta(seconds=late)
        assert f"{said} {until} UTC" in open_work(Caseload.of(500, []), (), (), (clock,), now)
    assert clock._replace(waiting=0).standing_at(now) == "nothing waits"


def test_open_safeguard_findings_are_said_also_where_there_are_none() -> None:
    now = clock.real()
    assert "No safeguard finding is open" in watched(NOTHING, now)
    order = OrderRow("o", "safeguard", "parties/treasury", 7, "is in force", True)
    assert "1 safeguard finding open" in watched(Waiting(orders=(order,)), now)
