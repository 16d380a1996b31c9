"""Every clause of every shipped agreement, removed or a little wider: found, all of them."""

from collections import Counter
from dataclasses import fields, is_dataclass

import pytest

from solely.agreement.evaluate import verdict
from solely.agreement.expression import Constant, Matches, NamedList, Truth
from solely.agreement.ordinary import ordinary_request
from solely.agreement.proofs import clauses_of, compared, expressions, unconfirmed
from solely.agreement.questions import Questions, asked_again
from solely.store.engine import open_engine
from solely.store.rule_engine import RuleEngine
from solely.store.solver import solver
from tests.support.law import shipped_laws
from tests.support.proofs import mutants

pytestmark = pytest.mark.needs("prove")

LAWS = shipped_laws()


class Audit:
    """One shipped agreement against all of its mutants, asked in one session of a solver."""

    def __init__(self, law):
        self.old = clauses_of(law, "old ")
        self.mutants = [(words, clause, clauses_of(mutant)) for words, clause, mutant in mutants(law)]
        others = {each.expression for _, _, new in self.mutants for each in new.values()}
        self.usual = ordinary_request(law)
        with solver("z3") as running:
            self.questions = Questions(running.ask, expressions(self.old), others, self.usual)
            self.claims = [
                [claim for claim in compared(self.questions, new, self.old) if claim.kind == "not wider"]
                for _, _, new in self.mutants
            ]


@pytest.fixture(scope="module", params=LAWS, ids=lambda law: law.agreement.id)
def audit(request):
    return Audit(request.param)


@pytest.mark.rule("R-04", "R-09")
def test_every_mutant_is_found_with_one_fact_or_shown_to_be_without_effect(audit):
    kinds = Counter()
    for (words, clause, new), claims in zip(audit.mutants, audit.claims, strict=True):
        place = f"{clause.id}: {words}"
        (claim,) = claims
        assert claim.about == f"old agreement {clause.id}", place
        if claim.holds:
            kinds["without effect"] += 1
            assert claim.by and set(claim.by) <= set(new), place
            continue
        kinds["widened"] += 1
        assert len(claim.example.changed) == 1, place
        before = {each: verdict(rule, claim.example.usual) for each, rule in expressions(audit.old).items()}
        after = {each: verdict(rule, claim.example.row) for each, rule in expressions(audit.old).items()}
        assert set(before.values()) == {True}, place  # the request beside it passes the older version
        assert [each for each, found in after.items() if found is not True] == [claim.about], place
        assert all(verdict(rule, claim.example.row) is True for rule in expressions(new).values()), place
    assert kinds.total() == len(audit.mutants)
    assert kinds["widened"] >= len(audit.old) / 2


def literals(node, path=()):
    """The places of every literal of a rule: texts, numbers, days, patterns, named lists, truths."""
    if isinstance(node, Constant | NamedList | Matches | Truth):
        yield path
    for each in fields(node):
        value = getattr(node, each.name)
        for at, part in enumerate(value if isinstance(value, tuple) else (value,)):
            if is_dataclass(part):
                yield from literals(part, (*path, (each.name, at)))


def at(node, path):
    """What stands at a place of a rule; None where the rule has no such place."""
    for name, number in path:
        value = getattr(node, name, None)
        parts = value if isinstance(value, tuple) else (value,)
        node = parts[number] if number < len(parts) else None
    return node


@pytest.mark.rule("R-04", "R-09")
def test_no_literal_of_any_clause_is_without_a_mutant(audit):
    of = {}
    for words, clause, new in audit.mutants:
        if words != "removed":
            of.setdefault(clause.id, []).append(new[f"agreement {clause.id}"].expression)
    for label, rule in expressions(audit.old).items():
        if label.startswith("old agreement "):
            for path in literals(rule):
                mutants_of = of[label.removeprefix("old agreement ")]
                assert any(at(each, path) != at(rule, path) for each in mutants_of), (label, path)


@pytest.mark.rule("R-04", "R-09")
def test_every_removed_clause_widens_unless_it_says_what_also_covers_it(audit):
    for (words, clause, _), (claim,) in zip(audit.mutants, audit.claims, strict=True):
        if words == "removed":
            assert claim.holds is bool(clause.also_covered_by), clause.id


@pytest.mark.rule("R-09")
def test_the_other_solver_answers_every_question_alike(audit):
    with solver("cvc5") as other:
        assert asked_again(other.ask, audit.questions.prelude, audit.questions.asked) == []


@pytest.mark.rule("R-09")
def test_both_rule_engines_bear_out_every_example(audit):
    claims = [claim for claims in audit.claims for claim in claims]
    assert unconfirmed(claims, RuleEngine(open_engine(None)).judge) == []
