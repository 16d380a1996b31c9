"""The ledger of a gate: entries grow in the caller's transaction, heads are signed and published after it.

The order is the point (T1 to T7 of ledger.md 4.3):

    T1 append     in the transaction that decides: event key, next index, entry bytes, time never backwards
    T2 integrate  from committed rows only, which are read and hashed anew
    T3 swap       the store of signed heads, outside every backup: old head -> new head
    T4 sign       the checkpoint, with both keys of the log
    T5 witness    where `witness.policy` names witnesses: their quorum cosigns, or nothing goes on (R-56)
    T6 write      tiles and bundles, flushed; then the checkpoint, flushed
    T7 act        the caller releases what lies below the published size, and nothing else

- A crash between any two leaves database >= head >= checkpoint, each a prefix of the one before;
  `publish` goes on from there. Any other relation blocks the gate (R-56, R-82). What a witness has cosigned
  is a prefix of the head; when it is not, an old copy of the gate was put back, or the log was forked.
"""

import base64
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache, partial
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec

from solely.errors import Blocked, Closed, TroubleError, UsageError, VerificationFailed
from solely.ledger.checkpoint import Checkpoint, sign, verify
from solely.ledger.entry import EntryType, decode, encode, time_of, type_of
from solely.ledger.note import VerifierKey, read_note, verifier_key
from solely.ledger.policy import Policy, parse_policy
from solely.ledger.proof import write_proof
from solely.ledger.tiles import bundle_path, encode_bundle, node_reader, tile_path
from solely.ledger.tree import SIZE_MAX, WIDTH, Edge, Nodes, Tile, inclusion_proof, leaf_hash, leaf_hashes
from solely.store import ledger_rows
from solely.store.database import begun, kind_of
from solely.store.files import PRIVATE, write_durably
from solely.store.ledger_files import FOLDER_LOST, LedgerPaths, LogFolder, tile_files, told_mended
from solely.store.ledger_heads import EMPTY, Head, HeadStore
from solely.store.ledger_keys import pem, read_p256_key, read_policy, read_salt_key, read_second, read_vkey
from solely.store.log_key import (
    EARLIER_BACK,
    alone_event,
    drop_earlier,
    keep_earlier,
    new_log_key,
    prepare_next,
    read_keys,
    take_next,
)
from solely.store.postgres import publishing
from solely.store.witnesses import Witnesses

BULK = frozenset((EntryType.DECISION, EntryType.RELEASE))
DENIED_SHOWING = -1  # among `places`, beside the types: the showings that were denied
STEP = 256 * WIDTH  # entries published at once: bounds the memory of a bulk publishing
SECONDS_APART = 300  # that an entry's time and a witness's may differ
FULL_CHECK_MAX = 2**18  # below this size the start-up check hashes every entry


class Published(NamedTuple):
    """A checkpoint that is on disk; `root` is base64 as in the checkpoint.

    `cosigned` has the name of each witness in the policy that cosigned it, with the second it states.
    """

    size: int
    root: str
    checkpoint: bytes
    cosigned: Mapping[str, int]


class _Growth(NamedTuple):
    """What integrating rows gave: the new edge, files to write, and the tiles that are full now."""

    edge: Edge
    files: dict[str, bytes]
    tiles: list[Tile]
    newest: bytes  # entry

    @property
    def full(self) -> list[str]:
        """The paths that are full now."""
        names = [tile_path(each.level, each.place) for each in self.tiles]
        return names + [bundle_path(each.place) for each in self.tiles if each.level == 0]


