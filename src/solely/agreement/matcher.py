"""A pattern as a table of steps: one look-up per character, whatever the pattern and the text.

- Python's own engine backtracks: `(?:[A-Za-z]+ ?)+` took it 3.5 seconds on 26 characters, and optional parts
  in a row double its time each. Here the time is linear in the text.
- The table grows as texts are met: its entries are the places of the pattern that a text may have reached.
"""

from functools import lru_cache

from solely.agreement.pattern import Choice, Part, Repeat, Signs, parsed_pattern

STEPS_MAX = 10_000  # beyond, the table is begun anew
_END = -1
Places = frozenset[int]


class Matcher:
    """Whether a whole text has the form of one pattern."""

    def __init__(self, pattern: str) -> None:
        self._signs: list[frozenset[str]] = []
        self._following: list[Places] = []
        self._steps: dict[tuple[Places, str], Places] = {}
        self._first = self._entries(parsed_pattern(pattern), frozenset((_END,)))

    def matches(self, text: str) -> bool:
        """True when the pattern describes the text from its first character to its last."""
        reached, steps = self._first, self._steps
        for sign in text:
            known = steps.get((reached, sign))
            reached = self._step(reached, sign) if known is None else known
            if not reached:
                return False
        return _END in reached

    def _step(self, reached: Places, sign: str) -> Places:
        if len(self._steps) >= STEPS_MAX:
            self._steps.clear()
        places = [place for place in reached if place != _END and sign in self._signs[place]]
        found = frozenset[int]().union(*(self._following[place] for place in places))
        self._steps[reached, sign] = found
        return found

    def _entries(self, part: Part, after: Places) -> Places:
        """The places at which `part` may begin, where what follows begins at `after`."""
        match part:
            case Signs(allowed):
                self._signs.append(allowed)
                self._following.append(after)
                return frozenset((len(self._signs) - 1,))
            case Choice(branches):
                return frozenset[int]().union(*(self._series(branch, after) for branch in branches))
            case Repeat(inner, low, high):
                return self._repeated(inner, low, high, after)

    def _series(self, parts: tuple[Part, ...], after: Places) -> Places:
        for each in reversed(parts):
            after = self._entries(each, after)
        return after

    def _repeated(self, inner: Part, low: int, high: int | None, after: Places) -> Places:
        if high is None:
            entries = self._looped(inner, after)
        else:
            entries = after
            for _ in range(high - low):
                entries = self._entries(inner, entries) | after
        for _ in range(low):
            entries = self._entries(inner, entries)
        return entries

    def _looped(self, inner: Part, after: Places) -> Places:
        """The places of any number of rounds: what ends one round may begin the next."""
        start = len(self._signs)
        marker = -2 - start  # stands for "the round has ended" until the places of its beginning are known
        again = self._entries(inner, frozenset((marker,))) - {marker} | after
        for place in range(start, len(self._signs)):
            if marker in self._following[place]:
                self._following[place] = self._following[place] - {marker} | again
        return again


@lru_cache(maxsize=1024)
def matcher(pattern: str) -> Matcher:
    """The matcher of a pattern, kept."""
    return Matcher(pattern)
