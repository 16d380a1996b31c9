"""The kernel and its slow twin agree on small crowded worlds, whatever the order and the writing."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solely.canonical import canonical_json
from solely.matching.alignment import compare_names, is_unlike
from solely.matching.compare import AddressLevel, address_level
from solely.matching.identify import identify
from solely.matching.keys import street_hash
from solely.matching.names import NameStatistics
from solely.model import Abstention, MatchingPolicy
from tests.support import matching_twin as twin
from tests.support.matching_world import POLICY, filed, home, record, subject

# Few values, so that family, namesakes, near names and copied numbers are the rule and not the exception.
WORDS = [
    "JOSE",
    "JOSUE",
    "JOES",
    "JSE",
    "MAXY",
    "MARY",
    "ANN",
    "MARYANN",
    "J",
    "O",
    "GARCIA",
    "GARZIA",
    "DE",
    "LA",
    "CRUZ",
    "DELACRUZ",
    "MULLER",
    "MUELLER",
]
NAMES = NameStatistics(
    1_000,
    {"GARCIA": 60, "JOSE": 30},
    frozenset({"JOSE", "JOSUE", "MARY", "ANN", "CRUZ", "MULLER", "MUELLER"}),
)
word = st.sampled_from(WORDS)
ROADS = ("HIGHWAY 8", "ROUTE 8", "STATE HIGHWAY 8", "US HIGHWAY 8", "US HIGHWAY 88", "COUNTY HIGHWAY 8")


def several(least: int, most: int):
    return st.lists(word, min_size=least, max_size=most).map(tuple)


dates = st.sampled_from(
    [
        None,
        date(1980, 5, 7),
        date(1980, 7, 5),
        date(1950, 5, 7),
        date(1981, 5, 7),
        date(1900, 1, 1),
        date(2001, 1, 1),
    ]
)
numbers = st.sampled_from([None, "900661234", "900675678", "000000000"])
suffixes = st.sampled_from(["", "", "", "JR", "SR"])
addresses = st.builds(
    home,
    st.sampled_from(["123", "128"]),
    st.sampled_from(["LARKSPUR", "LARKSPRU", "PINE", "PIKE", *ROADS]),
    st.sampled_from(["ST", "ST", "CT"]),
    unit=st.sampled_from(["", "3F", "4B"]),
    city=st.sampled_from(["CHICAGO", "CHICAGO", "CICERO"]),
)
asked_addresses = st.builds(
    lambda address, is_without: address._replace(zip5="") if is_without else address,
    addresses,
    st.sampled_from([False, False, True]),
)
of_record = st.builds(
    filed,
    addresses,
    st.sampled_from(["1998-01-01", "2020-01-01"]),
    st.sampled_from([None, "1999-12-31", "2022-06-30"]),
)


@st.composite
def subjects(draw):
    return subject("||")._replace(
        given=draw(several(0, 2)), middle=draw(several(0, 1)), family=draw(several(0, 3)),
        suffix=draw(suffixes), birth_date=draw(dates), taxpayer_number=draw(numbers),
        address=draw(asked_addresses), is_exact_required=draw(st.booleans()),
        order_date=draw(st.sampled_from([None, date(2024, 3, 1)])),
    )  # fmt: skip


@st.composite
def records(draw, record_id: str = "R1"):
    return record(record_id, "|||")._replace(
        given=draw(several(0, 2)), middle=draw(several(0, 1)), family=draw(several(0, 3)),
        family_2=draw(several(0, 1)), suffix=draw(suffixes), birth_date=draw(dates),
        taxpayer_number=draw(numbers),
        status=draw(st.sampled_from(["active", "active", "active", "inactive", "dependent"])),
        death_date=draw(st.sampled_from([None, None, None, date(2020, 1, 1)])),
        addresses=tuple(draw(st.lists(of_record, max_size=2))),
    )  # fmt: skip


@st.composite
def worlds(draw):
    """A subject and up to three records, the first often the subject's own."""
    asked = draw(subjects())
    crowd = [draw(records(f"R{place}")) for place in range(draw(st.integers(1, 3)))]
    if draw(st.booleans()):
        asked = asked._replace(given=("JOSE",), family=("GARCIA",), suffix="")
    for place in range(draw(st.integers(0, len(crowd)))):
        crowd[place] = crowd[place]._replace(
            given=asked.given, middle=asked.middle, family=asked.family, suffix=asked.suffix, status="active",
            death_date=None, addresses=(filed(asked.address), *crowd[place].addresses),
            birth_date=draw(st.sampled_from([asked.birth_date, crowd[place].birth_date])),
            taxpayer_number=draw(st.sampled_from([asked.taxpayer_number, crowd[place].taxpayer_number])),
        )  # fmt: skip
    return asked, crowd


