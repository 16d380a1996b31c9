"""An incident with its clock, and the draft report that is made at once (R-65, R-57)."""

from datetime import datetime
from typing import Any, NamedTuple


class Incident(NamedTuple):
    """One incident; `records` is the least and the most that may be touched, None where nobody knows."""

    entry: int
    what: str
    by: str
    possible_since: datetime
    records: tuple[int | None, int | None]
    opened_at: datetime
    report_by: datetime
    reported_at: datetime | None
    closed_at: datetime | None

    def is_overdue(self, at: datetime) -> bool:
        """True when the report is not made and its time is over; closing the incident ends no duty."""
        return self.reported_at is None and at > self.report_by

    def standing(self, at: datetime) -> str:
        """Where the incident stands, in words: what was closed without a report says so."""
        overdue = "report overdue" if self.is_overdue(at) else "report due"
        if self.closed_at is None:
            return overdue if self.reported_at is None else "reported"
        return "closed" if self.reported_at is not None else f"closed unreported, {overdue}"

    def as_object(self, at: datetime) -> dict[str, Any]:
        """What a list shows of it; the words are the gate's own."""
        least, most = self.records
        return {
            "incident": self.entry,
            "by": self.by,
            "possible_since": self.possible_since.isoformat(),
            "records": "unknown" if least is None else f"{least}-{most}",
            "report_by": self.report_by.isoformat(),
            "reported_at": None if self.reported_at is None else self.reported_at.isoformat(),
            "closed_at": None if self.closed_at is None else self.closed_at.isoformat(),
            "is_overdue": self.is_overdue(at),
            "standing": self.standing(at),
        }


def draft(incident: Incident, origin: str) -> str:
    """The draft report in Markdown: what is known, and what is not, said as such."""
    least, most = incident.records
    records = "not known yet" if least is None else f"between {least:,} and {most:,}"
    return "\n".join(
        [
            f"# Draft report of a possible incident (ledger entry {incident.entry})",
            "",
            f"- Gate: {origin}",
            f"- Noticed at {incident.opened_at.isoformat()} by {incident.by}",
            f"- It may have begun at {incident.possible_since.isoformat()}",
            f"- Records that may be touched: {records}",
            f"- To be reported by {incident.report_by.isoformat()}: 24 hours from when it was opened",
            "",
            "What is known so far (no personal data belongs here):",
            "",
            incident.what,
            "",
            "To be added as it becomes known: how it happened, which systems, where the data is now.",
            "",
        ]
    )
