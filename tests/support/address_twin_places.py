"""A second place beside the last line, for the judge's slow twin."""

from itertools import pairwise

from solely.facts.address_tables import DIRECTIONALS, AddressTables
from tests.support.address_twin_reading import UNITS, Read
from tests.support.address_twin_words import is_care


def is_other_place(read: Read, before: list[str], behind: list[str], tables: AddressTables) -> bool:
    """True for a country, another state, or a city with its state, between two breaks beside the form."""
    if "C" in read.letters:
        return _is_counsel(before, tables)
    for at, word in enumerate(read.delivery[:-1]):
        is_foreign = word in tables.foreign_words and word not in tables.towns
        if is_foreign and read.delivery[at + 1][0].isdigit():
            return True
    ahead = [each.strip() for each in _apart(before, tables) if each.strip()]
    for segment in (*ahead, *(" ".join(pair) for pair in pairwise(ahead))):
        is_country = segment in tables.countries and segment.split()[0] not in tables.receivers
        if is_country or (" " in segment and _is_of_a_state(segment, read, tables)):
            return True
    return _is_behind(read, behind, tables)


def _is_behind(read: Read, behind: list[str], tables: AddressTables) -> bool:
    for segment in (each.strip() for each in _apart(behind, tables)):
        is_city_again = segment == read.line.city and " " not in segment
        if _is_abroad(segment, tables) and not is_city_again:
            return True
        if segment and _is_of_a_state(segment, read, tables):
            return True
    city = read.line.city if read.line.fault == "city_unknown" else ""
    return city != "" and (_is_abroad(city, tables) or _is_of_a_state(city, read, tables))


def _is_counsel(before: list[str], tables: AddressTables) -> bool:
    """True for C/O HIS ATTORNEY."""
    said = " ".join(word for word in before if word not in tables.linking)
    pairs = pairwise(said.replace("C/O", "ATTN").replace("ATTENTION", "ATTN").replace("%", "ATTN").split())
    return any(of in tables.kin and of in tables.doubting for word, of in pairs if word == "ATTN")


def _is_abroad(segment: str, tables: AddressTables) -> bool:
    first, _, rest = segment.partition(" ")
    most, _, last = segment.rpartition(" ")
    is_district = rest != "" and first in tables.foreign_words and first not in tables.towns
    is_in_country = last in tables.countries and most.split(" ")[-1] not in ("", *tables.classes)
    return is_district or is_in_country or segment in tables.countries


def _is_of_a_state(segment: str, read: Read, tables: AddressTables) -> bool:
    words = segment.split(" ")
    if words[-1] in DIRECTIONALS:
        return False
    for at in range(max(0, len(words) - 3), len(words)):
        code = tables.states.get(" ".join(words[at:]))
        city = "".join(tables.city_words.get(word, word) for word in words[:at])
        if code and not city and code != read.line.state:
            return True
        entry = tables.zips.get(read.line.zip5)
        if code and city in tables.state_cities.get(code, {}) and not (entry and city in entry.cities):
            return True
    return False


def _apart(words: list[str], tables: AddressTables) -> list[str]:
    """What stands between breaks, or words that point elsewhere."""
    return " ".join("," if word in tables.referring else word for word in words).split(",")


def is_name_ahead(read: Read, tables: AddressTables) -> bool:
    """True for a name before the form that is no receiver's, no unit's and no building's."""
    segments: list[list[int]] = [[]]
    for at in range(read.form.start):
        if read.delivery[at] == ",":
            segments.append([])
        else:
            segments[-1].append(at)
    for segment in filter(None, segments):
        words, letters = ([read.delivery[at] for at in segment], "".join(read.letters[at] for at in segment))
        is_known = " ".join(words) == read.line.city or letters[0] in "Cz" or words[0] in tables.receivers
        is_known = is_known or any(end == len(letters) for end, _ in UNITS(letters, 0, {}))
        is_known = is_known or any(word in tables.buildings for word in words)
        if not is_known and any(word not in tables.labels for word in words):
            return True
    return False


def is_of_kin(words: list[str], tables: AddressTables) -> bool:
    """True for MOTHERS HOUSE and the like, and nothing else."""
    of_places = {
        "HOUSE",
        "HOME",
        "PLACE",
        "OFFICE",
        "OFFICES",
        "OFC",
        "APT",
        "APARTMENT",
        "RESIDENCE",
        "CASA",
    }
    around = {"S", "LAW", ",", *of_places, *tables.fillers, *tables.labels, *tables.telling, *tables.linking}
    around = {*around, *tables.pronouns, *tables.vague, *tables.doubting} - tables.buildings
    said = {*around, *of_places, *tables.people}
    return any(word in tables.kin for word in words) and all(word in said for word in words)


def is_institution(beside: tuple[list[str], list[str]], tables: AddressTables) -> bool:
    """True for words beside number and street that name an institution."""
    told = ("," if is_care(word, tables) else word for word in (*beside[0], ",", *beside[1]))
    parts = [part.split() for part in " ".join(told).split(",") if part.strip()]
    dwellings = ("APARTMENTS", "APTS", "CONDOMINIUMS", "CONDOS", "LOFTS", "TOWNHOMES", "TOWNHOUSES")
    if any(word in tables.facility_bodies for part in parts if part[-1] not in dwellings for word in part):
        return True
    if any(part[-1] == "DC" and part[-2:-1] not in ([], ["WASHINGTON"]) for part in parts):
        return True
    ends = [part[0] for part in parts] + [part[-1] for part in parts if len(part[-1]) < 6]
    return any(word in tables.facility_alone or _is_house(word) for word in ends)


def _is_house(word: str) -> bool:
    """True for NWDC and the like."""
    is_plain = word.isascii() and word.isalpha() and word.isupper()
    return is_plain and len(word) in (4, 5) and word[-2:] in ("DC", "DF", "CF", "PC")
