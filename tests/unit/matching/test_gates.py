"""Each gate lets the right person pass and stops what it is there to stop."""

from datetime import date

import pytest

from solely.canonical import canonical_json
from solely.matching.identify import identify
from solely.matching.keys import street_hash
from solely.matching.names import NameStatistics
from solely.model import Abstention, Candidate, Identification, MatchingPolicy, Subject
from tests.support.matching_world import NAMES, POLICY, filed, home, record, subject

NUMBER, OTHER_NUMBER = "900661234", "900675678"
FATHER_BORN = date(1950, 2, 3)


def judged(asked: Subject, *candidates: Candidate, names: NameStatistics = NAMES) -> Identification:
    return identify(asked, candidates, POLICY, names, False)


def gate(found: Identification, name: str) -> tuple[bool, str]:
    return next((g["passed"], g["because"]) for g in found.explanation["gates"] if g["id"] == name)


@pytest.mark.rule("R-37")
@pytest.mark.rule("R-67")
def test_name_address_and_birth_date_of_one_record_identify_it() -> None:
    found = judged(subject(), record())
    assert (found.record_id, found.abstention) == ("R1", None)
    assert found.facts["identified"] is True and found.facts["keys_equal"] == 1
    assert found.release_address == record().addresses[0]


@pytest.mark.rule("R-37")
@pytest.mark.rule("R-33")
def test_name_and_number_never_make_up_for_another_address() -> None:
    elsewhere = record(addresses=(filed(home("77", "JUNIPER", "AVE")),))
    found = judged(subject(taxpayer_number=NUMBER), elsewhere)
    assert found.abstention is Abstention.ADDRESS_NOT_OF_RECORD
    assert found.record_id is None and found.release_address is None
    assert found.facts["address_of_record"] is False


@pytest.mark.rule("R-37")
def test_the_address_of_another_person_confirms_nobody() -> None:
    target = record(addresses=(filed(home("77", "JUNIPER", "AVE")),))
    neighbour = record("R2", "ANN||BAKER|", birth_date=date(1970, 1, 9), taxpayer_number=OTHER_NUMBER)
    assert judged(subject(), target, neighbour).abstention is Abstention.ADDRESS_NOT_OF_RECORD


@pytest.mark.rule("R-41")
@pytest.mark.parametrize(
    "held",
    [
        home("128"),
        home("123", "LARKSPUR", "CT"),
        home("123", "LARKSPUR", "ST", predirectional="N"),
        home("123", "LARKSPUR", "ST", postdirectional="SW"),
        home("123", "LARKSPUR", "ST", zip5="60628"),
        home("123", "JUNIPER"),
        home("123", "LARKSPUR", ""),
    ],
    ids=["number", "suffix", "direction", "direction after", "zip", "street", "no suffix"],
)
def test_a_similar_address_is_another_address(held) -> None:
    found = judged(subject(), record(addresses=(filed(held),)))
    assert found.abstention is Abstention.ADDRESS_NOT_OF_RECORD


@pytest.mark.rule("R-41")
def test_oak_street_never_confirms_oak_court() -> None:
    asked = subject(address=home("12", "OAK", "ST"))
    assert judged(asked, record(addresses=(filed(home("12", "OAK", "ST")),))).abstention is None
    court = judged(asked, record(addresses=(filed(home("12", "OAK", "CT")),)))
    assert court.abstention is Abstention.ADDRESS_NOT_OF_RECORD


@pytest.mark.rule("R-40")
def test_one_slip_in_a_street_name_still_confirms() -> None:
    found = judged(subject(address=home("123", "LARKSPRU")), record())
    assert found.abstention is None and found.facts["address_level"] == "NEAR"


@pytest.mark.rule("R-41")
def test_a_street_name_that_is_another_street_of_the_zip_is_no_slip() -> None:
    asked = subject(address=home("123", "PINE"))
    held = record(addresses=(filed(home("123", "PIKE")),))
    assert judged(asked, held).abstention is None
    known = NameStatistics(1_000, {}, frozenset(), frozenset({street_hash("60629", "PINE")}))
    assert judged(asked, held, names=known).abstention is Abstention.ADDRESS_NOT_OF_RECORD
    common = NameStatistics(1_000, common_streets=frozenset({"PINE"}))
    assert judged(asked, held, names=common).abstention is Abstention.ADDRESS_NOT_OF_RECORD


