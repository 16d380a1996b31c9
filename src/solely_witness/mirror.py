"""A full copy of a log, brought to each new head by rehashing every entry that leads to it.

- A head is followed only when the log shows all entries and tiles up to it; so a cosignature also says that
  a copy exists which the custodian cannot take back.
- The copy is a log folder like any other: `solely-verify log` checks it.
"""

import os
from pathlib import Path

from solely_verify.entries import read_entry
from solely_verify.log import file_path
from solely_verify.note import Head
from solely_verify.refusal import Refusal
from solely_verify.tree import WIDTH, Rebuilt, cut_bundle, fold, hash_leaf
from solely_witness.source import FolderSource, Source

_ENTRY_MAX = 65_535


class Forked(Refusal):
    """The log has signed a tree that holds other entries than the copy of what it signed before."""


class Mirror:
    """The copy of one log in `folder`, fed from `source`."""

    def __init__(self, folder: Path, source: Source) -> None:
        self._folder, self._source = folder, source
        self._own = FolderSource(folder)
        self._tree, self._size = Rebuilt(_ignore), 0
        self._bundles: list[bytes] = []  # the roots of full bundles
        self._tail: list[bytes] = []  # the leaf hashes after them
        self.last_time: int | None = None  # of the newest entry, in milliseconds

    @property
    def size(self) -> int:
        """How many entries the copy is known to hold."""
        return self._size

    def restore(self, head: Head) -> None:
        """Take up the copy on disk, rehashed whole; Refusal when it does not lead to `head`."""
        self._grow(head, self._own, is_kept=True)

    def follow(self, head: Head) -> None:
        """Bring the copy to this head; Refusal when the log does not show what leads to it.

        Forked when what it shows leads there, but not from the copy.
        """
        if head.size <= self._size:
            if self.root_at(head.size) != head.root:
                raise Forked(f"the copy of the first {head.size} entries has another root")
            return
        try:
            self._grow(head, self._source, is_kept=False)
        except Refusal:
            Mirror(self._folder, self._source)._grow(head, self._source, is_kept=True)
            raise Forked(
                f"the {head.size} entries signed now are no growth of the {self._size} in the copy"
            ) from None

    def root_at(self, size: int) -> bytes:
        """The root over the first entries of the copy."""
        place, rest = divmod(size, WIDTH)
        hashes = self._bundles[:place]
        if rest:
            in_tail = place == len(self._bundles)
            leaves = self._tail if in_tail else [hash_leaf(e) for e in self._read(self._own, place, WIDTH)]
            hashes = [*hashes, fold(leaves[:rest])]
        return fold(hashes)

    def _grow(self, head: Head, source: Source, *, is_kept: bool) -> None:
        tiles: dict[str, bytes] = {}
        grown = self._tree.copy(lambda level, place, data: tiles.update({_tile(level, place, data): data}))
        bundles, tail, written, last = list(self._bundles), self._tail, list[Path](), b""
        for place in range(self._size // WIDTH, -(-head.size // WIDTH)):
            width = min(WIDTH, head.size - place * WIDTH)
            entries = self._read(source, place, width)
            leaves = [hash_leaf(each) for each in entries]
            if leaves[: len(tail)] != tail:
                raise Refusal(f"{_bundle(place, width)}: other entries than those in the copy kept here")
            grown.add(leaves)
            last, tail = entries[-1], leaves if width < WIDTH else []
            if width == WIDTH:
                bundles.append(fold(leaves))
            if not is_kept:
                written.append(self._write(_bundle(place, width), _joined(entries)))
        if grown.finish() != head.root:
            raise Refusal(f"the {head.size} entries that are shown do not lead to the signed root")
        self._take_tiles(tiles, source, written, is_kept=is_kept)
        self._tree, self._size, self._bundles, self._tail = grown, head.size, bundles, tail
        self.last_time = _time_of(last) if last else self.last_time

    def _take_tiles(
        self, tiles: dict[str, bytes], source: Source, written: list[Path], *, is_kept: bool
    ) -> None:
        for path, data in tiles.items():
            if _read_tile(source, path, len(data)) != data:
                raise Refusal(f"{path}: missing, or not that of the entries")
            if not is_kept:
                written.append(self._write(path, data))
        _flush(written)

    def _read(self, source: Source, place: int, width: int) -> list[bytes]:
        path = _bundle(place, width)
        data = source.read(path, width * (_ENTRY_MAX + 2))
        if data is None and width < WIDTH:
            # The log may have filled this bundle since, and taken the unfinished file away.
            data = source.read(_bundle(place, WIDTH), WIDTH * (_ENTRY_MAX + 2))
            entries = None if data is None else cut_bundle(data, WIDTH)
        else:
            entries = None if data is None else cut_bundle(data, width)
        if entries is None:
            raise Refusal(f"{path}: missing, or not exactly {width} entries")
        return entries[:width]

    def _write(self, name: str, data: bytes) -> Path:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path


def _ignore(level: int, place: int, data: bytes) -> None:
    """Tiles are looked at by the growing copy alone."""


def _read_tile(source: Source, path: str, length: int) -> bytes | None:
    data = source.read(path, length)
    if data is None and ".p/" in path:
        # The log may have filled this tile since, and taken the unfinished file away.
        full = source.read(path.partition(".p/")[0], WIDTH * 32)
        return None if full is None else full[:length]
    return data


def _bundle(place: int, width: int) -> str:
    return file_path("tile/entries", place, width)


def _tile(level: int, place: int, data: bytes) -> str:
    return file_path(f"tile/{level}", place, len(data) // 32)


def _joined(entries: list[bytes]) -> bytes:
    return b"".join(len(each).to_bytes(2, "big") + each for each in entries)


def _time_of(entry: bytes) -> int | None:
    try:
        return int(read_entry(entry)[3])
    except Refusal:
        return None  # what an entry must be is for `solely-verify log` to say


def _flush(paths: list[Path]) -> None:
    """Force files and their folders to disk."""
    if len(paths) > WIDTH:
        os.sync()
        return
    for path in [*paths, *{each.parent for each in paths}]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
