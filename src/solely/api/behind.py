"""The gate behind its front: a process of its own listens and reads, this one answers what it hands on.

The front is started before the gate is opened, with nothing of it: no descriptor, no memory, no key, and no
more of the environment than it needs.
"""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import count
from signal import SIGINT, SIGTERM, signal
from typing import Any

from solely.api.calls import Door
from solely.api.observed import Observed, Watched, known_method
from solely.errors import TroubleError, UsageError
from solely.front.forwarding import Answering
from solely.front.link import Link, Words
from solely.front.process import CANNOT_LISTEN, Begin
from solely.front.quiet import Tell
from solely.front.words import answer_words, asked_of

_END_SECONDS = 15  # five more than whoever is being answered has
_EXIT_SECONDS = 2
_SETTLE_SECONDS = 5
# What the front is given of the environment, where passwords may stand too.
_KEPT = ("PYTHON", "PATH", "LD_", "LANG", "LC_", "SOLELY_NOW")


class FrontProcess:
    """The process that listens."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            words = [sys.executable, "-P", "-m", "solely.front", str(theirs.fileno())]
            # In a session of its own: what ends the gate from a terminal has the gate tell it to stop.
            self._process = subprocess.Popen(  # noqa: S603 -- this very program
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what it may say, it says over the line
                env={name: value for name, value in os.environ.items() if name.startswith(_KEPT)},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def answer(self, behind: "Behind", where: Begin) -> None:
        """Answer what it hands on until SIGTERM or SIGINT; UsageError where nothing can listen there."""
        asyncio.run(behind.answer(self._line, where))
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(_EXIT_SECONDS)
            if code == CANNOT_LISTEN:
                raise UsageError(f"nothing can listen on {where.host}, port {where.port}")
            if code != 0:
                raise TroubleError("the process that listens has ended; start the service again", retry=True)

    def end(self) -> None:
        """End it, if it has not ended; the port is free when this returns."""
        self._line.close()
        self._process.kill()
        self._process.wait()


class Behind:
    """What answers the front."""

    def __init__(
        self, door: Door, app: Observed, watched: Watched, tell: Tell, listening: Callable[[], None]
    ) -> None:
        self._door, self._app, self._watched, self._tell = door, app, watched, tell
        self._listening = listening
        self._settling: dict[int, asyncio.Future[None]] = {}
        self._numbers = count()
        door.settle = self.settle

    async def answer(self, line: socket.socket, where: Begin) -> None:
        """Answer what comes over the line until the front is gone."""
        loop = asyncio.get_running_loop()
        _, self._link = await loop.create_unix_connection(lambda: Link(self._take), sock=line)
        self._answering = Answering(self._app, self._link)

        def end(*_: object) -> None:
            with suppress(RuntimeError):  # the loop is closed: it has ended
                loop.call_soon_threadsafe(self._stop)

        for each in (SIGTERM, SIGINT):
            signal(each, end)
        self._door.serving.lost = end
        self._link.send(["begin", *where])
        await self._link.ended
        for waiting in self._settling.values():
            waiting.set_result(None)

    async def settle(self) -> None:
        """Return once every answer that the front was given so far has left, or never will."""
        number = next(self._numbers)
        waiting = self._settling[number] = asyncio.get_running_loop().create_future()
        self._link.send(["settle", number])
        await asyncio.wait([waiting], timeout=_SETTLE_SECONDS)
        self._settling.pop(number, None)

    def _stop(self) -> None:
        """Have the front answer who waits and end; one that does not end is cut off."""
        self._link.send(["stop"])
        asyncio.get_running_loop().call_later(_END_SECONDS, self._link.cut)

    def _take(self, words: Words, body: bytes) -> None:
        kind, *said = words
        if kind == "asked":
            self._ask(said[0], said[1:])
        elif kind == "told":
            method, route, status, seconds = said
            self._watched.note_ended(known_method(method), route, status, seconds)
        elif kind == "settled":
            if (waiting := self._settling.pop(said[0], None)) is not None and not waiting.done():
                waiting.set_result(None)
        elif kind == "listening":
            self._listening()
        elif kind == "said":
            self._tell(str(said[0]))
        else:
            self._answering.take(words, body)

    def _ask(self, number: int, words: Words) -> None:
        door, asked = self._door, asked_of(words)
        door.answers.hand_on(door.serving.ask(asked), partial(self._answered, number))

    def _answered(self, number: int, answer: Future[Any]) -> None:
        error = answer.exception()
        self._link.send(["answer", number, *answer_words(answer.result() if error is None else error)])
