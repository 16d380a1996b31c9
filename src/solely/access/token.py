"""Access tokens for enrolled officers: a challenge signed by the enrolled key, then a short-lived token.

- A challenge is the gate's own word: an HMAC under a key that grows from its token key. That it is used once
  is asked of the replay store. The token key lives as long as the process: after a restart officers ask anew.
- A token names the officer's key and, by `cnf.jkt`, the key that each call must prove; it holds no name.
"""

import hashlib
import hmac
from datetime import datetime
from typing import Any, NamedTuple

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from solely.access import jose
from solely.access.jose import Unreadable
from solely.access.refusal import refuse_unless
from solely.canonical import canonical_json

CHALLENGE_SECONDS, TOKEN_SECONDS, AHEAD_SECONDS = 60, 300, 5
FORMAT = "solely/token/1"
_NONCE = 16


class Grant(NamedTuple):
    """What a token that holds says: the officer's key, and the thumbprint to prove (none: a bearer token)."""

    holder: str
    jkt: str


def _mac_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return hmac.digest(private, b"solely/challenge/1", "sha256")


def challenge(key: ec.EllipticCurvePrivateKey, nonce: bytes, now: datetime) -> str:
    """A challenge that this gate knows again for a minute."""
    assert len(nonce) == _NONCE, "a challenge's nonce has 16 bytes"
    head = int(now.timestamp()).to_bytes(8, "big") + nonce
    return jose.encode(head + hmac.digest(_mac_key(key), head, "sha256"))


def require_challenge(key: ec.EllipticCurvePrivateKey, text: str, now: datetime) -> None:
    """Return when the challenge is this gate's own and not too old; CallRefused otherwise."""
    try:
        raw = jose.decode(text)
    except Unreadable:
        raw = b""
    refuse_unless(len(raw) == 8 + _NONCE + 32, "CHALLENGE")
    head, mac = raw[: 8 + _NONCE], raw[8 + _NONCE :]
    refuse_unless(hmac.compare_digest(mac, hmac.digest(_mac_key(key), head, "sha256")), "CHALLENGE")
    age = now.timestamp() - int.from_bytes(head[:8], "big")
    refuse_unless(-AHEAD_SECONDS <= age <= CHALLENGE_SECONDS, "CHALLENGE_AGE")


def statement(challenged: str, holder: str, jkt: str) -> bytes:
    """What an officer's enrolled key signs for a token: the challenge, the key's name, the key to prove."""
    return canonical_json({"format": FORMAT, "challenge": challenged, "key_id": holder, "jkt": jkt})


def issue(key: ec.EllipticCurvePrivateKey, address: str, grant: Grant, jti: str, now: datetime) -> str:
    """The token of a grant, for the service at this address."""
    issued = int(now.timestamp())
    claims: dict[str, Any] = {"iss": address, "aud": address, "sub": grant.holder, "iat": issued}
    claims |= {"exp": issued + TOKEN_SECONDS, "jti": jti}
    if grant.jkt:
        claims["cnf"] = {"jkt": grant.jkt}
    return jose.write({"typ": "at+jwt"}, claims, key)


class Issued(NamedTuple):
    """A token of this gate: its grant, and the second at which it ends."""

    grant: Grant
    until: int


def in_time(issued: Issued, now: datetime) -> Grant:
    """The grant of a token while it lasts; CallRefused afterwards."""
    refuse_unless(now.timestamp() < issued.until, "TOKEN_EXPIRED")
    return issued.grant


def read_issued(text: str, key: ec.EllipticCurvePublicKey, address: str) -> Issued:
    """A token that this gate signed for its own address, in time or not; CallRefused for any other text."""
    try:
        jws = jose.read(text)
    except Unreadable:
        jws = None
    refuse_unless(jws is not None, "TOKEN_UNREADABLE")
    assert jws is not None, "it was required"
    is_own = jws.header.get("typ") == "at+jwt" and jose.is_signed_by(jws, key)
    refuse_unless(is_own, "TOKEN_SIGNATURE")
    claims = jws.claims
    refuse_unless(claims.get("aud") == address and claims.get("iss") == address, "TOKEN_AUDIENCE")
    until, bound = claims.get("exp"), claims.get("cnf") or {}
    grant = Grant(str(claims.get("sub", "")), str(bound.get("jkt", "")))
    return Issued(grant, until if isinstance(until, int) else 0)


def digest(kind: str, text: str) -> str:
    """What the replay store keeps of a thing that is used once."""
    return hashlib.sha256(f"{kind}\n{text}".encode()).hexdigest()
