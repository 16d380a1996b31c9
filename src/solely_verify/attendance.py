"""Who may act at the console: a passkey is vouched for, used to sign in, and ended once, as a sign-in is."""

ENDED = 3  # the class of a `sign-in` that ends one


class Attendance:
    """The passkeys of a log, by the entries that vouched for them."""

    def __init__(self) -> None:
        self._standing: set[int] = set()
        self._signed_in: set[int] = set()

    def take_access(self, index: int, outcome: int, refs: list[int]) -> str | None:
        """What does not hold of an `access` at this index, or None."""
        if outcome == 1:
            self._standing.add(index)
            return "`access` that vouches for a passkey refers to nothing" if refs else None
        if len(refs) != 1 or refs[0] not in self._standing:
            return "`access` that ends a passkey refers to the one that vouched for it and was not ended"
        self._standing.discard(refs[0])
        return None

    def take_sign_in(self, index: int, outcome: int | None, refs: list[int]) -> str | None:
        """What does not hold of a `sign-in` at this index, or None."""
        if outcome == ENDED:
            if refs[0] not in self._signed_in:
                return f"entry {refs[0]} is no `sign-in` that goes on"
            self._signed_in.discard(refs[0])
            return None
        self._signed_in.add(index)
        stands = not refs or refs[0] in self._standing
        return None if stands else f"the passkey of entry {refs[0]} does not stand"
