"""What is open at a gate: caseload of officers, evidence, contests undecided, batches on a clock."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime
from html import escape
from typing import Final, NamedTuple

from solely.oversight.chart import Bar, Caption, Piece, bars
from solely.oversight.page import Column, section, table

CLOCKS: Final = "Batches that the agreement wants answered within stated hours"


class Caseload(NamedTuple):
    """Items of open batches by officer, in counts alone: the ceiling, officers, the highest (R-51)."""

    ceiling: int
    officers: int
    highest: int
    quarters: tuple[int, int, int, int]  # officers by the quarter of the ceiling they have open

    @classmethod
    def of(cls, ceiling: int, loads: Collection[int]) -> "Caseload":
        """The counts of officers with so many open items each."""
        places = Counter(min(3, max(0, -(-4 * each // max(ceiling, 1)) - 1)) for each in loads)
        first, second, third, last = (places[place] for place in range(4))
        return cls(ceiling, len(loads), max(loads, default=0), (first, second, third, last))


class EvidenceRow(NamedTuple):
    """The sample of one batch: how many investigations are asked and missing, and whose last day counts."""

    batch: str
    asked: int
    missing: int
    evidence_by: date
    reply_by: date | None
    is_released: bool

    def standing_on(self, today: date) -> str:
        """Where it stands, in words (R-86)."""
        if self.missing:
            is_late = today > self.evidence_by
            return f"{'closed, not evidenced by' if is_late else 'requester has until'} {self.evidence_by}"
        if self.is_released or self.reply_by is None:
            return "evidenced"
        return _custodian(str(self.reply_by), is_late=today > self.reply_by)


class ContestRow(NamedTuple):
    """The contests of one batch that other officers have not decided, by the day by which they should."""

    batch: str
    reconsider_by: date
    items: int

    def standing_on(self, today: date) -> str:
        """Where they stand, in words (R-87); the return stands until somebody decides."""
        return _custodian(str(self.reconsider_by), is_late=today > self.reconsider_by)


class ClockRow(NamedTuple):
    """The clock of one batch: until when what may leave leaves, and how many items wait for that."""

    batch: str
    answer_by: datetime
    waiting: int  # items that may leave and have not, that a person still decides, or that nobody has decided

    def standing_at(self, now: datetime) -> str:
        """Where it stands, in words (R-67, R-77)."""
        if not self.waiting:
            return "nothing waits"
        return _custodian(f"{self.answer_by:%Y-%m-%d %H:%M} UTC", is_late=now > self.answer_by)


def _custodian(until: str, *, is_late: bool) -> str:
    return f"{'custodian overdue since' if is_late else 'custodian has until'} {until}"


def _spread(caseload: Caseload) -> str:
    """How near the ceiling officers are, as bars: nobody's load is told by itself."""
    names = [
        f"{caseload.ceiling * place // 4 + 1:,} to {caseload.ceiling * (place + 1) // 4:,} open items"
        for place in range(4)
    ]
    rows = [
        Bar(name, f"{number:,}", (Piece(number, "referred"),))
        for name, number in zip(names, caseload.quarters, strict=True)
    ]
    said = "Officers by how many items they have open, in quarters of the ceiling."
    return bars(Caption("caseload", "Caseload of officers", said), rows)


def open_work(
    caseload: Caseload,
    evidence: Sequence[EvidenceRow],
    contests: Sequence[ContestRow],
    clocks: Sequence[ClockRow],
    now: datetime,
) -> str:
    """The section of the report."""
    today = now.date()
    have = "officer has" if caseload.officers == 1 else "officers have"
    content = (
        f"<p>The agreement sets {caseload.ceiling:,} open items as the ceiling of one officer. "
        f"{caseload.officers:,} {have} open items; the highest has {caseload.highest:,}.</p>"
    )
    if caseload.officers:
        content += _spread(caseload)
    if evidence:
        content += table(
            "Investigations drawn by lot, which must be evidenced before anything leaves",
            (Column("batch"), Column("asked", True), Column("missing", True), Column("standing")),
            (
                (
                    f"<code>{escape(each.batch)}</code>",
                    f"{each.asked:,}",
                    f"{each.missing:,}",
                    escape(each.standing_on(today)),
                )
                for each in evidence
            ),
        )
    if contests:
        content += table(
            "Contested returns that wait for two other officers",
            (Column("batch"), Column("items", True), Column("standing")),
            (
                (f"<code>{escape(each.batch)}</code>", f"{each.items:,}", escape(each.standing_on(today)))
                for each in contests
            ),
        )
    if clocks:
        content += table(
            CLOCKS,
            (Column("batch"), Column("waiting", True), Column("standing")),
            (
                (f"<code>{escape(each.batch)}</code>", f"{each.waiting:,}", escape(each.standing_at(now)))
                for each in clocks
            ),
        )
    return section("open", "Open work", content)
