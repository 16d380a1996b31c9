"""Prove an agreement against a reading of its statute, and compare two versions; no gate, record or key.

- Solvers answer in child processes; with `both`, the second answers every question again, and where the two
  differ nothing counts as proved.
- Every example is judged by the plain evaluator and by DuckDB before it is shown.
- Whatever is claimed comes with its limits, and with what differs from the reviewed reading first (R-90).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from solely.agreement import proofs
from solely.agreement.amendment import RULE_DIFFERS, changes, wider_terms
from solely.agreement.classes import ColumnRefused
from solely.agreement.document import NOT_STATED, SEMANTICS, Document, Law, parse_statute
from solely.agreement.expression import Constant, Expression, NamedList, walk
from solely.agreement.ordinary import ordinary_request
from solely.agreement.proofs import Claim, Labeled
from solely.agreement.questions import Asked, Questions, asked_again, script
from solely.agreement.reading import ReviewedReading, differences, parse_reading, record_text
from solely.agreement.smt import Row
from solely.canonical import canonical_json, sha256_hex
from solely.errors import AgreementRefused, NotDecided, UsageError
from solely.store.engine import open_engine
from solely.store.law import document_path, find_law
from solely.store.rule_engine import RuleEngine
from solely.store.solver import PACKAGES, Solver, solver

FORMAT = "solely/proof/1"
SOLVERS = (*PACKAGES, "both")
LIMITS = (
    "facts are the requester's word: the proof starts where the facts step has read them",
    "facts are taken one by one: an example may join facts that no single request would yield",
    "what leaves by other ways than this gate is not seen",
    "that a clause's prose and its rule mean the same is for a person to say",
    "a statute file is one reading: whoever reads the statute otherwise can submit another and ask again",
)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was asked and answered; `first` stands before every claim, `limits` behind."""

    law: str
    subjects: tuple[Document, ...]
    first: tuple[str, ...]
    claims: tuple[Claim, ...]
    limits: tuple[str, ...]
    solvers: tuple[str, ...]
    slowest_ms: float
    asked: tuple[Asked, ...]
    script: str
    usual: Row

    @property
    def failures(self) -> list[Claim]:
        """The claims for which the agreement is refused, or which show that a version widens."""
        return [claim for claim in self.claims if claim.is_failure]


class Covered(NamedTuple):
    """By the statute's clause, the ids of the agreement's that secure it; `solver` says so, or `why` not."""

    solver: str
    why: str
    by: Mapping[str, tuple[str, ...]]


def law_at(path: Path) -> tuple[Law, ReviewedReading | None]:
    """The agreement at `path` with its statute, and the record of the statute's review."""
    files = find_law(path)
    return files.as_law(), None if files.reading is None else parse_reading(files.reading)


def prove(agreement: Path, against: Path | None = None, solver_name: str = "z3") -> Proof:
    """Everything that is asked of one agreement, held against its own statute or another reading of it."""
    law, reading = law_at(agreement)
    above = law.statute if against is None else _statute_at(against)
    _require_same_facts(law.statute, above)
    clauses = proofs.clauses_of(law)
    other = {} if above.sha256 == law.statute.sha256 else proofs.labeled(above.clauses, "other ")
    asking = _Asking(clauses | other, proofs.parts_to_ask(clauses), _usual(law), solver_name)
    with asking:
        claims = _claims(asking.questions, law, clauses, other)
        asking.finish(claims)
    limits = (*_held_against(law.statute, reading), *LIMITS)
    first = [*differences(law.statute, reading), *_laxer(claims, above)]
    return asking.proof((law, above), first, claims, limits)


def coverage_of(law: Law) -> Covered:
    """Which of the agreement's own clauses secure each demand of the statute, or why that was not asked."""
    clauses = proofs.clauses_of(law)
    try:
        with _Asking(clauses, (), _usual(law), "z3") as asking:
            claims = proofs.coverage(asking.questions, law)
            asking.finish(claims)
    except NotDecided as not_decided:
        return Covered("", str(not_decided), {})
    own = {label: clause.id for label, clause in proofs.labeled(law.agreement.clauses).items()}
    by = {claim.about: tuple(own[label] for label in claim.by) for claim in claims}
    demands = proofs.labeled(law.statute.clauses)
    return Covered(asking.running[0].version, "", {clause.id: by[label] for label, clause in demands.items()})


