"""Durable files: a reader sees the old content or the new, whole, and never a part.

- Write beside, flush, rename over, flush the folder: what a crash leaves is the old file and perhaps a
  stray `.part`, which nothing reads.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from solely.errors import UsageError

PRIVATE = 0o600


def open_to_others(folder: Path) -> list[str]:
    """The names of files in a folder that another account than the owner's may read or write."""
    return sorted(
        each.name for each in folder.iterdir() if each.is_file() and each.stat().st_mode & ~PRIVATE & 0o777
    )


def write_durably(path: Path, data: bytes | Iterable[bytes], *, mode: int = 0o644) -> None:
    """Put `data`, whole or in pieces, at `path` so that it survives a crash the moment this returns.

    UsageError where `path` is no file.

    No file takes the place of a device or a pipe: as root that would take `/dev/null` from everybody.
    """
    if path.is_dir():
        raise UsageError(f"`{path.name or path}` is a folder; name a file in it")
    if path.exists() and not path.is_file():
        raise UsageError(f"`{path.name}` is a device or a pipe; name a file")
    path = path.resolve() if path.is_symlink() else path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    settle(part, path)


def write_many(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put many new files into `folder`; all are durable when this returns, after one flush for all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    if files:
        os.sync()
        flush_folder(folder)


def settle(part: Path, path: Path) -> None:
    """Rename a flushed `part` over `path` and flush the folder that holds it."""
    os.replace(part, path)
    flush_folder(path.parent)


def flush_file(path: Path) -> None:
    """Force a file that another library wrote to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Force a folder's entries (new names, renames) to disk."""
    flush_file(folder)
