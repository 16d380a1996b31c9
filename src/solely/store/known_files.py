"""Digests of files that are read once, and again only when somebody has touched the file."""

import hashlib
import time
from pathlib import Path
from typing import NamedTuple

SETTLED_NS = 2_000_000_000  # a file that was changed so shortly before may be changed again within one tick


class _Touched(NamedTuple):
    """What every change of a file moves: no program sets `changed_ns`, the system does."""

    device: int
    inode: int
    size: int
    written_ns: int
    changed_ns: int


class KnownFiles:
    """The SHA-256 of files as this process has read them."""

    def __init__(self, settled_ns: int = SETTLED_NS) -> None:
        self._settled_ns = settled_ns
        self._known: dict[Path, tuple[_Touched, str]] = {}

    def digest(self, path: Path) -> str:
        """The digest of a file, read unless it is as it was when it was read last; OSError as reading has."""
        touched = _touched(path)
        known = self._known.get(path)
        if known is not None and known[0] == touched:
            return known[1]
        begun = time.time_ns()
        digest = digest_of(path)
        if begun - touched.changed_ns > self._settled_ns and _touched(path) == touched:
            self._known[path] = touched, digest
        return digest


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, read now, in constant memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _touched(path: Path) -> _Touched:
    found = path.stat()
    return _Touched(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
