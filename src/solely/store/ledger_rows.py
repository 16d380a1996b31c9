"""Reading and growing the ledger's tables, inside a transaction that the caller began."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from solely.errors import Blocked, Closed, TroubleError, VerificationFailed
from solely.ledger.entry import EntryType, time_of, type_of
from solely.ledger.tiles import encode_bundle, split_bundle
from solely.ledger.tree import WIDTH, leaf_hashes, root_of
from solely.store.ledger_tables import ledger_bundle, ledger_event, ledger_root, ledger_size
from solely.store.postgres import insert_rows

_ROW = 1  # the one row of `ledger_size`

# Stated once: putting a statement together takes as long as running it.
_FIND_EVENT = sa.select(ledger_event.c.first_index, ledger_event.c.count).where(
    ledger_event.c.event_key == sa.bindparam("event_key")
)
_READ_SIZE = sa.select(ledger_size.c.size, ledger_size.c.last_time)
_READ_BUNDLE = sa.select(ledger_bundle.c.width, ledger_bundle.c.entries).where(
    ledger_bundle.c.place == sa.bindparam("place")
)
_FILL_BUNDLE = (
    sa.update(ledger_bundle)
    .where(ledger_bundle.c.place == sa.bindparam("at"))
    .values(width=sa.bindparam("width"), entries=sa.bindparam("entries"))
)
# Compare and swap: a second writer that read the same size finds nothing to change.
_SWAP_SIZE = (
    sa.update(ledger_size)
    .where(ledger_size.c.id == _ROW, ledger_size.c.size == sa.bindparam("old"))
    .values(size=sa.bindparam("size"), last_time=sa.bindparam("last_time"))
)


def find_event(tx: sa.Connection, event_key: str) -> tuple[int, int] | None:
    """First index and number of entries of an event, or None when it never happened."""
    row = tx.execute(_FIND_EVENT, {"event_key": event_key}).first()
    return None if row is None else (int(row[0]), int(row[1]))


def read_size(tx: sa.Connection) -> tuple[int, int]:
    """Number of entries and time of the last one."""
    row = tx.execute(_READ_SIZE).first()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def read_bundle(tx: sa.Connection, place: int) -> list[bytes]:
    """The entries of one bundle row, none when there is no such row."""
    row = tx.execute(_READ_BUNDLE, {"place": place}).first()
    return [] if row is None else _split(place, bytes(row[1]), int(row[0]))


def read_bundles(tx: sa.Connection, first: int, end: int) -> Iterator[tuple[int, bytes, list[bytes]]]:
    """Place, bytes and entries of the bundle rows from `first` to `end` (exclusive); a missing row blocks."""
    query = sa.select(ledger_bundle).where(ledger_bundle.c.place >= first, ledger_bundle.c.place < end)
    expected = first
    for place, width, data in tx.execute(query.order_by(ledger_bundle.c.place)):
        if place != expected:
            break
        yield place, bytes(data), _split(place, bytes(data), width)
        expected += 1
    if expected != end:
        raise Blocked("STATE_EDITED", f"ledger bundle {expected} is missing in the database")


@lru_cache(maxsize=64)  # by the bytes that were just read: nothing stale can come of it
def _entries(data: bytes, width: int) -> tuple[bytes, ...]:
    return tuple(split_bundle(data, width))


def _split(place: int, data: bytes, width: int) -> list[bytes]:
    try:
        return list(_entries(data, width))
    except VerificationFailed as error:
        raise Blocked("STATE_EDITED", f"ledger bundle {place} in the database: {error}") from None


def grow(tx: sa.Connection, events: Sequence[tuple[str, Sequence[bytes]]]) -> int:
    """Append the entries of new events, each with its key; the first index of the first one comes back."""
    assert events and all(entries for _, entries in events), "an event has an entry"
    size, last_time = read_size(tx)
    if last := _last_entry(tx, size):
        if type_of(last) == EntryType.CLOSED:
            raise Closed
        if time_of(last) != last_time:  # it is what every wait and end is held against
            raise Blocked("STATE_EDITED", "the time of the last entry is another in the database")
    rows, at = list[dict[str, Any]](), size
    for key, entries in events:
        if time_of(entries[0]) < last_time or time_of(entries[-1]) < time_of(entries[0]):
            raise TroubleError(
                "the clock went back: an entry would be older than the one before it", retry=True
            )
        rows.append({"event_key": key, "first_index": at, "count": len(entries)})
        at, last_time = at + len(entries), time_of(entries[-1])
    _put_bundles(tx, size, [each for _, entries in events for each in entries])
    insert_rows(tx, ledger_event, rows)
    _put_size(tx, size, at, last_time)
    return size


def is_closed(tx: sa.Connection) -> bool:
    """True once the last entry is `closed`: nothing follows it."""
    last = _last_entry(tx, read_size(tx)[0])
    return last is not None and type_of(last) == EntryType.CLOSED


def _last_entry(tx: sa.Connection, size: int) -> bytes | None:
    last = read_bundle(tx, (size - 1) // WIDTH) if size else []
    return last[-1] if last else None


def _put_bundles(tx: sa.Connection, size: int, entries: Sequence[bytes]) -> None:
    place, filled = divmod(size, WIDTH)
    taken = 0
    if filled:
        tail = read_bundle(tx, place)
        if len(tail) != filled:
            raise Blocked("STATE_EDITED", f"ledger bundle {place} in the database has another length")
        taken = min(WIDTH - filled, len(entries))
        tail += entries[:taken]
        tx.execute(_FILL_BUNDLE, {"at": place, "width": len(tail), "entries": encode_bundle(tail)})
        place += 1
    rows = [
        {"place": place + number, "width": len(part), "entries": encode_bundle(part)}
        for number, at in enumerate(range(taken, len(entries), WIDTH))
        if (part := entries[at : at + WIDTH])
    ]
    insert_rows(tx, ledger_bundle, rows)


def _put_size(tx: sa.Connection, old: int, new: int, time: int) -> None:
    if old == 0:
        tx.execute(sa.insert(ledger_size).values(id=_ROW, size=new, last_time=time))
        return
    if tx.execute(_SWAP_SIZE, {"old": old, "size": new, "last_time": time}).rowcount != 1:
        raise TroubleError("another writer has grown the ledger; nothing was written")


def keep_roots(tx: sa.Connection, roots: Sequence[tuple[int, bytes]]) -> None:
    """Store the subtree hashes of full bundles, in place of any that a crash left."""
    if roots:
        first, last = roots[0][0], roots[-1][0]
        tx.execute(sa.delete(ledger_root).where(ledger_root.c.place.between(first, last)))
        insert_rows(tx, ledger_root, [{"place": place, "root": root} for place, root in roots])


def root_at(tx: sa.Connection, size: int, *, is_full: bool) -> bytes:
    """The root over the first `size` entries as the database has them.

    With `is_full` every entry is hashed; otherwise the stored hashes of full bundles stand for theirs.
    """
    whole, rest = divmod(size, WIDTH)
    if is_full:
        hashes = [root_of(leaf_hashes(entries)) for _, _, entries in read_bundles(tx, 0, whole)]
    else:
        query = sa.select(ledger_root.c.root).where(ledger_root.c.place < whole).order_by(ledger_root.c.place)
        hashes = [bytes(root) for (root,) in tx.execute(query)]
    if len(hashes) != whole:
        raise Blocked("STATE_EDITED", "hashes of ledger bundles are missing in the database")
    if rest:
        hashes.append(root_of(leaf_hashes(read_bundle(tx, whole)[:rest])))
    return root_of(hashes)
