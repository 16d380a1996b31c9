"""Connections that wait for nobody: a request comes whole within a time, or its connection is cut.

- An upload may take as long as it takes, while it goes on steadily.
- Where all connections are taken, a new one takes the place of that which has said nothing whole for longest:
  held open, or sending on behind its answer, or not reading what it asked for.
- An order comes in however many connections are taken (R-08).
"""

import asyncio

import h11
from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.h11_impl import H11Protocol

from solely.front.quiet import Message, Receive, Send

_HEAD_MAX = 32 * 1024  # bytes of a request's head
SECONDS = 10.0  # for one request, from its first byte (or the connection's first moment) to its last
# Where a request comes in as long as it goes on.
UPLOADS = frozenset(("/batches", "/api/batches", "/precheck"))
ORDERS = frozenset(("/orders", "/api/orders"))
STEADY = 128 * 1024  # bytes of an upload that give it as many seconds again


class _AtOnce(h11.Connection):
    """The head of an answer goes out with the first of its body: one call of the system, not two.

    A request that states its length in two ways is refused, and its connection ends: another reader on the
    way may have seen two requests in it (RFC 9112, 6.1).
    """

    _head = b""

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """What came next; RemoteProtocolError for a request of two lengths."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            names = {name for name, _ in event.headers}
            if {b"content-length", b"transfer-encoding"} <= names:
                raise h11.RemoteProtocolError("a request states Content-Length or Transfer-Encoding")
        return event

    def send(self, event: h11.Event) -> bytes | None:  # type: ignore[override]
        """The bytes to send for an event; those of a head are kept for what follows it."""
        written = super().send(event)
        if isinstance(event, h11.Response):
            self._head = written or b""
            return b""
        head, self._head = self._head, b""
        return head + written if written is not None else None


def has_left(wire: asyncio.Transport) -> bool:
    """True once nothing that was written to a connection waits in this process."""
    # Under TLS what is encrypted waits in a connection of its own, which is asked for by no public name.
    below = getattr(getattr(wire, "_ssl_protocol", None), "_transport", None)
    waits = wire.get_write_buffer_size() + (below.get_write_buffer_size() if below is not None else 0)
    return wire.is_closing() or waits == 0


class Prompt(H11Protocol):
    """HTTP/1.1 for callers who may dawdle between requests, up to the server's own limit, but not in one."""

    _late: asyncio.TimerHandle | None = None
    _since = 0  # bytes that came since the time began
    _heard = 0.0  # when this connection last sent or was sent something whole, by the loop's clock
    _most: int | None = None  # connections that are answered at a time

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect the first request."""
        self.conn = _AtOnce(h11.SERVER, _HEAD_MAX)
        self._most, self.limit_concurrency = self.limit_concurrency, None
        self._answer, self.app = self.app, self._admitted
        self._make_room()
        super().connection_made(transport)
        self._heard = self.loop.time()
        self._expect()

    def data_received(self, data: bytes) -> None:
        """Take what came; the time is over only for a request that is not whole yet."""
        if self._late is None:
            self._expect()
        super().data_received(data)
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._expect_nothing()
            return
        self._since += len(data)
        if self._since >= STEADY and self._is_upload():
            self._expect_nothing()
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more comes."""
        self._expect_nothing()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """The answer is out; the caller may ask again."""
        self._heard = self.loop.time()
        super().on_response_complete()

    async def _admitted(self, scope: Message, receive: Receive, send: Send) -> None:
        """The application's answer, or that too many ask at once."""
        is_full = self._most is not None and len(self.connections) >= self._most
        scope["wire"] = self.transport
        answer = service_unavailable if is_full and scope.get("path") not in ORDERS else self._answer
        await answer(scope, receive, send)  # type: ignore[arg-type]

    def _make_room(self) -> None:
        """Close what waits for its caller for longest, if no connection more would be answered."""
        if self._most is None or len(self.connections) + 1 < self._most:
            return
        waiting = [each for each in self.connections if isinstance(each, Prompt) and each._is_waiting()]
        if waiting:
            longest = min(waiting, key=lambda each: each._heard)
            self.connections.discard(longest)
            longest.transport.abort()

    def _is_waiting(self) -> bool:
        """True where it is the caller who goes on: by a request, unless an upload goes on, or by reading."""
        theirs = self.conn.their_state
        is_asking = theirs is h11.IDLE or (theirs is h11.SEND_BODY and not self._is_upload())
        return is_asking or self.flow.write_paused

    def _is_upload(self) -> bool:
        """True while an upload comes in that has no answer yet."""
        is_coming = self.conn.their_state is h11.SEND_BODY and self.conn.our_state is not h11.DONE
        return is_coming and self.scope.get("path") in UPLOADS

    def _expect(self) -> None:
        self._since = 0
        self._late = self.loop.call_later(SECONDS, self._cut)

    def _cut(self) -> None:
        """Cut the connection, unless it is we who read no further for now."""
        if self._is_upload() and self.flow.read_paused:
            self._expect()
            return
        self.transport.abort()

    def _expect_nothing(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
