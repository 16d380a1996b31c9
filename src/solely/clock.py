"""The only place that reads the time.

- All instants are UTC, whole milliseconds.
- `SOLELY_NOW` (RFC 3339) replaces the clock under profile `demo` with a synthetic agreement and nowhere
  else: elsewhere its presence stops the program, so that nobody can backdate a decision.
"""

import os
import time
from datetime import UTC, date, datetime

from solely.errors import NotPermitted, UsageError

VARIABLE = "SOLELY_NOW"


def now(*, may_be_set: bool) -> datetime:
    """The present instant in UTC; `may_be_set` is true under profile `demo` with a synthetic agreement."""
    stated = os.environ.get(VARIABLE)
    if stated is None:
        return real()
    if not may_be_set:
        raise NotPermitted(f"`{VARIABLE}` is set, and only a demo gate with a synthetic agreement reads it")
    try:
        instant = datetime.fromisoformat(stated)
    except ValueError:
        raise UsageError(f"`{VARIABLE}` is no RFC 3339 instant, such as 2026-11-24T12:00:00Z") from None
    if instant.tzinfo is None:
        raise UsageError(f"`{VARIABLE}` names no time zone; end it with Z")
    return instant.astimezone(UTC)


def real() -> datetime:
    """The present instant in UTC, whatever is stated: for what lives for minutes between programs."""
    return datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, tz=UTC)


def is_stated() -> bool:
    """True when the environment states an instant, whoever may use it."""
    return VARIABLE in os.environ


def milliseconds(at: datetime) -> int:
    """The instant as milliseconds since 1970-01-01 UTC."""
    return int(at.timestamp() * 1000)


def instant(milliseconds_since_1970: int) -> datetime:
    """The UTC instant of so many milliseconds since 1970-01-01."""
    return datetime.fromtimestamp(milliseconds_since_1970 / 1000, tz=UTC)


def utc_date(at: datetime) -> date:
    """The UTC calendar date of an instant: the only sense in which the gate speaks of a day."""
    return at.astimezone(UTC).date()
