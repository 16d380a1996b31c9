"""What an overseer sees: the ledger checked from the outside, alarms, reports, and draws of its own.

- Everything here is read; only a draw of a sample and a replay leave an entry, each its own.
- Figures and verdicts are those that the steps store (R-106); nothing here names an item or shows a value.
"""

import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from markupsafe import Markup

from solely import afterwards
from solely.console.checking import check_of
from solely.console.exchange import whole
from solely.console.visit import COUNSEL, EVERYBODY, OVERSEER, Answer, Elsewhere, File, Page, Route, Visit
from solely.errors import SolelyError, UsageError, VerificationFailed
from solely.flow import begin
from solely.ledger.checkpoint import parse_text
from solely.ledger.entry import EntryType
from solely.ledger.note import read_note
from solely.oversight.chart import patterns
from solely.oversight.report import content
from solely.oversight.style import nested
from solely.services import Services
from solely.steps import exporting, following, journal, receiving, registering, watching

_OVERSEERS: Final = frozenset((OVERSEER,))
_READERS: Final = frozenset((OVERSEER, COUNSEL))
_LISTED: Final = 20
REPLAYED_MAX: Final = 20_000  # items of a batch; a larger replay is made at the machine: it takes the gate
DRAWN_MAX: Final = 1_000


def overview(visit: Visit) -> Answer:
    """Alarms first: what is denied, late, missing or open."""
    services = visit.services
    begin(services)
    found, at = watching.watched(services, visit.at, is_page=True), visit.at
    published = services.ledger.published()
    missing = sorted({each.name for each in services.ledger.policy.witnesses} - set(published.cosigned))
    denied, _ = watching.denials(services)
    pending = afterwards.pending(services)
    words = {
        "denied": [(index, journal.instant_of(services, index)) for index in denied[: -_LISTED - 1 : -1]],
        "denied_number": len(denied),
        "unsigned_number": found.signatures_denied,
        "unshown_number": found.showings_denied,
        "missing": missing,
        "witnesses": len(services.ledger.policy.witnesses),
        "apart": len(services.ledger.places((EntryType.CLOCK,))),
        "objections": [each for each in found.objections if each.is_open],
        "incidents": [(each, each.standing(at)) for each in found.incidents if each.closed_at is None],
        "late": [(act, late) for act, _, late in found.duties if late],
        "loosening": [sum(kind in each for each in pending) for kind in ("proposed", "order")],
        "undecided": following.undecided(services),
        "trouble": _trouble(services),
        "inquiries": len(services.ledger.places((EntryType.INQUIRY,))),
        "tasks": found.tasks,
    }
    return Page("oversight.html", words)


def _trouble(services: Services) -> str:
    """Why no report may be made, where a replay found an error that the register does not have (R-102)."""
    try:
        registering.require_whole(services)
    except SolelyError as error:
        return str(error)
    return ""


def verify(visit: Visit) -> Answer:
    """The check of the ledger, its last outcome, and the form that begins one."""
    published = visit.services.ledger.published()
    check = check_of(visit.services.folder.root, is_overseers=True)
    return Page("verify.html", {"check": check, "published": published, "shows_kinds": True})


def begin_check(visit: Visit) -> Answer:
    """Begin a check, against a checkpoint that the overseer kept where one is given."""
    published, kept = visit.services.ledger.published(), _kept(visit)
    if kept:
        _require_checkpoint(kept)
    check = check_of(visit.services.folder.root, is_overseers=True)
    check.begin(published.checkpoint, visit.at, kept=kept)
    return Elsewhere("/oversight/verify")


def _require_checkpoint(kept: bytes) -> None:
    """Return when this has the form of a checkpoint; whose it is, the verifier says. UsageError otherwise."""
    try:
        parse_text(read_note(kept).text)
    except VerificationFailed as failed:
        raise UsageError(
            f"`kept` is no checkpoint ({failed}); put in the whole file that you kept, or leave it empty"
        ) from None


