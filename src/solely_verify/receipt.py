"""A receipt (C2SP tlog-proof), checked offline: this entry stands at this index under that signed root."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from solely_verify.entries import TYPES, read_entry
from solely_verify.note import Head, LogKey, from_base64, read_checkpoint
from solely_verify.policy import Policy, require_quorum
from solely_verify.refusal import Refusal
from solely_verify.tree import hash_leaf, require_path

_BYTES_MAX = 1 << 18
_PATH_MAX = 63


class Proved(NamedTuple):
    """An entry that stands in a signed tree: its index and its keys; and who cosigned the tree."""

    head: Head
    entry_index: int
    entry: Mapping[int, Any]
    cosigned: Mapping[str, int] | None

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        shown = {"index": self.entry_index, "type": TYPES[self.entry[2]], "time": self.entry[3]}
        return {
            "ok": True,
            "size": self.head.size,
            "root": self.head.root_text,
            "entry": shown,
            "cosigned": None if self.cosigned is None else dict(self.cosigned),
            "findings": [],
        }


def verify_release(package: Path, receipt: Path, key: LogKey, policy: Policy | None = None) -> Proved:
    """The release's entry, when it is this package that it released; else Refusal."""
    proved = verify_receipt(receipt, key, policy)
    if TYPES[proved.entry[2]] != "release":
        raise Refusal(f"receipt: entry {proved.entry_index} is no release")
    if not package.is_file():
        raise Refusal("package: no such file")
    with package.open("rb") as file:
        digest = hashlib.file_digest(file, "sha384").digest()
    if proved.entry[13][: len(digest)] != digest:
        raise Refusal(f"package: not the one that entry {proved.entry_index} released")
    return proved


def verify_receipt(path: Path, key: LogKey, policy: Policy | None = None) -> Proved:
    """What the receipt proves; Refusal when it proves nothing."""
    if not path.is_file():
        raise Refusal("receipt: no such file")
    with path.open("rb") as file:
        data = file.read(_BYTES_MAX + 1)
    if len(data) > _BYTES_MAX:
        raise Refusal("receipt: longer than 256 KiB")
    upper, blank, note = data.partition(b"\n\n")
    try:
        lines = upper.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Refusal("receipt: not ASCII above its checkpoint") from None
    if not blank or len(lines) < 3 or lines[0] != "c2sp.org/tlog-proof@v1":
        raise Refusal("receipt line 1: not a tlog-proof")
    entry = from_base64(lines[1].removeprefix("extra ")) if lines[1].startswith("extra ") else None
    if entry is None:
        raise Refusal("receipt line 2: no entry")
    head = read_checkpoint(note, key)
    cosigned = None if policy is None else require_quorum(note, key, policy)
    index = _index(lines[2], head.size)
    hashes = [from_base64(each, 32) for each in lines[3:]]
    if None in hashes or len(hashes) > _PATH_MAX:
        raise Refusal("receipt: a line of the path is no hash")
    require_path(hash_leaf(entry), index, head.size, [each for each in hashes if each], head.root)
    fields = read_entry(entry)
    return Proved(head, index, fields, cosigned)


def _index(line: str, size: int) -> int:
    text = line.removeprefix("index ")
    is_number = line.startswith("index ") and text.isascii() and text.isdigit() and len(text) <= 15
    if not is_number or str(int(text)) != text or int(text) >= size:
        raise Refusal("receipt line 3: no index below the size")
    return int(text)
