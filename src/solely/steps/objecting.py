"""An objection inside the custodian, and its answer: both in writing, signed, and in the ledger (R-92).

- An approver or counsel objects to a batch or to one item. Nothing of that batch leaves, and nothing objected
  to opens, until another official has answered in writing. A failed review sample stands like one.
- What stands open is read from the ledger alone: no table makes an objection disappear, and it stays when
  whoever objected is no longer enrolled.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from solely.canonical import canonical_json, sha256_hex
from solely.errors import Blocked, Duplicate, NotPermitted, UsageError
from solely.ledger.entry import Entry, EntryType, Sampling, decode
from solely.model import Enrolment
from solely.notes import require_note
from solely.review.panel import find_approver
from solely.services import Services
from solely.signing import Signer
from solely.steps import deciding, held, journal, ordering, receiving, sampling
from solely.steps.explaining import find_decision
from solely.store import watch

Batch = Mapping[str, Any]
_FAILED = (EntryType.SAMPLING, Sampling.FAILED)
BATCH_ID = re.compile(r"[0-9a-fA-F]{16}")


def add_objection(services: Services, named: str, signer: Signer, note: str, at: datetime) -> dict[str, Any]:
    """The objection to a batch or an item, in the ledger before this returns."""
    require_note("the note", note)
    batch, row, target = _target(services, named)
    official = objector_of(services, signer, at)
    index = _log(services, EntryType.OBJECTION, (batch, target), (official, signer, note), at)
    return {
        "objection": index,
        "batch": batch["id"],
        **({} if row is None else {"row": row}),
        "by": official.id,
    }


def add_answer(services: Services, objection: int, signer: Signer, note: str, at: datetime) -> dict[str, Any]:
    """The answer of another official to an objection, in the ledger; nothing else ends the objection."""
    require_note("the note", note)
    entry = _objection(services, objection)
    if objection not in open_objections(services):
        raise Duplicate("this objection was answered already")
    batch = _batch_of(services, entry.refs[0])
    official = objector_of(services, signer, at)
    tag = journal.approver_digests(services, batch["id"], official, b"")[1]
    if tag == entry.approvals[1]:
        raise NotPermitted("who objected does not answer the objection: another official does (R-92)")
    _require_not_silenced(services, batch, entry, official)
    index = _log(services, EntryType.ANSWER, (batch, objection), (official, signer, note), at)
    return {"objection": objection, "answer": index, "batch": batch["id"], "by": official.id}


def _require_not_silenced(services: Services, batch: Batch, entry: Entry, official: Enrolment) -> None:
    """Return unless the official has revoked, or countersigned to revoke, the key that objected (R-84)."""
    for revoked in ordering.silenced_by(services, official):
        objector = replace(official, key_id=revoked)
        if journal.approver_digests(services, batch["id"], objector, b"")[1] == entry.approvals[1]:
            raise NotPermitted(
                "who revoked the key that objected does not answer: another official does (R-92)"
            )


def official_of(services: Services, signer: Signer, at: datetime) -> Enrolment:
    """The approver who holds the key and is enrolled today; else NotPermitted."""
    official = find_approver(services.trust, signer.holder)
    if official is None or not official.is_valid_on(at.date()):
        raise NotPermitted("this key belongs to no approver of this gate who is enrolled today")
    ordering.require_unrevoked(services, official.key_id, at)
    return official


def objector_of(services: Services, signer: Signer, at: datetime) -> Enrolment:
    """The approver or counsel who holds the key and is enrolled today; else NotPermitted."""
    holder = signer.holder
    counsel = next((each for each in services.trust.counsel.values() if each.key_id == holder), None)
    if counsel is None:
        return official_of(services, signer, at)
    if not counsel.is_valid_on(at.date()):
        raise NotPermitted("this key belongs to no approver or counsel who is enrolled today")
    ordering.require_unrevoked(services, holder, at)
    return counsel


def _target(services: Services, named: str) -> tuple[Batch, int | None, int]:
    """The batch, the row if an item is named, and the entry that an objection to it is about."""
    if BATCH_ID.fullmatch(named) or receiving.is_path(services, named):
        batch = receiving.find_batch(services, named)
        if batch["decided_index"] is None:
            raise NotPermitted("this batch is not decided yet; nothing of it can leave")
        return batch, None, batch["decided_index"]
    try:
        stored = find_decision(services, named)
    except UsageError as error:
        raise UsageError(f"what is objected to is a batch or an item, by its id: {error}") from None
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, named)
    target = stored.entry_index if case is None else case["decision_index"]
    return stored.batch, stored.row, target


def _log(
    services: Services,
    kind: EntryType,
    placed: tuple[Batch, int],
    written: tuple[Enrolment, Signer, str],
    at: datetime,
) -> int:
    (batch, target), (official, signer, note) = placed, written
    row = {"batch_id": batch["id"], "about_index": target, "kind": kind.word, "by": official.id, "note": note}
    said = _said(row)
    with services.database.transaction() as tx:
        row["entry_index"] = services.ledger.size(tx)
        key = _key(row)
        signature = signer.sign(canonical_json(said | {"about": target}))
        digests = journal.approver_digests(services, batch["id"], official, signature)
        entry = journal.write(services.salt_key, kind, at, key, said, refs=(target,), approvals=digests)
        index = services.ledger.append(tx, key, [entry])
        watch.add_writing(tx, row | {"entry_index": index, "signature": signature.decode()})
    services.ledger.publish()
    return index


def _key(row: Mapping[str, Any]) -> str:
    """The event key: an objection is named by its own entry, an answer by that of its objection."""
    named = "entry_index" if row["kind"] == EntryType.OBJECTION.word else "about_index"
    return f"{row['kind']}/{row[named]}"


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"by": row["by"], "note_sha256": sha256_hex(row["note"].encode())}


# -- what stands open -----------------------------------------------------------------------------------


def open_objections(services: Services) -> dict[int, int]:
    """Every objection and every failed review sample without an answer, and the entry that each is about, as
    the ledger has them."""
    found = sampling.unanswered(services)
    places = services.ledger.places((EntryType.OBJECTION, EntryType.ANSWER))
    for index, data in services.ledger.entries_at(places).items():
        entry = decode(data)
        if entry.type is EntryType.OBJECTION:
            found[index] = entry.refs[0]
        else:
            found.pop(entry.refs[0], None)
    return dict(sorted(found.items()))


def objections_to(services: Services, batch: Batch, known: Mapping[int, int] | None = None) -> dict[int, int]:
    """The open objections to a batch or to any item of it; `known` are all, where they were read already."""
    found = open_objections(services) if known is None else known
    targets = held.entries_of(services, sorted(set(found.values())), "an objection") if found else {}
    return {index: at for index, at in found.items() if targets[at].refs[0] == batch["request_index"]}


def require_unobjected(services: Services, batch: Batch) -> None:
    """Return while no objection stands open against the batch or an item of it; else Blocked (R-92)."""
    found = objections_to(services, batch)
    if found:
        raise Blocked(
            "OBJECTION",
            f"the objection of entry {min(found)} has no answer; another official gives it in writing",
        )


def require_item_unobjected(
    services: Services, batch: Batch, decision: int, known: Mapping[int, int]
) -> None:
    """Return while none of the open objections is against the batch or this item; else Blocked (R-92)."""
    found = set(objections_to(services, batch, known).values())
    if not found:
        return
    chain = {batch["decided_index"], decision}
    entry = held.entry_of(services, decision, "a case")
    while len(entry.refs) > 1:
        chain.add(entry.refs[1])
        entry = held.entry_of(services, entry.refs[1], "a case")
    if found & chain:
        raise Blocked("OBJECTION", "an objection to this release has no answer yet")


def _objection(services: Services, index: int) -> Entry:
    entry = held.named_entry(services, index)
    if entry.type is not EntryType.OBJECTION and (entry.type, entry.outcome) != _FAILED:
        raise UsageError("this entry is no objection; `solely object` prints the number of one")
    return entry


def _batch_of(services: Services, target: int) -> Batch:
    request = held.entry_of(services, target, "an objection").refs[0]
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
    return next(each for each in batches if each["request_index"] == request)


def written(services: Services) -> list[dict[str, Any]]:
    """Every objection, oldest first, with its answer if it has one; notes are the custodian's own.

    Blocked when one is missing, or not as it was written (R-82, R-92).
    """
    kinds = (EntryType.OBJECTION, EntryType.ANSWER)
    with services.database.transaction() as tx:
        rows = [row for row in watch.writings(tx) if row["kind"] in {each.word for each in kinds}]
    places = services.ledger.places(kinds)
    if places != [row["entry_index"] for row in rows]:
        raise Blocked("STATE_EDITED", "an objection or an answer is missing, or stands in no ledger entry")
    entries = held.entries_of(services, places, "an objection")
    for row in rows:
        held.require_said(services, entries[row["entry_index"]], _key(row), _said(row), "an objection")
    answers = {row["about_index"]: row for row in rows if row["kind"] == "answer"}
    waiting = open_objections(services)
    told = [{**each, "open": each["objection"] in waiting} for each in sampling.failures(services)]
    told += [
        {"objection": row["entry_index"], "batch": row["batch_id"], "by": row["by"], "note": row["note"]}
        | _item_about(services, row)
        | {"open": row["entry_index"] in waiting}
        for row in rows
        if row["kind"] == EntryType.OBJECTION.word
    ]
    ended = {
        index: {"answered_by": answer["by"], "answer": answer["note"]} for index, answer in answers.items()
    }
    ranked = sorted(told, key=lambda each: int(each["objection"]))
    return [each | ended.get(each["objection"], {}) for each in ranked]


def _item_about(services: Services, written: Mapping[str, Any]) -> dict[str, Any]:
    """Row and request id of the item that an objection is about; nothing of one about a whole batch."""
    index = int(written["about_index"])
    entry = held.entry_of(services, index, "an objection")
    while len(entry.refs) > 1:  # a later decision names the one before
        index = entry.refs[1]
        entry = held.entry_of(services, index, "an objection")
    with services.database.transaction() as tx:
        chunks = services.cases.chunks(tx, written["batch_id"])
    for chunk in chunks:
        place = index - int(chunk["first_index"])
        if 0 <= place < int(chunk["items"]):
            deciding.require_kept(services, chunk, held.known_digest(services))
            path = deciding.chunk_path(services, written["batch_id"], chunk["number"], "decisions")
            found = services.files.read(path, "row, request_id", "place = ?", [place])
            return {"row": found[0][0], "request_id": found[0][1]} if found else {}
    return {}
