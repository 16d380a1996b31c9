"""JSON objects from files that a stranger made: each key once, whole numbers and no others."""

import json
from collections.abc import Mapping
from typing import Any

from solely_verify.refusal import Refusal


def read_object(data: bytes, name: str) -> dict[str, Any]:
    """The object that `data` spells in UTF-8; Refusal for anything else, a key twice, NaN and 1.0."""
    try:
        words = json.loads(data.decode(), object_pairs_hook=_once, parse_float=_never, parse_constant=_never)
    except (ValueError, RecursionError):
        words = None
    if not isinstance(words, dict):
        raise Refusal(f"{name}: no JSON object, or a key that stands twice")
    return words


def canonical(words: Mapping[str, Any]) -> bytes:
    """The one spelling of an object of strings, whole numbers and lists (RFC 8785; the keys are ASCII)."""
    text = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")  # half a letter, written \\ud800, is another spelling


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _never(text: str) -> Any:
    raise ValueError(text)
