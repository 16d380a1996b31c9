"""Was my data disclosed? Answered to the person and nobody else, never claiming more than it can (R-93)."""

import json
import sqlite3
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from solely_verify.__main__ import main as verify
from tests.support.reading import entries_of, entry_counts
from tests.support.world import APPROVERS, Ran, World

pytestmark = [pytest.mark.e2e, pytest.mark.rule("R-93")]


class Asker:
    """Somebody with a key of their own, and letters about records."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.folder = world, world.root / "askers" / name
        self.folder.mkdir(parents=True)
        key = ec.generate_private_key(ec.SECP256R1())
        self.key = self._put("key.pem", key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ))  # fmt: skip
        self.public = self._put("key.public.pem", key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ))  # fmt: skip
        self.asked = 0

    def _put(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def letter(self, record: str, role: str = "inquiries", office: str = "identity-office") -> Path:
        """A letter that this key is the person of that record."""
        path = self.folder / f"{record}.json"
        ran = self.world.solely(
            "vouch", record, "--subject-key", self.public, "--office", office,
            "--as", self.world.key(role, office), "--out", path,
        )  # fmt: skip
        assert ran.code == 0, ran.err
        return path

    def ask(self, record: str, letter: Path | None = None) -> tuple[Ran, Path]:
        """Ask about a record, by default with a letter for it; what was printed, and the answer's folder."""
        self.asked += 1
        out = self.folder / f"answer-{self.asked}"
        ran = self.world.solely(
            "inquire", "--gate", self.world.gate, "--record", record, "--subject-key", self.key,
            "--letter", letter or self.letter(record), "--out", out,
        )  # fmt: skip
        return ran, out


def released(world: World, name: str, count: int = 2, delay: str | None = None) -> list[dict]:
    """A batch approved by two and released, under a court's delay until a day if one is named."""
    batch = world.write_batch(world.fresh_rows(count), name)
    assert world.run(batch).result["releasable"] == count
    if delay is not None:
        ran = delayed(world, batch, delay)
        assert ran.code == 0, ran.err
    assert world.approve_by_two(batch).result["released"] == count
    return rows_of(world)[-count:]


def delayed(world: World, batch: Path, until: str, key: Path | None = None) -> Ran:
    """What a court's order of delay gives."""
    key = key or world.key("courts", "district-court")
    return world.solely(
        "delay", batch, "--gate", world.gate, "--authority", "28 CFR 16.98", "--until", until, "--as", key
    )


def rows_of(world: World) -> list[dict]:
    """The releases as the gate keeps them."""
    with sqlite3.connect(world.gate / "state.sqlite") as state:
        state.row_factory = sqlite3.Row
        return [dict(row) for row in state.execute("SELECT * FROM release ORDER BY entry_index")]


def scanned(world: World, out: Path, capsys: pytest.CaptureFixture[str]) -> list[int]:
    """The entries that the key of an answer finds, as an outsider scans."""
    folder, key = world.gate / "ledger", world.gate / "log.vkey"
    words = ["subject", str(folder), "--key", str(key), "--subject-key", str(out / "subject.key"), "--json"]
    assert verify(words) == 0
    return [each["index"] for each in json.loads(capsys.readouterr().out)["found"]]


def test_a_person_learns_date_nature_purpose_and_recipient_with_a_proof_of_each(fresh_world, capsys):
    row, other = released(fresh_world, "open")
    ran, out = Asker(fresh_world, "one").ask(row["record_ref"])
    assert ran.code == 0, ran.err
    (shown,) = json.loads(ran.out)["disclosures"]
    assert shown["entry"] == row["entry_index"]
    assert shown["date"] == fresh_world.today.isoformat()
    assert (shown["nature"], shown["recipient"]) == (["address"], "Department of Homeland Security")
    assert shown["purpose"]["purpose"]
    assert ran.out.encode() == (out / "answer.json").read_bytes()
    key = fresh_world.gate / "log.vkey"
    assert verify(["receipt", str(out / shown["proof"]), "--key", str(key)]) == 0
    capsys.readouterr()
    assert scanned(fresh_world, out, capsys) == [row["entry_index"]] != [other["entry_index"]]
    assert row["record_ref"] not in ran.out


