"""What the report shows of objections, incidents, notices, orders, openings and duties, and over time.

- Everything is held against the ledger by the step that it belongs to; a difference makes no report (R-58).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from solely.errors import UsageError
from solely.ledger.entry import EntryType, decode
from solely.orders.force import in_force, standing_of
from solely.oversight.figures_file import HEADER, as_csv
from solely.oversight.over_time import OverTime, over_time_of
from solely.oversight.report import render
from solely.oversight.report_data import ReportData
from solely.oversight.watched import Objection, OrderRow, Watched
from solely.release.duties import Owed, open_duties
from solely.services import Services
from solely.steps import accounting, incidents, journal, objecting, ordering, recipient, rejudging, results
from solely.store import shredding
from solely.store.files import write_durably
from solely.store.ledger_store import DENIED_SHOWING


def report_data(services: Services, batch_id: str | None, at: datetime) -> ReportData:
    """All that the report of one batch, or of all, shows."""
    return results.report_data(services, batch_id, at, watched(services, at), over_time(services))


def write(data: ReportData, out: Path) -> Path:
    """Write the page, and its figures as CSV beside it; where these stand.

    Raises UsageError, and writes nothing, where another file would give way to the figures.
    """
    figures = out.with_suffix(".csv")
    if figures.exists() and not _is_figures(figures):
        raise UsageError(
            f"`{figures.name}` beside `--out` is no report's and would be lost; name another page"
        )
    page, table = render(data).encode(), as_csv(data)
    write_durably(out, page)
    write_durably(figures, table)
    return figures


def _is_figures(path: Path) -> bool:
    start = ",".join(HEADER).encode()
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(start)) == start


def watched(services: Services, at: datetime, *, is_page: bool = False) -> Watched:
    """What waits for an answer, as of an instant; a page counts duties as noted (decision 0027)."""
    denied, unsigned = denials(services)
    with services.database.transaction() as tx:
        destroyed = len(shredding.ordered(tx))
    return Watched(
        objections=tuple(_objections(services)),
        incidents=tuple(incidents.incidents(services)),
        orders=tuple(_orders(services, at)),
        tasks=tuple(sorted(Counter(each["state"] for each in rejudging.tasks(services)).items())),
        openings=(("made", len(services.ledger.places((EntryType.OPEN,)))), ("denied", len(denied))),
        signatures_denied=len(unsigned),
        showings_denied=len(denied_showings(services)),
        unaccepted=_unaccepted(services),
        duties=tuple((noted_duties if is_page else duties)(services, at)),
        errors=_standing_errors(services),
        destroyed=destroyed,
    )


def over_time(services: Services) -> OverTime:
    """How outcomes, releases and waiting times went, counted from the ledger (R-58)."""
    return over_time_of(each for _, each in accounting.accounts(services).values())


def _objections(services: Services) -> list[Objection]:
    return [
        Objection(
            each["objection"], each["batch"], journal.instant_of(services, each["objection"]), each["open"]
        )
        for each in objecting.written(services)
    ]


def _orders(services: Services, at: datetime) -> list[OrderRow]:
    known = ordering.filed(services)
    standing = {each.order.id for each in in_force(known, at)}
    return [
        OrderRow(
            each.order.id,
            each.order.kind.value,
            each.order.authority,
            each.entry_index,
            standing_of(each, known, at),
            each.order.id in standing,
        )
        for each in known
    ]


def _standing_errors(services: Services) -> int:
    """How many lines of the error register no later line corrects (R-102)."""
    lines = {index: decode(data).refs[0] for index, data in services.ledger.all_of(EntryType.ERROR).items()}
    return len(lines.keys() - set(lines.values()))


def _unaccepted(services: Services) -> int:
    """How many arrivals no request refers to: refused whole, blocked or turned away (R-103)."""
    kinds = (EntryType.ARRIVAL, EntryType.REQUEST)
    arrived, used = (len(services.ledger.places((kind,))) for kind in kinds)
    return arrived - used


def denials(services: Services) -> tuple[list[int], list[int]]:
    """The entries of the openings that were denied, and those of the signatures for releases that were."""
    denied, unsigned = list[int](), list[int]()
    for index, data in services.ledger.all_of(EntryType.OPEN_REFUSED).items():
        (denied if decode(data).outcome is None else unsigned).append(index)
    return denied, unsigned


def denied_showings(services: Services) -> list[int]:
    """The entries of the looks at an item that were denied, since another officer has it (R-92)."""
    return services.ledger.places((DENIED_SHOWING,))


def duties(services: Services, at: datetime) -> list[tuple[str, int, int]]:
    """Each duty, how many are open, and how many of them late; every release held against its entry."""
    return _counted(services, ((each, 1) for _, each in recipient.owed(services)), at)


def noted_duties(services: Services, at: datetime) -> list[tuple[str, int, int]]:
    """The same, releases that nobody has touched as counted."""
    return _counted(services, recipient.noted(services).due(), at)


def _counted(
    services: Services, owed: Iterable[tuple[Owed, int]], at: datetime
) -> list[tuple[str, int, int]]:
    waiting, late, days = Counter[str](), Counter[str](), recipient.days_of(services)
    for each, number in owed:
        for due in open_duties([each], days) if number else ():
            waiting[due.act.value] += number
            late[due.act.value] += number * (at.date() > due.by)
    return [(act, number, late[act]) for act, number in sorted(waiting.items())]