def compare(old: Path, new: Path, solver_name: str = "z3") -> Proof:
    """Every clause by which the newer version lets through more, terms too; and what it tightens."""
    before, after = law_at(old)[0], law_at(new)[0]
    _require_same_facts(before.statute, after.statute)
    clauses, olds = proofs.clauses_of(after), proofs.clauses_of(before, "old ")
    asking = _Asking(clauses | olds, (), _usual(before), solver_name)
    with asking:
        claims = proofs.compared(asking.questions, clauses, olds)
        asking.finish(claims)
    claims += _changed_clauses(after, before, claims)
    told_already = _read_by(claim.example.unmet for claim in claims if claim.is_failure and claim.example)
    claims += [
        Claim("term", name, False, "it differs, and is not seen to be narrower")
        for name in wider_terms(after, before)
        if name.rpartition(": ")[2] not in told_already
    ]
    return asking.proof((after, before.agreement), [], claims, LIMITS)


def _changed_clauses(after: Law, before: Law, claims: Sequence[Claim]) -> list[Claim]:
    """What became of each clause that differs in more than its rule, or whose outcome is not seen to stand.

    Of a rule that a solver found wider, and of one that is plainly narrower, the solver's claim tells.
    """
    told = {claim.about.removeprefix("old ") for claim in claims if claim.is_failure}
    return [
        Claim("clause", each.about, False, each.words, is_required=each.is_wider and each.about not in told)
        for each in changes(after, before)
        if each.is_wider or each.words != RULE_DIFFERS
    ]


def _read_by(groups: Iterable[Sequence[Expression]]) -> set[str]:
    """The lists and parameters that some rules read: a clause that is told tells of them."""
    nodes = (node for group in groups for each in group for node in walk(each))
    return {node.name for node in nodes if isinstance(node, NamedList | Constant)}


def _claims(questions: Questions, law: Law, clauses: Labeled, other: Labeled) -> list[Claim]:
    above = other or proofs.labeled(law.statute.clauses)
    claims = [proofs.satisfiable(questions, clauses)]
    if not claims[0].holds:
        return claims  # of an agreement that permits nothing everything can be proved
    if other:
        own = proofs.labeled(law.statute.clauses)
        claims += proofs.narrower(questions, other, own, "reading")
    claims += proofs.narrower(questions, clauses, above)
    claims += proofs.coverage(questions, law)
    claims += proofs.live(questions, law)
    claims += proofs.dead_parts(questions, law)
    claims += proofs.null_safe(questions, clauses)
    return [*claims, proofs.monotone(questions, clauses)]


def reading_record(path: Path, reviewer: str, reviewed_on: date, contested: Sequence[str]) -> str:
    """The record of the review of the statute at `path`, for its reviewer to check and keep beside it."""
    return record_text(_statute_at(path), reviewer, reviewed_on, contested)


class _Asking(ExitStack):
    """The solvers at work on one set of clauses."""

    def __init__(self, named: Labeled, others: Sequence[Any], usual: Row, solver_name: str) -> None:
        super().__init__()
        if solver_name not in SOLVERS:
            raise UsageError(f"`--solver` is one of {', '.join(SOLVERS)}")
        names = list(PACKAGES) if solver_name == "both" else [solver_name]
        self.usual = usual
        self.running: list[Solver] = [self.enter_context(solver(name)) for name in names]
        try:
            self.questions = Questions(self.running[0].ask, proofs.expressions(named), others, usual)
        except ColumnRefused as refused:
            self.close()
            raise NotDecided(str(refused)) from None
        except BaseException:
            self.close()
            raise

    def finish(self, claims: Sequence[Claim]) -> None:
        """Let the other solver answer again, and both back ends judge every example; raises NotDecided."""
        for other in self.running[1:]:
            differing = asked_again(other.ask, self.questions.prelude, self.questions.asked)
            if differing:
                raise NotDecided(f"{other.name} answers otherwise: {differing[0]}; nothing counts as proved")
        wrong = proofs.unconfirmed(claims, RuleEngine(open_engine(None)).judge)
        if wrong:
            raise NotDecided(
                f"`{wrong[0].about}`: the example for it is judged otherwise by the rule engines; "
                "nothing counts as proved"
            )

    def proof(
        self, of: tuple[Law, Document], first: Sequence[str], claims: Sequence[Claim], limits: Sequence[str]
    ) -> Proof:
        """What was found of a law, beside another document, as one value."""
        asked = tuple(self.questions.asked)
        return Proof(
            law=of[0].digest,
            subjects=(of[0].agreement, of[1]),
            first=tuple(first),
            claims=tuple(claims),
            limits=tuple(limits),
            solvers=tuple(each.version for each in self.running),
            slowest_ms=round(1000 * max(each.slowest for each in self.running), 1),
            asked=asked,
            script=script(self.questions.prelude, asked),
            usual=self.usual,
        )


