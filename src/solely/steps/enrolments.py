"""Who was enrolled when: an approver counts for a batch only when enrolled at its receipt (R-84).

- Enrolments that were in force are kept, each version under the entry that put it there.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solely.errors import Blocked, NotPermitted
from solely.model import Trust
from solely.review.panel import find_approver
from solely.services import Services
from solely.steps import held
from solely.store.gate import GateFolder, copy_files
from solely.store.inputs import read_own
from solely.store.trust import read_trust, trust_digest, trust_files


def keep_superseded(folder: GateFolder, name: str, index: int) -> None:
    """Keep the enrolments (`trust`) or tables (`inputs`) in force under the entry that put them there, before
    others take their place: who counted then is asked later, and what was decided by them is replayed."""
    files = trust_files(folder.trust) if name == "trust" else read_own(folder.inputs)
    copy_files(files, folder.superseded(name) / str(index))


def part_index(services: Services, name: str) -> int:
    """The entry that put a part in force."""
    with services.database.transaction() as tx:
        return next(int(row["entry_index"]) for row in services.cases.part_rows(tx) if row["name"] == name)


def trust_at(services: Services, index: int) -> Trust:
    """The enrolments in force when the entry of this index was written; Blocked when they are not kept."""
    now = part_index(services, "trust")
    if now <= index:
        return services.trust
    versions: dict[int, Path] = {}
    kept = services.folder.superseded("trust")
    if kept.is_dir():
        versions = {int(each.name): each for each in kept.iterdir() if each.name.isdigit()}
    earlier = [place for place in versions if place <= index]
    if not earlier:
        raise Blocked("STATE_EDITED", "the enrolments of that time are not kept")
    place = max(earlier)
    entry = held.entry_of(services, place, "`trust`")
    said = {"part": "trust", "digest": trust_digest(versions[place])}
    held.require_said(services, entry, f"part/trust/{place}", said, "`trust` as it was")
    return read_trust(versions[place])


def approver_keys_at_receipt(services: Services, batch: Mapping[str, Any]) -> frozenset[str]:
    """The keys of those who were approvers when the batch was received."""
    then = trust_at(services, batch["request_index"])
    return frozenset(each.key_id for each in then.approvers.values())


def require_enrolled_at_receipt(services: Services, batch: Mapping[str, Any], holder: str) -> None:
    """Return unless an approver's key was none when the batch was received; else NotPermitted (R-84)."""
    if find_approver(services.trust, holder) and holder not in approver_keys_at_receipt(services, batch):
        raise NotPermitted("who became an approver after this batch was received approves nothing of it")


def officer_keys_at_receipt(services: Services, batch_id: str) -> frozenset[str]:
    """The keys of those who were officers when the batch was received."""
    with services.database.transaction() as tx:
        batch = services.cases.find_batch(tx, batch_id)
    if batch is None:
        raise Blocked("STATE_EDITED", "the batch of a release is missing")
    then = trust_at(services, batch["request_index"])
    return frozenset(each.key_id for each in then.officers.values())
