"""The gate's log key: changed with an overlap, or the log closed for good, by two custodians (K1).

- A rotation is a `keyset` entry under the old key, which commits to both keys and shows both custodians. From
  then on checkpoints bear both signatures, until the overlap is ended: who holds the old key, and who holds
  the new one, sees one log.
- `closed` is the last entry: nothing follows it, and the gate stops. Receipts given before hold for ever.
- Under witnesses a rotation is refused: their policy names the key, and renewing both at once is not built.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from solely.errors import Duplicate, NotPermitted, UsageError
from solely.ledger.entry import EntryType
from solely.ledger.note import LOG_NAME
from solely.services import Services
from solely.signing import Signer
from solely.steps import journal
from solely.steps.custody import sign_by_two
from solely.store.log_key import alone_event

Keys = Sequence[Signer]


def rotate(services: Services, keys: Keys, at: datetime) -> dict[str, Any]:
    """Both verifier keys once the log has a new key and the overlap has begun."""
    ledger = services.ledger
    _require_alone(services)
    if ledger.is_overlapping:
        raise Duplicate("an overlap is going on; `solely keys end-overlap` ends it")
    before, after = ledger.vkey, ledger.prepare_key()
    said = {"from": before.text(), "to": after.text()}
    _log(services, f"log-key/{after.key_hash.hex()}", (EntryType.KEYSET, said), keys, at)
    ledger.take_key()
    return {"from": before.text(), "to": ledger.vkey.text(), "overlap": True}


def end_overlap(services: Services, keys: Keys, at: datetime) -> dict[str, Any]:
    """The verifier key that alone signs from now on; the earlier private key is gone."""
    ledger = services.ledger
    if not ledger.is_overlapping:
        raise UsageError("there is no overlap to end; `solely keys rotate` begins one")
    said = {"alone": ledger.vkey.text()}
    _log(services, alone_event(ledger.vkey), (EntryType.KEYSET, said), keys, at)
    ledger.drop_earlier_key()
    return {"to": ledger.vkey.text(), "overlap": False}


def close(services: Services, keys: Keys, cite: str, at: datetime, successor: str = "") -> dict[str, Any]:
    """The last checkpoint of the log, which bears no entry any more; `successor` names the log that follows.

    Raises UsageError without a cause, or for a name that no other log can have; Duplicate the second time.
    """
    if not cite.strip():
        raise UsageError("`--cite` says why the log is closed")
    if successor and (not LOG_NAME.fullmatch(successor) or successor == services.ledger.vkey.name):
        raise UsageError("`--successor` is the name of another log, such as `gate.example/2027`")
    if services.ledger.is_closed:
        raise Duplicate("the log is closed already, by its last entry; nothing follows it")
    said = {"why": cite, "successor": successor} if successor else {"why": cite}
    index = _log(services, "closed", (EntryType.CLOSED, said), keys, at)
    published = services.ledger.publish()
    return {"closed": index, "checkpoint": {"size": published.size, "root": published.root}}


def _require_alone(services: Services) -> None:
    if services.ledger.policy.witnesses:
        raise NotPermitted("the witnesses of this gate know its key; a rotation under witnesses is not built")


def _log(
    services: Services, event: str, told: tuple[EntryType, dict[str, Any]], keys: Keys, at: datetime
) -> int:
    kind, said = told
    custody = sign_by_two(services, keys, event, said, at)
    content = {**said, **custody.said()}
    log = said["successor"].encode() if "successor" in said else None
    entry = journal.write(services.salt_key, kind, at, event, content, approvals=custody.tags, log=log)
    return services.log(event, entry)
