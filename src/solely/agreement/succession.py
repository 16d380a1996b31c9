"""What a next version changes: seen to take away only, or not (R-83).

- One party, or a court, narrows alone; for that the form of the change must show it. Rules, outcomes, terms
  and schedules are compared in `amendment`. Beside that every word stays: a clause's name, what it says and
  cites, the rules that it names as behind it, and the words that no rule reads.
"""

from collections.abc import Collection, Iterator, Sequence

from solely.agreement.amendment import changes, widened
from solely.agreement.document import Law
from solely.agreement.markdown import item_of
from solely.agreement.parts import Part

Texts = tuple[Sequence[Part], Sequence[Part]]


def not_shown_to_narrow(new: Law, old: Law, parts: Texts) -> list[str]:
    """What of `new` is not shown to permit no more than `old`; empty when all of it is.

    `parts` are those of the new text and of the old one.
    """
    said = [each.sentence for each in changes(new, old) if not each.is_plain]
    return list(dict.fromkeys([*widened(new, old), *said, *_changed_words(*parts, _struck(new, old))]))


def _struck(new: Law, old: Law) -> set[str]:
    """The items of the older version whose every rule is gone; what they held back, `widened` asks."""
    before, after = ({item_of(clause.id) for clause in law.agreement.clauses} for law in (old, new))
    return before - after


def _changed_words(new: Sequence[Part], old: Sequence[Part], struck: Collection[str]) -> Iterator[str]:
    kept = {part.label: part.data.rstrip(b"\n") for part in new}
    for part in old:
        is_struck = part.label not in kept and part.label.split(" #")[0].removeprefix("clause ") in struck
        if is_prose(part) and not is_struck and kept.get(part.label) != part.data.rstrip(b"\n"):
            yield f"`{part.label}`: its words differ"


def is_prose(part: Part) -> bool:
    """True for words outside front matter and fences."""
    return part.label.startswith(("clause ", "section ", "recitals"))
