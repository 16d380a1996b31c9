"""Shipped laws with one clause made otherwise, and solvers that stay for a whole test module."""

from dataclasses import replace

from solely.agreement.document import Law, parse_agreement, parse_statute
from solely.agreement.variants import widened_a_little
from tests.support.law import SHIPPED

STATUTE, AGREEMENT = (data.decode() for data in SHIPPED[0])


def law_of(statute=STATUTE, agreement=AGREEMENT):
    """The first shipped law, from texts that may have been changed."""
    parsed = parse_statute(statute.encode())
    return Law(parsed, parse_agreement(agreement.encode(), parsed))


def changed(old, new, text=AGREEMENT):
    """A text with one passage replaced, which stands there exactly once."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def mutants(law):
    """Each clause of an agreement removed, and made otherwise in one place: (words, clause, mutated law)."""
    clauses = law.agreement.clauses
    for at, clause in enumerate(clauses):
        yield "removed", clause, _with(law, (*clauses[:at], *clauses[at + 1 :]))
        for words, expression in widened_a_little(clause.expression):
            other = replace(clause, expression=expression)
            yield words, clause, _with(law, (*clauses[:at], other, *clauses[at + 1 :]))


def _with(law, clauses):
    return Law(law.statute, replace(law.agreement, clauses=tuple(clauses)))
