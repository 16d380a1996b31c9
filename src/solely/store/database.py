"""The gate's database: every step one short transaction; SQLite by default, PostgreSQL where it is named.

- SQLite: one connection, one process. A rollback journal with full synchronisation; where single requests are
  answered, a write-ahead log under an exclusive lock: one flush a transaction. The reset race below 3.51.3
  needs a second connection, which that lock keeps out (ledger.md 0, decision 0014).
- Whoever wants the one connection waits until it is free: threads take turns transaction by transaction.
- A lock file keeps a second process out; a crash frees it, because the lock belongs to the process.
- PostgreSQL: the same turns over all processes, by locks of the database (`store/postgres.py`).
"""

import fcntl
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import sqlalchemy as sa

from solely.errors import Blocked, TroubleError
from solely.store import ledger_tables  # noqa: F401 -- its tables join the shared metadata
from solely.store.postgres import GateTurn, engine_of, require_locale
from solely.store.schema import metadata
from solely.store.upgrade import VERSION_TABLE, newest, upgrade

# The lock comes first: under it no second connection can open the log. 16 MB of log are taken in at once: one
# transaction in some three hundred waits for that, about 10 ms.
_WRITE_AHEAD = ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "wal_autocheckpoint=4000")


_ACTING = """
SELECT (SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal)
     + (SELECT count(*) FROM pg_rules WHERE schemaname = current_schema())
     + (SELECT count(*) FROM pg_views WHERE schemaname = current_schema())
"""

_SERVED = re.compile(r"`solely serve` at (https?://\S+)")


_DISK_FULL = "53100"  # as PostgreSQL numbers it


_AS_WHOLE: ContextVar[tuple[sa.Engine, sa.Connection] | None] = ContextVar("as_whole", default=None)


@contextmanager
def begun(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction on this engine: that of `Database.as_whole` where this thread is in it, else its own."""
    joined = _joined(engine)
    if joined is not None:
        yield joined
        return
    with engine.begin() as tx:
        yield tx


def _joined(engine: sa.Engine) -> sa.Connection | None:
    """The transaction on this engine that this thread is in, in which others take part."""
    joined = _AS_WHOLE.get()
    return joined[1] if joined is not None and joined[0] is engine else None


class GateLock:
    """The right to write to a gate; held by at most one process."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(self._descriptor, 512).decode(errors="replace") or "another command"
            os.close(self._descriptor)
            raise TroubleError(
                f"{holder} is at work on this gate (`lock` is held); wait until it has ended"
            ) from None
        os.truncate(self._descriptor, 0)

    def release(self) -> None:
        """Let the next process in."""
        os.close(self._descriptor)


def name_holder(root: Path, name: str) -> None:
    """Say who holds the gate's lock, for those who are refused meanwhile."""
    (root / "lock").write_text(name)


def served_at(root: Path) -> str | None:
    """Where `solely serve` says that it answers for the gate at `root`; a crash may have ended it since."""
    try:
        found = _SERVED.fullmatch((root / "lock").read_text())
    except (OSError, ValueError):
        return None
    return None if found is None else found[1]


def kind_of(error: Exception) -> str:
    """What may be told of an engine's error: that its disk is full, else its kind; its words hold values."""
    said = getattr(error, "orig", None) or error
    is_full = getattr(said, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return (
        "its disk is full" if is_full or getattr(said, "sqlstate", "") == _DISK_FULL else type(error).__name__
    )


class Database:
    """The state tables, in one SQLite file; `transaction()` is the only way to write."""

    columns = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"

    def __init__(self, path: Path, *, must_exist: bool = False) -> None:
        if must_exist and not path.is_file():
            raise Blocked("STATE_EDITED", f"`{path.name}` is missing")
        # A URL of parts: a path with `?` or a quotation mark is a path and nothing else.
        url = sa.URL.create("sqlite", database=str(path))
        self.name = f"`{path.name}`"
        self.engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, pool_size=1, max_overflow=0)
        sa.event.listen(self.engine, "connect", _prepare)
        sa.event.listen(self.engine, "begin", _begin)
        if must_exist:
            self._require_sound()

    def _require_sound(self) -> None:
        try:
            with self.engine.connect() as connection:
                found = self._columns_of(connection)
                version = _version(connection) if VERSION_TABLE in found else ""
        except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
            if isinstance(error, sa.exc.OperationalError | sqlite3.OperationalError):
                raise TroubleError(f"{self.name} cannot be opened: {type(error).__name__}") from None
            raise Blocked("STATE_EDITED", f"{self.name} is damaged") from None
        _require_version(self.name, version)
        for table in metadata.tables.values():
            lacking = {each.name for each in table.columns} - found.get(table.name, set())
            if lacking:
                raise TroubleError(
                    f"{self.name} was made by another build: its table `{table.name}` has no "
                    f"`{min(lacking)}`; use that build, or make a new gate"
                )

    def create(self) -> None:
        """Make the tables of a new gate, or bring those of an older version to the one of this build."""
        with self.transaction() as tx:
            upgrade(tx, set(self._columns_of(tx)))

    def _columns_of(self, connection: sa.Connection) -> dict[str, set[str]]:
        """The columns of each table that is there."""
        found: dict[str, set[str]] = {}
        for table, name in connection.exec_driver_sql(self.columns):
            found.setdefault(table, set()).add(name)
        return found

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """One transaction: all of it is durable when this returns, or none of it."""
        try:
            with begun(self.engine) as tx:
                yield tx
        except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
            raise TroubleError(f"the state cannot be used: {kind_of(error)}") from None

    @contextmanager
    def as_whole(self) -> Iterator[sa.Connection]:
        """One transaction in which every other that this thread begins meanwhile takes part; an error undoes
        all of it."""
        with self.transaction() as tx:
            token = _AS_WHOLE.set((self.engine, tx))
            try:
                yield tx
            finally:
                _AS_WHOLE.reset(token)

    @contextmanager
    def write_ahead(self) -> Iterator[None]:
        """One flush per transaction meanwhile; a crash leaves a log that any next opening takes in."""
        self._set(*_WRITE_AHEAD)
        try:
            yield
        finally:
            # Reading, last, lets the lock go.
            self._set("journal_mode=DELETE", "locking_mode=NORMAL", "user_version")

    @property
    def is_lost(self) -> bool:
        """False: a file's lock goes with its process alone."""
        return False

    def _set(self, *settings: str) -> None:
        connection = self.engine.raw_connection()
        try:
            for setting in settings:
                connection.cursor().execute(f"PRAGMA {setting}")
        finally:
            connection.close()

    def close(self) -> None:
        """Close the file."""
        self.engine.dispose()


class PostgresDatabase(Database):
    """The state tables in a PostgreSQL database that is this gate's alone; it holds the gate until closed."""

    columns = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
    )

    def __init__(
        self, url: str, *, must_exist: bool = False, is_shared: bool = False, server: str = ""
    ) -> None:
        self.name = "the database"
        self.engine = engine_of(url)
        try:
            self._turn = GateTurn(self.engine, is_shared=is_shared, server=server)
        except sa.exc.SQLAlchemyError as error:
            # What the server's library says of a connection: host, user, reason; it never holds the password.
            said = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
            raise TroubleError(f"the database cannot be reached: {said}") from None
        try:
            with self.engine.connect() as connection:
                require_locale(connection)
                _require_inert(connection, _ACTING)
            if must_exist:
                self._require_sound()
        except BaseException:
            self.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """One transaction, alone over all processes: all of it is durable when this returns, or none."""
        joined = _joined(self.engine)
        with super().transaction() as tx:
            if joined is None:  # else the turn is this thread's already
                self._turn.begin(tx)
            yield tx

    @property
    def is_lost(self) -> bool:
        """True once a transaction has found that this process holds the gate no more."""
        return self._turn.is_lost

    @contextmanager
    def write_ahead(self) -> Iterator[None]:
        """PostgreSQL flushes once per transaction as it is."""
        yield

    def close(self) -> None:
        """Let others in and close the connections."""
        self._turn.release()
        super().close()


