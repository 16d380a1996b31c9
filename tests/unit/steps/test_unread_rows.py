"""A row that cannot be read tells that alone (R-69)."""

import pytest

from solely.intake.rows import items_of, read_header
from solely.model import COLUMNS, Disposition, Reason
from solely.steps.examination import is_unread
from tests.support.submissions import ROW

HEADER = read_header(COLUMNS)


@pytest.mark.rule("R-69")
def test_only_a_row_that_was_not_read_is_unread() -> None:
    good = [ROW.get(each) for each in COLUMNS]
    short, no_id, unclosed = items_of(
        HEADER, [good[:-1], [None, *good[1:]], Reason("row", "UNCLOSED_QUOTE", "R-69")], 1
    )
    assert is_unread(short.findings) and is_unread(unclosed.findings)
    assert not is_unread(no_id.findings)
    assert not is_unread([(Disposition.RETURNED, Reason("row", "DUPLICATE", "R-36"))])
