"""What a recipient does with a release and signs for it, in this order (R-62, R-96, R-98).

Each of those who opened a release signs that the own copy is destroyed; how many opened it no log says, but
they are no more than its openings. An outcome may follow an earlier one, which stands all the same.
"""

from collections import Counter


class Recipients:
    """Takes openings, duties, certificates and outcomes in order; says what does not hold, or None."""

    def __init__(self) -> None:
        self._opened: Counter[int] = Counter()
        self._destroyed: Counter[int] = Counter()

    def take(self, word: str, release: int) -> str | None:
        """Take one entry of this type about a release."""
        if word == "open":
            self._opened[release] += 1
            is_gone = release in self._destroyed
            return f"the release, entry {release}, was destroyed, as its officer signed" if is_gone else None
        if word != "outcome" and release not in self._opened:
            return f"the release, entry {release}, was never opened: there is nothing to sign for"
        if word != "certificate":
            return None
        if self._destroyed[release] >= self._opened[release]:
            return f"the release, entry {release}, has its `certificate` already"
        self._destroyed[release] += 1
        return None
