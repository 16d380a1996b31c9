"""Dual control over the gate's own keys: two custodians sign one statement, in one command (K1, R-84).

- Custodians are the enrolled approvers; two share neither key nor enrolling person, and neither enrolled
  the other.
- The entry shows a tag for each, which differ; what they signed stands in its commitment.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from solely.canonical import canonical_json
from solely.errors import UsageError
from solely.ledger.commitment import approver_tag, job_of
from solely.review.panel import require_approver
from solely.services import Services
from solely.signing import Signer, signature_digest
from solely.steps.ordering import require_unrevoked


class Custody(NamedTuple):
    """Who has signed, the digest of each signature, and the tag that stands for each in public."""

    people: tuple[str, ...]
    signatures: tuple[str, ...]
    tags: tuple[bytes, ...]

    def said(self) -> dict[str, Any]:
        """What an entry commits to of it."""
        return {"approvers": list(self.people), "signatures": list(self.signatures)}


def sign_by_two(
    services: Services,
    keys: Sequence[Signer],
    event: str,
    statement: Mapping[str, Any],
    at: datetime,
) -> Custody:
    """The custody of an act that two custodians sign; NotPermitted or Duplicate when they may not."""
    if len(keys) != 2:
        raise UsageError("two custodians sign this: `--as` twice")
    if keys[0].holder == keys[1].holder:
        raise UsageError("two custodians sign this: `--as` names one key twice; nothing was done")
    people: list[str] = []
    for each in keys:
        holder = each.holder
        require_unrevoked(services, holder, at)
        people.append(require_approver(services.trust, holder, "", at.date(), people).id)
    signed = canonical_json({"act": event.partition("/")[0], **statement})
    signatures = [signature_digest(each.sign(signed)).hex() for each in keys]
    job = job_of(services.salt_key, event.encode())
    tags = [approver_tag(services.salt_key, job, each.holder) for each in keys]
    return Custody(tuple(people), tuple(signatures), tuple(tags))
