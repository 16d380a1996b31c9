"""Sign-in by an identity provider at a served gate: it says who is there, opens pages, and signs nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import oidc_provider_mock
import pytest

from demo.people import EXPIRED_OFFICER, MAILBOX, Person, write_people
from solely.ledger.entry import EntryType, SignIn
from solely_verify.__main__ import main as verify
from tests.support.browser import MISSING, chromium, is_there, visitor
from tests.support.console import Answer, People
from tests.support.provider import Provider, provided, provider_file
from tests.support.reading import entries_of, entry_counts
from tests.support.service import Service, served
from tests.support.world import World, build_world

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
OFFICER = "disclosure-officer"
NO = "whom the identity provider names may not sign in here by its word".capitalize()


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with provided(Provider()) as running:
        yield running


@pytest.fixture
def people(fresh_world: World, provider: Provider) -> Iterator[People]:
    provider.sub, provider.seconds, provider.raw = OFFICER, 0.0, lambda path: None
    path = provider_file(fresh_world.root, provider.issuer)
    with served(fresh_world, "--oidc", str(path)) as service:
        yield People(service)


def begun(people: People) -> tuple[str, str]:
    """The way to the provider, and the cookie of the browser that begins it."""
    there = people.ask_with("", "GET", "/sign-in/provider", headers={"Sec-Fetch-Site": "same-origin"})
    assert there.status == 303, there.text
    return there.location, there.cookies[0].split(";")[0]


def came_back(people: People, provider: Provider, sub: str = OFFICER) -> Answer:
    """What the browser gets that has been at the provider and back."""
    provider.sub = sub
    address, cookie = begun(people)
    return people.ask_with(cookie, "GET", provider.back(address))


def cookie_of(answer: Answer) -> str:
    """The cookie of a new sign-in, empty where there is none."""
    found = [each for each in answer.cookies if each.startswith("solely=")]
    return found[0].split(";")[0] if found else ""


def first_of(world: World, role: str) -> str:
    """The id of a person of a role."""
    return People(Service(world, "", None)).first_key(world.folders.root / "keys" / role).stem  # type: ignore[arg-type]


@pytest.mark.rule("R-84")
def test_the_word_of_a_provider_opens_pages_and_is_in_the_ledger(people: People, provider: Provider) -> None:
    answer = came_back(people, provider)
    assert (answer.status, answer.headers["refresh"]) == (200, "0; url=/me")
    (kept,) = [each for each in answer.cookies if each.startswith("solely=")]
    assert "SameSite=strict" in kept and "HttpOnly" in kept
    people.cookies["approvers"] = cookie_of(answer)
    page = people.ask("approvers", "GET", "/queue")
    assert (page.status, OFFICER in page.text) == (200, True)
    assert people.ask("approvers", "GET", "/counsel").status == 403  # another role's
    again = cookie_of(came_back(people, provider))
    assert again and again != people.cookies["approvers"]
    people.service.stop()
    world = people.service.world
    entry = next(each for each in entries_of(world) if each.type is EntryType.SIGN_IN)
    assert (entry.outcome, entry.refs) == (SignIn.PROVIDER, ())
    assert verify(["log", str(world.gate / "ledger"), "--key", str(world.gate / "log.vkey")]) == 0
    log = b"".join(each.read_bytes() for each in (world.gate / "ledger").rglob("*") if each.is_file())
    assert OFFICER.encode() not in log and provider.issuer.encode() not in log
    told = "".join(people.service.said)
    assert OFFICER not in told and "code=" not in told


@pytest.mark.rule("R-84")
@pytest.mark.rule("R-106")
def test_a_provider_that_lies_signs_nothing_for_anybody(people: People, provider: Provider) -> None:
    """It may say that anybody is there; whatever is signed needs that person's own passkey."""
    world = people.service.world
    officer = first_of(world, "officers")
    people.cookies["officers"] = cookie_of(came_back(people, provider, officer))
    before = entry_counts(world)
    people.register("approvers", world.key("approvers", OFFICER))
    asked = people.ask("officers", "POST", "/inbox/terms")  # with a passkey of somebody else alone
    assert (asked.status, "you have none here" in asked.text) == (403, True)
    assert "data-challenge" not in asked.text
    people.register("officers", world.key("officers", officer))
    asked = people.ask("officers", "POST", "/inbox/terms")
    assert asked.status == 200, asked.text
    own, other = people.devices["officers"], people.devices["approvers"]
    people.devices["officers"] = other
    refused = people.act("officers", "/inbox/terms", {})
    assert (refused.status, "speaks for somebody else" in refused.text) == (403, True)
    people.devices["officers"] = replace(
        other, credential=own.credential
    )  # the name of one, the key of another
    forged = people.act("officers", "/inbox/terms", {})
    assert (forged.status, "not the passkey" in forged.text) == (422, True), forged.text
    people.devices["officers"] = own
    done = people.act("officers", "/inbox/terms", {})
    assert done.status == 303, done.text
    counts = Counter(entry_counts(world)) - Counter(before)
    assert counts == {"access": 2, "acceptance": 1, "arrival": 1}


