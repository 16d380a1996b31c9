"""Decisions made again from what is kept, and held byte for byte against the ledger (R-59).

    1  what was in force then: law, enrolments, tables, index of records, build; what is gone is named
    2  the request is ruled on again from the submission as received; counts over the gate are those that
       the entry commits to, counts over the batch are made again
    3  what passes is matched again, where the index of then is still there
    4  disposition, reasons, counts and explanation must give the body that the entry shows

- A replay changes no decision. It leaves an entry of its own, with its three counts and the decisions that
  came out otherwise: what must have its line in the error register is the ledger's word (R-102).
"""

import json
from bisect import bisect
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from solely import clock
from solely.agreement.column import Column
from solely.decision.evidence import TRIES
from solely.errors import Blocked
from solely.facts.attempts import Tags
from solely.facts.request import RequestFacts
from solely.ledger.entry import Entry, EntryType, decode, time_of
from solely.model import REQUEST_ID, codes_of, rules_of
from solely.oversight.replay import LISTED_MAX, Gone, Otherwise, Replayed, total
from solely.services import Services
from solely.steps import deciding, held, journal
from solely.steps.deciding import Outcome
from solely.steps.facing import GATE_FACTS, Face
from solely.steps.history import Wide, face_batch
from solely.steps.judging_again import require_unedited, version_at_receipt
from solely.steps.parts_then import Parts, are_records_there, gate_then, parts_of, policy_then

Batch = Mapping[str, Any]
Chunk = Mapping[str, Any]
STORED = "row, disposition, reasons, rules, is_record_read, explanation, counts, place"
CASES = 4_096  # later decisions held at a time
NAMED_MAX = 4_096  # decisions that one entry names: an entry has at most 65,535 bytes


class Stored(NamedTuple):
    """One decision as its file has it, and its entry."""

    row: int
    said: tuple[str, list[str], list[str]]
    is_record_read: bool
    explanation: str
    counts: str
    entry_index: int
    entry: Entry


class KeptCounts:
    """The counts over the gate that decisions were judged by, as they were kept beside them."""

    def __init__(self, counts: Sequence[str]) -> None:
        self._counts = [json.loads(each) for each in counts]

    def columns(self, facts: RequestFacts) -> dict[str, Column]:
        """The counts that stood against each row of a chunk, by fact."""
        return {name: Column.of([each.get(name) for each in self._counts]) for name in GATE_FACTS}

    def tries(self, tags: Mapping[int, Tags]) -> dict[int, int]:
        """How often the record that each row tries was tried before it, as it was found then."""
        return {place: self._counts[place].get(TRIES, 0) for place in tags}

    def tags(self, facts: RequestFacts, tried: Mapping[int, str | None]) -> dict[int, Tags]:
        """Empty ones: a replay counts no attempt."""
        return dict.fromkeys(tried, b"")


def replay(services: Services, batches: Sequence[Batch], at: datetime) -> dict[str, Any]:
    """What came of making every decision of these batches again; its entry is in the ledger."""
    services.ledger.require_open()  # a replay is an entry: without it the work would be thrown away
    parts, marks = parts_of(services), _marks(services)
    replayed = []
    for batch in batches:
        services.progress(f"making the decisions of batch {batch['id']} again")
        replayed.append(_Replay(services, batch, parts, marks).made())
    index = _log(services, batches, replayed, at)
    return _told(services, replayed, index)


def _marks(services: Services) -> list[int]:
    """Where the last decision of each batch stands: what came before it was known from there on."""
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
    return sorted(each["decided_index"] for each in batches if each["decided_index"] is not None)


