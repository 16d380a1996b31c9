"""What the command line refuses before anything is opened, by the name of the option or the file."""

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from solely.cli.door import app, parse_address, tell_each
from solely.cli.main import main
from solely.errors import UsageError
from solely.store.gate import GateFolder, read_config
from tests.support.tree import ROOT


@pytest.mark.parametrize(
    "text",
    ["ftp://x", "gate.example", "https://", "http://[", "http://x:99999", "https://me@x", "https://x/?a=1"],
)
def test_an_address_that_no_caller_could_use_is_refused_by_its_option(text):
    with pytest.raises(UsageError, match="`--address`"):
        parse_address(text, "--address")


def test_an_address_with_port_and_path_stands_as_it_is():
    for text in ("https://gate.example", "http://127.0.0.1:8700", "https://gate.example/kas"):
        assert parse_address(text, "--address") == text


def left(command, place="stdout"):
    """Exit code and what else was said where whoever reads an output has left before it came."""
    other = {"stdout": "stderr", "stderr": "stdout"}[place]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-m", *command], **pipes) as process:
        getattr(process, place).close()
        said = getattr(process, other).read()
    return process.returncode, said


@pytest.mark.parametrize("code", [0, 1])
def test_a_reader_who_leaves_changes_neither_the_exit_code_nor_what_is_said(code, tmp_path):
    document = shutil.copytree("law", tmp_path / "law") / "agreements/irs-ice-2025/agreement.md"
    if code:
        document.write_text(document.read_text().replace("```cases 3(d)", "```cases 3(x)"))
    assert left(["solely.cli.main", "check", str(document.parent)]) == (code, b"")


def test_a_complaint_that_nobody_reads_ends_the_command_as_ever():
    assert left(["solely.cli.main", "check", "nowhere"], "stderr") == (2, b"")


LAW = "law/agreements/irs-ice-2025"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["sign", "law/nowhere", "--as", "README.md", "--party", "treasury"], "`nowhere`: no `agreement.md`"),
        (["sign", LAW, "--as", "README.md", "--party", "treasury"], "`--as`: `README.md`: a private key is"),
        (["sign", LAW, "--as", "none.pem", "--party", "treasury"], "`--as`: `none.pem` cannot be read"),
        (
            [
                "strike",
                LAW,
                "designated_statutes: 18 USC 9",
                "--order",
                "o",
                "--out",
                "law/agreements/remaining",
            ],
            "the list has no such entry; it has 8 USC 1253(a)(1), ",
        ),
    ],
)
def test_what_was_typed_is_named_with_what_would_do(words, named, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["solely", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert (ended.value.code, named in said) == (2, True), said


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["vouch", " ", "--subject-key", "k", "--office", "o", "--as", "k", "--out", "x"], "`RECORD_ID`"),
        (["inquire", "--gate=g", "--record=", "--subject-key=k", "--letter=l", "--out=x"], "`--record`"),
        (["tasks", "--gate", "g", "--done", "told by letter"], "name its REQUEST_ID"),
    ],
)
def test_what_names_nobody_is_refused_before_anything_is_opened(words, named, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["solely", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, named in capsys.readouterr().err) == (2, True)


class Terminal(io.StringIO):
    """A standard output where a person sits."""

    def isatty(self):
        return True


ORDERS = [
    {"order": "ab12", "kind": "stay", "scope": {"batch": None}, "releases": [3, 4], "is_final": False},
    {"order": "cd34", "kind": "recall", "scope": {}, "note": "read\x1b[2Jme"},
]
AT_A_TERMINAL = """\
order: ab12
kind: stay
scope:
  batch: none
releases:
  - 3
  - 4
is_final: no

order: cd34
kind: recall
scope: none
note: read\N{REPLACEMENT CHARACTER}[2Jme
"""


def told(monkeypatch, stdout, values, **how):
    monkeypatch.setattr("sys.stdout", stdout)
    tell_each(values, **how)
    return stdout.getvalue()


def test_a_person_at_a_terminal_reads_names_and_values_and_a_program_json_lines(monkeypatch):
    assert told(monkeypatch, Terminal(), ORDERS) == AT_A_TERMINAL
    assert told(monkeypatch, Terminal(), []) == "none\n"
    for stdout, how in ((io.StringIO(), {}), (Terminal(), {"as_json": True})):
        lines = told(monkeypatch, stdout, ORDERS, **how).splitlines()
        assert [json.loads(each) for each in lines] == ORDERS
    assert told(monkeypatch, io.StringIO(), []) == ""


def test_a_folder_without_a_gate_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"no gate in `.*nogate`"):
        read_config(GateFolder(tmp_path / "nogate"))


def writing() -> dict[str, typer.core.TyperOption]:
    """The option `--out` of every command that has one."""
    commands = typer.main.get_command(app).commands.items()
    options = {(word, each.opts[0]): each for word, command in commands for each in command.params}
    return {word: option for (word, name), option in options.items() if name == "--out"}


def test_every_command_that_writes_what_it_is_asked_for_takes_out():
    assert set(writing()) == {
        "accounting", "cases", "comply", "diff", "export", "incident", "inquire", "page", "precheck", "prove",
        "receipt", "redact", "report", "sample", "strike", "unseal", "vouch",
    }  # fmt: skip


@pytest.mark.parametrize("word", sorted(writing()))
def test_the_folder_that_a_command_writes_into_is_made_before_anything_else_is_done(word, tmp_path):
    option = writing()[word]
    context = typer.Context(typer.main.get_command(app).commands[word])
    place = tmp_path / "of/a/year" / "written"
    assert option.process_value(context, str(place)) == place
    assert place.parent.is_dir()
    assert not place.exists()
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="`--out`: no folder can be made there for `written`"):
        option.process_value(context, str(tmp_path / "file" / "written"))


@pytest.mark.needs("prove")
def test_a_page_is_written_into_a_folder_that_was_not_there(tmp_path, monkeypatch, capsys):
    out = tmp_path / "pages/2026/agreement.html"
    monkeypatch.setattr("sys.argv", ["solely", "page", "law/agreements/irs-ice-2025", "--out", str(out)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0, capsys.readouterr().err
    assert out.read_text().startswith("<!doctype html>")


def ended(*words: str, **streams: Any) -> "subprocess.CompletedProcess[str]":
    """How a command of its own process ended."""
    command = (sys.executable, "-m", "solely.cli.main", *words)
    return subprocess.run(command, text=True, check=False, cwd=ROOT, **streams)


def test_a_result_that_cannot_be_written_is_trouble_and_stops_nothing_half_done():
    with Path("/dev/full").open("wb") as full:
        told = ended("--version", stdout=full, stderr=subprocess.PIPE)
        assert told.returncode == 3
        assert told.stderr == (
            "solely: trouble: the result cannot be written: No space left on device; what was done stands\n"
        )
        refused = ended("check", "no-such-folder", stdout=full, stderr=full)
        assert refused.returncode == 2, "a refusal keeps its own exit code, wherever it cannot be said"
        told = ended("--version", stdout=subprocess.PIPE, stderr=full)
        assert (told.returncode, told.stdout[:7]) == (0, "solely ")
