"""The tables the address judge reads by, made once from the input files.

- Everything here is data of a version: suffixes, units, states (USPS Publication 28, appendices B and C),
  street words, placeholders, facilities, mail agencies, countries, and the ZIP table.
- A word has one class, a single letter: the alphabet of the grammar in `address_forms`.
"""

import csv
import io
import re
import tomllib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import product
from string import ascii_uppercase
from typing import Any, NamedTuple, Protocol

from solely.errors import UsageError
from solely.facts.address_text import GLUED_LETTERS
from solely.folding import fold

DIRECTIONALS = {
    "N": "N", "NORTH": "N", "S": "S", "SOUTH": "S", "E": "E", "EAST": "E", "W": "W", "WEST": "W",
    "NE": "NE", "NORTHEAST": "NE", "NW": "NW", "NORTHWEST": "NW", "SE": "SE", "SOUTHEAST": "SE",
    "SW": "SW", "SOUTHWEST": "SW", "SO": "S", "NORTE": "N", "SUR": "S", "ESTE": "E", "OESTE": "W",
    "NTH": "N", "NRTH": "N", "NORH": "N", "NORT": "N", "STH": "S", "SOTH": "S", "SOUT": "S", "WST": "W",
    "NTHE": "NE", "NRTHE": "NE", "NORHE": "NE", "NORTHE": "NE", "NTHW": "NW", "NRTHW": "NW", "NORHW": "NW",
    "NORTW": "NW", "NORTHW": "NW", "STHE": "SE", "SOUTHE": "SE", "STHW": "SW", "SOUTHW": "SW",
    "NTHEAST": "NE", "NRTHEAST": "NE", "NRTEAST": "NE", "NORHEAST": "NE", "NTHWEST": "NW", "NRTHWEST": "NW",
    "NRTHWST": "NW", "NORHWST": "NW", "NORHWEST": "NW", "NORTHWST": "NW", "SOEAST": "SE", "STHEAST": "SE",
    "SOWEST": "SW", "STHWEST": "SW", "SWST": "SW", "SOUTHWST": "SW",
}  # fmt: skip
TYPE_FIRST = {"AVE", "RD", "LN", "BLVD", "LOOP"}
NUMBERED_WAYS = {"HWY", "RTE"}


class ZipRow(Protocol):
    """One ZIP Code as the ZIP table holds it: state, accepted cities (preferred first), kind."""

    @property
    def state(self) -> str:
        """The two letters of its state."""

    @property
    def cities(self) -> tuple[str, ...]:
        """The city names it accepts, preferred first."""

    @property
    def kind(self) -> str:
        """STANDARD, PO BOX, UNIQUE or MILITARY."""


class Merge(NamedTuple):
    """Words that are read as one; some only where a number comes next."""

    words: tuple[str, ...]
    standard: str
    is_before_number: bool


@dataclass(frozen=True, slots=True)
class ZipLine:
    """What a last line may say for one ZIP: its state, and the preferred city by accepted name.

    A name is there as one word, in full and with its words shortened (SAINTLOUIS, STLOUIS), directions aside;
    `words_max` is one more than the words of the longest, so that LA SALLE is found where LASALLE is listed.
    """

    state: str
    cities: Mapping[str, str]
    words_max: int


