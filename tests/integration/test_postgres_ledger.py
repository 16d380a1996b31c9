"""One ledger, several processes: every event once, no gap, one chain, and turns in order of asking."""

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from solely.errors import Blocked, TroubleError
from solely.ledger.entry import EntryType, encode
from solely.store import ledger_rows, schema
from solely.store.database import Database, PostgresDatabase
from solely.store.ledger_store import Ledger
from solely.store.postgres import insert_rows
from solely_verify.log import verify_log
from solely_verify.note import read_key
from tests import schema as schema_versions
from tests.support.ledgers import Script
from tests.support.postgres import OPEN_URL, Cluster, cluster
from tests.unit.store.test_database import require_upgraded, shape

ROOT = Path(__file__).resolve().parents[2]
EVENTS, PROCESSES = 1_000, 2


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A server of this module's."""
    with cluster() as running:
        yield running


@pytest.fixture
def url(server: Cluster, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database."""
    for name, value in server.new_database().items():
        monkeypatch.setenv(name, value)
    return OPEN_URL


@pytest.fixture
def begun(url: str, tmp_path: Path) -> tuple[str, Path]:
    """A ledger with its first entry published: the database's address and the folder."""
    database = PostgresDatabase(url)
    database.create()
    ledger = Ledger.create(database.engine, tmp_path / "gate", "solely.example/demo")
    script = Script()
    script.add(EntryType.GENESIS)
    with database.transaction() as tx:
        ledger.append(tx, "genesis", [encode(script.entries[0])])
    ledger.publish()
    ledger.close()
    database.close()
    return url, tmp_path / "gate"


def started(begun: tuple[str, Path], events: int = EVENTS) -> subprocess.Popen[str]:
    """One process that contends for the events."""
    command = [sys.executable, "-m", "tests.support.contender", str(begun[1]), begun[0], str(events)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def require_one_chain(folder: Path, url: str, size: int, heads: set[tuple[int, str]]) -> None:
    """Every checkpoint that was ever signed leads to the database and to the public folder."""
    report = verify_log(folder / "ledger", read_key((folder / "log.vkey").read_text()))
    assert (report.findings, report.notes, report.head.size) == ([], [], size)
    database = PostgresDatabase(url, must_exist=True)
    ledger = Ledger(database.engine, folder)
    ledger.check_start(is_full=True)
    with database.transaction() as tx:
        for grown, root in heads:
            assert base64.b64encode(ledger_rows.root_at(tx, grown, is_full=True)).decode() == root
    ledger.close()
    database.close()


@pytest.mark.slow
@pytest.mark.rule("R-13")
def test_two_processes_that_want_the_same_events_log_each_once(begun):
    processes = [started(begun) for _ in range(PROCESSES)]
    outputs = [each.communicate() for each in processes]
    assert [each.returncode for each in processes] == [0] * PROCESSES, [err[-1000:] for _, err in outputs]
    told = [[json.loads(line) for line in out.splitlines()] for out, _ in outputs]
    places = [{number: index for number, index, *_ in each} for each in told]
    assert places[0] == places[1]
    assert sorted(places[0].values()) == list(range(1, EVENTS + 1))
    won = [sum(is_mine for _, _, is_mine, *_ in each) for each in told]
    assert sum(won) == EVENTS
    assert min(won) > EVENTS // 5, won  # nobody is starved
    heads = {(size, root) for each in told for _, _, _, size, root, _ in each}
    require_one_chain(begun[1], begun[0], EVENTS + 1, heads)


def test_a_process_killed_at_any_moment_frees_its_turn(begun):
    first, second = started(begun), started(begun, 300)
    assert first.stdout is not None
    for _ in range(40):
        first.stdout.readline()
    first.kill()
    first.wait()
    out, err = second.communicate(timeout=120)
    assert second.returncode == 0, err[-1000:]
    heads = {(size, root) for _, _, _, size, root, _ in map(json.loads, out.splitlines())}
    database = PostgresDatabase(begun[0], must_exist=True)
    with database.transaction() as tx:
        size = ledger_rows.read_size(tx)[0]
    ledger = Ledger(database.engine, begun[1])
    ledger.check_start()
    assert ledger.publish().size == size
    ledger.close()
    database.close()
    require_one_chain(begun[1], begun[0], size, heads)


def test_without_the_gate_nothing_is_written(url, server):
    """A connection that was lost takes the right to the gate with it, and the step goes no further."""
    database = PostgresDatabase(url)
    database.create()
    with database.transaction() as tx:
        pid = tx.exec_driver_sql(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 1"
        ).scalar()
    server.program(
        "psql", *server.reach(), "-c", f"SELECT pg_terminate_backend({pid})", os.environ["PGDATABASE"]
    )
    lost = pytest.raises(TroubleError, match="the connection that holds the gate was lost")
    with lost, database.transaction() as tx:
        tx.execute(schema.part.insert().values(name="records", digest="aa", entry_index=0))
    database.close()
    again = PostgresDatabase(url, must_exist=True)
    with again.transaction() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(schema.part)).scalar() == 0
    again.close()


def test_who_counts_over_the_gate_has_it_alone_and_who_opens_shares_it(url, monkeypatch):
    monkeypatch.setattr("solely.store.postgres.WAIT_SECONDS", 1)
    first = PostgresDatabase(url, is_shared=True)
    PostgresDatabase(url, is_shared=True).close()
    with pytest.raises(TroubleError, match="another command has held this gate"):
        PostgresDatabase(url)
    first.close()
    PostgresDatabase(url).close()


def test_the_versions_lead_to_the_schema_here_too(url, server, monkeypatch):
    upgraded = PostgresDatabase(url)
    upgraded.create()
    with upgraded.transaction() as tx:
        assert schema_versions.changes(tx) == {}
    monkeypatch.setenv("PGDATABASE", server.new_database()["PGDATABASE"])
    declared = PostgresDatabase(url)
    schema.metadata.create_all(declared.engine)
    assert shape(upgraded.engine) == shape(declared.engine)
    upgraded.close()
    declared.close()


def test_init_upgrades_a_database_of_the_version_before(url, tmp_path, monkeypatch):
    require_upgraded(partial(PostgresDatabase, url), tmp_path / "versions", monkeypatch)


def test_copied_rows_are_inserted_rows(url, tmp_path):
    """COPY and its twin, one statement for many rows, put the same into a table."""
    rows = [
        {
            "batch_id": "b", "row": row, "request_id": f"r-{row}", "state": "referred", "version": 0,
            "item": f'["{row}", "\\\\N", "\\t", "é\\n"]', "evidence": "{}", "decision_index": 2**40 + row,
            "decision_key": None if row % 2 else "key",
            "cause": f"c-{row % 3}", "building": None if row % 5 else "b-\\N",
            "statute": None, "sentence": "s\t",
            "request_key": f"r-{row}", "record_ref": None if row % 7 else "p\\N",
        }
        for row in range(1, 400)
    ]  # fmt: skip
    bundles = [{"place": p, "width": 256, "entries": bytes([p % 256, 0, 255]) * 9} for p in range(100)]
    kept = []
    for database in (PostgresDatabase(url), Database(tmp_path / "state.sqlite")):
        database.create()
        with database.transaction() as tx:
            insert_rows(tx, schema.case, rows)
            insert_rows(tx, schema.metadata.tables["ledger_bundle"], bundles)
        with database.transaction() as tx:
            cases = [dict(each) for each in tx.execute(sa.select(schema.case)).mappings()]
            stored = tx.execute(sa.select(schema.metadata.tables["ledger_bundle"])).all()
        kept.append((cases, [(p, w, bytes(e)) for p, w, e in stored]))
        database.close()
    assert kept[0] == kept[1]
    assert kept[0][0] == rows


def test_a_database_that_sorts_by_a_language_is_refused(server, monkeypatch):
    words = ("-T", "template0", "--locale", "C.UTF-8", "spoken")
    server.program("createdb", *server.reach(), *words)
    for name, value in server.environment("spoken").items():
        monkeypatch.setenv(name, value)
    with pytest.raises(TroubleError, match="rules of a language; make it anew"):
        PostgresDatabase(OPEN_URL)


def test_a_server_that_cannot_be_reached_is_named_without_a_password(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "a-secret")
    with pytest.raises(TroubleError, match="the database cannot be reached: ") as told:
        PostgresDatabase("postgresql://solely@127.0.0.1:9/none")
    assert "a-secret" not in str(told.value)


def test_a_ledger_put_back_blocks_every_process(begun, server):
    """A dump from before the last checkpoint, restored: the signed head has gone further."""
    url, folder = begun
    name = os.environ["PGDATABASE"]
    dump = folder.parent / "dump.sql"
    dump.write_text(server.program("pg_dump", *server.reach(), "--clean", name).stdout)
    out, err = started(begun, 20).communicate()
    assert out.count("\n") == 20, err[-500:]
    shutil.copy(dump, server.folder / "dump.sql")
    server.program("psql", *server.reach(), "-q", "-f", str(server.folder / "dump.sql"), name)
    database = PostgresDatabase(url, must_exist=True)
    ledger = Ledger(database.engine, folder)
    with pytest.raises(Blocked, match="the signed head covers 21 entries, the database only 1"):
        ledger.check_start()
    ledger.close()
    database.close()
