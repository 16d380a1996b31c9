"""Who may act at the console: a passkey is vouched for, used to sign in, and ended once."""


class Attendance:
    """The passkeys of a log, by the entries that vouched for them."""

    def __init__(self) -> None:
        self._standing: set[int] = set()

    def take_access(self, index: int, outcome: int, refs: list[int]) -> str | None:
        """What does not hold of an `access` at this index, or None."""
        if outcome == 1:
            self._standing.add(index)
            return "`access` that vouches for a passkey refers to nothing" if refs else None
        if len(refs) != 1 or refs[0] not in self._standing:
            return "`access` that ends a passkey refers to the one that vouched for it and was not ended"
        self._standing.discard(refs[0])
        return None

    def take_sign_in(self, vouched: int) -> str | None:
        """What does not hold of a `sign-in` with the passkey of this entry, or None."""
        return None if vouched in self._standing else f"the passkey of entry {vouched} does not stand"
