"""Decide a received batch chunk by chunk, then close it (R-01, R-02, R-05).

- A chunk is decided in one transaction: its row (with the SHA-256 of the flushed Parquet file), its ledger
  entries and its cases. A crash before it leaves a file that the next run overwrites; a crash after it
  leaves a decided chunk that is never decided again.
- Rows stand in the files in input order; their ledger entries stand in a keyed order of their own.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from solely.agreement.column import Column
from solely.canonical import canonical_json
from solely.decision.answer import answer_line
from solely.decision.evidence import counts_text, decision_groups, item_digest, with_tries
from solely.decision.match import ATTEMPTS, SAME_RECORD
from solely.errors import Blocked
from solely.intake.rows import RowRead
from solely.ledger.entry import EntryType
from solely.model import (
    AddressJudgment,
    Counts,
    Decision,
    Disposition,
    Item,
    Reason,
    codes_of,
    rules_of,
)
from solely.records.access import write_access
from solely.review.states import State, state_of
from solely.services import Services
from solely.steps import held, journal
from solely.steps.alike import likeness
from solely.steps.examination import Examined, Faced, desk_of, rule_on
from solely.steps.history import COUNTS, Wide, received_on
from solely.steps.identification import Match, Matches, bench_of, match_passed, require_fresh
from solely.store import tallies
from solely.store.engine import LIST_SEPARATOR, as_list, column, list_column
from solely.store.files import write_durably
from solely.store.submission import CHUNK_ROWS, read_chunks

DISPOSITION_COLUMNS: Final = "row, request_id, disposition, reasons, rules"
DECISIONS: Final = (
    "row::BIGINT AS row, request_id::VARCHAR AS request_id, disposition, "
    f"{as_list('reasons')}, {as_list('rules')}"
)
INTERNAL: Final = (
    ", is_record_read, record_ref::VARCHAR AS record_ref, item_sha256, explanation, counts, place, "
    + as_list("cited")
)
DECIDED_AS: Final = ("releasable", "withheld", "referred", "returned", "refused")
KINDS: Final = ("decisions", "facts", "access")
OPEN_STATES: Final = (State.RELEASABLE, State.REFERRED_READ, State.REFERRED_UNREAD)


class Outcome(NamedTuple):
    """One decided item, with everything that its ledger entry commits to."""

    decision: Decision
    item: Item
    record_ref: str | None
    explanation: str
    counts: str
    item_sha256: str

    @property
    def groups(self) -> dict[str, bytes]:
        """The content of the entry's groups."""
        return decision_groups(
            self.decision, self.item_sha256, self.record_ref, self.explanation, counts=self.counts
        )

    @property
    def state(self) -> State:
        """The state that the decision puts the item into."""
        return state_of(self.decision.disposition, is_record_read=self.decision.is_record_read)


class Decided(NamedTuple):
    """A decided chunk: outcomes, the examination, the matches with the rows that they cost, and the tags of
    the persons whom the records were searched for (R-87)."""

    outcomes: list[Outcome]
    examined: Examined
    matches: Matches
    attempts: Sequence[bytes]


def decide_rows(
    services: Services, batch: Mapping[str, Any], reads: Sequence[RowRead], faced: Faced, wide: Wide
) -> Decided:
    """Rows decided, a chunk or one; the records that they reach are taken for all later rows (R-36)."""
    examined, texts = examine_rows(services, batch, reads, faced, wide)
    matches = match_passed(examined, bench_of(services), datetime.fromisoformat(batch["received_at"]))
    tried = {place: match.found.tried_id for place, match in matches.by_place.items()}
    tags = wide.history.tags(faced.facts, tried)
    tries = wide.history.tries(tags)
    most = services.law.limits["attempts_per_person_max"]
    outcomes = [
        outcome_of(
            item,
            examined.rulings[place],
            matches.by_place.get(place),
            wide.taken,
            with_tries(texts[place], tries.get(place, 0)),
            is_tried_out=tries.get(place, 0) >= most,
        )
        for place, item in enumerate(examined.items)
    ]
    return Decided(outcomes, examined, matches, list(tags.values()))


def examine_rows(
    services: Services, batch: Mapping[str, Any], reads: Sequence[RowRead], faced: Faced, wide: Wide
) -> tuple[Examined, list[str]]:
    """The ruling on each request, and the text of the counts that each was judged by; no record is read."""
    desk, items = desk_of(services, received_on(batch)), [read.item for read in reads]
    counts = wide.columns(items, faced.facts)
    found = [[*read.findings, *wide.face.findings.get(read.item.row, ())] for read in reads]
    examined = rule_on(items, faced, found, desk, counts)
    return examined, [
        counts_text(COUNTS, each) for each in zip(*(counts[name] for name in COUNTS), strict=True)
    ]


