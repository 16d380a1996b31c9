"""Words that nobody may find again, sent to every page and call of a served gate, by everybody (R-57).

The rule that is held: what a call carried may come back in the body of its own answer, and nowhere else. It
stands in no address that a page names or leads to, in no header and no cookie, in no other answer, and in no
line, figure, trace or public byte of the ledger. Values of records stand where R-92 lets them.
"""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from threading import Thread
from typing import Any, cast
from urllib.parse import quote, urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.routing import Route

from demo.people import SIGNER
from solely import flow
from solely.access.admission import Entrance
from solely.api.app import routed
from solely.api.calls import Door
from solely.console.app import Console
from solely.console.by_provider import WAY
from solely.console.openid import BACK
from solely.console.provider import read_provider
from solely.console.routes import ROUTES
from solely.console.upload import Incoming
from solely.console.visit import EVERYBODY
from solely.front import openings
from solely.services import opened
from solely.steps.serving import Serving
from tests.e2e.test_api import headers_of
from tests.e2e.test_canaries import canaries, told
from tests.support import traced
from tests.support.console import FORM, JSON, Answer, People, form_of
from tests.support.provider import Provider, provided, provider_file
from tests.support.reading import only_batch
from tests.support.service import Officer, free_port, served
from tests.support.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
PLANTED = re.compile(r"Quillfeather(\d{5})|943-?67-?8115|Zephyrwood|1931-07-23", re.IGNORECASE)
_ADDRESS = re.compile(r'(?:href|action|src)="([^"]*)"')
_PART = re.compile(r"\{[^}]*\}")
# Fields of the forms, each with a word that is read.
FIELDS: Mapping[str, str] = {
    "about": "0", "as": "member", "batch": "0" * 16, "cite": "docket 1", "clause": "2(c)", "count": "3",
    "decide": "confirm", "drawn_with": "", "element": "address", "ends_at": "", "for": "", "hours": "24",
    "how": "asked the office", "kept": "", "kind": "stay", "lifts": "0" * 16, "method": "shredded",
    "note": "as the file says", "number": "1", "officer": "", "outcome": "none", "part-0": "1", "people": "",
    "plan_by": "", "release": "", "request": "", "request_id": "R-1", "requester": "", "revoked_key": "",
    "starts_at": "", "status": "finding", "supersedes": "", "text": "a text",
}  # fmt: skip
_FILES = {route.path for route in ROUTES if route.takes_files}
_FORMS = {route.path for route in ROUTES if route.method == "POST"}


def route_table(folder: Path, issuer: str) -> list[tuple[str, str]]:
    """Method and template of every route of the service."""
    key = ec.generate_private_key(ec.SECP256R1())
    door = Door(cast(Serving, None), Entrance("", "http://127.0.0.1", True), key, "", "")
    provider = read_provider(provider_file(folder, issuer))
    app = routed(door, Console(cast(Any, None), "http://localhost", "gate", Incoming(folder), provider))
    found = {(each, route.path) for route in app.routes if isinstance(route, Route) for each in route.methods}
    calls = {("POST", path) for path in openings.ROUTES}
    return sorted((method, path) for method, path in found | calls if method != "HEAD")


