"""Whether one rule holds only where another does, as far as their form shows: sound, and never a guess.

- Shown are: equal rules, shorter lists, tightened numbers and dates, added conditions. What is not shown may
  still be so; a solver then decides, or both parties sign (R-83).
- Unknown never passes, so a rule entails another when the other is true wherever it is true.
"""

from collections.abc import Sequence
from datetime import date

from solely.agreement.evaluate import verdict
from solely.agreement.expression import (
    And,
    Between,
    Compare,
    Constant,
    Expression,
    Fact,
    Member,
    NamedList,
    Not,
    Or,
    Shift,
    SubsetOf,
    Term,
    Truth,
    Within,
    facts_of,
)

_RISING = {"<": 1, "<=": 1, ">": -1, ">=": -1}  # sign of what a growing right side does to the rule


def entails(rule: Expression, other: Expression) -> bool:
    """True when the form shows that `other` is true wherever `rule` is."""
    return _implies(rule, other, is_true=True)


def securing(rules: Sequence[Expression], demanded: Expression) -> tuple[int, ...]:
    """The places of rules that together are shown to secure `demanded`; none when they are not."""
    found: dict[int, None] = {}
    for part in demanded.parts if isinstance(demanded, And) else (demanded,):
        place = next((place for place, rule in enumerate(rules) if entails(rule, part)), None)
        if place is None:
            return ()
        found[place] = None
    return tuple(found)


def _implies(rule: Expression, other: Expression, *, is_true: bool) -> bool:
    """True when `rule` being true (or false) shows that `other` is true (or false)."""
    if rule == other:
        return True
    match (rule, other):
        case (Not(part), Not(of)):
            return _implies(part, of, is_true=not is_true)
        case (_, And(parts)) if is_true:
            return all(_implies(rule, part, is_true=True) for part in parts)
        case (_, Or(parts)) if not is_true:
            return all(_implies(rule, part, is_true=False) for part in parts)
        case (Or(parts), _) if is_true:
            return all(_implies(part, other, is_true=True) for part in parts)
        case (And(parts), _) if not is_true:
            return all(_implies(part, other, is_true=False) for part in parts)
    return (
        _some_part(rule, other, is_true) or _leaf(rule, other, is_true) or (is_true and _tried(rule, other))
    )


def _some_part(rule: Expression, other: Expression, is_true: bool) -> bool:
    """A conjunct that suffices, or an alternative that is enough; the mirror of both for false."""
    gives, takes = (And, Or) if is_true else (Or, And)
    if isinstance(rule, gives) and any(_implies(part, other, is_true=is_true) for part in rule.parts):
        return True
    return isinstance(other, takes) and any(_implies(rule, part, is_true=is_true) for part in other.parts)


def _leaf(rule: Expression, other: Expression, is_true: bool) -> bool:
    narrow, wide = (rule, other) if is_true else (other, rule)
    match (narrow, wide):
        case (Within(a, few), Within(b, many)) | (SubsetOf(a, few), SubsetOf(b, many)):
            return a == b and set(few.values) <= set(many.values)
        case (Member(a, few), Member(b, many)):
            return a == b and {each.value for each in few} <= {each.value for each in many}
        case (Between(a, low, high), Between(b, lower, higher)):
            return is_true and a == b and _is_moved(low, lower, 1) and _is_moved(high, higher, -1)
        case (Compare(sign, left, right), Compare(same, before, after)) if sign == same and sign in _RISING:
            step = _RISING[sign]
            if not is_true and any(isinstance(each, Shift) for each in (left, right, before, after)):
                return False  # a shift that leaves the calendar is unknown, and unknown is not false
            return (left == before and _is_moved(right, after, -step)) or (
                right == after and _is_moved(left, before, step)
            )
    return False


def _tried(rule: Expression, other: Expression) -> bool:
    """True when `rule` leaves finitely many values of one fact, and `other` is true of each by itself."""
    values: tuple[str | int | date | bool, ...]
    match rule:
        case Within(fact, NamedList(_, names)):
            values = names
        case Member(fact, constants):
            values = tuple(each.value for each in constants)
        case Compare("=", Fact() as fact, Constant(value, _)):
            values = (value,)
        case Truth(fact):
            values = (True,)
        case _:
            return False
    if facts_of(other) != (fact,):
        return False
    return all(verdict(other, {fact.name: value}) is True for value in values)


def _is_moved(new: Term, old: Term, direction: int) -> bool:
    """True when `new` is `old`, or a constant or shift further in `direction` (1 later or more, -1 less).

    A shift that grows away from its start leaves the calendar no later than the old one, and is unknown then;
    one that shrinks could be known where the old one was not, and is not shown.
    """
    if new == old:
        return True
    match (new, old):
        case (Constant(int() | date() as a, kind), Constant(int() | date() as b, same)) if kind == same:
            return _order(a, direction) >= _order(b, direction)
        case (Shift(start, _, back), Shift(of, _, same_back)):
            if start != of or back != same_back or not isinstance(start, Fact):
                return False
            is_further = new.offset * direction >= old.offset * direction
            return is_further and abs(new.offset) >= abs(old.offset)
    return False


def _order(value: int | date, direction: int) -> int:
    return direction * (value.toordinal() if isinstance(value, date) else int(value))
