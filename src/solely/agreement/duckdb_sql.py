"""The bulk back end: clauses as DuckDB SQL, two bits of verdict per clause, 31 clauses per BIGINT.

- The SQL is written from the typed expression only, so no text of a document reaches the engine unquoted.
- In a word, bit 2i is set when clause i is true, bit 2i + 1 when it is unknown, none when it is false.
- A set is a bit mask: one bit per name that a list mentions, one for every other name; a set with a missing
  element is NULL. That leaves out the list functions, whose answers on NULL and empty lists differ by engine.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from solely.agreement.evaluate import HasExpression
from solely.agreement.expression import (
    BLANKS,
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
    walk,
)

CLAUSES_PER_WORD = 31
NAMES_MAX = 60
Universe = Mapping[str, tuple[str, ...]]
Word = NDArray[np.int64]
_SAID = np.array([False, True, None])  # and no fourth: a verdict is never both true and unknown


def facts_read(clauses: Sequence[HasExpression]) -> tuple[Fact, ...]:
    """The facts that the clauses read, each once."""
    return tuple(dict.fromkeys(fact for clause in clauses for fact in facts_of(clause.expression)))


def universe_of(clauses: Sequence[HasExpression]) -> dict[str, tuple[str, ...]]:
    """For each set fact, the names that some list mentions, in order: the bits of its mask."""
    names: dict[str, set[str]] = {}
    for clause in clauses:
        for node in walk(clause.expression):
            if isinstance(node, SubsetOf):
                names.setdefault(node.fact.name, set()).update(node.names.values)
    for fact, found in names.items():
        if len(found) > NAMES_MAX:
            raise ValueError(f"the lists that `{fact}` is held against name more than {NAMES_MAX} fields")
    return {fact: tuple(sorted(found)) for fact, found in names.items()}


def mask(values: Iterable[str], names: Sequence[str]) -> int:
    """The bit mask of some names; every name outside `names` shares the bit after the last."""
    places = {name: place for place, name in enumerate(names)}
    return sum({1 << places.get(value, len(names)) for value in values})


def verdict_sql(expressions: Sequence[Expression], universe: Universe) -> str:
    """A query over the relation `facts`: its column `place`, and `v0`, `v1`, ...: each expression's verdict.

    Rows come back in no promised order; `place` says which row each is.
    """
    verdicts = [f"{expression_sql(each, universe)} AS v{number}" for number, each in enumerate(expressions)]
    return f"SELECT {', '.join(['place', *verdicts])} FROM facts"  # noqa: S608 -- written from typed expressions, no text of a document unquoted


def pack(verdicts: Mapping[int, NDArray[np.uint8]]) -> dict[int, Word]:
    """The words of all rows, by their number, that hold the verdicts of the clauses at these places.

    A verdict is 0 for false, 1 for true and 2 for unknown; the bits of other clauses stay clear.
    """
    words: dict[int, Word] = {}
    for place, verdict in verdicts.items():
        number, pair = divmod(place, CLAUSES_PER_WORD)
        words[number] = words.get(number, 0) | verdict.astype(np.int64) << 2 * pair
    return words


def unpack(words: Sequence[Word], count: int) -> list[tuple[bool | None, ...]]:
    """The verdicts of `count` clauses, row by row, from the words of all rows."""
    pairs = (word >> 2 * pair & 3 for word in words for pair in range(CLAUSES_PER_WORD))
    said = _SAID[np.stack(list(islice(pairs, count)), axis=1)]
    return [tuple(row.tolist()) for row in said]


def expression_sql(expression: Expression, universe: Universe) -> str:
    """One expression as DuckDB SQL of type BOOLEAN, NULL for unknown."""
    match expression:
        case And(parts):
            return "(" + " AND ".join(expression_sql(part, universe) for part in parts) + ")"
        case Or(parts):
            return _either(parts, universe)
        case Not(part):
            return f"(NOT {expression_sql(part, universe)})"
        case Compare(sign, left, right):
            return f"({_term(left)} {sign} {_term(right)})"
        case Between(term, low, high):
            return f"({_term(term)} BETWEEN {_term(low)} AND {_term(high)})"
        case Given(fact):
            return f"({_term(fact)} IS NOT NULL)"
    return _test_sql(expression, universe)


def _either(parts: Sequence[Expression], universe: Universe) -> str:
    texts = [expression_sql(part, universe) for part in parts]
    either = f"({' OR '.join(texts)})"
    # A pattern costs as much as all other tests of a clause: it is tried only where none of them holds.
    has_pattern = [any(isinstance(each, Matches) for each in walk(part)) for part in parts]
    others = " OR ".join(text for text, has in zip(texts, has_pattern, strict=True) if not has)
    return f"(CASE WHEN {others} THEN true ELSE {either} END)" if others and any(has_pattern) else either


def _test_sql(expression: Filled | Matches | Member | Within | SubsetOf | Truth, universe: Universe) -> str:
    column = _term(expression.fact)
    match expression:
        case Truth():
            return column
        case Filled():
            # Most texts begin with a visible ASCII character, as two comparisons tell. Else one search for a
            # character that is not blank: 20 times as fast as trimming a set of them.
            searched = f"regexp_matches({column}, {_text(f'[^{BLANKS}]')})"
            return f"(CASE WHEN {column} >= '!' AND {column} < '~' THEN true ELSE {searched} END)"
        case Matches(_, pattern):
            return f"regexp_full_match({column}, {_text(pattern)})"
        case Member(_, values):
            return f"({column} IN ({', '.join(_term(each) for each in values)}))"
        case Within(_, names):
            return f"({column} IN ({', '.join(_text(each) for each in names.values)}))"
        case SubsetOf(fact, names):
            known = universe[fact.name]
            outside = mask((*known, ""), known) & ~mask(names.values, known)
            return f"({column} <> 0 AND ({column} & {outside}) = 0)"


def _term(term: Term) -> str:
    match term:
        case Fact(name):
            return f'"{name}"'
        case Shift(start):
            return f"({_term(start)} + ({term.offset}))"
        case Constant(value):
            return _literal(value)


def _literal(value: str | int | date | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"({value})"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return _text(value)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
