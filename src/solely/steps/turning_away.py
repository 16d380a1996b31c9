"""Calls that were turned away before any step could log them: counted by kind, told to the ledger (R-103).

- At most one entry a minute and kind, so that nobody fills the ledger; the rest before the gate is left.
- An upload that cannot be read has an entry of its own: it comes from somebody enrolled, as a batch does. Its
  entry commits to what was read of it, by SHA-256 and size, and to the key that sent it, as a batch's does.
- Any other entry says which kind of call, and how many: no address, no name, nothing of what came.
"""

import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from solely.errors import SolelyError, UsageError
from solely.services import Services
from solely.steps import journal

SECONDS: Final = 60.0  # between two entries of a kind
SIGN_IN, VOUCHER, TOKEN, PAGE = "SIGN_IN", "VOUCHER", "TOKEN", "PAGE"
ACT, OFFICE, ORDER, UPLOAD = "ACT", "OFFICE", "ORDER", "UPLOAD"


class NotAsDescribed(UsageError):
    """A call with a part that its description does not allow; `element` names it, where it is one."""

    code = "PARAMETER"
    http_status = 422

    def __init__(self, said: str, element: str | None = None) -> None:
        super().__init__(said)
        self.element = element


class KeyTaken(NotAsDescribed):
    """A call under a key that other files came with."""

    code = "IDEMPOTENCY_KEY"


class TurnedAway:
    """How many calls of each kind the ledger has not heard of."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._told: dict[str, float] = {}

    def count(self, call: str) -> int:
        """Count one more; how many the ledger should hear of now, none while an entry is fresh."""
        self._times[call] += 1
        is_due = call == UPLOAD or time.monotonic() - self._told.get(call, -SECONDS) >= SECONDS
        return self._take(call) if is_due else 0

    def rest(self) -> dict[str, int]:
        """How many of each kind the ledger has not heard of; from now on it has."""
        return {call: self._take(call) for call in sorted(+self._times)}

    def _take(self, call: str) -> int:
        self._told[call] = time.monotonic()
        return self._times.pop(call, 0)


def log(services: Services, call: str, times: int, at: datetime, error: SolelyError | None = None) -> None:
    """One entry for calls of a kind: how many, and nobody's name; `error` is what the last was told."""
    came: Mapping[str, Any] = getattr(error, "came", {})
    services.log(*journal.arrival(services, {**came, "unaccepted": {"call": call, "times": times}}, at))
    why = "" if error is None else getattr(error, "reason", error.code)
    what = "failed sign-ins" if call == SIGN_IN else f"refused calls ({call})"
    services.progress(f"alarm: {what} are in the ledger" + (f"; the last: {why}" if why else ""))
