"""What a newer version widens, told without a solver: it may err, and then on the side of asking for more."""

from dataclasses import replace

import pytest

from solely.agreement.amendment import looser_outcomes, widened, wider_terms
from solely.agreement.proofs import clauses_of, compared, expressions
from solely.agreement.questions import Questions
from solely.store.solver import solver
from tests.support.proofs import changed, law_of, mutants

OLD = law_of()

NARROWER = [
    ("persons_per_investigation_max = 5", "persons_per_investigation_max = 4"),
    ("order_days_min = 90", "order_days_min = 91"),
    ('"18 USC 1542", "18 USC 1546(a)",', '"18 USC 1542",'),
    ('term = {starts_on = 2025-04-07, ends_on = "not stated in the text"}',
     "term = {starts_on = 2025-04-07, ends_on = 2027-04-07}"),
    ("weight_bits_min = 40", "weight_bits_min = 41"),
    ("is_two_keys_required = false", "is_two_keys_required = true"),
    ('version = "1"', 'version = "2"'),
    ("binds nobody.", "binds nobody!"),
    ("otherwise: referred\nelement: statute", "otherwise: refused\nelement: statute"),
    ("release_days_max = 90", "release_days_max = 60"),
]  # fmt: skip

WIDER = [
    ("persons_per_investigation_max = 5", "persons_per_investigation_max = 6", "clause 6(c)(1)"),
    ("items_per_officer_max = 500", "items_per_officer_max = 501", "items_per_officer_max"),
    ('"18 USC 1546(a)",', '"18 USC 1546(a)", "18 USC 1001",', "designated_statutes"),
    ('offices = ["secretary-of-homeland-security"]',
     'offices = ["secretary-of-homeland-security", "field-office-director"]', "schedule signers: offices"),
    ('destruction = "not stated in the text"', 'destruction = "never"', "destruction"),
    ('term = {starts_on = 2025-04-07,', 'term = {starts_on = 2025-04-06,', "term: starts_on"),
    ("otherwise: refused\nelement: basis", "otherwise: referred\nelement: basis", "`otherwise` is"),
    ("release_days_max = 90", "release_days_max = 91", "release_days_max"),
    ("attempts_per_person_max = 3", "attempts_per_person_max = 4", "clause 6(f)"),
]  # fmt: skip


@pytest.mark.rule("R-09", "R-84")
@pytest.mark.parametrize(("old", "new"), NARROWER)
def test_a_version_that_only_narrows_widens_nothing(old, new):
    assert widened(law_of(agreement=changed(old, new)), OLD) == []


@pytest.mark.rule("R-09", "R-84")
@pytest.mark.parametrize(("old", "new", "named"), WIDER)
def test_a_version_that_widens_names_the_clause_or_term(old, new, named):
    found = widened(law_of(agreement=changed(old, new)), OLD)
    assert any(named in each for each in found), found


@pytest.mark.rule("R-09")
def test_a_version_widens_what_its_reverse_narrows():
    for old, new in NARROWER[:5]:
        assert widened(OLD, law_of(agreement=changed(old, new))) != []


@pytest.mark.rule("R-09")
def test_what_was_withheld_or_refused_may_not_become_what_a_person_lets_through():
    text = changed(
        "otherwise: withheld\nelement: record\ncode: PROTECTED",
        "otherwise: referred\nelement: record\ncode: PROTECTED",
    )
    assert looser_outcomes(law_of(agreement=text), OLD)
    assert looser_outcomes(OLD, law_of(agreement=text)) == []


@pytest.mark.rule("R-09")
def test_a_term_of_another_type_or_without_a_direction_counts_as_wider():
    text = changed('cost = "not stated in the text"', "cost = 5")
    assert wider_terms(law_of(agreement=text), OLD) == ["agreement: cost"]


@pytest.mark.slow
@pytest.mark.rule("R-09")
def test_whatever_a_solver_finds_wider_is_wider_without_one():
    old = clauses_of(OLD, "old ")
    made = list(mutants(OLD))
    with solver("z3") as running:
        others = {each.expression for _, _, law in made for each in clauses_of(law).values()}
        questions = Questions(running.ask, expressions(old), others)
        for words, clause, law in made:
            if any(claim.is_failure for claim in compared(questions, clauses_of(law), old)):
                assert widened(law, OLD) != [], f"{clause.id}: {words}"


@pytest.mark.rule("R-82", "R-83")
def test_one_party_cannot_rename_a_clause_or_change_the_rules_behind_it():
    from solely.agreement.succession import not_shown_to_narrow
    from tests.support.law import shipped_laws

    old = shipped_laws()[0]
    first, *others = old.agreement.clauses
    for moved in (replace(first, id="9(z)"), replace(first, rules=("R-32",))):
        new = replace(old, agreement=replace(old.agreement, clauses=(moved, *others)))
        assert any(first.id in found for found in not_shown_to_narrow(new, old, ((), ())))
    assert not_shown_to_narrow(old, old, ((), ())) == []
