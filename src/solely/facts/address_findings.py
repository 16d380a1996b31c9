"""What speaks against an address, looked for in order: each finding is a code and the words that decided.

- A single placeholder word is no finding where a street is called so: number, that word, a type (R-70).
- What a person can cure is told first; what only the custodian can settle comes after (R-80).
"""

import re
from collections.abc import Callable, Sequence

from solely.facts.address_beside import doubt_beside, is_unknown_ahead, whoever
from solely.facts.address_facilities import STREETS, facility, is_called_by_facility
from solely.facts.address_invented import TOWN_TYPES, is_invented, is_spoken_roughly, is_type_twice
from solely.facts.address_lexicon import first_phrase, read_through
from solely.facts.address_reading import Finding, Reading
from solely.facts.address_tables import AddressTables, shown
from solely.facts.address_text import BREAK

BOXES = frozenset({"po_box", "station", "general_delivery", "pmb"})
_DUMMIES = frozenset({"123", "1234", "12345", "111", "1111", "999", "9999", "99999"})
_BLOCK = ("BLOCK", "BLOCKS", "BLK", "BLKS")
_BLOCK_NAMES = (["BLOCK", "HOUSE"], ["BLOCK", "ISLAND"])
_ODD_FORMS = frozenset({
    "milepost", "lettered", "lettered_street", "numbered_street", "star_route", "road_box", "bare_box",
    "letter_or_direction",
})  # fmt: skip
# of an avenue N, S, E or W: a numbered avenue with a direction has fewer (12 AVE N)
_HOUSE_DIGITS = 3
_LETTERED_WAYS = ("AVE", "RD", "BLVD")  # BOULEVARD EAST is one too
_LETTERED_HIGHWAYS = ("MO", "WI")
_CANADIAN = re.compile(r"[A-Z]\d[A-Z] \d[A-Z]\d")
_ISLANDS = ("PR", "VI")
_CONDOMINIUMS = frozenset({"COND", "CONDOMINIO"})
# where houses are known by the mile of a road: the highways of Alaska, the routes of reservations
_BY_THE_MILE = {"m": ("AK",), "p": ("AK", "AZ", "NM", "UT")}
_LETTERED = re.compile(r"[A-WYZ]{1,2}\d+")
_NAME_AND_NUMBER = re.compile(r"[wt]+[do]")
_NOT_ZERO = re.compile("[1-9]")
_ACRONYM = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{3,5}")
# behind these no word is English, or the name is a Virgin Islands estate's
_ARTICLES = frozenset({"EL", "LA", "LAS", "LOS", "DEL", "DE", "LE", "RUE", "COL", "EST", "ESTATE", "VISTA"})
_TYPE_LETTERS = 2  # more has a type that is read though a letter of it looks like another
ARMED_FORCES = ("AA", "AE", "AP")
_BOX_DIGITS = 7  # of the longest box, which the cities of Puerto Rico have
_ATTENTION = ("ATTN", "ATTENTION")
_GRID_TURNED = "ndnd"  # E 55 S 1200 is 55 E 1200 S


def finding(reading: Reading, tables: AddressTables) -> Finding:
    """The first finding against the address, or None: it is sufficient."""
    for look in _LOOKS:
        found = look(reading, tables)
        if found is not None:
            return found
    return None


def _placeholder(reading: Reading, tables: AddressTables) -> Finding:
    city = reading.line.city.split()
    if city and reading.line.fault == "city_unknown" and all(_is_empty(word, tables) for word in city):
        return "placeholder", reading.line.city
    start = _behind_care(reading, tables)
    core = [
        read_through(word, tables)
        for word, letter in zip(reading.delivery[start:], reading.letters[start:], strict=True)
        if letter not in "dhafogD#,j" and not (letter == "l" and reading.plan.form == "highway")
    ]
    named = [word for word in core if word in tables.placeholder_words]
    if not named:
        return None
    if "N/A" in reading.words(reading.plan.name):  # which no street is called
        return "placeholder", " ".join(named)
    if all(_is_empty(word, tables) or tables.classes.get(word, "w") in "nseEuvC" for word in core):
        return _street_called(reading, named, tables)
    return _street_beside(reading, named, tables)


