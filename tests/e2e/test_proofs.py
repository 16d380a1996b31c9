"""What counsel and third parties prove at the command line: no gate, no record, no key."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from solely.errors import AgreementRefused
from solely.steps.proving import law_at, recorded
from tests.support import forked
from tests.support.proofs import changed
from tests.support.tree import ROOT

pytestmark = pytest.mark.e2e
LAW = ROOT / "law"
AGREEMENT = LAW / "agreements/irs-ice-2025"
STATUTE = LAW / "statutes/26-usc-6103-i-2"
CLAIMS = ("lawful", "legal", "compliant", "certified")


def solely(*arguments):
    ran = forked.run([*map(str, arguments)], {**os.environ, "NO_COLOR": "1"}, ROOT)
    said = (ran.stdout + ran.stderr).lower()
    assert [word for word in CLAIMS if word in said] == []  # R-90, whatever was asked
    return ran


@pytest.fixture
def law(tmp_path):
    """A copy of the law tree with a second version of the agreement in it."""
    shutil.copytree(LAW, tmp_path / "law")
    shutil.copytree(AGREEMENT, tmp_path / "law/agreements/second")
    return tmp_path / "law"


def edit(folder, old, new):
    file = next(folder.glob("*.md"))
    file.write_text(changed(old, new, file.read_text()))


@pytest.mark.rule("R-04", "R-90")
def test_the_shipped_agreement_is_proved_by_both_solvers_and_says_what_that_does_not_say(tmp_path):
    questions = tmp_path / "questions.smt2"
    ran = solely("prove", AGREEMENT, "--against", STATUTE, "--solver", "both", "--json", "--out", questions)
    assert ran.returncode == 0, ran.stderr
    proof = json.loads(ran.stdout)
    assert proof["holds"] is True
    assert proof["first"] == []
    assert [name.split()[0] for name in proof["solvers"]] == ["z3", "cvc5"]
    assert questions.read_text().count("(check-sat)") == proof["questions"]
    limits = " ".join(proof["limits"])
    for words in ("sha256", "reviewed on", "contested", "the requester's word", "other ways than this gate"):
        assert words in limits


@pytest.mark.rule("R-90")
def test_what_a_reading_lacks_of_the_reviewed_one_is_printed_first(law):
    text = (STATUTE / "statute.md").read_text()
    start = text.index("(c) A request shall set forth the addr")
    end = text.index("(d) A request shall set forth the taxable")
    item = "(c) Nothing; not machine-checked here, for a test.\n\n"
    for place in (law / "other", law / "statutes/26-usc-6103-i-2"):
        place.mkdir(exist_ok=True)
        (place / "statute.md").write_text(text[:start] + item + text[end:])
    given = solely("prove", AGREEMENT, "--against", law / "other")
    edited = solely("prove", law / "agreements/irs-ice-2025")
    for ran in (given, edited):
        assert ran.returncode == 1
        assert ran.stdout.startswith("DIFFERENCE FROM THE REVIEWED READING: ")
        first = [line for line in ran.stdout.splitlines() if line.startswith("DIFFERENCE")]
        assert '"address sufficient" is true' in first[-1]


@pytest.mark.rule("R-04", "R-90")
def test_anyone_can_hold_the_agreement_against_a_stricter_reading(law):
    edit(law / "statutes/26-usc-6103-i-2", "purpose <> 'location'", "purpose = 'criminal_proceeding'")
    edit(
        law / "statutes/26-usc-6103-i-2",
        "| civil_removal | holds |\n| location",
        "| civil_removal | fails |\n| location",
    )
    ran = solely("prove", AGREEMENT, "--against", law / "statutes/26-usc-6103-i-2")
    assert ran.returncode == 1
    assert "DIFFERENCE" not in ran.stdout
    assert "FAILS: other statute 2(c)" in ran.stdout
    assert "an ordinary request" in ran.stdout


@pytest.mark.rule("R-09", "R-83")
def test_a_newer_version_names_every_clause_that_it_widens_with_one_fact(law):
    second = law / "agreements/second"
    edit(second, "persons_per_investigation_max = 5", "persons_per_investigation_max = 6")
    edit(
        second,
        "investigation_opened_on <= received_on\n",
        "investigation_opened_on <= received_on + 1 days\n",
    )
    edit(second, "attempts_per_person_max = 3", "attempts_per_person_max = 2")
    ran = solely("diff", AGREEMENT, second, "--json")
    assert ran.returncode == 1
    claims = json.loads(ran.stdout)["claims"]
    widened = {claim["about"]: claim for claim in claims if claim["required"] and not claim["holds"]}
    assert set(widened) == {"old agreement 4(c)(2)", "old agreement 6(c)(1)"}
    assert widened["old agreement 6(c)(1)"]["example"]["told"].endswith(
        "but with persons of investigation 6 in place of 1"
    )
    assert all(len(claim["example"]["changed"]) == 1 for claim in widened.values())
    assert [claim["about"] for claim in claims if claim["kind"] == "tightened"] == ["agreement 6(f)"]
    same = solely("diff", AGREEMENT, law / "agreements/irs-ice-2025")
    assert same.returncode == 0
    assert "nothing failed" in same.stdout


@pytest.mark.rule("R-04", "R-33")
def test_an_amendment_that_lets_a_number_stand_in_for_an_address_is_refused_in_words_for_counsel(law):
    second = law / "agreements/second"
    edit(second, "assurance = 'active'", "address_sufficient = true or taxpayer_number_verdict = 'VALID'")
    heading, rows = "| assurance | expect |\n|---|---|", "| active | holds |\n| closed | fails |\n| null |"
    edit(second, heading, "| address_sufficient | taxpayer_number_verdict | expect |\n|---|---|---|")
    edit(second, rows, "| true | ABSENT | holds |\n| false | ABSENT | fails |\n| null | null |")
    for command in (("prove", second), ("check", second), ("diff", AGREEMENT, second)):
        ran = solely(*command)
        assert ran.returncode == 1
        said = ran.stdout + ran.stderr
        assert "state a full address of the person; no number stands in its place" in said
        assert "26 U.S.C. 6103(i)(2)(B)(i)" in said
        assert "counterexample: a request with address sufficient false passes the clause because" in said
        assert '"taxpayer number verdict" is `VALID`' in said
        assert "take that alternative out of the clause" in said


def test_what_cannot_be_asked_is_told_with_its_cure(tmp_path):
    for arguments, code, words in (
        (("prove", AGREEMENT, "--solver", "yices"), 2, "one of z3, cvc5, both"),
        (("prove", AGREEMENT, "--against", AGREEMENT), 2, "name a statute's folder"),
        (("prove", tmp_path), 2, "no `agreement.md`"),
        (("diff", AGREEMENT, STATUTE), 2, "names a statute"),
    ):
        ran = solely(*arguments)
        assert ran.returncode == code
        assert words in ran.stderr


@pytest.mark.rule("R-90")
def test_without_the_extra_nothing_is_proved_and_the_line_that_installs_it_is_named(tmp_path):
    (tmp_path / "z3").mkdir()
    (tmp_path / "sitecustomize.py").write_text(
        "from importlib import util\nreal = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name == 'z3' else real(name, *more)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "solely.cli.main", "prove", AGREEMENT],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert ran.returncode == 1
    assert "pip install 'solely[prove]'" in ran.stderr
    assert ran.stdout == ""


@pytest.mark.rule("R-90", "R-04")
def test_a_recorded_proof_speaks_of_one_text_and_can_only_refuse(law):
    home = law / "agreements/irs-ice-2025"
    assert solely("prove", home, "--record").returncode == 0
    data = (home / "proof.json").read_bytes()
    of_this, _ = law_at(home)
    assert recorded(data, of_this).startswith("recorded: nothing failed, by z3")
    assert recorded(None, of_this) == "not recorded"
    for bad in (b"", b"[]", b"{}", b"\xff", data[:-20]):
        assert recorded(bad, of_this) == "a record that cannot be read"
    edit(home, "binds nobody.", "binds nobody!")
    assert recorded(data, law_at(home)[0]) == "a record of another text; prove it again"
    for failed in ({"holds": False}, {"first": ["a difference"]}):
        with pytest.raises(AgreementRefused, match="the proof failed"):
            recorded(json.dumps(json.loads(data) | failed).encode(), of_this)
    assert solely("prove", home, "--record", "--against", STATUTE).returncode == 2


def test_what_a_recorded_proof_finds_idle_is_untidy_and_loads(law):
    home = law / "agreements/irs-ice-2025"
    edit(home, "assurance = 'active'", "assurance = 'active' and filled(assurance)")
    assert "untidy" not in solely("check", home).stdout
    assert solely("prove", home, "--record").returncode == 0
    checked = solely("check", home)
    assert checked.returncode == 0
    assert "untidy, as `proof.json` says: agreement 4(d): " in checked.stdout
    edit(home, "binds nobody.", "binds nobody!")  # the record speaks of another text now
    assert "untidy" not in solely("check", home).stdout
    (home / "proof.json").write_bytes(b"{")
    assert solely("check", home).stdout == "loads: no findings\n"


def test_the_record_of_a_review_is_printed_for_its_reviewer():
    options = ("--reviewer", "an office", "--on", "2026-11-24", "--contested", "1(c)")
    ran = solely("reading", STATUTE, *options)
    assert ran.returncode == 0
    assert '"1(c)" = "\\"address sufficient\\" is true"' in ran.stdout
