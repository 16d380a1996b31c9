"""What is destroyed and what is preserved: no key goes while something preserves it, none goes twice.

- A preservation without references pins everything; one with references pins the releases that it names, and
  those of the requests that it names. (Entry 0 among them says that the custodian may know of more.)
- A lift counts a day after the second of two people has countersigned it.
- An intent names releases and shows two custodians; from it on nothing of them opens.
- Each entry is looked at in the time that it takes to read it: a lifted preservation is asked about once.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

WAIT = 86_400_000  # milliseconds between the second countersignature of a lift and its effect
_EVERYTHING = -1


class Destruction:
    """Takes these entries in order; each `take` says what does not hold, or None."""

    def __init__(self, request_of: Callable[[int], int]) -> None:
        self._request_of = request_of  # of a release that was taken before
        self._lifts: dict[int, int] = {}  # lift -> the preservation that it lifts
        self._ends: dict[int, int] = {}  # preservation -> from when on it pins nothing more
        self._pins: dict[int, deque[int]] = {}  # release or request -> what preserves it, as it came
        self._intents: dict[int, tuple[int, ...]] = {}
        self._intended: set[int] = set()
        self._next: set[int] = set()  # intents with a deleting, deletings with a certificate

    def is_ordered(self, release: int) -> bool:
        """True once an intent has named the release."""
        return release in self._intended

    def sign(self, target: int, time: int) -> None:
        """Take the second of two people's approvals of an entry: a lift among them acts a day after it."""
        held = self._lifts.get(target)
        if held is not None:
            self._ends[held] = min(time + WAIT, self._ends.get(held, time + WAIT))

    def take(self, word: str, index: int, entry: dict[int, Any]) -> str | None:
        """Take one entry about preserving or destroying."""
        refs = entry.get(6, [])
        if word == "preservation":
            for each in refs or (_EVERYTHING,):
                self._pins.setdefault(each, deque()).append(index)
        elif word == "preservation-lift":
            self._lifts[index] = refs[0]
        elif word == "destroy-intent":
            return self._intent(index, refs, entry)
        else:
            return self._step(word, refs[0], entry[3])
        return None

    def _intent(self, index: int, refs: list[int], entry: dict[int, Any]) -> str | None:
        if entry[17][0] == entry[17][1]:
            return "its two custodians are one person"
        named = [each for each in refs if each in self._intended]
        if named or len(set(refs)) != len(refs):
            return f"the release, entry {(named or refs)[0]}, is named for destruction twice"
        self._intended.update(refs)
        self._intents[index] = tuple(refs)
        return self._preserved(refs, entry[3])

    def _step(self, word: str, earlier: int, time: int) -> str | None:
        if earlier in self._next:
            return f"entry {earlier}, to which it refers, has its `{word}` already"
        self._next.add(earlier)
        return self._preserved(self._intents.get(earlier, ()), time) if word == "deleting" else None

    def _preserved(self, releases: Sequence[int], time: int) -> str | None:
        for each in releases:
            for pinned in (_EVERYTHING, each, self._request_of(each)):
                preservation = self._standing(pinned, time)
                if preservation is not None:
                    return f"the preservation, entry {preservation}, stands against it"
        return None

    def _standing(self, pinned: int, time: int) -> int | None:
        """The earliest preservation that pins this and is not lifted by then."""
        standing = self._pins.get(pinned, deque[int]())
        while standing and self._is_lifted(standing[0], time):
            standing.popleft()
        return standing[0] if standing else None

    def _is_lifted(self, preservation: int, time: int) -> bool:
        return preservation in self._ends and self._ends[preservation] <= time
