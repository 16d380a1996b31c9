"""The samples that approvers decide before they may sign a batch: rule 18 of `docs/formats/entry.md`."""

DRAWN, PASSED, FAILED = 1, 2, 3


class Samples:
    """Takes samplings and the approvals of batches in order, and says what does not hold."""

    def __init__(self) -> None:
        self._open: dict[int, set[bytes]] = {}  # decided -> who has a sample that is not ended
        self._passed: dict[int, set[bytes]] = {}

    def take(self, decided: int, outcome: int, tag: bytes) -> str | None:
        """Take a sampling; the tag is that of the approver whose sample it is."""
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

    def approve(self, decided: int, tag: bytes) -> str | None:
        """Take the approval of a batch."""
        is_due = decided in self._open and tag not in self._passed[decided]
        return f"it approves entry {decided}, of which this person has passed no sample" if is_due else None
