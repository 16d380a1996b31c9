"""A PostgreSQL cluster of the tests' own, thrown away afterwards; without a server they are skipped."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

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

    def new_database(self, name: str = "") -> str:
        """The address of a new, empty database."""
        name = name or f"gate_{uuid4().hex[:12]}"
        self.program("createdb", *self.reach(), name)
        return self.url(name)

    def url(self, name: str) -> str:
        """The address of a database of this cluster."""
        return f"postgresql://solely@/{name}?host={self.folder}"

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


def wait_for(is_true, seconds: float = 30) -> None:  # type: ignore[no-untyped-def]
    """Return once something is true; an assertion when it is not in time."""
    until = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < until, "nothing came of it in time"
        time.sleep(0.02)
