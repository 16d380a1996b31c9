"""A witness: what it cosigns, what it refuses with which status, and what it raises an alarm about."""

import base64
import json
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from solely.ledger.checkpoint import Checkpoint, sign
from solely.ledger.entry import EntryType, time_of
from solely.ledger.note import Kind, Note, VerifierKey, find_signature, read_lines
from solely.ledger.tiles import node_reader, split_tile, tile_path
from solely.ledger.tree import consistency_proof, leaf_hashes, root_of
from solely_verify.note import LogKey, read_key
from solely_witness.alarms import Alarms
from solely_witness.cosigning import Cosigner
from solely_witness.mirror import Mirror
from solely_witness.running import Options, run
from solely_witness.server import make_server
from solely_witness.source import FolderSource, WebSource
from solely_witness.state import WitnessFolder, origin_hash
from solely_witness.watching import Watch, Watched
from tests.support.ledgers import KEY, ORIGIN, OTHER_KEY, VKEY, Script, log_files, put, signed_log

pytestmark = pytest.mark.rule("R-56")
LOG: LogKey = read_key(VKEY.text())


def _entries(count: int, kind: EntryType = EntryType.NOTICE) -> list[bytes]:
    script = Script()
    script.add(EntryType.GENESIS)
    for _ in range(count - 1):
        script.add(kind)
    return script.encoded()


ENTRIES = _entries(700)
FORKED = [*ENTRIES[:99], *_entries(700, EntryType.STAY)[99:]]


def _head(size: int, entries: list[bytes] = ENTRIES) -> Checkpoint:
    return Checkpoint(ORIGIN, size, root_of(leaf_hashes(entries[:size])))


def _proof(old: int, new: int, entries: list[bytes] = ENTRIES) -> list[bytes]:
    files, _ = log_files(entries[:new])
    nodes = node_reader(
        lambda level, place, width: split_tile(files[tile_path(level, place, width)], width), new
    )
    return consistency_proof(nodes, old, new) if 0 < old < new else []


def _body(old: int, new: int, entries: list[bytes] = ENTRIES, *, key=KEY, proof=None, origin=ORIGIN) -> bytes:
    hashes = _proof(old, new, entries) if proof is None else proof
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in hashes)]
    return ("\n".join(lines) + "\n\n").encode() + sign(_head(new, entries)._replace(origin=origin), key)


class Office:
    """A witness at work in a folder, with what it has told and a clock to set."""

    def __init__(self, root: Path, log: Path | None = None) -> None:
        self.root, self.told, self.now = root, [], 1_786_000_000.0
        root.mkdir(exist_ok=True)
        self.folder = WitnessFolder(root, f"witness.example/{root.name}")
        self.alarms = Alarms(root / "alarms.jsonl", self.told.append)
        self.source = None if log is None else FolderSource(log)
        mirror = None if self.source is None else Mirror(self.folder.log(ORIGIN), self.source)
        copies = {} if mirror is None else {ORIGIN: mirror}
        self.cosigner = Cosigner(self.folder, {ORIGIN: LOG}, copies, self.alarms, lambda: self.now, 10**9)
        if mirror is not None:
            mirror.restore(self.cosigner.last(ORIGIN))

    def add(self, body: bytes) -> int:
        return self.cosigner.add_checkpoint(body).status

    def watch(self, peers=(), silent=None) -> Watch:
        places = {each.root.name: _Shown(each) for each in peers}
        return Watch(Watched(LOG, self.source, places, silent), self.cosigner, self.alarms, lambda: self.now)

    @property
    def kinds(self) -> list[str]:
        return [each.split()[1].rstrip(":") for each in self.told]

    @property
    def size(self) -> int:
        return self.cosigner.last(ORIGIN).size


