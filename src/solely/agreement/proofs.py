"""What is asked of an agreement, and how the answers read: claims, each with a clause that secures it or an
example that shows otherwise.

- The decision is every clause of statute and agreement, so that it permits no more than its own statute holds
  by construction. What is worth asking is the rest: another reading of the statute; what the agreement's own
  clauses secure without the statute's; whether a newer version lets more through; what decides nothing.
- A claim that is not `is_required` informs: no agreement is refused for it.
- No claim is shown before its example was judged by the plain evaluator and by the engine (`unconfirmed`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from solely.agreement.clause import Clause
from solely.agreement.document import Law
from solely.agreement.english import english
from solely.agreement.evaluate import HasExpression, verdict
from solely.agreement.expression import Expression, Fact
from solely.agreement.questions import Example, Questions
from solely.agreement.variants import without_a_part
from solely.errors import NotDecided

Labeled = Mapping[str, Clause]
Judge = Callable[[Sequence[HasExpression], Mapping[str, Sequence[Any]]], Sequence[Sequence[bool | None]]]


BY_CONSTRUCTION = "the same clause stands on both sides, so this holds by construction"


@dataclass(frozen=True, slots=True)
class Claim:
    """One answer: of which clause or fact it speaks, whether it holds, and what shows it."""

    kind: str
    about: str
    holds: bool
    words: str
    is_required: bool = True
    by: tuple[str, ...] = ()
    example: Example | None = None

    @property
    def is_failure(self) -> bool:
        """Whether an agreement of which this is so is refused."""
        return self.is_required and not self.holds


def labeled(clauses: Sequence[Clause], before: str = "") -> dict[str, Clause]:
    """Clauses by the names that claims give them."""
    return {f"{before}{clause.document} {clause.id}": clause for clause in clauses}


def clauses_of(law: Law, before: str = "") -> dict[str, Clause]:
    """Every clause that a decision rests on, the statute's first."""
    return labeled(law.statute.clauses, before) | labeled(law.agreement.clauses, before)


def expressions(clauses: Labeled) -> dict[str, Expression]:
    """The rules of clauses, by name."""
    return {label: clause.expression for label, clause in clauses.items()}


def parts_to_ask(clauses: Labeled) -> list[Expression]:
    """The rules without each of their parts, which `dead_parts` asks about."""
    return [each.expression for clause in clauses.values() for each in without_a_part(clause.expression)]


# -- what the decision permits ------------------------------------------------------------------------


def satisfiable(questions: Questions, clauses: Labeled) -> Claim:
    """Whether any request at all passes every clause."""
    rules = expressions(clauses)
    if not questions.is_found("some request passes", [questions.formula(each) for each in rules.values()]):
        by = questions.reasons("no request passes, because", [], rules)
        return Claim("satisfiable", "decision", False, "no request can pass", by=by)
    example = questions.example(list(rules.values()), [])
    return Claim("satisfiable", "decision", True, "a request can pass every clause", example=example)


def narrower(
    questions: Questions, permitting: Labeled, above: Labeled, kind: str = "narrower"
) -> list[Claim]:
    """For each clause above, whether every request that passes all the permitting clauses meets it.

    Every clause that is not met is told, each with an example (R-04, R-09).
    """
    standing = set(expressions(permitting).values())
    claims = {
        label: Claim(kind, label, True, BY_CONSTRUCTION)
        for label, clause in above.items()
        if clause.expression in standing
    }
    _require_construction(questions, permitting, [above[label] for label in claims])
    asked = {label: clause for label, clause in above.items() if label not in claims}
    claims |= {claim.about: claim for claim in _narrower(questions, permitting, asked, kind)}
    return [claims[label] for label in above]


def _require_construction(questions: Questions, permitting: Labeled, standing: Sequence[Clause]) -> None:
    """Ask even what holds by construction, once for all: a solver that denies it is not to be believed."""
    passed = [questions.formula(each) for each in expressions(permitting).values()]
    fails = [f"(not {questions.formula(clause.expression)})" for clause in standing]
    name = "a request passes that fails a clause which stands in the decision"
    if standing and questions.is_found(name, [*passed, f"(or false {' '.join(fails)})"]):
        raise NotDecided("a solver denies what holds by construction; nothing counts as proved")


