"""A person asks whether their data was disclosed: authenticated, logged, answered from the ledger (R-93).

- Every inquiry is an entry with a commitment and nothing else, the denied one too; what it commits to is
  kept in the gate. It is in the ledger before the answer is written.
- What is shown is what the person's own key finds in the gate's ledger. Where the tables have fewer or
  others, the gate stops (R-82).
- No record is read: a person who is on no record gets the same answer as one of whom nothing is shown.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec

from solely.canonical import canonical_json, sha256_hex
from solely.confidential import masked
from solely.errors import Blocked, NotPermitted, UsageError
from solely.ledger.entry import Entry, EntryType, decode
from solely.ledger.subject import find_tagged, open_key, sealed_key
from solely.model import Trust
from solely.oversight import inquiry
from solely.oversight.inquiry import Disclosure, InquiryLetter
from solely.services import Services
from solely.signing import key_id, parse_private_key, parse_public_key
from solely.steps import held, journal
from solely.steps.approving import read_key
from solely.steps.delaying import delay_of, is_ended
from solely.steps.judging_again import require_unedited
from solely.store import inquiries
from solely.store.files import PRIVATE, write_durably
from solely.store.given import read_given, read_given_key

Row = Mapping[str, Any]
ANSWER_FILE, KEY_FILE, CHECKPOINT_FILE = "answer.json", "subject.key", "checkpoint"


@masked
class Asked(NamedTuple):
    """What an asker comes with: a record's id, the own key, and the letter with its signature."""

    record_id: str
    key: ec.EllipticCurvePrivateKey
    letter: tuple[bytes, bytes]


class _Found(NamedTuple):
    """The releases that may be shown, and the keys of the ended delays that found some of them."""

    rows: Sequence[Row]
    ended: Sequence[bytes]


def read_asked(record_id: str, keyfile: Path, letter: Path) -> Asked:
    """What the asker's files hold; UsageError when one cannot be read."""
    key = read_given_key("--subject-key", keyfile, parse_private_key)
    signature = read_given("--letter", letter.with_name(letter.name + ".sig"))
    return Asked(record_id, key, (read_given("--letter", letter), signature))


def require_office(trust: Trust, office: str, keyfile: Path, at: datetime) -> None:
    """Return when a key file is that of an office enrolled to identify people; UsageError otherwise."""
    enrolled = trust.inquiries.get(office)
    if enrolled is None or not enrolled.is_valid_on(at.date()):
        raise UsageError(f"`inquiries/{office}` is not enrolled in this trust folder, or not in date")
    if enrolled.key_id != read_key(keyfile).holder:
        raise UsageError(f"`inquiries/{office}` is enrolled with another key than that of `--as`")


def vouch(record_id: str, asker: Path, keyfile: Path, office: str, target: tuple[Path, datetime]) -> None:
    """Write an inquiry letter and its signature: the office has seen that the asker is that person."""
    out, at = target
    public, key = (
        read_given_key("--subject-key", asker, parse_public_key),
        read_given_key("--as", keyfile, parse_private_key),
    )
    letter, signature = inquiry.vouch(record_id, public, office, key, at.date())
    write_durably(out, letter)
    write_durably(out.with_name(out.name + ".sig"), signature + b"\n")


def inquire(services: Services, asked: Asked, out: Path, at: datetime) -> bytes:
    """The answer's bytes, as they are written into `out` beside the key and the receipts."""
    if out.exists() and any(out.iterdir()):
        raise UsageError("`--out` names a new or an empty folder")
    services.ledger.require_open()
    try:
        letter = inquiry.require_asker(
            asked.record_id, asked.key.public_key(), asked.letter, services.trust, at.date()
        )
    except NotPermitted:
        _log(services, asked, {"granted": False}, at)
        services.progress("a denied inquiry is in the ledger")
        raise
    found = _find(services, letter, at)
    if not found.rows and _is_otherwise_spelled(services, letter, at):
        _log(services, asked, {"granted": False}, at)
        raise UsageError(
            "nothing was disclosed of this record id as it is written, and something was of one that differs "
            "in letter case alone; have the letter name the id exactly as the record has it"
        )
    disclosures = [_disclosure(services, row) for row in found.rows]
    shown = [each.entry for each in disclosures]
    _log(services, asked, {"granted": True, "shown": shown}, at)
    return _write(services, letter, found, disclosures, out)


def _log(services: Services, asked: Asked, more: Mapping[str, Any], at: datetime) -> None:
    """Put the inquiry into ledger and table; who asked about whom stands in the gate alone."""
    key = f"inquiry/{secrets.token_hex(8)}"
    said = {
        "record_ref": asked.record_id,
        "key_id": key_id(asked.key.public_key()),
        "letter_sha256": sha256_hex(asked.letter[0]),
        **more,
    }
    entry = journal.write(services.salt_key, EntryType.INQUIRY, at, key, said)
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        row = {"entry_index": index, "event_key": key, "said": canonical_json(said).decode()}
        inquiries.add_inquiry(tx, row)
    services.ledger.publish()


