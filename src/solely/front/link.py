"""One end of the line between the process that listens and the one that acts.

A message is a list of JSON, the name of what it is first, and bytes: a head of two lengths, then both.
"""

import asyncio
import json
import struct
from collections.abc import Callable
from typing import Any

Words = list[Any]
Take = Callable[[Words, bytes], None]
_HEAD = struct.Struct(">II")
WORDS_MAX, BODY_MAX = 1 << 20, 1 << 28  # bytes; what is longer comes from no gate and no front


class Link(asyncio.Protocol):
    """Takes what comes to `take`, in order; `ended` is done when the other end is gone."""

    def __init__(self, take: Take) -> None:
        self._take, self._came, self._out = take, bytearray(), list[bytes]()
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self.ended: asyncio.Future[None] = self._loop.create_future()

    def send(self, words: Words, body: bytes = b"") -> None:
        """Send a message; all that are sent in one turn of the loop go out together."""
        said = json.dumps(words, separators=(",", ":")).encode()
        if not self._out:
            self._loop.call_soon(self.flush)
        self._out += (_HEAD.pack(len(said), len(body)), said, body)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Go on from here."""
        assert isinstance(transport, asyncio.Transport), "a pair of sockets is a stream"
        self._transport = transport
        self.flush()

    def data_received(self, data: bytes) -> None:
        """Take each message that is whole."""
        self._came += data
        at = 0
        while len(self._came) >= at + _HEAD.size:
            words, body = _HEAD.unpack_from(self._came, at)
            if words > WORDS_MAX or body > BODY_MAX:
                self.cut()
                return
            begins = at + _HEAD.size
            middle, end = begins + words, begins + words + body
            if len(self._came) < end:
                break
            try:
                self._take(json.loads(self._came[begins:middle]), bytes(self._came[middle:end]))
            except ValueError:  # no message of ours
                self.cut()
                return
            at = end
        del self._came[:at]

    def connection_lost(self, exc: Exception | None) -> None:
        """The other end is gone."""
        if not self.ended.done():
            self.ended.set_result(None)

    def flush(self) -> None:
        """Send what waits for the end of this turn."""
        if self._transport is not None and self._out:
            out, self._out = self._out, []
            self._transport.write(b"".join(out))

    def cut(self) -> None:
        """End the line at once."""
        if self._transport is not None:
            self._transport.abort()
