"""A release's key handed to one caller: unwrapped by the gate, wrapped anew for the caller's own key.

- The gate can tell whether a key access object is the one that it sealed: everything in it grows from the
  release's seed. Anything else is refused in the words that clients read as tampering (formats.md 3.2).
"""

import base64
import binascii
import hmac
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from solely.errors import NotPermitted, VerificationFailed
from solely.release.keys import NONCE_BYTES, ReleaseKey
from solely.release.manifest import KeyAccess
from solely.release.package import Package, ReleasePolicy, bound, open_share, opened_by, wrapping_key
from solely.signing import parse_public_key

TAMPERED = "rpc error: code = InvalidArgument desc = bad request"


class Stated(NamedTuple):
    """A key access object and its policy as a caller states them, all in base64 or PEM."""

    policy: str
    kind: str
    wrapped: str
    binding: str
    ephemeral: str


class Tampered(NotPermitted):
    """A key access object or policy that is not as this gate sealed it."""

    reason = "NOT_AS_SEALED"


def share_of(stated: Stated, key: ReleaseKey, policy: ReleasePolicy) -> bytes:
    """The content key, when policy, wrapping and binding are as they were sealed; else Tampered."""
    try:
        raw = base64.b64decode(stated.binding, validate=True)
        binding = raw if len(raw) == 32 else bytes.fromhex(raw.decode())
        wrapped = base64.b64decode(stated.wrapped, validate=True)
    except (binascii.Error, ValueError):
        raise Tampered(TAMPERED) from None
    access = KeyAccess(stated.kind, "", "", wrapped, binding, stated.ephemeral.encode())
    share = open_share(access, key.access)
    is_ours = share is not None and hmac.compare_digest(share, key.content)
    if not is_ours or stated.policy != policy.text() or binding != bound(key.content, stated.policy):
        raise Tampered(TAMPERED)
    return key.content


class Handed(NamedTuple):
    """A share wrapped for a caller, and the PEM of the key that it was agreed with (none for RSA)."""

    wrapped: bytes
    session_key: str


def wrapped_for(
    share: bytes, client_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey, nonce: bytes
) -> Handed:
    """The share under the caller's key: agreed on P-256 with a fresh key, or RSA-OAEP as all SDKs have it."""
    if isinstance(client_key, rsa.RSAPublicKey):
        oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303 -- the format's
        return Handed(client_key.encrypt(share, oaep), "")
    assert len(nonce) == NONCE_BYTES, "a wrapping nonce has 12 bytes"
    session = ec.generate_private_key(ec.SECP256R1())
    sealed = AESGCM(wrapping_key(session.exchange(ec.ECDH(), client_key))).encrypt(nonce, share, None)
    pem = session.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Handed(nonce + sealed, pem.decode())


def opened_with(package: Package, handed: Handed, client_key: ec.EllipticCurvePrivateKey) -> bytes:
    """The payload of a package by the key that was handed over; VerificationFailed if a byte differs."""
    try:
        session = parse_public_key(handed.session_key.encode())
        wrapping = wrapping_key(client_key.exchange(ec.ECDH(), session))
        share = AESGCM(wrapping).decrypt(handed.wrapped[:NONCE_BYTES], handed.wrapped[NONCE_BYTES:], None)
    except (InvalidTag, ValueError):
        raise VerificationFailed("the key that the gate handed over does not open") from None
    return opened_by(package, share)
