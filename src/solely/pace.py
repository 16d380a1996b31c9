"""How far a long work has come: done, of how much, how fast, and how long it will take yet."""

import time
from collections.abc import Callable, Generator
from typing import TypeVar

Made = TypeVar("Made")


def whole(work: Generator[None, None, Made]) -> Made:
    """What comes of a work that could be left off between its steps, done at one go."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            made: Made = end.value
            return made


class Pace:
    """Progress of one work; each line goes to `say`.

    `verb` and `noun` make the words: "decided 16,384 of 1,282,605 items, 21,000 a second, 60 s left".
    """

    def __init__(self, verb: str, total: int, noun: str, say: Callable[[str], None]) -> None:
        self._verb, self._total, self._noun, self._say = verb, total, noun, say
        self._begun, self._first = time.monotonic(), 0

    def begins_at(self, done: int) -> None:
        """So much was done before, by an earlier run: it tells nothing of this one's rate."""
        self._begun, self._first = time.monotonic(), done

    def reached(self, done: int) -> None:
        """Say how far the work has come."""
        seconds = max(time.monotonic() - self._begun, 1e-3)
        rate = (done - self._first) / seconds
        words = f"{self._verb} {done:,} of {self._total:,} {self._noun}"
        if rate > 0:
            words += f", {rate:,.0f} a second, {time_left((self._total - done) / rate)} left"
        self._say(words)


def time_left(seconds: float) -> str:
    """A length of time in the words that a waiting person needs: seconds, minutes, or hours and minutes."""
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{seconds:,.0f} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