@dataclass
class Planter:
    """Sends calls, each with words of its own, and keeps what came back where it must not."""

    people: People
    office: Officer
    found: list[str] = field(default_factory=list)
    count: int = 0
    statuses: set[int] = field(default_factory=set)

    def words(self) -> tuple[str, str]:
        """A name that fits where an id does, and a whole person; no other call has them."""
        self.count += 1
        name = f"Quillfeather{self.count:05}"
        return name, f"{name} 943-67-8115 4417 Zephyrwood Hollow 1931-07-23"

    def headers(self, role: str, method: str, path: str, whole: str) -> dict[str, str]:
        """Headers of a call, those among them that a caller may fill with anything."""
        planted = dict.fromkeys(
            ("If-None-Match", "Idempotency-Key", "User-Agent", "Referer", "X-Request-Id", "Accept-Language",
             "X-Forwarded-For", "Range", "traceparent"), whole,
        )  # fmt: skip
        planted["Cookie"] = "; ".join(
            filter(None, (self.people.cookies.get(role, ""), f"note={quote(whole)}"))
        )
        if role == "office":
            planted |= headers_of(self.office, method, path)
        return planted

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One call; what was planted in it may stand in its own body."""
        answer = self.people.send(method, path, body, dict(headers or {}))
        self.statuses.add(answer.status)
        self.look(answer, f"{method} {path} {answer.status}", self.count)
        return answer

    def look(self, answer: Answer, what: str, own: int) -> None:
        """Keep what of an answer holds words that were planted, where it must not."""
        addresses = " ".join((answer.location, *_ADDRESS.findall(answer.text)))
        others = {name: value for name, value in answer.headers.items() if name != "location"}
        parts = re.findall(r'said="?([0-9a-f]+)', " ".join(answer.cookies))
        cookies = " ".join((*answer.cookies, *(bytes.fromhex(each).decode() for each in parts)))
        for name, text in (("address", addresses), ("header", json.dumps(others)), ("cookie", cookies)):
            if PLANTED.search(text):
                self.found.append(f"{name} of {what}: {PLANTED.findall(text)}")
        strange = [each for each in PLANTED.findall(answer.text) if each and int(each) != own]
        if strange or (not own and PLANTED.search(answer.text)):
            self.found.append(f"body of {what}: {strange}")


def filled(template: str, fill: Callable[[str], str]) -> str:
    """An address of a route."""
    return _PART.sub(lambda part: quote(fill(part[0].strip("{}").partition(":")[0]), safe="/"), template)


def places_of(template: str) -> list[str]:
    """The variable parts of a route, in each of which words are planted by turns, and once in none."""
    return ["", *(part.strip("{}").partition(":")[0] for part in _PART.findall(template))]


@dataclass
class Gate:
    """A served gate with something in every place, and what the service has told so far."""

    planter: Planter
    real: Mapping[str, str]
    sent: Mapping[str, bytes]
    lines: list[str]
    port: int  # of the figures
    provider: Provider

    def planted(self, template: str, place: str, word: str) -> str:
        """An address of a route about what is there, but for one place."""
        return filled(template, lambda name: word if name == place else self.real.get(name, "1"))


@pytest.fixture
def provider() -> Iterator[Provider]:
    with provided(Provider()) as running:
        yield running


@pytest.fixture
def gate(released_world: World, tmp_path: Path, provider: Provider) -> Iterator[Gate]:
    world = released_world.copied(tmp_path / "world")
    rows = [row | {"statute": "18 USC 1001"} for row in world.fresh_rows(3)]
    batch = world.write_batch(rows, "referred")
    assert world.run(batch).code == 0
    with opened(world.gate) as services:
        waiting = flow.referred(services)
    stay = world.solely(
        "stay", "--gate", world.gate, "--as", world.key("courts", "district-court"), "--cite", "docket 7",
        "--batch", only_batch(released_world).name,
    )  # fmt: skip
    assert stay.code == 0, stay.err
    item = waiting[-1]
    real = {
        "batch": item["batch"], "request_id": item["request_id"], "kind": "cause", "act": "verified",
        "name": "checkpoint", "row": "1", "order_id": stay.result["order"],
    }  # fmt: skip
    port, lines = free_port(), list[str]()
    by = provider_file(world.root, provider.issuer)
    more = ("--metrics-port", str(port), "--log-calls", "--oidc", str(by))
    with served(world, *more, program=("-P", str(traced.__file__))) as service:
        assert service.process.stderr is not None
        reading = Thread(target=lambda: lines.extend(service.process.stderr), daemon=True)
        reading.start()
        people = People.signed_in(service)
        office = Officer(service, world.key("requesters", SIGNER))
        sent = {each.name: each.read_bytes() for each in batch.iterdir()}
        yield Gate(Planter(people, office), real, sent, lines, port, provider)
        service.process.terminate()
        reading.join()


def gets(gate: Gate, table: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Every page and call that only looks, by everybody."""
    roles = [*sorted(EVERYBODY), "office", "nobody"]
    yield from ((role, path) for role, (method, path) in product(roles, table) if method == "GET")


