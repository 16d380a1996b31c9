"""A list that protects matches broadly: doubt protects; a namesake with other dates and numbers is not it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solely.facts.day import find_day
from solely.model import Candidate, Item
from solely.orders.people import Member, People, may_be, words_of

RECORD = Candidate(
    "r1", "active", ("JOSE",), (), ("GARCIA",), ("RUIZ",), "", date(1980, 5, 4), None, "966701234", (),
    is_protected=False, is_impaired=False,
)  # fmt: skip
MEMBER = Member("Jose", "Garcia", "1980-05-04", "966-70-1234", "")


def item(given: str, family: str, **more: str) -> Item:
    """A row that names a person."""
    return Item(1, "R-1", given_name=given, family_name=family, **more)


@pytest.mark.rule("R-91")
@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("José", "García Ruiz"), ("JOSE LUIS", "GARCIA"), ("Garcia", "Jose"), ("J.", "Garcia"),
        ("Jose", "Garcai"), ("jose", "GARCÍA-RUIZ"), ("Ruiz Garcia", "José"),
    ],
)  # fmt: skip
def test_a_member_is_protected_under_each_way_of_writing_the_name(given, family):
    assert may_be(MEMBER, item(given, family), find_day)


@pytest.mark.rule("R-91")
@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        (("Maria", "De La Cruz"), ("Maria", "Delacruz")), (("Maria", "Delacruz"), ("Maria", "De La Cruz")),
        (("Mary Ann", "Smith"), ("Maryann", "Smith")), (("John", "Mc Donald"), ("John", "McDonald")),
        (("Omar", "Al-Rashid"), ("Omar", "Alrashid")), (("John", "Smith Jr"), ("John Quincy", "Smith")),
        (("Jürgen", "Öz"), ("Juergen", "Oez")), (("Jose", "Garcia-Lopez"), ("Jose", "Garcialopez")),
    ],
)  # fmt: skip
def test_words_written_as_one_suffixes_and_dotted_letters_do_not_hide_a_member(listed, asked):
    member = Member(*listed)
    assert may_be(member, item(*asked), find_day)
    assert People([member]).may_hold(item(*asked), find_day)


@pytest.mark.rule("R-91")
@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        (("Luisa", "De La Cruz"), ("Luisa Emilia", "Sofia", "Cruz")),
        (("Marta", "Van der Ochoa"), ("Marta", "Sergia", "Ochoa")),
        (("Omar", "Rashid"), ("Omar", "Walid", "Al-Rashid")),
    ],
)
def test_words_that_join_names_hide_nobody_beside_a_name_that_the_list_lacks(listed, asked):
    member = Member(*listed)
    row = item(asked[0], asked[2], middle_name=asked[1])
    assert may_be(member, row, find_day)
    assert People([Member("Walter", "Ortega"), member]).may_hold(row, find_day)


BORN = "1985-12-13"


@pytest.mark.rule("R-91")
@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        (("Maria Sara", "Brooks"), ("Sara", "Erica", "Brooks")),
        (("Karen", "Ruiz Stanridge"), ("Karen", "Edwina", "Stanridge")),
        (("K.", "Ruiz Stanridge"), ("Karen", "Edwina", "Stanridge")),
        (("Pablo", "Guman Ruiz"), ("Pablo", "Raul", "Guzman")),
    ],
)
def test_about_the_same_day_of_birth_two_names_in_common_suffice(listed, asked):
    row = item(asked[0], asked[2], middle_name=asked[1], birth_date=BORN)
    for born, is_meant in ((BORN, True), ("12/31/1985", True), ("1985-03-31", False), ("", False)):
        member = Member(*listed, born)
        assert may_be(member, row, find_day) == is_meant
        assert People([Member("Walter", "Ortega", BORN), member]).may_hold(row, find_day) == is_meant


@pytest.mark.rule("R-91", "R-67")
@pytest.mark.parametrize(
    ("given", "family"), [("Pedro", "De La Rosa"), ("Maria", "Ortega"), ("Ines", "Cruz")]
)
def test_one_name_and_a_word_that_joins_names_in_common_are_not_enough(given, family):
    member = Member("Maria Elena", "De La Cruz", BORN)
    assert not may_be(member, item(given, family, birth_date=BORN), find_day)


@pytest.mark.rule("R-91")
@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        ("KING", "BING"), ("KIM", "KIN"), ("LEE", "LEA"), ("JOSE", "KOSE"), ("ANA", "AMA"), ("LI", "LE"),
        ("ROSA", "RISA"), ("LI", "IL"), ("LI", "I"), ("NG", "UNG"), ("SUE", "SIE"), ("MOHAMMED", "MUHAMMAD"),
        ("MOHAMED", "MUHAMAD"),
    ],
)  # fmt: skip
def test_one_slip_in_a_name_of_any_length_takes_nobody_off_a_list(listed, asked):
    for one, other in ((listed, asked), (asked, listed)):
        for member, row in (
            (Member("Thomas", one, "1980-05-04"), item("Thomas", other)),
            (Member(one, "Thomas", "1980-05-04"), item(other, "Thomas")),
        ):
            assert may_be(member, row, find_day)
            assert People([Member("Walter", "Ortega"), member]).may_hold(row, find_day)


@given(name=st.text("ABEIKLNOSU", min_size=2, max_size=6), data=st.data())
def test_every_single_slip_of_a_listed_surname_is_still_that_surname(name, data):
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("ABEGKLNOSUZ"))
    head, tail = name[:place], name[place:]
    swapped = head + tail[1:2] + tail[:1] + tail[2:]
    for slipped in (head + tail[1:], head + letter + tail, head + letter + tail[1:], swapped):
        row = item("Thomas", slipped)
        assert may_be(Member("Thomas", name), row, find_day)
        assert People([Member("Thomas", name)]).may_hold(row, find_day)


@pytest.mark.rule("R-91")
@pytest.mark.parametrize(("listed", "asked"), [("KING", "BONG"), ("LEE", "KIM"), ("A", "B")])
def test_two_slips_in_a_short_name_are_another_name(listed, asked):
    assert not may_be(Member("Thomas", listed), item("Thomas", asked), find_day)


@pytest.mark.rule("R-91")
@pytest.mark.parametrize(
    ("member", "is_meant"),
    [
        (Member(taxpayer_number="966-70-1234"), True), (Member(taxpayer_number="966-70-1235"), False),
        (Member("Jose", "Ruiz Garcia"), True), (Member("Jose", "Ortega"), False),
        (Member("Jose", "Garcia", "1951-11-30", "966-70-1235"), False), (Member(alien_number="A1"), True),
    ],
)  # fmt: skip
def test_the_record_that_was_found_says_what_the_item_does_not(member, is_meant):
    asked = item("Pepe", "Ruis", birth_date="1980-05-04", alien_number="1")
    assert People([member]).may_hold(words_of(RECORD, asked), find_day) == is_meant


@pytest.mark.rule("R-91", "R-35")
def test_an_alien_number_protects_with_and_without_its_leading_zero():
    member = Member(alien_number="A012345678")
    assert People([member]).may_hold(item("X", "Y", alien_number="A12345678"), find_day)
    named = Member("Maria", "Cruz", "1980-03-04", alien_number="A012345678")
    assert may_be(named, item("Maria", "Cruz", birth_date="1980-04-03", alien_number="12345678"), find_day)


@pytest.mark.rule("R-91")
@pytest.mark.parametrize(("given", "family"), [("Maria", "Garcia"), ("Jose", "Hernandez"), ("Ana", "Lopez")])
def test_another_name_is_not_meant(given, family):
    assert not may_be(MEMBER, item(given, family), find_day)


@pytest.mark.rule("R-91")
def test_an_equal_number_protects_under_any_name():
    assert may_be(MEMBER, item("Pepe", "Ruiz", taxpayer_number="966701234"), find_day)


@pytest.mark.rule("R-91")
def test_one_slip_in_a_date_or_a_number_still_protects_and_both_other_do_not():
    assert may_be(MEMBER, item("Jose", "Garcia", birth_date="1980-05-14"), find_day)
    assert may_be(MEMBER, item("Jose", "Garcia", taxpayer_number="966701235"), find_day)
    assert may_be(
        MEMBER, item("Jose", "Garcia", birth_date="1980-05-14", taxpayer_number="966701235"), find_day
    )
    other = item("Jose", "Garcia", birth_date="1951-11-30", taxpayer_number="966890007")
    assert not may_be(MEMBER, other, find_day)


def test_a_member_known_by_number_alone_does_not_cover_everybody():
    assert not may_be(Member(taxpayer_number="966-70-1234"), item("Jose", "Garcia"), find_day)
