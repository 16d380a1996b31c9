"""Run the demo: make a synthetic world, let the real command line decide it, and judge the outcome by truth.

`python -m demo --seed 7 --out demo/out` writes `OUT/{batch,records,trust,law,keys,truth.csv}`, drives
`solely` in processes of its own (init, run, two approvals, verify, one opening, report), and ends with a
summary on stdout and `OUT/report.html`. `--no-run` stops after generating. The exit code is 1 when a release
was wrong or a fully valid item with both keys stayed behind.

`--agreement ID` takes another agreement under `law/agreements`, with a small batch of its own (`demo.other`).
"""

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

from demo import world
from demo.submission import AGREEMENT
from demo.world import LAW, Folders, Size


def parse_arguments(words: list[str] | None) -> argparse.Namespace:
    """The options of the demo."""
    parser = argparse.ArgumentParser(
        prog="demo", description="Decide a synthetic batch and judge the outcome."
    )
    parser.add_argument("--agreement", default=AGREEMENT, help="folder under law/agreements")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same people and requests")
    parser.add_argument("--out", type=Path, default=Path("demo/out"), help="folder to write into")
    parser.add_argument("--people", type=int, default=20_000, help="persons of record")
    parser.add_argument("--items", type=int, default=5_000, help="rows of the batch")
    parser.add_argument(
        "--no-run", "--generate-only", dest="is_run", action="store_false", help="stop after generating"
    )
    parser.add_argument(
        "--today", type=date.fromisoformat, default=None, help="day of receipt; default: today, UTC"
    )
    return parser.parse_args(words)


def say(text: str) -> None:
    """One line of progress on stderr."""
    print(text, file=sys.stderr, flush=True)


def main(words: list[str] | None = None) -> int:
    """Run the demo; gives the exit code."""
    options = parse_arguments(words)
    if options.agreement != AGREEMENT:
        from demo import other

        return other.main(options.agreement, options, say)
    begun = perf_counter()
    today = options.today or datetime.now(UTC).date()
    made, requests = world.generate(Size(options.seed, options.people, options.items), today)
    world.keep_gate(Folders(options.out), say)
    folders = world.write(options.out, made, requests, LAW)
    world.write_next(folders, made, options.seed)
    say(
        f"seed {options.seed}: {options.people:,} people of record, {options.items:,} requests, today {today}"
    )
    say(f"generated in {perf_counter() - begun:.1f} s")
    if not options.is_run:
        print("\n".join(generated_lines(folders)))
        return 0
    from demo import drive

    return drive.run(drive.Demo(folders, made, requests, options.seed, options.today), say)


def generated_lines(folders: Folders) -> list[str]:
    """What was written, and the commands that continue by hand."""
    root = folders.root
    records = " ".join(f"--records {path}" for path in folders.record_files())
    keys = [folders.key("approvers", name) for name in ("disclosure-officer", "chief-of-disclosure")]
    return [
        f"written under {root}: batch records trust law keys truth.csv",
        "to go on by hand:",
        f"  solely init {folders.gate} --agreement {folders.agreement} {records}"
        f" --as-of {datetime.now(UTC).date()} --trust {folders.trust}",
        f"  solely run {folders.batch} --gate {folders.gate} --json",
        *(f"  solely approve {folders.batch} --gate {folders.gate} --as {key}" for key in keys),
    ]


if __name__ == "__main__":
    sys.exit(main())
