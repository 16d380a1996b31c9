"""Who was enrolled when: an approver counts for a batch only when enrolled at its receipt (R-84).

- Enrolments that were in force are kept, each version under the entry that put it there.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from solely.errors import Blocked, NotPermitted
from solely.ledger.commitment import job_of
from solely.ledger.entry import EntryType
from solely.model import Enrolment, Trust
from solely.review.panel import find_approver
from solely.services import Services
from solely.steps import held, journal
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
    return next(_since(services, index))[1]


def approver_at(services: Services, name: str, index: int) -> tuple[Enrolment | None, datetime | None]:
    """Who was an approver of this name at an entry, and since when no more with that key (None: still is)."""
    (_, then), *later = _since(services, index)
    approver = then.approvers.get(name)
    for place, trust in later:
        now = trust.approvers.get(name)
        if approver is not None and (now is None or now.key_id != approver.key_id):
            return approver, journal.instant_of(services, place)
    return approver, None


def _since(services: Services, index: int) -> Iterator[tuple[int, Trust]]:
    """The enrolments in force at an entry, then each that came after, under the entries that put them there.

    The ledger says which there were: with one of them gone, another would be taken for those of its time.
    """
    now = part_index(services, "trust")
    if now > index:
        put = [place for place in services.ledger.places((EntryType.KEYSET,)) if _is_trust(services, place)]
        first = max((place for place in put if place <= index), default=0)
        yield from ((place, _kept(services, place)) for place in put if first <= place < now)
    yield now, services.enrolled


def _is_trust(services: Services, place: int) -> bool:
    """True of an entry that put enrolments in force."""
    job = job_of(services.salt_key, f"part/trust/{place}".encode())
    return held.entry_of(services, place, "`trust`").job == job


def _kept(services: Services, place: int) -> Trust:
    """The enrolments that an entry put in force, kept since; Blocked when they are not."""
    folder = services.folder.superseded("trust") / str(place)
    digest = trust_digest(folder, services.known_files.digest)
    entry = held.entry_of(services, place, "`trust`")
    held.require_said(
        services, entry, f"part/trust/{place}", {"part": "trust", "digest": digest}, "`trust` as it was"
    )
    return _read(folder, digest)


@lru_cache(maxsize=16)
def _read(folder: Path, _digest: str) -> Trust:
    return read_trust(folder)


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