def test_nothing_delayed_and_nobody_are_the_same_bytes_and_say_so(fresh_world, capsys):
    until = (fresh_world.today + timedelta(days=30)).isoformat()
    row = released(fresh_world, "delayed", 1, until)[0]
    others = {each.record_id for each in fresh_world.requests.truth if each.record_id}
    undisclosed = sorted(others - {row["record_ref"]})[0]
    asked = {
        name: Asker(fresh_world, name).ask(record)
        for name, record in (
            ("delayed", row["record_ref"]), ("undisclosed", undisclosed), ("nobody", "R-NOBODY"),
        )
    }  # fmt: skip
    answers = {(out / "answer.json").read_bytes() for _, out in asked.values()}
    assert len(answers) == 1
    assert len({ran.out for ran, _ in asked.values()}) == 1
    said = json.loads(answers.pop())
    assert said["disclosures"] == []
    assert "never says that nothing was disclosed" in said["limits"]
    shapes = {
        tuple((name, (out / name).stat().st_size) for name in ("answer.json", "subject.key"))
        for _, out in asked.values()
    }
    assert {len(list(out.iterdir())) for _, out in asked.values()} == {3}
    assert len(shapes) == 1
    assert all(scanned(fresh_world, out, capsys) == [] for _, out in asked.values())


def test_a_delay_ends_by_itself_and_its_key_then_finds_what_it_held_back(fresh_world, capsys):
    until = fresh_world.today + timedelta(days=3)
    late = released(fresh_world, "late", 1, until.isoformat())[0]
    asker = Asker(fresh_world, "late")
    fresh_world.environment["SOLELY_NOW"] = f"{until.isoformat()}T12:00:00Z"
    assert json.loads(asker.ask(late["record_ref"])[0].out)["disclosures"] == []
    fresh_world.environment["SOLELY_NOW"] = f"{(until + timedelta(days=1)).isoformat()}T00:00:00Z"
    ran, out = asker.ask(late["record_ref"])
    assert [each["entry"] for each in json.loads(ran.out)["disclosures"]] == [late["entry_index"]]
    assert scanned(fresh_world, out, capsys) == [late["entry_index"]]


def test_a_delay_needs_a_court_an_authority_and_an_end_and_never_reaches_back(fresh_world):
    batch = fresh_world.write_batch(fresh_world.fresh_rows(1), "order")
    assert fresh_world.run(batch).code == 0
    soon = (fresh_world.today + timedelta(days=3)).isoformat()
    approver = fresh_world.key("approvers", "disclosure-officer")
    assert delayed(fresh_world, batch, soon, approver).code == 1
    assert delayed(fresh_world, batch, "9999-12-31").code == 2
    assert delayed(fresh_world, batch, (fresh_world.today - timedelta(days=1)).isoformat()).code == 2
    assert fresh_world.approve_by_two(batch).result["released"] == 1
    ran = delayed(fresh_world, batch, soon)
    assert (ran.code, "does not reach back" in ran.err) == (1, True)


def test_a_delay_looks_in_the_ledger_like_any_part_that_was_put_in_force(fresh_world):
    batch = fresh_world.write_batch(fresh_world.fresh_rows(1), "unseen")
    assert fresh_world.run(batch).code == 0
    before = entries_of(fresh_world)
    assert delayed(fresh_world, batch, (fresh_world.today + timedelta(days=3)).isoformat()).code == 0
    assert fresh_world.solely("init", fresh_world.gate, "--memory", "3GB").code == 0
    delay, config = entries_of(fresh_world)[len(before) :]
    assert delay.policy not in {each.policy for each in before}
    shown = [{name for name, value in each._asdict().items() if value} for each in (delay, config)]
    assert (delay.type, shown[0]) == (config.type, shown[1])


@pytest.mark.rule("R-82")
def test_a_delay_struck_from_the_tables_stops_the_gate(fresh_world):
    batch = fresh_world.write_batch(fresh_world.fresh_rows(1), "struck")
    assert fresh_world.run(batch).code == 0
    assert delayed(fresh_world, batch, (fresh_world.today + timedelta(days=3)).isoformat()).code == 0
    with sqlite3.connect(fresh_world.gate / "state.sqlite") as state:
        state.execute("DELETE FROM delay")
    assert fresh_world.approve_by_two(batch).result["blocked"] == ["STATE_EDITED"]


def test_a_former_spouse_is_denied_and_recorded_without_a_word_about_the_record(fresh_world):
    row = released(fresh_world, "spouse", 1)[0]
    person, spouse = Asker(fresh_world, "person"), Asker(fresh_world, "spouse")
    own = person.letter(row["record_ref"])
    before = entry_counts(fresh_world)["inquiry"]
    attempts = [
        spouse.ask(row["record_ref"], spouse.letter("R-SPOUSE")),  # a letter about somebody else
        spouse.ask(row["record_ref"], own),  # the person's own letter, found on the table
        spouse.ask(row["record_ref"], spouse.letter(row["record_ref"], "approvers", "privacy-officer")),
        spouse.ask("R-NOBODY", own),
    ]
    assert {ran.code for ran, _ in attempts} == {1}
    assert len({ran.err.splitlines()[-2] for ran, _ in attempts}) == 1
    assert not any(ran.out or out.exists() for ran, out in attempts)
    assert entry_counts(fresh_world)["inquiry"] == before + len(attempts)


