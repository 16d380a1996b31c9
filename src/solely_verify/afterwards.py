"""What follows when something went wrong: incidents, notice tasks and lines of the error register.

- An incident or task is opened once, gets its steps while it is open, and ends once.
- A line of the register is about a decision or release that no other line is about; it is corrected at most
  once, by a line that names it. So an outsider counts each error exactly once (R-102).
- Each decision that a replay names, and each release that a task is opened on, needs its line.
"""

from collections.abc import Mapping
from typing import Any

OPENED, REPORTED, CLOSED, DECLINED = 1, 2, 3, 4
Refs = list[tuple[int, str]]  # index and type of each entry referred to

_OPENS_ON: Mapping[str, tuple[str, ...]] = {"incident": (), "task": ("release",)}


class Afterwards:
    """Takes these entries in order; each `take` says what does not hold, or None."""

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._owed: set[int] = set()  # releases about which a task was opened
        self._found: set[int] = set()  # errors that a replay found: decisions, and releases with a task
        self._lines: set[int] = set()  # what a line of the register is about, lines that were corrected too

    def take(self, word: str, index: int, outcome: Any, refs: Refs) -> str | None:
        """Take one incident, task or error."""
        if word == "error":
            return self._error(refs)
        if outcome == OPENED:
            return self._opened(word, index, refs)
        if len(refs) != 1 or refs[0][0] not in self._open or refs[0][1] != word:
            return f"it refers to no `{word}` that is open"
        if outcome in (CLOSED, DECLINED):
            self._open.remove(refs[0][0])
        return None

    def _opened(self, word: str, index: int, refs: Refs) -> str | None:
        expected = _OPENS_ON[word]
        if expected and [kind for _, kind in refs] != [*expected]:
            return f"a `{word}` is opened on one `{expected[0]}`"
        if word == "task":
            release = refs[0][0]
            if release in self._owed:
                return f"a task about the release, entry {release}, was already opened"
            self._owed.add(release)
            self._found.add(release)
        self._open.add(index)
        return None

    def _error(self, refs: Refs) -> str | None:
        about, kind = refs[0]
        if kind not in ("decision", "release", "error"):
            return "a line of the register is first about a `decision`, a `release` or an earlier `error`"
        if about in self._lines:
            return f"entry {about} has already its line in the register"
        self._lines.add(about)
        return None

    def replayed(self, refs: Refs) -> None:
        """Take what a replay names: the decisions among it came out otherwise."""
        self._found.update(about for about, kind in refs if kind == "decision")

    def unregistered(self) -> int:
        """How many errors were found that no line of the register is about."""
        return len(self._found - self._lines)
