"""Addresses of the synthetic people: streets of our own making in real ZIP Codes, and the ways to write them.

- ZIP, city and state come from the ZIP table of the gate; street names are invented here.
- Every form that must pass stands here too (R-31, R-70): box, rural, military, Puerto Rico, Queens, grid.
- A record holds `record_line` and `record_unit`; a request writes one line of free text in some style.
"""

import random
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from solely.store.inputs import ZipEntry, read_zips

_HEADS = (
    "AMBER ASPEN BIRCH BRIAR CEDAR CLOVER COPPER CRANE DOVE ELDER FALCON FERN FLINT FOX GLEN HAZEL "
    "HERON HOLLY IVY JUNIPER LARK LAUREL LINDEN MAPLE MARBLE MEADOW MILL MOSS OTTER PEBBLE PINE QUARRY "
    "RAVEN REED ROWAN SAGE STONE THISTLE TIMBER WILLOW WREN YARROW"
)
_TAILS = (
    "BANK BRANCH BROOK BURN CREST CROFT DALE FIELD GROVE HOLLOW HURST LEA MERE MOOR RIDGE SPRING VALE "
    "WATER WOOD"
)
STREET_NAMES = tuple(head + tail for head in _HEADS.split() for tail in _TAILS.split())
_SUFFIXES = ("ST", "AVE", "RD", "DR", "LN", "CT", "BLVD", "PL", "WAY", "CIR", "TER")
_ODD_STREETS = (
    ("UNKNOWN", "RD"), ("UNKNOWN SOLDIER", "DR"), ("NONE SUCH", "PL"), ("HOMELESS HOLLOW", "RD"),
    ("JAIL HOUSE", "RD"), ("NA", "ST"), ("NA PALI", "WAY"), ("PRISON CAMP", "RD"),
)  # fmt: skip
_DIRECTIONS = ("N", "S", "E", "W")
_WORDS = {
    "ST": "STREET", "AVE": "AVENUE", "RD": "ROAD", "DR": "DRIVE", "LN": "LANE", "CT": "COURT",
    "BLVD": "BOULEVARD", "PL": "PLACE", "WAY": "WAY", "CIR": "CIRCLE", "TER": "TERRACE",
    "N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST", "APT": "APARTMENT", "UNIT": "UNIT", "STE": "SUITE",
}  # fmt: skip

FORMS = (
    "street", "building", "po_box", "rural", "highway", "military", "puerto_rico", "queens", "grid", "odd",
    "bare", "mailbox",
)  # fmt: skip
_FORM_WEIGHTS = tuple(accumulate((760, 110, 30, 20, 6, 15, 20, 15, 6, 6, 6, 6)))
STYLES = ("title", "upper", "long", "dotted", "lower", "bare", "plus4", "hash")


class Place(NamedTuple):
    """One address in its parts, upper case; `number` is the box for box forms, `street` the route."""

    form: str
    number: str
    predirectional: str
    street: str
    suffix: str
    unit_kind: str
    unit: str
    city: str
    state: str
    zip: str

    @property
    def building(self) -> tuple[str, ...]:
        """What the units of one building share."""
        return (self.number, self.predirectional, self.street, self.suffix, self.zip)


class Street(NamedTuple):
    """One street of one ZIP Code."""

    predirectional: str
    name: str
    suffix: str


@dataclass(slots=True)
class Building:
    """A large building with units still free."""

    place: Place
    units: list[str]


@dataclass(slots=True)
class Gazetteer:
    """The ZIP Codes and streets of one block of population, and which addresses are taken."""

    rng: random.Random
    zips: dict[str, list[tuple[str, ZipEntry]]]
    streets: dict[str, list[Street]] = field(default_factory=dict)
    taken: set[tuple[str, ...]] = field(default_factory=set)
    building: Building | None = None


@lru_cache(maxsize=1)
def _zip_pools() -> dict[str, tuple[tuple[str, ZipEntry], ...]]:
    """ZIP Codes by use: common, military, Puerto Rico, Queens."""
    table = {code: entry for code, entry in sorted(read_zips({}).items()) if entry.cities}
    islands = {"PR", "VI", "GU", "AS", "MP", "AA", "AE", "AP", "FM", "MH", "PW"}
    return {
        "common": tuple(
            each for each in table.items() if each[1].kind == "STANDARD" and each[1].state not in islands
        ),
        "military": tuple(each for each in table.items() if each[1].state in ("AA", "AE", "AP")),
        "puerto_rico": tuple(
            each for each in table.items() if each[1].state == "PR" and each[1].kind == "STANDARD"
        ),
        "queens": tuple(
            each
            for each in table.items()
            if each[0].startswith(("113", "114")) and each[1].kind == "STANDARD"
        ),
    }


