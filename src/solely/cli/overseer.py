"""Commands for oversight: history made again, accounted for, sampled and handed out by scope."""

from pathlib import Path
from typing import Annotated

import typer

from solely.cli.door import Gate, Json, KeyFile, app, out_option, print_json, say, tell, tell_each


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
    from solely import afterwards, services
    from solely.oversight.terminal import listed_lines

    with services.opened(gate, progress=say) as opened:
        found = afterwards.replay(opened, batch, is_rejudged=rejudge)
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
    out: Annotated[Path | None, out_option(metavar="FILE.csv", help="Write the figures here too.")] = None,
) -> None:
    """Count a year's requests, disclosures, persons and purposes from the ledger; a difference makes none."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.account(opened, year, agency, out))


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
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.object_to(opened, named, keyfile, note))


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
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.answer(opened, objection, keyfile, note))


@app.command(
    short_help="List every objection with its answer.",
    epilog="Example: solely objections --gate demo/out/gate",
)
def objections(gate: Gate) -> None:
    """List every objection, oldest first, one JSON object a line; those without an answer are open."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell_each(afterwards.objections(opened))


@app.command(
    short_help="Put a line into the public error register.",
    epilog="Example: solely error ENTRY --gate demo/out/gate "
    "--as demo/out/keys/approvers/privacy-officer.pem "
    "--severity recordable --party requester --cause wrong-identifier --note 'two digits were exchanged'",
)
def error(  # noqa: PLR0913 -- a command's options are its interface
    gate: Gate,
    keyfile: KeyFile,
    severity: Annotated[str, typer.Option(help="near-miss, recordable, reportable or serious.")],
    party: Annotated[str, typer.Option(help="requester, custodian, matcher or source.")],
    cause: Annotated[str, typer.Option(help="What went wrong, as docs/formats/entry.md lists it.")],
    note: Annotated[str, typer.Option(help="What happened, for the custodian's own files.")],
    entry: Annotated[
        int | None,
        typer.Argument(
            metavar="ENTRY",
            help="A decision, release, or line to correct. Of a request: `explain --proof`, "
            "then `solely-verify receipt` names it.",
        ),
    ] = None,
    found: Annotated[bool, typer.Option("--found", help="All that replays found and has no line.")] = False,
) -> None:
    """Put a line into the public error register: severity, party and cause are public, the note is not."""
    from solely import afterwards, services
    from solely.errors import UsageError
    from solely.steps.registering import Line

    if (entry is None) != found:
        raise UsageError("name either the ENTRY that the line is about, or `--found` for all that waits")

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.add_error(opened, Line(entry, severity, party, cause, note), keyfile))


@app.command(
    short_help="Print the public error register.",
    epilog="Example: solely errors --gate demo/out/gate",
)
def errors(gate: Gate) -> None:
    """Print the public error register with its rate, counted from the ledger alone; exit 1 while what a
    replay found waits for its line.
    """
    from solely import afterwards, services
    from solely.oversight.register import require_registered

    with services.opened(gate, progress=say) as opened:
        register = afterwards.errors(opened)
    tell(register)
    require_registered(register["waiting_for_a_line"])


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
    out: Annotated[Path, out_option(metavar="DIR", help="A new or empty folder for it.")],
    opening: Annotated[
        str | None, typer.Option("--open", metavar="GROUPS", help="Only these groups: A, B, C, R.")
    ] = None,
    batch: Annotated[
        str | None, typer.Option(metavar="ID", help="From the request of this batch on; default: all.")
    ] = None,
) -> None:
    """Write every entry with what its scope opens, as an entry first; asking for more is denied: exit 1."""
    from solely import afterwards, services
    from solely.steps.exporting import Asked

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.export(opened, Asked(scope, opening, batch), keyfile, out))


