"""What a person writes for the file: it says something, and it never holds a number of a person (R-57).

- A reason, a method, a note is kept for ever and shown to others. A taxpayer number or an A-number in it
  would be a disclosure that no rule has judged.
- Only the form counts: nine digits as they are written in numbers of persons (in one run; by 3, 2 and 4; by
  threes), or an A before seven to nine. A date, a docket or a clause has no such form.
"""

import re
from typing import Final
from unicodedata import category

from solely.errors import UsageError

LENGTH_MAX: Final = 1000
_BETWEEN = r"[\s./_\-\u2010-\u2015\u2212]{0,3}"
_PERSONS_NUMBER = re.compile(
    rf"(?<!\d)\d{{3}}{_BETWEEN}\d{{2}}{_BETWEEN}\d{{4}}(?!\d)"
    r"|(?<!\d)\d{3}([\s.\-\u2010-\u2015])\d{3}\1\d{3}(?!\d)"
    rf"|(?<!\d)\d(?:[\s.\-_/]{{1,2}}\d){{8}}(?!\d)"
    rf"|(?<![^\W\d_])[Aa]{_BETWEEN}\d{{7,9}}(?!\d)"
)


def require_note(element: str, text: str) -> None:
    """Return when `text` may be kept and shown; UsageError names the element, and what to change."""
    if not text.strip():
        raise UsageError(f"{element} says something in writing: a blank text says nothing; it is kept")
    if len(text) > LENGTH_MAX:
        raise UsageError(f"{element} has at most {LENGTH_MAX:,} characters")
    if not all(each.isprintable() or each in "\n\t" or category(each) == "Zs" for each in text):
        raise UsageError(f"{element} holds a character that cannot be printed")
    if holds_number(text):
        raise UsageError(
            f"{element} holds what may be a person's number; say it without, and name the item by its id"
        )


def holds_number(text: str) -> bool:
    """True when a text holds what has the form of a taxpayer number or an A-number."""
    return _PERSONS_NUMBER.search(text) is not None
