"""Every law file that ships: it loads, its cases hold, and each case would notice its clause inverted."""

import re

import pytest

from solely.agreement.clause import case_findings
from solely.agreement.document import findings, parse_agreement, parse_statute, statute_id_of
from solely.agreement.evaluate import verdict, verdicts
from solely.store.engine import open_engine
from solely.store.rule_engine import RuleEngine
from tests.support.tree import ROOT

STATUTES = sorted(ROOT.glob("law/statutes/*/statute.md"))
AGREEMENTS = sorted(ROOT.glob("law/agreements/*/agreement.md"))
FILES = [*STATUTES, *AGREEMENTS]


def statute_of(path):
    home = path.read_bytes() if path.name == "agreement.md" else b""
    return (ROOT / "law/statutes" / statute_id_of(home) / "statute.md").read_bytes() if home else None


def loaded(path):
    statute = statute_of(path)
    data = path.read_bytes()
    return parse_statute(data) if statute is None else parse_agreement(data, parse_statute(statute))


def named(path):
    return path.parent.name


CLAUSES = [
    pytest.param(
        document.cases[clause.id],
        clause,
        id=f"{document.id}:{clause.id}",
        marks=pytest.mark.rule(*clause.rules),
    )
    for document in map(loaded, FILES)
    for clause in document.clauses
]


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_law_file_loads_without_a_finding(path):
    assert findings(path.read_bytes(), statute_of(path)) == []


@pytest.mark.parametrize(("cases", "clause"), CLAUSES)
def test_every_case_of_a_clause_holds(cases, clause):
    assert case_findings(clause, cases) == []


@pytest.mark.parametrize(("cases", "clause"), CLAUSES)
def test_every_case_fails_when_its_clause_is_inverted(cases, clause):
    assert not [case for case in cases if (verdict(clause.expression, case.row) is not True) is case.expect]


@pytest.mark.parametrize(("cases", "clause"), CLAUSES)
def test_duckdb_gives_every_case_its_verdict(cases, clause):
    columns = {fact: [case.row[fact] for case in cases] for fact in clause.facts}
    assert RuleEngine(open_engine(None)).judge([clause], columns) == [(case.expect,) for case in cases]


@pytest.mark.parametrize(("cases", "clause"), CLAUSES)
def test_a_clause_with_every_fact_missing_is_not_met(cases, clause):
    assert verdicts([clause], {}) != (True,)
    assert any(case.expect is None or None in case.row.values() for case in cases)


@pytest.mark.rule("R-90")
@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_law_file_claims_nothing_about_the_law(path):
    assert re.findall(r"\b(?:lawful|legal|compliant|certified)\b", path.read_text(), re.IGNORECASE) == []


@pytest.mark.parametrize("path", AGREEMENTS, ids=named)
def test_an_agreement_says_first_that_it_is_our_own_paraphrase(path):
    body = path.read_text().split("\n+++\n", 1)[1]
    assert "our own paraphrase" in body.split("\n", 1)[0]
    assert loaded(path).is_synthetic


@pytest.mark.rule("R-03")
def test_a_term_that_the_public_text_does_not_state_says_so():
    terms = loaded(ROOT / "law/agreements/irs-ice-2025/agreement.md").terms
    unstated = {key for key, value in terms.items() if value == "not stated in the text"}
    assert unstated == {"amendment", "termination", "cost", "destruction", "onward_disclosure", "contacts"}
    assert terms["term"]["ends_on"] == "not stated in the text"
