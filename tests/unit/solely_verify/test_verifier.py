"""The verifier's command line: what it prints, how it exits, and that it shares nothing with the gate."""

import ast
import json
import time
from pathlib import Path

import pytest

import solely_verify
from solely.ledger.entry import EntryType
from solely_verify.__main__ import main
from solely_verify.log import verify_log
from solely_verify.note import read_key
from tests.support.ledger_defects import receipt
from tests.support.ledgers import OTHER_KEY, SALT_KEY, VKEY, Script, full_history, put, signed_log

SIZE = len(full_history().entries)
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
    assert f"it holds: {SIZE} entries" in capsys.readouterr().out


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
    put({"notes.txt": b"x", "tile/0/007": b"y", f"tile/entries/000.p/{SIZE + 1}": b"z"}, log)
    assert main(["log", str(log), "--key", KEY, "--json"]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert [each.split(":")[0] for each in notes] == [
        "notes.txt",
        "tile/0/007",
        f"tile/entries/000.p/{SIZE + 1}",
    ]


def test_parts_of_an_earlier_size_are_beginnings_of_the_present(log, capsys):
    tile = (log / f"tile/0/000.p/{SIZE}").read_bytes()
    put({"tile/0/000.p/3": tile[:96]}, log)
    assert main(["log", str(log), "--key", KEY, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["notes"] == []
    put({"tile/0/000.p/3": tile[:95] + b"\0"}, log)
    assert main(["log", str(log), "--key", KEY]) == 1


def test_a_link_in_place_of_a_file_is_not_followed(log, capsys):
    bundle = log / f"tile/entries/000.p/{SIZE}"
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


# -- held against a checkpoint that the overseer kept ---------------------------------------------------


def long_history(count: int) -> list[bytes]:
    """A ledger of more than two bundles."""
    script = Script()
    script.add(EntryType.GENESIS)
    for _ in range(count - 1):
        script.add(EntryType.ANCHOR)
    return script.encoded()


def kept_at(entries: list[bytes], size: int, **key) -> bytes:
    """The checkpoint that the ledger had when it held so many entries."""
    return signed_log(entries[:size], **key)["checkpoint"]


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 513, 599, 600])
def test_every_checkpoint_that_was_kept_is_a_beginning_of_the_ledger(tmp_path, size):
    entries = long_history(600)
    folder = put(signed_log(entries), tmp_path)
    report = verify_log(folder, read_key(KEY), kept_at(entries, size))
    assert (report.findings, report.as_json()["since"]) == ([], size)
    assert f"the kept checkpoint of {size} entries is a beginning of this log" in report.notes


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("changed", [0, 3, 255, 256, 298, 299, 300, 599])
def test_a_ledger_written_anew_since_the_kept_checkpoint_is_refused_at_its_place(tmp_path, changed):
    entries = long_history(600)
    kept = kept_at(entries, 300)
    other = Script()
    other.add(EntryType.GENESIS)
    for place in range(1, 600):
        other.add(EntryType.INQUIRY if place == changed else EntryType.ANCHOR)
    forked = other.encoded() if changed else long_history(601)[1:]
    folder = put(signed_log(forked), tmp_path)
    report = verify_log(folder, read_key(KEY), kept)
    if changed < 300:
        assert any(
            "kept checkpoint line 3: the root over entries 0 to 299" in each for each in report.findings
        )
        assert report.since is None
    else:
        assert report.findings == []


@pytest.mark.rule("R-56")
def test_a_ledger_whose_end_was_cut_off_is_shorter_than_what_was_kept(log, tmp_path, capsys):
    entries = full_history().encoded()
    shorter = put(signed_log(entries[:40]), tmp_path / "shorter")
    file = tmp_path / "kept.txt"
    file.write_bytes(kept_at(entries, 61))
    assert main(["log", str(log), "--key", KEY, "--since", str(file)]) == 0
    assert main(["log", str(shorter), "--key", KEY]) == 0, "alone it looks sound"
    assert main(["log", str(shorter), "--key", KEY, "--since", str(file), "--json"]) == 1
    printed = capsys.readouterr().out.splitlines()[-1]
    assert json.loads(printed)["since"] is None
    assert "it has 61 entries and this log 40; the end was cut off" in printed


@pytest.mark.rule("R-56")
def test_a_kept_checkpoint_that_this_key_did_not_sign_counts_for_nothing(log, tmp_path, capsys):
    entries = full_history().encoded()
    kept = kept_at(entries, 30)
    file = tmp_path / "kept.txt"
    file.write_bytes(kept_at(entries, 30, key=OTHER_KEY))
    assert main(["log", str(log), "--key", KEY, "--since", str(file)]) == 1
    for at in range(len(kept) - 1):
        file.write_bytes(kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :])
        assert main(["log", str(log), "--key", KEY, "--since", str(file)]) == 1, at
    assert "kept checkpoint" in capsys.readouterr().out
    assert main(["log", str(log), "--key", KEY, "--since", str(tmp_path / "none")]) == 2
