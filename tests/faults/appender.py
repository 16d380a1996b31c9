"""A small gate of the real parts: events are logged, published and released until a full tile is behind them.

- Everything that touches the disk is the program's own: database, ledger, heads, log folder, durable files.
- `mutant` puts one mistake in, as somebody might who did not know the order (T1 to T7).
"""

import sys
import traceback
from pathlib import Path

import sqlalchemy as sa

from solely.errors import SolelyError, TroubleError
from solely.ledger.commitment import body_of, seed_of
from solely.ledger.entry import Entry, EntryType, encode
from solely.store.database import Database, GateLock
from solely.store.files import flush_folder, settle, write_many
from solely.store.ledger_store import Ledger
from tests.support.ledgers import digest, full_history

MUTANTS = ("dual write", "no unique key", "early release", "checkpoint before tiles")
FILLED = 250  # entries before the run: the tile is full in the middle of it
EVENTS = tuple(f"event-{number}" for number in range(4))
EACH = 4  # entries of an event
FAULT = 70  # exit code of what should never be: an error that is neither refusal nor trouble
PLANTED = b"a-person-whom-no-public-byte-names"

decided = sa.Table(
    "decided",
    sa.MetaData(),
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("first_index", sa.BigInteger, nullable=False),
    sa.Column("is_released", sa.Boolean, nullable=False),
)


class Gate:
    """One process's view of the gate."""

    def __init__(self, root: Path, mutant: str = "", *, is_new: bool = False) -> None:
        self.root, self.mutant = root, mutant
        self.outbox, self.staging = root / "outbox", root / "sealed"
        self.lock = GateLock(root / "lock")
        self.database = Database(root / "state.sqlite", must_exist=not is_new)
        if is_new:
            self.database.create()
            decided.metadata.create_all(self.database.engine)
            self.outbox.mkdir()
            self.ledger = Ledger.create(self.database.engine, root, "solely.example/faults")
        else:
            self.ledger = Ledger(self.database.engine, root)
        self.ledger.check_start()
        if mutant == "checkpoint before tiles":
            self.ledger._folder = _Hasty(self.ledger._folder.root)

    def carry_all(self) -> None:
        """Carry every event that has not left, also when it was carried before: that is one act."""
        self.ledger.publish()
        for event in EVENTS:
            if not (self.outbox / event).exists():
                self.carry(event)

    def carry(self, event: str) -> None:
        """Log one event together with its decision, then publish and release it."""
        write_many(self.staging, {event: PLANTED + event.encode()})
        if self.mutant == "dual write":
            with self.database.transaction() as tx:
                self.decide(tx, event, -1)
        with self.database.transaction() as tx:
            key = event if self.mutant != "no unique key" else f"{event}/{self.ledger.size(tx)}"
            index = self.ledger.append(tx, key, self.entries(tx, event))
            self.decide(tx, event, index)
        if self.mutant == "early release":
            self.move([event])
        self.ledger.publish()
        self.release()

    def decide(self, tx: sa.Connection, event: str, index: int) -> None:
        tx.execute(decided.delete().where(decided.c.event == event))
        tx.execute(decided.insert().values(event=event, first_index=index, is_released=False))

    def entries(self, tx: sa.Connection, event: str) -> list[bytes]:
        seed = seed_of(self.ledger.salt_key, digest(event)[:16], 0)
        body = body_of(seed, {"A": PLANTED, "D": b"{}"})
        time = self.ledger.time(tx, 1_764_547_200_000)
        return [
            encode(Entry(EntryType.NOTICE, time, digest(event, number)[:16], body)) for number in range(EACH)
        ]

    def release(self) -> None:
        """Let out what is decided and published (T7)."""
        with self.database.transaction() as tx:
            waiting = tx.execute(sa.select(decided).where(decided.c.is_released.is_(False))).all()
        if not waiting:
            return
        size = self.ledger.publish().size
        due = [row.event for row in waiting if row.first_index >= 0 and row.first_index + EACH <= size]
        self.move(due)
        with self.database.transaction() as tx:
            tx.execute(decided.update().where(decided.c.event.in_(due)).values(is_released=True))

    def move(self, events: list[str]) -> None:
        for event in events:
            if (self.staging / event).exists():
                settle(self.staging / event, self.outbox / event)
        flush_folder(self.outbox)


class _Hasty:
    """A log folder whose checkpoint goes before its tiles."""

    def __init__(self, root: Path) -> None:
        from solely.store.ledger_files import LogFolder

        self._folder, self._later = LogFolder(root), {}

    def __getattr__(self, name):
        return getattr(self._folder, name)

    def write(self, files) -> None:
        self._later = files

    def write_checkpoint(self, note: bytes) -> None:
        self._folder.write_checkpoint(note)
        self._folder.write(self._later)


def make(root: Path) -> None:
    """A gate with a tile that is nearly full."""
    gate = Gate(root, is_new=True)
    script = full_history().encoded()
    with gate.database.transaction() as tx:
        gate.ledger.append(tx, "history", script)
        notices = FILLED - len(script)
        filling = [each for place in range(notices) for each in gate.entries(tx, f"filling-{place}")]
        gate.ledger.append(tx, "filling", filling[:notices])
    gate.ledger.publish()
    gate.database.close()
    gate.lock.release()


def carry_all(root: Path, mutant: str = "") -> int:
    """The exit code of a run: as the command line gives it."""
    try:
        Gate(root, mutant).carry_all()
    except (SolelyError, TroubleError) as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"{type(error).__name__}: {error.strerror}", file=sys.stderr)
        return TroubleError.exit_code
    except Exception:  # noqa: BLE001 -- what the command line would call a fault
        traceback.print_exc()
        return FAULT
    return 0