def _usual(law: Law) -> Row:
    try:
        return ordinary_request(law)
    except AgreementRefused:
        return {}  # none passes, or none was found; the solver says which


def _statute_at(path: Path) -> Document:
    document = document_path(path)
    if document.name == "agreement.md":
        raise UsageError("this is an agreement; name a statute's folder")
    return parse_statute(document.read_bytes())


def _require_same_facts(one: Document, other: Document) -> None:
    types = {fact.name: (fact.type, fact.stage) for fact in one.facts}
    for fact in other.facts:
        if types.get(fact.name, (fact.type, fact.stage)) != (fact.type, fact.stage):
            raise UsageError(
                f"`{fact.name}`: the two files declare this fact otherwise; they cannot be compared"
            )


def _laxer(claims: Sequence[Claim], above: Document) -> Iterator[str]:
    """What the reading that was given does not demand though the reviewed one does."""
    for claim in claims:
        if claim.kind == "reading" and not claim.holds:
            demand = claim.words.partition(": ")[2]
            given = f"the reading given (`{above.id}`, sha256 {above.sha256[:16]}…)"
            yield f"{given} does not demand {claim.about}: {demand}"


def _held_against(statute: Document, reading: ReviewedReading | None) -> Iterator[str]:
    yield f"held against statute `{statute.id}` version {statute.version}, sha256 {statute.sha256}"
    if reading is not None:
        yield f"that reading was reviewed on {reading.reviewed_on} by {reading.reviewer}"
        yield from (f"contested in that reading: {each}" for each in reading.contested)
    if statute.schedules["signers"]["offices_by_statute"] == NOT_STATED:
        yield "that reading does not state which offices may sign a letter: the agreement alone says so"


# -- recorded -----------------------------------------------------------------------------------------


def record_of(proof: Proof) -> bytes:
    """A proof as a record to keep beside the agreement; it speaks of one digest of the law and no other."""
    said = {"format": FORMAT, "law": proof.law, "script_sha256": sha256_hex(proof.script.encode())}
    answers = {key: value for key, value in proof_object(proof).items() if key != "slowest_ms"}
    return canonical_json(said | answers) + b"\n"


def recorded(data: bytes | None, law: Law) -> str:
    """What a record says of this very law; raises AgreementRefused when it says that the proof failed.

    A forged record widens nothing: it can only refuse, and every clause of the statute decides all the same.
    """
    if data is None:
        return "not recorded"
    try:
        said = json.loads(data)
        is_of_this = _is_of(said, law)
        solvers, holds, first = " and ".join(said["solvers"]), said["holds"] is True, list(said["first"])
    except (ValueError, KeyError, TypeError):
        return "a record that cannot be read"
    if not is_of_this:
        return "a record of another text; prove it again"
    if first or not holds:
        raise AgreementRefused(
            "`proof.json`: it says of this very text that the proof failed; prove it again"
        )
    return f"recorded: nothing failed, by {solvers}"


def _is_of(said: Mapping[str, Any], law: Law) -> bool:
    """True when a record is of this very law, read as this build reads it."""
    return (said["format"], said["law"], said["semantics"]) == (FORMAT, law.digest, SEMANTICS)


def idle_parts(data: bytes | None, law: Law) -> list[str]:
    """What a record of this very law names as deciding nothing: untidy, and no reason to refuse."""
    try:
        said = json.loads(data or b"{}")
        if not _is_of(said, law):
            return []
        return [f"{each['about']}: {each['words']}" for each in said["claims"] if each["kind"] == "dead part"]
    except (ValueError, KeyError, TypeError):
        return []


# -- told ---------------------------------------------------------------------------------------------


def proof_object(proof: Proof) -> dict[str, Any]:
    """A proof for programs."""
    return {
        "subjects": [
            {"id": each.id, "version": each.version, "sha256": each.sha256} for each in proof.subjects
        ],
        "semantics": SEMANTICS,
        "first": list(proof.first),
        "holds": not proof.failures,
        "claims": [_claim_object(claim, proof.usual) for claim in proof.claims],
        "solvers": list(proof.solvers),
        "questions": len(proof.asked),
        "slowest_ms": proof.slowest_ms,
        "limits": list(proof.limits),
    }


