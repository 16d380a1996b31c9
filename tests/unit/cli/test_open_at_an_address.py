"""An officer's command at an address where no gate answers: it says so, and is no fault."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from solely.errors import TroubleError, UsageError
from solely.remote import Caller, Requester


@pytest.fixture
def keyfile(tmp_path: Path) -> Path:
    """An officer's private key."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "officer.pem"
    path.write_bytes(pem)
    path.chmod(0o600)
    return path


@contextmanager
def answering(said: object) -> Iterator[str]:
    """The address of something that gives every call the same answer."""

    class Same(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = json.dumps(said).encode()
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Same)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("port", ["99999", "abc", "-1", "0"])
def test_an_address_with_no_port_is_named(keyfile: Path, port: str) -> None:
    with pytest.raises(UsageError, match="an address such as"):
        Caller(f"http://127.0.0.1:{port}", keyfile)


def test_an_address_with_an_open_bracket_is_named(keyfile: Path) -> None:
    with pytest.raises(UsageError, match="an address such as"):
        Caller("http://[::1", keyfile)


@pytest.mark.parametrize("said", [{}, {"challenge": 1}, {"challenge": "c"}, {"challenge": None}])
def test_what_answers_as_no_gate_does_is_trouble_in_clear_words(keyfile: Path, said: object) -> None:
    with answering(said) as url, pytest.raises(TroubleError, match="answers as no gate does"):
        Requester(url, keyfile).item("0" * 16, 1)


def test_a_folder_in_a_packages_place_is_named(keyfile: Path) -> None:
    with pytest.raises(UsageError, match=r"the package `\.` cannot be read: Is a directory"):
        Caller("http://127.0.0.1:8700", keyfile).begin(Path())
