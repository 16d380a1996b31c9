"""One request at a time: the rows of a received batch decided as they are asked for, each durable at once.

- The same functions decide as in bulk (`deciding.decide_rows`), under the same counts over the whole signed
  batch and the gate; only the number of rows at a time differs. There is no rule here (decision 0014).
- Rows are decided in input order, because of two rows that reach one record the first goes on (R-36). Who
  asks for a row has every row before it decided too.
- Group commit: who asks while others are being answered is answered with all who wait, in one transaction,
  whose entries are durable before anybody is told. The checkpoint follows every `PUBLISH_SECONDS`; nothing
  is released before it covers the batch (R-85).
- What is decided stands in the table `online`. When nobody asks any more, whole chunks are put into files as
  if they had been decided in bulk. A crash leaves rows of that table or a chunk; either goes on from there.
"""

import gc
import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, NamedTuple

from solely.agreement.column import Column
from solely.decision.evidence import item_digest
from solely.errors import Blocked, SolelyError, UsageError
from solely.intake.rows import RowRead
from solely.ledger.commitment import CHUNK
from solely.ledger.entry import decode
from solely.model import Decision, Disposition, Item, Reason
from solely.records.base import AccessRow
from solely.services import Services
from solely.steps import deciding, held, journal
from solely.steps.deciding import Decided, Outcome
from solely.steps.examination import Examined, Faced, context_of, face
from solely.steps.history import COUNTS, Wide, received_on
from solely.steps.identification import Matches, require_fresh
from solely.store import tallies

PUBLISH_SECONDS = 1.0
READ_AHEAD = 64  # rows
AT_ONCE = 256  # rows decided before others may act
KEPT = 2048  # rows at least, at hand for who asks again
Row = Mapping[str, Any]


class Logged(NamedTuple):
    """One decided row: its outcome with the explanation, the records read for it, and its ledger entry."""

    outcome: Outcome
    access: tuple[AccessRow, ...]
    entry_index: int
    entry: bytes


def is_begun(services: Services, batch: Row, done: int) -> bool:
    """True when rows after the first `done` chunks were decided one at a time, as the ledger knows."""
    with services.database.transaction() as tx:
        return services.ledger.find(tx, _event_key(batch["id"], done, 0)) is not None


