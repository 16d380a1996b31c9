"""Signing in and what fails of it: the ledger hears of it, and nobody is shown as somebody else."""

import hashlib
import json
import re
import sqlite3
from base64 import b64decode
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from demo.people import SIGNER
from solely import clock
from solely.canonical import sha256_hex
from solely.errors import NotPermitted
from solely.passkey import Shown, Vouched, Voucher, write_signature
from solely.signing import parse_private_key, sign
from solely.steps import turning_away
from solely_verify.__main__ import main as verify
from tests.e2e.test_api import get
from tests.support.authenticator import Authenticator
from tests.support.console import FIELD, People
from tests.support.reading import entry_counts
from tests.support.service import Officer, free_port, served, signed_order
from tests.support.world import build_world

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
OFFICER = "approvers"


@pytest.fixture
def people(fresh_world):
    with served(fresh_world) as service:
        people = People(service)
        people.join(OFFICER, fresh_world.key(OFFICER, "disclosure-officer"))
        yield people


def wrong_sign_in(people: People) -> None:
    """A sign-in with a passkey that nobody vouched for."""
    people.devices["stranger"] = Authenticator()
    with pytest.raises(AssertionError, match="not known here"):
        people.sign_in("stranger")


@pytest.mark.rule("R-103")
def test_failed_sign_ins_are_in_the_ledger_and_a_flood_of_them_is_two_entries(people: People) -> None:
    before = entry_counts(people.service.world)
    for _ in range(20):
        wrong_sign_in(people)
    told = people.service.stop()
    new = Counter(entry_counts(people.service.world)) - Counter(before)
    assert new == {"arrival": 2}  # the first at once, the rest before the gate is left
    assert told.count("failed sign-ins are in the ledger") == 2