@dataclass(frozen=True, slots=True, eq=False)
class AddressTables:
    """Every table of the judge; `classes` gives a word's grammar letter, other mappings its standard form."""

    zips: Mapping[str, ZipLine]
    state_cities: Mapping[str, Mapping[str, str]]
    states: Mapping[str, str]
    state_ends: frozenset[str]
    classes: Mapping[str, str]
    suffixes: Mapping[str, str]
    units: Mapping[str, str]
    merges: Mapping[str, tuple[Merge, ...]]
    merge_signs: frozenset[str]
    spelled: Mapping[str, str]
    city_words: Mapping[str, str]
    untyped: frozenset[str]
    ways: frozenset[str]
    state_roads: Mapping[str, Mapping[str, str]]
    interstates: Mapping[str, frozenset[str]]
    land: frozenset[str]
    areas: frozenset[str]
    type_shapes: frozenset[str]
    placeholder_phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    placeholder_words: frozenset[str]
    fakes: frozenset[str]
    called: frozenset[str]
    roads: frozenset[str]
    telling: frozenset[str]
    linking: frozenset[str]
    pronouns: frozenset[str]
    people: frozenset[str]
    kin: frozenset[str]
    no_unit: frozenset[str]
    no_line: frozenset[str]
    receivers: frozenset[str]
    common: frozenset[str]
    towns: frozenset[str]
    places: frozenset[str]
    numerals: Mapping[str, int]
    fillers: frozenset[str]
    vague: frozenset[str]
    landmarks: frozenset[str]
    labels: frozenset[str]
    doubting: frozenset[str]
    surmising: frozenset[str]
    said: frozenset[str]
    calling: frozenset[str]
    acts: frozenset[str]
    particles: frozenset[str]
    forms: frozenset[str]
    entries: frozenset[str]
    determining: frozenset[str]
    opening: frozenset[str]
    official: frozenset[str]
    hardly: frozenset[str]
    buildings: frozenset[str]
    spots: frozenset[str]
    referring: frozenset[str]
    stations: frozenset[str]
    anyone: Mapping[str, tuple[tuple[str, ...], ...]]
    box_zips: frozenset[str]
    vocabulary: frozenset[str]
    skeletons: Mapping[str, str]
    near: Mapping[str, str]
    looks: Mapping[str, str]
    facility_phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    facility_alone: frozenset[str]
    facility_bodies: frozenset[str]
    facility_short: Mapping[str, str]
    facility_stems: Mapping[str, str]
    facility_words: frozenset[str]
    facility_exact: frozenset[str]
    facility_near: Mapping[str, str]
    facilities: frozenset[tuple[str, str]]
    public_facilities: Mapping[tuple[str, str], tuple[frozenset[str], ...]]
    confining: frozenset[str]
    agency_phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    agencies: frozenset[tuple[str, str]]
    registered: frozenset[tuple[str, str]]
    countries: frozenset[str]
    foreign_words: frozenset[str]
    sayable: frozenset[str]
    running: frozenset[str]
    misspelt: Mapping[str, str]
    suspicious: frozenset[str]
    signs: frozenset[str]


def parse_tables(files: Mapping[str, bytes], zips: Mapping[str, ZipRow]) -> AddressTables:
    """The judge's tables from the named input files and the ZIP table.

    A file or a list that is missing is a usage error: an older build may have written a gate's copies.
    """
    try:
        return _parsed(files, zips)
    except KeyError as missing:
        raise UsageError(
            f"the input files lack `{missing.args[0]}`, which this build reads; name a folder with tables "
            "to `init GATE --inputs`, where the shipped ones take the place of all others"
        ) from None


def _parsed(files: Mapping[str, bytes], zips: Mapping[str, ZipRow]) -> AddressTables:
    streets = _street_words(files)
    words = streets | _lexicon(files, streets["classes"]) | _registers(files)
    lines, by_state = _zip_lines(zips, words["city_words"])
    for state, towns in words.pop("towns").items():
        by_state[state] = {squash(town, words["city_words"]): town for town in towns} | by_state.get(
            state, {}
        )
    known = words["states"].keys() | words["countries"] | _large_cities(zips)
    places = frozenset(name for name in known if len(name) > 2)
    towns = frozenset(name for entry in zips.values() for name in entry.cities if name.isalpha())
    boxes = frozenset(code for code, entry in zips.items() if entry.kind == "PO BOX")
    return AddressTables(
        zips=lines, state_cities=by_state, places=places, towns=towns, box_zips=boxes, **words
    )


def _street_words(files: Mapping[str, bytes]) -> dict[str, Any]:
    streets = _toml(files, "street_words.toml")
    suffixes, units = _rows(files, "street_suffixes.csv"), _rows(files, "unit_designators.csv")
    states = _states(_rows(files, "states.csv"))
    roads = _state_roads(streets["road_names"], states)
    merges = streets["merges"], streets["merges_before_number"]
    slips = _slips(suffixes)
    return {
        "states": states,
        "state_ends": frozenset(name.split()[-1] for name in states if " " in name),
        "classes": {slip: "s" for slip in slips} | _classes(streets["classes"], suffixes, units),
        "suffixes": slips | {name: row["abbreviation"] for row in suffixes for name in row["names"].split()},
        "units": {name: row["abbreviation"] for row in units for name in row["names"].split()},
        "merges": _merges(*merges),
        "merge_signs": _signs([*merges[0], *merges[1]], _TYPES) - _TYPES
        | GLUED_LETTERS
        | {name.split()[-1] for own in roads.values() for name in own},
        "spelled": streets["spelled"],
        "city_words": streets["cities"],
        "untyped": frozenset(streets["untyped"]["names"]),
        "ways": frozenset(streets["untyped"]["ways"]),
        "stations": frozenset(streets["stations"]["names"]),
        "land": frozenset(streets["land"]["types"]),
        "areas": frozenset(streets["areas"]["words"]),
        "towns": streets["towns"],
        "numerals": streets["numerals"],
        "state_roads": roads,
        "interstates": {
            row["number"]: frozenset(row["states"].split()) for row in _rows(files, "interstates.csv")
        },
        "type_shapes": frozenset(
            shown(said)
            for row in suffixes
            if row["generic"] == "yes"
            for name in row["names"].split()
            for said in (name, *_turned(name))
        ),
    }


