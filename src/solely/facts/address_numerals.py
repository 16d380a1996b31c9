"""A house number written in words, as digits: TWENTY OAK ST is 20 OAK ST (R-27).

- A number of two words or of the tens is a house number; TWENTY THIRD ST is a numbered street and holds none.
- TEN OAK ST can be read either way and is doubted; SEVEN HILLS RD and TEN MILE RD are names, and no street is
  called by ELEVEN or more of what is one (TWELVE OAK ST).
- A direction or a place of offices behind a small number tells that it is one: TEN WEST ST, TWO CITY PLAZA.
  So does what begins a street itself: TWO CALLE SOL, FIVE US HIGHWAY 44, TEN 164TH AVE.
"""

from collections.abc import Sequence

from solely.facts.address_tables import DIRECTIONALS, AddressTables

_ORDINALS = frozenset({"FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH"})
_MEASURES = frozenset({"MILE", "POINT", "ACRE", "ROD", "NOTCH", "FOOT", "STAR", "CORNER"})
# what counts by itself or cannot be counted: the number is a house's in TWO TWIN OAKS DR and TEN MAIN ST
_COUNTED = frozenset(
    {"TWIN", "DOUBLE", "TRIPLE", "SINGLE", "LONE", "MAIN", "BROAD", "HIGH", "UPPER", "LOWER", "GRAND"}
)
_BUILDINGS = frozenset({"PLAZA", "PLZ", "SQUARE", "SQ", "CENTER", "CTR", "PLACE", "PL"})
_BEGINNING = "cErs"  # letters of what begins a street: CALLE, HIGHWAY, US, RUE
_TEENS_MAX = 19
_NAMED_MAX = 10


def in_digits(words: Sequence[str], tables: AddressTables) -> tuple[list[str], str]:
    """`words` with the number they begin with as digits, and how sure that is: "", SURE or DOUBTED."""
    numerals, stop = tables.numerals, 0
    while stop < len(words) and words[stop] in numerals:
        stop += 1
    following = words[stop] if stop < len(words) else ""
    if following in _ORDINALS and stop and numerals[words[stop - 1]] > _TEENS_MAX:
        stop -= 1
    if not stop or words[:stop] == ["ONE"]:
        return list(words), ""
    is_small = stop == 1 and numerals[words[0]] <= _TEENS_MAX
    is_named = following[-1:] in ("S", ",", "") and tables.classes.get(following) != "r"  # FIVE US HWY 44
    if is_small and (is_named or following in _MEASURES):
        return list(words), ""
    is_sure = not is_small or numerals[words[0]] > _NAMED_MAX or _is_number_before(words[stop:], tables)
    doubt = "SURE" if is_sure else "DOUBTED"
    return [str(_value([numerals[word] for word in words[:stop]])), *words[stop:]], doubt


def _is_number_before(words: Sequence[str], tables: AddressTables) -> bool:
    """True for words before which a number counts nothing."""
    first = words[0]
    if first in DIRECTIONALS or first in _COUNTED or not _BUILDINGS.isdisjoint(words[1:]):
        return True
    return first[0].isdigit() or tables.classes.get(first, "w") in _BEGINNING


def _value(numbers: Sequence[int]) -> int:
    """What the words say: 20 1 is 21, 1 100 20 is 120, and what adds up to nothing is read one by one."""
    said = ""
    total = 0
    for number in numbers:
        if number >= 100:
            total = max(total, 1) * number
        elif total and (total % 100 == 0 or (total % 100 >= 20 and total % 10 == 0 and number < 10)):
            total += number
        else:
            said, total = said + (str(total) if total else ""), number
    return int(f"{said}{total}")
