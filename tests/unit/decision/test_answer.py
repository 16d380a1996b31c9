"""The answer: what the requester learns comes from the request alone."""

import json

import pytest

from solely.decision.answer import answer_line, answer_of
from solely.model import Disposition

WHY = (["periods:MISSING"], ["R-21"])


@pytest.mark.rule("R-43", "R-81")
def test_after_a_record_was_read_every_outcome_is_answered_with_the_same_bytes():
    lines = {answer_line("R-1", disposition, WHY, True) for disposition in Disposition}
    assert len(lines) == 1
    assert json.loads(lines.pop()) == {"request_id": "R-1", "answer": "accepted", "reasons": [], "rules": []}


@pytest.mark.rule("R-69")
@pytest.mark.parametrize("disposition", [Disposition.RETURNED, Disposition.REFUSED])
def test_an_item_that_stopped_unread_is_told_its_reasons_and_rules(disposition):
    told = json.loads(answer_line("R-1", disposition, WHY, False))
    assert (told["answer"], told["reasons"], told["rules"]) == (disposition.value, *WHY)


@pytest.mark.rule("R-81")
def test_a_referral_before_any_read_is_under_review_and_gives_no_reason():
    assert answer_of(Disposition.REFERRED, is_record_read=False) == "under_review"
    assert json.loads(answer_line("R-1", Disposition.REFERRED, WHY, False))["reasons"] == []