@pytest.mark.rule("R-40", "R-41")
def test_a_highway_by_its_number_is_the_states_or_the_nations_where_the_zip_has_one_of_them() -> None:
    def confirmed(asked: str, held: str, *known: str) -> bool:
        names = NameStatistics(
            1_000, {}, frozenset(), frozenset(street_hash("60629", each) for each in known)
        )
        of_record = record(addresses=(filed(home("123", held, "")),))
        return judged(subject(address=home("123", asked, "")), of_record, names=names).abstention is None

    general, states, nations = "HIGHWAY 80", "STATE HIGHWAY 80", "US HIGHWAY 80"
    for own, other in ((states, nations), (nations, states)):
        assert confirmed(general, own, own) and confirmed(own, general, general)
        assert not confirmed(general, own, own, other) and not confirmed(own, general, general, other)
        assert not confirmed(own, other) and not confirmed(own, "COUNTY HIGHWAY 80")
        assert not confirmed(general, own.replace("80", "81"))
    assert confirmed("ROUTE 80", general) and confirmed("ROUTE 80", states)
    assert not confirmed("ROUTE 80", general, states, nations)
    exact = subject(address=home("123", general, ""), is_exact_required=True)
    of_record = record(addresses=(filed(home("123", states, "")),))
    assert judged(exact, of_record).abstention is Abstention.ADDRESS_NOT_OF_RECORD


@pytest.mark.rule("R-41")
def test_numbered_streets_are_never_a_slip_of_each_other() -> None:
    asked = subject(address=home("123", "12TH"))
    found = judged(asked, record(addresses=(filed(home("123", "13TH")),)))
    assert found.abstention is Abstention.ADDRESS_NOT_OF_RECORD


@pytest.mark.rule("R-80")
def test_a_doubtful_address_passes_only_if_exactly_equal() -> None:
    doubtful = home("120", "LARKSPUR", "")
    held = record(addresses=(filed(doubtful),))
    assert judged(subject(address=doubtful, is_exact_required=True), held).abstention is None
    slipped = subject(address=home("120", "LARKSPRU", ""), is_exact_required=True)
    found = judged(slipped, held)
    assert found.abstention is Abstention.ADDRESS_NOT_OF_RECORD
    assert gate(found, "G1") == (False, "NOT_EXACT")


def test_units_in_conflict_are_two_homes_and_a_missing_unit_is_not() -> None:
    asked = subject(address=home(unit="3F"))
    assert judged(asked, record(addresses=(filed(home(unit="3F")),))).abstention is None
    assert judged(asked, record()).abstention is None
    found = judged(asked, record(addresses=(filed(home(unit="4B")),)))
    assert found.abstention is Abstention.ADDRESS_NOT_OF_RECORD
    assert gate(found, "G1") == (False, "UNIT_CONFLICT")


@pytest.mark.rule("R-38")
def test_an_address_of_1998_does_not_count_for_2023() -> None:
    old = record(addresses=(filed(since="1998-01-01", until="1998-12-31"),))
    found = judged(subject(), old)
    assert found.abstention is Abstention.ADDRESS_NOT_OF_RECORD
    assert gate(found, "G1") == (False, "OTHER_PERIOD")
    assert judged(subject(periods=(1998,)), old).abstention is None


@pytest.mark.rule("R-38")
def test_an_agreement_may_let_any_address_of_record_count_yet_only_a_requested_one_leaves() -> None:
    policy = MatchingPolicy(address_periods="any")
    old = filed(since="1998-01-01", until="1998-12-31")
    new = filed(home("9", "ELDER", "RD"), since="2020-01-01")
    found = identify(subject(), [record(addresses=(old, new))], policy, NAMES, False)
    assert found.abstention is None and found.release_address == new


@pytest.mark.rule("R-22")
def test_an_open_end_is_no_exemption() -> None:
    found = judged(subject(periods=(2019,)), record(addresses=(filed(since="2020-01-01"),)))
    assert found.abstention is Abstention.ADDRESS_NOT_OF_RECORD
    assert found.facts["address_period_requested"] is False


