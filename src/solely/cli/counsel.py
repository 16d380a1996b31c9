"""Commands for counsel and those who write agreements: they read law files and nothing else."""

from pathlib import Path
from typing import Annotated

import typer

from solely.cli.door import Json, app, out_option, print_json, say, tell
from solely.errors import UsageError


@app.command(
    short_help="Write or check cases of an agreement.",
    epilog="Example: solely cases law/agreements/irs-ice-2025 --out cases.csv",
)
def cases(
    agreement: Annotated[Path, typer.Argument(metavar="AGREEMENT", help="The agreement's folder.")],
    out: Annotated[Path | None, out_option(metavar="FILE.csv", help="Write every case here.")] = None,
    check: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Your own cases.")] = None,
    as_json: Json = False,
) -> None:
    """Write every case that the clauses tell apart, or say which clause decides each of your own."""
    from solely import counsel

    if (out is None) == (check is None):
        raise UsageError("`cases` takes either `--out FILE.csv` or `--check FILE.csv`")
    if out is not None:
        tell(counsel.export_cases(agreement, out))
        return
    assert check is not None, "one of the two is given"
    answers = counsel.check_table(agreement, check)
    for answer in answers:
        if as_json:
            print_json(counsel.answer_object(answer))
        else:
            print(counsel.answer_line(answer))
    differing = sum(answer.differs for answer in answers)
    say(f"{len(answers):,} cases, {differing:,} differ from what was expected")
    if differing:
        raise typer.Exit(1)


@app.command(
    short_help="Write an agreement as a page for reading.",
    epilog="Example: solely page law/agreements/irs-ice-2025 --out agreement.html",
)
def page(
    agreement: Annotated[Path, typer.Argument(metavar="AGREEMENT", help="The agreement's folder.")],
    out: Annotated[Path, out_option(metavar="FILE.html", help="Where to write the page.")],
) -> None:
    """Write an agreement as one HTML page: its text, and under each item what the machine reads."""
    from solely import counsel

    tell(counsel.write_page(agreement, out))
