"""A gate that `solely serve` runs in its own process, and callers of it, right ones and others."""

import base64
import http.client
import io
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric import ec

import solely
from solely import clock
from solely.access import jose, proof
from solely.canonical import canonical_json
from solely.remote import Caller
from solely.signing import key_id, parse_private_key, sign
from tests.support import forked
from tests.support.world import World

Running = subprocess.Popen[str] | forked.Process


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Service:
    """A running service."""

    world: World
    url: str
    process: Running
    stderr: IO[str] = field(default_factory=io.StringIO)
    said: list[str] = field(default_factory=list)

    def stop(self) -> str:
        """Stop as an operator would; everything that was said on stderr comes back."""
        self.process.send_signal(signal.SIGTERM)
        if not self.stderr.closed:
            self.said.append(self.stderr.read())
            self.stderr.close()
        self.process.wait(60)
        return "".join(self.said)

    def send(
        self, path: str, body: bytes, headers: Mapping[str, str], method: str = "POST"
    ) -> tuple[int, bytes]:
        """Status and body of one call, sent as it is."""
        host, _, port = self.url.removeprefix("http://").partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=60)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def served(world: World, *more: str, port: int = 0, program: Sequence[str] = ()) -> Iterator[Service]:
    """The world's gate, served until the end; `program` is what Python is to run in the command's place."""
    address = ["--address", "http://127.0.0.1"] if port == 80 else []
    port = port or free_port()
    words = ["serve", "--gate", str(world.gate), "--port", str(port), *address, *more]
    process, stderr = _started(words, world, program)
    service = Service(world, f"http://127.0.0.1:{port}", process, stderr)
    try:
        while line := stderr.readline():
            service.said.append(line)
            if line.startswith("serving at "):
                break
        assert process.poll() is None, "".join(service.said)
        yield service
    finally:
        service.stop()


def _started(words: Sequence[str], world: World, program: Sequence[str]) -> tuple[Running, IO[str]]:
    """The command under way in the world's folder, and what it says on stderr."""
    environment = {**os.environ, **world.environment}
    if program:
        started = subprocess.Popen(
            [sys.executable, *program, *words],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env=environment,
            cwd=world.root,
        )
        assert started.stderr is not None
        return started, started.stderr
    reading, writing = os.pipe()
    with open(os.devnull, "r+") as nothing, os.fdopen(writing, "w") as err:
        process = forked.Process(words, environment, world.root, (nothing, nothing, err))
    return process, os.fdopen(reading)


@contextmanager
def served_torn(world: World, template: str) -> Iterator[Service]:
    """The gate served by an installation of which one page's file is torn at its end."""
    installed = world.root / "installed" / "solely"
    shutil.copytree(Path(solely.__file__).parent, installed, ignore=shutil.ignore_patterns("fetched"))
    page = installed / "console" / "templates" / template
    page.write_text(page.read_text().replace('{% include "keys.html" %}', "{{ torn }}"))
    own = replace(world, environment=world.environment | {"PYTHONPATH": str(installed.parent)})
    with served(own, program=("-m", "solely.cli.main")) as service:
        yield service


class Officer(Caller):
    """An officer's client whose single steps a test can change."""

    def __init__(self, service: Service, keyfile: Path) -> None:
        super().__init__(service.url, keyfile)
        self.service = service

    def token(self) -> str:
        """The access token, asked for once."""
        if not self._token:
            self._token = self._asked_token()
        return self._token

    def proof(self, path: str, **changes: Any) -> str:
        """A proof for a call, with claims changed; a claim set to None is left out."""
        claims: dict[str, Any] = {
            "jti": secrets.token_urlsafe(16),
            "htm": "POST",
            "htu": self.service.url + path,
            "iat": int(clock.real().timestamp()),
            "ath": proof.token_hash(self.token()),
        }
        claims |= changes
        header = {"typ": "dpop+jwt", "jwk": jose.jwk_of(self._proof_key.public_key())}
        return jose.write(header, {n: v for n, v in claims.items() if v is not None}, self._proof_key)

    def headers(self, path: str, **changes: str) -> dict[str, str]:
        """Right headers for a call, some changed."""
        right = {
            "Content-Type": "application/json",
            "Authorization": f"DPoP {self.token()}",
            "DPoP": self.proof(path),
        }
        return right | changes

    def rewrap_body(self, echo: Any, confirmed: str) -> bytes:
        """The body of a right rewrap call."""
        key = ec.generate_private_key(ec.SECP256R1())
        return json.dumps(self.rewrap_words(echo, confirmed, key)).encode()


def signed_order(world: World, authority: str, **words: Any) -> dict[str, str]:
    """The body of an order, in the name of a party, court or approver of the world."""

    role, name = authority.split("/")
    key = parse_private_key(world.key(role, name).read_bytes())
    scope = {"agreement": "irs-ice-2025"} | words.pop("scope", {})
    said = {
        "format": "solely/order/1",
        "authority": authority,
        "key_id": key_id(key.public_key()),
        "scope": scope,
    }
    text = canonical_json(said | words)
    return {"order": base64.b64encode(text).decode(), "signature": sign(key, text).decode()}
