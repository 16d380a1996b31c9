"""Dual control: two people, two keys, enrolled by different hands, and never the submitter."""

from dataclasses import replace
from datetime import date

import pytest

from solely.errors import Duplicate, NotPermitted
from solely.model import Enrolment, Trust
from solely.review.panel import has_quorum, require_approver

DAY = date(2026, 6, 1)
SUBMITTER = "5" * 16


def approver(name, key, enrolled_by, valid_to=date(2027, 1, 1)):
    return Enrolment(name, "approvers", b"", key * 16, name, enrolled_by, date(2026, 1, 1), valid_to, True)


ONE = approver("one", "1", "registrar")
TWO = approver("two", "2", "deputy")


def trust(*approvers):
    return Trust(approvers={each.id: each for each in approvers})


@pytest.mark.rule("R-84")
def test_one_person_enrolled_twice_is_no_two():
    """One name, two keys, two enrolling offices: how it is written makes no second person of it."""
    twice = replace(ONE, name="Jane Q. Doé"), replace(TWO, name="JANE Q DOE")
    with pytest.raises(NotPermitted, match="count as one person"):
        require_approver(trust(*twice), TWO.key_id, SUBMITTER, DAY, [ONE.id])
    told_apart = replace(ONE, name="Jane Q. Doe (1207)"), replace(TWO, name="Jane Q. Doe (3310)")
    assert require_approver(trust(*told_apart), TWO.key_id, SUBMITTER, DAY, [ONE.id])


@pytest.mark.rule("R-82")
def test_two_independent_approvers_make_a_quorum_and_one_does_not():
    first = require_approver(trust(ONE, TWO), ONE.key_id, SUBMITTER, DAY, [])
    second = require_approver(trust(ONE, TWO), TWO.key_id, SUBMITTER, DAY, [ONE.id])
    assert has_quorum([first, second])
    assert not has_quorum([first])
    assert not has_quorum([first, first])


@pytest.mark.rule("R-82")
@pytest.mark.parametrize("key", ["9" * 16, SUBMITTER])
def test_nobody_else_approves(key):
    with pytest.raises(NotPermitted):
        require_approver(trust(ONE, TWO), key, SUBMITTER, DAY, [])


def test_the_submitter_approves_nothing_even_when_enrolled():
    with pytest.raises(NotPermitted, match="signed the letter"):
        require_approver(trust(ONE), ONE.key_id, ONE.key_id, DAY, [])


def test_the_same_approver_twice_is_a_duplicate():
    with pytest.raises(Duplicate, match="another approver is needed"):
        require_approver(trust(ONE, TWO), ONE.key_id, SUBMITTER, DAY, [ONE.id])
    with pytest.raises(Duplicate, match="nobody else is needed"):
        require_approver(trust(ONE, TWO), ONE.key_id, SUBMITTER, DAY, [TWO.id, ONE.id])


@pytest.mark.rule("R-84")
@pytest.mark.parametrize("enrolled_by", ["registrar", "one", ""])
def test_two_enrolled_by_one_hand_or_by_one_another_are_no_two(enrolled_by):
    other = approver("two", "2", enrolled_by)
    with pytest.raises(NotPermitted):
        require_approver(trust(ONE, other), other.key_id, SUBMITTER, DAY, ["one"])


@pytest.mark.rule("R-84")
def test_one_key_under_two_names_is_one_approver():
    twin = approver("two", "1", "deputy")
    with pytest.raises(NotPermitted, match="share a key"):
        require_approver(trust(ONE, twin), ONE.key_id, SUBMITTER, DAY, ["two"])


def test_an_enrolment_out_of_date_approves_nothing():
    late = approver("one", "1", "registrar", valid_to=date(2026, 5, 31))
    with pytest.raises(NotPermitted, match="not valid today"):
        require_approver(trust(late), late.key_id, SUBMITTER, DAY, [])