@app.command(
    short_help="Open the decisions that an overseer's draw comes to.",
    epilog="Example: solely sample --gate demo/out/gate --checkpoint kept-checkpoint.txt --nonce 7f3a "
    "--out drawn --as demo/out/keys/approvers/privacy-officer.pem",
)
def sample(
    gate: Gate,
    keyfile: KeyFile,
    checkpoint: Annotated[Path, typer.Option(metavar="FILE", help="A checkpoint that the overseer kept.")],
    out: Annotated[Path, out_option(metavar="DIR", help="A new or empty folder for it.")],
    nonce: Annotated[str, typer.Option(help="What the overseer adds, after the checkpoint.")] = "",
    count: Annotated[int, typer.Option(help="How many first decisions.", min=1, max=100_000)] = 299,
) -> None:
    """Draw decisions from checkpoint and nonce, which the custodian chooses neither of, and open them."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.sample(opened, (checkpoint, nonce, count), keyfile, out))


@app.command(
    short_help="Open an incident, or take its next step.",
    epilog="Example: solely incident --gate demo/out/gate "
    "--as demo/out/keys/approvers/privacy-officer.pem --what 'a laptop is missed' "
    "--possible-since 2026-11-25T08:00:00Z --records 10-400 --out draft.md",
)
def incident(  # noqa: PLR0913 -- a command's options are its interface
    gate: Gate,
    keyfile: KeyFile,
    number: Annotated[int | None, typer.Argument(metavar="INCIDENT", help="Its entry, for a step.")] = None,
    what: Annotated[str | None, typer.Option(help="What may have happened; no personal data.")] = None,
    possible_since: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="When at the earliest.")
    ] = None,
    records: Annotated[
        str, typer.Option(metavar="MIN-MAX|unknown", help="How many are touched.")
    ] = "unknown",
    reported: Annotated[str | None, typer.Option(metavar="NOTE", help="It was reported: to whom.")] = None,
    closed: Annotated[str | None, typer.Option(metavar="NOTE", help="It is closed: why.")] = None,
    out: Annotated[Path | None, out_option(metavar="FILE.md", help="Write the draft report here.")] = None,
) -> None:
    """Open an incident: 24 hours run, the draft is there at once; or say that it was reported or closed."""
    from solely import afterwards, services
    from solely.errors import UsageError

    step = (
        (afterwards.Stage.REPORTED, reported) if reported is not None else (afterwards.Stage.CLOSED, closed)
    )
    with services.opened(gate, progress=say) as opened:
        if number is None:
            if what is None or possible_since is None:
                raise UsageError("a new incident states `--what` and `--possible-since`")
            tell(
                afterwards.open_incident(
                    opened, afterwards.Possible(what, possible_since, records), keyfile, out
                )
            )
            return
        if step[1] is None:
            raise UsageError("a step of an incident is `--reported NOTE` or `--closed NOTE`")
        tell(afterwards.incident_step(opened, number, keyfile, (step[0], step[1])))


@app.command(short_help="List incidents.", epilog="Example: solely incidents --gate demo/out/gate")
def incidents(gate: Gate) -> None:
    """List every incident with its clock, one JSON object a line."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell_each(afterwards.incidents(opened))


@app.command(
    short_help="List notice tasks, or end one.",
    epilog="Example: solely tasks --gate demo/out/gate",
)
def tasks(
    gate: Gate,
    request_id: Annotated[str | None, typer.Argument(metavar="REQUEST_ID", help="Whose task ends.")] = None,
    keyfile: Annotated[
        Path | None, typer.Option("--as", metavar="KEYFILE", help="An approver's key; to end one.")
    ] = None,
    done: Annotated[str | None, typer.Option(metavar="NOTE", help="The notice was given: how.")] = None,
    declined: Annotated[str | None, typer.Option(metavar="NOTE", help="It is not given: why.")] = None,
) -> None:
    """List the notices that a replay found owing; with REQUEST_ID end one, done or declined with a reason."""
    from solely import afterwards, services
    from solely.errors import UsageError

    if request_id is None and any(each is not None for each in (keyfile, done, declined)):
        raise UsageError("`--as`, `--done` and `--declined` end one task: name its REQUEST_ID")
    with services.opened(gate, progress=say) as opened:
        if request_id is None:
            tell_each(afterwards.tasks(opened))
            return
        note = done if done is not None else declined
        if keyfile is None or note is None:
            raise UsageError("a task ends with `--as KEYFILE` and `--done NOTE` or `--declined NOTE`")
        stage = afterwards.Stage.CLOSED if done is not None else afterwards.Stage.DECLINED
        tell(afterwards.end_task(opened, request_id, keyfile, (stage, note)))


@app.command(
    short_help="Match what left by other ways.",
    epilog="Example: solely reconcile transfers.csv --gate demo/out/gate",
)
def reconcile(
    path: Annotated[Path, typer.Argument(metavar="TRANSFERLOG", help="sent_at,sha256,recipient,bytes")],
    gate: Gate,
) -> None:
    """Match a log of transfers with what this gate delivered by digest, time, bytes and how often; exit 1
    when a line is not explained. Recipients are not compared.
    """
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        found = afterwards.reconcile(opened, path)
    tell(found)
    if found["unexplained"]:
        raise typer.Exit(1)
