"""A solver in a child process: it answers within its limits, or it is killed and nothing counts as decided.

- One child serves many questions. Its memory is capped, and a wait past the limit ends it at once: a solver's
  own time limit is only asked for, and has been seen to overrun threefold.
- A killed child, a crash and words other than an answer are all NotDecided: a failure, never a pass.
- The solver is an extra of the install; without it the error names the line that installs it.
"""

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata, util
from typing import IO

from solely.errors import NotDecided, UsageError

SECONDS_MAX = 20.0
MEGABYTES_MAX = 2048
PACKAGES = {"z3": "z3-solver", "cvc5": "cvc5"}  # by the name of their module
INSTALL = "`make prove` in this tree, or `pip install 'solely[prove]'` where solely is installed"


@dataclass
class Solver:
    """One running solver; `ask` takes SMT-LIB commands and gives what the solver says to them."""

    name: str
    process: "subprocess.Popen[bytes]"
    seconds_max: float = SECONDS_MAX
    slowest: float = 0.0

    @property
    def version(self) -> str:
        """The solver's name and version, as a record states it."""
        return f"{self.name} {metadata.version(PACKAGES[self.name])}"

    def ask(self, text: str) -> str:
        """What the solver says; raises NotDecided when it takes too long, too much, or dies."""
        start = time.monotonic()
        data = text.encode()
        source, target = self.process.stdin, self.process.stdout
        assert source is not None and target is not None, "the child has both its pipes"
        try:
            source.write(b"%d\n%b" % (len(data), data))
            source.flush()
            answer = self._read(target, start + self.seconds_max)
        except (BrokenPipeError, ValueError):
            self.kill()
            raise NotDecided(f"{self.name} ended before it answered; nothing counts as proved") from None
        self.slowest = max(self.slowest, time.monotonic() - start)
        return answer

    def _read(self, target: IO[bytes], until: float) -> str:
        """One message of the child; its head and its bytes all arrive before `until`, or it is killed."""
        received = b""
        while True:
            head, mark, body = received.partition(b"\n")
            if mark and len(body) >= int(head):
                return body.decode()
            ready, _, _ = select.select([target], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                self.kill()
                raise NotDecided(
                    f"{self.name} gave no answer within {self.seconds_max:g} s; nothing counts as proved"
                )
            part = os.read(target.fileno(), 1 << 16)
            if not part:
                raise BrokenPipeError
            received += part

    def kill(self) -> None:
        """End the child, whatever it is at."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue  # what was not yet sent to a dead child is lost, as it should be


@contextmanager
def solver(
    name: str, *, seconds_max: float = SECONDS_MAX, megabytes: int = MEGABYTES_MAX
) -> Iterator[Solver]:
    """A solver that runs until the block ends; raises NotDecided when it is not installed."""
    require_installed(name)
    command = [sys.executable, "-P", "-m", "solely.store.solver_child", name, str(megabytes)]
    process = subprocess.Popen(  # noqa: S603 -- our own module and a name from a closed list
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    running = Solver(name, process, seconds_max)
    try:
        running.ask("")  # it has started when it answers; what that took is no question's time
        running.slowest = 0.0
        yield running
    finally:
        running.kill()


def require_installed(name: str) -> None:
    """Return when the solver is known and installed; else NotDecided with the line that installs it."""
    if name not in PACKAGES:
        raise UsageError(f"`--solver` is one of {', '.join(PACKAGES)}, both")
    if util.find_spec(name) is None:
        raise NotDecided(f"{name} is not installed, so nothing was proved; install it: {INSTALL}")
