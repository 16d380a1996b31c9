"""The command line in a process of its own, forked from one that has everything imported already.

Importing costs a command more than most of its work; here it is paid once by each test process. What runs is
the real program, with its own arguments, environment, folder and standard streams.
"""

import atexit
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, NoReturn

MODULES = (
    "solely.cli.main", "solely.setup", "solely.flow", "solely.afterwards", "solely.services",
    "solely.precheck",
    "solely_verify.__main__", "duckdb", "pydantic", "tests.support.tables_read",
)  # fmt: skip
SERVING = ("solely.api.app", "solely.api.server")  # where the packages that serve are there
ASK = 1 << 20  # bytes of a question at most
ROOT = Path(__file__).resolve().parents[2]


def run(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """What one command gave, as `subprocess.run` would tell it."""
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as given,
        tempfile.TemporaryFile("w+", encoding="utf-8") as out,
        tempfile.TemporaryFile("w+", encoding="utf-8") as err,
    ):
        given.write(stdin or "")
        given.seek(0)
        code = Process(arguments, environment, folder, (given, out, err)).wait()
        for each in (out, err):
            each.seek(0)
        return subprocess.CompletedProcess(arguments, code, out.read(), err.read())


class Process:
    """One command under way, on these standard streams: as much of `subprocess.Popen` as is used."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        streams: Sequence[IO[str]],
    ) -> None:
        self.returncode: int | None = None
        self._asking = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._asking.connect(_server())
        ask = json.dumps([list(arguments), dict(environment), str(folder)]).encode()
        socket.send_fds(self._asking, [ask], [each.fileno() for each in streams])
        self.pid = int(self._asking.recv(16))

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once the command has ended; TimeoutError if it does not in so many seconds."""
        if self.returncode is None:
            self._asking.settimeout(timeout)
            self.returncode = int(self._asking.recv(16))
            self._asking.close()
        return self.returncode

    def poll(self) -> int | None:
        """The exit code, or None while the command is under way."""
        with suppress(BlockingIOError):
            return self.wait(0)
        return None

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the command has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it without warning."""
        self.send_signal(signal.SIGKILL)


@cache
def _server() -> str:
    """Where this test process's server listens; it ends with the test process."""
    folder = tempfile.TemporaryDirectory(prefix="forked-")
    atexit.register(folder.cleanup)
    address = f"{folder.name}/asked"
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stdout.read(1) == b".", "the server listens"
    return address


def exit_code(arguments: Sequence[str]) -> int:
    """Run the command line in this process, which does nothing else, and give its exit code."""
    program = importlib.import_module("solely.cli.main")
    sys.modules["__main__"], sys.argv = program, [str(program.__file__), *arguments]
    code: object = 0
    try:
        program.main()
    except SystemExit as left:
        code = left.code
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


# -- the server -----------------------------------------------------------------------------------------


def serve(address: str) -> None:
    """Fork a process for each question, until stdin ends."""
    for each in MODULES:
        importlib.import_module(each)
    for each in SERVING:
        with suppress(ModuleNotFoundError):
            importlib.import_module(each)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asked, selectors.DefaultSelector() as either:
        asked.bind(address)
        asked.listen(64)
        os.write(1, b".")
        for each in (asked, sys.stdin):
            either.register(each, selectors.EVENT_READ)
        while all(key.fileobj is asked for key, _ in either.select()):
            connection, _ = asked.accept()
            if os.fork() == 0:
                asked.close()
                _answer(connection)
            connection.close()


def _answer(connection: socket.socket) -> NoReturn:
    """Run what is asked in a further process, and tell its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ask, streams, _, _ = socket.recv_fds(connection, ASK, 3)
    process = os.fork()
    if process == 0:
        connection.close()
        _become(streams, *json.loads(ask))
    connection.send(str(process).encode())
    _, status = os.waitpid(process, 0)
    connection.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become(
    streams: Sequence[int], arguments: Sequence[str], environment: Mapping[str, str], folder: str
) -> NoReturn:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    try:
        code = exit_code(arguments)
    except BaseException:  # noqa: BLE001 -- as Python itself tells of what nobody caught
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
