"""A rule in English, written from its typed expression, so that the words cannot drift from the rule."""

from datetime import date

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
)

_ORDER = {
    "=": "is",
    "<>": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
_DATE_ORDER = {"<": "is before", "<=": "is on or before", ">": "is after", ">=": "is on or after"}


def english(expression: Expression) -> str:
    """What the machine reads, as one English phrase without a period."""
    match expression:
        case And(parts):
            return ", and ".join(_inner(part) for part in parts)
        case Or(parts):
            return ", or ".join(_inner(part) for part in parts)
        case Not(Member(fact, values)):
            return f"{_name(fact)} is none of {_listing(values)}"
        case Not(part):
            return f"it is not so that {_inner(part)}"
        case Compare(sign, left, right):
            order = _DATE_ORDER if left.type == "date" and sign in _DATE_ORDER else _ORDER
            return f"{_term(left)} {order[sign]} {_term(right)}"
        case Between(term, low, high):
            return f"{_term(term)} lies between {_term(low)} and {_term(high)}, both included"
    return _test(expression)


def _test(expression: Given | Filled | Matches | Member | Within | SubsetOf | Truth) -> str:
    name = _name(expression.fact)
    match expression:
        case Given():
            return f"{name} is given"
        case Filled():
            return f"{name} is given and not blank"
        case Matches(_, pattern):
            return f"the whole of {name} has the form `{pattern}`"
        case Member(_, values):
            return f"{name} is one of {_listing(values)}"
        case Within(_, names):
            return f"{name} stands on the list `{names.name}`"
        case SubsetOf(_, names):
            return f"{name} is not empty and holds nothing but what the list `{names.name}` states"
        case Truth():
            return f"{name} is true"


def _inner(expression: Expression) -> str:
    return f"({english(expression)})" if isinstance(expression, And | Or) else english(expression)


def _name(fact: Fact) -> str:
    return fact.name.replace("_", " ")


def _listing(values: tuple[Constant, ...]) -> str:
    return ", ".join(_term(each) for each in values)


def _term(term: Term) -> str:
    match term:
        case Fact():
            return _name(term)
        case Constant(value, _, name):
            shown = _shown(value)
            return f"{name.replace('_', ' ')} ({shown})" if name else shown
        case Shift(start, days, is_back):
            return f"{_term(days)} days {'before' if is_back else 'after'} {_term(start)}"


def _shown(value: str | int | date | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"`{value}`" if isinstance(value, str) else str(value)
