"""The command line: one function per command, thin; results on stdout, everything else on stderr.

- A refusal becomes its exit code and one line that names the cure; nothing here decides anything.
- Heavy libraries are imported inside the commands, so that `--help` stays quick.
"""

import gc
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from solely.cli.door import (
    Gate,
    Json,
    KeyFile,
    Memory,
    ReviewSample,
    app,
    let_readers_leave,
    out_option,
    outside,
    parse_address,
    parse_day,
    print_json,
    say,
    say_refusal,
    tell,
    tell_each,
    unwritten,
)
from solely.errors import BatchRefused, Blocked, Duplicate, SolelyError, TroubleError, UsageError, fault_line

RUN_COUNTS = ("received", "releasable", "released", "withheld", "referred", "returned", "refused")


def record_files(named: list[Path] | None, more: list[Path] | None) -> tuple[Path, ...]:
    """The record files: one after each `--records`, or several after one."""
    if more and not named:
        raise UsageError("name record files after `--records`")
    return (*(named or ()), *(more or ()))


@app.command(
    short_help="Make a gate, or refresh the parts named.",
    epilog="Example: solely init demo/out/gate --agreement demo/out/law/agreements/irs-ice-2025 "
    '--records demo/out/records/records.csv --as-of "$(date -u +%F)" --trust demo/out/trust',
)
def init(  # noqa: PLR0913 -- a command's options are its interface
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The gate's folder, made if need be.")],
    more_records: Annotated[list[Path] | None, typer.Argument(hidden=True)] = None,
    agreement: Annotated[Path | None, typer.Option(metavar="PATH", help="The agreement's folder.")] = None,
    records: Annotated[list[Path] | None, typer.Option(metavar="FILE…", help="CSV or Parquet.")] = None,
    as_of: Annotated[str | None, typer.Option(metavar="DATE", help="The records are as of this day.")] = None,
    trust: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Public keys, enrolments.")] = None,
    inputs: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Own tables: zip.csv …")] = None,
    changed: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="People added, changed.")] = None,
    removed: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="Ids of people gone.")] = None,
    mapping: Annotated[Path | None, typer.Option(metavar="FILE", help="Renames record columns.")] = None,
    release_until: Annotated[str | None, typer.Option(metavar="DATE", help="Last day of releases.")] = None,
    profile: Annotated[str | None, typer.Option(help="demo (default) or production.")] = None,
    witnesses: Annotated[Path | None, typer.Option(metavar="FILE", help="Who cosigns the log.")] = None,
    memory: Memory = None,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="State in PostgreSQL; no password in it.")
    ] = None,
    review_sample: ReviewSample = None,
    heads: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A new gate's signed heads, outside its folder.")
    ] = None,
    log: Annotated[str | None, typer.Option(metavar="NAME", help="The name of a new gate's log.")] = None,
    succeeds: Annotated[
        Path | None, typer.Option(metavar="GATE", help="Whose closed log a new gate's log continues.")
    ] = None,
) -> None:
    """Make a gate, or refresh exactly the parts named; every part leaves an entry."""
    from solely import setup

    parts = setup.Parts(
        agreement=agreement,
        records=record_files(records, more_records),
        as_of=parse_day(as_of, "--as-of"),
        trust=trust,
        inputs=inputs,
        mapping=mapping,
        release_until=parse_day(release_until, "--release-until"),
        profile=profile,
        changed=tuple(changed or ()),
        removed=tuple(removed or ()),
        memory=memory,
        database=database,
        witnesses=witnesses,
        heads=heads,
        review_sample=review_sample,
        log=log,
        succeeds=succeeds,
    )
    tell(setup.init(folder, parts, say))


@app.command(
    short_help="Read an agreement or statute; print every finding.",
    epilog="Example: solely check law/agreements/irs-ice-2025",
)
def check(path: Annotated[Path, typer.Argument(help="An agreement's or a statute's folder.")]) -> None:
    """Read an agreement or statute and print every finding; exit 1 when it does not load."""
    from solely import precheck as prechecking

    findings = prechecking.check_law(path)
    for line in findings:
        print(line)
    if findings:
        raise typer.Exit(1)
    print("loads: no findings")
    for line in prechecking.untidy_parts(path):
        print(f"untidy, as `proof.json` says: {line}")


