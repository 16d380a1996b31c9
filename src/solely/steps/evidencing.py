"""The sample of investigations that must be evidenced before anything leaves (R-86).

- Drawn once, after the batch's decided entry is under a checkpoint: from the cosignature of that checkpoint
  by the first witness of the policy; without witnesses, from the checkpoint. An entry commits to seed and
  sample, and `draw.json` in the batch's folder has what an outsider needs to draw again.
- Both sides have a last day, fixed when their time begins: the requester's with the draw, the custodian's
  with the last file. After the requester's day nothing of the batch leaves any more.
- The requester evidences each sampled investigation with a file; its digest and the requester's signature
  are kept, an entry commits to them. What the state says is held against its entries (R-82).
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from solely.canonical import canonical_json, sha256_hex
from solely.errors import Blocked, Duplicate, NotPermitted, UsageError
from solely.folding import fold
from solely.ledger.draw import seed_of_draw
from solely.ledger.entry import EntryType, decode
from solely.review.sample import draw_sample
from solely.review.states import State
from solely.services import Services
from solely.signing import Signer
from solely.steps import held, journal
from solely.steps.deciding import item_of
from solely.store import tallies
from solely.store.files import write_durably

Batch = Mapping[str, Any]


class Evidence(NamedTuple):
    """Where the evidence of a batch stands; `reply_by` is None while something is missing."""

    asked: Sequence[str]
    missing: Sequence[str]
    evidence_by: date
    reply_by: date | None

    def is_closed_on(self, today: date) -> bool:
        """True when the requester's time has ended with something missing: nothing leaves any more (R-86)."""
        return bool(self.missing) and today > self.evidence_by

    def as_object(self) -> dict[str, Any]:
        """What a command prints of it."""
        until = {"reply_by": str(self.reply_by)} if self.reply_by else {"evidence_by": str(self.evidence_by)}
        return {"to_be_evidenced": list(self.missing), **until}


def standing(services: Services, batch: Batch) -> Evidence | None:
    """Where the evidence of a decided batch stands, its sample drawn if it was not; None if none is asked."""
    size = services.law.limits["investigation_sample_items"]
    if not size or batch["decided_index"] is None:
        return None
    logged = _logged(services, batch)
    with services.database.transaction() as tx:
        stored, rows = tallies.find_sample(tx, batch["id"]), tallies.evidence(tx, batch["id"])
    _require(logged <= {each["entry_index"] for each in (stored, *rows) if each is not None})
    if stored is None:
        stored = _draw(services, batch, size)
    said = _sample_said(stored)
    _require_entry(services, stored["entry_index"], f"sample/{batch['id']}", said)
    for row in rows:
        _require_entry(services, row["entry_index"], _key(batch, row["investigation"]), _evidence_said(row))
    shown = {row["investigation"] for row in rows}
    missing = [each for each in stored["investigations"] if fold(each) not in shown]
    replies = [date.fromisoformat(row["reply_by"]) for row in rows]
    return Evidence(
        tuple(stored["investigations"]),
        missing,
        date.fromisoformat(stored["evidence_by"]),
        None if missing else max(replies, default=None),
    )


def _draw(services: Services, batch: Batch, size: int) -> Mapping[str, Any]:
    published = services.ledger.publish()
    assert published.size > batch["decided_index"], "the sample is drawn under a checkpoint of the decision"
    seed = seed_of_draw(published.checkpoint, services.ledger.policy)
    with services.database.transaction() as tx:
        cases = services.cases.list_cases(tx, batch["id"], State.RELEASABLE)
    named = [item_of(case).investigation_id for case in cases]
    drawn = draw_sample(seed.hex, [each for each in named if each is not None], size)
    at = services.now()
    evidence_by = at.date() + timedelta(days=services.law.limits["evidence_days"])
    row = {"batch_id": batch["id"], "seed": seed.hex, "evidence_by": str(evidence_by)}
    row |= {"investigations": drawn}
    key = f"sample/{batch['id']}"
    told: dict[str, Any] = {"checkpoint": published.checkpoint.decode(), "witness": seed.witness}
    told |= {"seed": seed.hex, "said": seed.said}
    services.progress(f"investigations to be evidenced: {seed.said}")
    told |= {"candidates": sorted({each for each in named if each is not None}), "drawn": drawn}
    # A crash before the entry leaves this file of a draw that was not made; the next one replaces it.
    write_durably(services.folder.batch(batch["id"]) / "draw.json", json.dumps(told, indent=1).encode())
    entry = _notice(services, batch, key, _sample_said(row), at)
    with services.database.transaction() as tx:
        row["entry_index"] = services.ledger.append(tx, key, [entry])
        tallies.add_sample(tx, row)
    services.ledger.publish()
    return row


