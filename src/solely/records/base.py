"""What a gate asks of a custodian's records, whichever engine answers.

- Nothing is asked but by the one person whom an item names (R-88), and only for the subjects handed in:
  an item that did not pass the ruling on the request is never in the probe (R-01, contracts 3).
- Every record gathered is an access row, rivals included.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from solely.matching.names import NameStatistics
from solely.model import Candidate, Identification, MatchingPolicy, Subject


class AccessRow(NamedTuple):
    """One record read for one item: which, for what, when (contracts 3)."""

    row: int
    record_ref: str
    purpose: str
    at: datetime


class Retrieved(NamedTuple):
    """Everybody whom the records hold for a set of subjects.

    `candidates` by the subject's row, whole, in the order of record ids; `capped` the rows whose search could
    have missed a second owner or a namesake, because a block was too large; `access` one row per record
    and item.
    """

    candidates: Mapping[int, Sequence[Candidate]]
    capped: frozenset[int]
    access: Sequence[AccessRow]


class Searched(NamedTuple):
    """Who each subject is, by its row, or why nobody is; `access` as in `Retrieved`."""

    found: Mapping[int, Identification]
    access: Sequence[AccessRow]


class Records(Protocol):
    """A custodian's records, read only."""

    @property
    def as_of(self) -> date:
        """The day that the records show."""

    @property
    def digest(self) -> str:
        """The SHA-256 that names this index: its files, its day and its names in force."""

    @property
    def names(self) -> NameStatistics:
        """How many bear each name, and the streets of each ZIP."""

    def retrieve(self, subjects: Sequence[Subject], at: datetime) -> Retrieved:
        """Everybody who could be, or be taken for, one of `subjects`."""

    def search(self, subjects: Sequence[Subject], policy: MatchingPolicy, at: datetime) -> Searched:
        """Who each of `subjects` is, or why nobody is: everybody retrieved, then judged by the kernel."""

    def beside(self, record_id: str, count: int) -> list[Candidate]:
        """Up to so many records on each side of one in the order of record ids, without it."""

    def reread(self, record_ids: Sequence[str]) -> dict[str, Candidate]:
        """The records of these ids as they stand now, by id; an unknown id is left out (R-83)."""
