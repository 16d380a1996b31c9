"""The signed request token of a rewrap call: which policy, which wrapped key, for which key of the caller.

- Its signature is verified against the key that the DPoP proof shows, always; only the compatibility profile,
  whose client has no such key, goes without (formats.md 3.2, 3.3).
- One policy with one wrapped key a call: a package of ours has no more, and one call is one opening.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from solely.access import jose
from solely.access.jose import PublicKey, Unreadable
from solely.access.refusal import INVALID, CallRefused, refuse_unless
from solely.canonical import is_whole_text, read_object

LIFETIME_SECONDS = 2 * 60 * 60  # JavaScript and Python clients need that much
AHEAD_SECONDS = 5


class KeyAccessWords(NamedTuple):
    """One key access object as the caller states it; every part is a text, empty when absent."""

    object_id: str
    kind: str
    wrapped: str
    binding: str
    key_id: str
    split: str
    ephemeral: str


class SignedRequest(NamedTuple):
    """A signed request as read; `confirmation` and `request_id` are the officer's answer to the echo."""

    client_key: PublicKey
    policy_id: str
    policy: str
    access: KeyAccessWords
    confirmation: str
    request_id: str
    is_first_form: bool


def parse(text: str) -> jose.Jws:
    """A signed request token, nothing in it proved; CallRefused when it is none."""
    try:
        return jose.read(text)
    except Unreadable:
        raise CallRefused("REQUEST_UNREADABLE", INVALID) from None


def require_proved(jws: jose.Jws, key: PublicKey | None, now: datetime) -> None:
    """Return when a token is in time and signed by `key` (None: by nobody known); CallRefused otherwise."""
    _require_time(jws.claims, now)
    refuse_unless(key is None or jose.is_signed_by(jws, key), "REQUEST_SIGNATURE")


def stated(jws: jose.Jws) -> SignedRequest:
    """What a token asks for, whoever signed it and when."""
    return _request(_body(jws.claims))


def until(jws: jose.Jws) -> int:
    """The second at which a token ends by its own word."""
    return int(jws.claims["exp"])


def _require_time(claims: Mapping[str, Any], now: datetime) -> None:
    issued, ends, at = claims.get("iat"), claims.get("exp"), now.timestamp()
    for each in (issued, ends):
        refuse_unless(isinstance(each, int | float) and not isinstance(each, bool), "REQUEST_TIME")
    assert isinstance(issued, int | float) and isinstance(ends, int | float), "they were required"
    refuse_unless(at < ends <= at + LIFETIME_SECONDS + AHEAD_SECONDS, "REQUEST_TIME")
    refuse_unless(at - LIFETIME_SECONDS <= issued <= at + AHEAD_SECONDS, "REQUEST_TIME")


def _body(claims: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return read_object(str(claims.get("requestBody", "")).encode())
    except ValueError:
        raise CallRefused("REQUEST_BODY", INVALID) from None


def _request(words: Mapping[str, Any]) -> SignedRequest:
    client_key = _client_key(_text(words, "clientPublicKey"))
    requests = words.get("requests")
    if requests:
        first = _only(requests)
        policy, held = _object(first, "policy"), _only(first.get("keyAccessObjects"))
        object_id, access = _text(held, "keyAccessObjectId"), _object(held, "keyAccessObject")
        stated, policy_id = _text(policy, "body"), _text(policy, "id")
    else:  # the first form of the protocol
        object_id, access = "kao-0", _object(words, "keyAccess")
        stated, policy_id = _text(words, "policy"), "policy"
    said = words.get("confirmation")
    said = said if isinstance(said, dict) else {}
    return SignedRequest(
        client_key,
        policy_id,
        stated,
        _access(object_id, access),
        _text(said, "id"),
        _text(said, "requestId"),
        not requests,
    )


def _access(object_id: str, words: Mapping[str, Any]) -> KeyAccessWords:
    binding = words.get("policyBinding")
    refuse_unless(_text(words, "protocol") in ("kas", ""), "KEY_ACCESS", INVALID)
    return KeyAccessWords(
        object_id,
        _text(words, "type") or _text(words, "keyType"),
        _text(words, "wrappedKey"),
        _text(binding, "hash") if isinstance(binding, dict) else _text(words, "policyBinding"),
        _text(words, "kid"),
        _text(words, "sid"),
        _text(words, "ephemeralPublicKey"),
    )


def _client_key(pem: str) -> PublicKey:
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    is_rsa = isinstance(key, rsa.RSAPublicKey) and jose.RSA_BITS_MIN <= key.key_size <= jose.RSA_BITS_MAX
    is_curve = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    refuse_unless(is_rsa or is_curve, "CLIENT_KEY", INVALID)
    assert isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey), "it was required"
    return key


def _only(value: object) -> Mapping[str, Any]:
    is_one = isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict)
    refuse_unless(is_one, "ONE_KEY_A_CALL", INVALID)
    assert isinstance(value, list), "it was required"
    return dict(value[0])


def _object(words: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = words.get(name)
    refuse_unless(isinstance(value, dict), "REQUEST_BODY", INVALID)
    assert isinstance(value, dict), "it was required"
    return value


def _text(words: Mapping[str, Any], name: str) -> str:
    value = words.get(name, "")
    refuse_unless(isinstance(value, str) and is_whole_text(value), "REQUEST_BODY", INVALID)
    return str(value)
