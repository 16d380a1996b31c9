"""The files of the log's private key: the present one, the next while it is made, the earlier in an overlap.

- A rename is the one moment of change; before it and after it the gate opens with a whole set of keys.
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from solely.errors import Blocked
from solely.ledger.note import VerifierKey
from solely.store.files import PRIVATE, flush_folder, settle, write_durably
from solely.store.ledger_keys import pem, read_private

EARLIER_BACK = "the log's earlier key was there though its overlap has ended; it is destroyed"
PRESENT, NEXT, EARLIER = "log.key", "log.next.key", "log.earlier.key"


def alone_event(vkey: VerifierKey) -> str:
    """The key of the event by which a log's key signs alone: the overlap before it has ended."""
    return f"log-key-alone/{vkey.key_hash.hex()}"


def new_log_key() -> bytes:
    """A new log key, as its file holds it."""
    return pem(Ed25519PrivateKey.generate())


def _read(path: Path) -> Ed25519PrivateKey:
    key = read_private(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise Blocked("STATE_EDITED", f"`{path.name}` is no Ed25519 key")
    return key


def read_keys(folder: Path) -> tuple[Ed25519PrivateKey, Ed25519PrivateKey | None]:
    """The present log key, and the earlier one while an overlap lasts."""
    present = _read(folder / PRESENT)
    if not (folder / EARLIER).exists():
        return present, None
    earlier = _read(folder / EARLIER)
    # A rotation that broke off before the keys changed places has kept the present one as the earlier.
    return present, None if pem(earlier) == pem(present) else earlier


def prepare_next(folder: Path) -> Ed25519PrivateKey:
    """The next log key, made where there is none."""
    if not (folder / NEXT).exists():
        write_durably(folder / NEXT, new_log_key(), mode=PRIVATE)
    return _read(folder / NEXT)


def keep_earlier(folder: Path, key: Ed25519PrivateKey) -> None:
    """Keep the present key beside the next."""
    write_durably(folder / EARLIER, pem(key), mode=PRIVATE)


def take_next(folder: Path) -> None:
    """Put the next key in the place of the present one."""
    settle(folder / NEXT, folder / PRESENT)


def drop_earlier(folder: Path) -> None:
    """Overwrite and remove the earlier key."""
    path = folder / EARLIER
    if path.exists():
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        flush_folder(folder)