def _behind_care(reading: Reading, tables: AddressTables) -> int:
    """Where the address begins behind somebody in whose care it is, 0 if nobody is named there."""
    care = reading.before() if reading.letters[:1] == "C" else []
    is_named = all(read_through(word, tables) not in tables.placeholder_words for word in care)
    return len(care) if is_named else 0


def _is_empty(word: str, tables: AddressTables) -> bool:
    seen = read_through(word, tables)
    return seen in tables.placeholder_words or seen in tables.fakes or seen in tables.fillers


def _street_called(reading: Reading, named: list[str], tables: AddressTables) -> Finding:
    """Nothing but placeholder words: a street only if exactly one stands between number and type.

    A word by which no town street is known (UNKNOWN ST, not UNKNOWN RD) leaves the street unclear.
    """
    form, span = reading.plan, " ".join(named)
    is_one = len(named) == 1 and form.name[1] - form.name[0] == 1
    is_first = form.start == 0 or reading.letters[0] == "C"
    is_whole = is_first and form.stop == len(reading.letters)
    if is_whole and reading.has_type(tables) and " ".join(reading.words(form.name)) in tables.called:
        return None
    if is_whole and form.form == "type_first" and tables.called.issuperset(named):
        return None
    if not (is_one and is_whole and reading.has_type(tables)):
        return "placeholder", span
    is_written_so = reading.delivery[form.name[0]] == named[0]
    if named[0] in tables.fakes or reading.number() in _DUMMIES or not is_written_so:
        return "unclear", span
    is_town_street = tables.suffixes[reading.delivery[form.suffix[0]]] in TOWN_TYPES
    is_called = named[0] in tables.called or (named[0] in tables.roads and not is_town_street)
    return None if is_called else ("unclear", span)


def _street_beside(reading: Reading, named: list[str], tables: AddressTables) -> Finding:
    """A placeholder word among others: harmless within a street's name or as the unit."""
    if reading.plan.form == "type_first" and tables.called.issuperset(named):
        return None
    if not reading.has_type(tables):
        return ("unclear" if reading.number() else "placeholder"), " ".join(named)
    name = [read_through(word, tables) for word in reading.words(reading.plan.name)]
    unit = reading.words(reading.plan.unit)
    if not tables.fakes.isdisjoint(name) or not set(named) <= {*name, *unit}:
        return "unclear", " ".join(named)
    return None


def _foreign(reading: Reading, tables: AddressTables) -> Finding:
    if reading.line.state or reading.line.fault == "no_state":
        return None
    code = " ".join(reading.delivery[-2:])
    if len(reading.delivery) > 3 and _CANADIAN.fullmatch(code):
        return "foreign", code
    words = [word for word in reading.delivery if word != BREAK]
    while words and not words[-1].isalpha():
        words.pop()
    for count in (4, 3, 2, 1):
        tail = " ".join(words[-count:])
        if tail in tables.countries and len(words) > count:
            return "foreign", tail
    told = [word for word in words if word in tables.foreign_words]
    return ("foreign", " ".join(told)) if told and len(words) > 2 else None


def _lacking(reading: Reading, tables: AddressTables) -> Finding:
    line, whole = reading.line, " ".join(reading.delivery)
    if not reading.delivery:
        return "no_delivery", f"{line.city} {line.state}".strip()
    fault = _delivery_fault(reading, tables)
    if fault in ("no_number", "no_street"):
        return fault, whole
    if line.fault in ("no_last_line", "no_state", "no_city"):
        return line.fault, whole
    return (fault, whole) if fault else None


