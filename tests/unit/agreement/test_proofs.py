"""What is claimed of an agreement: what it permits, what secures what, what decides nothing."""

import pytest

from solely.agreement import proofs
from solely.agreement.evaluate import verdict
from solely.agreement.ordinary import ordinary_request
from solely.agreement.proofs import Claim, clauses_of, expressions, labeled, unconfirmed
from solely.agreement.questions import Example, Questions, script
from solely.store.engine import open_engine
from solely.store.rule_engine import RuleEngine
from solely.store.solver import solver
from tests.support.law import shipped_laws
from tests.support.proofs import STATUTE, changed, law_of

pytestmark = pytest.mark.needs("prove")

LAW = law_of()
CASES = "| active | holds |\n| closed | fails |\n| null | unknown |"


@pytest.fixture
def ask():
    with solver("z3") as running:
        yield running.ask


def questions_of(ask, law, *others):
    named = clauses_of(law)
    for other in others:
        named |= other
    return Questions(ask, expressions(named), proofs.parts_to_ask(clauses_of(law)), ordinary_request(LAW))


def found(claims, about):
    (claim,) = [claim for claim in claims if claim.about == about]
    return claim


@pytest.mark.rule("R-04")
def test_the_decision_permits_no_more_than_its_own_statute_by_construction_and_is_asked_all_the_same(ask):
    questions = questions_of(ask, LAW)
    claims = proofs.narrower(questions, clauses_of(LAW), labeled(LAW.statute.clauses))
    assert {claim.words for claim in claims} == {proofs.BY_CONSTRUCTION}
    assert [(each.is_found) for each in questions.asked] == [False]


@pytest.mark.rule("R-04", "R-90")
def test_a_stricter_reading_is_not_met_and_one_fact_shows_it(ask):
    strict = changed("period_first >= 1950 and ", "period_first >= 2022 and ", STATUTE)
    strict = changed("| 2021 | 2023 | 2026 | holds |", "| 2022 | 2023 | 2026 | holds |", strict)
    strict = changed("| 1950 | 2026 | 2026 | holds |", "| 2026 | 2026 | 2026 | holds |", strict)
    above = labeled(law_of(statute=strict).statute.clauses, "other ")
    claims = proofs.narrower(questions_of(ask, LAW, above), clauses_of(LAW), above)
    failing = [claim for claim in claims if claim.is_failure]
    assert [claim.about for claim in failing] == ["other statute 1(d)"]
    example = failing[0].example
    assert verdict(above["other statute 1(d)"].expression, example.row) is False
    assert all(verdict(rule, example.row) is True for rule in expressions(clauses_of(LAW)).values())


@pytest.mark.rule("R-04")
def test_of_each_demand_of_the_statute_it_is_told_whether_the_agreement_secures_it_alone(ask):
    claims = proofs.coverage(questions_of(ask, LAW), LAW)
    own = expressions(labeled(LAW.agreement.clauses))
    assert found(claims, "statute 2(b)").by == ("agreement 4(a)",)
    assert found(claims, "statute 1(c)").holds is False
    for claim in claims:
        assert not claim.is_failure
        if not claim.holds:
            assert all(verdict(rule, claim.example.row) is True for rule in own.values())


@pytest.mark.rule("R-90")
def test_a_clause_that_decides_nothing_fails_unless_it_says_what_covers_it(ask):
    undeclared = changed("also covered by: statute 3(a), statute 3(d)\n", "")
    law = law_of(agreement=undeclared)
    claim = found(proofs.live(questions_of(ask, law), law), "agreement 5(f)")
    assert claim.is_failure
    assert claim.by == ("statute 3(a)", "statute 3(d)")


@pytest.mark.rule("R-90")
@pytest.mark.parametrize("said", ["statute 3(a)", "agreement 4(c)(1)", "statute 9(z)", "statute 3(a), 3(d)"])
def test_a_clause_that_says_the_wrong_thing_covers_it_fails(ask, said):
    law = law_of(agreement=changed("also covered by: statute 3(a), statute 3(d)", f"also covered by: {said}"))
    claim = found(proofs.live(questions_of(ask, law), law), "agreement 5(f)")
    assert claim.is_failure
    assert "does not" in claim.words


