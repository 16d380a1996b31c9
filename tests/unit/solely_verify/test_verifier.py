"""The verifier's command line: what it prints, how it exits, and that it shares nothing with the gate."""

import ast
import base64
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import solely_verify
from solely.errors import UsageError, VerificationFailed
from solely.ledger.entry import Answer, EntryType, OutcomeClass, Vote
from solely.ledger.note import parse_vkey
from solely.passkey import public_key_of
from solely_verify.__main__ import main
from solely_verify.cycles import Cycles
from solely_verify.destruction import Destruction
from solely_verify.entries import read_entry
from solely_verify.log import verify_log
from solely_verify.note import read_key
from solely_verify.receipt import verify_receipt
from solely_verify.refusal import Findings, Refusal
from solely_verify.strays import walk
from tests.support.ledger_defects import receipt
from tests.support.ledgers import NOTED, OTHER_KEY, SALT_KEY, VKEY, Script, full_history, put, signed_log

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
    assert main(["log", str(log), "--key", str(tmp_path / "lgo.vkey")]) != 0
    said = capsys.readouterr()
    assert "`lgo.vkey` is no file" in said.out + said.err


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("code", [0, 1])
def test_a_reader_who_leaves_early_does_not_make_a_log_that_holds_look_broken(log, code):
    if code:
        (log / "tile/0/000.p").joinpath(str(SIZE)).write_bytes(bytes(32))
    words = [sys.executable, "-m", "solely_verify", "log", str(log), "--key", KEY]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (code, b"")


@pytest.mark.rule("R-56")
def test_another_log_s_key_is_refused(log, capsys):
    other = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    assert main(["log", str(log), "--key", other]) == 1
    assert "checkpoint" in capsys.readouterr().out


