"""`solely serve`: one process that holds the gate and one before it that listens, until told to stop."""

import logging
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from solely import flow, services
from solely.access.admission import Entrance
from solely.api.app import make_app
from solely.api.behind import Behind, FrontProcess
from solely.api.calls import Door
from solely.api.observed import Watched
from solely.api.telling import never_waiting
from solely.console.app import Console
from solely.console.provider import Provider, read_provider
from solely.console.upload import Incoming
from solely.errors import NotPermitted, UsageError
from solely.front.process import Begin
from solely.signing import key_id
from solely.steps import attending
from solely.steps.calls import Step
from solely.steps.online import settled

LOOPBACK = ("127.0.0.1", "::1")
_SWITCH_SECONDS = 0.001  # the thread that acts gives way to the one that answers more often than by default


class Listening(NamedTuple):
    """Where to listen, what address callers use, and whether the compatibility profile is on."""

    host: str
    port: int
    address: str | None
    is_compat: bool
    certificate: Path | None
    key: Path | None
    metrics_port: int | None = None
    logs_calls: bool = False
    singly_seconds: float = 0.0
    oidc: Path | None = None  # the file of the identity provider by which people may sign in

    @property
    def scheme(self) -> str:
        """How callers come to this process."""
        return "http" if self.certificate is None else "https"

    @property
    def url(self) -> str:
        """The address that callers use."""
        return (self.address or f"{self.scheme}://{self.host}:{self.port}").rstrip("/")

    @property
    def is_secure(self) -> bool:
        """True where callers come over https, to this process or to a proxy before it."""
        return self.certificate is not None or (self.address or "").startswith("https:")

    @property
    def is_far(self) -> bool:
        """True where callers use an address that is not this machine's."""
        return self.address is not None and urlsplit(self.address).hostname not in (*LOOPBACK, "localhost")


def serve(gate: Path, where: Listening, tell: Callable[[str], None]) -> None:
    """Answer until SIGTERM or SIGINT; who waits is answered first."""
    if where.scheme == "http" and where.host not in LOOPBACK:
        raise UsageError("without `--certificate` the gate listens on this machine alone, `--host 127.0.0.1`")
    if where.is_far and not str(where.address).startswith("https:"):
        raise UsageError("callers from elsewhere come by https: `--address https://…`, with TLS at the proxy")
    _require_certificate(where)
    provider = None if where.oidc is None else read_provider(where.oidc)
    tell = never_waiting(tell)
    front = FrontProcess()
    try:
        with services.opened(gate, progress=tell) as opened:
            if where.is_compat:
                _require_compat(opened, where, tell)
            _serve(opened, front, where, provider, tell)
    finally:
        front.end()


def _serve(
    opened: services.Services,
    front: FrontProcess,
    where: Listening,
    provider: Provider | None,
    tell: Callable[[str], None],
) -> None:
    # What libraries log holds addresses, texts of errors and bytes of forms, and waits for whoever reads it;
    # ours says what may be said.
    logging.disable()
    sys.setswitchinterval(_SWITCH_SECONDS)
    opened.singly_seconds = where.singly_seconds
    # In memory alone: with all files of the gate nobody writes a token in an officer's name.
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    entrance = Entrance(pem.decode(), where.url, not where.is_compat)
    opened.address = _console_address(where)
    # A proxy before it needs no detour; a certificate names the address that callers use.
    near = f"http://{where.host}:{where.port}" if where.certificate is None else where.url
    with flow.serving(opened, near) as serving:
        door = Door(serving, entrance, key, key_id(key.public_key()), opened.ledger.vkey.text())
        serving.ask(Step(attending.end_provided)).result()
        ask, name = lambda call: door.ask(Step(call)), opened.config.origin
        console = Console(ask, opened.address, name, Incoming(opened.folder.incoming), provider)
        watched = Watched(tell if where.logs_calls else None)
        if where.metrics_port is not None:
            watched.serve(where.metrics_port)
        said = f"serving at {where.url}; for people: {opened.address}"
        behind = Behind(door, make_app(door, tell, console, watched), watched, tell, lambda: tell(said))
        try:
            with settled():
                front.answer(behind, _begin(where, entrance))
        finally:
            serving.ask(Step(console.leave)).result()


def _begin(where: Listening, entrance: Entrance) -> Begin:
    certificate, key = (None if each is None else str(each) for each in (where.certificate, where.key))
    return Begin(where.host, where.port, certificate, key, where.is_secure, *entrance)


def _require_certificate(where: Listening) -> None:
    """UsageError where callers could not be answered over https with these files."""
    if where.certificate is None:
        return
    try:
        # An empty password, so that an encrypted key is refused and nobody is asked for one.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(where.certificate, where.key, password="")
    except ssl.SSLError:
        raise UsageError(
            "`--certificate` and `--certificate-key` are PEM, the key not encrypted and the certificate's own"
        ) from None
    except OSError as error:
        raise UsageError(f"`--certificate` or its key cannot be read: {error.strerror}") from None


def _console_address(where: Listening) -> str:
    """Where people open the console: passkeys belong to a name, and this machine's is `localhost`."""
    is_near = where.address is None and where.host in LOOPBACK
    return f"{where.scheme}://localhost:{where.port}" if is_near else where.url


def _require_compat(opened: services.Services, where: Listening, tell: Callable[[str], None]) -> None:
    if not opened.config.is_demo:
        raise NotPermitted("the compatibility profile is refused under profile `production`")
    if where.host not in LOOPBACK or where.certificate is not None or where.is_far:
        raise UsageError(
            "`--compat` is for this machine alone, without a certificate or another's `--address`"
        )
    tell("WARNING: `--compat`: no proof of the caller's key and no confirmation; for tests of clients only")
