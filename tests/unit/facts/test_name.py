"""Names on their face: what stands in for a name is returned, and real odd names pass (R-23, R-88, R-94)."""

import pytest

from solely.facts.lexicon import parse_lexicon
from solely.facts.name import NameJudgment, judge_name, judge_whole_name
from solely.store.inputs import read_inputs

NAMES = parse_lexicon(read_inputs(None)).names


def judged(given: str | None, family: str | None, middle: str | None = None) -> NameJudgment:
    """The judgment on a name without suffix."""
    return judge_name(given, middle, family, None, NAMES)


@pytest.mark.rule("R-23")
@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("UNKNOWN", "UNKNOWN"),
        ("unknown", "Garcia"),
        ("FNU", "LNU"),
        ("fnu", "UNKNOWN"),
        ("N/A", "N/A"),
        ("n a", "Null"),
        ("TEST", "TEST"),
        ("John", "Doe"),
        ("U N K N O W N", "Lopez"),
        ("UNKN0WN", "Lopez"),
        ("NOT", "PROVIDED"),
        ("Failed to", "Provide"),
        ("No", "Name"),
        ("XXX", "XXXX"),
        ("Baby Boy", "Lopez"),
        ("Everyone", "Lopez"),
    ],
)
def test_a_placeholder_is_no_name(given: str, family: str) -> None:
    assert (judged(given, family).verdict, judged(given, family).rule) == ("PLACEHOLDER", "R-23")


@pytest.mark.rule("R-23")
@pytest.mark.parametrize(
    ("given", "family", "element"),
    [
        (None, "Lopez", "given_name"),
        ("Ana", None, "family_name"),
        (" ", "Lopez", "given_name"),
        (None, None, "given_name"),
    ],
)
def test_a_missing_name_is_named(given: str | None, family: str | None, element: str) -> None:
    assert (judged(given, family).verdict, judged(given, family).element) == ("MISSING", element)


@pytest.mark.rule("R-23")
def test_initials_alone_are_no_name() -> None:
    assert judged("J", "D").verdict == judged("J.", "D.", "Q.").verdict == "INITIALS"


@pytest.mark.rule("R-23", "R-94")
@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Na", "Li"),
        ("Jin", "O"),
        ("Chris", "Null"),
        ("Ng", "Ng"),
        ("Li", "Na"),
        ("Marie", "Test"),
        ("K", "Ramesh"),
        ("J. Edgar", "Hoover"),
        ("Jo", "Ng"),
        ("Pen", "Ding"),
        ("No", "Mu"),
        ("Ana María", "de la Cruz"),
        ("D'Angelo", "O'Neil"),
        ("Rich", "Baby"),
        ("娜", "李"),
        ("Ola", "Nil"),
        ("Aaliyah", "Day"),
        ("Mary", "Smith 3rd"),
        ("Void", "Garcia"),
        ("Nan", "Ye"),
    ],
)
def test_a_real_name_passes(given: str, family: str) -> None:
    judgment = judged(given, family)
    assert (judgment.verdict, judgment.rule) == ("OK", None)


@pytest.mark.rule("R-94")
@pytest.mark.parametrize(
    ("given", "family"), [("FNU", "AHMADZAI"), ("Noor", "LNU"), ("f.n.u.", "Suharto"), ("Mr. FNU", "Singh")]
)
def test_a_single_name_in_its_passport_form_goes_to_a_person(given: str, family: str) -> None:
    assert (judged(given, family).verdict, judged(given, family).rule) == ("SINGLE", "R-94")


@pytest.mark.rule("R-88")
@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("*", "Lopez"),
        ("Ana", "LOP%"),
        ("Ana; Eva", "Lopez"),
        ("Ana & Eva", "Lopez"),
        ("4711", "Lopez"),
        ("[A-Z]", "Lopez"),
    ],
)
def test_a_selection_is_no_name(given: str, family: str) -> None:
    assert (judged(given, family).verdict, judged(given, family).rule) == ("PLACEHOLDER", "R-88")


@pytest.mark.rule("R-88")
def test_a_name_of_two_words_is_no_selection() -> None:
    assert judged("Ana Eva", "Lopez y Vega").verdict == "OK"


@pytest.mark.parametrize(
    ("written", "suffix"),
    [
        ("jr.", "JR"),
        ("Junior", "JR"),
        ("SR", "SR"),
        ("2nd", "II"),
        ("iii", "III"),
        ("IV", "IV"),
        ("N/A", ""),
        ("Esq", "ESQ"),
    ],
)
def test_a_suffix_has_one_form(written: str, suffix: str) -> None:
    assert judge_name("Ana", None, "Lopez", written, NAMES).name.suffix == suffix


def test_a_suffix_behind_the_family_name_is_a_suffix() -> None:
    name = judged("Ana", "Lopez Jr.").name
    assert (name.family, name.suffix) == (("LOPEZ",), "JR")


@pytest.mark.parametrize(("given", "middle"), [("Ana Junior.", None), ("Ana", "JR"), ("Ana", None)])
def test_a_suffix_behind_a_given_name_is_a_suffix(given: str, middle: str | None) -> None:
    name = judge_name(given, middle, "Lopez", None if given.endswith(".") or middle else "Jr", NAMES).name
    assert name == (("ANA",), (), ("LOPEZ",), "JR")


@pytest.mark.rule("R-94")
def test_a_suffix_that_stands_alone_is_a_name() -> None:
    assert judged("Junior", "Neto").name == (("JUNIOR",), (), ("NETO",), "")
    assert judged("Joao Neto", "Silva").name.given == ("JOAO", "NETO")


