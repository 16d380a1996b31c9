"""The page that everybody may see, signed in or not: what this gate is bound by, and how to check it.

- Of the agreement stands here what no order may seal: id, version, parties, authority, dates, and how many
  parts are sealed on whose word until when (R-89).
- Figures are those of the public export: by month, small counts hidden, rounded, late (R-100). They are
  counted once a day: no stranger makes the gate count.
- The ledger's folder is handed out as it lies on disk: to everybody the checkpoint and the tiles of hashes,
  which tell nothing; to a signed-in overseer also the entries (R-56). In an entry stands the class of a
  decision, by which a requester could tell a referral from a withholding (R-43, R-81).
- Nobody's reading writes anything: not even a step that is due is taken for a stranger.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from markupsafe import Markup

from solely.agreement.redaction import Sealed, parse_copy
from solely.agreement.statement import NARROWED
from solely.console.checking import LedgerCheck, check_of
from solely.console.exchange import HEADERS, cookie_name
from solely.console.visit import OVERSEER, Answer, Elsewhere, File, Page, Route, Visit
from solely.errors import UsageError
from solely.oversight.chart import Bar, Caption, Piece, bars
from solely.oversight.published import CLASSES, HIDDEN, NAMES
from solely.services import Services
from solely.steps import accounting, attending
from solely.store.law import PUBLIC
from solely.store.ledger_files import LedgerPaths
from solely.store.signed_law import statement_of

_ANYBODY: Final = frozenset[str]()
_FILE: Final = re.compile(r"checkpoint|tile/(entries|[0-9]{1,2})/(x[0-9]{3}/)*[0-9]{3}(\.p/[0-9]{1,3})?")
_ENTRIES: Final = "tile/entries/"
_MONTHS: Final = 24  # on the chart; the table has all
_WHOLE_TILE: Final = {"Cache-Control": "public, max-age=604800, immutable"}  # it never changes again
WILL_NOT: Final = (
    ("Read a record before the request, by its own text, has passed every clause.", "rule R-01"),
    ("Let a taxpayer number stand in for an address, or likeness alone for identity.", "rules R-33, R-41"),
    ("Override. No command, role or setting turns a refusal into a release; people make an outcome "
     "stricter, and decide what a rule has referred to them.", "rule R-82"),
    ("Search: by area, surname or any attribute. A request names one person.", "rule R-88"),
    ("Take a wildcard, or answer who lives at an address or who holds a number.", "rule R-88"),
    ("Watch a person: nobody subscribes to changes.", "rule R-88"),
    ("Score, rank or guess: no status is inferred from a number, a name or a household.", "rule R-88"),
    ("Tell a requester whether a record exists, except by releasing it.", "rules R-43, R-81"),
    ("Let one person release anything. An approval takes two who did not enrol one another; whoever runs the "
     "machine approves nothing.", "rules R-84, R-85"),
    ("Seal what permits a disclosure without an order and its last day.", "rule R-89"),
)  # fmt: skip


def public(visit: Visit) -> Answer:
    """The public page."""
    services = visit.services
    published = services.ledger.published()
    figures, paths = accounting.figures_of_day(services, visit.at.date()), LedgerPaths(services.folder.root)
    return Page(
        "public.html",
        {
            "agreement": _agreement(services),
            "sealed": _sealed(services),
            "figures": figures,
            "chart": _chart(figures.months),
            "heads": NAMES,
            "hidden": HIDDEN,
            "log": {
                "size": published.size,
                "root": published.root,
                "checkpoint": published.checkpoint.decode(),
                "cosigned": sorted(published.cosigned),
                "vkey": services.ledger.vkey.text(),
                "earlier": _text(paths.earlier_vkey),
                "second": _text(paths.second_vkey),
            },
            "check": check_of(services.folder.root),
            "will_not": WILL_NOT,
        },
    )


def checked(visit: Visit) -> Answer:
    """What came of checking the ledger, or that it runs."""
    check = check_of(visit.services.folder.root)
    words = {"check": check, "published": visit.services.ledger.published(), "shows_kinds": False}
    return Page("checked.html", words)


def check(visit: Visit) -> Answer:
    """Begin a check of the ledger, as `solely-verify log` does it, unless one runs."""
    services = visit.services
    is_stranger = visit.person is None or visit.person.role != OVERSEER
    published = services.ledger.published()
    running: LedgerCheck = check_of(services.folder.root)
    running.begin(published.checkpoint, visit.at, is_stranger=is_stranger)
    return Elsewhere("/public/verify")


def key(visit: Visit) -> Answer:
    """The verifier key as a file."""
    return File("log.vkey", "text/plain", visit.services.ledger.vkey.text().encode() + b"\n")


def copy(visit: Visit) -> Answer:
    """The public copy of the agreement as a file; `solely-verify redacted` checks it."""
    data = visit.services.law_files.beside.get(PUBLIC)
    if data is None:
        raise UsageError("this gate has no public copy of its agreement: its parties hand the text out")
    return File(PUBLIC, "application/json", data)


def figures(visit: Visit) -> Answer:
    """The monthly figures as a table, as `export --scope public` writes them."""
    found = accounting.figures_of_day(visit.services, visit.at.date())
    if found.trouble:
        raise UsageError(found.trouble)
    lines = (("month", *NAMES), *found.months)
    return File("figures.csv", "text/csv", "".join(f"{','.join(line)}\n" for line in lines).encode())


def _agreement(services: Services) -> Mapping[str, Any]:
    """What no order may seal of the version in force, by the statement that was signed (R-89)."""
    law, signed = services.law, statement_of(services.law_files)
    statute = law.statute
    return {
        "id": signed.id,
        "version": signed.version,
        "parties": signed.parties,
        "authority": str(statute.terms.get("citation", statute.id)),
        "starts_on": signed.starts_on,
        "ends_on": signed.ends_on,
        "release_until": None if signed.ends_on else services.config.release_until,
        "is_narrowed": signed.act == NARROWED,
        "signers": sorted(services.law_files.signatures),
        "digest": signed.digest,
        "root": signed.root,
        "parts": signed.parts,
        "before": len(services.law_files.superseded),
        "is_synthetic": law.is_synthetic,
        "profile": services.config.profile,
        "has_copy": PUBLIC in services.law_files.beside,
    }


def _sealed(services: Services) -> Mapping[str, Any]:
    """How many parts of the agreement are sealed: what permits, by order and last day; names and limits."""
    data = services.law_files.beside.get(PUBLIC)
    if data is None:
        return {"orders": (), "others": 0, "number": 0}
    copied = parse_copy(data)
    by: dict[tuple[str, date], int] = {}
    for _, seal in copied.seals:
        by[seal.order, seal.until] = by.get((seal.order, seal.until), 0) + 1
    number = sum(isinstance(each, Sealed) for each in copied.parts)
    orders = [(order, until, count) for (order, until), count in sorted(by.items())]
    return {"orders": orders, "others": number - sum(by.values()), "number": number}


def _chart(months: Sequence[Sequence[str]]) -> Markup:
    """The published months as bars, by outcome; what is hidden is not drawn."""
    rows = []
    for month, items, *counts in months[-_MONTHS:]:
        shown = zip(NAMES[1:], counts[: len(CLASSES)], strict=False)
        pieces = tuple(Piece(int(number), name) for name, number in shown if number != HIDDEN)
        rows.append(Bar(month, "hidden" if items == HIDDEN else f"{int(items):,}", pieces))
    title = "Items decided, by month and first outcome"
    return Markup(bars(Caption("months", title, "The table below holds the same figures."), rows))  # noqa: S704 -- escaped there


def _text(path: Path) -> str:
    return path.read_text().strip() if path.is_file() else ""


class LedgerFiles:
    """The ledger's public folder over HTTP, read from disk without a step of the gate."""

    def __init__(self, do: Callable[[Callable[[Services], Any]], Awaitable[Any]]) -> None:
        self._do = do
        self._folder: Path | None = None

    def add_to(self, app: FastAPI) -> None:
        """Add the one address below which every public file has its own name (C2SP tlog-tiles)."""
        app.add_api_route("/ledger/{name:path}", self._file, methods=["GET"], include_in_schema=False)

    async def _file(self, request: Request, name: str) -> Response:
        if self._folder is None:
            self._folder = await self._do(lambda services: services.folder.ledger)
        path = self._folder / name
        if not _FILE.fullmatch(name) or not path.is_file():
            return Response("no such file of the ledger\n", 404, media_type="text/plain", headers=HEADERS)
        is_entries = name.startswith(_ENTRIES)
        if is_entries and not await self._do(lambda services: _is_overseers(services, request)):
            said = "entries are handed to signed-in overseers: in them stand the classes of decisions\n"
            return Response(said, 403, media_type="text/plain", headers=HEADERS)
        is_note, is_whole = name == "checkpoint", ".p/" not in name
        kind = "text/plain; charset=utf-8" if is_note else "application/octet-stream"
        more = _WHOLE_TILE if is_whole and not (is_note or is_entries) else {}
        return Response(path.read_bytes(), media_type=kind, headers=HEADERS | more)


def _is_overseers(services: Services, request: Request) -> bool:
    """True of a call by a signed-in overseer."""
    cookie = request.cookies.get(cookie_name(services.address), "")
    found = attending.signed_in(services, cookie, services.now())
    return found is not None and found.person.role == OVERSEER


ROUTES = (
    Route("GET", "/public", _ANYBODY, public),
    Route("GET", "/public/verify", _ANYBODY, checked),
    Route("POST", "/public/verify", _ANYBODY, check),
    Route("GET", "/public/log.vkey", _ANYBODY, key),
    Route("GET", "/public/agreement.json", _ANYBODY, copy),
    Route("GET", "/public/figures.csv", _ANYBODY, figures),
)
