"""Commands about an agreement's text as an act: sign, strike, redact, unseal; no gate is needed."""

from pathlib import Path
from typing import Annotated

import typer

from solely.cli.door import KeyFile, app, out_option, tell
from solely.errors import UsageError

Agreement = Annotated[Path, typer.Argument(metavar="AGREEMENT", help="The agreement's folder.")]


@app.command(
    short_help="Sign an agreement as one of its parties.",
    epilog="Example: solely sign demo/out/law/agreements/irs-ice-2025 --party treasury "
    "--as demo/out/keys/parties/treasury.pem",
)
def sign(
    agreement: Agreement,
    keyfile: KeyFile,
    party: Annotated[str, typer.Option(metavar="ID", help="The party, or the court, that signs.")],
    supersedes: Annotated[Path | None, typer.Option(metavar="FOLDER", help="The version before.")] = None,
    narrowing: Annotated[bool, typer.Option(help="It only takes away; one signature suffices.")] = False,
) -> None:
    """Sign an agreement; the first signer makes the statement that all sign, with fresh salts."""
    from solely import notary

    tell(notary.sign_agreement(agreement, notary.Signing(keyfile, party, supersedes, narrowing)))


@app.command(
    short_help="Write what remains when a court strikes a clause.",
    epilog="Example: solely strike demo/out/law/agreements/irs-ice-2025 "
    "'designated_statutes: 18 USC 1542' --order ORDER --out demo/out/law/agreements/remaining",
)
def strike(
    agreement: Agreement,
    clause: Annotated[str, typer.Argument(metavar="CLAUSE", help="A rule's id, or `LIST: ENTRY`.")],
    order: Annotated[str, typer.Option(metavar="ID", help="The order that strikes it.")],
    out: Annotated[Path, out_option(metavar="FOLDER", help="A new folder for what remains.")],
) -> None:
    """Write what remains when a court strikes a clause, if that permits no more; else say what it secured."""
    from solely import notary

    for line in notary.strike_clause(agreement, clause, order, out):
        print(line)


@app.command(
    short_help="Write the public copy of an agreement.",
    epilog="Example: solely redact demo/out/law/agreements/irs-ice-2025 "
    "--seal 'front matter: contacts' --out public.json",
)
def redact(
    agreement: Agreement,
    seal: Annotated[
        list[str] | None, typer.Option(metavar="LABEL", help="A part to seal; repeat it.")
    ] = None,
    order: Annotated[str | None, typer.Option(metavar="ID", help="On whose order a permission.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="The last day of that.")] = None,
    out: Annotated[
        Path | None, out_option(metavar="FILE", help="Where; without it parts are listed.")
    ] = None,
    keyfile: Annotated[
        Path | None,
        typer.Option(
            "--as", metavar="KEYFILE", help="Signs a permission's seal; a file of the signer's name."
        ),
    ] = None,
) -> None:
    """Say what stays publicly provable when parts are sealed, and write the public copy to `--out`."""
    from solely import notary

    labels = seal or []
    if out is None and not labels:
        for line in notary.list_parts(agreement):
            print(line)
        return
    for line in notary.provable_lines(notary.provable(agreement, labels)):
        print(line)
    if out is not None:
        tell(notary.write_public_copy(agreement, notary.Redacting(labels, order, until, out, keyfile)))


@app.command(
    short_help="Show one more part of a public copy.",
    epilog="Example: solely unseal public.json --part part.json --out opened.json",
)
def unseal(
    source: Annotated[Path, typer.Argument(metavar="COPY", help="A public copy, or an agreement's folder.")],
    part: Annotated[
        str, typer.Option(metavar="FILE|LABEL", help="A part's file; of an agreement, its label.")
    ],
    out: Annotated[Path, out_option(metavar="FILE", help="Where to write the copy, or the part's file.")],
) -> None:
    """Show one more part of a public copy; of an agreement, write the file that unseals a part."""
    from solely import notary

    if source.is_dir():
        tell(notary.write_part(source, part, out))
        return
    if not Path(part).is_file():
        raise UsageError(
            "`--part`: no such file; the keeper of the salts writes it from the agreement's folder"
        )
    tell(notary.unseal_part(source, Path(part), out))
