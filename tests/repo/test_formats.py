"""The pages on formats say what the code reads: columns, keys, words, and a signing script that works."""

import json
import re
import subprocess
import sys
from datetime import date
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from solely.decision.answer import answer_of
from solely.intake.letter import KEYS, parse_letter, require_data, require_genuine
from solely.model import COLUMNS, Disposition, Enrolment, RecordAddress, Trust
from solely.orders.order import _KEYS as ORDER_KEYS
from solely.records.source import COLUMNS as RECORD_COLUMNS
from solely.release.archive import MANIFEST, read_archive
from solely.release.content import Release, payload
from solely.release.keys import ReleaseKey
from solely.release.package import ReleasePolicy, seal
from solely.signing import key_id
from solely.steps.deciding import DISPOSITION_COLUMNS
from solely.steps.releasing import RELEASE_COLUMNS
from solely.store.trust import _KEYS as ENROLMENT_KEYS
from solely.store.trust import _OF_ROLE as KEYS_OF_ROLE
from solely.store.trust import ROLES
from tests.support.tree import ROOT, text_of

OFFICE, TODAY = "secretary-of-homeland-security", date(2026, 11, 25)


def page(name: str) -> str:
    """One page of docs/formats."""
    return text_of(ROOT / "docs" / "formats" / f"{name}.md")


def first_cells(text: str) -> list[str]:
    """Every name in code font in the first cell of a table's row, in order."""
    rows = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    return [name for cell in rows for name in re.findall(r"`([^`]+)`", cell)]


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_page_of_submissions_lists_the_letters_keys_and_the_columns() -> None:
    assert tuple(first_cells(page("submission"))) == (*KEYS, *COLUMNS)


def test_the_page_of_orders_lists_their_keys() -> None:
    assert set(first_cells(page("order"))) == ORDER_KEYS


def test_the_letter_shown_is_a_letter() -> None:
    (shown,) = blocks(page("submission"), "json")
    assert parse_letter(shown.encode()).signer_office == OFFICE


def test_the_page_of_records_lists_the_columns() -> None:
    text = page("records")
    assert tuple(first_cells(text)) == RECORD_COLUMNS
    header = blocks(text, "text")[0].splitlines()[0]
    assert tuple(header.split(",")) == RECORD_COLUMNS


def test_the_page_of_enrolments_lists_roles_and_keys() -> None:
    text = page("trust")
    assert set(first_cells(text)) == ENROLMENT_KEYS.union(*KEYS_OF_ROLE.values())
    assert all(f"{role}/" in text for role in ROLES)


def test_the_page_of_answers_lists_the_columns_and_the_words() -> None:
    text = page("answer")
    named = set(first_cells(text))
    words = {answer_of(each, is_record_read=False) for each in Disposition}
    assert words | {*DISPOSITION_COLUMNS.split(", "), *RELEASE_COLUMNS} <= named
    for line in blocks(text, "json")[0].splitlines():
        assert set(json.loads(line)) == {"request_id", "answer", "reasons", "rules"}


@pytest.mark.rule("R-49")
def test_the_page_of_packages_names_all_that_a_manifest_and_a_payload_hold() -> None:
    policy = ReleasePolicy("3bceb595-d3c6-4f6e-a353-cf4904e5126a", ("officer-01",), is_synthetic=False)
    address = RecordAddress("1 OAK ST", "", "DOVER", "DE", "19901", None, None, None)
    release = Release("R-1", "INV-1", "A B", address, ("officer-01",), date(2027, 2, 25))
    entries = read_archive(seal(payload(release), ReleaseKey(bytes(32)), policy))
    manifest, text = json.loads(entries[MANIFEST]), page("package")
    for words in (manifest, manifest["payload"], *manifest["encryptionInformation"]["keyAccess"]):
        assert all(f"`{name}`" in text for name in words if name != "encryptionInformation")
    assert all(f"`encryptionInformation.{name}`" in text for name in ("policy", "keyAccess"))
    assert all(name in text for name in json.loads(payload(release)))


@pytest.mark.rule("R-12")
def test_the_script_shown_signs_a_batch_that_the_gate_takes(tmp_path) -> None:
    (script,) = blocks(page("submission"), "python")
    key = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "sign.py").write_text(script)
    (tmp_path / "office.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    batch = tmp_path / "batch"
    batch.mkdir()
    (batch / "data.csv").write_text(",".join(COLUMNS) + "\n")
    (batch / "letter.json").write_text(blocks(page("submission"), "json")[0])
    done = subprocess.run(
        [sys.executable, "sign.py", "batch", "office.pem"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    words, signature = (batch / "letter.json").read_bytes(), (batch / "letter.json.sig").read_bytes()
    letter = parse_letter(words)
    require_data(letter, sha256((batch / "data.csv").read_bytes()).hexdigest())
    assert require_genuine(letter, words, signature, enrolled(key), (OFFICE,), TODAY).id == OFFICE


def enrolled(key: ec.EllipticCurvePrivateKey) -> Trust:
    """A trust folder with one requester who holds the key."""
    public = key.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    words = (OFFICE, "registrar", TODAY, TODAY, True)
    return Trust(requesters={OFFICE: Enrolment(OFFICE, "requesters", pem, key_id(public), *words)})
