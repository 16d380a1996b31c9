"""Signatures of passkeys (W3C Web Authentication level 3), which an enrolled key has vouched for.

- The enrolled key signs once that a passkey speaks for it, until a day, at one address and one gate. Nobody
  else can: who administers the gate makes no passkey for an approver (R-84).
- A passkey signs a challenge: the digest over what its holder was shown, a nonce, and the digest of every
  statement that the act signs. The signature carries all of it, so that anybody can check it later (R-106).
- The user must have been verified by the authenticator, not only present: a found phone signs nothing.
"""

import base64
import binascii
import hashlib
import json
from datetime import date
from typing import Any, Final, NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from solely.canonical import canonical_json, sha256_hex
from solely.crypto_policy import PERSONS as _ES256
from solely.errors import VerificationFailed

FORMAT: Final = "solely/passkey-signature/1"
VOUCHER: Final = "solely/passkey/2"
STATEMENTS_MAX: Final = 500  # signed by one act
_PRESENT_AND_VERIFIED: Final = 0x05  # flags UP and UV of the authenticator data (section 6.1)
_FIELDS: Final = frozenset(
    ("format", "voucher", "voucher_signature", "nonce", "page", "statements", "data", "client", "signature")
)


class Vouched(NamedTuple):
    """What an enrolled key said of a passkey, and its signature (base64) over those bytes."""

    statement: bytes
    signature: bytes


class Voucher(NamedTuple):
    """A passkey by its public key (SPKI DER in base64), the gate and address where it signs, until when."""

    log: str  # the verifier key of the gate's log
    passkey: str
    address: str  # where people open the console: the origin of what the passkey signs
    until: date

    def statement(self) -> bytes:
        """The bytes that the enrolled key signs."""
        words = {"log": self.log, "passkey": self.passkey, "address": self.address}
        return canonical_json({"format": VOUCHER, "until": self.until.isoformat()} | words)


class Assertion(NamedTuple):
    """What an authenticator hands back: its data, the client's data, and a signature in DER, as bytes."""

    data: bytes
    client: bytes
    signature: bytes


class Shown(NamedTuple):
    """What the holder of a passkey is asked to sign: a nonce, the digest of the page, those of statements."""

    nonce: str
    page: str
    statements: tuple[str, ...]

    def challenge(self) -> bytes:
        """The 32 bytes that the authenticator signs."""
        words = {"nonce": self.nonce, "page": self.page, "statements": list(self.statements)}
        return hashlib.sha256(canonical_json(words)).digest()


def parse_voucher(statement: bytes) -> Voucher:
    """The voucher in these bytes; VerificationFailed for any others."""
    words = _object(statement)
    try:
        found = Voucher(words["log"], words["passkey"], words["address"], date.fromisoformat(words["until"]))
    except (KeyError, TypeError, ValueError):
        raise VerificationFailed("a passkey's voucher cannot be read") from None
    if found.statement() != statement:
        raise VerificationFailed("a passkey's voucher is not in its one form")
    return found


def site_of(address: str) -> str:
    """The relying party id of the console at an address: its host name."""
    host = address.partition("://")[2].partition("/")[0]
    return (host.rpartition(":")[0] or host).strip("[]")


