"""An ordinary request: facts under which every clause holds, taken from the law file's own cases.

- It is the background of an example: a request like any other but for the facts that the example names.
- Nothing is decided by it; where a law has none, no request can pass, and that is said.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from solely.agreement.clause import Clause
from solely.agreement.document import Law
from solely.agreement.evaluate import verdict
from solely.agreement.regions import regions_of
from solely.errors import AgreementRefused

TRIES_MAX = 100_000
Row = dict[str, Any]


def ordinary_request(law: Law) -> Row:
    """Facts of both stages that meet every clause; raises AgreementRefused when none were found."""
    found: Row = {}
    for group in _connected(law):
        row = _fitted(group, law)
        if row is None:
            names = ", ".join(f"{clause.document} {clause.id}" for clause in group)
            raise AgreementRefused(
                f"`clause {group[0].id}`: no request was found that meets {names} together"
            )
        found |= row
    return {fact.name: found[fact.name] for fact in law.statute.facts if fact.name in found}


def _connected(law: Law) -> list[list[Clause]]:
    """The clauses in groups that share facts, directly or through others; stages share none."""
    groups: list[tuple[set[str], list[Clause]]] = []
    for clause in (*law.clauses("request"), *law.clauses("match")):
        facts, members = set(clause.facts), [clause]
        for group in [each for each in groups if each[0] & facts]:
            groups.remove(group)
            facts, members = facts | group[0], [*group[1], *members]
        groups.append((facts, members))
    return [members for _, members in groups]


def _fitted(clauses: Sequence[Clause], law: Law) -> Row | None:
    """Facts that meet all of some clauses, the first found; the search gives up after TRIES_MAX steps."""
    choices = [list(_meeting(clause, law)) for clause in clauses]
    tries = 0
    waiting: list[tuple[int, Row]] = [(0, {})]
    while waiting and tries < TRIES_MAX:
        tries += 1
        place, row = waiting.pop()
        if place == len(clauses):
            return row
        if all(name in row for name in clauses[place].facts):
            if verdict(clauses[place].expression, row) is True:
                waiting.append((place + 1, row))
            continue
        waiting += [
            (place + 1, row | choice)
            for choice in reversed(choices[place])
            if all(row[name] == value for name, value in choice.items() if name in row)
        ]
    return None


def _meeting(clause: Clause, law: Law) -> Iterator[Mapping[str, Any]]:
    """Rows that meet one clause: the cases that its author wrote first, then those of the region table."""
    document = law.statute if clause.document == "statute" else law.agreement
    cases = document.cases.get(clause.id, ())
    yield from (case.row for case in cases if case.expect is True)
    rows = [case.row for case in cases]
    yield from (region.row for region in regions_of(clause, rows) if region.verdict is True)
