"""Whether a person may be one whom a list protects: matched broadly, because doubt protects (R-91).

- A number that is equal decides for protection; different numbers never decide against it by themselves.
- Names agree when every word of the shorter one has its like in the longer: accents, order, initials, a
  second surname and one slip of the pen make no difference.
- Only a birth date that differs in more than one of year, month and day, together with two different
  numbers, tells a namesake apart.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from solely.folding import tokens
from solely.model import Item
from solely.orders.order import Member

LIKE_MIN = 0.88


@lru_cache(maxsize=65536)
def _is_like(one: str, other: str) -> bool:
    if one == other or (1 in (len(one), len(other)) and one[0] == other[0]):
        return True
    return JaroWinkler.similarity(one, other) >= LIKE_MIN


def _digits(text: str | None) -> str:
    return "".join(each for each in text or "" if each.isdigit())


def is_named(one: Sequence[str], other: Sequence[str]) -> bool:
    """True when every word of the shorter name has a like word in the longer one; never of an empty name."""
    shorter, longer = sorted((tuple(one), tuple(other)), key=len)
    return bool(shorter) and all(any(_is_like(each, word) for word in longer) for each in shorter)


def may_be(member: Member, item: Item, birth_date: Callable[[str], date | None]) -> bool:
    """True when the person whom an item names may be this member; `birth_date` reads a date as written."""
    pairs = (
        (_digits(member.taxpayer_number), _digits(item.taxpayer_number)),
        (_digits(member.alien_number), _digits(item.alien_number)),
    )
    stated = [(one, other) for one, other in pairs if one and other]
    if any(one == other for one, other in stated):
        return True
    own = (*tokens(member.given_name), *tokens(member.family_name))
    named = (*tokens(item.given_name), *tokens(item.middle_name), *tokens(item.family_name))
    if not is_named(own, named):
        return False
    return not (stated and _differs(birth_date(member.birth_date), birth_date(item.birth_date or "")))


def _differs(one: date | None, other: date | None) -> bool:
    """True when two dates are stated and differ in more than one of year, month and day."""
    if one is None or other is None:
        return False
    return sum((one.year != other.year, one.month != other.month, one.day != other.day)) > 1
