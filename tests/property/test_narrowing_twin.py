"""What refuses an agreement that lets something stand in for a demand, held against a solver.

- The gate refuses by enumerating cases, without a solver (R-04). Here a solver looks for what that means: a
  request that fails the demand and passes the clause, though with other facts it would not and a better
  request would.
"""

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solely.agreement.expression import facts_of
from solely.agreement.narrowing import narrowing_findings
from solely.agreement.parser import Names, parse_rule
from solely.agreement.smt import HEAD, Encoding
from solely.store.solver import solver

ALONE = {"address_sufficient": "bool", "address_verdict": "text"}
HELPERS = {"number_verdict": "text", "is_sworn": "bool", "tries": "int"}
NAMES = Names(ALONE | HELPERS, {}, {"good": ("OK", "REVIEW")})
MANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DEMAND = parse_rule("address_sufficient = true", NAMES)
OWN = [
    "address_sufficient", "address_sufficient = false", "address_verdict = 'OK'",
    "within(address_verdict, good)", "address_verdict <> 'PLACEHOLDER'",
]  # fmt: skip
APART = ["number_verdict = 'VALID'", "is_sworn", "tries < 3"]
TOGETHER = [*APART, "number_verdict is not null", "filled(number_verdict)", "tries > 3"]


def rules(tests):
    """Rules that join some tests by `and` and `or`."""
    return st.recursive(
        st.sampled_from(tests),
        lambda inner: st.builds(
            lambda several, word: "(" + f" {word} ".join(several) + ")",
            st.lists(inner, min_size=2, max_size=3),
            st.sampled_from(["and", "or"]),
        ),
        max_leaves=5,
    )


@pytest.fixture(scope="module")
def ask():
    with solver("z3") as running:
        yield lambda text: running.ask("(reset)\n" + text)


def refused(expression):
    """Whether the gate's own enumeration refuses a clause."""
    clause = SimpleNamespace(id="1", expression=expression, facts=tuple(f.name for f in facts_of(expression)))
    demand = SimpleNamespace(
        id="1", expression=DEMAND, facts=("address_sufficient",), say="state the address", cite="the statute"
    )
    opened = {
        "releasable": {"releasable_by_statute": []},
        "purposes": {"purposes_by_statute": []},
        "signers": {"offices_by_statute": []},
        "no_substitute": {"facts_without_substitute": list(ALONE)},
    }
    return bool(narrowing_findings([clause], {}, [demand], opened))


def stands_in(ask, expression):
    """Whether a solver finds a deficient request that passes only thanks to facts of another kind."""
    own = [fact for fact in facts_of(expression) if fact.name in ALONE]
    encoding = Encoding([expression, DEMAND])
    lines = [encoding.declarations(copy) for copy in ("helped.", "better.", "bare.")]
    for fact in encoding.facts:
        other = "helped." if fact.name in ALONE else "better."
        lines.append(f"(assert {encoding.alike(fact, 'bare.', other)})")
    is_demanded = any(fact.name == "address_sufficient" for fact in own)
    lines += [
        f"(assert {encoding.is_true(expression, 'helped.')})",
        f"(assert {encoding.is_true(expression, 'better.')})",
        f"(assert (not {encoding.is_true(expression, 'bare.')}))",
    ]
    if is_demanded:
        lines.append(f"(assert (not {encoding.is_true(DEMAND, 'helped.')}))")
    return bool(own) and ask(HEAD + "\n".join(lines) + "\n(check-sat)\n").strip() == "sat"


@pytest.mark.rule("R-04", "R-33")
@MANY
@given(rule=rules(OWN + APART))
def test_a_solver_finds_a_stand_in_where_the_gate_refuses_one_and_nowhere_else(ask, rule):
    expression = parse_rule(rule, NAMES)
    assert refused(expression) is stands_in(ask, expression)


@pytest.mark.rule("R-04", "R-33")
@MANY
@given(rule=rules(OWN + TOGETHER))
def test_the_gate_misses_no_stand_in_where_tests_hang_together(ask, rule):
    expression = parse_rule(rule, NAMES)
    assert refused(expression) or not stands_in(ask, expression)


@pytest.mark.rule("R-04", "R-33")
def test_both_know_the_number_that_stands_in_for_an_address(ask):
    for rule, expected in (
        ("address_sufficient or number_verdict = 'VALID'", True),
        ("address_sufficient and number_verdict = 'VALID'", False),
    ):
        expression = parse_rule(rule, NAMES)
        assert (refused(expression), stands_in(ask, expression)) == (expected, expected)
