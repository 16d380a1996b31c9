"""Names by lists: placeholders are returned however written, real names of all origins not (R-23, R-94)."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from solely.facts.address_tables import parse_tables
from solely.facts.lexicon import parse_lexicon
from solely.facts.name import NameJudge, judge_name
from solely.facts.name_phrases import phrases_of
from solely.facts.request import FactContext, facts_of
from solely.model import Item
from solely.store.inputs import read_inputs

FILES = read_inputs(None)
LEXICON = parse_lexicon(FILES)
REAL_NAMES = Path(__file__).parents[3] / "src" / "solely" / "inputs" / "real_names.txt"
LISTS = Path(__file__).parents[3] / "vectors" / "name"
# UNK and TEST as given names are words for none that people bear; two single letters are initials.
DECIDED_FOR_THEIR_WORD = {"Nil": "OK", "Unk": "UNCLEAR", "Test": "UNCLEAR", "Ø": "INITIALS"}
WORDS = [
    "NO",
    "Na",
    "Sin",
    "Nombre",
    "Not",
    "Provided",
    "Un",
    "Known",
    "UNKN",
    "John",
    "Doe",
    "Baby",
    "Boy",
    "Li",
]
WORDS += ["Tk", "Ng", "Husband", "Of", "Her", "Family", "Or", "Y", "Woman", "Pending", "Na Na", "LLC"]
WORDS += [
    "Desco",
    "nocido",
    "Chris",
    "Null",
    "Test",
    "User",
    "Blank",
    "To",
    "Be",
    "Determined",
    "J",
    "N O W N",
    "Jr",
]


def verdict(given: str | None, family: str | None, middle: str | None = None) -> str:
    """The verdict on a name without suffix."""
    return judge_name(given, middle, family, None, LEXICON.names).verdict


def listed(folder: str) -> list[tuple[str, str]]:
    """The names of every list of a folder."""
    pairs = []
    for path in sorted((LISTS / folder).glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            pairs += [(row["given_name"], row["family_name"]) for row in csv.DictReader(file)]
    return pairs


@pytest.mark.rule("R-23")
def test_of_the_listed_placeholders_at_most_one_in_two_hundred_passes() -> None:
    pairs = listed("placeholder")
    passed = [pair for pair in pairs if verdict(*pair) == "OK"]
    assert len(pairs) >= 300 and len(passed) <= len(pairs) / 200, passed


@pytest.mark.rule("R-94")
def test_the_listed_real_names_pass() -> None:
    pairs = listed("valid")
    stopped = [
        pair for pair in pairs if verdict(*pair) not in ("OK", DECIDED_FOR_THEIR_WORD.get(pair[0], "OK"))
    ]
    assert len(pairs) >= 2000 and stopped == []


@pytest.mark.rule("R-23")
@pytest.mark.parametrize(
    "given",
    [
        "N/A", "n.a.", "-", "?", "UNKNOWN", "NOT KNOWN", "NO NAME", "DESCONOCIDO",
        "SIN NOMBRE", "SE IGNORA", "BABY BOY", "INFANT", "XXX", "ASDF", "U N K N O W N",
        "unkn0wn", "UN KNOWN", "UNKNOWNN", "UΝKNOWN", "NOTPROVIDED", "no last name", "Não informado",
        "non renseigné", "not sure", "WILL NOT SAY", "Doe, John", "JOHNDOE", "GHJKL", "No Name Garcia",
        "未知", "неизвестно", "#REF!", "Placehodler", "ANONYMUS", "declind", "Witheld", "unidentifed",
        "unwilling to say", "En attente", "拒绝提供", "姓名不详", "佚名", "zxcv bnm",
        "refus de donner son nom",
    ],
)  # fmt: skip
def test_a_placeholder_in_one_field_is_none_beside_a_real_name(given: str) -> None:
    assert verdict(given, "Garcia") == "PLACEHOLDER"


@pytest.mark.rule("R-23")
@pytest.mark.parametrize("family", ["N/A", "NONE", "UNKNOWN", "-", "not given", "Sin Apellido", "N O N E"])
def test_a_placeholder_for_the_family_name_is_none_beside_a_real_name(family: str) -> None:
    assert verdict("Maria", family) == "PLACEHOLDER"


@pytest.mark.rule("R-23")
@pytest.mark.parametrize(
    ("given", "middle", "family"),
    [
        ("JANE", None, "DOE"),
        ("John", "Q", "Doe"),
        ("NO", "NAME", "Garcia"),
        ("Maria", "NOT", "PROVIDED"),
        ("To", "be", "determined"),
        ("Sin Nom", None, "bre"),
        ("NOT", "AVA", "ILABLE"),
        ("未", None, "知"),
        ("REVEREND", None, "Reverend"),
        ("Timoun san non", None, "timoun san non"),
        ("POLICY", None, "HOLDER"),
        ("De", None, "clined"),
        ("not", None, "provied"),
        ("No", None, "informtion"),
        ("张", None, "某"),
        ("pa disponib", None, "pa disponib"),
        ("Herr", None, "Frau"),
        ("Le", None, "Locataire"),
        ("U N K", None, "N O W N"),
    ],
)
def test_a_phrase_over_several_fields_is_none(given: str, middle: str | None, family: str) -> None:
    assert verdict(given, family, middle) == "PLACEHOLDER"


@pytest.mark.rule("R-94", "R-23")
@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Na", "Li"), ("Jin", "O"), ("Chris", "Null"), ("Ng", "Ng"), ("Noa", "Levi"), ("Nona", "Gaye"),
        ("An", "Le"), ("Y", "Bham"), ("True", "Love"), ("May", "June"), ("Li", "Na"), ("NA", "Garcia"),
        ("N. A.", "Khan"), ("T. B. A.", "Rao"), ("Baby", "Thomas"), ("Marie", "Test"), ("Ana", "Male"),
        ("Pen", "Ding"), ("An", "Blank"), ("Will", "State"), ("Given", "Ncube"), ("Mary", "Name"),
        ("Darrin", "Old Coyote"), ("Ms Na", "Ja"), ("无忌", "张"), ("未央", "刘"), ("Rosa", "Hospital"),
        ("Robert", "Service"), ("Or", "Cohen"), ("Ana", "Bank"), ("Issa", "Some"), ("Sofia", "Contessa"),
        ("Ana", "Lim Co"), ("Lou", "Reverend"), ("La", "Donner"),
    ],
)  # fmt: skip
def test_a_name_that_looks_like_a_placeholder_passes(given: str, family: str) -> None:
    assert verdict(given, family) == "OK"


@pytest.mark.rule("R-23", "R-88", "R-94")
@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("JOSE OR MARIA", "GARCIA"), ("JOSE/MARIA", "GARCIA"), ("PEDRO", "LOPEZ AND FAMILY"),
        ("GARCIA", "LLC"),
        ("JUAN GARCIA", "ET AL"), ("FAMILY OF", "GARCIA"), ("LOS HIJOS DE", "RAMIREZ"), ("WIFE", "OF JOSE"),
        ("HER", "HUSBAND"), ("PERSON", "MISSING"), ("TEST", "USER"), ("SAME", "SAME"), ("DELETE", "ERROR"),
        ("UNK", ""), ("PENDING", "UNK"),
    ],
)  # fmt: skip
def test_several_persons_kin_and_two_words_for_none_are_returned(given: str, family: str) -> None:
    assert verdict(given, family or None) in ("PLACEHOLDER", "WILD")


@pytest.mark.rule("R-94", "R-23")
@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Na", "Na"), ("Nan", "Nan"), ("Nan", "Null"), ("No", "No"), ("Unk", "Bauer"), ("Maria", "Unk"),
        ("John Doe", "Garcia"), ("Will", "Missing"),
        ("Xx", "Li"), ("Tal", "Fulano"), ("Name", "Singh"), ("Pending", "Moyo"),
        ("Tester", "Brown"), ("Person", "Ann"), ("Test", "Smith"), ("MALE", "GARCIA"), ("Any", "Garcia"),
        ("ALL", "GARCIAS"), ("GARCIA", "FAMILY"), ("Lopez", "Brothers"), ("JOSE Y MARIA", "GARCIA"),
        ("ELDERLY", "WOMAN"), ("TK", "TK"), ("H", "MALE"),
        ("JOSE WIFE", "MARIA"), ("Cleo", "Not Afraid"), ("JD", "X"), ("EL", "GORDO"), ("PRIMO", "DE JOSE"),
        ("MARIA", "OF CHICAGO"), ("Aka", "Ndongo"), ("Cheryl", "Not Help Him"), ("Majhool", "Saleh"),
        ("Na Na", "Kim"), ("Na Na", "Na"), ("Rivera", "Apartments"), ("Lakeview Nursing", "Home"),
        ("K", "JF."), ("Morales", "Body Shop"), ("Lopez", "or Ruiz"), ("Possibly Ana", "Lopez"),
        ("Internal Revenue", "Service"),
    ],
)  # fmt: skip
def test_what_may_be_a_name_and_may_be_none_goes_to_a_person(given: str, family: str) -> None:
    assert verdict(given, family) == "UNCLEAR"


@pytest.mark.rule("R-94")
@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Jane", "Doe-Smith"), ("John", "Doe Garcia"), ("Aa", "Aa"), ("Lai", "Or"),
        ("Santiago", "Ramón y Cajal"),
        ("Abdul a/l", "Karim"), ("Ravi s/o", "Kumar"), ("Jack", "Husband"), ("Mai", "Her"), ("J", "Ng"),
        ("Ana", "De La O"), ("George", "Male"),
    ],
)  # fmt: skip
def test_a_name_that_only_looks_like_several_passes(given: str, family: str) -> None:
    assert verdict(given, family) == "OK"


@pytest.mark.rule("R-23")
@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("NONAMEGIVEN", "LOPEZ"), ("NOTSTATED", "GARCIA"), ("JUAN AND", "MARIA"), ("BOGUS", "BOGUS"),
        ("ET", "AL"), ("DETAINEE", "HOLD"), ("REGISTERED", "AGENT"), ("FORGOT", "NAME"), ("LA", "MUCHACHA"),
    ],
)  # fmt: skip
def test_what_tells_of_no_name_in_any_words_is_none(given: str, family: str) -> None:
    assert verdict(given, family) == "PLACEHOLDER"


@pytest.mark.rule("R-94")
def test_no_name_of_the_list_is_a_phrase_without_its_spaces() -> None:
    names = [line for line in REAL_NAMES.read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]
    phrases = phrases_of(LEXICON.names)
    assert [each for each in names if phrases.stand_in(each, (each,), frozenset())] == []
    certain = phrases.single - LEXICON.names.strong_words  # slips and phrases run together
    assert sorted(certain.intersection(names)) == []


@pytest.mark.rule("R-94", "R-23")
def test_a_batch_is_judged_as_its_names_are() -> None:
    context = FactContext(date(2025, 8, 7), True, None, parse_tables(FILES, {}), LEXICON)
    pairs = listed("placeholder") + listed("valid")
    items = [
        Item(row, given_name=given, family_name=family) for row, (given, family) in enumerate(pairs, start=1)
    ]
    known, said = facts_of(items, context), [verdict(*pair) for pair in pairs]
    assert known.columns["name_verdict"] == ["OK" if each == "UNCLEAR" else each for each in said]
    unclear = [any(str(r).endswith(":UNCLEAR") for _, r in each) for each in known.findings]
    assert unclear == [each == "UNCLEAR" for each in said]


@pytest.mark.rule("R-23")
@drawn(st.lists(st.sampled_from(WORDS), min_size=2, max_size=5), st.integers(1, 4), st.integers(0, 3))
def test_a_name_decided_at_once_is_decided_alike(words: list[str], first: int, last: int) -> None:
    judge = NameJudge(LEXICON.names)
    given, rest = words[:first], words[first:]
    middle, family = rest[: min(last, max(len(rest) - 1, 0))], rest[min(last, max(len(rest) - 1, 0)) :]
    fields = (
        judge.given_field(" ".join(given) or None),
        judge.middle_field(" ".join(middle) or None),
        judge.family_field(" ".join(family) or None),
    )
    assert not judge.is_plain(*fields) or judge.combine(*fields)[0] == "OK"


@pytest.mark.rule("R-23")
@pytest.mark.parametrize(
    "fields", [("Un Li", None, "Husband"), ("Ana Her", None, "Husband"), ("Ana Wife", None, "Of Juan")]
)
def test_whose_kin_somebody_is_is_no_name_in_either_field(fields: tuple[str, str | None, str]) -> None:
    judge = NameJudge(LEXICON.names)
    given, middle, family = fields
    read = (judge.given_field(given), judge.middle_field(middle), judge.family_field(family))
    assert not judge.is_plain(*read) or judge.combine(*read)[0] == "OK"
