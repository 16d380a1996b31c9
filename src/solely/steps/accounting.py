"""The yearly accounting of one agency: counted from the ledger, held against the state (R-55, R-58, R-61).

    1  count every request's entries by their public fields
    2  hold the counts against the tables; anything that differs makes no account, and is named
    3  open what a figure needs: the letter (which agency), the data file (which purposes), the identity
       group of each release (how many persons); each is held against its commitment first

- Only numbers come out: no id of an item, no value of a request or record.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from solely.errors import SolelyError, UsageError
from solely.folding import fold
from solely.ledger.entry import Entry, EntryType, OutcomeClass, decode
from solely.ledger.retention import CLASSES
from solely.oversight.accounting import (
    COUNTED,
    OPENED,
    PUBLIC,
    Account,
    Figure,
    account_for,
    public_figures,
    purpose_figures,
    require_equal,
    require_tally,
    year_of,
)
from solely.oversight.published import as_csv, months
from solely.services import Services
from solely.steps import approved, deciding, held, registering
from solely.steps.results import current_counts
from solely.store.files import write_durably

Batch = Mapping[str, Any]
KNOWN_PURPOSES = ("criminal_investigation", "criminal_proceeding", "civil_removal", "location")
RETENTION = f"kept {CLASSES['accounting'].kept}: no command removes an entry, a batch or a release (R-61)"
NOW = {"releasable": OutcomeClass.RELEASABLE, "released": OutcomeClass.RELEASED} | {
    each.name.lower(): each for each in OutcomeClass if each.name not in ("RELEASABLE", "RELEASED")
}


class Counted(NamedTuple):
    """The public figures as counted: of which day, at which length of the ledger where they could not be."""

    day: date
    size: int
    months: tuple[Sequence[str], ...]
    trouble: str


_COUNTED: Final[dict[Path, Counted]] = {}


def counted_entries(services: Services) -> Iterator[tuple[int, Entry]]:
    """Every entry that an account counts, in order."""
    for index, data in services.ledger.scan(COUNTED, 0):
        yield index, decode(data)


def accounts(services: Services) -> dict[str, tuple[Batch, Account]]:
    """The account of every batch by its id, each held against the state; VerificationFailed names what
    differs."""
    found = account_for(counted_entries(services))
    with services.database.transaction() as tx:
        batches = {each["request_index"]: each for each in services.cases.list_batches(tx)}
    require_equal("entries of requests", sorted(found), sorted(batches))
    return {batches[at]["id"]: (batches[at], _held(services, batches[at], found[at])) for at in sorted(found)}


def _held(services: Services, batch: Batch, account: Account) -> Account:
    name = f"batch `{batch['id']}`"
    require_tally(batch["id"], account)
    require_equal(f"whether {name} is decided", account.tally is not None, batch["decided_index"] is not None)
    if account.tally is None:
        return account
    approved.require_approvals(services, batch)
    now = current_counts(services, batch)
    for word, outcome in NOW.items():
        require_equal(f"items `{word}` of {name}", account.now[outcome], getattr(now, word))
    with services.database.transaction() as tx:
        releases = services.cases.releases(tx, batch["id"])
    require_equal(
        f"releases of {name}", sorted(account.released), sorted(each["entry_index"] for each in releases)
    )
    return account


def account(services: Services, year: int, agency: str, out: Path | None) -> dict[str, Any]:
    """The figures of one agency and year; written as CSV too when `out` is named."""
    if agency not in services.law.parties:
        raise UsageError(f"`--agency` is one of {', '.join(services.law.parties)}")
    if out is not None and out.suffix != ".csv":
        raise UsageError("`--out` names a .csv file")
    chosen = [
        (batch, each)
        for batch, each in accounts(services).values()
        if held.requester_of(services, batch) == agency
    ]
    figures = public_figures([each for _, each in chosen], year)
    figures += purpose_figures(_purposes(services, [b for b, a in chosen if year_of(a.at) == year]))
    figures += [_persons(services, chosen, year), *_arrivals(services, year)]
    if out is not None:
        write_durably(out, _as_csv(figures, year, agency))
    named = {each.name: each.number for each in figures}
    opened = [each.name for each in figures if each.source == OPENED]
    told = {"agency": agency, "year": year, "figures": named, "counted_from_opened_commitments": opened}
    return told | {"retention": RETENTION, **({} if out is None else {"out": str(out)})}


def published_figures(services: Services, today: date) -> bytes:
    """The monthly figures that may be published on a day, as CSV; none where anything differs (R-100)."""
    registering.require_whole(services)
    return as_csv(months((each for _, each in accounts(services).values()), today))


def figures_of_day(services: Services, day: date) -> Counted:
    """The figures of a day; counted once, and again for a longer ledger only where they could not be.

    So no stranger makes the gate count.
    """
    known, size = _COUNTED.get(services.folder.root), services.ledger.published().size
    if known is not None and known.day == day and (not known.trouble or known.size == size):
        return known
    found, trouble = tuple[Sequence[str], ...](), ""
    try:
        lines = published_figures(services, day).decode().splitlines()[1:]
        found = tuple(line.split(",") for line in lines)
    except SolelyError as error:
        trouble = f"no figures are shown: ledger and state do not say the same ({error.code})"
    _COUNTED[services.folder.root] = counted = Counted(day, size, found, trouble)
    return counted


def _purposes(services: Services, batches: Sequence[Batch]) -> Mapping[str, int]:
    """How many items named each general purpose, from the data files as received."""
    purposes: Counter[str] = Counter()
    for batch in batches:
        held.require_received(services, batch)
        for reads in deciding.chunks_of(services, batch):
            purposes.update(_purpose(read.item.purpose) for read in reads)
    return purposes


def _purpose(stated: str | None) -> str:
    named = fold(stated or "").replace(" ", "_").lower()
    return f"purpose_{named}" if named in KNOWN_PURPOSES else "purpose_other_or_none"


def _persons(services: Services, chosen: Sequence[tuple[Batch, Account]], year: int) -> Figure:
    """How many persons the disclosures of a year were about, each counted once."""
    persons: set[str] = set()
    for batch, each in chosen:
        with services.database.transaction() as tx:
            releases = services.cases.releases(tx, batch["id"])
        held.require_released(services, releases)
        persons |= {
            row["record_ref"] for row in releases if year_of(each.released[row["entry_index"]]) == year
        }
    return Figure("persons", len(persons), OPENED)


def _arrivals(services: Services, year: int) -> list[Figure]:
    """What arrived and made no request, whoever sent it: an unreadable letter names nobody (R-103)."""
    arrived, used = set(), set()
    for index, data in services.ledger.scan((EntryType.ARRIVAL, EntryType.REQUEST), 0):
        entry = decode(data)
        if entry.type is EntryType.REQUEST:
            used.add(entry.refs[0])
        elif year_of(entry.time) == year:
            arrived.add(index)
    return [Figure("arrivals_of_any_sender_without_request", len(arrived - used), PUBLIC)]


def _as_csv(figures: Sequence[Figure], year: int, agency: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("agency", "year", "figure", "number", "counted_from"))
    writer.writerows((agency, year, *each) for each in figures)
    return text.getvalue().encode()
