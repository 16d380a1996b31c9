"""An agreement may only narrow its statute: what would widen it is refused, with a counterexample (R-04).

- Every clause of both must be true, so no clause can undo another. What remains to be refused is an agreement
  that asks for more than the statute opens, and a clause in which something else makes up for what the
  statute demands for itself: a taxpayer number in place of an address (R-33).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, product
from typing import Any

from solely.agreement.classes import text_classes
from solely.agreement.clause import Clause
from solely.agreement.english import english
from solely.agreement.evaluate import verdict
from solely.agreement.expression import (
    And,
    Compare,
    Constant,
    Expression,
    Fact,
    Member,
    Not,
    Or,
    Within,
    facts_of,
    walk,
)
from solely.agreement.terms import NOT_STATED

COMBINATIONS_MAX = 50_000
_TRUTHS = (True, False, None)
Atoms = Mapping[Expression, bool | None]


def narrowing_findings(
    clauses: Sequence[Clause],
    schedules: Mapping[str, Any],
    statute_clauses: Sequence[Clause],
    statute_schedules: Mapping[str, Any],
) -> list[str]:
    """Where the agreement asks for more than its statute opens, each with the clause or entry."""
    found = []
    for schedule, opened, words, rule in (
        ("fields", statute_schedules["releasable"]["releasable_by_statute"], "open", "R-48"),
        ("purposes", statute_schedules["purposes"]["purposes_by_statute"], "open", "R-04"),
        ("signers", statute_schedules["signers"]["offices_by_statute"], "let sign", "R-11"),
    ):
        for value in chain.from_iterable(schedules.get(schedule, {}).values()):
            if opened != NOT_STATED and value not in opened:
                found.append(
                    f"`schedule {schedule}`: the statute does not {words} `{value}`; remove it ({rule})"
                )
    found += _purposes(clauses, statute_schedules["purposes"]["purposes_by_statute"])
    alone = frozenset(statute_schedules["no_substitute"]["facts_without_substitute"])
    for clause in clauses:
        found += _substitution(clause, alone, statute_clauses)
    return found


def _purposes(clauses: Sequence[Clause], opened: Any) -> list[str]:
    """The finding that a purpose which the statute does not open meets every clause that reads it."""
    reading = [clause for clause in clauses if any(f.name == "purpose" for f in facts_of(clause.expression))]
    if opened == NOT_STATED or not reading:
        return []
    expressions = [clause.expression for clause in reading]
    (purpose,) = {fact for each in expressions for fact in facts_of(each) if fact.name == "purpose"}
    for value in _samples(purpose, expressions[0], expressions[1:]):
        if value is not None and value not in opened and all(_may_pass(each, value) for each in expressions):
            place = f"clause {reading[0].id}"
            return [
                f"`{place}`: it lets a purpose pass that the statute does not open, such as `{value}`; "
                "name only those that it opens (R-04)"
            ]
    return []


def _may_pass(expression: Expression, purpose: str) -> bool:
    """True when a request of this purpose can meet the clause, whatever its other facts."""
    others = [each for each in _atoms(expression) if {fact.name for fact in facts_of(each)} != {"purpose"}]
    if 3 ** len(others) > COMBINATIONS_MAX:
        return True
    supposed = (dict(zip(others, values, strict=True)) for values in product(_TRUTHS, repeat=len(others)))
    return any(_supposed(expression, {"purpose": purpose}, atoms) is True for atoms in supposed)


def _substitution(clause: Clause, alone: frozenset[str], statute_clauses: Sequence[Clause]) -> list[str]:
    """The finding that some other fact makes up, in this clause, for one that nothing may make up for."""
    own = [fact for fact in facts_of(clause.expression) if fact.name in alone]
    atoms = [each for each in _atoms(clause.expression) if not {f.name for f in facts_of(each)} <= alone]
    if not own or not atoms:
        return []
    demanding = [each for each in statute_clauses if set(each.facts) <= {fact.name for fact in own}]
    demanded = [each.expression for each in demanding]
    samples = [_samples(fact, clause.expression, demanded) for fact in own]
    size = 3 ** len(atoms)
    for values in samples:
        size *= len(values)
    place = f"clause {clause.id}"
    if size > COMBINATIONS_MAX:
        return [f"`{place}`: it mixes too many facts with those that stand alone; split the clause (R-04)"]
    rows = [dict(zip((fact.name for fact in own), values, strict=True)) for values in product(*samples)]
    helped = _helped(clause.expression, rows, atoms, demanded)
    if helped is None:
        return []
    row, helper = helped
    return [
        f"`{place}`: {_demand(demanding, own)}, and this clause lets something else stand in for it (R-04); "
        f"counterexample: a request with {_shown(row)} passes the clause because {english(helper)}; "
        "take that alternative out of the clause, or make a clause of its own of it"
    ]


def _demand(demanding: Sequence[Clause], own: Sequence[Fact]) -> str:
    """What the statute demands for itself, in its own words and with its citation where a clause says it."""
    if not demanding:
        return (
            f"the statute lets nothing make up for {', '.join(fact.name.replace('_', ' ') for fact in own)}"
        )
    said = "; ".join(f"{each.say} ({each.cite})" for each in demanding)
    return f"the statute demands for itself: {said}"


def _helped(
    expression: Expression,
    rows: Sequence[Mapping[str, Any]],
    atoms: Sequence[Expression],
    demanded: Sequence[Expression],
) -> tuple[Mapping[str, Any], Expression] | None:
    """A row that fails the statute and passes the clause, though only thanks to a test on other facts.

    Thanks to it: there are other facts under which a better row would pass the clause and this row would not.
    """
    supposed = [dict(zip(atoms, values, strict=True)) for values in product(_TRUTHS, repeat=len(atoms))]
    passing = [
        {at for at, atoms in enumerate(supposed) if _supposed(expression, row, atoms) is True} for row in rows
    ]
    somewhere = frozenset().union(*passing)
    for row, passed in zip(rows, passing, strict=True):
        is_deficient = not demanded or not all(verdict(each, row) is True for each in demanded)
        if is_deficient and passed and somewhere - passed:
            with_help, without = supposed[min(passed)], supposed[min(somewhere - passed)]
            atom = next(each for each in atoms if with_help[each] is not without[each])
            return row, atom if with_help[atom] is not False else Not(atom)
    return None


def _supposed(expression: Expression, row: Mapping[str, Any], atoms: Atoms) -> bool | None:
    """The verdict when some tests are supposed to have the given truth values."""
    match expression:
        case And(parts):
            values = [_supposed(part, row, atoms) for part in parts]
            return False if False in values else None if None in values else True
        case Or(parts):
            values = [_supposed(part, row, atoms) for part in parts]
            return True if True in values else None if None in values else False
        case Not(part):
            value = _supposed(part, row, atoms)
            return None if value is None else not value
    return atoms[expression] if expression in atoms else verdict(expression, row)


def _atoms(expression: Expression) -> Iterator[Expression]:
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _atoms(part)
        case Not(part):
            yield from _atoms(part)
        case _:
            yield expression


def _samples(fact: Fact, expression: Expression, demanded: Sequence[Expression]) -> list[Any]:
    """Values of a fact that the tests can tell apart, and unknown."""
    if fact.type == "bool":
        return [True, False, None]
    found: dict[Any, None] = {}
    for node in (node for each in (expression, *demanded) for node in walk(each)):
        match node:
            case Compare(_, left, right) if fact in (left, right):
                found |= {each.value: None for each in (left, right) if isinstance(each, Constant)}
            case Member(of, values) if of == fact:
                found |= {each.value: None for each in values}
            case Within(of, names) if of == fact:
                found |= dict.fromkeys(names.values)
    if fact.type == "text":
        read = text_classes((expression, *demanded))[fact.name]
        found |= dict.fromkeys(each.witness for each in read.classes)
    if fact.type == "int":
        found |= {value + step: None for value in list(found) for step in (-1, 1)}
    return [*found, None]


def _shown(row: Mapping[str, Any]) -> str:
    words = {True: "true", False: "false", None: "not known"}
    return ", ".join(f"{name.replace('_', ' ')} {words.get(value, value)}" for name, value in row.items())
