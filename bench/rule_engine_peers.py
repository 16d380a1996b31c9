"""The clauses of a law in the words of other rule engines: Cedar policies and CEL expressions.

- Both know no third truth value, so a clause is translated by when it is true and when it is false; a missing
  fact makes it neither. Dates are day numbers, a missing fact is absent.
- Cedar has no patterns: `like` comes as near as it can.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from solely.agreement.document import Law
from solely.agreement.expression import (
    And,
    Between,
    Compare,
    Constant,
    Expression,
    Fact,
    Filled,
    Given,
    Matches,
    Member,
    Not,
    Or,
    Shift,
    SubsetOf,
    Term,
    Truth,
    Within,
    facts_of,
)

Judge = Callable[[Mapping[str, Any]], tuple[bool, ...]]


def peers(law: Law) -> dict[str, Judge | None]:
    """Each peer as a function from one row of facts to which clauses are met; None when not installed."""
    found: dict[str, Judge | None] = {}
    for name, make in (("cedarpy", _cedar), ("common-expression-language", _cel)):
        try:
            found[name] = make(law)
        except ImportError:
            found[name] = None
    return found


def _cedar(law: Law) -> Judge:
    from cedarpy import PolicySet, is_authorized

    clauses = law.clauses("request")
    texts = [
        f"permit(principal, action, resource) when {{ {_true(each.expression, 'cedar')} }};"
        for each in clauses
    ]
    policies = PolicySet.from_str("\n".join(texts))
    ids = [f"policy{place}" for place in range(len(clauses))]

    def judge(row: Mapping[str, Any]) -> tuple[bool, ...]:
        request = {"principal": 'P::"p"', "action": 'A::"a"', "resource": 'R::"r"', "context": _plain(row)}
        met = set(is_authorized(request, policies, []).diagnostics.reasons)
        return tuple(each in met for each in ids)

    return judge


def _cel(law: Law) -> Judge:
    import cel

    programs = [cel.compile(_true(each.expression, "cel")) for each in law.clauses("request")]

    def judge(row: Mapping[str, Any]) -> tuple[bool, ...]:
        context = cel.Context(variables={"context": _plain(row)})
        return tuple(program.execute(context) is True for program in programs)

    return judge


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    def of(value: Any) -> Any:
        if isinstance(value, date):
            return value.toordinal()
        return sorted(value) if isinstance(value, frozenset) else value

    return {name: of(value) for name, value in row.items() if value is not None}


def _true(expression: Expression, peer: str) -> str:
    match expression:
        case And(parts):
            return "(" + " && ".join(_true(part, peer) for part in parts) + ")"
        case Or(parts):
            return "(" + " || ".join(_true(part, peer) for part in parts) + ")"
        case Not(part):
            return _false(part, peer)
    return f"({_known(expression, peer)} && {_test(expression, peer)})"


def _false(expression: Expression, peer: str) -> str:
    match expression:
        case And(parts):
            return "(" + " || ".join(_false(part, peer) for part in parts) + ")"
        case Or(parts):
            return "(" + " && ".join(_false(part, peer) for part in parts) + ")"
        case Not(part):
            return _true(part, peer)
    return f"({_known(expression, peer)} && !{_test(expression, peer)})"


def _known(expression: Expression, peer: str) -> str:
    has = "context has {}" if peer == "cedar" else "has(context.{})"
    return " && ".join(has.format(fact.name) for fact in facts_of(expression))


def _test(expression: Any, peer: str) -> str:
    match expression:
        case Given():
            return "(true)"
        case Compare(sign, left, right):
            return f"({_term(left)} { {'=': '==', '<>': '!='}.get(sign, sign) } {_term(right)})"
        case Between(term, low, high):
            return f"({_term(term)} >= {_term(low)} && {_term(term)} <= {_term(high)})"
        case Truth(fact):
            return f"({_term(fact)} == true)"
        case Member(fact, values):
            return _one_of(fact, [each.value for each in values], peer)
        case Within(fact, names):
            return _one_of(fact, names.values, peer)
    return _test_of_text_or_set(expression, peer)


def _test_of_text_or_set(expression: Filled | Matches | SubsetOf, peer: str) -> str:
    name = _term(expression.fact)
    match expression:
        case Filled():
            return f'({name} != "" && {name} != " ")' if peer == "cedar" else f"({name}.matches('[^ ]'))"
        case Matches(_, pattern) if peer == "cel":
            return f"({name}.matches(r'^(?:{pattern})$'))"
        case Matches(_, pattern):
            stem = re.sub(r"\(\?:.*", "", pattern).replace("\\", "")
            return f'({name} == "{stem}" || {name} like "{stem}(*)")'
        case SubsetOf(_, names):
            listed = "[" + ", ".join(f'"{each}"' for each in names.values) + "]"
            if peer == "cel":
                return f"(size({name}) > 0 && {name}.all(each, each in {listed}))"
            return f"(!{name}.isEmpty() && {listed}.containsAll({name}))"


def _one_of(fact: Fact, values: Any, peer: str) -> str:
    listed = "[" + ", ".join(_literal(each) for each in values) + "]"
    return f"({_term(fact)} in {listed})" if peer == "cel" else f"({listed}.contains({_term(fact)}))"


def _term(term: Term) -> str:
    match term:
        case Fact(name):
            return f"context.{name}"
        case Constant(value):
            return _literal(value)
        case Shift(start):
            return f"({_term(start)} + ({term.offset}))"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return str(value.toordinal())
    return str(value) if isinstance(value, int) else '"' + value.replace('"', '\\"') + '"'
