"""Entries as `docs/formats/entry.md` describes them: an own reader, strict to the byte.

- `read_entry` is the slow, complete reader; `DECISION` recognises the common form of a first decision in
  one step, and every entry that it does not match goes the slow way.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from solely_verify.note import cut_note
from solely_verify.refusal import Refusal

TYPES = {
    1: "genesis", 2: "keyset", 3: "request", 4: "decision", 5: "release", 6: "open", 7: "open-refused",
    8: "recall", 9: "preservation", 10: "preservation-lift", 11: "destroy-intent", 12: "deleting",
    13: "destroy-cert", 14: "inquiry", 15: "export", 16: "policy", 17: "degraded", 18: "anchor",
    19: "closed", 20: "arrival", 21: "approval", 22: "stay", 23: "notice", 24: "safeguard", 25: "referral",
    26: "showing", 27: "objection", 28: "duplicate", 29: "decided",
    30: "contest", 31: "lift", 32: "incident", 33: "error", 34: "task", 35: "certificate",
    36: "acceptance", 37: "duty", 38: "correction", 39: "outcome", 40: "replay", 41: "clock",
    42: "answer", 43: "access", 44: "sign-in", 45: "sampling",
}  # fmt: skip

# key: length of its byte string, or what its integers are
_BYTE_STRINGS = {4: 32, 5: 32, 7: 32, 8: 16, 9: 16, 10: 16, 12: 32, 13: 80, 15: 16}
_NUMBERS = {2, 3, 14, 16}
_OF_VERSION_2 = {9, 10, 14}
_ALWAYS = {2, 3, 7, 8}
_ALSO = {
    "request": {4, 6, 12}, "decision": {4, 5, 6, 11, 12}, "decided": {4, 6, 11, 12}, "approval": {6, 17},
    "release": {4, 5, 6, 12, 13}, "open": {6}, "open-refused": {6}, "recall": {6}, "referral": {6},
    "duplicate": {6}, "showing": {6}, "preservation-lift": {6}, "destroy-intent": {6, 17},
    "deleting": {6}, "destroy-cert": {6},
    "policy": {12}, "contest": {6, 11, 17}, "export": {11}, "objection": {6, 17}, "answer": {6, 17},
    "incident": {11}, "error": {6, 11}, "task": {6, 11}, "replay": {11}, "clock": {6}, "lift": {6},
    "certificate": {6, 17},
    "access": {11}, "sampling": {6, 11, 17},
    "acceptance": {17}, "duty": {6, 17}, "correction": {6}, "outcome": {6, 17},
}  # fmt: skip

# word -> the classes that key 11 may hold; None: the key may be absent. Other types have no key 11.
_CLASSES: dict[str, tuple[int | None, ...]] = {
    "decision": (1, 2, 3, 4, 5), "approval": (None, 1, 2), "contest": (1, 2), "release": (None, 6),
    "showing": (None, 2), "open-refused": (None, 2), "sign-in": (None, 2, 3), "sampling": (1, 2, 3),
    "access": (1, 2), "export": (1, 2), "incident": (1, 2, 3), "task": (1, 3, 4),
}  # fmt: skip
_COUNTS = {"decided": 6, "replay": 3}
_LOG_MAX = 16_384
_BY_PROVIDER = 2  # the class of a `sign-in` that names no passkey
_ONLY_IN = {13: ("release",), 18: ("genesis", "closed")}
_ERROR_MAX = (4, 4, 8)  # severity, party, cause

_UNSIGNED = (
    rb"[\x00-\x17]|\x18[\x18-\xff]|\x19(?!\x00)..|\x1a(?!\x00\x00)....|\x1b(?!\x00\x00\x00\x00)........"
)
DECISION = re.compile(
    rb"\xac\x01\x01\x02\x04\x03\x1b(?!\x00\x00\x00\x00)(.{8})\x04\x58\x20(.{32})\x05\x58\x20.{32}"
    rb"\x06\x81(" + _UNSIGNED + rb")\x07\x58\x20.{32}\x08\x50(.{16})\x0b([\x01-\x05])\x0c\x58\x20.{32}"
    rb"\x0f\x50(.{16})\x10(" + _UNSIGNED + rb")",
    re.DOTALL,
)
"""A first decision: time, agreement, request, nonce, class, job, ordinal; the numbers still encoded."""
TAGGED = re.compile(
    rb".\x01\x02\x02\x05\x03\x1b.{8}\x04\x58\x20.{32}\x05\x58\x20.{32}\x06[\x81-\x97](?:" + _UNSIGNED + rb")+"
    rb"\x07\x58\x20.{32}\x08\x50(.{16})\x09\x50(.{16})\x0a\x50(.{16})",
    re.DOTALL,
)
"""The beginning of a release of version 2 in its common form: nonce, open tag, sealed tag."""


def read_entry(data: bytes) -> dict[int, Any]:
    """The keys of an entry; Refusal says what does not follow the format."""
    value, end = _value(data, 0, 3)
    if end != len(data):
        raise Refusal("bytes after its end")
    version = value.pop(1, None) if isinstance(value, dict) else None
    if not isinstance(value, dict) or version not in (1, 2):
        raise Refusal("not a map of version 1 or 2")
    for key, content in value.items():
        if not _fits(key, content):
            raise Refusal(f"key {key} is unknown or has the wrong form")
    word = TYPES.get(value.get(2, 0))
    if word is None:
        raise Refusal("its type is not in the table")
    missing = (_ALWAYS | _ALSO.get(word, set())) - set(value)
    if missing:
        raise Refusal(f"`{word}` lacks key {min(missing)}")
    if (15 in value) != (16 in value):
        raise Refusal("keys 15 and 16 do not stand together")
    _require_version(word, version, value)
    _require_class(word, value)
    _require_log(word, value.get(18))
    return value


def _require_log(word: str, named: bytes | None) -> None:
    """Return when what names another log is a whole checkpoint in a `genesis`, and one name in a `closed`."""
    if named is None:
        return
    if word == "genesis":
        cut_note(named)
        return
    try:
        name = named.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal("key 18 of `closed` is no name in UTF-8") from None
    if not name.isprintable() or name != name.strip():
        raise Refusal("key 18 of `closed` is no name on one line")


def _require_version(word: str, version: int, value: Mapping[int, Any]) -> None:
    """Return when the entry has the keys of its version (three more in a release of version 2, else none)
    and of its type (keys 13 and 18)."""
    tagged = _OF_VERSION_2 & set(value)
    if version == 1 and tagged:
        raise Refusal(f"key {min(tagged)} is not of version 1")
    for key, words in _ONLY_IN.items():
        if key in value and word not in words:
            raise Refusal(f"`{word}` has no key {key}")
    if version == 2 and (word != "release" or tagged != _OF_VERSION_2):
        raise Refusal("version 2 is a `release` with the keys 9, 10 and 14")


def _require_class(word: str, value: Mapping[int, Any]) -> None:
    outcome = value.get(11)
    if word in _COUNTS:
        held = isinstance(outcome, list) and len(outcome) == _COUNTS[word]
    elif word == "error":
        numbers = outcome if isinstance(outcome, list) and len(outcome) == 3 else [0, 0, 0]
        held = all(1 <= each <= last for each, last in zip(numbers, _ERROR_MAX, strict=True))
    else:
        held = outcome in _CLASSES.get(word, (None,))
    if not held:
        raise Refusal(f"key 11 holds no class of `{word}`")
    if word == "sign-in" and (6 in value) == (outcome == _BY_PROVIDER):
        raise Refusal("`sign-in` has key 6, or class 2 and no key 6")


def _fits(key: int, content: object) -> bool:
    if key in _BYTE_STRINGS:
        return isinstance(content, bytes) and len(content) == _BYTE_STRINGS[key]
    if key in _NUMBERS:
        return isinstance(content, int)
    if key == 18:
        return isinstance(content, bytes) and 0 < len(content) <= _LOG_MAX
    if key == 17:
        digests = content if isinstance(content, list) else []
        return len(digests) == 2 and all(isinstance(each, bytes) and len(each) == 32 for each in digests)
    is_numbers = isinstance(content, list) and content and all(isinstance(each, int) for each in content)
    return bool(is_numbers) if key == 6 else key == 11 and (bool(is_numbers) or isinstance(content, int))


def read_unsigned(data: bytes) -> int:
    """The integer in an encoding that `DECISION` has matched."""
    return data[0] if len(data) == 1 else int.from_bytes(data[1:], "big")


def _argument(data: bytes, at: int) -> tuple[int, int, int]:
    first = data[at] if at < len(data) else 0xFF
    short = first & 0x1F
    if short < 24:
        return first >> 5, short, at + 1
    width = {24: 1, 25: 2, 26: 4, 27: 8}.get(short, 0)
    raw = data[at + 1 : at + 1 + width]
    number = int.from_bytes(raw, "big")
    least = {1: 24, 2: 1 << 8, 4: 1 << 16, 8: 1 << 32}.get(width, 0)
    if not width or len(raw) != width or number < least:
        raise Refusal("not deterministic CBOR")
    return first >> 5, number, at + 1 + width


def _value(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    major, number, at = _argument(data, at)
    if major == 0:
        return number, at
    if depth == 0 or major not in (2, 4, 5) or number > len(data) - at:
        raise Refusal("not deterministic CBOR")
    if major == 2:
        return data[at : at + number], at + number
    items: list[Any] = []
    for _ in range(number if major == 4 else 2 * number):
        item, at = _value(data, at, depth - 1)
        items.append(item)
    if major == 4:
        return items, at
    keys = items[::2]
    if any(not isinstance(key, int) for key in keys) or any(a >= b for a, b in pairwise(keys)):
        raise Refusal("keys not in ascending order")
    return dict(zip(keys, items[1::2], strict=True)), at
