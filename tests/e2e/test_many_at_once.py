"""One caller who asks for all there is: others are answered, orders at once; the gate keeps its memory."""

import json
import select
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing

import pytest

from demo.people import SIGNER
from solely.api.app import LARGE_AT_ONCE
from solely.api.batches import EVENTS_AT_ONCE
from solely.console.upload import UPLOADS_AT_ONCE
from solely.front.body import BODY_MAX
from tests.e2e.test_api import files_of, get, headers_of, send
from tests.support.console import FORM, People, form_of
from tests.support.service import Officer, Service, served, signed_order
from tests.support.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
HELD = ("--singly", "600")  # what is received stays undecided
LETTERLESS = {"letter.json": b"{}", "letter.json.sig": b"x"}


@pytest.fixture(scope="module")
def service(new_gate: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    world = new_gate.copied(tmp_path_factory.mktemp("many") / "world")
    with served(world, *HELD) as found:
        yield found


@pytest.fixture
def office(service: Service) -> Officer:
    return Officer(service, service.world.key("requesters", SIGNER))


def called(
    service: Service, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
) -> socket.socket:
    """A call that nobody reads the answer of yet."""
    host, _, port = service.url.removeprefix("http://").partition(":")
    connection = socket.create_connection((host, int(port)), timeout=60)
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{n}: {v}" for n, v in headers.items())]
    connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
    return connection


def test_a_form_of_many_fields_is_refused_before_they_fill_the_memory(service: Service) -> None:
    people = People(service)
    people.join("requesters", service.world.key("requesters", SIGNER))
    fields = {f"field-{number}": "" for number in range(30)}
    answer = people.upload("requesters", "/precheck", {"data.csv": b"request_id\n"}, **fields)
    assert (answer.status, "cannot be read" in answer.text) == (400, True)


def test_an_office_follows_so_many_batches_at_once_and_others_are_answered(office: Officer) -> None:
    world = office.service.world
    status, said = send(office, files_of(world, world.fresh_rows(2), "followed"))
    assert status == 202, said
    path = f"/api/batches/{said['batch']}/events"
    with ExitStack() as held:
        for _ in range(EVENTS_AT_ONCE):
            stream = held.enter_context(
                closing(called(office.service, "GET", path, headers_of(office, "GET", path)))
            )
            assert b" 200 " in stream.recv(64)
        status, text = get(office, path)
        assert (status, json.loads(text)["code"]) == (429, "TOO_MANY")
        assert get(office, f"/api/batches/{said['batch']}")[0] == 200
    for _ in range(100):  # the service hears that they are gone
        with closing(called(office.service, "GET", path, headers_of(office, "GET", path))) as stream:
            if b" 200 " in stream.recv(64):
                return
        time.sleep(0.1)
    raise AssertionError("a stream that has ended still takes its place")


def test_an_office_sends_so_many_uploads_at_once(office: Officer) -> None:
    with ExitStack() as held:
        for _ in range(UPLOADS_AT_ONCE):
            own = headers_of(office, "POST", "/api/batches", **{"Content-Type": "application/zip"})
            begun = called(office.service, "POST", "/api/batches", own | {"Content-Length": "900"}, b"PK")
            held.enter_context(closing(begun))
        incoming = office.service.world.gate / "incoming"
        for _ in range(100):
            if len(list(incoming.glob("*"))) == UPLOADS_AT_ONCE:  # none before the first has come
                break
            time.sleep(0.1)
        status, said = send(office, LETTERLESS | {"data.csv": b"request_id\n"})
        assert (status, said["code"]) == (429, "TOO_MANY")


@pytest.mark.rule("R-08")
def test_an_order_does_not_wait_for_uploads_to_be_counted_nor_another_office_for_all_of_them(
    office: Officer,
) -> None:
    """Rows behind a quotation mark that is never closed are the slowest to count: seconds for each upload."""
    service = office.service
    rows = b'request_id,given_name\r\n1,"' + b"y,\n" * 4_000_000 + b"\r\n"
    kind, body = form_of(LETTERLESS | {"data.csv": rows}, {})
    with ExitStack() as held:
        sent = []
        for _ in range(UPLOADS_AT_ONCE):
            own = headers_of(office, "POST", "/api/batches", **{"Content-Type": kind})
            own |= {"Content-Length": str(len(body))}
            sent.append(held.enter_context(closing(called(service, "POST", "/api/batches", own, body))))
        stay = json.dumps(signed_order(service.world, "courts/district-court", kind="stay", cite="docket 1"))
        began = time.monotonic()
        status, said = service.send("/orders", stay.encode(), {"Content-Type": "application/json"})
        assert (status, time.monotonic() - began < 5) == (200, True), said
        other = Officer(service, service.world.key("requesters", "field-office-director"))
        assert send(other, LETTERLESS | {"data.csv": b"request_id\n"})[0] == 422
        assert len(select.select(sent, [], [], 0)[0]) <= 2  # of the eight the others still wait


@pytest.mark.rule("R-57")
def test_what_libraries_log_of_a_form_is_on_no_line(fresh_world: World) -> None:
    with served(fresh_world) as service:
        people = People(service)
        for kind in ("multipart/form-data; boundary=b", FORM):
            assert (
                people.send("POST", "/public/verify", b"Quillfeather=%", {"Content-Type": kind}).status < 500
            )
        told = service.stop()
    assert [line for line in told.splitlines() if not line.startswith(("serving at", "alarm: "))] == []


@pytest.mark.rule("R-08")
def test_an_order_is_filed_while_strangers_send_as_many_large_ones_as_there_is_room_for(
    service: Service,
) -> None:
    own = {"Content-Type": "application/json", "Content-Length": str(2 * BODY_MAX)}
    with ExitStack() as held:
        sent = [
            held.enter_context(closing(called(service, "POST", "/orders", own, b" " * (BODY_MAX + 9000))))
            for _ in range(LARGE_AT_ONCE + 4)
        ]
        turned_away = []
        while len(turned_away) < 4:
            turned_away = select.select(sent, [], [], 20)[0]
            assert turned_away, "nobody is turned away"
        assert all(each.recv(12) == b"HTTP/1.1 503" for each in turned_away)
        assert turned_away == sent[:4], "the oldest give way"
        stay = json.dumps(signed_order(service.world, "courts/district-court", kind="stay", cite="docket 2"))
        status, said = service.send("/orders", stay.encode(), {"Content-Type": "application/json"})
        assert status == 200, said
        people = [{"given_name": f"Ada{'b' * 60}", "family_name": f"Mirov{'a' * 60}"}] * 2000
        large = signed_order(
            service.world, "courts/district-court", kind="stay", cite="docket 3", scope={"people": people}
        )
        status, said = service.send(
            "/orders", json.dumps(large).encode(), {"Content-Type": "application/json"}
        )
        assert status == 200, said
    many = b"{" + b",".join(b'"%d":1' % number for number in range(400_000)) + b"}"
    assert service.send("/orders", many, {"Content-Type": "application/json"})[0] == 400


def test_a_person_who_asks_for_many_downloads_at_once_gets_some_and_then_more(fresh_world: World) -> None:
    assert fresh_world.run().code == 0
    with served(fresh_world) as service, ExitStack() as held:
        people = People(service)
        people.join("requesters", fresh_world.key("requesters", SIGNER))
        batch = people.ask("requesters", "GET", "/batches").text.partition('href="/batches/')[2][:16]
        own, path = {"Cookie": people.cookies["requesters"]}, f"/batches/{batch}/cure.csv"
        asked = [held.enter_context(closing(called(service, "GET", path, own))) for _ in range(60)]
        told = [each.recv(12) for each in asked]
        assert set(told) == {b"HTTP/1.1 200", b"HTTP/1.1 429"}
        assert all(people.ask("requesters", "GET", path).status == 200 for _ in range(6))
