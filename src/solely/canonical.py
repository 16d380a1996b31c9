"""One value, one encoding: canonical JSON (RFC 8785) and digests.

- Only objects, arrays, strings, integers, booleans and null; a float has no place in evidence and is refused.
- What strangers send is read as strictly (RFC 7493): each key once, texts of Unicode, numbers within range.
- Digests are lower-case hexadecimal SHA-256.
"""

import hashlib
import json
import math
from collections.abc import Sequence
from typing import Any

_SAFE_INTEGER = 2**53 - 1  # RFC 8785 rests on IEEE doubles: a larger integer has no single encoding

_UNSORTED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SORTED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _checked(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > _SAFE_INTEGER:
            raise ValueError("an integer beyond 2^53 has no canonical JSON form")
        return value
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("canonical JSON keys are strings")
        # RFC 8785 sorts keys by UTF-16 code units, which differs from code points beyond the BMP.
        return {key: _checked(value[key]) for key in sorted(value, key=lambda k: k.encode("utf-16-be"))}
    if isinstance(value, list | tuple):
        return [_checked(each) for each in value]
    raise ValueError(f"canonical JSON has no {type(value).__name__}")


def _is_plain(value: Any) -> bool:
    """True when the encoder alone gives the canonical form: the usual types, and keys in ASCII."""
    pending = [value]
    for each in pending:  # grows while it is read
        kind = type(each)
        if kind is str or kind is bool or each is None:
            continue
        if kind is dict:
            if not all(type(key) is str and key.isascii() for key in each):
                return False
            pending.extend(each.values())
        elif kind is list or kind is tuple:
            pending.extend(each)
        elif kind is not int or not -_SAFE_INTEGER <= each <= _SAFE_INTEGER:
            return False
    return True


def canonical_json(value: Any) -> bytes:
    """The one RFC 8785 encoding of `value`, as UTF-8 bytes; raises ValueError for floats and other types."""
    if _is_plain(value):
        return _SORTED.encode(value).encode()
    return _UNSORTED.encode(_checked(value)).encode()


def read_object(data: bytes) -> dict[str, Any]:
    """The JSON object in `data`, as RFC 7493 has it; ValueError, without a word of it, for anything else.

    Refused are a key that stands twice, an integer beyond 2^53, a number that is not finite and a text with
    half of a surrogate pair: later steps could neither encode nor compare them.
    """
    try:
        words = _STRICT.decode(data.decode())
        if b"\\u" in data:  # only an escape can write half of a pair: in UTF-8 itself it is refused
            _UNSORTED.encode(words).encode()
    except (ValueError, RecursionError):
        words = None
    if not isinstance(words, dict):
        raise ValueError("no JSON object in UTF-8 with each key once and numbers within range")
    return words


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    words = dict(pairs)
    if len(words) != len(pairs):
        raise ValueError("a key stands twice")
    return words


def _integer(text: str) -> int:
    number = int(text)
    if abs(number) > _SAFE_INTEGER:
        raise ValueError("an integer beyond 2^53")
    return number


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number that is not finite")
    return number


_STRICT = json.JSONDecoder(
    object_pairs_hook=_each_once, parse_int=_integer, parse_float=_finite, parse_constant=_finite
)


def is_whole_text(text: str) -> bool:
    """True for a text without halves of a character, as JSON can write them and UTF-8 cannot."""
    return not any("\ud800" <= each <= "\udfff" for each in text)


def sha256_hex(data: bytes) -> str:
    """The lower-case hexadecimal SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()
