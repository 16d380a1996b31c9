"""Receipts: one text file that proves, offline, that an entry stands in a signed tree (C2SP tlog-proof).

- `extra` carries the entry itself; it is not authenticated by its place, but its hash must lead to the
  signed root, so a changed entry does not verify. The verifier alone reads receipts.
"""

import base64
from collections.abc import Sequence

HEADER = "c2sp.org/tlog-proof@v1"


def write_proof(entry: bytes, index: int, path: Sequence[bytes], checkpoint: bytes) -> str:
    """The text of a receipt."""
    lines = [HEADER, f"extra {base64.b64encode(entry).decode()}", f"index {index}"]
    lines += [base64.b64encode(each).decode() for each in path]
    return "\n".join(lines) + "\n\n" + checkpoint.decode()
