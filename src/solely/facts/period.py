"""Taxable periods: a closed list of years, none in the future (R-21, R-22)."""

import re

from solely.facts.reading import Reading, unread

FIRST_PERIOD = 1950
PERIODS_MAX = 20  # more years than a crime of one order spans are "ALL", spelled out
SEPARATOR = ";"
_YEAR = re.compile(r"[0-9]{4}")


def read_periods(text: str, received_year: int) -> Reading:
    """The years in `text` (YYYY;YYYY), sorted, each once; "ALL", a range or an open end is malformed.

    More than `PERIODS_MAX` years are returned too, for they say "ALL" in other words.
    """
    stated = [each.strip() for each in text.split(SEPARATOR)]
    years = [each for each in stated if each]
    if not years or not all(_YEAR.fullmatch(each) for each in years):
        return unread("periods", "MALFORMED", "R-21")
    periods = tuple(sorted({int(each) for each in years}))
    if periods[0] < FIRST_PERIOD:
        return unread("periods", "IMPLAUSIBLE", "R-21")
    if periods[-1] > received_year:
        return unread("periods", "FUTURE", "R-21")
    if len(periods) > PERIODS_MAX:
        return unread("periods", "TOO_MANY", "R-21")
    return periods, None