@app.command(
    short_help="Judge names, addresses or identifiers from stdin.",
    epilog="Example: echo '14 UNKNOWN RD, Medford NJ 08055' | solely judge address",
)
def judge(
    what: Annotated[str, typer.Argument(metavar="name|address|identifier", help="Which judge.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON in a terminal too.")] = False,
    synthetic: Annotated[bool, typer.Option(help="Admit the never-assigned demo numbers.")] = False,
) -> None:
    """Judge lines from stdin as the gate would; no record is read. Piped on, one JSON object a line."""
    from solely import precheck as prechecking

    for verdict in prechecking.judge_lines(what, sys.stdin.buffer, is_synthetic=synthetic):
        if as_json or not sys.stdout.isatty():
            print_json(verdict)
        else:
            print(prechecking.told_verdict(verdict))


@app.command(
    short_help="Say what `run` would, without any record.",
    epilog="Example: solely precheck demo/out/batch --agreement law/agreements/irs-ice-2025 "
    "--trust demo/out/trust --out cure.csv",
)
def precheck(  # noqa: PLR0913 -- a command's options are its interface
    batch: Annotated[Path, typer.Argument(help="The batch: a folder, .zip or .tar.gz.")],
    agreement: Annotated[Path, typer.Option(metavar="PATH", help="The agreement's folder.")],
    trust: Annotated[Path | None, typer.Option(metavar="FOLDER", help="To check enrolments too.")] = None,
    inputs: Annotated[Path | None, typer.Option(metavar="FOLDER", help="The custodian's tables.")] = None,
    received_on: Annotated[str | None, typer.Option(metavar="DATE", help="Default: today.")] = None,
    out: Annotated[Path | None, out_option(metavar="FILE.csv", help="Rows to cure, with why.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The only form there is: JSON lines.")] = False,
) -> None:
    """Tell what the request stage of `run` would say of every row, without any record."""
    from solely import precheck as prechecking

    del as_json  # the only form there is
    options = prechecking.PrecheckOptions(
        agreement=agreement,
        trust=trust,
        inputs=inputs,
        received_on=parse_day(received_on, "--received-on"),
        out=out,
    )
    counts: Counter[str] = Counter()
    try:
        for line in prechecking.precheck(batch, options):
            print_json(line)
            counts[line.get("disposition", "")] += 1
    except BatchRefused as refusal:
        print_json({"batch_refused": refusal.as_object()})
        raise
    del counts[""]
    say(", ".join(f"{count:,} {word}" for word, count in sorted(counts.items())) or "no row")


@app.command(
    short_help="Receive a signed batch and decide every item.",
    epilog="Example: solely run demo/out/batch --gate demo/out/gate",
)
def run(
    batch: Annotated[Path, typer.Argument(help="The batch: a folder, .zip or .tar.gz.")],
    gate: Gate,
    engine: Annotated[str, typer.Option(help="duckdb, spark or reference.")] = "duckdb",
    master: Annotated[str, typer.Option(metavar="URL", help="Where Spark runs.")] = "local[*]",
    memory: Memory = None,
    as_json: Json = False,
) -> None:
    """Receive a signed batch and decide every item; nothing leaves before two approve."""
    from solely import flow, services

    try:
        with services.opened(gate, engine_name=engine, master=master, memory=memory, progress=say) as opened:
            result = flow.run(opened, batch)
    except Blocked as blocked:
        result = blocked_result(blocked)
    show_result(result, as_json=as_json)


@app.command(
    short_help="Sign a decided batch; the second one releases.",
    epilog="Example: solely approve demo/out/batch --gate demo/out/gate "
    "--as demo/out/keys/approvers/disclosure-officer.pem",
)
def approve(
    batch: Annotated[str, typer.Argument(help="The batch's path or id.")],
    gate: Gate,
    keyfile: KeyFile,
) -> None:
    """Sign a decided batch; the second valid signature seals and releases."""
    from solely import flow, services

    try:
        with services.opened(gate, progress=say) as opened:
            result = flow.approve(opened, batch, keyfile)
    except Blocked as blocked:
        result = blocked_result(blocked)
    show_result(result, as_json=not sys.stdout.isatty())


