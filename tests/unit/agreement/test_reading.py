"""The reviewed reading of a statute: a file that says less is told so, clause by clause, before any claim."""

from datetime import date

import pytest

from solely.agreement.document import parse_statute
from solely.agreement.reading import differences, parse_reading, record_text
from solely.errors import AgreementRefused
from tests.support.proofs import STATUTE, changed
from tests.support.tree import ROOT

DAY = date(2026, 11, 24)
SHIPPED = sorted((ROOT / "law/statutes").glob("*/statute.md"))


def statute(text=STATUTE):
    return parse_statute(text.encode())


def reading(text=STATUTE):
    return parse_reading(record_text(statute(text), "an office", DAY, ["1(c)"]).encode())


@pytest.mark.rule("R-90")
def test_the_file_that_was_reviewed_differs_in_nothing():
    assert differences(statute(), reading()) == []


@pytest.mark.rule("R-90")
def test_a_file_without_a_record_says_so():
    assert differences(statute(), None) == [
        "no reviewed reading of statute `26-usc-6103-i-2` is on record: nobody has signed off this file"
    ]


def without_address():
    start, end = (
        STATUTE.index("(c) A request shall set forth the addr"),
        STATUTE.index("(d) A request shall set"),
    )
    return STATUTE[:start] + "(c) Nothing; not machine-checked here, for a test.\n\n" + STATUTE[end:]


@pytest.mark.rule("R-90")
def test_a_file_that_lacks_the_address_says_so():
    first, second = differences(statute(without_address()), reading())
    assert "is not the file that was reviewed by an office" in first
    assert second == 'it lacks clause 1(c): "address sufficient" is true'


@pytest.mark.rule("R-90")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("period_first >= 1950 and", "period_first >= 1949 and", "its clause 1(d) now reads"),
        (
            '"criminal_investigation", "criminal_proceeding"]',
            '"criminal_investigation"]',
            "its list `purposes_by",
        ),
        ("It is one reading,", "This is one reading,", "no rule differs"),
    ],
)
def test_every_other_difference_is_named(old, new, said):
    text = changed(old, new, STATUTE)
    text = text.replace("| 1949 | 2023 | 2026 | fails |", "| 1900 | 2023 | 2026 | fails |")
    assert any(said in each for each in differences(statute(text), reading()))


@pytest.mark.rule("R-90")
def test_a_clause_that_was_not_reviewed_is_named():
    assert 'its clause 1(c) was not reviewed: "address sufficient" is true' in differences(
        statute(), reading(without_address())
    )


@pytest.mark.parametrize("data", [b"\xff", b"x = ", b"", b"statute = 1", b'[clauses]\n"1" = "x"\n'])
def test_what_is_no_record_is_refused(data):
    with pytest.raises(AgreementRefused, match=r"`reviewed\.toml`"):
        parse_reading(data)


@pytest.mark.rule("R-90")
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_every_shipped_statute_is_the_one_that_its_record_says_was_reviewed(path):
    parsed = parse_statute(path.read_bytes())
    record = path.with_name("reviewed.toml")
    wanted = record_text(
        parsed, "office of the custodian's counsel (demo)", DAY, ["what others read otherwise"]
    )
    assert record.is_file(), f"keep beside it as `reviewed.toml`, with its contested points:\n{wanted}"
    found = parse_reading(record.read_bytes())
    assert differences(parsed, found) == [], wanted
    assert found.contested
    assert record.read_text() == record_text(parsed, found.reviewer, found.reviewed_on, found.contested)
