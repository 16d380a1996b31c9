"""The index on disk: which files, under which digests, as of which day (docs/formats/index.md).

- `index.json` names one folder of data files and is replaced last and whole, so a reader sees the old index
  or the new one. What a crash leaves is the old index and a folder that the next build removes.
- Every file's SHA-256 is checked when an index is opened: an edited one stops the gate (R-82).
- So does one that other code has made: its keys would not be those that requests are searched with.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from solely.canonical import canonical_json, sha256_hex
from solely.errors import Blocked
from solely.records.code import code_digest
from solely.store.engine import quoted_path
from solely.store.files import write_durably
from solely.store.known_files import digest_of

FORMAT = "solely/index/3"
MANIFEST = "index.json"
INDEX_FILES = (
    "keys.hash", "keys.ordinal", "people.jsonl", "people.start", "names.csv", "streets.csv",
)  # fmt: skip
NAME_LIST = "real_names.txt"
OTHER_CODE = (
    "the index of the records was made by another build of the gate and would miss people; "
    "build it whole: `solely init GATE --records FILE --as-of DAY`"
)


@dataclass(frozen=True, slots=True)
class Index:
    """An opened index: its folder of files, day, counts and digest; `made_with` names tables and build."""

    folder: Path
    as_of: date
    is_synthetic: bool
    counts: Mapping[str, int]
    made_with: str
    digest: str

    def path(self, name: str) -> str:
        """The data file `name` as text for SQL, quotes doubled."""
        return quoted_path(self.folder / name)


def publish(target: Path, folder: Path, manifest: Mapping[str, Any]) -> str:
    """Make `folder` the index of `target` in one step; the digest of the manifest comes back."""
    data = canonical_json({**manifest, "code": code_digest(), "folder": folder.name})
    write_durably(target / MANIFEST, data)
    # From here the new index stands; what is removed now nothing reads.
    for each in target.iterdir():
        if each.is_dir() and each != folder:
            shutil.rmtree(each)
    return sha256_hex(data)


def open_index(target: Path) -> Index:
    """The index of `target`, held to its digests and this build's code; raises Blocked where one differs."""
    try:
        data = (target / MANIFEST).read_bytes()
        manifest = json.loads(data)
    except (OSError, ValueError):
        raise Blocked("STATE_EDITED", "the index of the records is missing or cannot be read") from None
    if manifest.get("format") != FORMAT:
        raise Blocked("STATE_EDITED", f"the index of the records has another format than `{FORMAT}`")
    if manifest.get("code") != code_digest():
        raise Blocked("STATE_EDITED", OTHER_CODE)
    folder = target / manifest["folder"]
    for name in INDEX_FILES:
        path = folder / name
        if not path.is_file() or digest_of(path) != manifest["files"].get(name):
            raise Blocked("STATE_EDITED", f"`{name}` of the records' index differs from its digest")
    return Index(
        folder,
        date.fromisoformat(manifest["as_of"]),
        manifest["synthetic"],
        manifest["counts"],
        manifest["made_with"],
        sha256_hex(data),
    )


def _name_list() -> bytes:
    return (resources.files("solely") / "inputs" / NAME_LIST).read_bytes()


@lru_cache(maxsize=1)
def shipped_names() -> frozenset[str]:
    """The shipped list of names that people bear."""
    lines = _name_list().decode().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


class SortedHashes:
    """A set of 64-bit hashes in one sorted array: eight bytes each, where a set of integers takes seventy."""

    def __init__(self, values: "np.ndarray[Any, np.dtype[np.int64]]") -> None:
        self._values = np.sort(values.astype(np.int64, copy=False))

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, int):
            return False
        place = int(np.searchsorted(self._values, np.int64(value)))
        return place < len(self._values) and int(self._values[place]) == value

    def __len__(self) -> int:
        return len(self._values)