@pytest.mark.rule("R-22")
def test_the_latest_address_that_meets_a_requested_period_leaves_never_a_newer_one() -> None:
    asked_of = filed(since="2019-01-01", until="2022-12-31")
    later = filed(home("5", "ELDER", "RD"), since="2023-01-01", until="2023-12-31")
    newest = filed(home("6", "BIRCH", "RD"), since="2024-01-01")
    found = judged(subject(), record(addresses=(newest, asked_of, later)))
    assert found.abstention is None and found.release_address == later


@pytest.mark.rule("R-22")
def test_two_addresses_equally_late_leave_nothing() -> None:
    one, two = filed(), filed(home("5", "ELDER", "RD"))
    found = judged(subject(), record(addresses=(one, two)))
    assert found.release_address is None and found.facts["address_period_requested"] is None
    same = judged(subject(), record(addresses=(one, one._replace(street_line="123 Larkspur Street"))))
    assert same.release_address is not None


@pytest.mark.rule("R-41")
@pytest.mark.parametrize("written", ["JOAN", "JEANNE"])
def test_two_real_names_are_never_a_typo(written: str) -> None:
    names = NameStatistics(1_000, {"JEANNE": 1}, frozenset({"JEAN", "JOAN"}))
    found = judged(subject(f"{written}||GARCIA"), record(name="JEAN||GARCIA|"), names=names)
    assert found.abstention is Abstention.NAME_NOT_STRICT
    assert found.facts["identified"] is False


@pytest.mark.rule("R-40")
def test_a_typo_that_is_nobodys_name_is_read_as_a_typo() -> None:
    found = judged(subject("JOSE||GRACIA"), record(), names=NameStatistics(1_000, {"GARCIA": 60}))
    assert found.abstention is None
    assert found.explanation["evidence"][1]["level"] == "TYPO"


@pytest.mark.rule("R-40", "R-94")
@pytest.mark.parametrize("name", ["KMI||LEE", "KIM||LEX", "KXM||LEE", "XIM||LEE"])
def test_one_letter_of_a_short_name_is_a_slip_beside_the_number_alone(name: str) -> None:
    asked, held = subject(name, taxpayer_number=NUMBER), record(name="KIM||LEE|")
    assert judged(asked, held).abstention is None
    assert judged(asked._replace(taxpayer_number=None), held).abstention is Abstention.NAME_NOT_STRICT
    known = NameStatistics(1_000, shipped=frozenset(name.split("||")))
    assert judged(asked, held, names=known).abstention is Abstention.NAME_NOT_STRICT


@pytest.mark.rule("R-41")
@pytest.mark.parametrize("name", ["KM||LEE", "KIM||LE", "KXN||LEE"])
def test_two_letters_or_one_of_two_are_no_slip(name: str) -> None:
    found = judged(subject(name, taxpayer_number=NUMBER), record(name="KIM||LEE|"))
    assert found.abstention is Abstention.NAME_NOT_STRICT


def test_the_floor_of_bearers_grows_with_the_registry() -> None:
    few = {"GRACIA": 19}
    assert judged(subject("JOSE||GRACIA"), record(), names=NameStatistics(10**7, few)).abstention is None
    many = {"GRACIA": 20}
    found = judged(subject("JOSE||GRACIA"), record(), names=NameStatistics(10**7, many))
    assert found.abstention is Abstention.NAME_NOT_STRICT


@pytest.mark.rule("R-79")
def test_name_and_address_alone_identify_nobody() -> None:
    found = judged(subject(birth_date=None), record())
    assert found.abstention is Abstention.NO_DISCRIMINATOR
    assert judged(subject(birth_date=None, taxpayer_number=NUMBER), record()).abstention is None


@pytest.mark.rule("R-41")
@pytest.mark.parametrize("born", [date(1980, 5, 18), date(1981, 5, 17), date(1980, 6, 17)])
def test_a_birth_date_one_part_off_is_no_key(born: date) -> None:
    found = judged(subject(birth_date=born), record())
    assert found.abstention is Abstention.NO_DISCRIMINATOR


