"""The parser of the rule language: text in, typed expression out, and a refusal for everything else.

- Recursive descent over `docs/reference/language.md`; `or` binds weakest, then `and`, `not`, a test.
- Every test reads a fact: a bare literal, or two compared, would decide without the request and is refused.
- `is not null` stands in positive position only, so nothing can be permitted because it is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

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
    NamedList,
    Not,
    Or,
    Shift,
    SubsetOf,
    Term,
    Truth,
    Type,
    Within,
    walk,
)
from solely.agreement.pattern import PatternError, canonical_pattern
from solely.agreement.tokens import RuleError, Token, parsed_date, parsed_int, tokens_of

DEPTH_MAX = 32
DAYS_MAX = 36_600
ORDERED: tuple[Type, ...] = ("int", "date")
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Names:
    """What a rule may name: facts with their types, parameters with their values, lists of texts."""

    facts: Mapping[str, Type]
    parameters: Mapping[str, str | int | date | bool]
    lists: Mapping[str, tuple[str, ...]]


def type_of(value: Any) -> Type:
    """The rule type of a parameter's value."""
    for kind, plain in (("bool", bool), ("int", int), ("text", str), ("date", date)):
        if type(value) is plain:
            return kind  # type: ignore[return-value]
    raise RuleError(f"a parameter is a text, an integer, a date or a boolean, not {type(value).__name__}")


def parse_rule(text: str, names: Names) -> Expression:
    """The typed expression of a rule; raises RuleError naming the construct and the cure."""
    parser = _Parser(tokens_of(text), names)
    expression = parser.disjunction(0)
    parser.require_end()
    _require_positive(expression, is_negated=False)
    return expression


def _require_positive(expression: Expression, *, is_negated: bool) -> None:
    match expression:
        case Given(fact) if is_negated:
            raise RuleError(
                f"`{fact.name} is not null` stands under a `not`; nothing is permitted for being missing"
            )
        case Not(part):
            _require_positive(part, is_negated=True)
        case And(parts) | Or(parts):
            for part in parts:
                _require_positive(part, is_negated=is_negated)