def _lexicon(files: Mapping[str, bytes], classes: Container[str]) -> dict[str, Any]:
    lexicon = _toml(files, "placeholders.toml")
    facility, agency = _toml(files, "facility_words.toml"), _toml(files, "mail_agencies.toml")
    countries = _toml(files, "countries.toml")
    words, vague, fakes = (frozenset(lexicon[name]) for name in ("words", "vague", "fakes"))
    telling = frozenset(lexicon["telling"])
    words |= fakes
    joined = _joined(lexicon["phrases"], words.union(telling, lexicon["linking"])) - words
    words, fakes = words | joined, fakes | joined
    foreign = frozenset(countries["words"])
    institutions = _facility_lexicon(facility, classes)
    beside = {word for word in (*institutions["facility_short"], *facility["bodies"]) if word not in classes}
    agencies = _by_other_letters(agency["phrases"])
    phrases = [*lexicon["phrases"], *facility["phrases"], *agencies]
    suspicious = words | vague | fakes | telling | foreign | beside | _suspicion(lexicon, facility, classes)
    signs = _signs(phrases, _COMMON, classes)
    common = frozenset(_toml(files, "common_words.toml")["words"].split()).union(lexicon["statuses"])
    vocabulary = words | {word for phrase in lexicon["phrases"] for word in phrase.split()}
    said = _sayable(lexicon, facility)
    return {
        "placeholder_phrases": _by_first(lexicon["phrases"]),
        "placeholder_words": words,
        "fakes": fakes,
        "telling": telling,
        "anyone": _by_first(lexicon["anyone"]),
        "said": frozenset[str]().union(*(lexicon[name] for name in _SAID)) - set(lexicon["buildings"]),
        **{name: frozenset(lexicon[name]) for name in _TAKEN},
        "people": frozenset(lexicon["people"]) | frozenset(lexicon["kin"]),
        "receivers": frozenset(lexicon["receivers"].split()) | frozenset(lexicon["people"]),
        "vague": vague,
        "common": common,
        "vocabulary": vocabulary,
        "skeletons": {skeleton(word): word for word in sorted(vocabulary, reverse=True)},
        "near": _near(vocabulary),
        "looks": {shown(word): word for word in sorted(vocabulary) if len(word) >= _LOOKS_MIN},
        **institutions,
        "agency_phrases": _by_first(agencies),
        "countries": frozenset(countries["names"]),
        "foreign_words": foreign,
        "sayable": (sayable := said | {each for each in common if len(each) > 3}),
        "running": sayable.union(lexicon["running"].split()),
        "misspelt": _misspelt(said.difference(lexicon["people"])),
        "suspicious": suspicious | signs,
        "signs": signs - suspicious,
    }


def _suspicion(
    lexicon: Mapping[str, Any], facility: Mapping[str, Any], classes: Container[str]
) -> frozenset[str]:
    """Words for whose sake a text is looked at, whatever stands beside them, those of whole lists aside."""
    anyone = (phrase for phrase in lexicon["anyone"] if EVERY.isdisjoint(phrase.split()))
    return (_signs(facility["alone"], _COMMON, classes) | _signs(anyone, _COMMON) | _LOOKED_AT).union(
        lexicon["pronouns"],
        *(lexicon[name] for name in _SAYING),
        (word for word in facility["confining"] if word not in classes),
        (word for word in lexicon["kin"] if word in lexicon["doubting"]),
    )


def _sayable(lexicon: Mapping[str, Any], facility: Mapping[str, Any]) -> frozenset[str]:
    """The words that say something, known also where they are run together: no forwarding address."""
    said = {word for name in _SAYABLE for phrase in lexicon[name] for word in phrase.split()}
    longer = {word for word in said.union(facility["confining"]) if len(word) > len("NO") or word in _SHORT}
    return frozenset(word for word in longer if word.isalpha())


