"""TLS connections from the first byte on: a handshake has its time, and many at once make room for others.

The server above sees a connection only once its handshake is done; who opens connections and says nothing
would otherwise keep orders out (R-08).
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

SECONDS = 5.0  # for one handshake
AT_ONCE = 256
_PAUSE_SECONDS = 0.05  # where no file more may be open


class Handshakes:
    """A listener for TLS, to be closed as one of asyncio's."""

    def __init__(self, context: ssl.SSLContext, protocol: Callable[[], asyncio.Protocol]) -> None:
        self._context, self._protocol = context, protocol
        self._listeners: list[socket.socket] = []
        self._accepting: list[asyncio.Task[None]] = []
        self._begun: dict[asyncio.Task[object], None] = {}  # the oldest first

    async def listen(self, host: str, port: int, backlog: int) -> None:
        """Accept connections at every address of a host; OSError where nothing can listen there."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, *_, address in dict.fromkeys(found):
            listener = socket.create_server(address, family=family, backlog=backlog)
            listener.setblocking(False)
            self._listeners.append(listener)
            self._accepting.append(asyncio.ensure_future(self._accept(listener)))

    def close(self) -> None:
        """Accept nobody more, and end the handshakes that are under way."""
        for each in (*self._accepting, *self._begun):
            each.cancel()
        for listener in self._listeners:
            listener.close()

    async def wait_closed(self) -> None:
        """Return once nobody is accepted."""
        await asyncio.gather(*self._accepting, return_exceptions=True)

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(listener)
            except OSError:  # as many files are open as may be
                self._drop()
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            begun: asyncio.Task[object] = asyncio.ensure_future(
                loop.connect_accepted_socket(
                    self._protocol, connection, ssl=self._context, ssl_handshake_timeout=SECONDS
                )
            )
            self._begun[begun] = None
            begun.add_done_callback(self._ended)
            if len(self._begun) > AT_ONCE:
                self._drop()

    def _drop(self) -> None:
        """End the handshake that has taken longest so far."""
        if self._begun:
            next(iter(self._begun)).cancel()

    def _ended(self, begun: asyncio.Task[object]) -> None:
        self._begun.pop(begun, None)
        with suppress(asyncio.CancelledError):
            begun.exception()  # of a caller's; nobody is told
