"""What a next version changes: seen to take away only, or not (R-83).

- One party, or a court, narrows alone; for that the form of the change must show it. Rules, outcomes, terms
  and schedules are compared in `amendment`. Beside that every word stays: a clause's name, what it says and
  cites, the rules that it names as behind it, and the words that no rule reads.
"""

from collections.abc import Iterator, Sequence

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
    return list(
        dict.fromkeys([*widened(new, old), *said, *_changed_words(*parts, (_items(new), _items(old)))])
    )


def _items(law: Law) -> set[str]:
    return {f"clause {item_of(clause.id)}" for clause in law.agreement.clauses}


def _changed_words(
    new: Sequence[Part], old: Sequence[Part], items: tuple[set[str], set[str]]
) -> Iterator[str]:
    """Words that are gone, changed, or new with no rule under them.

    `items` are those with a rule, of the new text and of the old one. The words of an item go with its last
    rule; what that held back, `widened` asks.
    """
    kept, before = _words_of(new), _words_of(old)
    for label in dict.fromkeys((*before, *kept)):
        item = label.split(" #")[0]
        is_struck = label not in kept and item in items[1] - items[0]
        is_ruled = label not in before and item in items[0] - items[1]
        if kept.get(label) != before.get(label) and not is_struck and not is_ruled:
            yield f"`{label}`: its words differ"


def _words_of(parts: Sequence[Part]) -> dict[str, bytes]:
    """Prose by label; and of terms and schedules those parts in which a comment could stand."""
    return {
        part.label: part.data.rstrip(b"\n")
        for part in parts
        if is_prose(part) or (part.label.startswith(("front matter", "schedule ")) and b"#" in part.data)
    }


def is_prose(part: Part) -> bool:
    """True for words outside front matter and fences."""
    return part.label.startswith(("clause ", "section ", "recitals"))
