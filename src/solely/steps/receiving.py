"""Receive a submission: whole, genuine, new; one ledger entry whatever comes of it (R-11 to R-13, R-103).

- Nothing is decided before the letter, its signature, the data file's digest, the agreement and every
  column are in order; what fails there fails as a whole and may be sent again corrected.
"""

import os
import shutil
import time
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from solely.agreement.document import Law
from solely.errors import BatchRefused, Blocked, SolelyError, UsageError
from solely.intake.letter import parse_letter, require_agreement, require_data, require_genuine
from solely.ledger.entry import EntryType
from solely.model import Enrolment, Letter
from solely.services import Services
from solely.steps import held, journal
from solely.steps.judging_again import last_day_of
from solely.store.files import flush_folder
from solely.store.submission import Received, receive

NOT_IN_FORCE: Final = "the agreement is not in force on the day of receipt"


def take_in(services: Services, path: Path) -> Received:
    """The submission at `path`, copied into the gate and digested; it is read nowhere else."""
    return receive(path, services.folder.incoming / uuid4().hex)


def discard(received: Received) -> None:
    """Remove what is left of a submission that did not become a batch."""
    shutil.rmtree(received.target, ignore_errors=True)


def require_instrument(services: Services, received: Received, at: datetime) -> Letter:
    """The letter, when letter, signature, office, agreement and data file are in order; else BatchRefused."""
    if received.problem is not None:
        raise received.problem
    assert received.letter is not None and received.signature is not None, "a submission without a problem"
    letter, law, today = parse_letter(received.letter), services.law, at.date()
    require_genuine(letter, received.letter, received.signature, services.trust, law.signers, today)
    require_invoked(letter, received, (law, services.config.agreement), today)
    if today > last_day_of(services):
        raise BatchRefused("R-06", "agreement", NOT_IN_FORCE)
    return letter


def require_invoked(letter: Letter, received: Received, under: tuple[Law, str], today: date) -> None:
    """Return when the letter, whoever signed it, invokes this law for the data that came; else BatchRefused.

    `under` is the law, and the id by which letters name its agreement.
    """
    law, agreement = under
    if letter.requester not in law.parties:
        raise BatchRefused("R-11", "requester", "the requester is no party of the agreement")
    if letter.requester == law.parties[0]:
        raise BatchRefused("R-11", "requester", "the letter names the custodian itself as requester")
    if law.starts_on is not None and letter.date < law.starts_on:
        raise BatchRefused("R-06", "date", "the letter is dated before the agreement it invokes began")
    require_agreement(letter, agreement, law.agreement.version)
    require_data(letter, received.data_sha256(letter.data_file))
    if law.starts_on is not None and today < law.starts_on:
        raise BatchRefused("R-06", "agreement", NOT_IN_FORCE)
    if law.ends_on is not None and today > law.ends_on:
        raise BatchRefused("R-06", "agreement", NOT_IN_FORCE)


def require_own(letter: Letter, sender: Enrolment | None) -> None:
    """Return when the office that hands a letter in is the one that signed it; else BatchRefused (R-11)."""
    if sender is not None and letter.signer_office != sender.id:
        raise BatchRefused(
            "R-11", "signer_office", "another office signed this letter; it hands it in itself"
        )


def batch_id_of(received: Received) -> str | None:
    """The id of the batch that a letter makes, or None when the letter cannot be read."""
    try:
        return None if received.letter is None else parse_letter(received.letter).batch_id
    except SolelyError:
        return None


def find_known(services: Services, letter: Letter) -> Mapping[str, Any] | None:
    """The batch of the same letter that the gate has already, or None."""
    with services.database.transaction() as tx:
        return services.cases.find_batch(tx, letter.batch_id)


def require_row(services: Services, known: Mapping[str, Any] | None, letter: Letter) -> None:
    """Return when the ledger knows this letter exactly if the state does; else Blocked (R-13, R-82)."""
    if known is None and held.is_letter_known(services, letter.batch_id):
        raise Blocked("STATE_EDITED", "the ledger has received this letter before, and the state has not")