def _misspelt(said: Iterable[str]) -> dict[str, str]:
    """What is one slip of the hand from a word that says something (THIIS, RLEEASED), `?` for any letter."""
    found: dict[str, str] = {}
    for word in sorted(said):
        for place in range(len(word)):
            if len(word) >= _DOUBLED_MIN:
                found.setdefault(word[:place] + word[place] + word[place:], word)
            if len(word) > _TURNED_MIN and place:
                found.setdefault(word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :], word)
            if len(word) >= _LOST_MIN:
                found.setdefault(word[:place] + word[place + 1 :], word)
                found.setdefault(f"{word[:place]}?{word[place + 1 :]}", word)
    return found


def _facility_lexicon(facility: Mapping[str, Any], classes: Container[str]) -> dict[str, Any]:
    told = frozenset(word for phrase in facility["phrases"] for word in phrase.split() if len(word) >= 7)
    return {
        "facility_phrases": _by_first(facility["phrases"]),
        "facility_alone": frozenset(facility["alone"]),
        "confining": frozenset(facility["confining"]),
        "facility_bodies": frozenset(facility["bodies"]),
        "facility_short": _consonants(told, classes) | facility["short"],
        "facility_stems": facility["stems"],
        "facility_words": told - _COMMON,
        "facility_exact": frozenset(facility["exact"]),
        "facility_near": _near(told - frozenset(facility["exact"])),
    }


_TAKEN = (
    "called", "roads", "linking", "pronouns", "kin", "no_unit", "no_line", "fillers", "landmarks", "labels",
    "doubting", "surmising", "calling", "acts", "particles", "forms", "entries", "determining", "hardly",
    "buildings", "spots", "referring", "opening", "official",
)  # fmt: skip
# a name that holds one of these is looked at
_SAYING = ("calling", "acts", "forms", "determining", "hardly", "referring", "opening", "official")
# any other of two letters may be part of a name
_SHORT = frozenset({"NO", "TO", "IN", "AT", "ON", "OF", "BY", "MY", "IS", "AS"})
_SAYABLE = (
    "phrases", "words", "fakes", "telling", "linking", "pronouns", "kin", "people", "fillers", "labels",
    "doubting", "vague", "acts", "particles", "forms", "entries", "determining", "opening", "official",
    "statuses", "landmarks",
)  # fmt: skip
# what may stand around a word of doubt: MAY HAVE LIVED AT THE
_SAID = ("doubting", "fillers", "labels", "telling", "linking", "pronouns", "vague")


def _joined(phrases: Iterable[str], saying: Set[str]) -> frozenset[str]:
    """The longer phrases that say something, as one word: NOTKNOWN, but not UNDERBRIDGE."""
    said = (phrase.split() for phrase in phrases)
    joined = ("".join(words) for words in said if len(words) > 1 and not saying.isdisjoint(words))
    return frozenset(word for word in joined if len(word) >= _JOINED_MIN and word.isalpha())


def _by_other_letters(names: Iterable[str]) -> frozenset[str]:
    """The names with N for AND, and the longer ones of several words as one word: POSTALANNEX."""
    found = {name.replace(" AND ", " N ") for name in names} | {*names}
    joined = (name.replace(" ", "") for name in found if " " in name)
    return frozenset(found).union(name for name in joined if len(name) >= _JOINED_MIN)


def _registers(files: Mapping[str, bytes]) -> dict[str, Any]:
    facilities = _register(_rows(files, "facilities.csv"))
    agencies = _register(_rows(files, "mail_agencies.csv"))
    public: dict[tuple[str, str], tuple[frozenset[str], ...]] = {}
    for row in _rows(files, "public_facilities.csv"):
        place = fold(row["house_number"]), row["zip"]
        public[place] = (*public.get(place, ()), frozenset(row["street"].split()))
    registered = facilities | agencies | public.keys()
    return {
        "facilities": facilities, "agencies": agencies, "registered": registered, "public_facilities": public,
    }  # fmt: skip


_LEET = str.maketrans("0134578@$!|+L", "OIEASTBASIITI")


def skeleton(word: str) -> str:
    """`word` with look-alike digits and signs as letters, runs of one letter as one (L and I alike)."""
    plain = word.translate(_LEET)
    return "".join(c for place, c in enumerate(plain) if place == 0 or plain[place - 1] != c)


_LOOKS_MIN = 7
_LOOKS = str.maketrans("EJLQ01", "CIIGOI")


