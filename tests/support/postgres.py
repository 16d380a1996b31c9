"""A PostgreSQL cluster of the tests' own, thrown away afterwards; without a server they are skipped."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

OPEN_URL = "postgresql://solely@"  # host and name come from the environment, as libpq reads it
MISSING = "no PostgreSQL server here: apt-get install -y postgresql"
QUICK = "-c fsync=off -c full_page_writes=off -c max_wal_size=2GB"  # a test ends no machine's power
_AS_NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env", "HOME=/nonexistent")


def find_programs() -> Path | None:
    """The folder with `initdb` and `postgres`, of the newest version that is there."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda each: int(each.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


class Cluster:
    """One server on a socket in a folder of its own; no port is taken."""

    def __init__(self, folder: Path, programs: Path, settings: str = QUICK) -> None:
        self.folder, self._programs, self._settings = folder, programs, settings
        self._user = _AS_NOBODY if os.geteuid() == 0 else ()  # the server refuses to run as root
        if self._user:
            shutil.chown(folder, "nobody", "nogroup")
        encoding = ("-E", "UTF8", "--locale=C", "-A", "trust", "-U", "solely", "--no-sync")
        self.program("initdb", *encoding, "-D", str(folder / "data"))
        self.start()

    def program(self, name: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one of the server's own programs, as the server's user."""
        command = [*self._user, str(self._programs / name), *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-k {self.folder} -c listen_addresses='' {self._settings}"
        log = str(self.folder / "log")
        self.program("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server."""
        self.program("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")

    def new_database(self) -> dict[str, str]:
        """The environment that names a new, empty database."""
        name = f"gate_{uuid4().hex[:12]}"
        self.program("createdb", *self.reach(), name)
        return self.environment(name)

    def environment(self, name: str) -> dict[str, str]:
        """What names a database of this cluster to a program whose address leaves that open."""
        return {"PGHOST": str(self.folder), "PGDATABASE": name}

    def reach(self) -> tuple[str, ...]:
        """The options by which the server's programs find it."""
        return ("-h", str(self.folder), "-U", "solely")


@contextmanager
def cluster(settings: str = QUICK) -> Iterator[Cluster]:
    """A running cluster, stopped and removed afterwards; skipped where there is no server."""
    programs = find_programs()
    if programs is None:
        pytest.skip(MISSING)
    pytest.importorskip("psycopg")
    folder = Path(tempfile.mkdtemp(prefix="solely-pg-"))
    try:
        running = Cluster(folder, programs, settings)
        try:
            yield running
        finally:
            running.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# The functions of SQLite's that the statements of tests call.
OF_SQLITE = """CREATE OR REPLACE FUNCTION json_set(json, text, text) RETURNS json LANGUAGE sql
    AS $$ SELECT jsonb_set($1::jsonb, string_to_array(substr($2, 3), '.'), to_jsonb($3))::json $$;
    CREATE OR REPLACE FUNCTION zeroblob(int) RETURNS bytea LANGUAGE sql
    AS $$ SELECT decode(repeat('00', $1), 'hex') $$"""


class _Edited:
    """A connection that takes the statements that tests write for SQLite."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        connection.execute(OF_SQLITE)

    def execute(self, statement: str, words: tuple[Any, ...] = ()) -> Any:
        """Run one statement of ours; its marks of parameters as this driver has them."""
        if not words:
            return self._connection.execute(statement)
        return self._connection.execute(statement.replace("?", "%s"), words)


def _connected(environment: Mapping[str, str], name: str = "") -> Any:
    import psycopg

    name = name or environment["PGDATABASE"]
    return psycopg.connect(dbname=name, host=environment["PGHOST"], user="solely", autocommit=True)


@contextmanager
def state_of(environment: Mapping[str, str]) -> Iterator[_Edited]:
    """The tables of a database, open to any edit."""
    with _connected(environment) as connection:
        yield _Edited(connection)


def copied_database(environment: Mapping[str, str]) -> str:
    """The name of a copy of the database that the environment names."""
    name = f"gate_{uuid4().hex[:12]}"
    with _connected(environment, "postgres") as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {environment['PGDATABASE']}")
    return name
