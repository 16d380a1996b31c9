"""Tiles and entry bundles, their paths and bytes (C2SP tlog-tiles, height 8).

- `tile/<level>/<place>[.p/<width>]` holds hashes, `tile/entries/<place>[.p/<width>]` holds entries, each
  after its length in two bytes.
"""

import struct
from collections.abc import Callable, Iterator, Sequence

from solely.errors import VerificationFailed
from solely.ledger.entry import ENTRY_BYTES_MAX
from solely.ledger.tree import WIDTH, Nodes, root_of

HASH = 32


def tile_path(level: int, place: int, width: int = WIDTH) -> str:
    """The path of a tile of hashes."""
    return _path(f"tile/{level}", place, width)


def bundle_path(place: int, width: int = WIDTH) -> str:
    """The path of a bundle of entries."""
    return _path("tile/entries", place, width)


def _path(folder: str, place: int, width: int) -> str:
    # Groups of three digits, all but the last marked with an x, keep folders below a thousand names.
    groups = [f"{place % 1000:03}"]
    while place := place // 1000:
        groups.append(f"x{place % 1000:03}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"{folder}/{'/'.join(reversed(groups))}{partial}"


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The entries one after the other, each after its length."""
    assert all(len(each) <= ENTRY_BYTES_MAX for each in entries), "an entry's length fits two bytes"
    pack = struct.Struct(">H").pack
    return b"".join([part for each in entries for part in (pack(len(each)), each)])


def split_bundle(data: bytes, width: int) -> list[bytes]:
    """The `width` entries of a bundle; raises VerificationFailed when it holds fewer, more or a torn one."""
    step = int.from_bytes(data[:2], "big") + 2
    if len(data) == width * step and width:
        # Decisions of one batch have one length; when every length is that of the first, cut at once.
        lengths = (data[0::step], data[1::step])
        if lengths == (data[:1] * width, data[1:2] * width):
            return [data[at + 2 : at + step] for at in range(0, len(data), step)]
    return _split_one_by_one(data, width)


def _split_one_by_one(data: bytes, width: int) -> list[bytes]:
    entries, at, end = [], 0, len(data)
    for _ in range(width):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > end or at > end:
            raise VerificationFailed("an entry bundle ends too early")
        entries.append(data[start:at])
    if at != end:
        raise VerificationFailed("an entry bundle holds more than its entries")
    return entries


def edge_shapes(size: int) -> Iterator[tuple[int, int, int]]:
    """Level, place and width of the unfinished tile at each level; the width may be 0."""
    level, count = 0, size
    while count or not level:
        yield level, count // WIDTH, count % WIDTH
        level, count = level + 1, count // WIDTH


def node_reader(read: Callable[[int, int, int], Sequence[bytes]], size: int) -> Nodes:
    """Hashes of perfect subtrees out of tiles; `read` gives the hashes of a tile by level, place, width."""

    def node(level: int, place: int) -> bytes:
        tile_level, height = divmod(level, 8)
        start = place << height
        tile = start // WIDTH
        width = min(WIDTH, (size >> 8 * tile_level) - tile * WIDTH)
        hashes = read(tile_level, tile, width)
        at = start % WIDTH
        return root_of(hashes[at : at + (1 << height)])

    return node


def split_tile(data: bytes, width: int) -> list[bytes]:
    """The hashes of a tile; raises VerificationFailed for another number of them."""
    if len(data) != HASH * width:
        raise VerificationFailed("a tile does not have the length of its hashes")
    return [data[at : at + HASH] for at in range(0, len(data), HASH)]