class Ledger:
    """One log: the only writer of the ledger's tables, head store and public folder."""

    def __init__(self, engine: sa.Engine, root: Path, heads: Path | None = None) -> None:
        paths = LedgerPaths(root, heads)
        self._engine = engine
        self._paths = paths
        self._key, self._earlier = read_keys(paths.keys)
        self.vkey = read_vkey(paths.vkey, self._key, self._earlier)
        # A gate of an earlier build has no second key until `init` is run on it again.
        if paths.second_key.exists() and not paths.second_vkey.exists():
            raise Blocked(
                "STATE_EDITED", f"`{paths.second_vkey.name}` is missing; `solely init` makes it anew"
            )
        self._second = [read_second(paths)] if paths.second_vkey.exists() else []
        self.salt_key = read_salt_key(paths.salt_key)
        self._heads = HeadStore(paths.heads)
        self._witnesses = Witnesses(read_policy(paths.policy), self.vkey)
        self._folder = LogFolder(paths.log)
        self._is_shared = engine.dialect.name == "postgresql"  # other processes may append and publish too
        self._edge: Edge | None = None
        self._apart: tuple[int, int] | None = None
        self._full: list[str] = []  # tiles that became full since the last checkpoint
        self._places: dict[int, list[int]] = {}  # entries by type, but for the many; see `places`
        self._counted: Counter[int] = Counter()  # the many, by type
        self._looked = 0  # how many entries those come from

    @classmethod
    def create(cls, engine: sa.Engine, root: Path, origin: str, heads: Path | None = None) -> "Ledger":
        """A ledger with new keys; parts that a broken-off creation left are kept."""
        paths = LedgerPaths(root, heads)
        if not paths.log_key.exists():
            write_durably(paths.log_key, new_log_key(), mode=PRIVATE)
        if not paths.salt_key.exists():
            write_durably(paths.salt_key, os.urandom(32).hex().encode() + b"\n", mode=PRIVATE)
        if not paths.vkey.exists():
            vkey = verifier_key(origin, read_keys(paths.keys)[0])
            write_durably(paths.vkey, vkey.text().encode() + b"\n")
        if not paths.second_key.exists():
            write_durably(paths.second_key, pem(ec.generate_private_key(ec.SECP256R1())), mode=PRIVATE)
        if not paths.second_vkey.exists():
            name = read_vkey(paths.vkey, *read_keys(paths.keys)).name
            vkey = verifier_key(name, read_p256_key(paths.second_key))
            write_durably(paths.second_vkey, vkey.text().encode() + b"\n")
        HeadStore(paths.heads, create=True).close()
        paths.log.mkdir(parents=True, exist_ok=True)
        return cls(engine, root, heads)

    def go_by(self, policy: bytes) -> None:
        """Ask the witnesses of another policy from now on; UsageError when it is none for this log."""
        witnesses = Witnesses(parse_policy(policy), self.vkey)
        self._witnesses.close()
        self._witnesses = witnesses

    @property
    def is_held_outside(self) -> bool:
        """True where an old copy of the gate's whole folder would be noticed: the signed heads lie elsewhere,
        or no checkpoint is published without a witness (ledger.md 4.3)."""
        return self._paths.heads_outside is not None or not self.policy.is_met(())

    @property
    def policy(self) -> Policy:
        """The witness policy in force; without witnesses where the gate has none."""
        return self._witnesses.policy

    # -- the log's own key ----------------------------------------------------------------------------

    @property
    def is_overlapping(self) -> bool:
        """True while checkpoints bear the signature of the earlier key too."""
        return self._earlier is not None

    def prepare_key(self) -> VerifierKey:
        """The public side of the key that comes next; a broken-off rotation keeps the one that it made."""
        return verifier_key(self.vkey.name, prepare_next(self._paths.keys))

    def take_key(self) -> None:
        """Sign with the prepared key and the present one from now on.

        The checkpoint bears both signatures before the keys change places, so that it holds under whichever
        is the present one when a crash comes between.
        """
        before, after = self._key, prepare_next(self._paths.keys)
        keep_earlier(self._paths.keys, before)
        write_durably(self._paths.earlier_vkey, self.vkey.text().encode() + b"\n")
        self._earlier = after
        self._folder.write_checkpoint(self._sign(self._public()))
        take_next(self._paths.keys)
        self._key, self._earlier = after, before
        self.vkey = verifier_key(self.vkey.name, after)
        write_durably(self._paths.vkey, self.vkey.text().encode() + b"\n")

    def drop_earlier_key(self) -> None:
        """Sign with the present key alone from now on; the earlier one is gone."""
        self._earlier = None
        self._folder.write_checkpoint(self._sign(self._public()))
        drop_earlier(self._paths.keys)
        self._paths.earlier_vkey.unlink(missing_ok=True)

    def write_ahead(self) -> AbstractContextManager[None]:
        """Publish with fewer flushes meanwhile, where no other process may swap the head."""
        return nullcontext() if self._is_shared else self._heads.write_ahead()

    def close(self) -> None:
        """Close the public folder, the store of heads and the connections to witnesses."""
        self._folder.close()
        self._witnesses.close()
        self._heads.close()

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        """A transaction on the ledger's tables; trouble with the database is told as such."""
        try:
            with begun(self._engine) as tx:
                yield tx
        except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
            raise TroubleError(f"the ledger's tables cannot be used: {kind_of(error)}") from None

    # -- T1: inside the caller's transaction ----------------------------------------------------------

    def append(self, tx: sa.Connection, event_key: str, entries: Sequence[bytes]) -> int:
        """The first index of an event's entries; an event that already happened keeps its own (R-13)."""
        known = ledger_rows.find_event(tx, event_key)
        if known is None:
            return ledger_rows.grow(tx, [(event_key, entries)])
        self._require_event(tx, known, entries)
        return known[0]

    def _require_event(self, tx: sa.Connection, known: tuple[int, int], entries: Sequence[bytes]) -> None:
        """Return when what stands for an event that happened already is of that event; else Blocked (R-82).

        A key that an edit had put there beforehand would swallow the event when it comes.
        """
        first, count = known
        is_there = count == len(entries) and first + count <= self.size(tx)
        stored = self.entries(tx, first, count) if is_there else []
        if [_event_of(each) for each in stored] != [_event_of(each) for each in entries]:
            raise Blocked("STATE_EDITED", "what stands for an event is not of that event")

    def append_each(self, tx: sa.Connection, events: Sequence[tuple[str, bytes]]) -> None:
        """Append one entry for each of many events whose keys are new, in one write (group commit)."""
        time, moved = self.time(tx, 0), list[tuple[str, list[bytes]]]()
        for key, entry in events:
            time = max(time, time_of(entry))
            moved.append((key, [_at(entry, time)]))
        if moved:
            ledger_rows.grow(tx, moved)

    def find(self, tx: sa.Connection, event_key: str) -> tuple[int, int] | None:
        """First index and number of entries of an event, or None when it never happened."""
        return ledger_rows.find_event(tx, event_key)

    def size(self, tx: sa.Connection) -> int:
        """The number of entries, those of this transaction included."""
        return ledger_rows.read_size(tx)[0]

    def time(self, tx: sa.Connection, now: int) -> int:
        """The time for a new entry, in milliseconds: now, or that of the last entry if it is later."""
        return max(now, ledger_rows.read_size(tx)[1])

    def timed(self, tx: sa.Connection, entry: bytes) -> bytes:
        """The entry, its time moved up to the last one's where another process was quicker (T1)."""
        return _at(entry, self.time(tx, time_of(entry)))

    def entries(self, tx: sa.Connection, first: int, count: int) -> list[bytes]:
        """The bytes of `count` entries from index `first`."""
        if first < 0 or count < 1 or first + count > self.size(tx):
            raise UsageError("the ledger has no such entry")
        start, end = first // WIDTH, (first + count - 1) // WIDTH + 1
        found = [each for _, _, entries in ledger_rows.read_bundles(tx, start, end) for each in entries]
        return found[first - start * WIDTH :][:count]

    @property
    def is_closed(self) -> bool:
        """True once the log takes nothing more."""
        with self._transaction() as tx:
            return ledger_rows.is_closed(tx)

    def require_open(self) -> None:
        """Return while the log takes entries; Closed tells, before any work, what could not be logged."""
        if self.is_closed:
            raise Closed

    # -- T2 to T6: after the caller's commit ----------------------------------------------------------

    def publish(self) -> Published:
        """The checkpoint that covers every committed entry, durable before this returns (log, then act)."""
        if not self._is_shared:
            return self._publish()
        with self._transaction() as connection:
            needed = ledger_rows.read_size(connection)[0]
        with publishing(self._engine):
            # Whoever had the turn before may have published for all who waited; the rest of the work is then
            # to hold the database against the checkpoint, which a replica that lags must not escape.
            if self._edge is not None and self._edge.size != self._public().size:
                self._edge, self._full = None, []  # another process has published since
            return self._publish(needed)

    def _publish(self, needed: int = SIZE_MAX) -> Published:
        head = self._heads.read()
        edge = self._published_edge()
        with self._transaction() as tx:
            size = ledger_rows.read_size(tx)[0]
            self._require_last(tx, edge)
            if not edge.size <= head.size <= size <= SIZE_MAX:
                raise Blocked("STATE_EDITED", "checkpoint, head and database are not prefixes of one another")
            if needed <= edge.size == head.size:
                size = edge.size  # whoever had the turn before published for all who waited
            growth = self._integrate(tx, edge, head, size) if edge.size < size else None
        while growth is not None:
            edge, head = self._publish_step(growth, head)
            growth = None
            if edge.size < size:
                with self._transaction() as tx:
                    growth = self._integrate(tx, edge, head, size)
        note = self._folder.read_checkpoint()
        # A checkpoint that stands may have been made under an earlier policy.
        if note is None or (edge.size and not self._witnesses.policy.is_met(self._cosigned(note))):
            note = self._sign(Head(edge.size, edge.root()))
            self._folder.write_checkpoint(note)
        return Published(edge.size, base64.b64encode(edge.root()).decode(), note, self._cosigned(note))

    def _compare_clocks(self, size: int, newest: bytes, note: bytes) -> None:
        """Remember how far the newest entry's time and a witness's lie apart, if beyond the bound (I8)."""
        ours = time_of(newest) / 1000
        apart = [round(ours - at) for at in self._cosigned(note).values()]
        widest = max(apart, key=abs, default=0)
        if abs(widest) > SECONDS_APART and type_of(newest) != EntryType.CLOCK:
            self._apart = (size - 1, widest)

    def clocks_apart(self) -> tuple[int, int] | None:
        """An entry whose time lies far from its witness's, and by how many seconds; told once."""
        apart, self._apart = self._apart, None
        return apart

    def renew(self) -> Published:
        """The published checkpoint cosigned once more, so that its age shows that the log is alive."""
        public = self.publish()
        with self._unmoved():
            if self._witnesses.policy.witnesses and self.published().size == public.size:
                head = self._public()
                self._folder.write_checkpoint(self._sign(head))
        return self.published()

    def _require_last(self, tx: sa.Connection, edge: Edge) -> None:
        """Return when the database still has the last entry that was published; else Blocked.

        An old database that was put back under a running gate, and grew again, has another one there: every
        entry holds chance. Asked also when nothing is new, because a release relies on the size alone (I1).
        """
        if edge.size == 0:
            return
        place, last = divmod(edge.size - 1, WIDTH)
        entries = ledger_rows.read_bundle(tx, place)
        hashes = edge.tail() or self._folder.read_tile(0, place, WIDTH)
        if len(entries) <= last or leaf_hash(entries[last]) != hashes[last]:
            raise Blocked("STATE_EDITED", f"the database does not hold the published entry {edge.size - 1}")

    def _publish_step(self, growth: _Growth, head: Head) -> tuple[Edge, Head]:
        end = growth.edge.size
        grown = Head(end, growth.edge.root())
        if end > head.size:
            self._heads.swap(head, grown)  # T3
            head = grown
        elif end == head.size and grown != head:
            raise Blocked("STATE_EDITED", "the database does not lead to the signed head")
        self._folder.write(growth.files)  # T6, first half: no reader asks for these yet
        self._full += growth.full
        if end == head.size:
            note = self._sign(grown)  # T4, T5
            self._folder.write_checkpoint(note)  # T6, second half
            self._compare_clocks(end, growth.newest, note)
            self._folder.drop_partials(self._full)
            self._full = []
        self._edge = growth.edge
        return growth.edge, head

    def _sign(self, head: Head) -> bytes:
        """The signed checkpoint of a head whose tiles are written, with its witnesses' cosignatures."""
        checkpoint = Checkpoint(self.vkey.name, *head)
        earlier = [] if self._earlier is None else [self._earlier]
        note = sign(checkpoint, self._key, *earlier, *self._second)
        if not head.size or not self._witnesses.policy.witnesses:
            return note  # of nothing, of which no witness is asked, or where there are none
        public = self.published()
        sizes = dict.fromkeys(public.cosigned, public.size)
        return self._witnesses.cosign(checkpoint, note, sizes, node_reader(self._folder.read_tile, head.size))

    def _cosigned(self, note: bytes) -> dict[str, int]:
        try:
            return self._witnesses.policy.seen(read_note(note))
        except VerificationFailed as error:
            raise Blocked("STATE_EDITED", str(error)) from None

    def _integrate(self, tx: sa.Connection, edge: Edge, head: Head, size: int) -> _Growth:
        """What comes of the committed rows up to `size`, or as far as one step goes (T2)."""
        # A head that was swapped but never published is passed through, so that its root is checked.
        pending = head.size if edge.size < head.size else size
        growth = self._grown(tx, edge, min(pending, edge.size + STEP))
        ledger_rows.keep_roots(tx, [(t.place, t.root) for t in growth.tiles if t.level == 0 and t.root])
        return growth

    def _grown(self, tx: sa.Connection, edge: Edge, end: int) -> _Growth:
        """What comes of the committed rows between an edge and `end`."""
        grown, full, files, newest = edge.copy(), list[Tile](), dict[str, bytes](), b""
        first, last = edge.size // WIDTH, -(-end // WIDTH)
        for place, data, entries in ledger_rows.read_bundles(tx, first, last):
            taken = entries[: end - place * WIDTH]
            newest = taken[-1]
            hashes, tail = leaf_hashes(taken), grown.tail()
            if hashes[: len(tail)] != tail:
                raise Blocked("STATE_EDITED", f"ledger bundle {place} differs from what was published")
            full += grown.extend(hashes[len(tail) :])
            whole = data if len(taken) == len(entries) else encode_bundle(taken)
            files[bundle_path(place, len(taken))] = whole
        if grown.size != end:
            raise Blocked("STATE_EDITED", "the database holds fewer entries than it states")
        files |= tile_files(full + grown.partial_tiles())
        return _Growth(grown, files, full, newest)

    def _published_edge(self) -> Edge:
        if self._edge is None:
            public = self._public()
            self._edge = self._folder.read_edge(public.size)
            if self._edge.root() != public.root:
                raise Blocked("STATE_EDITED", "the public tiles do not lead to the checkpoint's root")
        return self._edge

    def _public(self) -> Head:
        note = self._folder.read_checkpoint()
        if note is None:
            return EMPTY
        try:
            _, size, root = verify(note, self.vkey)
        except VerificationFailed as error:
            raise Blocked("STATE_EDITED", str(error)) from None
        return Head(size, root)

    # -- start-up and reading -------------------------------------------------------------------------

    def check_start(self, *, is_full: bool | None = None) -> str:
        """Return when checkpoint, witnesses, signed head and database are prefixes of one another, or block;
        what had to be put right is told, of the public folder and of an earlier key.

        A witness that does not answer now is asked again before anything is published.
        Every entry is hashed when `is_full`, or by default while the log is small; otherwise the stored
        hashes of full bundles are.
        """
        with self._unmoved():
            public, head = self._public(), self._heads.read()
            self._edge = None
            is_torn = self._is_torn()
        with self._transaction() as tx:
            size = ledger_rows.read_size(tx)[0]
            _require_order(("public checkpoint", public.size), ("signed head", head.size), ("database", size))
            full = size <= FULL_CHECK_MAX if is_full is None else is_full
            # Checkpoint, head and witnesses are of one size as a rule: each size is hashed once.
            root_at = cache(partial(ledger_rows.root_at, tx, is_full=full))
            for name, each in (("public checkpoint", public), ("signed head", head)):
                # Hashes are stored when bundles are integrated; those of a head that was swapped are there.
                if root_at(each.size) != each.root:
                    raise Blocked("STATE_EDITED", f"the database does not lead to the {name}'s root")
            mended = self._serve_whole(tx, public.size) if full or is_torn else 0
            for name, seen in self._witnesses.latest().items():
                _require_covered(name, seen.size, head.size)
                if root_at(seen.size) != seen.root:
                    raise Blocked("STATE_EDITED", f"witness `{name}` has cosigned another tree: a fork")
            is_back = self._earlier is not None and self.find(tx, alone_event(self.vkey)) is not None
        self._published_edge()
        if is_back:
            self.drop_earlier_key()
        told = (EARLIER_BACK * is_back, FOLDER_LOST * (public.size < head.size), told_mended(mended))
        return "; ".join(filter(None, told))

    def _is_torn(self) -> bool:
        """True where the tiles of the published edge do not lead to the root that the checkpoint states."""
        try:
            self._published_edge()
        except Blocked:
            return True
        return False

    def _serve_whole(self, tx: sa.Connection, size: int) -> int:
        """Write again what the public folder lacks or has otherwise than the database, which leads to the
        published root: whatever is served hashes to it (I9). How many files these were."""
        edge, mended = Edge(0, []), 0
        while edge.size < size:
            growth = self._grown(tx, edge, min(size, edge.size + STEP))
            edge = growth.edge
            is_last = edge.size == size  # upper tiles that are partial on the way are none of the tree's
            files = {name: each for name, each in growth.files.items() if is_last or ".p/" not in name}
            mended += self._folder.mend(files)
        return mended

    def _unmoved(self) -> AbstractContextManager[None]:
        """While this lasts no other process publishes."""
        return publishing(self._engine) if self._is_shared else nullcontext()

    def published(self) -> Published:
        """The checkpoint on disk."""
        public = self._public()
        note = self._folder.read_checkpoint() or b""
        cosigned = self._cosigned(note) if note else {}
        return Published(public.size, base64.b64encode(public.root).decode(), note, cosigned)

    def entry(self, index: int) -> bytes:
        """The bytes of one committed entry."""
        with self._transaction() as tx:
            return self.entries(tx, index, 1)[0]

    def entries_at(self, indexes: Sequence[int]) -> dict[int, bytes]:
        """The bytes of many committed entries, by index; each bundle is read once."""
        found: dict[int, bytes] = {}
        with self._transaction() as tx:
            for place, own in groupby(sorted(set(indexes)), lambda index: index // WIDTH):
                entries, start = ledger_rows.read_bundle(tx, place), place * WIDTH
                found |= {index: entries[index - start] for index in own if index - start < len(entries)}
        if not set(indexes) <= set(found):
            raise UsageError("the ledger has no such entry")
        return {index: found[index] for index in indexes}

    def places(self, types: Sequence[int]) -> list[int]:
        """The indexes of every committed entry of these types, in order; each entry is looked at once.

        Not for decisions and releases, of which there are millions: `scan` goes through those.
        """
        assert not BULK & set(types), "decisions and releases are gone through, not listed"
        with self._transaction() as tx:
            size = ledger_rows.read_size(tx)[0]
            for place in range(self._looked // WIDTH, -(-size // WIDTH) if size > self._looked else 0):
                for number, entry in enumerate(ledger_rows.read_bundle(tx, place), place * WIDTH):
                    if number < self._looked:
                        continue
                    if type_of(entry) in BULK:
                        self._counted[type_of(entry)] += 1
                    else:
                        self._places.setdefault(type_of(entry), []).append(number)
                        if type_of(entry) == EntryType.SHOWING and decode(entry).outcome is not None:
                            self._places.setdefault(DENIED_SHOWING, []).append(number)
            self._looked = size
        return sorted(index for each in set(types) for index in self._places.get(each, ()))

    def all_of(self, kind: EntryType) -> dict[int, bytes]:
        """The bytes of every committed entry of a type that `places` lists, by index, in order."""
        return self.entries_at(self.places((kind,)))

    def count_others(self, types: Sequence[EntryType]) -> int:
        """How many committed entries are of none of these types."""
        self.places(())
        found = (self._counted[each] if each in BULK else len(self._places.get(each, ())) for each in types)
        return self._looked - sum(found)

    def count(self, kind: EntryType) -> int:
        """How many committed entries there are of a type of which there are millions."""
        self.places(())
        return self._counted[kind]

    def scan(self, types: Sequence[int], first: int) -> Iterator[tuple[int, bytes]]:
        """Index and bytes of every committed entry of these types, from `first` on, in order."""
        with self._transaction() as tx:
            size, start = ledger_rows.read_size(tx)[0], first // WIDTH
            for place in range(start, -(-size // WIDTH)):
                for number, entry in enumerate(ledger_rows.read_bundle(tx, place)):
                    if type_of(entry) in types and place * WIDTH + number >= first:
                        yield place * WIDTH + number, entry

    def nodes(self) -> Nodes:
        """The hashes of the published tree, as its tiles have them."""
        with self._unmoved():
            return node_reader(self._folder.read_tile, self._public().size)

    def proof(self, index: int) -> str:
        """The receipt (C2SP tlog-proof) of a published entry; raises UsageError for one not published yet."""
        with self._unmoved():
            public, note = self._public(), self._folder.read_checkpoint() or b""
            if not 0 <= index < public.size:
                raise UsageError("the entry is not published yet")
            nodes = node_reader(self._folder.read_tile, public.size)
            path = inclusion_proof(nodes, index, public.size)
        return write_proof(self.entry(index), index, path, note)


def _event_of(entry: bytes) -> tuple[object, ...]:
    """What every entry of one event has alike each time it is made."""
    read = decode(entry)
    return (read.type, read.job, read.ordinal, None if read.job is not None else read.body)


def _at(entry: bytes, time: int) -> bytes:
    return entry if time == time_of(entry) else encode(decode(entry)._replace(time=time))


def _require_order(*sizes: tuple[str, int]) -> None:
    for (smaller, low), (larger, high) in pairwise(sizes):
        if low > high:
            raise Blocked(
                "STATE_EDITED",
                f"the {smaller} covers {low} entries, the {larger} only {high}: an older copy was put back",
            )


def _require_covered(name: str, seen: int, head: int) -> None:
    if seen > head:
        raise Blocked(
            "STATE_EDITED",
            f"witness `{name}` has cosigned {seen} entries, and the signed head covers only {head}: "
            "an old copy of this gate was put back",
        )
