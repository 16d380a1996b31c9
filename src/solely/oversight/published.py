"""Monthly figures that may be published: small counts and what would give them away are hidden (R-100).

- Counted from the ledger alone: items by first outcome in the month of their batch's tally, withheld as one
  class whatever its cause; releases and openings in the month of their entry.
- A count under 11 is hidden; so is the smallest of its neighbours, until what is hidden of a total is no
  small count either. What is shown is rounded to tens.
- A month is published one whole month after its end; months without anything stand there too.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from solely.ledger.entry import EntryType, OutcomeClass
from solely.oversight.accounting import Account

SMALL = 11  # the least count that is shown
ROUNDED = 10
CLASSES = {
    "releasable": OutcomeClass.RELEASABLE,
    "withheld": OutcomeClass.WITHHELD,
    "referred": OutcomeClass.REFERRED,
    "returned": OutcomeClass.RETURNED,
    "refused": OutcomeClass.REFUSED,
}
NAMES = ("items", *CLASSES, "releases", "openings")
HIDDEN = "suppressed"


class Month(NamedTuple):
    """The first day of a month, and its figures by name; None where a figure is hidden."""

    first: date
    figures: Mapping[str, int | None]


def months(accounts: Iterable[Account], today: date) -> list[Month]:
    """Every month from the first event on that may be published on a day, oldest first."""
    counted: dict[date, Counter[str]] = {}
    for name, at, number in _events(accounts):
        counted.setdefault(_month(at), Counter())[name] += number
    found, month = [], min(counted, default=today.replace(day=1))
    while _after(_after(month)) <= today:
        found.append(Month(month, figures(counted.get(month, Counter()))))
        month = _after(month)
    return found


def _events(accounts: Iterable[Account]) -> Iterator[tuple[str, int, int]]:
    """What is counted: the figure, the instant (milliseconds), and how many."""
    for each in accounts:
        if each.decided_at is not None:
            yield from ((name, each.decided_at, each.first[outcome]) for name, outcome in CLASSES.items())
        yield from (("releases", at, 1) for at in each.released.values())
        yield from (("openings", at, 1) for kind, at in each.events if kind is EntryType.OPEN)


def figures(counted: Mapping[str, int]) -> dict[str, int | None]:
    """The figures of one month as they may be shown, from its counts by name."""
    parts = {name: counted.get(name, 0) for name in CLASSES}
    total = sum(parts.values())
    hidden = {name for name, number in parts.items() if number < SMALL}
    while hidden and sum(parts[name] for name in hidden) < SMALL and len(hidden) < len(parts):
        hidden.add(min(parts.keys() - hidden, key=lambda name: (parts[name], name)))
    shown: dict[str, int | None] = {"items": _shown(total)}
    shown |= {name: None if name in hidden else _shown(number) for name, number in parts.items()}
    return shown | {name: _shown(counted.get(name, 0)) for name in ("releases", "openings")}


def _shown(number: int) -> int | None:
    return None if number < SMALL else (number + ROUNDED // 2) // ROUNDED * ROUNDED


def as_csv(found: Iterable[Month]) -> bytes:
    """The months as a table, one line each."""
    lines = [",".join(("month", *NAMES))]
    for each in found:
        words = (HIDDEN if each.figures[name] is None else str(each.figures[name]) for name in NAMES)
        lines.append(",".join((f"{each.first:%Y-%m}", *words)))
    return "".join(f"{line}\n" for line in lines).encode()


def _month(milliseconds: int) -> date:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date().replace(day=1)


def _after(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
