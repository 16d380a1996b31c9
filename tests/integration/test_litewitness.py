"""A gate under a witness that nobody here wrote: torchwood's `litewitness`, unchanged.

It needs `litewitness` and `witnessctl` on the path, and an ssh-agent for the witness's key; without them the
tests say what to install and are skipped.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from solely.errors import Blocked, Unwitnessed
from solely_verify.log import verify_log
from solely_verify.note import WITNESS, from_base64, read_key, vkey_text
from solely_verify.policy import read_policy
from tests.unit.store.test_ledger_store import Gate

INSTALL = "apt-get install -y torchwood openssh-client (torchwood is in Debian sid)"
PROGRAMS = ("litewitness", "witnessctl", "ssh-agent", "ssh-add", "ssh-keygen")
_MISSING = [each for each in PROGRAMS if shutil.which(each) is None]
pytestmark = [
    pytest.mark.skipif(bool(_MISSING), reason=f"SKIPPED: the outside witness needs `{INSTALL}`"),
    pytest.mark.rule("R-56"),
]
NAME = "witness.example/outside"


class LiteWitness:
    """litewitness at work for one log."""

    def __init__(self, root: Path, gate: Gate) -> None:
        root.mkdir()
        self.root, self._database = root, str(root / "litewitness.db")
        # A socket's path is short, and a test's folder is not.
        self._socket = os.path.relpath(root / "agent", root)
        key = root / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        public = from_base64((root / "key.pub").read_text().split()[1])
        assert public is not None
        self.vkey = vkey_text(NAME, WITNESS, public[-32:])
        listed = subprocess.run(["ssh-keygen", "-l", "-f", key], capture_output=True, text=True, check=True)
        self._fingerprint = listed.stdout.split()[1]
        self._agent = subprocess.Popen(
            ["ssh-agent", "-D", "-a", self._socket], cwd=root, stdout=subprocess.DEVNULL
        )
        self._until((root / "agent").exists)
        place = {**os.environ, "SSH_AUTH_SOCK": self._socket}
        subprocess.run(["ssh-add", "-q", "key"], cwd=root, env=place, check=True, capture_output=True)
        for words in (["add-log"], ["add-key", "-key", gate.ledger.vkey.text()]):
            origin = ["-db", self._database, "-origin", gate.ledger.vkey.name]
            subprocess.run(["witnessctl", words[0], *origin, *words[1:]], check=True, capture_output=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.start()

    def start(self) -> None:
        log = (self.root / "log").open("ab")
        words = ["litewitness", "-db", self._database, "-name", NAME, "-key", self._fingerprint]
        words += ["-ssh-agent", self._socket, "-listen", self.address]
        self._process = subprocess.Popen(words, cwd=self.root, stdout=log, stderr=log)
        self._until(self._answers)

    def _answers(self) -> bool:
        host, port = self.address.split(":")
        with suppress(OSError), socket.create_connection((host, int(port)), 1):
            return True
        return False

    @property
    def policy(self) -> bytes:
        return f"witness outside {self.vkey} http://{self.address}/\nquorum outside\n".encode()

    @staticmethod
    def _until(holds) -> None:
        for _ in range(200):
            if holds():
                return
            time.sleep(0.05)
        pytest.fail("litewitness did not start")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        self.stop()
        self._agent.kill()
        self._agent.wait()


@pytest.fixture
def gate(tmp_path) -> Gate:
    (tmp_path / "gate").mkdir()
    return Gate(tmp_path / "gate")


@pytest.fixture
def outside(tmp_path, gate) -> Iterator[LiteWitness]:
    witness = LiteWitness(tmp_path / "outside", gate)
    yield witness
    witness.end()


def test_litewitness_cosigns_what_we_write_and_we_accept_its_lines(gate, outside):
    gate.ledger.go_by(outside.policy)
    for first, end in ((0, 1), (1, 255), (255, 256), (256, 257), (257, 700)):
        gate.append(first, end)
        published = gate.ledger.publish()
        assert (published.size, set(published.cosigned)) == (end, {"outside"})
    key = read_key(gate.ledger.vkey.text())
    report = verify_log(gate.paths.log, key, policy=read_policy(outside.policy))
    assert (report.findings, set(report.cosigned or ())) == ([], {"outside"})
    assert set(gate.ledger.renew().cosigned) == {"outside"}


def test_litewitness_stopped_nothing_is_published_and_resumed_it_is(gate, outside):
    gate.ledger.go_by(outside.policy)
    gate.grow(10)
    outside.stop()
    gate.append(10, 300)
    with pytest.raises(Unwitnessed):
        gate.ledger.publish()
    assert gate.ledger.published().size == 10
    outside.start()
    gate.ledger.go_by(outside.policy)
    assert gate.ledger.publish().size == 300


def test_litewitness_states_its_size_to_a_gate_that_does_not_know_it(gate, outside):
    gate.ledger.go_by(outside.policy)
    gate.grow(100)
    checkpoint = gate.paths.log / "checkpoint"
    checkpoint.write_bytes(b"\n".join([*checkpoint.read_bytes().split(b"\n")[:5], b""]))
    gate.ledger.close()
    (gate.root / "witness.policy").write_bytes(outside.policy)
    again = Gate(gate.root, is_new=False)
    again.ledger.check_start()
    again.append(100, 700)
    assert again.ledger.publish().size == 700


def test_an_old_gate_put_back_gets_nothing_from_litewitness(gate, outside, tmp_path):
    gate.ledger.go_by(outside.policy)
    (gate.root / "witness.policy").write_bytes(outside.policy)
    gate.grow(100)
    shutil.copytree(gate.root, tmp_path / "old")
    gate.append(100, 300)
    gate.ledger.publish()
    old = Gate(tmp_path / "old", is_new=False)
    with pytest.raises(Blocked):
        old.ledger.check_start()
        old.append(100, 101)
        old.ledger.publish()
    assert old.ledger.published().size == 100
