"""Law files: a statute or an agreement, parsed whole or refused with the clause or term and the cure.

- A statute declares the facts; an agreement uses its statute's facts and adds clauses and schedules (R-04).
- The decision is every clause of both, so an agreement cannot loosen; what would try to is refused here.
- Nothing is half loaded: `parse_*` raise at the first finding, `findings` lists them all.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from solely.agreement.clause import (
    Case,
    Clause,
    FactDeclaration,
    case_findings,
    item_text,
    parse_cases,
    parse_clause,
)
from solely.agreement.expression import NamedList, walk
from solely.agreement.markdown import Source, binding_findings, parse_source
from solely.agreement.narrowing import narrowing_findings
from solely.agreement.parser import Names
from solely.agreement.terms import (
    AGREEMENT_TERMS,
    NOT_STATED,
    SCHEDULES,
    STATUTE_TERMS,
    agreement_term_findings,
    is_further,
    parse_facts,
    parse_matching,
    parse_schedule,
    require_terms,
    required_schedules,
)
from solely.canonical import canonical_json, sha256_hex
from solely.errors import AgreementRefused
from solely.model import COLUMNS, MatchingPolicy

_ENTRY = re.compile(r"^\s*(\w+)\s*=", re.MULTILINE)
_WORD = re.compile(r"\w+")
# Raised when the same rule text would be judged otherwise; it stands in every decision's digest.
SEMANTICS = "solely/rules/1"

__all__ = [
    "NOT_STATED", "Clause", "Document", "FactDeclaration", "Law", "findings", "parse_agreement",
    "parse_statute", "statute_id_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed law file; `sha256` is over its exact bytes, which are what the parties sign."""

    kind: str
    id: str
    version: str
    sha256: str
    terms: Mapping[str, Any]
    clauses: tuple[Clause, ...]
    schedules: Mapping[str, Any]
    facts: tuple[FactDeclaration, ...]
    cases: Mapping[str, tuple[Case, ...]] = field(default_factory=dict)

    @property
    def is_synthetic(self) -> bool:
        """Whether the document is an example that no real release may rest on."""
        return bool(self.terms.get("synthetic", False))

    @property
    def parties(self) -> tuple[str, ...]:
        """The ids of those who must sign; none for a statute."""
        return tuple(self.terms.get("parties", ()))


@dataclass(slots=True)
class _Draft:
    """A document under way: what could be read so far, and what could not."""

    kind: str
    source: Source
    found: list[str]
    schedules: dict[str, Any] = field(default_factory=dict)
    clauses: list[Clause] = field(default_factory=list)
    cases: dict[str, tuple[Case, ...]] = field(default_factory=dict)
    facts: tuple[FactDeclaration, ...] = ()
    unread: set[str] = field(default_factory=set)  # entries that should stand in schedules found wrong
    has_unread_clause: bool = False


def parse_statute(data: bytes) -> Document:
    """The statute in `data`; raises AgreementRefused naming the clause or term."""
    draft = _statute_draft(data)
    return _finished(draft, data)


def parse_agreement(data: bytes, statute: Document) -> Document:
    """The agreement in `data`, under its statute (R-03, R-04); raises AgreementRefused."""
    return _finished(_agreement_draft(data, statute), data)


def statute_id_of(data: bytes) -> str:
    """The id of the statute that an agreement stands under, before anything else of it is read."""
    authority = parse_source(data).terms.get("authority")
    if not isinstance(authority, str) or not authority.strip():
        raise AgreementRefused("`authority`: the id of the statute file that the agreement stands under")
    return authority


def findings(data: bytes, statute: bytes | None) -> list[str]:
    """All that is wrong with a law file, cases run too; none when it loads. A statute comes with None."""
    try:
        above = None if statute is None else parse_statute(statute)
    except AgreementRefused as error:
        return [f"the statute above does not load: {error}"]
    try:
        draft = _statute_draft(data) if above is None else _agreement_draft(data, above)
    except AgreementRefused as error:
        return [str(error)]
    return draft.found + _unheld(draft.clauses, draft.cases)


