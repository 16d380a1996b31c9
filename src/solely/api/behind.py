"""The gate behind its front: a process of its own listens and reads, this one answers what it hands on.

The front is started before the gate is opened, with nothing of it: no descriptor, no memory, no key.
"""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from signal import SIGINT, SIGTERM
from typing import Any

from solely.api.calls import Door
from solely.api.observed import Observed, Watched
from solely.errors import TroubleError, UsageError
from solely.front.forwarding import Answering
from solely.front.link import Link, Words
from solely.front.process import CANNOT_LISTEN, Begin
from solely.front.quiet import Tell
from solely.front.words import answer_words, asked_of

_END_SECONDS = 20


class Front:
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
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def answer(self, behind: "Behind", where: Begin) -> None:
        """Answer what it hands on until SIGTERM or SIGINT; UsageError where nothing can listen there."""
        asyncio.run(behind.answer(self._line, where))
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(_END_SECONDS)
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

    def __init__(self, door: Door, app: Observed, watched: Watched, tell: Tell) -> None:
        self._door, self._app, self._watched, self._tell = door, app, watched, tell
        self.listening: Callable[[], None] = lambda: None

    async def answer(self, line: socket.socket, where: Begin) -> None:
        """Answer what comes over the line until the front is gone."""
        loop = asyncio.get_running_loop()
        _, self._link = await loop.create_unix_connection(lambda: Link(self._take), sock=line)
        self._answering = Answering(self._app, self._link)
        for each in (SIGTERM, SIGINT):
            loop.add_signal_handler(each, partial(self._link.send, ["stop"]))
        self._link.send(["begin", *where])
        await self._link.ended
        for waiting in self._door.answering.values():
            waiting.set_result(None)

    def _take(self, words: Words, body: bytes) -> None:
        kind, *said = words
        if kind == "asked":
            self._ask(said[0], said[1:])
        elif kind == "told":
            self._told(*said)
        elif kind == "listening":
            self.listening()
        elif kind == "said":
            self._tell(str(said[0]))
        else:
            self._answering.take(words, body)

    def _ask(self, number: int, words: Words) -> None:
        door, asked = self._door, asked_of(words)
        door.answering.setdefault(number, asyncio.get_running_loop().create_future())
        door.answers.hand_on(door.serving.ask(asked), partial(self._answered, number))

    def _answered(self, number: int, answer: Future[Any]) -> None:
        error = answer.exception()
        self._link.send(["answer", number, *answer_words(answer.result() if error is None else error)])

    def _told(self, number: int, route: str, status: int, seconds: float) -> None:
        """A call of an opening was answered: an order that waited for it is acknowledged now."""
        waiting = self._door.answering.pop(number, None)
        if waiting is not None:
            waiting.set_result(None)
        self._watched.note_ended("POST", route, status, seconds)
