"""Paths and bytes of tiles and bundles, as C2SP tlog-tiles writes them."""

import pytest

from solely.errors import VerificationFailed
from solely.ledger.tiles import bundle_path, encode_bundle, split_bundle, split_tile, tile_path


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (tile_path(0, 0), "tile/0/000"),
        (tile_path(1, 999, 3), "tile/1/999.p/3"),
        (tile_path(2, 1000), "tile/2/x001/000"),
        (tile_path(15, 1_234_067, 255), "tile/15/x001/x234/067.p/255"),
        (bundle_path(1_234_067), "tile/entries/x001/x234/067"),
        (bundle_path(5, 1), "tile/entries/005.p/1"),
    ],
)
def test_paths(path, expected):
    assert path == expected


def test_a_bundle_holds_each_entry_after_its_length():
    entries = [b"", b"a", b"b" * 65_535]
    data = encode_bundle(entries)
    assert data[:5] == b"\x00\x00\x00\x01a"
    assert split_bundle(data, 3) == entries


def test_an_entry_too_long_for_its_length_is_our_fault():
    with pytest.raises(AssertionError):
        encode_bundle([b"c" * 65_536])


@pytest.mark.parametrize("width", [0, 1, 3])
def test_a_bundle_with_another_number_of_entries_is_refused(width):
    with pytest.raises(VerificationFailed):
        split_bundle(encode_bundle([b"one", b"two"]), width)


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x05abc", b"\x00\x03abc\x00"])
def test_a_torn_bundle_is_refused(data):
    with pytest.raises(VerificationFailed):
        split_bundle(data, 1)


def test_a_tile_has_the_length_of_its_hashes():
    assert split_tile(bytes(64), 2) == [bytes(32)] * 2
    with pytest.raises(VerificationFailed):
        split_tile(bytes(63), 2)