def require_cases_hold(law: "Law") -> None:
    """Return when every case under a clause of statute and agreement holds; else AgreementRefused.

    Asked before a text is signed or put in force; what is in force already is read without it.
    """
    found = [
        each
        for document in (law.statute, law.agreement)
        for each in _unheld(document.clauses, document.cases)
    ]
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise AgreementRefused(
            f"{found[0]}{more}; correct the rule or the case; `solely check` lists every one that fails"
        )


def _unheld(clauses: Sequence[Clause], cases: Mapping[str, Sequence[Case]]) -> list[str]:
    """The cases that do not hold, clause by clause."""
    return [
        finding
        for clause in clauses
        if clause.id in cases
        for finding in case_findings(clause, cases[clause.id])
    ]


def _finished(draft: _Draft, data: bytes) -> Document:
    if draft.found:
        more = f" (and {len(draft.found) - 1} more)" if len(draft.found) > 1 else ""
        raise AgreementRefused(draft.found[0] + more)
    return Document(
        kind=draft.kind,
        id=draft.source.terms["id"],
        version=draft.source.terms["version"],
        sha256=sha256_hex(data),
        terms=draft.source.terms,
        clauses=tuple(draft.clauses),
        schedules=draft.schedules,
        facts=draft.facts,
        cases=draft.cases,
    )


def _statute_draft(data: bytes) -> _Draft:
    draft = _opened("statute", data, STATUTE_TERMS, ())
    if "facts" in draft.schedules:
        try:
            draft.facts = parse_facts(draft.schedules["facts"])
        except AgreementRefused as error:
            draft.found.append(str(error))
            return draft
    _read_clauses(draft, draft.facts)
    draft.found += _unread_lists(draft, {"releasable": ("releasable_by_statute",)})
    known = {fact.name for fact in draft.facts}
    for name in draft.schedules.get("no_substitute", {}).get("facts_without_substitute", ()):
        if name not in known:
            draft.found.append(f"`schedule no_substitute`: `{name}` is no declared fact")
    return draft


def _agreement_draft(data: bytes, statute: Document) -> _Draft:
    draft = _opened("agreement", data, AGREEMENT_TERMS, [fact.name for fact in statute.facts])
    if not draft.found:
        draft.found += agreement_term_findings(draft.source.terms, draft.schedules)
    if draft.source.terms.get("authority") != statute.id:
        draft.found.append("`authority`: it names another statute than the one it is loaded under")
    try:
        parse_matching(draft.schedules.get("matching", {}))
    except AgreementRefused as error:
        draft.found.append(str(error))
    _read_clauses(draft, statute.facts)
    draft.found += narrowing_findings(draft.clauses, draft.schedules, statute.clauses, statute.schedules)
    draft.found += _unread_lists(draft, dict.fromkeys(("bases", "statutes", "purposes", "fields"), ()))
    return draft


def _unread_lists(draft: _Draft, spared: Mapping[str, Container[str]]) -> list[str]:
    """A list of what is agreed that no clause holds a request against: it would promise and check nothing.

    `spared` names the schedules of such lists, each with the entries that others read.
    """
    if draft.unread or draft.has_unread_clause:
        return []  # a clause that reads a list may be one that could not be read itself
    nodes = (node for clause in draft.clauses for node in walk(clause.expression))
    read = {node.name for node in nodes if isinstance(node, NamedList)}
    return [
        f"`schedule {schedule}`: no clause reads the list `{entry}`; add one, or nothing holds it (R-02)"
        for schedule, others in spared.items()
        for entry in draft.schedules.get(schedule, {})
        if entry not in read and entry not in others
    ]


