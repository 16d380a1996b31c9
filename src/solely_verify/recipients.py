"""What a recipient does with a release and signs for it: in this order, each word once (R-62, R-96, R-98).

Each of those who opened a release signs that the own copy is destroyed; how many opened it no log says, but
they are no more than its openings.
"""

from collections import Counter


class Recipients:
    """Takes openings, duties, certificates and outcomes in order; says what does not hold, or None."""

    def __init__(self) -> None:
        self._opened: Counter[int] = Counter()
        self._given: dict[str, Counter[int]] = {"certificate": Counter(), "outcome": Counter()}

    def take(self, word: str, release: int) -> str | None:
        """Take one entry of this type about a release."""
        if word == "open":
            self._opened[release] += 1
            is_gone = release in self._given["certificate"]
            return f"the release, entry {release}, was destroyed, as its officer signed" if is_gone else None
        if word != "outcome" and release not in self._opened:
            return f"the release, entry {release}, was never opened: there is nothing to sign for"
        if word not in self._given:
            return None
        most = self._opened[release] if word == "certificate" else 1
        if self._given[word][release] >= most:
            return f"the release, entry {release}, has its `{word}` already"
        self._given[word][release] += 1
        return None
