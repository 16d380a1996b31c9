"""How it went over time: outcomes by month, releases by day, waiting times; a section of the report (R-66).

- Counted from ledger entries alone; the same figures stand in the table beside each chart, and as CSV.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from html import escape
from typing import NamedTuple

from solely.ledger.entry import OutcomeClass
from solely.oversight.accounting import Account
from solely.oversight.chart import Bar, Caption, Piece, bars, swatch
from solely.oversight.page import Column, details, section, table

DAYS = 14  # the last days with a release that are drawn; the table has them all
OUTCOMES = tuple((each, each.name.lower()) for each in OutcomeClass if each is not OutcomeClass.RELEASED)
_WAITS = (
    (3_600_000, "up to 1 hour"),
    (86_400_000, "1 to 24 hours"),
    (604_800_000, "1 to 7 days"),
    (2_592_000_000, "7 to 30 days"),
)
_LONGER = "over 30 days"


class OverTime(NamedTuple):
    """First outcomes by month of the tally, releases by day, items by the time from request to decision."""

    months: tuple[tuple[str, Counter[str]], ...] = ()
    days: tuple[tuple[date, int], ...] = ()
    waits: tuple[tuple[str, int], ...] = ()

    def mean_per_day(self) -> float:
        """Releases of a day that had any, on average: what a day is held against."""
        return sum(number for _, number in self.days) / len(self.days) if self.days else 0.0


NOTHING = OverTime()


def over_time_of(accounts: Iterable[Account]) -> OverTime:
    """The figures of these accounts."""
    months: dict[str, Counter[str]] = {}
    days: Counter[date] = Counter()
    waits: Counter[str] = Counter()
    for each in accounts:
        days.update(_day(at) for at in each.released.values())
        if each.decided_at is not None:
            month = months.setdefault(f"{_day(each.decided_at):%Y-%m}", Counter())
            month.update({word: each.first[outcome] for outcome, word in OUTCOMES})
            waits[_wait(each.decided_at - each.at)] += each.first.total()
    words = [*(word for _, word in _WAITS), _LONGER]
    shown = tuple((word, waits[word]) for word in words) if waits else ()
    return OverTime(tuple(sorted(months.items())), tuple(sorted(days.items())), shown)


def _day(milliseconds: int) -> date:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date()


def _wait(milliseconds: int) -> str:
    return next((word for limit, word in _WAITS if milliseconds <= limit), _LONGER)


def over_time(found: OverTime) -> str:
    """The section of the report."""
    if not found.months:
        return section("time", "Over time", "<p>No batch is decided yet.</p>")
    return section("time", "Over time", _months(found) + _days(found) + _waits(found.waits))


def _months(found: OverTime) -> str:
    rows = [
        Bar(month, f"{counts.total():,}", tuple(Piece(counts[word], word) for _, word in OUTCOMES))
        for month, counts in found.months
    ]
    told = "; ".join(f"{month}: {counts.total():,} items" for month, counts in found.months)
    drawn = bars(Caption("months", "Items by first outcome", told), rows)
    legend = "".join(f"<li>{swatch(word)}{word}</li>" for _, word in OUTCOMES)
    heads = [Column("month"), *(Column(word, True) for _, word in OUTCOMES)]
    cells = ((month, *(f"{counts[word]:,}" for _, word in OUTCOMES)) for month, counts in found.months)
    return (
        f'<h3>Items by first outcome</h3><figure>{drawn}<ul class="legend">{legend}</ul></figure>'
        + details("First outcomes as a table", table("Items by month and first outcome", heads, cells))
    )


def _days(found: OverTime) -> str:
    if not found.days:
        return "<h3>Releases by day</h3><p>Nothing has left yet.</p>"
    mean = found.mean_per_day()
    rows = [
        Bar(str(day), f"{number:,}", (Piece(number, "released"),), f"{number / mean:.1f} times the mean")
        for day, number in found.days[-DAYS:]
    ]
    told = f"Days with releases: {len(found.days):,}; on average {mean:,.1f} a day."
    cells = ((str(day), f"{number:,}") for day, number in found.days)
    tabled = table("Releases by day", (Column("day"), Column("releases", True)), cells)
    return (
        f"<h3>Releases by day</h3><p>{escape(told)}</p>"
        f"<figure>{bars(Caption('days', 'Releases by day', told), rows)}</figure>"
        + details("Releases by day as a table", tabled)
    )


def _waits(waits: Sequence[tuple[str, int]]) -> str:
    rows = [Bar(word, f"{items:,}", (Piece(items, "left"),)) for word, items in waits]
    told = "; ".join(f"{word}: {items:,} items" for word, items in waits)
    cells = ((escape(word), f"{items:,}") for word, items in waits)
    tabled = table("Items by time to decision", (Column("decided"), Column("items", True)), cells)
    return (
        "<h3>From request to decision</h3>"
        f"<figure>{bars(Caption('waits', 'Time from request to decision', told), rows)}</figure>"
        + details("Time to decision as a table", tabled)
    )
