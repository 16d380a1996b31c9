"""Every page of the console asked for by every role: who may not, gets nothing, and leaves nothing (R-82)."""

from itertools import product

import pytest

from solely.console.routes import ROUTES
from solely.console.visit import EVERYBODY, Route
from tests.support.console import People
from tests.support.reading import entry_counts
from tests.support.service import served

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def people(new_gate, tmp_path_factory):
    """One signed-in person of each role at a served gate."""
    world = new_gate.copied(tmp_path_factory.mktemp("console") / "world")
    with served(world) as service:
        yield People.signed_in(service)


def path_of(route: Route) -> str:
    """An address of the route about something that does not exist."""
    parts = [("unknown" if part.startswith("{") else part) for part in route.path.split("/")]
    return "/".join(parts)


@pytest.mark.rule("R-82")
@pytest.mark.parametrize(
    ("route", "role"),
    list(product(ROUTES, [*sorted(EVERYBODY), "nobody"])),
    ids=lambda each: f"{each.method} {each.path}" if isinstance(each, Route) else each,
)
def test_a_page_is_for_its_roles_and_for_nobody_else(people: People, route: Route, role: str) -> None:
    answer = people.ask(role, route.method, path_of(route))
    is_theirs = not route.roles or role in route.roles
    if role == "nobody" and route.roles:
        assert (answer.status, answer.location) == (303, "/sign-in")
    elif not is_theirs:
        assert answer.status == 403
        assert "not for your role" in answer.text
    else:
        assert answer.status != 403 or "not for your role" not in answer.text
        assert answer.status != 500


@pytest.mark.rule("R-55")
def test_refused_pages_leave_nothing_but_the_sign_ins(people: People) -> None:
    counts = entry_counts(people.service.world)
    assert counts["access"] == counts["sign-in"] == len(people.cookies)


def test_a_form_of_another_site_or_without_the_word_of_the_sign_in_does_nothing(people: People) -> None:
    form = {"decide": "confirm", "note": "because"}
    path = "/items/unknown/vote"
    foreign = people.ask("approvers", "POST", path, form, {"Origin": "https://elsewhere.example"})
    assert (foreign.status, "does not come from a page" in foreign.text) == (403, True)
    cross = people.ask("approvers", "POST", path, form, {"Sec-Fetch-Site": "cross-site"})
    assert cross.status == 403
    without = people.ask("approvers", "POST", path, form | {"form_word": "guessed"})
    assert (without.status, "another sign-in" in without.text) == (403, True)


def test_no_number_in_an_address_or_a_field_is_too_long_to_be_refused(people: People) -> None:
    for digits in ("9" * 30, "9" * 5000, "%D9%A3"):
        assert people.ask("approvers", "POST", f"/objections/{digits}/answer").status == 400
        assert people.ask("overseers", "POST", "/oversight/sample", {"count": digits}).status == 400


def test_an_address_with_a_slash_behind_it_leads_to_no_other_host(people: People) -> None:
    for path in ("/queue/", "/approvals/", "/public/", "/api/batches/"):
        answer = people.ask("approvers", "GET", path, headers={"Host": "elsewhere.example"})
        assert (answer.status, answer.location) == (404, "")


def test_every_answer_bears_the_headers_that_keep_it_here(people: People) -> None:
    answer = people.ask("approvers", "GET", "/queue")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"


def test_a_script_is_asked_for_anew_and_sent_again_only_where_it_changed(people: People) -> None:
    for name in ("console.js", "console.css", "fetched/css/uswds.min.css"):
        first = people.ask("approvers", "GET", f"/static/{name}")
        assert (first.status, first.headers["cache-control"]) == (200, "no-cache")
        known = first.headers["etag"]
        for tag, status in ((known, 304), (f'"0", W/{known}', 304), ('"another"', 200)):
            again = people.ask("approvers", "GET", f"/static/{name}", headers={"If-None-Match": tag})
            assert (again.status, len(again.body)) == (status, len(first.body) if status == 200 else 0)


def test_a_cookie_that_was_signed_out_opens_nothing(people: People) -> None:
    cookie = people.sign_in("counsel")
    assert people.ask_with(cookie, "GET", "/me").status == 200
    people.ask_with(cookie, "POST", "/sign-out", {})
    assert people.ask_with(cookie, "GET", "/queue").location == "/sign-in"