def _sample_said(row: Mapping[str, Any]) -> dict[str, Any]:
    drawn = sha256_hex(canonical_json(row["investigations"]))
    return {"seed": row["seed"], "investigations_sha256": drawn, "evidence_by": row["evidence_by"]}


def require_evidenced(services: Services, batch: Batch, today: date) -> None:
    """Return when every sampled investigation is evidenced; else Blocked, and nothing leaves (R-86)."""
    found = standing(services, batch)
    if found is None or not found.missing:
        return
    when = (
        f"the last day for it was {found.evidence_by}" if found.is_closed_on(today) else "nothing leaves yet"
    )
    raise Blocked("EVIDENCE", f"{len(found.missing)} sampled investigations are not evidenced; {when}")


def add_evidence(
    services: Services,
    batch: Batch,
    signer: Signer,
    shown: tuple[str, bytes],
    at: datetime,
) -> Evidence:
    """Where the evidence stands after the requester has evidenced one investigation by a file.

    `shown` is the investigation's id and the file. Raises NotPermitted for a key that is not of the office
    which signed the batch, and after the last day.
    """
    holder = signer.holder
    held.require_sender(services, batch, holder, at.date())
    investigation, file = fold(shown[0]), shown[1]
    found = standing(services, batch)
    if found is None or investigation not in {fold(each) for each in found.asked}:
        raise UsageError("`--investigation` names no sampled investigation of this batch")
    if investigation not in {fold(each) for each in found.missing}:
        raise Duplicate("this investigation is evidenced already")
    if at.date() > found.evidence_by:
        raise NotPermitted(f"the last day to evidence this batch was {found.evidence_by}; send a new batch")
    signed = canonical_json(
        {"batch": batch["id"], "investigation": investigation, "file_sha256": sha256_hex(file)}
    )
    row = {"batch_id": batch["id"], "investigation": investigation, "file_sha256": sha256_hex(file)}
    reply_by = at.date() + timedelta(days=services.law.limits["evidence_reply_days"])
    row |= {"key_id": holder, "signature": signer.sign(signed).decode(), "reply_by": str(reply_by)}
    key = _key(batch, investigation)
    entry = _notice(services, batch, key, _evidence_said(row), at)
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        tallies.add_evidence(tx, row | {"entry_index": index})
    services.ledger.publish()
    now = standing(services, batch)
    assert now is not None, "a sample was asked for"
    return now


def _key(batch: Batch, investigation: str) -> str:
    return f"evidence/{batch['id']}/{sha256_hex(investigation.encode())}"


def _evidence_said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("investigation", "file_sha256", "reply_by", "key_id", "signature")}


def _notice(services: Services, batch: Batch, key: str, said: Mapping[str, Any], at: datetime) -> bytes:
    refs = (batch["decided_index"],)
    return journal.write(services.salt_key, EntryType.NOTICE, at, key, said, refs=refs)


def _logged(services: Services, batch: Batch) -> set[int]:
    """Where the ledger has the draw of a batch, and what was shown for it: nothing is drawn anew (R-86)."""
    notices = services.ledger.all_of(EntryType.NOTICE)
    return {index for index, data in notices.items() if decode(data).refs == (batch["decided_index"],)}


def _require_entry(services: Services, index: int, key: str, said: Mapping[str, Any]) -> None:
    entry = decode(services.ledger.entry(index))
    expected = journal.later_body(services, key, {"A": canonical_json(dict(said))})
    _require(entry.type is EntryType.NOTICE and entry.body == expected)


def _require(condition: bool) -> None:
    if not condition:
        raise Blocked("STATE_EDITED", "the sample of investigations differs from its ledger entry")
