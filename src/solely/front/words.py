"""Calls of an opening and their answers as the line carries them: lists of texts and numbers.

What cannot be read is no message of the other end's: ValueError, and the line is cut.
"""

import base64
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from solely.access.asked import Caller, Echo, EchoAsked, KeyAsked, Once, Refused
from solely.access.refusal import STATUS, TAMPERING, CallRefused, Denied
from solely.access.signed_request import KeyAccessWords, SignedRequest
from solely.errors import TroubleError
from solely.front.link import Words
from solely.release.rewrap import Handed

OpeningAsked = EchoAsked | KeyAsked | Refused


def asked_words(asked: OpeningAsked) -> Words:
    """What is asked, for the line."""
    if isinstance(asked, EchoAsked):
        return ["echo", asked.caller, asked.release_id, asked.package_sha256, asked.once]
    if isinstance(asked, KeyAsked):
        said = asked.request
        key = said.client_key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        request = [_text_of(key), *said[1:]]
        return ["key", asked.caller, asked.release_id, request, asked.needs_echo, asked.once]
    reason = asked.reason
    return ["refused", reason.reason, reason.kind, *asked[1:]]


def asked_of(words: Words) -> OpeningAsked:
    """What the front asks."""
    kind, *said = words
    try:
        if kind == "echo":
            caller, release_id, digest, once = said
            return EchoAsked(Caller(*_texts(caller)), _text(release_id), _text(digest), _once(once))
        if kind == "key":
            caller, release_id, request, needs_echo, once = said
            asked = _request(request)
            return KeyAsked(
                Caller(*_texts(caller)), _text(release_id), asked, needs_echo is not False, _once(once)
            )
        reason, called, release_id, digest, size, once, what = said
        refusal = CallRefused(_text(reason), called if called in STATUS else "internal")
        return Refused(refusal, _text(release_id), _text(digest), int(size), _once(once), _text(what))
    except TypeError:
        raise ValueError(kind) from None


def answer_words(answer: Any) -> Words:
    """An answer of the gate's, or an error in its place, as far as the front may know it."""
    if isinstance(answer, Echo):
        return ["echo", *answer]
    if isinstance(answer, Handed):
        return ["key", _text_of(answer.wrapped), answer.session_key]
    if isinstance(answer, CallRefused):
        return ["refused", answer.reason, answer.kind]
    if isinstance(answer, Denied):
        return ["denied", TAMPERING if answer.is_tampering else answer.reason]
    return ["trouble"]


def answer_of(words: Words) -> Echo | Handed:
    """The answer; raises the error that came in its place."""
    kind, *said = words
    if kind == "echo":
        return Echo(*_texts(said))
    if kind == "key":
        wrapped, session_key = _texts(said)
        return Handed(base64.b64decode(wrapped), session_key)
    if kind == "refused":
        raise CallRefused(*_texts(said))
    if kind == "denied":
        raise Denied(*_texts(said))
    raise TroubleError("the gate did not answer")


def _request(words: Words) -> SignedRequest:
    key, policy_id, policy, access, confirmation, request_id, is_first_form = words
    client_key = serialization.load_der_public_key(base64.b64decode(_text(key)))
    if not isinstance(client_key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise ValueError("key")
    return SignedRequest(
        client_key,
        _text(policy_id),
        _text(policy),
        KeyAccessWords(*_texts(access)),
        _text(confirmation),
        _text(request_id),
        is_first_form is True,
    )


def _once(words: Words) -> tuple[Once, ...]:
    return tuple(Once(_text(digest), int(until)) for digest, until in words)


def _texts(words: Any) -> list[str]:
    return [_text(each) for each in words]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text")
    return value


def _text_of(data: bytes) -> str:
    return base64.b64encode(data).decode()
