"""Counsel at the console: what may be sealed and at what cost, and what a draft would widen."""

import html
import re

import pytest

from tests.support.console import People
from tests.support.service import served

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def counsel(new_gate, tmp_path_factory):
    """Counsel, signed in."""
    world = new_gate.copied(tmp_path_factory.mktemp("counsel") / "world")
    with served(world) as service:
        people = People(service)
        people.join("counsel", world.key("counsel", "office-of-counsel"))
        yield people


@pytest.mark.rule("R-90")
def test_the_agreement_is_read_with_its_rules_and_cases_and_a_draft_begins_from_its_text(
    counsel: People,
) -> None:
    page = counsel.ask("counsel", "GET", "/agreement").text
    law = counsel.service.world.gate / "law/agreements/irs-ice-2025/agreement.md"
    rules = re.findall(r"^rule: (\S+)", law.read_text(), re.MULTILINE)
    assert page.count('class="rule"') == len(re.findall(r"^```rule", law.read_text(), re.MULTILINE)) > 5, (
        rules
    )
    assert "What this page cannot show" in page
    assert "differs:" not in page
    form = counsel.ask("counsel", "GET", "/counsel").text
    begun = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", form, re.DOTALL)
    assert begun is not None
    assert html.unescape(begun[1]) == law.read_text()


def test_counsel_finds_the_report_of_what_left_by_day(counsel: People) -> None:
    assert 'href="/oversight/report"' in counsel.ask("counsel", "GET", "/me").text
    report = counsel.ask("counsel", "GET", "/oversight/report").text
    assert "What was asked, what left, and why the rest did not" in report
    assert 'href="/oversight/report" aria-current="page"' in report


@pytest.mark.rule("R-89")
def test_sealing_shows_what_the_public_would_lose(counsel: People) -> None:
    page = counsel.ask("counsel", "GET", "/counsel").text
    name = re.search(r'name="(part-\d+)" value="1"> rule 1\(b\)', page)
    assert name is not None
    found = counsel.ask("counsel", "POST", "/counsel/sealing", {name[1]: "1"}).text
    assert "With 1 part sealed" in found
    assert "Text that it would not read</dt><dd>rule 1(b)</dd>" in found
    assert "never sealed" not in page
    assert counsel.ask("counsel", "POST", "/counsel/sealing", {}).status == 400
    # All of them at once, as many as the page offers.
    every = re.findall(r'name="(part-\d+)"', page)
    assert len(every) > 100
    all_of_it = counsel.ask("counsel", "POST", "/counsel/sealing", dict.fromkeys(every, "1"))
    assert (all_of_it.status, f"With {len(every)} parts sealed" in all_of_it.text) == (200, True)


@pytest.mark.rule("R-83")
def test_a_draft_that_widens_is_told_clause_by_clause(counsel: People) -> None:
    pytest.importorskip("z3")
    world = counsel.service.world
    text = (world.gate / "law/agreements/irs-ice-2025/agreement.md").read_text()
    rule = re.search(r"within\(basis, bases\)", text)
    assert rule is not None
    wider = text.replace('bases = ["final_order", ', 'bases = ["overstay", "final_order", ')
    assert wider != text
    wider = wider.replace("| overstay | fails |", "| overstay | holds |")
    same = counsel.ask("counsel", "POST", "/counsel/draft", {"text": text.replace("\n", "\r\n")}).text
    assert "the text in force, word for word" in same
    page = counsel.ask("counsel", "POST", "/counsel/draft", {"text": wider}).text
    assert "1(a)" in page
    held_back = "The draft may let through what the version in force holds back, at 1 place"
    assert held_back in page
    milder = text.replace("otherwise: refused", "otherwise: referred", 1)
    assert held_back in counsel.ask("counsel", "POST", "/counsel/draft", {"text": milder}).text
    narrower = text.replace('"8 USC 1326(a)", ', "", 1)
    assert narrower != text
    said = counsel.ask("counsel", "POST", "/counsel/draft", {"text": narrower}).text
    assert "The draft was not seen to let more through than the version in force." in said
    broken = counsel.ask("counsel", "POST", "/counsel/draft", {"text": "no agreement"})
    assert broken.status == 422