@app.command(
    short_help="Show a file for a sampled investigation.",
    epilog="Example: solely evidence demo/out/batch --gate demo/out/gate "
    "--as demo/out/keys/requesters/secretary-of-homeland-security.pem "
    "--investigation INVESTIGATION_ID --file case.pdf",
)
def evidence(
    batch: Annotated[str, typer.Argument(help="The batch's path or id.")],
    gate: Gate,
    keyfile: KeyFile,
    investigation: Annotated[str, typer.Option(help="A sampled investigation.", metavar="ID")],
    file: Annotated[Path, typer.Option(help="What shows that it is one; its digest is kept.")],
) -> None:
    """Show a file for a sampled investigation, as the requester; nothing leaves before all are shown."""
    from solely import flow, services

    with services.opened(gate, progress=say) as opened:
        tell(flow.evidence(opened, batch, keyfile, investigation, file))


@app.command(
    short_help="Contest a returned item, once.",
    epilog="Example: solely contest REQUEST_ID --gate demo/out/gate "
    "--as demo/out/keys/requesters/secretary-of-homeland-security.pem --note 'the number is not asked for'",
)
def contest(
    request_id: Annotated[str, typer.Argument(help="A returned item.")],
    gate: Gate,
    keyfile: KeyFile,
    note: Annotated[str, typer.Option(help="Why the return is contested; kept as evidence.")],
) -> None:
    """Contest a returned item as the requester: other officers decide by a date, or the return stands."""
    from solely import flow, services

    with services.opened(gate, progress=say) as opened:
        tell(flow.contest(opened, request_id, keyfile, note))


@app.command(
    short_help="Decide a referred item.",
    epilog="Example: solely review REQUEST_ID --gate demo/out/gate "
    "--as demo/out/keys/approvers/disclosure-officer.pem --decide decline --note 'not the person meant'",
)
def review(
    request_id: Annotated[str, typer.Argument(help="A referred item.")],
    gate: Gate,
    keyfile: KeyFile,
    decide: Annotated[str, typer.Option(metavar="confirm|decline", help="Your decision.")],
    note: Annotated[str, typer.Option(help="Your reason, kept as evidence.")],
) -> None:
    """Decide a referred item; one decline ends it, two confirms carry it on.

    Who confirms an item has looked at it: `solely explain REQUEST_ID --view reviewer`.
    """
    from solely import flow, services

    with services.opened(gate, progress=say) as opened:
        tell(flow.review(opened, request_id, keyfile, flow.Vote(decide, note)))


@app.command(
    short_help="List the items that wait for a person.",
    epilog="Example: solely referred --gate demo/out/gate",
)
def referred(gate: Gate) -> None:
    """List every referred item, one JSON object a line; no value of request or record."""
    from solely import flow, services

    with services.opened(gate, progress=say, is_shared=True) as opened:
        tell_each(flow.referred(opened))


@app.command(
    short_help="Say why an item was decided as it was.",
    epilog="Example: solely explain REQUEST_ID --gate demo/out/gate --view auditor",
)
def explain(
    request_id: Annotated[str, typer.Argument(help="An item of a decided batch.")],
    gate: Gate,
    view: Annotated[
        str, typer.Option(metavar="requester|auditor|reviewer", help="In whose words.")
    ] = "requester",
    keyfile: Annotated[
        Path | None, typer.Option("--as", metavar="KEYFILE", help="An approver's key; for `reviewer`.")
    ] = None,
    proof: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the receipt here.", callback=outside)
    ] = None,
    as_json: Json = False,
) -> None:
    """Say why an item was decided as it was, in the words that this reader may see."""
    from solely import flow, services

    with services.opened(gate, progress=say, is_shared=True) as opened:
        explained = flow.explain(opened, request_id, flow.View(view, keyfile, proof))
    if as_json:
        print_json(explained)
        return
    from solely.oversight.terminal import listed_lines

    for line in listed_lines(explained):
        print(line)


