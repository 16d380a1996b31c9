"""Decisions made again: the figures of a replay are those of the batches that it names (R-59).

- It counts every first decision of each batch that it names, once: alike, otherwise, or not replayable.
- It names each that came out otherwise, and only such of its batches. What one entry has no room for, further
  replays right behind it name; these name no batch, and count nothing else.
"""

from collections.abc import Callable, Iterator
from typing import Any

Refs = list[tuple[int, str]]  # index and type of each entry referred to


class Replays:
    """Takes replays in order."""

    def __init__(self, decided_in: Callable[[int], tuple[int, int]]) -> None:
        self._decided_in = decided_in  # of a decided or first decision: its request, and how many that has
        self._first, self._last = (
            -1,
            -1,
        )  # the replay that names batches, and the newest one that goes on with it
        self._requests: set[int] = set()
        self._named: set[int] = set()
        self._left: dict[int, int] = {}  # replay -> first decisions of its batches that are not counted

    def take(self, index: int, counts: Any, refs: Refs) -> str | None:
        """Take one replay: what does not hold, or None."""
        batches = [at for at, kind in refs if kind == "decided"]
        named = [at for at, kind in refs if kind == "decision"]
        if len(named) != counts[1]:
            return f"it counts {counts[1]} decisions that came out otherwise, and names {len(named)}"
        if batches or not named:
            self._begin(index, batches)
        elif index != self._last + 1 or counts != [0, len(named), 0]:
            return "it names decisions, and no batch that they are of"
        self._last = index
        return self._named_well(len(batches), named) or self._counted(sum(counts))

    def _begin(self, index: int, batches: list[int]) -> None:
        found = dict(self._decided_in(each) for each in batches)
        self._first, self._requests, self._named = index, set(found), set()
        self._left[index] = sum(found.values())

    def _named_well(self, batches: int, named: list[int]) -> str | None:
        if batches and len(self._requests) != batches:
            return "it names a batch twice"
        for each in named:
            if each in self._named:
                return f"it names the decision, entry {each}, twice"
            if self._decided_in(each)[0] not in self._requests:
                return f"entry {each} is no first decision of a batch that it names"
            self._named.add(each)
        return None

    def _counted(self, number: int) -> str | None:
        left = self._left.pop(self._first, 0) - number
        if left < 0:
            return f"it counts {-left} decisions more than the batches that it names have"
        if left:
            self._left[self._first] = left
        return None

    def short(self) -> Iterator[tuple[int, int]]:
        """Each replay that counts fewer decisions than its batches have, and how many fewer."""
        yield from self._left.items()
