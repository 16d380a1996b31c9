"""The verifier's command line: what it prints, how it exits, and that it shares nothing with the gate."""

import ast
import json
import time
from pathlib import Path

import pytest

import solely_verify
from solely_verify.__main__ import main
from tests.support.ledger_defects import receipt
from tests.support.ledgers import SALT_KEY, VKEY, full_history, put, signed_log

KEY = VKEY.text()


@pytest.fixture
def log(tmp_path):
    return put(signed_log(full_history().encoded()), tmp_path / "log")


def test_it_imports_nothing_of_the_gate():
    for path in Path(solely_verify.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name and name.split(".")[0] == "solely"], path.name


def test_a_key_is_given_as_text_or_as_a_file(log, tmp_path, capsys):
    (tmp_path / "log.vkey").write_text(KEY + "\n")
    assert main(["log", str(log), "--key", KEY]) == 0
    assert main(["log", str(log), "--key", str(tmp_path / "log.vkey")]) == 0
    assert "it holds: 61 entries" in capsys.readouterr().out


@pytest.mark.rule("R-56")
def test_another_log_s_key_is_refused(log, capsys):
    other = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    assert main(["log", str(log), "--key", other]) == 1
    assert "checkpoint" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [[], ["log"], ["log", ".", "--key", "no key"], ["log", "nowhere", "--key", KEY]]
)
def test_a_command_that_cannot_be_understood_exits_2(words, capsys):
    assert main(words) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("words", [["--help"], ["log", "--help"]])
def test_help_shows_an_example(words, capsys):
    assert main(words) == 0
    assert "example: solely-verify" in capsys.readouterr().out


def test_files_that_no_checkpoint_covers_are_named_and_do_not_fail(log, capsys):
    put({"notes.txt": b"x", "tile/0/007": b"y", "tile/entries/000.p/62": b"z"}, log)
    assert main(["log", str(log), "--key", KEY, "--json"]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert [each.split(":")[0] for each in notes] == ["notes.txt", "tile/0/007", "tile/entries/000.p/62"]


def test_parts_of_an_earlier_size_are_beginnings_of_the_present(log, capsys):
    tile = (log / "tile/0/000.p/61").read_bytes()
    put({"tile/0/000.p/3": tile[:96]}, log)
    assert main(["log", str(log), "--key", KEY, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["notes"] == []
    put({"tile/0/000.p/3": tile[:95] + b"\0"}, log)
    assert main(["log", str(log), "--key", KEY]) == 1


def test_a_link_in_place_of_a_file_is_not_followed(log, capsys):
    bundle = log / "tile/entries/000.p/61"
    bundle.rename(log / "elsewhere")
    bundle.symlink_to(log / "elsewhere")
    assert main(["log", str(log), "--key", KEY]) == 1
    assert "entry bundle" in capsys.readouterr().out


def test_an_unfinished_batch_is_a_note(tmp_path, capsys):
    entries = full_history().encoded()[:8]
    assert main(["log", str(put(signed_log(entries), tmp_path)), "--key", KEY, "--json"]) == 0
    assert "1 request(s) without a tally" in json.loads(capsys.readouterr().out)["notes"][0]


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("name", ["checkpoint-signed-size-2-62", "checkpoint-signed-size-2-40"])
def test_a_signed_giant_size_ends_at_once(name, capsys):
    folder = Path(__file__).parents[3] / "vectors/ledger/defects" / name
    start = time.monotonic()
    assert main(["log", str(folder), "--key", KEY]) == 1
    assert time.monotonic() - start < 2


@pytest.mark.rule("R-57")
def test_nothing_that_it_prints_is_secret(log, capsys):
    main(["log", str(log), "--key", KEY, "--json"])
    printed = capsys.readouterr().out
    assert SALT_KEY.hex() not in printed
    assert "first-0" not in printed


@pytest.mark.rule("R-55")
def test_a_receipt_holds_and_each_changed_byte_is_refused(tmp_path, capsys):
    text = receipt(full_history().at["release"])
    path = tmp_path / "a.tlog-proof"
    for at in [None, *range(0, len(text), 7)]:
        changed = text if at is None else text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
        path.write_text(changed)
        assert main(["receipt", str(path), "--key", KEY, "--json"]) == (0 if at is None else 1)
    assert main(["receipt", str(tmp_path / "none"), "--key", KEY]) == 2
    capsys.readouterr()
