"""The code that an index is made by, as one digest.

Folding, key texts and the reading of addresses are the same for a request and for a record only where both
went through the same code. An index of other code would find fewer people and show no error, so it is refused
when it is opened, and built anew.
"""

import hashlib
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib import resources
from typing import Final

# Of each folder the modules that have a part in an index; a test holds them against what is imported.
MODULES: Final = (
    "folding.py", "model.py", "facts/address*.py", "facts/day.py", "facts/reading.py", "facts/remembered.py",
    "matching/keys.py", "matching/names.py", "records/*.py",
)  # fmt: skip


@lru_cache(maxsize=1)
def code_digest() -> str:
    """The SHA-256 over every module that an index is made by."""
    root = resources.files("solely")
    names = [each.name for each in root.iterdir()]
    for folder in {each.split("/")[0] for each in MODULES if "/" in each}:
        names += [f"{folder}/{each.name}" for each in (root / folder).iterdir()]
    made = {each: hashlib.sha256((root / each).read_bytes()).hexdigest() for each in names if is_part(each)}
    return hashlib.sha256(repr(sorted(made.items())).encode()).hexdigest()


def is_part(name: str) -> bool:
    """True when the module of that name below the package has a part in an index."""
    return any(fnmatchcase(name, each) for each in MODULES)
