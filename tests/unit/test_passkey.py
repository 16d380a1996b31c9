"""A passkey signs for an enrolled key that vouched for it, and for nothing that was not shown."""

import base64
import hashlib
import json
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from solely import passkey
from solely.canonical import sha256_hex
from solely.errors import VerificationFailed
from solely.passkey import Shown, Vouched, Voucher
from solely.signing import KeySigner, sign, signature_digest, verify, vouched_by
from tests.support.authenticator import Authenticator

ENROLLED = ec.generate_private_key(ec.SECP256R1())


def vouched(device: Authenticator, by: ec.EllipticCurvePrivateKey = ENROLLED) -> Vouched:
    voucher = Voucher(
        "solely.example/demo+0123+AAAA", device.public, "http://localhost:8700", date(2027, 1, 1)
    )
    return Vouched(voucher.statement(), sign(by, voucher.statement()))


def signed(device: Authenticator, *statements: bytes, by: ec.EllipticCurvePrivateKey = ENROLLED) -> bytes:
    shown = Shown("a nonce", sha256_hex(b"the page"), tuple(sha256_hex(each) for each in statements))
    return passkey.write_signature(vouched(device, by), shown, device.sign(shown.challenge()))


def test_a_passkey_signs_each_statement_it_was_shown_in_the_name_of_the_enrolled_key() -> None:
    text = signed(Authenticator(), b"approve batch 1", b"approve batch 2")
    vouched_by(ENROLLED.public_key(), text, b"approve batch 1")
    vouched_by(ENROLLED.public_key(), text, b"approve batch 2")


@pytest.mark.rule("R-84")
def test_a_passkey_that_somebody_else_vouched_for_signs_nothing_for_the_enrolled_key() -> None:
    administrator = ec.generate_private_key(ec.SECP256R1())
    text = signed(Authenticator(), b"approve", by=administrator)
    with pytest.raises(VerificationFailed, match="does not hold"):
        vouched_by(ENROLLED.public_key(), text, b"approve")


@pytest.mark.rule("R-106")
def test_a_statement_that_was_not_shown_is_not_signed() -> None:
    with pytest.raises(VerificationFailed, match="other statements"):
        vouched_by(ENROLLED.public_key(), signed(Authenticator(), b"decline"), b"confirm")


@pytest.mark.parametrize(
    ("device", "why"),
    [
        (Authenticator(flags=0x01), "not verified"),
        (Authenticator(site="elsewhere.example"), "another address"),
        (Authenticator(origin="http://localhost:9999"), "another address"),
        (Authenticator(origin="https://localhost:8700"), "another address"),
        (Authenticator(more={"crossOrigin": True}), "another address"),
        (Authenticator(more={"topOrigin": "http://localhost:8700"}), "another address"),
        (Authenticator(kind="webauthn.create"), "another challenge"),
    ],
)
def test_a_signature_of_an_unverified_user_or_of_another_site_is_refused(
    device: Authenticator, why: str
) -> None:
    with pytest.raises(VerificationFailed, match=why):
        vouched_by(ENROLLED.public_key(), signed(device, b"approve"), b"approve")


@pytest.mark.rule("R-106")
@pytest.mark.parametrize("name", ["page", "nonce", "statements", "data", "client", "signature", "voucher"])
def test_whatever_is_changed_in_a_signature_it_no_longer_holds(name: str) -> None:
    words = json.loads(signed(Authenticator(), b"approve"))
    value = words[name]
    words[name] = [*value, sha256_hex(b"more")] if isinstance(value, list) else value[:-2] + "AA" + value[-2:]
    text = passkey.canonical_json(words)
    with pytest.raises(VerificationFailed):
        vouched_by(ENROLLED.public_key(), text, b"approve")


def test_another_passkey_under_the_same_voucher_is_refused() -> None:
    own, other = Authenticator(), Authenticator()
    shown = Shown("n", "p", (sha256_hex(b"approve"),))
    text = passkey.write_signature(vouched(own), shown, other.sign(shown.challenge()))
    with pytest.raises(VerificationFailed, match="not the passkey's"):
        vouched_by(ENROLLED.public_key(), text, b"approve")


def test_an_entry_names_either_kind_of_signature_by_a_digest() -> None:
    plain = KeySigner(ENROLLED).sign(b"approve")
    assert signature_digest(plain) == hashlib.sha256(base64.b64decode(plain)).digest()
    text = signed(Authenticator(), b"approve")
    assert signature_digest(text) == hashlib.sha256(text).digest()


@pytest.mark.rule("R-84")
def test_a_passkey_vouches_for_no_other_passkey() -> None:
    first, second = Authenticator(), Authenticator()
    voucher = Voucher(
        "solely.example/demo+0123+AAAA", second.public, "http://localhost:8700", date(2027, 1, 1)
    ).statement()
    shown = Shown("n", "p", (sha256_hex(voucher),))
    chained = passkey.write_signature(vouched(first), shown, first.sign(shown.challenge()))
    asked = Shown("n", "p", (sha256_hex(b"approve"),))
    text = passkey.write_signature(Vouched(voucher, chained), asked, second.sign(asked.challenge()))
    with pytest.raises(VerificationFailed, match="only the enrolled key itself"):
        vouched_by(ENROLLED.public_key(), text, b"approve")


@pytest.mark.rule("R-84")
def test_what_the_enrolled_key_itself_must_sign_no_passkey_signs() -> None:
    with pytest.raises(VerificationFailed, match="no passkey"):
        verify(ENROLLED.public_key(), signed(Authenticator(), b"a letter"), b"a letter")
