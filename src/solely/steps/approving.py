"""Approval by two: each signs the exact set that was decided (R-82, R-83, R-85).

- The statement names batch, digest of the dispositions, counts as first decided and a checkpoint that
  covers the last decision; what was signed is what is released, or nothing is.
- After a failed sample everybody signs anew: an approval from before it counts no more, nor does one from
  before the first sample.
"""

import base64
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from solely.canonical import canonical_json, sha256_hex
from solely.errors import Duplicate, NotPermitted
from solely.ledger.entry import EntryType
from solely.ledger.tree import range_root
from solely.review.panel import NEEDED, has_quorum, require_approver
from solely.services import Services
from solely.signing import KeySigner, Signer, parse_private_key
from solely.steps import journal, ordering, sampling, sampling_entries
from solely.steps.enrolments import require_enrolled_at_receipt
from solely.store.given import read_given_key

Batch = Mapping[str, Any]


def read_key(by: Path | Signer) -> Signer:
    """Who acts: the holder of a key file, or somebody at the console who signs with a passkey."""
    return KeySigner(read_given_key("--as", by, parse_private_key)) if isinstance(by, Path) else by


def statement(services: Services, batch: Batch) -> bytes:
    """What an approver signs (contracts 6): the same as long as what was decided is the same.

    Its checkpoint is the tree up to the entry that decided the batch; what was logged since changes nothing.
    """
    size = int(batch["decided_index"]) + 1
    root = base64.b64encode(range_root(services.ledger.nodes(), 0, size)).decode()
    return canonical_json(
        {
            "batch": batch["id"],
            "dispositions_sha256": batch["digests"]["dispositions"],
            "counts": batch["counts"],
            "checkpoint": {"size": size, "root": root},
        }
    )


def require_ready(services: Services, batch: Batch) -> None:
    """Return when the batch may be signed here; else NotPermitted.

    Under profile `production` the agreement states the sample that each approver decides before (R-85).
    """
    if not services.config.is_demo and not sampling.size_of(services):
        raise NotPermitted(
            f"a production gate releases only where the agreement states `{sampling.SIZE_TERM}`, the sample "
            "that each approver decides before signing (R-85)"
        )
    if batch["state"] == "received":
        raise NotPermitted("this batch is not decided yet; run it again, and mend what blocks it")


def is_approved_with(services: Services, batch: Batch, signer: Signer, at: datetime) -> bool:
    """True when this signature is the second one, or two stand and the release is still due.

    A release is due after its two signatures when a crash came between, or a block that is lifted since.
    """
    standing = ordering.approvers_of(services, batch, at)
    is_due = batch["state"] == "decided" and has_quorum(each for each, _ in standing)
    try:
        add_approval(services, batch, signer, at)
    except Duplicate:
        if not is_due:
            raise
    return has_quorum(each for each, _ in ordering.approvers_of(services, batch, at))


def add_approval(services: Services, batch: Batch, signer: Signer, at: datetime) -> None:
    """Enter one more approval; NotPermitted or Duplicate when this key may not, or not again."""
    holder = signer.holder
    ordering.require_unrevoked(services, holder, at)
    require_enrolled_at_receipt(services, batch, holder)
    earlier = [each.id for each, _ in ordering.approvers_of(services, batch, at)]
    approver = require_approver(services.trust, holder, batch["submitter_key_id"], at.date(), earlier)
    if len(earlier) >= NEEDED:
        raise Duplicate(
            "two have approved this batch already; what people have permitted since leaves with the next one"
        )
    sampling.require_passed(services, batch, approver)
    signed = statement(services, batch)
    signature = signer.sign(signed)
    key = sampling_entries.approval_key(batch, approver.id, sampling_entries.last_voiding(services, batch))
    digests = journal.approver_digests(services, batch["id"], approver, signature)
    entry = journal.write(
        services.salt_key,
        EntryType.APPROVAL,
        at,
        key,
        {"approver": approver.id, "statement_sha256": sha256_hex(signed)},
        refs=(batch["decided_index"],),
        approvals=digests,
    )
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        row = {"batch_id": batch["id"], "approver_id": approver.id, "entry_index": index}
        services.cases.add_approval(tx, row | {"signature": signature.decode(), "statement": signed.decode()})
    services.ledger.publish()
