"""The page of an item shows the words that are stored, and says so where it cannot read one (R-106)."""

import ast
import inspect
import re

import pytest
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from solely.console.queue import MARKS
from solely.console.shown import told_of
from solely.decision.words import BECAUSE
from solely.matching import gates
from solely.matching.alignment import NameLevel, TokenLevel
from solely.matching.compare import AddressLevel, BirthLevel, Level
from solely.model import Item
from solely.steps.showing import Shown, pairs

PAGES = Environment(
    loader=PackageLoader("solely.console"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
)
RECORD = {"given": "MARTIN", "middle": "", "family": "GOMEZ", "suffix": "", "birth_date": "1969-10-03"} | {
    "taxpayer_number": "123456789", "addresses": [{"address": "6 ELM ST", "from": "", "to": ""}]
}  # fmt: skip
ITEM = Item(row=1, request_id="R-1", given_name="MARTIN", family_name="GOMEZ", birth_date="10/3/1969")


def page(evidence: list[dict[str, object]]) -> str:
    case = {"request_id": "R-1", "batch_id": "b", "row": 1, "state": "referred_read"}
    shown = Shown(case, 0, [], [], [], pairs(ITEM, RECORD, evidence), [], [], True, None)
    words = {
        "item": shown,
        "marks": MARKS,
        "beside": (None, None),
        "form_word": "",
        "said": "",
        "person": None,
    }
    return PAGES.get_template("item.html").render(**words, menu=(), gate="", is_styled=False, title_of={})


@pytest.mark.rule("R-106")
def test_what_is_equal_by_eye_is_marked_as_it_was_stored_and_not_as_it_looks() -> None:
    assert "different" in page([{"field": "given_name", "level": "CONFLICT"}])  # MARTIN beside MARTIN
    assert "different" not in page([{"field": "given_name", "level": "EQUAL"}])


def test_what_neither_side_states_is_not_marked_as_different() -> None:
    text = page([{"field": "middle_name", "level": "UNEXPLAINED"}])
    assert "stated on neither side" in text
    assert "mark-different" not in text


@pytest.mark.rule("R-106")
def test_an_unknown_word_shows_that_it_cannot_be_read_and_is_never_taken_for_another() -> None:
    text = page([{"field": "given_name", "level": "LIKE_ENOUGH"}])
    assert text.count("cannot be read") == 1
    assert "mark-equal" not in text
    assert "no comparison is stored" in page([])


@pytest.mark.rule("R-106")
def test_every_word_by_which_a_gate_stands_has_its_sentence() -> None:
    constants = [
        each for each in ast.walk(ast.parse(inspect.getsource(gates))) if isinstance(each, ast.Constant)
    ]
    said = {str(each.value) for each in constants if re.fullmatch(r"[A-Z][A-Z_]+", str(each.value))}
    said |= {each.value for kind in (NameLevel, AddressLevel) for each in kind}
    assert said == set(BECAUSE)


@pytest.mark.rule("R-106")
def test_every_word_that_the_kernel_stores_can_be_read() -> None:
    stored = {
        each.value for kind in (NameLevel, TokenLevel, AddressLevel, BirthLevel, Level) for each in kind
    }
    assert stored <= set(MARKS)


@pytest.mark.rule("R-106")
def test_what_is_signed_shows_every_word_of_every_statement() -> None:
    told = told_of([b'{"approver":"a","vote":"one"}', b'{"approver":"a","vote":"two"}'])
    assert told.alike == [("Who signs", "a")]
    assert [row[0] for row in told.each] == ["one", "two"]
    assert len({row[1] for row in told.each}) == 2
    assert told_of([b'{"approver":"a"}']).alike[0] == ("Who signs", "a")


def test_what_is_signed_is_told_in_words_for_people() -> None:
    told = told_of([b'{"counts":{"received":1060,"referred":4},"vote":"vote/ae1a/498/referred_unread/x"}'])
    assert told.alike[0] == ("Items", "received 1,060, referred 4")
    assert told.alike[1] == ("Item", "row 498 of batch ae1a, referred unread")
    scope = told_of([b'{"kind":"stay","scope":{"agreement":"irs-ice-2025","officers":["a","b"]},"x_y":true}'])
    assert dict(scope.alike)["Whom it touches"] == "agreement irs-ice-2025, officers a, b"
    assert dict(scope.alike)["x y"] == "true"
    draw = dict(told_of([b'{"by":"inspector-general","scope":"auditor"}']).alike)
    assert (draw["Who signs"], draw["Opened as for"]) == ("inspector-general", "auditor")
