"""Sorted runs of keys on disk, and their merger into the two arrays of an index.

Each part of a build leaves a run, and so does an index that is refreshed. Runs are merged a range of hashes
at a time, so that memory holds one range. A run holds hashes and ordinals, no value of any record.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from solely.records.key_array import HASH, HASH_FILE, ORDINAL, ORDINAL_FILE

RANGES: Final = 256
EDGES: Final = np.array([-(2**63) + place * (2**64 // RANGES) for place in range(1, RANGES)], dtype=np.int64)
Array = np.ndarray[Any, np.dtype[Any]]
NOTHING: Final = np.empty(0, dtype=np.int64)
Moved = Callable[[Array], tuple[Array, Array]]


def _as_they_are(ordinals: Array) -> tuple[Array, Array]:
    return np.ones(len(ordinals), dtype=bool), ordinals


class Run(NamedTuple):
    """Hashes and ordinals in two files, by hash; where each range begins; and what becomes of the ordinals.

    `moved` gives, for ordinals of this run, which are kept and their places in the new index.
    """

    hashes: Path
    ordinals: Path
    bounds: tuple[int, ...]
    moved: Moved = _as_they_are

    def part(self, number: int) -> tuple[Array, Array]:
        """The keys of one range of hashes that are kept, with their new ordinals."""
        low, high = self.bounds[number], self.bounds[number + 1]
        hashes = np.fromfile(self.hashes, HASH, high - low, offset=low * HASH.itemsize)
        ordinals = np.fromfile(self.ordinals, ORDINAL, high - low, offset=low * ORDINAL.itemsize)
        is_kept, places = self.moved(ordinals)
        return hashes[is_kept], places[is_kept]


def bounds_of(hashes: Array) -> tuple[int, ...]:
    """Where each range of hashes begins in a sorted array, and the end."""
    return (0, *np.searchsorted(hashes, EDGES).tolist(), len(hashes))


def write_run(folder: Path, name: str, hashes: Array, ordinals: Array) -> Run:
    """The run of these keys, written to two files."""
    order = np.argsort(hashes)
    hashes, paths = hashes[order], (folder / f"{name}.hash", folder / f"{name}.ordinal")
    hashes.astype(HASH).tofile(paths[0])
    ordinals[order].astype(ORDINAL).tofile(paths[1])
    return Run(*paths, bounds_of(hashes))


def merge(runs: Sequence[Run], folder: Path) -> int:
    """Write the arrays of `key_array` from all runs; how many keys they hold comes back."""
    count = 0
    with (folder / HASH_FILE).open("wb") as all_hashes, (folder / ORDINAL_FILE).open("wb") as all_ordinals:
        for number in range(RANGES):
            parts = [run.part(number) for run in runs]
            hashes = np.concatenate([NOTHING, *(each for each, _ in parts)])
            ordinals = np.concatenate([NOTHING, *(each for _, each in parts)])
            order = np.lexsort((ordinals, hashes))
            hashes[order].astype(HASH).tofile(all_hashes)
            ordinals[order].astype(ORDINAL).tofile(all_ordinals)
            count += len(order)
    return count
