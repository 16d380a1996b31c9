"""Lines of the public error register, each an entry first; what a replay found must stand in it (R-102)."""

from datetime import datetime
from typing import Any, NamedTuple

from solely.canonical import canonical_json, sha256_hex
from solely.errors import Duplicate, UsageError
from solely.ledger.entry import Cause, EntryType, Party, Severity, decode
from solely.notes import require_note
from solely.oversight.register import (
    FINDING,
    REGISTERED,
    register,
    require_registered,
    unregistered,
)
from solely.services import Services
from solely.signing import Signer, signature_digest
from solely.steps import held, journal
from solely.steps.objecting import official_of
from solely.store import watch


class Line(NamedTuple):
    """What a line says: which entry it is about, severity, party and cause in words, and the note.

    About none: about every entry that replays found and that has no line.
    """

    about: int | None
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
        by_word = {each.word: int(each) for each in words}
        if stated not in by_word:
            raise UsageError(f"`{option}` is one of {', '.join(by_word)}")
        found.append(by_word[stated])
    return found[0], found[1], found[2]


def add_line(services: Services, line: Line, signer: Signer, at: datetime) -> dict[str, Any]:
    """The line in the register, or one for each entry that waits; their entries are in the ledger before."""
    require_note("the note", line.note)
    numbers = _numbers(line)
    abouts = waiting(services) if line.about is None else [line.about]
    if not abouts:
        raise Duplicate("nothing that a replay found waits for a line")
    for about in abouts:
        _require_open(services, about)
    official = official_of(services, signer, at)
    by = (signer, official.id)
    with services.database.transaction() as tx:
        lines = [_add(services, tx, (about, numbers, line.note), by, at) for about in abouts]
    services.ledger.publish()
    if line.about is not None:
        return {"line": lines[0], "about": line.about}
    return {"lines": len(lines), "first": lines[0], "last": lines[-1], "about": abouts}


def _require_open(services: Services, about: int) -> None:
    """Return when a line may be about this entry; else UsageError, or Duplicate where it has one."""
    if held.named_entry(services, about).type not in REGISTERED:
        raise UsageError("a line is about the entry of a decision, a release or an earlier line")
    known = _about(services).get(about)
    if known is not None:
        raise Duplicate(
            f"entry {about} has its line already, entry {known}; a line about entry {known} corrects it"
        )


def _add(
    services: Services,
    tx: Any,
    said: tuple[int, tuple[int, int, int], str],
    by: tuple[Signer, str],
    at: datetime,
) -> int:
    """One line, signed by who enters it; the index of its entry."""
    (about, numbers, note), (signer, official) = said, by
    key, words = f"error/{about}", {"by": official, "note_sha256": sha256_hex(note.encode())}
    signature = signer.sign(canonical_json(words | {"about": about, "line": list(numbers)}))
    signed = words | {"signature_sha256": signature_digest(signature).hex()}
    entry = journal.write(services.salt_key, EntryType.ERROR, at, key, signed, refs=(about,), outcome=numbers)
    index = services.ledger.append(tx, key, [entry])
    row = {"entry_index": index, "batch_id": "", "about_index": about, "kind": "error"}
    watch.add_writing(tx, row | {"by": official, "note": note, "signature": signature.decode()})
    return index


def _about(services: Services) -> dict[int, int]:
    """The entry of each line, by the entry that it is about."""
    return {decode(data).refs[0]: index for index, data in services.ledger.scan((EntryType.ERROR,), 0)}


def told(services: Services) -> dict[str, Any]:
    """The register as the public reads it, and what of replays still waits for a line in it.

    While something waits there is no rate: it would be too low.
    """
    entries = ((index, decode(data)) for index, data in services.ledger.scan(REGISTERED, 0))
    found, missing = register(entries), waiting(services)
    if missing:
        found |= dict.fromkeys(("errors_per_million_decisions", "errors_per_million_at_most"))
    return found | {"waiting_for_a_line": missing}


def waiting(services: Services) -> list[int]:
    """The entries about which replays found an error that has no line yet."""
    found = services.ledger.entries_at(services.ledger.places(FINDING))
    return unregistered(decode(data) for data in found.values())


def require_whole(services: Services) -> None:
    """Return when every error that a replay found has its line; else Unregistered (R-102)."""
    require_registered(waiting(services))