def test_a_swapped_birth_date_is_no_key() -> None:
    found = judged(subject(birth_date=date(1980, 5, 7)), record(birth_date=date(1980, 7, 5)))
    assert found.abstention is Abstention.NO_DISCRIMINATOR


def test_one_key_that_contradicts_outweighs_one_that_agrees() -> None:
    asked = subject(taxpayer_number=OTHER_NUMBER)
    assert judged(asked, record()).abstention is Abstention.DISCRIMINATOR_CONFLICT
    born = subject(taxpayer_number=NUMBER, birth_date=FATHER_BORN)
    assert judged(born, record()).abstention is Abstention.DISCRIMINATOR_CONFLICT


def test_a_number_that_is_somebody_elses_is_a_conflict() -> None:
    owner = record("R2", "ANN||BAKER|", taxpayer_number=OTHER_NUMBER, birth_date=None, addresses=())
    asked = subject(taxpayer_number=OTHER_NUMBER)
    found = judged(asked, record(taxpayer_number=None), owner)
    assert found.abstention is Abstention.DISCRIMINATOR_CONFLICT
    assert found.facts["belongs_to_other_person"] is True
    assert judged(asked, record(taxpayer_number=None)).facts["belongs_to_other_person"] is False


@pytest.mark.parametrize("filler", ["000000000", "999999999", "123456789"])
def test_fillers_are_no_keys(filler: str) -> None:
    asked = subject(taxpayer_number=filler, birth_date=date(1900, 1, 1))
    held = record(taxpayer_number=filler, birth_date=date(1900, 1, 1))
    assert judged(asked, held).abstention is Abstention.NO_DISCRIMINATOR


@pytest.mark.rule("R-39")
@pytest.mark.rule("R-79")
def test_a_first_of_january_is_no_key_also_at_one_flat() -> None:
    """Brothers were given that day alike: one who is not on record is not told from the one who is."""
    born, flat = {"birth_date": date(1980, 1, 1)}, home(unit="3F")
    asked, held = subject("AMINA||HASSANLI", **born), record("R1", "AMINA||HASSANLI|", **born)
    asked, held = asked._replace(address=flat), held._replace(addresses=(filed(flat),))
    found = judged(asked, held)
    assert (found.abstention, found.facts["keys_equal"]) == (Abstention.NO_DISCRIMINATOR, 0)
    brother = held._replace(given=("AMINA", "LAYLA"))
    assert judged(asked, brother).abstention is Abstention.NO_DISCRIMINATOR
    numbered = judged(asked._replace(taxpayer_number=NUMBER), held)
    assert (numbered.abstention, numbered.facts["keys_equal"]) == (None, 1)
    assert numbered.explanation["counterfactual"] == ["name", "address", "taxpayer_number"]
    namesake = held._replace(record_id="R2", birth_date=date(1990, 1, 1), taxpayer_number=OTHER_NUMBER)
    beside = judged(asked._replace(taxpayer_number=NUMBER), held, namesake)
    assert beside.abstention is Abstention.NAMESAKE_NEEDS_TWO_KEYS


def test_a_first_of_january_that_differs_contradicts_as_any_day_does() -> None:
    asked = subject(birth_date=date(1980, 1, 1), taxpayer_number=NUMBER)
    assert judged(asked, record()).abstention is Abstention.DISCRIMINATOR_CONFLICT
    near = judged(subject(birth_date=date(1980, 1, 1)), record(birth_date=date(1981, 1, 1)))
    assert near.abstention is Abstention.NO_DISCRIMINATOR


@pytest.mark.rule("R-39")
def test_father_and_son_of_one_name_in_one_house_need_two_keys() -> None:
    son = record("R2", taxpayer_number=OTHER_NUMBER)
    father = record("R1", birth_date=FATHER_BORN)
    one_key = judged(subject(), father, son)
    assert one_key.abstention is Abstention.NAMESAKE_NEEDS_TWO_KEYS
    both = judged(subject(taxpayer_number=OTHER_NUMBER), father, son)
    assert (both.record_id, both.abstention) == ("R2", None)


