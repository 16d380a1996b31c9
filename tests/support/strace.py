"""The real program under `strace`: killed at the n-th call of a name, or told EIO by it (ledger.md 4.5).

- A process for each fault is forked from one that has everything imported, and is traced from the moment
  that its work begins: a fault costs hardly more than the work itself.
- SIGKILL comes before the call does anything; what a kill after it leaves is what one before the next does.
"""

import multiprocessing
import os
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

CALLS = (
    "pwrite64",
    "write",
    "fdatasync",
    "fsync",
    "rename",
    "openat",
    "mkdir",
    "ftruncate",
    "unlink",
    "sync",
)
IS_THERE = shutil.which("strace") is not None
_FORKING = multiprocessing.get_context("forkserver")
_LINE = re.compile(r"^(?:(\d+)\s+)?(\w+)\((.*)")
_WAIT = 600.0  # on a busy machine a traced command takes a minute; only what hangs takes this long


class Fault(NamedTuple):
    """The n-th call of a name, and what comes of it: `KILL` or `EIO`."""

    call: str
    number: int
    kind: str

    def option(self) -> list[str]:
        """What strace is told."""
        what = "signal=SIGKILL" if self.kind == "KILL" else f"error={self.kind}"
        return ["-e", f"inject={self.call}:{what}:when={self.number}"]


class Ended(NamedTuple):
    """The exit code (-9 when it was killed), and the calls that were made: thread, name, arguments."""

    code: int | None
    calls: list[tuple[str, str, str]]

    def faults(self, kinds: Sequence[str] = ("KILL", "EIO")) -> list[Fault]:
        """Each fault that such a run can meet at a call that changes a disk; strace counts by thread."""
        counts: Counter[tuple[str, str]] = Counter()
        places: set[tuple[str, int]] = set()
        for thread, name, words in self.calls:
            counts[thread, name] += 1
            if name != "openat" or "O_CREAT" in words:
                places.add((name, counts[thread, name]))
        return [Fault(*place, kind) for kind in kinds for place in sorted(places)]


def preload(modules: Sequence[str]) -> None:
    """Name what every process has imported already; before the first one is started."""
    _FORKING.set_forkserver_preload([__name__, "tests.support.tables_read", *modules])


def run(work: Callable[..., int], words: Iterable[Any], trace: Path, fault: Fault | None = None) -> Ended:
    """How a process ended that did this work, which is a function of a module, with at most one fault."""
    child = _FORKING.Process(target=_traced, args=(work, tuple(words)))
    child.start()
    options = [] if fault is None else fault.option()
    command = ["strace", "-f", "-qq", "-s", "0", "-y", "-o", trace, "-e", f"trace={','.join(CALLS)}"]
    with subprocess.Popen([*command, *options, "-p", str(child.pid)], stderr=subprocess.PIPE) as strace:
        child.join(_WAIT)
        if child.exitcode is None:
            child.kill()
            child.join()
            raise AssertionError(
                f"{fault}: neither ended nor traced: {strace.stderr and strace.stderr.read(200)}"
            )
    calls = [found.groups() for line in trace.read_text().splitlines() if (found := _LINE.match(line))]
    return Ended(child.exitcode, calls)  # type: ignore[arg-type]


def plainly(work: Callable[..., int], words: Iterable[Any]) -> int | None:
    """The exit code of a process that did this work without a fault."""
    child = _FORKING.Process(target=_left, args=(work, tuple(words)))
    child.start()
    child.join(_WAIT)
    return child.exitcode


def killed(work: Callable[..., int], words: Iterable[Any], after: float | None) -> None:
    """Do this work in a process that is killed after so many seconds, unless it has ended before."""
    child = _FORKING.Process(target=_left, args=(work, tuple(words)))
    child.start()
    child.join(_WAIT if after is None else after)
    child.kill()
    child.join()


@contextmanager
def alive(work: Callable[..., int], words: Iterable[Any]) -> Iterator["multiprocessing.process.BaseProcess"]:
    """A process that does this work meanwhile, and is killed at the end at the latest."""
    child = _FORKING.Process(target=_left, args=(work, tuple(words)))
    child.start()
    try:
        yield child
    finally:
        child.kill()
        child.join()


def _traced(work: Callable[..., int], words: tuple[Any, ...]) -> None:
    descriptor, until = os.open("/proc/self/status", os.O_RDONLY), time.monotonic() + _WAIT / 2
    while b"TracerPid:\t0\n" in os.pread(descriptor, 4096, 0):
        if time.monotonic() > until:
            os._exit(98)
        time.sleep(0.002)
    _left(work, words)


def _left(work: Callable[..., int], words: tuple[Any, ...]) -> None:
    os._exit(work(*words))  # nothing of the test runner's own is flushed or cleaned up