def test_sign_ins_that_fail_are_counted_and_told_of_once_a_minute(monkeypatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(turning_away.time, "monotonic", lambda: clock[0])
    turned = turning_away.TurnedAway()
    assert [turned.count("SIGN_IN") for _ in range(3)] == [1, 0, 0]
    assert turned.count("PAGE") == 1  # each kind by itself
    clock[0] += turning_away.SECONDS
    assert (turned.count("SIGN_IN"), turned.count("PAGE"), turned.count("PAGE")) == (3, 1, 0)
    assert turned.rest() == {"PAGE": 1}


@pytest.mark.rule("R-103")
@pytest.mark.rule("R-84")
def test_what_nobody_may_do_leaves_a_counted_entry(people: People) -> None:
    """Pages and calls of another role, forms of another site, a voucher by another's key: each is told."""
    recipient = Officer(people.service, people.service.world.key("officers", "officer-01"))
    before, foreign = entry_counts(people.service.world), {"Origin": "http://elsewhere.example"}
    for _ in range(5):
        assert people.ask(OFFICER, "GET", "/counsel").status == 403
        assert people.ask(OFFICER, "POST", "/queue/give-back", {}, foreign).status == 403
        with pytest.raises(NotPermitted):
            people.register("thief", people.service.world.key("inquiries", "identity-office"))
        assert get(recipient, "/api/batches/0123456789abcdef")[0] == 403
    told = people.service.stop()
    assert Counter(entry_counts(people.service.world)) - Counter(before) == {"arrival": 8}
    kinds = ("PAGE", "ACT", "VOUCHER", "OFFICE")
    assert all(told.count(f"refused calls ({kind})") == 2 for kind in kinds)


def test_a_refused_page_is_shown_to_whoever_is_signed_in(people: People) -> None:
    for path, status in (("/counsel", 403), ("/no/such/page", 404)):
        page = people.ask(OFFICER, "GET", path, headers={"Accept": "text/html"})
        assert page.status == status
        assert "Sign out" in page.text and "disclosure-officer" in page.text
        nobody = people.ask("nobody", "GET", path, headers={"Accept": "text/html"})
        assert "Sign out" not in nobody.text


@pytest.mark.rule("R-106")
def test_a_page_to_sign_that_comes_back_unsigned_is_shown_again(fresh_world) -> None:
    """Without a script the form goes back without an answer: it is asked for anew, not unreadable."""
    with served(fresh_world) as service:
        people = People(service)
        people.join("officers", people.first_key(fresh_world.folders.root / "keys" / "officers"))
        asked = people.ask("officers", "POST", "/inbox/terms", {"nonce": "own"})
        for _ in range(2):
            assert "data-challenge" in asked.text, asked.text
            assert asked.text.count('name="assertion_nonce"') == 1
            fields = dict(FIELD.findall(asked.text))
            assert fields["nonce"] == "own"
            asked = people.ask("officers", "POST", "/inbox/terms", fields)


@pytest.mark.rule("R-106")
@pytest.mark.rule("R-84")
def test_a_cookie_without_its_passkey_signs_nothing(fresh_world) -> None:
    """Whoever has the cookie of a sign-in, and another authenticator or none that verifies, does nothing."""
    with served(fresh_world) as service:
        people = People(service)
        people.join("officers", people.first_key(fresh_world.folders.root / "keys" / "officers"))
        own = people.devices["officers"]
        before = entry_counts(fresh_world) | {"arrival": 0}
        wrong = ({"flags": 0x01}, {"kind": "webauthn.create"}, {"origin": "http://localhost:9999"})
        for stolen in (Authenticator(), *(replace(own, **each) for each in wrong)):
            people.devices["officers"] = replace(stolen, credential=own.credential)
            refused = people.act("officers", "/inbox/terms", {})
            assert refused.status == 422, refused.text
            assert "the passkey" in refused.text.lower()
        assert entry_counts(fresh_world) | {"arrival": 0} == before
        people.devices["officers"] = own
        assert people.act("officers", "/inbox/terms", {}).status == 303


@pytest.mark.rule("R-92")
def test_who_signs_out_leaves_an_entry_and_a_cookie_of_nobody_none(fresh_world) -> None:
    with served(fresh_world) as service:
        people = People(service)
        people.join("officers", people.first_key(fresh_world.folders.root / "keys" / "officers"))
        cookie, before = people.cookies["officers"], entry_counts(fresh_world)["sign-in"]
        for sent in (cookie, cookie, "solely=none"):
            assert people.ask_with(sent, "POST", "/sign-out", {}).status == 303
        assert entry_counts(fresh_world)["sign-in"] == before + 1
        people.cookies["officers"] = people.sign_in("officers")
    assert verify(["log", str(fresh_world.gate / "ledger"), "--key", str(fresh_world.gate / "log.vkey")]) == 0


@pytest.mark.rule("R-84")
def test_a_passkey_is_vouched_for_once_whatever_name_a_browser_gives_it(people: People) -> None:
    """A lost phone that its holder ended comes back by no old voucher, nor speaks for anybody else."""
    own = people.devices[OFFICER]
    mine = people.ask(OFFICER, "GET", "/passkeys/mine").text
    entry = mine.partition("/passkeys/mine/")[2].partition("/")[0]
    assert people.ask(OFFICER, "POST", f"/passkeys/mine/{entry}/end").status == 303
    world = people.service.world
    people.devices["again"] = Authenticator(key=own.key)
    for keyfile in (world.key(OFFICER, "disclosure-officer"), world.key(OFFICER, "privacy-officer")):
        with pytest.raises(NotPermitted, match="make a new one"):
            people.register("again", keyfile)


def test_a_passkey_is_vouched_for_from_a_machine_without_the_gates_folder(people: People, tmp_path) -> None:
    world = people.service.world
    kept, code = tmp_path / "log.vkey", people.offer("requesters")
    kept.write_bytes((world.gate / "log.vkey").read_bytes())
    words = ("passkey", code, "--as", world.key("requesters", SIGNER))
    for wrong in ((), ("--url", people.service.url), ("--gate", world.gate, "--url", people.service.url)):
        refused = world.solely(*words, *wrong)
        assert (refused.code, "--url URL --log VKEY" in refused.err) == (2, True)
    done = world.solely(*words, "--url", people.service.url, "--log", kept)
    assert done.code == 0, done.err
    assert people.sign_in("requesters")


@pytest.mark.rule("R-82")
def test_a_passkey_whose_row_is_gone_is_not_vouched_for_again(fresh_world) -> None:
    with served(fresh_world) as service:
        people = People(service)
        people.register(OFFICER, fresh_world.key(OFFICER, "disclosure-officer"))
    with sqlite3.connect(fresh_world.gate / "state.sqlite") as state:
        state.execute("delete from passkey")
    with served(fresh_world) as service:
        again = People(service, dict(people.devices))
        with pytest.raises(NotPermitted, match="make a new one"):
            again.register(OFFICER, fresh_world.key(OFFICER, "disclosure-officer"))


@pytest.mark.rule("R-106")
def test_a_passkey_that_is_asked_at_another_address_signs_nobody_in(people: People) -> None:
    people.devices[OFFICER] = replace(people.devices[OFFICER], origin="http://localhost:9999")
    with pytest.raises(AssertionError, match="another address"):
        people.sign_in(OFFICER)


def filed_by_passkey(people: People, device: Authenticator, cite: str, **voucher: object) -> str:
    """What the gate says of a court's stay that whoever has the text of a passkey's signature brings."""
    world = people.service.world
    court = world.key("courts", "district-court")
    key = parse_private_key(court.read_bytes())
    words = {"log": (world.gate / "log.vkey").read_text().strip(), "address": people.address}
    words |= {"passkey": device.public, "until": clock.now(may_be_set=True).date() + timedelta(days=30)}
    statement = Voucher(**(words | voucher)).statement()
    order = signed_order(world, "courts/district-court", kind="stay", cite=cite)
    shown = Shown("n", "p", (sha256_hex(b64decode(order["order"])),))
    asserted = device.sign(shown.challenge(), str(voucher.get("address", people.address)))
    order["signature"] = write_signature(Vouched(statement, sign(key, statement)), shown, asserted).decode()
    kind = {"Content-Type": "application/json"}
    return people.service.send("/api/orders", json.dumps(order).encode(), kind)[1].decode()


@pytest.mark.rule("R-84")
def test_an_order_signed_by_a_passkey_is_filed_where_the_passkey_was_vouched_for_alone(
    people: People,
) -> None:
    """The court signed it at another gate or address, or with a passkey that it has ended since."""
    court = people.service.world.key("courts", "district-court")
    people.join("courts", court)
    own = people.devices["courts"]
    other = "solely.example/other+01234567+AAAA"
    assert "at this gate" in filed_by_passkey(people, Authenticator(), "docket one of today")
    assert "at another gate" in filed_by_passkey(people, own, "docket one of today", log=other)
    assert "signs at" in filed_by_passkey(people, own, "docket one of today", address="http://localhost:9999")
    assert '"kind": "stay"' in filed_by_passkey(people, own, "docket one of today")
    entry = (
        people.ask("courts", "GET", "/passkeys/mine").text.partition("/passkeys/mine/")[2].partition("/")[0]
    )
    people.ask("courts", "POST", f"/passkeys/mine/{entry}/end")
    assert "was ended" in filed_by_passkey(people, own, "docket two of today")


@pytest.mark.rule("R-82")
@pytest.mark.rule("R-92")
def test_a_sign_in_that_somebody_wrote_into_the_tables_is_nobodys(fresh_world) -> None:
    """Whoever edits tables is not the officer whose passkey the row names, and no look is charged to them."""
    port = free_port()
    with served(fresh_world, port=port) as service:
        people = People(service)
        people.join(OFFICER, fresh_world.key(OFFICER, "disclosure-officer"))
    with sqlite3.connect(fresh_world.gate / "state.sqlite") as state:
        (row,) = state.execute("select * from sign_in")
        forged = (hashlib.sha256(b"forged").hexdigest(), *row[1:])
        state.execute("insert into sign_in values(?, ?, ?, ?, ?, ?, ?, ?)", forged)
    with served(fresh_world, port=port) as service:
        again = People(service, people.devices, dict(people.cookies))
        assert again.ask(OFFICER, "GET", "/queue").status == 200
        assert again.ask_with("solely=forged", "GET", "/queue").location == "/sign-in"


@pytest.mark.rule("R-84")
def test_whoever_has_an_officers_id_in_another_role_ends_no_passkey_of_the_officer(tmp_path) -> None:
    world = build_world(tmp_path / "world", seed=12, people=600, items=60)
    for end in ("pem", "toml"):
        own = world.folders.trust / "requesters" / f"field-office-director.{end}"
        own.rename(own.with_name(f"disclosure-officer.{end}"))
    assert world.init().code == 0
    with served(world) as service:
        people = People(service)
        people.join(OFFICER, world.key(OFFICER, "disclosure-officer"))
        people.join("requesters", world.key("requesters", "field-office-director"))
        (entry,) = re.findall(r"/passkeys/mine/(\d+)/end", people.ask(OFFICER, "GET", "/passkeys/mine").text)
        assert people.ask("requesters", "POST", f"/passkeys/mine/{entry}/end").status == 403
        assert people.ask(OFFICER, "GET", "/queue").status == 200


class Remote(People):
    """People at a gate behind a proxy, which has the certificate."""

    address = "https://gate.example"


def test_over_https_nobody_comes_by_less_and_no_other_host_sets_the_cookies_of_a_gate(fresh_world) -> None:
    with served(fresh_world, "--address", Remote.address) as service:
        people = Remote(service)
        people.devices[OFFICER] = Authenticator(site="gate.example")
        people.register(OFFICER, fresh_world.key(OFFICER, "disclosure-officer"))
        cookie = people.sign_in(OFFICER)
        name, _, value = cookie.partition("=")
        assert name == "__Host-solely"
        seen = people.ask_with(cookie, "GET", "/queue")
        assert (seen.status, seen.headers["strict-transport-security"]) == (200, "max-age=31536000")
        assert people.ask_with(f"solely={value}", "GET", "/queue").location == "/sign-in"
        word = people.word_of(cookie)
        done = people.ask_with(cookie, "POST", "/queue/give-back", {"form_word": word})
        assert all("Secure" in each and "HttpOnly" in each for each in done.cookies)
        out = people.ask_with(cookie, "POST", "/sign-out", {})
        assert any(each.startswith("__Host-solely=") and "Secure" in each for each in out.cookies)
        assert people.ask_with(cookie, "GET", "/queue").location == "/sign-in"


def test_who_sends_a_form_after_the_sign_in_has_ended_is_told_that_nothing_was_done(fresh_world) -> None:
    with served(fresh_world) as service:
        people = People(service)
        people.join("officer", fresh_world.key("approvers", "disclosure-officer"))
        cookie = people.cookies["officer"]
        word = people.word_of(cookie)
        people.ask_with(cookie, "POST", "/sign-out", {"form_word": word})
        note = {"form_word": word, "about": "0123456789abcdef", "note": "a long thought"}
        for method, path, form, told in (
            ("POST", "/objections", note, "your sign-in has ended, and nothing was done"),
            ("GET", "/queue", {}, "your sign-in has ended: sign in again"),
        ):
            answer = people.ask_with(cookie, method, path, form)
            assert (answer.status, answer.location) == (303, "/sign-in")
            said = next(each.split(";")[0] for each in answer.cookies if each.startswith("said="))
            assert told in people.ask_with(said, "GET", "/sign-in").text
        assert not people.ask_with("", "GET", "/queue").cookies
