"""The API of a requester's own systems: what it does, what it refuses, and that both are as described."""

import json
import re
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import positive_data_acceptance

from demo.people import SIGNER
from solely import signing
from solely.canonical import sha256_hex
from solely.errors import Blocked
from solely.services import opened
from solely.steps import held
from tests.support.console import People, form_of
from tests.support.reading import entry_counts
from tests.support.service import Officer, Service, served, signed_order
from tests.support.tree import ROOT, text_of
from tests.support.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
EXAMPLES = 20  # of each operation


@pytest.fixture(scope="module")
def service(new_gate: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    world = new_gate.copied(tmp_path_factory.mktemp("api") / "world")
    with served(world) as found:
        yield found


@pytest.fixture
def office(service: Service) -> Officer:
    return Officer(service, service.world.key("requesters", SIGNER))


def an_officer(service: Service) -> str:
    return min(path.stem for path in service.world.key("officers", "x").parent.glob("officer-*.pem"))


def headers_of(caller: Officer, method: str, path: str, **more: str) -> dict[str, str]:
    """What shows that a call is the caller's."""
    path = path.partition("?")[0]
    return {"Authorization": f"DPoP {caller.token()}", "DPoP": caller.proof(path, htm=method), **more}


def get(caller: Officer, path: str) -> tuple[int, str]:
    status, body = caller.service.send(path, b"", headers_of(caller, "GET", path), method="GET")
    return status, body.decode()


def send(caller: Officer, files: Mapping[str, bytes], **more: str) -> tuple[int, dict[str, object]]:
    kind, body = form_of(files, {})
    own = headers_of(caller, "POST", "/api/batches", **{"Content-Type": kind}, **more)
    status, answer = caller.service.send("/api/batches", body, own)
    return status, json.loads(answer)


def files_of(world: World, rows: list[dict[str, str]], name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in world.write_batch(rows, name).iterdir()}


def decided(caller: Officer, batch: object) -> dict[str, object]:
    for _ in range(600):
        status, text = get(caller, f"/api/batches/{batch}")
        assert status == 200, text
        if json.loads(text)["progress"]["state"] == "decided":
            found: dict[str, object] = json.loads(text)
            return found
        time.sleep(0.1)
    raise AssertionError(text)


def test_the_client_that_the_page_shows_sends_a_batch_and_reads_each_answer(
    service: Service, tmp_path: Path
) -> None:
    (script,) = re.findall(r"```python\n(.*?)```", text_of(ROOT / "docs/formats/call.md"), re.DOTALL)
    (tmp_path / "call.py").write_text(script)
    world = service.world
    rows = world.fresh_rows(3)
    rows[1]["periods"] = ""
    with zipfile.ZipFile(tmp_path / "batch.zip", "w") as archive:
        for name, data in files_of(world, rows, "by the page").items():
            archive.writestr(name, data)
    key = str(world.key("requesters", SIGNER))
    done = subprocess.run(
        [sys.executable, "call.py", service.url, key, "batch.zip"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["answer"] for each in said] == ["accepted", "returned", "accepted"]
    assert said[1]["reasons"] == ["periods:MISSING"]


@pytest.mark.rule("R-69")
@pytest.mark.rule("R-43")
def test_a_batch_is_sent_followed_and_answered_as_at_the_command_line(office: Officer) -> None:
    world = office.service.world
    rows = world.fresh_rows(3)
    rows[1]["periods"] = ""
    status, sent = send(office, files_of(world, rows, "sent"))
    assert status == 202, sent
    done = decided(office, sent["batch"])
    assert done["answers"] == {"returned": 1, "refused": 0, "under_review": 0, "accepted": 2}
    status, text = get(office, f"/api/batches/{sent['batch']}/answers?limit=2")
    lines = [json.loads(line) for line in text.splitlines()]
    kept = (world.gate / "batches" / str(sent["batch"]) / "answer.jsonl").read_text().splitlines()
    names = ("answer", "reasons", "request_id", "rules")
    assert [{name: line[name] for name in names} for line in lines] == [json.loads(each) for each in kept[:2]]
    assert [each["element"] for each in lines[1]["deficiencies"]] == ["periods"]
    status, text = get(office, f"/api/batches/{sent['batch']}/answers?after=2")
    assert [json.loads(line)["row"] for line in text.splitlines()] == [3]
    status, text = get(office, f"/api/batches/{sent['batch']}/receipts/{rows[0]['request_id']}")
    assert (status, json.loads(text)["answer"]) == (200, "accepted")
    status, text = get(office, f"/api/batches/{sent['batch']}/events")
    assert text.startswith("event: progress\ndata: {") and '"state": "decided"' in text


@pytest.mark.rule("R-13")
def test_the_same_key_and_files_give_the_stored_answer_and_the_same_letter_is_a_duplicate(
    office: Officer,
) -> None:
    world, key = office.service.world, {"Idempotency-Key": "a-key"}
    files = files_of(world, world.fresh_rows(2), "once")
    first = send(office, files, **key)
    assert first[0] == 202
    decided(office, first[1]["batch"])
    assert send(office, files, **key) == first
    status, told = send(office, files)
    assert (status, told["code"]) == (409, "DUPLICATE")
    assert told["result"]["batch"] == first[1]["batch"]
    other = files_of(world, world.fresh_rows(2), "other")
    assert send(office, other, **key)[0] == 422
    status, told = send(office, other, **key, **{"idempotency-key": "another-key"})
    assert (status, told["code"]) == (422, "PARAMETER")


@pytest.mark.rule("R-103")
def test_what_is_refused_is_a_problem_document_and_an_entry(office: Officer) -> None:
    service, before = office.service, entry_counts(office.service.world)["arrival"]
    status, told = send(office, {"batch.zip": b"no archive"})
    assert (status, told["code"], told["element"]) == (422, "BATCH_REFUSED", "submission")
    status, body = service.send("/api/batches/0123456789abcdef", b"", {}, method="GET")
    assert (status, json.loads(body)["code"]) == (401, "UNAUTHENTICATED")
    assert entry_counts(service.world)["arrival"] == before + 2
    assert get(office, "/api/batches/0123456789abcdef")[0] == 404
    own = headers_of(office, "POST", "/api/batches", **{"Content-Type": "text/plain"})
    assert service.send("/api/batches", b"x", own)[0] == 415
    officer = Officer(service, service.world.key("officers", an_officer(service)))
    status, said = get(officer, "/api/batches/0123456789abcdef")
    assert (status, "PermissionDenied" in str(said)) == (403, False)


@pytest.mark.rule("R-103")
@pytest.mark.parametrize(
    ("kind", "body", "refused"),
    [
        ("text/plain", b"x", (415, "CONTENT_TYPE")),
        ("", b"x", (415, "CONTENT_TYPE")),
        ("multipart/form-data; boundary=b", b"--b--\r\n", (400, "USAGE")),
        ("multipart/form-data; boundary=b", b"no form at all", (400, "USAGE")),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.zip"\r\n\r\nPK\r\n' * 2,
            (400, "USAGE"),
        ),
    ],
)
def test_each_upload_that_cannot_be_read_is_an_entry_and_nothing_of_it_is_kept(
    office: Officer, kind: str, body: bytes, refused: tuple[int, str]
) -> None:
    service = office.service
    before = entry_counts(service.world)["arrival"]
    for _ in range(2):
        own = headers_of(office, "POST", "/api/batches", **{"Content-Type": kind})
        status, told = service.send("/api/batches", body, own)
        assert (status, json.loads(told)["code"]) == refused, told
    assert entry_counts(service.world)["arrival"] == before + 2
    assert list((service.world.gate / "incoming").iterdir()) == []


@pytest.mark.rule("R-103")
def test_the_entry_of_an_upload_that_cannot_be_read_commits_to_its_bytes_and_to_the_key_that_sent_it(
    fresh_world: World,
) -> None:
    key = fresh_world.key("requesters", SIGNER)
    sender = {"key_id": signing.key_id(signing.parse_private_key(key.read_bytes()).public_key())}
    form, unread, untaken = "multipart/form-data; boundary=b", b"no form at all", b"--b--\r\n"
    with served(fresh_world) as service:
        for kind, body in ((form, unread), (form, untaken), ("text/plain", b"never read")):
            office = Officer(service, key)
            own = headers_of(office, "POST", "/api/batches", **{"Content-Type": kind})
            assert service.send("/api/batches", body, own)[0] in (400, 415)
    with fresh_world.state() as state:
        arrived = state.execute(
            "SELECT event_key, first_index FROM ledger_event WHERE event_key LIKE 'arrival/%' "
            "ORDER BY first_index"
        ).fetchall()
    why = {"unaccepted": {"call": "UPLOAD", "times": 1}}
    said = [{"sha256": sha256_hex(body), "size": len(body)} for body in (unread, untaken)]
    with opened(fresh_world.gate) as services:
        for (event, index), came in zip(arrived, (*said, {}), strict=True):
            entry = held.entry_of(services, index, "an arrival")
            held.require_said(services, entry, event, {**came, **sender, **why}, "an arrival")
            with pytest.raises(Blocked):
                held.require_said(services, entry, event, why, "an arrival")


@pytest.mark.rule("R-103")
def test_an_upload_that_breaks_off_is_an_entry_and_nothing_of_it_is_kept(office: Officer) -> None:
    service = office.service
    before = entry_counts(service.world)["arrival"]
    own = headers_of(office, "POST", "/api/batches", **{"Content-Type": "application/zip"})
    host, _, port = service.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        lines = ["POST /api/batches HTTP/1.1", "Host: localhost", "Content-Length: 4096"]
        head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in own.items()), "", ""])
        connection.sendall(head.encode() + b"PK")
    deadline = time.monotonic() + 20
    while entry_counts(service.world)["arrival"] == before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert entry_counts(service.world)["arrival"] == before + 1
    assert list((service.world.gate / "incoming").iterdir()) == []