def _opened(kind: str, data: bytes, required: tuple[str, ...], facts: Container[str]) -> _Draft:
    source = parse_source(data)
    draft = _Draft(kind, source, require_terms(source.terms, required) + binding_findings(source))
    for fence in source.fences:
        if fence.kind != "schedule":
            continue
        if fence.name not in required_schedules(kind, facts):
            draft.found.append(f"{fence.place}: {_misplaced(kind, fence.name)}")
            continue
        try:
            draft.schedules[fence.name] = parse_schedule(fence, kind, facts)
        except AgreementRefused as error:
            draft.found.append(str(error))
            draft.unread |= {*SCHEDULES[kind].get(fence.name, ()), *_ENTRY.findall(fence.text)}
    present = {fence.name for fence in source.fences if fence.kind == "schedule"}
    for name in required_schedules(kind, facts):
        if name not in present:
            draft.found.append(
                f"`schedule {name}`: the schedule is missing; nothing defaults silently (R-03)"
            )
            draft.unread |= {*SCHEDULES[kind].get(name, ())}
    return draft


def _misplaced(kind: str, name: str) -> str:
    if kind == "agreement" and name == "facts":
        return "an agreement uses the facts of its statute and declares none (R-04)"
    return f"a {kind} has no schedule of that name"


def _read_clauses(draft: _Draft, facts: tuple[FactDeclaration, ...]) -> None:
    declared = {fact.name: fact for fact in facts}
    names = _names(draft, facts)
    for fence in draft.source.fences:
        try:
            if fence.kind == "rule":
                text = item_text(fence.name, draft.source.items)
                draft.clauses.append(parse_clause(fence, draft.kind, text, declared, names))
        except AgreementRefused as error:
            draft.has_unread_clause = True
            if draft.unread.isdisjoint(_WORD.findall(fence.text)):  # else the schedule is what is wrong
                draft.found.append(str(error))
    if not draft.clauses and not draft.unread:
        draft.found.append("`clauses`: there is none, and a document without a clause decides nothing (R-02)")
    _read_cases(draft)


def _read_cases(draft: _Draft) -> None:
    by_id = {clause.id: clause for clause in draft.clauses}
    for fence in draft.source.fences:
        try:
            if fence.kind == "cases" and fence.name in by_id:
                draft.cases[fence.name] = parse_cases(fence, by_id[fence.name])
        except AgreementRefused as error:
            draft.found.append(str(error))


def _names(draft: _Draft, facts: tuple[FactDeclaration, ...]) -> Names:
    parameters: dict[str, Any] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for schedule, entries in draft.schedules.items():
        if schedule in ("facts", "matching"):
            continue
        for key, value in entries.items():
            if isinstance(value, list):
                lists[key] = tuple(value)
            else:
                parameters[key] = value
    clash = {fact.name for fact in facts} & {*parameters, *lists}
    draft.found += [f"`{name}`: a schedule gives a fact's name another meaning" for name in sorted(clash)]
    return Names({fact.name: fact.type for fact in facts}, parameters, lists)


