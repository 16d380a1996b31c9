"""What waits for somebody's answer: objections, incidents, notices, orders, duties; a section of the report.

- Each stands with its entry and its clock; what is overdue says so. No words of anybody, and no item by name.
"""

from collections import Counter
from datetime import datetime
from html import escape
from typing import Final, NamedTuple

from solely.oversight.incident import Incident
from solely.oversight.page import Column, instant, section, table


class Objection(NamedTuple):
    """An objection: its entry, the batch that it stops, since when, and whether it has its answer."""

    entry: int
    batch: str
    since: datetime
    is_open: bool


class OrderRow(NamedTuple):
    """An order: its id, kind, authority and entry, and from when it has effect (None: not countersigned)."""

    id: str
    kind: str
    authority: str
    entry: int
    standing: str
    is_in_force: bool


STOPPING: Final = ("stay", "recall", "notice", "revocation", "safeguard")


class Watched(NamedTuple):
    """All of it; `tasks`, `openings` and `duties` are counts by word."""

    objections: tuple[Objection, ...] = ()
    incidents: tuple[Incident, ...] = ()
    orders: tuple[OrderRow, ...] = ()
    tasks: tuple[tuple[str, int], ...] = ()
    openings: tuple[tuple[str, int], ...] = ()
    signatures_denied: int = 0
    showings_denied: int = 0  # looks at an item that another officer has in hand
    unaccepted: int = 0  # arrivals that made no batch
    duties: tuple[tuple[str, int, int], ...] = ()  # act, open, overdue
    errors: int = 0  # lines that stand in the register of errors
    destroyed: int = 0  # releases whose key is ordered to be destroyed, or is

    def stopping(self) -> tuple[str, ...]:
        """The kinds of orders in force by which something neither leaves nor opens, with their numbers."""
        kinds = Counter(each.kind for each in self.orders if each.is_in_force and each.kind in STOPPING)
        return tuple(f"{kind} ({number:,})" for kind, number in kinds.items())

    def blocks(self) -> dict[str, tuple[str, ...]]:
        """By batch, the codes of what stops it here."""
        return {each.batch: ("OBJECTION",) for each in self.objections if each.is_open}


NOTHING = Watched()


def watched(found: Watched, at: datetime) -> str:
    """The section of the report."""
    parts = (
        _objections(found),
        _incidents(found, at),
        _safeguards(found),
        _orders(found),
        _duties(found),
        _counts(found),
    )
    return section(
        "watched",
        "What waits for an answer",
        "<p>Entries are those of the ledger; what was written in words stays at the gate.</p>"
        + "".join(parts),
    )


def _objections(found: Watched) -> str:
    if not found.objections:
        return "<p>Nobody has objected.</p>"
    return table(
        "Objections: until another official answers, nothing of the batch leaves and nothing of it opens",
        (Column("entry", True), Column("batch"), Column("since"), Column("standing")),
        (
            (
                f"{each.entry:,}",
                f"<code>{escape(each.batch)}</code>",
                instant(each.since),
                "open: blocks" if each.is_open else "answered",
            )
            for each in found.objections
        ),
    )


def _incidents(found: Watched, at: datetime) -> str:
    if not found.incidents:
        return "<p>No incident is on record.</p>"
    return table(
        "Incidents, each to be reported within 24 hours",
        (Column("entry", True), Column("opened"), Column("report by"), Column("standing")),
        (
            (
                f"{each.entry:,}",
                instant(each.opened_at),
                instant(each.report_by),
                each.standing(at),
            )
            for each in found.incidents
        ),
    )


def _safeguards(found: Watched) -> str:
    """Findings about a recipient's safeguards that are open: each stops releases and openings."""
    number = sum(each.is_in_force and each.kind == "safeguard" for each in found.orders)
    if not number:
        return "<p>No safeguard finding is open.</p>"
    findings = "safeguard finding" if number == 1 else "safeguard findings"
    return f"<p><strong>{number:,} {findings} open</strong>, among the orders.</p>"


def _orders(found: Watched) -> str:
    if not found.orders:
        return "<p>No order is filed.</p>"
    return table(
        "Orders",
        (Column("order"), Column("kind"), Column("given by"), Column("entry", True), Column("standing")),
        (
            (
                f"<code>{escape(each.id)}</code>",
                escape(each.kind),
                escape(each.authority),
                f"{each.entry:,}",
                escape(each.standing),
            )
            for each in found.orders
        ),
    )


def _duties(found: Watched) -> str:
    if not found.duties:
        return "<p>No recipient owes a duty.</p>"
    return table(
        "Duties of recipients that are not done",
        (Column("duty"), Column("open", True), Column("overdue", True)),
        ((escape(act), f"{waiting:,}", f"{late:,}") for act, waiting, late in found.duties),
    )


def _counts(found: Watched) -> str:
    rows = [(f"openings, {word}", number) for word, number in found.openings]
    rows.append(("arrivals without a batch: refused whole, blocked, turned away", found.unaccepted))
    rows.append(("signatures for releases, denied", found.signatures_denied))
    rows.append(("looks at an item that another officer has, denied", found.showings_denied))
    rows += [(f"notices to subjects, {word}", number) for word, number in found.tasks]
    rows.append(("errors in the public register", found.errors))
    rows.append(("releases whose key was ordered to be destroyed", found.destroyed))
    columns = (Column("what"), Column("number", True))
    return table("What else was denied, is owed, or went wrong", columns, ((a, f"{n:,}") for a, n in rows))