def _claim_object(claim: Claim, usual: Row) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": claim.kind,
        "about": claim.about,
        "holds": claim.holds,
        "required": claim.is_required,
        "words": claim.words,
        "by": list(claim.by),
    }
    if claim.example is not None:
        row = {name: _plain(value) for name, value in claim.example.row.items()}
        found["example"] = {"told": told(claim, usual), "changed": list(claim.example.changed), "facts": row}
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value, key=str)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def told(claim: Claim, usual: Row) -> str:
    """The example of a claim as a sentence: an ordinary request but for what makes the difference."""
    example = claim.example
    assert example is not None, "only an example is told"
    beside = [name for name, value in example.usual.items() if value != usual.get(name)]
    about = [f"{_words(name)} {_said(example.usual[name])}" for name in beside]
    start = f"an ordinary request with {', '.join(about)}" if about else "an ordinary request"
    if not example.changed:
        return start
    changes = [
        f"{_words(name)} {_said(example.row[name])} in place of {_said(example.usual[name])}"
        for name in example.changed
    ]
    return f"{start}, but with {', '.join(changes)}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _said(value: Any) -> str:
    if value is None:
        return "not known"
    if isinstance(value, frozenset):
        return "{" + "; ".join(str(each) for each in sorted(value, key=str)) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value == "":
        return "an empty text"
    return f"`{value}`" if isinstance(value, str) else str(value)


HEADINGS: Mapping[str, str] = {
    "satisfiable": "A request can pass",
    "reading": "What the reviewed reading demands, the reading given demands too",
    "narrower": "No request passes that this reading of the statute denies",
    "coverage": "What the statute demands, secured by the agreement's own clauses",
    "live": "Every clause decides something, or says what also covers it",
    "dead part": "Parts of clauses that decide nothing",
    "null-safe": "Facts without which no request passes",
    "monotone": "Not knowing a fact never helps a request",
    "not wider": "Clauses that are gone or changed, and what they denied is denied still",
    "tightened": "What the newer version denies and the older did not",
    "clause": "Clauses that differ: name, outcome, what stands behind them, words",
    "term": "Terms that no clause reads",
}
# Of these only what does not hold, or has a reason to tell, is worth a line.
_SHOWN_IN_PART = ("narrower", "reading", "live", "null-safe")


def proof_lines(proof: Proof) -> Iterator[str]:
    """A proof for people: what differs from the reviewed reading first, then claims by kind, then limits."""
    yield from (f"DIFFERENCE FROM THE REVIEWED READING: {said}" for said in proof.first)
    for kind, heading in HEADINGS.items():
        claims = [claim for claim in proof.claims if claim.kind == kind]
        if claims:
            yield heading + (f": {sum(claim.holds for claim in claims)} of {len(claims)}" * _is_counted(kind))
        standing = sum(claim.words == proofs.BY_CONSTRUCTION for claim in claims)
        if standing:
            yield f"  {standing} of these clauses stand on both sides: of them it holds by construction"
        for claim in claims:
            if not (claim.holds and kind in _SHOWN_IN_PART and not claim.by):
                yield from _claim_lines(claim, proof.usual)
    failures = len(proof.failures)
    yield f"{f'{failures} FAILED' if failures else 'nothing failed'}; {_asked_words(proof)}"
    yield "What this does not say:"
    yield from (f"  - {said}" for said in proof.limits)


def _is_counted(kind: str) -> bool:
    """Whether a count of claims that hold says something; of some kinds only the others are told."""
    return kind not in ("dead part", "tightened", "clause", "term")


def _claim_lines(claim: Claim, usual: Row) -> Iterator[str]:
    by = f" ({', '.join(claim.by)})" if claim.by else ""
    yield f"  {'FAILS: ' * claim.is_failure}{claim.about}: {claim.words}{by}"
    if claim.example is not None and not (claim.holds and claim.kind == "live"):
        yield f"      example: {told(claim, usual)}"


def _asked_words(proof: Proof) -> str:
    solvers = " and ".join(proof.solvers)
    return f"{len(proof.asked)} questions to {solvers}, the slowest {proof.slowest_ms} ms"
