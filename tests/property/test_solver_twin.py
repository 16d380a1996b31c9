"""What a solver reads in a rule is what the plain evaluator reads: on any rule and row, and in examples."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solely.agreement.evaluate import admitted, verdict
from solely.agreement.parser import parse_rule
from solely.agreement.questions import Questions
from solely.agreement.smt import Encoding
from solely.store.solver import solver
from tests.property.test_rule_back_ends import NAMES, ROWS, RULES

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module", params=["z3", "cvc5"])
def ask(request):
    """What a solver says; `(reset)` makes it forget."""
    with solver(request.param) as running:
        yield running.ask


@pytest.mark.rule("R-04")
@FEW
@given(rule=RULES, row=ROWS, data=st.data())
def test_a_rule_is_true_and_false_for_a_solver_where_it_is_for_the_evaluator(ask, rule, row, data):
    expression = parse_rule(rule, NAMES)
    encoding = Encoding([expression])
    facts = {fact.name: admitted(fact.type, row[fact.name]) for fact in encoding.facts}
    for name, column in encoding.texts.items():
        # A text that stands for its class; of columns that are compared each text stands for itself alone.
        if len(column.peers) > 1 and facts[name] is not None:
            facts[name] = data.draw(st.sampled_from([each.witness for each in column.classes]))
    questions = Questions(lambda _: "", {}, [expression], facts)
    same = [questions.encoding.same(fact, facts[fact.name]) for fact in questions.encoding.facts]
    is_true, is_false = encoding.is_true(expression), encoding.is_false(expression)
    told = f"{questions.prelude}" + "".join(f"(assert {each})\n" for each in same)
    found = tuple(
        ask(f"(reset)\n{told}(assert {formula})\n(check-sat)\n").strip() == "sat"
        for formula in (is_true, is_false)
    )
    expected = verdict(expression, facts)
    assert found == (expected is True, expected is False)


@pytest.mark.rule("R-04")
@FEW
@given(rule=RULES, row=ROWS)
def test_an_example_of_a_solver_is_one_for_the_evaluator(ask, rule, row):
    expression = parse_rule(rule, NAMES)
    questions = Questions(forgetful(ask), {"rule": expression}, (), row_of(expression, row))
    for met, unmet in (((expression,), ()), ((), (expression,))):
        parts = [questions.formula(each) for each in met]
        parts += [f"(not {questions.formula(each)})" for each in unmet]
        if questions.is_found("some row", parts):
            example = questions.example(met, unmet)
            found = verdict(expression, example.row)
            assert (found is True) is bool(met)
            assert example.is_so({expression: found})


def forgetful(ask):
    """The solver, which forgets what it was told before."""
    first = ["(reset)\n"]
    return lambda text: ask((first.pop() if first else "") + text)


def row_of(expression, row):
    return {fact.name: admitted(fact.type, row[fact.name]) for fact in Encoding([expression]).facts}
