"""How the samples of a batch were drawn and ended, as the ledger has it, and which approvals stand (R-85).

After a failed sample everybody draws anew, and who had signed before it signs again: what was signed before
counts no more. The approval that follows has an event key of its own.
"""

from collections.abc import Mapping
from typing import Any

from solely.ledger.entry import EntryType, Sampling, decode
from solely.services import Services

Batch = Mapping[str, Any]


def of_batch(services: Services, batch: Batch) -> list[tuple[int, Sampling, bytes]]:
    """Every sampling of a batch, in order: its index, class, and the tag of whose it is."""
    places = services.ledger.places((EntryType.SAMPLING,))
    found = []
    for index, data in sorted(services.ledger.entries_at(places).items()):
        entry = decode(data)
        if entry.refs == (batch["decided_index"],):
            assert isinstance(entry.outcome, int), "a sampling has a class"
            found.append((index, Sampling(entry.outcome), entry.approvals[1]))
    return found


def last_failure(services: Services, batch: Batch) -> int:
    """The entry of the newest failed sample of a batch; -1 where none has failed."""
    failed = (index for index, outcome, _ in of_batch(services, batch) if outcome is Sampling.FAILED)
    return max(failed, default=-1)


def approvals_since(services: Services, batch: Batch, failure: int) -> list[dict[str, Any]]:
    """The stored approvals of a batch that were entered after its newest failure, in order."""
    with services.database.transaction() as tx:
        rows = services.cases.approvals(tx, batch["id"])
    return [dict(each) for each in rows if each["entry_index"] > failure]


def approval_key(batch: Batch, approver_id: str, failure: int) -> str:
    """The event key of an approval, as it is signed after the newest failure of its batch."""
    anew = "" if failure < 0 else f"/{failure}"
    return f"approval/{batch['id']}/{approver_id}{anew}"