def public_key_of(passkey: str) -> ec.EllipticCurvePublicKey:
    """The P-256 key of a passkey; VerificationFailed for anything else."""
    try:
        key = serialization.load_der_public_key(base64.b64decode(passkey, validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        raise VerificationFailed("a passkey's public key cannot be read") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise VerificationFailed("a passkey is on the curve P-256")
    return key


def digest_of(passkey: str) -> str:
    """The SHA-256 of a passkey's key in its one form; VerificationFailed when it is none."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return sha256_hex(public_key_of(passkey).public_bytes(serialization.Encoding.DER, form))


def is_signature(text: bytes) -> bool:
    """True for the text of a passkey's signature; base64 never begins so."""
    return text.startswith(b"{")


def write_signature(vouched: Vouched, shown: Shown, assertion: Assertion) -> bytes:
    """The text that stands wherever a signature stands."""
    return canonical_json(
        {
            "format": FORMAT,
            "voucher": vouched.statement.decode(),
            "voucher_signature": vouched.signature.decode(),
            "nonce": shown.nonce,
            "page": shown.page,
            "statements": list(shown.statements),
            "data": _encode(assertion.data),
            "client": _encode(assertion.client),
            "signature": _encode(assertion.signature),
        }
    )


def verify(text: bytes, statement: bytes) -> Vouched:
    """What the enrolled key must have signed, where the passkey's signature holds over `statement`.

    0 the form; 1 the statement is among those signed; 2 the client signed this challenge; 3 at the address of
    the voucher; 4 with the user verified; 5 the signature is the passkey's. VerificationFailed otherwise.
    """
    words = _object(text)
    if set(words) != _FIELDS or words["format"] != FORMAT or canonical_json(words) != text:  # 0
        raise VerificationFailed("a passkey's signature is not in its one form")
    shown = _shown(words)
    if sha256_hex(statement) not in shown.statements:  # 1
        raise VerificationFailed("the passkey signed other statements")
    vouched = Vouched(_text(words, "voucher"), _text(words, "voucher_signature"))
    voucher = parse_voucher(vouched.statement)
    require_assertion(voucher, shown.challenge(), _assertion(words))  # 2-5
    return vouched


def require_assertion(voucher: Voucher, challenge: bytes, assertion: Assertion) -> None:
    """Return when the passkey signed this challenge at the voucher's address, its user verified.

    The one place where an answer of a passkey is held: at sign-in, at an act, and when a signature kept
    is looked at again. VerificationFailed otherwise.
    """
    client = _object(assertion.client)
    expected = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
    if client.get("type") != "webauthn.get" or client.get("challenge") != expected:
        raise VerificationFailed("the passkey signed another challenge")
    is_within = client.get("crossOrigin", False) is not False or "topOrigin" in client
    site = hashlib.sha256(site_of(voucher.address).encode()).digest()
    if client.get("origin") != voucher.address or is_within or assertion.data[:32] != site:
        raise VerificationFailed(f"the passkey signed for another address than {voucher.address}")
    if len(assertion.data) < 37 or assertion.data[32] & _PRESENT_AND_VERIFIED != _PRESENT_AND_VERIFIED:
        raise VerificationFailed("the passkey's user was not verified")
    signed = assertion.data + hashlib.sha256(assertion.client).digest()
    try:
        public_key_of(voucher.passkey).verify(assertion.signature, signed, _ES256)
    except InvalidSignature:
        raise VerificationFailed("the signature is not the passkey's") from None


def _object(data: bytes) -> dict[str, Any]:
    try:
        words = json.loads(data)
    except (ValueError, RecursionError):
        words = None
    if not isinstance(words, dict):
        raise VerificationFailed("a passkey's signature cannot be read")
    return words


def _shown(words: dict[str, Any]) -> Shown:
    stated = words["statements"]
    is_list = isinstance(stated, list) and 0 < len(stated) <= STATEMENTS_MAX
    if not is_list or not all(isinstance(each, str) for each in (*stated, words["nonce"], words["page"])):
        raise VerificationFailed("a passkey's signature names no statements")
    return Shown(words["nonce"], words["page"], tuple(stated))


def _assertion(words: dict[str, Any]) -> Assertion:
    parts = [_text(words, name) for name in ("data", "client", "signature")]
    try:
        return Assertion(*(base64.b64decode(each, validate=True) for each in parts))
    except binascii.Error:
        raise VerificationFailed("a passkey's signature is no base64") from None


def _text(words: dict[str, Any], name: str) -> bytes:
    value = words[name]
    if not isinstance(value, str):
        raise VerificationFailed("a passkey's signature cannot be read")
    return value.encode()


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()
