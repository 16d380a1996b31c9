"""The samples that approvers decide before they may sign a batch: rule 18 of `docs/formats/entry.md`."""

DRAWN, PASSED, FAILED = 1, 2, 3


class Samples:
    """Takes samplings and the approvals of batches in order, and says what does not hold."""

    def __init__(self) -> None:
        self._open: dict[int, set[bytes]] = {}  # decided -> who has a sample that is not ended
        self._passed: dict[int, set[bytes]] = {}
        self._voiding: dict[int, int] = {}  # decided -> its first sample, or the newest one that failed

    def take(self, index: int, decided: int, outcome: int, tag: bytes) -> str | None:
        """Take a sampling; the tag is that of the approver whose sample it is."""
        if self.voids(decided, outcome):
            self._voiding[decided] = index
        unended, passed = self._open.setdefault(decided, set()), self._passed.setdefault(decided, set())
        if outcome == DRAWN:
            if tag in unended:
                return f"this person's sample of entry {decided} is not ended"
            unended.add(tag)
            return None
        if tag not in unended:
            return f"it ends no sample of entry {decided} by this person"
        unended.discard(tag)
        if outcome == PASSED:
            passed.add(tag)
        else:
            passed.clear()
        return None

    def voids(self, decided: int, outcome: int) -> bool:
        """True of a sampling that voids the approvals before it: the first of its batch, or a failed one."""
        return outcome == FAILED or decided not in self._voiding

    def is_void(self, decided: int, approval: int) -> bool:
        """True of an approval from before the first sample of its batch, or from before one that failed."""
        return approval < self._voiding.get(decided, -1)

    def approve(self, decided: int, tag: bytes) -> str | None:
        """Take the approval of a batch."""
        is_due = decided in self._open and tag not in self._passed[decided]
        return f"it approves entry {decided}, of which this person has passed no sample" if is_due else None