@pytest.mark.rule("R-92")
@pytest.mark.rule("R-84")
def test_a_provider_that_lies_sees_no_value_and_stops_nothing(people: People, provider: Provider) -> None:
    """Items, samples and the ends of passkeys open to who has signed in with the passkey."""
    people.cookies["approvers"] = cookie_of(came_back(people, provider))
    before = entry_counts(people.service.world)
    way, item = "/queue/singly/R-2C36PMNY", "/items/R-2C36PMNY"
    batch = "0123456789abcdef"
    for method, path in (
        ("POST", f"{way}/take"), ("GET", item), ("POST", f"{item}/take"),
        ("POST", f"/approvals/{batch}/sample"), ("GET", f"/approvals/{batch}/sample"),
        ("POST", "/passkeys/mine/1/end"),
    ):  # fmt: skip
        assert people.ask("approvers", method, path, {}).location == "/sign-in", path
    assert entry_counts(people.service.world) == before


@pytest.mark.rule("R-82")
def test_who_is_unknown_ended_or_of_several_roles_gets_no_session_and_one_answer(
    tmp_path: Path, provider: Provider
) -> None:
    world = build_world(tmp_path / "world", seed=11, people=600, items=60)
    day = world.today
    twice = Person("counsel", OFFICER, "Of two roles", "registrar", day, day + timedelta(days=9))
    write_people(world.folders.root, [twice])
    assert world.init().code == 0
    path = provider_file(world.root, provider.issuer, 'roles = ["approvers", "counsel", "officers"]\n')
    overseer = first_of(world, "overseers")
    wrong = ("nobody-here", EXPIRED_OFFICER, MAILBOX, OFFICER, overseer, "officers/officer-01", "OFFICER-01")
    before = entry_counts(world)
    with served(world, "--oidc", str(path)) as service:
        people = People(service)
        for sub in wrong:
            answer = came_back(people, provider, sub)
            assert (answer.status, cookie_of(answer)) == (403, ""), sub
            assert NO in answer.text
            assert sub not in answer.text
            assert "Sign in with a passkey" in answer.text
        assert cookie_of(came_back(people, provider, first_of(world, "officers")))
        told = service.stop()
    assert "the last: NOT_PERMITTED" in told
    assert not any(each in told for each in wrong)
    assert Counter(entry_counts(world)) - Counter(before) == {"arrival": 2, "sign-in": 1}


@pytest.mark.rule("R-08")
def test_a_revoked_key_ends_the_session_and_begins_none(people: People, provider: Provider) -> None:
    from tests.e2e.test_serve import revoked

    world = people.service.world
    cookie = cookie_of(came_back(people, provider))
    assert people.ask_with(cookie, "GET", "/queue").status == 200
    assert revoked(world, world.key("approvers", OFFICER)).code == 0
    assert people.ask_with(cookie, "GET", "/queue").location == "/sign-in"
    assert cookie_of(came_back(people, provider)) == ""


