"""A gate under witnesses that overseers run, typed as it stands: nothing leaves without their quorum."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from threading import Thread
from time import sleep

import pytest

from solely.canonical import sha256_hex
from solely_verify.__main__ import main as verify
from tests.e2e.test_batchwide import with_limits
from tests.e2e.test_how_to import blocks
from tests.support.reading import entries_of, only_batch
from tests.support.world import APPROVERS, World

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


class Overseer:
    """An overseer's witness as a process of its own."""

    def __init__(self, world: World, name: str, *more: str | Path) -> None:
        self.world, self.root, self.more = world, world.root / name, more
        self.address = "127.0.0.1:0"
        self.start()

    def words(self, *more: str | Path) -> list[str]:
        log = ["--log", self.world.gate / "log.vkey", "--mirror", self.world.gate / "ledger"]
        return [
            sys.executable,
            "-m",
            "solely.cli.main",
            "witness",
            *map(str, [self.root, *log, *self.more, *more]),
        ]

    def start(self) -> None:
        words = self.words("--listen", self.address, "--every", "0.2")
        log = self.root.with_suffix(".err").open("ab")
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        assert self.line.startswith(f"witness {self.root.name} witness.example/{self.root.name}+"), (
            self.errors
        )
        self.address = self.line.split()[-1].removeprefix("http://").rstrip("/")

    @property
    def errors(self) -> str:
        return self.root.with_suffix(".err").read_text()

    @property
    def alarms(self) -> list[dict[str, str]]:
        path = self.root / "alarms.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def copy(self) -> Path:
        return next((self.root / "logs").iterdir())

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(10) == 0

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def once(self, *more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.words("--once", *more), capture_output=True, text=True, check=False)


