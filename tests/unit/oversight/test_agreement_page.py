"""The page of an agreement: the whole text, each rule under its item, and no word it cannot show."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from solely import counsel
from solely.agreement.english import english
from solely.agreement.markdown import Block, blocks_of
from solely.oversight.agreement_page import AgreementPage, CaseResult, Demand, anchor, render
from solely.steps.proving import prove
from tests.support.html import Page
from tests.support.law import AGREEMENTS, shipped_laws

pytestmark = pytest.mark.needs("prove")

CLAIMS = re.compile(r"\b(lawful|lawfully|legal|legally|compliant|compliance|certified)\b", re.IGNORECASE)
LAWS = dict(zip(AGREEMENTS, shipped_laws(), strict=True))


@pytest.fixture(params=AGREEMENTS, ids=lambda path: path.parent.name)
def path(request):
    return request.param


@pytest.fixture
def text(path, tmp_path):
    written = tmp_path / "page.html"
    counsel.write_page(path, written)
    return written.read_text(encoding="utf-8")


def words_of(page):
    return re.sub(r"\s+", " ", page.text)


def test_every_word_of_the_agreement_stands_on_the_page_in_its_order(path, text):
    words, at = words_of(Page(text)), 0
    for block in blocks_of(path.read_bytes()):
        if block.kind == "prose" or (block.kind, block.name) == ("heading", "2"):
            prose = re.sub(r"`", "", block.text)
            at = words.index(prose, at) if block.kind == "prose" else max(at, words.index(prose, at))


@pytest.mark.rule("R-03")
def test_under_each_item_stand_its_rule_its_english_its_authority_and_its_cases(path, text):
    law, page = LAWS[path], Page(text)
    words = words_of(page)
    for clause in law.agreement.clauses:
        assert anchor(clause) in page.ids
        assert clause.cite in words
        assert english(clause.expression).replace('"', "").replace("`", "") in words
        assert f"Cases of rule {clause.id}" in words
    for term, value in law.agreement.terms.items():
        if isinstance(value, str):
            assert term.replace("_", " ") in words
            assert value in words
    assert "differs" not in words


def demands_on(text):
    """Each demand of the statute on a page, with the places of the clauses that stand beside it."""
    (section,) = re.findall(r'<section aria-labelledby="coverage">.*?</section>', text, re.DOTALL)
    rows = re.findall(r'<th scope="row" role="rowheader">(.*?)</th>(.*?)</tr>', section, re.DOTALL)
    return [(clause, re.findall(r'href="#([^"]*)"', row)) for clause, row in rows]


@pytest.mark.rule("R-04")
def test_each_demand_of_the_statute_is_shown_with_the_clauses_that_are_proved_to_secure_it(path, text):
    law = LAWS[path]
    proved = {claim.about: claim for claim in prove(path).claims if claim.kind == "coverage"}
    own = {f"agreement {clause.id}": anchor(clause) for clause in law.agreement.clauses}
    assert demands_on(text) == [
        (each.id, [own[label] for label in proved[f"statute {each.id}"].by]) for each in law.statute.clauses
    ]
    assert "Which clauses secure what the statute demands" in text
    assert "Proved by z3" in text


@pytest.mark.rule("R-04", "R-90")
def test_without_a_solver_the_page_says_that_nothing_was_proved_and_shows_who_reads_the_facts(
    path, tmp_path, monkeypatch
):
    law = LAWS[path]
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name, *_: None
    )  # as where the extra is not installed
    counsel.write_page(path, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert demands_on(text) == [
        (each.id, [anchor(own) for own in law.agreement.clauses if set(own.facts) & set(each.facts)])
        for each in law.statute.clauses
    ]
    assert "Proved by" not in text
    assert "Not proved: a clause touches a demand" in text
    assert "z3 is not installed" in text


def test_the_page_stands_alone_and_can_be_walked_by_its_landmarks_headings_and_tables(text):
    page = Page(text)
    tags = [tag for tag, _ in page.tags]
    assert {"script", "link", "img", "iframe", "object", "form"}.isdisjoint(tags)
    assert "style" not in {name for name, _ in page.attributes}
    references = [value for name, value in page.attributes if name in ("href", "src")]
    assert {value[1:] for value in references} <= set(page.ids)
    assert all(value.startswith("#") for value in references)
    assert len(page.ids) == len(set(page.ids))
    assert tags.count("main") == tags.count("header") == tags.count("footer") == tags.count("nav") == 1
    assert tags.count("h1") == 1
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert text.count("<caption>") == tags.count("table")
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")
    assert '<html lang="en">' in text


@pytest.mark.rule("R-90")
def test_the_page_says_what_it_cannot_show_and_claims_nothing(path, text):
    law = LAWS[path]
    assert not CLAIMS.search(text)
    assert "What this page cannot show" in text
    assert law.statute.sha256 in text
    assert law.agreement.sha256 in text
    assert "is for a reader to say" in text


def page_of(law, **changes):
    whole = AgreementPage(
        law=law,
        blocks=(Block("heading", "1", "Title"), Block("rule", law.agreement.clauses[0].id, "a: b\n---\nx")),
        cases={law.agreement.clauses[0].id: [CaseResult(("overstay",), "holds", "fails")]},
        strengths={rule: "statute" for clause in law.agreement.clauses for rule in clause.rules},
        coverage=(Demand(law.statute.clauses[0], ()),),
    )
    return replace(whole, **changes)


def test_a_case_that_does_not_hold_is_marked():
    law = next(iter(LAWS.values()))
    assert "<strong>differs: fails</strong>" in render(page_of(law))


def test_hostile_text_is_shown_as_text():
    law = next(iter(LAWS.values()))
    hostile = "<script>alert(1)</script>\"'&"
    first = replace(law.agreement.clauses[0], say=hostile, cite=hostile, text=hostile)
    agreement = replace(
        law.agreement, clauses=(first,), version=hostile, terms={**law.agreement.terms, "cost": hostile}
    )
    shown = render(
        page_of(
            replace(law, agreement=agreement),
            blocks=(
                Block("prose", "", hostile),
                Block("heading", "2", hostile),
                Block("heading", "1", hostile),
            ),
            cases={first.id: [CaseResult((hostile,), "holds", "holds")]},
            coverage=(Demand(first, ()),),
        )
    )
    assert "<script" not in shown
    assert Page(shown).ids
