"""What was handed out of a log, checked offline: an export of a range, or a sample that an overseer drew.

- Range: the lines are the entries from one index to the end of the signed tree; with the roots over what is
  before, all of them give the signed root. Sample: the lines are what the draw comes to, each with its path.
- Each group of each entry is opened, or closed with a reason (`withheld`). Of a sample, the decisions that
  count are opened: one that is not is missing (R-105).
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from solely_verify.entries import TYPES
from solely_verify.note import Head, LogKey, read_checkpoint
from solely_verify.objects import canonical, read_object
from solely_verify.policy import Policy, require_quorum
from solely_verify.refusal import Findings, Refusal
from solely_verify.tree import WIDTH, fold, hash_leaf, require_path
from solely_verify.withheld import Groups, read_bytes

FORMAT = "solely/export/1"
_HEADER_MAX, _LINE_MAX, _PATH_MAX = 1 << 20, 1 << 20, 63
_WORDS = 1 << 64
_HEADER = {"format", "kind", "scope", "opens", "entry", "entries", "opened", "withheld", "reasons"}
_OF_KIND = {"range": {"first", "before"}, "sample": {"count", "nonce"}}
_SAMPLE_SCOPE = ("auditor", "A")  # what a sample opens
_STEERABLE = "without a nonce the custodian could have signed checkpoints until one gave the draw that suits"
_MADE = 1  # the class of an `export` that was not denied
_FILES = ("checkpoint", "export.json", "leaves.jsonl")
_NAMED = 5  # other files that a note names


class Drawn(NamedTuple):
    """What an overseer asked for: its checkpoint, its nonce, and how many first decisions."""

    checkpoint: bytes
    nonce: str
    asked: int


def verify_export(
    folder: Path, key: LogKey, policy: Policy | None = None, drawn: Drawn | None = None
) -> dict[str, Any]:
    """The report on a folder: of a range, or of the sample that was `drawn`."""
    findings = Findings()
    report: dict[str, Any] = dict.fromkeys(("size", "root", "cosigned"))
    try:
        note = _read(folder / "checkpoint", 1 << 16)
        if drawn is not None and note != drawn.checkpoint:
            raise Refusal("checkpoint: the folder's is not the one that the sample was drawn from")
        head = read_checkpoint(note, key)
        cosigned = None if policy is None else require_quorum(note, key, policy)
        report |= {"size": head.size, "root": head.root_text, "cosigned": cosigned}
        header = _header(folder, "range" if drawn is None else "sample")
        check = Groups(findings, header)
        if drawn is None:
            _check_range(folder, header, head, check)
        else:
            _require_asked(header, head, drawn)
            _check_sample(folder, head, (drawn, check), findings)
            report |= {} if drawn.nonce else {"notes": [_STEERABLE]}
        check.require_index()
        report |= {"lines": check.lines, "opened": dict(sorted(check.opened.items()))}
        if others := sorted(each.name for each in folder.iterdir() if each.name not in _FILES):
            named = f"{', '.join(others[:_NAMED])}: beside the export, and not checked here"
            report["notes"] = [*report.get("notes", ()), named]
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


def _header(folder: Path, kind: str) -> dict[str, Any]:
    header = read_object(_read(folder / "export.json", _HEADER_MAX), "export.json")
    if header.get("format") != FORMAT or header.get("kind") != kind:
        raise Refusal(f"export.json: not a {kind} of format {FORMAT}")
    if set(header) != _HEADER | _OF_KIND[kind]:
        raise Refusal(f"export.json: a member is missing, or is none of a {kind}")
    return header


def _lines(folder: Path, more: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The place and the object of each line, which may have the member `more` besides those of every line."""
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
            line = read_object(data, place)
            if data != canonical(line) + b"\n":
                raise Refusal(f"{place}: not one canonical JSON object and the end of a line")
            if set(line) - {more} != {"index", "entry", "groups", "withheld"}:
                raise Refusal(f"{place}: a member is missing, or is none of a line")
            yield place, line


def _whole(header: Mapping[str, Any], name: str, limit: int) -> int:
    value = header[name]
    if type(value) is not int or not 0 <= value <= limit:
        raise Refusal(f"export.json `{name}`: no number up to {limit}")
    return value


# -- a range --------------------------------------------------------------------------------------------


