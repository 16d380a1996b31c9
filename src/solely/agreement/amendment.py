"""What a newer version of an agreement changes, told without any solver (R-09).

- Clause by clause: gone, under another name, another header, another rule; and whether what it held back is
  held back still, with no milder outcome and nothing more for a person to lift (R-82, `entailment`).
- Term by term: those that no clause reads too.
- It errs on one side only: what it cannot see to be as narrow counts as wider, and wants both signatures.
  `solely diff` asks a solver too, finds what this cannot see, and shows an example.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from solely.agreement.clause import Clause
from solely.agreement.document import Document, Law
from solely.agreement.entailment import OPENNESS, upholding

# What stands in a clause's header besides the outcomes; each said in the words of the header.
_SAID_OF = {
    "stage": "stage",
    "scope": "scope",
    "element": "element",
    "code": "code",
    "rules": "rules",
    "say": "say",
    "cite": "cite",
    "also_covered_by": "also covered by",
}
RULE_DIFFERS = "its rule differs"
# What a version says of itself; none of it is agreed.
_OF_THE_VERSION = {"id", "version", "read_on", "source", "reviewer"}


class Change(NamedTuple):
    """What became of one clause of the older version.

    `is_wider`: not seen to hold back all that it held back; `is_plain`: it only has a stricter outcome or is
    gone behind others, so that one signature may do it.
    """

    about: str
    words: str
    is_wider: bool
    is_plain: bool

    @property
    def sentence(self) -> str:
        """The change as a finding."""
        document, _, clause = self.about.partition(" ")
        return f"`clause {clause}` of the {document}: {self.words}"


def widened(new: Law, old: Law) -> list[str]:
    """Everything by which the newer version may let through more, each named; none when it only narrows."""
    terms = [f"`{name}`: it differs, and is not seen to be narrower" for name in wider_terms(new, old)]
    return [*(each.sentence for each in changes(new, old) if each.is_wider), *terms]


def changes(new: Law, old: Law) -> list[Change]:
    """What became of each clause that does not stand as it stood; what was added only holds back more."""
    found = []
    for before, after in ((old.statute, new.statute), (old.agreement, new.agreement)):
        for clause in before.clauses:
            change = _change(clause, before, after, _clauses(new))
            if change is not None:
                found.append(change)
    return found


def _clauses(law: Law) -> tuple[Clause, ...]:
    return (*law.statute.clauses, *law.agreement.clauses)


def _change(clause: Clause, before: Document, after: Document, by: tuple[Clause, ...]) -> Change | None:
    if clause in after.clauses:
        return None
    about, named = f"{clause.document} {clause.id}", _successor(clause, before, after)
    words = ["it is gone"] if named is None else list(_differences(clause, named))
    is_wider = not upholding(by, clause)
    if is_wider:
        words.append(
            "what it held back is not seen to be held back still: it could pass, or a person let it through"
        )
    is_plain = named is None or _is_stricter(clause, named)
    return Change(about, "; ".join(words), is_wider, is_plain)


def _successor(clause: Clause, before: Document, after: Document) -> Clause | None:
    """The clause of the same name; else the one of the same rule whose name is new."""
    taken = {each.id for each in before.clauses}
    same = [each for each in after.clauses if each.id == clause.id]
    moved = [each for each in after.clauses if each.expression == clause.expression and each.id not in taken]
    return next(iter([*same, *moved]), None)


def _differences(clause: Clause, named: Clause) -> Iterator[str]:
    if named.id != clause.id:
        yield f"its name is `{named.id}`"
    for key in ("otherwise", "unknown"):
        then, now = getattr(clause, key), getattr(named, key)
        if now != then:
            is_milder = OPENNESS.index(now) > OPENNESS.index(then)
            yield f"`{key}` is `{now}`, {'milder' if is_milder else 'stricter'} than `{then}`"
    for key, name in _SAID_OF.items():
        then, now = _shown(getattr(clause, key)), _shown(getattr(named, key))
        if now != then:
            yield f"`{name}` is `{now}`, not `{then}`"
    if named.text != clause.text:
        yield "the words of its item differ"
    if named.expression != clause.expression:
        yield RULE_DIFFERS


def _shown(value: Any) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _is_stricter(clause: Clause, named: Clause) -> bool:
    """True when nothing but rule and outcomes differ, and no outcome is milder."""
    return all(getattr(named, key) == getattr(clause, key) for key in ("id", *_SAID_OF)) and all(
        OPENNESS.index(getattr(named, key)) <= OPENNESS.index(getattr(clause, key))
        for key in ("otherwise", "unknown")
    )


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
    if name == "term: ends_on":
        # Where the text states no end, the gate's own setting is one, and a stated day may lie behind it.
        return isinstance(before, date) and isinstance(after, date) and after <= before
    if type(before) is not type(after) or not isinstance(before, int | date):
        return False
    if name.endswith(("_min", "_required")) or ": earliest_" in name or name == "term: starts_on":
        return bool(after >= before)
    return name.endswith(("_max", "_floor")) and bool(after <= before)
