"""The back end for a custodian's own cluster: clauses as Spark SQL, in the words and bits of `duckdb_sql`.

- Nothing is translated from the other engine's SQL: both are written from the typed expression, because the
  two read alike-looking SQL otherwise (casts, patterns, parts of dates, texts with a backslash).
- Patterns run in Java's engine, which takes a final line feed for the end of a text and `&&` in a class for
  an intersection: the whole text is asked for by `\\A` and `\\z`, and the canonical spelling quotes `&`.
- Text is compared byte by byte of UTF-8 (Spark's default collation), so nothing is folded.
"""

from collections.abc import Sequence
from datetime import date

from solely.agreement.duckdb_sql import CLAUSES_PER_WORD, Universe, mask, universe_of
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
)

_BEGIN, _END = "\\A", "\\z"  # of the whole text, whatever lines it has


def verdict_sql(clauses: Sequence[HasExpression]) -> str:
    """A query over the relation `facts`: its column `place`, and `w0`, `w1`, ...: the clauses' verdicts.

    The words are those of `duckdb_sql.verdict_sql`, and `duckdb_sql.unpack` reads them.
    """
    universe = universe_of(clauses)
    words = [clauses[at : at + CLAUSES_PER_WORD] for at in range(0, len(clauses), CLAUSES_PER_WORD)]
    columns = [f"{_word(word, universe)} AS w{number}" for number, word in enumerate(words)]
    return f"SELECT {', '.join(['place', *columns])} FROM facts"  # noqa: S608 -- written from typed expressions, no text of a document unquoted


def _word(clauses: Sequence[HasExpression], universe: Universe) -> str:
    parts = [
        f"coalesce(CAST({expression_sql(clause.expression, universe)} AS BIGINT), 2L) * {4**place}L"
        for place, clause in enumerate(clauses)
    ]
    return " + ".join(parts)


def expression_sql(expression: Expression, universe: Universe) -> str:
    """One expression as Spark SQL of type BOOLEAN, NULL for unknown."""
    match expression:
        case And(parts):
            return "(" + " AND ".join(expression_sql(part, universe) for part in parts) + ")"
        case Or(parts):
            return "(" + " OR ".join(expression_sql(part, universe) for part in parts) + ")"
        case Not(part):
            return f"(NOT {expression_sql(part, universe)})"
        case Compare(sign, left, right):
            return f"({_term(left)} {sign} {_term(right)})"
        case Between(term, low, high):
            return f"({_term(term)} BETWEEN {_term(low)} AND {_term(high)})"
        case Given(fact):
            return f"({_term(fact)} IS NOT NULL)"
    return _test_sql(expression, universe)


def _test_sql(expression: Filled | Matches | Member | Within | SubsetOf | Truth, universe: Universe) -> str:
    column = _term(expression.fact)
    match expression:
        case Truth():
            return column
        case Filled():
            return f"({column} RLIKE {_text(f'[^{BLANKS}]')})"
        case Matches(_, pattern):
            return f"({column} RLIKE {_text(f'{_BEGIN}(?:{pattern}){_END}')})"
        case Member(_, values):
            return f"({column} IN ({', '.join(_term(each) for each in values)}))"
        case Within(_, names):
            return f"({column} IN ({', '.join(_text(each) for each in names.values)}))"
        case SubsetOf(fact, names):
            known = universe[fact.name]
            outside = mask((*known, ""), known) & ~mask(names.values, known)
            return f"({column} <> 0L AND ({column} & {outside}L) = 0L)"


def _term(term: Term) -> str:
    match term:
        case Fact(name):
            return f"`{name}`"
        case Shift(start):
            return f"date_add({_term(start)}, {term.offset})"
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
    """A text literal in which nothing but plain signs stands for itself."""
    return "'" + "".join(map(_sign, value)) + "'"


def _sign(sign: str) -> str:
    if sign in "'\\":
        return "\\" + sign
    if " " <= sign <= "~":
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"
