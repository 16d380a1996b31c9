"""One command measured: CPU seconds in whole and between its progress lines, peak memory, wall seconds.

- CPU seconds are what compares machines and runs; wall seconds depend on what else runs.
- The CPU clock of the process is read whenever it prints a line of progress; what lies between two lines is
  called by the words of the earlier one, without its numbers. Reading ends with the process's own totals
  (`wait4`), so that the parts add up to the whole.
"""

import gc
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")


def collect_seldom() -> None:
    """Collect cycles as seldom as the command line: a part measured alone then costs what it costs there."""
    gc.set_threshold(200_000, 20, 100)


@dataclass
class Measured:
    """What one command cost; `stages` are CPU seconds by the words of its progress lines, in order."""

    command: list[str]
    exit_code: int
    cpu_seconds: float
    wall_seconds: float
    peak_memory_mb: float
    stages: dict[str, float] = field(default_factory=dict)
    out: str = ""

    def as_json(self) -> dict[str, Any]:
        """All figures, without what the command printed."""
        figures = asdict(self)
        del figures["out"]
        return figures


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """What `work` gives in a process of its own, which then ends.

    A process counts the memory of the one that started it into its own peak, so whoever measures others must
    stay small itself. It is started afresh: an engine's threads do not survive a fork.
    """
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def run_solely(*arguments: str | Path) -> None:
    """Run a command that is not measured; it must succeed."""
    command = [sys.executable, "-m", "solely.cli.main", *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def cpu_of(pid: int) -> float:
    """CPU seconds, user and system, that a running process has used so far."""
    words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / _TICKS


def measure(arguments: Sequence[str | Path], shown: Sequence[str], environment: dict[str, str]) -> Measured:
    """Run `solely` with these arguments; `shown` is the command as results name it, without local paths."""
    begun = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "solely.cli.main", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    assert process.stderr is not None and process.stdout is not None
    marks: list[tuple[str, float]] = [("start", 0.0)]
    for line in process.stderr:
        marks.append((_words(line), cpu_of(process.pid)))
        print(line, end="", file=sys.stderr, flush=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    total = usage.ru_utime + usage.ru_stime
    return Measured(
        command=list(shown),
        exit_code=process.returncode,
        cpu_seconds=round(total, 2),
        wall_seconds=round(perf_counter() - begun, 2),
        peak_memory_mb=round(usage.ru_maxrss / 1024, 1),
        stages=_stages(marks, total),
        out=out,
    )


def _words(line: str) -> str:
    """A progress line without its numbers, so that the lines of many chunks fall under one name."""
    return " ".join(re.sub(r"[\d.,:]+", "", line).split()) or "…"


def _stages(marks: Sequence[tuple[str, float]], total: float) -> dict[str, float]:
    stages: dict[str, float] = {}
    ends = [at for _, at in marks[1:]] + [total]
    for (name, at), end in zip(marks, ends, strict=True):
        stages[name] = stages.get(name, 0.0) + max(0.0, end - at)
    return {name: round(seconds, 2) for name, seconds in stages.items()}