@app.command(
    "open",
    short_help="Open a package as its named officer.",
    epilog="Example: solely open demo/out/gate/outbox/REQUEST_ID.tdf "
    "--key demo/out/keys/officers/OFFICER.pem --gate demo/out/gate",
)
def open_package(
    package: Annotated[Path, typer.Argument(help="A sealed package.")],
    key: Annotated[Path, typer.Option(metavar="FILE", help="The officer's private key.")],
    gate: Annotated[Path | None, typer.Option("--gate", help="The gate's folder.", metavar="DIR")] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="A gate that `serve` runs.")] = None,
    confirm: Annotated[
        str | None,
        typer.Option(metavar="REQUEST_ID", help="What you would type; for scripts."),
    ] = None,
) -> None:
    """Open a package as its named officer; the opening is in the ledger before the address shows.

    Name the gate by its folder, or by the address of its service; nothing is written to the disk.
    """
    from solely import flow, remote, services
    from solely.release.opening import NobodyToAsk

    if confirm is None and not sys.stdin.isatty():
        raise NobodyToAsk
    if (gate is None) == (url is None):
        raise UsageError("name the gate, by `--gate DIR` or by `--url URL`")
    if url is not None:
        caller = remote.Caller(url, key)
        echo = caller.begin(package)
        tell(caller.finish(echo, _confirmed(confirm, echo.investigation_id, echo.requested_name)))
        return
    assert gate is not None, "one of them is named"
    with services.opened(gate, progress=say, is_shared=True) as opened:
        opening = flow.begin_opening(opened, package, key)
        if confirm is not None:
            tell(flow.finish_opening(opened, opening, confirm))
            return
    # Nobody waits for a person who thinks: an order can be filed meanwhile, and is asked again after.
    answer = _confirmed(confirm, opening.investigation_id, opening.requested_name)
    with services.opened(gate, progress=say, is_shared=True) as opened:
        tell(flow.finish_opening(opened, flow.begin_opening(opened, package, key), answer))


def _confirmed(confirm: str | None, investigation_id: str, requested_name: str) -> str | None:
    """The request id that the officer confirms, asked for under the echo where a person is there (R-95)."""
    if confirm is not None or not sys.stdin.isatty():
        return confirm
    say(f"investigation {investigation_id}, requested name: {requested_name}")
    return str(typer.prompt("type the request id to confirm", err=True))


@app.command(
    short_help="Answer officers over HTTP.",
    epilog="Example: solely serve --gate demo/out/gate --port 8700",
)
def serve(  # noqa: PLR0913 -- a command's options are its interface
    gate: Gate,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen.")],
    host: Annotated[str, typer.Option(help="Of this machine; others need a certificate.")] = "127.0.0.1",
    address: Annotated[str | None, typer.Option(metavar="URL", help="What callers use, if another.")] = None,
    certificate: Annotated[Path | None, typer.Option(metavar="FILE", help="PEM, for https.")] = None,
    certificate_key: Annotated[Path | None, typer.Option(metavar="FILE", help="Its private key.")] = None,
    metrics_port: Annotated[int | None, typer.Option(help="Counts for Prometheus, this machine.")] = None,
    log_calls: Annotated[bool, typer.Option("--log-calls", help="A line of JSON for each call.")] = False,
    singly: Annotated[float, typer.Option(min=0, help="Seconds a batch waits to be asked row by row.")] = 0,
    oidc: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Identity provider to sign in by.")
    ] = None,
    compat: Annotated[bool, typer.Option("--compat", help="Tests of clients: no proof of keys.")] = False,
) -> None:
    """Answer officers who open packages, and take orders; meanwhile no other command gets the gate.

    `stay`, `recall` and `order` hand what they file to it.
    """
    try:
        from solely.api import server
    except ImportError:
        raise UsageError("`serve` needs the extra: install `solely[serve]`") from None

    named = parse_address(address, "--address")
    where = server.Listening(
        host, port, named, compat, certificate, certificate_key, metrics_port, log_calls, singly, oidc
    )
    server.serve(gate, where, say)


