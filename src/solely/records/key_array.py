"""The keys of an index as two sorted arrays on disk, mapped and never loaded whole.

`keys.hash` holds signed 64-bit key hashes in ascending order, `keys.ordinal` the person of each as an
unsigned 32-bit integer, both little-endian. A search is a binary search, so one request costs the same few
reads as each of a million. A search for many goes through the arrays a stretch after the other and lets each
go, so that the process holds a part of the arrays and never all of them.
"""

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

HASH_FILE: Final = "keys.hash"
ORDINAL_FILE: Final = "keys.ordinal"
HASH: Final = np.dtype("<i8")
ORDINAL: Final = np.dtype("<u4")
AT_ONCE: Final = 16384  # of many sorted hashes, those searched before what they touched is let go
Array = np.ndarray[Any, np.dtype[Any]]


class KeyArray:
    """The sorted keys of the index in a folder."""

    def __init__(self, folder: Path) -> None:
        self.hashes = _mapped(folder / HASH_FILE, HASH)
        self._ordinals = _mapped(folder / ORDINAL_FILE, ORDINAL)
        assert len(self.hashes) == len(self._ordinals), "an index whose digests hold has as many of each"

    def blocks(self, hashes: Array) -> Iterator[tuple[int, Array]]:
        """For each place of `hashes` whose key somebody has: the place, and the ordinals of those persons."""
        order = np.argsort(hashes, kind="stable")  # in order of the array, neighbors share its pages
        for at in range(0, len(order), AT_ONCE):
            yield from self._found(hashes, order[at : at + AT_ONCE])
            if len(order) > AT_ONCE:
                _let_go(self.hashes)
                _let_go(self._ordinals)

    def _found(self, hashes: Array, order: Array) -> Iterator[tuple[int, Array]]:
        wanted = hashes[order]
        start = np.searchsorted(self.hashes, wanted, "left")
        is_there = start < len(self.hashes)
        is_there[is_there] = self.hashes[start[is_there]] == wanted[is_there]
        end = np.searchsorted(self.hashes, wanted[is_there], "right")
        places = zip(order[is_there].tolist(), start[is_there].tolist(), end.tolist(), strict=True)
        for place, low, high in places:
            yield place, self._ordinals[low:high]


def _mapped(path: Path, kind: "np.dtype[Any]") -> Array:
    # An empty file cannot be mapped.
    return np.memmap(path, kind, "r") if path.stat().st_size else np.empty(0, kind)


def _let_go(array: Array) -> None:
    """Give back the memory of a mapped array; what is read of it again comes from the system's own copy."""
    if isinstance(array.base, mmap.mmap):
        array.base.madvise(mmap.MADV_DONTNEED)
