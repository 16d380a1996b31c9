"""What proofs cost: every question on every shipped agreement, its mutants, and 600 clauses at once.

    python -m bench.proofs

- `prove`: seconds of the whole proof and its slowest question, by z3 and by both solvers.
- `audit`: the proof and each clause removed or a little wider, compared with the original, one session.
- `clauses_600`: the first agreement as often as needed over facts of its own, one clause widened somewhere.
- Peak memory is that of this process and of the largest child, a solver. All is written to `bench/results`.
"""

import resource
import time
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from bench.about import about, write
from solely.agreement.clause import Clause
from solely.agreement.document import Law
from solely.agreement.expression import Expression, Fact
from solely.agreement.ordinary import ordinary_request
from solely.agreement.proofs import clauses_of, compared, expressions, unconfirmed
from solely.agreement.questions import Questions
from solely.agreement.variants import widened_a_little
from solely.steps.proving import prove
from solely.store.engine import open_engine
from solely.store.rule_engine import RuleEngine
from solely.store.solver import solver
from tests.support.law import AGREEMENTS, shipped_laws
from tests.support.proofs import mutants

CLAUSES = 600


def main() -> None:
    """Measure, and write the figures to `results/proofs.json`."""
    figures: dict[str, Any] = about("python -m bench.proofs") | {"agreements": {}}
    for path, law in zip(AGREEMENTS, shipped_laws(), strict=True):
        proofs = {name: _proved(path, name) for name in ("z3", "both")}
        figures["agreements"][law.agreement.id] = proofs | {"audit": _audited(path, law)}
    figures["clauses_600"] = _many(shipped_laws()[0])
    figures["peak_mib"] = {
        "this process": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "largest solver": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10,
    }
    print(write("proofs", figures))


class Timer:
    """Wall seconds, and CPU seconds of this process and of the children that have ended."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.monotonic(), _cpu()

    def read(self) -> dict[str, float]:
        """The seconds since the start."""
        return {"seconds": round(time.monotonic() - self.wall, 3), "cpu_seconds": round(_cpu() - self.cpu, 3)}


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _proved(path: Path, solvers: str) -> dict[str, Any]:
    timer = Timer()
    proof = prove(path, None, solvers)
    assert not proof.failures, "a shipped agreement is proved"
    return timer.read() | {
        "questions": len(proof.asked),
        "slowest_ms": proof.slowest_ms,
        "solvers": list(proof.solvers),
    }


def _audited(path: Path, law: Law) -> dict[str, Any]:
    timer = Timer()
    prove(path)
    made = list(mutants(law))
    old = clauses_of(law, "old ")
    others = {each.expression for _, _, mutant in made for each in clauses_of(mutant).values()}
    with solver("z3") as running:
        questions = Questions(running.ask, expressions(old), others, ordinary_request(law))
        claims = [
            claim
            for _, _, mutant in made
            for claim in compared(questions, clauses_of(mutant), old)
            if claim.kind == "not wider"
        ]
        slowest = running.slowest
    assert unconfirmed(claims, RuleEngine(open_engine(None)).judge) == [], "every example is borne out"
    found = [len(claim.example.changed) for claim in claims if claim.example is not None]
    return timer.read() | {
        "mutants": len(made),
        "widened": len(found),
        "by_one_fact": found.count(1),
        "without_effect": sum(claim.holds for claim in claims),
        "slowest_ms": round(1000 * slowest, 1),
    }


def _many(law: Law) -> dict[str, Any]:
    """The same clauses over and over, each time over other facts, as the larger side of one comparison."""
    clauses = clauses_of(law)
    usual = ordinary_request(law)
    many: dict[str, Clause] = {}
    row: dict[str, Any] = {}
    while len(many) < CLAUSES:
        copy = f"c{len(many)}_"
        row |= {copy + name: value for name, value in usual.items()}
        for label, clause in list(clauses.items())[: CLAUSES - len(many)]:
            facts = tuple(copy + fact for fact in clause.facts)
            many[f"{copy}{label}"] = replace(
                clause, expression=_renamed(clause.expression, copy), facts=facts
            )
    label = next(label for label in reversed(many) if label.endswith("agreement 3(d)"))
    wider = [each.expression for each in widened_a_little(many[label].expression)]
    timer = Timer()
    with solver("z3") as running:
        questions = Questions(running.ask, expressions(many), wider, row)
        encoded = timer.read()
        claims = [
            compared(questions, many | {label: replace(many[label], expression=each)}, many) for each in wider
        ]
        slowest = running.slowest
    return {
        "clauses": len(many),
        "facts": len(questions.encoding.facts),
        "encoded": encoded,
        "proved": timer.read(),
        "comparisons": len(wider),
        "widened": sum(not each[0].holds for each in claims),
        "slowest_ms": round(1000 * slowest, 1),
    }


def _renamed(node: Any, copy: str) -> Expression:
    if isinstance(node, Fact):
        return replace(node, name=copy + node.name)  # type: ignore[return-value]
    if isinstance(node, tuple):
        return tuple(_renamed(each, copy) for each in node)  # type: ignore[return-value]
    if not is_dataclass(node):
        return node
    return type(node)(*(_renamed(getattr(node, each.name), copy) for each in fields(node)))


if __name__ == "__main__":
    main()