class _Shown:
    """What a witness shows to its peers."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def read(self, path: str, limit: int) -> bytes | None:
        reply = self._office.cosigner.show(path.split("/", maxsplit=1)[0])
        return reply.body if reply.status == 200 else None


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path / "inspector")


def _published(folder: Path, size: int, entries: list[bytes] = ENTRIES) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return put(signed_log(entries[:size]), folder)


# -- the protocol -----------------------------------------------------------------------------------


def test_a_cosignature_is_of_this_witness_and_holds(office):
    reply = office.cosigner.add_checkpoint(_body(0, 300))
    key = VerifierKey(office.folder.key.name, office.folder.key.key, Kind.WITNESS)
    found = find_signature(Note(_head(300).text(), read_lines(reply.body.decode())), key)
    assert (reply.status, int.from_bytes(found.signature[:8], "big")) == (200, 1_786_000_000)


ANSWERS = {
    "extends": (_body(300, 700), 200),
    "the same again": (_body(300, 300), 200),
    "stale old size": (_body(200, 700), 409),
    "never seen, says the sender": (_body(0, 700), 409),
    "a fork of the same size": (_body(300, 300, FORKED), 409),
    "a grown fork": (_body(300, 700, FORKED), 422),
    "garbage for a proof": (_body(300, 700, proof=[bytes(32)] * 5), 422),
    "no proof": (_body(300, 700, proof=[]), 422),
    "one hash too many": (_body(300, 700, proof=[*_proof(300, 700), bytes(32)]), 422),
    "a proof where none is needed": (_body(300, 300, proof=[bytes(32)]), 422),
    "rolled back": (_body(300, 200, proof=[]), 400),
    "another key": (_body(300, 700, key=OTHER_KEY), 403),
    "another origin": (_body(300, 700, origin="solely.example/other"), 404),
    "no request": (b"hello", 400),
    "leading zero": (_body(300, 700).replace(b"old 300", b"old 0300", 1), 400),
    "64 proof lines": (_body(300, 700, proof=[bytes(32)] * 64), 400),
    "a short hash": (_body(300, 700, proof=[bytes(31)]), 400),
    "size 2^62": (_body(300, 700).replace(b"\n700\n", f"\n{2**62}\n".encode()), 403),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_each_submission_gets_its_status(office, name):
    assert office.add(_body(0, 300)) == 200
    body, status = ANSWERS[name]
    reply = office.cosigner.add_checkpoint(body)
    assert reply.status == status
    assert office.size == (700 if name == "extends" else 300)
    if status == 409:
        assert (reply.body, reply.content_type) == (b"300\n", "text/x.tlog.size")


def test_what_was_cosigned_is_known_after_a_restart(office):
    office.add(_body(0, 300))
    again = Office(office.root)
    assert again.size == 300
    assert again.add(_body(0, 100)) == 409
    assert again.folder.key == office.folder.key


def test_one_tree_gets_one_cosignature_in_half_a_minute_however_often_it_is_sent(office):
    first = office.cosigner.add_checkpoint(_body(0, 300)).body
    for seconds in (1, 29):
        office.now = 1_786_000_000.0 + seconds
        assert office.cosigner.add_checkpoint(_body(300, 300)).body == first
    office.now = 1_786_000_000.0 + 30
    renewed = office.cosigner.add_checkpoint(_body(300, 300)).body
    assert renewed != first
    assert office.cosigner.cosigned_at(ORIGIN) == 1_786_000_030
    kept = (office.root / f"{origin_hash(ORIGIN)}.checkpoints").read_bytes()
    assert (kept.count(first), kept.count(renewed), kept.count(_head(300).text().encode())) == (1, 1, 2)


def test_two_at_once_never_take_one_another_back(office):
    office.add(_body(0, 10))
    bodies = [_body(10, size) for size in range(11, 75)]
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(office.add, bodies))
    assert statuses.count(200) == 1
    assert set(statuses) == {200, 409}
    assert office.size == 11 + statuses.index(200)


def test_it_answers_over_http_and_keeps_the_connection(office):
    server = make_server(office.cosigner, "127.0.0.1", 0)
    with ThreadPoolExecutor(1) as threads:
        threads.submit(server.serve_forever, 0.01)
        connection = HTTPConnection(*server.server_address)
        seen = []
        for verb, path, body in (
            ("GET", f"/{origin_hash(ORIGIN)}/checkpoint", None),
            ("POST", "/add-checkpoint", _body(0, 300)),
            ("GET", f"/{origin_hash(ORIGIN)}/checkpoint", None),
            ("GET", "/elsewhere", None),
            ("POST", "/add-checkpoint", b"x" * 100_000),
        ):
            connection.request(verb, path, body)
            answer = connection.getresponse()
            seen.append((answer.status, len(answer.read()) > 100))
        server.shutdown()
        server.server_close()
    assert seen == [(404, False), (200, True), (200, True), (404, False), (400, False)]


# -- the copy ---------------------------------------------------------------------------------------


def test_a_caller_that_hangs_up_is_nothing_to_tell_and_anything_else_is(office, capsys):
    with make_server(office.cosigner, "127.0.0.1", 0) as server:
        for error in (BrokenPipeError(), ConnectionResetError(), ValueError("another fault")):
            with suppress(BrokenPipeError, ConnectionResetError, ValueError):
                try:
                    raise error
                except (OSError, ValueError):
                    server.handle_error(None, ("127.0.0.1", 1))
                    raise
    told = capsys.readouterr().err
    assert ("another fault" in told, "BrokenPipe" in told, "ConnectionReset" in told) == (True, False, False)


def test_a_copy_follows_before_anything_is_cosigned(tmp_path):
    office = Office(tmp_path / "ig", _published(tmp_path / "log", 300))
    assert office.add(_body(0, 300)) == 200
    _published(tmp_path / "log", 700)
    assert office.add(_body(300, 700)) == 200
    again = Office(tmp_path / "ig", tmp_path / "log")
    assert (again.size, again.told) == (700, [])


@pytest.mark.parametrize(
    "lost", ["tile/entries/001", "tile/0/001", "tile/entries/002.p/188", "tile/1/000.p/2"]
)
def test_what_the_log_does_not_show_is_not_cosigned(tmp_path, lost):
    office = Office(tmp_path / "ig", _published(tmp_path / "log", 300))
    assert office.add(_body(0, 300)) == 200
    _published(tmp_path / "log", 700)
    (tmp_path / "log" / lost).unlink()
    assert office.add(_body(300, 700)) == 503
    assert (office.size, office.kinds) == (300, ["withheld"])


def test_a_changed_entry_is_not_cosigned(tmp_path):
    log = _published(tmp_path / "log", 700)
    bundle = log / "tile/entries/001"
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"\0")
    office = Office(tmp_path / "ig", log)
    assert office.add(_body(0, 700)) == 503
    assert (office.size, office.kinds) == (0, ["withheld"])


def test_a_damaged_copy_is_named_at_the_start(tmp_path):
    log = _published(tmp_path / "log", 700)
    office = Office(tmp_path / "ig", log)
    office.add(_body(0, 700))
    bundle = office.folder.log(ORIGIN) / "tile/entries/001"
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"\0")
    assert run(Options(tmp_path / "ig", "witness.example/ig", LOG, mirror=str(log), is_once=True)) == 1
    assert json.loads((tmp_path / "ig" / "alarms.jsonl").read_text())["kind"] == "copy"


@pytest.mark.parametrize("put_back", [lambda path, old: path.write_bytes(old), lambda path, _: path.unlink()])
def test_a_last_checkpoint_that_is_lost_or_older_than_the_record_is_named_at_the_start(tmp_path, put_back):
    office = Office(tmp_path / "ig")
    office.add(_body(0, 100))
    last = office.folder.log(ORIGIN) / "checkpoint"
    old = last.read_bytes()
    office.now += 60
    office.add(_body(100, 300))
    options = Options(tmp_path / "ig", "witness.example/ig", LOG, is_once=True)
    assert run(options) == 0
    put_back(last, old)
    assert run(options) == 1
    (alarm,) = map(json.loads, (tmp_path / "ig" / "alarms.jsonl").read_text().splitlines())
    assert (alarm["kind"], "300 were cosigned here" in alarm["what"]) == ("copy", True)


# -- alarms -----------------------------------------------------------------------------------------


def test_nothing_wrong_is_no_alarm(tmp_path):
    office = Office(tmp_path / "ig", _published(tmp_path / "log", 300))
    other = Office(tmp_path / "court", tmp_path / "log")
    watch = office.watch([other], silent=60)
    watch.round()
    _published(tmp_path / "log", 700)
    other.watch().round()
    watch.round()
    assert (office.told, office.size, other.size) == ([], 700, 700)


def test_a_fork_is_seen_when_the_log_publishes_it(tmp_path):
    office = Office(tmp_path / "ig", _published(tmp_path / "log", 300))
    office.watch().round()
    for size in (200, 300, 700):
        _published(tmp_path / "log", size, FORKED)
        office.watch().round()
    assert office.kinds == ["fork", "fork", "fork"]
    said = json.loads((tmp_path / "ig" / "alarms.jsonl").read_text().splitlines()[-1])
    assert base64.b64decode(said["checkpoint"]).startswith(ORIGIN.encode() + b"\n700\n")


def test_a_split_view_is_seen_when_two_witnesses_compare(tmp_path):
    office = Office(tmp_path / "ig", _published(tmp_path / "log", 300))
    shown_other = Office(tmp_path / "court", _published(tmp_path / "other", 300, FORKED))
    office.watch().round()
    shown_other.watch().round()
    assert (office.told, shown_other.told) == ([], [])
    office.watch([shown_other]).round()
    assert office.kinds == ["fork"]


def test_a_peer_that_was_shown_more_is_an_alarm(tmp_path):
    office = Office(tmp_path / "ig", _published(tmp_path / "log", 300))
    ahead = Office(tmp_path / "court", _published(tmp_path / "other", 700))
    office.watch().round()
    ahead.watch().round()
    office.watch([ahead]).round()
    assert office.kinds == ["withheld"]


def test_a_log_that_shrinks_is_an_alarm(tmp_path):
    office = Office(tmp_path / "ig", _published(tmp_path / "log", 700))
    watch = office.watch()
    watch.round()
    _published(tmp_path / "log", 300)
    watch.round()
    assert office.kinds == ["shrunk"]


def test_a_silent_log_is_an_alarm_until_it_speaks_again(tmp_path):
    office = Office(tmp_path / "ig", _published(tmp_path / "log", 300))
    watch = office.watch(silent=600)
    watch.round()
    office.now += 601
    watch.round()
    watch.round()
    assert office.kinds == ["stall"]
    _published(tmp_path / "log", 700)
    watch.round()
    assert office.cosigner.cosigned_at(ORIGIN) == int(office.now)
    office.now += 601
    watch.round()
    assert office.kinds == ["stall", "stall"]


def test_what_a_stranger_has_cosigned_again_is_no_sign_of_life(tmp_path):
    log = _published(tmp_path / "log", 300)
    office = Office(tmp_path / "ig", log)
    watch = office.watch(silent=600)
    watch.round()
    office.now += 601
    renewed = office.cosigner.add_checkpoint(_body(300, 300))
    assert renewed.status == 200
    watch.round()
    assert office.kinds == ["stall"]
    # What the log itself publishes of it is one.
    with (log / "checkpoint").open("ab") as file:
        file.write(renewed.body)
    watch.round()
    office.now += 599
    watch.round()
    assert office.kinds == ["stall"]


@contextmanager
def _answering(sent: Callable[[], Iterator[bytes]]) -> Iterator[str]:
    """The address of a server that sends these bytes to whoever calls, whatever was asked."""
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as threads:

        def answer() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.recv(4096)
                for each in sent():
                    connection.sendall(each)

        threads.submit(answer)
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    "sent",
    [
        b"HELLO\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ntoo short",
        b"HTTP/1.1 302 Found\r\nLocation: file:///etc/hosts\r\n\r\n",
    ],
    ids=["no HTTP", "a long header", "a broken chunk", "cut off", "elsewhere"],
)
def test_an_answer_that_is_none_is_a_file_that_is_not_shown(sent):
    with _answering(lambda: iter([sent])) as url:
        assert WebSource(url).read("checkpoint", 1000) is None


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"])
def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(head):
    def slowly() -> Iterator[bytes]:
        yield head
        for _ in range(1000):
            time.sleep(0.05)
            yield b"x"

    began = time.monotonic()
    with _answering(slowly) as url:
        assert WebSource(url, seconds_max=0.5).read("checkpoint", 1000) is None
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [(0, -30, ["clock"]), (1, 1, ["clock"]), (0, 30, []), (0, 0, [])],
    ids=["ahead", "dated back", "kept waiting", "at once"],
)
def test_a_time_that_cannot_be_is_an_alarm_and_no_refusal(tmp_path, before, after, kinds):
    """Hours from when the newest entry was added until what is before it, and it, are cosigned."""
    office = Office(tmp_path / "ig", _published(tmp_path / "log", 300))
    office.cosigner._seconds_apart = 300.0
    added = time_of(ENTRIES[699]) / 1000
    office.now = added + before * 3600
    assert office.add(_body(0, 300)) == 200
    assert office.kinds == []
    _published(tmp_path / "log", 700)
    office.now = added + after * 3600
    assert office.add(_body(300, 700)) == 200
    assert office.kinds == kinds


def test_many_lines_of_others_do_not_lock_a_witness_up(office):
    note = sign(_head(300), KEY)
    stranger = note.split(b"\n")[-2].replace(ORIGIN.encode(), b"else.example") + b"\n"
    assert office.add(b"old 0\n\n" + note + stranger * 63) == 200
    assert office.size == 300
    assert office.add(_body(300, 700)) == 200
