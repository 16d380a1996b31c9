"""An agreement as one HTML page for counsel: text, rule, English, authority, cases, coverage.

- The text is the file's own, in its order; under each item stands what the machine reads.
- Verdicts are handed in, none is made here (R-106); what the page cannot show stands on it (R-90).
- One file: no script, no outside resource; readable on a narrow screen and in print.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from solely.agreement.clause import Clause
from solely.agreement.document import NOT_STATED, Document, Law
from solely.agreement.english import english
from solely.agreement.expression import NamedList, walk
from solely.agreement.markdown import Block
from solely.oversight.page import Column, document, section, table

_HIDDEN_TERMS = ("synthetic",)


class CaseResult(NamedTuple):
    """One case of a clause as it is shown: the cells of its facts, what is expected, what the clause says."""

    cells: tuple[str, ...]
    expected: str
    found: str


class Demand(NamedTuple):
    """One clause of the statute, and the clauses of the agreement that secure it, or else that touch it."""

    clause: Clause
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """All that the page shows; `cases` by clause id, `strengths` by rule of the rule book.

    `covered` is the solver that says which clauses secure each demand; else nothing, and why none did.
    """

    law: Law
    blocks: tuple[Block, ...]
    cases: Mapping[str, Sequence[CaseResult]]
    strengths: Mapping[str, str]
    coverage: tuple[Demand, ...]
    covered: tuple[str, str] = ("", "")


def render(data: AgreementPage) -> str:
    """The whole page."""
    agreement = data.law.agreement
    stamp = "synthetic · " if agreement.is_synthetic else ""
    head, sections = content(data)
    body = (
        f'<a class="skip" href="#content">Skip to the agreement</a>{head}<main id="content">{sections}</main>'
        f"<footer><p>{stamp}made by solely from <code>agreement.md</code>, SHA-256 "
        f"<code>{agreement.sha256}</code>. No request and no record is on this page.</p></footer>"
    )
    return document(f"Agreement {agreement.id}, version {agreement.version}", body)


def content(data: AgreementPage) -> tuple[str, str]:
    """Head and sections of the agreement, for a page of its own or for the console's frame."""
    law = data.law
    parts = (_how_to_read(), _terms(law.agreement), _text(data), _coverage(data), _facts(law), _limits(law))
    return _header(data), "".join(parts)


def anchor(clause: Clause) -> str:
    """The place of a clause on the page."""
    return "rule-" + re.sub(r"[^0-9a-z]+", "-", clause.id).strip("-")


def _title(data: AgreementPage) -> str:
    titles = [block.text for block in data.blocks if (block.kind, block.name) == ("heading", "1")]
    return titles[0] if titles else data.law.agreement.id


def _header(data: AgreementPage) -> str:
    agreement, statute = data.law.agreement, data.law.statute
    banner = (
        '<p class="banner">This agreement is an example: synthetic, for demo keys, binding nobody.</p>'
        if agreement.is_synthetic
        else ""
    )
    places = [
        ("terms", "Terms"),
        *((_section_id(title), title) for title in _sections(data)),
        ("coverage", "Which clauses touch what the statute demands"),
        ("facts", "The facts that the clauses read"),
        ("limits", "What this page cannot show"),
    ]
    links = "".join(f'<li><a href="#{place}">{escape(title)}</a></li>' for place, title in places)
    return (
        "<header>"
        f'<p class="over">Agreement <code>{escape(agreement.id)}</code>, version '
        f"{escape(agreement.version)}</p><h1>{escape(_title(data))}</h1>"
        f'<p class="lead">Between {escape(_joined(agreement.parties))}, under '
        f"{escape(str(statute.terms.get('citation', statute.id)))}.</p>{banner}"
        '<nav aria-labelledby="contents"><h2 id="contents">Contents</h2>'
        f'<ul class="contents">{links}</ul></nav></header>'
    )


def _joined(words: Sequence[str]) -> str:
    return " and ".join(words) if len(words) < 3 else ", ".join(words)


def _how_to_read() -> str:
    return section(
        "reading",
        "How to read this page",
        "<p>A request is permitted only when every clause below, and every clause of the statute, is met. A "
        "clause is met, not met, or not known because a fact that it needs is missing; what is not known "
        "never permits. Under each item of the text stands its rule, as the machine reads it and as the file "
        "writes it, with cases that show what it says.</p>",
    )


