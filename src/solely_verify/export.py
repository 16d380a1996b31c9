"""What was handed out of a log, checked offline: an export of a range, or a sample that an overseer drew.

- Range: the lines are the entries from one index to the end of the signed tree; with the roots over what is
  before, all of them give the signed root. Sample: the lines are what the draw comes to, each with its path.
- Every opened group gives the commitment in its entry; every group that stays closed has a reason.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from solely_verify.entries import TYPES, read_entry
from solely_verify.note import Head, LogKey, from_base64, read_checkpoint
from solely_verify.policy import Policy, require_quorum
from solely_verify.refusal import Findings, Refusal
from solely_verify.tree import WIDTH, fold, hash_leaf, require_path

FORMAT = "solely/export/1"
_HEADER_MAX, _LINE_MAX, _PATH_MAX = 1 << 20, 1 << 20, 63
_WORDS = 1 << 64
_ABSENT = bytes(32)


def verify_export(
    folder: Path, key: LogKey, policy: Policy | None = None, drawn_by: tuple[bytes, str] | None = None
) -> dict[str, Any]:
    """The report on a folder: of a range, or of the sample that `drawn_by` (checkpoint, nonce) draws."""
    findings = Findings()
    report: dict[str, Any] = dict.fromkeys(("size", "root", "cosigned"))
    try:
        note = _read(folder / "checkpoint", 1 << 16) if drawn_by is None else drawn_by[0]
        head = read_checkpoint(note, key)
        cosigned = None if policy is None else require_quorum(note, key, policy)
        report |= {"size": head.size, "root": head.root_text, "cosigned": cosigned}
        header = _header(folder, "range" if drawn_by is None else "sample")
        check = _Groups(findings)
        if drawn_by is None:
            _check_range(folder, header, head, check)
        else:
            _check_sample(folder, header, head, (drawn_by, check))
        check.require_index(header)
        report |= {"lines": check.lines, "opened": dict(sorted(check.opened.items()))}
    except Refusal as refusal:
        findings.add(str(refusal))
    lines = findings.listed()
    return {"ok": not lines, **report, "findings": lines}


def _read(path: Path, limit: int) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise Refusal(f"{path.name}: no such file")
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise Refusal(f"{path.name}: longer than {limit} bytes")
    return data


def _object(data: bytes, place: str) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Refusal(f"{place}: no JSON object")
    return value


def _header(folder: Path, kind: str) -> dict[str, Any]:
    header = _object(_read(folder / "export.json", _HEADER_MAX), "export.json")
    if header.get("format") != FORMAT or header.get("kind") != kind:
        raise Refusal(f"export.json: not a {kind} of format {FORMAT}")
    return header


def _lines(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The place and the object of each line."""
    path = folder / "leaves.jsonl"
    if path.is_symlink() or not path.is_file():
        raise Refusal("leaves.jsonl: no such file")
    with path.open("rb") as file:
        number = 0
        while data := file.readline(_LINE_MAX + 1):
            number += 1
            place = f"leaves.jsonl line {number}"
            if len(data) > _LINE_MAX:
                raise Refusal(f"{place}: longer than {_LINE_MAX} bytes")
            yield place, _object(data, place)


def _bytes(value: object, place: str, length: int | None = None) -> bytes:
    data = from_base64(value, length) if isinstance(value, str) else None
    if data is None:
        raise Refusal(f"{place}: no base64" + ("" if length is None else f" of {length} bytes"))
    return data


def _whole(header: Mapping[str, Any], name: str, limit: int) -> int:
    value = header.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= limit:
        raise Refusal(f"export.json `{name}`: no number up to {limit}")
    return value


# -- a range --------------------------------------------------------------------------------------------


def _check_range(folder: Path, header: Mapping[str, Any], head: Head, check: "_Groups") -> None:
    first = _whole(header, "first", head.size - 1)
    levels = [level for level in range(first.bit_length() - 1, -1, -1) if first >> level & 1]
    before = header.get("before")
    if not isinstance(before, list) or len(before) != len(levels):
        raise Refusal("export.json `before`: not the roots over what is before the first entry")
    roots = [_bytes(each, "export.json `before`", 32) for each in before]
    stack = list(zip(levels, roots, strict=True))
    wanted, sound, leaves = first, first, list[bytes]()
    for place, line in _lines(folder):
        index = line.get("index")
        if index != wanted:
            raise Refusal(f"{place}: entry {wanted} is missing, or not in its place")
        entry = _bytes(line.get("entry"), place)
        leaves.append(hash_leaf(entry))
        _push(stack, leaves[-1])
        check.add(f"entry {index}", entry, line)
        wanted += 1
        if wanted % WIDTH == 0:
            if len(leaves) == WIDTH and _bytes(line.get("bundle"), place, 32) != fold(leaves):
                raise Refusal(f"entries {sound} to {index}: one of them is not that of the signed tree")
            sound, leaves = wanted, []
    if wanted != head.size:
        raise Refusal(f"leaves.jsonl: entry {wanted} is missing; the signed tree has {head.size}")
    if _root(stack) != head.root:
        since = first if sound == wanted else sound  # whole bundles are as the lines say; the rest is not
        raise Refusal(f"entries {since} to {wanted - 1}: one of them is not that of the signed tree")


def _push(stack: list[tuple[int, bytes]], leaf: bytes) -> None:
    """Take one leaf into the roots of the perfect subtrees so far."""
    level, node = 0, leaf
    while stack and stack[-1][0] == level:
        node = hashlib.sha256(b"\1" + stack.pop()[1] + node).digest()
        level += 1
    stack.append((level, node))


