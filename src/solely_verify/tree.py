"""The verifier's own Merkle tree (RFC 6962 2.1): it rebuilds every tile and the root from the entries."""

import hashlib
from collections.abc import Callable, Sequence

from solely_verify.refusal import Refusal

WIDTH = 256


def hash_leaf(entry: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\0" + entry).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root of the tree over `hashes`; of none, the hash of nothing."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    level = list(hashes)
    new = hashlib.sha256
    while (count := len(level)) > 1:
        level = [
            new(b"\1" + level[at] + level[at + 1]).digest() if at + 1 < count else level[at]
            for at in range(0, count, 2)
        ]
    return level[0]


class Rebuilt:
    """Grows bundle by bundle; hands each tile, when its content is known, to `check(level, place, bytes)`."""

    def __init__(self, check: Callable[[int, int, bytes], None]) -> None:
        self._check = check
        self._open: list[list[bytes]] = [[]]
        self._closed: list[int] = [0]

    def add(self, leaves: Sequence[bytes]) -> None:
        """Take the leaf hashes of the next bundle: 256, or fewer for the very last."""
        self._open[0] = list(leaves)
        level = 0
        while len(self._open[level]) == WIDTH:
            row = self._open[level]
            self._check(level, self._closed[level], b"".join(row))
            self._open[level] = []
            self._closed[level] += 1
            level += 1
            if level == len(self._open):
                self._open.append([])
                self._closed.append(0)
            self._open[level].append(fold(row))

    def finish(self) -> bytes:
        """The root; the unfinished tiles are handed over first."""
        carried: list[bytes] = []
        for level, row in enumerate(self._open):
            if row:
                self._check(level, self._closed[level], b"".join(row))
            if row or carried:
                carried = [fold(row + carried)]
        return carried[0] if carried else fold([])


def require_path(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Return when `path` leads from leaf `index` to `root` in a tree of `size`; else Refusal.

    The tree is walked down as RFC 6962 2.1.1 defines it: which side each step takes follows from index
    and size alone.
    """
    sides = []
    start, end = 0, size
    while end - start > 1:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        is_left = index < middle
        sides.append(is_left)
        start, end = (start, middle) if is_left else (middle, end)
    if len(sides) != len(path):
        raise Refusal("receipt: the path has another length than the tree asks for")
    reached = leaf
    for is_left, sibling in zip(reversed(sides), path, strict=True):
        pair = reached + sibling if is_left else sibling + reached
        reached = hashlib.sha256(b"\1" + pair).digest()
    if reached != root:
        raise Refusal("receipt: the path does not lead to the signed root")