def _check_range(folder: Path, header: Mapping[str, Any], head: Head, check: Groups) -> None:
    first, own, stack = _beginning(header, head)
    wanted, sound, leaves, is_made = first, first, list[bytes](), False
    for place, line in _lines(folder, "bundle"):
        if type(line["index"]) is not int or line["index"] != wanted:
            raise Refusal(f"{place}: entry {wanted} is missing, or not in its place")
        entry = read_bytes(line["entry"], place)
        leaves.append(hash_leaf(entry))
        _push(stack, leaves[-1])
        fields = check.add(f"entry {wanted}", entry, line)
        is_made = is_made or (wanted == own and fields is not None and _is_export(fields))
        wanted += 1
        is_last = wanted % WIDTH == 0
        _require_bundle(place, line, leaves if is_last else [], (sound, wanted))
        if is_last:
            sound, leaves = wanted, []
    if wanted != head.size:
        raise Refusal(f"leaves.jsonl: entry {wanted} is missing; the signed tree has {head.size}")
    if _root(stack) != head.root:
        since = first if sound == wanted else sound  # whole bundles are as the lines say; the rest is not
        raise Refusal(f"entries {since} to {wanted - 1}: one of them is not that of the signed tree")
    if not is_made:
        raise Refusal(f"export.json `entry`: entry {own} is no `export` that was made")


def _beginning(header: Mapping[str, Any], head: Head) -> tuple[int, int, list[tuple[int, bytes]]]:
    """The first entry of a range, the export's own, and the roots before it, each with its level."""
    first, own = (_whole(header, name, head.size - 1) for name in ("first", "entry"))
    if own < first:
        raise Refusal("export.json `entry`: it is before the first entry of the range")
    levels = [level for level in range(first.bit_length() - 1, -1, -1) if first >> level & 1]
    before = header["before"]
    if not isinstance(before, list) or len(before) != len(levels):
        raise Refusal("export.json `before`: not the roots over what is before the first entry")
    roots = [read_bytes(each, "export.json `before`", 32) for each in before]
    return first, own, list(zip(levels, roots, strict=True))


def _require_bundle(
    place: str, line: Mapping[str, Any], leaves: list[bytes], entries: tuple[int, int]
) -> None:
    """Return when a line shows the root of its bundle where that is whole, else none; Refusal otherwise."""
    if ("bundle" in line) != (len(leaves) == WIDTH):
        raise Refusal(f"{place}: `bundle` stands in the last line of a whole bundle, and nowhere else")
    if len(leaves) == WIDTH and read_bytes(line["bundle"], place, 32) != fold(leaves):
        since, end = entries
        raise Refusal(f"entries {since} to {end - 1}: one of them is not that of the signed tree")


def _is_export(fields: Mapping[int, Any]) -> bool:
    return TYPES[fields[2]] == "export" and fields[11] == _MADE


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


def _require_asked(header: Mapping[str, Any], head: Head, drawn: Drawn) -> None:
    """Return when the header states what was asked for; else Refusal."""
    if type(header["count"]) is not int or header["count"] != drawn.asked:
        raise Refusal(f"export.json `count`: not the {drawn.asked} that you asked for")
    if header["nonce"] != drawn.nonce:
        raise Refusal("export.json `nonce`: not the one that you gave")
    if (header["scope"], header["opens"]) != _SAMPLE_SCOPE:
        raise Refusal("export.json: a sample is of scope `auditor` and opens group A")
    if type(header["entry"]) is not int or not head.size <= header["entry"] < 1 << 48:
        raise Refusal("export.json `entry`: a sample is entered after the checkpoint that draws it")


def _check_sample(folder: Path, head: Head, drawn: tuple[Drawn, Groups], findings: Findings) -> None:
    (note, nonce, count), check = drawn
    found, order = 0, draw(seed_of(note, nonce), head.size)
    for place, line in _lines(folder, "path"):
        wanted = next(order, None) if found < count else None
        if wanted is None:
            raise Refusal(f"{place}: the draw has ended before this line")
        if type(line["index"]) is not int or line["index"] != wanted:
            raise Refusal(f"{place}: the draw comes to entry {wanted}, and this line is another")
        entry = read_bytes(line["entry"], place)
        _require_drawn(place, entry, (wanted, line.get("path")), head)
        fields = check.add(f"entry {wanted}", entry, line)
        if fields is None or TYPES[fields[2]] != "decision" or len(fields[6]) != 1:
            continue
        found += 1
        if "A" in line["withheld"]:
            findings.add(f"entry {wanted}: it was drawn, and its group A is not opened")
    missing = next(order, None) if found < count else None
    if missing is not None:
        raise Refusal(f"leaves.jsonl: the draw comes to entry {missing} next, and it is missing")


def _require_drawn(place: str, entry: bytes, placed: tuple[int, object], head: Head) -> None:
    """Return when the entry stands at its index in the signed tree, by the path of its line; else Refusal."""
    wanted, path = placed
    if not isinstance(path, list) or len(path) > _PATH_MAX:
        raise Refusal(f"{place}: no path")
    hashes = [read_bytes(each, place, 32) for each in path]
    try:
        require_path(hash_leaf(entry), wanted, head.size, hashes, head.root)
    except Refusal:
        raise Refusal(f"{place}: entry {wanted} is not that of the signed tree") from None


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
