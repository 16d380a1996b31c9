"""What a witness keeps in its folder: its key, and of each log the checkpoint it cosigned last.

    witness.key            private key, 0600
    witness.vkey           what others put into their policies
    logs/<hash>/checkpoint the last checkpoint with our cosignature; <hash> is SHA-256 of the origin
    logs/<hash>/log/       the full copy, when one is kept
    <hash>.checkpoints     all that were, in order, an empty line after each
    alarms.jsonl           everything that was found to be wrong, a line each

- A checkpoint is on disk before its cosignature leaves.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from solely_verify.note import NOTE_MAX, WITNESS, LogKey, read_key, vkey_text
from solely_verify.refusal import Refusal

_KEY_FORM = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())

_SIZE = re.compile("[0-9]{1,15}")


def origin_hash(origin: str) -> str:
    """The name under which a log is asked for."""
    return hashlib.sha256(origin.encode()).hexdigest()


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put a file in place, whole and on disk, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    _flush(path.parent)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One program at a time in a folder; Refusal when another is at work there."""
    with path.open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refusal("another witness is at work in this folder") from None
        yield


class WitnessFolder:
    """A witness's folder, made on first use."""

    def __init__(self, root: Path, name: str) -> None:
        self.root = root
        key_file, vkey_file = root / "witness.key", root / "witness.vkey"
        if not key_file.exists():
            write_whole(key_file, Ed25519PrivateKey.generate().private_bytes(*_KEY_FORM), mode=0o600)
        try:
            key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise Refusal("witness.key: no Ed25519 private key as unencrypted PEM")
        self.private_key = key
        if not vkey_file.exists():
            write_whole(
                vkey_file, vkey_text(name, WITNESS, key.public_key().public_bytes_raw()).encode() + b"\n"
            )
        self.key: LogKey = read_key(vkey_file.read_text("utf-8", "replace"), (WITNESS,))
        if self.key.key != key.public_key().public_bytes_raw():
            raise Refusal("witness.vkey: not of this witness's key")

    def log(self, origin: str) -> Path:
        """The folder of one log."""
        return self.root / "logs" / origin_hash(origin)

    def read_checkpoint(self, origin: str) -> bytes | None:
        """The checkpoint that was cosigned last, or None."""
        path = self.log(origin) / "checkpoint"
        return path.read_bytes() if path.exists() else None

    def largest_cosigned(self, origin: str) -> int:
        """The size of the largest tree cosigned of late, by the record of all; 0 without one."""
        path = self.root / f"{origin_hash(origin)}.checkpoints"
        if not path.is_file():
            return 0
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 2 * NOTE_MAX))
            blocks = file.read().decode("utf-8", "replace").split("\n\n")
        texts = [block.lstrip("\n").split("\n") for block in blocks]
        own = [lines[1] for lines in texts if len(lines) == 3 and lines[0] == origin]
        return max((int(size) for size in own if _SIZE.fullmatch(size)), default=0)

    def keep_checkpoint(self, origin: str, note: bytes) -> None:
        """Keep a checkpoint as the last that was cosigned, and add it to all that were."""
        write_whole(self.log(origin) / "checkpoint", note)
        with (self.root / f"{origin_hash(origin)}.checkpoints").open("ab") as file:
            file.write(note + b"\n")