def _kept(visit: Visit) -> bytes:
    """The checkpoint of a form, as the file had it."""
    kept = visit.form.get("kept", "").strip("\n")
    return f"{kept}\n".encode() if kept else b""


def report(visit: Visit) -> Answer:
    """The report of the gate, as `solely report` writes it, in the console's frame."""
    services = visit.services
    begin(services)
    registering.require_whole(services)
    head, body = content(watching.report_data(services, None, visit.at))
    words = {"head": Markup(patterns() + head), "sections": Markup(body)}  # noqa: S704 -- escaped where it enters
    return Page("report.html", words)


def report_style(visit: Visit) -> Answer:
    """The report's own style, for the element that it stands in."""
    return File("report.css", "text/css", nested("report").encode())


def register(visit: Visit) -> Answer:
    """The public error register, with its rate (R-102)."""
    return Page("errors.html", {"register": afterwards.errors(visit.services)})


def objections(visit: Visit) -> Answer:
    """Every objection with its answer; an open one stops its batch (R-92)."""
    return Page("objections.html", {"objections": afterwards.objections(visit.services)[::-1]})


def replay_form(visit: Visit) -> Answer:
    """The batches that are decided."""
    services = visit.services
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
    decided = [each for each in batches if each["decided_index"] is not None]
    return Page("replay.html", {"batches": decided[::-1], "most": REPLAYED_MAX, "found": None})


def replay(visit: Visit) -> Answer:
    """Make the decisions of one batch again, and hold each against the ledger (R-59)."""
    services = visit.services
    batch = receiving.find_batch(services, visit.form.get("batch", ""))
    if batch["items"] > REPLAYED_MAX:
        raise UsageError(
            f"a batch of more than {REPLAYED_MAX:,} items is replayed at the machine, by `solely replay`: "
            "nobody else is answered meanwhile"
        )
    found = afterwards.replay(services, batch["id"])
    return Page("replay.html", {"batches": [], "most": REPLAYED_MAX, "found": found, "batch": batch["id"]})


def sample_form(visit: Visit) -> Answer:
    """The form of a draw: checkpoint, nonce, number."""
    return Page("sample.html", {"most": DRAWN_MAX})


def sample(visit: Visit) -> Answer:
    """The decisions that the overseer's own draw comes to, opened, as an archive (R-105)."""
    form, at = visit.form, begin(visit.services)
    count, kept = whole(form.get("count", ""), DRAWN_MAX), _kept(visit)
    if not count:
        raise UsageError(f"`count` is a number from 1 to {DRAWN_MAX:,}; more are drawn at the machine")
    if not kept:
        raise UsageError("`kept` is a checkpoint that you kept; a draw from one shown just now proves less")
    _require_checkpoint(kept)
    drawn = (kept, form.get("drawn_with", ""), count)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "drawn")
        exporting.sample(visit.services, drawn, visit.signer, out, at)
        return File("drawn.zip", "application/zip", _archive(out))


def _archive(folder: Path) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files(folder):
            archive.write(path, f"drawn/{path.name}")
    return data.getvalue()


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in sorted(folder.iterdir()) if each.is_file())


ROUTES = (
    Route("GET", "/oversight", _OVERSEERS, overview),
    Route("GET", "/oversight/verify", _OVERSEERS, verify),
    Route("POST", "/oversight/verify", _OVERSEERS, begin_check),
    Route("GET", "/oversight/report", _READERS, report),
    Route("GET", "/report.css", EVERYBODY, report_style),
    Route("GET", "/oversight/errors", _READERS, register),
    Route("GET", "/oversight/objections", _READERS, objections),
    Route("GET", "/oversight/replay", _OVERSEERS, replay_form),
    Route("POST", "/oversight/replay", _OVERSEERS, replay),
    Route("GET", "/oversight/sample", _OVERSEERS, sample_form),
    Route("POST", "/oversight/sample", _OVERSEERS, sample, "this draw of a sample"),
)
