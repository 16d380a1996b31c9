"""`check` holds each clause's reason and rules against the closed lists, and a clause that it could not read
makes no list look unread."""

import shutil
from pathlib import Path

import pytest

from solely.agreement.codes import CODES
from solely.facts.reasons import REASONS
from solely.precheck import check_law
from tests.support.law import AGREEMENTS
from tests.support.tree import ROOT


def checked(tmp_path: Path, old: str, new: str) -> list[str]:
    """What `check` finds in a copy of the first agreement with its first `old` made `new`."""
    law = tmp_path / "law"
    shutil.copytree(ROOT / "law", law)
    text = law / AGREEMENTS[0].relative_to(ROOT / "law")
    words = text.read_text(encoding="utf-8")
    assert old in words
    text.write_text(words.replace(old, new, 1), encoding="utf-8")
    return check_law(text)


@pytest.mark.rule("R-69")
def test_the_codes_of_the_shipped_clauses_are_the_closed_list():
    files = (ROOT / "law").glob("*/*/*.md")
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    given = {line.removeprefix("code: ").strip() for line in lines if line.startswith("code: ")}
    assert given - REASONS.keys() == CODES


@pytest.mark.rule("R-69")
def test_a_reason_of_no_list_and_a_rule_of_no_rule_book_are_findings(tmp_path):
    (found,) = checked(tmp_path / "code", "code: NOT_AGREED", "code: NOT_AGREEED")
    assert found.endswith("`NOT_AGREEED` is none; is it `NOT_AGREED`?")
    for invented in ("R-999", "R-108", "R-00"):
        (found,) = checked(tmp_path / invented, "rules: R-", f"rules: {invented}, R-")
        assert found.endswith("`rules` names rules of the rule book, R-01 to R-107")


def test_a_clause_that_lacks_a_header_key_is_the_only_finding(tmp_path):
    (found,) = checked(tmp_path, "element: purpose\n", "")
    assert found.endswith("the header key `element` is missing")