def outcome_of(
    item: Item,
    ruling: Any,
    match: Match | None,
    taken: set[str],
    counts: str,
    *,
    is_tried_out: bool = False,
) -> Outcome:
    """The decision on one item; the first row to reach a record goes on, a later one is withheld (R-36).

    Where a record was tried as often as it may be, a person decides on what would leave (R-87).
    """
    if match is None:
        decision = Decision(item.row, item.request_id, ruling.disposition, ruling.reasons)
        return Outcome(decision, item, None, "", counts, item_digest(item))
    record_ref = match.found.record_id
    ruling = match.ruling
    disposition, reasons = ruling.disposition or Disposition.RELEASABLE, ruling.reasons
    if record_ref is not None and record_ref in taken:
        disposition, reasons = Disposition.WITHHELD, tuple(sorted({*reasons, SAME_RECORD}))
    elif record_ref is not None:
        taken.add(record_ref)
    if is_tried_out and disposition is Disposition.RELEASABLE:
        disposition, reasons = Disposition.REFERRED, (*reasons, ATTEMPTS)
    decision = Decision(item.row, item.request_id, disposition, reasons, is_record_read=True)
    return Outcome(decision, item, record_ref, match.explanation, counts, item_digest(item))


def require_ready(services: Services) -> None:
    """Return when the records may be used today; else Blocked, and nothing is decided (R-83)."""
    require_fresh(services.records, services.law.matching, services.now().date())


def chunks_of(
    services: Services, batch: Mapping[str, Any], at_once: int = CHUNK_ROWS
) -> Iterator[list[RowRead]]:
    """The rows of a batch as received, chunk by chunk, or so many at once."""
    path = services.folder.batch(batch["id"]) / "submission" / batch["data_file"]
    return read_chunks(path, at_once, services.law.further_columns)


def rows_of_chunk(services: Services, batch: Mapping[str, Any], number: int) -> list[RowRead]:
    """The rows of one chunk, as received."""
    path = services.folder.batch(batch["id"]) / "submission" / batch["data_file"]
    return services.chunk_reader.read(path, number, services.law.further_columns)


def row_of_batch(services: Services, batch: Mapping[str, Any], row: int) -> RowRead:
    """One row, as received; no other row of its chunk is made into an item."""
    path = services.folder.batch(batch["id"]) / "submission" / batch["data_file"]
    return services.chunk_reader.read_row(path, row, services.law.further_columns)


def records_taken(services: Services, batch: Mapping[str, Any]) -> tuple[set[str], int]:
    """The records that decided chunks have reached, and the number of those chunks; files are verified."""
    chunks = kept_chunks(services, batch["id"])
    taken: set[str] = set()
    for chunk in chunks:
        path = chunk_path(services, batch["id"], chunk["number"], "decisions")
        found = services.files.read(path, "record_ref", "record_ref IS NOT NULL")
        taken.update(record_ref for (record_ref,) in found)
    return taken, len(chunks)


# -- a chunk made durable -------------------------------------------------------------------------------


def kept_chunks(services: Services, batch_id: str) -> list[Mapping[str, Any]]:
    """The decided chunks of a batch, their files and rows as they were written; else Blocked (R-05, R-82)."""
    with services.database.transaction() as tx:
        chunks = services.cases.chunks(tx, batch_id)
    for chunk in chunks:
        require_kept(services, chunk)
    return list(chunks)


