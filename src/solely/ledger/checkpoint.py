"""Signed checkpoints: origin, size and root of the tree, as a C2SP signed note (tlog-checkpoint).

- One Ed25519 signature line at first (stock tools read it); lines of unknown keys never change a verdict.
- Base64 is read strictly: a second spelling of the same bytes is refused.
- A reader refuses sizes above 2^48 and notes above 64 KiB, so that no signed number can make it hang.
"""

import base64
import binascii
import hashlib
import re
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from solely.errors import UsageError, VerificationFailed
from solely.ledger.tree import SIZE_MAX

NOTE_BYTES_MAX = 64 * 1024
SIGNATURES_MAX = 16
_ED25519 = b"\x01"
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_NAME = re.compile(r"[^\s+]+")
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")


class VerifierKey(NamedTuple):
    """A log's public key under its name, which is also its origin."""

    name: str
    public_key: bytes

    @property
    def key_hash(self) -> bytes:
        """The four bytes by which a signature line finds its key."""
        named = self.name.encode() + b"\n" + _ED25519 + self.public_key
        return hashlib.sha256(named).digest()[:4]

    def text(self) -> str:
        """The verifier key as C2SP writes it: name, key hash, key."""
        key = base64.b64encode(_ED25519 + self.public_key).decode()
        return f"{self.name}+{self.key_hash.hex()}+{key}"


class Checkpoint(NamedTuple):
    """What a log says of itself: its origin, the number of its entries and the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def strict_base64(text: str) -> bytes | None:
    """The bytes of standard base64 in its one spelling, or None."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def verifier_key(name: str, private_key: Ed25519PrivateKey) -> VerifierKey:
    """The public side of a log key under `name`."""
    raw = private_key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return VerifierKey(name, raw)


def parse_vkey(text: str) -> VerifierKey:
    """The verifier key that `text` spells; raises UsageError for anything else."""
    parts = text.strip().split("+", 2)
    key = strict_base64(parts[2]) if len(parts) == 3 else None
    if key is None or len(key) != 33 or key[:1] != _ED25519 or not _NAME.fullmatch(parts[0]):
        raise UsageError("a verifier key is `name+hash+key` with an Ed25519 key")
    parsed = VerifierKey(parts[0], key[1:])
    if parts[1] != parsed.key_hash.hex():
        raise UsageError("a verifier key's hash does not fit its name and key")
    return parsed


def sign(checkpoint: Checkpoint, private_key: Ed25519PrivateKey) -> bytes:
    """The signed note of a checkpoint."""
    text = checkpoint.text()
    key = verifier_key(checkpoint.origin, private_key)
    line = base64.b64encode(key.key_hash + private_key.sign(text.encode())).decode()
    return f"{text}\n— {checkpoint.origin} {line}\n".encode()


def parse_text(text: str) -> Checkpoint:
    """The checkpoint of three signed lines; raises VerificationFailed that names the line."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise VerificationFailed("a checkpoint has three lines: origin, size, root")
    origin, size, root_text = lines[:3]
    if not _NAME.fullmatch(origin):
        raise VerificationFailed("checkpoint line 1: no origin")
    if not _SIZE.fullmatch(size) or int(size) > SIZE_MAX:
        raise VerificationFailed("checkpoint line 2: no size of at most 2^48")
    root = strict_base64(root_text)
    if root is None or len(root) != 32:
        raise VerificationFailed("checkpoint line 3: no base64 of 32 bytes")
    return Checkpoint(origin, int(size), root)


def verify(note: bytes, key: VerifierKey) -> Checkpoint:
    """The checkpoint of a note that `key` signed; raises VerificationFailed that names the line."""
    if len(note) > NOTE_BYTES_MAX:
        raise VerificationFailed("a checkpoint is longer than 64 KiB")
    try:
        text, blank, tail = note.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise VerificationFailed("a checkpoint is no UTF-8 text") from None
    if not blank or not tail.endswith("\n"):
        raise VerificationFailed("a checkpoint has a blank line and signature lines after its text")
    checkpoint = parse_text(text + "\n")
    if checkpoint.origin != key.name:
        raise VerificationFailed("checkpoint line 1: another origin than the key's name")
    _require_signature(checkpoint.text().encode(), tail[:-1].split("\n"), key)
    return checkpoint


def _require_signature(text: bytes, lines: list[str], key: VerifierKey) -> None:
    if len(lines) > SIGNATURES_MAX:
        raise VerificationFailed("a checkpoint has too many signature lines")
    is_signed = False
    for number, line in enumerate(lines, start=5):
        found = _LINE.fullmatch(line)
        signature = strict_base64(found[2]) if found else None
        if found is None or signature is None or len(signature) < 5:
            raise VerificationFailed(f"checkpoint line {number}: no signature line")
        if found[1] != key.name or signature[:4] != key.key_hash:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature[4:], text)
        except InvalidSignature:
            raise VerificationFailed(f"checkpoint line {number}: the signature does not hold") from None
        is_signed = True
    if not is_signed:
        raise VerificationFailed("checkpoint: the key has not signed it")
