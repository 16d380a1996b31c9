"""The figures of a report as CSV: one line for each, by the section and name that it has on the page."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from solely.oversight.outcomes import funnel_steps, shown_reasons
from solely.oversight.report_data import ReportData

Line = tuple[str, str, str, int]
HEADER: Final = ("section", "of", "figure", "number")
# What has its line whether or not there is one: a zero is told as any other number is.
_NOTICES: Final = ("opened", "done", "declined")
_DUTIES: Final = ("verified", "destroyed", "outcome")


def as_csv(data: ReportData) -> bytes:
    """Every figure of the page that a chart or a table of counts shows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_lines(data))
    return text.getvalue().encode()


def _lines(data: ReportData) -> Iterator[Line]:
    for step, left, _, _ in funnel_steps(data.total()):
        yield "funnel", "", step, left
    for each in shown_reasons(data):
        yield "reasons of first decisions", each.disposition.value, f"{each.element}:{each.code}", each.items
    for batch in data.batches:
        for name in ("received", "released", "releasable", "withheld", "referred", "returned", "refused"):
            yield "batches", batch.id, name, getattr(batch.counts, name)
    yield "batches", "", "released, not delivered yet", data.undelivered
    for month, counts in data.over_time.months:
        yield from (("first outcomes by month", month, word, number) for word, number in counts.items())
    yield from (("releases by day", str(day), "releases", number) for day, number in data.over_time.days)
    yield from (("time to decision", word, "items", items) for word, items in data.over_time.waits)
    yield from _watched(data)


def _watched(data: ReportData) -> Iterator[Line]:
    found = data.watched
    yield "objections", "", "open", sum(each.is_open for each in found.objections)
    yield "objections", "", "answered", sum(not each.is_open for each in found.objections)
    yield "incidents", "", "not reported in time", sum(each.is_overdue(data.at) for each in found.incidents)
    yield "incidents", "", "on record", len(found.incidents)
    yield "orders", "", "in force", sum(each.is_in_force for each in found.orders)
    yield (
        "safeguards",
        "",
        "findings in force",
        sum(each.is_in_force and each.kind == "safeguard" for each in found.orders),
    )
    yield from (("openings", "", word, number) for word, number in found.openings)
    yield "arrivals", "", "without a batch", found.unaccepted
    yield "signatures for releases", "", "denied", found.signatures_denied
    notices = dict.fromkeys(_NOTICES, 0) | dict(found.tasks)
    yield from (("notices", "", word, number) for word, number in notices.items())
    duties = dict.fromkeys(_DUTIES, (0, 0)) | {act: (waiting, late) for act, waiting, late in found.duties}
    for act, (waiting, late) in duties.items():
        yield "duties", act, "open", waiting
        yield "duties", act, "overdue", late
