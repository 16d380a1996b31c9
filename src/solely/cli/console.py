"""The command by which an enrolled key vouches for a passkey of the console."""

from datetime import timedelta
from typing import Annotated

import typer

from solely.cli.door import Gate, KeyFile, app, tell
from solely.errors import UsageError


@app.command(
    short_help="Vouch for a passkey of the console.",
    epilog="Example: solely passkey 0123456789abcdef --gate demo/out/gate "
    "--as demo/out/keys/approvers/disclosure-officer.pem",
)
def passkey(
    code: Annotated[str, typer.Argument(metavar="CODE", help="As the browser shows it.")],
    gate: Gate,
    keyfile: KeyFile,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it speaks for you.")] = 180,
) -> None:
    """Say with your enrolled key that a passkey speaks for you at this gate, while `serve` runs.

    Nobody else can say so, whoever administers the gate; `serve` shows the code after making the passkey.
    """
    from solely import clock, remote
    from solely.steps.approving import read_key
    from solely.store.database import served_at
    from solely.store.gate import GateFolder

    url = served_at(gate)
    if url is None:
        raise UsageError("nobody serves this gate now: start `solely serve --gate DIR --port N` first")
    log = GateFolder(gate).vkey.read_text().strip()
    until = clock.now(may_be_set=True).date() + timedelta(days=days)
    tell(remote.vouch_for_passkey(url, code, log, read_key(keyfile), until))
