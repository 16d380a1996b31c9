"""Expressions as SMT-LIB 2 text: what is recorded, what every solver reads, and what a third party can run.

- Two formulas per expression, *is true* and *is false*; unknown is neither. Connectives are Kleene's.
- A fact is a flag `null.f` and a value `value.f`: a day as its number, an int of 32 bits, a truth, or the
  index of an exact class of texts (`classes`), so that no solver ever reasons about text itself.
- A set is one flag per name that a list mentions, one for any other name and one for a missing element.
- Linear integers only (QF_LIA): both solvers decide every question that this module can write.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from solely.agreement.classes import atoms_of, text_classes
from solely.agreement.expression import (
    BOUNDS,
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
    ordinal,
    other_than,
    walk,
)

HEAD = (
    "; z3 FILE, or cvc5 --incremental FILE\n"
    "(set-option :produce-models true)\n(set-option :produce-unsat-cores true)\n(set-logic QF_LIA)\n"
)
Row = dict[str, Any]
Pair = tuple[str, str]


class Encoding:
    """The facts of some expressions as SMT-LIB constants, and rows of facts read back from their values."""

    def __init__(
        self, expressions: Iterable[Expression], samples: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        expressions = tuple(dict.fromkeys(expressions))
        self.facts = tuple(dict.fromkeys(fact for each in expressions for fact in facts_of(each)))
        self.texts = text_classes(expressions, samples)
        self.names = _names_of_sets(expressions)

    def declarations(self, copy: str = "") -> str:
        """The constants of every fact with their ranges; `copy` sets a second request beside the first."""
        return "\n".join(line for fact in self.facts for line in self._declared(fact, copy))

    def _declared(self, fact: Fact, copy: str) -> Iterator[str]:
        null, value = f"{copy}null.{fact.name}", f"{copy}value.{fact.name}"
        yield f"(declare-const {null} Bool)"
        if fact.type == "bool":
            yield f"(declare-const {value} Bool)"
        elif fact.type == "set":
            names = (*self.names[fact.name], "any other name", "a missing element")
            for place, name in enumerate(names):
                yield f"(declare-const {value}.{place} Bool) ; {_comment(name)}"
        else:
            low, high = BOUNDS.get(fact.type, (0, 0))
            if fact.type == "text":
                classes = self.texts[fact.name].classes
                high = len(classes) - 1
                yield from (f"; {value} = {each.index}: as {_comment(each.witness)}" for each in classes)
            yield f"(declare-const {value} Int)"
            yield f"(assert (<= {_number(low)} {value} {_number(high)}))"

    def symbols(self) -> tuple[str, ...]:
        """The constants whose values make up a row."""
        found: list[str] = []
        for fact in self.facts:
            found.append(f"null.{fact.name}")
            if fact.type == "set":
                count = len(self.names[fact.name]) + 2
                found += [f"value.{fact.name}.{place}" for place in range(count)]
            else:
                found.append(f"value.{fact.name}")
        return tuple(found)

    def row(self, values: Mapping[str, Any], usual: Mapping[str, Any]) -> Row:
        """The row of facts that the constants describe; a text of the usual one's class is shown as that."""
        row: Row = {}
        for fact in self.facts:
            name = f"value.{fact.name}"
            if values[f"null.{fact.name}"]:
                row[fact.name] = None
            elif fact.type == "set":
                row[fact.name] = self._set(fact, values)
            elif fact.type == "text":
                column, index, text = self.texts[fact.name], values[name], usual.get(fact.name)
                is_usual = isinstance(text, str) and column.of(text).index == index
                row[fact.name] = text if is_usual else column.classes[index].witness
            else:
                row[fact.name] = date.fromordinal(values[name]) if fact.type == "date" else values[name]
        return row

    def _set(self, fact: Fact, values: Mapping[str, Any]) -> frozenset[str | None]:
        names = (*self.names[fact.name], other_than(self.names[fact.name]), None)
        return frozenset(name for at, name in enumerate(names) if values[f"value.{fact.name}.{at}"])

    def same(self, fact: Fact, value: Any) -> str:
        """The formula that a fact has this value, or one that no rule tells from it."""
        name = f"value.{fact.name}"
        if value is None:
            return f"null.{fact.name}"
        match fact.type:
            case "bool":
                alike = name if value else f"(not {name})"
            case "set":
                known = self.names[fact.name]
                flags = [*(each in value for each in known), not set(value) - {None} <= set(known)]
                flags.append(None in value)
                parts = [f"{name}.{at}" if flag else f"(not {name}.{at})" for at, flag in enumerate(flags)]
                alike = _all(parts)
            case "text":
                alike = f"(= {name} {self.texts[fact.name].of(value).index})"
            case _:
                alike = f"(= {name} {_number(ordinal(value))})"
        return _all([f"(not null.{fact.name})", alike])

    def completed(self, fact: Fact, copy: str) -> str:
        """The formula that a second request knows what the first knows of a fact, and alike."""
        first, second = self._unknown(fact, ""), self._unknown(fact, copy)
        return f"(or {first} (and (not {second}) {self.alike(fact, '', copy)}))"

    def alike(self, fact: Fact, copy: str, other: str) -> str:
        """The formula that two requests have the same in a fact."""
        own = [each for each in self.symbols() if each.split(".")[1] == fact.name]
        return _all([f"(= {copy}{symbol} {other}{symbol})" for symbol in own])

    def is_true(self, expression: Expression, copy: str = "") -> str:
        """The formula that a row meets the expression."""
        return self._pair(expression, copy)[0]

    def is_false(self, expression: Expression, copy: str = "") -> str:
        """The formula that a row fails the expression, nothing of it unknown."""
        return self._pair(expression, copy)[1]

    def _pair(self, expression: Expression, copy: str) -> Pair:
        """The formulas that an expression is true, and that it is false."""
        match expression:
            case And(parts):
                pairs = [self._pair(part, copy) for part in parts]
                return _all([yes for yes, _ in pairs]), _any([no for _, no in pairs])
            case Or(parts):
                pairs = [self._pair(part, copy) for part in parts]
                return _any([yes for yes, _ in pairs]), _all([no for _, no in pairs])
            case Not(part):
                yes, no = self._pair(part, copy)
                return no, yes
            case Between(term, low, high):
                return self._pair(And((Compare(">=", term, low), Compare("<=", term, high))), copy)
            case Given(fact):
                unknown = self._unknown(fact, copy)
                return f"(not {unknown})", unknown
        known = [f"(not {self._unknown(fact, copy)})" for fact in facts_of(expression)]
        holds = self._test(expression, copy)
        return _all([*known, holds]), _all([*known, f"(not {holds})"])

    def _unknown(self, fact: Fact, copy: str) -> str:
        null = f"{copy}null.{fact.name}"
        if fact.type != "set":
            return null
        return f"(or {null} {copy}value.{fact.name}.{len(self.names[fact.name]) + 1})"

    def _test(
        self, expression: Compare | Filled | Matches | Member | Within | SubsetOf | Truth, copy: str
    ) -> str:
        """The formula of one test, all its facts known."""
        match expression:
            case Compare(sign, left, right) if not atoms_of(expression):
                order = f"({'=' if sign == '<>' else sign} {_term(left, copy)} {_term(right, copy)})"
                return f"(not {order})" if sign == "<>" else order
            case Compare(sign, left, right):
                fact = left if isinstance(left, Fact) else right
                assert isinstance(fact, Fact), "a test on text reads a fact"
                equal = self._in_classes(fact, expression, copy)
                return equal if sign == "=" else f"(not {equal})"
            case Truth(fact):
                return f"{copy}value.{fact.name}"
            case SubsetOf(fact, names):
                return self._subset(fact, names.values, copy)
            case Member(fact, values) if fact.type != "text":
                return _any([f"(= {_term(fact, copy)} {_term(each, copy)})" for each in values])
        return self._in_classes(expression.fact, expression, copy)

    def _in_classes(self, fact: Fact, expression: Expression, copy: str) -> str:
        column, atoms = self.texts[fact.name], atoms_of(expression)
        places = sorted({each.index for each in column.classes if not each.atoms.isdisjoint(atoms)})
        return _any(list(_runs(f"{copy}value.{fact.name}", places)))

    def _subset(self, fact: Fact, values: Sequence[str], copy: str) -> str:
        flags = [f"{copy}value.{fact.name}.{at}" for at in range(len(self.names[fact.name]) + 1)]
        listed = [name in values for name in self.names[fact.name]] + [False]
        outside = [flag for flag, is_listed in zip(flags, listed, strict=True) if not is_listed]
        return _all([_any(flags), *(f"(not {flag})" for flag in outside)])


