"""An officer who received something: terms, duties and outcomes signed at the console, and nothing opened."""

import re

import pytest

from tests.support.console import People
from tests.support.reading import entry_counts
from tests.support.service import served
from tests.support.world import officer_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SHORT_PAGES = """
from solely.cli.main import main
from solely.console import inbox
inbox.SHOWN_MAX = 3
main()
"""


@pytest.mark.rule("R-101")
@pytest.mark.rule("R-96")
@pytest.mark.rule("R-98")
def test_an_officer_accepts_the_terms_and_signs_duties_with_a_passkey(released_world, tmp_path) -> None:
    world = released_world.copied(tmp_path / "world")
    package = world.packages()[0]
    row = next(each for each in world.requests.rows if each["request_id"] == package.stem)
    name = officer_of(row)
    keyfile, id_ = world.key("officers", name), package.stem
    with served(world) as service:
        people = People(service)
        people.join("officer", keyfile)
        first = people.ask("officer", "GET", "/inbox").text
        assert "Accept the terms" in first
        assert "You say what came of each release within 120 days" in first
        assert "[&#39;" not in first  # a term that is a list shows as its words
        assert re.search(
            rf'{id_}</th>\s*<td data-label="What">may be opened</td>\s*<td data-label="By">20\d\d-', first
        )
        assert '<th scope="row">correction' not in first  # the terms are no line of the table
        assert people.act("officer", "/inbox/terms", {}).status == 303
        page = people.ask("officer", "GET", "/inbox").text
        assert "Accept the terms" not in page
        assert id_ in page
        early = people.act("officer", f"/inbox/{id_}/verified", {"how": "two sources"})
        assert (early.status, "never opened" in early.text) == (403, True)
    opened = world.solely("open", package, "--key", keyfile, "--gate", world.gate, "--confirm", id_)
    assert opened.code == 0, opened.err
    with served(world) as service:
        people = People(service)  # at another port, and so with another passkey
        people.join("officer", keyfile)
        for act, form in (
            ("verified", {"how": "two sources"}),
            ("outcome", {"outcome": "not_used"}),
            ("destroyed", {"method": "SP 800-88 purge"}),
        ):
            done = people.act("officer", f"/inbox/{id_}/{act}", form)
            assert done.status == 303, done.text
        assert people.act("officer", f"/inbox/{id_}/outcome", {"outcome": "sold"}).status == 400
        none = people.act("officer", "/inbox/R-NEVER-SENT/outcome", {"outcome": "used"})
        assert (none.status, "of this request id names you" in none.text) == (400, True)
        assert id_ not in people.ask("officer", "GET", "/inbox").text
        court = world.key("courts", "district-court")
        stayed = world.solely("stay", "--gate", world.gate, "--as", court, "--cite", "docket 1")
        assert stayed.code == 0, stayed.err
        page = people.ask("officer", "GET", "/inbox").text
        number = page.count("an order stops it")
        assert f"and {number} more that an order stops" in page
        # What an order stops is due to nobody, and stands last.
        assert page.rindex('href="/inbox/') < page.index("an order stops it")
    counts = entry_counts(world)
    assert (counts["acceptance"], counts["duty"], counts["outcome"], counts["certificate"]) == (1, 1, 1, 1)


@pytest.mark.rule("R-98")
def test_every_line_of_a_long_inbox_can_be_reached(released_world, tmp_path) -> None:
    world = released_world.copied(tmp_path / "world")
    released = {each.stem for each in world.packages()}
    names = [officer_of(each) for each in world.requests.rows if each["request_id"] in released]
    busiest = max(set(names), key=names.count)
    with served(world, program=("-c", SHORT_PAGES)) as service:
        people = People(service)
        people.join("officer", world.key("officers", busiest))
        path, seen, pages = "/inbox", list[tuple[str, str]](), 0
        while path:
            page = people.ask("officer", "GET", path).text
            seen += re.findall(r'<th scope="row">([^<]+)</th>\s*<td data-label="What">([^<]+)<', page)
            following = re.search(r'href="(/inbox\?after=\d+)">The next', page)
            path, pages = following[1] if following else "", pages + 1
        told = re.search(r"(\d+) things? waits?", page)
        assert told is not None
        assert len(seen) == len(set(seen)) == int(told[1])
        assert pages == -(-len(seen) // 3)
        assert people.ask("officer", "GET", "/inbox?after=9999").status == 200
        assert 'href="/passkeys/mine"' in people.ask("officer", "GET", "/me").text