@pytest.mark.rule("R-39")
def test_two_whom_no_key_tells_apart_are_rivals() -> None:
    twin = record("R2", taxpayer_number=None)
    other = record("R1", taxpayer_number=None)
    found = judged(subject(), twin, other)
    assert found.abstention in (Abstention.RIVAL, Abstention.NAMESAKE_NEEDS_TWO_KEYS)
    unknown = record("R2", birth_date=None, taxpayer_number=None)
    found = judged(subject(taxpayer_number=NUMBER), record(), unknown)
    assert found.abstention is Abstention.RIVAL
    assert found.explanation["rivals"]["count"] == 1


@pytest.mark.rule("R-39")
@pytest.mark.rule("R-94")
def test_brothers_who_share_the_first_of_two_given_names_are_no_namesakes() -> None:
    robert, asked = record(name="JEAN ROBERT||GARCIA|"), subject("JEAN ROBERT||GARCIA")
    brother = {"birth_date": FATHER_BORN, "taxpayer_number": OTHER_NUMBER}
    claude = record("R2", "JEAN CLAUDE||GARCIA|", **brother)
    assert judged(asked, robert, claude).abstention is None
    # One name alone leaves open which brother is meant; a part of the name or an initial tells nothing apart.
    assert judged(subject("JEAN||GARCIA"), robert, claude).abstention is Abstention.NAMESAKE_NEEDS_TWO_KEYS
    for name in (
        "JEAN||GARCIA|",
        "JEAN R||GARCIA|",
        "JEAN C||GARCIA|",
        "JEANROBERT||GARCIA|",
        "JEAN ROBRET||GARCIA|",
    ):
        other = record("R2", name, **brother)
        assert judged(asked, robert, other).abstention is Abstention.NAMESAKE_NEEDS_TWO_KEYS


@pytest.mark.rule("R-37")
@pytest.mark.rule("R-39")
@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("WILLIAM|JOSEPH|GARCIA", "JOSEPH|WILLIAM|GARCIA|"),
        ("ALI|MOHAMED|GARCIA", "MOHAMED|ALI|GARCIA|"),
        ("ALI|HASSAN|MOHAMED", "MOHAMED|ALI|HASSAN|"),
        ("HASSAN|MOHAMED|ALI", "MOHAMED|ALI|HASSAN|"),
        ("JUANA|JUAN|GARCIA", "JUAN|JUANA|GARCIA|"),
        ("JUAN|JUANA|GARCIA", "JUANA|JUAN|GARCIA|"),
        ("PETER|JOERG|GARCIA", "JORG|PETER|GARCIA|"),
    ],
)
def test_a_name_in_which_given_names_cross_needs_two_keys(child: str, parent: str) -> None:
    """A child named crosswise after the parent, or down a line of fathers, with the parent's number."""
    asked = subject(child, birth_date=None, taxpayer_number=NUMBER)
    found = judged(asked, record(name=parent))
    assert found.abstention is Abstention.NAMESAKE_NEEDS_TWO_KEYS
    assert gate(found, "G5") == (False, "CROSSED_NAMES")
    assert judged(subject(child, taxpayer_number=NUMBER), record(name=parent)).abstention is None


@pytest.mark.rule("R-40")
@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("NGUYEN|VAN|HUNG", "HUNG|VAN|NGUYEN|"),
        ("NGUYEN VAN||HUNG", "HUNG|VAN|NGUYEN|"),
        ("GARCIA LOPEZ||JOSE", "JOSE||GARCIA|LOPEZ"),
        ("JOSE|GARCIA|LOPEZ", "JOSE||GARCIA|LOPEZ"),
        ("LUIS||GARCIA", "LUIS|JOSE|GARCIA|"),
        ("JEANCLAUDE||JEAN", "JEAN CLAUDE||JEAN|"),
        ("JOERG|PETER|GARCIA", "JORG|PETER|GARCIA|"),
    ],
)
def test_family_and_given_names_that_changed_places_cross_nothing(asked: str, held: str) -> None:
    assert judged(subject(asked), record(name=held)).abstention is None


