"""What every route shares: who answers at the gate, and the answers on their way back to the loop."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from solely.access.admission import Entrance
from solely.access.refusal import CallRefused
from solely.front import answers
from solely.steps.calls import Asked
from solely.steps.serving import Serving

Ended = Callable[[Future[Any]], None]


class Answers:
    """What the gate's thread has answered, handed to the loop: one call wakes it for a whole group."""

    def __init__(self) -> None:
        self._ended: deque[tuple[Ended, Future[Any]]] = deque()

    def hand_on(self, answer: Future[Any], take: Ended) -> None:
        """Have the loop take the answer, or its error, once the other thread has it."""
        loop = asyncio.get_running_loop()

        def ended(answer: Future[Any]) -> None:
            self._ended.append((take, answer))
            if len(self._ended) == 1:  # else the loop is awake, or woken, for the one before
                loop.call_soon_threadsafe(self._hand_on)

        answer.add_done_callback(ended)

    async def of(self, answer: Future[Any]) -> Any:
        """The answer, or its error."""
        waiting: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def taken(answer: Future[Any]) -> None:
            if waiting.cancelled():
                return
            if (error := answer.exception()) is not None:
                waiting.set_exception(error)
            else:
                waiting.set_result(answer.result())

        self.hand_on(answer, taken)
        return await waiting

    def _hand_on(self) -> None:
        while self._ended:
            take, answer = self._ended.popleft()
            take(answer)


async def _settled() -> None:
    """Where nobody is before the gate, every answer has left."""


@dataclass
class Door:
    """What every route shares: the gate's desk, what callers must show, and who is being answered."""

    serving: Serving
    entrance: Entrance
    token_key: ec.EllipticCurvePrivateKey
    key_id: str
    log: str  # the verifier key of the gate's log, by which a gate is known
    answers: Answers = field(default_factory=Answers)
    # Returns once every answer to an opening so far has left, or never will.
    settle: Callable[[], Awaitable[None]] = _settled

    async def ask(self, asked: Asked) -> Any:
        """The gate's answer; the thread that acts is another."""
        return await self.answers.of(self.serving.ask(asked))

    async def refuse(
        self, refusal: CallRefused, body: bytes, release_id: str, what: str = "opening"
    ) -> CallRefused:
        """The refusal of a call, once it stands in the ledger."""
        return await answers.refuse(self.ask, refusal, body, release_id, what)
