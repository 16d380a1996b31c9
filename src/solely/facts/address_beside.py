"""What stands beside an address and unsettles it: whoever lives there, doubt, a place it is measured from.

- A request names a person at their address (R-88): whoever lives there is nobody, and the row is returned.
- Words of doubt, denial or the past leave the address to a person (R-80); a building's name says nothing.
"""

from solely.facts.address_forms import is_unit
from solely.facts.address_lexicon import first_phrase, reader
from solely.facts.address_reading import Finding, Reading
from solely.facts.address_tables import EVERY, AddressTables
from solely.facts.address_text import BREAK

# what stands right before the number of another place, or before one where somebody is: NEXT DOOR TO, SEEN AT
_RELATING = frozenset({"TO", "FROM", "OF", "OFF", "DE", "DEL", "AL"})
_WHERE = frozenset({"AT", "EN", "ON", "IN"})
# what somebody has of whom the address tells: MOTHERS HOUSE
_PLACES = frozenset(
    {
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
        "S",
        "LAW",
    }
)


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
    unit = [
        word for word in map(reader(tables), reading.words(reading.plan.unit)) if _is_unsaid(word, tables)
    ]
    if unit:
        return "doubted", " ".join(unit)
    before = [word for word in reading.before() if word != BREAK]
    ahead = reading.letters[: reading.plan.start]
    if any(letter in "mkp" for letter in ahead) or ahead[-1:] in ("r", "E", "R"):
        return "unclear", " ".join(before)
    if reading.is_loose() and "C" not in ahead and _is_related(before, tables):
        return "doubted", " ".join(before)
    surmised = [word for word in reading.left_out() if word in tables.surmising]
    if surmised:
        return "doubted", " ".join(surmised)
    for beside in (before, reading.behind()):
        if "C" not in reading.letters and _is_of_another(beside, tables):
            return "doubted", " ".join(beside)
    if tables.said.issuperset(before) and not tables.doubting.isdisjoint(before):
        return "doubted", " ".join(before)
    behind = [word for word in reading.behind() if word != BREAK]
    return ("doubted", " ".join(behind)) if behind and tables.doubting.issuperset(behind) else None


def _is_unsaid(word: str, tables: AddressTables) -> bool:
    """True for a word by which a flat's number is not known (APT UNKNOWN); NONE says that there is none."""
    return word in tables.placeholder_words and word not in tables.no_unit


def _is_of_another(words: list[str], tables: AddressTables) -> bool:
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


def _is_related(before: list[str], tables: AddressTables) -> bool:
    """True if the address is told from another place, or is where somebody was seen.

    A building may be called so: PARK LOFTS AT 12 OAK ST, or THE and a name: THE RESERVE AT 12 OAK ST.
    """
    if before[-1] not in _WHERE:
        return before[-1] in _RELATING
    is_named = before[0] == "THE" and tables.people.isdisjoint(before) and not tables.said.issuperset(before)
    return not is_named and tables.buildings.isdisjoint(before)