def test_an_old_letter_a_changed_one_and_one_without_signature_are_denied(fresh_world):
    asker = Asker(fresh_world, "old")
    letter = asker.letter("R-ONE")
    signature = letter.with_name(letter.name + ".sig")
    fresh_world.environment["SOLELY_NOW"] = (
        f"{(fresh_world.today + timedelta(days=31)).isoformat()}T00:00:00Z"
    )
    assert asker.ask("R-ONE", letter)[0].code == 1
    del fresh_world.environment["SOLELY_NOW"]
    letter.write_bytes(letter.read_bytes().replace(b"R-ONE", b"R-TWO"))
    assert asker.ask("R-TWO", letter)[0].code == 1
    signature.unlink()
    assert asker.ask("R-TWO", letter)[0].code == 2


@pytest.mark.rule("R-82")
def test_a_release_struck_from_the_tables_is_missed_by_the_answer(fresh_world):
    row = released(fresh_world, "missed", 1)[0]
    with sqlite3.connect(fresh_world.gate / "state.sqlite") as state:
        state.execute("DELETE FROM release")
    assert Asker(fresh_world, "missed").ask(row["record_ref"])[0].code == 5


@pytest.mark.rule("R-57")
def test_the_keys_of_subjects_stand_in_no_public_byte_and_are_the_gates_own(fresh_world):
    row = released(fresh_world, "public", 1)[0]
    _, out = Asker(fresh_world, "public").ask(row["record_ref"])
    path = fresh_world.gate / "keys" / "subjects.key"
    assert path.stat().st_mode & 0o777 == 0o600
    secret = [bytes.fromhex(line.split()[1]) for line in path.read_text().splitlines()[1:]]
    secret += [bytes.fromhex(each["key"]) for each in json.loads((out / "subject.key").read_text())["keys"]]
    public = b"".join(
        each.read_bytes() for each in (fresh_world.gate / "ledger").rglob("*") if each.is_file()
    )
    assert not any(each in public or each.hex().encode() in public for each in secret)
    assert row["record_ref"].encode() not in public


@pytest.mark.rule("R-82")
def test_a_replaced_key_of_subjects_stops_the_gate(fresh_world):
    row = released(fresh_world, "replaced", 1)[0]
    path = fresh_world.gate / "keys" / "subjects.key"
    path.write_text(path.read_text().replace("open ", "open 0")[:-1])
    assert Asker(fresh_world, "first").ask(row["record_ref"])[0].code == 5
    subprocess.run(["sed", "-i", "2s/0//", str(path)], check=True)
    lines = [f"{name} {number:064x}" for name, number in (("open", 1), ("sealed", 2))]
    path.write_text("\n".join(["solely/subject-epoch/1", *lines]) + "\n")
    assert Asker(fresh_world, "second").ask(row["record_ref"])[0].code == 5


def test_an_office_that_signs_with_another_key_than_its_own_learns_it_before_it_writes_a_letter(fresh_world):
    asker = Asker(fresh_world, "one")

    def vouched(office: str, key: str, role: str = "inquiries") -> Ran:
        return fresh_world.solely(
            "vouch", "R-1", "--subject-key", asker.public, "--office", office,
            "--as", fresh_world.key(role, key), "--trust", fresh_world.folders.trust, "--out", path,
        )  # fmt: skip

    path = fresh_world.root / "letter.json"
    wrong = vouched("identity-office", APPROVERS[0], "approvers")
    assert (wrong.code, "another key than that of `--as`" in wrong.err) == (2, True), wrong.err
    unknown = vouched("some-office", "identity-office")
    assert (unknown.code, "`inquiries/some-office` is not enrolled" in unknown.err) == (2, True), unknown.err
    assert not path.exists()
    assert vouched("identity-office", "identity-office").code == 0
    assert path.exists()


def test_a_record_id_in_other_letter_case_is_no_answer_that_nothing_was_disclosed(fresh_world):
    about = released(fresh_world, "spelled")[0]["record_ref"]
    asker = Asker(fresh_world, "slip")
    other = about.swapcase()
    assert other != about
    before = entry_counts(fresh_world)["inquiry"]
    ran, out = asker.ask(other)
    assert (ran.code, "letter case alone" in ran.err, out.exists()) == (2, True, False), ran.err
    assert entry_counts(fresh_world)["inquiry"] == before + 1
    assert asker.ask(about)[0].code == 0
    nobody = asker.ask("P-NOBODY-AT-ALL")[0]
    assert nobody.code == 0, nobody.err
