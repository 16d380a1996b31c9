"""What a recipient owes for a release, by when, and what is overdue (R-62, R-64, R-96, R-98, R-101).

- Verify independently before any action (5 USC 552a(p) as the model); say what came of it; destroy at the
  end of use, and sign for it. Each duty has a clock; an agreement may state its days, else these hold.
- A duty that was never due is owed by nobody: what was not opened cannot be acted on, and its key is at the
  gate. Nor is a verification of what was destroyed under a recall: nothing is left to act on.
- A duty stays with the release until it is signed, also when whoever opened it is enrolled no more.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

DAYS: Final[Mapping[str, int]] = {
    "verification_days_max": 30,  # from the first opening
    "certificate_days_max": 30,  # from the end of use
    "outcome_days_max": 120,  # from the release
    "recall_days_max": 10,  # from a recall to the certificate of what was opened
    "outcome_overdue_percent_max": 5,  # of the releases whose outcome is due
    "acceptance_days_max": 365,  # that an acceptance of the terms lasts
}


class Act(StrEnum):
    """What an officer signs; `acknowledged` answers a correction."""

    ACCEPTED = "accepted"
    VERIFIED = "verified"
    ACKNOWLEDGED = "acknowledged"
    DESTROYED = "destroyed"
    OUTCOME = "outcome"
    SHARED = "shared"
    CHECKED = "checked"  # by an official of the custodian, of what left by an urgent path


# What may have come of a release (after FinCEN's 314(a) feedback).
OUTCOMES = ("used", "not_used", "wrong_person", "unknown")


class Owed(NamedTuple):
    """One release as far as its duties go: who opened it when first, and what who has signed for it.

    Each who opened it owes for the own copy. `done` is what each has signed, and `signed_for` what another
    whom the release names has signed for one who is enrolled no more.
    """

    release: str
    request_id: str
    released_on: date
    expires_on: date
    opened: Mapping[str, date]
    done: Mapping[str, frozenset[str]]
    signed_for: Mapping[str, frozenset[str]]
    recalled_on: date | None = None

    @property
    def opened_on(self) -> date | None:
        """The day of the first opening by anybody."""
        return min(self.opened.values(), default=None)

    @property
    def is_destroyed(self) -> bool:
        """True once all who opened it have signed themselves that it is destroyed."""
        signed = {who for who, acts in self.done.items() if Act.DESTROYED.value in acts}
        return bool(self.opened) and self.opened.keys() <= signed

    @property
    def is_signed_for(self) -> bool:
        """True once the destruction of all copies is signed, of one or more by another than who opened it."""
        signed = all(Act.DESTROYED.value in self.signed_by(each) for each in self.opened)
        return bool(self.opened) and signed and not self.is_destroyed

    def signed_by(self, officer: str) -> frozenset[str]:
        """The acts that an officer owes no more; of nobody in particular, those that anybody has signed."""
        if officer:
            return self.done.get(officer, frozenset()) | self.signed_for.get(officer, frozenset())
        return frozenset().union(*self.done.values())


class Due(NamedTuple):
    """One duty that is open: which, for which release, by which day."""

    act: Act
    release: str
    request_id: str
    by: date
    recalled_on: date | None = None
    officer: str = ""  # who opened it; empty where one signature of any stands for all

    def as_object(self, today: date) -> dict[str, Any]:
        """What a command prints of it."""
        words = {
            "request_id": self.request_id,
            "release": self.release,
            "due": self.act.value,
            "by": self.by.isoformat(),
            "is_overdue": today > self.by,
        }
        return words | ({} if self.recalled_on is None else {"recalled_on": self.recalled_on.isoformat()})


def destroyed_by(owed: Owed, days: Mapping[str, int]) -> date:
    """The day by which destruction is signed for: after the end of use, or sooner once recalled (R-64)."""
    ends = owed.expires_on + timedelta(days["certificate_days_max"])
    if owed.recalled_on is None:
        return ends
    return min(ends, owed.recalled_on + timedelta(days["recall_days_max"]))


def open_duties(owed: Iterable[Owed], days: Mapping[str, int]) -> Iterator[Due]:
    """Every duty that is not done, release by release."""
    for each in owed:
        due = [("", Act.OUTCOME, each.released_on + timedelta(days["outcome_days_max"]))]
        for officer, opened_on in sorted(each.opened.items()):
            due.append((officer, Act.DESTROYED, destroyed_by(each, days)))
            if each.recalled_on is None or Act.DESTROYED.value not in each.signed_by(officer):
                due.append((officer, Act.VERIFIED, opened_on + timedelta(days["verification_days_max"])))
        for officer, act, by in sorted(due, key=lambda one: one[2]):
            if act.value not in each.signed_by(officer):
                yield Due(act, each.release, each.request_id, by, each.recalled_on, officer)


def overdue(duties: Iterable[Due], today: date) -> list[Due]:
    """Verifications and certificates whose day has passed: any of them blocks new releases (R-62, R-96)."""
    return [each for each in duties if each.act is not Act.OUTCOME and today > each.by]


def is_outcome_share_exceeded(owed: Iterable[Owed], days: Mapping[str, int], today: date) -> bool:
    """True when too large a share of the outcomes that are due is missing: new batches wait (R-98)."""
    due = [each for each in owed if today > each.released_on + timedelta(days["outcome_days_max"])]
    missing = sum(Act.OUTCOME.value not in each.signed_by("") for each in due)
    return missing * 100 > len(due) * days["outcome_overdue_percent_max"]


def is_accepted(accepted_at: datetime | None, days: Mapping[str, int], at: datetime) -> bool:
    """True while an acceptance of the terms lasts (R-101)."""
    return accepted_at is not None and at < accepted_at + timedelta(days["acceptance_days_max"])
