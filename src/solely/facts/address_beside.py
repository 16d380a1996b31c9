"""What stands beside an address and unsettles it: whoever lives there, doubt, a place it is measured from.

- A request names a person at their address (R-88): whoever lives there is nobody, and the row is returned.
- Words of doubt, denial or the past leave the address to a person (R-80); a building's name says nothing.
"""

from collections.abc import Sequence
from itertools import pairwise

from solely.facts.address_forms import is_unit
from solely.facts.address_lexicon import first_phrase, reader
from solely.facts.address_reading import Finding, Reading
from solely.facts.address_tables import DIRECTIONALS, EVERY, AddressTables, squash
from solely.facts.address_text import BREAK

# what stands right before the number of another place, or before one where somebody is: NEXT DOOR TO, SEEN AT
_RELATING = frozenset({"TO", "FROM", "OF", "OFF", "DE", "DEL", "AL"})
_WHERE = frozenset({"AT", "EN", "ON", "IN"})
# before the number of a block of houses (BLOCK 900 E OAK ST); in Puerto Rico a house stands in one
_BLOCKS = frozenset({"BLOCK", "BLOCKS", "BLK", "BLKS", "CUADRA", "CUADRAS"})
# what somebody has of whom the address tells: MOTHERS HOUSE
_HOMES = frozenset({"HOUSE", "HOME", "PLACE", "APT", "APARTMENT", "RESIDENCE", "CASA"})
_PLACES = _HOMES | {"OFFICE", "OFFICES", "OFC", "S", "LAW"}


def whoever(reading: Reading, tables: AddressTables) -> Finding:
    """Words for whoever lives at the address, where the person's own belongs: ALL RESIDENTS, TODOS EN."""
    for words in (reading.before(), reading.behind()):
        found = first_phrase(words, tables.anyone)
        if found:
            return "whoever", " ".join(words[found[0] : found[1]])
    unit = reading.words(reading.plan.unit)
    return None if EVERY.isdisjoint(unit) else ("whoever", " ".join(unit))


def doubt_beside(reading: Reading, tables: AddressTables) -> Finding:
    """Words that measure from the address, doubt or deny it (NEAR THE, NEXT DOOR TO, NOT AT, LAST SEEN), or a
    road of which the number is (US 12 OAK ST)."""
    before = [word for word in reading.before() if word != BREAK]
    ahead = reading.letters[: reading.plan.start]
    if any(letter in "mkp" for letter in ahead) or ahead[-1:] in ("r", "E", "R"):
        return "unclear", " ".join(before)
    unit = [
        word for word in map(reader(tables), reading.words(reading.plan.unit)) if _is_unsaid(word, tables)
    ]
    if unit:
        return "doubted", " ".join(unit)
    if reading.is_loose() and "C" not in ahead and _is_related(before, reading.line.state, tables):
        return "doubted", " ".join(before)
    place = _other_place(reading, tables) or _counsel(reading, tables)
    if place:
        return "doubted", place
    surmised = [word for word in reading.left_out() if word in tables.surmising]
    if surmised:
        return "doubted", " ".join(surmised)
    return _doubted_beside(before, reading, tables)


def _doubted_beside(before: list[str], reading: Reading, tables: AddressTables) -> Finding:
    """Words for another's place, or of doubt and nothing else, before the address or behind it."""
    for beside in (before, reading.behind()):
        if "C" not in reading.letters and _is_of_another(beside, tables):
            return "doubted", " ".join(beside)
    if tables.said.issuperset(before) and not tables.doubting.isdisjoint(before):
        return "doubted", " ".join(before)
    behind = [word for word in reading.behind() if word != BREAK]
    return ("doubted", " ".join(behind)) if behind and tables.doubting.issuperset(behind) else None


def _counsel(reading: Reading, tables: AddressTables) -> str:
    """Behind C/O a word for a lawyer or an employer, whose office the address is; "" if none."""
    before, is_behind = reading.before(), False
    for word in before:
        if is_behind and word in tables.kin and word in tables.doubting:
            return word
        is_behind = tables.classes.get(word) == "C" or (is_behind and word in tables.linking)
    return ""


