"""T5: a checkpoint is published with the cosignatures of a quorum, or it is not published (R-56)."""

import shutil
from pathlib import Path

import pytest

from solely.errors import Blocked, Unwitnessed, UsageError
from solely.ledger.entry import time_of
from solely.ledger.note import read_note
from tests.support.witnesses import policy, running
from tests.unit.store.test_ledger_store import ENTRIES, Gate

pytestmark = pytest.mark.rule("R-56")


@pytest.fixture
def gate(tmp_path):
    return Gate(tmp_path / "gate") if (tmp_path / "gate").mkdir() is None else None


def _go_by(gate: Gate, text: bytes) -> None:
    gate.ledger.go_by(text)
    (gate.root / "witness.policy").write_bytes(text)


def _again(gate: Gate) -> Gate:
    gate.ledger.close()
    return Gate(gate.root, is_new=False)


def test_a_published_checkpoint_carries_the_cosignatures_of_its_quorum(gate, tmp_path):
    with running(tmp_path, gate.ledger.vkey.text(), "ig", "court") as witnesses:
        _go_by(gate, policy(*witnesses.values()))
        for end in (1, 255, 257, 700):
            with gate.engine.connect() as tx:
                first = gate.ledger.size(tx)
            gate.append(first, end)
            published = gate.ledger.publish()
            assert (published.size, set(published.cosigned)) == (end, {"ig", "court"})
            assert gate.ledger.policy.require_met(read_note(published.checkpoint))
        assert {each.cosigner.last(gate.ledger.vkey.name).size for each in witnesses.values()} == {700}
        assert not [line for each in witnesses.values() for line in each.told]


def test_without_its_quorum_nothing_is_published_and_afterwards_all_is(gate, tmp_path):
    with running(tmp_path, gate.ledger.vkey.text(), "ig", "court") as witnesses:
        _go_by(gate, policy(*witnesses.values()))
        gate.grow(10)
        before = (gate.paths.log / "checkpoint").read_bytes()
        witnesses["court"].stop()
        gate.append(10, 300)
        with pytest.raises(Unwitnessed, match="`court` does not answer") as refused:
            gate.ledger.publish()
        assert (refused.value.codes, refused.value.exit_code) == (("WITNESS",), 5)
        assert (gate.paths.log / "checkpoint").read_bytes() == before
        gate.append(300, 400)
        gate = _again(gate)
        gate.ledger.check_start()
        with pytest.raises(Unwitnessed):
            gate.ledger.publish()
        assert gate.ledger.published().size == 10
        witnesses["court"].start()
        published = gate.ledger.publish()
        assert (published.size, set(published.cosigned)) == (400, {"ig", "court"})


def test_a_quorum_goes_on_without_the_others(gate, tmp_path):
    with running(tmp_path, gate.ledger.vkey.text(), "ig", "court", "press") as witnesses:
        _go_by(gate, policy(*witnesses.values(), quorum="2"))
        gate.grow(10)
        witnesses["court"].stop()
        gate.grow(300)
        assert set(gate.ledger.published().cosigned) >= {"ig", "press"}
        witnesses["ig"].stop()
        gate.append(300, 301)
        with pytest.raises(Unwitnessed):
            gate.ledger.publish()
        witnesses["court"].start()
        assert gate.ledger.publish().size == 301
        witnesses["ig"].start()


def test_a_policy_that_is_put_in_force_later_has_the_standing_checkpoint_cosigned(gate, tmp_path):
    gate.grow(700)
    assert gate.ledger.published().cosigned == {}
    with running(tmp_path, gate.ledger.vkey.text(), "ig") as witnesses:
        _go_by(gate, policy(*witnesses.values()))
        assert set(gate.ledger.publish().cosigned) == {"ig"}
        assert set(gate.ledger.published().cosigned) == {"ig"}


def test_a_witness_whose_size_is_not_known_here_is_asked_again_from_what_it_states(gate, tmp_path):
    with running(tmp_path, gate.ledger.vkey.text(), "ig") as witnesses:
        _go_by(gate, policy(*witnesses.values()))
        gate.grow(100, 300)
        checkpoint = gate.paths.log / "checkpoint"
        checkpoint.write_bytes(b"\n".join([*checkpoint.read_bytes().split(b"\n")[:5], b""]))
        gate = _again(gate)
        assert gate.ledger.published().cosigned == {}
        gate.append(300, 700)
        assert gate.ledger.publish().size == 700


