"""Compact JWS and JWK as tokens, proofs and signed requests use them (RFC 7515, 7517, 7518, 7638).

- Two algorithms: ES256 over P-256, and RS256 with at least 2,048 bits, which some clients use.
- A key comes from where the caller says, never from a header that only the signer vouches for; the one
  exception, the key in a DPoP proof, is then held against the token's thumbprint.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from solely.canonical import canonical_json, read_object

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
JWS_BYTES_MAX = 64 * 1024
RSA_BITS_MIN, RSA_BITS_MAX = 2048, 4096
_HALF = 32


class Unreadable(ValueError):
    """A text that is no JWS, JWK or base64url; it holds no word of the text."""


class Jws(NamedTuple):
    """A JWS that was read; nothing in it is proved before `verify`."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes


def encode(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of base64url without padding, in the one form that they have; else Unreadable."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("base64url") from None
    if encode(raw) != text:
        raise Unreadable("base64url")
    return raw


def _object(data: bytes) -> dict[str, Any]:
    try:
        return read_object(data)
    except ValueError:
        raise Unreadable("a JSON object") from None


def read(text: str) -> Jws:
    """The JWS in `text`; Unreadable for anything else, also for one with a critical header."""
    parts = text.split(".") if len(text) <= JWS_BYTES_MAX and text.isascii() else []
    if len(parts) != 3:
        raise Unreadable("a JWS has three parts")
    header, claims = _object(decode(parts[0])), _object(decode(parts[1]))
    if "crit" in header:
        raise Unreadable("a critical header is not known")
    return Jws(header, claims, f"{parts[0]}.{parts[1]}".encode(), decode(parts[2]))


def is_signed_by(jws: Jws, key: PublicKey) -> bool:
    """True when the signature holds under this key and the algorithm is the key's own."""
    try:
        if jws.header.get("alg") == "ES256" and isinstance(key, ec.EllipticCurvePublicKey):
            if len(jws.signature) != 2 * _HALF:
                return False
            r, s = (int.from_bytes(jws.signature[at : at + _HALF], "big") for at in (0, _HALF))
            key.verify(encode_dss_signature(r, s), jws.signed, ec.ECDSA(hashes.SHA256()))
            return True
        if jws.header.get("alg") == "RS256" and isinstance(key, rsa.RSAPublicKey):
            key.verify(jws.signature, jws.signed, padding.PKCS1v15(), hashes.SHA256())
            return True
    except InvalidSignature:
        return False
    return False


def write(header: Mapping[str, Any], claims: Mapping[str, Any], key: ec.EllipticCurvePrivateKey) -> str:
    """The compact ES256 JWS over these claims."""
    head, body = (
        encode(json.dumps(dict(each), separators=(",", ":")).encode())
        for each in ({"alg": "ES256"} | dict(header), claims)
    )
    signed = f"{head}.{body}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{encode(r.to_bytes(_HALF, 'big') + s.to_bytes(_HALF, 'big'))}"


def jwk_of(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """The public JWK of a P-256 key."""
    numbers = key.public_numbers()
    x, y = (encode(each.to_bytes(_HALF, "big")) for each in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def read_jwk(words: Mapping[str, Any]) -> PublicKey:
    """The public key of a JWK; Unreadable for a private one, another curve or a short modulus."""
    if not isinstance(words, Mapping) or "d" in words or "k" in words:
        raise Unreadable("a public JWK")
    try:
        if (words.get("kty"), words.get("crv")) == ("EC", "P-256"):
            return _p256(str(words["x"]), str(words["y"]))
        if words.get("kty") == "RSA":
            n, e = (int.from_bytes(decode(str(words[name])), "big") for name in ("n", "e"))
            if RSA_BITS_MIN <= n.bit_length() <= RSA_BITS_MAX and e == 65537:
                return rsa.RSAPublicNumbers(e, n).public_key()
    except (KeyError, ValueError):
        raise Unreadable("a public JWK") from None
    raise Unreadable("a public JWK of a kind that is read here")


@lru_cache(maxsize=4096)  # a caller proves one key at every call; a key made anew is slower at its first use
def _p256(x: str, y: str) -> ec.EllipticCurvePublicKey:
    at_x, at_y = (int.from_bytes(_exactly(each, _HALF), "big") for each in (x, y))
    return ec.EllipticCurvePublicNumbers(at_x, at_y, ec.SECP256R1()).public_key()


def _exactly(text: str, size: int) -> bytes:
    raw = decode(text)
    if len(raw) != size:
        raise Unreadable("a coordinate")
    return raw


def thumbprint(words: Mapping[str, Any]) -> str:
    """The SHA-256 thumbprint of a public JWK (RFC 7638): its required members in canonical JSON."""
    required = ("crv", "kty", "x", "y") if words.get("kty") == "EC" else ("e", "kty", "n")
    return encode(hashlib.sha256(canonical_json({name: str(words[name]) for name in required})).digest())
