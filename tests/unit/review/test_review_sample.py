"""The draw of a review sample: nobody picks it, its known answers hide, and its size says what it shows."""

import pytest

from solely.review.sample import Candidate, draw_review, wrong_most

BATCH = [Candidate(row, f"T{row}", f"PERSON {row}") for row in range(1, 2001)]


@pytest.mark.rule("R-85")
def test_a_sample_holds_so_many_items_of_the_batch_and_known_answers_besides() -> None:
    places = draw_review("seed", "secret", BATCH, 299)
    real = [each for each in places if not each.is_known]
    assert len({each.row for each in real}) == 299
    assert 30 <= len(places) - len(real) <= 60
    assert all(each.beside != each.row for each in places if each.is_known)
    assert len({each.row for each in places}) == len(places)  # no request shows twice


@pytest.mark.rule("R-85")
def test_the_seed_alone_decides_the_items_and_the_secret_alone_which_answers_are_known() -> None:
    places = draw_review("seed", "secret", BATCH, 50)
    assert draw_review("seed", "secret", list(reversed(BATCH)), 50) == places
    other = draw_review("seed", "another", BATCH, 50)
    assert {each.row for each in other if not each.is_known} == {p.row for p in places if not p.is_known}
    assert [each.is_known for each in other] != [each.is_known for each in places]
    assert draw_review("elsewhere", "secret", BATCH, 50) != places


@pytest.mark.rule("R-85")
def test_a_known_answer_is_never_the_person_s_own_record_or_a_namesake_s() -> None:
    families = [Candidate(row, f"T{row % 7}", f"PERSON {row % 5}") for row in range(1, 60)]
    by_row = {each.row: each for each in families}
    known = [each for each in draw_review("seed", "secret", families, 30) if each.is_known]
    assert known
    for each in known:
        assert each.beside is not None
        own, other = by_row[each.row], by_row[each.beside]
        assert own.record_ref != other.record_ref
        assert own.person != other.person


@pytest.mark.rule("R-85")
def test_a_small_batch_is_looked_at_whole_and_a_single_item_has_no_known_answer() -> None:
    places = draw_review("seed", "secret", BATCH[:5], 299)
    assert {each.row for each in places if not each.is_known} == {1, 2, 3, 4, 5}
    assert any(each.is_known for each in places)
    assert [each.is_known for each in draw_review("seed", "secret", BATCH[:1], 299)] == [False]


@pytest.mark.rule("R-85")
def test_299_without_an_error_show_under_one_per_cent_and_298_do_not() -> None:
    assert wrong_most(299, 10**6) < 0.01 < wrong_most(298, 10**6)
    assert round(wrong_most(12, 10**6), 3) == 0.221
    assert wrong_most(12, 12) == 0.0  # all of them were looked at