def _delivery_fault(reading: Reading, tables: AddressTables) -> str:
    form, state = reading.plan, reading.line.state
    if form.form == "":
        return _formless_fault(reading.letters)
    if _is_unclear_form(reading, tables):
        return "unclear"
    is_misplaced = (form.form in ("complex", "estate") and state not in _ISLANDS) or (
        form.form == "military" and state != "" and state not in ARMED_FORCES
    )
    if is_misplaced or any(is_numberless(reading, tables) for is_numberless in _NUMBERLESS):
        return "no_number"
    if form.form == "lettered_street" and reading.delivery[form.name[0]] != "STREET":
        return "no_street"
    if form.form == "milepost" and state not in _BY_THE_MILE[reading.letters[form.start]]:
        return "no_number" if reading.letters[form.start] == "m" else "unclear"
    if form.form == "calle_first" and state not in _ISLANDS and _is_number_last(reading):
        return "no_number"
    if _is_mixed(reading):
        return ""
    return "no_street" if _is_no_street(reading, tables) else ""


def _is_unclear_form(reading: Reading, tables: AddressTables) -> bool:
    """True for a county road's box, a direction behind a number, no station, F0L, and house 0 (a lot)."""
    form = reading.plan
    is_county_box = form.form == "road_box" and reading.delivery[form.start] != "STATE ROUTE"
    is_lot = reading.number() == "0" and reading.has_generic_type()
    is_mixed = _is_mixed(reading) and not _is_house_of_letters(reading)
    is_turned = _is_direction(reading, tables) or _is_no_station(reading, tables)
    return is_county_box or is_lot or is_mixed or is_turned


def _is_mixed(reading: Reading) -> bool:
    """True for a house number of letters and digits."""
    form = reading.plan
    return form.form in ("lettered", "type_first") and reading.letters[form.number[0]] == "j"


def _is_house_of_letters(reading: Reading) -> bool:
    """True for the number of a house in an urbanization (G-25), before an avenue only in Puerto Rico."""
    is_avenue = reading.letters[reading.plan.name[0]] == "e" and reading.plan.form == "type_first"
    is_there = not is_avenue or reading.line.state == "PR"
    return is_there and _LETTERED.fullmatch(reading.number()) is not None


def _is_numbered_street(reading: Reading, tables: AddressTables) -> bool:
    """True for 20 STREET, but not where a house stands on a street without a name: 200 BOULEVARD."""
    form = reading.plan
    is_housed = reading.letters[form.start] == "d" and " ".join(reading.words(form.name)) in tables.untyped
    return form.form == "numbered_street" and not is_housed


def _is_routeless(reading: Reading, _: AddressTables) -> bool:
    """True for a highway contract box without the route's number; a star route has none."""
    return reading.plan.form == "star_route" and "STAR ROUTE" not in reading.delivery


def _is_direction(reading: Reading, tables: AddressTables) -> bool:
    """True for 12 AVE N, but not for a house in a lettered way: 4801 AVENUE S, 268 ROAD E, 305 HWY W."""
    form = reading.plan
    if form.form != "letter_or_direction":
        return False
    way = tables.suffixes[reading.delivery[form.name[0]]]
    is_lettered = way in _LETTERED_WAYS or (way == "HWY" and reading.line.state in _LETTERED_HIGHWAYS)
    return len(reading.number()) < _HOUSE_DIGITS or not is_lettered


def _is_no_station(reading: Reading, tables: AddressTables) -> bool:
    """True for words behind a box that name no station of the post (PO BOX 12 OLD CHELSEA STATION)."""
    form = reading.plan
    return form.form == "station" and reading.delivery[form.stop - 1] not in tables.stations


def _is_boxless(reading: Reading, tables: AddressTables) -> bool:
    """True for BOX 44, which lacks its route (Publication 28, section 24), unless its ZIP has boxes alone."""
    form = reading.plan
    is_whole = form.stop == len(reading.letters)
    return form.form == "bare_box" and not (is_whole and reading.line.zip5 in tables.box_zips)


def _is_area(reading: Reading, _: AddressTables) -> bool:
    """True for an urbanization with a unit alone; a condominium's name tells the building."""
    form = reading.plan
    is_unit_only = form.form == "complex" and not form.unit[1]
    return is_unit_only and reading.delivery[form.name[0]] not in _CONDOMINIUMS


def _is_number_last(reading: Reading) -> bool:
    """True for AVE PONCE 1500, and where the number may be a unit: CAMINO RDG #4."""
    start = reading.plan.name[0]
    return reading.letters[start] == "e" or "#" in reading.letters[start : reading.plan.number[0]]


