"""The two processes of `solely serve`: each ends with the other, and what cannot be listened on is told."""

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.reading import entry_counts
from tests.support.service import Service, free_port, served, signed_order
from tests.support.submissions import private_pem
from tests.support.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])


def front_of(service: Service) -> int:
    """The process that listens for a service."""
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text().split()
    (front,) = [
        int(each) for each in children if b"solely.front" in Path(f"/proc/{each}/cmdline").read_bytes()
    ]
    return front


def is_running(pid: int) -> bool:
    """True of a process that has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ended(pid: int) -> bool:
    """True once a process has ended, within five seconds."""
    until = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.01)
    return not is_running(pid)


def is_free(service: Service) -> bool:
    """True where nobody listens on the service's port."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", int(service.url.rpartition(":")[2]))) != 0


def test_a_gate_that_is_killed_takes_the_process_that_listens_with_it(fresh_world: World) -> None:
    with served(fresh_world) as service:
        front = front_of(service)
        service.process.send_signal(signal.SIGKILL)
        assert ended(front)
        assert is_free(service)
    with served(fresh_world) as again:
        assert again.send("/healthz", b"", {}, "GET")[0] == 200


def test_a_gate_whose_listening_process_is_killed_ends_and_says_so(fresh_world: World) -> None:
    with served(fresh_world) as service:
        os.kill(front_of(service), signal.SIGKILL)
        assert service.process.wait(20) == 3
        assert "the process that listens has ended" in service.stderr.read()
        assert is_free(service)


def test_a_service_that_is_stopped_answers_who_waits_and_leaves_nothing_behind(fresh_world: World) -> None:
    with served(fresh_world) as service:
        front = front_of(service)
        assert service.send("/healthz", b"", {}, "GET")[0] == 200
        service.stop()
        assert service.process.poll() == 0
        assert not is_running(front)
        assert is_free(service)


