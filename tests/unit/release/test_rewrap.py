"""A release's key goes to one caller: only for the object and policy that the gate sealed."""

import base64

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from solely.errors import VerificationFailed
from solely.release.keys import ReleaseKey
from solely.release.package import ReleasePolicy, read_package, seal
from solely.release.rewrap import Handed, Stated, Tampered, opened_with, share_of, wrapped_for

KEY = ReleaseKey(b"s" * 32)
POLICY = ReleasePolicy("0f0e0d0c-0b0a-4908-8706-050403020100", ("officer-01",), True)
DATA = seal(b'{"a":1}', KEY, POLICY)
PACKAGE = read_package(DATA)
ACCESS = PACKAGE.manifest.key_access[0]


def stated(**changes) -> Stated:
    binding = base64.b64encode(ACCESS.binding.hex().encode()).decode()
    wrapped = base64.b64encode(ACCESS.wrapped).decode()
    return Stated(
        PACKAGE.manifest.policy.text, ACCESS.kind, wrapped, binding, ACCESS.ephemeral.decode()
    )._replace(**changes)


def test_the_key_goes_to_the_caller_and_opens_the_package():
    client = ec.generate_private_key(ec.SECP256R1())
    handed = wrapped_for(share_of(stated(), KEY, POLICY), client.public_key(), b"n" * 12)
    assert opened_with(PACKAGE, handed, client) == b'{"a":1}'
    with pytest.raises(VerificationFailed):
        opened_with(PACKAGE, handed, ec.generate_private_key(ec.SECP256R1()))
    changed = handed.wrapped[:-1] + bytes([handed.wrapped[-1] ^ 1])
    with pytest.raises(VerificationFailed):
        opened_with(PACKAGE, Handed(changed, handed.session_key), client)


def test_a_client_with_an_rsa_key_gets_the_same_share():
    client = rsa.generate_private_key(65537, 2048)
    handed = wrapped_for(KEY.content, client.public_key(), b"")
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303 -- the format's
    assert client.decrypt(handed.wrapped, oaep) == KEY.content


def test_a_binding_of_raw_bytes_is_read_too():
    assert share_of(stated(binding=base64.b64encode(ACCESS.binding).decode()), KEY, POLICY) == KEY.content


@pytest.mark.rule("R-49", "R-52")
@pytest.mark.parametrize(
    "changes",
    [
        {"policy": ReleasePolicy(POLICY.release_id, ("officer-02",), True).text()},
        {"policy": ReleasePolicy("1f0e0d0c-0b0a-4908-8706-050403020100", ("officer-01",), True).text()},
        {"wrapped": base64.b64encode(b"w" * 60).decode()},
        {"wrapped": "?"},
        {"wrapped": ""},
        {"binding": base64.b64encode(b"b" * 32).decode()},
        {"binding": base64.b64encode(b"no hexadecimal").decode()},
        {"kind": "wrapped"},
        {"kind": "remote"},
        {"ephemeral": ""},
    ],
)
def test_anything_that_this_gate_did_not_seal_is_tampering(changes):
    with pytest.raises(Tampered):
        share_of(stated(**changes), KEY, POLICY)


def test_another_releases_key_opens_nothing():
    with pytest.raises(Tampered):
        share_of(stated(), ReleaseKey(b"t" * 32), POLICY)
