"""Lines of the public error register, each an entry first; what a replay found must stand in it (R-102)."""

from datetime import datetime
from typing import Any, NamedTuple

from solely.canonical import canonical_json, sha256_hex
from solely.errors import Duplicate, UsageError
from solely.ledger.entry import Cause, EntryType, Party, Severity, decode
from solely.notes import require_note
from solely.oversight.register import FINDING, REGISTERED, register, require_registered, word_of
from solely.services import Services
from solely.signing import Signer, signature_digest
from solely.steps import held, journal
from solely.steps.objecting import official_of
from solely.store import watch


class Line(NamedTuple):
    """What a line says: which entry it is about, severity, party and cause in words, and the note."""

    about: int
    severity: str
    party: str
    cause: str
    note: str


def _numbers(line: Line) -> tuple[int, int, int]:
    found = []
    for option, words, stated in (
        ("--severity", Severity, line.severity),
        ("--party", Party, line.party),
        ("--cause", Cause, line.cause),
    ):
        by_word = {word_of(each): int(each) for each in words}
        if stated not in by_word:
            raise UsageError(f"`{option}` is one of {', '.join(by_word)}")
        found.append(by_word[stated])
    return found[0], found[1], found[2]


def add_line(services: Services, line: Line, signer: Signer, at: datetime) -> dict[str, Any]:
    """The line in the register, its entry in the ledger before this returns."""
    require_note("`--note`", line.note)
    numbers = _numbers(line)
    about = held.named_entry(services, line.about)
    if about.type not in REGISTERED:
        raise UsageError("a line is about the entry of a decision, a release or an earlier line")
    if line.about in _about(services):
        raise Duplicate("this entry has its line already; a line about that line corrects it")
    official = official_of(services, signer, at)
    key = f"error/{line.about}"
    said = {"by": official.id, "note_sha256": sha256_hex(line.note.encode())}
    signature = signer.sign(canonical_json(said | {"about": line.about, "line": list(numbers)}))
    signed = said | {"signature_sha256": signature_digest(signature).hex()}
    entry = journal.write(
        services.salt_key, EntryType.ERROR, at, key, signed, refs=(line.about,), outcome=numbers
    )
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        row = {"entry_index": index, "batch_id": "", "about_index": line.about, "kind": "error"}
        watch.add_writing(tx, row | {"by": official.id, "note": line.note, "signature": signature.decode()})
    services.ledger.publish()
    return {"line": index, "about": line.about}


def _about(services: Services) -> set[int]:
    return {decode(data).refs[0] for _, data in services.ledger.scan((EntryType.ERROR,), 0)}


def told(services: Services) -> dict[str, Any]:
    """The register as the public reads it; none while something that a replay found is missing."""
    require_whole(services)
    entries = ((index, decode(data)) for index, data in services.ledger.scan(REGISTERED, 0))
    return register(entries)


def require_whole(services: Services) -> None:
    """Return when every error that a replay found has its line; else VerificationFailed (R-102)."""
    found = services.ledger.entries_at(services.ledger.places(FINDING))
    require_registered(decode(data) for data in found.values())
