"""A signed request: signed by the proved key, in time, one policy with one key; else refused by name."""

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from solely.access import jose, signed_request
from solely.access.refusal import CallRefused

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
SHORT = rsa.generate_private_key(65537, 1024)  # noqa: S505 -- too short is the point
KEY, OTHER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))


def pem(key) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


ACCESS = {"type": "ec-wrapped", "protocol": "kas", "wrappedKey": "AA==", "policyBinding": {"hash": "BB=="}}
ONE = {
    "policy": {"id": "p", "body": "cG9s"},
    "keyAccessObjects": [{"keyAccessObjectId": "k", "keyAccessObject": ACCESS}],
}
BODY = {"clientPublicKey": pem(OTHER), "requests": [ONE], "unknown": 1}
CURVE = bytes.fromhex("2a8648ce3d030107")  # the object identifier of P-256


def of_no_curve() -> str:
    """A public key whose curve has a name that nobody gave."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    der = OTHER.public_key().public_bytes(serialization.Encoding.DER, form)
    text = base64.b64encode(der.replace(CURVE, CURVE[:-1] + b"\x77")).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n"


FIRST = {"clientPublicKey": pem(OTHER), "policy": "cG9s", "keyAccess": ACCESS}


def written(body=BODY, key=KEY, **claims):
    good = {"requestBody": json.dumps(body), "iat": AT, "exp": AT + 60}
    return jose.write({}, {n: v for n, v in (good | claims).items() if v is not None}, key)


def read(text, key=KEY):
    jws = signed_request.parse(text)
    signed_request.require_proved(jws, None if key is None else key.public_key(), NOW)
    return signed_request.stated(jws)


def test_a_request_is_read_with_the_officers_answer_to_the_echo():
    asked = read(written(BODY | {"confirmation": {"id": "word", "requestId": "R-1"}}))
    assert (asked.policy_id, asked.policy, asked.access.object_id, asked.is_first_form) == (
        "p",
        "cG9s",
        "k",
        False,
    )
    assert (asked.confirmation, asked.request_id) == ("word", "R-1")
    assert read(written()).confirmation == ""


def test_the_first_form_of_the_protocol_is_read_too():
    asked = read(written(FIRST))
    assert (asked.policy, asked.access.wrapped, asked.access.binding, asked.is_first_form) == (
        "cG9s",
        "AA==",
        "BB==",
        True,
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (written(key=OTHER), "REQUEST_SIGNATURE"),
        (written(exp=AT), "REQUEST_TIME"),
        (written(exp=AT + 2 * 3600 + 60), "REQUEST_TIME"),
        (written(iat=AT + 60), "REQUEST_TIME"),
        (written(iat=AT - 3 * 3600), "REQUEST_TIME"),
        (written(iat=None), "REQUEST_TIME"),
        (written(exp=None), "REQUEST_TIME"),
        (written(exp=True), "REQUEST_TIME"),
        (written([]), "REQUEST_BODY"),
        (written(requestBody="{"), "REQUEST_BODY"),
        (written(requestBody=None), "REQUEST_BODY"),
        (written(BODY | {"requests": [ONE, ONE]}), "ONE_KEY_A_CALL"),
        (written(BODY | {"requests": [ONE | {"keyAccessObjects": []}]}), "ONE_KEY_A_CALL"),
        (written(BODY | {"requests": [ONE | {"policy": "cG9s"}]}), "REQUEST_BODY"),
        (written(BODY | {"clientPublicKey": "no key"}), "CLIENT_KEY"),
        (written(BODY | {"clientPublicKey": pem(ec.generate_private_key(ec.SECP384R1()))}), "CLIENT_KEY"),
        (written(BODY | {"clientPublicKey": pem(SHORT)}), "CLIENT_KEY"),
        (written(BODY | {"clientPublicKey": of_no_curve()}), "CLIENT_KEY"),
        (written(BODY | {"clientPublicKey": "\ud800"}), "REQUEST_BODY"),
        (written(requestBody='{"requests": [], "requests": []}'), "REQUEST_BODY"),
        (written(BODY | {"unknown": 10**400}), "REQUEST_BODY"),
        (written(exp=10**400), "REQUEST_UNREADABLE"),
        (written(FIRST | {"keyAccess": ACCESS | {"protocol": "file"}}), "KEY_ACCESS"),
        ("no token", "REQUEST_UNREADABLE"),
    ],
)
def test_every_defect_of_a_request_is_refused_by_name(text, reason):
    with pytest.raises(CallRefused) as refusal:
        read(text)
    assert refusal.value.reason == reason


def test_without_a_proved_key_the_signature_counts_for_nothing():
    assert read(written(key=OTHER), key=None).policy == "cG9s"
