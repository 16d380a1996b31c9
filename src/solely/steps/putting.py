"""Put a part of the gate in force: its digest in the state, and the entry that commits to it (R-09, R-82)."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from solely.ledger.entry import EntryType
from solely.steps import journal
from solely.store.cases import Cases
from solely.store.ledger_store import Ledger

PENDING: Final = "pending_"  # before the name of a part that was proposed and is not in force yet
LOOSENED: Final = ("trust", "inputs", "witnesses", "config")  # what may be proposed
KIND_OF: Final = {
    "agreement": EntryType.POLICY,
    "config": EntryType.POLICY,
    "inputs": EntryType.POLICY,
    "records": EntryType.POLICY,
    "subjects": EntryType.KEYSET,
    "trust": EntryType.KEYSET,
    "witnesses": EntryType.POLICY,
}
PARTS: Final = (*KIND_OF, *(PENDING + name for name in LOOSENED))
NOTHING: Final = "0" * 64  # the digest of a proposal that is in force now, or was withdrawn


def put(
    ledger: Ledger, tx: sa.Connection, part: tuple[str, str], at: datetime, law: str | None = None
) -> int:
    """The index of the entry that puts a part in force, or proposes it; `part` is its name and digest.

    With the agreement goes what decisions name it by, so that a stranger sees that it was put in force first.
    """
    name, digest = part
    key, kind = f"part/{name}/{ledger.size(tx)}", KIND_OF[name.removeprefix(PENDING)]
    fields = {"policy": bytes.fromhex(digest)} if kind is EntryType.POLICY else {}
    if law is not None:
        fields["agreement"] = bytes.fromhex(law)
    said = {"part": name, "digest": digest}
    entry = journal.write(ledger.salt_key, kind, at, key, said, **fields)
    index = ledger.append(tx, key, [entry])
    Cases().put_part(tx, name, digest, index)
    return index
