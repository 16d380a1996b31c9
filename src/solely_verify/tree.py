"""The verifier's own Merkle tree (RFC 6962 2.1): it rebuilds every tile and the root from the entries."""

import hashlib
from collections.abc import Callable, Sequence

from solely_verify.refusal import Refusal

WIDTH = 256


def hash_leaf(entry: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\0" + entry).digest()


def cut_bundle(data: bytes, width: int) -> list[bytes] | None:
    """The entries of a bundle, or None when it does not hold exactly `width`."""
    entries, at, end = [], 0, len(data)
    for _ in range(width):
        if at + 2 > end:
            return None
        stop = at + 2 + (data[at] << 8 | data[at + 1])
        if stop > end:
            return None
        entries.append(data[at + 2 : stop])
        at = stop
    return entries if at == end else None


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

    def copy(self, check: Callable[[int, int, bytes], None]) -> "Rebuilt":
        """The same tree, to grow apart and hand its tiles to another `check`."""
        other = Rebuilt(check)
        other._open, other._closed = [list(row) for row in self._open], list(self._closed)
        return other

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


def require_extension(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> None:
    """Return when the tree `old` (size, root) is a beginning of `new`; else Refusal.

    The proof is taken apart as RFC 6962 2.1.2 puts it together: inner parts first, siblings after them.
    """
    rest = list(reversed(proof))
    if not 0 < old[0] <= new[0]:
        raise Refusal("proof: the sizes are in no order")
    try:
        reached = _apart(old, new[0], rest, is_whole=True)
    except IndexError:
        raise Refusal("proof: too short") from None
    if rest or reached != (old[1], new[1]):
        raise Refusal("proof: the earlier tree is no beginning of the later one")


def _apart(old: tuple[int, bytes], size: int, rest: list[bytes], *, is_whole: bool) -> tuple[bytes, bytes]:
    """The roots of the earlier and the later tree that the proof leads to."""
    if old[0] == size:
        root = old[1] if is_whole else rest.pop()
        return root, root
    half = 1 << ((size - 1).bit_length() - 1)
    if old[0] <= half:
        earlier, later = _apart(old, half, rest, is_whole=is_whole)
        return earlier, _join(later, rest.pop())
    earlier, later = _apart((old[0] - half, old[1]), size - half, rest, is_whole=False)
    left = rest.pop()
    return _join(left, earlier), _join(left, later)


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
