"""The shared vectors of signed agreements: what is valid holds, each defect is refused at its place."""

import json

import pytest

from solely.agreement.parts import cut, leaf_hash, root_of
from solely.agreement.redaction import parse_copy, require_whole
from solely.agreement.statement import parse_salts, parse_statement
from solely_verify.__main__ import main
from tests.support.agreements import DEFECTS, FOLDER, PARTIES, write_vectors

KEYS = [word for party in PARTIES for word in ("--key", str(FOLDER / "keys" / f"{party}.pem"))]


def test_the_vectors_on_disk_are_those_that_the_code_describes(tmp_path):
    write_vectors(tmp_path)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(FOLDER): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    assert made == {name: data for name, data in kept.items() if name.name != "README.md"}


@pytest.mark.rule("R-89")
def test_parts_hashes_and_root_are_those_of_the_vector():
    valid = FOLDER / "valid"
    parts = cut((valid / "agreement.md").read_bytes())
    salts = parse_salts((valid / "agreement.salts.json").read_bytes())
    hashes = [leaf_hash(salt, part) for salt, part in zip(salts, parts, strict=True)]
    rows = [[part.label, len(part.data), each.hex()] for part, each in zip(parts, hashes, strict=True)]
    assert rows == json.loads((valid / "parts.json").read_bytes())
    statement = parse_statement((valid / "agreement.statement.json").read_bytes())
    assert root_of(hashes).hex() == statement.root
    assert require_whole(parse_copy((valid / "redacted.json").read_bytes())) == statement


@pytest.mark.rule("R-09", "R-89")
@pytest.mark.parametrize("name", ["redacted.json", "redacted-under-order.json"])
def test_a_public_copy_holds_against_both_signatures(name, capsys):
    assert main(["redacted", str(FOLDER / "valid" / name), *KEYS, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["signed_by"], found["parts"]) == (True, list(PARTIES), 25)
    assert found["sealed"] == (2 if name == "redacted.json" else 1)


@pytest.mark.rule("R-09")
def test_the_whole_agreement_holds_against_both_signatures(capsys):
    assert main(["agreement", str(FOLDER / "valid"), *KEYS, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["signed_by"] == list(PARTIES)


@pytest.mark.rule("R-89")
@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_each_defect_is_refused_at_its_place(name, capsys):
    expected = json.loads((FOLDER / "expected.json").read_bytes())[name]
    assert main(["redacted", str(FOLDER / name / "redacted.json"), *KEYS, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0].startswith(expected)