def _of_an_unknown_curve() -> bytes:
    """The DER of a key on a curve that no library has: P-256's identifier, its last byte changed."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    data = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    curve = bytes.fromhex("2a8648ce3d030107")
    return data.replace(curve, curve[:-1] + b"\x27")


def test_a_key_on_an_unknown_curve_is_none(log, tmp_path, capsys):
    data = _of_an_unknown_curve()
    vkey = f"x+{hashlib.sha256(data).hexdigest()[:8]}+{base64.b64encode(bytes((2,)) + data).decode()}"
    assert main(["log", str(log), "--key", vkey]) == 2
    assert "no public key of its kind" in capsys.readouterr().err
    with pytest.raises(UsageError):
        parse_vkey(vkey)
    pem = tmp_path / "treasury.pem"
    text = base64.b64encode(data).decode()
    pem.write_text(f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n")
    assert main(["redacted", str(pem), "--key", str(pem)]) == 2
    assert "treasury.pem is no P-256 public key" in capsys.readouterr().err
    with pytest.raises(VerificationFailed):
        public_key_of(text)


@pytest.mark.parametrize(
    "words", [[], ["log"], ["log", ".", "--key", "no key"], ["log", "nowhere", "--key", KEY]]
)
def test_a_command_that_cannot_be_understood_exits_2(words, capsys):
    assert main(words) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["log", "log/tile"], "`tile` is no log"),
        (["log", "lgo"], "`lgo`: no such folder"),
        (["log", "log", "--since", "log.vkey"], "--since: log.vkey is no checkpoint"),
        (["log", "log", "--since", "log"], "`log` is a folder"),
        (["receipt", "log"], "`log` is a folder"),
        (["export", "log"], "`log`: nothing that was handed out, it has no `export.json`"),
        (["log", "log.vkey"], "`log.vkey` is a file"),
    ],
)
def test_a_wrong_path_is_named_as_one_and_never_as_evidence_that_fails(
    log, words, named, capsys, monkeypatch
):
    monkeypatch.chdir(log.parent)
    Path("log.vkey").write_text(KEY + "\n")
    assert main([*words, "--key", KEY]) == 2
    said = capsys.readouterr()
    assert (said.out, named in said.err) == ("", True), said.err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["agreement", "unsigned"], "`unsigned`: no signed agreement, it has no `agreement.statement.json`"),
        (["redacted", "unsigned/agreement.md"], "agreement.md: no public copy"),
        (["redacted", "unsigned"], "`unsigned` is a folder"),
    ],
)
def test_what_nobody_has_signed_is_named_as_such(tmp_path, words, named, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("unsigned").mkdir()
    for name in ("agreement.md", "signer.pem"):
        Path("unsigned", name).write_text("+++\n")
    pem = (
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    Path("treasury.pem").write_bytes(pem)
    assert main([*words, "--key", "treasury.pem"]) == 2
    said = capsys.readouterr()
    assert (said.out, named in said.err) == ("", True), said.err


def test_what_was_asked_of_a_log_that_holds_is_told_apart_from_the_log(log, tmp_path, capsys):
    kept = tmp_path / "kept"
    kept.write_bytes((log / "checkpoint").read_bytes().replace(b"\n", b"x\n", 1))
    for words in (["destroyed", str(log), "--release", "0"], ["log", str(log), "--since", str(kept)]):
        assert main([*words, "--key", KEY]) == 1
        said = capsys.readouterr().out
        assert f"the log holds: {SIZE} entries" in said
        assert "it does not hold" not in said


def test_an_unknown_option_shows_the_usage_of_its_verb_which_says_what_it_does(log, capsys):
    assert main(["receipt", "x", "--key", KEY, "--josn"]) == 2
    said = capsys.readouterr().err
    assert ("usage: solely-verify receipt" in said, "--josn" in said) == (True, True)
    assert main(["destroyed", "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Find the entries by which the key of one release was destroyed." in said
    assert "the folder `ledger` of a gate" in said


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
        *NOTED,
    ]


def test_a_part_that_is_as_wide_as_the_whole_is_named(tmp_path):
    put({"tile/0/000": bytes(8192), "tile/0/000.p/256": bytes(8192)}, tmp_path)
    assert walk(tmp_path, 256, Findings()) == ["tile/0/000.p/256: a file that the checkpoint does not cover"]


def test_parts_of_an_earlier_size_are_beginnings_of_the_present(log, capsys):
    tile = (log / f"tile/0/000.p/{SIZE}").read_bytes()
    put({"tile/0/000.p/3": tile[:96]}, log)
    assert main(["log", str(log), "--key", KEY, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["notes"] == NOTED
    put({"tile/0/000.p/3": tile[:95] + b"\0"}, log)
    assert main(["log", str(log), "--key", KEY]) == 1


def test_a_link_in_place_of_a_file_is_not_followed(log, capsys):
    bundle = log / f"tile/entries/000.p/{SIZE}"
    bundle.rename(log / "elsewhere")
    bundle.symlink_to(log / "elsewhere")
    assert main(["log", str(log), "--key", KEY]) == 1
    assert "entry bundle" in capsys.readouterr().out


@pytest.mark.rule("R-56")
@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("checkpoint", "checkpoint: no such file"),
        (f"tile/0/000.p/{SIZE}", f"tile/0/000.p/{SIZE}"),
        (f"tile/entries/000.p/{SIZE}", "entry bundle"),
        ("tile/0/000.p/1", "tile/0/000.p/1: not the beginning"),
        ("tile/entries/000.p/1", "tile/entries/000.p/1: not the beginning"),
    ],
)
def test_a_pipe_in_place_of_a_file_is_never_read(log, name, finding, capsys):
    (log / name).unlink(missing_ok=True)
    os.mkfifo(log / name)
    assert main(["log", str(log), "--key", KEY, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0].startswith(finding)


@pytest.mark.rule("R-56")
def test_a_pipe_given_as_a_receipt_or_as_a_subject_key_is_never_read(log, tmp_path, capsys):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert main(["receipt", str(pipe), "--key", KEY]) != 0
    assert main(["subject", str(log), "--key", KEY, "--subject-key", str(pipe)]) != 0
    with pytest.raises(Refusal, match="no such file"):
        verify_receipt(pipe, read_key(KEY))


def history_of(change) -> list[str]:
    """The findings about a history with a batch of one referred and two releasable items, and more."""
    script, findings = full_history(), Findings()
    script.batch("third", "rpp")
    change(script)
    cycles = Cycles(findings)
    for index, data in enumerate(script.encoded()):
        cycles.take(index, read_entry(data))
    return findings.listed()


@pytest.mark.rule("R-82")
def test_one_who_declines_ends_a_referral_until_the_item_is_contested():
    def told(script: Script, declining: bool) -> None:
        request, first = script.at["third-request"], script.at["third-r0"]
        again = script.decide_again((request, first), OutcomeClass.REFERRED)
        if declining:
            script.approve(again, "carl", vote=Vote.DECLINE)
        votes = [script.approve(again, each, vote=Vote.CONFIRM) for each in ("ann", "bob")]
        script.decide_again((request, again, *votes), OutcomeClass.RELEASABLE)

    def contested(script: Script) -> None:
        request, first = script.at["third-request"], script.at["third-r0"]
        vote = script.approve(first, "carl", vote=Vote.DECLINE)
        returned = script.decide_again((request, first, vote), OutcomeClass.RETURNED)
        contest = script.contest(returned, Answer.ADMITTED)
        again = script.decide_again((request, returned, contest), OutcomeClass.REFERRED)
        votes = [script.approve(again, each, vote=Vote.CONFIRM) for each in ("ann", "bob")]
        script.decide_again((request, again, *votes), OutcomeClass.RELEASABLE)

    assert history_of(lambda script: told(script, False)) == history_of(contested) == []
    (finding,) = history_of(lambda script: told(script, True))
    assert "a reviewer has declined" in finding


@pytest.mark.rule("R-92")
def test_each_objection_to_a_batch_or_to_any_decision_of_an_item_needs_its_answer():
    def told(script: Script, *answered: int) -> None:
        request, item, tally = (script.at[f"third-{each}"] for each in ("request", "r0", "decided"))
        again = script.decide_again((request, item), OutcomeClass.REFERRED)
        about = (tally, item, again, script.at["third-p1"])
        objections = [script.sign(EntryType.OBJECTION, each, "counsel") for each in about]
        for each in answered:
            script.sign(EntryType.ANSWER, objections[each], "deputy")
        votes = [script.approve(again, each, vote=Vote.CONFIRM) for each in ("ann", "bob")]
        passed = script.decide_again((request, again, *votes), OutcomeClass.RELEASABLE)
        pair = tuple(script.approve(tally, each) for each in ("ann", "bob"))
        script.release((passed, *pair, request), record="record-3")

    assert history_of(lambda script: told(script, 2, 0, 1)) == []
    for answered in ((1, 2), (0, 2), (0, 1), ()):
        (finding,) = history_of(lambda script, answered=answered: told(script, *answered))
        first = SIZE + 7 + min({0, 1, 2} - set(answered))
        assert f"the objection, entry {first}, stands against it" in finding


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


def test_older_parts_are_looked_at_however_many_other_files_there_are(log):
    for at in range(60):
        (log / f"0junk{at:02}").touch()
    part = log / "tile/0/000.p/1"
    part.parent.mkdir(exist_ok=True)
    part.write_bytes(bytes(32))
    report = verify_log(log, read_key(KEY))
    assert [each.partition(":")[0] for each in report.findings] == ["tile/0/000.p/1"]
    assert report.notes[50:51] == ["and 10 more"]


@pytest.mark.parametrize("name", ["tile/0/000.p/1", "tile/entries/000.p/1"])
def test_an_older_part_that_was_emptied_is_no_beginning(log, name):
    (log / name).parent.mkdir(exist_ok=True)
    (log / name).write_bytes(b"")
    findings = verify_log(log, read_key(KEY)).findings
    assert [each.partition(":")[0] for each in findings] == [name]


def test_parts_that_a_running_writer_drops_meanwhile_are_no_findings(log):
    tile = (log / f"tile/0/000.p/{SIZE}").read_bytes()
    parts = {log / f"tile/0/000.p/{width}": tile[: 32 * width] for width in range(1, SIZE)}
    found = []
    for _ in range(60):
        for part, hashes in parts.items():
            part.write_bytes(hashes)
        writer = threading.Thread(target=lambda: [part.unlink() for part in parts])
        writer.start()
        found.append(verify_log(log, read_key(KEY)).findings)
        writer.join()
    assert [each for each in found if each] == []


@pytest.mark.parametrize(
    "name", ["a\nit holds: 999 entries, root X\nq", "a\x1b[2J", "a\udcff", "a\u2028b\u202e"]
)
def test_a_file_s_name_prints_no_line_of_its_own_and_nothing_that_a_terminal_obeys(log, name, capsys):
    (log / name).touch()
    assert main(["log", str(log), "--key", KEY]) == 0
    printed = capsys.readouterr().out
    lines = printed.split("\n")
    assert [each for each in lines if each.startswith("it holds")] == [lines[-2]]
    assert all(each.isprintable() for each in lines)


def test_a_key_file_is_read_no_further_than_a_key_goes(log, tmp_path, capsys):
    big = tmp_path / "big.vkey"
    with big.open("wb") as file:
        file.truncate(3 << 30)
    assert main(["log", str(log), "--key", str(big)]) == 2
    assert "no verifier key" in capsys.readouterr().err


def test_words_that_are_none_are_refused_by_name(log, tmp_path, capsys):
    key = tmp_path / "subject.key"
    words = {
        "format": "solely/subject-key/1",
        "origin": VKEY.name,
        "keys": [{"domain": [], "key": "00" * 32}],
    }
    key.write_text(json.dumps(words))
    assert main(["subject", str(log), "--subject-key", str(key), "--key", KEY]) == 2
    key.write_text(json.dumps(words | {"keys": []}))
    assert main(["subject", str(log), "--subject-key", str(key), "--key", KEY]) == 2
    (log / "export.json").touch()
    drawn = ["sample", str(log), "--checkpoint", str(log / "checkpoint"), "--key", KEY]
    assert main([*drawn, "--nonce", "\udcff"]) == 2
    assert main([*drawn, "--count", "0"]) == 2
    assert [line[:30] for line in capsys.readouterr().err.splitlines()] == [
        "solely-verify: subject key: a ",
        "solely-verify: subject key: it",
        "solely-verify: --nonce: no tex",
        "solely-verify: --count: 1 or m",
    ]


@pytest.mark.rule("R-61")
def test_preservations_and_intents_are_held_in_the_time_that_they_take_to_read():
    count, destruction = 20_000, Destruction(lambda release: -release)
    started = time.process_time()
    for at in range(count):
        assert destruction.take("preservation", at, {6: [count + at], 3: 0}) is None
    for at in range(count):
        intent = {6: [at], 17: [b"one", b"another"], 3: 0}
        assert destruction.take("destroy-intent", count + at, intent) is None
    assert time.process_time() - started < 5
    late = {6: [2 * count - 1], 17: [b"one", b"another"], 3: 0}
    assert "stands against it" in (destruction.take("destroy-intent", 2 * count, late) or "")


def test_a_result_that_cannot_be_written_is_no_verdict(log):
    words = [sys.executable, "-m", "solely_verify", "log", str(log), "--key", KEY]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (2, b"solely-verify: the result cannot be written\n")
