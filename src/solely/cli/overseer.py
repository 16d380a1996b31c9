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


@app.command(
    short_help="Hand out the ledger's entries, opened by scope.",
    epilog="Example: solely export --gate demo/out/gate --scope auditor --out handed "
    "--as demo/out/keys/approvers/privacy-officer.pem",
)
def export(
    gate: Gate,
    keyfile: KeyFile,
    scope: Annotated[
        str, typer.Option(help="committee, auditor, inspector-general, court or public; a subject: inquire.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new or empty folder for it.")],
    opening: Annotated[
        str | None, typer.Option("--open", metavar="GROUPS", help="Only these groups: A, B, C, R.")
    ] = None,
    batch: Annotated[
        str | None, typer.Option(metavar="ID", help="From the request of this batch on; default: all.")
    ] = None,
) -> None:
    """Write every entry with what its scope opens, as an entry first; asking for more is denied: exit 1."""
    from solely import flow, services
    from solely.steps.exporting import Asked

    with services.opened(gate, progress=say) as opened:
        print_json(flow.export(opened, Asked(scope, opening, batch), keyfile, out))


@app.command(
    short_help="Open the decisions that an overseer's draw comes to.",
    epilog="Example: solely sample --gate demo/out/gate --checkpoint kept-checkpoint.txt --nonce 7f3a "
    "--out drawn --as demo/out/keys/approvers/privacy-officer.pem",
)
def sample(
    gate: Gate,
    keyfile: KeyFile,
    checkpoint: Annotated[Path, typer.Option(metavar="FILE", help="A checkpoint that the overseer kept.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new or empty folder for it.")],
    nonce: Annotated[str, typer.Option(help="What the overseer adds, after the checkpoint.")] = "",
    count: Annotated[int, typer.Option(help="How many first decisions.", min=1, max=100_000)] = 299,
) -> None:
    """Draw decisions from checkpoint and nonce, which the custodian chooses neither of, and open them."""
    from solely import flow, services

    with services.opened(gate, progress=say) as opened:
        print_json(flow.sample(opened, (checkpoint, nonce, count), keyfile, out))