@contextmanager
def dripping() -> Iterator[str]:
    """The address of a witness that answers by a byte each half second, and never ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            with suppress(OSError):
                while True:
                    Thread(target=answer, args=(listening.accept()[0],), daemon=True).start()

        def answer(caller: socket.socket) -> None:
            with suppress(OSError), caller:
                caller.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                while True:
                    caller.sendall(b"a")
                    sleep(0.5)

        Thread(target=drip, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


@contextmanager
def overseers(world: World, *names: str, more: tuple[str, ...] = ()) -> Iterator[list[Overseer]]:
    found = [Overseer(world, name, *more) for name in names]
    try:
        yield found
    finally:
        for each in found:
            with suppress(ProcessLookupError):
                os.kill(each.process.pid, signal.SIGCONT)
                each.process.kill()
            each.process.wait()


def _policy(world: World, *witnesses: Overseer, needed: str = "all") -> Path:
    names = " ".join(each.root.name for each in witnesses)
    path = world.root / "witness.policy"
    text = "".join(each.line for each in witnesses)
    path.write_text(
        f"# who must have seen a checkpoint\n{text}group everyone {needed} {names}\nquorum everyone\n"
    )
    return path


def _packages(world: World) -> set[str]:
    return {path.stem for path in world.packages()}


def test_a_witness_that_is_to_mirror_a_gate_is_told_which_folder_is_the_log_and_raises_no_alarm(fresh_world):
    folder = fresh_world.root / "inspector"
    words = ("--log", fresh_world.gate / "log.vkey", "--mirror", fresh_world.gate, "--once")
    ran = fresh_world.solely("witness", folder, *words)
    assert (ran.code, "name its folder `ledger`" in ran.err) == (2, True)
    assert not (folder / "alarms.jsonl").exists() or not (folder / "alarms.jsonl").read_text()


@pytest.mark.rule("R-55", "R-56")
def test_witness_stopped_no_release_leaves_and_resumed_it_does_under_its_cosignature(fresh_world):
    world = fresh_world
    with overseers(world, "inspector", "court") as (inspector, court):
        policy = _policy(world, inspector, court)
        put = world.solely("init", world.gate, "--witnesses", policy)
        assert put.code == 0, put.err
        ran = world.run()
        assert (ran.code, ran.result["blocked"]) == (0, []), ran.err
        assert world.approve(world.folders.batch, APPROVERS[0]).code == 0
        before = ran.result["checkpoint"]["size"]

        court.stop()
        stopped = world.approve(world.folders.batch, APPROVERS[1])
        assert (stopped.code, _packages(world)) == (5, set())
        assert stopped.err.count("`court` does not answer") == 1, "a cause is said once"
        again = world.approve(world.folders.batch, APPROVERS[1])
        assert (again.code, _packages(world)) == (5, set())
        shown = world.solely("explain", world.requests.rows[0]["request_id"], "--gate", world.gate)
        assert shown.code == 0, shown.err
        published = int((world.gate / "ledger" / "checkpoint").read_text().splitlines()[1])
        next_one = world.write_batch(world.fresh_rows(1), "next")
        waits = world.run(next_one)
        letter = sha256_hex((next_one / "letter.json").read_bytes())
        assert (waits.code, waits.result["blocked"], waits.result["batch"]) == (5, ["WITNESS"], letter[:16])
        assert waits.result["checkpoint"]["size"] == published, "what is signed, not what waits"

        court.start()
        resumed = world.approve(world.folders.batch, APPROVERS[1])  # as any command that opens the gate
        released = resumed.result["released"]
        assert (resumed.code, released > 0) == (0, True), resumed.err
        assert f"what two had approved has left now: {released} packages" in resumed.err
        assert world.approve(world.folders.batch, APPROVERS[1]).code == 4
        assert len(_packages(world)) == released
        releases = [index for index, each in enumerate(entries_of(world)) if each.type.word == "release"]
        assert (len(releases), min(releases) >= before) == (released, True)

        key = ["--key", str(world.gate / "log.vkey"), "--policy", str(policy)]
        checked = world.solely("verify", world.gate / "ledger", *key)
        assert checked.code == 0, checked.out
        assert resumed.result["checkpoint"]["size"] > max(releases)
        package = world.packages()[0]
        proof = world.root / "release.tlog-proof"
        assert world.solely("receipt", package, "--gate", world.gate, "--out", proof).code == 0
        assert verify(["receipt", str(proof), *key]) == 0
        assert verify(["release", str(package), "--receipt", str(proof), *key]) == 0
        other = next(each for each in world.packages() if each != package)
        assert verify(["release", str(other), "--receipt", str(proof), *key]) == 1
        beat = world.solely("heartbeat", "--gate", world.gate)
        assert (beat.code, beat.result["cosigned"]) == (0, ["court", "inspector"]), beat.err
        for each in (inspector, court):
            assert each.alarms == []
            each.stop()
            assert each.once().returncode == 0
            assert verify(["log", str(each.copy), *key]) == 0, "the copy is a log like any other"

        court_key = world.key("courts", "district-court")
        stay = world.solely("stay", "--gate", world.gate, "--as", court_key, "--cite", "docket 25-cv-0677")
        assert (stay.code, "does not answer" in stay.err) == (0, True), stay.err
        assert (stay.result["is_in_force"], stay.result["checkpoint"]) == (True, "waits for witnesses")
        listed = world.solely("orders", "--gate", world.gate).lines
        assert [each["order"] for each in listed] == [stay.result["order"]]


@pytest.mark.rule("R-08", "R-56")
def test_a_witness_that_never_ends_its_answer_holds_no_command_up(fresh_world):
    world = fresh_world
    with overseers(world, "inspector", "press") as (inspector, press), dripping() as slow:
        press.stop()
        press.line = press.line.replace(press.line.split()[-1], slow)
        policy = _policy(world, inspector, press, needed="any")
        assert world.solely("init", world.gate, "--witnesses", policy).code == 0
        words = [sys.executable, "-m", "solely.cli.main", "stay", "--gate", world.gate, "--cite", "docket 1"]
        key = ["--as", world.key("courts", "district-court")]
        ran = subprocess.run([*words, *key], capture_output=True, text=True, check=False, timeout=60)
        assert (ran.returncode, json.loads(ran.stdout)["is_in_force"]) == (0, True), ran.stderr


@pytest.mark.rule("R-56")
def test_an_old_gate_put_back_refuses_to_start_and_says_why(fresh_world):
    world = fresh_world
    with overseers(world, "inspector") as (inspector,):
        assert world.solely("init", world.gate, "--witnesses", _policy(world, inspector)).code == 0
        shutil.copytree(world.gate, world.root / "kept")
        assert world.run().code == 0
        shutil.rmtree(world.gate)
        shutil.copytree(world.root / "kept", world.gate)
        refused = world.run()
        assert refused.code == 5
        assert "witness `inspector` has cosigned" in refused.err
        assert "an old copy of this gate was put back" in refused.err
        inspector.stop()
        # The overseer sees it too, from the copy and from what is published.
        looked = inspector.once()
        assert looked.returncode in (0, 1)


@pytest.mark.rule("R-82")
@pytest.mark.parametrize("edit", ["removed", "changed", "added"])
def test_a_policy_edited_by_hand_stops_the_gate(fresh_world, edit):
    world = fresh_world
    with overseers(world, "inspector") as (inspector,):
        policy, in_gate = _policy(world, inspector), world.gate / "witness.policy"
        if edit != "added":
            assert world.solely("init", world.gate, "--witnesses", policy).code == 0
        match edit:
            case "removed":
                in_gate.unlink()
            case "changed":
                in_gate.write_text("quorum none\n")
            case "added":
                shutil.copy(policy, in_gate)
        stopped = world.run()
        assert stopped.code == 5
        assert "witness.policy" in stopped.err


@pytest.mark.rule("R-86")
def test_the_sample_is_drawn_from_a_witness_s_cosignature_and_an_outsider_draws_it_again(fresh_world):
    world = fresh_world
    with_limits(world, investigation_sample_items=2)
    rows = world.fresh_rows(5)
    rows = [row | {"investigation_id": f"Inv-{letter}/7"} for row, letter in zip(rows, "KLMNO", strict=True)]
    batch = world.write_batch(rows, "sampled")
    with overseers(world, "inspector") as (inspector,):
        assert world.solely("init", world.gate, "--witnesses", _policy(world, inspector)).code == 0
        ran = world.run(batch)
    told_file = only_batch(world) / "draw.json"
    told = json.loads(told_file.read_text())
    assert (told["witness"], told["drawn"]) == ("inspector", ran.result["to_be_evidenced"])
    assert len(told["candidates"]) == 5
    kept = (
        next(inspector.root.glob("*.checkpoints")).read_text().replace("\n\n\u2014", "\n\u2014").split("\n\n")
    )
    drawn_from = told["checkpoint"].rstrip().replace("\n\n", "\n").splitlines()
    own = [*drawn_from[:4], drawn_from[-1]]  # the P-256 line comes after the witness's
    assert "\n".join(own) in kept, "the witness kept what it cosigned"
    script = world.root / "draw.py"
    script.write_text(blocks("how-to/overseer.md", "python")[0])
    own_file = next(inspector.root.glob("*.checkpoints"))
    other_first = world.root / "other.checkpoints"  # in which the witness had cosigned the tree before
    signed, line = told["checkpoint"].split("\n\n")[0], own[-1]
    earlier = line[:-8] + line[-8:].swapcase()
    other_first.write_text(f"{signed}\n\n{own[3]}\n{earlier}\n\n" + own_file.read_text())
    for changes, kept_file, code in (
        ({}, None, 0),
        ({}, own_file, 0),
        ({}, other_first, 1),
        ({"seed": "00" * 32}, own_file, 1),
        ({"drawn": told["drawn"][::-1]}, None, 1),
    ):
        told_file.write_text(json.dumps(told | changes))
        words = [sys.executable, script, told_file, *([kept_file] if kept_file else [])]
        done = subprocess.run(words, capture_output=True, check=False)
        assert done.returncode == code, done.stderr


@pytest.mark.rule("R-56")
def test_a_gate_whose_clock_is_off_says_so_in_its_own_ledger(fresh_world):
    world = fresh_world
    with overseers(world, "inspector") as (inspector,):
        assert world.solely("init", world.gate, "--witnesses", _policy(world, inspector)).code == 0
        assert world.run().code == 0
        assert "clock" not in {each.type.word for each in entries_of(world)}
        tomorrow = datetime.combine(world.today + timedelta(days=1), time(12), UTC)
        world.environment["SOLELY_NOW"] = tomorrow.isoformat()
        assert world.approve(world.folders.batch, APPROVERS[0]).code == 0
        entries = entries_of(world)
        assert [each.type.word for each in entries[-2:]] == ["approval", "clock"]
        assert entries[-1].refs == (len(entries) - 2,)
        assert {each["kind"] for each in inspector.alarms} == {"clock"}
    assert verify(["log", str(world.gate / "ledger"), "--key", str(world.gate / "log.vkey")]) == 0
