"""The standard parts of an address for the judge's slow twin: one word after the other."""

from collections.abc import Sequence

from solely.facts.address_tables import DIRECTIONALS, AddressTables
from solely.model import Address
from tests.support.address_twin_reading import Read

_LONG = {"N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST"}


NUMBERS = ("#", "NO", "NUM", "NUMBER", "NUMERO", "NRO")


def address_of(read: Read, tables: AddressTables) -> Address:
    """The standard parts."""
    kinds = {"pmb": "private_mailbox"} | {
        name: name for name in ("po_box", "rural_route", "highway_contract", "general_delivery", "military")
    }
    kinds |= {
        "star_route": "highway_contract",
        "road_box": "rural_route",
        "bare_box": "po_box",
        "station": "po_box",
    }
    suffix = read.part("suffix")
    return Address(
        kind=kinds.get(read.form.name, "street"),
        number=_number(read),
        predirectional="".join(DIRECTIONALS[word] for word in read.part("pre")),
        street=" ".join([_street(read, tables), *_areas(read, tables)]),
        suffix=tables.suffixes[suffix[0]] if suffix else "",
        postdirectional="".join(DIRECTIONALS[word] for word in read.part("post")),
        unit=_unit(read, tables),
        box=(read.part("box") or [""])[0].lstrip("0"),
        city=read.line.city,
        state=read.line.state,
        zip5=read.line.zip5,
    )


def _areas(read: Read, tables: AddressTables) -> list[str]:
    return [tables.spelled.get(word, word) for word in (*read.part("area"), *read.part("region"))]


def _number(read: Read) -> str:
    words = read.part("number")
    if len(words) == 1:
        return "1" if words[0] == "ONE" else words[0].lstrip("0")
    return (" " if read.form.name == "military" or (words and "/" in words[-1]) else "").join(words)


def _street(read: Read, tables: AddressTables) -> str:
    words = read.part("name")
    if len(words) == 1:
        word = words[0]
        if word in DIRECTIONALS:
            short = DIRECTIONALS[word]
            return _LONG[short[0]] + (_LONG[short[1]] if len(short) == 2 else "")
        if word.isdigit() and read.part("suffix"):
            number = str(int(word))
            ending = {"1": "ST", "2": "ND", "3": "RD"}.get(number[-1], "TH")
            return number + ("TH" if number[-2:] in ("11", "12", "13") else ending)
        return tables.spelled.get(word, word)
    words = [tables.spelled.get(word, word) for word in words if word != "#"]
    if words and words[0] == "ST":
        words[0] = "SAINT"
    return " ".join(words)


def _unit(read: Read, tables: AddressTables) -> str:
    found: list[tuple[str, str]] = []
    for name in ("lead", "unit"):
        rest = [word for word in read.part(name) if word != ","]
        while rest:
            designator, value, rest = _next_unit(rest, tables)
            found.append((designator, value))
    order = {"BLDG": 0, "FL": 1}
    found.sort(key=lambda each: order.get(each[0], 2))
    values = [value.replace("-", "") or designator for designator, value in found]
    kept = [value for value in values if value and value not in tables.placeholder_words]
    return " ".join(tables.units.get(value, value.lstrip("0") or value) for value in kept)


def _is_floor(words: Sequence[str], tables: AddressTables) -> bool:
    """True for 2ND FLOOR, and for 2 FL with no number behind it."""
    is_next = len(words) > 1 and tables.units.get(words[1]) == "FL"
    if is_next and words[0].isdigit():
        return words[2:3] == [] or words[2] in tables.units or words[2] in NUMBERS
    return is_next and words[0][0].isdigit() and words[0][-2:] in ("ST", "ND", "RD", "TH")


def _next_unit(words: list[str], tables: AddressTables) -> tuple[str, str, list[str]]:
    """One designator with its value, in the order the grammar allows, and what remains."""
    if _is_floor(words, tables):
        return "FL", words[0] if words[0].isdigit() else words[0][:-2], words[2:]
    designator = ""
    if words[0] in tables.units:
        designator, words = tables.units[words[0]], words[1:]
    is_signed = bool(words) and words[0] == "#" and not designator
    while words and words[0] in NUMBERS:
        words = words[1:]
    value: list[str] = []
    while words and words[0] not in NUMBERS:
        if _is_floor(words, tables) and (value or designator or is_signed):
            break
        if is_signed and not value and words[0] in tables.units:
            return designator, words[0], words[1:]
        if words[0] in tables.units and (value or tables.classes[words[0]] != "v" or not designator):
            break
        value.append(words[0])
        words = words[1:]
    return designator, "".join(value), words