# -- what may be shown ----------------------------------------------------------------------------------


def _find(services: Services, letter: InquiryLetter, at: datetime) -> _Found:
    """The releases that the person's keys find in the ledger, each with its row."""
    with services.database.transaction() as tx:
        rows = inquiries.releases_about(tx, letter.record_id)
    held.require_released(services, rows)
    entries = held.entries_of(services, [row["entry_index"] for row in rows], "a release")
    own = open_key(services.subject_keys, letter.record_id)
    keys = {batch: sealed_key(services.subject_keys, batch, letter.record_id) for batch in _delayed(services)}
    ended = [key for batch, key in keys.items() if is_ended(_delay(services, batch), at.date())]
    found, late, waiting = _scanned(services, own, ended, [key for key in keys.values() if key not in ended])
    plain = {index for index, entry in entries.items() if entry.tag_open is None}  # of version 1
    if set(entries) != found | waiting | plain:
        raise Blocked("STATE_EDITED", "the releases about this person are not those of the ledger")
    shown = [row for row in rows if row["entry_index"] in found | plain]
    return _Found(shown, late)


def _is_otherwise_spelled(services: Services, letter: InquiryLetter, at: datetime) -> bool:
    """True where releases that may be shown stand under the same letters in other case: no slip is a no."""
    with services.database.transaction() as tx:
        others = inquiries.others_spelled_alike(tx, letter.record_id)
    return any(_find(services, letter._replace(record_id=each), at).rows for each in others)


def _delayed(services: Services) -> list[str]:
    with services.database.transaction() as tx:
        return [each["batch_id"] for each in inquiries.list_delays(tx)]


def _delay(services: Services, batch_id: str) -> Row:
    row = delay_of(services, batch_id)
    assert row is not None, "it was listed"
    return row


def _scanned(
    services: Services, own: bytes, ended: Sequence[bytes], standing: Sequence[bytes]
) -> tuple[set[int], list[bytes], set[int]]:
    """What may be shown, the keys of ended delays that found some of it, and what waits for its delay."""
    tagged = [
        (index, entry)
        for index, entry in ((i, decode(data)) for i, data in services.ledger.scan((EntryType.RELEASE,), 0))
        if entry.tag_open is not None
    ]
    found = set(find_tagged(own, _tags(tagged, "tag_open")))
    late = []
    for key in ended:
        hits = set(find_tagged(key, _tags(tagged, "tag_sealed")))
        late += [key] if hits else []
        found |= hits
    waiting = {hit for key in standing for hit in find_tagged(key, _tags(tagged, "tag_sealed"))}
    return found, late, waiting


def _tags(tagged: Sequence[tuple[int, Entry]], name: str) -> Iterable[tuple[int, bytes, bytes]]:
    return ((index, entry.nonce, getattr(entry, name)) for index, entry in tagged)


def _disclosure(services: Services, release: Row) -> Disclosure:
    """Date, nature, purpose and recipient of one release, held against the ledger (552a(c)(1))."""
    with services.database.transaction() as tx:
        case = services.cases.find_case(tx, release["request_id"])
        batch = services.cases.find_batch(tx, release["batch_id"])
    if case is None or batch is None or case["row"] != release["row"]:
        raise Blocked("STATE_EDITED", "the case of a release is missing")
    item = require_unedited(services, [case])[0].item
    entry = held.entry_of(services, release["entry_index"], "a release")
    assert entry.agreement is not None, "a release names the law"
    law = services.under(entry.agreement).law
    requester = services.trust.parties.get(held.letter_of(services, batch).requester)
    stated = {"purpose": item.purpose, "statute": item.statute, "basis": item.basis}
    return Disclosure(
        entry=release["entry_index"],
        on=journal.instant_of(services, release["entry_index"]).date(),
        nature=sorted(law.fields),
        purpose={name: value for name, value in stated.items() if value is not None},
        recipient=batch["requester"] if requester is None else requester.name,
        agreement=f"{services.config.agreement} version {law.agreement.version}",
        proof=f"disclosure-{release['entry_index']}.tlog-proof",
    )


def _write(
    services: Services, letter: InquiryLetter, found: _Found, shown: Sequence[Disclosure], out: Path
) -> bytes:
    """Write answer, key, checkpoint and a receipt for each disclosure; the answer's bytes come back."""
    data = inquiry.answer(shown)
    own = open_key(services.subject_keys, letter.record_id)
    key = inquiry.key_file(services.config.origin, own, found.ended)
    write_durably(out / KEY_FILE, key, mode=PRIVATE)
    write_durably(out / CHECKPOINT_FILE, services.ledger.published().checkpoint)
    for each in shown:
        write_durably(out / each.proof, services.ledger.proof(each.entry).encode())
    write_durably(out / ANSWER_FILE, data, mode=PRIVATE)
    return data