@st.composite
def kin(draw):
    """A subject and a record that holds the same tokens, dealt anew over its fields, with some left out."""
    asked = draw(subjects())
    dealt = draw(st.permutations([*asked.given, *asked.middle, *asked.family, *draw(several(0, 1))]))
    one, two = sorted((draw(st.integers(0, len(dealt))), draw(st.integers(0, len(dealt)))))
    parts = {"given": tuple(dealt[:one]), "family": tuple(dealt[one:two]), "middle": tuple(dealt[two:][:1])}
    return asked, draw(records())._replace(**parts)


@settings(max_examples=600, deadline=None)
@given(kin() | st.tuples(subjects(), records()))
def test_alignment_equals_all_permutations(pair) -> None:
    asked, held = pair
    asked = asked._replace(taxpayer_number=None)
    expected = twin.name_levels(asked, held, NAMES)
    found = compare_names(asked, held, NAMES)
    assert (found.level, found.given, found.family, found.rest) == expected
    if is_unlike(asked, held):
        assert expected[0] == "OTHER"
    asked, held = (each._replace(taxpayer_number="900661234") for each in (asked, held))
    found = compare_names(asked, held, NAMES, is_numbered=True)
    assert (found.level, found.given, found.family, found.rest) == twin.name_levels(asked, held, NAMES)


@pytest.mark.rule("R-37")
@pytest.mark.rule("R-39")
@settings(max_examples=600, deadline=None)
@given(worlds(), st.booleans())
def test_the_kernel_identifies_only_whom_the_twin_would(world, is_two: bool) -> None:
    asked, crowd = world
    policy = MatchingPolicy(is_two_keys_required=is_two)
    found = identify(asked, crowd, policy, NAMES, False)
    allowed = {
        each.record_id
        for each in crowd
        if twin.may_be_released(asked, each, [other for other in crowd if other is not each], policy, NAMES)
    }
    if found.abstention is None:
        assert allowed == {found.record_id}
    elif found.abstention not in (Abstention.RIVAL, Abstention.SECOND_OPINION):
        # Those two also stop by margin and weight, which the twin does not ask.
        assert not allowed
    assert found.facts["identified"] is (found.abstention is None)


@pytest.mark.rule("R-39")
@settings(max_examples=200, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_candidates_never_counts(world, chance) -> None:
    asked, crowd = world
    first = identify(asked, crowd, POLICY, NAMES, False)
    mixed = [*crowd, crowd[0]]
    chance.shuffle(mixed)
    second = identify(asked, mixed, POLICY, NAMES, False)
    assert canonical_json(first.explanation) == canonical_json(second.explanation)
    assert first == second


@pytest.mark.rule("R-39")
@settings(max_examples=200, deadline=None)
@given(worlds(), records("R9"))
def test_one_more_record_never_turns_an_abstention_about_others_into_their_release(world, more) -> None:
    asked, crowd = world
    before = identify(asked, crowd, POLICY, NAMES, False)
    after = identify(asked, [*crowd, more], POLICY, NAMES, False)
    if after.abstention is None and after.record_id != "R9":
        assert before.record_id == after.record_id


@pytest.mark.rule("R-41")
@settings(max_examples=600, deadline=None)
@given(asked_addresses, addresses, st.sets(st.sampled_from([*ROADS, "PINE", "LARKSPUR"])))
def test_two_addresses_are_one_door_and_street_where_the_twin_says_so(asked, held, streets) -> None:
    names = NameStatistics(1_000, {}, frozenset(), frozenset(street_hash("60629", each) for each in streets))
    is_same = address_level(asked, held, names) in (AddressLevel.EQUAL, AddressLevel.NEAR)
    assert is_same == twin.is_same_street(asked, held, names, False)
