"""What an overseer takes away: a range of entries, opened by scope; or a sample that it drew (R-60, R-105).

    1  an overseer, a court or an approver asks; what is asked beyond their scope is denied, as an entry
    2  the export is an entry under a published checkpoint before anything is written (log, then act)
    3  one line for each entry: its bytes, the opened groups with their salts, the commitments of the others,
       and the reason why each of those stays closed

- A range goes on to the end of the published tree; with the roots over what is before it, whoever has all
  lines comes to the signed root, so a line left out shows.
- A sample shows every entry that its draw came to, and the path of each to the root.
"""

import base64
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from solely.canonical import canonical_json, sha256_hex
from solely.errors import NotPermitted, UsageError, VerificationFailed
from solely.ledger import checkpoint as checkpoints
from solely.ledger.commitment import BODY_GROUPS
from solely.ledger.draw import drawn, seed_of_sample
from solely.ledger.entry import Entry, EntryType, Handed, decode
from solely.ledger.note import parse_vkey
from solely.ledger.tree import WIDTH, Nodes, inclusion_proof, leading_roots, range_root
from solely.model import Enrolment
from solely.oversight.scope import (
    COURT,
    OPENS,
    PUBLIC,
    REASONS,
    SAMPLE_SCOPE,
    groups_of,
    opened_by,
    why_closed,
)
from solely.services import Services
from solely.signing import Signer
from solely.steps import accounting, journal, receiving
from solely.steps.objecting import official_of
from solely.steps.ordering import require_unrevoked
from solely.steps.words_of import WordsOf
from solely.store.files import PRIVATE, flush_file, flush_folder, settle, write_durably

FORMAT = "solely/export/1"
HEADER, LEAVES, CHECKPOINT = "export.json", "leaves.jsonl", "checkpoint"
FIGURES = "figures.csv"  # of scope `public`: what may be published as it stands
_AT_ONCE = 4_096
LEVEL_OF_BUNDLE = WIDTH.bit_length() - 1


class Asked(NamedTuple):
    """What is asked for: a scope, groups by letter (None: all of the scope), and a batch or None for all."""

    scope: str
    groups: str | None
    batch: str | None


def export(services: Services, asked: Asked, signer: Signer, out: Path, at: datetime) -> dict[str, Any]:
    """Every entry from the request of a batch, or from the first, to the end; what the folder holds.

    Of scope `public` it holds the monthly figures too; none where ledger and state differ (R-58, R-100).
    """
    _require_new(out)
    said = {"scope": asked.scope, "groups": asked.groups or "", "batch": asked.batch or ""}
    by, scopes = _asker(services, signer, at)
    said |= {"by": by.id}
    try:
        opens = opened_by(asked.scope, asked.groups)
        if asked.scope not in scopes:
            raise NotPermitted(f"this key takes an export of scope {', '.join(sorted(scopes))}")
    except NotPermitted:
        _log(services, said, signer, (Handed.DENIED, at))
        services.progress("a denied export is in the ledger")
        raise
    figures = None if asked.scope != PUBLIC else accounting.published_figures(services, at.date())
    first = 0 if asked.batch is None else receiving.find_batch(services, asked.batch)["request_index"]
    index = _log(services, said | {"first": first}, signer, (Handed.MADE, at))
    published = services.ledger.published()
    header = {"kind": "range", "scope": asked.scope, "opens": opens, "first": first, "entry": index}
    header["before"] = [_text(each) for each in leading_roots(services.ledger.nodes(), first)]
    entries = _entries(services, first, published.size)
    lines = _bundled(services.ledger.nodes(), _lines(services, entries, (asked.scope, opens)), first)
    told = _write(out, header, lines, published.checkpoint)
    if figures is not None:
        write_durably(out / FIGURES, figures)
    return told


