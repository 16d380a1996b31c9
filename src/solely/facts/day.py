"""Days as requesters write them: YYYY-MM-DD or M/D/YYYY, in a plausible span.

- 1900-01-01 is what systems write for "no date": it counts as not given (contracts 1, R-18).
- So are 1904-01-01 and 1970-01-01, on which clocks of systems begin; but people are born on any day.
- No event of a request lies before the Immigration and Nationality Act of 1952, under which its orders are
  made; none lies on or before the subject's birth, and nobody is asked for on the day of birth.
- Nothing is guessed: a two-digit year, a time beside the date or another order is malformed.
"""

import re
from datetime import date

from solely.facts.reading import Reading, unread

# in full, as a text of folded words has them
MONTHS = frozenset(
    {
        "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER",
        "NOVEMBER", "DECEMBER",
    }
)  # fmt: skip

SHORT_MONTHS = frozenset(
    {"JAN", "FEB", "MAR", "APR", "JUN", "JUL", "AUG", "SEP", "SEPT", "OCT", "NOV", "DEC"}
)

SPANISH_MONTHS = frozenset(
    {
        "ENERO", "FEBRERO", "MARZO", "ABRIL", "MAYO", "JUNIO", "JULIO", "AGOSTO", "SEPTIEMBRE", "OCTUBRE",
        "NOVIEMBRE", "DICIEMBRE",
    }
)  # fmt: skip

FIRST_YEAR, LAST_YEAR = 1900, 2199
SENTINEL = date(1900, 1, 1)
FILLERS = frozenset({SENTINEL, date(1904, 1, 1), date(1970, 1, 1)})
FIRST_EVENT = date(1952, 12, 24)  # the Act took effect (66 Stat. 163, section 407)
AGE_YEARS_MAX = 120

_US = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


def find_day(text: str) -> date | None:
    """The calendar day that `text` writes in one of the two forms, else None; any year from 1 on."""
    stated = text.strip()
    try:
        # Python reads more ISO forms than the one that is agreed; these two hyphens leave that only.
        if len(stated) == 10 and stated[4] == stated[7] == "-":
            return date.fromisoformat(stated)
        if us := _US.fullmatch(stated):
            month, day, year = us.groups()
            return date(int(year), int(month), int(day))
    except ValueError:
        pass
    return None


def read_day(text: str, latest: date, element: str, rule: str) -> Reading:
    """The day of an event in `text`, not after `latest` (the day of receipt): R-18, R-19."""
    if find_day(text) in FILLERS:
        return unread(element, "IMPLAUSIBLE", rule)
    return _read_any(text, latest, element, rule)


def read_event(text: str, latest: date, element: str, rule: str) -> Reading:
    """The day of an order or an opening: as `read_day`, and not before the Act (R-18, R-19)."""
    day, reason = read_day(text, latest, element, rule)
    if day is not None and day < FIRST_EVENT:
        return unread(element, "IMPLAUSIBLE", rule)
    return day, reason


def _read_any(text: str, latest: date, element: str, rule: str) -> Reading:
    day = find_day(text)
    if day is None:
        return unread(element, "MALFORMED", rule)
    if day == SENTINEL or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return unread(element, "IMPLAUSIBLE", rule)
    if day > latest:
        return unread(element, "FUTURE", rule)
    return day, None


def read_birth_date(text: str, latest: date) -> Reading:
    """The birth date in `text`: a person born before the day of receipt, of at most 120 years (R-79)."""
    birth, reason = _read_any(text, latest, "birth_date", "R-79")
    if birth is not None and (birth == latest or latest.year - birth.year > AGE_YEARS_MAX):
        return unread("birth_date", "IMPLAUSIBLE", "R-79")
    return birth, reason
