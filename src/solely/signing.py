"""ES256 signatures and key names, as every signed file of the gate uses them (contracts 1 and 3).

- A signature is the 64-byte r‖s form (RFC 7518 section 3.4) over exact bytes, in standard base64.
- A key's name is the first 16 hexadecimal digits of the SHA-256 of its SubjectPublicKeyInfo DER.
- Only P-256 keys are admitted; nothing here reads a file.
- A signature that begins with `{` is that of a passkey which the key vouched for (`solely.passkey`): it holds
  at the gate whose ledger has the voucher, and nowhere else (`solely.steps.vouching`).
"""

import base64
import binascii
from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from solely import passkey
from solely.canonical import sha256_hex
from solely.crypto_policy import PERSONS as _ES256
from solely.errors import UsageError, VerificationFailed

_HALF = 32  # bytes of r and of s for P-256
_NO_FORM = (
    "the signature is not standard base64 of 64 bytes, r and s as they are (no DER), and at most a line feed"
)


def parse_public_key(pem: bytes) -> ec.EllipticCurvePublicKey:
    """The P-256 public key in `pem` (SubjectPublicKeyInfo); raises UsageError for anything else."""
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UsageError("a public key is a PEM SubjectPublicKeyInfo") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UsageError("a public key is on the curve P-256")
    return key


def parse_private_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """The P-256 private key in `pem` (PKCS#8, unencrypted); raises UsageError for anything else."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UsageError("a private key is an unencrypted PEM PKCS#8 file") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UsageError("a private key is on the curve P-256")
    return key


def key_id(public_key: ec.EllipticCurvePublicKey) -> str:
    """The name of a key: 16 hexadecimal digits."""
    spki = public_key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return sha256_hex(spki)[:16]


class Signer(Protocol):
    """Who acts: somebody who signs statements, known by the name of an enrolled key."""

    @property
    def holder(self) -> str:
        """The name of the enrolled key."""
        ...

    def sign(self, statement: bytes) -> bytes:
        """A signature over the statement that `verify` admits for the enrolled key."""
        ...

    def sign_all(self, statements: Sequence[bytes]) -> list[bytes]:
        """The same over each of many statements, for which its holder is asked once."""
        ...


class KeySigner:
    """The holder of an enrolled private key."""

    def __init__(self, private_key: ec.EllipticCurvePrivateKey) -> None:
        self._private_key = private_key

    @cached_property
    def holder(self) -> str:
        """The name of the key."""
        return key_id(self._private_key.public_key())

    def sign(self, statement: bytes) -> bytes:
        """The signature of the key itself."""
        return sign(self._private_key, statement)

    def sign_all(self, statements: Sequence[bytes]) -> list[bytes]:
        """The signature of the key itself over each."""
        return [self.sign(each) for each in statements]


def sign(private_key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """The base64 of the 64-byte r‖s signature over `message`, without a final line feed."""
    r, s = decode_dss_signature(private_key.sign(message, _ES256))
    return base64.b64encode(r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big"))


def vouched_by(public_key: ec.EllipticCurvePublicKey, signature: bytes, message: bytes) -> passkey.Voucher:
    """The voucher of the passkey whose signature holds over `message`, given by this enrolled key.

    Whether the passkey is one of this gate's, the gate's ledger says. Raises VerificationFailed otherwise.
    """
    vouched = passkey.verify(signature, message)
    verify(public_key, vouched.signature, vouched.statement)
    return passkey.parse_voucher(vouched.statement)


def verify(public_key: ec.EllipticCurvePublicKey, signature: bytes, message: bytes) -> None:
    """Return when `signature` (base64, one final LF allowed) of this very key holds over `message`.

    Raises VerificationFailed otherwise, for every signature of a passkey too.
    """
    if passkey.is_signature(signature):
        raise VerificationFailed("only the enrolled key itself signs this, no passkey")
    text = signature[:-1] if signature.endswith(b"\n") else signature
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise VerificationFailed(_NO_FORM) from None
    if len(raw) != 2 * _HALF or base64.b64encode(raw) != text:
        raise VerificationFailed(_NO_FORM)
    der = encode_dss_signature(int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big"))
    try:
        public_key.verify(der, message, _ES256)
    except InvalidSignature:
        raise VerificationFailed("the signature does not hold over these bytes") from None


def signature_digest(signature: bytes) -> bytes:
    """The SHA-256 by which an entry names a signature: of its 64 bytes; of a passkey's, of the whole text."""
    raw = signature if passkey.is_signature(signature) else base64.b64decode(signature)
    return bytes.fromhex(sha256_hex(raw))
