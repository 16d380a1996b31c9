"""Days as requesters write them: YYYY-MM-DD or M/D/YYYY, in a plausible span.

- 1900-01-01 is what systems write for "no date": it counts as not given (contracts 1, R-18).
- Nothing is guessed: a two-digit year, a time beside the date or another order is malformed.
"""

import re
from datetime import date

from solely.facts.reading import Reading, unread

FIRST_YEAR, LAST_YEAR = 1900, 2199
SENTINEL = date(1900, 1, 1)
AGE_YEARS_MAX = 120

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_US = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


def find_day(text: str) -> date | None:
    """The calendar day that `text` writes in one of the two forms, else None; any year from 1 on."""
    stated = text.strip()
    if iso := _ISO.fullmatch(stated):
        year, month, day = iso.groups()
    elif us := _US.fullmatch(stated):
        month, day, year = us.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_day(text: str, latest: date, element: str, rule: str) -> Reading:
    """The day in `text`, not after `latest` (the day of receipt): R-18, R-19."""
    day = find_day(text)
    if day is None:
        return unread(element, "MALFORMED", rule)
    if day == SENTINEL or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return unread(element, "IMPLAUSIBLE", rule)
    if day > latest:
        return unread(element, "FUTURE", rule)
    return Reading(day)


def read_birth_date(text: str, latest: date) -> Reading:
    """The birth date in `text`: a person of at most 120 years on the day of receipt (R-79)."""
    reading = read_day(text, latest, "birth_date", "R-79")
    if reading.value is not None and latest.year - reading.value.year > AGE_YEARS_MAX:
        return unread("birth_date", "IMPLAUSIBLE", "R-79")
    return reading
