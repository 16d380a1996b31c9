"""What a reason says: to remove or to find is another gate, a crime's history is not (R-16, R-17)."""

import pytest

from solely.errors import UsageError
from solely.facts.lexicon import parse_lexicon
from solely.facts.reason import ReasonJudge
from solely.store.inputs import read_inputs

FILES = read_inputs(None)
JUDGE = ReasonJudge(parse_lexicon(FILES).reasons)


@pytest.mark.rule("R-16")
@pytest.mark.parametrize(
    "reason",
    [
        "locate for removal",
        "Address needed to effect the subject's removal.",
        "to deport the subject",
        "for REMOVAL",
        "Needed so that the subject can be removed from the country",
        "civil enforcement action",
        "execute the final order of removal",
        "removal operations in June",
        "Criminal investigation; address will also be used for civil removal",
        "not only for removal but for trial",
    ],
)
def test_a_reason_of_removal_is_a_civil_purpose(reason: str) -> None:
    assert JUDGE.judge(reason).purpose == "CIVIL_REMOVAL"


@pytest.mark.rule("R-17")
@pytest.mark.parametrize(
    "reason",
    [
        "current whereabouts, serve warrant",
        "to locate the subject",
        "where the subject lives",
        "skip tracing",
    ],
)
def test_a_reason_of_finding_someone_is_another_gate(reason: str) -> None:
    assert JUDGE.judge(reason).purpose == "LOCATION"


@pytest.mark.rule("R-16", "R-17", "R-19")
@pytest.mark.parametrize(
    "reason",
    [
        "Under criminal investigation for willful failure to depart after the final order of removal",
        "the subject refused to be removed and resisted boarding",
        "evading removal from the United States",
        "ordered for removal in 2019 and never left",
        "to be used at trial and not for removal",
        "solely for the criminal matter, never for civil enforcement",
        "the address on file bears on knowledge of the order",
        "The inquiry concerns false statements about departure made to an officer",
    ],
)
def test_the_history_of_a_crime_is_no_civil_purpose(reason: str) -> None:
    judgment = JUDGE.judge(reason)
    assert (judgment.purpose, judgment.is_doubtful, judgment.is_empty) == ("NONE", False, False)


@pytest.mark.rule("R-16", "R-17")
@pytest.mark.parametrize(
    "reason",
    [
        "to locate the subject of a criminal investigation for interview",
        'the tip said "locate for removal" and nothing else of use',
        "a warrant of removal was issued",
        "this is not, the office says, meant for removal",
    ],
)
def test_a_reason_in_doubt_goes_to_a_person(reason: str) -> None:
    judgment = JUDGE.judge(reason)
    assert (judgment.purpose, judgment.is_doubtful) == ("NONE", True)


@pytest.mark.rule("R-19")
@pytest.mark.parametrize("reason", ["N/A", "see above", "-", "12345", "xxx", "Law enforcement"])
def test_a_reason_that_says_nothing_is_none(reason: str) -> None:
    assert JUDGE.judge(reason).is_empty


def test_what_the_judge_keeps_is_no_reason() -> None:
    judge = ReasonJudge(parse_lexicon(FILES).reasons)
    judge.judge("Zebulon Quist hides")
    assert all("QUIST" not in skeleton for skeleton in judge._judged)


@pytest.mark.parametrize("name", ["names.toml", "statutes.toml", "reasons.toml"])
def test_a_list_that_is_missing_or_broken_stops_the_gate(name: str) -> None:
    for files in (
        {k: v for k, v in FILES.items() if k != name},
        {**FILES, name: b"= ="},
        {**FILES, name: b'version = "1"'},
    ):
        with pytest.raises(UsageError, match=name.replace(".", r"\.")):
            parse_lexicon(files)
