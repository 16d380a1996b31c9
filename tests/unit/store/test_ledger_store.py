"""The ledger's store: log, then act; one index per event; every head extends the one before it."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from solely.errors import Blocked, TroubleError, UsageError
from solely.ledger.entry import EntryType, type_of
from solely.store import ledger_tables
from solely.store.ledger_files import LedgerPaths
from solely.store.ledger_store import Ledger
from solely.store.schema import metadata
from solely_verify.entries import read_entry
from solely_verify.log import verify_log
from solely_verify.note import read_key
from solely_verify.receipt import verify_receipt
from tests.support.faults import Crash, World, entered
from tests.support.ledgers import Script

TABLES = [each for each in metadata.sorted_tables if each.name.startswith("ledger_")]
ORIGIN = "solely.example/demo"


def _engine(root: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{root / 'state.sqlite'}", poolclass=sa.pool.NullPool)
    metadata.create_all(engine, tables=TABLES)
    return engine


def _notices(count: int) -> list[bytes]:
    script = Script()
    script.add(EntryType.GENESIS)
    for _ in range(count - 1):
        script.add(EntryType.NOTICE)
    return script.encoded()


ENTRIES = _notices(700)


class Gate:
    """A gate folder with a ledger, as much of it as these tests need."""

    def __init__(self, root: Path, *, is_new: bool = True) -> None:
        self.root, self.paths = root, LedgerPaths(root)
        self.engine = _engine(root)
        self.ledger = Ledger.create(self.engine, root, ORIGIN) if is_new else Ledger(self.engine, root)

    def append(self, first: int, end: int) -> int:
        with self.engine.begin() as tx:
            return self.ledger.append(tx, f"event-{first}", ENTRIES[first:end])

    def grow(self, *ends: int) -> None:
        with self.engine.connect() as tx:
            start = self.ledger.size(tx)
        for end in ends:
            assert self.append(start, end) == start
            self.ledger.publish()
            start = end
        self.ledger._folder.settle()

    def again(self) -> "Gate":
        self.ledger.close()
        return Gate(self.root, is_new=False)

    def report(self):
        return verify_log(self.paths.log, read_key(self.paths.vkey.read_text()))


@pytest.fixture
def gate(tmp_path):
    return Gate(tmp_path)


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("ends", [(1,), (1, 2, 3), (255, 256, 257), (700,), (10, 300, 600, 700), (512,)])
def test_what_is_published_holds_for_an_independent_reader(gate, ends):
    gate.grow(*ends)
    report = gate.report()
    assert (report.findings, report.notes, report.head.size) == ([], [], ends[-1])
    assert gate.ledger.published().root == report.head.root_text


def test_an_empty_log_has_a_checkpoint_too_and_is_refused_until_its_genesis(gate):
    assert gate.ledger.publish().size == 0
    assert [each.partition(":")[0] for each in gate.report().findings] == ["checkpoint line 2"]


@pytest.mark.rule("R-56")
def test_many_events_in_one_write_stand_as_one_after_another(tmp_path):
    both = []
    for number, name in enumerate(("together", "one-by-one")):
        (tmp_path / name).mkdir()
        gate = Gate(tmp_path / name)
        gate.grow(250)
        events = [(f"event-{place}", ENTRIES[place]) for place in (260, 255, 251, 300)]  # times go back, too
        with gate.engine.begin() as tx:
            for part in ([events], [[each] for each in events])[number]:
                gate.ledger.append_each(tx, part)
            both.append([gate.ledger.entries(tx, 250, 4), gate.ledger.find(tx, "event-251")])
        gate.ledger.publish()
        assert gate.report().findings == []
    assert both[0] == both[1]
    assert both[0][1] == (252, 1)


@pytest.mark.rule("R-13")
def test_an_event_of_a_group_that_was_there_already_is_not_written_again(gate):
    gate.append(0, 1)
    with pytest.raises(sa.exc.IntegrityError), gate.engine.begin() as tx:
        gate.ledger.append_each(tx, [("event-1", ENTRIES[1]), ("event-0", ENTRIES[2])])
    with gate.engine.connect() as tx:
        assert gate.ledger.size(tx) == 1


def test_entries_are_counted_that_are_of_none_of_some_types(gate):
    gate.grow(300)
    types = {type_of(each) for each in ENTRIES[:300]}
    assert gate.ledger.count_others(()) == 300
    assert gate.ledger.count_others([EntryType(each) for each in types]) == 0
    gate.grow(310)
    assert gate.ledger.count_others([EntryType.OPEN]) == 310


@pytest.mark.rule("R-13")
def test_the_same_event_again_keeps_its_index(gate):
    assert gate.append(0, 5) == 0
    assert gate.append(5, 9) == 5
    assert gate.append(0, 5) == 0
    with gate.engine.connect() as tx:
        assert gate.ledger.size(tx) == 9
        assert gate.ledger.find(tx, "event-5") == (5, 4)
        assert gate.ledger.find(tx, "event-6") is None


@pytest.mark.rule("R-82")
@pytest.mark.parametrize(("first", "count"), [(1, 1), (1, 2), (700, 1)])
def test_a_key_that_was_put_there_beforehand_swallows_no_event(gate, first, count):
    gate.grow(5)
    with gate.engine.begin() as tx:
        planted = {"event_key": "event-5", "first_index": first, "count": count}
        tx.execute(sa.insert(ledger_tables.ledger_event).values(planted))
    with pytest.raises(Blocked, match="not of that event"):
        gate.append(5, 6)


def test_what_is_rolled_back_was_never_logged(gate):
    gate.grow(3)
    with pytest.raises(RuntimeError), gate.engine.begin() as tx:
        gate.ledger.append(tx, "lost", ENTRIES[3:400])
        raise RuntimeError("the decision fails after its entry")
    with gate.engine.connect() as tx:
        assert (gate.ledger.size(tx), gate.ledger.find(tx, "lost")) == (3, None)
    assert gate.ledger.publish().size == 3


def test_entries_read_back_across_bundles(gate):
    gate.grow(10, 600)
    with gate.engine.connect() as tx:
        assert gate.ledger.entries(tx, 0, 600) == ENTRIES[:600]
        assert gate.ledger.entries(tx, 250, 20) == ENTRIES[250:270]
        with pytest.raises(UsageError):
            gate.ledger.entries(tx, 590, 11)
    assert gate.ledger.entry(599) == ENTRIES[599]


def test_time_never_goes_back(gate):
    gate.append(0, 50)
    with gate.engine.begin() as tx:
        assert gate.ledger.time(tx, 5) > 5
    with pytest.raises(TroubleError), gate.engine.begin() as tx:
        gate.ledger.append(tx, "late", ENTRIES[:1])


@pytest.mark.rule("R-55")
def test_every_published_entry_has_a_receipt_and_no_other(gate, tmp_path):
    gate.grow(100, 300)
    gate.append(300, 301)
    for index in (0, 99, 255, 256, 299):
        receipt = tmp_path / "receipt"
        receipt.write_text(gate.ledger.proof(index))
        proved = verify_receipt(receipt, read_key(gate.ledger.vkey.text()))
        assert (proved.entry, proved.head.size) == (read_entry(ENTRIES[index]), 300)
    with pytest.raises(UsageError):
        gate.ledger.proof(300)


def test_private_keys_are_readable_by_their_owner_only(gate):
    for path in (gate.paths.log_key, gate.paths.salt_key, gate.paths.heads):
        assert path.stat().st_mode & 0o777 == 0o600


def test_partial_tiles_go_when_the_full_one_is_published(gate):
    gate.grow(1, 200, 256, 300)
    names = {path.relative_to(gate.paths.log).as_posix() for path in gate.paths.log.rglob("*.p")}
    assert names == {"tile/0/001.p", "tile/1/000.p", "tile/entries/001.p"}


@pytest.mark.rule("R-56")
def test_what_is_published_is_never_written_anew(gate, monkeypatch):
    gate.grow(257)
    written, real = list[str](), Path.write_bytes

    def told(path: Path, data: bytes) -> int:
        written.extend([path.relative_to(gate.paths.log).as_posix()] if path.exists() else [])
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", told)
    gate.grow(260, 300, 520)
    assert written == []
    assert gate.report().findings == []


# -- start-up: three places that must tell one story ----------------------------------------------------


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("is_full", [True, False])
def test_an_untouched_gate_starts(gate, is_full):
    gate.grow(100, 300, 700)
    gate.again().ledger.check_start(is_full=is_full)


@pytest.mark.rule("R-56")
@pytest.mark.parametrize(
    "name", ["tile/0/000", "tile/0/002.p/188", "tile/1/000.p/2", "tile/entries/001", "tile/entries/002.p/188"]
)
@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"\7" + path.read_bytes()[1:])])
def test_whatever_a_start_finds_broken_in_the_public_folder_is_served_whole_again(gate, name, spoil):
    gate.grow(100, 300, 700)
    before = {path: path.read_bytes() for path in gate.paths.log.rglob("*") if path.is_file()}
    spoil(gate.paths.log / name)
    told = gate.again().ledger.check_start()
    assert told.startswith("1 files of the log's folder were missing or changed")
    assert {path: path.read_bytes() for path in gate.paths.log.rglob("*") if path.is_file()} == before
    assert gate.report().findings == []
    assert gate.again().ledger.check_start() == ""


@pytest.mark.rule("R-56")
def test_a_lost_public_folder_is_served_again_and_told_as_a_lost_file_is(gate):
    gate.grow(100, 300)
    before = {path: path.read_bytes() for path in gate.paths.log.rglob("*.p/*") if path.is_file()}
    shutil.rmtree(gate.paths.log)
    again = gate.again()
    assert "shows less than was signed" in again.ledger.check_start()
    again.ledger.publish()
    assert {path: path.read_bytes() for path in gate.paths.log.rglob("*.p/*") if path.is_file()} == before
    assert gate.report().findings == []


@pytest.mark.rule("R-56")
def test_a_lost_public_side_of_the_second_key_stops_the_gate_and_is_made_anew(gate):
    gate.grow(10)
    kept = gate.paths.second_vkey.read_bytes()
    gate.paths.second_vkey.unlink()
    with pytest.raises(Blocked, match=r"`log-p256\.vkey` is missing; `solely init`"):
        gate.again()
    Ledger.create(gate.engine, gate.root, "another.example/name").close()
    assert gate.paths.second_vkey.read_bytes() == kept


@pytest.mark.rule("R-56")
def test_an_old_database_put_back_stops_the_gate(gate):
    gate.grow(100)
    shutil.copy(gate.root / "state.sqlite", gate.root / "backup")
    gate.grow(150)
    shutil.copy(gate.root / "backup", gate.root / "state.sqlite")
    with pytest.raises(Blocked, match="only 100"):
        gate.again().ledger.check_start()
    with pytest.raises(Blocked):
        gate.again().ledger.publish()


@pytest.mark.rule("R-56")
def test_an_old_database_that_grew_another_way_stops_the_gate(gate):
    gate.grow(100)
    shutil.copy(gate.root / "state.sqlite", gate.root / "backup")
    gate.grow(150)
    shutil.copy(gate.root / "backup", gate.root / "state.sqlite")
    with gate.engine.begin() as tx:
        gate.ledger.append(tx, "other history", ENTRIES[120:220])
    with pytest.raises(Blocked, match="does not lead to"):
        gate.again().ledger.check_start()
    with pytest.raises(Blocked):
        gate.again().ledger.publish()


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("grown", [150, 256, 270])
@pytest.mark.parametrize("more", [0, 5])
def test_an_old_database_put_back_under_a_running_gate_publishes_and_releases_nothing(gate, grown, more):
    gate.grow(100)
    shutil.copy(gate.root / "state.sqlite", gate.root / "backup")
    gate.grow(grown)
    shutil.copy(gate.root / "backup", gate.root / "state.sqlite")
    with gate.engine.begin() as tx:  # as many entries as were published, and others
        gate.ledger.append(tx, "other history", ENTRIES[300 : 300 + grown - 100 + more])
    with pytest.raises(Blocked, match="STATE_EDITED"):
        gate.ledger.publish()


@pytest.mark.rule("R-56")
def test_database_and_public_folder_put_back_together_stop_the_gate(gate):
    gate.grow(100)
    shutil.copy(gate.root / "state.sqlite", gate.root / "backup")
    shutil.copytree(gate.paths.log, gate.root / "log-backup")
    gate.grow(150)
    shutil.copy(gate.root / "backup", gate.root / "state.sqlite")
    shutil.rmtree(gate.paths.log)
    shutil.copytree(gate.root / "log-backup", gate.paths.log)
    with pytest.raises(Blocked, match="signed head"):
        gate.again().ledger.check_start()


@pytest.mark.rule("R-56")
@pytest.mark.rule("R-82")
@pytest.mark.parametrize("index", [0, 100, 260, 299])
def test_an_edited_entry_stops_the_gate(gate, index):
    gate.grow(300)
    with gate.engine.begin() as tx:
        bundle = ledger_tables.ledger_bundle
        place = index // 256
        data = bytearray(tx.execute(sa.select(bundle.c.entries).where(bundle.c.place == place)).scalar_one())
        at = data.index(ENTRIES[index]) + len(ENTRIES[index]) - 1
        data[at] ^= 1
        tx.execute(sa.update(bundle).where(bundle.c.place == place).values(entries=bytes(data)))
    with pytest.raises(Blocked, match="STATE_EDITED"):
        gate.again().ledger.check_start()


@pytest.mark.rule("R-55")
@pytest.mark.parametrize("place", [0, 1])
def test_a_deleted_row_stops_the_gate(gate, place):
    gate.grow(300)
    with gate.engine.begin() as tx:
        bundle = ledger_tables.ledger_bundle
        tx.execute(sa.delete(bundle).where(bundle.c.place == place))
    with pytest.raises(Blocked, match="STATE_EDITED"):
        gate.again().ledger.check_start()


@pytest.mark.rule("R-56")
def test_a_lost_store_of_heads_stops_the_gate(gate):
    gate.grow(10)
    gate.paths.heads.unlink()
    with pytest.raises(Blocked, match="heads"):
        gate.again()


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("name", ["checkpoint", "log.vkey"])
def test_an_edited_public_file_stops_the_gate(gate, name):
    gate.grow(300)
    path = gate.paths.vkey if name == "log.vkey" else gate.paths.log / name
    data = bytearray(path.read_bytes())
    data[25] ^= 1
    path.write_bytes(data)
    with pytest.raises(Blocked, match="STATE_EDITED"):
        gate.again().ledger.check_start()


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("put", [os.mkfifo, os.mkdir])
def test_what_is_no_file_in_the_place_of_the_checkpoint_stops_the_gate_before_anything_is_entered(gate, put):
    gate.grow(256, 300)
    checkpoint = gate.paths.log / "checkpoint"
    checkpoint.unlink()
    put(checkpoint)
    with pytest.raises(Blocked, match="is no file"):
        gate.again().ledger.check_start()


@pytest.mark.rule("R-56")
def test_a_second_writer_is_stopped_by_the_head(gate):
    gate.grow(10)
    other = Gate(gate.root, is_new=False)
    other.ledger.publish()
    gate.grow(20)
    with sqlite3.connect(gate.paths.heads) as heads:
        heads.execute("UPDATE head SET size = 11")
    gate.append(20, 30)
    with pytest.raises(Blocked):
        gate.ledger.publish()
    with pytest.raises(Blocked):
        other.ledger.publish()


# -- crashes: whatever call is the last, the next start goes on from there -----------------------------


def _crash(root: Path, world: World, monkeypatch) -> None:
    """Append and publish across a full tile in a world that may end."""
    with entered(world, monkeypatch):
        gate = Gate(root, is_new=False)
        gate.append(250, 262)
        gate.ledger.publish()


def _prepared(folder: Path) -> Path:
    root = folder / "prepared"
    root.mkdir()
    Gate(root).grow(100, 250)
    return root


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return _prepared(tmp_path_factory.mktemp("ledger"))


def _number_of_calls(prepared: Path, tmp_path: Path, monkeypatch) -> int:
    world = World()
    shutil.copytree(prepared, tmp_path / "counting")
    _crash(tmp_path / "counting", world, monkeypatch)
    return world.calls


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("takes_effect", [False, True], ids=["failed", "failed-but-saved"])
def test_a_crash_at_any_call_leaves_prefixes_and_the_next_start_goes_on(
    prepared, tmp_path, monkeypatch, takes_effect
):
    calls = _number_of_calls(prepared, tmp_path, monkeypatch)
    assert calls > 30
    seen = set()
    for number in range(1, calls + 1):
        root = tmp_path / str(number)
        shutil.copytree(prepared, root)
        world = World(number, takes_effect=takes_effect)
        with pytest.raises(Crash):
            _crash(root, world, monkeypatch)
        seen.add(world.failed)
        _goes_on(root)
    assert {"execute", "commit", "fsync", "replace", "write_bytes"} <= seen


def _goes_on(root: Path) -> None:
    gate = Gate(root, is_new=False)
    report = gate.report()
    assert report.findings == []
    assert report.head.size in (250, 262)  # the old tree or the new one, whole
    gate.ledger.check_start()
    assert gate.append(250, 262) == 250
    assert gate.ledger.publish().size == 262
    report = gate.report()
    assert (report.findings, report.notes) == ([], [])
    gate.again().ledger.check_start(is_full=False)


@pytest.mark.rule("R-56")
def test_a_checkpoint_holds_under_either_key_of_the_log(tmp_path):
    gate = Gate(tmp_path)
    gate.grow(300)
    keys = [read_key(path.read_text()) for path in (gate.paths.vkey, gate.paths.second_vkey)]
    assert [key.kind for key in keys] == [1, 2]
    for key in keys:
        assert verify_log(gate.paths.log, key).findings == []
    first = (gate.paths.log / "checkpoint").read_bytes().split(b"\n")
    assert len(first) == 7, "three lines, an empty one, two signatures"
    for place, holds in ((4, (False, True)), (5, (True, False))):
        left = b"\n".join([*first[:place], *first[place + 1 :]])
        (gate.paths.log / "checkpoint").write_bytes(left)
        assert tuple(not verify_log(gate.paths.log, key).findings for key in keys) == holds


def test_a_second_key_that_was_exchanged_stops_the_gate(tmp_path):
    gate = Gate(tmp_path)
    gate.grow(3)
    gate.ledger.close()
    other = Gate(tmp_path / "other") if (tmp_path / "other").mkdir() is None else None
    shutil.copy(other.paths.second_key, gate.paths.second_key)
    with pytest.raises(Blocked, match=r"log-p256\.vkey"):
        Gate(tmp_path, is_new=False)


def test_a_gate_of_an_earlier_build_gets_its_second_key_when_it_is_made_again(tmp_path):
    gate = Gate(tmp_path)
    gate.ledger.close()
    for each in (gate.paths.second_key, gate.paths.second_vkey):
        each.unlink()
    old = Gate(tmp_path, is_new=False)
    old.grow(3)
    assert verify_log(old.paths.log, read_key(old.paths.vkey.read_text())).findings == []
    old.ledger.close()
    Gate(tmp_path).grow(9)
    assert verify_log(gate.paths.log, read_key(gate.paths.second_vkey.read_text())).findings == []