class Sitting:
    """A received batch while its rows are decided as they are asked for; for one thread at a time."""

    def __init__(self, services: Services, batch: Row, wide: Wide, done: int) -> None:
        self._services, self._batch, self._wide = services.by_row(), batch, wide
        self._context = context_of(services, received_on(batch))
        self._done = done  # chunks that stand in files
        self._next = done * CHUNK + 1  # the first row that is not decided
        self._last: list[Logged] = []  # decided last, row after row, for who asks again
        self._resume()
        # A few at a time, so that no request waits while thousands are read.
        ahead = chain.from_iterable(deciding.chunks_of(services, batch, READ_AHEAD))
        self._reads = islice(ahead, self._next - 1, None)

    @property
    def is_whole(self) -> bool:
        """True when every row of the batch is decided."""
        return self._next > int(self._batch["items"])

    @property
    def next_row(self) -> int:
        """The first row that is not decided."""
        return self._next

    def decide(self, row: int) -> None:
        """Decide every row up to `row` that is not decided yet; all are durable when this returns."""
        while self._next <= row:
            room = CHUNK - (self._next - 1) % CHUNK
            reads = list(islice(self._reads, min(row + 1 - self._next, room)))
            if not reads:
                return
            self._decide_rows(reads)

    def find(self, row: int) -> Logged | None:
        """A decided row; None of one that the batch does not have, or whose chunk stands in files."""
        if not self._done * CHUNK < row < self._next:
            return None
        place = row - self._last[0].outcome.item.row if self._last else -1
        if 0 <= place < len(self._last):
            return self._last[place]
        number, place = divmod(row - 1, CHUNK)
        return self._stored(number, deciding.rows_of_chunk(self._services, self._batch, number))[place]

    def finishing_chunk(self) -> Generator[None, None, int]:
        """Decide what is left of the chunk that was begun, a few rows at each step; the number of chunks in
        files comes back."""
        last = min(max(-(-(self._next - 1) // CHUNK), self._done + 1) * CHUNK, int(self._batch["items"]))
        while self._next <= last:
            self.decide(min(self._next + AT_ONCE - 1, last))
            yield
        return self.close()

    # -- one group -------------------------------------------------------------------------------------

    def _decide_rows(self, reads: Sequence[RowRead]) -> None:
        services, at = self._services, self._services.now()
        require_fresh(services.records, services.law.matching, at.date())
        faced = face([each.item for each in reads], self._context)
        decided = deciding.decide_rows(services, self._batch, reads, faced, self._wide)
        self._last += self._save(decided, at)
        self._next += len(reads)
        if len(self._last) > 2 * KEPT:
            del self._last[:-KEPT]

    def _save(self, decided: Decided, at: datetime) -> list[Logged]:
        services, batch_id, outcomes = self._services, self._batch["id"], decided.outcomes
        groups = [each.groups for each in outcomes]
        columns, chunk = deciding.entry_columns(outcomes, groups), divmod(self._next - 1, CHUNK)
        encoded = journal.decisions(services, self._batch, chunk, columns, at)
        access: dict[int, list[AccessRow]] = {each.item.row: [] for each in outcomes}
        for each in decided.matches.access:
            access[each.row].append(each)
        # A crash before this transaction leaves nothing of these rows; a crash after it leaves them decided.
        with services.database.transaction() as tx:
            key = _event_key(batch_id, *chunk)
            known = (key, deciding.event_key(batch_id, chunk[0]))
            if any(services.ledger.find(tx, each) is not None for each in known):
                raise Blocked("STATE_EDITED", "rows that the ledger has as decided are missing")
            first = services.ledger.append(tx, key, encoded.entries)
            logged = [
                Logged(each, tuple(access[each.item.row]), first + position, encoded.entries[position])
                for each, position in zip(outcomes, encoded.positions, strict=True)
            ]
            row = {"batch_id": batch_id, "first_row": self._next, "decided": _as_text(logged)}
            services.cases.add_online(tx, row | {"tag": held.row_tag(services, row)})
            addresses = decided.examined.facts.addresses
            placed = zip(outcomes, groups, encoded.positions, addresses, strict=True)
            services.cases.add_cases(tx, deciding.case_rows(batch_id, placed, first))
            tallies.add_attempts(tx, batch_id, decided.attempts)
        return logged

    # -- what stands in the table ----------------------------------------------------------------------

    def close(self) -> int:
        """Put every chunk that is decided into its files; the number of chunks in files comes back."""
        chunks = enumerate(deciding.chunks_of(self._services, self._batch))
        for number, reads in islice(chunks, self._done, None):
            logged = self._stored(number, reads)
            if len(logged) < len(reads):
                break
            self._close_chunk(number, reads, logged)
            self._done = number + 1
        return self._done

    def _close_chunk(self, number: int, reads: Sequence[RowRead], logged: Sequence[Logged]) -> None:
        """Put a chunk into its files and its row, as bulk does."""
        services, batch_id = self._services, self._batch["id"]
        first = min(each.entry_index for each in logged)
        places = [each.entry_index - first for each in logged]
        decided = _as_decided([each.item for each in reads], self._wide.face.faced(number), logged)
        digests = deciding.write_files(services, batch_id, number, decided, places)
        row = {"batch_id": batch_id, "number": number, "first_row": reads[0].item.row}
        row |= {"items": len(reads), "first_index": first, "digests": digests}
        # A crash before this transaction leaves files without a row; they are written again.
        with services.database.transaction() as tx:
            deciding.add_chunk(services, tx, row)
            services.cases.drop_online(tx, batch_id, reads[0].item.row, reads[-1].item.row)

    def _resume(self) -> None:
        """Take up what was decided and stands in no chunk."""
        chunks = enumerate(deciding.chunks_of(self._services, self._batch))
        for number, reads in islice(chunks, self._done, None):
            logged = self._stored(number, reads)
            self._wide.taken.update(each.outcome.record_ref for each in logged if each.outcome.record_ref)
            self._next += len(logged)
            if len(logged) < len(reads):
                break

    def _stored(self, number: int, reads: Sequence[RowRead]) -> list[Logged]:
        """The decided rows of a chunk from the table, once each agrees with its ledger entry (R-82)."""
        services, first = self._services, number * CHUNK + 1
        with services.database.transaction() as tx:
            stored = services.cases.online(tx, self._batch["id"], first, first + CHUNK - 1)
        if any(each["tag"] != held.row_tag(services, each) for each in stored):
            raise Blocked("STATE_EDITED", "rows that were decided one at a time are not as they were decided")
        texts = [text for each in stored for text in json.loads(each["decided"])]
        if not texts:
            return []
        items = [each.item for each in reads[: len(texts)]]
        if [each[0] for each in texts] != [each.row for each in items]:
            raise Blocked("STATE_EDITED", "rows that were decided one at a time are missing or too many")
        entries = services.ledger.entries_at([each[1] for each in texts])
        return [self._taken(text, item, entries[text[1]]) for text, item in zip(texts, items, strict=True)]

    def _taken(self, text: Sequence[Any], item: Item, data: bytes) -> Logged:
        logged, entry = _of_row(text, item, data), decode(data)
        body = journal.decision_body(
            self._services, self._batch["id"], entry.ordinal or 0, logged.outcome.groups
        )
        if entry.body != body or logged.outcome.item_sha256 != item_digest(item):
            raise Blocked("STATE_EDITED", f"row {item.row}: the decision differs from its ledger entry")
        return logged


# -- a decided row in the table -------------------------------------------------------------------------


def _event_key(batch_id: str, number: int, done: int) -> str:
    return f"{deciding.event_key(batch_id, number)}/{done}"


def _as_text(logged: Sequence[Logged]) -> str:
    return json.dumps([_as_row(each) for each in logged], separators=(",", ":"))


def _as_row(logged: Logged) -> list[Any]:
    outcome, decision = logged.outcome, logged.outcome.decision
    read = [(each.record_ref, each.purpose, each.at.isoformat()) for each in logged.access]
    said = (decision.disposition.value, decision.reasons, decision.is_record_read)
    more = (outcome.record_ref, outcome.explanation, outcome.counts, outcome.item_sha256)
    return [outcome.item.row, logged.entry_index, *said, *more, read]


def _of_row(text: Sequence[Any], item: Item, entry: bytes) -> Logged:
    row, index, disposition, reasons, is_read, record_ref, explanation, counts, sha256, read = text
    named = tuple(Reason(*each) for each in reasons)
    decision = Decision(row, item.request_id, Disposition(disposition), named, is_read)
    access = tuple(AccessRow(row, ref, purpose, datetime.fromisoformat(at)) for ref, purpose, at in read)
    return Logged(Outcome(decision, item, record_ref, explanation, counts, sha256), access, index, entry)


def _as_decided(items: Sequence[Item], faced: Faced, logged: Sequence[Logged]) -> Decided:
    """A whole chunk as bulk has it; the counts are those that each row was judged by."""
    outcomes, facts = [each.outcome for each in logged], faced.facts
    counts = [json.loads(each.counts) for each in outcomes]
    facts.columns.update({name: Column.of([each.get(name) for each in counts]) for name in COUNTS})
    access = [row for each in logged for row in each.access]
    return Decided(outcomes, Examined(items, facts, ()), Matches({}, access), ())


# -- many who ask ---------------------------------------------------------------------------------------


class _Asked(NamedTuple):
    """One who asks for a row, and what the answer will be."""

    row: int
    answer: Future[Logged]


class Online:
    """A batch that many threads ask; each gets its row when its entry is durable.

    One thread decides. Whoever asks meanwhile is in the next group, in order of asking.
    """

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()
        self._failed: BaseException | None = None
        self._thread = Thread(target=self._answer, name="deciding", daemon=True)
        self._thread.start()

    def ask(self, row: int) -> Logged:
        """The decision on one row with its explanation; its entry is durable."""
        asked = _Asked(row, Future())
        self._asked.put(asked)
        return asked.answer.result()

    def close(self) -> None:
        """Answer who has asked, then nobody more."""
        self._asked.put(None)
        self._thread.join()

    def _answer(self) -> None:
        while (first := self._asked.get()) is not None:
            group = [first]
            # Whoever comes while this group is decided is in the next one, however many they are.
            for _ in range(self._asked.qsize()):
                asked = self._asked.get()
                if asked is None:
                    self._asked.put(None)
                    break
                group.append(asked)
            self._answer_all(group)

    def _answer_all(self, group: Sequence[_Asked]) -> None:
        try:
            if self._failed is not None:
                raise self._failed
            self._sitting.decide(max(each.row for each in group))
        except BaseException as error:  # noqa: BLE001 -- each of those who wait is told
            # What is in memory may be ahead of the disk: nothing is decided until the batch is opened anew.
            self._failed = error
            for each in group:
                each.answer.set_exception(error)
            return
        for each in group:
            found = self._sitting.find(each.row)
            if found is None:
                unknown = UsageError("the batch has no such row, or `explain` tells its decision")
                each.answer.set_exception(unknown)
            else:
                each.answer.set_result(found)


@contextmanager
def settled() -> Iterator[None]:
    """What is open stays open meanwhile, so nobody waits while it is searched for what could be given up."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def published(services: Services) -> Iterator[None]:
    """The checkpoint follows the entries meanwhile, every `PUBLISH_SECONDS` and at the end."""
    ended, failed = Event(), list[SolelyError]()

    def follow() -> None:
        while not ended.wait(PUBLISH_SECONDS):
            try:
                services.ledger.publish()
            except SolelyError as error:
                failed.append(error)
                return

    thread = Thread(target=follow, name="publishing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
    if failed:
        raise failed[0]
    services.ledger.publish()