# -- the law of a gate --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Law:
    """A statute and the agreement under it: what every decision of a gate rests on."""

    statute: Document
    agreement: Document
    statement: str = ""  # the digest of what was signed; a draft has none
    sealed_until: date | None = (
        None  # the first day on which a sealed permission ends, as orders state it
    )

    @classmethod
    def of(cls, agreement: bytes, statute: bytes) -> "Law":
        """The law in two files, whoever has signed them; raises AgreementRefused (R-03, R-04)."""
        above = parse_statute(statute)
        return cls(above, parse_agreement(agreement, above))

    def clauses(self, stage: str) -> tuple[Clause, ...]:
        """The clauses of one stage, the statute's first; an item goes on when every one is true (R-02)."""
        both = (*self.statute.clauses, *self.agreement.clauses)
        return tuple(clause for clause in both if clause.stage == stage)

    @property
    def matching(self) -> MatchingPolicy:
        """The agreement's parameters for identification."""
        return parse_matching(self.agreement.schedules["matching"])

    @property
    def signers(self) -> tuple[str, ...]:
        """The offices whose signature a letter may bear (R-11)."""
        return tuple(self.agreement.schedules["signers"]["offices"])

    @property
    def parties(self) -> tuple[str, ...]:
        """The ids of those who must have signed the agreement, the custodian first (R-06)."""
        return self.agreement.parties

    @property
    def further_facts(self) -> tuple[FactDeclaration, ...]:
        """The facts of the request that this statute declares besides those known by name."""
        return tuple(fact for fact in self.statute.facts if is_further(fact))

    @property
    def further_columns(self) -> tuple[str, ...]:
        """The columns that a submission may have besides the standard ones, in order of declaration."""
        sources = dict.fromkeys(fact.source for fact in self.further_facts)
        return tuple(each for each in sources if each not in COLUMNS)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that may leave (R-45)."""
        return tuple(self.agreement.schedules["fields"]["agreed_fields"])

    @property
    def limits(self) -> Mapping[str, Any]:
        """The agreement's limits by name (contracts 5)."""
        return dict(self.agreement.schedules["limits"])

    @property
    def obligations(self) -> Mapping[str, Any]:
        """The duties attached to a release; orders and release read them."""
        return dict(self.agreement.schedules["obligations"])

    @property
    def release_days_max(self) -> int:
        """Days from release until its use ends (R-49, R-62)."""
        return int(self.agreement.schedules["obligations"]["release_days_max"])

    @property
    def reply_days(self) -> int:
        """Days from the decision within which a returned item is cured or contested (R-87)."""
        return int(self.agreement.schedules["obligations"]["reply_days"])

    @property
    def contestable(self) -> tuple[str, ...]:
        """What may stand behind a rule that two officers lift on a contest (R-87)."""
        return tuple(self.agreement.schedules["obligations"]["contestable"])

    @property
    def reconsider_days(self) -> int:
        """Days from a contest within which it is decided (R-87)."""
        return int(self.agreement.schedules["obligations"]["reconsider_days"])

    @property
    def starts_on(self) -> date | None:
        """The first day of the agreement; None when the text does not state it."""
        return self._day("starts_on")

    @property
    def ends_on(self) -> date | None:
        """The last day of the agreement; None when the text does not state it (R-03)."""
        return self._day("ends_on")

    @property
    def awaits_until(self) -> date | None:
        """The day before which nothing is released: a public notice is not in force yet (R-10)."""
        return self._day("awaits_until")

    @property
    def onward_authorities(self) -> tuple[str, ...]:
        """Under which authorities a recipient may share what it got; none unless listed (R-54)."""
        onward = self.agreement.terms["onward_disclosure"]
        return tuple(onward["authorities"]) if isinstance(onward, dict) else ()

    @property
    def urgent_check_days(self) -> int | None:
        """Days from a release until another official has checked it; None where no path is urgent (R-99)."""
        days = self.obligations.get("urgent_check_days")
        return None if days is None else int(days)

    @property
    def answer_hours_max(self) -> int | None:
        """Hours from receipt until what may leave has left; None where no clock is stated (R-77)."""
        hours = self.obligations.get("answer_hours_max")
        return None if hours is None else int(hours)

    @property
    def is_confirmed_only(self) -> bool:
        """True when a release says that the request's address corresponds, and holds none (R-47)."""
        return bool(self.obligations.get("confirm_only", 0))

    def _day(self, key: str) -> date | None:
        term = self.agreement.terms["term"]
        value = NOT_STATED if term == NOT_STATED else term.get(key)
        return value if isinstance(value, date) else None

    @property
    def is_synthetic(self) -> bool:
        """Whether the agreement is an example; stamped on every output (contracts 7)."""
        return self.agreement.is_synthetic

    @property
    def digest(self) -> str:
        """What entries and decisions name the law by: the digest of the signed statement.

        It names the salted root, so that nobody learns a sealed part from the ledger by trying values (R-89).
        A draft is named by both files, fact declarations and the rules' meaning.
        """
        return self.statement or sha256_hex(
            canonical_json(
                {
                    "agreement": self.agreement.sha256,
                    "facts": [list(fact) for fact in self.statute.facts],
                    "semantics": SEMANTICS,
                    "statute": self.statute.sha256,
                }
            )
        )
