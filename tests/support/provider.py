"""An identity provider in a thread: right by default, and wrong in whichever way a test asks for.

- `oidc_provider_mock` is the one that nobody here wrote; this one can lie.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc.jwk import KeySet, RSAKey

from solely.access import jose

CLIENT, SECRET = "gate", "a secret of the gate"
Words = dict[str, Any]


def _same(words: Words) -> Words:
    return words


@dataclass
class Provider:
    """What it answers, each answer open to change by a test."""

    issuer: str = ""
    sub: str = "disclosure-officer"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    claims: Callable[[Words], Words] = _same  # of the ID token
    metadata: Callable[[Words], Words] = _same
    header: Mapping[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})
    signed_by: RSAKey | None = None  # another key than the one it publishes
    raw: Callable[[str], bytes | None] = lambda path: None  # instead of an answer
    seconds: float = 0.0  # before each answer
    codes: dict[str, Words] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    asked: list[Words] = field(default_factory=list)  # of the token endpoint

    def code_for(self, address: str) -> str:
        """The code that a person gets who signs in at this address of the authorization endpoint."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked | {"sub": self.sub}
        return code

    def back(self, address: str, **changes: str | None) -> str:
        """Where the person's browser is sent back to, with path and query, some of it changed."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        words = {"code": self.code_for(address), "state": asked["state"], "iss": self.issuer} | changes
        query = "&".join(f"{name}={value}" for name, value in words.items() if value is not None)
        return f"{urlsplit(asked['redirect_uri']).path}?{query}"

    def answer(self, path: str, form: Words, authorization: str) -> tuple[int, Words]:
        """Status and body of one call."""
        if path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
            words: Words = {name: f"{self.issuer}/{end}" for name, end in ends.items()}
            words |= {"issuer": self.issuer, "authorization_response_iss_parameter_supported": True}
            return 200, self.metadata(words)
        if path == "/jwks":
            return 200, KeySet([self.key]).as_dict(private=False)
        return self._token(form, authorization) if path == "/token" else (404, {})

    def _token(self, form: Words, authorization: str) -> tuple[int, Words]:
        self.asked.append(form)
        begun = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        is_client = authorization == "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        is_shown = is_client or "client_assertion" in form
        if begun is None or not is_shown or begun["code_challenge"] != jose.encode(digest):
            return 400, {"error": "invalid_grant"}
        assert begun["code_challenge_method"] == "S256"
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": begun["sub"], "aud": CLIENT, "iat": now, "exp": now + 300}
        claims = self.claims(claims | {"nonce": begun["nonce"]})
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self.id_token(claims)}

    def id_token(self, claims: Words) -> str:
        """An ID token, signed as the header says, by no library that would refuse to."""
        signed = ".".join(jose.encode(json.dumps(each).encode()) for each in (dict(self.header), claims))
        return f"{signed}.{jose.encode(self._signature(signed.encode()))}"

    def _signature(self, signed: bytes) -> bytes:
        if self.header["alg"] == "none":
            return b""
        if self.header["alg"] == "HS256":  # with what everybody knows, as if it were a secret
            return hmac.digest(self.key.as_pem(private=False), signed, "sha256")
        made_by = (self.signed_by or self.key).private_key
        digest = {"RS256": hashes.SHA256(), "RS512": hashes.SHA512()}[self.header["alg"]]
        return bytes(made_by.sign(signed, padding.PKCS1v15(), digest))


@contextmanager
def provided(provider: Provider) -> Iterator[Provider]:
    """The provider, answering on this machine until the end."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, form: Words) -> None:
            time.sleep(provider.seconds)
            raw = provider.raw(self.path)
            status, words = 200, {}
            if raw is None:
                status, words = provider.answer(self.path, form, self.headers.get("authorization", ""))
            body = json.dumps(words).encode() if raw is None else raw
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked has given up
                self.wfile.write(body)

        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["content-length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(text).items()})

        def log_message(self, *_: Any) -> None:
            """Nothing is said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = provider.issuer or f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def provider_file(folder: Path, issuer: str, more: str = "") -> Path:
    """The file that `solely serve --oidc` reads."""
    (folder / "client-secret").write_text(SECRET + "\n")
    path = folder / "oidc.toml"
    path.write_text(f'issuer = "{issuer}"\nclient_id = "{CLIENT}"\nsecret_file = "client-secret"\n{more}')
    return path
