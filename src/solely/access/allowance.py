"""How much one caller may ask for, whoever else asks: so many acts in so many seconds, and so many at once
(formats.md 3.3)."""

from collections import Counter, deque
from typing import Final

_KEPT: Final = 4096  # callers, before those whose time is over are forgotten


class Allowance:
    """At most `count` acts of one caller in any `seconds`."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count, self._seconds = count, seconds
        self._past: dict[str, deque[float]] = {}
        self._most = _KEPT

    def take(self, who: str, at: float) -> bool:
        """True when the caller may act at this second of a clock that never goes back; it then counts."""
        if len(self._past) > self._most:
            late = at - self._seconds
            self._past = {each: past for each, past in self._past.items() if past and past[-1] > late}
            self._most = max(_KEPT, 2 * len(self._past))
        past = self._past.setdefault(who, deque())
        while past and past[0] <= at - self._seconds:
            past.popleft()
        if len(past) >= self._count:
            return False
        past.append(at)
        return True


class Places:
    """At most `count` things of one caller at once."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._taken: Counter[str] = Counter()

    def take(self, who: str) -> bool:
        """True when the caller has a place more, until it is left."""
        if self._taken[who] >= self._count:
            return False
        self._taken[who] += 1
        return True

    def leave(self, who: str) -> None:
        """The caller needs a place less."""
        self._taken -= Counter((who,))