def next_undecided(services: Services) -> Mapping[str, Any] | None:
    """The batch received first of those that are to be decided and do not wait for a cause to go; or None."""
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
    received = (b for b in batches if b["state"] == "received" and b["id"] not in services.waiting)
    return next((b for b in received if not is_left_to_callers(services, b["id"])), None)


def try_again(services: Services, code: str) -> None:
    """Let the batches that wait for this alone be decided: its cause may be gone."""
    for batch_id in [each for each, codes in services.waiting.items() if codes == (code,)]:
        del services.waiting[batch_id]


def is_left_to_callers(services: Services, batch_id: str) -> bool:
    """True while the rows of a received batch are decided as they are asked for, and not in bulk."""
    now = time.monotonic()
    return services.singly.setdefault(batch_id, now + services.singly_seconds) > now


def is_path(services: Services, named: str) -> bool:
    """True where a batch is named by a path: at the command line, never by who is served over the network."""
    return services.takes_paths and os.path.exists(named)  # false too of what is no path


def find_batch(services: Services, named: str) -> Mapping[str, Any]:
    """The batch named by its id or by the path of its submission; UsageError when the gate has none."""
    batch_id: str | None = named.lower()
    if is_path(services, named):
        received = take_in(services, Path(named))
        batch_id = batch_id_of(received)
        discard(received)
    with services.database.transaction() as tx:
        found = None if batch_id is None else services.cases.find_batch(tx, batch_id)
    if found is None:
        cure = "name its path or its 16-digit id" if services.takes_paths else "name its 16-digit id"
        raise UsageError(f"this gate has no such batch; {cure}")
    return found


def accept(services: Services, received: Received, letter: Letter, at: datetime) -> Mapping[str, Any]:
    """The batch, its submission kept and its arrival and request in the ledger; BatchRefused before that."""
    items = received.rows(services.law.further_columns)
    if items == 0:
        raise BatchRefused("R-69", "data_file", "the file holds no row")
    target = services.folder.batch(letter.batch_id) / "submission"
    # A crash before the transaction below leaves this folder without a batch; it is replaced next time.
    shutil.rmtree(target.parent, ignore_errors=True)
    target.parent.mkdir(parents=True)
    os.replace(received.target, target)
    flush_folder(target.parent)
    request_key = f"request/{letter.batch_id}"
    arrival_key, arrival = journal.arrival(services, _received(received), at)
    with services.database.transaction() as tx:
        arrived = services.ledger.append(tx, arrival_key, [arrival])
        said = {"letter_sha256": letter.sha256, "data_sha256": letter.data_sha256, "items": items}
        request = journal.write(
            services.salt_key,
            EntryType.REQUEST,
            at,
            request_key,
            said | {"signer_office": letter.signer_office, "key_id": letter.key_id},
            refs=(arrived,),
            **journal.in_force(services),
        )
        batch = {
            "id": letter.batch_id,
            "state": "received",
            "requester": letter.requester,
            "submitter_key_id": letter.key_id,
            "received_at": at.isoformat(),
            "items": items,
            "data_file": letter.data_file,
            "request_index": services.ledger.append(tx, request_key, [request]),
        }
        services.cases.add_batch(tx, batch)
    services.ledger.publish()
    return batch


# -- what every arrival leaves --------------------------------------------------------------------------


def _received(received: Received) -> dict[str, Any]:
    return {"sha256": received.digest, "size": received.size}


def log_unaccepted(services: Services, received: Received, why: Mapping[str, Any], at: datetime) -> None:
    """One entry for what arrived and made no batch; the reason is committed to, not shown (R-103)."""
    services.log(*journal.arrival(services, _received(received) | {"unaccepted": dict(why)}, at))


def log_duplicate(services: Services, received: Received, batch: Mapping[str, Any], at: datetime) -> None:
    """One entry for a letter that was received and decided before (R-13)."""
    key = f"duplicate/{uuid4().hex}"
    said, refs = _received(received), (batch["request_index"],)
    services.log(key, journal.write(services.salt_key, EntryType.DUPLICATE, at, key, said, refs=refs))
