"""The shared vectors: what is valid holds, each defect is refused at its place, and the files are current."""

import json
from pathlib import Path

import pytest

from solely_verify.__main__ import main
from tests.support.ledger_defects import DEFECTS, FOLDER, SIZE, write_vectors
from tests.support.ledgers import NOTED

VKEY = str(FOLDER / "log.vkey")


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "README.md"
    }


def test_the_vectors_on_disk_are_those_that_the_code_describes(tmp_path):
    write_vectors(tmp_path)
    assert _files(tmp_path) == _files(FOLDER)


@pytest.mark.rule("R-55")
@pytest.mark.rule("R-56")
def test_the_valid_log_holds_and_its_entries_are_counted(capsys):
    assert main(["log", str(FOLDER / "valid"), "--key", VKEY, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["ok"], result["size"], result["findings"], result["notes"]) == (True, SIZE, [], NOTED)
    assert sum(result["entries"].values()) == SIZE
    assert result["entries"]["arrival"] == 4
    assert result["root"] == (FOLDER / "valid" / "checkpoint").read_text().split("\n")[2]


@pytest.mark.rule("R-56")
@pytest.mark.rule("R-59")
@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_each_tampering_is_refused_with_its_place(name, capsys):
    assert main(["log", str(FOLDER / "defects" / name), "--key", VKEY, "--json"]) == 1
    result = json.loads(capsys.readouterr().out)
    expected = json.loads((FOLDER / "expected.json").read_text())[name]
    assert expected
    assert result["ok"] is False
    assert result["findings"][0].startswith(expected)


@pytest.mark.rule("R-61")
@pytest.mark.rule("R-84")
@pytest.mark.rule("R-86")
@pytest.mark.rule("R-92")
@pytest.mark.rule("R-96")
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nonce-of-a-decision", "its nonce is that of entry 5"),
        ("sample-drawn-again", "is the same draw, or shows the same, of the batch"),
        ("tag-of-the-other-domain", "one of its subject tags is that of entry 23"),
        ("bucket-of-the-month-before", "its bucket is not content of the month of its time"),
        ("agreement-put-in-force-later", "no policy before it has put its agreement in force"),
        ("open-against-objection-to-batch", "stands against it without an answer"),
        ("open-against-objection-to-item", "stands against it without an answer"),
        ("destruction-preservation-lifted-by-one", "the preservation, entry"),
        ("destruction-preservation-lifted-an-hour-ago", "the preservation, entry"),
        ("duty-of-genesis", "is no `release` or `correction`"),
        ("outcome-of-nothing", "is no `release`"),
        ("certificate-of-nothing", "is no `release`"),
        ("certificate-of-unopened", "was never opened"),
        ("referred-releasable-after-decline", "although a reviewer has declined"),
        ("referred-again-after-decline", "although a reviewer has declined"),
        ("release-of-one-package-twice", "its package is that of the release, entry 22"),
        ("release-of-one-request-twice", "its request is that of the release, entry 22"),
        ("refused-becomes-returned", "reopens what was already decided"),
    ],
)
def test_what_an_entry_rests_on_must_allow_it(name, why, capsys):
    assert main(["log", str(FOLDER / "defects" / name), "--key", VKEY, "--json"]) == 1
    assert why in json.loads(capsys.readouterr().out)["findings"][0]


def test_no_defect_is_without_its_vector():
    assert {path.name for path in (FOLDER / "defects").iterdir()} == set(DEFECTS)
    assert len(DEFECTS) >= 35


@pytest.mark.rule("R-55")
def test_the_receipt_holds_offline(capsys):
    assert main(["receipt", str(FOLDER / "release.tlog-proof"), "--key", VKEY, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entry"]["type"] == "release"
