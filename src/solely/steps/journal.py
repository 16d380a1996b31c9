"""The ledger entry of every act, one function each: what it says in public, and what it commits to.

- An event key names an act once and for all; the same act again finds its first entry (ledger.md 4.3).
- Salts grow from the gate's salt key and the event key, so any entry's commitments can be opened, or a
  stored row held against them, as long as the key lives.
"""

import hashlib
import os
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from solely import clock
from solely.canonical import canonical_json
from solely.ledger import bulk
from solely.ledger.commitment import (
    approver_tag,
    body_of,
    commit,
    job_of,
    salt_from,
    seed_of,
)
from solely.ledger.entry import EntryType, OutcomeClass, Vote, time_of
from solely.model import Counts, Enrolment
from solely.services import Services, entry_of_event
from solely.signing import signature_digest

write = entry_of_event  # the same form as that of the entries which services write themselves
CLASS_OF = {
    "refused": OutcomeClass.REFUSED,
    "returned": OutcomeClass.RETURNED,
    "referred": OutcomeClass.REFERRED,
    "withheld": OutcomeClass.WITHHELD,
    "releasable": OutcomeClass.RELEASABLE,
}


def arrival(services: Services, said: Mapping[str, Any], at: datetime) -> tuple[str, bytes]:
    """Event key and entry of something that came in; what it says is committed to, not shown (R-103)."""
    key = f"arrival/{secrets.token_hex(16)}"
    return key, write(services.salt_key, EntryType.ARRIVAL, at, key, said)


def in_force(services: Services) -> dict[str, bytes]:
    """The law under which something is decided, and the digest of rules, tables and build (keys 4, 12)."""
    return services.in_force


def decision_job(services: Services, batch_id: str) -> bytes:
    """The public name of a batch's decisions."""
    return job_of(services.salt_key, f"decisions/{batch_id}".encode())


def decisions(
    services: Services,
    batch: Mapping[str, Any],
    chunk: tuple[int, int],
    columns: tuple[Sequence[str], Sequence[str], Mapping[str, Sequence[bytes]]],
    at: datetime,
) -> bulk.Encoded:
    """The entries of rows decided then; `columns` are request ids, dispositions, and contents by group.

    `chunk` is its number, and how many of its rows were decided before these.
    """
    request_ids, dispositions, groups = columns
    head = bulk.DecisionChunk(
        key=services.salt_key,
        job=decision_job(services, batch["id"]),
        chunk=chunk[0],
        # Not the time of receipt: a batch that was blocked or broken off is decided after later entries.
        time=clock.milliseconds(at),
        request=batch["request_index"],
        nonces=os.urandom(16 * len(request_ids)),
        done=chunk[1],
        **in_force(services),
    )
    return bulk.encode_decisions(head, request_ids, [CLASS_OF[each] for each in dispositions], groups)


def decision_body(services: Services, batch_id: str, ordinal: int, groups: Mapping[str, bytes]) -> bytes:
    """The body root that the entry of a first decision must show for these contents."""
    return body_of(seed_of(services.salt_key, decision_job(services, batch_id), ordinal), groups)


def later_body(services: Services, event_key: str, groups: Mapping[str, bytes]) -> bytes:
    """The body root that the entry of a later decision must show for these contents."""
    return body_of(seed_of(services.salt_key, job_of(services.salt_key, event_key.encode()), 0), groups)


def seed_of_event(services: Services, event_key: str) -> bytes:
    """The seed from which the salts of an event of its own grow."""
    return seed_of(services.salt_key, job_of(services.salt_key, event_key.encode()), 0)


def decided_counts(counts: Counts) -> tuple[int, ...]:
    """The six public counts of a batch as first decided (key 11)."""
    return (
        counts.received,
        counts.releasable,
        counts.withheld,
        counts.referred,
        counts.returned,
        counts.refused,
    )


def approver_digests(
    services: Services, batch_id: str, approver: Enrolment, signature: bytes
) -> tuple[bytes, bytes]:
    """Key 17: the digest of the signature, and what stands in public for the approver in this batch."""
    job = decision_job(services, batch_id)
    return (
        signature_digest(signature),
        approver_tag(services.salt_key, job, approver.key_id),
    )


def package_field(services: Services, event_key: str, package: bytes, officers: Sequence[str]) -> bytes:
    """Key 13: the SHA-384 of the package and a commitment to its recipients."""
    return hashlib.sha384(package).digest() + recipients_of(services, event_key, officers)


def recipients_of(services: Services, event_key: str, officers: Sequence[str]) -> bytes:
    """The last 32 bytes of key 13: the commitment to who may open."""
    return commit("C", salt_from(seed_of_event(services, event_key), "C"), canonical_json(sorted(officers)))


def instant_of(services: Services, index: int) -> datetime:
    """When the entry at an index was written."""
    return clock.instant(time_of(services.ledger.entry(index)))


VOTES = {"confirm": Vote.CONFIRM, "decline": Vote.DECLINE}
