"""The tour of `docs/start.md`, section 7, as it stands there: everybody at the demo's gate, in Chromium."""

import re
from difflib import SequenceMatcher

import pytest

from tests.support.browser import MISSING, Visitor, chromium, is_there, visitor
from tests.support.service import Service, served
from tests.support.tree import ROOT
from tests.support.world import World, build_world

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.skipif(not is_there(), reason=MISSING)]
NAMES = ("given name", "family name")
SAMPLE = 6  # the demo's gate asks for twice as many


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """A gate like the demo's: one batch is released, the next lies ready to be sent."""
    from demo import world as worlds

    world: World = build_world(tmp_path_factory.mktemp("tour") / "out", seed=5, people=1_500, items=150)
    worlds.write_next(world.folders, world.population, 5)
    assert world.init().code == 0
    first = world.run(world.folders.batch).result
    assert world.approve_by_two(first["batch"]).result["released"] > 0
    assert world.solely("init", world.gate, "--review-sample", str(SAMPLE)).code == 0
    with served(world) as service:
        yield service


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


def person(browser, gate: Service, role: str, name: str) -> Visitor:
    """Somebody new at the console, signed in as the page says."""
    one = visitor(browser, gate.url.replace("127.0.0.1", "localhost"), gate.world.gate)
    one.make_passkey(gate.world.key(role, name))
    one.sign_in()
    return one


def go(one: Visitor, *names: str) -> None:
    """Follow links by their names."""
    for name in names:
        with one.page.expect_navigation():
            one.page.get_by_role("link", name=name).first.click()


def decide_sample(one: Visitor) -> None:
    """Each item of the sample as an attentive person would: is the record that of the person asked about?"""
    while one.page.get_by_role("button", name="Release").count():
        asked, found = (" ".join(cell_of(one, name, place) for name in NAMES) for place in (0, 1))
        numbers = [re.sub(r"\D", "", cell_of(one, "taxpayer number", place)) for place in (0, 1)]
        is_same = SequenceMatcher(None, asked, found).ratio() > 0.7 or bool(
            numbers[0] and numbers[0] == numbers[1]
        )
        one.press("Release" if is_same else "Decline")
        assert "the sample has failed" not in one.said, (asked, found)
    one.press("Go on to sign your answers")
    one.sign()


def cell_of(one: Visitor, field: str, place: int) -> str:
    """What the request (0) or the record (1) says of a field."""
    row = one.page.locator("tbody tr", has=one.page.get_by_role("rowheader", name=field, exact=True))
    return " ".join((row.first.locator("td").nth(place).text_content() or "").casefold().split())


def approve(one: Visitor, batch: str) -> None:
    """An own sample of the batch, then the signature under it."""
    go(one, "Approvals", batch)
    one.press("Draw your sample")
    decide_sample(one)
    one.press("Go on to sign")
    one.sign()


@pytest.mark.rule("R-85")
def test_everybody_can_be_played_by_following_the_page(browser, gate: Service) -> None:
    told = (ROOT / "docs" / "start.md").read_text().partition("## 7. ")[2]
    for named in ("Take what is free of these", "Draw your sample", "Orders", "Oversight", "People and keys"):
        assert named in told, f"the tour names `{named}`"

    analyst = person(browser, gate, "requesters", "secretary-of-homeland-security")
    go(analyst, "Batches")
    analyst.page.set_input_files("#files", gate.world.folders.root / "next.zip")
    analyst.press("Send")
    batch = analyst.page.url.rpartition("/")[2]
    for _ in range(60):
        if "Being decided" not in (analyst.page.locator("main").text_content() or ""):
            break
        analyst.page.wait_for_timeout(1000)
        analyst.page.reload()
    assert "returned" in (analyst.page.locator("main").text_content() or "")

    first = person(browser, gate, "approvers", "disclosure-officer")
    go(first, "Referred items")
    first.page.locator("main table a").first.click()
    first.press("Take what is free of these")
    first.page.get_by_label("Decline: it ends here").check()
    first.page.get_by_label("Why").fill("the file does not show that this is the same person")
    first.press("Go on to sign")
    first.sign()
    approve(first, batch)
    second = person(browser, gate, "approvers", "chief-of-disclosure")
    approve(second, batch)
    assert "packages have left" in second.said

    court = person(browser, gate, "courts", "district-court")
    go(court, "Orders", "Stay")
    assert court.page.get_by_role("heading", level=1).is_visible()

    overseer = person(browser, gate, "overseers", "inspector-general")
    go(overseer, "Oversight")
    administrator = person(browser, gate, "administrators", "gate-administrator")
    go(administrator, "People and keys")
    assert administrator.page.get_by_role("link", name="Approvals").count() == 0
