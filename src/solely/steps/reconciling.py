"""What left by other ways, held against what this gate released: the unexplained are listed.

- A transfer log is a CSV with the columns `sent_at,sha256,recipient,bytes`, one file a line.
- A file is explained when its digest is that of a released package or of a batch's answer; anything else that
  went to the requester needs an explanation from elsewhere.
"""

import re
from pathlib import Path
from typing import Any

from solely.errors import UsageError
from solely.services import Services
from solely.steps import held
from solely.store.transfer_log import read_transfers

COLUMNS = ("sent_at", "sha256", "recipient", "bytes")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def reconcile(services: Services, path: Path) -> dict[str, Any]:
    """How many transfers are explained, and the lines of those that are not; names no recipient."""
    known = _known(services)
    explained, unexplained = 0, list[int]()
    for line, row in enumerate(read_transfers(path, COLUMNS), start=2):
        digest = row["sha256"].strip().lower()
        if not _DIGEST.fullmatch(digest):
            raise UsageError(f"line {line}: `sha256` is sixty-four hexadecimal digits")
        if digest in known:
            explained += 1
        else:
            unexplained.append(line)
    return {
        "transfers": explained + len(unexplained),
        "explained": explained,
        "unexplained_lines": unexplained,
    }


def _known(services: Services) -> set[str]:
    """The digests of everything that this gate let leave, each held against its entry."""
    with services.database.transaction() as tx:
        released, batches = services.cases.releases(tx), services.cases.list_batches(tx)
    held.require_released(services, released)
    answers = set()
    for batch in batches:
        if batch["decided_index"] is not None:
            held.require_decided(services, batch)
            answers.add(str((batch["digests"] or {})["answer"]))
    return {str(each["package_sha256"]) for each in released} | answers
