"""Signed notes: keys under their names, and the lines by which they sign a text (C2SP signed-note).

- Three kinds of key: Ed25519 and ECDSA P-256 of a log, and a witness's Ed25519 key, whose signature states
  its time (tlog-cosignature). A kind never reads another's line.
- A line of an unknown key never changes a verdict; a line of a known key must hold.
- Base64 is read strictly: a second spelling of the same bytes is refused.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from solely.errors import UsageError, VerificationFailed

NOTE_BYTES_MAX = 64 * 1024
SIGNATURES_MAX = 64
TIME_MAX = 2**63 - 1
NAME = re.compile(r"[^\s+]+")
LOG_NAME = re.compile(r"[a-z0-9][a-z0-9./-]{0,199}")  # of a log of ours
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
_P256 = ec.ECDSA(hashes.SHA256())


class Kind(IntEnum):
    """What a key's signatures are, by the number that signed-note gives them."""

    ED25519 = 1
    ECDSA = 2
    WITNESS = 4


class VerifierKey(NamedTuple):
    """A public key under its name; that of a log is named as its origin.

    `public_key` is raw for Ed25519 and a DER SubjectPublicKeyInfo for ECDSA.
    """

    name: str
    public_key: bytes
    kind: Kind = Kind.ED25519

    @property
    def key_hash(self) -> bytes:
        """The four bytes by which a signature line finds its key."""
        if self.kind is Kind.ECDSA:  # as signed-note has it for this kind: of the key alone
            return hashlib.sha256(self.public_key).digest()[:4]
        named = self.name.encode() + b"\n" + bytes((self.kind,)) + self.public_key
        return hashlib.sha256(named).digest()[:4]

    def text(self) -> str:
        """The verifier key as C2SP writes it: name, key hash, key."""
        key = base64.b64encode(bytes((self.kind,)) + self.public_key).decode()
        return f"{self.name}+{self.key_hash.hex()}+{key}"


class SignatureLine(NamedTuple):
    """One line below a text: its number in the note, who is said to have signed, and the signature."""

    number: int
    name: str
    key_hash: bytes
    signature: bytes


class Note(NamedTuple):
    """A note as read; nothing of it is verified."""

    text: str
    lines: tuple[SignatureLine, ...]


def strict_base64(text: str) -> bytes | None:
    """The bytes of standard base64 in its one spelling, or None."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def parse_vkey(text: str, kinds: Sequence[Kind] = (Kind.ED25519, Kind.ECDSA)) -> VerifierKey:
    """The verifier key of one of these kinds that `text` spells; raises UsageError for anything else."""
    parts = text.strip().split("+", 2)
    data = strict_base64(parts[2]) if len(parts) == 3 else None
    if not data or data[0] not in kinds or not NAME.fullmatch(parts[0]):
        words = " or ".join(each.name for each in kinds)
        raise UsageError(f"a verifier key is `name+hash+key` with a key of kind {words}")
    key = VerifierKey(parts[0], data[1:], Kind(data[0]))
    if parts[1] != key.key_hash.hex():
        raise UsageError("a verifier key's hash does not fit its name and key")
    if key.kind is Kind.ECDSA:
        _load_p256(key.public_key)
    elif len(key.public_key) != 32:
        raise UsageError("an Ed25519 key has 32 bytes")
    return key


def _load_p256(data: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = serialization.load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UsageError("an ECDSA key of a log is one of P-256")
    return key


def verifier_key(name: str, private_key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> VerifierKey:
    """The public side of a log's key under `name`."""
    public = private_key.public_key()
    if isinstance(public, Ed25519PublicKey):
        return VerifierKey(name, public.public_bytes_raw())
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return VerifierKey(name, public.public_bytes(*form), Kind.ECDSA)


def signature_line(
    name: str, text: bytes, private_key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey
) -> str:
    """The line by which a log's key signs `text`."""
    if isinstance(private_key, Ed25519PrivateKey):
        signature = private_key.sign(text)
    else:
        signature = private_key.sign(text, _P256)
    return line_text(verifier_key(name, private_key), signature)


def line_text(key: VerifierKey, signature: bytes) -> str:
    """A signature line of this key."""
    return f"— {key.name} {base64.b64encode(key.key_hash + signature).decode()}\n"


def read_note(data: bytes) -> Note:
    """The text of a note and its lines; raises VerificationFailed that names the line at fault."""
    if len(data) > NOTE_BYTES_MAX:
        raise VerificationFailed("a checkpoint is longer than 64 KiB")
    try:
        text, blank, tail = data.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise VerificationFailed("a checkpoint is no UTF-8 text") from None
    if not blank or not tail.endswith("\n"):
        raise VerificationFailed("a checkpoint has a blank line and signature lines after its text")
    return Note(text + "\n", read_lines(tail, text.count("\n") + 3))


def read_lines(tail: str, first: int = 1) -> tuple[SignatureLine, ...]:
    """Signature lines, each ended by a line feed; `first` is the number of the first."""
    lines = tail[:-1].split("\n") if tail.endswith("\n") else [""]
    if len(lines) > SIGNATURES_MAX:
        raise VerificationFailed("a checkpoint has too many signature lines")
    return tuple(_read_line(line, number) for number, line in enumerate(lines, start=first))


def _read_line(line: str, number: int) -> SignatureLine:
    found = _LINE.fullmatch(line)
    data = strict_base64(found[2]) if found else None
    if found is None or data is None or len(data) < 5:
        raise VerificationFailed(f"checkpoint line {number}: no signature line")
    return SignatureLine(number, found[1], data[:4], data[4:])


def find_signature(note: Note, key: VerifierKey) -> SignatureLine | None:
    """A line of `key`, or None without one; VerificationFailed names a line of it that does not hold."""
    own = [each for each in note.lines if (each.name, each.key_hash) == (key.name, key.key_hash)]
    for line in own:
        if not _holds(key, note.text.encode(), line.signature):
            raise VerificationFailed(f"checkpoint line {line.number}: the signature does not hold")
    return own[-1] if own else None


def _holds(key: VerifierKey, text: bytes, signature: bytes) -> bool:
    try:
        match key.kind:
            case Kind.ECDSA:
                _load_p256(key.public_key).verify(signature, text, _P256)
            case Kind.ED25519:
                Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature, text)
            case Kind.WITNESS:
                time = time_of(signature)
                stated = f"cosignature/v1\ntime {time}\n".encode() + text
                Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature[8:], stated)
                return len(signature) == 72 and time <= TIME_MAX
    except InvalidSignature:
        return False
    return True


def time_of(signature: bytes) -> int:
    """When a witness says that it signed, in seconds since 1970."""
    return int.from_bytes(signature[:8], "big")