def common_zips() -> tuple[tuple[str, ZipEntry], ...]:
    """The ordinary ZIP Codes of the fifty states, with their cities."""
    return _zip_pools()["common"]


def open_gazetteer(rng: random.Random, zip_count: int, block: int, blocks: int) -> Gazetteer:
    """The places of one block; blocks of one world share no common ZIP Code, so that no address repeats."""
    pools = _zip_pools()
    common = pools["common"][block::blocks]
    zips = {"common": rng.sample(common, min(zip_count, len(common)))}
    for use in ("military", "puerto_rico", "queens"):
        own = pools[use][block::blocks] or pools[use]
        zips[use] = rng.sample(own, min(8, len(own)))
    return Gazetteer(rng, zips)


def draw_form(rng: random.Random) -> str:
    """A form of address in the proportions of the demo."""
    return rng.choices(FORMS, cum_weights=_FORM_WEIGHTS)[0]


def draw_place(gazetteer: Gazetteer, form: str) -> Place:
    """A free address of that form; never one that somebody of this block has or had."""
    while True:
        place = _MAKERS.get(form, _street_place)(gazetteer, form)
        key = (*place.building, place.unit)
        if key not in gazetteer.taken:
            gazetteer.taken.add(key)
            return place


def _zip(gazetteer: Gazetteer, use: str) -> tuple[str, str, str]:
    code, entry = gazetteer.rng.choice(gazetteer.zips[use])
    return entry.cities[0], entry.state, code


def _street_of(gazetteer: Gazetteer, code: str) -> Street:
    rng = gazetteer.rng
    if code not in gazetteer.streets:
        names = rng.sample(STREET_NAMES, 30)
        gazetteer.streets[code] = [
            Street(rng.choice(_DIRECTIONS) if rng.random() < 0.25 else "", name, rng.choice(_SUFFIXES))
            for name in names
        ]
    return rng.choice(gazetteer.streets[code])


def _street_place(gazetteer: Gazetteer, form: str) -> Place:
    rng = gazetteer.rng
    city, state, code = _zip(gazetteer, "common")
    street = _street_of(gazetteer, code)
    kind, unit = "", ""
    if form == "mailbox":
        kind, unit = "PMB", str(rng.randint(10, 999))
    elif rng.random() < 0.12:
        kind, unit = (
            rng.choice(("APT", "APT", "UNIT")),
            f"{rng.randint(1, 29)}{rng.choice(('', 'A', 'B', 'C'))}",
        )
    number = str(rng.randint(101, 9899))
    return Place(
        form, number, street.predirectional, street.name, street.suffix, kind, unit, city, state, code
    )


def _building_place(gazetteer: Gazetteer, form: str) -> Place:
    if gazetteer.building is None or not gazetteer.building.units:
        units = [f"{floor}{letter}" for floor in range(1, 9) for letter in "ABCD"]
        gazetteer.rng.shuffle(units)
        gazetteer.building = Building(_street_place(gazetteer, form)._replace(unit_kind="APT"), units)
    return gazetteer.building.place._replace(unit=gazetteer.building.units.pop())


def _box_place(gazetteer: Gazetteer, form: str) -> Place:
    rng = gazetteer.rng
    city, state, code = _zip(gazetteer, "common")
    route = {
        "po_box": "PO BOX",
        "rural": f"RR {rng.randint(1, 9)} BOX",
        "highway": f"HC {rng.randint(60, 89)} BOX",
    }
    return Place(form, str(rng.randint(11, 9899)), "", route[form], "", "", "", city, state, code)


def _military_place(gazetteer: Gazetteer, form: str) -> Place:
    rng = gazetteer.rng
    city, state, code = _zip(gazetteer, "military")
    route = rng.choice((f"PSC {rng.randint(1, 99)} BOX", f"UNIT {rng.randint(2000, 9899)} BOX"))
    return Place(form, str(rng.randint(101, 9899)), "", route, "", "", "", city, state, code)


def _puerto_rico_place(gazetteer: Gazetteer, form: str) -> Place:
    rng = gazetteer.rng
    city, state, code = _zip(gazetteer, "puerto_rico")
    name = rng.choice(
        ("GIRASOL", "AZUCENA", "MARGARITA", "ORQUIDEA", "AMAPOLA", "GARDENIA", "CLAVEL", "DALIA")
    )
    area = rng.choice(("URB LAS LOMITAS", "URB VILLA SERENA", "URB ALTURAS DEL PRADO", ""))
    return Place(form, str(rng.randint(10, 989)), area, f"CALLE {name}", "", "", "", city, state, code)


