"""The officer's side of an opening over HTTP: token, proof, echo, confirmation, key; opened here, in memory.

- The officer's key signs one challenge and nothing else; calls are proved by a key made for this opening.
- Nothing is written to the disk. What the package holds is held against what the officer confirmed.
"""

import base64
import http.client
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from solely import clock, passkey
from solely.access import jose, proof, token
from solely.access.proof import Call
from solely.canonical import sha256_hex
from solely.confidential import masked
from solely.errors import Duplicate, NotPermitted, TroubleError, UsageError, VerificationFailed
from solely.passkey import Voucher
from solely.release import opening
from solely.release.content import parse_payload
from solely.release.package import Package, read_package
from solely.release.rewrap import Handed, opened_with
from solely.signing import Signer, key_id, parse_private_key, sign
from solely.steps.opening import shown
from solely.store.given import read_given_key

REQUEST_SECONDS = 60
_ANSWER_MAX = 1024 * 1024


@masked
class Echo(NamedTuple):
    """What the officer sees first, and what the confirmation is known by."""

    investigation_id: str
    requested_name: str
    confirmation: str
    package: Package


class Line:
    """A connection to a gate's service, made anew when it was lost."""

    def __init__(self, url: str) -> None:
        parts = _address_of(url)
        # A service on this machine goes by its numeric address; `localhost` is the name that browsers need.
        is_here = parts.scheme == "http" and parts.hostname == "localhost"
        self._host, self._port = "127.0.0.1" if is_here else str(parts.hostname), parts.port
        place = parts.netloc.lower().replace("localhost", self._host) if is_here else parts.netloc
        self._address, self._secure = f"{parts.scheme}://{place}", parts.scheme == "https"
        self._connection: http.client.HTTPConnection | None = None

    def sent(self, path: str, words: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[int, Any]:
        """Status and words of the answer to one call; TroubleError when there is none."""
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        if self._connection is None:
            self._connection = kind(self._host, self._port, timeout=30)
        try:
            body = json.dumps(dict(words)).encode()
            self._connection.request("POST", path, body, {"Content-Type": "application/json"} | dict(headers))
            answer = self._connection.getresponse()
            status, data = answer.status, answer.read(_ANSWER_MAX)
        except (OSError, http.client.HTTPException) as error:
            self._connection = None
            raise TroubleError(f"the gate's service cannot be reached: {type(error).__name__}") from None
        try:
            said = json.loads(data)
        except ValueError:
            said = None
        if status == 200 and not isinstance(said, dict):
            raise TroubleError("the answer of the gate's service broke off")
        return status, said if isinstance(said, dict) else {}


def _address_of(url: str) -> SplitResult:
    wrong = UsageError("`--url` is an address such as http://127.0.0.1:8700")
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # of a port, or of a bracket that nothing closes
        raise wrong from None
    if not is_address or parts.path not in ("", "/"):
        raise wrong
    return parts


@contextmanager
def _as_a_gate_answers() -> Iterator[None]:
    """Read an answer in here; TroubleError when it is none that a gate gives."""
    try:
        yield
    except (LookupError, ValueError, TypeError, AttributeError):
        raise TroubleError("what answers at `--url` answers as no gate does") from None


def vouch_for_passkey(url: str, code: str, log: str, signer: Signer, until: date) -> dict[str, Any]:
    """For whom a passkey speaks from now on, after the holder of an enrolled key has vouched for it.

    `code` is the name of the passkey's key, as the browser showed it: another key is never signed.
    """
    line = Line(url)
    status, offered = line.sent("/passkeys/waiting", {"code": code}, {})
    if status != 200:
        raise UsageError(str(offered.get("message", "the gate's service did not take it")))
    public, address = str(offered.get("public", "")), str(offered.get("address", ""))
    if key_id(passkey.public_key_of(public)) != code:
        raise VerificationFailed("the gate's service shows another passkey than this code names")
    statement = Voucher(log, public, address, until).statement()
    words = {"code": code, "holder": signer.holder, "statement": statement.decode()}
    words |= {"signature": signer.sign(statement).decode()}
    status, said = line.sent("/passkeys/voucher", words, {})
    if status != 200:
        raise NotPermitted(str(said.get("message", "the gate's service did not take it")))
    return {**said, "address": address, "until": until.isoformat()}


def file_order(url: str, log: Path, text: bytes, signature: bytes) -> dict[str, Any]:
    """What the service at `url` says of an order that it filed, as the service of the gate with this log."""
    words = {"order": base64.b64encode(text).decode(), "signature": signature.decode()}
    status, said = Line(url).sent("/orders", words | {"log": log.read_text().strip()}, {})
    if status == 200:
        return dict(said)
    for kind in (UsageError, NotPermitted, VerificationFailed, Duplicate):
        if said.get("code") == kind.code:
            raise kind(str(said.get("message", "")))
    raise TroubleError("the gate's service has not filed the order")


class Caller(Line):
    """One officer at one gate's service."""

    def __init__(self, url: str, keyfile: Path) -> None:
        super().__init__(url)
        self._officer = read_given_key("--key", keyfile, parse_private_key)
        self._proof_key = ec.generate_private_key(ec.SECP256R1())
        self._token = ""

    def begin(self, path: Path) -> Echo:
        """The echo of the package at `path`, from the gate that released it."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UsageError(f"the package `{path.name or path}` cannot be read: {error.strerror}") from None
        package = read_package(data)
        words = {"release": package.release_id, "package_sha256": sha256_hex(data)}
        said = self._called("/opening/begin", words)
        with _as_a_gate_answers():
            words = {name: said[name] + "" for name in ("investigation_id", "requested_name", "confirmation")}
        return Echo(**words, package=package)

    def finish(self, echo: Echo, confirmed: str | None) -> dict[str, Any]:
        """What the officer reads of the package, after the confirmation (R-95)."""
        if confirmed is None:
            raise NotPermitted(opening.REASONS["NOT_CONFIRMED"])
        client_key = ec.generate_private_key(ec.SECP256R1())
        said = self._called("/kas.AccessService/Rewrap", self.rewrap_words(echo, confirmed, client_key))
        with _as_a_gate_answers():
            (result,) = said["responses"][0]["results"]
            if result.get("status") != "permit":
                raise _denied(str(result.get("metadata", {}).get("reason", "")))
            handed = Handed(base64.b64decode(result["kasWrappedKey"]), said["sessionPublicKey"] + "")
        content = parse_payload(opened_with(echo.package, handed, client_key))
        if not opening.is_confirmed(content.request_id, confirmed):
            raise opening.OpeningDenied("CONTENT_DIFFERS")
        return shown(content, is_synthetic=echo.package.is_synthetic)

    def rewrap_words(
        self, echo: Echo, confirmed: str, client_key: ec.EllipticCurvePrivateKey
    ) -> dict[str, Any]:
        """The body of a rewrap call for a confirmed echo."""
        body = {
            "clientPublicKey": _pem(client_key),
            "requests": [_request(echo.package)],
            "confirmation": {"id": echo.confirmation, "requestId": confirmed.strip()},
        }
        now = int(clock.real().timestamp())
        claims = {"requestBody": json.dumps(body), "iat": now, "exp": now + REQUEST_SECONDS}
        return {"signedRequestToken": jose.write({"typ": "JWT"}, claims, self._proof_key)}

    # -- calls ---------------------------------------------------------------------------------------------

    def _called(self, path: str, words: Mapping[str, Any]) -> dict[str, Any]:
        if not self._token:
            self._token = self._asked_token()
        return self._post(path, words, {"Authorization": f"DPoP {self._token}"})

    def _asked_token(self) -> str:
        with _as_a_gate_answers():
            challenged = self._post("/token/challenge", {}, {})["challenge"] + ""
        jwk = jose.jwk_of(self._proof_key.public_key())
        holder = key_id(self._officer.public_key())
        said = token.statement(challenged, holder, jose.thumbprint(jwk))
        words = {"challenge": challenged, "key_id": holder, "signature": sign(self._officer, said).decode()}
        with _as_a_gate_answers():
            return str(self._post("/token", words, {})["access_token"])

    def _post(self, path: str, words: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
        bare = headers.get("Authorization", "").partition(" ")[2]
        call = Call("POST", self._address + path, bare)
        proved = proof.write_proof(self._proof_key, call, secrets.token_urlsafe(16), clock.real())
        more = {"DPoP": proved, "Connect-Protocol-Version": "1"}
        status, said = self.sent(path, words, more | dict(headers))
        if status == 200:
            return dict(said)
        raise _refusal(status, said)


class Requester(Caller):
    """One office at one gate's service, by the key that signs its letters."""

    def item(self, batch_id: str, row: int) -> dict[str, Any]:
        """The answer on one row of a batch of this office, decided now where it was not.

        TroubleError while the gate gets the batch ready, or is asked too far ahead: to be asked again.
        """
        return self._called(f"/api/batches/{batch_id}/items/{row}", {})


def _request(package: Package) -> dict[str, Any]:
    access, policy = package.manifest.key_access[0], package.manifest.policy
    held = {
        "type": access.kind,
        "url": package.manifest.access_url,
        "protocol": "kas",
        "wrappedKey": base64.b64encode(access.wrapped).decode(),
        "policyBinding": {"alg": "HS256", "hash": base64.b64encode(access.binding.hex().encode()).decode()},
        "kid": access.key_id,
        "ephemeralPublicKey": access.ephemeral.decode(),
    }
    one = {"keyAccessObjectId": "kao-0", "keyAccessObject": held}
    return {"policy": {"id": "policy", "body": policy.text}, "keyAccessObjects": [one]}


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return public.decode()


def _denied(reason: str) -> NotPermitted:
    if reason in opening.REASONS:
        return opening.OpeningDenied(reason)
    return NotPermitted("the gate does not open this package for this key")


def _refusal(status: int, said: Mapping[str, Any]) -> Exception:
    if status in (429, 500, 503):
        return TroubleError("the gate could not carry out the call")
    if status == 400:
        return VerificationFailed("the gate does not read this call; is it the gate that made the package?")
    return _denied(str(said.get("reason", "")))
