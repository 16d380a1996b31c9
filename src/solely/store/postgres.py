"""The state in PostgreSQL: who may work on a gate at once, and in which order (decision 0019).

Three advisory locks of the gate's database, each handed on in the order of asking and freed by a crash:

- the gate: a command that judges by counts over the gate has it alone, as it has the lock file with SQLite;
  those that only open or show a package, explain or list share it;
- writing: one transaction at a time, so that what a transaction has read is true until it ends;
- publishing: T2 to T6 of the ledger. Who holds it publishes what all have committed; who waited for it
  finds its own entries covered.

A database that is reached over a network can lose the connection that holds the gate. Each transaction asks
whether it is held still, under the lock for writing: what went on without it is not written.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa

from solely.errors import TroubleError, UsageError

_URL = re.compile(r"postgresql://[A-Za-z0-9._~:/?\[\]@!$&*+,;=%-]*")
_FAMILY = 0x501E17  # of our locks among those of the database
_GATE, _WRITING, _PUBLISHING = 1, 2, 3
WAIT_SECONDS = 60  # for another command on the same gate
SERVED_SECONDS = 2  # for a service, which does not end by itself; one that crashed has let the gate go
_COPY_MIN = 32  # rows from which COPY is quicker than a statement for each

_IS_HELD = sa.text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = :family AND objid = :gate "
    "AND objsubid = 2 AND pid = :pid AND granted)"
)
_LOCALE = (
    "SELECT datcollate, pg_encoding_to_char(encoding), datlocprovider::text FROM pg_database "
    "WHERE datname = current_database()"
)


def parse_url(stated: str) -> sa.URL:
    """The address of a database, which holds no password; else UsageError, which never repeats it."""
    try:
        url = sa.make_url(stated) if _URL.fullmatch(stated) else None
    except (sa.exc.ArgumentError, ValueError):
        url = None
    if url is None:
        raise UsageError("`--database` is like postgresql://user@host:5432/name")
    if url.password is not None or "password" in url.query:
        raise UsageError(
            "`--database` holds a password; leave it to `PGPASSWORD`, `PGPASSFILE` or a service file"
        )
    return url.set(drivername="postgresql+psycopg")


def engine_of(stated: str) -> sa.Engine:
    """The engine for a database; nothing is reached yet."""
    try:
        engine = sa.create_engine(
            parse_url(stated),
            isolation_level="READ COMMITTED",  # under the lock for writing nothing changes meanwhile
            connect_args={"connect_timeout": 10, "application_name": "solely"},
            hide_parameters=True,
        )
    except ModuleNotFoundError:
        raise UsageError(
            "a state in PostgreSQL needs the extra `postgres`: `pip install solely[postgres]`"
        ) from None
    sa.event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection, _record) -> None:  # type: ignore[no-untyped-def]
    """A commit is durable when it returns, whatever the server says; no wait for a turn is endless."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'")
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') = 'off'"
        )
    connection.commit()


def require_locale(connection: sa.Connection) -> None:
    """Return when text is compared byte by byte, as SQLite does it; else TroubleError."""
    collation, encoding, provider = connection.exec_driver_sql(_LOCALE).one()
    if collation not in ("C", "POSIX") or (encoding, provider) != ("UTF8", "c"):
        raise TroubleError(
            "the database compares text by the rules of a language; make it anew: "
            "`createdb --template=template0 --encoding=UTF8 --locale-provider=libc --locale=C NAME`"
        )


class GateTurn:
    """The right to work on a gate, alone or shared, for as long as one connection lives.

    `server` is a service that says it has the gate.
    """

    def __init__(self, engine: sa.Engine, *, is_shared: bool, server: str = "") -> None:
        self.is_lost = False  # once noticed, for good: what this process read may be so no more
        self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        wait = "pg_advisory_lock_shared" if is_shared else "pg_advisory_lock"
        seconds = SERVED_SECONDS if server else WAIT_SECONDS
        try:
            self._connection.exec_driver_sql(f"SET lock_timeout = '{seconds}s'")
            self._connection.exec_driver_sql(f"SELECT {wait}({_FAMILY}, {_GATE})")
            self._pid = self._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        except sa.exc.OperationalError:
            self.release()
            who = (
                f"{server} is at work on this gate"
                if server
                else f"another command has held this gate for {seconds} seconds"
            )
            raise TroubleError(f"{who}; wait until it has ended") from None

    def begin(self, tx: sa.Connection) -> None:
        """Wait for the turn to write; TroubleError when the gate is not held any more."""
        tx.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_FAMILY}, {_WRITING})")
        mine = {"family": _FAMILY, "gate": _GATE, "pid": self._pid}
        if not tx.execute(_IS_HELD, mine).scalar():
            self.is_lost = True
            raise TroubleError("the connection that holds the gate was lost; nothing more was written")

    def release(self) -> None:
        """Let others in; the lock goes with its connection."""
        self._connection.invalidate()
        self._connection.close()


@contextmanager
def publishing(engine: sa.Engine) -> Iterator[None]:
    """The right to publish, held by one process at a time; a lost one is noticed by the swap of the head."""
    try:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_FAMILY}, {_PUBLISHING})")
    except sa.exc.SQLAlchemyError as error:
        raise TroubleError(f"no turn to publish: {type(error).__name__}") from None
    try:
        yield
    finally:
        with suppress(sa.exc.SQLAlchemyError):  # the lock of a lost connection is free already
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_FAMILY}, {_PUBLISHING})")
        connection.close()


def insert_rows(tx: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all state the same columns: by COPY where that is quicker, and the engine has it."""
    if not rows:
        return
    if tx.dialect.name != "postgresql" or len(rows) < _COPY_MIN:
        tx.execute(table.insert(), list(rows))
        return
    columns = [table.c[name] for name in rows[0]]
    names = ", ".join(tx.dialect.identifier_preparer.quote(each.name) for each in columns)
    types = [_TYPES[type(each.type)] for each in columns]
    driver: Any = tx.connection.driver_connection
    copying = f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT BINARY)'
    with driver.cursor() as cursor, cursor.copy(copying) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row([row[each.name] for each in columns])


_TYPES: dict[type, str] = {
    sa.Text: "text",
    sa.String: "varchar",
    sa.BigInteger: "int8",
    sa.Integer: "int4",
    sa.LargeBinary: "bytea",
    sa.Boolean: "bool",
}
