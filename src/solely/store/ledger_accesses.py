"""Which passkeys were vouched for and ended, from `access` entries that are read once and followed."""

from collections.abc import Iterable, Set

from solely.ledger.entry import Access, decode


class Accesses:
    """The `access` entries of the ledger, as far as they were read."""

    def __init__(self) -> None:
        self._vouched: dict[bytes | None, int] = {}
        self._ended: set[int] = set()
        self.read = 0  # entries

    def follow(self, entries: Iterable[tuple[int, bytes]]) -> None:
        """Take in the further ones, in order."""
        for index, data in entries:
            entry = decode(data)
            if entry.outcome == Access.ENDED:
                self._ended.add(entry.refs[0])
            else:
                self._vouched[entry.job] = index
            self.read += 1

    def vouched(self, job: bytes) -> int | None:
        """The entry of this event, ended or not; None when there is none."""
        return self._vouched.get(job)

    @property
    def ended(self) -> Set[int]:
        """The entries that a later one has ended."""
        return self._ended
