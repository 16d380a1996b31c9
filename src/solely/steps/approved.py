"""The approvals of a batch as the state has them, each held against its ledger entry (R-55, R-82, R-84)."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from solely.canonical import sha256_hex
from solely.errors import Blocked, VerificationFailed
from solely.ledger.entry import EntryType, decode
from solely.model import Enrolment
from solely.review.panel import is_independent
from solely.services import Services
from solely.signing import signature_digest
from solely.steps import held, sampling_entries, vouching

Row = Mapping[str, Any]


def approvers_of(services: Services, batch: Row, today: date) -> list[tuple[Enrolment, int]]:
    """Who has approved the batch and still may, with the entry of each (R-82, R-84, R-85).

    Signature, statement and entry are verified; an approval whose approver is gone or out of date does not
    count, nor one from before the batch's first sample or its newest failed one, nor a second one of an
    approver who is not independent of the first.
    """
    voiding = sampling_entries.last_voiding(services, batch)
    standing: list[tuple[Enrolment, int]] = []
    for row in sampling_entries.approvals_since(services, batch, voiding):
        _require_signed(
            services, batch, row, sampling_entries.approval_key(batch, row["approver_id"], voiding)
        )
        approver = services.trust.approvers.get(row["approver_id"])
        if approver is None or not approver.is_valid_on(today):
            continue
        _require_holder(services, row, approver)
        if all(is_independent(approver, other) for other, _ in standing):
            standing.append((approver, row["entry_index"]))
    return standing


def require_approvals(services: Services, batch: Row) -> None:
    """Return when the stored approvals of a batch are those that the ledger has and no sample has voided,
    whoever may still approve; else Blocked (R-55, R-82)."""
    voiding = sampling_entries.last_voiding(services, batch)
    rows = sampling_entries.approvals_since(services, batch, voiding)
    for row in rows:
        key = sampling_entries.approval_key(batch, row["approver_id"], voiding)
        _require_signed(services, batch, row, key)
    entries = services.ledger.all_of(EntryType.APPROVAL).items()
    entered = [at for at, data in entries if at > voiding and decode(data).refs == (batch["decided_index"],)]
    stored = [row["entry_index"] for row in rows]
    held.require(stored == entered, "the approvals of a batch are not those of the ledger")


def _require_signed(services: Services, batch: Row, row: Row, key: str) -> None:
    entry = held.entry_of(services, row["entry_index"], "an approval")
    refs = (batch["decided_index"],)
    held.require(
        entry.type is EntryType.APPROVAL and entry.refs == refs, "an approval names an entry of another"
    )
    said = {"approver": row["approver_id"], "statement_sha256": sha256_hex(row["statement"].encode())}
    held.require_said(services, entry, key, said, "an approval")
    expected = {
        "batch": batch["id"],
        "dispositions_sha256": batch["digests"]["dispositions"],
        "counts": batch["counts"],
    }
    statement = parse_statement(row["statement"])
    shown = {name: statement.get(name) for name in expected}
    held.require(shown == expected, "an approval was signed over another set", "SWAPPED")
    digest = signature_digest(row["signature"].encode())
    held.require(entry.approvals[0] == digest, "an approval holds another signature")


def parse_statement(text: str) -> dict[str, Any]:
    """The statement that an approver signed; Blocked when it is none."""
    try:
        value = json.loads(text)
    except ValueError:
        raise Blocked("STATE_EDITED", "an approval's statement cannot be read") from None
    return value if isinstance(value, dict) else {}


def _require_holder(services: Services, row: Row, approver: Enrolment) -> None:
    try:
        signed = (row["statement"].encode(), row["signature"].encode())
        vouching.require_signed(services, approver, signed)
    except VerificationFailed:
        raise Blocked("STATE_EDITED", "an approval is not signed by its approver") from None
