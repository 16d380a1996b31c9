"""The demo's batch: every class is there, the truth holds, and no item spoils another."""

import re
from collections import Counter

import pytest

from demo import batch, population
from demo.batch import Batch, officer_ids
from demo.classes import KINDS, MALFORMED_ID, PAIRS
from demo.desk import Row
from demo.population import Person, Population
from solely.folding import fold

SIZE = 1_000
SYNTHETIC = re.compile(r"9\d\d(66|67|68|69|89)\d{4}")
# What the number columns of deficient items hold; none of them is or could be an assigned number.
NO_NUMBER = {"", "90066123", "9O0661234", "000000000", "999999999"}


@pytest.fixture(scope="module")
def world() -> Population:
    return population.generate(21, 5_000)


@pytest.fixture(scope="module")
def made(world: Population) -> Batch:
    return batch.generate(21, world, SIZE)


def bare(number: str) -> str:
    return number.replace("-", "").replace(" ", "")


def test_one_seed_gives_one_batch(world: Population, made: Batch) -> None:
    assert list(batch.generate(21, world, SIZE).cells()) == list(made.cells())
    assert list(batch.generate(22, world, SIZE).cells()) != list(made.cells())


def test_every_class_occurs_and_the_size_is_exact(made: Batch) -> None:
    kinds = Counter(truth.kind for truth in made.truth)
    pairs = {f"{pair}_{place}" for pair in PAIRS for place in ("first", "second")}
    assert set(kinds) == {kind.name for kind in KINDS} | pairs | {MALFORMED_ID}
    assert len(made.rows) == len(made.truth) == SIZE


def test_a_smaller_batch_keeps_its_size_too() -> None:
    for people, size in ((300, 20), (600, 60), (1_200, 200)):
        made = batch.generate(3, population.generate(3, people), size)
        assert len(made.rows) == size
        assert any(truth.must_release for truth in made.truth)


def test_too_few_people_are_refused() -> None:
    with pytest.raises(ValueError, match="too few people"):
        batch.generate(3, population.generate(3, 100), 400)


def test_no_number_could_be_an_assigned_one(made: Batch) -> None:
    for row in made.rows:
        number = bare(row["taxpayer_number"])
        assert SYNTHETIC.fullmatch(number) or number in NO_NUMBER


def must_release(world: Population, made: Batch) -> list[tuple[Row, Person]]:
    by_record = {person.record_id: person for person in world.people if person.record_id}
    return [
        (row, by_record[truth.record_id])
        for row, truth in zip(made.rows, made.truth, strict=True)
        if truth.must_release
    ]


def test_what_must_be_released_is_of_one_plain_person_with_both_keys(world: Population, made: Batch) -> None:
    shared = population.rivals(world.people)
    chosen = must_release(world, made)
    assert len(chosen) > SIZE // 4
    for row, person in chosen:
        assert person.status == "active" and person.death_date is None and person.id not in shared
        assert (person.is_protected, person.is_impaired) == ("false", "false")
        assert bare(row["taxpayer_number"]) == person.number
        assert (person.birth_date.month, person.birth_date.day) != (1, 1)
        assert row["birth_date"] in (
            person.birth_date.isoformat(),
            f"{person.birth_date.month}/{person.birth_date.day}/{person.birth_date.year}",
        )


def test_what_must_be_released_cites_an_address_of_record_in_a_requested_period(
    world: Population, made: Batch
) -> None:
    for row, person in must_release(world, made):
        years = {int(year) for year in row["periods"].split(";")}
        assert max(years) <= world.today.year
        cited = [stay for stay in person.stays if stay.place.zip in row["address"]]
        assert any(stay.place.number.lower() in row["address"].lower() for stay in cited)
        assert any(
            stay.is_known and any(stay.since.year <= y <= (stay.until or world.today).year for y in years)
            for stay in cited
        )


def test_no_item_spoils_one_that_must_be_released(world: Population, made: Batch) -> None:
    numbers = Counter(bare(row["taxpayer_number"]) for row in made.rows)
    aliens = Counter(row["alien_number"] for row in made.rows)
    equals = {
        bare(row["taxpayer_number"])
        for row, truth in zip(made.rows, made.truth, strict=True)
        if truth.kind == "duplicate_equal_first"
    }
    for row, person in must_release(world, made):
        assert numbers[person.number] == (2 if person.number in equals else 1)
        assert not row["alien_number"] or aliens[row["alien_number"]] == 1 or person.number in equals


def test_the_first_of_a_pair_stands_before_the_second(made: Batch) -> None:
    for pair in PAIRS:
        places = {
            part: [n for n, truth in enumerate(made.truth) if truth.kind == f"{pair}_{part}"]
            for part in ("first", "second")
        }
        assert len(places["first"]) == len(places["second"]) > 0
    seen: dict[str, int] = {}
    for place, truth in enumerate(made.truth):
        if truth.kind.startswith("request_id_repeated"):
            first = truth.kind.endswith("first")
            assert (truth.request_id.lower() not in seen) == first
            seen.setdefault(truth.request_id.lower(), place)


def test_only_repeated_and_malformed_ids_are_not_unique(made: Batch) -> None:
    ids = Counter(row["request_id"].lower() for row in made.rows)
    for truth in made.truth:
        if not truth.kind.startswith("request_id_"):
            assert ids[truth.request_id.lower()] == 1


def test_deficient_addresses_keep_the_right_number(world: Population, made: Batch) -> None:
    by_record = {person.record_id: person for person in world.people if person.record_id}
    deficient = [
        (row, truth) for row, truth in zip(made.rows, made.truth, strict=True) if not truth.address_sufficient
    ]
    assert len(deficient) > SIZE // 8
    for row, truth in deficient:
        assert bare(row["taxpayer_number"]) == by_record[truth.record_id].number
        assert not truth.must_release and not truth.is_own_address


def test_reasons_are_of_the_person_and_stay_apart_without_names_and_digits(made: Batch) -> None:
    plain = Counter(re.sub(r"\d+", "", fold(row["reason"])) for row in made.rows)
    assert len(plain) > SIZE * 9 // 10
    assert max(plain.values()) <= SIZE // 100


def test_officers_investigations_and_addresses_stay_below_their_ceilings(
    world: Population, made: Batch
) -> None:
    load = Counter(officer for row in made.rows for officer in row["officers"].split(";") if officer)
    assert len(set(load) & set(officer_ids(SIZE))) >= 24
    assert max(load.values()) < 500
    investigations = Counter(row["investigation_id"] for row in made.rows if row["investigation_id"])
    assert max(investigations.values()) <= 6  # five, and the equal row of one of them
    assert max(Counter(row["investigation_opened_on"] for row in made.rows).values()) < 50
    homes = Counter(
        person.home.place.building for row, person in must_release(world, made) if person.home.place
    )
    assert max(homes.values()) <= 50
