"""What counsel asks of an agreement, without a gate: its cases as a table, a table of their own, a page.

- Only law files are read here; no request, record or key is in reach.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from solely.agreement.case_table import Answer, cell_of, check_cases, named, write_cases
from solely.agreement.classes import ColumnRefused
from solely.agreement.clause import EXPECTATIONS, Case, Clause
from solely.agreement.evaluate import verdict
from solely.agreement.markdown import blocks_of
from solely.agreement.regions import RegionsRefused, region_table
from solely.decision.told import strength_of
from solely.errors import AgreementRefused, UsageError
from solely.oversight.agreement_page import AgreementPage, CaseResult, Demand, render
from solely.steps.proving import Covered, coverage_of
from solely.store.files import write_durably
from solely.store.law import LawFiles, find_law
from solely.store.table import write_table


def export_cases(path: Path, out: Path) -> dict[str, Any]:
    """Write every case that the clauses tell apart to a CSV file; path and counts come back."""
    law = find_law(path).as_law()
    try:
        regions = region_table(law)
    except (RegionsRefused, ColumnRefused) as refused:
        raise AgreementRefused(str(refused)) from None
    write_table(out, write_cases(law, regions))
    clauses = len(law.statute.clauses) + len(law.agreement.clauses)
    return {"file": str(out), "clauses_of_agreement_and_statute": clauses, "cases_told_apart": len(regions)}


def check_table(path: Path, table: Path) -> list[Answer]:
    """What is so for every row of counsel's own table of cases; raises UsageError naming row and column."""
    try:
        text = table.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError("`--check`: no such file") from None
    except UnicodeDecodeError:
        raise UsageError("`--check`: the file is not UTF-8; save it as CSV UTF-8") from None
    return check_cases(find_law(path).as_law(), text)


def write_page(path: Path, out: Path) -> dict[str, Any]:
    """Write the agreement as a page; its path and what stands on it come back."""
    if out.suffix != ".html":
        raise UsageError("`--out` names an .html file")
    page = page_of(find_law(path))
    write_durably(out, render(page).encode())
    return {
        "file": str(out),
        "clauses_of_the_agreement": len(page.law.agreement.clauses),
        "cases_under_them": sum(map(len, page.cases.values())),
    }


def page_of(files: LawFiles) -> AgreementPage:
    """What the page of an agreement shows: text, rules, cases, and what secures the statute's demands."""
    law, blocks = files.as_law(), blocks_of(files.agreement)
    clauses, covered = law.agreement.clauses, coverage_of(law)
    return AgreementPage(
        law=law,
        blocks=tuple(blocks),
        cases={clause.id: _results(clause, law.agreement.cases[clause.id]) for clause in clauses},
        strengths={rule: strength_of(rule) for clause in clauses for rule in clause.rules},
        coverage=tuple(Demand(each, _securing(each, clauses, covered)) for each in law.statute.clauses),
        covered=(covered.solver, covered.why),
    )


def _results(clause: Clause, cases: Sequence[Case]) -> list[CaseResult]:
    words = {value: word for word, value in EXPECTATIONS.items()}
    return [
        CaseResult(
            cells=tuple(_shown(case.row[name]) for name in clause.facts),
            expected=words[case.expect],
            found=words[verdict(clause.expression, case.row)],
        )
        for case in cases
    ]


def _shown(value: Any) -> str:
    return "not known" if value is None else cell_of(value)


def _securing(demand: Clause, clauses: Sequence[Clause], covered: Covered) -> tuple[str, ...]:
    """Those that a solver says secure it; without a solver's word, those that read one of its facts."""
    if covered.solver:
        return covered.by[demand.id]
    return tuple(clause.id for clause in clauses if set(clause.facts) & set(demand.facts))


def answer_object(answer: Answer) -> Mapping[str, Any]:
    """One answer for programs."""
    case, outcome = answer.case, answer.outcome
    return {
        "row": case.line,
        "clause": None if case.clause is None else named(case.clause),
        "expected": case.expect,
        "found": answer.found,
        "differs": answer.differs,
        "outcome": outcome.word,
        "decided_by": [named(clause) for clause in outcome.deciding],
        "doubts": list(answer.doubts),
    }


def answer_line(answer: Answer) -> str:
    """One answer for people: what was expected, what is so, which clause decides and what it says."""
    case, outcome = answer.case, answer.outcome
    about = "" if case.clause is None else f"{named(case.clause)} "
    said = (
        f"DIFFERS: expected {about}{case.expect}" if answer.differs else f"as expected: {about}{case.expect}"
    )
    if answer.differs and about:
        said += f", it {answer.found}" if answer.found in EXPECTATIONS else f", found {answer.found}"
    words = "; ".join(f"{named(clause)} ({clause.say})" for clause in outcome.deciding)
    decided = f"{outcome.word} by {words}" if outcome.deciding else "every clause holds"
    return "; ".join((f"row {case.line} {said}", decided, *answer.doubts))
