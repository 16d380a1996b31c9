"""The kernel over whom a search gathered, wherever it runs: here or in an executor of a cluster."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from solely.matching.identify import identify
from solely.matching.names import NameStatistics
from solely.model import Candidate, Identification, MatchingPolicy, Subject
from solely.records.base import Retrieved, Searched

Known = tuple[MatchingPolicy, NameStatistics]


class Retrieving(Protocol):
    """Records that gather everybody into this process."""

    @property
    def names(self) -> NameStatistics: ...  # noqa: D102
    def retrieve(self, subjects: Sequence[Subject], at: datetime) -> Retrieved: ...  # noqa: D102


def search_here(
    records: Retrieving, subjects: Sequence[Subject], policy: MatchingPolicy, at: datetime
) -> Searched:
    """Who each of `subjects` is, found out in this process."""
    retrieved, known = records.retrieve(subjects, at), (policy, records.names)
    found = {
        each.row: identified(
            each, retrieved.candidates.get(each.row, ()), known, each.row in retrieved.capped
        )
        for each in subjects
    }
    return Searched(found, retrieved.access)


def identified(
    subject: Subject, candidates: Sequence[Candidate], known: Known, is_capped: bool
) -> Identification:
    """The kernel's answer about one subject; an error in one item refers that item and no other (R-02)."""
    try:
        return identify(subject, candidates, *known, is_capped)
    except Exception:  # noqa: BLE001 -- whatever it is, it never permits
        return Identification(subject.row, None, None, None, {}, {"fault": "ENGINE_ERROR"})
