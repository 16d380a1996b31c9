"""What an approver signs about an order or a proposal: a countersignature, or that notice was given (R-84).

- The signed statement, its row and its entry say the same, and are held against each other (R-82).
- Whose word it is say the enrolments of its time: who has left since signed as an approver.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from solely import clock
from solely.canonical import canonical_json, sha256_hex
from solely.errors import Blocked, NotPermitted, VerificationFailed
from solely.ledger.entry import Entry, EntryType
from solely.model import Enrolment
from solely.orders.force import Signed
from solely.services import Services
from solely.signing import Signer
from solely.steps import enrolments, held, journal, vouching
from solely.store import orders as rows

COUNTERSIGNED, NOTICED = "countersigned", "noticed"


def signed(services: Services, act: Mapping[str, Any], entry: Entry) -> Signed:
    """Who signed an act, by the enrolments of its entry, and since when enrolled no more so; or Blocked."""
    said = {"approver": act["approver_id"], "statement_sha256": sha256_hex(act["statement"].encode())}
    held.require_said(services, entry, act_key(act), said, "a countersignature or notice")
    if act["statement"].encode() != statement_of(act["act"], act["order_id"]):
        raise Blocked("STATE_EDITED", "a countersignature or notice was signed about something else")
    approver, left_at = enrolments.approver_at(services, act["approver_id"], act["entry_index"])
    try:
        if approver is None:
            raise VerificationFailed("no approver of that time")
        vouching.require_signed(services, approver, (act["statement"].encode(), act["signature"].encode()))
    except VerificationFailed:
        raise Blocked("STATE_EDITED", "a countersignature or notice is of no approver of its time") from None
    return Signed(clock.instant(entry.time), approver.id, approver.key_id, left_at)


def statement_of(act: str, subject: str) -> bytes:
    """What is signed: the act, and the order or proposal that it is about."""
    return canonical_json({"act": act, "subject": subject})


def act_key(act: Mapping[str, Any]) -> str:
    """The event key of a countersignature or notice."""
    return f"{act['act']}/{act['order_id']}/{act['approver_id']}"


def sign(
    services: Services,
    about: tuple[str, str, int],
    approver: Enrolment,
    signer: Signer,
    at: datetime,
) -> None:
    """Sign an act and enter it; `about` is the act, the order or proposal, and the entry of that."""
    act, subject, about_index = about
    _require_first(services, about, approver)
    statement = statement_of(act, subject)
    signature = signer.sign(statement)
    row = {"order_id": subject, "act": act, "approver_id": approver.id}
    row |= {"statement": statement.decode(), "signature": signature.decode()}
    said = {"approver": approver.id, "statement_sha256": sha256_hex(statement)}
    kind, fields = EntryType.NOTICE, dict[str, Any](refs=(about_index,))
    if act == COUNTERSIGNED:
        kind = EntryType.APPROVAL
        fields["approvals"] = journal.approver_digests(services, subject, approver, signature)
    key = act_key(row)
    entry = journal.write(services.salt_key, kind, at, key, said, **fields)
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        rows.add_act(tx, row | {"entry_index": index})
    services.ledger.publish()


def _require_first(services: Services, about: tuple[str, str, int], approver: Enrolment) -> None:
    """Return unless an approver has signed the same before: of a person one entry about another counts."""
    act, subject, _ = about
    with services.database.transaction() as tx:
        earlier = rows.acts(tx)
    same = [each for each in earlier if (each["act"], each["order_id"]) == (act, subject)]
    if approver.id in [each["approver_id"] for each in same]:
        raise NotPermitted(
            f"`{approver.id}` has signed this, with a key that was suspended or replaced since, and signs it "
            "once: another approver signs, or it is given anew"
        )