def test_a_port_that_is_taken_is_told_and_nothing_is_left_running(fresh_world: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = fresh_world.solely("serve", "--gate", fresh_world.gate, "--port", str(port))
    assert ran.code == 2
    assert f"nothing can listen on 127.0.0.1, port {port}" in ran.err


ORDERS = {"Content-Type": "application/json"}
UNREAD = b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
BEGUN = POST % (b"/opening/begin", 2) + b"{}"


def stay(world: World, number: int) -> bytes:
    """A court's stay of one officer's openings, as it is posted."""
    order = signed_order(
        world, "courts/district-court", kind="stay", cite=f"No. {number}", scope={"officer": "officer-24"}
    )
    return json.dumps(order).encode()


def connected(service: Service) -> socket.socket:
    """A connection to a service whose owner takes little at a time."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    one.connect(("127.0.0.1", int(service.url.rpartition(":")[2])))
    one.settimeout(2)
    return one


@pytest.mark.rule("R-08")
def test_an_order_that_came_whole_is_filed_though_its_sender_has_left(fresh_world: World) -> None:
    with served(fresh_world) as service:
        for number in range(12):
            order = stay(fresh_world, number)
            with connected(service) as one:
                one.sendall(POST % (b"/orders", len(order)) + order)
                time.sleep(0.005 * (number % 2))
        assert service.send("/orders", stay(fresh_world, 99), ORDERS)[0] == 200
    assert entry_counts(fresh_world)["stay"] == 13


@pytest.mark.rule("R-08")
def test_who_reads_no_answer_delays_no_order(fresh_world: World) -> None:
    with served(fresh_world) as service:
        assert service.send("/orders", stay(fresh_world, 1), ORDERS)[0] == 200
        with connected(service) as stranger:
            with suppress(TimeoutError):
                stranger.sendall((UNREAD + BEGUN) * 400)
            time.sleep(1)
            began = time.monotonic()
            assert service.send("/orders", stay(fresh_world, 2), ORDERS)[0] == 200
            assert time.monotonic() - began < 3, "of the five seconds that an order would wait at most"


def test_a_service_that_is_told_twice_to_stop_stops_once(fresh_world: World) -> None:
    with served(fresh_world) as service, connected(service):
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        for _ in range(3):
            service.process.send_signal(signal.SIGTERM)
            time.sleep(0.05)
        assert service.process.wait(30) == 0


def test_a_listening_process_that_hangs_keeps_no_gate_open(fresh_world: World) -> None:
    short = "from solely.api import behind; behind._END_SECONDS = 1; "
    with served(fresh_world, program=("-c", short + "from solely.cli.main import main; main()")) as service:
        os.kill(front_of(service), signal.SIGSTOP)
        service.process.send_signal(signal.SIGTERM)
        service.process.wait(20)
        assert is_free(service)


def certificate_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A certificate that a key has signed for itself, PEM."""
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(_NAME, _NAME, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A certificate, its key, another key, the key under a password, and a file that is not there."""
    own, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    locked = own.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"word"),
    )
    texts = {"certificate": certificate_of(own), "key": private_pem(own), "other": private_pem(other)}
    for name, text in (texts | {"locked": locked}).items():
        (tmp_path / name).write_bytes(text)
    return {name: tmp_path / name for name in (*texts, "locked", "missing")}


@pytest.mark.parametrize(
    ("certificate", "key", "told"),
    [
        ("certificate", "other", "the certificate's own"),
        ("certificate", "locked", "not encrypted"),
        ("key", "key", "are PEM"),
        ("missing", "key", "No such file"),
        ("certificate", "missing", "No such file"),
    ],
)
def test_a_certificate_that_cannot_serve_is_told_before_the_gate_is_opened(
    fresh_world: World, files: dict[str, Path], certificate: str, key: str, told: str
) -> None:
    more = ("--certificate", files[certificate], "--certificate-key", files[key])
    ran = fresh_world.solely("serve", "--gate", fresh_world.gate, "--port", str(free_port()), *more)
    assert (ran.code, told in ran.err) == (2, True), ran.err


def test_callers_are_answered_over_https_with_the_certificate(
    fresh_world: World, files: dict[str, Path]
) -> None:
    more = ("--certificate", str(files["certificate"]), "--certificate-key", str(files["key"]))
    with served(fresh_world, *more) as service:
        trusting = ssl.create_default_context(cafile=str(files["certificate"]))
        port = int(service.url.rpartition(":")[2])
        trusting.check_hostname = False  # the test's certificate names no address
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=trusting)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b'{"status": "SERVING"}')
        assert answer.getheader("strict-transport-security") == "max-age=31536000"
        connection.close()


@pytest.mark.rule("R-08")
def test_connections_that_say_nothing_keep_nobody_from_a_service_over_https(
    fresh_world: World, files: dict[str, Path]
) -> None:
    more = ("--certificate", str(files["certificate"]), "--certificate-key", str(files["key"]))
    with served(fresh_world, *more) as service, ExitStack() as silent:
        for _ in range(900):
            silent.enter_context(connected(service))
        trusting = ssl.create_default_context(cafile=str(files["certificate"]))
        trusting.check_hostname = False  # the test's certificate names no address
        port, began = int(service.url.rpartition(":")[2]), time.monotonic()
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=trusting)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        assert time.monotonic() - began < 5
        connection.close()


def test_the_process_that_listens_is_given_nothing_of_the_gates(fresh_world: World) -> None:
    with served(fresh_world) as service:
        front = Path(f"/proc/{front_of(service)}")
        words = (front / "environ").read_bytes().split(b"\0")
        assert not [each for each in words if each.startswith((b"PG", b"HOME="))]
        open_files = {os.readlink(each) for each in (front / "fd").iterdir()}
        assert not [each for each in open_files if str(fresh_world.gate) in each]
        assert (front / "cmdline").read_bytes().split(b"\0")[:4] == [
            os.fsencode(sys.executable), b"-P", b"-m", b"solely.front",
        ]  # fmt: skip


def test_the_module_of_the_process_that_listens_needs_nothing_of_the_gates() -> None:
    told = "import sys, solely.front.process; print([n for n in sys.modules if n.startswith(BAD)])"
    bad = "('sqlalchemy', 'duckdb', 'fastapi', 'pyarrow', 'solely.store', 'solely.steps', 'solely.records')"
    ran = subprocess.run(
        [sys.executable, "-c", told.replace("BAD", bad)], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
