"""The standard parts of an address whose form is known (R-40, USPS Publication 28).

- Two ways of writing one address give equal parts; formatting alone never decides.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from solely.facts.address_forms import Plan, Span
from solely.facts.address_last_line import LastLine
from solely.facts.address_tables import DIRECTIONALS, AddressTables
from solely.facts.address_text import BREAK
from solely.facts.remembered import remembered
from solely.model import Address

_KINDS = {
    "pmb": "private_mailbox",
    "po_box": "po_box",
    "bare_box": "po_box",
    "station": "po_box",
    "rural_route": "rural_route",
    "military": "military",
    "highway_contract": "highway_contract",
    "general_delivery": "general_delivery",
    "star_route": "highway_contract",
    "road_box": "rural_route",
} | dict.fromkeys(
    (
        "street", "highway", "grid", "type_first", "calle_first", "kilometer", "complex", "milepost",
        "estate", "lettered", "lettered_street", "numbered_street", "letter_or_direction",
        "untyped", "",
    ),
    "street",
)  # fmt: skip
_FULL_DIRECTIONS = {
    "N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST",
    "NE": "NORTHEAST", "NW": "NORTHWEST", "SE": "SOUTHEAST", "SW": "SOUTHWEST",
}  # fmt: skip
# a NamedTuple's own constructor costs twice as much; two million of these are made in a batch
_new = tuple.__new__
_OUTER = ("BLDG", "FL")
_NUMBER_WORDS = frozenset({"#", ",", "NO", "NUM", "NUMBER", "NUMERO", "NRO"})


def address_of(words: Sequence[str], form: Plan, line: LastLine, tables: AddressTables) -> Address:
    """The standard address of a delivery line with its plan and last line."""
    start, stop = form.number
    number = words[start].lstrip("0") if stop - start == 1 else _number(words, form)
    street = _street(words, form, tables) if form.name[1] else ""
    if form.area[1] or form.region[1]:
        street = f"{street} {_area(words, form, tables)}"
    suffix = tables.suffixes[words[form.suffix[0]]] if form.suffix[1] else ""
    return _new(
        Address,
        (
            _KINDS[form.form],
            "1" if number == "ONE" else number,
            _direction(words, form.pre) if form.pre[1] else "",
            street,
            suffix,
            _direction(words, form.post) if form.post[1] else "",
            _units(words, form, tables) if form.unit[1] or form.lead[1] else "",
            words[form.box[0]].lstrip("0") if form.box[1] else "",
            line.city,
            line.state,
            line.zip5,
        ),
    )


def _area(words: Sequence[str], form: Plan, tables: AddressTables) -> str:
    """The urbanization, which alone tells apart equal streets of one ZIP (Publication 28, section 29)."""
    named = [*words[form.area[0] : form.area[1]], *words[form.region[0] : form.region[1]]]
    return " ".join([tables.spelled.get(word, word) for word in named])


def _direction(words: Sequence[str], span: Span) -> str:
    if span[1] - span[0] == 1:
        return DIRECTIONALS[words[span[0]]]
    return "".join([DIRECTIONALS[word] for word in words[span[0] : span[1]]])


def _number(words: Sequence[str], form: Plan) -> str:
    start, stop = form.number
    if start == stop:
        return ""
    is_apart = form.form == "military" or "/" in words[stop - 1]
    return (" " if is_apart else "").join(words[start:stop])


def _street(words: Sequence[str], form: Plan, tables: AddressTables) -> str:
    start, stop = form.name
    spelled = tables.spelled
    if stop - start > 1:
        named = [spelled.get(word, word) for word in words[start:stop] if word != "#"]
        if named[0] == "ST":
            named[0] = "SAINT"
        return " ".join(named)
    word = words[start]
    if word in DIRECTIONALS:
        return _FULL_DIRECTIONS[DIRECTIONALS[word]]
    if form.suffix[1] and word.isdigit():
        return ordinal(word)
    return spelled.get(word, word)


@remembered
def ordinal(digits: str) -> str:
    """A numbered street's name as Publication 28 writes it: 82 is 82ND."""
    number = digits.lstrip("0") or "0"
    if number[-2:] in ("11", "12", "13"):
        return number + "TH"
    return number + {"1": "ST", "2": "ND", "3": "RD"}.get(number[-1], "TH")


def _units(words: Sequence[str], form: Plan, tables: AddressTables) -> str:
    """Every secondary number without its designator, the outer one (building, floor) first."""
    lead, unit = words[form.lead[0] : form.lead[1]], words[form.unit[0] : form.unit[1]]
    return _numbers(tables)("\n".join([*lead, "", *unit]))


@lru_cache(maxsize=8)
def _numbers(tables: AddressTables) -> Callable[[str], str]:
    """The secondary numbers under these tables, remembered by the words before and behind the street."""
    return remembered(lambda told: _numbers_of(told.split("\n"), tables))


def _numbers_of(words: Sequence[str], tables: AddressTables) -> str:
    at = words.index("")
    groups = [group for span in (words[:at], words[at + 1 :]) for group in _groups(span, tables)]
    if len(groups) > 1:
        groups.sort(key=lambda group: _OUTER.index(group[0]) if group[0] in _OUTER else len(_OUTER))
    values = ["".join(group[1:]).replace("-", "") or group[0] for group in groups]
    said = [value for value in values if value and value not in tables.placeholder_words]
    return " ".join([_value(value, tables) for value in said])


def _value(value: str, tables: AddressTables) -> str:
    return tables.units.get(value, value.lstrip("0") or value)


def _groups(words: Sequence[str], tables: AddressTables) -> list[list[str]]:
    groups: list[list[str]] = []
    is_closed = False  # by 2ND FLOOR: what comes next is a number of its own
    for place, word in enumerate(words):
        if is_closed and tables.units.get(word) == "FL" and _is_floor(words[place - 1 :], tables):
            continue
        if _is_floor(words[place:], tables):
            groups.append(["FL", word.rstrip(_LETTERS)])
            is_closed = True
        elif word in tables.units and not (groups and len(groups[-1]) == 1 and tables.classes[word] == "v"):
            groups.append([tables.units[word]])
            is_closed = False
        elif word in _NUMBER_WORDS:
            if word == "#" and (not groups or len(groups[-1]) > 1):
                groups.append([""])
                is_closed = False
        elif not groups or is_closed:
            groups.append(["", word])
            is_closed = False
        else:
            groups[-1].append(word)
    return groups


def _is_floor(words: Sequence[str], tables: AddressTables) -> bool:
    """True for 2ND FLOOR, and for 2 FL with no number behind it."""
    if len(words) < 2 or tables.units.get(words[1]) != "FL":
        return False
    if words[0].isdigit():
        following = next((word for word in words[2:] if word != BREAK), "")
        return not following or following in tables.units or following in _NUMBER_WORDS
    return words[0][:1].isdigit() and words[0][-2:] in _ORDINALS


_LETTERS = "STNDRH"
_ORDINALS = frozenset({"ST", "ND", "RD", "TH"})
