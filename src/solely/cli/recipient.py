"""Commands for the recipient's officers, and for the approver who tells them of a correction."""

from typing import Annotated

import typer

from solely.cli.door import Gate, KeyFile, app, say, tell, tell_each

For = Annotated[
    str,
    typer.Option("--for", metavar="OFFICER", help="Who opened it, where this officer is enrolled no more."),
]
RequestId = Annotated[str, typer.Argument(metavar="REQUEST_ID", help="A released item.")]


@app.command(
    short_help="Accept the terms of the agreement.",
    epilog="Example: solely accept --gate demo/out/gate --as demo/out/keys/officers/officer-01.pem",
)
def accept(gate: Gate, keyfile: KeyFile) -> None:
    """Accept the terms of the version in force, as an officer; no opening without it, for a year."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.accept(opened, keyfile))


@app.command(
    short_help="List what waits for you, as an officer.",
    epilog="Example: solely inbox --gate demo/out/gate --as demo/out/keys/officers/officer-01.pem",
)
def inbox(gate: Gate, keyfile: KeyFile) -> None:
    """List releases to open, duties with their days, corrections; one JSON object a line, no name in it."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell_each(afterwards.inbox(opened, keyfile))


@app.command(
    short_help="Sign that a lead was verified.",
    epilog="Example: solely verified REQUEST_ID --gate demo/out/gate "
    "--as demo/out/keys/officers/officer-01.pem --how 'county land records'",
)
def verified(
    request_id: RequestId,
    gate: Gate,
    keyfile: KeyFile,
    how: Annotated[str, typer.Option(help="By what other source; no value of it.")],
    whose: For = "",
) -> None:
    """Sign that an opened release was verified by another source before any action."""
    from solely import afterwards, services

    words = {"how": how} | ({"for": whose} if whose else {})
    with services.opened(gate, progress=say) as opened:
        tell(afterwards.sign_duty(opened, request_id, keyfile, (afterwards.Act.VERIFIED, words)))


@app.command(
    short_help="Sign what came of a release.",
    epilog="Example: solely outcome REQUEST_ID --gate demo/out/gate "
    "--as demo/out/keys/officers/officer-01.pem --code not_used",
)
def outcome(
    request_id: RequestId,
    gate: Gate,
    keyfile: KeyFile,
    code: Annotated[str, typer.Option(metavar="used|not_used|wrong_person|unknown", help="What came of it.")],
) -> None:
    """Sign what came of a release."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.sign_duty(opened, request_id, keyfile, (afterwards.Act.OUTCOME, {"outcome": code})))


@app.command(
    short_help="Sign that a release was destroyed.",
    epilog="Example: solely destroyed REQUEST_ID --gate demo/out/gate "
    "--as demo/out/keys/officers/officer-01.pem --method 'SP 800-88 purge'",
)
def destroyed(
    request_id: RequestId,
    gate: Gate,
    keyfile: KeyFile,
    method: Annotated[str, typer.Option(help="How it was destroyed.")],
    whose: For = "",
) -> None:
    """Sign that what an opened release held was destroyed, and how."""
    from solely import afterwards, services

    words = {"method": method} | ({"for": whose} if whose else {})
    with services.opened(gate, progress=say) as opened:
        tell(afterwards.sign_duty(opened, request_id, keyfile, (afterwards.Act.DESTROYED, words)))


@app.command(
    short_help="Ask to share a release onward.",
    epilog="Example: solely share REQUEST_ID --gate demo/out/gate "
    "--as demo/out/keys/officers/officer-01.pem --to 'task force' --authority '26 USC 6103(i)(4)'",
)
def share(
    request_id: RequestId,
    gate: Gate,
    keyfile: KeyFile,
    to: Annotated[str, typer.Option(help="With which office.")],
    authority: Annotated[str, typer.Option(help="One that the agreement lists; it may list none.")],
) -> None:
    """Record that an opened release is shared under an authority that the agreement lists, or be denied."""
    from solely import afterwards, services

    words = {"to": to, "authority": authority}
    with services.opened(gate, progress=say) as opened:
        tell(afterwards.sign_duty(opened, request_id, keyfile, (afterwards.Act.SHARED, words)))


@app.command(
    short_help="Tell every recipient of a correction.",
    epilog="Example: solely correct REQUEST_ID --gate demo/out/gate "
    "--as demo/out/keys/approvers/privacy-officer.pem --note 'the birth date of the record was wrong'",
)
def correct(
    request_id: RequestId,
    gate: Gate,
    keyfile: KeyFile,
    note: Annotated[str, typer.Option(help="What was corrected or is disputed; no value.")],
) -> None:
    """Tell every recipient of a record that it was corrected or is disputed; each is named by its release."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.correct(opened, request_id, keyfile, note))


@app.command(
    short_help="Check an urgent release, as another official.",
    epilog="Example: solely checked REQUEST_ID --gate demo/out/gate "
    "--as demo/out/keys/approvers/privacy-officer.pem --note 'the emergency was confirmed by telephone'",
)
def checked(
    request_id: RequestId,
    gate: Gate,
    keyfile: KeyFile,
    note: Annotated[str, typer.Option(help="What was checked; no value.")],
) -> None:
    """Sign that what left by an urgent path was checked; not signed by its day, it is recalled."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.check(opened, request_id, keyfile, note))


@app.command(
    short_help="Acknowledge a correction, as an officer.",
    epilog="Example: solely acknowledge CORRECTION_ID --gate demo/out/gate "
    "--as demo/out/keys/officers/officer-01.pem",
)
def acknowledge(
    correction: Annotated[
        str, typer.Argument(metavar="CORRECTION_ID", help="A correction that the inbox lists.")
    ],
    gate: Gate,
    keyfile: KeyFile,
) -> None:
    """Acknowledge a correction that the inbox lists."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.acknowledge(opened, correction, keyfile))
