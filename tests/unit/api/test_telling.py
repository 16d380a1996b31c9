"""Lines that nobody reads are dropped and counted; who tells them never waits."""

import os
import sys

import pytest

from solely.api import telling
from solely.cli.door import say

LINES = 5_000  # more than any pipe of this machine takes


@pytest.mark.rule("R-103")
def test_a_pipe_that_nobody_drains_holds_up_nobody_and_what_was_dropped_is_told(monkeypatch):
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "w", buffering=1) as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        tell = telling.never_waiting(say)
        for number in range(LINES):
            tell(f"alarm {number}: a denied opening is in the ledger")
        shown = os.read(pipe.fileno(), 2**20).decode().splitlines()
        tell("the last")
        after = os.read(pipe.fileno(), 2**20).decode().splitlines()
    assert shown[0].startswith("alarm 0:") and 0 < len(shown) < LINES
    assert after == [f"solely: {LINES - len(shown)} lines were dropped, because nobody read them", "the last"]


def test_where_somebody_reads_every_line_is_told_in_order():
    said: list[str] = []
    tell = telling.never_waiting(said.append, lambda: True)
    for line in ("one", "two"):
        tell(line)
    assert said == ["one", "two"]
