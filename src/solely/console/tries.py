"""Tries to show who one is, by a passkey, an identity provider or a key, that fail again and again.

- Beyond so many in a minute, of one caller or about one account, each is answered late, and with nothing but
  that; the ledger hears of them together. An account counts as it was named, whether there is one or not.
- Who does show it is never kept out: others may try from the same address, or about the same account.
"""

import asyncio
import time
from typing import Final

from solely.access.allowance import Allowance, Places

TRIES_MINUTE_MAX: Final = 30
LATE_SECONDS: Final = 1.0
LATE_AT_ONCE: Final = 64  # answers kept back; a flood of more takes no more connections


class Tries:
    """The tries of the last minute that failed."""

    def __init__(self) -> None:
        self._callers, self._accounts = (Allowance(TRIES_MINUTE_MAX, 60) for _ in range(2))
        self._late = Places(LATE_AT_ONCE)

    async def are_too_many(self, caller: str, account: str) -> bool:
        """Count one more that failed; `account` is empty where none was named."""
        at = time.monotonic()
        is_within = self._callers.take(caller, at)
        is_within &= not account or self._accounts.take(account, at)
        if not is_within and self._late.take(""):
            try:
                await asyncio.sleep(LATE_SECONDS)
            finally:
                self._late.leave("")
        return not is_within