def _root(stack: list[tuple[int, bytes]]) -> bytes:
    root = stack[-1][1]
    for _, left in reversed(stack[:-1]):
        root = hashlib.sha256(b"\1" + left + root).digest()
    return root


# -- a sample -------------------------------------------------------------------------------------------


def _check_sample(
    folder: Path, header: Mapping[str, Any], head: Head, drawn: tuple[tuple[bytes, str], "_Groups"]
) -> None:
    (note, nonce), check = drawn
    count, found = _whole(header, "count", 1 << 20), 0
    order = draw(seed_of(note, nonce), head.size)
    for place, line in _lines(folder):
        wanted = next(order, None) if found < count else None
        if wanted is None:
            raise Refusal(f"{place}: the draw has ended before this line")
        if line.get("index") != wanted:
            raise Refusal(f"{place}: the draw comes to entry {wanted}, and this line is another")
        entry, path = _bytes(line.get("entry"), place), line.get("path")
        if not isinstance(path, list) or len(path) > _PATH_MAX:
            raise Refusal(f"{place}: no path")
        hashes = [_bytes(each, place, 32) for each in path]
        try:
            require_path(hash_leaf(entry), wanted, head.size, hashes, head.root)
        except Refusal:
            raise Refusal(f"{place}: entry {wanted} is not that of the signed tree") from None
        fields = check.add(f"entry {wanted}", entry, line)
        found += fields is not None and TYPES[fields[2]] == "decision" and len(fields[6]) == 1
    missing = next(order, None) if found < count else None
    if missing is not None:
        raise Refusal(f"leaves.jsonl: the draw comes to entry {missing} next, and it is missing")


def seed_of(checkpoint: bytes, nonce: str) -> bytes:
    """The seed that a checkpoint file and an overseer's nonce give."""
    return hashlib.sha256(b"solely/sample/v1" + hashlib.sha256(checkpoint).digest() + nonce.encode()).digest()


def draw(seed: bytes, size: int) -> Iterator[int]:
    """The indexes below `size` in the order of the draw: a shuffle that remembers what it has moved."""
    moved: dict[int, int] = {}
    counter = 0
    for at in range(size):
        left = size - at
        word = _WORDS
        while word >= _WORDS - _WORDS % left:
            word = int.from_bytes(hashlib.sha256(seed + counter.to_bytes(8, "big")).digest()[:8], "big")
            counter += 1
        place = at + word % left
        yield moved.get(place, place)
        moved[place] = moved.get(at, at)


# -- the groups of a line -------------------------------------------------------------------------------


class _Groups:
    """Holds the groups of each line against its entry, and counts what is opened and what is withheld."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self.lines = 0
        self.opened: Counter[str] = Counter()
        self._withheld: Counter[tuple[str, str]] = Counter()

    def add(self, place: str, data: bytes, line: Mapping[str, Any]) -> Mapping[int, Any] | None:
        """The keys of an entry whose groups were held against it; what does not hold is a finding."""
        self.lines += 1
        try:
            fields = read_entry(data)
            self._require_groups(fields, line)
        except Refusal as refusal:
            self._findings.add(f"{place}: {refusal}")
            return None
        return fields

    def _require_groups(self, fields: Mapping[int, Any], line: Mapping[str, Any]) -> None:
        groups, withheld = line.get("groups"), line.get("withheld")
        if not isinstance(groups, dict) or not isinstance(withheld, dict) or set(groups) - set("ABCDR"):
            raise Refusal("no groups, or no index of what is withheld")
        found = {group: self._commitment(group, each) for group, each in groups.items()}
        request = found.pop("R", None)
        if request is not None and request != fields.get(5):
            raise Refusal("group R: its content and salt do not give key 5")
        body = hashlib.sha256(b"solely/body/v1" + b"".join(found.get(each, _ABSENT) for each in "ABCD"))
        if found and body.digest() != fields[7]:
            raise Refusal(f"groups {', '.join(sorted(found))}: they do not give the body of the entry")
        opened = {group for group, each in groups.items() if "content" in each}
        if not all(isinstance(why, str) for why in withheld.values()) or opened & set(withheld):
            raise Refusal("a group is opened and withheld, or withheld without a reason")
        if set(groups) - opened - set(withheld):
            raise Refusal("a group is closed without a reason")
        self.opened.update(opened)
        self._withheld.update(withheld.items())

    @staticmethod
    def _commitment(group: str, shown: object) -> bytes:
        if not isinstance(shown, dict):
            raise Refusal(f"group {group}: neither opened nor a commitment")
        if set(shown) == {"commitment"} and group != "R":
            return _bytes(shown["commitment"], f"group {group}", 32)
        if set(shown) != {"content", "salt"} or not isinstance(shown["content"], str):
            raise Refusal(f"group {group}: neither content with its salt nor a commitment")
        salt = _bytes(shown["salt"], f"group {group}: its salt", 32)
        content = shown["content"].encode("utf-8", "surrogatepass")
        return hashlib.sha256(b"solely/commit/v1" + group.encode() + salt + content).digest()

    def require_index(self, header: Mapping[str, Any]) -> None:
        """Return when the index of what is withheld, with its reasons, is that of the lines; else Refusal."""
        index: dict[str, dict[str, int]] = {}
        for (group, why), number in self._withheld.items():
            index.setdefault(group, {})[why] = number
        if header.get("withheld") != index or header.get("entries") != self.lines:
            raise Refusal("export.json: its index of what is withheld is not that of the lines")
        reasons = header.get("reasons")
        if not isinstance(reasons, dict) or {why for _, why in self._withheld} - set(reasons):
            raise Refusal("export.json: a reason of its index has no words")
