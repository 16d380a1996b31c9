"""The accounting of disclosures: what every request came to, counted from ledger entries alone (R-55, R-58).

- Types, times, classes and references are public: whoever has the log counts the same.
- Which agency asked, for what purposes, and how many persons it was about are commitments; the custodian
  opens them to count, and says so beside each figure.
- A figure that differs from the gate's own state makes no account.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from solely.errors import VerificationFailed
from solely.ledger.entry import Entry, EntryType, OutcomeClass

PUBLIC, OPENED = "public fields", "opened commitments"
CLASSES = (
    OutcomeClass.RELEASABLE, OutcomeClass.WITHHELD, OutcomeClass.REFERRED, OutcomeClass.RETURNED,
    OutcomeClass.REFUSED,
)  # fmt: skip
COUNTED = (
    EntryType.REQUEST, EntryType.DECISION, EntryType.DECIDED, EntryType.RELEASE, EntryType.OPEN,
    EntryType.OPEN_REFUSED, EntryType.RECALL, EntryType.CONTEST, EntryType.OBJECTION, EntryType.TASK,
    EntryType.ERROR,
)  # fmt: skip


@dataclass
class Account:
    """What one request came to: instants in milliseconds, classes as first decided and as they stand now."""

    at: int
    first: Counter[int] = field(default_factory=Counter)
    now: Counter[int] = field(default_factory=Counter)
    tally: tuple[int, ...] | None = None
    decided_at: int | None = None
    released: dict[int, int] = field(default_factory=dict)  # entry of a release -> its instant
    events: list[tuple[EntryType, int]] = field(default_factory=list)  # openings, denials, contests …
    unsigned: list[int] = field(default_factory=list)  # signatures of officers that were denied


class Figure(NamedTuple):
    """One yearly figure: its name, the number, and what it was counted from."""

    name: str
    number: int
    source: str


class _Counting:
    """One pass over the entries."""

    def __init__(self) -> None:
        self.accounts: dict[int, Account] = {}
        self._request_of = array("q")  # of each decision, release and task; -1 of any other entry
        self._classes = bytearray()

    def take(self, index: int, entry: Entry) -> None:
        """Take one entry, in order."""
        missing = index - len(self._request_of)
        self._request_of.extend([-1] * missing)
        self._classes.extend(bytes(missing))
        request = self._request(index, entry)
        self._request_of.append(request)
        outcome = entry.outcome if entry.type is EntryType.DECISION else 0
        self._classes.append(outcome if isinstance(outcome, int) else 0)
        if request in self.accounts:
            self._count(self.accounts[request], index, entry)

    def _request(self, index: int, entry: Entry) -> int:
        match entry.type:
            case EntryType.REQUEST:
                self.accounts[index] = Account(entry.time)
                return index
            case EntryType.DECISION | EntryType.DECIDED:
                return entry.refs[0]
            case EntryType.RELEASE:
                return entry.refs[3]
        return self._request_of[entry.refs[0]]

    def _count(self, account: Account, index: int, entry: Entry) -> None:
        match entry.type:
            case EntryType.DECISION:
                outcome = self._classes[index]
                account.now[outcome] += 1
                if len(entry.refs) == 1:
                    account.first[outcome] += 1
                else:
                    account.now[self._classes[entry.refs[1]]] -= 1
            case EntryType.DECIDED:
                account.tally = entry.outcome if isinstance(entry.outcome, tuple) else ()
                account.decided_at = entry.time
            case EntryType.RELEASE:
                account.released[index] = entry.time
                account.now[OutcomeClass.RELEASABLE] -= 1
                account.now[OutcomeClass.RELEASED] += 1
            case EntryType.REQUEST:
                pass
            case EntryType.OPEN_REFUSED if entry.outcome is not None:
                account.unsigned.append(entry.time)
            case other:
                account.events.append((other, entry.time))


def account_for(entries: Iterable[tuple[int, Entry]]) -> dict[int, Account]:
    """What every request came to, by the index of its entry; `entries` are those of `COUNTED`, in order."""
    counting = _Counting()
    for index, entry in entries:
        counting.take(index, entry)
    return counting.accounts


def year_of(milliseconds: int) -> int:
    """The year (UTC) of an instant."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).year


def public_figures(accounts: Sequence[Account], year: int) -> list[Figure]:
    """The figures of one agency and year that its accounts' public fields give."""
    received = [each for each in accounts if year_of(each.at) == year]
    disclosed = [at for each in accounts for at in each.released.values() if year_of(at) == year]
    events = Counter(kind for each in accounts for kind, at in each.events if year_of(at) == year)
    decided = Counter[int]()
    for each in received:
        decided.update(each.first)
    words = {each: each.name.lower() for each in CLASSES}
    named = {
        "requests_received": len(received),
        "items_decided": decided.total(),
        **{f"items_first_{words[each]}": decided[each] for each in CLASSES},
        "disclosures": len(disclosed),
        "openings": events[EntryType.OPEN],
        "openings_denied": events[EntryType.OPEN_REFUSED],
        "signatures_denied": sum(year_of(at) == year for each in accounts for at in each.unsigned),
        "recalls": events[EntryType.RECALL],
        "contests": events[EntryType.CONTEST],
        "objections": events[EntryType.OBJECTION],
        "errors_registered": events[EntryType.ERROR],
    }
    return [Figure(name, number, PUBLIC) for name, number in named.items()]


def require_equal(what: str, ledger: object, state: object) -> None:
    """Return when ledger and state say the same; else VerificationFailed, and there is no account (R-58)."""
    if ledger != state:
        raise VerificationFailed(
            f"no account is made: {what}: the ledger says {ledger}, the gate's state says {state} (R-58)"
        )


def require_tally(batch: str, account: Account) -> None:
    """Return when the tally of a decided request equals the decisions counted; else VerificationFailed."""
    if account.tally is not None:
        counted = (account.first.total(), *(account.first[each] for each in CLASSES))
        require_equal(f"decisions of batch `{batch}`", counted, account.tally)


def purpose_figures(purposes: Mapping[str, int]) -> list[Figure]:
    """How many items named each general purpose."""
    return [
        Figure(f"items_for_{name}", number, OPENED) for name, number in sorted(purposes.items()) if number
    ]
