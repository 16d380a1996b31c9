"""How much one caller may ask for: so many acts in so many seconds, whoever else asks (formats.md 3.3)."""

from collections import deque


class Allowance:
    """At most `count` acts of one caller in any `seconds`."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count, self._seconds = count, seconds
        self._past: dict[str, deque[float]] = {}

    def take(self, who: str, at: float) -> bool:
        """True when the caller may act at this second of a clock that never goes back; it then counts."""
        past = self._past.setdefault(who, deque())
        while past and past[0] <= at - self._seconds:
            past.popleft()
        if len(past) >= self._count:
            return False
        past.append(at)
        return True
