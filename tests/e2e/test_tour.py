"""The tour of `docs/start.md`, section 7, as it stands there: everybody at the demo's gate, in Chromium.

Each page that is looked at is held against axe; `make pictures` keeps pictures of them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.browser import MISSING, Visitor, chromium, is_there, visitor
from tests.support.service import Service, served
from tests.support.tree import ROOT
from tests.support.world import World, build_world

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.skipif(not is_there(), reason=MISSING)]
SAMPLE = 6  # the demo's gate asks for twice as many


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    with toured(
        build_world(tmp_path_factory.mktemp("tour") / "out", seed=5, people=1_500, items=150)
    ) as service:
        yield service


@contextmanager
def toured(world: World) -> Iterator[Service]:
    """A gate like the demo's: one batch is released, the next lies ready to be sent."""
    from demo import world as worlds

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
        # Somebody near may bear the same name at the same door: number and birth date tell.
        asked, held = (re.sub(r"\D", "", cell_of(one, "taxpayer number", place)) for place in (0, 1))
        born, on_record = ({*map(int, re.findall(r"\d+", cell_of(one, "birth date", n)))} for n in (0, 1))
        is_same = bool(asked and asked == held) or bool(born and born <= on_record)
        one.press("Release" if is_same else "Decline")
        assert "the sample has failed" not in one.said, (asked, held, born, on_record)
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
    one.look("sample")
    decide_sample(one)
    one.look("approval")
    one.press("Go on to sign")
    one.sign()


@pytest.mark.rule("R-85")
def test_everybody_can_be_played_by_following_the_page(browser, gate: Service) -> None:
    told = (ROOT / "docs" / "start.md").read_text().partition("## 7. ")[2]
    for named in ("Take what is free of these", "Draw your sample", "Orders", "Oversight", "People and keys"):
        assert named in told, f"the tour names `{named}`"

    look_as_nobody(browser, gate)
    batch = send_as_analyst(browser, gate)
    first = person(browser, gate, "approvers", "disclosure-officer")
    decline_a_group(first)
    approve(first, batch)
    second = person(browser, gate, "approvers", "chief-of-disclosure")
    approve(second, batch)
    assert "packages have left" in second.said
    second.look("released")
    read_as_counsel(browser, gate)
    wait_as_recipient(browser, gate)
    stay_as_court(browser, gate)
    check_as_overseer(browser, gate)
    administrator = person(browser, gate, "administrators", "gate-administrator")
    go(administrator, "People and keys")
    administrator.look("people")
    assert administrator.page.get_by_role("link", name="Approvals").count() == 0


def look_as_nobody(browser, gate: Service) -> None:
    """The pages that need no sign-in."""
    nobody = visitor(browser, gate.url.replace("127.0.0.1", "localhost"), gate.world.gate)
    for path, picture in (("/public", "public"), ("/sign-in", "sign-in"), ("/passkeys/new", "passkey")):
        nobody.open(path)
        nobody.look(picture)


def send_as_analyst(browser, gate: Service) -> str:
    """The batch that was sent, once it is decided: what was returned, and how it is cured."""
    analyst = person(browser, gate, "requesters", "secretary-of-homeland-security")
    go(analyst, "Batches")
    analyst.page.set_input_files("#files", gate.world.folders.root / "next.zip")
    analyst.press("Send")
    for _ in range(60):
        if "Being decided" not in (analyst.page.locator("main").text_content() or ""):
            break
        analyst.page.wait_for_timeout(1000)
        analyst.page.reload()
    batch = str(analyst.page.url.rpartition("/")[2])
    assert "returned" in (analyst.page.locator("main").text_content() or "")
    analyst.look("batch")
    go(analyst, "Every row returned or refused")
    analyst.look("rows")
    return batch


def decline_a_group(officer: Visitor) -> None:
    """What waits, a group of like cause, one of its items, and one signature under all."""
    go(officer, "Referred items")
    officer.look("queue")
    officer.page.locator("main table a").first.click()
    officer.press("Take what is free of these")
    officer.look("group")
    group = officer.page.url
    with officer.page.expect_navigation():
        officer.page.locator("main table a").first.click()
    officer.look("item")
    officer.page.goto(group)
    officer.page.get_by_label("Decline: it ends here").check()
    officer.page.get_by_label("Why").fill("the file does not show that this is the same person")
    officer.press("Go on to sign")
    officer.look("sign")
    officer.sign()


def stay_as_court(browser, gate: Service) -> None:
    """What a stay would stop, then the stay itself."""
    court = person(browser, gate, "courts", "district-court")
    go(court, "Orders", "Stay")
    court.look("order")
    court.page.get_by_label("What it rests on").fill("No. 25-cv-00677, order of the court")
    court.press("See what it would touch")
    court.look("effect")
    court.press("Go on to sign")
    court.sign()
    assert "It is in force" in (court.page.locator("main").text_content() or "")


def check_as_overseer(browser, gate: Service) -> None:
    """Alarms, the ledger checked, the report, one batch decided again."""
    overseer = person(browser, gate, "overseers", "inspector-general")
    go(overseer, "Oversight")
    overseer.look("oversight")
    go(overseer, "Check the ledger")
    overseer.press("Check now")
    overseer.page.get_by_text("It holds.").wait_for()
    overseer.look("verified")
    go(overseer, "Oversight", "Report")
    overseer.look("report")
    go(overseer, "Oversight", "Replay")
    overseer.press("Replay it")
    overseer.look("replayed")


def read_as_counsel(browser, gate: Service) -> None:
    """The agreement in force, and what the public would lose with each part that may be sealed."""
    counsel = person(browser, gate, "counsel", "office-of-counsel")
    go(counsel, "The agreement")
    counsel.look("agreement")
    go(counsel, "Sealing and drafts")
    counsel.page.get_by_role("checkbox").first.check()
    counsel.press("See what the public would lose")
    counsel.look("counsel")
    go(counsel, "Objections")
    counsel.look("objections")


def wait_as_recipient(browser, gate: Service) -> None:
    """The terms accepted, and what may be opened and by when."""
    recipient = person(browser, gate, "officers", "officer-01")
    go(recipient, "What waits for you")
    recipient.press("Accept the terms")
    recipient.sign()
    go(recipient, "What waits for you")
    recipient.look("inbox")
