"""Commands of the custodian's keepers: what is kept, what is destroyed, and the gate's own keys."""

from pathlib import Path
from typing import Annotated

import typer

from solely.cli.door import Gate, KeyFile, app, say, tell, tell_each
from solely.cli.orders import Batch, Cite, Release, give_order, people_in
from solely.errors import UsageError

Keys = Annotated[
    list[Path] | None,
    typer.Option("--as", metavar="KEYFILE", help="A custodian's key; give those of two."),
]


@app.command(
    short_help="Order that nothing be destroyed, or lift it.",
    epilog="Example: solely preserve --gate demo/out/gate --as demo/out/keys/courts/district-court.pem "
    "--cite 'docket 25-cv-0677, order to preserve'",
)
def preserve(  # noqa: PLR0913 -- a command's options are its interface
    gate: Gate,
    keyfile: KeyFile,
    cite: Cite,
    batch: Batch = None,
    release: Release = None,
    people: Annotated[Path | None, typer.Option(help="A JSON list of people.", metavar="FILE")] = None,
    lift: Annotated[str | None, typer.Option(help="Lift this preservation.", metavar="ORDER_ID")] = None,
    supersedes: Annotated[
        str | None, typer.Option(help="Give it in the place of this one of yours.", metavar="ORDER_ID")
    ] = None,
) -> None:
    """Order that no key be destroyed, in whole or in part; or lift that, which two more must countersign."""
    scope = {"batch": batch, "release": release, "people": people_in(people)}
    if lift is not None and (any(scope.values()) or supersedes is not None):
        raise UsageError("`--lift` names the preservation that ends and nothing else")
    kind = "preservation" if lift is None else "lift"
    give_order(
        gate, keyfile, {"kind": kind, "cite": cite, "scope": scope, "lifts": lift, "supersedes": supersedes}
    )


@app.command(
    short_help="Change the log's key, or close the log.",
    epilog="Example: solely keys rotate --gate demo/out/gate "
    "--as demo/out/keys/approvers/disclosure-officer.pem "
    "--as demo/out/keys/approvers/chief-of-disclosure.pem",
)
def keys(
    act: Annotated[str, typer.Argument(metavar="rotate|end-overlap|close", help="What to do.")],
    gate: Gate,
    keyfiles: Keys = None,
    cite: Annotated[str, typer.Option(help="Why the log is closed.")] = "",
    successor: Annotated[str, typer.Option(metavar="NAME", help="The log that continues this one.")] = "",
) -> None:
    """Give the log a new key with an overlap, end the overlap, or close the log for good; two custodians."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        tell(afterwards.keys(opened, act, keyfiles or [], cite, successor))


@app.command(
    short_help="Destroy the keys of releases, as two custodians.",
    epilog="Example: solely shred --gate demo/out/gate --bucket content-2026-11 "
    "--as demo/out/keys/approvers/disclosure-officer.pem "
    "--as demo/out/keys/approvers/chief-of-disclosure.pem",
)
def shred(
    gate: Gate,
    keyfiles: Keys = None,
    bucket: Annotated[str | None, typer.Option(metavar="B", help="A retention bucket that is due.")] = None,
    release: Annotated[str | None, typer.Option(metavar="UUID", help="One release, by an order.")] = None,
    order: Annotated[str, typer.Option(metavar="ORDER_ID", help="The recall that ends one release.")] = "",
) -> None:
    """Destroy the keys of a due bucket or of one release; without any option, carry on what was stopped."""
    from solely import afterwards, services

    with services.opened(gate, progress=say) as opened:
        done = afterwards.shred(opened, (bucket, release, order), keyfiles or [])
    if done:
        tell_each(done)
    else:
        say("nothing is destroyed: no order of destruction waited that can go on now")
