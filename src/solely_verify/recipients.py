"""What a recipient does with a release and signs for it: in this order, each word once (R-62, R-96, R-98)."""


class Recipients:
    """Takes openings, duties, certificates and outcomes in order; says what does not hold, or None."""

    def __init__(self) -> None:
        self._opened: set[int] = set()
        self._given: dict[str, set[int]] = {"certificate": set(), "outcome": set()}

    def take(self, word: str, release: int) -> str | None:
        """Take one entry of this type about a release."""
        if word == "open":
            self._opened.add(release)
            is_gone = release in self._given["certificate"]
            return f"the release, entry {release}, was destroyed, as its officer signed" if is_gone else None
        if word != "outcome" and release not in self._opened:
            return f"the release, entry {release}, was never opened: there is nothing to sign for"
        if release in self._given.get(word, ()):
            return f"the release, entry {release}, has its `{word}` already"
        if word in self._given:
            self._given[word].add(release)
        return None
