"""Nobody is looked for without an address, even under a law that does not ask for one (R-33)."""

from dataclasses import replace

import pytest

from solely.agreement.document import Law
from solely.model import Disposition, Item
from solely.services import judge_plainly
from solely.steps.examination import Desk, examine
from tests.agreements.test_irs_ice_2025 import LAW
from tests.unit.facts.test_request import CONTEXT

SILENT = Law(replace(LAW.statute, clauses=()), replace(LAW.agreement, clauses=()))


@pytest.mark.rule("R-33")
def test_a_law_that_asks_for_no_address_gets_none_looked_for():
    name = {"given_name": "Rosa", "family_name": "Quillfeather"}
    items = [
        Item(1, **name, address="UNKNOWN", taxpayer_number="900-66-1234"),
        Item(2, **name, address="12 OAK ST, DOVER DE 19901"),
    ]
    without, with_one = examine(items, [(), ()], Desk(SILENT, CONTEXT, judge_plainly), {}).rulings
    assert (without.disposition, [str(each) for each in without.reasons]) == (
        Disposition.RETURNED,
        ["address:INSUFFICIENT"],
    )
    assert with_one.disposition is None