@pytest.mark.rule("R-87")
def test_a_guess_of_a_key_tries_the_record_whose_name_and_address_are_right() -> None:
    guesses = (
        subject(birth_date=date(1981, 1, 1)),
        subject(birth_date=None, taxpayer_number=OTHER_NUMBER),
        subject(birth_date=date(1981, 1, 1), taxpayer_number=NUMBER),
    )
    for guess in guesses:
        found = judged(guess, record())
        assert (found.record_id, found.tried_id) == (None, "R1")
    elsewhere = judged(subject(birth_date=date(1981, 1, 1), address=home("125")), record())
    assert elsewhere.tried_id is None
    assert judged(subject("ROBERT||GARCIA", birth_date=date(1981, 1, 1)), record()).tried_id is None


@pytest.mark.rule("R-37")
@pytest.mark.rule("R-39")
def test_the_number_of_a_twin_never_names_her_beside_the_one_who_is_asked_for() -> None:
    marie = record("R1", "MARIE||METAYER|", taxpayer_number=NUMBER)
    twin = record("R2", "MARIE JOSE||METAYER|", taxpayer_number=OTHER_NUMBER)
    copied = judged(subject("MARIE||METAYER", taxpayer_number=OTHER_NUMBER), marie, twin)
    assert (copied.record_id, copied.abstention) == (None, Abstention.RIVAL)
    swapped = judged(subject("METAYER||MARIE", taxpayer_number=OTHER_NUMBER), marie, twin)
    assert swapped.abstention is Abstention.RIVAL
    for asked, number, whose in (("MARIE", NUMBER, "R1"), ("MARIE JOSE", OTHER_NUMBER, "R2")):
        found = judged(subject(f"{asked}||METAYER", taxpayer_number=number), marie, twin)
        assert (found.record_id, found.abstention) == (whose, None)


@pytest.mark.parametrize(
    "other",
    [
        {"status": "inactive"},
        {"status": "dependent"},
        {"death_date": date(2015, 1, 1)},
        {"addresses": (filed(since="1990-01-01", until="1999-12-31"),)},
    ],
    ids=["inactive", "dependent", "dead", "former address"],
)
def test_rivals_come_from_everybody_ever_known(other) -> None:
    rival = record("R2", birth_date=None, taxpayer_number=None, **other)
    found = judged(subject(taxpayer_number=NUMBER), record(), rival)
    assert found.abstention is Abstention.RIVAL
    namesake = record("R2", birth_date=FATHER_BORN, taxpayer_number=None, **other)
    assert judged(subject(), record(), namesake).abstention is Abstention.NAMESAKE_NEEDS_TWO_KEYS


@pytest.mark.rule("R-39")
@pytest.mark.parametrize("given", ["J", "JOSE"])
def test_a_record_under_an_initial_may_be_the_namesakes(given: str) -> None:
    son = record("R2", f"{given}||GARCIA|", birth_date=FATHER_BORN, taxpayer_number=None)
    assert judged(subject(), record(), son).abstention is Abstention.NAMESAKE_NEEDS_TWO_KEYS
    assert judged(subject(taxpayer_number=NUMBER), record(), son).abstention is None
    wife = record("R2", "M||GARCIA|", birth_date=FATHER_BORN, taxpayer_number=None)
    assert judged(subject(), record(), wife).abstention is None


@pytest.mark.rule("R-39")
@pytest.mark.parametrize("status", ["active", "inactive", "dependent"])
def test_who_lends_the_middle_name_is_no_namesake(status: str) -> None:
    """The request states both first names in full; `other` bears only the second."""
    son, asked = record(name="PILAR|JOSE|GARCIA|"), subject("PILAR|JOSE|GARCIA")
    father = {"birth_date": FATHER_BORN, "taxpayer_number": None, "status": status}
    assert judged(asked, son, record("R2", "JOSE|RUBEN|GARCIA|", **father)).abstention is None
    # Every stated name is borne by the other, in another order: one name.
    for same in ("JOSE|PILAR|GARCIA|", "JOSE|P|GARCIA|", "PILAR|RUBEN|GARCIA|", "P|RUBEN|GARCIA|"):
        other = record("R2", same, **father)
        assert judged(asked, son, other).abstention is Abstention.NAMESAKE_NEEDS_TWO_KEYS
    # A joined name leaves open which of the two was meant.
    asked, son = subject("PILAR JOSE|ANN|GARCIA"), record(name="PILAR JOSE|ANN|GARCIA|")
    joined = record("R2", "PILARJOSE|RUBEN|GARCIA|", **father)
    assert judged(asked, son, joined).abstention is Abstention.NAMESAKE_NEEDS_TWO_KEYS


