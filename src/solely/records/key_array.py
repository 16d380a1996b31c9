"""The keys of an index as two sorted arrays on disk, mapped and never loaded whole.

`keys.hash` holds signed 64-bit key hashes in ascending order, `keys.ordinal` the person of each as an
unsigned 32-bit integer, both little-endian. A search is a binary search, so one request costs the same few
reads as each of a million.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

HASH_FILE: Final = "keys.hash"
ORDINAL_FILE: Final = "keys.ordinal"
HASH: Final = np.dtype("<i8")
ORDINAL: Final = np.dtype("<u4")
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
