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
from solely.agreement.refusals import WORDS
from solely.agreement.tokens import RuleError, Token, left_out, parsed_date, parsed_int, tokens_of

DEPTH_MAX = 32
DAYS_MAX = 36_600
ORDERED: tuple[Type, ...] = ("int", "date")
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
# How a test on a fact of each type is written, for the sentence that refuses another.
_WRITTEN: Mapping[Type, str] = {
    "text": "{} = 'word'",
    "int": "{} = 5",
    "date": "{} = date '2025-04-07'",
    "bool": "{} = true",
    "set": "subset_of({}, list)",
}
_BARE = "a bare literal is no test: every test reads a fact, as `cases < 5`"
_NULL = "`null` compares with nothing: write `x is not null`; the test of a missing fact is unknown by itself"


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
    raise RuleError(
        f"a parameter is a text, an integer, a date or a boolean: write one, not {type(value).__name__}"
    )


def parse_rule(text: str, names: Names) -> Expression:
    """The typed expression of a rule; raises RuleError naming the construct and the cure."""
    tokens = tokens_of(text)
    if len(tokens) == 1:
        raise RuleError("the rule is empty: write a test of a fact")
    parser = _Parser(tokens, names)
    expression = parser.disjunction(0)
    parser.require_end()
    _require_positive(expression, is_negated=False)
    return expression


