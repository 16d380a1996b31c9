"""Deterministic CBOR (RFC 8949 section 4.2.1) for the few shapes that a ledger entry has.

- Unsigned integers, byte strings, arrays, and maps whose keys are unsigned integers in ascending order.
- One value has one encoding: the reader refuses a longer form, an unordered or repeated key, any other
  type, and bytes left over, so that an entry cannot be written in two ways (R-56).
"""

from collections.abc import Mapping
from typing import TypeAlias

from solely.errors import VerificationFailed

Value: TypeAlias = "int | bytes | list[Value] | tuple[Value, ...] | Mapping[int, Value]"

_UNSIGNED, _BYTES, _ARRAY, _MAP = 0, 2, 4, 5
_DEPTH_MAX = 4
_SHORT = [[bytes((major << 5 | number,)) for number in range(24)] for major in range(8)]
_LONGER_FROM = (24, 1 << 8, 1 << 16, 1 << 32)  # the least number that needs 1, 2, 4, 8 bytes behind its head


def head(major: int, number: int) -> bytes:
    """The shortest head of major type `major` with argument `number`."""
    if 0 <= number < 24:
        return _SHORT[major][number]
    for code, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * width:
            return bytes((major << 5 | code,)) + number.to_bytes(width, "big")
    raise ValueError("an integer beyond 64 bits has no place in an entry")


def encode(value: Value) -> bytes:
    """The one encoding of `value`; map keys are written in ascending order."""
    if isinstance(value, int):
        return head(_UNSIGNED, value)
    if isinstance(value, bytes):
        return head(_BYTES, len(value)) + value
    if isinstance(value, list | tuple):
        return head(_ARRAY, len(value)) + b"".join([encode(each) for each in value])
    parts = [head(_UNSIGNED, key) + encode(value[key]) for key in sorted(value)]
    return head(_MAP, len(value)) + b"".join(parts)


def decode(data: bytes) -> Value:
    """The value that `data` is the one encoding of; raises VerificationFailed for anything else."""
    value, end = read_at(data, 0)
    if end != len(data):
        raise VerificationFailed("an entry has bytes after its end")
    return value


def read_at(data: bytes, at: int) -> tuple[Value, int]:
    """The value whose one encoding stands at a place of `data`, and where it ends."""
    return _read(data, at, 0)


def _read_head(data: bytes, at: int) -> tuple[int, int, int]:
    if at >= len(data):
        raise VerificationFailed("an entry ends too early")
    major, code = data[at] >> 5, data[at] & 31
    if code < 24:
        return major, code, at + 1
    if code > 27:
        raise VerificationFailed("an entry holds a length of a kind that is not deterministic")
    end = at + 1 + (1 << (code - 24))
    number = int.from_bytes(data[at + 1 : end], "big")
    if end > len(data) or number < _LONGER_FROM[code - 24]:
        raise VerificationFailed("an entry holds an integer that is not in its shortest form")
    return major, number, end


def _read(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    major, number, at = _read_head(data, at)
    if major == _UNSIGNED:
        return number, at
    # A count above the bytes that are left is refused before anything is allocated for it.
    if number > len(data) - at or depth > _DEPTH_MAX:
        raise VerificationFailed("an entry ends too early")
    if major == _BYTES:
        return data[at : at + number], at + number
    if major == _ARRAY:
        items: list[Value] = []
        for _ in range(number):
            item, at = _read(data, at, depth + 1)
            items.append(item)
        return items, at
    if major == _MAP:
        return _read_map(data, at, number, depth)
    raise VerificationFailed("an entry holds a CBOR type that entries do not have")


def _read_map(data: bytes, at: int, count: int, depth: int) -> tuple[Value, int]:
    pairs: dict[int, Value] = {}
    last = -1
    for _ in range(count):
        major, key, at = _read_head(data, at)
        if major != _UNSIGNED or key <= last:
            raise VerificationFailed("an entry's keys are not in ascending order")
        pairs[key], at = _read(data, at, depth + 1)
        last = key
    return pairs, at
