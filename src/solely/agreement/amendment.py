"""What a newer version of an agreement lets through that the older did not, told without any solver (R-09).

- It errs on one side only: what it cannot see to be as narrow counts as wider, and wants both signatures.
- Each clause of the older version must stand in the newer, or the clauses over the same facts must secure it
  in every case that they can tell apart. `solely diff` asks a solver, finds what this cannot see, and shows
  an example.
- Besides rules: what follows when one is not met, and the terms and schedules that no clause reads.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from solely.agreement.classes import ColumnRefused
from solely.agreement.clause import Clause
from solely.agreement.document import Document, Law
from solely.agreement.evaluate import verdict
from solely.agreement.expression import And
from solely.agreement.regions import RegionsRefused, region_rows

# Of what is not met: nothing helps, or it is cured and sent again, or a person may let it through.
OPENNESS = ("refused", "withheld", "returned", "referred")
# What a version says of itself; none of it is agreed.
_OF_THE_VERSION = {"id", "version", "read_on", "source", "reviewer"}


def widened(new: Law, old: Law) -> list[str]:
    """Everything by which the newer version may let through more, each named; none when it only narrows."""
    terms = [f"`{name}`: it differs, and is not seen to be narrower" for name in wider_terms(new, old)]
    return [*_unsecured(new, old), *looser_outcomes(new, old), *terms]


def _clauses(law: Law) -> tuple[Clause, ...]:
    return (*law.statute.clauses, *law.agreement.clauses)


def _unsecured(new: Law, old: Law) -> Iterator[str]:
    for clause in _clauses(old):
        if not _is_secured(clause, _clauses(new)):
            yield f"`clause {clause.id}` of the {clause.document}: the newer version is not seen to secure it"


def _is_secured(clause: Clause, by: Sequence[Clause]) -> bool:
    if any(each.expression == clause.expression for each in by):
        return True
    over_the_same = [each.expression for each in by if set(each.facts) <= set(clause.facts)]
    if not over_the_same:
        return False
    try:
        rows = region_rows(And((clause.expression, *over_the_same)))
    except (RegionsRefused, ColumnRefused):
        return False
    return all(
        verdict(clause.expression, row) is True
        for row in rows
        if all(verdict(each, row) is True for each in over_the_same)
    )


def looser_outcomes(new: Law, old: Law) -> list[str]:
    """Clauses of one name whose failure has a milder outcome now: a person may pass what was refused."""
    kept = {(each.document, each.id): each for each in _clauses(new)}
    found = []
    for clause in _clauses(old):
        other = kept.get((clause.document, clause.id))
        for key in ("otherwise", "unknown"):
            before = getattr(clause, key)
            after = getattr(other, key, before)
            if OPENNESS.index(after) > OPENNESS.index(before):
                found.append(
                    f"`clause {clause.id}` of the {clause.document}: `{key}` is `{after}`, not `{before}`"
                )
    return found


def wider_terms(new: Law, old: Law) -> list[str]:
    """The terms and schedule entries that are not seen to be narrower; a duty dropped is wider too."""
    found = []
    for before, after in ((old.statute, new.statute), (old.agreement, new.agreement)):
        stated, said = _entries(before), _entries(after)
        for name in dict.fromkeys((*stated, *said)):
            if not _is_narrower(name, stated.get(name), said.get(name)):
                found.append(f"{before.kind}: {name}")
    return found


def _entries(document: Document) -> dict[str, Any]:
    """Terms and schedule entries by name; the facts of a statute as one."""
    found: dict[str, Any] = {
        name: value for name, value in document.terms.items() if name not in _OF_THE_VERSION
    }
    for schedule, entries in document.schedules.items():
        if schedule != "facts":
            found |= {f"schedule {schedule}: {name}": value for name, value in entries.items()}
    term = found.get("term")
    if isinstance(term, Mapping):
        found |= {f"term: {name}": value for name, value in term.items()}
        del found["term"]
    if document.facts:
        found["schedule facts"] = tuple(document.facts)
    return found


def _is_narrower(name: str, before: Any, after: Any) -> bool:
    """Whether an entry is the same or plainly asks for less."""
    if before == after:
        return True
    if name.startswith("schedule no_substitute") and isinstance(before, list) and isinstance(after, list):
        return set(before) <= set(after)
    if name.startswith("schedule ") and isinstance(before, list) and isinstance(after, list):
        return set(after) <= set(before)
    if name == "term: ends_on" and isinstance(after, date):
        return not isinstance(before, date) or after <= before
    if type(before) is not type(after) or not isinstance(before, int | date):
        return False
    if name.endswith(("_min", "_required")) or ": earliest_" in name or name == "term: starts_on":
        return bool(after >= before)
    return name.endswith(("_max", "_floor")) and bool(after <= before)
