"""The command by which an enrolled key vouches for a passkey of the console."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from solely.cli.door import KeyFile, app, tell
from solely.errors import UsageError


@app.command(
    short_help="Vouch for a passkey of the console.",
    epilog="Example: solely passkey 0123456789abcdef --gate demo/out/gate "
    "--as demo/out/keys/approvers/disclosure-officer.pem",
)
def passkey(
    code: Annotated[str, typer.Argument(metavar="CODE", help="As the browser shows it.")],
    keyfile: KeyFile,
    gate: Annotated[Path | None, typer.Option(metavar="DIR", help="The gate's folder, where it is.")] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Elsewhere: the gate's address.")] = None,
    log: Annotated[
        Path | None, typer.Option(metavar="VKEY", help="And its `log.vkey`, as you keep it.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it speaks for you.")] = 180,
) -> None:
    """Say with your enrolled key that a passkey speaks for you at this gate, while `serve` runs.

    Nobody else can say so, whoever administers the gate; `serve` shows the code after making the passkey.
    """
    from solely import clock, remote
    from solely.steps.approving import read_key

    address, vkey = _gate_of(gate, url, log)
    until = clock.now(may_be_set=True).date() + timedelta(days=days)
    tell(remote.vouch_for_passkey(address, code, vkey, read_key(keyfile), until))


def _gate_of(gate: Path | None, url: str | None, log: Path | None) -> tuple[str, str]:
    """The address of the gate's service and the verifier key of its log, by its folder or from elsewhere."""
    from solely.ledger.note import parse_vkey
    from solely.store.database import served_at
    from solely.store.gate import GateFolder

    if (gate is None) == (url is None) or (url is None) != (log is None):
        raise UsageError("name the gate: by `--gate DIR` at its machine, elsewhere by `--url URL --log VKEY`")
    if gate is not None:
        served = served_at(gate)
        if served is None:
            raise UsageError("nobody serves this gate now: start `solely serve --gate DIR --port N` first")
        return served, GateFolder(gate).vkey.read_text().strip()
    assert url is not None and log is not None, "one of the two ways is complete"
    try:
        return url, parse_vkey(log.read_text()).text()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"`--log`: `{log.name}` cannot be read; it is the gate's `log.vkey`") from None
