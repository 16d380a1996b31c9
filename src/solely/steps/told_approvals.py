"""The approvals of a batch as pages and reports tell of them: which count, and why others do not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from solely.ledger.entry import decode
from solely.services import Services
from solely.steps import ordering, sampling_entries

Batch = Mapping[str, Any]
SPOILED: Final = "signed before a sample of the batch was drawn or failed; who signed then may sign anew"
GONE: Final = "who signed may approve this batch no more, or is not independent of who signed before"


def told(services: Services, batch: Batch, at: datetime) -> list[tuple[Mapping[str, Any], str]]:
    """Every approval of a batch that is stored, in order, with why it counts no more; empty where it counts.

    Of a released batch those count by which it was released, whatever became of their keys since.
    """
    voiding = sampling_entries.last_voiding(services, batch)
    signed = {each["entry_index"]: each for each in sampling_entries.approvals_since(services, batch, -1)}
    counted = _released_by(services, batch) if batch["state"] == "released" else frozenset()
    if any(index > voiding and index not in counted for index in signed):
        counted |= {index for _, index in ordering.approvers_of(services, batch, at)}
    return [
        (each, SPOILED if index <= voiding else "" if index in counted else GONE)
        for index, each in signed.items()
    ]


def _released_by(services: Services, batch: Batch) -> frozenset[int]:
    """The entries that the releases of a batch name, the approvals among them: those of one instant name the
    same."""
    with services.database.transaction() as tx:
        firsts = services.cases.first_releases(tx, batch["id"])
    return frozenset(ref for data in services.ledger.entries_at(firsts).values() for ref in decode(data).refs)