@contextmanager
def opened_state(
    root: Path, url: str, *, must_exist: bool = False, is_shared: bool = False
) -> Iterator[Database]:
    """The state of the gate at `root`, which this process holds meanwhile; shared where the engine can."""
    if url:
        served = served_at(root)
        database: Database = PostgresDatabase(
            url,
            must_exist=must_exist,
            is_shared=is_shared,
            server="" if served is None else f"`solely serve` at {served}",
        )
        if served is not None:
            name_holder(root, "")  # it has let the gate go without a word
        lock = None
    else:
        lock = GateLock(root / "lock")
        try:
            database = Database(root / "state.sqlite", must_exist=must_exist)
        except BaseException:
            lock.release()
            raise
    try:
        yield database
    finally:
        database.close()
        if lock is not None:
            lock.release()


def _prepare(connection, _record) -> None:  # type: ignore[no-untyped-def]
    connection.isolation_level = None
    for setting in ("journal_mode=DELETE", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: sa.Connection) -> None:
    """Begin to write, once nothing in the file acts by itself: a trigger could undo a step (R-82)."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    _require_inert(connection, "SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')")


def _require_inert(connection: sa.Connection, query: str) -> None:
    if connection.exec_driver_sql(query).scalar():
        raise Blocked("STATE_EDITED", "the state has triggers or views; the program makes none")


def _version(connection: sa.Connection) -> str:
    return str(connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar() or "")  # noqa: S608 -- a name of ours


def _require_version(name: str, version: str) -> None:
    """Return when the tables stand at the version of this build; else the cure is told."""
    if not version:
        raise TroubleError(f"{name} was made before its tables had versions; make a new gate")
    if version < newest():
        raise TroubleError(
            f"{name} stands at version {version} of the schema, this build needs {newest()}; "
            "`solely init --gate DIR` upgrades it"
        )
    if version > newest():
        raise TroubleError(
            f"{name} stands at version {version} of the schema, this build knows {newest()}; "
            "use the build that upgraded it"
        )
