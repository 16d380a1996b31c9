"""Subject tags: found by the person's key, unlinkable without it, one domain never telling of the other."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solely.ledger.entry import EntryType, decode, encode
from solely.ledger.subject import EpochKeys, find_tagged, open_key, sealed_key, tag_of, tags_of
from tests.support.ledgers import EPOCH, full_history

KEYS = st.binary(min_size=32, max_size=32)


@pytest.mark.rule("R-93")
@given(KEYS, st.lists(st.tuples(st.binary(min_size=16, max_size=16), st.booleans()), max_size=40))
def test_a_scan_finds_exactly_what_was_tagged(key, planted):
    tagged = [
        (index, nonce, tag_of(key, nonce) if is_its_own else os.urandom(16))
        for index, (nonce, is_its_own) in enumerate(planted)
    ]
    expected = [index for index, (_, is_its_own) in enumerate(planted) if is_its_own]
    assert list(find_tagged(key, tagged)) == expected


@pytest.mark.rule("R-93", "R-57")
def test_two_releases_about_one_person_have_nothing_in_common():
    nonces = [bytes([number]) * 16 for number in range(50)]
    tags = [tags_of(EPOCH, "record-1", None, nonce, nonce[::-1]) for nonce in nonces]
    assert len({each.open for each in tags}) == len(nonces)
    assert b"record-1" not in b"".join(each.open + each.sealed for each in tags)


@pytest.mark.rule("R-93")
def test_a_delayed_release_is_found_by_the_key_of_its_delay_and_by_no_other():
    nonce, chance = bytes(16), b"c" * 16
    tags = tags_of(EPOCH, "record-1", "delay-1", nonce, chance)
    assert tags == (chance, tag_of(sealed_key(EPOCH, "delay-1", "record-1"), nonce))
    others = (
        open_key(EPOCH, "record-1"),
        sealed_key(EPOCH, "delay-2", "record-1"),
        sealed_key(EPOCH, "delay-1", "record-2"),
        sealed_key(EPOCH, "delay-1record", "-1"),
        open_key(EpochKeys(EPOCH.sealed, EPOCH.open), "record-1"),
    )
    assert not any(tag_of(key, nonce) in tags for key in others)


@pytest.mark.rule("R-55")
def test_a_release_of_either_version_reads_back():
    releases = [each for each in full_history().entries if each.type is EntryType.RELEASE]
    assert [encode(each)[2] for each in releases] == [1, 2]
    assert [decode(encode(each)) for each in releases] == releases


@pytest.mark.rule("R-104")
@pytest.mark.parametrize("missing", ["tag_sealed", "bucket"])
def test_a_build_cannot_write_half_of_version_2(missing):
    release = next(each for each in full_history().entries if each.tag_open)
    with pytest.raises(AssertionError):
        encode(release._replace(**{missing: None}))