def _is_no_street(reading: Reading, tables: AddressTables) -> bool:
    """True where the street's name is but the city again, the state, or a type with no name (CALLE, AVC)."""
    form, line = reading.plan, reading.line
    if form.form != "untyped" and (form.form != "street" or reading.has_generic_type()):
        return False
    name = " ".join(reading.words((form.name[0], max(form.name[1], form.suffix[1]))))
    is_type = tables.classes.get(name) == "c" or (
        len(name) > _TYPE_LETTERS and shown(name) in tables.type_shapes
    )
    return name in (line.city, line.state) or is_type


def _is_zero(reading: Reading, _: AddressTables) -> bool:
    """True for zeros alone as the number of house or box, a letter aside (0N MAIN ST)."""
    box = "" if reading.plan.form == "military" else _box(reading)  # BOX 0000 is an embassy's
    return any("0" in number and _NOT_ZERO.search(number) is None for number in (reading.number(), box))


def _is_long_box(reading: Reading, _: AddressTables) -> bool:
    """True for a box with more digits than any has."""
    return _box_digits(reading) > _BOX_DIGITS


_NUMBERLESS: tuple[Callable[[Reading, AddressTables], bool], ...] = (
    _is_numbered_street, _is_routeless, _is_area, _is_boxless, _is_long_box, _is_zero,
)  # fmt: skip


def _box(reading: Reading) -> str:
    """The number of the box, "" if the form has none."""
    return reading.delivery[reading.plan.box[0]] if reading.plan.box[1] else ""


def _box_digits(reading: Reading) -> int:
    box = _box(reading)
    return len(box) if box.isdigit() else 0


def _formless_fault(letters: str) -> str:
    if letters == _GRID_TURNED:
        return "unclear"
    first = next((place for place, letter in enumerate(letters) if letter in "dhag"), None)
    if first is None or (first and letters[first - 1] in "u#xb"):
        return "no_number"
    if not any(letter in "wtsoeEcr" for letter in letters[first + 1 :]):
        return "no_street" if first == 0 else "no_number"
    return "unclear"


def _doubted(reading: Reading, tables: AddressTables) -> Finding:
    line = reading.line
    if line.fault in ("zip_conflict", "zip_unknown"):
        return line.fault, f"{line.state} {line.zip5}"
    if line.fault == "city_unknown" and not line.zip5:
        return "city_nowhere", line.city
    if reading.numeral == "DOUBTED" or (reading.plan.form == "untyped" and _is_bare(reading, tables)):
        return "unclear", " ".join(reading.delivery)
    behind = "ISH" if is_spoken_roughly(reading) else _unread(reading)
    if behind:
        return "unclear", behind
    said = doubt_beside(reading, tables)
    if said is not None:
        return said
    if "?" in reading.letters:
        return "unclear", reading.delivery[reading.letters.index("?")]
    initials = [
        word
        for word in reading.left_out()
        if _ACRONYM.fullmatch(word) and word not in tables.classes and word not in tables.receivers
    ]
    if initials and "C" not in reading.letters and reading.plan.form in STREETS:
        return "unclear", " ".join(initials)
    return _told(reading, tables)


def _unread(reading: Reading) -> str:
    """What stands right behind the form, with no break between, and is not the city said twice."""
    stop = reading.plan.stop
    if stop == len(reading.letters) or reading.letters[stop] in ",C":
        return ""
    behind = " ".join(reading.delivery[stop:])
    return "" if behind == reading.line.city else behind


