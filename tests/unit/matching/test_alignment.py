"""Names by alignment: formatting never decides, likeness never suffices, real names pass."""

import pytest

from solely.matching.alignment import NameLevel, TokenLevel, compare_names
from solely.matching.names import NameStatistics, significant, sound_of, suffix_of
from tests.support.matching_world import NAMES, record, subject

STRICT = [
    ("JOSE||GARCIA", "JOSE||GARCIA|LOPEZ"),
    ("JOSE||LOPEZ", "JOSE||GARCIA|LOPEZ"),
    ("JOSE||LOPEZ GARCIA", "JOSE||GARCIA|LOPEZ"),
    ("JOSE|GARCIA|LOPEZ", "JOSE||GARCIA|LOPEZ"),
    ("GARCIA||JOSE", "JOSE||GARCIA|"),
    ("JUAN CARLOS||GARCIA", "JUAN|CARLOS|GARCIA|"),
    ("JUAN||GARCIA", "JUAN CARLOS||GARCIA|"),
    ("MARYANN||BAKER", "MARY ANN||BAKER|"),
    ("MARY ANN||BAKER", "MARYANN||BAKER|"),
    ("ANA||DELACRUZ", "ANA||DE LA CRUZ|"),
    ("ANA||DE LA CRUZ", "ANA||DELACRUZ|"),
    ("ANA||DELA CRUZ", "ANA||DE LA CRUZ|"),
    ("ANA||CRUZ", "ANA||DE LA CRUZ|"),
    ("JOHN|Q|BAKER", "JOHN|QUINCY|BAKER|"),
    ("JOHN|QUINCY|BAKER", "JOHN|Q|BAKER|"),
    ("JOSE||GARCIA L", "JOSE||GARCIA|LOPEZ"),
    ("JON|MCDONALD|MC DONALD", "JON|MC DONALD|MCDONALD|"),
    ("JIN|SOOK|CHOI", "JINSOOK||CHOI|"),
    ("JINSOOK||CHOI", "JIN|SOOK|CHOI|"),
    ("MA THERESA||REYES", "MARIA THERESA||REYES|"),
    ("MARIA THERESA||REYES", "MA THERESA||REYES|"),
    ("PAUL||ST CLAIR", "PAUL||SAINT CLAIR|"),
    ("PAUL||SAINT CLAIR", "PAUL||ST CLAIR|"),
    ("LOURDES||SANTA MARIA", "LOURDES||STA MARIA|"),
    ("JORGE||MUNOZ Y RAMOS", "JORGE||MUNOZ|RAMOS"),
    ("PEDRO||SOUZA E SILVA", "PEDRO||SOUZA SILVA|"),
]

NOT_STRICT = [
    ("ROBERT||GARCIA", "JOSE||GARCIA|"),
    ("JOSE||PEREZ", "JOSE||GARCIA|LOPEZ"),
    ("J||GARCIA", "JOSE||GARCIA|"),
    ("JOSE||G", "JOSE||GARCIA|"),
    ("JOSE|LUIS|GARCIA", "JOSE|ANGEL|GARCIA|"),
    ("JOSE|L|GARCIA", "JOSE|ANGEL|GARCIA|"),
    ("JOSE|LUIS|GARCIA", "JOSE||GARCIA|"),
    ("JOSE||GARCIA GARCIA", "JOSE||GARCIA|"),
    ("CARLOS||GARCIA", "JUAN|CARLOS|GARCIA|"),
    ("MARIO||GARCIA", "MARIA||GARCIA|"),
    ("ANA||DE LA", "ANA||DE LA CRUZ|"),
    ("ANA||LA", "ANA||DE LA CRUZ|"),
    ("||GARCIA", "JOSE||GARCIA|"),
    ("JOSE||", "JOSE||GARCIA|"),
    ("JOSE||GARCIA", "||GARCIA|"),
    ("MA||LI", "MARIA||LI|"),
    ("JOHN|A|BAKER", "JOHNA||BAKER|"),
    ("JIN|SOOK|CHOI", "JINHEE||CHOI|"),
    ("JORGE||MUNOZ Y", "JORGE||MUNOZ|"),
    ("JORGE|Y|MUNOZ", "JORGE||MUNOZ|RAMOS"),
    ("PAUL||ST", "PAUL||SAINT CLAIR|"),
    ("GUADALUPE||GARCIA", "MARIA GUADALUPE||GARCIA|"),
]


@pytest.mark.rule("R-40")
@pytest.mark.parametrize(("asked", "held"), STRICT)
def test_the_same_name_written_otherwise_is_strict(asked: str, held: str) -> None:
    found = compare_names(subject(asked), record(name=held), NAMES)
    assert found.level is NameLevel.STRICT


@pytest.mark.rule("R-41")
@pytest.mark.parametrize(("asked", "held"), NOT_STRICT)
def test_another_name_is_never_strict(asked: str, held: str) -> None:
    found = compare_names(subject(asked), record(name=held), NAMES)
    assert found.level is not NameLevel.STRICT