def test_two_suffixes_that_differ_are_both_kept() -> None:
    name = judge_name("Ana", None, "Lopez Jr", "Sr", NAMES).name
    assert (name.family, name.suffix) == (("LOPEZ", "JR"), "SR")


def test_no_middle_name_is_none() -> None:
    assert judged("Ana", "Lopez", "NMN").name.middle == ()


@pytest.mark.rule("R-23", "R-94")
@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("Na Li", "OK"),
        ("Lopez, Ana Maria", "OK"),
        ("Ana Lopez Jr", "OK"),
        ("Lopez", "SINGLE"),
        ("FNU AHMADZAI", "SINGLE"),
        ("FNU LNU", "PLACEHOLDER"),
        ("UNKNOWN", "PLACEHOLDER"),
        ("failed to provide", "PLACEHOLDER"),
        ("NA NA", "UNCLEAR"),
        ("J D", "INITIALS"),
        ("", "MISSING"),
        (" - ", "PLACEHOLDER"),
        ("NO NAME Lopez", "PLACEHOLDER"),
        ("Maria NOT PROVIDED", "PLACEHOLDER"),
        ("Ana *", "PLACEHOLDER"),
        ("TEST", "PLACEHOLDER"),
    ],
)
def test_a_whole_name_is_judged_like_its_parts(line: str, verdict: str) -> None:
    assert judge_whole_name(line, NAMES).verdict == verdict


@pytest.mark.rule("R-88")
@pytest.mark.parametrize(
    ("given", "family"),
    [("JOSE", "LOPEZ Y OTROS"), ("JOSE AKA MARIA", "LOPEZ"), ("JO_E", "LOPEZ"), ("JOSE", "LOPEZ Y FAMILIA")],
)
def test_several_persons_and_an_alias_are_no_single_name(given, family):
    assert (judged(given, family).verdict, judged(given, family).rule) == ("PLACEHOLDER", "R-88")


@pytest.mark.rule("R-88", "R-94")
@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("JOSE", "LOPEZ, MARIA LOPEZ"),
        ("JOSE (MARIA)", "LOPEZ"),
        ("JOSE MULTIPLE", "LOPEZ"),
        ("Mother", "Lopez"),
        ("FALSE", "IDENTITY"),
        ("Umbrella", "Sofa"),
        ("Bruce", "Wayne"),
        ("Nan", "Na"),
    ],
)
def test_what_may_be_another_person_s_name_goes_to_a_person(given, family):
    assert judged(given, family).verdict == "UNCLEAR"


@pytest.mark.rule("R-94")
@pytest.mark.parametrize(
    ("given", "family"), [("Martin", "King, Jr."), ("Ana", "Brother"), ("Maria", "Padre"), ("Son", "Nguyen")]
)
def test_a_suffix_behind_a_comma_and_a_family_name_of_kin_are_names(given, family):
    assert judged(given, family).verdict == "OK"


@pytest.mark.rule("R-94")
@pytest.mark.parametrize(
    ("given", "family"),
    [("Null", "Kaur"), ("None", "Bergstrom"), ("Anonymous", "Okoro"), ("E", "O"), ("O", "E"), ("Y", "Y")],
)
def test_a_given_name_that_reads_like_none_and_two_letters_that_are_names_go_to_a_person(given, family):
    assert judged(given, family).verdict == "UNCLEAR"


@pytest.mark.rule("R-94")
def test_one_family_may_bear_its_and_within_it() -> None:
    assert judged("Karl", "von und zu Guttenberg").verdict == "OK"
    assert judged("Karl", "Braun und Weiss").rule == "R-88"


@pytest.mark.rule("R-23")
@pytest.mark.parametrize(
    "blank", ["\u3164", "\u115f", "\u1160", "\uffa0", "\u2800", "\u200b\u2060", "\ufe0f", "\U000e0020"]
)
def test_what_shows_as_nothing_is_no_name(blank: str) -> None:
    assert (judged("Maria", blank).verdict, judged("Maria", blank).element) == ("MISSING", "family_name")
    assert judged(blank, blank).verdict == judge_whole_name(blank, NAMES).verdict == "MISSING"


@pytest.mark.rule("R-69")
@pytest.mark.parametrize(
    "name", ["NUÃ±EZ", "MUÃ‘OZ", "JosÃ©", "NU\ufffdEZ", "NU?EZ", "N&uacute;EZ", "N&#209;EZ", "MUÃšOZ"]
)
def test_lost_letters_are_told_as_such(name: str) -> None:
    judgment = judged("Maria", name)
    assert (judgment.verdict, judgment.element, judgment.rule) == ("PLACEHOLDER", "family_name", "R-23")
    assert "UTF-8" in judgment.reason and "UTF-8" in judged(name, "Lopez").reason


@pytest.mark.parametrize("name", ["Núñez", "João", "Conceição", "Âme", "Ångström", "Ärlig", "Nguyễn Ân"])
def test_letters_that_are_there_are_not_lost(name: str) -> None:
    assert judged("Maria", name).verdict == "OK"


@pytest.mark.rule("R-69")
def test_a_name_in_one_cell_lacks_the_other() -> None:
    assert (judged("LOPEZ, MARIA", None).verdict, judged("LOPEZ, MARIA", None).element) == (
        "MISSING",
        "family_name",
    )
    assert judged(None, "LOPEZ, MARIA").element == "given_name"


@pytest.mark.rule("R-94", "R-23")
def test_a_name_that_is_a_word_of_programs_too_goes_to_a_person():
    assert judged("Baz", "Baz").verdict == "UNCLEAR"
    assert judged("Baz", "Mohammad").verdict == "OK"
    assert judged("Pend", "Verif").verdict == "PLACEHOLDER"
