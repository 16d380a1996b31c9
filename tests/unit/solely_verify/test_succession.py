"""A log that continues another: what is said when the other is there, absent, different, or goes on."""

import json
from pathlib import Path

import pytest

from solely.ledger.checkpoint import Checkpoint, sign
from solely.ledger.entry import EntryType
from solely.ledger.note import verifier_key
from solely_verify.__main__ import main
from solely_verify.entries import read_entry
from solely_verify.refusal import Refusal
from tests.support.ledgers import KEY, ORIGIN, OTHER_KEY, VKEY, Script, digest, log_files, put

NEXT = "solely.example/next"
NEXT_VKEY = verifier_key(NEXT, OTHER_KEY)
pytestmark = pytest.mark.rule("R-56")


def files_of(script: Script, name: str = ORIGIN) -> dict[str, bytes]:
    """Every file of a log of this name."""
    files, root = log_files(script.encoded())
    key = KEY if name == ORIGIN else OTHER_KEY
    return files | {"checkpoint": sign(Checkpoint(name, len(script.entries), root), key)}


def old_log(closed_for: str | None = NEXT, *, words: int = 1) -> Script:
    """Some words, and the closing."""
    script = Script()
    script.add(EntryType.GENESIS)
    for _ in range(words):
        script.add(EntryType.NOTICE)
    custodians = (digest("tag", "ann"), digest("tag", "bob"))
    name = None if closed_for is None else closed_for.encode()
    script.add(EntryType.CLOSED, log=name, approvals=custodians)
    return script


def new_log(folder: Path, old: Script | None) -> Path:
    """A log whose first entry holds the last checkpoint of the old one, if any."""
    script = Script()
    script.add(EntryType.GENESIS, log=None if old is None else files_of(old)["checkpoint"])
    script.add(EntryType.NOTICE)
    return put(files_of(script, NEXT), folder)


def verified(capsys, new: Path, *words: str | Path) -> tuple[int, dict]:
    """Exit code and report."""
    code = main(["log", str(new), "--key", NEXT_VKEY.text(), "--json", *map(str, words)])
    return code, json.loads(capsys.readouterr().out)


def test_a_log_that_continues_a_closed_one_holds_with_it(tmp_path, capsys):
    new, old = new_log(tmp_path / "new", old_log()), put(files_of(old_log()), tmp_path / "old")
    code, report = verified(capsys, new, "--before", old, "--before-key", VKEY.text())
    assert (code, report["findings"]) == (0, [])
    assert report["notes"] == [f"it continues {ORIGIN}, which was closed at 3 entries"]


def test_each_log_alone_says_which_other_was_not_given(tmp_path, capsys):
    new, old = new_log(tmp_path / "new", old_log()), put(files_of(old_log()), tmp_path / "old")
    code, report = verified(capsys, new)
    assert (code, report["findings"]) == (0, [])
    assert report["notes"] == [f"entry 0 continues {ORIGIN}, which was not given; `--before` checks it"]
    assert main(["log", str(old), "--key", VKEY.text()]) == 0
    assert f"it was closed for {NEXT}, which continues it" in capsys.readouterr().out


def going_on() -> Script:
    script = old_log()
    script.add(EntryType.NOTICE)
    return script


def cut_off() -> Script:
    script = old_log()
    script.entries.pop()
    return script


def differing() -> Script:
    script = old_log()
    script.entries[1] = script.entries[1]._replace(nonce=bytes(16))
    return script


@pytest.mark.parametrize(
    ("named", "there", "said"),
    [
        (old_log(), going_on(), "it goes on after entry 2"),
        (old_log(), cut_off(), "the end was cut off"),
        (old_log(), differing(), "this log is no growth of it"),
        (old_log("solely.example/third"), None, "it was closed for solely.example/third, not for"),
        (old_log(None), None, "its last entry closes it for no other log"),
        (cut_off(), None, "its last entry closes it for no other log"),
        (None, old_log(), "entry 0 of this log names no log before it"),
    ],
)
def test_a_log_before_that_is_another_than_entry_0_says_is_refused(tmp_path, capsys, named, there, said):
    new, old = new_log(tmp_path / "new", named), put(files_of(there or named), tmp_path / "old")
    code, report = verified(capsys, new, "--before", old, "--before-key", VKEY.text())
    assert code == 1
    assert any(each.startswith("log before: ") and said in each for each in report["findings"]), report


def test_a_log_before_that_is_absent_or_under_another_key_is_refused(tmp_path, capsys):
    new = new_log(tmp_path / "new", old_log())
    code, report = verified(capsys, new, "--before", tmp_path / "old", "--before-key", VKEY.text())
    assert (code, report["findings"]) == (1, [f"log before: {ORIGIN} is absent: its folder is not there"])
    put(files_of(old_log()), tmp_path / "old")
    code, report = verified(capsys, new, "--before", tmp_path / "old", "--before-key", NEXT_VKEY.text())
    assert code == 1
    assert "what entry 0 holds is no checkpoint under its key" in report["findings"][0]
    assert main(["log", str(new), "--key", NEXT_VKEY.text(), "--before", str(new)]) == 2


@pytest.mark.parametrize("log", [b"", bytes(16_385)])
def test_what_names_another_log_is_neither_empty_nor_beyond_its_size(log):
    script = Script()
    script.add(EntryType.GENESIS, log=log)
    with pytest.raises(AssertionError, match="key 18"):
        script.encoded()


def test_no_other_entry_names_a_log():
    note = files_of(old_log())["checkpoint"]
    script = Script()
    script.add(EntryType.GENESIS, log=note)
    (data,) = script.encoded()
    assert read_entry(data)[18] == note
    with pytest.raises(Refusal, match="`notice` has no key 18"):
        read_entry(data.replace(b"\x02\x01\x03", b"\x02\x17\x03", 1))


@pytest.mark.parametrize("named", [b"x", NEXT.encode(), b"a\n1\nx\n", b"\xff\n1\nx\n\n\xe2\x80\x94 a b\n"])
def test_a_log_that_continues_another_holds_a_whole_checkpoint(named):
    script = Script()
    script.add(EntryType.GENESIS, log=named)
    with pytest.raises(Refusal, match="checkpoint"):
        read_entry(script.encoded()[0])


@pytest.mark.parametrize("named", [b"\xff", b"solely.example/next\n", b"a\x00b", b" next"])
def test_a_log_that_is_closed_names_the_next_on_one_line(named):
    script = Script()
    script.add(EntryType.CLOSED, log=named, approvals=(digest("tag", "ann"), digest("tag", "bob")))
    with pytest.raises(Refusal, match="key 18 of `closed` is no name"):
        read_entry(script.encoded()[0])