@pytest.mark.rule("R-103")
def test_an_act_that_is_not_as_described_is_refused_and_counted_in_the_ledger(fresh_world: World) -> None:
    before = entry_counts(fresh_world)
    with served(fresh_world) as service:
        long = {"Idempotency-Key": "k" * 201, "Content-Type": "text/plain"}
        told = [service.send("/api/batches", b"", long), service.send("/api/batches/none/items/1", b"", {})]
        assert [(status, json.loads(body)["code"]) for status, body in told] == [(422, "PARAMETER")] * 2
        looked = service.send("/api/batches/none", b"", {}, method="GET")
        assert looked[0] == 422
    # The first at once, the other before the gate is left; what only looks is no act.
    assert entry_counts(fresh_world)["arrival"] == before.get("arrival", 0) + 2


@pytest.mark.rule("R-69")
def test_a_part_that_is_not_as_described_is_named_with_its_cure(office: Officer) -> None:
    world = office.service.world
    batch = send(office, files_of(world, world.fresh_rows(1), "named"))[1]["batch"]
    decided(office, batch)
    for path, element, cure in (
        ("/api/batches/none", "batch", "has the form ^[0-9a-f]{16}$"),
        (f"/api/batches/{batch}/answers?limit=0", "limit", "is at least 1"),
        (f"/api/batches/{batch}/answers?limit=99999999", "limit", "is at most"),
        (f"/api/batches/{batch}/answers?after=0x9436781", "after", "is a whole number"),
        (f"/api/batches/{batch}/receipts/{'x' * 300}", "request_id", "has "),
    ):
        status, text = get(office, path)
        told = json.loads(text)
        assert (status, told["element"]) == (422, element), text
        assert f"`{element}` {cure}" in told["detail"] and "9436781" not in text
    status, text = get(office, f"/api/batches/{batch}/receipts/R-NONE")
    assert (status, "your batch has no item" in json.loads(text)["detail"]) == (404, True)


