"""The ruling: only what is true lets an item go on, every reason is kept, the strictest outcome wins."""

from typing import NamedTuple

import pytest

from solely.decision.ruling import PASSED, Unmet, rule, strictest, unmet_of
from solely.model import Disposition, Reason


class Clause(NamedTuple):
    otherwise: str = "returned"
    unknown: str = "returned"
    element: str = "periods"
    code: str = "MISSING"
    rules: tuple[str, ...] = ("R-21",)
    facts: tuple[str, ...] = ("period_first",)
    unknown_code: str = "UNKNOWN"


CLAUSE = Clause()
PURPOSE = Clause("refused", "returned", "purpose", "NOT_AGREED", ("R-16", "R-02"), ("purpose",))


@pytest.mark.rule("R-02")
@pytest.mark.parametrize("verdict", [False, None])
def test_only_a_clause_that_is_true_lets_an_item_go_on(verdict):
    assert rule(unmet_of([CLAUSE], [verdict]), {}).disposition is Disposition.RETURNED
    assert rule(unmet_of([CLAUSE], [True]), {}) == PASSED


@pytest.mark.rule("R-02")
def test_a_verdict_of_another_kind_is_not_true():
    assert unmet_of([CLAUSE], [1]) == [Unmet(CLAUSE, False)]  # type: ignore[list-item]


@pytest.mark.rule("R-02")
def test_a_missing_verdict_is_an_error_and_no_permission():
    with pytest.raises(ValueError):
        unmet_of([CLAUSE, PURPOSE], [True])


@pytest.mark.rule("R-69")
def test_every_unmet_clause_gives_its_reason_not_only_the_first():
    ruling = rule(unmet_of([CLAUSE, PURPOSE], [False, False]), {})
    assert {(each.element, each.rule) for each in ruling.reasons} == {
        ("periods", "R-21"), ("purpose", "R-16"), ("purpose", "R-02"),
    }  # fmt: skip


@pytest.mark.rule("R-69")
def test_what_was_found_wrong_with_a_fact_is_the_reason():
    found = {"period_first": Reason("periods", "MALFORMED", "R-21")}
    assert rule(unmet_of([CLAUSE], [None]), found).reasons == (found["period_first"],)


def test_false_and_unknown_have_each_their_outcome():
    assert rule(unmet_of([PURPOSE], [False]), {}).disposition is Disposition.REFUSED
    assert rule(unmet_of([PURPOSE], [None]), {}).disposition is Disposition.RETURNED


@pytest.mark.rule("R-68")
def test_what_stands_against_one_item_says_nothing_about_another():
    assert rule(unmet_of([CLAUSE], [True]), {}).disposition is None
    assert rule((), {}, [(Disposition.REFERRED, Reason("row", "FAULT", "R-02"))]).disposition == "referred"


def test_the_strictest_of_several_outcomes_wins():
    assert strictest([Disposition.WITHHELD, Disposition.REFUSED, Disposition.RETURNED]) == "refused"
    assert strictest([Disposition.WITHHELD, Disposition.REFERRED]) == "referred"
    assert strictest([]) is None
