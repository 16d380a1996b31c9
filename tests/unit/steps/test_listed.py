"""A list that protects holds nothing that cannot be read: the error names place and element, no value."""

import pytest

from solely.errors import UsageError
from solely.orders.people import Member, People
from solely.steps.listed import require_findable, require_readable

READABLE = Member("José", "O'Brien", "1980-05-04", "966-70-1234", "A012345678")


@pytest.mark.rule("R-91", "R-57")
@pytest.mark.parametrize(
    ("element", "text"),
    [
        ("taxpayer_number", "996-89-31800"), ("taxpayer_number", "12-3456789"), ("taxpayer_number", "none"),
        ("alien_number", "A123"), ("alien_number", "ABC1234567890"),
        ("given_name", "---"), ("family_name", "12345"), ("birth_date", "1980-02-31"),
        ("birth_date", "May 4"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_read_is_refused_by_place_and_element(element, text):
    people = People([READABLE, READABLE._replace(**{element: text})])
    with pytest.raises(UsageError, match=f"person 2 of the list: `{element}`") as refused:
        require_readable(people, is_synthetic=True)
    assert text not in str(refused.value)


@pytest.mark.rule("R-91")
def test_names_of_every_script_and_unstated_elements_are_readable():
    require_readable(
        People([READABLE, Member("Ольга", "王"), Member(family_name="X"), Member(alien_number="1234567")]),
        is_synthetic=True,
    )


@pytest.mark.rule("R-91")
@pytest.mark.parametrize(
    "person",
    [Member(family_name="Jr."), Member("II", "III", "1980-05-04"), Member(alien_number="A012345678")],
)
def test_who_could_be_found_by_nothing_that_is_given_is_refused_by_place(person):
    with pytest.raises(UsageError, match="person 2"):
        require_findable(People([READABLE, person]))
    require_findable(People([READABLE, person._replace(taxpayer_number="966-70-1234")]))
    require_findable(People([READABLE, person._replace(given_name="Ana")]))