def _is_bare(reading: Reading, tables: AddressTables) -> bool:
    """True where the words behind a number, with no type, tell of no street: 100 HOME, 1 OF 2, 12 JUAN PEREZ.

    A direction or a unit speaks for a street, but not for one whose name is part of a sentence.
    """
    form, name = reading.plan, reading.words(reading.plan.name)
    if " ".join(name) in tables.untyped:
        return False
    empty = [word for word in name if _says_little(word, tables)]
    behind = reading.letters[reading.plan.stop :]
    if behind[:1] == BREAK and behind[-1] in "seE":
        return True  # the street's type stands behind a break: 9 BACK IN, TOWN RD
    if reading.is_loose() or len(empty) == len(name) or not tables.linking.isdisjoint(name):
        return True
    if form.pre[1] or form.post[1] or form.lead[1] or form.unit[1] - form.unit[0] > 1:
        return False
    whole = " ".join(name)
    if _ACRONYM.fullmatch(whole) and whole not in tables.classes:
        return True
    is_place = _is_place(whole, reading.line.state, tables)
    is_told = name[0] in tables.people or not tables.telling.isdisjoint(name) or _is_common(name, tables)
    return is_told or is_place


def _is_place(name: str, state: str, tables: AddressTables) -> bool:
    """True for a country, the address's own state or a large city in it; streets are called after others."""
    if tables.states.get(name, state) != state:
        return name in tables.countries
    return name in tables.places or f"{name} {state}" in tables.places


def _is_common(name: Sequence[str], tables: AddressTables) -> bool:
    """True for a name that ends in an English word, or its plural, by which no street is known: 1 GORILLA.

    What ends a street's name as a type does tells of one (GRAND CONCOURSE, STREET OF DREAMS).
    """
    last = name[-1]
    one = {last, last.removesuffix("S"), last.removesuffix("ES"), re.sub("IES$", "Y", last)}
    if len(name) > 1 and (last in tables.ways or (name[1] == "OF" and name[0] in tables.suffixes)):
        return False
    if name[1:2] in (["DE"], ["DEL"]):  # Spanish, though the word may be English as well: RINCON DE AMIGOS
        return False
    return name[0] not in _ARTICLES and not tables.common.isdisjoint(one)


def _says_little(word: str, tables: AddressTables) -> bool:
    is_filler = word in tables.fillers and word not in tables.suffixes
    return is_filler or word in tables.linking or word in tables.telling or word in tables.numerals


def _told(reading: Reading, tables: AddressTables) -> Finding:
    """Words that tell a place or a circumstance (BEHIND, LIVES WITH) where a street's name should be."""
    told = _vague(reading, tables)
    if is_invented(reading, tables):
        return "unclear", " ".join(reading.delivery)
    if not told or reading.plan.form in BOXES:
        return None
    name = reading.words(reading.plan.name)
    is_called = name in _BLOCK_NAMES or " ".join(name) in tables.called
    if is_called and reading.has_type(tables):
        return None
    if len(name) > 1 and name[name[0] == "HUNDRED"] in _BLOCK:
        return "unclear", " ".join(told)
    is_told = len(name) > 1 and all(word in tables.vague or word in tables.fillers for word in name)
    is_told = is_told and tables.landmarks.isdisjoint(name)
    if _is_after_spot(reading, told, tables):
        return None
    is_typed = reading.has_type(tables) if tables.landmarks.issuperset(told) else reading.has_generic_type()
    if is_typed and not (is_told and set(told) & set(name)):
        return None
    return "unclear", " ".join(told)


def _vague(reading: Reading, tables: AddressTables) -> list[str]:
    """Such words, but for IS of an island and those of a quarter's name (URB VALLE ARRIBA)."""
    told = [word for word in reading.delivery if word in tables.vague]
    if told and _is_island(reading, tables):
        told.remove("IS")
    form = reading.plan
    area = reading.words(form.area) + reading.words(form.region)
    if form.form == "highway_contract":
        area += reading.words((form.start, form.number[0]))
    business_route = {"BUS"} if form.form == "highway" else set()  # US 31 BUS
    elsewhere = tables.spots.intersection(area) | business_route
    return [word for word in told if word not in elsewhere]


def _is_island(reading: Reading, tables: AddressTables) -> bool:
    """True for IS behind a name that says nothing of anybody: PINE IS, not HE IS."""
    name = reading.words(reading.plan.name)
    is_said = not (tables.said.isdisjoint(name) and tables.people.isdisjoint(name))
    return reading.words(reading.plan.suffix) == ["IS"] and not is_said


