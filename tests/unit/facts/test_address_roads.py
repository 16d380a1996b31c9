"""Numbered roads and streets of odd names: one road by each of its names, and no road from a phrase."""

import pytest

from solely.facts.address import judge
from solely.facts.address_tables import AddressTables
from solely.store.inputs import read_inputs, tables_of


@pytest.fixture(scope="module")
def tables() -> AddressTables:
    files = read_inputs(None)
    return tables_of(files)


def require_one_address(texts: list[str], tables: AddressTables) -> None:
    """Each is sufficient as it is, and all are one address."""
    found = [judge(each, tables) for each in texts]
    assert [each.verdict for each in found] == ["OK"] * len(found)
    assert len({each.address for each in found}) == 1


@pytest.mark.rule("R-40")
@pytest.mark.parametrize(
    ("road", "last"),
    [
        (
            "KY 80|KY-80|KENTUCKY 80|KY HWY 80|KENTUCKY RTE 80|KY STATE ROUTE 80|STATE RD 80|SR 80",
            "LEXINGTON KY 40502",
        ),
        ("SD HWY 44|SOUTH DAKOTA HIGHWAY 44|SD 44|STATE HIGHWAY 44", "PIERRE SD 57501"),
        ("ND HIGHWAY 5|ND-5|NORTH DAKOTA 5|STATE HWY 5", "MUNICH ND 58352"),
        ("ME HIGHWAY 5|ME-5|MAINE 5|STATE ROUTE 5", "MADISON ME 04950"),
        ("M-22|MI HWY 22|MICHIGAN 22", "LEROY MI 49655"),
        ("CT ROUTE 80|CONNECTICUT 80|STATE ROUTE 80", "GUILFORD CT 06437"),
        ("RM 2222|RANCH ROAD 2222", "AUSTIN TX 78701"),
        ("US 80|US-80|U.S. HIGHWAY 80|US ROUTE 80", "AUSTIN TX 78701"),
        ("I 40|I-40|INTERSTATE 40", "TULSA OK 74101"),
    ],
)
def test_a_road_is_one_by_whichever_of_its_names(road, last, tables):
    require_one_address([f"21317 {each}, {last}" for each in road.split("|")], tables)


@pytest.mark.rule("R-40")
@pytest.mark.parametrize(
    ("road", "last"),
    [
        ("COUNTY HWY KP|COUNTY HIGHWAY KP|CTH KP|CO HWY KP", "CROSS PLAINS WI 53528"),
        ("STATE HIGHWAY AC|STATE HWY AC|STATE RTE AC", "COLUMBIA MO 65201"),
    ],
)
def test_a_road_may_be_called_by_two_letters(road, last, tables):
    require_one_address([f"N1234 {each} APT 2, {last}" for each in road.split("|")], tables)
    assert not judge(f"N1234 COUNTY HIGHWAY NA, {last}", tables).is_sufficient


@pytest.mark.rule("R-40")
def test_roads_of_others_and_other_roads_stay_apart(tables):
    for one, other, last in (
        ("KY 80", "COUNTY ROAD 80", "LEXINGTON KY 40502"),
        ("TX 1604", "TX LOOP 1604", "AUSTIN TX 78701"),
        ("US 80", "STATE HIGHWAY 80", "AUSTIN TX 78701"),
        ("OK 9", "TX 9", "TULSA OK 74101"),
    ):
        assert judge(f"77 {one}, {last}", tables).address != judge(f"77 {other}, {last}", tables).address


@pytest.mark.rule("R-25")
@pytest.mark.parametrize(
    "text", ["SD, PIERRE SD 57501", "12 SD PIERRE SD 57501", "77 NA HWY 5, MADISON ME 04950"]
)
def test_a_state_that_is_no_road_says_that_there_is_no_address(text, tables):
    assert judge(text, tables).verdict == "PLACEHOLDER"


@pytest.mark.rule("R-27")
def test_a_way_told_from_elsewhere_is_no_street_though_a_type_stands_behind_it(tables):
    assert judge("9001 MILE UP CENTER, PHOENIX AZ 85001", tables).verdict == "UNCLEAR"
    assert judge("9001 MILE HIGH CENTER, PHOENIX AZ 85001", tables).is_sufficient


@pytest.mark.rule("R-27")
def test_two_initials_begin_a_name_and_no_sentence(tables):
    assert judge("2708 P J ADAMS PKWY, BAKERSFIELD CA 93305", tables).is_sufficient
    assert judge("2708 T B DETERMINED ST, BAKERSFIELD CA 93305", tables).verdict == "UNCLEAR"
    assert judge("2708 D K WHERE ST, BAKERSFIELD CA 93305", tables).verdict == "UNCLEAR"
