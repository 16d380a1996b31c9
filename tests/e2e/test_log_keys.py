"""The log's key is changed with an overlap, by two custodians; a closed log takes nothing more."""

import json
import shutil
from pathlib import Path

import pytest

from solely import afterwards, services
from solely.canonical import sha256_hex
from solely_verify.__main__ import main as verify
from tests.e2e.test_inquiry import Asker, released, rows_of
from tests.e2e.test_loosening import countersigned, enrolled_anew
from tests.support import faults
from tests.support.reading import entries_of, entry_counts
from tests.support.world import APPROVERS, Ran, World

pytestmark = [pytest.mark.e2e, pytest.mark.rule("R-56")]


def keys(world: World, *words: str, offices: tuple[str, ...] = APPROVERS) -> Ran:
    """What an act on the log's key gives, in the name of these custodians."""
    named = [word for office in offices for word in ("--as", str(world.key("approvers", office)))]
    return world.solely("keys", *words, "--gate", world.gate, *named)


def holds(gate: Path, vkey: str) -> bool:
    """Whether the log holds under a verifier key."""
    return verify(["log", str(gate / "ledger"), "--key", vkey, "--json"]) == 0


def receipt_of(world: World, out: Path) -> Path:
    """The receipt of a released item."""
    request = rows_of(world)[0]["request_id"]
    words = ("--gate", world.gate, "--view", "auditor", "--proof", out)
    assert world.solely("explain", request, *words).code == 0
    return out


@pytest.mark.rule("R-84")
def test_a_new_key_overlaps_with_the_old_and_receipts_hold_for_ever(fresh_world, tmp_path):
    released(fresh_world, "before", 1)
    old = (fresh_world.gate / "log.vkey").read_text().strip()
    receipt = receipt_of(fresh_world, tmp_path / "receipt.txt")
    assert keys(fresh_world, "rotate", offices=APPROVERS[:1]).code == 2
    rotated = keys(fresh_world, "rotate")
    assert rotated.code == 0, rotated.err
    new = (fresh_world.gate / "log.vkey").read_text().strip()
    assert (rotated.result["from"], rotated.result["to"]) == (old, new)
    assert keys(fresh_world, "rotate").code == 4
    released(fresh_world, "meanwhile", 1)
    assert holds(fresh_world.gate, old)
    assert holds(fresh_world.gate, new)
    assert keys(fresh_world, "end-overlap").code == 0
    released(fresh_world, "after", 1)
    assert holds(fresh_world.gate, new)
    assert not holds(fresh_world.gate, old)
    assert verify(["receipt", str(receipt), "--key", old]) == 0
    signed = [entry.approvals for entry in entries_of(fresh_world) if entry.type.word == "keyset"]
    assert [len(set(tags)) for tags in signed if tags] == [2, 2]
    assert not (fresh_world.gate / "keys" / "log.earlier.key").exists()
    assert (fresh_world.gate / "keys" / "log.key").stat().st_mode & 0o777 == 0o600


def test_nothing_follows_the_closing_of_a_log(fresh_world, tmp_path):
    released(fresh_world, "last", 1)
    receipt = receipt_of(fresh_world, tmp_path / "receipt.txt")
    assert keys(fresh_world, "close").code == 2, "a closing says why"
    assert keys(fresh_world, "close", "--cite", "the key may be known", offices=APPROVERS[:1]).code == 2
    closed = keys(fresh_world, "close", "--cite", "the key may be known")
    assert closed.code == 0, closed.err
    counts = entry_counts(fresh_world)
    late = fresh_world.write_batch(fresh_world.fresh_rows(1), "late")
    stopped = fresh_world.run(late)
    letter = sha256_hex((late / "letter.json").read_bytes())
    assert (stopped.code, stopped.result["blocked"], stopped.result["batch"]) == (5, ["CLOSED"], letter[:16])
    assert stopped.result["checkpoint"]["size"] == sum(counts.values())
    assert keys(fresh_world, "rotate").code == 5
    again = keys(fresh_world, "close", "--cite", "again")
    assert (again.code, again.out, "closed already" in again.err) == (4, "", True)
    assert entry_counts(fresh_world) == counts
    assert counts["closed"] == 1
    vkey = (fresh_world.gate / "log.vkey").read_text().strip()
    assert holds(fresh_world.gate, vkey)
    assert verify(["receipt", str(receipt), "--key", vkey]) == 0


@pytest.mark.rule("R-59", "R-93")
def test_a_closed_log_says_before_any_work_what_it_can_log_no_more(fresh_world):
    (row,) = released(fresh_world, "last", 1)
    officer = fresh_world.key("officers", json.loads(row["officers"])[0])
    mine = ("inbox", "--gate", fresh_world.gate, "--as", officer)
    assert [each["due"] for each in fresh_world.solely(*mine).lines] == ["accepted", "opening", "outcome"]
    person = Asker(fresh_world, "late")
    assert keys(fresh_world, "close", "--cite", "the year is over").code == 0
    replayed = fresh_world.solely("replay", "--gate", fresh_world.gate)
    assert replayed.code == 5
    assert "a closed log is not opened again" in replayed.err
    assert "making the decisions" not in replayed.err, "no decision was made again for nothing"
    asked, out = person.ask(row["record_ref"])
    assert (asked.code, "answered" in asked.err, out.exists()) == (5, True, False)
    left = fresh_world.solely(*mine)
    assert (left.code, left.lines, "nothing can be opened or signed" in left.err) == (0, [], True)