def _queens_place(gazetteer: Gazetteer, form: str) -> Place:
    rng = gazetteer.rng
    city, state, code = _zip(gazetteer, "queens")
    number = f"{rng.randint(30, 99)}-{rng.randint(10, 49)}"
    unit = f"{rng.randint(1, 6)}{rng.choice('ABCDEF')}"
    street = f"{10 * rng.randint(2, 8) + rng.randint(4, 9)}TH"
    return Place(form, number, "", street, rng.choice(("ST", "AVE", "RD")), "APT", unit, city, state, code)


def _grid_place(gazetteer: Gazetteer, form: str) -> Place:
    rng = gazetteer.rng
    place = _street_place(gazetteer, form)
    number = f"W{rng.randint(101, 299)}N{rng.randint(5000, 12999)}"
    return place._replace(number=number, predirectional="", unit_kind="", unit="")


def _odd_place(gazetteer: Gazetteer, form: str) -> Place:
    name, suffix = gazetteer.rng.choice(_ODD_STREETS)
    return _street_place(gazetteer, form)._replace(
        predirectional="", street=name, suffix=suffix, unit_kind="", unit=""
    )


def _bare_place(gazetteer: Gazetteer, form: str) -> Place:
    place = _street_place(gazetteer, form)
    return place._replace(predirectional="", suffix="", unit_kind="", unit="")


_MAKERS = {
    "building": _building_place, "po_box": _box_place, "rural": _box_place, "highway": _box_place,
    "military": _military_place, "puerto_rico": _puerto_rico_place, "queens": _queens_place,
    "grid": _grid_place, "odd": _odd_place, "bare": _bare_place,
}  # fmt: skip


def is_boxed(place: Place) -> bool:
    """True for forms whose number follows the route: box, rural, highway contract, military."""
    return place.form in ("po_box", "rural", "highway", "military")


def record_line(place: Place) -> str:
    """The delivery line as the custodian keeps it, without the unit."""
    if is_boxed(place):
        return f"{place.street} {place.number}"
    if place.form == "puerto_rico":
        return _joined(place.predirectional, place.number, place.street)
    return _joined(place.number, place.predirectional, place.street, place.suffix)


def record_unit(place: Place) -> str:
    """Designator and number, "" where there is none."""
    return _joined(place.unit_kind, place.unit) if place.unit else ""


def write(place: Place, style: str = "title") -> str:
    """The address as one line of free text; every style of `STYLES` names the same address (R-40)."""
    if style in _LINE_WRITERS:
        line = _LINE_WRITERS[style](place)
    else:
        line = _joined(record_line(place), record_unit(place))
    separator = " " if style == "bare" else ", "
    code = f"{place.zip}-{1000 + sum(map(ord, place.number)) % 9000}" if style == "plus4" else place.zip
    city = place.city if style in ("upper", "bare") else place.city.title()
    text = f"{line}{separator}{city}{separator}{place.state} {code}"
    if style == "lower":
        return text.lower()
    return text if style in ("upper", "bare", "dotted") else _titled(text, place)


def _long_line(place: Place) -> str:
    """Every abbreviation of the delivery line spelled out."""
    if is_boxed(place) or place.form == "puerto_rico":
        return record_line(place)
    spelled = [_WORDS.get(each, each) for each in (place.predirectional, place.suffix, place.unit_kind)]
    return _joined(place.number, spelled[0], place.street, spelled[1], spelled[2], place.unit)


def _dotted_line(place: Place) -> str:
    """Abbreviations with points, as in "120 N. Birchdale St. Apt. 4B"."""
    if is_boxed(place) or place.form == "puerto_rico":
        return record_line(place).replace("PO BOX", "P.O. Box")
    direction = place.predirectional and f"{place.predirectional}."
    suffix = place.suffix and f"{place.suffix.title()}."
    unit = f"{place.unit_kind.title()}." if place.unit_kind in ("APT", "STE") else place.unit_kind
    return _joined(place.number, direction, place.street.title(), suffix, unit, place.unit)


def _hash_line(place: Place) -> str:
    """The unit with a number sign in place of its designator."""
    if not place.unit or place.unit_kind == "PMB":
        return _joined(record_line(place), record_unit(place))
    return f"{record_line(place)} #{place.unit}"


_LINE_WRITERS = {"long": _long_line, "dotted": _dotted_line, "hash": _hash_line}


def _titled(text: str, place: Place) -> str:
    words = []
    for word in text.split(" "):
        keep = any(c.isdigit() for c in word) or word.strip(",") in (
            "PO",
            "RR",
            "HC",
            "PSC",
            "PMB",
            place.state,
        )
        words.append(word if keep else word.capitalize())
    return " ".join(words)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
