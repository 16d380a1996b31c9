"""Verifier keys and signed checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature), read strictly.

- Nothing is taken from a note before its signature holds.
- Lines of other keys are read past; they never change a verdict.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from solely_verify.refusal import Refusal

SIZE_MAX = 1 << 48
NOTE_MAX = 65_536
_LINES_MAX = 64
_DASH = "— "
LINES_MIN = 4  # ends of lines in any signed checkpoint: three of text, one above the signatures
ED25519, ECDSA, WITNESS = 1, 2, 4  # what a key signs with, as signed-note numbers it


class LogKey(NamedTuple):
    """The key that a log, or a witness, is known by."""

    name: str
    key_id: bytes
    key: bytes
    kind: int = ED25519


class Head(NamedTuple):
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes

    @property
    def root_text(self) -> str:
        """The root as the checkpoint writes it."""
        return base64.b64encode(self.root).decode()

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{self.root_text}\n"


class Line(NamedTuple):
    """A signature line as it stands: its number, the name, the key's hash and the signature."""

    number: int
    name: str
    key_id: bytes
    signature: bytes


def from_base64(text: str, length: int | None = None) -> bytes | None:
    """The bytes that `text` spells in the one canonical way, or None; `length` is checked when given."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return None
    is_canonical = base64.b64encode(data).decode() == text
    return data if is_canonical and length in (None, len(data)) else None


def key_id(name: str, data: bytes) -> bytes:
    """The hash of a key by which lines find it; `data` begins with its kind."""
    # Of an ECDSA key, signed-note hashes the key alone.
    named = data[1:] if data[0] == ECDSA else name.encode() + b"\n" + data
    return hashlib.sha256(named).digest()[:4]


def read_key(text: str, kinds: Sequence[int] = (ED25519, ECDSA)) -> LogKey:
    """The key in a verifier key's text, `name+hash+base64`; Refusal when it is none of these kinds."""
    name, _, rest = text.strip().partition("+")
    stated, _, encoded = rest.partition("+")
    data = from_base64(encoded)
    if not name or any(each.isspace() for each in name) or not data or data[0] not in kinds:
        raise Refusal("key: not a verifier key `name+hash+key` of the kind that is asked for")
    if key_id(name, data).hex() != stated:
        raise Refusal("key: its hash does not fit its name and its bytes")
    key = LogKey(name, key_id(name, data), data[1:], data[0])
    if not _is_key(key):
        raise Refusal("key: its bytes are no public key of its kind")
    return key


def _is_key(key: LogKey) -> bool:
    if key.kind != ECDSA:
        return len(key.key) == 32
    try:
        loaded = serialization.load_der_public_key(key.key)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return isinstance(loaded, ec.EllipticCurvePublicKey) and isinstance(loaded.curve, ec.SECP256R1)


def read_checkpoint(note: bytes, key: LogKey) -> Head:
    """The head that `key` signed in `note`; Refusal names the line that does not hold."""
    text, lines = cut_note(note)
    if signed_by(key, text, lines) is None:
        raise Refusal("checkpoint: no signature of the given key")
    return _head(text.split("\n")[:3], key)


def cut_note(note: bytes) -> tuple[str, list[Line]]:
    """The three signed lines of a checkpoint, with their line ends, and its signature lines."""
    if len(note) > NOTE_MAX:
        raise Refusal("checkpoint: longer than 64 KiB")
    try:
        lines = note.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise Refusal("checkpoint: not UTF-8") from None
    if len(lines) < 6 or lines[3] or lines[-1]:
        raise Refusal("checkpoint: three lines, a blank line and signature lines are expected")
    return "\n".join(lines[:3]) + "\n", cut_lines(lines[4:-1], 5)


def cut_lines(lines: Sequence[str], first: int) -> list[Line]:
    """Signature lines without their line ends; `first` is the number of the first."""
    if len(lines) > _LINES_MAX:
        raise Refusal(f"checkpoint: more than {_LINES_MAX} signature lines")
    return [_line(line, number) for number, line in enumerate(lines, first)]


def _line(line: str, number: int) -> Line:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    data = from_base64(encoded)
    if not line.startswith(_DASH) or not name or "+" in name or data is None or len(data) < 5:
        raise Refusal(f"checkpoint line {number}: not a signature line")
    return Line(number, name, data[:4], data[4:])


def signed_by(key: LogKey, text: str, lines: Sequence[Line]) -> Line | None:
    """The last line of `key`, or None without one; Refusal when one of its lines does not hold."""
    own = [each for each in lines if (each.name, each.key_id) == (key.name, key.key_id)]
    for each in own:
        try:
            _verify(key, text.encode(), each.signature)
        except InvalidSignature:
            raise Refusal(
                f"checkpoint line {each.number}: the signature does not hold over lines 1 to 3"
            ) from None
    return own[-1] if own else None


def _verify(key: LogKey, text: bytes, signature: bytes) -> None:
    if key.kind == ECDSA:
        loaded = serialization.load_der_public_key(key.key)
        assert isinstance(loaded, ec.EllipticCurvePublicKey), "the key was read as one"  # noqa: S101 -- a fault of ours
        return loaded.verify(signature, text, ec.ECDSA(hashes.SHA256()))
    if key.kind == WITNESS:
        if len(signature) != 72 or signature[0] >> 7:
            raise InvalidSignature
        text, signature = cosigned_text(text, cosigned_at(signature)), signature[8:]
    return Ed25519PublicKey.from_public_bytes(key.key).verify(signature, text)


def cosigned_text(text: bytes, at: int) -> bytes:
    """What a witness signs: a line that says so, the second, and the checkpoint's three lines."""
    return f"cosignature/v1\ntime {at}\n".encode() + text


def cosigned_at(signature: bytes) -> int:
    """The second that a cosignature states, since 1970."""
    return int.from_bytes(signature[:8], "big")


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


def vkey_text(name: str, kind: int, data: bytes) -> str:
    """The text of a verifier key."""
    whole = bytes((kind,)) + data
    return f"{name}+{key_id(name, whole).hex()}+{base64.b64encode(whole).decode()}"


def line_text(key: LogKey, signature: bytes) -> str:
    """A signature line of a key, with its line end."""
    return f"{_DASH}{key.name} {base64.b64encode(key.key_id + signature).decode()}\n"