def shown(word: str) -> str:
    """`word` with one sign for letters that a scan takes for each other: AVC is AVE, DRLVE is DRIVE."""
    return word.replace("RN", "M").replace("LI", "H").replace("CL", "D").translate(_LOOKS)


def squash(name: str, city_words: Mapping[str, str]) -> str:
    """A city's name as one word, each part spelled out: ST LOUIS and SAINT LOUIS are one."""
    return "".join(city_words.get(word, word) for word in name.split())


def _shortened(city_words: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Each word of a city with a short form of two letters or more, and its forms: SAINT is SAINT or ST."""
    found: dict[str, tuple[str, ...]] = {}
    for short, full in city_words.items():
        if len(short) > 1:
            found[full] = (*found.get(full, (full,)), short)
    return found


def _city_writings(
    name: str, city_words: Mapping[str, str], shortened: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    yield name.replace(" ", "")
    full = [city_words.get(word, word) for word in name.split()]
    for words in product(*(shortened.get(word, (word,)) for word in full)):
        yield "".join(words)


def _toml(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(files[name].decode("utf-8"))
    except (KeyError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise UsageError(f"`{name}` is missing or no TOML") from None


def _rows(files: Mapping[str, bytes], name: str) -> list[dict[str, str]]:
    try:
        return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"))))
    except (KeyError, UnicodeDecodeError):
        raise UsageError(f"`{name}` is missing or not UTF-8") from None


def _by_first(phrases: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        words = tuple(phrase.split())
        found.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(rest, key=lambda each: (-len(each), each))) for first, rest in found.items()}


def _merges(always: Mapping[str, str], before_number: Mapping[str, str]) -> dict[str, tuple[Merge, ...]]:
    found: dict[str, list[Merge]] = {}
    for table, is_before_number in ((always, False), (before_number, True)):
        for written, merged in table.items():
            words = tuple(written.split())
            found.setdefault(words[0], []).append(Merge(words, merged, is_before_number))
    return {first: tuple(sorted(rest, key=lambda each: -len(each.words))) for first, rest in found.items()}


_TYPES = frozenset({"ST", "DR", "RD", "ROAD", "R", "P", "APARTMENT", "APT"})
_COMMON = frozenset({
    "ST", "DR", "RD", "ROAD", "R", "P", "STREET", "CITY", "STATE", "COUNTY", "HOUSE", "JOHN", "OF", "THE",
    "OFFICE", "POST", "EL", "LA", "IN", "SE", "CALLE", "PLACE", "BRIDGE", "SOUTHWEST",
})  # fmt: skip


def _signs(phrases: Iterable[str], common: Container[str], classes: Container[str] = ()) -> frozenset[str]:
    """One word of each phrase, a rare one if it has one: without any of them no phrase can be there.

    A phrase of one word that has a class of its own (SPC) needs none: the grammar lets it stand nowhere else.
    """
    told = (phrase for phrase in phrases if phrase not in classes)
    return frozenset(min(phrase.split(), key=lambda word: (word in common, -len(word))) for phrase in told)


def _state_roads(
    roads: Mapping[str, Mapping[str, str]], states: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """By state, how its own roads are called before a number (KY 80, KENTUCKY 80, RM 2222) and written."""
    found = {code: {"I": "INTERSTATE", **roads.get(code, {})} for code in states.values()}
    for name, code in states.items():
        if name not in DIRECTIONALS:  # NE 80 is a way to go, in Nebraska too
            found[code][name] = "STATE HIGHWAY"
    return found


def _states(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    states: dict[str, str] = {}
    for row in rows:
        for name in (row["code"], *row["names"].split(";")):
            states[name] = row["code"]
    return states


def _classes(
    classes: Mapping[str, list[str]], suffix_rows: list[dict[str, str]], unit_rows: list[dict[str, str]]
) -> dict[str, str]:
    found = dict.fromkeys(DIRECTIONALS, "n")
    for row in suffix_rows:
        found |= dict.fromkeys(row["names"].split(), _suffix_class(row))
    for row in unit_rows:
        found |= dict.fromkeys(row["names"].split(), "u" if row["numbered"] == "yes" else "v")
    for letter, words in classes.items():
        found |= dict.fromkeys(words, letter)
    return found | {"#": "#", ",": ",", "&": "A", "%": "C"}


def _suffix_class(row: Mapping[str, str]) -> str:
    if row["abbreviation"] in NUMBERED_WAYS:
        return "E"
    if row["abbreviation"] in TYPE_FIRST:
        return "e"
    return "s" if row["generic"] == "yes" else "t"


_TYPE_MIN = 6
_JOINED_MIN = 6  # NANA and NODA are names, NOTGIVEN is none
EVERY = frozenset({"ALL", "ANY", "EVERY", "TODOS", "TODAS"})  # as the number of a flat: whoever lives there
# alone or first in a name these tell of none, or of a form (I-213)
_LOOKED_AT = EVERY | {"XX", "OF", "OR", "INTERSTATE", "I"}
_LARGE = 30  # ZIPs: what everybody knows as a city before it is a street


def _slips(suffixes: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """A long street type with a letter lost, doubled or changed with the next (STREEET), its first aside."""
    found: dict[str, str] = {}
    for row in suffixes:
        for name in row["names"].split():
            if row["generic"] == "yes" and len(name) >= _TYPE_MIN and name[-1] != "S":
                found |= dict.fromkeys(_slips_of(name), row["abbreviation"])
    return found


def _slips_of(name: str) -> Iterator[str]:
    for place in range(1, len(name)):
        yield name[:place] + name[place + 1 :]
        yield name[:place] + name[place] + name[place:]
        yield name[:place] + name[place : place + 2][::-1] + name[place + 2 :]


def _turned(name: str) -> Iterator[str]:
    """A street type of four letters or more with two of them changed (LNAE), and a usual long one with one
    wrong (STRRET); the first letter aside."""
    for place in range(1, len(name) - 1 if len(name) >= _TURNED_MIN else 0):
        yield name[:place] + name[place : place + 2][::-1] + name[place + 2 :]
    for place in range(1, len(name) if name in _LONG_TYPES else 0):
        yield from (name[:place] + letter + name[place + 1 :] for letter in ascii_uppercase)


_DOUBLED_MIN, _TURNED_MIN, _LOST_MIN = 4, 4, 8  # letters of a word of which two are changed, one lost
_LONG_TYPES = frozenset({"STREET", "AVENUE", "BOULEVARD", "CIRCLE", "PARKWAY", "HIGHWAY", "TERRACE"})


def _consonants(words: Iterable[str], classes: Container[str]) -> dict[str, str]:
    """Each word of a facility by its consonants alone (DTNTN, CRTHS), where these are four or more."""
    found = {re.sub("[AEIOUY]", "", word): word for word in sorted(words)}
    return {short: word for short, word in found.items() if len(short) >= 4 and short not in classes}


def _large_cities(zips: Mapping[str, ZipRow]) -> set[str]:
    """The large cities, each with its state: streets are called after other states' (11 AUGUSTA)."""
    counted = Counter(f"{fold(entry.cities[0])} {entry.state}" for entry in zips.values() if entry.cities)
    return {city for city, count in counted.items() if count >= _LARGE}


def _near(vocabulary: Iterable[str]) -> dict[str, str]:
    near: dict[str, str] = {}
    for word in sorted(vocabulary):
        if len(word) >= 7:
            for place in range(len(word)):
                near.setdefault(word[:place] + word[place + 1 :], word)
    return near


def _register(rows: Iterable[Mapping[str, str]]) -> frozenset[tuple[str, str]]:
    return frozenset((fold(row["house_number"]), row["zip"].strip()[:5]) for row in rows)


def _zip_lines(
    zips: Mapping[str, ZipRow], city_words: Mapping[str, str]
) -> tuple[dict[str, ZipLine], dict[str, dict[str, str]]]:
    shortened = _shortened(city_words)
    lines: dict[str, ZipLine] = {}
    by_state: dict[str, dict[str, str]] = {}
    # A ZIP's preferred name first: one ZIP's N LITTLE ROCK is the NORTH LITTLE ROCK of those that prefer it.
    for entry in zips.values():
        for name in map(fold, entry.cities[:1]):
            by_state.setdefault(entry.state, {}).setdefault(squash(name, city_words), name)
    for code, entry in zips.items():
        names = [fold(name) for name in entry.cities]
        preferred = names[0] if names else ""
        written = {each: preferred for name in names for each in _city_writings(name, city_words, shortened)}
        words_max = 1 + max((len(name.split()) for name in names), default=1)
        lines[code] = ZipLine(entry.state, written, words_max)
        known = by_state.setdefault(entry.state, {})
        for name in names:
            known.setdefault(squash(name, city_words), name)
    return lines, by_state
