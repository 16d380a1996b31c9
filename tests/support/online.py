"""Asks a gate for the rows of its batch one at a time, in this process or in one that can be killed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solely import flow
from solely.services import Services, opened
from solely.steps.online import Online


@contextmanager
def asking(gate: Path, batch: Path) -> Iterator[tuple[Services, Online]]:
    """The gate, and the batch received there, waiting for requests."""
    with opened(gate) as services:
        received, _ = flow.receive(services, batch)
        assert received is not None, "the batch was decided before"
        with flow.online(services, received) as online:
            yield services, online


def main(gate: str, batch: str, first: str, last: str) -> None:
    """Ask for row after row; each answer is told on a line of its own: row, index of the entry."""
    with asking(Path(gate), Path(batch)) as (_, online):
        for row in range(int(first), int(last) + 1):
            print(row, online.ask(row).entry_index, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
