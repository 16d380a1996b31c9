"""A DPoP proof: that who calls holds the key that the token was given for, for this call, now (RFC 9449).

- Stricter than the stock service: always required, at most 60 seconds old, the whole address compared.
- That a proof's `jti` is new is asked of the replay store, which outlives the process.
"""

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

from solely.access import jose
from solely.access.jose import PublicKey, Unreadable
from solely.access.refusal import refuse_unless

AGE_SECONDS, AHEAD_SECONDS = 60, 5
_JTI_MAX = 256


class Call(NamedTuple):
    """What a proof must be about: method, whole address without query, and the token."""

    method: str
    address: str
    token: str


class Proof(NamedTuple):
    """A proof that holds for its call; `jti` is still to be found unused."""

    key: PublicKey
    jkt: str
    jti: str


def token_hash(token: str) -> str:
    """`ath`: base64url of the token's SHA-256."""
    return jose.encode(hashlib.sha256(token.encode()).digest())


def proved(text: str, call: Call, now: datetime) -> Proof:
    """The proof in the `DPoP` header, when it holds for this call; CallRefused naming the check otherwise."""
    try:
        jws = jose.read(text)
        words = jws.header.get("jwk")
        key = jose.read_jwk(words if isinstance(words, dict) else {})
    except Unreadable:
        jws, words, key = None, None, None
    refuse_unless(jws is not None and key is not None, "DPOP_UNREADABLE")
    assert jws is not None and key is not None and isinstance(words, dict), "they were required"
    refuse_unless(jws.header.get("typ") == "dpop+jwt", "DPOP_TYPE")
    refuse_unless(jose.is_signed_by(jws, key), "DPOP_SIGNATURE")
    _require_claims(jws.claims, call, now)
    return Proof(key, jose.thumbprint(words), str(jws.claims["jti"]))


def _require_claims(claims: Any, call: Call, now: datetime) -> None:
    refuse_unless(claims.get("htm") == call.method, "DPOP_METHOD")
    refuse_unless(claims.get("htu") == call.address, "DPOP_ADDRESS")
    refuse_unless(not call.token or claims.get("ath") == token_hash(call.token), "DPOP_TOKEN")
    issued, jti = claims.get("iat"), claims.get("jti")
    is_instant = isinstance(issued, int | float) and not isinstance(issued, bool)
    refuse_unless(is_instant, "DPOP_AGE")
    refuse_unless(-AHEAD_SECONDS <= now.timestamp() - float(issued) <= AGE_SECONDS, "DPOP_AGE")
    refuse_unless(isinstance(jti, str) and 8 <= len(jti) <= _JTI_MAX, "DPOP_JTI")


def write_proof(key: Any, call: Call, jti: str, now: datetime) -> str:
    """The proof of a call, as an officer's client makes it."""
    header = {"typ": "dpop+jwt", "jwk": jose.jwk_of(key.public_key())}
    claims: dict[str, Any] = {
        "jti": jti,
        "htm": call.method,
        "htu": call.address,
        "iat": int(now.timestamp()),
    }
    if call.token:
        claims["ath"] = token_hash(call.token)
    return jose.write(header, claims, key)
