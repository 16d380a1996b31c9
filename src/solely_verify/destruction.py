"""What is destroyed and what is preserved: no key goes while something preserves it, none goes twice.

- A preservation without references pins everything; one with references pins the releases that it names, and
  those of the requests that it names. (Entry 0 among them says that the custodian may know of more.)
- A lift counts a day after the second of two people has countersigned it.
- An intent names releases and shows two custodians; from it on nothing of them opens.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

WAIT = 86_400_000  # milliseconds between the second countersignature of a lift and its effect


class Destruction:
    """Takes these entries in order; each `take` says what does not hold, or None."""

    def __init__(self, request_of: Callable[[int], int], signers: Mapping[int, Mapping[bytes, int]]) -> None:
        self._request_of = request_of  # of a release that was taken before
        self._signers = signers  # by the index of what is signed: who has signed it, and when
        self._lifts: dict[int, int] = {}  # lift -> the preservation that it lifts
        self._standing: dict[int, frozenset[int]] = {}  # preservation -> what it names
        self._intents: dict[int, tuple[int, ...]] = {}
        self._intended: set[int] = set()
        self._next: set[int] = set()  # intents with a deleting, deletings with a certificate

    def is_ordered(self, release: int) -> bool:
        """True once an intent has named the release."""
        return release in self._intended

    def take(self, word: str, index: int, entry: dict[int, Any]) -> str | None:
        """Take one entry about preserving or destroying."""
        refs = entry.get(6, [])
        if word == "preservation":
            self._standing[index] = frozenset(refs)
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
        lifted = {held for lift, held in self._lifts.items() if self._has_effect(lift, time)}
        for preservation, named in self._standing.items():
            if preservation in lifted:
                continue
            if not named or any(each in named or self._request_of(each) in named for each in releases):
                return f"the preservation, entry {preservation}, stands against it"
        return None

    def _has_effect(self, lift: int, time: int) -> bool:
        signed = sorted(self._signers.get(lift, {}).values())
        return len(signed) > 1 and signed[1] + WAIT <= time
