"""How the samples of a batch were drawn and ended, as the ledger has it, and which approvals stand (R-85).

After a failed sample everybody draws anew, and who had signed before it signs again: what was signed before
counts no more. Nor does what was signed before the first sample was drawn (its term came later): who signs
has passed one. The approval that follows has an event key of its own.
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


def last_voiding(services: Services, batch: Batch) -> int:
    """The entry before which no approval of a batch counts: its newest failed sample, else the first that was
    drawn; -1 where none was."""
    found = of_batch(services, batch)
    failed = (index for index, outcome, _ in found if outcome is Sampling.FAILED)
    return max(failed, default=found[0][0] if found else -1)


def has_voided(services: Services, batch: Batch) -> bool:
    """True where the batch was signed by somebody whose approval counts no more, or only if signed anew."""
    return len(standing_approvals(services, batch)) < len(approvals_since(services, batch, -1))


def standing_approvals(services: Services, batch: Batch) -> list[dict[str, Any]]:
    """The stored approvals of a batch that no sample has voided, in order."""
    return approvals_since(services, batch, last_voiding(services, batch))


def approvals_since(services: Services, batch: Batch, voiding: int) -> list[dict[str, Any]]:
    """The stored approvals of a batch that count: entered after what voids those before it, in order."""
    with services.database.transaction() as tx:
        rows = services.cases.approvals(tx, batch["id"])
    return [dict(each) for each in rows if each["entry_index"] > voiding]


def approval_key(batch: Batch, approver_id: str, voiding: int) -> str:
    """The event key of an approval, as it is signed after what voids those before it."""
    anew = "" if voiding < 0 else f"/{voiding}"
    return f"approval/{batch['id']}/{approver_id}{anew}"
