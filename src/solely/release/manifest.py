"""The manifest of a TDF 4.3.0 package: what may stand in it, and how it is read (formats.md 3.1, 3.4).

- Read tolerant, write exact: unknown keys pass, a repeated key or a wrong type does not.
- A manifest without `schemaVersion` is of the older form, whose hashes are hexadecimal text.
- Nothing here is trusted: keys, bindings and hashes are checked in `package`.
"""

import base64
import binascii
import json
from typing import Any, NamedTuple
from uuid import UUID

from solely.canonical import is_whole_text
from solely.errors import VerificationFailed

SCHEMA_VERSION = "4.3.0"
OVERHEAD_BYTES = 28  # nonce and tag around each segment
KEY_ACCESS_MAX = 64


class KeyAccess(NamedTuple):
    """One way to one share of the payload key; those with the same `split` are alternatives."""

    kind: str
    key_id: str
    split: str
    wrapped: bytes
    binding: bytes
    ephemeral: bytes


class Segment(NamedTuple):
    """One encrypted piece of the payload, with its stored bytes and the hash that it must have."""

    size: int
    stored_size: int
    hash: bytes


class Policy(NamedTuple):
    """Who may open: `text` is the base64 exactly as in the manifest, which is what bindings cover."""

    text: str
    release_id: str
    attributes: tuple[str, ...]
    officers: tuple[str, ...]


class Manifest(NamedTuple):
    """A manifest that has the right shape."""

    policy: Policy
    key_access: tuple[KeyAccess, ...]
    segment_hash: str
    segments: tuple[Segment, ...]
    root: bytes
    assertions: tuple[dict[str, Any], ...]
    is_legacy: bool
    access_url: str
    mime_type: str


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise VerificationFailed(f"the package's manifest is refused: `{what}`")


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    _require(len(found) == len(pairs), "a key stands twice")
    return found


def parse_object(data: bytes, what: str) -> dict[str, Any]:
    """The JSON object in `data`; raises VerificationFailed naming `what` for anything else."""
    try:
        value = json.loads(data.decode(), object_pairs_hook=_unrepeated)
    except (ValueError, RecursionError):
        raise VerificationFailed(f"the package's manifest is refused: `{what}` is no JSON") from None
    _require(isinstance(value, dict), what)
    return dict(value)