@pytest.mark.rule("R-90")
def test_a_clause_that_decides_and_says_that_it_does_not_fails(ask):
    said = "say: state the case number of the final order\n"
    law = law_of(agreement=changed(said, said + "also covered by: 3(a)\n"))
    claim = found(proofs.live(questions_of(ask, law), law), "agreement 3(c)")
    assert claim.is_failure
    assert "decides by itself" in claim.words


def test_a_part_that_decides_nothing_is_named_with_what_covers_it(ask):
    claims = proofs.dead_parts(questions_of(ask, LAW), LAW)
    dead = {(claim.about, claim.words): claim.by for claim in claims}
    assert dead["agreement 2(b)(7)", "the entry `PLACEHOLDER` decides nothing"] == ("agreement 2(b)(1)",)
    assert ("agreement 1(a)", "the entry `final_order` of the list `bases` decides nothing") not in dead
    assert not any(claim.is_failure for claim in claims)


@pytest.mark.rule("R-02")
def test_of_each_fact_it_is_told_whether_a_request_can_pass_without_it(ask):
    claims = proofs.null_safe(questions_of(ask, LAW), clauses_of(LAW))
    without = {claim.about for claim in claims if not claim.holds}
    assert {"birth_date", "address_located"} <= without
    assert not without & {"address_sufficient", "purpose", "officers_valid", "identified", "basis"}
    for claim in claims:
        if not claim.holds:
            assert claim.example.row[claim.about] is None


@pytest.mark.rule("R-02")
def test_not_knowing_never_helps(ask):
    assert proofs.monotone(questions_of(ask, LAW), clauses_of(LAW)).holds


def test_an_agreement_that_no_request_can_pass_names_the_clauses_that_meet_head_on(ask):
    text = changed("assurance = 'active'", "assurance = 'active' and purpose = 'location'")
    text = changed(CASES, "| active | location | holds |\n| active | x | fails |", text)
    heading = "| assurance | expect |\n|---|---|"
    law = law_of(agreement=changed(heading, "| assurance | purpose | expect |\n|---|---|---|", text))
    claim = proofs.satisfiable(questions_of(ask, law), clauses_of(law))
    assert claim.is_failure
    assert "agreement 4(d)" in claim.by
    assert len(claim.by) == 2


@pytest.mark.rule("R-90")
def test_an_example_that_either_rule_engine_judges_otherwise_is_not_confirmed():
    judge = RuleEngine(open_engine(None)).judge
    rule = LAW.agreement.clauses[0].expression  # within(basis, bases)
    good, bad = {"basis": "final_order"}, {"basis": "overstay"}
    claims = [
        Claim("narrower", name, False, "", example=Example(row, (rule,), (), (), row))
        for name, row in (("good", good), ("bad", bad))
    ]
    assert [claim.about for claim in unconfirmed(claims, judge)] == ["bad"]
    contrary = lambda clauses, columns: [[None] * len(clauses) for _ in claims]  # noqa: E731
    assert [claim.about for claim in unconfirmed(claims, contrary)] == ["good", "bad"]


def test_the_script_of_all_questions_gives_the_answers_that_are_written_beside_them(ask):
    questions = questions_of(ask, LAW)
    proofs.coverage(questions, LAW)
    text = script(questions.prelude, questions.asked)
    written = [line.split("; ")[1] for line in text.splitlines() if line.startswith("(check-sat)")]
    with solver("cvc5") as other:
        assert other.ask(text).split() == written
    assert {"sat", "unsat"} == set(written)


@pytest.mark.parametrize("law", shipped_laws(), ids=lambda law: law.agreement.id)
@pytest.mark.rule("R-90", "R-04")
def test_every_shipped_law_has_no_clause_without_effect_that_does_not_say_so(ask, law):
    questions = Questions(ask, expressions(clauses_of(law)), (), ordinary_request(law))
    claims = proofs.live(questions, law)
    assert [(claim.about, claim.words, claim.by) for claim in claims if claim.is_failure] == []
    assert proofs.monotone(questions, clauses_of(law)).holds