def _narrower(questions: Questions, permitting: Labeled, above: Labeled, kind: str) -> Iterator[Claim]:
    """The same for clauses that do not stand on both sides: one question for all, then one for each."""
    rules = list(dict.fromkeys(expressions(permitting).values()))
    passed = [questions.formula(each) for each in rules]
    fails = {label: f"(not {questions.formula(clause.expression)})" for label, clause in above.items()}
    some = f"(or false {' '.join(fails.values())})"
    is_any = bool(fails) and questions.is_found("a request passes that fails some clause", [*passed, some])
    for label, clause in above.items():
        if is_any and questions.is_found(f"a request passes that fails {label}", [*passed, fails[label]]):
            example = questions.example(rules, [clause.expression])
            words = f"a request passes that fails this clause: {english(clause.expression)}"
            yield Claim(kind, label, False, words, example=example)
        else:
            why = f"no request passes that fails {label}, because"
            by = questions.reasons(why, [fails[label]], expressions(permitting))
            yield Claim(kind, label, True, "every request that passes meets this clause", by=by)


def compared(questions: Questions, new: Labeled, old: Labeled) -> list[Claim]:
    """Every clause of the older version that the newer lets a request fail; and what the newer tightens.

    Clauses that stand in both are not told. An older clause without effect names what covers it.
    """
    standing = set(expressions(new).values())
    gone = {label: each for label, each in old.items() if each.expression not in standing}
    before = set(expressions(old).values())
    added = {label: each for label, each in new.items() if each.expression not in before}
    claims = narrower(questions, new, gone, "not wider")
    for claim in narrower(questions, old, added, "tightened"):
        if not claim.holds:
            words = "a request that the older version passed fails this clause"
            claims.append(replace(claim, words=words, is_required=False))
    return claims


def coverage(questions: Questions, law: Law) -> list[Claim]:
    """For each clause of the statute, which of the agreement's own clauses secure it, if they do."""
    own = expressions(labeled(law.agreement.clauses))
    claims = []
    for label, clause in labeled(law.statute.clauses).items():
        fails = f"(not {questions.formula(clause.expression)})"
        passed = [questions.formula(each) for each in own.values()]
        if questions.is_found(f"the agreement alone lets a request fail {label}", [*passed, fails]):
            example = questions.example(list(own.values()), [clause.expression])
            words = "only the statute's own clause secures it"
            claims.append(Claim("coverage", label, False, words, is_required=False, example=example))
        else:
            by = questions.reasons(f"the agreement alone secures {label} by", [fails], own)
            words = "the agreement's own clauses secure it"
            claims.append(Claim("coverage", label, True, words, is_required=False, by=by))
    return claims


# -- what decides nothing -----------------------------------------------------------------------------


def live(questions: Questions, law: Law) -> list[Claim]:
    """Whether each clause denies some request alone; one that does not says what also covers it (R-90).

    The agreement's are held against all others; the statute's against its own, since it stands above any
    agreement.
    """
    statute, every = labeled(law.statute.clauses), clauses_of(law)
    claims = [_live(questions, label, clause, statute) for label, clause in statute.items()]
    return claims + [
        _live(questions, label, clause, every) for label, clause in labeled(law.agreement.clauses).items()
    ]


def _live(questions: Questions, label: str, clause: Clause, among: Labeled) -> Claim:
    others = {other: each.expression for other, each in among.items() if other != label}
    fails = f"(not {questions.formula(clause.expression)})"
    passed = [questions.formula(each) for each in others.values()]
    if questions.is_found(f"{label} alone denies a request", [*passed, fails]):
        example = questions.example(list(others.values()), [clause.expression])
        if clause.also_covered_by:
            words = f"it decides by itself, though it says that {clause.also_covered_by} covers it"
            return Claim("live", label, False, words, example=example)
        return Claim("live", label, True, "some request fails this clause alone", example=example)
    by = questions.reasons(f"{label} denies nothing alone, because", [fails], others)
    declared = covering(clause)
    if not declared:
        return Claim("live", label, False, "it decides nothing, and does not say what also covers it", by=by)
    stated = {other: others[other] for other in declared if other in others}
    if len(stated) < len(declared) or questions.is_found(
        f"a request fails {label} and passes what it says covers it",
        [fails, *(questions.formula(each) for each in stated.values())],
    ):
        words = f"what it says covers it ({clause.also_covered_by}) does not"
        return Claim("live", label, False, words, by=by)
    return Claim("live", label, True, "it decides nothing, as it says", by=declared)


