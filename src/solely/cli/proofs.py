"""Commands that prove an agreement and compare two versions: they read law files and start a solver."""

from pathlib import Path
from typing import Annotated

import typer

from solely.cli.door import Json, app, out_option, parse_day, print_json, say
from solely.errors import UsageError

SolverName = Annotated[str, typer.Option("--solver", metavar="z3|cvc5|both", help="Who answers.")]
Script = Annotated[
    Path | None,
    out_option(metavar="FILE.smt2", help="Write every question here, for any solver to run."),
]


@app.command(
    short_help="Prove what an agreement lets through.",
    epilog="Example: solely prove law/agreements/irs-ice-2025 --against law/statutes/26-usc-6103-i-2",
)
def prove(
    agreement: Annotated[Path, typer.Argument(metavar="AGREEMENT", help="The agreement's folder.")],
    against: Annotated[
        Path | None, typer.Option(metavar="STATUTE", help="Another reading; default: its own statute.")
    ] = None,
    solver: SolverName = "z3",
    out: Script = None,
    record: Annotated[bool, typer.Option(help="Keep the answers as `proof.json` beside it.")] = False,
    as_json: Json = False,
) -> None:
    """Prove that an agreement lets through no more than a statute's reading; exit 1 when it does not hold."""
    from solely.steps import proving
    from solely.store.law import proof_path

    if record and against is not None:
        raise UsageError(
            "`--record` keeps the proof under the agreement's own statute; leave `--against` out"
        )
    proof = proving.prove(agreement, against, solver)
    if record:
        proof_path(agreement).write_bytes(proving.record_of(proof))
    show(proof, out, as_json=as_json)


@app.command(
    short_help="Say what a newer version lets through.",
    epilog="Example: solely diff law/agreements/irs-ice-2025 law/agreements/draft",
)
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The older agreement's folder.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The newer agreement's folder.")],
    solver: SolverName = "z3",
    out: Script = None,
    as_json: Json = False,
) -> None:
    """Name every clause that a newer version widens, each with an example; exit 1 when there is one."""
    from solely.steps import proving

    show(proving.compare(old, new, solver), out, as_json=as_json)


@app.command(
    short_help="Print what the machine reads in a statute.",
    epilog="Example: solely reading law/statutes/26-usc-6103-i-2 --reviewer 'office of counsel' "
    "--on 2026-11-25 --contested 'what makes an address sufficient'",
)
def reading(
    statute: Annotated[Path, typer.Argument(metavar="STATUTE", help="The statute's folder.")],
    reviewer: Annotated[str, typer.Option(metavar="OFFICE", help="The office that reviews it.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="The day of the review.")],
    contested: Annotated[
        list[str] | None, typer.Option(metavar="POINT", help="What others read otherwise; repeat it.")
    ] = None,
) -> None:
    """Print a statute as the machine reads it: the record `reviewed.toml` that its reviewer signs off."""
    from solely.steps import proving

    day = parse_day(on, "--on")
    assert day is not None, "the option must be given"
    print(proving.reading_record(statute, reviewer, day, contested or ()), end="")


def show(proof: object, out: Path | None, *, as_json: bool) -> None:
    """Print a proof and leave with exit code 1 when a claim of it fails."""
    from solely.steps import proving

    assert isinstance(proof, proving.Proof), "what is shown is a proof"
    if out is not None:
        out.write_text(proof.script, encoding="utf-8")
        say(f"{len(proof.asked)} questions in {out.name}")
    if as_json:
        print_json(proving.proof_object(proof))
    else:
        for line in proving.proof_lines(proof):
            print(line)
    if proof.failures or proof.first:
        raise typer.Exit(1)
