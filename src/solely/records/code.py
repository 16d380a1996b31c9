"""The code that an index is made by, as one digest.

Folding, key texts and the reading of addresses are the same for a request and for a record only where both
went through the same code. An index of other code would find fewer people and show no error, so it is refused
when it is opened, and built anew.
"""

import hashlib
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

# Whole folders, so that a module that is added cannot be forgotten; a test holds the imports against this.
FOLDERS: Final = ("facts", "matching", "records")
MODULES: Final = ("folding.py", "model.py")


@lru_cache(maxsize=1)
def code_digest() -> str:
    """The SHA-256 over every module that an index is made by, or read by."""
    root = resources.files("solely")
    files = [root / name for name in MODULES]
    files += [each for name in FOLDERS for each in (root / name).iterdir() if each.name.endswith(".py")]
    return _digest(files)


def _digest(files: list[Traversable]) -> str:
    digests = sorted((each.name, hashlib.sha256(each.read_bytes()).hexdigest()) for each in files)
    return hashlib.sha256(repr(digests).encode()).hexdigest()
