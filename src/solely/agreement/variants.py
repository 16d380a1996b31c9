"""Rules a little otherwise: with a part left out, or a little wider. Each says in words what was changed.

- `without_a_part`: a conjunct, an alternative or a list entry gone. Where that changes nothing, it is dead.
- `widened_a_little`: a list entry more, a day or a number further, either way; another text, pattern or
  truth. Every literal in turn: comparing two agreements must notice each that lets more through.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from solely.agreement.english import english
from solely.agreement.expression import And, Constant, Expression, Matches, Member, NamedList, Not, Or, Truth

ANOTHER = "another_entry"


class Variant(NamedTuple):
    """An expression that differs in one place, and the words for the difference."""

    words: str
    expression: Expression


def without_a_part(expression: Expression) -> Iterator[Variant]:
    """The expression without each of its conjuncts, alternatives and list entries in turn."""
    yield from (Variant(words, changed) for words, changed in _places(expression, _shorter))


def widened_a_little(expression: Expression) -> Iterator[Variant]:
    """The expression with each of its literals in turn a step further or another."""
    yield from (Variant(words, changed) for words, changed in _places(expression, _further))


def _places(node: Any, change: Callable[[Any], Iterator[tuple[str, Any]]]) -> Iterator[tuple[str, Any]]:
    """Every node of an expression changed in turn, each put back into its place."""
    yield from change(node)
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, tuple):
            for at, part in enumerate(value):
                if is_dataclass(part):
                    for words, changed in _places(part, change):
                        parts = (*value[:at], changed, *value[at + 1 :])
                        yield words, replace(node, **{each.name: parts})
        elif is_dataclass(value):
            for words, changed in _places(value, change):
                yield words, replace(node, **{each.name: changed})


def _shorter(node: Any) -> Iterator[tuple[str, Any]]:
    match node:
        case And(parts) | Or(parts):
            for at, part in enumerate(parts):
                left = (*parts[:at], *parts[at + 1 :])
                yield english(part), left[0] if len(left) == 1 else type(node)(left)
        case Member(fact, values) if len(values) > 1:
            for each in values:
                others = tuple(other for other in values if other is not each)
                yield f"the entry `{each.value}`", Member(fact, others)
        case NamedList(name, entries) if len(entries) > 1:
            for entry in entries:
                rest = tuple(other for other in entries if other != entry)
                yield f"the entry `{entry}` of the list `{name}`", NamedList(name, rest)


def _further(node: Any) -> Iterator[tuple[str, Any]]:
    match node:
        case Member(fact, values) if fact.type == "text":
            yield "one entry more", Member(fact, (*values, Constant(ANOTHER, "text")))
        case NamedList(name, entries):
            yield f"one entry more on the list `{name}`", NamedList(name, (*entries, ANOTHER))
        case Matches(fact, pattern):
            yield "one text more that the pattern admits", Matches(fact, f"({pattern})|{ANOTHER}")
            yield f"`{ANOTHER}` in place of the pattern", Matches(fact, ANOTHER)
        case Truth():
            yield "false in place of true", Not(node)
        case Constant(value, _):
            for other in _others(value):
                yield f"{_quoted(other)} in place of {_quoted(value)}", replace(node, value=other)


def _others(value: str | int | date | bool) -> tuple[Any, ...]:
    """The literals next to one: the other truth, the numbers and days beside it, another text."""
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return value + 1, value - 1
    if isinstance(value, date):
        return value + timedelta(days=1), value - timedelta(days=1)
    return (ANOTHER,)


def _quoted(value: str | int | date | bool) -> str:
    return f"`{value}`" if isinstance(value, str) else str(value).lower()
