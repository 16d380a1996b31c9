"""The two epoch keys that subject tags grow from, in a file of their own (ledger.md 3.3).

- A `keyset` entry commits to the digest of each, so that a replaced key stops the gate.
- They are permanent, as the accounting is: without them nobody could ask any more.
"""

import os
import re
from pathlib import Path

from solely.canonical import canonical_json, sha256_hex
from solely.errors import Blocked
from solely.ledger.subject import KEY_BYTES, EpochKeys
from solely.store.files import PRIVATE, write_durably

FORMAT = "solely/subject-epoch/1"
_TEXT = re.compile(rf"{FORMAT}\nopen ([0-9a-f]{{64}})\nsealed ([0-9a-f]{{64}})\n")


def subject_keys_path(keys: Path) -> Path:
    """Where the gate keeps them, below its folder of keys."""
    return keys / "subjects.key"


def create_subject_keys(path: Path) -> None:
    """Make the two keys by chance; those that are there stay."""
    if path.exists():
        return
    pair = (os.urandom(KEY_BYTES).hex(), os.urandom(KEY_BYTES).hex())
    write_durably(path, f"{FORMAT}\nopen {pair[0]}\nsealed {pair[1]}\n".encode(), mode=PRIVATE)


def read_subject_keys(path: Path) -> EpochKeys:
    """The two keys; Blocked when the file is missing or is no such file."""
    try:
        found = _TEXT.fullmatch(path.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError):
        found = None
    if found is None or found[1] == found[2]:
        raise Blocked("STATE_EDITED", f"`{path.name}` is missing or cannot be read; `solely init` adds it")
    return EpochKeys(bytes.fromhex(found[1]), bytes.fromhex(found[2]))


def subject_keys_digest(keys: EpochKeys) -> str:
    """What the keyset entry commits to: the digests of both keys, which say nothing of 256 random bits."""
    return sha256_hex(canonical_json({"open": sha256_hex(keys.open), "sealed": sha256_hex(keys.sealed)}))
