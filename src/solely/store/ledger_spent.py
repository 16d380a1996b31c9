"""Which decisions are used up, known from a ledger that is gone through once and then followed."""

from collections.abc import Iterable, Set

from solely.ledger.entry import EntryType, is_first_decision, refs_of, type_of


class Spent:
    """The decisions that a later one replaced or that a release has used up, as far as it was read."""

    def __init__(self) -> None:
        self._found: set[int] = set()
        self.read = 0  # entries

    def follow(self, entries: Iterable[tuple[int, bytes]], size: int) -> Set[int]:
        """All of them, once these decisions and releases, the further ones of so many entries, are read."""
        for _, data in entries:
            if type_of(data) == EntryType.RELEASE:
                self._found.add(refs_of(data)[0])
            elif not is_first_decision(data):
                self._found.add(refs_of(data)[1])
        self.read = size
        return self._found
