"""The synthetic population: the same for one seed, no number of anybody's, every kind of household."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from demo import population
from demo.places import FORMS
from demo.population import RECORD_COLUMNS

SYNTHETIC = re.compile(r"9\d\d(66|67|68|69|89)(?!0000)\d{4}")


@pytest.fixture(scope="module")
def world() -> population.Population:
    return population.generate(11, 2_000)


def test_one_seed_gives_one_population(world: population.Population) -> None:
    again = population.generate(11, 2_000)
    other = population.generate(12, 2_000)
    assert list(again.records()) == list(world.records())
    assert list(other.records()) != list(world.records())


def test_every_taxpayer_number_is_of_the_range_never_assigned_and_occurs_once(
    world: population.Population,
) -> None:
    numbers = [person.number for person in world.people if person.number]
    assert all(SYNTHETIC.fullmatch(number) for number in numbers)
    assert len(numbers) == len(set(numbers))
    assert 0 < len(world.people) - len(numbers) < len(world.people) // 5


def test_blocks_of_one_world_share_no_number_no_record_and_no_street_address() -> None:
    one, two = (population.generate(5, 600, block=block, blocks=4) for block in (0, 1))
    for part in ("record_id", "taxpayer_number"):
        place = RECORD_COLUMNS.index(part)
        shared = {row[place] for row in one.records()} & {row[place] for row in two.records()}
        assert shared <= {""}
    zips = [
        {stay.place.zip for p in each.people for stay in p.stays if stay.place.form == "street"}
        for each in (one, two)
    ]
    assert not zips[0] & zips[1]


def test_every_form_of_address_and_every_family_part_is_there(world: population.Population) -> None:
    assert {stay.place.form for person in world.people for stay in person.stays} == set(FORMS)
    parts = Counter(kind for person in world.people for kind in person.kinds)
    assert {"head", "spouse", "child", "father", "son", "twin", "roommate", "short"} <= set(parts)


def test_the_flags_that_protect_and_the_states_that_exclude_are_there(world: population.Population) -> None:
    rows = [dict(zip(RECORD_COLUMNS, row, strict=True)) for row in world.records()]
    assert {row["is_protected"] for row in rows} == {"true", "false", ""}
    assert {row["is_impaired"] for row in rows} == {"true", "false", ""}
    assert {row["status"] for row in rows} == {"active", "inactive", "dependent"}
    assert any(row["death_date"] for row in rows)


def test_namesakes_share_a_house_and_not_a_birth_date(world: population.Population) -> None:
    by_id = {person.id: person for person in world.people}
    sons = [person for person in world.people if "son" in person.kinds]
    assert any(son.is_of_record for son in sons) and any(not son.is_of_record for son in sons)
    assert {son.suffix for son in sons} == {"", "JR"}
    for son in sons:
        father = by_id[son.relative]
        assert (father.given, father.family, father.stays) == (son.given, son.family, son.stays)
        assert son.birth_date.year - father.birth_date.year >= 20


def test_twins_share_birth_date_and_house_but_no_first_name(world: population.Population) -> None:
    by_id = {person.id: person for person in world.people}
    twins = [person for person in world.people if "twin" in person.kinds]
    assert any(not twin.is_of_record for twin in twins)
    for twin in twins:
        other = by_id[twin.relative]
        assert (other.birth_date, other.stays, other.relative) == (twin.birth_date, twin.stays, twin.id)
        assert not set(other.given.split()) & set(twin.given.split())


def test_rows_of_one_record_agree_on_the_person_and_their_periods_do_not_overlap(
    world: population.Population,
) -> None:
    rows = [dict(zip(RECORD_COLUMNS, row, strict=True)) for row in world.records()]
    by_record: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_record.setdefault(row["record_id"], []).append(row)
    assert any(len(group) > 1 for group in by_record.values())
    own = RECORD_COLUMNS[:10] + RECORD_COLUMNS[-2:]
    for group in by_record.values():
        assert len({tuple(row[column] for column in own) for row in group}) == 1
        assert [bool(row["period_to"]) for row in group] == [True] * (len(group) - 1) + [False]
        for before, after in pairwise(group):
            assert before["period_to"] < after["period_from"]


def test_some_moves_are_unknown_to_the_registry(world: population.Population) -> None:
    movers = [person for person in world.people if person.is_of_record and len(person.stays) > 1]
    assert {person.home.is_known for person in movers} == {True, False}


def test_a_namesake_in_the_house_makes_a_person_not_unique(world: population.Population) -> None:
    shared = population.rivals(world.people)
    for person in world.people:
        if "son" in person.kinds:
            assert person.id in shared
    assert len(shared) < len(world.people) // 5


def test_a_number_is_known_as_drawn_by_whichever_block_drew_it() -> None:
    one, two = (population.generate(5, 300, block=block, blocks=2) for block in (0, 1))
    for drawn in (one, two):
        for person in drawn.people:
            assert not person.number or (one.is_anybodys(person.number) and two.is_anybodys(person.number))
    free = [f"90066{serial:04d}" for serial in range(10_000)]
    assert sum(map(one.is_anybodys, free)) < 100