def every_chunk(services: Services, batch: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of the chunks of a batch, each as it was written; of a decided batch they hold every item that
    its decided entry counts, else Blocked: what is made of fewer would pass for the whole (R-05, R-82)."""
    with services.database.transaction() as tx:
        chunks = services.cases.chunks(tx, batch["id"])
    for chunk in chunks:
        _require_row(services, chunk)
    if batch["decided_index"] is not None:
        held.require_volume(services, batch)
        is_whole = sum(chunk["items"] for chunk in chunks) == batch["items"]
        held.require(is_whole, "a chunk of a decided batch is missing")
    return list(chunks)


def require_kept(
    services: Services, chunk: Mapping[str, Any], digest_of: held.Digest = held.digest_of
) -> None:
    """Return when a chunk's row and its three files are those that were decided; else Blocked."""
    number = chunk["number"]
    _require_row(services, chunk)
    for kind, digest in chunk["digests"].items():
        if digest_of(chunk_path(services, chunk["batch_id"], number, kind)) != digest:
            raise Blocked("STATE_EDITED", f"the {kind} of chunk {number} are not the file that was decided")


def _require_row(services: Services, chunk: Mapping[str, Any]) -> None:
    if chunk["tag"] != held.row_tag(services, chunk):
        raise Blocked("STATE_EDITED", f"the row of chunk {chunk['number']} is not as it was decided")


def add_chunk(services: Services, tx: Any, row: Mapping[str, Any]) -> None:
    """A chunk decided, its row under the gate's key."""
    services.cases.add_chunk(tx, {**row, "tag": held.row_tag(services, row)})


def chunk_path(services: Services, batch_id: str, number: int, kind: str) -> Path:
    """Where a chunk's file of one kind lies: decisions, facts, access."""
    return services.folder.batch(batch_id) / "chunks" / f"{number:05d}.{kind}.parquet"


def event_key(batch_id: str, number: int) -> str:
    """The name under which the ledger has the decisions of a chunk."""
    return f"decisions/{batch_id}/{number}"


def save_chunk(services: Services, batch: Mapping[str, Any], number: int, decided: Decided) -> None:
    """Make a decided chunk durable: files first, then row, entries and cases in one transaction."""
    outcomes = decided.outcomes
    groups = [each.groups for each in outcomes]
    columns = entry_columns(outcomes, groups)
    encoded = journal.decisions(services, batch, (number, 0), columns, services.now())
    digests = write_files(services, batch["id"], number, decided, encoded.positions)
    # A crash before this transaction leaves files without a row; they are written again. A crash after it
    # leaves a decided chunk.
    with services.database.transaction() as tx:
        first_index = services.ledger.append(tx, event_key(batch["id"], number), encoded.entries)
        row = {"batch_id": batch["id"], "number": number, "first_row": outcomes[0].item.row}
        row |= {"items": len(outcomes), "first_index": first_index, "digests": digests}
        add_chunk(services, tx, row)
        placed = zip(outcomes, groups, encoded.positions, decided.examined.facts.addresses, strict=True)
        cases = case_rows(batch["id"], placed, first_index)
        services.cases.add_cases(tx, cases)
        tallies.add_attempts(tx, batch["id"], decided.attempts)


def entry_columns(
    outcomes: Sequence[Outcome], groups: Sequence[Mapping[str, bytes]]
) -> tuple[list[str], list[str], dict[str, list[bytes]]]:
    """What the entries of outcomes commit to, by column: request ids, dispositions, contents by group."""
    return (
        [each.item.request_id or "" for each in outcomes],
        [each.decision.disposition.value for each in outcomes],
        {name: [each[name] for each in groups] for name in ("A", "B", "D")},
    )


def write_files(
    services: Services, batch_id: str, number: int, decided: Decided, places: Sequence[int]
) -> dict[str, str]:
    """Write a chunk's three files; the SHA-256 of each comes back."""
    outcomes, examined, matches, _ = decided
    request_ids = {each.item.row: each.item.request_id for each in outcomes}
    paths = {kind: chunk_path(services, batch_id, number, kind) for kind in KINDS}
    facts = _fact_columns(examined), _fact_select(examined)
    return {
        "access": write_access(services.files, paths["access"], matches.access, request_ids),
        "facts": services.files.write(paths["facts"], *facts),
        "decisions": services.files.write(
            paths["decisions"], _columns(outcomes, places), DECISIONS + INTERNAL
        ),
    }


def _fact_columns(examined: Examined) -> dict[str, Any]:
    facts = {
        f"fact_{name}": column([_fact_text(value) for value in each.values])[each.places]
        for name, each in examined.facts.columns.items()
    }
    return {"row": column([item.row for item in examined.items])} | facts


def _fact_text(value: Any) -> Any:
    return LIST_SEPARATOR.join(sorted(value)) if isinstance(value, frozenset) else value


def _fact_select(examined: Examined) -> str:
    # A column of nothing but nulls has no type of its own, so every fact is stored as text.
    return "row, " + ", ".join(f"fact_{name}::VARCHAR AS {name}" for name in sorted(examined.facts.columns))


def _columns(outcomes: Sequence[Outcome], order: Sequence[int]) -> dict[str, Any]:
    decisions = [each.decision for each in outcomes]
    reasons = Column.of([each.reasons for each in decisions])
    return {
        "row": column([each.row for each in decisions]),
        "request_id": column([each.request_id for each in decisions]),
        "disposition": column([each.disposition.value for each in decisions]),
        "reasons": list_column(reasons.each(codes_of).tolist()),
        "rules": list_column(reasons.each(rules_of).tolist()),
        "cited": list_column(reasons.each(_cited).tolist()),  # each reason with the rule behind it
        "is_record_read": column([each.is_record_read for each in decisions]),
        "record_ref": column([each.record_ref for each in outcomes]),
        "item_sha256": column([each.item_sha256 for each in outcomes]),
        "explanation": column([each.explanation for each in outcomes]),
        "counts": column([each.counts for each in outcomes]),
        "place": column(list(order)),
    }


def _cited(reasons: Sequence[Reason]) -> list[str]:
    return sorted({f"{each}:{each.rule}" for each in reasons})


def case_rows(
    batch_id: str,
    decided: Iterable[tuple[Outcome, dict[str, bytes], int, AddressJudgment]],
    first_index: int,
) -> list[dict[str, Any]]:
    """The rows of the items that people or timers may still touch, each with the index of its entry."""
    return [
        {
            "batch_id": batch_id,
            "row": each.item.row,
            "request_id": each.item.request_id or "",
            "state": each.state.value,
            "version": 0,
            "item": item_text(each.item),
            "evidence": evidence_text(groups),
            "decision_index": first_index + place,
            "decision_key": None,
            **likeness(each.state, each.item, each.decision.reason_codes(), address.address),
        }
        for each, groups, place, address in decided
        if each.state in OPEN_STATES
    ]


def item_text(item: Item) -> str:
    """An item as one text for the case's row."""
    return canonical_json([item.row, *item.cells()]).decode()


def item_of(case: Mapping[str, Any]) -> Item:
    """The item that `item_text` wrote into a case."""
    row, *cells = json.loads(case["item"])
    return Item.of(row, cells)


def evidence_text(groups: Mapping[str, bytes]) -> str:
    """The groups of an entry as one text for the case's row."""
    return canonical_json({name: content.decode() for name, content in groups.items()}).decode()


def evidence_groups(text: str) -> dict[str, bytes]:
    """The groups that `evidence_text` wrote."""
    return {name: content.encode() for name, content in json.loads(text).items()}


# -- the batch closed -----------------------------------------------------------------------------------


def close(services: Services, batch: Mapping[str, Any]) -> None:
    """Join the chunks, answer the requester, put the tally in the ledger and publish (R-05)."""
    folder, batch_id = services.folder.batch(batch["id"]), batch["id"]
    chunks = kept_chunks(services, batch_id)
    parts = {
        kind: [chunk_path(services, batch_id, each["number"], kind) for each in chunks] for kind in KINDS
    }
    counts = _count(services, parts["decisions"])
    if not counts.is_reconciled() or counts.received != batch["items"]:
        raise Blocked("COUNTS", "the dispositions do not add up to the items received")
    digest = services.files.join(parts["decisions"], folder / "dispositions.parquet", DISPOSITION_COLUMNS)
    digests = {
        "dispositions": digest,
        "facts": services.files.join(parts["facts"], folder / "facts.parquet"),
        "access": services.files.join(parts["access"], folder / "access.parquet"),
        "answer": _answer(services, parts["decisions"], folder / "answer.jsonl"),
    }
    made = {"build": services.build}  # so that another build, asked to decide again, names this one
    _log_tally(services, batch, counts, digests | held.tallied(services, batch["id"]) | made)


def _count(services: Services, parts: Sequence[Path]) -> Counts:
    found = services.files.count_by(parts, "disposition")
    return Counts(received=sum(found.values()), **{name: found.get(name, 0) for name in DECIDED_AS})


def _answer(services: Services, parts: Sequence[Path], path: Path) -> str:
    """Write what the requester gets, item by item; the SHA-256 of the file comes back."""
    digest = hashlib.sha256()
    write_durably(path, _answer_lines(services, parts, digest.update))
    return digest.hexdigest()


def _answer_lines(
    services: Services, parts: Sequence[Path], seen: Callable[[bytes], None]
) -> Iterator[bytes]:
    """The lines of the answer, those of a chunk at a time; each is `seen` before it is given."""
    for part in parts:
        lines = b"".join(
            answer_line(request_id, Disposition(disposition), (reasons, rules), is_record_read)
            for request_id, disposition, reasons, rules, is_record_read in services.files.read(
                part, "request_id, disposition, reasons, rules, is_record_read"
            )
        )
        seen(lines)
        yield lines


def _log_tally(
    services: Services, batch: Mapping[str, Any], counts: Counts, digests: Mapping[str, str]
) -> None:
    key, at = f"decided/{batch['id']}", services.now()
    entry = journal.write(
        services.salt_key,
        EntryType.DECIDED,
        at,
        key,
        digests,
        refs=(batch["request_index"],),
        outcome=journal.decided_counts(counts),
        **journal.in_force(services),
    )
    # A crash after this transaction leaves a decided batch whose checkpoint the next opening publishes.
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        # Twice the days that count: a batch received earlier may still be decided by its own window.
        kept_days = 2 * services.law.limits["attempts_days"]
        tallies.forget_attempts(tx, at.date() - timedelta(days=kept_days))
        services.cases.update_batch(
            tx,
            batch["id"],
            {
                "state": "decided",
                "decided_index": index,
                "digests": dict(digests),
                "counts": {name: getattr(counts, name) for name in ("received", *DECIDED_AS)},
            },
        )
    services.ledger.publish()
