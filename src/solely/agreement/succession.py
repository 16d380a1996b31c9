"""What a next version changes: seen to take away only, or not (R-83).

- One party, or a court, narrows alone; for that the form of the change must show it. Rules, outcomes, terms
  and schedules are compared in `amendment`; here the words that no rule reads, which must stay.
"""

from collections.abc import Iterator, Sequence

from solely.agreement.amendment import widened
from solely.agreement.document import Law
from solely.agreement.parts import Part

Texts = tuple[Sequence[Part], Sequence[Part]]


def not_shown_to_narrow(new: Law, old: Law, parts: Texts) -> list[str]:
    """What of `new` is not shown to permit no more than `old`; empty when all of it is.

    `parts` are those of the new text and of the old one.
    """
    return [*widened(new, old), *_moved_clauses(new, old), *_changed_words(*parts)]


def _moved_clauses(new: Law, old: Law) -> Iterator[str]:
    """Clauses that no longer stand under their own name with what follows from them and behind them.

    What a person may lift hangs on a clause's name, outcome and rules, so one
    party changes none of these (R-82).
    """
    kept = {clause.id: clause for clause in new.agreement.clauses}
    for clause in old.agreement.clauses:
        other = kept.get(clause.id)
        if other is None:
            yield f"`clause {clause.id}`: it is gone or has another name"
        elif (other.stage, other.rules, other.code) != (clause.stage, clause.rules, clause.code):
            yield f"`clause {clause.id}`: its stage, code or rules differ"


def _changed_words(new: Sequence[Part], old: Sequence[Part]) -> Iterator[str]:
    kept = {part.label: part.data.rstrip(b"\n") for part in new}
    for part in old:
        if is_prose(part) and kept.get(part.label) != part.data.rstrip(b"\n"):
            yield f"`{part.label}`: its words differ"


def is_prose(part: Part) -> bool:
    """True for words outside front matter and fences."""
    return part.label.startswith(("clause ", "section ", "recitals"))