def _other_place(reading: Reading, tables: AddressTables) -> str:
    """What between two breaks names a country, another state, or a city with its state; "" if nothing.

    Behind the street it may also end in a country (LONDON UK) or begin as foreign districts do (COL CENTRO).
    """
    if "C" in reading.letters:
        return ""
    for word, following in pairwise(reading.delivery):
        if word in tables.foreign_words - tables.towns and following[0].isdigit():
            return f"{word} {following}"
    ahead = _between(reading.before(), tables)
    for words in (*ahead, *(place + state for place, state in pairwise(ahead))):
        is_country = " ".join(words) in tables.countries and words[0] not in tables.receivers
        if is_country or (len(words) > 1 and _is_of_a_state(words, reading, tables)):
            return " ".join(words)
    for words in _between(reading.behind(), tables):
        if _is_of_a_state(words, reading, tables) or _is_abroad(words, reading.line.city, tables):
            return " ".join(words)
    city = reading.line.city.split() if reading.line.fault == "city_unknown" else []
    is_other = bool(city) and (_is_abroad(city, "", tables) or _is_of_a_state(city, reading, tables))
    return reading.line.city if is_other else ""


def _is_of_a_state(words: list[str], reading: Reading, tables: AddressTables) -> bool:
    """True for another state's name, and for another city with its state behind it."""
    line = reading.line
    near = tables.zips[line.zip5].cities if line.zip5 in tables.zips else ()
    for count in range(1, min(len(words), 3) + 1):
        code = tables.states.get(" ".join(words[-count:]), "")
        city = squash(" ".join(words[:-count]), tables.city_words)
        is_there = (
            city in tables.state_cities.get(code, ()) and city not in near if city else code != line.state
        )
        if code and is_there and words[-1] not in DIRECTIONALS:
            return True
    return False


def _is_abroad(words: list[str], city: str, tables: AddressTables) -> bool:
    if len(words) == 1:
        return words[0] in tables.countries and words[0] != city
    is_district = words[0] in tables.foreign_words and words[0] not in tables.towns
    is_country = words[-1] in tables.countries and words[-2] not in tables.classes
    return is_district or is_country or " ".join(words) in tables.countries


def _between(words: list[str], tables: AddressTables) -> list[list[str]]:
    """The words between two breaks each, and up to what points elsewhere (UK PER FILE)."""
    segments: list[list[str]] = [[]]
    for word in words:
        if word == BREAK or word in tables.referring:
            segments.append([])
        else:
            segments[-1].append(word)
    return [segment for segment in segments if segment]


def _is_unsaid(word: str, tables: AddressTables) -> bool:
    """True for a word by which a flat's number is not known (APT UNKNOWN); NONE says that there is none."""
    return word in tables.placeholder_words and word not in tables.no_unit


def is_home_of_another(name: Sequence[str], tables: AddressTables) -> bool:
    """True for a name that says whose house it is: SISTERS HOUSE."""
    return not _HOMES.isdisjoint(name) and _is_of_another(name, tables)


def _is_of_another(words: Sequence[str], tables: AddressTables) -> bool:
    """True for words that say that the place is another's: MOTHERS HOUSE, ATTORNEYS OFFICE."""
    told = [word for word in words if word != BREAK]
    if tables.kin.isdisjoint(told):
        return False
    return all(
        word in tables.kin or word in tables.said or word in tables.people or word in _PLACES for word in told
    )


def is_unknown_ahead(reading: Reading, tables: AddressTables) -> bool:
    """True for a name before the address that tells no receiver, flat or building: SUNNY HALL, 12 OAK ST."""
    start, city = 0, reading.line.city
    for place, word in enumerate((*reading.before(), BREAK)):
        if word == BREAK:
            words, letters = reading.delivery[start:place], reading.letters[start:place]
            if words and " ".join(words) != city and not _is_known(words, letters, tables):
                return True
            start = place + 1
    return False


def _is_known(words: list[str], letters: str, tables: AddressTables) -> bool:
    if letters[0] in "Cz" or is_unit(letters) or words[0] in tables.receivers:
        return True
    return not tables.buildings.isdisjoint(words) or tables.labels.issuperset(words)


def _is_related(before: list[str], state: str, tables: AddressTables) -> bool:
    """True if the address is told from another place, is a whole block, or is where somebody was seen.

    A building may be called so: PARK LOFTS AT 12 OAK ST, or THE and a name: THE RESERVE AT 12 OAK ST.
    """
    if before[-1] not in _WHERE:
        return before[-1] in _RELATING or (before[-1] in _BLOCKS and state != "PR")
    is_named = before[0] == "THE" and tables.people.isdisjoint(before) and not tables.said.issuperset(before)
    return not is_named and tables.buildings.isdisjoint(before)
