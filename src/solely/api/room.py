"""Room in memory for the large bodies of many calls (formats.md 3.3)."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from solely.access.refusal import CallRefused, refuse_unless
from solely.orders.order import ORDER_BYTES_MAX

# Of an order: the format's bound in Base64, with a signature and a name for the gate; no less when packed.
ORDER_BODY_MAX = ORDER_BYTES_MAX * 4 // 3 + 16 * 1024


class Place:
    """A call's place in the room: taken once its body is large, and its own once that is whole."""

    def __init__(self, whose: str, take: Callable[["Place"], None]) -> None:
        self.whose, self._take, self._task = whose, take, asyncio.current_task()
        self.is_whole = self.is_given_away = False

    def take(self) -> None:
        """Take it, unless it is taken; CallRefused where there is none."""
        self._take(self)

    def give_away(self) -> None:
        """End the reading of this call's body."""
        self.is_given_away = True
        if self._task is not None:
            self._task.cancel()

    def refuse_given_away(self) -> None:
        """CallRefused where this place was given away."""
        if self.is_given_away and self._task is not None:
            self._task.uncancel()
            raise CallRefused("BUSY", "unavailable")


class Room:
    """Room in memory for large bodies, of so many calls at once.

    Where none is left, a new body takes the place of the oldest that still comes in, of whoever has most of
    them: who sends slowly keeps nobody out.
    """

    def __init__(self, places: int) -> None:
        self._most, self._taken = places, list[Place]()

    @contextmanager
    def entered(self, whose: str) -> Iterator[Place]:
        """A call of somebody until its end; CallRefused where its place is given away."""
        place = Place(whose, self._enter)
        try:
            yield place
        except asyncio.CancelledError:
            place.refuse_given_away()
            raise
        finally:
            if place in self._taken:
                self._taken.remove(place)

    def _enter(self, place: Place) -> None:
        if place in self._taken:
            return
        if len(self._taken) >= self._most:
            coming = [each for each in self._taken if not each.is_whole]
            refuse_unless(bool(coming), "BUSY", "unavailable")
            ((most, _),) = Counter(each.whose for each in coming).most_common(1)
            oldest = next(each for each in coming if each.whose == most)
            self._taken.remove(oldest)
            oldest.give_away()
        self._taken.append(place)
