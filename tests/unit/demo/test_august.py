"""The procedure of August 2025 on the demo's batch: what it lets through, and how releases are judged."""

import pytest

from demo import august, batch, population
from demo.august import Release
from demo.batch import Batch
from demo.desk import Truth
from demo.population import Population


@pytest.fixture(scope="module")
def world() -> tuple[Population, Batch]:
    made = population.generate(31, 6_000)
    return made, batch.generate(31, made, 1_200)


def released_kinds(world: tuple[Population, Batch]) -> set[str]:
    made, requests = world
    releases = august.replay(requests.rows, made)
    return {requests.truth[release.row - 1].kind for release in releases}


def test_a_number_stood_in_for_an_address(world: tuple[Population, Batch]) -> None:
    kinds = released_kinds(world)
    assert {"t1_placeholder_zip", "t2_digits_only", "t2_zip_only", "t2_dont_care"} <= kinds
    assert {"t3_no_street_name", "t4_no_house_number", "t5_facility_with_last_line"} <= kinds


def test_only_a_field_without_a_number_was_filtered(world: tuple[Population, Batch]) -> None:
    assert not {"t6_blank", "t1_placeholder_only", "t5_facility_name", "no_last_line"} & released_kinds(world)


def test_the_number_of_a_namesake_brought_the_namesakes_address(world: tuple[Population, Batch]) -> None:
    made, requests = world
    judged = august.judge(august.replay(requests.rows, made), requests.truth)
    for kind in ("lapsed_son_fathers_number", "son_with_fathers_number", "borrowed_identity"):
        assert judged.by_class[kind]["wrong_person"] > 0
        assert judged.by_class[kind]["correct"] == 0


def test_slight_variations_lost_true_matches(world: tuple[Population, Batch]) -> None:
    made, requests = world
    judged = august.judge(august.replay(requests.rows, made), requests.truth)
    assert judged.missed_by_class["variant_surnames_hyphenated"] > 0
    assert judged.missed_by_class["variant_name_order"] > 0


def test_the_second_route_compares_name_and_address(world: tuple[Population, Batch]) -> None:
    made, requests = world
    routes = {
        requests.truth[release.row - 1].kind: release.route
        for release in august.replay(requests.rows, made)
        if release.route == "address"
    }
    assert "one_key_birth_date" in routes


def test_each_release_falls_under_the_gravest_verdict_that_applies() -> None:
    release = Release(1, "T1", "number")
    cases = {
        "wrong_person": Truth("T2", "x", address_sufficient=False),
        "insufficient_address": Truth("T1", "x", address_sufficient=False, is_own_address=False),
        "address_not_of_taxpayer": Truth("T1", "x", is_own_address=False, is_permitted=False),
        "not_permitted": Truth("T1", "x", is_permitted=False),
        "correct": Truth("T1", "x"),
    }
    assert tuple(cases) == august.VERDICTS
    for expected, truth in cases.items():
        assert august.verdict(release, truth) == expected


def test_an_item_that_had_to_be_released_and_was_not_is_counted_as_missed() -> None:
    truth = [Truth("T1", "valid", must_release=True), Truth("T2", "valid", must_release=True)]
    judged = august.judge([Release(1, "T1", "gate")], truth)
    assert (judged.released, judged.missed, judged.missed_by_class) == (1, 1, {"valid": 1})
