"""Commands about a person's own question: was my data disclosed? (R-93)"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from solely.cli.door import Gate, KeyFile, app, out_option, parse_day, say, tell
from solely.errors import UsageError


@app.command(
    short_help="Answer a person who asks what was disclosed.",
    epilog="Example: solely inquire --gate demo/out/gate --record RECORD_ID "
    "--subject-key asker.pem --letter inquiry.json --out answer",
)
def inquire(
    gate: Gate,
    record: Annotated[str, typer.Option(metavar="RECORD_ID", help="The person's record.")],
    subject_key: Annotated[Path, typer.Option(metavar="PEM", help="The asker's private key.")],
    letter: Annotated[Path, typer.Option(metavar="FILE", help="Inquiry letter; its `.sig` lies beside it.")],
    out: Annotated[Path, out_option(metavar="FOLDER", help="Answer, key and receipts go here.")],
) -> None:
    """Answer a person, shown to be who they are, on what was disclosed; the inquiry is logged before."""
    from solely import afterwards, services

    if not record.strip():
        raise UsageError("`--record` is empty: an inquiry is about one person's record")
    with services.opened(gate, progress=say) as opened:
        sys.stdout.write(afterwards.inquire(opened, record, subject_key, letter, out).decode())


@app.command(
    short_help="Sign that a key is a person's: an inquiry letter.",
    epilog="Example: solely vouch RECORD_ID --subject-key asker.public.pem "
    "--office identity-office --as identity-office.pem --out inquiry.json",
)
def vouch(
    record: Annotated[str, typer.Argument(metavar="RECORD_ID", help="The person's record.")],
    subject_key: Annotated[Path, typer.Option(metavar="PEM", help="The asker's public key.")],
    office: Annotated[str, typer.Option(metavar="ID", help="Your id under `trust/inquiries`.")],
    keyfile: KeyFile,
    out: Annotated[Path, out_option(metavar="FILE.json", help="The letter; `.sig` goes beside it.")],
    trust: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Hold your key against your enrolment there.")
    ] = None,
) -> None:
    """Sign, as an office that has seen who somebody is, that this key is that person's; no gate is needed."""
    from solely import afterwards

    if not record.strip():
        raise UsageError("`RECORD_ID` is empty: a letter is about one person's record")
    afterwards.vouch(record, subject_key, (office, keyfile), trust, out)
    tell({"letter": str(out), "signature": f"{out}.sig"})


@app.command(
    short_help="Delay what a batch's subjects are told.",
    epilog="Example: solely delay BATCH --gate demo/out/gate --authority '28 CFR 16.98' "
    "--until 2027-03-31 --as demo/out/keys/courts/district-court.pem",
)
def delay(
    batch: Annotated[str, typer.Argument(help="The batch's path or id; nothing of it has left.")],
    gate: Gate,
    authority: Annotated[str, typer.Option(metavar="TEXT", help="On which authority.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="The last day of the delay.")],
    keyfile: KeyFile,
) -> None:
    """Delay, as a court, what the subjects of a batch are told; it ends by itself."""
    from solely import afterwards, services

    day = parse_day(until, "--until")
    if day is None:
        raise UsageError("a delay has an end: `--until DATE`")
    with services.opened(gate, progress=say) as opened:
        tell(afterwards.delay(opened, batch, keyfile, (authority, day)))
