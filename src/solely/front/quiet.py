"""A fault of ours ends one call, told by its kind and place: its text may hold a value (R-57)."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from solely.errors import fault_line
from solely.front.answers import refused

Message = MutableMapping[str, Any]
Tell = Callable[[str], None]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class Quiet:
    """An application that never lets an error reach the server's own log."""

    def __init__(self, app: App, tell: Tell) -> None:
        self._app, self._tell = app, tell

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one call."""
        has_begun = False

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as fault:  # noqa: BLE001 -- the last one who can keep its text to us
            self._tell(fault_line(fault))
            if not has_begun and scope.get("type") == "http":
                await refused(fault)(scope, receive, send)
