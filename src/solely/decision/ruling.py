"""The ruling on an item: which clauses are not met, what follows, and why.

- An item goes on only when every clause of the statute and of the agreement is TRUE (R-02, R-04).
- Every unmet clause is a reason, not only the first (R-69); the strictest outcome wins (rules.md).
- Unknown is never better than false: a clause says what happens to each, and neither permits.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from solely.agreement.clause import Clause
from solely.model import STRICTNESS, Disposition, Reason


class Unmet(NamedTuple):
    """A clause that is not TRUE, and whether that is because a fact it needs is unknown."""

    clause: Clause
    is_unknown: bool

    @property
    def outcome(self) -> Disposition:
        """What the clause makes of an item that does not meet it."""
        return Disposition(self.clause.unknown if self.is_unknown else self.clause.otherwise)


class Ruling(NamedTuple):
    """What the clauses of one stage say: no disposition means that the item goes on.

    `referring` are those of the reasons that refer the item to a person, and return or refuse nothing.
    """

    disposition: Disposition | None
    reasons: tuple[Reason, ...]
    referring: frozenset[Reason] = frozenset()

    @property
    def stopping(self) -> list[Reason]:
        """The reasons that more than refer the item."""
        return [each for each in self.reasons if each not in self.referring]


PASSED = Ruling(None, ())
VERDICT = "_verdict"  # facts so named hold the verdict of a judge, whose reason says more than the clause's


def strictest(dispositions: Iterable[Disposition]) -> Disposition | None:
    """The uppermost of several dispositions in the table of rules.md, or None of none."""
    return min(dispositions, key=STRICTNESS.__getitem__, default=None)


def reasons_of(unmet: Unmet, found: Mapping[str, Reason]) -> list[Reason]:
    """The reasons behind one unmet clause.

    - Unknown: what was found wrong with the facts that it reads, else the clause's word for unknown.
    - False: what a judge's verdict was about, else the clause's own reason; a fact that is merely missing is
      no reason for a clause that another fact made false.
    """
    clause = unmet.clause
    stated = [
        found[fact] for fact in clause.facts if fact in found and (unmet.is_unknown or fact.endswith(VERDICT))
    ]
    if stated:
        return stated
    code = clause.unknown_code if unmet.is_unknown else clause.code
    return [Reason(clause.element, code, rule) for rule in clause.rules]


def rule(
    unmet: Sequence[Unmet], found: Mapping[str, Reason], others: Sequence[tuple[Disposition, Reason]] = ()
) -> Ruling:
    """The ruling of one stage on one item.

    `found` are the reasons that facts gave, by fact; `others` are findings outside the clauses (a row
    that cannot be read, a request id used before), each with its own disposition.
    """
    if not unmet and not others:
        return PASSED
    given = [*others, *((each.outcome, reason) for each in unmet for reason in reasons_of(each, found))]
    dispositions = [*(disposition for disposition, _ in others), *(each.outcome for each in unmet)]
    stopping = {reason for disposition, reason in given if disposition is not Disposition.REFERRED}
    reasons = {reason for _, reason in given}
    return Ruling(strictest(dispositions), tuple(sorted(reasons)), frozenset(reasons - stopping))


def unmet_of(clauses: Sequence[Clause], verdicts: Sequence[bool | None]) -> list[Unmet]:
    """The clauses that are not TRUE, in order; a missing verdict is an error, never a permission."""
    return [
        Unmet(clause, verdict is None)
        for clause, verdict in zip(clauses, verdicts, strict=True)
        if verdict is not True
    ]
