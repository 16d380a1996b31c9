"""The plain evaluator: one expression, one row, one of three truth values.

- It is the slow and obvious twin of `duckdb_sql`; a property test holds them equal on hostile rows.
- A missing fact is unknown, and so is a value outside its type's range; a value of another type is a fault.
- Text is compared code point by code point: no case, accent or width is ever folded here.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Protocol

from solely.agreement.expression import (
    BLANKS,
    EARLIEST,
    INT_MAX,
    INT_MIN,
    LATEST,
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
    Type,
    Within,
)
from solely.agreement.matcher import matcher

Row = Mapping[str, Any]
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_PYTHON_TYPES: Mapping[Type, type] = {"text": str, "int": int, "date": date, "bool": bool, "set": frozenset}


class HasExpression(Protocol):
    """What a verdict needs of a clause."""

    @property
    def expression(self) -> Expression: ...  # noqa: D102


def admitted(kind: Type, value: Any) -> Any:
    """The value as rules see it: None when it is missing or outside the range of its type.

    Raises TypeError for a value of another type: that is a fault of the facts step, never an outcome.
    """
    if value is None:
        return None
    if type(value) is not _PYTHON_TYPES[kind]:  # exactly: a bool is no int, a datetime no date
        raise TypeError(f"a fact of type `{kind}` got {type(value).__name__}")
    if not _is_in_range(kind, value):
        return None
    return value


def _is_in_range(kind: Type, value: Any) -> bool:
    if kind == "int":
        return bool(INT_MIN <= value <= INT_MAX)
    if kind == "date":
        return bool(EARLIEST <= value <= LATEST)
    if kind == "set":
        return None not in value  # a name that is not known may be any name, so the whole set is unknown
    if kind == "bool" or value.isascii():
        return True
    return not any("\ud800" <= sign <= "\udfff" for sign in value)


def verdict(expression: Expression, row: Row) -> bool | None:
    """Whether the row meets the expression: true, false, or None for unknown."""
    match expression:
        case And(parts):
            return _all(verdict(part, row) for part in parts)
        case Or(parts):
            return _opposite(_all(_opposite(verdict(part, row)) for part in parts))
        case Not(part):
            return _opposite(verdict(part, row))
        case Compare(sign, left, right):
            return _compared(sign, _value(left, row), _value(right, row))
        case Between(term, low, high):
            return verdict(And((Compare(">=", term, low), Compare("<=", term, high))), row)
        case Given(fact):
            return _value(fact, row) is not None
    return _tested(expression, row)


def _tested(expression: Filled | Matches | Member | Within | SubsetOf | Truth, row: Row) -> bool | None:
    value = _value(expression.fact, row)
    if value is None:
        return None
    match expression:
        case Filled():
            return str(value).strip(BLANKS) != ""
        case Matches(_, pattern):
            return matcher(pattern).matches(value)
        case Member(_, values):
            return any(value == each.value for each in values)
        case Within(_, names):
            return value in names.values
        case SubsetOf(_, names):
            return bool(value) and value <= set(names.values)
        case Truth():
            return bool(value)


def _value(term: Term, row: Row) -> Any:
    match term:
        case Constant(value):
            return value
        case Fact(name, kind):
            return admitted(kind, row.get(name))
        case Shift(start):
            day = _value(start, row)
            return None if day is None else day + timedelta(days=term.offset)


def _compared(sign: str, left: Any, right: Any) -> bool | None:
    return None if left is None or right is None else _OPERATORS[sign](left, right)


def _opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


def _all(values: Any) -> bool | None:
    result: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def verdicts(clauses: Sequence[HasExpression], row: Row) -> tuple[bool | None, ...]:
    """The verdict of each clause on one row, in order."""
    return tuple(verdict(clause.expression, row) for clause in clauses)
