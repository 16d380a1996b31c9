"""The verifier's verbs about agreements: which exit code, and what a narrowed version says."""

import json

import pytest

from solely_verify import agreement
from solely_verify.__main__ import main
from tests.support.agreements import (
    FOLDER,
    HIDDEN,
    PARTIES,
    copy_of,
    folder_of,
    key_of,
    parted,
    pem_of,
    signed,
)

PUBLIC = FOLDER / "valid" / "redacted.json"


def keys(*names: str) -> list[str]:
    return [word for name in names for word in ("--key", str(FOLDER / "keys" / f"{name}.pem"))]


@pytest.mark.parametrize(
    "arguments",
    [
        ["redacted", "no-such-file", *keys(*PARTIES)],
        ["redacted", str(PUBLIC), "--key", str(PUBLIC)],
        ["redacted", str(PUBLIC)],
        ["agreement", str(PUBLIC), *keys(*PARTIES)],
    ],
)
def test_what_cannot_be_read_is_exit_code_2(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().err


def test_the_verdict_is_told_in_words(capsys):
    assert main(["redacted", str(PUBLIC), *keys(*PARTIES)]) == 0
    assert "it holds: vector version 1" in capsys.readouterr().out
    assert main(["redacted", str(PUBLIC), *keys(PARTIES[0])]) == 1
    assert "signature of requester" in capsys.readouterr().out


@pytest.mark.rule("R-04")
def test_the_statute_that_was_signed_is_told_by_its_digest(capsys):
    assert main(["redacted", str(PUBLIC), *keys(*PARTIES), "--json"]) == 0
    signed_words = json.loads(json.loads(PUBLIC.read_text())["statement"])
    assert json.loads(capsys.readouterr().out)["statute"] == signed_words["statute"]


@pytest.mark.rule("R-09")
def test_a_signature_holds_with_the_key_of_its_signer_and_no_other(tmp_path, capsys):
    words = json.loads(PUBLIC.read_text())
    first, second = (words["signatures"][party] for party in PARTIES)
    words["signatures"] = dict(zip(PARTIES, (second, first), strict=True))
    file = tmp_path / "redacted.json"
    file.write_text(json.dumps(words))
    assert main(["redacted", str(file), *keys(*PARTIES)]) == 1
    assert "does not hold with that signer's key" in capsys.readouterr().out
    other = tmp_path / f"{PARTIES[1]}.pem"
    other.write_bytes((FOLDER / "keys" / f"{PARTIES[0]}.pem").read_bytes())
    assert main(["redacted", str(PUBLIC), *keys(PARTIES[0]), "--key", str(other)]) == 2
    assert "under two names" in capsys.readouterr().err


def test_a_file_beyond_the_cap_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(agreement, "BYTES_MAX", 100)
    assert agreement.verify_redacted(PUBLIC, {})["findings"] == ["redacted.json: larger than 8 MiB"]


@pytest.mark.rule("R-83")
def test_a_version_that_only_narrows_holds_with_one_signature_and_says_so(tmp_path):
    of = parted()
    copy = copy_of(of, HIDDEN, act="narrowed", supersedes="11" * 32)
    words = json.loads(copy.content)
    del words["signatures"][PARTIES[1]]
    file = tmp_path / "redacted.json"
    file.write_text(json.dumps(words))
    found = agreement.verify_redacted(file, {PARTIES[0]: key_of(PARTIES[0]).public_key()})
    assert found["ok"] and any("only narrows" in note for note in found["notes"])
    assert any(f"of root {'11' * 32}, must be verified too" in note for note in found["notes"])
    words["signatures"] = {}
    file.write_text(json.dumps(words))
    assert agreement.verify_redacted(file, {PARTIES[0]: key_of(PARTIES[0]).public_key()})["ok"] is False


@pytest.mark.rule("R-83")
@pytest.mark.parametrize(("supersedes", "why"), [(None, "names no version"), ("11", "not 32 bytes")])
def test_a_version_that_narrows_nothing_nameable_does_not_hold(tmp_path, supersedes, why):
    of = parted()
    public = {party: key_of(party).public_key() for party in PARTIES}
    file = tmp_path / "redacted.json"
    file.write_bytes(copy_of(of, HIDDEN, act="narrowed", supersedes=supersedes).content)
    for name, data in folder_of(of, act="narrowed", supersedes=supersedes).items():
        (tmp_path / name).write_bytes(data)
    found = [agreement.verify_redacted(file, public), agreement.verify_agreement(tmp_path, public)]
    assert [each["ok"] for each in found] == [False, False]
    assert all(why in each["findings"][0] for each in found)


@pytest.mark.rule("R-09")
@pytest.mark.parametrize("name", ["agreement.md", "agreement.salts.json", "agreement.statement.json"])
def test_a_changed_file_of_an_agreement_is_refused(tmp_path, name):
    for path in (FOLDER / "valid").glob("agreement.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    public = {party: key_of(party).public_key() for party in PARTIES}
    assert agreement.verify_agreement(tmp_path, public)["ok"]
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[:-20] + data[-20:].replace(data[-12:-11], b"Z", 1))
    assert agreement.verify_agreement(tmp_path, public)["ok"] is False


def test_the_keys_of_the_vectors_are_those_that_sign():
    assert [(FOLDER / "keys" / f"{party}.pem").read_bytes() for party in PARTIES] == [
        pem_of(party) for party in PARTIES
    ]
    assert signed(PARTIES[0], b"x") != signed(PARTIES[1], b"x")
