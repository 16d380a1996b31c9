"""What counsel does with an agreement at the command line: no gate, no record, no key."""

import csv
import os
import re

import pytest

from tests.support import forked
from tests.support.tree import ROOT

pytestmark = pytest.mark.e2e
AGREEMENT = ROOT / "law/agreements/irs-ice-2025"


def solely(*arguments):
    return forked.run([*map(str, arguments)], {**os.environ, "NO_COLOR": "1"}, ROOT)


def test_the_cases_of_an_agreement_are_written_and_hold_when_they_are_handed_in(tmp_path):
    file = tmp_path / "cases.csv"
    written = solely("cases", AGREEMENT, "--out", file)
    assert written.returncode == 0, written.stderr
    with file.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    assert {row["expect"] for row in rows} == {"holds", "fails", "unknown"}
    checked = solely("cases", AGREEMENT, "--check", file)
    assert checked.returncode == 0, checked.stderr
    assert len(checked.stdout.splitlines()) == len(rows)
    assert f"{len(rows)} cases, 0 differ" in checked.stderr


def test_a_case_that_differs_is_shown_with_the_clause_that_decides_it(tmp_path):
    file = tmp_path / "own.csv"
    file.write_bytes("\ufeffaddress_verdict;expect\r\nPLACEHOLDER;permitted\r\nOK;permitted\r\n".encode())
    checked = solely("cases", AGREEMENT, "--check", file)
    assert checked.returncode == 1
    assert checked.stdout.splitlines()[0].startswith(
        "row 2 DIFFERS: expected permitted; returned by agreement 2(b)(1) ("
    )
    assert checked.stdout.splitlines()[1] == "row 3 as expected: permitted; every clause holds"


def test_what_cannot_be_read_is_told_with_its_cure(tmp_path):
    file = tmp_path / "own.csv"
    file.write_bytes(b"basis,expect\n\xff,refused\n")
    for arguments, words in (
        (("cases", AGREEMENT), "either `--out FILE.csv` or `--check FILE.csv`"),
        (("cases", AGREEMENT, "--check", tmp_path / "none.csv"), "no such file"),
        (("cases", AGREEMENT, "--check", file), "save it as CSV UTF-8"),
        (("cases", tmp_path, "--out", file), "no `agreement.md`"),
        (("page", tmp_path, "--out", tmp_path / "page.html"), "no `agreement.md`"),
        (("page", AGREEMENT, "--out", tmp_path / "page.txt"), "names an .html file"),
        (("cases", AGREEMENT, "--out", file / "x.csv"), "no folder can be made there"),
    ):
        ran = solely(*arguments)
        assert ran.returncode == 2, ran.stderr
        assert words in ran.stderr
        assert "Traceback" not in ran.stderr


def test_an_agreement_is_written_as_a_page(tmp_path):
    written = solely("page", AGREEMENT, "--out", tmp_path / "page.html")
    assert written.returncode == 0, written.stderr
    told = (ROOT / AGREEMENT / "agreement.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \| (?:holds|fails|unknown) \|$", told, re.MULTILINE)
    assert f'"cases_under_them": {len(rows)}' in written.stdout
    assert "<h1>Memorandum of understanding" in (tmp_path / "page.html").read_text(encoding="utf-8")