def test_an_old_copy_put_back_is_refused_at_the_start_and_named(gate, tmp_path):
    with running(tmp_path, gate.ledger.vkey.text(), "ig") as witnesses:
        _go_by(gate, policy(*witnesses.values()))
        gate.grow(100)
        gate.ledger.close()
        shutil.copytree(gate.root, tmp_path / "old")
        gate = Gate(gate.root, is_new=False)
        gate.append(100, 300)
        gate.ledger.publish()
        gate.ledger.close()
        # Database, public folder and even the store of heads: all of them old, and in agreement.
        old = Gate(tmp_path / "old", is_new=False)
        with pytest.raises(Blocked, match=r"`ig` has cosigned 300 entries.*only 100: an old copy") as refused:
            old.ledger.check_start()
        assert refused.value.codes == ("STATE_EDITED",)
        # And were it never started anew: a smaller tree is not sent, and nothing is published.
        old.append(100, 101)
        with pytest.raises(Unwitnessed, match="has seen 300 entries, more than the 101"):
            old.ledger.publish()
        assert old.ledger.published().size == 100


def test_a_forked_log_is_refused_by_its_witness_and_at_the_start(gate, tmp_path):
    with running(tmp_path, gate.ledger.vkey.text(), "ig") as witnesses:
        _go_by(gate, policy(*witnesses.values()))
        gate.grow(100)
        gate.ledger.close()
        shutil.copytree(gate.root, tmp_path / "fork")
        gate = Gate(gate.root, is_new=False)
        gate.append(100, 300)
        gate.ledger.publish()
        fork = Gate(tmp_path / "fork", is_new=False)
        fork.append(101, 302)
        with pytest.raises(Unwitnessed):
            fork.ledger.publish()
        with pytest.raises(Blocked, match="another tree"):
            fork.ledger.check_start()
        assert [line for line in witnesses["ig"].told if line.startswith("ALARM")]


@pytest.mark.parametrize("url", ["", "ftp://witness.example", "witness.example"])
def test_a_witness_without_an_address_is_no_policy_for_a_gate(gate, tmp_path, url):
    with running(tmp_path, gate.ledger.vkey.text(), "ig") as witnesses:
        text = f"witness ig {witnesses['ig'].vkey} {url}\nquorum ig\n".encode()
        with pytest.raises(UsageError, match="no http address"):
            gate.ledger.go_by(text)


def test_a_cosignature_by_another_key_counts_for_nothing(gate, tmp_path):
    with running(tmp_path, gate.ledger.vkey.text(), "ig", "stranger") as witnesses:
        ig, stranger = witnesses.values()
        text = f"witness ig {ig.vkey} http://127.0.0.1:{stranger.port}\nquorum ig\n".encode()
        gate.ledger.go_by(text)
        gate.append(0, 5)
        with pytest.raises(Unwitnessed, match="`ig` sent no cosignature of its key"):
            gate.ledger.publish()
        assert gate.ledger.published().size == 0
        assert Path(gate.paths.log / "checkpoint").exists() is False


@pytest.mark.parametrize(
    ("late", "told"), [(0, None), (299, None), (301, -301), (-301, 301), (86_400, -86_400)]
)
def test_an_entry_dated_far_from_its_witness_is_told_once(gate, tmp_path, late, told):
    at = time_of(ENTRIES[9]) / 1000 + late
    with running(tmp_path, gate.ledger.vkey.text(), "ig", now=lambda: at) as witnesses:
        _go_by(gate, policy(*witnesses.values()))
        gate.append(0, 10)
        gate.ledger.publish()
        expected = None if told is None else (9, pytest.approx(told, abs=1))
        assert gate.ledger.clocks_apart() == expected
        assert gate.ledger.clocks_apart() is None
        gate.ledger.renew()
        assert gate.ledger.clocks_apart() is None, "a heartbeat dates no entry"