@pytest.mark.rule("R-94")
@pytest.mark.parametrize(
    "name", ["NA||LI", "JIN||O", "CHRIS||NULL", "NG||NG", "VAN||LE", "SAN||DO", "X||AE", "JEAN|LUC|DE LA"]
)
def test_short_repeated_and_odd_real_names_are_strict(name: str) -> None:
    found = compare_names(subject(name), record(name=name + "|"), NAMES)
    assert found.level is NameLevel.STRICT
    assert found.given is TokenLevel.EQUAL and found.family is TokenLevel.EQUAL


def test_one_record_token_never_explains_two_of_the_request() -> None:
    assert compare_names(subject("JOSE||GARCIA GARZIA"), record(), NAMES).level is not NameLevel.STRICT


def test_a_typo_needs_a_written_token_that_is_no_name() -> None:
    unknown = NameStatistics(records=1_000)
    assert compare_names(subject("ERICA||GARCIA"), record(name="ERIC||GARCIA|"), unknown).level == "STRICT"
    assert compare_names(subject("ERICA||GARCIA"), record(name="ERIC||GARCIA|"), NAMES).level == "NEAR"


@pytest.mark.rule("R-40")
@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("HANS||MUELLER", "HANS||MULLER|"),
        ("HANS||MULLER", "HANS||MUELLER|"),
        ("ANNA||SCHROEDER", "ANNA||MEIER|SCHRODER"),
        ("LARS||HAAKANSSON", "LARS||HAKANSSON|"),
        ("MARIT||JOERGENSEN", "MARIT||JORGENSEN|"),
        ("JOERG||GROSS", "JORG||GROSS|"),
        ("JORG||GROSS", "JOERG||GROSS|"),
        ("ANNA|KAETHE|GROSS", "ANNA|KATHE|GROSS|"),
    ],
)
def test_an_umlaut_in_one_letter_or_two_is_the_same_name(asked: str, held: str) -> None:
    known = NameStatistics(records=1_000, shipped=frozenset(asked.replace("|", " ").split()))
    found = compare_names(subject(asked), record(name=held), known)
    assert (found.level, found.given, found.family) == ("STRICT", "EQUAL", "EQUAL")


@pytest.mark.rule("R-41")
@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("DANAE||GROSS", "DANA||GROSS|"),
        ("JOE||GROSS", "JO||GROSS|"),
        ("MICHAL||GROSS", "MICHAEL||GROSS|"),
        ("WEI||XUE", "WEI||XU|"),
        ("LUIS||BAEZ", "LUIS||BAZ|"),
        ("ANNA||SAUER", "ANNA||SAUR|"),
    ],
)
def test_two_names_that_differ_as_by_an_umlaut_are_two_names(asked: str, held: str) -> None:
    known = NameStatistics(records=1_000, shipped=frozenset(asked.split("||")))
    assert compare_names(subject(asked), record(name=held), known).level is NameLevel.NEAR


@pytest.mark.parametrize("held", ["MARIA GUADALUPE||GARCIA|", "MARIA|GUADALUPE|GARCIA|"])
def test_who_is_called_by_another_given_name_is_near_and_goes_to_a_person(held: str) -> None:
    found = compare_names(subject("GUADALUPE||GARCIA"), record(name=held), NAMES)
    assert (found.level, found.given, found.family) == (NameLevel.NEAR, TokenLevel.NEAR, TokenLevel.EQUAL)
    assert compare_names(subject("G||GARCIA"), record(name=held), NAMES).level is NameLevel.OTHER


def test_nothing_alike_is_somebody_else() -> None:
    found = compare_names(subject("WALTER||ZIMMERMANN"), record(), NAMES)
    assert found.level is NameLevel.OTHER


@pytest.mark.parametrize(
    ("token", "sound"),
    [("ROBERT", "R163"), ("RUPERT", "R163"), ("ASHCRAFT", "A261"), ("TYMCZAK", "T522"), ("PFISTER", "P236"),
     ("HONEYMAN", "H555"), ("LEE", "L000"), ("GARCIA", "G620"), ("GARZIA", "G620"), ("O", "O000")],
)  # fmt: skip
def test_sounds_are_american_soundex(token: str, sound: str) -> None:
    assert sound_of(token) == sound


def test_particles_count_only_where_there_is_nothing_else() -> None:
    assert significant(("DE", "LA", "CRUZ")) == ("CRUZ",)
    assert significant(("LE",)) == ("LE",)


@pytest.mark.parametrize(
    ("text", "suffix"),
    [("Jr.", "JR"), ("junior", "JR"), ("2nd", "II"), ("Ph.D.", ""), ("MD", ""), (None, "")],
)
def test_suffixes_have_one_spelling(text: str | None, suffix: str) -> None:
    assert suffix_of(text) == suffix


@pytest.mark.rule("R-94")
@pytest.mark.parametrize(
    ("asked", "held"),
    [("LINH|M|LE", "LINH|M|LE|NGUYEN"), ("YUAN|AI|O", "YUAN|AI|O|AU"), ("MARIA||DO", "MARIA||SILVA|DO")],
)
def test_a_particle_that_is_a_whole_family_name_stays_one_beside_a_second(asked: str, held: str) -> None:
    assert compare_names(subject(asked), record("R1", held), NAMES).level is NameLevel.STRICT
    joined = compare_names(subject("MARIA||DE LA"), record("R1", "MARIA||DE LA CRUZ|"), NAMES)
    assert joined.level is not NameLevel.STRICT