@pytest.mark.rule("R-84")
def test_what_waited_when_a_log_was_closed_stops_no_reading_of_it(fresh_world):
    fresh_world.set_clock()
    assert enrolled_anew(fresh_world).code == 0
    assert [countersigned(fresh_world, "trust", each).code for each in APPROVERS] == [0, 0]
    assert keys(fresh_world, "close", "--cite", "the year is over").code == 0
    fresh_world.set_clock(hours=25)
    assert fresh_world.solely("orders", "--gate", fresh_world.gate).code == 0
    assert fresh_world.solely("report", "--gate", fresh_world.gate, "--out", "closed.html").code == 0


def test_another_log_continues_the_one_that_was_closed_for_it(fresh_world, tmp_path, capsys):
    following, name = fresh_world.copied(tmp_path / "following"), "solely.example/2027"
    shutil.rmtree(following.gate)
    words = ("--log", name, "--succeeds", fresh_world.gate)
    early = following.init(*words)
    assert early.code == 2
    assert f"`solely keys close --successor {name}` closes it" in early.err
    old = (fresh_world.gate / "log.vkey").read_text().strip()
    own = keys(fresh_world, "close", "--cite", "the year is over", "--successor", old.split("+")[0])
    assert own.code == 2, "a log does not continue itself"
    assert keys(fresh_world, "close", "--cite", "the year is over", "--successor", name).code == 0
    made = following.init(*words)
    assert made.code == 0, made.err
    assert following.init_again("--succeeds", fresh_world.gate).code == 2, "only a first entry says it"
    second = fresh_world.copied(tmp_path / "second")
    shutil.rmtree(second.gate)
    twice = second.init("--log", name, "--succeeds", fresh_world.gate)
    assert (twice.code, "is continued already" in twice.err) == (2, True)
    new = (following.gate / "log.vkey").read_text().strip()
    assert new.startswith(f"{name}+")
    asked = ["log", str(following.gate / "ledger"), "--key", new]
    assert verify([*asked, "--before", str(fresh_world.gate / "ledger"), "--before-key", old]) == 0
    assert f"it continues {old.split('+')[0]}, which was closed at" in capsys.readouterr().out
    released(following, "first of the year", 1)
    assert verify([*asked, "--before", str(fresh_world.gate / "ledger"), "--before-key", old]) == 0


def test_a_crash_at_any_place_of_a_rotation_leaves_a_gate_that_goes_on(new_gate, tmp_path, monkeypatch):
    named = [new_gate.key("approvers", office) for office in APPROVERS]

    def rotate(gate: Path) -> None:
        with services.opened(gate) as opened:
            if not opened.ledger.is_overlapping:
                afterwards.keys(opened, "rotate", named, "")

    counted = faults.World()
    shutil.copytree(new_gate.gate, tmp_path / "counted")
    with faults.entered(counted, monkeypatch):
        rotate(tmp_path / "counted")
    gate = tmp_path / "gate"
    for takes in (False, True):
        for fails_at in range(1 + takes, counted.calls, max(1, counted.calls // 16)):
            shutil.rmtree(gate, ignore_errors=True)
            shutil.copytree(new_gate.gate, gate)
            old = (gate / "log.vkey").read_text().strip()
            with (
                pytest.raises(faults.Crash),
                faults.entered(faults.World(fails_at, takes_effect=takes), monkeypatch),
            ):
                rotate(gate)
            rotate(gate)
            new = (gate / "log.vkey").read_text().strip()
            assert new != old
            assert holds(gate, old)
            assert holds(gate, new)


def test_an_earlier_key_that_is_put_back_signs_nothing_and_is_told(fresh_world):
    folder = fresh_world.gate / "keys"
    assert keys(fresh_world, "rotate").code == 0
    earlier = [folder / "log.earlier.key", fresh_world.gate / "log.earlier.vkey"]
    kept = [each.read_bytes() for each in earlier]
    assert keys(fresh_world, "end-overlap").code == 0
    for path, data in zip(earlier, kept, strict=True):
        path.write_bytes(data)
    ran = fresh_world.solely("orders", "--gate", fresh_world.gate)
    assert (ran.code, "earlier key was there though its overlap has ended" in ran.err) == (0, True)
    assert not any(each.exists() for each in earlier)
    signed = (fresh_world.gate / "ledger" / "checkpoint").read_text().count("\u2014 ")
    assert signed == 2, "the log's two keys, and no third"


def test_a_key_that_other_accounts_may_read_is_told(fresh_world):
    key = fresh_world.gate / "keys" / "log.key"
    key.chmod(0o644)
    told = "other accounts of this machine may read `keys/log.key`"
    assert told in fresh_world.solely("orders", "--gate", fresh_world.gate).err
    assert told in fresh_world.init_again("--release-until", "2027-01-01").err
    key.chmod(0o600)
    assert told not in fresh_world.solely("orders", "--gate", fresh_world.gate).err
