"""Hashes of an append-only tree and its proofs (RFC 6962 section 2.1, RFC 9162 section 2.1).

- The right edge of a tree is all that is needed to make it grow, so memory does not depend on its size.
- Proofs are read from tiles through a function; nothing here touches a file.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

WIDTH = 256  # hashes in a full tile: height 8
SIZE_MAX = 2**48  # readers refuse more: index arithmetic of stock tools overflows near 2^62
EMPTY_ROOT = hashlib.sha256(b"").digest()

Nodes = Callable[[int, int], bytes]
"""The hash of the perfect subtree at a level (0 = leaves) and place."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def leaf_hashes(entries: Sequence[bytes]) -> list[bytes]:
    """The hashes of entries, in their order."""
    sha256 = hashlib.sha256
    return [sha256(b"\x00" + each).digest() for each in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over `hashes` as leaves; an odd last one moves up unchanged, which is RFC 6962's tree."""
    if not hashes:
        return EMPTY_ROOT
    sha256, row = hashlib.sha256, list(hashes)
    while len(row) > 1:
        pairs = [sha256(b"\x01" + a + b).digest() for a, b in zip(row[::2], row[1::2], strict=False)]
        row = pairs + row[-1:] if len(row) & 1 else pairs
    return row[0]


class Tile(NamedTuple):
    """The hashes of one tile: `level` counts tiles from the leaves, `place` along the level.

    `root` is the hash over a full tile, which is one hash of the level above; None while it is unfinished.
    """

    level: int
    place: int
    hashes: tuple[bytes, ...]
    root: bytes | None = None


class Edge:
    """The right edge of a tree: for each tile level the hashes of its last, unfinished tile."""

    def __init__(self, size: int = 0, rows: Sequence[Sequence[bytes]] = ()) -> None:
        self.size = size
        self._rows = [list(row) for row in rows] or [[]]

    def copy(self) -> "Edge":
        """The same edge, to grow apart."""
        return Edge(self.size, self._rows)

    def tail(self) -> list[bytes]:
        """The leaf hashes of the last, unfinished bundle."""
        return list(self._rows[0])

    def extend(self, leaves: Sequence[bytes]) -> list[Tile]:
        """Grow by leaf hashes; the tiles that became full come back, lower levels first."""
        full: list[Tile] = []
        taken = 0
        while taken < len(leaves):
            row = self._rows[0]
            room = leaves[taken : taken + WIDTH - len(row)]
            row.extend(room)
            taken += len(room)
            self.size += len(room)
            if len(row) == WIDTH:
                self._carry(full)
        return full

    def _carry(self, full: list[Tile]) -> None:
        level = 0
        while len(self._rows[level]) == WIDTH:
            row = self._rows[level]
            place = (self.size >> 8 * (level + 1)) - 1
            root = root_of(row)
            full.append(Tile(level, place, tuple(row), root))
            self._rows[level] = []
            level += 1
            if level == len(self._rows):
                self._rows.append([])
            self._rows[level].append(root)

    def partial_tiles(self) -> list[Tile]:
        """The unfinished tiles of the present size."""
        return [
            Tile(level, self.size >> 8 * (level + 1), tuple(row))
            for level, row in enumerate(self._rows)
            if row
        ]

    def root(self) -> bytes:
        """The root at the present size."""
        right: list[bytes] = []
        for row in self._rows:
            if row or right:
                right = [root_of(row + right)]
        return right[0] if right else EMPTY_ROOT


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def range_root(nodes: Nodes, start: int, end: int) -> bytes:
    """The hash over leaves `start` to `end` (exclusive), where `start` is a multiple of a fitting power."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return nodes(level, start >> level)
    middle = start + _split(count)
    return node_hash(range_root(nodes, start, middle), range_root(nodes, middle, end))


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The path of leaf `index` in the tree of `size` leaves, from its sibling upwards."""
    assert 0 <= index < size, "a path leads to a leaf of the tree"
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_root(nodes, middle, end))
            end = middle
        else:
            path.append(range_root(nodes, start, middle))
            start = middle
    return path[::-1]


def leading_roots(nodes: Nodes, count: int) -> list[bytes]:
    """The roots of the perfect subtrees over the first `count` leaves, the largest first.

    With them, whoever has every later leaf comes to the root of the whole tree.
    """
    roots, start = [], 0
    for level in range(count.bit_length() - 1, -1, -1):
        if count >> level & 1:
            roots.append(nodes(level, start >> level))
            start += 1 << level
    return roots


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """The hashes that show the tree of `old` leaves to be a prefix of that of `new` (RFC 9162 2.1.4)."""
    assert 0 < old <= new, "consistency is between a tree and a later one"
    proof: list[bytes] = []
    start, end, is_whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(range_root(nodes, middle, end))
            end = middle
        else:
            proof.append(range_root(nodes, start, middle))
            start, is_whole = middle, False
    if not is_whole:
        proof.append(range_root(nodes, start, end))
    return proof[::-1]