@pytest.mark.parametrize("state", [{"status": "inactive"}, {"status": "dependent"}, {"status": "ACTIVE?"},
                                   {"death_date": date(2020, 1, 1)}])  # fmt: skip
def test_only_an_active_living_person_can_be_the_match(state) -> None:
    found = judged(subject(taxpayer_number=NUMBER), record(**state))
    assert found.abstention is not None and found.record_id is None


@pytest.mark.rule("R-37")
@pytest.mark.parametrize(
    "state", [{"status": "inactive"}, {"status": "dependent"}, {"death_date": date(2020, 1, 1)}]
)
def test_the_number_of_the_very_person_who_is_dead_or_inactive_is_nobody_elses(state) -> None:
    asked = subject(taxpayer_number=NUMBER)
    found = judged(asked, record(**state))
    assert (found.abstention, found.facts["belongs_to_other_person"]) == (Abstention.NO_CANDIDATE, False)
    assert found.explanation["barred"] == 1
    born = {"birth_date": date(1950, 2, 2)}
    for other in ({"given": ("PABLO",), "birth_date": None}, born, {"suffix": "SR"}):
        another = judged(asked, record(**state, **other))
        assert another.abstention is Abstention.DISCRIMINATOR_CONFLICT
        assert another.facts["belongs_to_other_person"] and another.explanation["barred"] == 0


@pytest.mark.parametrize(("asked", "held"), [("JR", ""), ("", "JR"), ("JR", "SR"), ("II", "III")])
def test_a_suffix_on_one_side_only_or_another_one_abstains(asked: str, held: str) -> None:
    found = judged(subject(suffix=asked, taxpayer_number=NUMBER), record(suffix=held))
    assert found.abstention is Abstention.NAME_SUFFIX


def test_an_equal_suffix_needs_two_keys() -> None:
    assert judged(subject(suffix="Jr."), record(suffix="JR")).abstention is Abstention.NAMESAKE_NEEDS_TWO_KEYS
    assert judged(subject(suffix="JR", taxpayer_number=NUMBER), record(suffix="Junior")).abstention is None


def test_an_agreement_may_ask_two_keys_of_everybody() -> None:
    policy = MatchingPolicy(is_two_keys_required=True)
    found = identify(subject(), [record()], policy, NAMES, False)
    assert found.abstention is Abstention.NAMESAKE_NEEDS_TWO_KEYS
    asked = subject(taxpayer_number=NUMBER)
    assert identify(asked, [record()], policy, NAMES, False).abstention is None


def test_no_policy_loosens_the_product_s_floors() -> None:
    loose = MatchingPolicy(weight_bits_min=0, margin_bits_min=0)
    blemished = subject("JOES||GRACIA", address=home("123", "LARKSPRU"))
    names = NameStatistics(1_000, {"GARCIA": 60, "JOSE": 400})
    found = identify(blemished, [record()], loose, names, False)
    assert found.abstention is Abstention.SECOND_OPINION


@pytest.mark.parametrize(
    ("asked", "because"),
    [
        ({"order_date": date(2025, 7, 2)}, "ORDER_AFTER_RECEIPT"),
        ({"order_date": date(1970, 1, 2)}, "BIRTH_NOT_BEFORE_ORDER"),
    ],
)
def test_dates_that_cannot_be_true_together_abstain(asked, because: str) -> None:
    found = judged(subject(**asked), record())
    assert found.abstention is Abstention.INCONSISTENT_DATES
    assert gate(found, "G6") == (False, because)


