"""The public folder of the log: tiles and bundles first, the checkpoint last (T6 of ledger.md 4.3).

- A file is not covered by the checkpoint until all of them are on disk, so a crash leaves at worst files
  that no reader asks for; the next publishing writes them again.
- Many files are forced to disk with one call where the system has it.
"""

import ctypes
import os
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from solely.errors import Blocked, TroubleError, VerificationFailed
from solely.ledger.tiles import edge_shapes, split_tile, tile_path
from solely.ledger.tree import Edge, Tile
from solely.store.files import flush_file, write_durably

FOLDER_LOST = "the log's folder shows less than was signed; it is written again from the database"
_MANY = 16  # files from which one flush of the whole file system is cheaper than one of each


@dataclass(frozen=True, slots=True)
class LedgerPaths:
    """Where the parts of a ledger lie in a gate folder (contracts 3)."""

    root: Path
    heads_outside: Path | None = None

    @property
    def keys(self) -> Path:
        """The gate's own keys."""
        return self.root / "keys"

    @property
    def earlier_vkey(self) -> Path:
        """The verifier key before, while an overlap lasts."""
        return self.root / "log.earlier.vkey"

    @property
    def log_key(self) -> Path:
        """The log's private key."""
        return self.keys / "log.key"

    @property
    def second_key(self) -> Path:
        """The log's second private key, of the kind that federal modules validate (P-256)."""
        return self.keys / "log-p256.key"

    @property
    def second_vkey(self) -> Path:
        """The verifier key of the second line."""
        return self.root / "log-p256.vkey"

    @property
    def salt_key(self) -> Path:
        """The key from which salts, job names and orders are drawn."""
        return self.keys / "salt.key"

    @property
    def heads(self) -> Path:
        """The store of signed heads: where the gate was told to keep it, else beside the keys."""
        return self.heads_outside or self.keys / "heads.sqlite"

    @property
    def vkey(self) -> Path:
        """The public verifier key."""
        return self.root / "log.vkey"

    @property
    def policy(self) -> Path:
        """The witness policy; without the file no witness is asked."""
        return self.root / "witness.policy"

    @property
    def log(self) -> Path:
        """The public folder."""
        return self.root / "ledger"


class LogFolder:
    """The folder that anybody may read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._flushed: set[Path] = set()  # files, and folders by their names, that this process has flushed
        self._threads = ThreadPoolExecutor(_MANY, "flush")
        self._dropping: list[Future[None]] = []

    @property
    def checkpoint(self) -> Path:
        """The signed checkpoint."""
        return self.root / "checkpoint"

    def read_checkpoint(self) -> bytes | None:
        """The published checkpoint, or None before the first; Blocked where it is no file."""
        if self.checkpoint.exists() and not self.checkpoint.is_file():
            raise Blocked("STATE_EDITED", "`checkpoint` of the log's folder is no file")
        return self.checkpoint.read_bytes() if self.checkpoint.is_file() else None

    def read_tile(self, level: int, place: int, width: int) -> list[bytes]:
        """The hashes of a published tile; a missing or torn one blocks and is named."""
        path = tile_path(level, place, width)
        try:
            return split_tile((self.root / path).read_bytes(), width)
        except FileNotFoundError:
            raise Blocked("STATE_EDITED", f"`{path}` is missing") from None
        except OSError as error:
            raise TroubleError(f"`{path}` cannot be read: {error.strerror}") from None
        except VerificationFailed:
            raise Blocked("STATE_EDITED", f"`{path}` has another length") from None

    def read_edge(self, size: int) -> Edge:
        """The right edge of the published tree of `size` entries."""
        rows = [self.read_tile(*shape) if shape[2] else [] for shape in edge_shapes(size)]
        return Edge(size, rows)

    def _has(self, name: str, data: bytes) -> bool:
        path = self.root / name
        return path.is_file() and path.read_bytes() == data

    def mend(self, files: Mapping[str, bytes]) -> int:
        """Write those of these files that are missing or have other bytes; how many these were."""
        try:
            broken = {name: data for name, data in files.items() if not self._has(name, data)}
        except OSError as error:
            raise TroubleError(f"the log's files cannot be read: {type(error).__name__}") from None
        self.write(broken)
        return len(broken)

    def write(self, files: Mapping[str, bytes]) -> None:
        """Put files at their paths, read them back, and force them and their folders to disk."""
        unflushed: list[Path] = []
        try:
            for name, data in files.items():
                path = self.root / name
                # A tile of an upper level often stays as it is: writing it anew would tear what is published.
                if self._has(name, data):
                    if path not in self._flushed:  # a crash may have come before its flush
                        unflushed.append(path)
                    continue
                if not path.parent.is_dir():  # of 256 files the first
                    path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                if path.read_bytes() != data:
                    raise TroubleError(f"`{name}` does not read back as it was written", retry=False)
                unflushed.append(path)
            self._flush(unflushed)
        except OSError as error:
            raise TroubleError(f"the log's files cannot be written: {type(error).__name__}") from None

    def _flush(self, paths: list[Path]) -> None:
        """Force files to disk with their names, and the names of those folders that may be new."""
        own = {path.parent for path in paths}
        new = {each for folder in own for each in (folder, *folder.parents) if each not in self._flushed}
        new = {each for each in new if each != self.root and each.is_relative_to(self.root)}
        folders = own | {each.parent for each in new}
        if len(paths) < _MANY or not _flush_file_system(self.root):
            # At once, the file system forces them to disk together; one after the other each waits its turn.
            list(self._threads.map(flush_file, (*paths, *folders)))
        self._flushed |= {*paths, *new}

    def write_checkpoint(self, note: bytes) -> None:
        """Replace the checkpoint, whole or not at all."""
        try:
            write_durably(self.checkpoint, note)
        except OSError as error:
            raise TroubleError(f"the checkpoint cannot be written: {type(error).__name__}") from None

    def drop_partials(self, full: Sequence[str]) -> None:
        """Begin to delete the partial tiles and bundles whose full ones are published."""
        folders = (self.root / f"{name}.p" for name in full)
        self._dropping = [self._threads.submit(shutil.rmtree, each, ignore_errors=True) for each in folders]

    def settle(self) -> None:
        """Return once they are deleted."""
        wait(self._dropping)

    def close(self) -> None:
        """Return once nothing is written or deleted here any more."""
        self._threads.shutdown()


def _flush_file_system(folder: Path) -> bool:
    """True when everything written to the folder's file system is on disk; false where unsupported."""
    flush = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if flush is None:
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if flush(descriptor) != 0:
            raise OSError(ctypes.get_errno(), "the file system cannot be flushed")
    finally:
        os.close(descriptor)
    return True


def tile_files(tiles: list[Tile]) -> dict[str, bytes]:
    """The files of these tiles."""
    return {tile_path(each.level, each.place, len(each.hashes)): b"".join(each.hashes) for each in tiles}


def told_mended(files: int) -> str:
    """What is told of files that were written again; empty for none."""
    if not files:
        return ""
    return (
        f"{files:,} files of the log's folder were missing or changed; they are written again from the "
        "database, which leads to the signed root: a copy that was made meanwhile is made anew"
    )
