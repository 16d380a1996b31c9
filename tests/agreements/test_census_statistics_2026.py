"""13 USC 9: the engine can say never, and statistical use by sworn staff still passes (R-78)."""

import pytest

from tests.support.other_agreements import (
    REFUSED,
    Gated,
    gated,
    opened_by_officer,
    require_column_refused,
    require_promised,
    require_same_as_precheck,
)

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def census(tmp_path_factory) -> Gated:
    return gated("census-statistics-2026", tmp_path_factory.mktemp("census"))


def test_every_kind_of_item_becomes_what_it_must(census):
    require_promised(census)


@pytest.mark.rule("R-69")
def test_precheck_says_what_run_decides(census):
    require_same_as_precheck(census)


@pytest.mark.rule("R-78")
@pytest.mark.parametrize(
    "purpose",
    [
        "criminal investigation",
        "criminal proceeding",
        "civil removal",
        "location",
        "tax collection",
        "national security",
    ],
)
def test_an_enforcement_purpose_is_refused_unread_with_its_rule(census, purpose):
    kind = f"purpose {purpose}"
    assert census.outcomes(kind) == REFUSED
    assert census.told(kind) == {"refused"}
    for item in census.items(kind):
        about = [each for each in item["reasons"] if each != "reason:NOT_SPECIFIC"]  # a survey names no crime
        assert about == ["purpose:NOT_AGREED", "purpose:NOT_STATISTICAL"]
        assert "R-78" in item["rules"]


@pytest.mark.rule("R-78")
def test_the_explanation_of_a_refusal_cites_the_statute(census):
    assert census.cited("purpose criminal investigation") == {"13 U.S.C. 9(a)(1)"}


@pytest.mark.rule("R-78")
@pytest.mark.parametrize(
    "kind",
    ["removal behind a statistical word", "a recipient in an enforcement agency", "staff who are not sworn"],
)
def test_nothing_leaves_for_enforcement_or_the_unsworn(census, kind):
    assert census.outcomes(kind) == REFUSED


@pytest.mark.rule("R-78", "R-67")
def test_a_survey_visit_by_sworn_staff_passes(census):
    assert census.outcomes("a survey visit by sworn staff") == {("releasable", True, True)}
    assert opened_by_officer(census, "a survey visit by sworn staff")["address"]["street_line"]


@pytest.mark.rule("R-02")
def test_a_column_of_another_law_refuses_the_batch_by_name(census):
    require_column_refused(census, "instrument")
