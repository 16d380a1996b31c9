"""A clause: the header that says what follows when its rule is not met, the rule, and its cases.

- The header has closed keys; every clause says its stage, outcome, words, citation, element, code and rules.
- A clause reads facts of its own stage only: before the match there is no fact about a record (R-01).
- Each case of a clause holds, and fails when the clause is inverted: otherwise it shows nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from solely.agreement.evaluate import verdict
from solely.agreement.expression import Expression, Fact, Type, facts_of
from solely.agreement.markdown import Fence, item_of
from solely.agreement.parser import Names, parse_rule
from solely.agreement.tokens import RuleError, parsed_date, parsed_int
from solely.errors import AgreementRefused

HEADER_KEYS = (
    "stage",
    "scope",
    "otherwise",
    "unknown",
    "say",
    "cite",
    "also covered by",
    "element",
    "code",
    "rules",
)
REQUIRED_KEYS = ("stage", "otherwise", "say", "cite", "element", "code", "rules")
OUTCOMES = {"request": ("refused", "returned", "referred"), "match": ("withheld", "referred")}
UNKNOWN_OUTCOME = {"request": "returned", "match": "withheld"}
EXPECTATIONS: Mapping[str, bool | None] = {"holds": True, "fails": False, "unknown": None}
_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_RULE_ID = re.compile(r"R-(?:0[1-9]|[1-9][0-9]|10[0-7])")
# Words that no output uses as a claim; `say` and `cite` reach outputs.
_CLAIMS = re.compile(r"\b(lawful|legal|compliant|certified)\b", re.IGNORECASE)


class FactDeclaration(NamedTuple):
    """A fact that a statute declares: its type, its stage, the column it comes from and how it is made."""

    name: str
    type: Type
    stage: str
    source: str
    normaliser: str


class Case(NamedTuple):
    """One row of a cases table: facts, and the verdict that the clause must give."""

    row: Mapping[str, Any]
    expect: bool | None


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, ready to be judged; `otherwise` is the outcome of false, `unknown` that of unknown."""

    id: str
    document: str
    stage: str
    scope: str
    otherwise: str
    unknown: str
    element: str
    code: str
    rules: tuple[str, ...]
    say: str
    cite: str
    facts: tuple[str, ...]
    expression: Expression
    also_covered_by: str = ""
    text: str = ""

    @property
    def unknown_code(self) -> str:
        """The reason code when the verdict is unknown: `code` would claim what nobody knows."""
        return "MISSING" if self.stage == "request" else "NOT_KNOWN"


def parse_clause(
    fence: Fence, document: str, text: str, declared: Mapping[str, FactDeclaration], names: Names
) -> Clause:
    """The clause of one rule fence; raises AgreementRefused naming the clause and the cure."""
    place = fence.place
    head, mark, rule = fence.text.partition("\n---\n")
    if not mark:
        raise AgreementRefused(f"{place}: a line `---` stands between header and rule")
    header = _header(head, place)
    try:
        expression = parse_rule(rule, names)
    except RuleError as error:
        raise AgreementRefused(f"{place}: {error}") from None
    facts = tuple(fact.name for fact in facts_of(expression))
    _require_stage(place, header["stage"], facts, declared)
    return Clause(
        id=fence.name,
        document=document,
        stage=header["stage"],
        scope=header.get("scope", "item"),
        otherwise=header["otherwise"],
        unknown=header.get("unknown", UNKNOWN_OUTCOME[header["stage"]]),
        element=header["element"],
        code=header["code"],
        rules=tuple(header["rules"].replace(",", " ").split()),
        say=header["say"],
        cite=header["cite"],
        facts=facts,
        expression=expression,
        also_covered_by=header.get("also covered by", ""),
        text=text,
    )


def _header(text: str, place: str) -> dict[str, str]:
    header: dict[str, str] = {}
    for line in text.split("\n"):
        key, mark, value = line.partition(": ")
        if not mark or not value.strip():
            raise AgreementRefused(f"{place}: a header line is `key: value`, on one line")
        if key not in HEADER_KEYS:
            raise AgreementRefused(f"{place}: the header key `{key[:40]}` is unknown")
        if key in header:
            raise AgreementRefused(f"{place}: the header key `{key}` stands twice")
        header[key] = value.strip()
    for key in REQUIRED_KEYS:
        if key not in header:
            raise AgreementRefused(f"{place}: the header key `{key}` is missing")
    _require_closed(header, place)
    return header


