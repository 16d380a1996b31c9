"""For any payload, seed and officers: sealing and opening agree, and nothing else opens."""

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solely.errors import VerificationFailed
from solely.release.keys import ReleaseKey
from solely.release.package import ReleasePolicy, decrypt, read_package, seal, unseal

seeds = st.binary(min_size=32, max_size=32)
payloads = st.binary(max_size=4096)
officers = st.lists(st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True), min_size=1, max_size=5).map(
    tuple
)
ids = st.uuids().map(str)


@pytest.mark.rule("R-49")
@given(seeds, payloads, officers, ids, st.booleans())
@settings(max_examples=200, deadline=None)
def test_what_is_sealed_opens_to_the_same(seed, payload, named, release_id, is_synthetic):
    key = ReleaseKey(seed)
    data = seal(payload, key, ReleasePolicy(release_id, named, is_synthetic))
    package = read_package(data)
    assert unseal(package, key) == payload
    assert (package.release_id, package.officers, package.is_synthetic) == (release_id, named, is_synthetic)
    assert data == seal(payload, ReleaseKey(seed), ReleasePolicy(release_id, named, is_synthetic))


@pytest.mark.rule("R-52")
@given(seeds, payloads, st.data())
@settings(max_examples=300, deadline=None)
def test_any_changed_inserted_or_removed_byte_is_refused(seed, payload, data):
    key = ReleaseKey(seed)
    sealed = seal(payload, key, ReleasePolicy(str(uuid.UUID(int=1)), ("officer-1",), True))
    place = data.draw(st.integers(0, len(sealed) - 1))
    kind = data.draw(st.sampled_from(["change", "insert", "remove"]))
    change = data.draw(st.integers(1, 255))
    middle = {
        "change": bytes([sealed[place] ^ change]),
        "insert": bytes([change, sealed[place]]),
        "remove": b"",
    }
    spoiled = sealed[:place] + middle[kind] + sealed[place + 1 :]
    with pytest.raises(VerificationFailed):
        unseal(read_package(spoiled), key)


@pytest.mark.rule("R-52")
@given(seeds, seeds, payloads)
@settings(max_examples=100, deadline=None)
def test_no_key_opens_the_release_of_another(one, other, payload):
    if one == other:
        return
    sealed = seal(payload, ReleaseKey(one), ReleasePolicy(str(uuid.UUID(int=1)), ("officer-1",), True))
    with pytest.raises(VerificationFailed):
        decrypt(read_package(sealed), ReleaseKey(other).access)


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_arbitrary_bytes_are_refused_and_never_break_the_reader(data):
    with pytest.raises(VerificationFailed):
        read_package(data)
