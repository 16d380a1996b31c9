"""A list looked up by words and numbers holds whom it holds when each person on it is asked (R-91)."""

from hypothesis import given
from hypothesis import strategies as st

from solely.facts.day import find_day
from solely.model import Item
from solely.orders.people import Member, People, may_be

# Few words, many of them like one another, so that lists and items meet.
WORDS = "José Jose J. Josef Garcia Garcai Garcia-Ruiz Ruiz Ana A Li Lu Il King Bing Sue Sie Mohammed De La"
WORD = st.sampled_from(WORDS.split())
NAME = st.lists(WORD, max_size=3).map(" ".join)
NUMBER = st.sampled_from(["", "966-70-1234", "966701234", "966701235"])
DAY = st.sampled_from(["", "1980-05-04", "1980-05-14", "5/4/1981", "1951-11-30"])
MEMBER = st.builds(Member, NAME, NAME, DAY, NUMBER, NUMBER)


@st.composite
def items(draw) -> Item:
    """A row that names a person, or hardly one."""
    stated = {"given_name": NAME, "middle_name": NAME, "family_name": NAME, "birth_date": DAY,
              "taxpayer_number": NUMBER, "alien_number": NUMBER}  # fmt: skip
    return Item(1, "R-1", **{name: draw(each) or None for name, each in stated.items()})


@given(st.lists(MEMBER, max_size=8), st.lists(items(), max_size=4))
def test_a_list_holds_whom_it_holds_one_by_one(members: list[Member], asked: list[Item]) -> None:
    people = People(members)
    for item in asked:
        assert people.may_hold(item, find_day) == any(may_be(each, item, find_day) for each in members)
