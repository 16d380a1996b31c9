"""A call that goes on as it came: ASGI over the line, a message at a time, at the pace of whoever is slower.

- front to gate: call, part (of the body), sent (a piece of a stream), gone
- gate to front: pull (one part more), send (of the answer), end

The first parts of a body go on unasked, so that an order that came whole is filed though its sender has left
(R-08). Who waits for `100 Continue` is told to go on when the gate asks for the body, and not before.
"""

import asyncio
from collections.abc import MutableMapping
from itertools import count
from typing import Any, Final

from solely.front.link import Link, Words
from solely.front.quiet import App, Message, Receive, Send

_START: Final = "http.response.start"
_TEXTS: Final[tuple[str, ...]] = ("type", "http_version", "method", "scheme", "path", "root_path", "asgi")
_BYTES: Final[tuple[str, ...]] = ("raw_path", "query_string")
_AHEAD: Final = 4  # parts of a body, of some 64 KiB, that go on before they are asked for
_PIECE: Final = 1 << 20  # bytes of an answer's body at most that are on the line at once
_GONE: Final[Message] = {"type": "http.disconnect"}


def _scope_words(scope: MutableMapping[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {name: scope[name] for name in (*_TEXTS, "client", "server") if name in scope}
    words |= {name: scope[name].decode("latin-1") for name in _BYTES if scope.get(name) is not None}
    return words | {"headers": _headers_words(scope["headers"])}


def _scope_of(words: dict[str, Any]) -> dict[str, Any]:
    scope: dict[str, Any] = {name: words[name] for name in _TEXTS if name in words}
    scope |= {name: tuple(words[name]) for name in ("client", "server") if words.get(name) is not None}
    scope |= {name: words[name].encode("latin-1") for name in _BYTES if name in words}
    return scope | {"headers": _headers_of(words["headers"])}


def _headers_words(headers: Any) -> list[list[str]]:
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in headers]


def _headers_of(words: Any) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in words]


class _Forwarded:
    """A call on its way, as the front sees it."""

    def __init__(self, receive: Receive, ahead: int) -> None:
        self.receive = receive
        self.answer: asyncio.Queue[tuple[Message, bool] | None] = asyncio.Queue()
        self.wanted = asyncio.Semaphore(ahead)


class Forwarding:
    """The front's side: an application that hands each call to the gate."""

    def __init__(self) -> None:
        self._link: Link | None = None
        self._calls: dict[int, _Forwarded] = {}
        self._numbers = count()

    def over(self, link: Link) -> None:
        """Hand calls on over this line."""
        self._link = link

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one call with what the gate answers."""
        assert self._link is not None, "who listens has a line"
        ahead = 0 if any(name == b"expect" for name, _ in scope["headers"]) else _AHEAD
        link, number, call = self._link, next(self._numbers), _Forwarded(receive, ahead)
        self._calls[number] = call
        link.send(["call", number, _scope_words(scope), ahead])
        reading = asyncio.ensure_future(self._read(number, call))
        try:
            while (said := await call.answer.get()) is not None:
                message, is_piece = said
                await send(message)
                if is_piece:
                    link.send(["sent", number])
        except BaseException:
            link.send(["gone", number])
            raise
        finally:
            del self._calls[number]
            reading.cancel()

    def take(self, words: Words, body: bytes) -> None:
        """Take what the gate says of a call; of one that is over, nothing."""
        kind, number, *said = words
        call = self._calls.get(number)
        if call is None:
            return
        if kind == "pull":
            call.wanted.release()
        elif kind == "end":
            call.answer.put_nowait(None)
        elif (what := said[0]) == _START:
            status, headers = said[1:]
            start = {"type": what, "status": status, "headers": _headers_of(headers)}
            call.answer.put_nowait((start, False))
        else:
            call.answer.put_nowait(({"type": what, "body": body, "more_body": said[1]}, said[1]))

    async def _read(self, number: int, call: _Forwarded) -> None:
        """Hand on what the caller sends, as much of it as is wanted, to its end."""
        assert self._link is not None, "who listens has a line"
        what = ""
        while what != _GONE["type"]:
            await call.wanted.acquire()
            message = await call.receive()
            what = message["type"]
            said = ["part", number, what, bool(message.get("more_body"))]
            self._link.send(said, message.get("body", b""))


class _Answered:
    """A call as the gate's application has it."""

    def __init__(self, link: Link, number: int, ahead: int) -> None:
        self._link, self._number = link, number
        self._came: asyncio.Queue[Message] = asyncio.Queue()
        self._ahead, self.is_gone = ahead, False  # how many parts come without being asked for
        self._sent: asyncio.Future[None] | None = None

    async def receive(self) -> Message:
        """The next message of the caller."""
        if self.is_gone and self._came.empty():
            return dict(_GONE)
        if self._ahead == 0:
            self._pull()
        message = await self._came.get()  # what comes after whoever waited for it has left is kept
        self._ahead -= 1
        if self._ahead < _AHEAD // 2 and message.get("more_body"):
            self._pull()
        return message

    def _pull(self) -> None:
        self._ahead += 1
        self._link.send(["pull", self._number])

    async def send(self, message: Message) -> None:
        """Send a message; of a stream or a long body, return once all but its end is on its way."""
        what, more = message["type"], bool(message.get("more_body"))
        if what == _START:
            headers = _headers_words(message.get("headers", ()))
            self._link.send(["send", self._number, what, message["status"], headers])
            return
        body = message.get("body", b"")
        for at in range(0, max(len(body), 1), _PIECE):
            await self._send_piece(what, body[at : at + _PIECE], more=more or at + _PIECE < len(body))

    async def _send_piece(self, what: str, piece: bytes, *, more: bool) -> None:
        if self.is_gone:
            return
        self._link.send(["send", self._number, what, more], bytes(piece))
        if more:
            self._sent = asyncio.get_running_loop().create_future()
            await self._sent

    def part(self, what: str, body: bytes, *, more: bool) -> None:
        """Take a message of the caller."""
        self._came.put_nowait({"type": what, "body": body, "more_body": more})

    def sent(self) -> None:
        """The piece of a stream is on its way."""
        if self._sent is not None and not self._sent.done():
            self._sent.set_result(None)

    def gone(self) -> None:
        """Nobody waits for the answer."""
        self.is_gone = True
        self._came.put_nowait(dict(_GONE))
        self.sent()


class Answering:
    """The gate's side: what answers each call that comes over the line."""

    def __init__(self, app: App, link: Link) -> None:
        self._app, self._link = app, link
        self._calls: dict[int, _Answered] = {}
        self._tasks = set[asyncio.Task[None]]()

    def take(self, words: Words, body: bytes) -> None:
        """Take what the front says of a call; of one that is over, nothing."""
        kind, number, *said = words
        if kind == "call":
            call = self._calls[number] = _Answered(self._link, number, said[1])
            task = asyncio.ensure_future(self._answer(call, number, _scope_of(said[0])))
            self._tasks.add(task)  # a task that nobody holds may vanish
            task.add_done_callback(self._tasks.discard)
        elif number not in self._calls:
            return
        elif kind == "part":
            what, more = said
            self._calls[number].part(what, body, more=more)
        elif kind == "sent":
            self._calls[number].sent()
        else:
            self._calls[number].gone()

    async def _answer(self, call: _Answered, number: int, scope: Message) -> None:
        try:
            await self._app(scope, call.receive, call.send)
        finally:
            del self._calls[number]
            self._link.send(["end", number])
