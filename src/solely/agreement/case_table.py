"""Tables of cases for counsel: the region table written out, and counsel's own table judged row by row.

- A column is a fact; `null` says that it is not known, an empty cell that it is as in an ordinary request.
- A row with a `clause` expects what that clause says; one without expects what becomes of the request.
- Every message names row and column, and no message shows a cell.
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from io import StringIO
from typing import Any, NamedTuple

from solely.agreement.classes import atoms_of
from solely.agreement.clause import EXPECTATIONS, Clause, FactDeclaration, cell_value
from solely.agreement.document import Law
from solely.agreement.evaluate import verdict
from solely.agreement.expression import Fact, walk
from solely.agreement.ordinary import ordinary_request
from solely.agreement.regions import Region
from solely.errors import AgreementRefused, UsageError
from solely.model import STRICTNESS, Disposition

PERMITTED, NOT_PERMITTED = "permitted", "not permitted"
OUTCOMES = (PERMITTED, NOT_PERMITTED, "refused", "returned", "referred", "withheld")
HEADING = ("document", "clause", "case", "expect", "outcome", "decided_by")
READ, UNREAD = ("document", "clause", "expect"), ("case", "outcome", "decided_by", "note")
_WORDS = {value: word for word, value in EXPECTATIONS.items()}
_DELIMITERS = ",;\t"
CLOSE = 0.8  # difflib's ratio from which a value looks like a listed one misspelt
Row = Mapping[str, Any]


class Outcome(NamedTuple):
    """What becomes of a request, and the clauses that decide it; none when it is permitted."""

    word: str
    deciding: tuple[Clause, ...]


class CaseRow(NamedTuple):
    """One row of counsel's table: its line, the facts it names, its clause if any, and what it expects."""

    line: int
    row: Row
    clause: Clause | None
    expect: str


class Answer(NamedTuple):
    """What is so for a row, in the words of `expect`, and what becomes of the request.

    `doubts` are columns whose value no clause names although it is close to one that a clause does.
    """

    case: CaseRow
    found: str
    outcome: Outcome
    doubts: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the row expects something else."""
        if self.case.expect == NOT_PERMITTED:
            return self.found == PERMITTED
        return self.found != self.case.expect


def outcome_of(law: Law, row: Row) -> Outcome:
    """What becomes of a request with these facts: the strictest outcome of the clauses it does not meet.

    The clauses of the match are reached only by a request that meets all others, as at the gate (R-01).
    """
    for stage in ("request", "match"):
        outcomes = [
            (Disposition(clause.unknown if found is None else clause.otherwise), clause)
            for clause in law.clauses(stage)
            if (found := verdict(clause.expression, row)) is not True
        ]
        if outcomes:
            strictest = min((word for word, _ in outcomes), key=STRICTNESS.__getitem__)
            return Outcome(strictest.value, tuple(clause for word, clause in outcomes if word is strictest))
    return Outcome(PERMITTED, ())


def named(clause: Clause) -> str:
    """A clause as a table names it."""
    return f"{clause.document} {clause.id}"


# -- writing ------------------------------------------------------------------------------------------


def write_cases(law: Law, regions: Iterable[Region]) -> Iterator[list[str]]:
    """The rows of the table of all cases, the heading first; read again it holds in every row."""
    ordinary = ordinary_request(law)
    facts = [fact.name for fact in law.statute.facts if fact.name in ordinary]
    yield [*HEADING, *facts]
    for clause, row, found in regions:
        outcome = outcome_of(law, ordinary | dict(row))
        decided_by = "; ".join(map(named, outcome.deciding))
        case = ", ".join(f"{name.replace('_', ' ')} {cell_of(value)}" for name, value in row.items())
        cells = [cell_of(row[name]) if name in row else "" for name in facts]
        yield [clause.document, clause.id, case, _WORDS[found], outcome.word, decided_by, *cells]


def cell_of(value: Any) -> str:
    """A value as `cell_value` reads it; what a spreadsheet would trim or run is set in quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return "{" + ";".join(sorted("null" if each is None else each for each in value)) + "}"
    text = str(value)
    needs_quotes = text.strip() != text or text in ("", "null") or text[0] in "'=+-@"
    return f"'{text}'" if needs_quotes and isinstance(value, str) else text


# -- reading ------------------------------------------------------------------------------------------


def check_cases(law: Law, text: str) -> list[Answer]:
    """What is so for every row of counsel's table; raises UsageError naming row and column."""
    cases, ordinary, listed = _read_cases(law, text), ordinary_request(law), _listed(law)
    answers = []
    for case in cases:
        row = ordinary | dict(case.row)
        outcome = outcome_of(law, row)
        found = outcome.word
        if case.clause is not None and case.expect in EXPECTATIONS:
            found = _WORDS[verdict(case.clause.expression, row)]
        answers.append(Answer(case, found, outcome, tuple(_doubts(case.row, listed))))
    return answers


