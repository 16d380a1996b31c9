"""Receipts: one text file that proves, offline, that an entry stands in a signed tree (C2SP tlog-proof).

- `extra` carries the entry itself; it is not authenticated by its place, but its hash must lead to the
  signed root, so a changed entry does not verify.
"""

import base64
import re
from collections.abc import Sequence
from typing import NamedTuple

from solely.errors import VerificationFailed
from solely.ledger.checkpoint import Checkpoint, verify
from solely.ledger.entry import ENTRY_BYTES_MAX
from solely.ledger.note import NOTE_BYTES_MAX, VerifierKey, strict_base64
from solely.ledger.tree import leaf_hash, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})")
_PATH_MAX = 63
_BYTES_MAX = NOTE_BYTES_MAX + 2 * ENTRY_BYTES_MAX


class Receipt(NamedTuple):
    """A proof that was read: the entry, its index, its path and the signed checkpoint."""

    entry: bytes
    entry_index: int
    path: list[bytes]
    checkpoint: bytes


def write_proof(entry: bytes, index: int, path: Sequence[bytes], checkpoint: bytes) -> str:
    """The text of a receipt."""
    lines = [HEADER, f"extra {base64.b64encode(entry).decode()}", f"index {index}"]
    lines += [base64.b64encode(each).decode() for each in path]
    return "\n".join(lines) + "\n\n" + checkpoint.decode()


def read_proof(text: str) -> Receipt:
    """The parts of a receipt; raises VerificationFailed that names the line at fault."""
    if len(text) > _BYTES_MAX:
        raise VerificationFailed("a receipt is too long")
    upper, blank, note = text.partition("\n\n")
    lines = upper.split("\n")
    if not blank or len(lines) < 3 or lines[0] != HEADER:
        raise VerificationFailed(f"a receipt begins with `{HEADER}`")
    word, _, extra = lines[1].partition(" ")
    entry = strict_base64(extra) if word == "extra" else None
    index = _INDEX.fullmatch(lines[2])
    if entry is None or index is None:
        raise VerificationFailed("receipt lines 2 and 3: no entry and index")
    path = [strict_base64(each) for each in lines[3:]]
    hashes = [each for each in path if each is not None and len(each) == 32]
    if len(hashes) != len(path) or len(path) > _PATH_MAX:
        raise VerificationFailed("receipt: a line of the path is no hash")
    return Receipt(entry, int(index[1]), hashes, note.encode())


def verify_proof(text: str, key: VerifierKey) -> tuple[Receipt, Checkpoint]:
    """The receipt and its checkpoint when the entry stands in the tree that `key` signed."""
    receipt = read_proof(text)
    checkpoint = verify(receipt.checkpoint, key)
    leaf = leaf_hash(receipt.entry)
    verify_inclusion(leaf, receipt.entry_index, checkpoint.size, receipt.path, checkpoint.root)
    return receipt, checkpoint