def answers_of(text: str) -> dict[str, Any]:
    """The values in a solver's answer to `get-value`, by constant."""
    pairs = parsed(text)[0]
    return {name: _read(value) for name, value in pairs}


def parsed(text: str) -> list[Any]:
    """An S-expression text as nested lists; a quoted symbol loses its bars."""
    stack: list[list[Any]] = [[]]
    at = 0
    while at < len(text):
        sign = text[at]
        at += 1
        if sign == "(":
            stack.append([])
        elif sign == ")":
            inner = stack.pop()
            stack[-1].append(inner)
        elif sign == "|":
            end = text.index("|", at)
            stack[-1].append(text[at:end])
            at = end + 1
        elif not sign.isspace():
            start = at - 1
            while at < len(text) and not text[at].isspace() and text[at] not in "()|":
                at += 1
            stack[-1].append(text[start:at])
    return stack[0]


def _read(value: Any) -> int | bool:
    if isinstance(value, list):
        return -int(value[1])
    return value == "true" if value in ("true", "false") else int(value)


def _names_of_sets(expressions: Sequence[Expression]) -> dict[str, tuple[str, ...]]:
    names: dict[str, dict[str, None]] = {}
    for node in (node for expression in expressions for node in walk(expression)):
        if isinstance(node, Fact) and node.type == "set":
            names.setdefault(node.name, {})
        elif isinstance(node, SubsetOf):
            names.setdefault(node.fact.name, {}).update(dict.fromkeys(node.names.values))
    return {fact: tuple(found) for fact, found in names.items()}


def _term(term: Term, copy: str) -> str:
    match term:
        case Fact(name):
            return f"{copy}value.{name}"
        case Shift(start):
            return f"(+ {_term(start, copy)} {_number(term.offset)})"
        case Constant(bool(value)):
            return "true" if value else "false"
        case Constant(value):
            return _number(ordinal(value))


def _number(value: int) -> str:
    return str(value) if value >= 0 else f"(- {-value})"


def _runs(symbol: str, places: Sequence[int]) -> Iterator[str]:
    """Formulas that a constant is one of some numbers, one for each run of neighbors."""
    start = 0
    for at in range(1, len(places) + 1):
        if at == len(places) or places[at] != places[at - 1] + 1:
            first, last = places[start], places[at - 1]
            yield f"(= {symbol} {first})" if first == last else f"(<= {first} {symbol} {last})"
            start = at


def _all(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"(and {' '.join(parts)})" if parts else "true"


def _any(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"(or {' '.join(parts)})" if parts else "false"


def _comment(text: str) -> str:
    return json.dumps(text)
