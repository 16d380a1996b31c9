"""The front as a process: it listens as long as the gate is there, and ends with it.

- gate to front: begin (once: where to listen and what callers must show), answer, settle, stop, and what
  `forwarding` says
- front to gate: listening, asked (a call of an opening), told (it was answered, how and in what time), said
  (a line for whoever watches), settled, and what `forwarding` says
"""

import asyncio
import logging
import os
import resource
import signal
import socket
import ssl
import time
from functools import partial
from itertools import count
from typing import Any, Final, NamedTuple

import uvicorn
from starlette.requests import Request

from solely.access.admission import Entrance
from solely.access.asked import CallAsked, EchoAsked, KeyAsked, Refused
from solely.front.answers import in_json
from solely.front.forwarding import Forwarding
from solely.front.handshakes import Handshakes
from solely.front.link import Link, Words
from solely.front.openings import ROUTES, Desk
from solely.front.prompt import Prompt, has_left
from solely.front.quiet import Message, Quiet, Receive, Send
from solely.front.words import answer_of, asked_words

CONNECTIONS_MAX = 512
_UNREAD_SECONDS = 0.05  # for which an order waits for callers who do not read what they are answered
CANNOT_LISTEN: Final = 3  # the exit code of a front that cannot listen where it should
# Where callers come over https they are to come by nothing else (RFC 6797).
_HTTPS_ALONE = ("Strict-Transport-Security", "max-age=31536000")


class Begin(NamedTuple):
    """Where to listen, and what callers must show there."""

    host: str
    port: int
    certificate: str | None
    key: str | None
    is_secure: bool
    token_key: str  # of the gate's, in PEM: the public half
    address: str
    needs_proof: bool


def main(line: int) -> int:
    """Listen as the gate at the other end of this socket says; the exit code."""
    # What libraries log holds addresses, texts of errors and bytes of forms, and waits for whoever reads it.
    logging.disable()
    # The server raises again what ended it, once all are answered: the process then ends by itself.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: None)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        asyncio.run(Front().serve(socket.socket(fileno=line)))
    except SystemExit:
        return CANNOT_LISTEN
    return 0


class Front:
    """Who answers at the door."""

    def __init__(self) -> None:
        self._begin = asyncio.Event()
        self._forwarding = Forwarding()
        self._asked: dict[int, tuple[asyncio.Future[Words], asyncio.Transport | None]] = {}
        self._unread: dict[int, asyncio.Transport] = {}  # where answers of the gate's are on their way
        self._settling = set[asyncio.Task[None]]()  # a task that nobody holds may vanish
        self._numbers = count()
        self._entrance: Entrance | None = None
        self._server: _Server | None = None

    async def serve(self, line: socket.socket) -> None:
        """Answer until the gate says to stop, or is gone."""
        link = await self.over(line)
        link.ended.add_done_callback(lambda _: os._exit(0))  # without the gate nobody is answered
        await self._begin.wait()
        assert self._server is not None, "it was begun"
        await self._server.serve()
        link.flush()

    async def over(self, line: socket.socket) -> Link:
        """Speak with the gate over this socket."""
        loop = asyncio.get_running_loop()
        _, self._link = await loop.create_unix_connection(lambda: Link(self._take), sock=line)
        self._forwarding.over(self._link)
        return self._link

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one call: an opening's here, every other where it is handed on to."""
        path = scope.get("path", "")
        if path in ROUTES:
            await self._opening(scope, receive, send)
        else:
            await self._forwarding(scope, receive, send)

    async def _opening(self, scope: Message, receive: Receive, send: Send) -> None:
        number, began, path, status = next(self._numbers), time.perf_counter(), scope["path"], 500
        wire = scope.get("wire")  # where the answer goes (`prompt`)

        async def noted(message: Message) -> None:
            nonlocal status
            status = int(message.get("status", status))
            await send(message)

        async def answer(scope: Message, receive: Receive, send: Send) -> None:
            assert self._entrance is not None, "it was begun"
            if scope["method"] != "POST":
                response = in_json({"code": "unimplemented"}, status_code=405)
                response.headers["Allow"] = "POST"
            else:
                desk = Desk(self._entrance, partial(self._ask, number, wire))
                response = await ROUTES[path](desk, Request(scope, receive, send))
            await response(scope, receive, send)

        try:
            await Quiet(answer, self._say)(scope, receive, noted)
            while wire is not None and not has_left(wire):
                await asyncio.sleep(_UNREAD_SECONDS / 10)
        finally:
            self._unread.pop(number, None)
            self._link.send(["told", scope["method"], path, status, time.perf_counter() - began])

    async def _settle(self, number: int) -> None:
        """Tell the gate once every answer that it has given so far has left, or never will."""
        loop = asyncio.get_running_loop()
        given, until = set(self._unread), loop.time() + _UNREAD_SECONDS
        while given & self._unread.keys() and loop.time() < until:
            await asyncio.sleep(_UNREAD_SECONDS / 10)
        for each in given & self._unread.keys():
            self._unread.pop(each).abort()
        self._link.send(["settled", number])

    async def _ask(self, number: int, wire: asyncio.Transport | None, asked: CallAsked) -> Any:
        assert isinstance(asked, EchoAsked | KeyAsked | Refused), "an opening asks for nothing else"
        waiting: asyncio.Future[Words] = asyncio.get_running_loop().create_future()
        self._asked[number] = waiting, wire
        self._link.send(["asked", number, *asked_words(asked)])
        try:
            answer = await waiting
        finally:
            del self._asked[number]
        return answer_of(answer)

    def _say(self, line: str) -> None:
        self._link.send(["said", line])

    def _take(self, words: Words, body: bytes) -> None:
        kind = words[0]
        if kind == "answer":
            waiting, wire = self._asked.get(words[1], (None, None))
            if waiting is not None and not waiting.done():
                waiting.set_result(words[2:])
                if wire is not None:
                    self._unread[words[1]] = wire
        elif kind == "settle":
            settling = asyncio.ensure_future(self._settle(words[1]))
            self._settling.add(settling)
            settling.add_done_callback(self._settling.discard)
        elif kind == "begin":
            self._start(Begin(*words[1:]))
        elif kind == "stop":
            if self._server is not None:
                self._server.should_exit = True
        else:
            self._forwarding.take(words, body)

    def _start(self, where: Begin) -> None:
        self._entrance = Entrance(where.token_key, where.address, where.needs_proof)
        config = uvicorn.Config(
            self,
            host=where.host,
            port=where.port,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            headers=[_HTTPS_ALONE] if where.is_secure else None,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=10,
            http=Prompt,
            limit_concurrency=CONNECTIONS_MAX,
            proxy_headers=False,
            ssl_certfile=where.certificate,
            ssl_keyfile=where.key,
        )
        self._server = _Server(config, self._link)
        self._begin.set()


class _Server(uvicorn.Server):
    """Tells the gate when it listens."""

    def __init__(self, config: uvicorn.Config, link: Link) -> None:
        super().__init__(config)
        self._link = link

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self.config.ssl is None:
            await super().startup(sockets)
        else:
            await self._listen_for_tls(self.config.ssl)
        if self.started:
            self._link.send(["listening"])

    async def _listen_for_tls(self, context: ssl.SSLContext) -> None:
        config = self.config
        protocol = partial(Prompt, config=config, server_state=self.server_state, app_state={})
        listening = Handshakes(context, protocol)
        try:
            await listening.listen(config.host, config.port, config.backlog)
        except OSError:
            raise SystemExit(CANNOT_LISTEN) from None
        self.servers = [listening]  # type: ignore[list-item]
        self.started = True
