"""Commands for orders: file, stay, recall, lift, notice, list, and the draft declaration."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from solely.cli.door import Gate, Json, KeyFile, app, out_option, say, tell, tell_each
from solely.errors import TroubleError, UsageError

Cite = Annotated[str, typer.Option(help="What the order rests on: court and docket, clause, finding.")]
Batch = Annotated[str | None, typer.Option(help="Only this batch.", metavar="ID")]
Release = Annotated[str | None, typer.Option(help="Only this release.", metavar="UUID")]
Request = Annotated[str | None, typer.Option(help="Only this item.", metavar="REQUEST_ID")]
Officer = Annotated[str | None, typer.Option(help="Only what names this officer.", metavar="ID")]
Clause = Annotated[str | None, typer.Option(help="Only under this clause.", metavar="ID")]
People = Annotated[Path | None, typer.Option(help="A JSON list of people who are protected.", metavar="FILE")]
Since = Annotated[str | None, typer.Option("--from", help="Default: now.", metavar="INSTANT")]
Until = Annotated[str | None, typer.Option(help="Default: until it is lifted.", metavar="INSTANT")]


def give_order(gate: Path, keyfile: Path, words: Mapping[str, Any]) -> None:
    """Compose an order in the key holder's name, file it, and print what it is."""
    from solely.steps import approving, composing
    from solely.store.gate import GateFolder, read_config
    from solely.store.trust import read_trust

    folder = GateFolder(gate)
    agreement, trust = read_config(folder).agreement, read_trust(folder.trust)
    _file(gate, *composing.compose(trust, agreement, words, approving.read_key(keyfile)))


def _file(gate: Path, text: bytes, signature: bytes) -> None:
    """File an order with the service that holds the gate, where one does, else with the gate itself."""
    from solely import afterwards, remote, services
    from solely.store.database import served_at
    from solely.store.gate import GateFolder

    url = served_at(gate)
    if url is not None:
        try:
            tell(remote.file_order(url, GateFolder(gate).vkey, text, signature))
            return
        except TroubleError as trouble:
            say(str(trouble))  # it has ended since, or the gate is held and says so
    with services.opened(gate, progress=say) as opened:
        tell(afterwards.order(opened, text, signature))


def people_in(path: Path | None) -> Any:
    """The list of people in a file of `--people`; None without the option."""
    if path is None:
        return None
    from solely.store.given import read_given

    try:
        return json.loads(read_given("--people", path))
    except ValueError:
        raise UsageError(f"`--people`: `{path.name}` is no JSON; it holds a list of people") from None


@app.command(
    short_help="File a signed order.",
    epilog="Example: solely order stay.json --gate demo/out/gate (with stay.json.sig beside it)",
)
def order(
    path: Annotated[Path, typer.Argument(metavar="ORDER.json", help="The order; its signature beside it.")],
    gate: Gate,
) -> None:
    """File a signed order: it acts from its ledger entry on, unless it loosens."""
    from solely.steps import composing

    _file(gate, *composing.read_signed(path))


@app.command(
    short_help="Stop disclosure, in your own name.",
    epilog="Example: solely stay --gate demo/out/gate --as demo/out/keys/courts/district-court.pem "
    "--cite 'docket 25-cv-0677, order of 26 November 2026' --until 2027-01-31",
)
def stay(  # noqa: PLR0913 -- a command's options are its interface
    gate: Gate,
    keyfile: KeyFile,
    cite: Cite,
    batch: Batch = None,
    request: Request = None,
    officer: Officer = None,
    clause: Clause = None,
    people: People = None,
    starts_at: Since = None,
    until: Until = None,
    lift: Annotated[str | None, typer.Option(help="Lift this order of yours.", metavar="ORDER_ID")] = None,
    supersedes: Annotated[
        str | None, typer.Option(help="Give it in the place of this stay of yours.", metavar="ORDER_ID")
    ] = None,
) -> None:
    """Stop disclosure at once, in whole or in part; or lift what you stopped, which two countersign."""
    scope = {"batch": batch, "request": request, "officer": officer, "clause": clause}
    scope |= {"people": people_in(people)}
    if lift is not None and (any(scope.values()) or supersedes is not None):
        raise UsageError("`--lift` names the order that ends and nothing else")
    if lift is not None and until is not None:
        raise UsageError("`--until` is of a stay: a lift has no end")
    kind = "stay" if lift is None else "lift"
    words = {"kind": kind, "cite": cite, "scope": scope, "starts_at": starts_at, "ends_at": until}
    give_order(gate, keyfile, words | {"lifts": lift, "supersedes": supersedes})


@app.command(
    short_help="Recall what was delivered, in your own name.",
    epilog="Example: solely recall --gate demo/out/gate --as demo/out/keys/parties/treasury.pem "
    "--cite 'judged again on 26 November 2026' --batch BATCH_ID",
)
def recall(  # noqa: PLR0913 -- a command's options are its interface
    gate: Gate,
    keyfile: KeyFile,
    cite: Cite,
    batch: Batch = None,
    release: Release = None,
    request: Request = None,
    officer: Officer = None,
    people: People = None,
) -> None:
    """Recall delivered releases: none of them opens any more, and each is named in the ledger."""
    scope = {"batch": batch, "release": release, "request": request, "officer": officer}
    give_order(
        gate, keyfile, {"kind": "recall", "cite": cite, "scope": scope | {"people": people_in(people)}}
    )


@app.command(
    short_help="Countersign what loosens.",
    epilog="Example: solely countersign ORDER_ID --gate demo/out/gate "
    "--as demo/out/keys/approvers/disclosure-officer.pem",
)
def countersign(
    what: Annotated[
        str,
        typer.Argument(
            metavar="ORDER_ID|trust|inputs|witnesses|config", help="An order, or a part that `pending` lists."
        ),
    ],
    gate: Gate,
    keyfile: KeyFile,
) -> None:
    """Countersign a lift, an accepted report or a proposed part, as one of two; it acts a day later."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.countersign(opened, what, keyfile))


@app.command(
    short_help="Record that a notice was given.",
    epilog="Example: solely notice ORDER_ID --gate demo/out/gate "
    "--as demo/out/keys/approvers/disclosure-officer.pem",
)
def notice(
    order_id: Annotated[str, typer.Argument(metavar="ORDER_ID", help="A notice that `orders` lists.")],
    gate: Gate,
    keyfile: KeyFile,
) -> None:
    """Record that the notice which an order asks for was given: its hours run from here."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.give_notice(opened, order_id, keyfile))


@app.command(
    short_help="List what waits to come into force.", epilog="Example: solely pending --gate demo/out/gate"
)
def pending(gate: Gate, as_json: Json = False) -> None:
    """List what `init` proposed and two must countersign: enrolments, tables, witnesses, a later last day."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell_each(afterwards.pending(opened), as_json=as_json)


@app.command(short_help="List the orders of a gate.", epilog="Example: solely orders --gate demo/out/gate")
def orders(gate: Gate, as_json: Json = False) -> None:
    """List every order, in force or not, one JSON object a line; a list of people by its length."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell_each(afterwards.orders(opened), as_json=as_json)


@app.command(
    short_help="Draft the declaration under an order.",
    epilog="Example: solely comply ORDER_ID --gate demo/out/gate --out declaration.md",
)
def comply(
    order_id: Annotated[str, typer.Argument(metavar="ORDER_ID", help="An order that `orders` lists.")],
    gate: Gate,
    out: Annotated[Path | None, out_option(metavar="FILE.md", help="Write the draft here.")] = None,
) -> None:
    """Say where everything that an order touches stands now, and draft the declaration."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.comply(opened, order_id, out))