def _listed(law: Law) -> dict[str, set[str]]:
    """The texts that clauses name, by the fact that they are held against."""
    listed: dict[str, set[str]] = {}
    for clause in (*law.statute.clauses, *law.agreement.clauses):
        for node in walk(clause.expression):
            texts = {atom[1] for atom in atoms_of(node) if atom[0] == "equals"}
            facts = {each.name for each in walk(node) if isinstance(each, Fact)}
            for name in facts if texts else ():
                listed.setdefault(name, set()).update(texts)
    return listed


def _doubts(row: Row, listed: Mapping[str, Collection[str]]) -> Iterator[str]:
    for name, value in row.items():
        texts = listed.get(name, ())
        if isinstance(value, str) and value not in texts:
            for near in get_close_matches(value, texts, 1, CLOSE):
                yield f"column `{name}`: no clause names this value; did you mean `{near}`"


def _read_cases(law: Law, text: str) -> list[CaseRow]:
    lines = [(number, cells) for number, cells in _cells(text) if any(cell.strip() for cell in cells)]
    if len(lines) < 2:
        raise UsageError("the table has no row; its first line names the columns, each other line is a case")
    heading = [cell.strip() for cell in lines[0][1]]
    facts = _columns(law, heading)
    found, faults = [], []
    for number, cells in lines[1:]:
        try:
            found.append(_case(law, facts, number, _by_column(heading, cells, number)))
        except UsageError as error:
            faults.append(str(error))
    if faults:
        more = f" (and {len(faults) - 1} more rows)" if len(faults) > 1 else ""
        raise UsageError(faults[0] + more)
    return found


def _cells(text: str) -> list[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        for cells in reader:
            rows.append((reader.line_num, cells))
    except csv.Error:
        raise UsageError(
            f"row {reader.line_num}: a quotation mark is not closed, or a cell is far too long"
        ) from None
    return rows


def _columns(law: Law, heading: Sequence[str]) -> dict[str, FactDeclaration]:
    read = {name for clause in (*law.statute.clauses, *law.agreement.clauses) for name in clause.facts}
    facts = {fact.name: fact for fact in law.statute.facts if fact.name in read}
    for name in heading:
        if heading.count(name) > 1:
            raise UsageError(f"column `{name}`: it stands twice")
        if name not in facts and name not in (*READ, *UNREAD):
            near = get_close_matches(name, [*facts, *READ], 1)
            raise UsageError(f"column `{name}`: no clause reads a fact of that name" + _cure(near))
    if "expect" not in heading:
        raise UsageError("column `expect` is missing: it says what should be so for each row")
    return facts


def _cure(near: Sequence[str]) -> str:
    return f"; did you mean `{near[0]}`" if near else "; `--out` writes a table with all of them"


def _by_column(heading: Sequence[str], cells: Sequence[str], number: int) -> dict[str, str]:
    if len(cells) > len(heading):
        raise UsageError(f"row {number}: it has {len(cells)} cells, the heading {len(heading)}")
    return dict(zip(heading, (cell.strip() for cell in cells), strict=False))


def _case(law: Law, facts: Mapping[str, FactDeclaration], number: int, cells: Mapping[str, str]) -> CaseRow:
    row = {}
    for name, cell in cells.items():
        if name in facts and cell:
            try:
                row[name] = cell_value(facts[name].type, cell, name)
            except AgreementRefused:
                raise UsageError(f"row {number}, column `{name}`: {_wanted(facts[name].type)}") from None
    clause = _clause(law, number, cells)
    expect = cells.get("expect", "")
    admitted = (*EXPECTATIONS, *OUTCOMES) if clause else OUTCOMES
    if expect not in admitted:
        cure = "" if clause or expect not in EXPECTATIONS else "; name the clause in a column `clause`"
        raise UsageError(f"row {number}, column `expect`: it is one of {', '.join(admitted)}{cure}")
    return CaseRow(number, row, clause, expect)


def _wanted(kind: str) -> str:
    form = {
        "date": "a day such as 2026-01-31",
        "int": "a whole number",
        "bool": "true or false",
        "set": "names in braces such as {address;name}",
    }
    return f"it is {form.get(kind, 'a text')}, or `null` when it is not known"


def _clause(law: Law, number: int, cells: Mapping[str, str]) -> Clause | None:
    name, document = cells.get("clause", ""), cells.get("document", "")
    if not name:
        return None
    found = [
        clause
        for clause in (*law.statute.clauses, *law.agreement.clauses)
        if clause.id == name and document in ("", clause.document)
    ]
    if not found:
        raise UsageError(f"row {number}, column `clause`: there is no such clause in statute or agreement")
    if len(found) > 1:
        raise UsageError(
            f"row {number}, column `document`: statute and agreement both have that clause; name one"
        )
    return found[0]
