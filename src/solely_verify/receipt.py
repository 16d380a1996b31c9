"""A receipt (C2SP tlog-proof), checked offline: this entry stands at this index under that signed root."""

from pathlib import Path
from typing import Any

from solely_verify.entries import TYPES, read_entry
from solely_verify.note import LogKey, from_base64, read_checkpoint
from solely_verify.refusal import Refusal
from solely_verify.tree import hash_leaf, require_path

_BYTES_MAX = 1 << 18
_PATH_MAX = 63


def verify_receipt(path: Path, key: LogKey) -> dict[str, Any]:
    """Index, type and time of the entry that the receipt proves; Refusal when it proves nothing."""
    data = path.read_bytes()[: _BYTES_MAX + 1]
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
    index = _index(lines[2], head.size)
    hashes = [from_base64(each, 32) for each in lines[3:]]
    if None in hashes or len(hashes) > _PATH_MAX:
        raise Refusal("receipt: a line of the path is no hash")
    require_path(hash_leaf(entry), index, head.size, [each for each in hashes if each], head.root)
    fields = read_entry(entry)
    shown = {"index": index, "type": TYPES[fields[2]], "time": fields[3]}
    return {"ok": True, "size": head.size, "root": head.root_text, "entry": shown, "findings": []}


def _index(line: str, size: int) -> int:
    text = line.removeprefix("index ")
    is_number = line.startswith("index ") and text.isascii() and text.isdigit() and len(text) <= 15
    if not is_number or str(int(text)) != text or int(text) >= size:
        raise Refusal("receipt line 3: no index below the size")
    return int(text)