def _is_after_spot(reading: Reading, told: Sequence[str], tables: AddressTables) -> bool:
    """True for a Spanish name in which such words tell what the way leads to (CAMINO DE LOS AMIGOS)."""
    name = reading.words(reading.plan.name)
    is_spanish = tables.classes.get(name[0]) == "c" or name[1:2] in (["DE"], ["DEL"]) if name else False
    return is_spanish and set(told) <= set(name) & tables.spots


def _agency(reading: Reading, tables: AddressTables) -> Finding:
    if reading.plan.form in BOXES:
        return None
    found = first_phrase(reading.delivery, tables.agency_phrases, reading.plan.name)
    if found and found[0] and reading.delivery[found[0] - 1] in _ATTENTION:
        return None  # the mail room of who receives it
    if not found and (reading.number(), reading.line.zip5) not in tables.agencies:
        return None
    if box_of(reading.delivery):
        return "agency_box", " ".join(reading.delivery)
    return "agency", " ".join(reading.words(found)) if found else reading.number()


def box_of(delivery: Sequence[str]) -> str:
    """The number after the first `#`, which at a mail agency is a private mailbox (Publication 28, 285).

    Right behind STORE it is the number of the store.
    """
    boxes = (place for place, word in enumerate(delivery[:-1]) if word == "#")
    return next((delivery[place + 1] for place in boxes if delivery[place - 1] != "STORE"), "")


_LOOKS: tuple[Callable[[Reading, AddressTables], Finding], ...] = (
    whoever, _placeholder, _foreign, facility, _lacking, _doubted, _agency,
)  # fmt: skip


def _is_odd(reading: Reading, tables: AddressTables) -> bool:
    """True for a form that few places use, a number in words, or one behind a name: BAY 40TH ST."""
    form, (start, stop) = reading.plan.form, reading.plan.name
    if form in _ODD_FORMS or reading.numeral or is_type_twice(reading, tables):
        return True
    if form == "complex" and not reading.plan.unit[1]:
        return True
    return form == "street" and _NAME_AND_NUMBER.fullmatch(reading.letters, start, stop) is not None


def _is_hardly_called(reading: Reading, tables: AddressTables) -> bool:
    """True for a street called nothing (CALLE NADA, SIN NOMBRE DR) or a place of custody, as some are."""
    if is_called_by_facility(reading, tables):
        return True
    name = reading.words(reading.plan.name)
    called = name[1:] if reading.plan.form in ("type_first", "calle_first") else name
    if reading.has_type(tables) and not reading.has_generic_type() and _is_empty_name(name, tables):
        return True
    return bool(called) and (called[0] == "SIN" or tables.hardly.issuperset(called))


def _is_empty_name(name: Sequence[str], tables: AddressTables) -> bool:
    return not tables.placeholder_words.isdisjoint(name)


def _is_beside(reading: Reading) -> bool:
    """True where something stands beside what was read, or the city is not the ZIP's own."""
    form, fault = reading.plan, reading.line.fault
    if reading.is_loose() or form.stop != len(reading.letters) or fault == "city_unknown":
        return True
    return fault == "city_elsewhere" and form.form != "military"  # APO and FPO alike name no city


def kind_of_sufficient(reading: Reading, tables: AddressTables) -> str:
    """The code of an address with nothing against it: ok, box, or one that goes on under R-80."""
    form, line = reading.plan, reading.line
    if line.fault == "no_zip":
        return "no_zip"
    if _box_digits(reading) == _BOX_DIGITS and line.state != "PR":
        return "unusual"
    if form.form in BOXES:
        return "box"
    if _is_beside(reading) or is_unknown_ahead(reading, tables) or _is_hardly_called(reading, tables):
        return "unusual"
    if _is_odd(reading, tables) or not tables.placeholder_words.isdisjoint(reading.words(form.unit)):
        return "unusual"
    if form.form == "calle_first" and line.state not in _ISLANDS:
        return "unusual"
    if form.form == "untyped" and " ".join(reading.words(form.name)) not in tables.untyped:
        return "unusual"
    return "ok"
