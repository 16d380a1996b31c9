"""The region table: every case that a clause can tell apart, with the verdict that the plain evaluator gives.

- Text by its exact classes; numbers and days below, at and above each constant and each fact they meet; sets
  by what their lists tell apart, and each name alone; true and false; and unknown, for every fact.
- So the table is the complete truth table of each clause. Counsel can read it, and the gate holds its engine
  against it before the engine judges anything (R-02).
- A clause with too many cases is refused by name: it is too large for a person to check as well.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, product
from typing import Any, NamedTuple

from solely.agreement.classes import ColumnRefused, TextClasses, atoms_of, text_classes
from solely.agreement.clause import Clause
from solely.agreement.document import Law
from solely.agreement.evaluate import verdict
from solely.agreement.expression import (
    BLANKS,
    BOUNDS,
    Between,
    Compare,
    Constant,
    Expression,
    Fact,
    Member,
    Shift,
    SubsetOf,
    Term,
    facts_of,
    ordinal,
    other_than,
    walk,
)

REGIONS_MAX = 20_000
SUBSET_NAMES_MAX = 6
_ANCHORS = {"date": date(2026, 6, 1).toordinal(), "int": 10}
_PROBES: tuple[Callable[[str], str], ...] = (
    lambda text: text + "\n",
    lambda text: text.swapcase(),
    lambda text: "\u00a0" + text,
    lambda text: BLANKS + "\x00",
    lambda text: BLANKS,
)
Row = dict[str, Any]
Samples = Mapping[str, Sequence[Any]]
Alike = dict[Any, list[Any]]  # a value, and those that every single test treats as it


class RegionsRefused(ValueError):
    """A clause with more cases than the table admits; the text says so and the cure."""


class Region(NamedTuple):
    """One case of a clause: the facts, and what the clause says of them; None is unknown."""

    clause: Clause
    row: Mapping[str, Any]
    verdict: bool | None


def region_table(law: Law) -> tuple[Region, ...]:
    """Every case of every clause of statute and agreement, clause by clause; raises RegionsRefused."""
    return tuple(
        region
        for document in (law.statute, law.agreement)
        for clause in document.clauses
        for region in regions_of(clause, [case.row for case in document.cases.get(clause.id, ())])
    )


def table_findings(law: Law) -> list[str]:
    """What keeps a law from having a region table, without which the gate judges nothing by it; else none."""
    try:
        region_table(law)
    except (RegionsRefused, ColumnRefused) as refused:
        return [str(refused)]
    return []


def regions_of(clause: Clause, cases: Iterable[Mapping[str, Any]]) -> list[Region]:
    """The cases of one clause; the values of its own `cases` stand in them where they fit."""
    samples: dict[str, list[Any]] = {}
    for row in cases:
        for name, value in row.items():
            samples.setdefault(name, []).append(value)
    try:
        rows = region_rows(clause.expression, samples)
    except (RegionsRefused, ColumnRefused) as refused:
        raise type(refused)(f"`clause {clause.id}`: {refused}") from None
    return [Region(clause, row, verdict(clause.expression, row)) for row in rows]


def region_rows(expression: Expression, samples: Samples | None = None) -> list[Row]:
    """Rows of facts, one for every case that the expression can tell apart; raises RegionsRefused.

    Values that every single test treats alike are combined with those of other facts once, and then each
    takes the other's place by itself: a long list makes a long table, not one times another.
    """
    facts = facts_of(expression)
    ordered = [fact for fact in facts if fact.type in BOUNDS]
    parts: list[list[Row]] = [_ordered_rows(ordered, expression, samples or {})] if ordered else []
    alike: dict[str, Alike] = {}
    texts = text_classes([expression], _texts(samples or {}))
    for fact in facts:
        if fact.type == "text":
            alike[fact.name] = _texts_alike(texts[fact.name], expression)
        elif fact.type == "set":
            alike[fact.name] = _sets_alike(fact, expression)
        elif fact.type == "bool":
            alike[fact.name] = {True: [], False: []}
    parts += [[{name: value} for value in (*found, None)] for name, found in alike.items()]
    _require_few(len(part) for part in parts)
    names = [fact.name for fact in facts]
    merged = [{name: value for each in row for name, value in each.items()} for row in product(*parts)]
    rows = [{name: row[name] for name in names} for row in merged]
    return [*rows, *_replaced(rows, alike)]


def _replaced(rows: Sequence[Row], alike: Mapping[str, Alike]) -> Iterator[Row]:
    for row in rows:
        for name, found in alike.items():
            for other in found.get(row[name], ()):
                yield row | {name: other}


def _texts_alike(column: TextClasses, expression: Expression) -> Alike:
    """A text of each kind that single tests tell apart, with the texts that they do not tell from it."""
    tests = [
        atoms
        for node in walk(expression)
        if (atoms := atoms_of(node)) and column.fact in {fact.name for fact in facts_of(node)}
    ]
    kinds: dict[tuple[object, ...], list[str]] = {}
    for each in column.classes:
        kind = tuple(not each.atoms.isdisjoint(atoms) for atoms in tests)
        # Of columns compared with one another every text counts by itself.
        kinds.setdefault((kind, each.index if len(column.peers) > 1 else 0), []).append(each.witness)
    return {first: others for first, *others in kinds.values()}


def _texts(samples: Samples) -> dict[str, list[str]]:
    return {name: [each for each in values if isinstance(each, str)] for name, values in samples.items()}


def _require_few(sizes: Iterable[int]) -> None:
    count = 1
    for size in sizes:
        count *= size
    if count > REGIONS_MAX:
        raise RegionsRefused(f"it can tell more than {REGIONS_MAX:,} cases apart; split the clause")


def probes(regions: Iterable[Region]) -> Iterator[Region]:
    """The cases again with texts that engines have read differently: a line end, other case, blanks."""
    for clause, row, _ in regions:
        texts = {name for name, value in row.items() if isinstance(value, str)}
        for alter in _PROBES if texts else ():
            altered = {name: alter(value) if name in texts else value for name, value in row.items()}
            yield Region(clause, altered, verdict(clause.expression, altered))


# -- sets ---------------------------------------------------------------------------------------------


def _sets_alike(fact: Fact, expression: Expression) -> Alike:
    """All subsets of few names and one more; of many names, those of one name for each place in the lists."""
    lists = [
        node.names.values for node in walk(expression) if isinstance(node, SubsetOf) and node.fact == fact
    ]
    names = list(dict.fromkeys(name for values in lists for name in values))
    chosen = names
    if len(names) > SUBSET_NAMES_MAX:
        chosen = list({tuple(name in values for values in lists): name for name in reversed(names)}.values())
    alike: dict[Any, list[Any]] = {
        frozenset(some): []
        for size in range(len(chosen) + 2)
        for some in combinations((*chosen, other_than(names)), size)
    }
    for name in names:
        if frozenset([name]) not in alike:
            place = [name in values for values in lists]
            like = next(each for each in chosen if [each in values for values in lists] == place)
            alike[frozenset([like])].append(frozenset([name]))
    return alike | {frozenset(names): [], frozenset([*names[:1], None]): []}


# -- numbers and days ---------------------------------------------------------------------------------


class _Meeting(NamedTuple):
    """A comparison of numbers or days: `left + apart` against `right`, or against 0 where there is none."""

    left: str
    apart: int
    right: str | None


def _ordered_rows(facts: Sequence[Fact], expression: Expression, samples: Samples) -> list[Row]:
    """A row for each way in which numbers and days can lie to one another, the closest of its kind."""
    meetings = list(_meetings(expression))
    values = _candidates(facts, meetings, samples)
    _require_few(len(values[fact.name]) + 1 for fact in facts)
    closest: dict[tuple[Any, ...], tuple[int, tuple[int | None, ...]]] = {}
    for row in product(*([*sorted(values[fact.name]), None] for fact in facts)):
        at = dict(zip((fact.name for fact in facts), row, strict=True))
        apart = [_apart(meeting, at) for meeting in meetings]
        kind = (*(each is None for each in row), *map(_lying, apart))
        distance = sum(abs(each) for each in apart if each is not None)
        if kind not in closest or distance < closest[kind][0]:
            closest[kind] = distance, row
    return [
        {fact.name: _value(fact, each) for fact, each in zip(facts, row, strict=True)}
        for _, row in closest.values()
    ]


def _lying(apart: int | None) -> int | None:
    """At, next to, or further away on either side."""
    return None if apart is None else min(max(apart, -2), 2)


def _value(fact: Fact, number: int | None) -> int | date | None:
    return date.fromordinal(number) if fact.type == "date" and number is not None else number


def _apart(meeting: _Meeting, at: Mapping[str, int | None]) -> int | None:
    left, right = at[meeting.left], 0 if meeting.right is None else at[meeting.right]
    return None if left is None or right is None else left + meeting.apart - right


def _candidates(facts: Sequence[Fact], meetings: Sequence[_Meeting], samples: Samples) -> dict[str, set[int]]:
    """Numbers for each fact: next to every constant, and next to the numbers of the facts it meets.

    Any way the facts can lie to one another is met by numbers that touch one another in a chain which
    ends at a constant, so as many rounds as there are facts find one of each; facts that meet no constant
    start from a number that reads like a request.
    """
    values: dict[str, set[int]] = {fact.name: set() for fact in facts}
    for meeting in meetings:
        if meeting.right is None:
            values[meeting.left] |= {step - meeting.apart for step in (-1, 0, 1)}
    _spread(facts, meetings, values)
    for fact in facts:
        if not values[fact.name]:
            values[fact.name] = {_anchor(fact, samples)}
            _spread(facts, meetings, values)
    return values


def _spread(facts: Sequence[Fact], meetings: Sequence[_Meeting], values: dict[str, set[int]]) -> None:
    between = [meeting for meeting in meetings if meeting.right is not None]
    for _ in facts:
        before = {name: frozenset(found) for name, found in values.items()}
        for left, apart, right in between:
            assert right is not None, "only comparisons of two facts are left"
            values[right] |= {number + apart + step for number in before[left] for step in (-1, 0, 1)}
            values[left] |= {number - apart + step for number in before[right] for step in (-1, 0, 1)}
        for fact in facts:
            low, high = BOUNDS[fact.type]
            values[fact.name] = {min(max(each, low), high) for each in values[fact.name]}


def _anchor(fact: Fact, samples: Samples) -> int:
    given = next((each for each in samples.get(fact.name, ()) if each is not None), None)
    return _ANCHORS[fact.type] if given is None else ordinal(given)


def _meetings(expression: Expression) -> Iterator[_Meeting]:
    for node in walk(expression):
        match node:
            case Compare(_, left, right) if left.type in BOUNDS:
                yield from _meeting(left, right)
            case Between(term, low, high):
                yield from _meeting(term, low)
                yield from _meeting(term, high)
            case Member(fact, values) if fact.type in BOUNDS:
                for each in values:
                    yield from _meeting(fact, each)


def _meeting(left: Term, right: Term) -> Iterator[_Meeting]:
    (left_name, left_offset), (right_name, right_offset) = _side(left), _side(right)
    if left_name is not None:
        yield _Meeting(left_name, left_offset - right_offset, right_name)
    elif right_name is not None:
        yield _Meeting(right_name, right_offset - left_offset, None)


def _side(term: Term) -> tuple[str | None, int]:
    match term:
        case Fact(name):
            return name, 0
        case Constant(value):
            return None, ordinal(value)
        case Shift(start):
            fact, offset = _side(start)
            return fact, offset + term.offset
