"""Signed checkpoints: origin, size and root of the tree, as a C2SP signed note (tlog-checkpoint).

- The log signs with Ed25519 first (stock tools read it); a reader holds one pinned key against the note.
- Lines of unknown keys never change a verdict.
- A reader refuses sizes above 2^48 and notes above 64 KiB, so that no signed number can make it hang.
"""

import base64
import re
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from solely.errors import VerificationFailed
from solely.ledger.note import NAME, VerifierKey, find_signature, read_note, signature_line, strict_base64
from solely.ledger.tree import SIZE_MAX

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


class Checkpoint(NamedTuple):
    """What a log says of itself: its origin, the number of its entries and the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign(checkpoint: Checkpoint, *private_keys: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """The note of a checkpoint, with a line of each key."""
    text = checkpoint.text()
    lines = [signature_line(checkpoint.origin, text.encode(), each) for each in private_keys]
    return f"{text}\n{''.join(lines)}".encode()


def parse_text(text: str) -> Checkpoint:
    """The checkpoint of three signed lines; raises VerificationFailed that names the line."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise VerificationFailed("a checkpoint has three lines: origin, size, root")
    origin, size, root_text = lines[:3]
    if not NAME.fullmatch(origin):
        raise VerificationFailed("checkpoint line 1: no origin")
    if not _SIZE.fullmatch(size) or int(size) > SIZE_MAX:
        raise VerificationFailed("checkpoint line 2: no size of at most 2^48")
    root = strict_base64(root_text)
    if root is None or len(root) != 32:
        raise VerificationFailed("checkpoint line 3: no base64 of 32 bytes")
    return Checkpoint(origin, int(size), root)


def verify(data: bytes, key: VerifierKey) -> Checkpoint:
    """The checkpoint of a note that `key` signed; raises VerificationFailed that names the line."""
    note = read_note(data)
    checkpoint = parse_text(note.text)
    if checkpoint.origin != key.name:
        raise VerificationFailed("checkpoint line 1: another origin than the key's name")
    if find_signature(note, key) is None:
        raise VerificationFailed("checkpoint: the key has not signed it")
    return checkpoint
