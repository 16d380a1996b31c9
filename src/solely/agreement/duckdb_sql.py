"""The bulk back end: clauses as DuckDB SQL, two bits of verdict per clause, 31 clauses per BIGINT.

- The SQL is written from the typed expression only, so no text of a document reaches the engine unquoted.
- Bit 2i is set when clause i is true, bit 2i + 1 when it is unknown, none when it is false.
- A set is a bit mask: one bit per name that a list mentions, one for every other name; a set with a missing
  element is NULL. That leaves out the list functions, whose answers on NULL and empty lists differ by engine.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

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


def verdict_sql(
    clauses: Sequence[HasExpression], relation: str = "facts", chosen: Collection[int] | None = None
) -> str:
    """A query over `relation`: its column `place`, and `w0`, `w1`, ... with the verdicts of the clauses.

    Rows come back in no promised order; `place` says which row each is. `chosen` are the places of the
    clauses to judge (None: all); the bits of the others stay clear.
    """
    universe = universe_of(clauses)
    judged = {
        place: expression_sql(clause.expression, universe)
        for place, clause in enumerate(clauses)
        if chosen is None or place in chosen
    }
    columns = [
        f"{_word(judged, number)} AS w{number}" for number in range(-(-len(clauses) // CLAUSES_PER_WORD))
    ]
    return f'SELECT {", ".join(["place", *columns])} FROM "{relation}"'  # noqa: S608 -- written from typed expressions, no text of a document unquoted


def _word(judged: Mapping[int, str], number: int) -> str:
    # true casts to 1, false to 0 and unknown becomes 2; powers of 4 keep the pairs of bits apart below 2^62.
    parts = [
        f"coalesce(CAST({sql} AS BIGINT), 2) * {4 ** (place % CLAUSES_PER_WORD)}"
        for place, sql in judged.items()
        if place // CLAUSES_PER_WORD == number
    ]
    return " + ".join(parts) or "CAST(0 AS BIGINT)"


def unpack(words: Sequence[int], count: int) -> tuple[bool | None, ...]:
    """The verdicts of `count` clauses from the words of one row."""
    found: tuple[bool | None, ...] = ()
    for word in words:
        # 31 clauses by eights: a table of all words would not fit, one of eight clauses does.
        for place, clauses in enumerate((8, 8, 8, 7)):
            found += _verdicts(word >> 16 * place & 0xFFFF, clauses)
    return found[:count]


@lru_cache(maxsize=2**16)
def _verdicts(bits: int, count: int) -> tuple[bool | None, ...]:
    """The verdicts that the lowest pairs of bits say."""
    pairs = [bits >> 2 * place & 3 for place in range(count)]
    assert 3 not in pairs, "a verdict is never both true and unknown"
    return tuple((False, True, None)[pair] for pair in pairs)


def expression_sql(expression: Expression, universe: Universe) -> str:
    """One expression as DuckDB SQL of type BOOLEAN, NULL for unknown."""
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
