"""The public error register: each line counts once, and an outsider counts the same from the ledger (R-102).

- A line is about a decision or a release; a later line may correct it, and then stands in its place.
- Severity, party and cause are public fields of its entry; nothing else about an item is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from solely.errors import Unregistered
from solely.ledger.entry import Cause, Entry, EntryType, OutcomeClass, Party, Severity, Stage
from solely.oversight.bounds import per_million_max

FINDING = (EntryType.REPLAY, EntryType.TASK, EntryType.ERROR)
REGISTERED = (EntryType.DECISION, EntryType.RELEASE, EntryType.ERROR)


def register(entries: Iterable[tuple[int, Entry]]) -> dict[str, Any]:
    """The register with its rates, from the entries of `REGISTERED`, in order."""
    lines: dict[int, tuple[int, ...]] = {}
    decided, released = 0, 0
    for index, entry in entries:
        match entry.type:
            case EntryType.DECISION:
                decided += len(entry.refs) == 1 and entry.outcome in tuple(OutcomeClass)
            case EntryType.RELEASE:
                released += 1
            case _:
                lines.pop(entry.refs[0], None)  # the line that it corrects, if it corrects one
                lines[index] = entry.outcome if isinstance(entry.outcome, tuple) else ()
    told = defaultdict[tuple[str, str, str], list[int]](list)
    for index, (severity, party, cause) in lines.items():
        told[Severity(severity).word, Party(party).word, Cause(cause).word].append(index)
    rows = [
        {"severity": severity, "party": party, "cause": cause, "errors": len(indexes), "entries": indexes}
        for (severity, party, cause), indexes in sorted(told.items())
    ]
    return {
        "decisions": decided,
        "releases": released,
        "errors": len(lines),
        "errors_per_million_decisions": per_million(len(lines), decided),
        "errors_per_million_at_most": at_most(len(lines), decided),
        "lines": rows,
    }


def per_million(errors: int, decisions: int) -> float | None:
    """How many errors there were in a million decisions; None where nothing was decided."""
    return round(1_000_000 * errors / decisions, 1) if decisions else None


def at_most(errors: int, decisions: int) -> int | None:
    """The upper bound at 95 % of the rate behind these errors; None where nothing was decided."""
    return per_million_max(min(errors, decisions), decisions) if decisions else None


def unregistered(entries: Iterable[Entry]) -> list[int]:
    """The entries about which a replay found an error that has no line yet, in order.

    Found is what a `replay` names as decided otherwise, and the release that a `task` is opened on.
    """
    found, about = set[int](), set[int]()
    for entry in entries:
        match entry:
            case Entry(type=EntryType.REPLAY, outcome=(_, otherwise, _)) if otherwise:
                found |= set(entry.refs[-otherwise:])
            case Entry(type=EntryType.TASK, outcome=Stage.OPENED):
                found |= set(entry.refs)
            case Entry(type=EntryType.ERROR):
                about.add(entry.refs[0])
    return sorted(found - about)


def require_registered(missing: Sequence[int]) -> None:
    """Return when no error that a replay found is without its line; else Unregistered (R-102)."""
    if missing:
        raise Unregistered(
            f"no report is made: {len(missing):,} error{'' if len(missing) == 1 else 's'} found by replay "
            f"{'is' if len(missing) == 1 else 'are'} not in the register, the first about entry {missing[0]} "
            "(R-102)"
        )
