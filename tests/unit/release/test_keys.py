"""Keys grow from the seed alone, each part by its own label."""

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from solely.release.keys import ReleaseKey

SEED = bytes(range(32))


def _numbers(key):
    return key.access.private_numbers().private_value, key.ephemeral.private_numbers().private_value


def test_one_seed_gives_the_same_keys_each_time():
    one, other = ReleaseKey(SEED), ReleaseKey(SEED)
    assert _numbers(one) == _numbers(other)
    assert (one.content, one.wrap_nonce, one.nonces) == (other.content, other.wrap_nonce, other.nonces)
    assert one.id == other.id


def test_another_seed_gives_other_keys():
    one, other = ReleaseKey(SEED), ReleaseKey(SEED[:-1] + b"\xff")
    assert not set(_numbers(one)) & set(_numbers(other))
    assert one.content != other.content


def test_the_parts_of_one_seed_differ():
    key = ReleaseKey(SEED)
    parts = {key.content, key.nonces, key.wrap_nonce, *(n.to_bytes(32, "big") for n in _numbers(key))}
    assert len(parts) == 5


def test_the_scalar_is_that_of_fips_186_5_a_2_1():
    """Recomputed with plain HMAC (RFC 5869) and the published order, without our constants."""
    order = int("115792089210356248762697446949407573529996955224135760342422259061068512044369")
    extracted = hmac.digest(b"solely/release/1", SEED, "sha256")
    first = hmac.digest(extracted, b"key access\x01", hashlib.sha256)
    second = hmac.digest(extracted, first + b"key access\x02", hashlib.sha256)
    scalar = int.from_bytes((first + second)[:48], "big") % (order - 1) + 1
    assert _numbers(ReleaseKey(SEED))[0] == scalar


@given(st.binary(min_size=32, max_size=32))
def test_what_two_scalars_agree_on_is_what_their_exchange_gives(seed: bytes):
    key = ReleaseKey(seed)
    assert key.shared == key.ephemeral.exchange(ec.ECDH(), key.access.public_key())
    assert key.shared == key.access.exchange(ec.ECDH(), key.ephemeral.public_key())


@pytest.mark.rule("R-57")
def test_a_release_key_shows_no_part_of_itself():
    assert repr(ReleaseKey(SEED)) == "ReleaseKey([confidential])"


def test_a_short_seed_is_a_fault():
    with pytest.raises(AssertionError):
        ReleaseKey(SEED[:-1])
