"""What is open at a gate, as the report shows it: how near their ceiling officers are."""

from datetime import date

import pytest

from solely import clock
from solely.oversight.open_work import Caseload, open_work
from solely.oversight.watched import NOTHING, OrderRow, watched
from solely.oversight.watched import Watched as Waiting


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
    page = open_work(Caseload.of(500, [3, 4, 480]), (), (), date(2026, 11, 26))
    assert "3 officers have open items; the highest has 480" in page
    assert "1 to 125 open items" in page and "376 to 500 open items" in page
    assert "1 officer has open items" in open_work(Caseload.of(500, [3]), (), (), date(2026, 11, 26))


def test_open_safeguard_findings_are_said_also_where_there_are_none() -> None:
    now = clock.real()
    assert "No safeguard finding is open" in watched(NOTHING, now)
    order = OrderRow("o", "safeguard", "parties/treasury", 7, "is in force", True)
    assert "1 safeguard finding open" in watched(Waiting(orders=(order,)), now)
