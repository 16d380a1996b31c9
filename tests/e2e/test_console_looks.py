"""Every page of the console in Chromium: rules of WCAG 2.2 AA by axe, and what axe does not see."""

import pytest

from solely.console.menu import MENU
from tests.support.browser import MISSING, Visitor, chromium, is_there, violations, visitor
from tests.support.console import People
from tests.support.service import served

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.skipif(not is_there(), reason=MISSING)]

OPEN = ("/", "/public", "/sign-in", "/passkeys/new", "/no-such-page")
PAGES = [("nobody", path) for path in OPEN]
PAGES += [(role, path) for role in sorted(MENU) for path in ("/me", *(each.path for each in MENU[role]))]


@pytest.fixture(scope="module")
def people(new_gate, tmp_path_factory):
    """A gate with a decided batch, and one person of each role signed in."""
    world = new_gate.copied(tmp_path_factory.mktemp("looks") / "world")
    rows = world.fresh_rows(12)
    rows[0]["given_name"], rows[0]["middle_name"] = "FNU", ""
    rows[1]["address"] = "Don't Care 12345"
    rows[2]["purpose"] = "civil_removal"
    world.run(world.write_batch(rows, "looks"))
    with served(world) as service:
        yield People.signed_in(service)


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def visitors(browser, people) -> dict[str, Visitor]:
    """Each role's browser, signed in with the cookie of the person."""
    found = {}
    for role in ("nobody", *people.cookies):
        one = visitor(browser, people.address, people.service.world.gate)
        if role != "nobody":
            name, _, value = people.cookies[role].partition("=")
            one.page.context.add_cookies([{"name": name, "value": value, "url": people.address}])
        found[role] = one
    return found


@pytest.fixture(scope="module")
def seen() -> set[tuple[int, str]]:
    """The main parts that were looked at whole: roles share pages, and the agreement's is long."""
    return set()


@pytest.mark.parametrize(("role", "path"), PAGES, ids=lambda each: each)
def test_a_page_is_for_everybody(visitors, seen, role: str, path: str) -> None:
    page = visitors[role].page
    told: list[str] = []
    note = lambda message: told.append(message.text) if message.type == "error" else None  # noqa: E731
    page.on("console", note)
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(visitors[role].address + path)
    try:
        assert answer.status == (404 if path == "/no-such-page" else 200)
        assert violations(page, seen) == []
        assert page.locator("h1").count() == 1
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.set_viewport_size({"width": 320, "height": 800})
        assert violations(page, seen) == []
        # The one thing there is to do can be seen without a search, and is a target of 24 px at the least.
        for box in [each.bounding_box() for each in page.locator("main button, main a.button").all()]:
            assert box is None or (box["x"] >= 0 and box["x"] + box["width"] <= 320 and box["height"] >= 24)
        assert [each for each in told if "404" not in each] == []
    finally:
        page.remove_listener("console", note)


def test_where_a_batch_stands_can_be_read_on_a_narrow_screen(visitors) -> None:
    page = visitors["approvers"].page
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(visitors["approvers"].address + "/queue")
    told = page.get_by_role("table", name="Items by state")
    assert told.get_by_role("row", name="received 12 12").is_visible()
    heights = told.first.evaluate(
        """told => { const texts = document.createTreeWalker(told, NodeFilter.SHOW_TEXT), found = [];
        while (texts.nextNode()) { const all = document.createRange(); all.selectNode(texts.currentNode);
        found.push(...[...all.getClientRects()].map(each => each.height)); } return found; }"""
    )
    assert len(heights) > 14 and min(heights) >= 14


def test_a_page_can_be_read_in_the_colors_that_its_reader_forces(visitors) -> None:
    page = visitors["approvers"].page
    page.emulate_media(forced_colors="active")
    page.goto(visitors["approvers"].address + "/queue")
    assert page.get_by_role("button", name="Sign out").is_visible()
    assert violations(page) == []
    page.emulate_media(forced_colors="none")


def test_a_keyboard_reaches_the_content_first(visitors) -> None:
    page = visitors["approvers"].page
    page.goto(visitors["approvers"].address + "/queue")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_without_a_script_a_form_still_does_its_work(browser, people) -> None:
    context = browser.new_context(java_script_enabled=False)
    name, _, value = people.cookies["approvers"].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": people.address}])
    page = context.new_page()
    page.goto(people.address + "/queue")
    page.locator("main a").first.click()
    assert page.locator("main form").count() >= 1
