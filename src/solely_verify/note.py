"""Verifier keys and signed checkpoints (C2SP signed-note, tlog-checkpoint), read strictly.

- Nothing is taken from a note before its signature holds.
- Lines of other keys are read past; they never change a verdict.
"""

import base64
import binascii
import hashlib
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from solely_verify.refusal import Refusal

SIZE_MAX = 1 << 48
_NOTE_MAX = 65_536
_LINES_MAX = 16
_DASH = "— "


class LogKey(NamedTuple):
    """The key that a log is known by."""

    name: str
    key_id: bytes
    key: bytes


class Head(NamedTuple):
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes

    @property
    def root_text(self) -> str:
        """The root as the checkpoint writes it."""
        return base64.b64encode(self.root).decode()


def from_base64(text: str, length: int | None = None) -> bytes | None:
    """The bytes that `text` spells in the one canonical way, or None; `length` is checked when given."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return None
    is_canonical = base64.b64encode(data).decode() == text
    return data if is_canonical and length in (None, len(data)) else None


def read_key(text: str) -> LogKey:
    """The key in a verifier key's text, `name+hash+base64`; Refusal when it is none."""
    name, _, rest = text.strip().partition("+")
    stated, _, encoded = rest.partition("+")
    data = from_base64(encoded, 33)
    if not name or any(each.isspace() for each in name) or data is None or data[0] != 1:
        raise Refusal("key: not an Ed25519 verifier key `name+hash+key`")
    key_id = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if key_id.hex() != stated:
        raise Refusal("key: its hash does not fit its name and its bytes")
    return LogKey(name, key_id, data[1:])


def read_checkpoint(note: bytes, key: LogKey) -> Head:
    """The head that `key` signed in `note`; Refusal names the line that does not hold."""
    if len(note) > _NOTE_MAX:
        raise Refusal("checkpoint: longer than 64 KiB")
    try:
        lines = note.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise Refusal("checkpoint: not UTF-8") from None
    if len(lines) < 6 or lines[3] or lines[-1]:
        raise Refusal("checkpoint: three lines, a blank line and signature lines are expected")
    signatures = lines[4:-1]
    if len(signatures) > _LINES_MAX:
        raise Refusal("checkpoint: more than 16 signature lines")
    signed = "\n".join(lines[:3]) + "\n"
    _check_signatures(signed.encode(), signatures, key)
    return _head(lines[:3], key)


def _check_signatures(signed: bytes, signatures: list[str], key: LogKey) -> None:
    held = 0
    for number, line in enumerate(signatures, 5):
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        data = from_base64(encoded)
        if not line.startswith(_DASH) or not name or "+" in name or data is None or len(data) < 5:
            raise Refusal(f"checkpoint line {number}: not a signature line")
        if (name, data[:4]) != (key.name, key.key_id):
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.key).verify(data[4:], signed)
        except InvalidSignature:
            raise Refusal(
                f"checkpoint line {number}: the signature does not hold over lines 1 to 3"
            ) from None
        held += 1
    if held == 0:
        raise Refusal("checkpoint: no signature of the given key")


def _head(lines: list[str], key: LogKey) -> Head:
    origin, size, root_text = lines
    if origin != key.name:
        raise Refusal("checkpoint line 1: the origin is not the key's name")
    is_number = size.isascii() and size.isdigit() and len(size) <= 15 and (size == "0" or size[0] != "0")
    if not is_number or int(size) > SIZE_MAX:
        raise Refusal("checkpoint line 2: not a size of at most 2^48")
    root = from_base64(root_text, 32)
    if root is None:
        raise Refusal("checkpoint line 3: not the base64 of 32 bytes")
    return Head(origin, int(size), root)
