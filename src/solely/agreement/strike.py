"""What remains when a court strikes something: it permits less, or it is not written (R-83).

- A struck entry of a list is a permission gone; what remains is shown to permit no more.
- A struck clause is a condition gone, and what it held back would leave. It goes only where another clause's
  form shows that it secures the same; else nothing is written, and what the clause secured is said.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from solely.agreement.clause import EXPECTATIONS, Clause
from solely.agreement.document import Document, Law
from solely.agreement.english import english
from solely.agreement.entailment import upholding
from solely.agreement.evaluate import verdict
from solely.agreement.expression import NamedList, walk
from solely.agreement.markdown import item_of
from solely.agreement.parts import Part, cut
from solely.agreement.terms import NOT_STATED
from solely.errors import AgreementRefused, NotPermitted, UsageError

_VERSION = re.compile(rb'version = "[0-9]{1,9}"\n')


class Struck(NamedTuple):
    """The remaining agreement, and what to tell of it."""

    data: bytes
    said: tuple[str, ...]


def strike(data: bytes, law: Law, what: str, order: str) -> Struck:
    """The agreement without `what`, a clause's id or `LIST: ENTRY`; its number is one higher."""
    name, mark, entry = what.partition(": ")
    schedule = _schedule_of(law.agreement, name)
    if mark and schedule:
        struck = _strike_entry(data, law.agreement, (schedule, name, entry))
    else:
        struck = _strike_clause(data, law, what.removeprefix("clause ").removeprefix("rule "))
    renumbered = _renumber(struck.data, law.agreement)
    return Struck(renumbered, (*struck.said, f"struck by order {order}"))


def _schedule_of(document: Document, name: str) -> str | None:
    """The schedule whose list bears this name."""
    for schedule, entries in document.schedules.items():
        if isinstance(entries.get(name), list):
            return schedule
    return None


def _renumber(data: bytes, document: Document) -> bytes:
    number = int(document.version)
    head, tail = data.split(b"\n+++\n", 1)
    renumbered, count = _VERSION.subn(b'version = "%d"\n' % (number + 1), head + b"\n", count=1)
    assert count == 1, "a signed agreement states its number"
    return renumbered[:-1] + b"\n+++\n" + tail


def _strike_entry(data: bytes, document: Document, place: tuple[str, str, str]) -> Struck:
    schedule, name, entry = place
    values = list(document.schedules[schedule][name])
    if entry not in values:
        raise UsageError(f"`{name}`: the list has no such entry; it has {', '.join(map(str, values))}")
    values.remove(entry)
    if not values:
        raise NotPermitted(
            f"`{name}`: it was the last entry; without it nothing is permitted, so stay the agreement instead"
        )
    label, text = f"schedule {schedule}: {name}", f"{name} = {json.dumps(values, ensure_ascii=False)}\n"
    parts = [Part(label, text.encode()) if part.label == label else part for part in cut(data)]
    readers = {
        clause.id: (clause, tuple(values))
        for clause in document.clauses
        if any(isinstance(node, NamedList) and node.name == name for node in walk(clause.expression))
    }
    remaining = b"".join(_with_cases(part, document, readers) for part in parts)
    said = f"`{entry}` was permitted by `{name}`; it no longer is, and nothing else changes"
    return Struck(remaining, (said, "what remains permits no more than before"))


def _with_cases(part: Part, document: Document, readers: dict[str, tuple[Clause, tuple[str, ...]]]) -> bytes:
    """The bytes of a part; a table of cases of a clause that reads the list says what is so now."""
    kind, _, name = part.label.partition(" ")
    if kind != "cases" or name not in readers:
        return part.data
    clause, values = readers[name]
    rows = iter(document.cases[name])
    lines, row_number = [], 0
    for line in part.data.decode().split("\n"):
        if line.startswith("|"):
            row_number += 1
        if not line.startswith("|") or row_number <= 2:
            lines.append(line)
            continue
        found = verdict(_with_list(clause.expression, values), next(rows).row)
        words = {value: word for word, value in EXPECTATIONS.items()}
        lines.append(line.rstrip()[:-1].rpartition("|")[0] + f"| {words[found]} |")
    return "\n".join(lines).encode()


def _with_list(node: Any, values: tuple[str, ...]) -> Any:
    """The same expression whose named list, where it held all of `values`, holds only these."""
    from dataclasses import fields, is_dataclass, replace

    if isinstance(node, NamedList):
        return NamedList(node.name, values) if set(values) < set(node.values) else node
    if isinstance(node, tuple):
        return tuple(_with_list(each, values) for each in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    return replace(node, **{each.name: _with_list(getattr(node, each.name), values) for each in fields(node)})


def _strike_clause(data: bytes, law: Law, clause_id: str) -> Struck:
    struck = [each for each in law.agreement.clauses if each.id == clause_id]
    if not struck:
        lists = [name for entries in law.agreement.schedules.values() for name in entries]
        raise UsageError(
            f"`{clause_id[:40]}`: no rule has this id, and no list this entry; name a rule, as 3(d), or "
            f"`{lists[0]}: ENTRY`"
        )
    clause = struck[0]
    others = [each for each in (*law.statute.clauses, *law.agreement.clauses) if each is not clause]
    covers = [others[place] for place in upholding(others, clause)]
    secured = f"`clause {clause_id}` is a condition; it secured that {english(clause.expression)}"
    if not covers:
        raise NotPermitted(
            f"{secured}. Without it an item that is now {clause.otherwise} could leave, and no other "
            "clause is shown to secure the same; so nothing is written. An order that ends what the clause "
            "conditioned strikes the list entry that permits it, or stays the agreement (R-83)"
        )
    named = ", ".join(f"{each.document} {each.id}" for each in covers)
    said = (secured, f"that stays secured by {named}", "what remains permits no more than before")
    return Struck(_without(cut(data), law.agreement, clause), said)


def _without(parts: Sequence[Part], document: Document, clause: Clause) -> bytes:
    """The text without a clause's rule and cases; its item, when no rule is left, goes too."""
    gone = {f"rule {clause.id}", f"cases {clause.id}"}
    item = item_of(clause.id)
    if not any(each is not clause and item_of(each.id) == item for each in document.clauses):
        gone |= {part.label for part in parts if part.label.split(" #")[0] == f"clause {item}"}
    remaining = b"".join(part.data for part in parts if part.label not in gone)
    if remaining == b"".join(part.data for part in parts):
        raise AgreementRefused(f"`clause {clause.id}`: {NOT_STATED}")
    return remaining