# -- terms --------------------------------------------------------------------------------------------


def _terms(agreement: Document) -> str:
    shown = [(name, value) for name, value in agreement.terms.items() if name not in _HIDDEN_TERMS]
    return section("terms", "Terms", _pairs((name.replace("_", " "), _term(value)) for name, value in shown))


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """Names with what is said of each; the latter is HTML already."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in pairs)
    return f'<dl class="facts">{rows}</dl>'


def _term(value: Any) -> str:
    if isinstance(value, dict):
        return "<br>".join(f"{escape(name.replace('_', ' '))}: {_term(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return "<br>".join(_term(each) for each in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value == NOT_STATED:
        return f"<em>{escape(value)}</em>"
    return f"{value:,}" if isinstance(value, int) else escape(str(value))


# -- the text with its rules --------------------------------------------------------------------------


def _sections(data: AgreementPage) -> list[str]:
    return [block.text for block in data.blocks if (block.kind, block.name) == ("heading", "2")]


def _section_id(title: str) -> str:
    return "text-" + re.sub(r"[^0-9a-z]+", "-", title.lower()).strip("-")


def _text(data: AgreementPage) -> str:
    """The body of the file: one section for each heading of the second level, the text before it first."""
    clauses = {clause.id: clause for clause in data.law.agreement.clauses}
    parts: list[tuple[str, list[str]]] = [("", [])]
    for block in data.blocks:
        if (block.kind, block.name) == ("heading", "2"):
            parts.append((block.text, []))
        else:
            parts[-1][1].append(_block(block, data, clauses))
    opening = f'<section aria-label="Opening words">{"".join(parts[0][1])}</section>'
    return opening + "".join(section(_section_id(title), title, "".join(found)) for title, found in parts[1:])


def _block(block: Block, data: AgreementPage, clauses: Mapping[str, Clause]) -> str:
    match block.kind:
        case "prose":
            return f"<p>{_prose(block.text)}</p>"
        case "heading":
            return f"<h3>{escape(block.text)}</h3>" if block.name != "1" else ""
        case "schedule":
            return _schedule(block.name, data.law.agreement.schedules[block.name])
        case "rule":
            return _rule(clauses[block.name], block.text, data)
    return ""  # cases stand under their rule


def _schedule(name: str, entries: Mapping[str, Any]) -> str:
    rows = _pairs((entry.replace("_", " "), _term(value)) for entry, value in entries.items())
    return f"<h3>Schedule of {escape(name.replace('_', ' '))}</h3>{rows}"


def _rule(clause: Clause, fence: str, data: AgreementPage) -> str:
    place = anchor(clause)
    written = fence.partition("\n---\n")[2]
    facts = [
        ("If it is not met", f"{clause.otherwise}; the requester is told: {clause.say}"),
        ("If it is not known", clause.unknown),
        ("Authority", clause.cite),
        ("Strength", ", ".join(f"{rule} ({data.strengths[rule]})" for rule in clause.rules)),
    ]
    if clause.stage == "match":
        facts[0] = ("If it is not met", f"{clause.otherwise}; the requester gets the neutral answer")
    if clause.also_covered_by:
        facts.append(("Also covered by", clause.also_covered_by))
    lists = {node.name: node.values for node in walk(clause.expression) if isinstance(node, NamedList)}
    facts[:0] = [(f"The list {name.replace('_', ' ')}", ", ".join(values)) for name, values in lists.items()]
    pairs = _pairs((name, escape(value)) for name, value in facts)
    return (
        f'<section class="rule" aria-labelledby="{place}"><h3 id="{place}">Rule {escape(clause.id)}</h3>'
        f'<p class="reads">Met when {_quoted_names(english(clause.expression))}.</p>'
        f"<pre><code>{escape(written)}</code></pre>"
        f"{pairs}{_cases(clause, data.cases.get(clause.id, ()))}</section>"
    )


def _quoted_names(words: str) -> str:
    """Names in quotes and texts in backquotes, marked up."""
    parts = re.split(r'("[^"]*"|`[^`]*`)', words)
    return "".join(_marked(part) for part in parts)


def _prose(text: str) -> str:
    """Prose of a law file, what stands in backquotes as code."""
    return "".join(
        _marked(part) if part[:1] == "`" else escape(part) for part in re.split(r"(`[^`]*`)", text)
    )


def _marked(part: str) -> str:
    if part.startswith('"') and len(part) > 1:
        return f"<q>{escape(part[1:-1])}</q>"
    if part.startswith("`") and len(part) > 1:
        return f"<code>{escape(part[1:-1])}</code>"
    return escape(part)


def _cases(clause: Clause, results: Sequence[CaseResult]) -> str:
    heads = [Column(name.replace("_", " ")) for name in clause.facts]
    rows = [
        (
            *map(escape, each.cells),
            each.expected,
            each.found if each.found == each.expected else f"<strong>differs: {each.found}</strong>",
        )
        for each in results
    ]
    return table(f"Cases of rule {clause.id}", [*heads, Column("expected"), Column("result")], rows)


# -- coverage, facts, limits --------------------------------------------------------------------------


def _coverage(data: AgreementPage) -> str:
    places = {clause.id: anchor(clause) for clause in data.law.agreement.clauses}
    verb = "secure" if data.covered[0] else "touch"
    rows = []
    for demand in data.coverage:
        links = ", ".join(f'<a href="#{places[each]}">{escape(each)}</a>' for each in demand.by)
        rows.append(
            (
                escape(demand.clause.id),
                _prose(demand.clause.text),
                f"Met when {_quoted_names(english(demand.clause.expression))}.",
                links or "none: the statute's own clause alone",
            )
        )
    columns = (
        Column("Statute"),
        Column("What it demands, in the words of its reading"),
        Column("As the machine reads it"),
        Column(f"Clauses of the agreement that {verb} it"),
    )
    note = (
        f"<p>{_how_covered(*data.covered)} The statute's own clause is judged with every request, whatever "
        "the agreement says.</p>"
    )
    return section(
        "coverage",
        f"Which clauses {verb} what the statute demands",
        note + table("Demands of the statute and the clauses of the agreement", columns, rows, "wide words"),
    )


def _how_covered(solver: str, why: str) -> str:
    if solver:
        return (
            f"Proved by {escape(solver)}: no request that meets the clauses named fails the demand, and each "
            "of them is needed for that."
        )
    return (
        "Not proved: a clause touches a demand of the statute when it reads one of the same facts; whether "
        f"it secures the demand was not asked ({escape(why)})."
    )


def _facts(law: Law) -> str:
    clauses = (*law.statute.clauses, *law.agreement.clauses)
    rows = []
    for fact in law.statute.facts:
        readers = [f"{each.document} {each.id}" for each in clauses if fact.name in each.facts]
        if readers:
            name = escape(fact.name.replace("_", " "))
            rows.append((name, _TYPE_WORDS[fact.type], _STAGE_WORDS[fact.stage], escape(", ".join(readers))))
    columns = (Column("Fact"), Column("Kind"), Column("Known from"), Column("Read by"))
    return section("facts", "The facts that the clauses read", table("Facts", columns, rows, "wide words"))


_TYPE_WORDS = {
    "text": "a text",
    "int": "a whole number",
    "date": "a day",
    "bool": "true or false",
    "set": "a set of names",
}
_STAGE_WORDS = {"request": "the request alone", "match": "the records, after the request has passed"}


def _limits(law: Law) -> str:
    statute = law.statute
    reviewer = statute.terms.get("reviewer", NOT_STATED)
    lines = (
        f"The statute file is one reading: {statute.id}, version {statute.version}, reviewed by {reviewer}, "
        f"SHA-256 {statute.sha256}. Whoever reads it otherwise can run the same checks on another.",
        "Text and rule are put side by side; that they mean the same is for a reader to say.",
        "Facts are the requester's word and what the gate reads from it; that they are true is not shown.",
        "What leaves around the gate is not seen by it.",
        "Who has signed the file is not shown; the gate loads it only with every party's signature.",
    )
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return section("limits", "What this page cannot show", f'<ul class="limits">{items}</ul>')
