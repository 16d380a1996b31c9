"""Whether a text names a jail, a detention facility or an office, and where one lies (R-29).

- A word within a typed street's name is no facility's; one beside number and street is.
- What a register names is known by its number and ZIP, whatever stands before them.
"""

import re

from solely.facts.address_lexicon import facility_words, first_phrase
from solely.facts.address_reading import Finding, Reading
from solely.facts.address_tables import AddressTables
from solely.facts.address_text import BREAK

STREETS = frozenset(
    {
        "street",
        "highway",
        "grid",
        "untyped",
        "type_first",
        "calle_first",
        "kilometer",
        "complex",
        "milepost",
        "estate",
        "lettered",
        "lettered_street",
        "letter_or_direction",
    }
)
_LANDFORMS = frozenset({"BR", "BRK", "CRK", "HL", "RUN", "PT", "LK", "IS"})
_NONE = (0, 0)
# of a detention center or facility, a correctional facility or a processing center: NWDC, STIPC
_INITIALS = re.compile(r"[A-Z]{2,3}(?:DC|DF|CF|PC)")
_INITIALS_MAX = 5  # of an office; what is longer may be a family name: C/O JANE WARDEN
# what a house of flats is called, whatever stands before: MISSION GARDENS APARTMENTS
_DWELLINGS = frozenset({"APARTMENTS", "APTS", "CONDOMINIUMS", "CONDOS", "LOFTS", "TOWNHOMES", "TOWNHOUSES"})
_BESIDE_CONFINING = ("ICE", "ROOM")


def facility(reading: Reading, tables: AddressTables) -> Finding:
    """A facility or office by its name, or by its number in a register; located with number and street."""
    form = reading.plan
    located = form.form in STREETS and bool(reading.line.city and reading.line.state)
    code = "facility_located" if located else "facility"
    if _is_registered(reading, tables):
        return "facility_located", reading.number()
    for segment in _segments(reading, tables):
        if segment in tables.facility_alone:
            return code, segment
    if reading.line.fault == "city_unknown" and first_phrase(
        reading.line.city.split(), tables.facility_phrases
    ):
        return "facility", reading.line.city
    street = _street_of(reading)
    found = first_phrase(facility_words(reading.delivery, tables), tables.facility_phrases, street)
    if found is None or (located and _is_landform(reading, found, tables)):
        told = _institution(reading, tables) if located else []
        return (code, " ".join(told)) if told else None
    span = " ".join(reading.words(found))
    ended = min(street[1] or form.name[1], form.name[1])
    is_outside = not form.name[1] or found[1] <= form.number[0] or found[0] > ended
    return (code if is_outside else "facility"), span


def is_somebody(named: list[str], tables: AddressTables) -> bool:
    """True for a name in care, of which nothing says that it is an office's or a facility's, or a guess."""
    if facility_words(named, tables) != named or named[-1] == "DC" or not tables.surmising.isdisjoint(named):
        return False
    return not any(map(_INITIALS.fullmatch, named))


def _is_registered(reading: Reading, tables: AddressTables) -> bool:
    """True where the number is a facility's in its ZIP, and the street too if the register has it."""
    place = reading.number(), reading.line.zip5
    if place in tables.facilities:
        return True
    return any(street <= {*reading.delivery} for street in tables.public_facilities.get(place, ()))


def is_called_by_facility(reading: Reading, tables: AddressTables) -> bool:
    """True for a street whose whole name says that somebody is held: DETENTION DR, not OLD JAIL RD."""
    name = reading.words(reading.plan.name)
    told = [word for word in name if word not in _BESIDE_CONFINING]
    return bool(told) and tables.confining.issuperset(told)


def _is_landform(reading: Reading, found: tuple[int, int], tables: AddressTables) -> bool:
    """True for the name of a brook or hill beside the street: 4 FRONT ST, JAIL BRANCH."""
    behind = reading.delivery[found[1] : found[1] + 1]
    is_alone = found[1] - found[0] == 1 and reading.delivery[found[0] - 1] == BREAK
    return is_alone and bool(behind) and tables.suffixes.get(behind[0]) in _LANDFORMS


def _street_of(reading: Reading) -> tuple[int, int]:
    """The name of a typed street, with its type where it is generic (12 SUPERIOR COURT is no court).

    What stands behind a type within the name is no part of it: 12 OAK ST, MESA WORK RELEASE CENTER.
    """
    form = reading.plan
    if not form.suffix[1]:
        return _NONE
    if reading.has_generic_type():
        return form.name[0], form.suffix[1]
    start, stop = form.name
    typed = next((place for place in range(start + 1, stop - 1) if reading.letters[place] in "seE"), stop)
    return start, typed


def _institution(reading: Reading, tables: AddressTables) -> list[str]:
    """The words beside number and street that name an institution: FACILITY anywhere, ICE first or last
    between two breaks."""
    beside = [*reading.before(), BREAK, *reading.behind()]
    said = " ".join(BREAK if tables.classes.get(word) == "C" else word for word in beside).split(BREAK)
    parts = [words for words in map(str.split, said) if words]
    last = [words[-1] for words in parts if len(words[-1]) <= _INITIALS_MAX]
    apart = (words for words in parts if words[-1] not in _DWELLINGS)
    told = [word for words in apart for word in words if word in tables.facility_bodies]
    ends = [words[0] for words in parts] + last
    centers = [words[-1] for words in parts if words[-1] == "DC" and words[-2:-1] not in ([], ["WASHINGTON"])]
    alone = [word for word in ends if word in tables.facility_alone or _INITIALS.fullmatch(word)]
    return told or alone or centers


def _segments(reading: Reading, tables: AddressTables) -> list[str]:
    """What stands between two commas, or beside what the form covers; a number before it says nothing."""
    form, numbered = reading.plan, range(*reading.plan.number)
    covered = [reading.delivery[at] for at in range(form.start, form.stop) if at not in numbered]
    parts = reading.before(), covered, reading.behind()
    told = (" ".join(_unaddressed(part, tables)) for part in parts)
    return [segment.strip() for part in told for segment in part.split(BREAK)]


def _unaddressed(words: list[str], tables: AddressTables) -> list[str]:
    """`words` without what says in whose care something is sent: C/O ICE."""
    return [word for word in words if tables.classes.get(word) != "C"]