def test_a_number_shared_by_two_records_is_no_key() -> None:
    sharer = record("R2", "ANN||BAKER|")
    found = judged(subject(taxpayer_number=NUMBER), record(), sharer)
    assert found.abstention is Abstention.DISCRIMINATOR_CONFLICT
    assert gate(found, "G6") == (False, "NUMBER_SHARED")


@pytest.mark.rule("R-41")
def test_the_second_opinion_only_ever_stops() -> None:
    names = NameStatistics(1_000, {"GARCIA": 60, "JOSE": 400})
    light = judged(subject("JOES||GRACIA", address=home("123", "LARKSPRU")), record(), names=names)
    assert light.abstention is Abstention.SECOND_OPINION
    assert light.facts["identified"] is False and light.record_id == "R1"
    heavy = judged(subject(taxpayer_number=NUMBER), record(addresses=()))
    assert heavy.abstention is Abstention.ADDRESS_NOT_OF_RECORD


def test_a_capped_search_identifies_nobody() -> None:
    assert identify(subject(), [record()], POLICY, NAMES, True).abstention is Abstention.BLOCK_TOO_LARGE
    assert identify(subject(), [], POLICY, NAMES, True).abstention is Abstention.BLOCK_TOO_LARGE
    assert identify(subject(), [], POLICY, NAMES, False).abstention is Abstention.NO_CANDIDATE


@pytest.mark.rule("R-43")
@pytest.mark.parametrize("flag", [True, None])
def test_a_protecting_flag_is_a_fact_also_when_it_is_unknown(flag) -> None:
    found = judged(subject(), record(is_protected=flag, is_impaired=flag))
    assert found.facts["is_protected"] is True and found.facts["is_impaired"] is True
    plain = judged(subject(), record())
    assert plain.facts["is_protected"] is False and plain.facts["is_impaired"] is False


@pytest.mark.rule("R-57")
def test_an_explanation_holds_levels_only_and_is_canonical() -> None:
    asked = subject("JOSE|LUIS|GARCIA", taxpayer_number=NUMBER, address=home(unit="77Q"))
    held = record("SECRET-ID", "JOSE|LUIS|GARCIA|LOPEZ", addresses=(filed(home(unit="77Q")),))
    text = canonical_json(judged(asked, held).explanation).decode()
    for value in ("GARCIA", "JOSE", "LUIS", "LOPEZ", NUMBER, "LARKSPUR", "60629", "1980", "SECRET", "77Q"):
        assert value not in text
    assert [each["id"] for each in judged(asked, held).explanation["gates"]] == [f"G{n}" for n in range(1, 7)]


@pytest.mark.rule("R-02")
@pytest.mark.parametrize("field", ["birth_date", "taxpayer_number"])
def test_a_value_that_equals_nothing_never_identifies(field: str) -> None:
    nan = float("nan")
    found = judged(subject(**{"birth_date": None, field: nan}), record(**{field: nan}))
    assert found.abstention is not None


@pytest.mark.rule("R-80")
def test_an_address_without_a_zip_is_confirmed_by_its_city_and_state_and_both_keys() -> None:
    asked = subject(taxpayer_number=NUMBER, address=home(zip5=""), is_exact_required=True)
    found = judged(asked, record(taxpayer_number=NUMBER))
    assert (found.record_id, found.abstention) == ("R1", None)
    assert gate(found, "G5") == (True, "NO_ZIP")


@pytest.mark.rule("R-80", "R-79")
def test_an_address_without_a_zip_and_one_key_identifies_nobody() -> None:
    asked = subject(address=home(zip5=""), is_exact_required=True)
    assert judged(asked, record()).abstention is Abstention.NAMESAKE_NEEDS_TWO_KEYS


@pytest.mark.rule("R-80", "R-37")
@pytest.mark.parametrize(
    "held", [home(city="ELSEWHERE"), home(state="GA"), home("128"), home(street="LARKSPUN")]
)
def test_an_address_without_a_zip_is_not_confirmed_by_another_place(held) -> None:
    asked = subject(taxpayer_number=NUMBER, address=home(zip5=""), is_exact_required=True)
    found = judged(asked, record(taxpayer_number=NUMBER, addresses=(filed(held),)))
    assert found.abstention is Abstention.ADDRESS_NOT_OF_RECORD
