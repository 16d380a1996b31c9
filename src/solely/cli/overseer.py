"""Commands for oversight: history made again, accounted for, sampled and handed out by scope."""

from pathlib import Path
from typing import Annotated

import typer

from solely.cli.door import Gate, Json, KeyFile, app, print_json, say


@app.command(
    short_help="Make every decision again and compare.",
    epilog="Example: solely replay --gate demo/out/gate",
)
def replay(
    gate: Gate,
    batch: Annotated[str | None, typer.Argument(help="The batch's path or id; default: all.")] = None,
    rejudge: Annotated[bool, typer.Option(help="Judge past releases by the rules of today too.")] = False,
    as_json: Json = False,
) -> None:
    """Make decisions again from what is kept and hold each against the ledger; exit 1 when one differs."""
    from solely import flow, services
    from solely.oversight.terminal import listed_lines

    with services.opened(gate, progress=say) as opened:
        found = flow.replay(opened, batch, is_rejudged=rejudge)
    if as_json:
        print_json(found)
    else:
        print("\n".join(listed_lines(found)))
    if found["otherwise"]:
        raise typer.Exit(1)


@app.command(
    short_help="Count a year's disclosures to an agency.",
    epilog="Example: solely accounting --gate demo/out/gate --year 2026 --agency homeland-security "
    "--out accounting.csv",
)
def accounting(
    gate: Gate,
    year: Annotated[int, typer.Option(help="The calendar year (UTC).", min=2000, max=9999)],
    agency: Annotated[str, typer.Option(metavar="PARTY", help="A party of the agreement.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write the figures here too.")] = None,
) -> None:
    """Count a year's requests, disclosures, persons and purposes from the ledger; a difference makes none."""
    from solely import flow, services

    with services.opened(gate, progress=say) as opened:
        print_json(flow.account(opened, year, agency, out))


@app.command(
    "object",
    short_help="Object to a batch or an item, in writing.",
    epilog="Example: solely object demo/out/batch --gate demo/out/gate "
    "--as demo/out/keys/approvers/privacy-officer.pem --note 'the letter names no case'",
)
def object_to(
    named: Annotated[str, typer.Argument(metavar="ITEM|BATCH", help="A request id; a batch's path or id.")],
    gate: Gate,
    keyfile: KeyFile,
    note: Annotated[str, typer.Option(help="Why, in writing; it is kept.")],
) -> None:
    """Object as an approver: nothing of the batch leaves until another official has answered in writing."""
    from solely import flow, services

    with services.opened(gate, progress=say) as opened:
        print_json(flow.object_to(opened, named, keyfile, note))


@app.command(
    short_help="Answer an objection, in writing.",
    epilog="Example: solely answer ENTRY --gate demo/out/gate "
    "--as demo/out/keys/approvers/chief-of-disclosure.pem --note 'the case is named in the annex'",
)
def answer(
    objection: Annotated[int, typer.Argument(metavar="ENTRY", help="The entry of the objection.")],
    gate: Gate,
    keyfile: KeyFile,
    note: Annotated[str, typer.Option(help="The answer, in writing; it is kept.")],
) -> None:
    """Answer an objection as another official than who objected; nothing else ends it."""
    from solely import flow, services

    with services.opened(gate, progress=say) as opened:
        print_json(flow.answer(opened, objection, keyfile, note))


@app.command(
    short_help="List every objection with its answer.",
    epilog="Example: solely objections --gate demo/out/gate",
)
def objections(gate: Gate) -> None:
    """List every objection, oldest first, one JSON object a line; those without an answer are open."""
    from solely import flow, services

    with services.opened(gate, progress=say) as opened:
        for line in flow.objections(opened):
            print_json(line)


@app.command(
    short_help="Put a line into the public error register.",
    epilog="Example: solely error ENTRY --gate demo/out/gate "
    "--as demo/out/keys/approvers/privacy-officer.pem "
    "--severity recordable --party requester --cause wrong-identifier --note 'two digits were exchanged'",
)
def error(  # noqa: PLR0913 -- a command's options are its interface
    entry: Annotated[int, typer.Argument(metavar="ENTRY", help="A decision, release, or line to correct.")],
    gate: Gate,
    keyfile: KeyFile,
    severity: Annotated[str, typer.Option(help="near-miss, recordable, reportable or serious.")],
    party: Annotated[str, typer.Option(help="requester, custodian, matcher or source.")],
    cause: Annotated[str, typer.Option(help="What went wrong, as docs/formats/entry.md lists it.")],
    note: Annotated[str, typer.Option(help="What happened, for the custodian's own files.")],
) -> None:
    """Put a line into the public error register: severity, party and cause are public, the note is not."""
    from solely import flow, services
    from solely.steps.registering import Line

    with services.opened(gate, progress=say) as opened:
        print_json(flow.add_error(opened, Line(entry, severity, party, cause, note), keyfile))


@app.command(
    short_help="Print the public error register.",
    epilog="Example: solely errors --gate demo/out/gate",
)
def errors(gate: Gate) -> None:
    """Print the public error register with its rate per million, counted from the ledger alone."""
    from solely import flow, services

    with services.opened(gate, progress=say) as opened:
        print_json(flow.errors(opened))