def sample(
    services: Services,
    drawn_by: tuple[bytes, str, int],
    signer: Signer,
    out: Path,
    at: datetime,
) -> dict[str, Any]:
    """The first decisions that a draw comes to, opened for an auditor; what the folder holds.

    `drawn_by` is the overseer's checkpoint, its nonce, and how many decisions it wants.
    """
    _require_new(out)
    (kept, nonce, wanted), by = drawn_by, _drawer(services, signer, at).id
    size = _require_ours(services, kept)
    shown = _come_to(services, seed_of_sample(kept, nonce), size, wanted)
    said = {"scope": SAMPLE_SCOPE, "sample": sha256_hex(kept), "nonce": nonce, "count": wanted, "by": by}
    index = _log(services, said, signer, (Handed.MADE, at))
    nodes, opens = services.ledger.nodes(), opened_by(SAMPLE_SCOPE, None)
    header = {"kind": "sample", "scope": SAMPLE_SCOPE, "opens": opens, "count": wanted, "entry": index}
    found = services.ledger.entries_at(shown)
    lines = {
        each["index"]: each | {"path": [_text(one) for one in inclusion_proof(nodes, each["index"], size)]}
        for each in _lines(services, sorted(found.items()), (SAMPLE_SCOPE, opens))
    }
    return _write(out, header | {"nonce": nonce}, (lines[place] for place in shown), kept)


def _asker(services: Services, signer: Signer, at: datetime) -> tuple[Enrolment, Collection[str]]:
    """Who takes an export, and of which scopes: an overseer and a court the own, an approver any (R-60)."""
    trust = services.trust
    for enrolled, scopes in ((trust.overseers, OPENS.keys() - {COURT}), (trust.courts, OPENS.keys())):
        found = _enrolled(services, enrolled, signer, at)
        if found is not None:
            return found, scopes
    return official_of(services, signer, at), OPENS.keys()


def _drawer(services: Services, signer: Signer, at: datetime) -> Enrolment:
    """Who draws a sample: an overseer enrolled here with this key, or an approver on an overseer's behalf."""
    return _enrolled(services, services.trust.overseers, signer, at) or official_of(services, signer, at)


def _enrolled(
    services: Services, among: Mapping[str, Enrolment], signer: Signer, at: datetime
) -> Enrolment | None:
    """Who of these holds the key and is enrolled today; NotPermitted for a revoked key."""
    for each in among.values():
        if each.key_id == signer.holder and each.is_valid_on(at.date()):
            require_unrevoked(services, each.key_id, at)
            return each
    return None


