"""One value, one encoding: canonical JSON (RFC 8785) and digests.

- Only objects, arrays, strings, integers, booleans and null; a float has no place in evidence and is refused.
- Digests are lower-case hexadecimal SHA-256.
"""

import hashlib
import json
from typing import Any

_SAFE_INTEGER = 2**53 - 1  # RFC 8785 rests on IEEE doubles: a larger integer has no single encoding


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


def canonical_json(value: Any) -> bytes:
    """The one RFC 8785 encoding of `value`, as UTF-8 bytes; raises ValueError for floats and other types."""
    return json.dumps(_checked(value), ensure_ascii=False, separators=(",", ":")).encode()


def sha256_hex(data: bytes) -> str:
    """The lower-case hexadecimal SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()
