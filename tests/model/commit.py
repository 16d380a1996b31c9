"""The commit protocol T1 to T7 (ledger.md 4.3) as a model: two writers, crashes, retries, backup and restore.

A tree is a text, one letter a leaf: `AB` has the leaves of the events A and B. A leaf that is written after
the database was put back is another one (`a`): entries hold chance. A tree extends another when its text
begins with the other's; that is what comparing roots tells.

    step        what it stands for in the program
    commit      T1  store.ledger_rows.grow, in store.database.Database.transaction
    integrate   T2  store.ledger_store.Ledger.publish, _integrate
    swap        T3  store.ledger_heads.HeadStore.swap
    tiles       T6  store.ledger_files.LogFolder.write, its first half: what is signed was read back before
    sign        T4  ledger.checkpoint.sign
    cosign      T5  store.witnesses.Witnesses.cosign
    checkpoint  T6  store.ledger_files.LogFolder.write_checkpoint
    release     T7  steps.releasing.deliver
    start           store.ledger_store.Ledger.check_start

- A writer that is refused (the head was moved, places differ) ends like a command does, and starts again.
- `restore` puts an old database back under running writers, as a failover to a replica that lags does.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

EVENTS = "AB"

# What the protocol forbids or orders, and the invariant that falls without it.
RULES = {
    "release waits for the checkpoint": "I1",
    "publishing holds the database against the checkpoint": "I1",
    "commit before signing": "I2",
    "one tree for all writers": "I2",
    "a head is swapped, never set": "I2",
    "the head store stands outside the backup": "I2",
    "an event key is unique": "I3",
    "decision and leaf in one transaction": "I4",
    "a published head never shrinks": "I5",
    "witness before publishing": "I6",
    "a start holds the database against the heads": "I7",
    "tiles before the checkpoint": "I9",
}
FULL = frozenset(RULES)


class Store(NamedTuple):
    """A database, its log and its decisions; and the signed head that stands in a file of its own."""

    log: str = ""
    decided: frozenset[str] = frozenset()
    head: str = ""


class Writer(NamedTuple):
    """Where a process stands and what it has in memory: its leaf, the tree to publish, the head it read."""

    at: str = "idle"
    leaf: str = ""
    tree: str = ""
    head: str = ""


class State(NamedTuple):
    """Everything durable, both writers, and how many crashes and restores may still come."""

    crashes: int
    restores: int
    stores: tuple[Store, ...] = (Store(),)
    backup: Store | None = None
    signed: frozenset[str] = frozenset()
    cosigned: frozenset[str] = frozenset([""])
    witness: str = ""
    tiles: str = ""
    published: str = ""
    outbox: frozenset[str] = frozenset()
    writers: tuple[Writer, ...] = (Writer(), Writer())


Step = tuple[str, State]


class Commit(NamedTuple):
    """The protocol with these rules; `restores` at most 1."""

    rules: frozenset[str] = FULL
    crashes: int = 1
    restores: int = 1
    writers: int = 2

    def first(self) -> State:
        """A new gate."""
        stores = (Store(),) * (1 if self._has("one tree for all writers") else self.writers)
        return State(self.crashes, self.restores, stores, writers=(Writer(),) * self.writers)

    def _has(self, rule: str) -> bool:
        assert rule in RULES, rule
        return rule in self.rules

    # -- steps ----------------------------------------------------------------------------------------

    def steps(self, state: State) -> Iterator[Step]:
        """Every step that the world or a writer can take."""
        if state.restores:
            yield from self._restores(state)
        for number, writer in enumerate(state.writers):
            if state.crashes and writer.at != "down":
                yield "crash", _moved(state._replace(crashes=state.crashes - 1), number, _DOWN)
            yield from getattr(self, f"_{writer.at}")(state, number, writer)

    def _restores(self, state: State) -> Iterator[Step]:
        if state.backup is None:
            yield "backup", state._replace(backup=state.stores[0])
            return
        held = state.stores[0]
        back = state.backup
        if self._has("the head store stands outside the backup"):
            back = back._replace(head=held.head)
        yield "restore", state._replace(restores=0, stores=(back, *state.stores[1:]))

    def _down(self, state: State, number: int, writer: Writer) -> Iterator[Step]:
        """A start: checkpoint, head and witness are beginnings of the database, or there is none."""
        store = state.stores[number % len(state.stores)]
        is_whole = (
            store.head.startswith(state.published)
            and store.log.startswith(store.head)
            and store.log.startswith(state.witness)
        )
        if is_whole or not self._has("a start holds the database against the heads"):
            yield "start", _moved(state, number, Writer())

    def _idle(self, state: State, number: int, writer: Writer) -> Iterator[Step]:
        """T1 of any event that has not left; the same event again finds its leaf."""
        store = state.stores[number % len(state.stores)]
        for event in EVENTS:
            if event in "".join(state.outbox).upper():
                continue
            known = next((leaf for leaf in store.log if leaf.upper() == event), None)
            if known and self._has("an event key is unique"):
                yield "find", _moved(state, number, Writer("logged", known))
                continue
            leaf = event if state.restores or not self.restores else event.lower()
            if not self._has("commit before signing"):
                signed = state.signed | {store.log + leaf}
                yield "sign", _moved(state._replace(signed=signed), number, Writer("presigned", leaf))
            elif self._has("decision and leaf in one transaction"):
                yield self._committed(state, number, leaf)
            else:
                half = _stored(state, number, store._replace(decided=store.decided | {leaf}))
                yield "decide", _moved(half, number, Writer("decided", leaf))

    def _presigned(self, state: State, number: int, writer: Writer) -> Iterator[Step]:
        yield self._committed(state, number, writer.leaf)

    _decided = _presigned

    def _committed(self, state: State, number: int, leaf: str) -> Step:
        store = state.stores[number % len(state.stores)]
        grown = store._replace(log=store.log + leaf, decided=store.decided | {leaf})
        return "commit", _moved(_stored(state, number, grown), number, Writer("logged", leaf))

    def _logged(self, state: State, number: int, writer: Writer) -> Iterator[Step]:
        """T2: what is to be published next, when the three places are beginnings of one another."""
        if not self._has("release waits for the checkpoint"):
            yield "release", _released(state, number, writer)
        store = state.stores[number % len(state.stores)]
        is_nothing_new = len(store.log) == len(state.published)
        is_whole = store.head.startswith(state.published) and store.log.startswith(store.head)
        is_asked = not is_nothing_new or self._has("publishing holds the database against the checkpoint")
        if is_asked and not is_whole:
            yield "refused", _moved(state, number, _DOWN)
            return
        if is_nothing_new:
            yield "nothing new", _moved(state, number, writer._replace(at="published"))
            return
        # A head that was swapped but never published is passed through, so that its root is checked.
        tree = store.head if store.head != state.published else store.log
        yield "integrate", _moved(state, number, Writer("integrated", writer.leaf, tree, store.head))

    def _integrated(self, state: State, number: int, writer: Writer) -> Iterator[Step]:
        """T3: nobody else has moved the head meanwhile."""
        store = state.stores[number % len(state.stores)]
        if writer.head == writer.tree:
            yield "keep", _moved(state, number, writer._replace(at="swapped"))
        elif store.head == writer.head or not self._has("a head is swapped, never set"):
            swapped = _stored(state, number, store._replace(head=writer.tree))
            yield "swap", _moved(swapped, number, writer._replace(at="swapped"))
        else:
            yield "refused", _moved(state, number, _DOWN)

    def _swapped(self, state: State, number: int, writer: Writer) -> Iterator[Step]:
        """T6, first half: no reader asks for these yet."""
        if self._has("tiles before the checkpoint"):
            tiles = state.tiles if state.tiles.startswith(writer.tree) else writer.tree
            state = state._replace(tiles=tiles)
        yield "tiles", _moved(state, number, writer._replace(at="tiled"))

    def _tiled(self, state: State, number: int, writer: Writer) -> Iterator[Step]:
        signed = state._replace(signed=state.signed | {writer.tree})
        is_watched = self._has("witness before publishing")
        yield "sign", _moved(signed, number, writer._replace(at="signed" if is_watched else "cosigned"))

    def _signed(self, state: State, number: int, writer: Writer) -> Iterator[Step]:
        """T5: a witness cosigns what extends all that it has cosigned."""
        if not writer.tree.startswith(state.witness):
            yield "refused", _moved(state, number, _DOWN)
            return
        seen = state._replace(witness=writer.tree, cosigned=state.cosigned | {writer.tree})
        yield "cosign", _moved(seen, number, writer._replace(at="cosigned"))

    def _cosigned(self, state: State, number: int, writer: Writer) -> Iterator[Step]:
        """T6, second half."""
        if len(state.published) > len(writer.tree) and self._has("a published head never shrinks"):
            yield "refused", _moved(state, number, _DOWN)
            return
        shown = state._replace(published=writer.tree)
        yield "checkpoint", _moved(shown, number, writer._replace(at="logged", tree="", head=""))

    def _published(self, state: State, number: int, writer: Writer) -> Iterator[Step]:
        """T7: the leaf is still in the database, below the published size."""
        log = state.stores[number % len(state.stores)].log
        if writer.leaf in log and log.index(writer.leaf) < len(state.published):
            yield "release", _released(state, number, writer)
        else:
            yield "refused", _moved(state, number, _DOWN)


_DOWN = Writer("down")


def _moved(state: State, number: int, writer: Writer) -> State:
    writers = (*state.writers[:number], writer, *state.writers[number + 1 :])
    # Two writers of one store are alike: of two states that differ in who is who, one is enough.
    return state._replace(writers=tuple(sorted(writers)) if len(state.stores) == 1 else writers)


def _stored(state: State, number: int, store: Store) -> State:
    place = number % len(state.stores)
    return state._replace(stores=(*state.stores[:place], store, *state.stores[place + 1 :]))


def _released(state: State, number: int, writer: Writer) -> State:
    return _moved(state._replace(outbox=state.outbox | {writer.leaf}), number, Writer())


# -- invariants (ledger.md 4.6) ---------------------------------------------------------------------------


def breaks(before: State, after: State) -> Iterator[str]:
    """The invariants that a step breaks."""
    if not after.outbox <= set(after.published):
        yield "I1"
    if _is_forked(after.signed):
        yield "I2"
    if any(len(set(store.log.upper())) != len(store.log) for store in after.stores):
        yield "I3"
    is_between = any(writer.at == "decided" for writer in after.writers)
    if not is_between and any(store.decided != set(store.log) for store in after.stores):
        yield "I4"
    yield from _breaks_in_public(before, after)


def _breaks_in_public(before: State, after: State) -> Iterator[str]:
    if not after.published.startswith(before.published):
        yield "I5"
    if after.published not in after.cosigned:
        yield "I6"
    is_held = any(store.log.startswith(after.published) for store in after.stores)
    if _is_started(before, after) and not is_held:
        yield "I7"
    if not after.tiles.startswith(after.published):
        yield "I9"


def _is_forked(signed: frozenset[str]) -> bool:
    ordered = sorted(signed, key=len)
    return any(not longer.startswith(tree) for tree, longer in pairwise(ordered))


def _is_started(before: State, after: State) -> bool:
    return before.writers.count(_DOWN) > after.writers.count(_DOWN)


def is_finished(state: State) -> bool:
    """True when every event has left, or an old database was put back: what may not go on then stands."""
    return {leaf.upper() for leaf in state.outbox} == set(EVENTS) or not state.restores