class _Replay:
    """The replay of one batch, chunk by chunk."""

    def __init__(self, services: Services, batch: Batch, parts: Parts, marks: Sequence[int]) -> None:
        self._services, self._batch, self._parts, self._marks = services, batch, parts, marks
        self._made = Replayed(batch["id"])
        self._taken: set[str] = set()
        self._faced: tuple[object, Face] | None = None

    def made(self) -> Replayed:
        """What came of the batch."""
        chunks = deciding.every_chunk(self._services, self._batch)
        gone = self._gone()
        if gone is not None:
            self._made.gone[gone] += sum(each["items"] for each in chunks)
        else:
            for chunk, reads in zip(chunks, deciding.chunks_of(self._services, self._batch), strict=False):
                self._replay_chunk(chunk, reads)
        self._hold_later()
        return self._made

    def _gone(self) -> Gone | None:
        folder = self._services.folder.batch(self._batch["id"]) / "submission"
        if not folder.is_dir():
            return Gone("the submission is not kept")
        held.require_decided(self._services, self._batch)
        return None

    def _replay_chunk(self, chunk: Chunk, reads: Sequence[Any]) -> None:
        stored = self._stored(chunk)
        then = self._services_then(chunk, stored[0].entry)
        if isinstance(then, Gone):
            self._made.gone[then] += chunk["items"]
            return
        services, is_matched, gone = then
        wide = Wide(self._face(services, chunk), KeptCounts([each.counts for each in stored]), self._taken)
        faced = wide.face.faced(chunk["number"])
        if is_matched:
            made = deciding.decide_rows(services, self._batch, reads, faced, wide).outcomes
            for outcome, each in zip(made, stored, strict=True):
                self._compare(outcome, each)
            return
        examined, texts = deciding.examine_rows(services, self._batch, reads, faced, wide)
        for place, each in enumerate(stored):
            ruling = examined.rulings[place]
            if ruling.disposition is None and each.is_record_read:
                self._made.gone[gone] += 1  # the request passes as it did; what the records said is gone
                continue
            outcome = deciding.outcome_of(examined.items[place], ruling, None, self._taken, texts[place])
            self._compare(outcome, each)

    def _stored(self, chunk: Chunk) -> list[Stored]:
        services = self._services
        path = deciding.chunk_path(services, self._batch["id"], chunk["number"], "decisions")
        rows = services.files.read(path, STORED)
        is_whole = len(rows) == chunk["items"]
        held.require(is_whole, f"the decisions of chunk {chunk['number']} are not as many as were made")
        indexes = [chunk["first_index"] + row[-1] for row in rows]
        entries = services.ledger.entries_at(indexes)
        return [
            Stored(row, (word, reasons, rules), is_read, explained, counts, index, decode(entries[index]))
            for (row, word, reasons, rules, is_read, explained, counts, _), index in zip(
                rows, indexes, strict=True
            )
        ]

    def _services_then(self, chunk: Chunk, entry: Entry) -> tuple[Services, bool, Gone] | Gone:
        """The gate as it was when the chunk was decided, whether the records of then are here, and else why
        not."""
        parts = self._parts.at(chunk["first_index"])
        try:
            services = gate_then(version_at_receipt(self._services, self._batch), parts)
        except Blocked:
            return Gone("the version of the agreement of then is not kept")
        if isinstance(services, Gone):
            return services
        if policy_then(parts, services.build) != entry.policy:
            named = (self._batch["digests"] or {}).get("build", "an earlier one that it does not name")
            return Gone(f"decided by another build: {named}")
        gone = Gone("the index of records of then is replaced", parts["records"].replaced)
        return services, are_records_there(services, parts), gone

    def _face(self, services: Services, chunk: Chunk) -> Face:
        """The face of the batch as of a chunk; made once, unless another batch was decided in between."""
        mark = bisect(self._marks, chunk["first_index"])
        if self._faced is None or self._faced[0] != (mark, id(services.inputs), id(services.trust)):
            face = face_batch(services, self._batch, chunk["first_index"])
            self._faced = (mark, id(services.inputs), id(services.trust)), face
        return self._faced[1]

    def _compare(self, outcome: Outcome, stored: Stored) -> None:
        expected = journal.decision_body(
            self._services, self._batch["id"], stored.entry.ordinal or 0, outcome.groups
        )
        word = outcome.decision.disposition.value
        if stored.entry.body == expected and stored.entry.outcome == journal.CLASS_OF[word]:
            self._made.alike += 1
            return
        name = outcome.item.request_id
        shown = name if name and REQUEST_ID.fullmatch(name) else None
        parts = differing(outcome, stored)
        where = (self._batch["id"], stored.row, shown, stored.entry_index)
        self._made.otherwise.append(Otherwise(*where, parts))

    def _hold_later(self) -> None:
        """Hold every later decision of the batch against its entry; one that differs blocks."""
        with self._services.database.transaction() as tx:
            cases = self._services.cases.list_cases(tx, self._batch["id"])
        later = [each for each in cases if each["decision_key"] is not None]
        for start in range(0, len(later), CASES):
            require_unedited(self._services, later[start : start + CASES])
        self._made.later = len(later)


def differing(outcome: Outcome, stored: Stored) -> tuple[str, ...]:
    """Which parts of a decision differ from what was kept beside its entry; `entry` when none does."""
    decision, (word, codes, rules) = outcome.decision, stored.said
    parts = {
        "disposition": decision.disposition.value != word,
        "reasons": [*codes_of(decision.reasons)] != codes or [*rules_of(decision.reasons)] != rules,
        "counts": outcome.counts != stored.counts,
        "explanation": outcome.explanation != stored.explanation,
    }
    return tuple(name for name, differs in parts.items() if differs) or ("entry",)


def _log(services: Services, batches: Sequence[Batch], replayed: Sequence[Replayed], at: datetime) -> int:
    """Put the replay and what it found on record, in one transaction; the index of its entry comes back.

    What is more than one entry may name goes into further ones, which count nothing else.
    """
    key = f"replay/{uuid4().hex}"
    said = {
        each.batch: dict(zip(("alike", "otherwise", "gone"), each.counts(), strict=True)) for each in replayed
    }
    alike, otherwise, gone = total(replayed)
    found = [each.entry for one in replayed for each in one.otherwise]
    named = found[:NAMED_MAX]
    refs = (*(each["decided_index"] for each in batches), *named)
    counts = (alike, len(named), gone)
    entries = [journal.write(services.salt_key, EntryType.REPLAY, at, key, said, refs=refs, outcome=counts)]
    for start in range(NAMED_MAX, otherwise, NAMED_MAX):
        refs = tuple(found[start : start + NAMED_MAX])
        counts = (0, len(refs), 0)
        own = f"{key}/{start}"
        entries.append(
            journal.write(services.salt_key, EntryType.REPLAY, at, own, {}, refs=refs, outcome=counts)
        )
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, entries)
    services.ledger.publish()
    return index


def _told(services: Services, replayed: Sequence[Replayed], index: int) -> dict[str, Any]:
    since = {each.since for one in replayed for each in one.gone if each.since is not None}
    times = {
        place: clock.instant(time_of(data)).isoformat()
        for place, data in services.ledger.entries_at(sorted(since)).items()
    }
    alike, otherwise, gone = total(replayed)
    found = [each for one in replayed for each in one.otherwise]
    return {
        "alike": alike,
        "otherwise": otherwise,
        "not_replayable": gone,
        "batches": [each.as_object(times) for each in replayed],
        "differing": [each.as_object() for each in found[:LISTED_MAX]],
        "entry": index,
    }