@app.command(
    short_help="Check a ledger directory whole.",
    epilog="Example: solely verify demo/out/gate/ledger --key demo/out/gate/log.vkey",
)
def verify(
    log: Annotated[Path, typer.Argument(metavar="LOGDIR", help="A ledger directory.")],
    key: Annotated[str, typer.Option(metavar="VKEY", help="The verifier key: a path or its text.")],
    since: Annotated[Path | None, typer.Option(metavar="FILE", help="A checkpoint kept earlier.")] = None,
    policy: Annotated[Path | None, typer.Option(metavar="FILE", help="Who must have cosigned.")] = None,
    as_json: Json = False,
) -> None:
    """Check a ledger directory whole: signature, every hash, life cycles, counts."""
    from solely_verify.__main__ import main as verify_main

    arguments = ["log", str(log), "--key", key] + (["--json"] if as_json else [])
    arguments += [] if since is None else ["--since", str(since)]
    arguments += [] if policy is None else ["--policy", str(policy)]
    raise typer.Exit(verify_main(arguments))


@app.command(
    short_help="Write the HTML report of a gate.",
    epilog="Example: solely report --gate demo/out/gate --out report.html",
)
def report(
    gate: Gate,
    out: Annotated[Path, out_option(metavar="FILE.html", help="The page; figures go to FILE.csv.")],
    batch: Annotated[str | None, typer.Argument(help="The batch's path or id; default: all.")] = None,
) -> None:
    """Write the HTML report of a gate; the path and the counts come back."""
    from solely import flow, services

    with services.opened(gate, progress=say, is_shared=True) as opened:
        tell(flow.report(opened, batch, out))


def blocked_result(blocked: Blocked) -> dict[str, Any]:
    """The run object where the gate stopped before any batch was looked at."""
    say(f"solely: {blocked}")
    return dict.fromkeys(RUN_COUNTS, 0) | {
        "batch": None,
        "blocked": list(blocked.codes),
        "checkpoint": None,
    }


def show_result(result: dict[str, Any], *, as_json: bool) -> None:
    """Print a run object, or its summary, and leave with the exit code that its state has."""
    if as_json:
        print_json(result)
    else:
        from solely.oversight.terminal import result_lines

        for line in result_lines(result):
            print(line)
    if result.get("batch_refused"):
        raise typer.Exit(1)
    if result.get("duplicate"):
        raise typer.Exit(Duplicate.exit_code)
    if result.get("blocked"):
        raise typer.Exit(Blocked.exit_code)


# Their commands stand behind those above, in `--help` too.
from solely.cli import console, counsel, keeper, ledger, notary, orders, overseer, proofs, recipient, subject  # noqa: E402, F401 -- importing them is what adds their commands


def main() -> None:
    """Run the command line; a refusal becomes its exit code, and so does a result that cannot be written."""
    # A batch makes millions of small tuples that live as long as their chunk: collect seldom.
    gc.set_threshold(200_000, 20, 100)
    let_readers_leave()
    code, lost = _ended(), unwritten()
    if lost:
        say(f"solely: trouble: the result cannot be written: {lost}; what was done stands")
    sys.exit(code or (TroubleError.exit_code if lost else 0))


def _ended() -> int:
    """The exit code of what was asked for."""
    try:
        app()
    except SystemExit as left:
        # as the interpreter reads it: nothing is 0, and words are 1
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except SolelyError as refusal:
        say_refusal(refusal)
        return refusal.exit_code
    except TroubleError as trouble:
        say(f"solely: trouble: {trouble}")
        return trouble.exit_code
    except OSError as trouble:
        say(
            f"solely: trouble: `{trouble.filename or 'a file'}`: {trouble.strerror or type(trouble).__name__}"
        )
    except Exception as fault:  # noqa: BLE001 -- the text of an error may hold a value, so it is not shown
        say(fault_line(fault))
    return TroubleError.exit_code


if __name__ == "__main__":
    main()
