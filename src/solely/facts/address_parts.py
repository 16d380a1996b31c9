"""The standard parts of an address whose form is known (R-40, USPS Publication 28).

- Two ways of writing one address give equal parts; formatting alone never decides.
"""

from collections.abc import Sequence
from functools import lru_cache

from solely.facts.address_forms import Plan
from solely.facts.address_last_line import LastLine
from solely.facts.address_tables import DIRECTIONALS, AddressTables
from solely.model import Address

_KINDS = {
    "po_box": "po_box", "rural_route": "rural_route", "highway_contract": "highway_contract",
    "general_delivery": "general_delivery", "military": "military", "pmb": "private_mailbox",
    "pmb_first": "private_mailbox",
}  # fmt: skip
_FULL_DIRECTIONS = {"N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST", "NE": "NORTHEAST",
                    "NW": "NORTHWEST", "SE": "SOUTHEAST", "SW": "SOUTHWEST"}  # fmt: skip
_FIRST = ("BLDG", "FL")


def address_of(
    words: Sequence[str], letters: str, form: Plan, line: LastLine, tables: AddressTables
) -> Address:
    """The standard address of a delivery line with its plan and last line."""
    spans = form.spans

    def part(name: str) -> Sequence[str]:
        start, stop = spans.get(name, (0, 0))
        return words[start:stop]

    suffix = part("suffix")
    return Address(
        _KINDS.get(form.form, "street"),
        _number(part("number"), form.form),
        _direction(part("pre")),
        _street(part("name"), letters, spans.get("name"), bool(suffix), tables),
        tables.suffixes.get(suffix[0], suffix[0]) if suffix else "",
        _direction(part("post")),
        _units(words, letters, spans, tables),
        _box(part("box"), form.form, tables),
        line.city,
        line.state,
        line.zip5,
    )


def _number(words: Sequence[str], form: str) -> str:
    if len(words) == 1:
        return words[0].lstrip("0")
    if form == "military":
        return " ".join(words)
    if words and "/" in words[-1]:
        return " ".join(words)
    return "".join(words)


def _box(words: Sequence[str], form: str, tables: AddressTables) -> str:
    return words[-1].lstrip("0") if words else ""


def _direction(words: Sequence[str]) -> str:
    if not words:
        return ""
    return "".join([DIRECTIONALS[word] for word in words])


def _street(
    words: Sequence[str], letters: str, span: tuple[int, int] | None, has_type: bool, tables: AddressTables
) -> str:
    if not words or span is None:
        return ""
    if len(words) == 1:
        return _single(words[0], has_type, tables)
    spelled = tables.spelled
    named = [spelled.get(word, word) for word in words if word not in ("#", ",", "NO")]
    if named[0] == "ST":
        named[0] = "SAINT"
    return " ".join(named)


def _single(word: str, has_type: bool, tables: AddressTables) -> str:
    if word in DIRECTIONALS:
        return _FULL_DIRECTIONS[DIRECTIONALS[word]]
    if has_type and word.isdigit():
        return ordinal(word)
    return tables.spelled.get(word, word)


@lru_cache(maxsize=4096)
def ordinal(digits: str) -> str:
    """A numbered street's name as Publication 28 writes it: 82 is 82ND."""
    number = digits.lstrip("0") or "0"
    if number[-2:] in ("11", "12", "13"):
        return number + "TH"
    return number + {"1": "ST", "2": "ND", "3": "RD"}.get(number[-1], "TH")


def _units(
    words: Sequence[str], letters: str, spans: dict[str, tuple[int, int]], tables: AddressTables
) -> str:
    if "lead" not in spans and "unit" not in spans:
        return ""
    groups: list[list[str]] = []
    for name in ("lead", "unit"):
        start, stop = spans.get(name, (0, 0))
        groups += _groups(words[start:stop], tables)
    groups.sort(key=lambda group: _FIRST.index(group[0]) if group[0] in _FIRST else len(_FIRST))
    values = ["".join(group[1:]).replace("-", "") or group[0] for group in groups]
    return " ".join(value for value in values if value not in tables.placeholder_words)


def _groups(words: Sequence[str], tables: AddressTables) -> list[list[str]]:
    groups: list[list[str]] = []
    floor = ""
    for word in words:
        if word in tables.units and not (groups and len(groups[-1]) == 1 and tables.classes[word] == "v"):
            groups.append([tables.units[word]])
            if floor:
                groups[-1].append(floor)
                floor = ""
        elif word in ("#", ",", "NO", "NUM", "NUMBER", "NUMERO", "NRO"):
            if word == "#" and (not groups or len(groups[-1]) > 1):
                groups.append([""])
        elif not groups:
            if word[-2:] in ("ST", "ND", "RD", "TH") and word[0].isdigit():
                floor = word[:-2]
            else:
                groups.append(["", word])
        else:
            groups[-1].append(word)
    return groups