def test_another_browser_a_replay_and_another_site_begin_or_end_no_sign_in(
    people: People, provider: Provider
) -> None:
    address, cookie = begun(people)
    back = provider.back(address)
    other = begun(people)[1]
    assert cookie_of(people.ask_with(other, "GET", back)) == ""
    address, cookie = begun(people)
    back = provider.back(address)
    assert cookie_of(people.ask_with(cookie, "GET", back + "&next=https://elsewhere.example"))
    replayed = people.ask_with(cookie, "GET", back)
    assert (replayed.status, cookie_of(replayed)) == (403, "")
    address, cookie = begun(people)
    twice = people.ask_with(cookie, "GET", provider.back(address) + "&code=another")
    assert (twice.status, cookie_of(twice)) == (403, "")
    foreign = people.ask_with("", "GET", "/sign-in/provider", headers={"Sec-Fetch-Site": "cross-site"})
    assert (foreign.status, foreign.location) == (403, "")


def test_without_its_provider_a_gate_says_so_and_passkeys_go_on(people: People, provider: Provider) -> None:
    kept = cookie_of(came_back(people, provider))
    assert kept
    address, cookie = begun(people)
    provider.raw = lambda path: b"<html>" if path == "/token" else None
    answer = people.ask_with(cookie, "GET", provider.back(address))
    assert (answer.status, "does not answer as agreed" in answer.text) == (503, True)
    assert "Sign in with a passkey" in answer.text
    people.register("approvers", people.service.world.key("approvers", OFFICER))
    assert people.sign_in("approvers")


def test_a_start_without_a_provider_ends_its_sessions(people: People, provider: Provider) -> None:
    kept = cookie_of(came_back(people, provider))
    people.service.stop()
    with served(people.service.world) as service:
        later = People(service)
        assert later.ask_with(kept, "GET", "/queue").location == "/sign-in"
        assert "identity" not in later.ask("nobody", "GET", "/sign-in").text
        gone = later.ask("nobody", "GET", "/sign-in/provider")
        assert gone.status == 404


def test_a_wrong_file_stops_the_start(fresh_world: World) -> None:
    path = provider_file(fresh_world.root, "http://login.agency.example")
    ran = fresh_world.solely("serve", "--gate", fresh_world.gate, "--port", "8700", "--oidc", path)
    assert (ran.code, "`oidc.toml`: `issuer` is an https address" in ran.err) == (2, True)


def test_a_provider_that_nobody_here_wrote_signs_in_too(fresh_world: World) -> None:
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        issuer = f"http://127.0.0.1:{server.server_port}"
        path = provider_file(fresh_world.root, issuer)
        with served(fresh_world, "--oidc", str(path)) as service:
            people = People(service)
            address, cookie = begun(people)
            there = People(Service(fresh_world, issuer, service.process))
            sent = there.ask_with("", "POST", address.removeprefix(issuer), {"sub": OFFICER})
            assert sent.status == 302, sent.text
            answer = people.ask_with(cookie, "GET", sent.location.removeprefix(people.address))
            people.cookies["approvers"] = cookie_of(answer)
            assert people.ask("approvers", "GET", "/queue").status == 200


@pytest.mark.skipif(not is_there(), reason=MISSING)
def test_an_officer_goes_to_the_provider_and_back_in_a_browser_and_signs_with_a_passkey(
    fresh_world: World,
) -> None:
    officer = first_of(fresh_world, "officers")
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server, chromium() as browser:
        path = provider_file(fresh_world.root, f"http://127.0.0.1:{server.server_port}")  # another site
        with served(fresh_world, "--oidc", str(path)) as service:
            person = visitor(browser, service.url.replace("127.0.0.1", "localhost"), fresh_world.gate)
            person.make_passkey(fresh_world.key("officers", officer))
            person.open("/sign-in")
            person.page.get_by_role("link", name=re.compile("Sign in by")).click()
            person.page.get_by_placeholder("sub").fill(officer)
            person.page.get_by_role("button", name="Authorize").click()
            person.page.wait_for_url("**/me")
            person.open("/inbox")
            person.press("Accept the terms")
            person.sign()
            assert "you have accepted the terms" in person.said
    assert entry_counts(fresh_world)["acceptance"] == 1
