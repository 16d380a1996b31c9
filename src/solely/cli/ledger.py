"""Commands around the log as others see it: a witness for overseers, receipts of releases, a heartbeat.

All work of the witness is done by `solely_witness`, which holds nothing of the gate.
"""

from pathlib import Path
from typing import Annotated

import typer

from solely.cli.door import Gate, app, out_option, say, tell
from solely.errors import UsageError


def _address(text: str | None) -> tuple[str, int] | None:
    if text is None:
        return None
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise UsageError("`--listen` is HOST:PORT, such as 127.0.0.1:7380")
    return host, int(port)


@app.command(
    short_help="Witness a log for an overseer.",
    epilog="Example: solely witness inspector --log demo/out/gate/log.vkey --listen 127.0.0.1:7380 "
    "--mirror demo/out/gate/ledger",
)
def witness(  # noqa: PLR0913 -- a command's options are its interface
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The witness's folder, made if need be.")],
    log: Annotated[str, typer.Option(metavar="VKEY", help="The log's verifier key: a path or its text.")],
    listen: Annotated[str | None, typer.Option(metavar="HOST:PORT", help="Where to answer.")] = None,
    mirror: Annotated[
        str | None, typer.Option(metavar="LOGDIR|URL", help="Keep a full copy of the log from here.")
    ] = None,
    peers: Annotated[list[str] | None, typer.Option(metavar="URL", help="Another witness; repeat.")] = None,
    name: Annotated[str | None, typer.Option(help="Default: witness.example/ and the folder's name.")] = None,
    every: Annotated[float, typer.Option(metavar="SECONDS", help="Between two rounds of looking.")] = 60.0,
    silent_for: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Alarm when the log is silent longer.")
    ] = None,
    clock_bound: Annotated[float, typer.Option(metavar="SECONDS", help="Between the two clocks.")] = 300.0,
    once: Annotated[bool, typer.Option("--once", help="Look once; exit 1 when something is wrong.")] = False,
) -> None:
    """Cosign what only grew, keep a full copy, compare with other witnesses, and alarm."""
    from solely_verify.__main__ import parse_key
    from solely_verify.refusal import Refusal
    from solely_witness.running import Options, run

    try:
        options = Options(
            folder=folder,
            name=name or f"witness.example/{folder.resolve().name}",
            log=parse_key(log),
            listen=_address(listen),
            mirror=mirror,
            peers=tuple(peers or ()),
            every=every,
            silent_seconds=silent_for,
            seconds_apart=clock_bound,
            is_once=once,
        )
        code = run(options)
    except Refusal as refusal:
        raise UsageError(str(refusal)) from None
    raise typer.Exit(code)


@app.command(
    short_help="Write the receipt of a release.",
    epilog="Example: solely receipt demo/out/gate/outbox/*.tdf --gate demo/out/gate --out release.tlog-proof",
)
def receipt(
    package: Annotated[Path, typer.Argument(help="The released package.")],
    gate: Gate,
    out: Annotated[Path, out_option(metavar="FILE", help="Where to write the receipt.")],
) -> None:
    """Write the receipt by which anybody can check, without the gate, that this package was released."""
    from solely import afterwards, services

    with services.opened(gate, progress=say, is_shared=True) as opened:
        tell(afterwards.receipt(opened, package, out))


@app.command(
    short_help="Have the checkpoint cosigned anew.",
    epilog="Example: solely heartbeat --gate demo/out/gate",
)
def heartbeat(gate: Gate) -> None:
    """Have the published checkpoint cosigned anew, so that overseers see the log alive and not held back."""
    from solely import afterwards, services

    with services.opened(gate, progress=say, is_shared=True) as opened:
        tell(afterwards.heartbeat(opened))
