"""Cosigned checkpoints under a policy: what holds, and each tampering refused at its place."""

import json
import shutil
from pathlib import Path

import pytest

from solely.errors import VerificationFailed
from solely.ledger.checkpoint import verify
from solely.ledger.note import read_note
from solely.ledger.policy import parse_policy
from solely.ledger.proof import write_proof
from solely.ledger.tree import leaf_hash
from solely_verify.__main__ import main
from tests.support import cosigned_defects as cosigned
from tests.support.ledgers import VKEY

POLICY = cosigned.FOLDER / "witness.policy"
pytestmark = pytest.mark.rule("R-56")


def _files(folder: Path) -> dict[str, bytes]:
    paths = [each for each in folder.rglob("*") if each.is_file() and each.name != "README.md"]
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in paths}


@pytest.fixture
def judged(tmp_path, capsys):
    """The verifier's word on the valid log with another checkpoint."""

    def judge(path: Path, *more: str) -> tuple[int, dict]:
        log = tmp_path / "log"
        shutil.copytree(cosigned.FOLDER / "log", log, dirs_exist_ok=True)
        shutil.copy(path, log / "checkpoint")
        code = main(["log", str(log), "--key", VKEY.text(), "--json", *more])
        return code, json.loads(capsys.readouterr().out)

    return judge


def test_the_vectors_on_disk_are_those_that_the_code_describes(tmp_path):
    cosigned.write_vectors(tmp_path)
    assert _files(tmp_path) == _files(cosigned.FOLDER)
    assert len(cosigned.DEFECTS) >= 20


@pytest.mark.parametrize("name", sorted(cosigned.HOLD))
def test_what_a_quorum_cosigned_holds(judged, name):
    path = cosigned.FOLDER / "hold" / f"{name}.checkpoint"
    code, said = judged(path, "--policy", str(POLICY))
    assert (code, said["findings"]) == (0, [])
    seen = parse_policy(POLICY.read_bytes()).require_met(read_note(path.read_bytes()))
    assert seen == said["cosigned"]
    assert verify(path.read_bytes(), VKEY).size == said["size"]


@pytest.mark.parametrize("name", sorted(cosigned.DEFECTS))
def test_each_tampering_with_cosignatures_is_refused_with_its_place(judged, name):
    path = cosigned.FOLDER / "defects" / f"{name}.checkpoint"
    code, said = judged(path, "--policy", str(POLICY))
    place = json.loads((cosigned.FOLDER / "expected.json").read_text())[name]
    assert code == 1
    assert said["findings"][0].startswith(place)
    policy = parse_policy(POLICY.read_bytes())
    with pytest.raises(VerificationFailed):
        verify(path.read_bytes(), VKEY)
        policy.require_met(read_note(path.read_bytes()))


@pytest.mark.parametrize("name", sorted({*cosigned.HOLD, *cosigned.DEFECTS}))
def test_without_a_policy_no_line_of_others_changes_the_verdict(judged, name):
    kind = "hold" if name in cosigned.HOLD else "defects"
    code, _ = judged(cosigned.FOLDER / kind / f"{name}.checkpoint")
    own = ("log-s-line", "sixty-five", "beyond-64")
    assert code == int(name.startswith(own))


def test_a_policy_of_another_log_holds_nothing(judged, tmp_path):
    other = tmp_path / "other.policy"
    other.write_bytes(POLICY.read_bytes().replace(VKEY.text().encode(), cosigned.other_log().encode()))
    code, said = judged(cosigned.FOLDER / "hold" / "all.checkpoint", "--policy", str(other))
    assert (code, said["findings"]) == (1, ["policy: it does not name the log of the given key"])


def test_a_receipt_needs_the_quorum_too(tmp_path, capsys):
    path = [leaf_hash(cosigned.ENTRIES[0]), leaf_hash(cosigned.ENTRIES[2])]
    words = ["--key", VKEY.text(), "--policy", str(POLICY), "--json"]
    for lines, code in ((cosigned.HOLD["all"], 0), (b"", 1)):
        file = tmp_path / f"{code}.tlog-proof"
        file.write_text(write_proof(cosigned.ENTRIES[1], 1, path, cosigned.NOTE + lines))
        assert main(["receipt", str(file), *words]) == code
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert set(said[0]["cosigned"]) == set(cosigned.NAMES)
    assert said[1]["findings"][0].startswith("checkpoint: cosigned by nobody")
