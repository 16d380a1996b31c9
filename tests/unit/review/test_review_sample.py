"""The draw of a review sample: nobody picks it, its known answers hide, and its size says what it shows."""

from datetime import date

import pytest

from solely.model import Address, Candidate, RecordAddress, Subject
from solely.review.near import near_ones
from solely.review.sample import Place, places_of, plan_review, wrong_most

BATCH = range(1, 2001)


def drawn(rows=BATCH, size=299, hidden="secret", near=None) -> list[Place]:
    """The places of a sample whose rows each have a record of their own, and two others who are near."""
    plan = plan_review("seed", hidden, rows, size)
    others = {row: [f"N{row // 2}", f"M{row}"] for row in rows} if near is None else near
    return places_of(plan, hidden, {row: f"T{row}" for row in rows}, others)


@pytest.mark.rule("R-85")
def test_a_sample_holds_so_many_items_of_the_batch_and_known_answers_besides() -> None:
    places = drawn()
    known = [each for each in places if each.is_known]
    assert 30 <= len(known) <= 60
    assert len({each.row for each in places if not each.is_known}) >= 299
    assert len({each.row for each in places}) == len(places)  # no request shows twice


@pytest.mark.rule("R-85")
def test_how_many_places_there_are_does_not_tell_how_many_are_known() -> None:
    samples = [drawn(hidden=f"secret {number}", size=50) for number in range(40)]
    assert {len(each) for each in samples} == {60}
    assert len({sum(place.is_known for place in each) for each in samples}) > 3


@pytest.mark.rule("R-85")
def test_the_seed_alone_decides_the_items_and_the_secret_alone_which_answers_are_known() -> None:
    places, other = drawn(size=50), drawn(size=50, hidden="another")
    assert drawn(rows=range(2000, 0, -1), size=50) == places
    assert {each.row for each in other} == {each.row for each in places}
    assert {each for each in other if each.is_known} != {each for each in places if each.is_known}
    assert plan_review("elsewhere", "secret", BATCH, 50).rows != plan_review("seed", "secret", BATCH, 50).rows


@pytest.mark.rule("R-85")
@pytest.mark.parametrize(
    ("rows", "size"), [(BATCH, 50), (range(1, 31), 20), (range(1, 23), 20), (range(1, 11), 10)]
)
def test_whoever_knows_the_seed_can_tell_no_row_that_is_never_a_known_answer(rows, size) -> None:
    """The seed is public before the draw; every row that it draws is a known answer under some secret."""
    samples = [drawn(rows=rows, size=size, hidden=f"secret {number}") for number in range(400)]
    at_some = {place.row for each in samples for place in each if place.is_known}
    assert at_some == {place.row for place in samples[0]}
    for places in samples:
        assert len({place.row for place in places if not place.is_known}) >= size


@pytest.mark.rule("R-85")
def test_no_record_of_a_known_answer_stands_at_another_place() -> None:
    """A record beside several requests would be spotted at a glance."""
    rows = range(1, 40)
    crowd = {row: ["T1", "T2", "T3", *(f"N{number}" for number in range(8))] for row in rows}
    places = drawn(rows=rows, size=30, near=crowd)
    known = [each.beside for each in places if each.is_known]
    assert len(known) >= 3
    assert len(set(known)) == len(known)
    assert not {f"T{row}" for row in rows}.intersection(known)


@pytest.mark.rule("R-85")
def test_a_small_batch_is_looked_at_whole_and_without_anybody_near_has_no_known_answer() -> None:
    places = drawn(rows=range(1, 6))
    assert {each.row for each in places if not each.is_known} == {1, 2, 3, 4, 5}
    assert any(each.is_known for each in places)
    assert not any(each.is_known for each in drawn(rows=range(1, 6), near={}))


HOME = Address("street", "14", street="ELM", suffix="ST", city="MEDFORD", state="NJ", zip5="08055")
MARVIN = Subject(
    1, ("MARVIN",), (), ("GOMEZ",), "", date(1969, 10, 3), "123456782", HOME, False, (2024,), None,
    date(2026, 5, 1),
)  # fmt: skip


def person(record_id: str, given: str, family: str, birth: date | None, number: str | None, **flags: bool):
    """A record at the same door."""
    home = RecordAddress("14 ELM ST", "", "MEDFORD", "NJ", "08055", None, None, HOME)
    return Candidate(
        record_id, "active", (given,), (), (family,), (), "", birth, None, number, (home,),
        flags.get("is_protected", False), False,
    )  # fmt: skip


@pytest.mark.rule("R-85")
def test_the_nearest_comes_first_and_only_who_is_certainly_another() -> None:
    martin = person("T-MARTIN", "MARTIN", "GOMEZ", date(1969, 1, 30), "987654320")
    son = person("T-SON", "MARVIN", "GOMEZ", date(1994, 5, 5), None)
    other = person("T-OTHER", "ANNA", "LEE", date(1941, 5, 5), "987654329")
    himself = person("T-SELF", "MARVIN", "GOMEZ", date(1969, 10, 3), "123456782")
    twin = person("T-TWIN", "MELVIN", "GOMEZ", date(1969, 10, 3), "987654321")
    nobody = person("T-BARE", "MARVIN", "GOMEZ", None, None)
    hidden = person("T-HIDDEN", "MARVIN", "GOMEZ", date(1969, 2, 2), None, is_protected=True)
    found = [other, himself, twin, nobody, hidden, martin, son]
    assert near_ones(MARVIN, found) == ["T-SON", "T-MARTIN", "T-OTHER"]


@pytest.mark.rule("R-85")
def test_299_without_an_error_show_under_one_per_cent_and_298_do_not() -> None:
    assert wrong_most(299, 10**6) < 0.01 < wrong_most(298, 10**6)
    assert round(wrong_most(12, 10**6), 3) == 0.221
    assert wrong_most(12, 12) == 0.0  # all of them were looked at