def test_the_description_bears_the_headers_of_every_other_answer(service: Service) -> None:
    answer = People(service).send("GET", "/openapi.json", b"", {})
    assert (answer.status, json.loads(answer.text)["openapi"][:3]) == (200, "3.1")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_proof_serves_for_one_call(office: Officer) -> None:
    path = "/api/batches/0123456789abcdef"
    same = headers_of(office, "GET", path)
    answers = [office.service.send(path, b"", same, method="GET")[0] for _ in range(2)]
    assert answers == [404, 401]


def test_checkpoint_figures_and_readiness_are_everybodys(service: Service) -> None:
    for path in ("/api/checkpoint", "/api/reports/figures", "/readyz"):
        status, body = service.send(path, b"", {}, method="GET")
        assert status == 200, body


def test_schemathesis_finds_nothing(service: Service, office: Officer) -> None:
    _, text = service.send("/openapi.json", b"", {}, method="GET")
    described = json.loads(text)
    assert described["openapi"].startswith("3.1")
    schema = from_dict(described)
    schema.config.update(base_url=service.url)

    def check(case: schemathesis.Case) -> None:
        is_own = case.path.startswith("/api")
        own = headers_of(office, case.method, case.formatted_path) if is_own else {}
        # Whether what is signed is genuine no schema says: a well-formed order or challenge is refused.
        left_out = [positive_data_acceptance] if case.method == "POST" else []
        case.call_and_validate(headers=own, excluded_checks=left_out)

    asked = [each.ok() for each in schema.get_all_operations()]
    assert len(asked) >= 12
    for operation in asked:
        if operation.path.endswith("/events"):
            continue  # a stream; it is followed above
        run = settings(
            max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        run(given(case=operation.as_strategy())(check))()


@pytest.mark.rule("R-84")
def test_a_stream_of_events_ends_once_the_key_of_who_follows_it_is_revoked(new_gate: World, tmp_path: Path):
    world = new_gate.copied(tmp_path / "world")
    with served(world, "--singly", "600") as service:  # the batch stays undecided
        office = Officer(service, world.key("requesters", SIGNER))
        status, said = send(office, files_of(world, world.fresh_rows(2), "followed"))
        assert status == 202, said
        path = f"/api/batches/{said['batch']}/events"
        key = signing.key_id(
            signing.parse_private_key(world.key("requesters", SIGNER).read_bytes()).public_key()
        )
        revocation = signed_order(
            world, "parties/homeland-security", kind="revocation", revoked_key=key, cite="the key is lost"
        )
        host, _, port = service.url.removeprefix("http://").partition(":")
        lines = [f"GET {path} HTTP/1.1", "Host: localhost"]
        lines += [f"{name}: {value}" for name, value in headers_of(office, "GET", path).items()]
        with socket.create_connection((host, int(port)), timeout=20) as stream:
            stream.sendall("\r\n".join([*lines, "", ""]).encode())
            assert b" 200 " in stream.recv(64)
            status, told = service.send(
                "/api/orders", json.dumps(revocation).encode(), {"Content-Type": "application/json"}
            )
            assert status == 200, told
            until, heard = time.monotonic() + 20, b""
            while not heard.endswith(b"0\r\n\r\n") and time.monotonic() < until:  # the last piece
                heard += stream.recv(4096)
            assert heard.endswith(b"0\r\n\r\n"), "the stream goes on"