def _require_closed(header: Mapping[str, str], place: str) -> None:
    stage = header["stage"]
    outcomes = OUTCOMES.get(stage, ())
    outcome_words = f"at stage {stage} is one of {', '.join(outcomes)}"
    rules = header["rules"].replace(",", " ").split()
    closed = (
        (stage in OUTCOMES, "`stage` is request or match"),
        (
            header.get("scope", "item") == "item",
            "`scope` is item; no fact of a batch or agreement is declared",
        ),
        (header["otherwise"] in outcomes, f"`otherwise` {outcome_words}"),
        (header.get("unknown", "") in ("", *outcomes), f"`unknown` {outcome_words}"),
        (_NAME.fullmatch(header["element"]), "`element` is the column that the requester would mend"),
        (_CODE.fullmatch(header["code"]), "`code` is written IN_CAPITALS"),
        (
            rules and all(map(_RULE_ID.fullmatch, rules)),
            "`rules` names rules of the rule book, R-01 to R-107",
        ),
        (not _CLAIMS.search(f"{header['say']} {header['cite']}"), "`say` and `cite` claim nothing (R-90)"),
    )
    for holds, words in closed:
        if not holds:
            raise AgreementRefused(f"{place}: {words}")


def _require_stage(
    place: str, stage: str, facts: Sequence[str], declared: Mapping[str, FactDeclaration]
) -> None:
    for name in facts:
        if declared[name].stage != stage:
            cure = (
                "no record is read before the request has passed (R-01)"
                if stage == "request"
                else "use its own"
            )
            raise AgreementRefused(f"{place}: `{name}` is a fact of stage {declared[name].stage}; {cure}")


def item_text(clause_id: str, items: Mapping[str, str]) -> str:
    """The prose of the item that a clause belongs to."""
    return items.get(item_of(clause_id), "")


# -- cases --------------------------------------------------------------------------------------------


def parse_cases(fence: Fence, clause: Clause) -> tuple[Case, ...]:
    """The cases of one clause; raises AgreementRefused naming the table and the line."""
    place = fence.place
    rows = [_cells(line, place) for line in fence.text.split("\n") if line.strip()]
    if len(rows) < 4 or not all(re.fullmatch(r":?-+:?", cell) for cell in rows[1]):
        raise AgreementRefused(f"{place}: a pipe table with a heading, a rule line and at least two cases")
    names = rows[0]
    if names[-1] != "expect" or sorted(names[:-1]) != sorted(clause.facts):
        raise AgreementRefused(f"{place}: its columns are the facts {', '.join(clause.facts)}, last `expect`")
    types = {fact.name: fact for fact in facts_of(clause.expression)}
    cases = [_case(names, cells, types, place) for cells in rows[2:]]
    if {case.expect is True for case in cases} != {True, False}:
        raise AgreementRefused(f"{place}: at least one case holds and at least one does not")
    return tuple(cases)


def _cells(line: str, place: str) -> list[str]:
    if not (line.startswith("|") and line.rstrip().endswith("|")):
        raise AgreementRefused(f"{place}: every line of the table begins and ends with `|`")
    return [cell.strip() for cell in line.strip()[1:-1].split("|")]


def _case(names: Sequence[str], cells: Sequence[str], facts: Mapping[str, Fact], place: str) -> Case:
    if len(cells) != len(names):
        raise AgreementRefused(f"{place}: a line has {len(cells)} cells, the heading {len(names)}")
    if cells[-1] not in EXPECTATIONS:
        raise AgreementRefused(f"{place}: `expect` is holds, fails or unknown")
    pairs = zip(names[:-1], cells[:-1], strict=True)
    row = {name: cell_value(facts[name].type, cell, place) for name, cell in pairs}
    return Case(row, EXPECTATIONS[cells[-1]])


def cell_value(kind: Type, cell: str, place: str) -> Any:
    """The value that a cell of a cases table states; raises AgreementRefused naming the table."""
    if cell == "null":
        return None
    if kind == "text":
        return cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == "'" else cell
    if kind == "bool" and cell in ("true", "false"):
        return cell == "true"
    if kind == "set" and cell[:1] == "{" and cell[-1:] == "}":
        names = [each.strip() for each in cell[1:-1].split(";") if each.strip()]
        return frozenset(None if each == "null" else each for each in names)
    try:
        if kind == "date":
            return parsed_date(cell)
        if kind == "int" and re.fullmatch(r"-?[0-9]+", cell, re.ASCII):
            return parsed_int(cell)
    except RuleError:
        pass
    raise AgreementRefused(f"{place}: `{cell[:40]}` is no value of type {kind}; a missing one is `null`")


def case_findings(clause: Clause, cases: Sequence[Case]) -> list[str]:
    """The cases that do not hold, by number."""
    found = []
    for number, case in enumerate(cases, start=1):
        given = verdict(clause.expression, case.row)
        if given is not case.expect:
            words = {value: word for word, value in EXPECTATIONS.items()}
            found.append(
                f"`cases {clause.id}`: case {number} expects {words[case.expect]}, not {words[given]}"
            )
    return found