def covering(clause: Clause) -> tuple[str, ...]:
    """The clauses that a clause names in `also covered by`; one without a document is of its own."""
    names = [each.strip() for each in clause.also_covered_by.split(",") if each.strip()]
    return tuple(each if " " in each else f"{clause.document} {each}" for each in names)


def dead_parts(questions: Questions, law: Law) -> list[Claim]:
    """The conjuncts, alternatives and list entries whose absence changes no decision, each named."""
    statute, every = labeled(law.statute.clauses), clauses_of(law)
    claims = []
    for label, clause in every.items():
        among = statute if label in statute else every
        others = {other: each.expression for other, each in among.items() if other != label}
        for words, expression in without_a_part(clause.expression):
            whole, part = questions.formula(clause.expression), questions.formula(expression)
            differs = f"(not (= {whole} {part}))"
            passed = [questions.formula(each) for each in others.values()]
            if questions.is_found(f"{label} needs {words}", [*passed, differs]):
                continue
            by = questions.reasons(f"{label} does not need {words}, because", [differs], others)
            said = f"{words} decides nothing"
            claims.append(Claim("dead part", label, False, said, is_required=False, by=by))
    return claims


# -- unknown facts ------------------------------------------------------------------------------------


def null_safe(questions: Questions, clauses: Labeled) -> list[Claim]:
    """For each fact, whether no request passes while it is unknown."""
    rules = list(expressions(clauses).values())
    passed = [questions.formula(each) for each in rules]
    claims = []
    for fact in _read(questions, clauses):
        unknown = f"null.{fact.name}"
        if questions.is_found(f"a request passes with {fact.name} unknown", [*passed, unknown]):
            example = questions.example(rules, [], unknown)
            words = "a request can pass without it"
            claims.append(Claim("null-safe", fact.name, False, words, is_required=False, example=example))
        else:
            words = "no request passes without it"
            claims.append(Claim("null-safe", fact.name, True, words, is_required=False))
    return claims


def monotone(questions: Questions, clauses: Labeled) -> Claim:
    """Whether what passes with facts unknown passes whatever those facts are: not knowing never helps."""
    encoding = questions.encoding
    first = [questions.formula(each) for each in expressions(clauses).values()]
    second = [encoding.is_true(each, "then.") for each in expressions(clauses).values()]
    completed = [encoding.completed(fact, "then.") for fact in _read(questions, clauses)]
    asked = [*first, *completed, f"(not (and true {' '.join(second)}))"]
    declared = encoding.declarations("then.") + "\n"
    is_found = questions.is_found("a request passes only while a fact is unknown", asked, declared)
    words = (
        "not knowing a fact lets a request pass" if is_found else "not knowing a fact never helps a request"
    )
    return Claim("monotone", "decision", not is_found, words)


def _read(questions: Questions, clauses: Labeled) -> Iterator[Fact]:
    names = {name for clause in clauses.values() for name in clause.facts}
    return (fact for fact in questions.encoding.facts if fact.name in names)


# -- before anything is shown -------------------------------------------------------------------------


def unconfirmed(claims: Sequence[Claim], judge: Judge) -> list[Claim]:
    """The claims whose example the plain evaluator or the engine judges otherwise than the solver."""
    shown = [(claim, claim.example) for claim in claims if claim.example is not None]
    if not shown:
        return []
    rules = list(dict.fromkeys(each for _, example in shown for each in (*example.met, *example.unmet)))
    names = dict.fromkeys(name for _, example in shown for name in example.row)
    columns = {name: [example.row.get(name) for _, example in shown] for name in names}
    judged = judge([_Rule(each) for each in rules], columns)
    found = []
    for (claim, example), by_engine in zip(shown, judged, strict=True):
        plainly = {each: verdict(each, example.row) for each in rules}
        if not example.is_so(plainly) or plainly != dict(zip(rules, by_engine, strict=True)):
            found.append(claim)
    return found


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule without its header, which is all that an engine judges by."""

    expression: Expression
