"""How far a long work has come: done, of how much, how fast, and how long yet; and its slices in between."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Final, TypeVar

Made = TypeVar("Made")
GiveWay = Callable[[], None]
SLICE_SECONDS: Final = 0.06  # that others wait for one slice of a work that gives way
LEAST_SLICE: Final = 32  # things: to begin a slice costs as much as so many


def whole(work: Generator[None, None, Made]) -> Made:
    """What comes of a work that could be left off between its steps, done at one go."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            made: Made = end.value
            return made


def slices(of: Sequence[Made], most: int, give_way: GiveWay | None) -> Iterator[Sequence[Made]]:
    """What a work is about by the slice; one that is empty, where there is nothing.

    Nobody waits where there is nobody to give way to: each slice is of `most`. Else others act before each,
    and a slice is as large as takes `SLICE_SECONDS` by the pace of the one before, or the least.
    """
    start, size = 0, most if give_way is None else min(LEAST_SLICE, most)
    while start < max(len(of), 1):
        if give_way is not None:
            give_way()
        begun = time.monotonic()
        yield of[start : start + size]
        start += size
        if give_way is not None:
            fitting = size * SLICE_SECONDS / max(time.monotonic() - begun, 1e-6)
            size = min(max(int(fitting), LEAST_SLICE), 4 * size, most)


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
