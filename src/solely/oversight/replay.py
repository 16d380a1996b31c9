"""What came of making decisions again: alike, otherwise, or not to be made again, and why (R-59, R-63).

- Not replayable is neither pass nor fail: it names what is gone, and the entry since which it is.
- Items are named by row and by their well-formed request id; nothing of a request or record is said.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

LISTED_MAX = 1_000  # items named one by one; the rest are counted


class Gone(NamedTuple):
    """Why something cannot be made again, and since which entry of the ledger (None: since no entry)."""

    cause: str
    since: int | None = None


class Otherwise(NamedTuple):
    """One decision that came out otherwise: where it stands, and which parts of it differ."""

    batch: str
    row: int
    request_id: str | None
    entry: int
    parts: tuple[str, ...]

    def as_object(self) -> dict[str, Any]:
        """What a command prints of it."""
        named = {"request_id": self.request_id} if self.request_id else {}
        return {"batch": self.batch, "row": self.row, **named, "entry": self.entry, "differs": [*self.parts]}


@dataclass
class Replayed:
    """What came of one batch."""

    batch: str
    alike: int = 0
    gone: Counter[Gone] = field(default_factory=Counter)
    otherwise: list[Otherwise] = field(default_factory=list)
    later: int = 0  # decisions of people, and of judging again, held against the ledger

    def counts(self) -> tuple[int, int, int]:
        """Alike, otherwise, not replayable: what the entry of a replay says (key 11)."""
        return self.alike, len(self.otherwise), self.gone.total()

    def as_object(self, at: Mapping[int, str]) -> dict[str, Any]:
        """What a command prints of it; `at` gives the instant of an entry."""
        alike, otherwise, gone = self.counts()
        since = [
            {"items": items, "cause": each.cause}
            | ({} if each.since is None else {"since_entry": each.since, "since": at[each.since]})
            for each, items in self.gone.items()
        ]
        found: dict[str, Any] = {"batch": self.batch, "alike": alike, "otherwise": otherwise}
        found |= {"not_replayable": gone, "later_held": self.later}
        return found | ({"not_replayable_since": since} if since else {})


def total(replayed: Iterable[Replayed]) -> tuple[int, int, int]:
    """The counts of several batches together."""
    sums = [0, 0, 0]
    for each in replayed:
        sums = [one + more for one, more in zip(sums, each.counts(), strict=True)]
    return sums[0], sums[1], sums[2]


class Invalid(NamedTuple):
    """A release that today's law would not allow: by id, with the causes; `is_doubt` where only the records
    have changed since, so that the release may have been right when it was made."""

    release_id: str
    request_id: str
    entry: int
    causes: tuple[str, ...]
    is_doubt: bool = False

    def as_object(self) -> dict[str, Any]:
        """What a command prints of it."""
        return {"request_id": self.request_id, "entry": self.entry, "causes": [*self.causes]}
