"""The page of people says why an enrolment does not hold."""

from dataclasses import replace
from datetime import date

import pytest

from solely.console.people import standing_of
from solely.model import Enrolment

DAY = date(2026, 6, 1)
OFFICER = Enrolment(
    "officer-01", "officers", b"", "0" * 16, "the first office", "the custodian", date(2026, 1, 1),
    date(2026, 12, 31), False, certified_on=date(2026, 1, 2),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "valid"),
        ({"valid_from": date(2026, 7, 1)}, "not valid before 2026-07-01"),
        ({"valid_to": date(2026, 5, 31)}, "ended on 2026-05-31"),
        ({"certified_on": None}, "not valid: not certified"),
        ({"certified_on": date(2026, 6, 2)}, "not valid: not certified"),
        ({"kind": "contractor"}, "not valid: no certificate in date"),
        ({"kind": "contractor", "certificate_until": DAY}, "valid"),
        ({"kind": "system"}, "not valid: no person"),
    ],
)
@pytest.mark.rule("R-49", "R-53")
def test_an_enrolment_that_does_not_hold_says_why(changed, said):
    assert standing_of(replace(OFFICER, **changed), DAY) == said
