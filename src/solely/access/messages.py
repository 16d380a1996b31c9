"""The four messages of the key access service, in protocol buffers and in JSON (formats.md 3.2).

- Written by hand: two scalar kinds and nesting are all that they need. Unknown fields are skipped, as the
  format asks; a text that is cut off, a number that does not end or invalid UTF-8 is refused.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from solely.access.refusal import INVALID, CallRefused
from solely.canonical import read_object

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_PERMIT, _FAIL = "permit", "fail"


class KeyResult(NamedTuple):
    """The answer for one key access object: a wrapped key, or an error."""

    object_id: str
    wrapped: bytes = b""
    error: str = ""
    reason: str = ""  # in `metadata`, for the entitled officer alone


class Rewrapped(NamedTuple):
    """The answer to a rewrap call; `is_first_form` also fills what the oldest clients read."""

    policy_id: str
    results: tuple[KeyResult, ...]
    session_key: str
    is_first_form: bool = False


# -- protocol buffers --------------------------------------------------------------------------------------


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        if at + place >= len(data):
            raise CallRefused("MESSAGE", INVALID)
        byte = data[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise CallRefused("MESSAGE", INVALID)


def fields(data: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Number and value of each field, in order; CallRefused where the bytes are no message."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        size, at = {_FIXED64: (8, at), _FIXED32: (4, at)}.get(kind) or _length(data, at, kind)
        if number == 0 or at + size > len(data):
            raise CallRefused("MESSAGE", INVALID)
        yield number, data[at : at + size]
        at += size


def _length(data: bytes, at: int, kind: int) -> tuple[int, int]:
    if kind != _BYTES:
        raise CallRefused("MESSAGE", INVALID)
    return _varint(data, at)


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number: int, value: bytes | str) -> bytes:
    """One text, bytes or message field; nothing for an empty one."""
    raw = value.encode() if isinstance(value, str) else value
    return _number(number << 3 | _BYTES) + _number(len(raw)) + raw if raw else b""


def text_of(data: bytes, number: int) -> str:
    """The text of a field, the last one given; empty when it is not there."""
    found = b""
    for name, value in fields(data):
        if name == number:
            if not isinstance(value, bytes):
                raise CallRefused("MESSAGE", INVALID)
            found = value
    try:
        return found.decode()
    except UnicodeDecodeError:
        raise CallRefused("MESSAGE", INVALID) from None


# -- the calls ----------------------------------------------------------------------------------------------


def read_rewrap(body: bytes, *, is_json: bool) -> str:
    """The signed request token of a rewrap call."""
    return text_of(body, 1) if not is_json else _json_text(body, "signedRequestToken")


def read_public_key(body: bytes, *, is_json: bool) -> str:
    """The algorithm that a public-key call asks for; empty when it names none."""
    return text_of(body, 1) if not is_json else _json_text(body, "algorithm")


def read_words(body: bytes) -> Mapping[str, Any]:
    """The JSON object of a call; CallRefused for anything else."""
    try:
        return read_object(body or b"{}")
    except ValueError:
        raise CallRefused("MESSAGE", INVALID) from None


def word(words: Mapping[str, Any], name: str) -> str:
    """A text that a call must have; CallRefused where it is none, empty or too long."""
    value = words.get(name, "")
    if not isinstance(value, str) or not 0 < len(value) <= 4096:
        raise CallRefused("MESSAGE", INVALID)
    return value


def _json_text(body: bytes, name: str) -> str:
    snake = "".join(f"_{each.lower()}" if each.isupper() else each for each in name)
    words = read_words(body)
    value = words.get(name, words.get(snake, ""))
    if not isinstance(value, str):
        raise CallRefused("MESSAGE", INVALID)
    return value


def write_public_key(pem: str, key_id: str, *, is_json: bool) -> bytes:
    """The answer to a public-key call."""
    if is_json:
        return json.dumps({"publicKey": pem, "kid": key_id}).encode()
    return field(1, pem) + field(2, key_id)


def write_rewrapped(answer: Rewrapped, *, is_json: bool) -> bytes:
    """The answer to a rewrap call."""
    return _rewrapped_json(answer) if is_json else _rewrapped_proto(answer)


def _first_form(answer: Rewrapped) -> bytes:
    return answer.results[0].wrapped if answer.is_first_form else b""


def _result_proto(result: KeyResult) -> bytes:
    status = _FAIL if result.error else _PERMIT
    metadata = field(1, "reason") + field(2, field(3, result.reason)) if result.reason else b""
    return (
        field(1, metadata)
        + field(2, result.object_id)
        + field(3, status)
        + field(4, result.wrapped)
        + field(5, result.error)
    )


def _rewrapped_proto(answer: Rewrapped) -> bytes:
    results = b"".join(field(2, _result_proto(each)) for each in answer.results)
    policy = field(1, answer.policy_id) + results
    return field(2, _first_form(answer)) + field(3, answer.session_key) + field(5, policy)


def _rewrapped_json(answer: Rewrapped) -> bytes:
    results = []
    for each in answer.results:
        words: dict[str, Any] = {"keyAccessObjectId": each.object_id}
        words |= {"status": _FAIL, "error": each.error} if each.error else {"status": _PERMIT}
        words |= {"kasWrappedKey": _base64(each.wrapped)} if each.wrapped else {}
        words |= {"metadata": {"reason": each.reason}} if each.reason else {}
        results.append(words)
    words = {"responses": [{"policyId": answer.policy_id, "results": results}]}
    words |= {"sessionPublicKey": answer.session_key} if answer.session_key else {}
    first = _first_form(answer)
    words |= {"entityWrappedKey": _base64(first)} if first else {}
    return json.dumps(words, separators=(",", ":")).encode()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