class _Parser:
    def __init__(self, tokens: list[Token], names: Names) -> None:
        self._tokens, self._names, self._at = tokens, names, 0

    # -- words ----------------------------------------------------------------------------------------

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _is(self, value: str, ahead: int = 0) -> bool:
        token = self._tokens[min(self._at + ahead, len(self._tokens) - 1)]
        return token.kind in ("keyword", "sign") and token.value == value

    def _take(self) -> Token:
        token = self._next
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _accept(self, *values: str) -> bool:
        if all(self._is(value, ahead) for ahead, value in enumerate(values)):
            self._at += len(values)
            return True
        return False

    def _require(self, value: str) -> None:
        if not self._accept(value):
            raise self._unexpected(f"`{value}`")

    def _unexpected(self, wanted: str) -> RuleError:
        token = self._next
        shown = "the end" if token.kind == "end" else f"`{token.value[:40]}` at character {token.at + 1}"
        return RuleError(f"{shown} stands where {wanted} is expected")

    def require_end(self) -> None:
        if self._next.kind != "end":
            raise self._unexpected("`and`, `or` or the end")

    # -- connectives ----------------------------------------------------------------------------------

    def disjunction(self, depth: int) -> Expression:
        if depth > DEPTH_MAX:
            raise RuleError(f"the rule is nested more than {DEPTH_MAX} deep; split the clause")
        parts = [self._conjunction(depth)]
        while self._accept("or"):
            parts.append(self._conjunction(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _conjunction(self, depth: int) -> Expression:
        parts = [self._negation(depth)]
        while self._accept("and"):
            parts.append(self._negation(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _negation(self, depth: int) -> Expression:
        if self._accept("not"):
            if depth > DEPTH_MAX:
                raise RuleError(f"the rule is nested more than {DEPTH_MAX} deep; split the clause")
            return Not(self._negation(depth + 1))
        if self._accept("("):
            inner = self.disjunction(depth + 1)
            self._require(")")
            return inner
        return self._test()

    # -- tests ----------------------------------------------------------------------------------------

    def _test(self) -> Expression:
        for name, build in (
            ("filled", self._filled),
            ("matches", self._matches),
            ("within", self._within),
            ("subset_of", self._subset_of),
        ):
            if self._accept(name):
                return build()
        return self._comparison()

    def _comparison(self) -> Expression:
        left = self._term()
        if self._accept("is"):
            return self._given(left)
        if self._accept("between"):
            return self._between(left)
        if self._accept("not", "in"):
            return Not(self._member(left))
        if self._accept("in"):
            return self._member(left)
        if self._next.kind == "sign" and self._next.value in COMPARISONS:
            return self._compared(self._take().value, left)
        if isinstance(left, Fact) and left.type == "bool":
            return Truth(left)
        if not isinstance(left, Fact):
            raise RuleError("a bare literal is no test; compare a fact with it")
        raise self._unexpected("a comparison")

    def _given(self, left: Term) -> Expression:
        if not self._accept("not", "null"):
            raise RuleError("after `is` only `not null` is in the language; a missing fact stays unknown")
        return Given(_require_fact(left, "is not null"))

    def _between(self, term: Term) -> Expression:
        low = self._term()
        self._require("and")
        high = self._term()
        for other in (low, high):
            _require_comparable("between", term, other)
        return _reading_a_fact(Between(term, low, high))

    def _member(self, left: Term) -> Expression:
        fact = _require_fact(left, "in")
        self._require("(")
        values = [self._listed(fact)]
        while self._accept(","):
            values.append(self._listed(fact))
        self._require(")")
        if len(set(values)) != len(values):
            raise RuleError(f"a literal stands twice in the list for `{fact.name}`")
        return Member(fact, tuple(values))

    def _listed(self, fact: Fact) -> Constant:
        literal = self._literal()
        if literal is None:
            raise self._unexpected("a literal")
        if fact.type not in ("text", "int", "date") or literal.type != fact.type:
            raise RuleError(f"`{fact.name}` is of type {fact.type}, the list of type {literal.type}")
        return literal

    def _compared(self, sign: str, left: Term) -> Expression:
        right = self._term()
        _require_comparable(sign, left, right)
        if self._next.kind == "sign" and self._next.value in COMPARISONS:
            raise RuleError("comparisons do not chain; join two with `and`")
        return _reading_a_fact(Compare(sign, left, right))

    # -- functions ------------------------------------------------------------------------------------

    def _argument(self, function: str, kind: Type) -> Fact:
        self._require("(")
        fact = _require_fact(self._term(), function)
        if fact.type != kind:
            raise RuleError(f"`{function}` takes a fact of type {kind}; `{fact.name}` is of type {fact.type}")
        return fact

    def _filled(self) -> Expression:
        fact = self._argument("filled", "text")
        self._require(")")
        return Filled(fact)

    def _matches(self) -> Expression:
        fact = self._argument("matches", "text")
        self._require(",")
        if self._next.kind != "text":
            raise self._unexpected("a pattern in quotes")
        try:
            pattern = canonical_pattern(self._take().value)
        except PatternError as error:
            raise RuleError(f"the pattern for `{fact.name}`: {error}") from None
        self._require(")")
        return Matches(fact, pattern)

    def _within(self) -> Expression:
        fact = self._argument("within", "text")
        return Within(fact, self._named_list())

    def _subset_of(self) -> Expression:
        fact = self._argument("subset_of", "set")
        return SubsetOf(fact, self._named_list())

    def _named_list(self) -> NamedList:
        self._require(",")
        if self._next.kind != "name":
            raise self._unexpected("the name of a list")
        name = self._take().value
        if name not in self._names.lists:
            raise RuleError(f"`{name}` is no list of this document")
        self._require(")")
        return NamedList(name, self._names.lists[name])

    # -- terms ----------------------------------------------------------------------------------------

    def _term(self) -> Term:
        start = self._plain_term()
        if not (self._is("+") or self._is("-")):
            return start
        is_back = self._take().value == "-"
        if start.type != "date":
            raise RuleError("only a date moves, by whole days: `d + 90 days`")
        days = self._plain_term()
        if not isinstance(days, Constant) or days.type != "int":
            raise RuleError("a date moves by a number of days: a literal or a parameter")
        assert isinstance(days.value, int), "an int constant holds an int"
        if not 0 <= days.value <= DAYS_MAX:
            raise RuleError(f"a date moves by 0 to {DAYS_MAX} days")
        self._accept("days")
        return Shift(start, days, is_back)

    def _plain_term(self) -> Fact | Constant:
        literal = self._literal()
        if literal is not None:
            return literal
        if self._next.kind != "name":
            raise self._unexpected("a fact, a parameter or a literal")
        name = self._take().value
        if self._is("("):
            raise RuleError(f"`{name}` is no function of the language")
        if name in self._names.facts:
            return Fact(name, self._names.facts[name])
        if name in self._names.parameters:
            value = self._names.parameters[name]
            return Constant(value, type_of(value), name)
        raise RuleError(f"`{name}` is neither a declared fact nor a parameter of this document")

    def _literal(self) -> Constant | None:
        if self._next.kind == "text":
            return Constant(self._take().value, "text")
        if self._next.kind == "int":
            return Constant(parsed_int(self._take().value), "int")
        if self._is("-") and self._tokens[self._at + 1].kind == "int":
            self._take()
            return Constant(parsed_int("-" + self._take().value), "int")
        for word in ("true", "false"):
            if self._accept(word):
                return Constant(word == "true", "bool")
        if self._accept("date"):
            if self._next.kind != "text":
                raise self._unexpected("a day in quotes")
            return Constant(parsed_date(self._take().value), "date")
        return None


def _require_fact(term: Term, construct: str) -> Fact:
    if not isinstance(term, Fact):
        raise RuleError(f"`{construct}` reads a fact, not a literal")
    return term


def _require_comparable(sign: str, left: Term, right: Term) -> None:
    if left.type != right.type:
        raise RuleError(f"`{sign}` compares {left.type} with {right.type}; both sides have one type")
    if left.type == "set":
        raise RuleError("a set is held against a list with `subset_of`, not compared")
    if sign not in ("=", "<>") and left.type not in ORDERED:
        raise RuleError(f"`{sign}` needs an order; {left.type} has only `=` and `<>`")


def _reading_a_fact(expression: Compare | Between) -> Expression:
    if not any(isinstance(node, Fact) for node in walk(expression)):
        raise RuleError("a comparison reads at least one fact")
    return expression
