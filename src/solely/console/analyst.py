"""What an analyst of a requester sees: batches of the own office, how far they are, what to cure.

- Nothing here tells an item that was withheld from one that left (R-43, R-81).
"""

import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from solely import flow, precheck
from solely.console.visit import ANALYST, Answer, Elsewhere, File, Later, Page, Route, Stream, Visit
from solely.errors import UsageError
from solely.steps import following, told_rows
from solely.steps.examination import context_of

_ANALYSTS: Final = frozenset((ANALYST,))
_REFRESH_SECONDS: Final = 5
_ROWS: Final = 50
_SHOWN: Final = 200  # rows of a precheck
_CSV: Final = "text/csv; charset=utf-8"


def batches(visit: Visit) -> Answer:
    """The batches of the own office."""
    own = following.own_batches(visit.services, visit.who)
    return Page("batches.html", {"batches": following.listed(visit.services, own[:200]), "count": len(own)})


def send(visit: Visit) -> Answer:
    """A batch sent: received now, decided from now on."""
    if visit.upload is None:
        raise UsageError("no file came; choose the archive, or the three files of the batch")
    batch, said = flow.receive(visit.services, visit.upload.received, visit.who)
    if batch is not None:
        return Elsewhere(f"/batches/{batch['id']}", "your batch is received, and is decided from now on")
    if said.get("duplicate"):
        return Elsewhere(f"/batches/{said['batch']}", "this letter was received before; its answers stand")
    return Page("batch_refused.html", {"refused": said.get("batch_refused"), "blocked": said["blocked"]}, 422)


def batch(visit: Visit) -> Answer:
    """One batch: how far it is, or its answers in four words."""
    services = visit.services
    found = following.own_batch(services, visit.path["batch"], visit.who)
    words = {"batch": found, "progress": following.progress(services, found), "refresh": _REFRESH_SECONDS}
    if found["state"] == "received":
        return Page("batch.html", words | {"answers": None, "elements": {}})
    words |= {
        "answers": following.answers(services, found),
        "elements": told_rows.count_elements(services, found),
    }
    return Page("batch.html", words)


def rows(visit: Visit) -> Answer:
    """The rows of a batch that are returned or refused, fifty at a time; all, or those about an element."""
    services, element = visit.services, visit.query.get("element", "")
    found = following.own_decided(services, visit.path["batch"], visit.who)
    elements = told_rows.count_elements(services, found)
    if element and element not in elements:
        raise UsageError("no row of this batch was returned or refused because of this element")
    numbers = told_rows.rows_to_tell(services, found, element)
    first = int(numbers.searchsorted(_number(visit.query.get("after", "0")), "right"))
    shown = told_rows.told_rows(services, found, numbers[first : first + _ROWS].tolist())
    before = int(numbers[first - _ROWS - 1]) if first > _ROWS else 0
    after = int(numbers[first + _ROWS - 1]) if first + _ROWS < len(numbers) else None
    words: dict[str, Any] = {"batch": found, "element": element, "elements": elements, "rows": shown}
    words |= {"count": len(numbers), "page": _ROWS, "before": before if first else None, "after": after}
    return Page("batch_rows.html", words)


def to_cure(visit: Visit) -> Answer:
    """The rows that can be cured, in the columns as sent, and what to cure."""
    found = following.own_decided(visit.services, visit.path["batch"], visit.who)
    parts = told_rows.table_to_cure(visit.services, found)
    return Stream(f"cure-{found['id']}.csv", _CSV, (_as_csv(lines) for lines in parts))


def contest(visit: Visit) -> Answer:
    """A returned item contested, once (R-87)."""
    found = following.own_decided(visit.services, visit.path["batch"], visit.who)
    request_id, note = visit.form.get("request_id", ""), visit.form.get("note", "")
    done = flow.contest(visit.services, request_id, visit.signer, note)
    if done["contest"] == "stands":
        said = f"your contest is in the ledger; the return stands, because of {', '.join(done['behind'])}"
    else:
        said = f"your contest is in the ledger; other officers decide by {done['reconsider_by']}"
    return Elsewhere(f"/batches/{found['id']}/rows", said)


def precheck_form(visit: Visit) -> Answer:
    """Where a file is prechecked before it is sent."""
    return Page("precheck.html", {"checked": None})


def prechecked(visit: Visit) -> Answer:
    """What the gate would say of each row before any record is read; nothing of the file is kept."""
    if visit.upload is None:
        raise UsageError("no file came; choose `data.csv`, the archive, or the three files of the batch")
    received, context = visit.upload.received, context_of(visit.services, visit.at.date())
    law, agreement = visit.services.law, visit.services.config.agreement
    is_table = visit.form.get("as") == "table"

    def make() -> Answer:
        checked = precheck.checked(received, (law, agreement), context, _SHOWN)
        if is_table:
            return File("cure.csv", _CSV, _as_csv(checked.table))
        return Page("precheck.html", {"checked": checked, "most": _SHOWN})

    return Later(make)


def _number(text: str) -> int:
    with suppress(ValueError):
        return int(text)
    raise UsageError("a page of rows begins after a row's number")


def _as_csv(lines: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()


ROUTES: Final = (
    Route("GET", "/batches", _ANALYSTS, batches),
    Route("POST", "/batches", _ANALYSTS, send, takes_files=True),
    Route("GET", "/batches/{batch}", _ANALYSTS, batch),
    Route("GET", "/batches/{batch}/rows", _ANALYSTS, rows),
    Route("GET", "/batches/{batch}/cure.csv", _ANALYSTS, to_cure),
    Route("POST", "/batches/{batch}/contest", _ANALYSTS, contest, "the contest of this return"),
    Route("GET", "/precheck", _ANALYSTS, precheck_form),
    Route("POST", "/precheck", _ANALYSTS, prechecked, takes_files=True),
)