def decode_base64(text: str, what: str) -> bytes:
    """The bytes of canonical standard base64; raises VerificationFailed naming `what`."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise VerificationFailed(f"the package's manifest is refused: `{what}` is no base64") from None
    _require(base64.b64encode(raw).decode() == text, what)
    return raw


def _object(holder: dict[str, Any], key: str) -> dict[str, Any]:
    value = holder.get(key)
    _require(isinstance(value, dict), key)
    return dict(value or {})


def _text(holder: dict[str, Any], key: str, default: str | None = None) -> str:
    value = holder.get(key, default)
    _require(isinstance(value, str) and is_whole_text(value), key)
    return str(value)


def _size(holder: dict[str, Any], key: str) -> int:
    value = holder.get(key)
    _require(isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53, key)
    return int(value or 0)


def _objects(holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = holder.get(key)
    if value is None:
        return []
    _require(isinstance(value, list) and all(isinstance(each, dict) for each in value), key)
    return list(value)


def _unhexed(raw: bytes, what: str) -> bytes:
    try:
        found = bytes.fromhex(raw.decode())
    except ValueError:
        raise VerificationFailed(f"the package's manifest is refused: `{what}` is no hexadecimal") from None
    _require(found.hex().encode() == raw, what)
    return found


def _binding(holder: dict[str, Any]) -> bytes:
    """The raw 32 bytes of a policy binding: base64 of hexadecimal as all SDKs write it, or of the bytes."""
    value = holder.get("policyBinding")
    if isinstance(value, dict):
        _require(_text(value, "alg") == "HS256", "policyBinding")
        value = _text(value, "hash")
    _require(isinstance(value, str), "policyBinding")
    raw = decode_base64(str(value), "policyBinding")
    return raw if len(raw) == 32 else _unhexed(raw, "policyBinding")


def _key_access(holder: dict[str, Any]) -> KeyAccess:
    _require(_text(holder, "protocol") == "kas", "protocol")
    return KeyAccess(
        kind=_text(holder, "type"),
        key_id=_text(holder, "kid", ""),
        split=_text(holder, "sid", ""),
        wrapped=decode_base64(_text(holder, "wrappedKey"), "wrappedKey"),
        binding=_binding(holder),
        ephemeral=_text(holder, "ephemeralPublicKey", "").encode(),
    )


def parse_policy(text: str) -> Policy:
    """The policy in its base64 form; a list that is null or absent is empty, and empty permits nobody."""
    words = parse_object(decode_base64(text, "policy"), "policy")
    try:
        release_id = str(UUID(_text(words, "uuid")))
    except ValueError:
        raise VerificationFailed("the package's manifest is refused: `uuid` is no UUID") from None
    body = _object(words, "body")
    attributes = tuple(_text(each, "attribute") for each in _objects(body, "dataAttributes"))
    officers = body.get("dissem") or []
    _require(isinstance(officers, list) and all(isinstance(each, str) for each in officers), "dissem")
    return Policy(text, release_id, attributes, tuple(officers))


def _segments(integrity: dict[str, Any], is_legacy: bool) -> tuple[Segment, ...]:
    default = _size(integrity, "segmentSizeDefault")
    _require(_size(integrity, "encryptedSegmentSizeDefault") == default + OVERHEAD_BYTES, "segment sizes")
    found = []
    for each in _objects(integrity, "segments"):
        size, stored = _size(each, "segmentSize"), _size(each, "encryptedSegmentSize")
        _require(stored == size + OVERHEAD_BYTES, "encryptedSegmentSize")
        raw = decode_base64(_text(each, "hash"), "hash")
        found.append(Segment(size, stored, _unhexed(raw, "hash") if is_legacy else raw))
    _require(bool(found), "segments")
    return tuple(found)


def _version(words: dict[str, Any]) -> bool:
    """Whether the manifest is of the older form; a version that is not known is refused (R-02)."""
    version = words.get("schemaVersion")
    _require(version in (None, SCHEMA_VERSION), "schemaVersion")
    return version is None


def parse_manifest(data: bytes) -> Manifest:
    """The manifest in `data`; raises VerificationFailed that names the key at fault."""
    words = parse_object(data, "manifest")
    is_legacy = _version(words)
    about = _object(words, "payload")
    _require((_text(about, "type"), _text(about, "protocol")) == ("reference", "zip"), "payload")
    _require(_text(about, "url") == "0.payload" and about.get("isEncrypted") is True, "payload")
    held = _object(words, "encryptionInformation")
    _require(_text(held, "type") == "split", "encryptionInformation")
    _require(_text(_object(held, "method"), "algorithm") == "AES-256-GCM", "algorithm")
    integrity = _object(held, "integrityInformation")
    root = _object(integrity, "rootSignature")
    _require(_text(root, "alg") == "HS256", "rootSignature")
    raw_root = decode_base64(_text(root, "sig"), "rootSignature")
    access = _objects(held, "keyAccess")
    _require(0 < len(access) <= KEY_ACCESS_MAX and _text(access[0], "url") != "", "keyAccess")
    return Manifest(
        policy=parse_policy(_text(held, "policy")),
        key_access=tuple(_key_access(each) for each in access),
        segment_hash=_text(integrity, "segmentHashAlg"),
        segments=_segments(integrity, is_legacy),
        root=_unhexed(raw_root, "rootSignature") if is_legacy else raw_root,
        assertions=tuple(_objects(words, "assertions")),
        is_legacy=is_legacy,
        access_url=_text(access[0], "url"),
        mime_type=_text(about, "mimeType", "application/octet-stream"),
    )