def look_everywhere(gate: Gate, table: list[tuple[str, str]]) -> None:
    """Every page as it is, then with words planted in address, question and headers."""
    planter = gate.planter
    values, seen = canaries(planter.people.service.world), set[bytes]()
    for role, template in gets(gate, table):
        path = gate.planted(template, "", "")
        own = {"Cookie": planter.people.cookies.get(role, "")}
        own |= headers_of(planter.office, "GET", path) if role == "office" else {}
        answer = planter.people.send("GET", path, b"", own)
        planter.look(answer, f"GET {path}", 0)
        if answer.body not in seen and not path.startswith(("/items/", "/batches/")):
            seen.add(answer.body)
            assert not told(answer.body, values), path
        for planted in places_of(template):
            short, whole = planter.words()
            path = gate.planted(template, planted, short)
            asked = urlencode(dict.fromkeys(("after", "said", "q", *FIELDS), whole))
            planter.send("GET", f"{path}?{asked}", b"", planter.headers(role, "GET", path, whole))


def send_forms(gate: Gate) -> None:
    """Every form of the console by who may send it and by nobody, planted in one field after another."""
    planter = gate.planter
    for route in (each for each in ROUTES if each.method == "POST"):
        for role in (min(route.roles or EVERYBODY), "nobody"):
            word = planter.people.word_of(planter.people.cookies.get(role, ""))
            turns = [*product(("",), ("form_word", *FIELDS)), *product(places_of(route.path)[1:], ("",))]
            for place, name in turns if role != "nobody" else turns[-1:]:
                short, whole = planter.words()
                path = gate.planted(route.path, place, short)
                form = {**FIELDS, "form_word": word, name: whole, whole: whole}
                headers = planter.headers(role, "POST", path, whole) | {"Content-Type": FORM}
                planter.send("POST", f"{path}?{quote(whole)}", urlencode(form).encode(), headers)
            if route.takes_files:
                _, whole = planter.words()
                kind, body = form_of({whole: whole.encode()}, {"form_word": word, whole: whole})
                headers = planter.headers(role, "POST", route.path, whole) | {"Content-Type": kind}
                planter.send("POST", route.path, body, headers)


def send_calls(gate: Gate, table: list[tuple[str, str]]) -> None:
    """Every other call, planted in its words, their names, its kind and the names of its files."""
    planter = gate.planter
    known = (
        "challenge", "credential", "code", "holder", "statement", "signature", "key_id", "release", "order",
        "package_sha256", "log", "data", "client", "publicKey", "keyType", "signedRequestToken",
    )  # fmt: skip
    for method, template in (each for each in table if each[0] != "GET" and each[1] not in _FORMS):
        for role, kind in product(("office", "nobody"), (JSON, FORM, "text/plain", "")):
            short, whole = planter.words()
            path = gate.planted(template, places_of(template)[-1], short)
            body = json.dumps(dict.fromkeys((whole, *known), whole)).encode()
            more = {"Content-Type": kind}
            if not kind:
                more["Content-Type"], body = form_of({whole: body}, {whole: whole})
            planter.send(method, path, body, planter.headers(role, method, path, whole) | more)


def come_back(gate: Gate) -> None:
    """Every way back from the identity provider, who names a stranger, or tells what nobody asked for."""
    planter, provider = gate.planter, gate.provider
    for place in ("sub", "code", "state", "iss", "error", "error_description", "cookie", "more"):
        _, whole = planter.words()
        there = planter.send("GET", WAY, b"", {"Sec-Fetch-Site": "same-origin"})
        assert there.status == 303, there.text
        provider.sub = whole if place == "sub" else "disclosure-officer"
        provider.claims = lambda claims, told=whole: claims | {"name": told, "email": told}
        changes = {} if place in ("sub", "cookie") else {place: quote(whole)}
        headers = planter.headers("nobody", "GET", BACK, whole)
        begun = there.cookies[0].split(";")[0]
        headers["Cookie"] = begun if place != "cookie" else f"{begun.split('=')[0]}={quote(whole)}"
        planter.send("GET", provider.back(there.location, **changes), b"", headers)
    provider.claims, provider.raw = (lambda claims: claims), lambda path: b"Quillfeather00000"
    there = planter.send("GET", WAY, b"", {"Sec-Fetch-Site": "same-origin"})
    cookie = there.cookies[0].split(";")[0]
    planter.send("GET", provider.back(there.location), b"", {"Cookie": cookie})
    provider.raw = lambda path: None


