"""A second place beside the last line, for the judge's slow twin."""

from itertools import pairwise

from solely.facts.address_tables import DIRECTIONALS, AddressTables
from tests.support.address_twin_reading import Read


def is_other_place(read: Read, before: list[str], behind: list[str], tables: AddressTables) -> bool:
    """True for a country, another state, or a city with its state, between two breaks beside the form."""
    if "C" in read.letters:
        return any(
            word in ("C/O", "ATTN", "ATTENTION", "%")
            and following in tables.kin
            and following in tables.doubting
            for word, following in pairwise(before)
        )
    for at, word in enumerate(read.delivery[:-1]):
        is_foreign = word in tables.foreign_words and word not in tables.towns
        if is_foreign and read.delivery[at + 1][0].isdigit():
            return True
    for segment in (each.strip() for each in _apart(before, tables)):
        is_country = segment in tables.countries and segment not in tables.receivers
        if is_country or (" " in segment and _is_of_a_state(segment, read, tables)):
            return True
    for segment in (each.strip() for each in _apart(behind, tables)):
        first, _, rest = segment.partition(" ")
        is_district = rest != "" and first in tables.foreign_words and first not in tables.towns
        is_country = segment in tables.countries and segment != (read.line.city if not rest else "")
        most, _, last = segment.rpartition(" ")
        is_in_country = last in tables.countries and most.split(" ")[-1] not in ("", *tables.classes)
        if is_district or is_country or is_in_country or (segment and _is_of_a_state(segment, read, tables)):
            return True
    return False


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