def _require_new(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError("`--out` names a new or an empty folder")


def _require_ours(services: Services, kept: bytes) -> int:
    """The size that a checkpoint of this ledger states; UsageError for one of another tree or key."""
    key = parse_vkey(services.folder.vkey.read_text().strip())
    try:
        stated = checkpoints.verify(kept, key)
    except VerificationFailed as failed:
        raise UsageError(f"the kept checkpoint (`--checkpoint`) is none of this ledger: {failed}") from None
    if not 0 < stated.size <= services.ledger.published().size:
        raise UsageError(
            "the kept checkpoint (`--checkpoint`) is of a longer ledger than this one, or of an empty one"
        )
    if range_root(services.ledger.nodes(), 0, stated.size) != stated.root:
        raise UsageError(
            "the kept checkpoint (`--checkpoint`) has another root than this ledger had at that size"
        )
    return stated.size


def _come_to(services: Services, seed: bytes, size: int, wanted: int) -> list[int]:
    """The entries that the draw comes to until it has so many first decisions, in its order."""
    shown, found = list[int](), 0
    order = drawn(seed, size)
    while some := list(islice(order, _AT_ONCE)):
        entries = services.ledger.entries_at(some)
        for place in some:
            shown.append(place)
            found += is_first_decision(decode(entries[place]))
            if found == wanted:
                return shown
    return shown


def is_first_decision(entry: Entry) -> bool:
    """True of the entry by which an item was first decided."""
    return entry.type is EntryType.DECISION and len(entry.refs) == 1


def _log(
    services: Services,
    said: Mapping[str, Any],
    signer: Signer,
    placed: tuple[Handed, datetime],
) -> int:
    """Put the export on record; its words, signed by who asked, are kept in the gate under its event key."""
    (outcome, at), number = placed, len(services.ledger.places((EntryType.EXPORT,)))
    name = sha256_hex(canonical_json({**said, "number": number}))[:32]  # the same until it is entered
    signature = signer.sign(canonical_json({**said, "event": name})).decode()
    words = {**said, "signature": signature}
    write_durably(services.folder.root / "exports" / f"{name}.json", canonical_json(words), mode=PRIVATE)
    key = f"export/{name}"
    entry = journal.write(services.salt_key, EntryType.EXPORT, at, key, words, outcome=outcome)
    return services.log(key, entry)


# -- what is written ------------------------------------------------------------------------------------


def _entries(services: Services, first: int, size: int) -> Iterator[tuple[int, bytes]]:
    for start in range(first, size, _AT_ONCE):
        with services.database.transaction() as tx:
            some = services.ledger.entries(tx, start, min(_AT_ONCE, size - start))
        yield from enumerate(some, start)


def _lines(
    services: Services, entries: Iterable[tuple[int, bytes]], scoped: tuple[str, str]
) -> Iterator[dict[str, Any]]:
    """One line for each entry; no words are read where the scope opens none."""
    words = WordsOf(services) if scoped[1] else None
    for index, data in entries:
        yield {"index": index, "entry": _text(data), **_groups(words, index, decode(data), scoped)}


def _bundled(nodes: Nodes, lines: Iterable[dict[str, Any]], first: int) -> Iterator[dict[str, Any]]:
    """The lines, the last of each whole bundle with the bundle's root: so a change shows near its place."""
    for line in lines:
        place, at = divmod(line["index"], WIDTH)
        is_whole = at == WIDTH - 1 and place * WIDTH >= first
        yield line | {"bundle": _text(nodes(LEVEL_OF_BUNDLE, place))} if is_whole else line


def _groups(words: WordsOf | None, index: int, entry: Entry, scoped: tuple[str, str]) -> dict[str, Any]:
    found = None if words is None else words.find(index, entry)
    is_bulk = entry.type in (EntryType.DECISION, EntryType.RELEASE)
    shown: dict[str, Any] = {}
    withheld: dict[str, str] = {}
    for group in groups_of(entry):
        word = None if found is None else found.get(group)
        why = why_closed(group, *scoped)
        if why is None and (word is None or word.opening is None):
            why = "act" if not is_bulk else "not-kept" if found is None else "destroyed"
        if why is not None:
            withheld[group] = why
        if word is not None and (why is None or group in BODY_GROUPS):
            shown[group] = _shown(word.commitment, None if why else word.opening)
    return {"groups": shown, "withheld": withheld}


def _shown(commitment: bytes, opening: tuple[bytes, bytes] | None) -> dict[str, str]:
    if opening is None:
        return {"commitment": _text(commitment)}
    return {"content": opening[0].decode(), "salt": _text(opening[1])}


def _write(
    out: Path, header: Mapping[str, Any], lines: Iterable[Mapping[str, Any]], checkpoint: bytes
) -> dict[str, Any]:
    """Write the folder, the header last; the header comes back."""
    out.mkdir(parents=True, exist_ok=True)
    counts: Counter[tuple[str, str]] = Counter()
    opened: Counter[str] = Counter()
    entries, part = 0, out / f"{LEAVES}.part"
    part.touch(mode=PRIVATE)  # what is opened is for who asked
    with part.open("wb") as file:
        for line in lines:
            entries += 1
            counts.update(line["withheld"].items())
            opened.update(group for group, each in line["groups"].items() if "content" in each)
            file.write(canonical_json(line) + b"\n")
    flush_file(part)
    settle(part, out / LEAVES)
    write_durably(out / CHECKPOINT, checkpoint)
    index: dict[str, dict[str, int]] = {}
    for (group, why), number in sorted(counts.items()):
        index.setdefault(group, {})[why] = number
    reasons = {why: REASONS[why] for _, why in counts}
    told = {"format": FORMAT, **header, "entries": entries, "opened": dict(sorted(opened.items()))}
    told |= {"withheld": index, "reasons": reasons}
    write_durably(out / HEADER, json.dumps(told, indent=1, sort_keys=True).encode() + b"\n")
    flush_folder(out)
    return told


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
