"""A rule in English, written from its typed expression, so that the words cannot drift from the rule.

- A fact, list or parameter stands in double quotes, a text in backquotes, so every sentence parses one way:
  `"order date" is after 1900-01-01 ("earliest order on")`.
- A part with parts of its own stands in parentheses; a negation says what it denies.
"""

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
_SIMPLE = Given | Filled | Matches | Member | Within | SubsetOf | Truth


def english(expression: Expression) -> str:
    """What the machine reads, as one English phrase without a period."""
    match expression:
        case And(parts):
            return ", and ".join(_inner(part) for part in parts)
        case Or(parts):
            return "either " + ", or ".join(_inner(part) for part in parts)
        case Not(Filled() | Matches() | Member() | Within() | SubsetOf() | Truth() as part):
            return _negated(part)
        case Not(part):
            return f"it is not so that ({english(part)})"
        case Compare(sign, left, right):
            order = _DATE_ORDER if left.type == "date" and sign in _DATE_ORDER else _ORDER
            return f"{_term(left)} {order[sign]} {_term(right)}"
        case Between(term, low, high):
            return f"{_term(term)} lies between {_term(low)} and {_term(high)}, both included"
    return _test(expression)


def _test(expression: _SIMPLE) -> str:
    name = _quoted(expression.fact.name)
    match expression:
        case Given():
            return f"{name} is given"
        case Filled():
            return f"{name} is given and not blank"
        case Matches(_, pattern):
            return f"the whole of {name} has the form `{pattern}`"
        case Member(_, values):
            return f"{name} is {_listing(values)}"
        case Within(_, names):
            return f"{name} stands on the list {_quoted(names.name)}"
        case SubsetOf(_, names):
            return f"{name} is not empty and holds nothing that is not on the list {_quoted(names.name)}"
        case Truth():
            return f"{name} holds"


def _negated(expression: _SIMPLE) -> str:
    name = _quoted(expression.fact.name)
    match expression:
        case Filled():
            return f"{name} is given and blank"
        case Matches(_, pattern):
            return f"the whole of {name} has another form than `{pattern}`"
        case Member(_, values):
            return f"{name} is anything but {_listing(values)}"
        case Within(_, names):
            return f"{name} is given and does not stand on the list {_quoted(names.name)}"
        case SubsetOf(_, names):
            return f"{name} is empty or holds something that is not on the list {_quoted(names.name)}"
        case _:
            return f"{name} does not hold"


def _inner(expression: Expression) -> str:
    return f"({english(expression)})" if isinstance(expression, And | Or) else english(expression)


def _quoted(name: str) -> str:
    return f'"{name.replace("_", " ")}"'


def _listing(values: tuple[Constant, ...]) -> str:
    *most, last = map(_term, values)
    return f"{', '.join(most)} or {last}" if most else last


def _term(term: Term) -> str:
    match term:
        case Fact(name):
            return _quoted(name)
        case Constant(value, _, name):
            return f"{_shown(value)} ({_quoted(name)})" if name else _shown(value)
        case Shift(start, days, is_back):
            unit = "day" if days.value == 1 else "days"
            named = f" ({_quoted(days.name)})" if days.name else ""
            return f"{days.value} {unit}{named} {'before' if is_back else 'after'} {_term(start)}"


def _shown(value: str | int | date | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"`{value}`" if isinstance(value, str) else str(value)
