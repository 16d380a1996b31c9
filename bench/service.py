"""A copy of a gate, served by `solely serve` in a process of its own, and threads that call it.

A service that does not start, and a thread that ends by an error, end the measurement: nothing is measured of
what did not happen.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from solely import afterwards
from solely.errors import SolelyError
from solely.services import opened


class Served(NamedTuple):
    """A gate that is served."""

    gate: Path
    process: "subprocess.Popen[str]"
    url: str

    def stop(self) -> None:
        """Stop as an operator would; the gate is free when this returns."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


@contextmanager
def served_copy(gate: Path, keys: Path) -> Iterator[Served]:
    """A copy of the gate, served until the end; the officers whose keys are there have accepted the terms."""
    if not gate.is_dir():
        raise SystemExit(f"there is no gate at {gate}: `make demo` makes one")
    with tempfile.TemporaryDirectory(prefix="solely-bench-") as folder:
        copy = Path(folder) / "gate"
        shutil.copytree(gate, copy)
        accept_all(copy, keys)
        served = started(copy)
        try:
            yield served
        finally:
            served.stop()


def accept_all(gate: Path, keys: Path) -> None:
    """Every officer accepts the terms who may."""
    with opened(gate) as services:
        for key in sorted(keys.glob("*.pem")):
            try:
                afterwards.accept(services, key)
            except SolelyError:
                continue  # accepted before, or not in date


def started(gate: Path, *more: str) -> Served:
    """The gate, served in a process of its own."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    words = [sys.executable, "-m", "solely.cli.main", "serve", "--gate", str(gate), "--port", str(port)]
    words += more
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None, "it was asked for"
    said = list[str]()
    while line := process.stderr.readline():
        said.append(line)
        if line.startswith("serving"):
            Thread(target=process.stderr.read, daemon=True).start()
            return Served(gate, process, f"http://127.0.0.1:{port}")
    raise SystemExit(f"the service ended with {process.wait()} before it served:\n{''.join(said)}")


def together(works: Sequence[Callable[[], None]]) -> float:
    """The seconds that all of these took at once; the first error of any is raised once all have ended."""
    failed = list[BaseException]()

    def kept(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 -- raised below, in the thread that measures
            failed.append(error)

    threads = [Thread(target=kept, args=(each,)) for each in works]
    begun = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if failed:
        raise failed[0]
    return time.perf_counter() - begun


def cpu_seconds(pid: int) -> float:
    """Processor time so far of a process and of those that it has started, all their threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_seconds(each) for each in started_by(pid))


def started_by(pid: int) -> list[int]:
    """The processes that a process has started and that are there."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(each) for task in tasks for each in task.read_text().split()]
