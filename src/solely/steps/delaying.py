"""A delay: until a day that a court has signed, what a batch discloses is not told to the person (R-93).

- It is put in before anything of the batch leaves, and decides the domain of the batch's releases: their
  tags stand in the sealed domain. It never reaches back to a release that has left.
- It ends by itself: from the day after its last, an answer shows the disclosures, and the key of this delay
  finds them.
- In the ledger it is a `policy` entry like that of a changed `gate.toml`: key 12 is a digest that nobody
  outside can compute, and no later entry shows a change. Nobody outside sees that it is a delay.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from solely.canonical import sha256_hex
from solely.errors import Blocked, Duplicate, NotPermitted, UsageError
from solely.ledger.commitment import job_of, kept_tag
from solely.ledger.entry import EntryType, decode
from solely.oversight.inquiry import delay_statement
from solely.services import Services
from solely.signing import Signer, signature_digest
from solely.steps import held, journal
from solely.steps.ordering import require_unrevoked
from solely.store import inquiries

Row = Mapping[str, Any]
YEARS_MAX = 5  # as long as an accounting must be kept at the least (552a(c)(2)): a longer delay has no end
_AUTHORITY = re.compile(r"[ -~]{3,200}")


def add_delay(
    services: Services,
    batch: Row,
    signer: Signer,
    order: tuple[str, date],
    at: datetime,
) -> Row:
    """The delay of a batch, signed by the court that holds the key; `order` is its authority and last day."""
    authority, ends_on = order
    court = next((each for each in services.trust.courts.values() if each.key_id == signer.holder), None)
    if court is None or not court.is_valid_on(at.date()):
        raise NotPermitted("a delay is signed by an enrolled court (R-93)")
    require_unrevoked(services, signer.holder, at)
    if not _AUTHORITY.fullmatch(authority):
        raise UsageError("`--authority` names the authority in 3 to 200 plain characters")
    if not at.date() <= ends_on <= at.date().replace(year=at.year + YEARS_MAX, day=min(at.day, 28)):
        raise UsageError(f"`--until` is a day from today on, at most {YEARS_MAX} years ahead")
    if batch["state"] == "released":
        raise NotPermitted("what has left stands in the open domain; a delay does not reach back")
    if delay_of(services, batch["id"]) is not None:
        raise Duplicate("this batch is under a delay already")
    statement = delay_statement(batch["id"], authority, ends_on, court.id)
    row = {
        "batch_id": batch["id"],
        "statement": statement.decode(),
        "signature": signer.sign(statement).decode(),
        "court": court.id,
        "ends_on": ends_on.isoformat(),
    }
    event = _event_key(batch["id"])
    # Not the digest in force: equal to that of other entries, it would say that this puts nothing in force.
    policy = bytes.fromhex(kept_tag(services.salt_key, statement))
    entry = journal.write(services.salt_key, EntryType.POLICY, at, event, _said(row), policy=policy)
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, event, [entry])
        inquiries.add_delay(tx, row | {"entry_index": index})
    services.ledger.publish()
    return row | {"entry_index": index}


def delay_of(services: Services, batch_id: str) -> Row | None:
    """The delay of a batch, ended or not, as the ledger has it; Blocked where the tables differ (R-82)."""
    with services.database.transaction() as tx:
        row = inquiries.find_delay(tx, batch_id)
    job = job_of(services.salt_key, _event_key(batch_id).encode())
    entries = services.ledger.all_of(EntryType.POLICY)
    logged = [index for index, data in entries.items() if decode(data).job == job]
    if logged != ([] if row is None else [row["entry_index"]]):
        raise Blocked("STATE_EDITED", "the delay of a batch is not as its ledger entry says")
    if row is not None:
        entry = held.entry_of(services, row["entry_index"], "a delay")
        held.require_said(services, entry, _event_key(batch_id), _said(row), "a delay")
    return row


def standing_delay(services: Services, batch_id: str, today: date) -> str | None:
    """The id of the delay under which a release of the batch stands today, or None: the open domain.

    A delay whose court is gone or has another key stands all the same: what is not shown can be shown later.
    """
    row = delay_of(services, batch_id)
    return None if row is None or is_ended(row, today) else batch_id


def is_ended(delay: Row, today: date) -> bool:
    """True from the day after the delay's last: it ends by itself."""
    return today > date.fromisoformat(delay["ends_on"])


def _event_key(batch_id: str) -> str:
    return f"delay/{batch_id}"


def _said(row: Row) -> dict[str, Any]:
    return {
        "statement_sha256": sha256_hex(row["statement"].encode()),
        "signature_sha256": signature_digest(row["signature"].encode()).hex(),
        "ends_on": row["ends_on"],
    }