def _require_positive(expression: Expression, *, is_negated: bool) -> None:
    match expression:
        case Given(fact) if is_negated:
            raise RuleError(
                f"`{fact.name} is not null` stands under a `not`: nothing is permitted for being missing, so "
                "say what must be given"
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

    def _require(self, value: str, wanted: str = "") -> None:
        if not self._accept(value):
            raise self._unexpected(wanted or f"`{value}`")

    def _unexpected(self, wanted: str) -> RuleError:
        token = self._next
        if token.kind == "name" and token.value in WORDS:
            return left_out(token.value)
        if token == ("keyword", "null", token.at):
            return RuleError(_NULL)
        shown = "the end" if token.kind == "end" else f"`{token.value[:40]}` at character {token.at + 1}"
        return RuleError(f"{shown} stands where {wanted} is expected")

    def require_end(self) -> None:
        if self._next.kind != "end":
            raise self._after_a_test("`and`, `or` or the end")

    def _after_a_test(self, wanted: str) -> RuleError:
        if self._next.kind == "sign" and self._next.value in COMPARISONS:
            return RuleError(
                f"`{self._next.value}` at character {self._next.at + 1} compares a test: join tests with "
                "`and`, `or`, `not`"
            )
        return self._unexpected(wanted)

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
            if not self._accept(")"):
                raise self._after_a_test("`and`, `or` or `)`")
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
        return self._alone(left)

    def _alone(self, left: Term) -> Expression:
        if isinstance(left, Fact) and left.type == "bool":
            return Truth(left)
        if isinstance(left, Constant):
            raise RuleError(_BARE)
        if isinstance(left, Shift) and (self._is("+") or self._is("-")):
            raise RuleError("a date moves once: add the days up")
        if self._next.kind == "name" and self._next.value in WORDS:
            raise left_out(self._next.value)
        if self._is("not"):
            raise RuleError("after a term `not` stands in `not in` alone: write `not x = 5`, or `x <> 5`")
        name = left.name if isinstance(left, Fact) else "d"
        raise RuleError(
            f"`{name}` is of type {left.type} and no test by itself: compare it, as "
            f"`{_WRITTEN[left.type].format(name)}`"
        )

    def _given(self, left: Term) -> Expression:
        if self._accept("not", "null"):
            return Given(_require_fact(left, "is not null"))
        name = left.name if isinstance(left, Fact) else "x"
        if self._accept("null"):
            raise RuleError(
                f"`is null` is not in the language, because nothing is permitted for being missing: "
                f"say what must be given, as `{name} is not null`"
            )
        is_opposite = self._accept("not")
        if self._next.kind == "name" and self._next.value in WORDS:
            raise left_out(self._next.value)
        written = f"{name} = {'false' if is_opposite != self._is('false') else 'true'}"
        raise RuleError(
            f"after `is` only `not null` is in the language: write `{written}`; unknown stays unknown"
        )

    def _between(self, term: Term) -> Expression:
        low = self._term()
        self._require("and")
        high = self._term()
        for other in (low, high):
            _require_comparable("between", term, other)
        return _reading_a_fact(Between(term, low, high))

    def _member(self, left: Term) -> Expression:
        fact = _require_fact(left, "in")
        self._require("(", "a list in round brackets")
        values = [self._listed(fact)]
        while self._accept(","):
            values.append(self._listed(fact))
        self._require(")")
        if len(set(values)) != len(values):
            raise RuleError(f"a literal stands twice in the list for `{fact.name}`: write it once")
        return Member(fact, tuple(values))

    def _listed(self, fact: Fact) -> Constant:
        literal = self._literal()
        if literal is None:
            raise self._unexpected("a literal")
        if fact.type not in ("text", "int", "date") or literal.type != fact.type:
            raise RuleError(
                f"`{fact.name}` is of type {fact.type}, the list of type {literal.type}: a list holds texts, "
                f"integers or dates of the fact's type; else write `{_WRITTEN[fact.type].format(fact.name)}`"
            )
        return literal

    def _compared(self, sign: str, left: Term) -> Expression:
        right = self._term()
        _require_comparable(sign, left, right)
        if self._next.kind == "sign" and self._next.value in COMPARISONS:
            raise RuleError("comparisons do not chain: join two with `and`, or write `between`")
        return _reading_a_fact(Compare(sign, left, right))

    # -- functions ------------------------------------------------------------------------------------

    def _argument(self, function: str, kind: Type) -> Fact:
        self._require("(")
        fact = _require_fact(self._term(), function)
        if fact.type != kind:
            raise RuleError(
                f"`{function}` takes a fact of type {kind}, and `{fact.name}` is of type {fact.type}: write "
                f"`{_WRITTEN[fact.type].format(fact.name)}`"
            )
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
            raise self._unexpected("the name of a list, or `in` for literals,")
        name = self._take().value
        if name not in self._names.lists:
            raise RuleError(f"`{name}` is no list of this document: name one that a schedule states")
        self._require(")")
        return NamedList(name, self._names.lists[name])

    # -- terms ----------------------------------------------------------------------------------------

    def _term(self) -> Term:
        start = self._plain_term()
        if not (self._is("+") or self._is("-")):
            return start
        is_back = self._take().value == "-"
        if start.type != "date":
            raise RuleError(
                "only a date moves, by whole days, as `d + 90 days`: give another result as a fact"
            )
        days = self._plain_term()
        if not isinstance(days, Constant) or days.type != "int":
            raise RuleError(
                "a date moves by a literal or a parameter number of days: compare dates as `a > b + 90 days`"
            )
        assert isinstance(days.value, int), "an int constant holds an int"
        if not 0 <= days.value <= DAYS_MAX:
            raise RuleError(f"a date moves by 0 to {DAYS_MAX} days: use `+` or `-` for the direction")
        self._accept("days")
        return Shift(start, days, is_back)

    def _plain_term(self) -> Fact | Constant:
        literal = self._literal()
        if literal is not None:
            return literal
        if self._next.kind != "name":
            raise self._unexpected("a fact, a parameter or a literal")
        name = self._take().value
        if self._is("(") and name not in WORDS:
            raise RuleError(
                f"`{name}` is no function of the language: it has `filled`, `matches`, `within`, `subset_of`"
            )
        if name in self._names.facts:
            return Fact(name, self._names.facts[name])
        if name in self._names.parameters:
            value = self._names.parameters[name]
            return Constant(value, type_of(value), name)
        raise self._unknown(name)

    def _unknown(self, name: str) -> RuleError:
        if name in WORDS:
            return left_out(name)
        if name in self._names.lists:
            return RuleError(f"`{name}` is a list: hold a fact against it, as `within(basis, {name})`")
        return RuleError(
            f"`{name}` is neither a declared fact nor a parameter of this document: name one that is, or put "
            "a text in quotes"
        )

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
                raise self._unexpected("a day in quotes, as `'2025-04-07'`,")
            return Constant(parsed_date(self._take().value), "date")
        return None


def _require_fact(term: Term, construct: str) -> Fact:
    if not isinstance(term, Fact):
        raise RuleError(f"`{construct}` reads a fact, not a literal: put a declared fact first")
    return term


def _require_comparable(sign: str, left: Term, right: Term) -> None:
    if left.type != right.type:
        cure = f"write the other side as in `{_WRITTEN[left.type].format('x')}`"
        raise RuleError(f"`{sign}` compares {left.type} with {right.type}; both sides have one type: {cure}")
    if left.type == "set":
        raise RuleError("a set is not compared: hold it against a list, as `subset_of(fields, list)`")
    if sign not in ("=", "<>") and left.type not in ORDERED:
        raise RuleError(
            f"`{sign}` needs an order, and {left.type} has none: write `=`, `<>` or `in`, or an integer fact"
        )


def _reading_a_fact(expression: Compare | Between) -> Expression:
    if not any(isinstance(node, Fact) for node in walk(expression)):
        raise RuleError("a comparison reads at least one fact: put a declared fact on one side")
    return expression