def send_wrongly(gate: Gate, table: list[tuple[str, str]]) -> None:
    """No such page, no such method, no token, too much."""
    planter = gate.planter
    for path, accept in product(("/", "/api/", "/items/", "/static/", "/ledger/"), ("text/html", JSON)):
        short, whole = planter.words()
        headers = planter.headers("approvers", "GET", path, whole) | {"Accept": accept}
        planter.send("GET", f"{path}{quote(whole)}?{quote(whole)}", b"", headers)
        for method in ("DELETE", "PUT", short.upper()):
            planter.send(method, f"{path}{short}", b"", headers)
    for _, template in table:
        short, whole = planter.words()
        path = gate.planted(template, places_of(template)[-1], short)
        planter.send("PATCH", path, b"", planter.headers("nobody", "PATCH", path, whole))
        headers = planter.headers("nobody", "POST", path, whole)
        headers |= {"Authorization": f"DPoP {whole}", "DPoP": whole, "Content-Type": whole}
        planter.send("POST", path, whole.encode(), headers)
    _, whole = planter.words()
    kind, body = form_of(gate.sent, {whole: whole})
    headers = planter.headers("office", "POST", "/api/batches", whole) | {"Content-Type": kind}
    assert planter.send("POST", "/api/batches", body, headers).status == 409
    for role, path in (("requesters", "/batches"), ("office", "/api/batches")):
        _, whole = planter.words()
        headers = planter.headers(role, "POST", path, whole) | {"Content-Length": str(5 * 2**30)}
        planter.send(
            "POST", path, whole.encode(), headers | {"Content-Type": f"application/zip; name={whole}"}
        )
    for path in ("/queue/give-back", "/orders", "/sign-in/challenge"):
        _, whole = planter.words()
        kind = FORM if path.startswith("/queue") else JSON
        headers = planter.headers("approvers", "POST", path, whole) | {"Content-Type": kind}
        planter.send("POST", path, whole.encode() * 100_000, headers)


@pytest.mark.rule("R-57")
def test_what_a_call_carries_comes_back_in_its_own_answer_and_nowhere_else(
    gate: Gate, tmp_path: Path
) -> None:
    table = route_table(tmp_path, gate.provider.issuer)
    assert {("GET", WAY), ("GET", BACK)} <= set(table)
    assert {path for method, path in table if method == "POST"} >= _FORMS
    come_back(gate)
    look_everywhere(gate, table)
    send_forms(gate)
    send_calls(gate, table)
    send_wrongly(gate, table)
    planter = gate.planter
    for role, template in gets(gate, table):
        own = {"Cookie": planter.people.cookies.get(role, "")}
        path = gate.planted(template, "", "")
        planter.look(planter.people.send("GET", path, b"", own), f"then GET {path}", 0)
    with urllib.request.urlopen(f"http://127.0.0.1:{gate.port}/metrics") as answer:
        figures = answer.read().decode()
    planter.people.service.process.terminate()
    planter.people.service.process.wait(60)
    lines = "".join(gate.lines)
    assert "span: name" in lines
    ledger = planter.people.service.world.gate / "ledger"
    public = {each.name: each.read_bytes().decode("latin-1") for each in ledger.rglob("*") if each.is_file()}
    for name, text in {"figures": figures, "lines and traces": lines, **public}.items():
        planter.found += [f"{name}: {each[0]}" for each in PLANTED.finditer(text)]
    assert planter.found == []
    assert {303, 400, 401, 403, 404, 405, 409, 413, 415, 422} <= planter.statuses
