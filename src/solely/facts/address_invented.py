"""Names and numbers that no street or house has: sentences, patterns, words taken apart (R-25, R-27, R-88).

- A street is known by its name, so a name that says something, counts, or gives a choice is no street's.
- What is found here is unclear, never returned: a person decides.
"""

import re
from collections.abc import Sequence
from operator import or_

from solely.facts import day
from solely.facts.address_beside import is_home_of_another
from solely.facts.address_forms import Plan
from solely.facts.address_lexicon import endless, first_phrase, parted
from solely.facts.address_reading import Finding, Reading
from solely.facts.address_tables import DIRECTIONALS, AddressTables
from solely.facts.address_text import BREAK

# said twice, a pattern of forms (5 STREET ST); any other type may be a name (12 COURT CT, 7 LOOP LOOP)
_PATTERN_TYPES = frozenset({"ST", "AVE", "RD"})
TOWN_TYPES = frozenset({"ST", "AVE", "BLVD"})
_BEFORE_NOT = frozenset({"ME", "WHY", "WANT"})  # FORGET ME NOT, WHY NOT
_ARTICLES = frozenset({"A", "AN", "THE"})
_ENDINGS = (
    ("", ""), ("S", ""), ("IES", "Y"), ("ED", ""), ("ED", "E"), ("IED", "Y"), ("ING", ""), ("ING", "E"),
)  # fmt: skip
_HOUSES = frozenset({"HOUSE", "HOME", "WORKS", "TOWN"})  # POOR HOUSE RD, FUNERAL HOME RD, GHOST TOWN RD
_AGES = frozenset({"OLD", "NEW", "BIG", "LITTLE"})  # a road may be so called after anything: OLD JAIL RD
_UNDETERMINED_TYPES = frozenset({"ST", "AVE", "BLVD", "RD"})
_ANY = frozenset({"ANY", "WHICHEVER", "CUALQUIER", "CUALQUIERA"})  # whatever the type, but ANY WAY
# behind a distance and the way it goes, these tell from where it counts
_FROM_WHERE = frozenset(
    {"OF", "DE", "DEL", "ON", "FROM", "ALONG", "PAST", "AL", "UP", "DOWN", "EN", "POR", "DESDE", "SOBRE"}
)
_ALONG = _FROM_WHERE - {"OF", "DE", "DEL", "EN"}  # a road may be called Mile of Pines
_PARTING = frozenset({"OF", "OR"})  # ONE OF THE HOUSES ON OAK ST
_MONTHS = day.MONTHS | day.SHORT_MONTHS | day.SPANISH_MONTHS
_YEAR_DIGITS = 4
_UP, _DOWN = "01234567890", "09876543210"
_SPLIT_MIN = 3  # S N ST is a lettered street, and SN says that there is no number
_COUNTED_MIN = 6  # 123 456 ST, but 12 34 ST is a house in 34th Street
_NAME_DIGITS = 3  # 1234 56 ST is a house in 56th Street
_LONG_DIGITS = 4  # of a numbered street: grids of roads that have so many count by five or ten
_BLOCK_DIGITS, _BLOCK_MIN = 3, 20  # 1200-1299 ELM ST is a block of houses, 1200-1206 one
_INITIALS = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{2,3}")  # BLVD JLS is somebody's sign, AVE K a street
# before a number of four digits these are cut short, where a road so called is written out (ROAD 2626)
_CUT_SHORT = frozenset({"AVE", "AV", "BLVD", "RD", "LN"})
_MEASURES = frozenset(
    {
        "MILE",
        "MILES",
        "MI",
        "BLOCK",
        "BLOCKS",
        "FEET",
        "YARDS",
        "METERS",
        "MINUTES",
        "MILLAS",
        "METROS",
        "MINUTOS",
        "CUADRAS",
        "KM",
    }
)
_INTERSTATE = frozenset({"INTERSTATE", "I"})
_MAINLINE_DIGITS = 2
_SPELLED_OUT = re.compile(r"(?i)interstate|\bih")
# what may stand before an interstate's number as part of the road's name
_OF_INTERSTATES = frozenset(
    {"OLD", "BUSINESS", "BUS", "BYPASS", "ALT", "ALTERNATE", "SPUR", "LOOP", "FRONTAGE", "SERVICE", "ACCESS"}
)


def is_invented(reading: Reading, tables: AddressTables) -> bool:
    """True for a house number or a street's name that no map has."""
    number, name = reading.number(), reading.words(reading.plan.name)
    written = spoken_of(reading.delivery, reading.plan)
    spoken = [piece for word in written for piece in parted(tables)(word) or (word,)]
    if (
        _is_dated(reading.delivery)
        or _is_measured(reading.delivery)
        or _is_no_interstate(reading)
        or _is_cut_short(name, reading)
    ):
        return True
    if name and name[0] in tables.referring and not reading.has_type(tables):
        return True
    if number and number == reading.line.zip5:
        return True  # the ZIP once more: 60629 OAK ST, CHICAGO IL 60629
    if is_block(number) or _is_pattern(reading, tables) or _is_saying(spoken, tables):
        return True
    if _is_run_together(spoken, written, tables):
        return True
    if _goes_on(spoken, reading.behind(), tables):
        return True
    if not reading.has_generic_type():
        return False
    suffix = tables.suffixes[reading.words(reading.plan.suffix)[0]]
    is_counted = len(name) == 1 and is_count(number, name[0], suffix)
    return is_counted or _is_undetermined(reading, tables) or _is_split(reading, tables)


def _is_run_together(spoken: Sequence[str], written: Sequence[str], tables: AddressTables) -> bool:
    """True for a phrase without its spaces, and for a word longer than any."""
    if spoken != written and first_phrase(spoken, tables.placeholder_phrases):
        return True
    return any(map(endless(tables), written))


def may_be_invented(words: Sequence[str], form: Plan, tables: AddressTables) -> bool:
    """True if the words of an ordinary plan need a look at their number and name."""
    number, start, stop = words[form.number[0]], form.name[0], form.suffix[0]
    if "-" in number and is_block(number):
        return True
    if not stop:
        return form.form in ("type_first", "highway")
    if words[start].isdigit():
        return is_count(number, words[start], tables.suffixes[words[stop]])
    if "".join(words[form.number[0] + 1 : stop]) in tables.placeholder_words:
        return True
    return _is_measured(words) or is_speech(spoken_of(words, form), tables)


def is_block(number: str) -> bool:
    """True for a number that spans a block of houses: a request names one (1200-1299, 1200S)."""
    if is_hundreds(number):
        return True
    low, _, high = number.partition("-")
    if len(low) < _BLOCK_DIGITS or len(low) != len(high) or not (low + high).isdigit():
        return False
    is_one_block = low[:-2] == high[:-2] and int(high) - int(low) > _BLOCK_MIN
    return is_one_block or (low[-2:] == "00" and high[-2:] in ("00", "99") and low < high)


def is_hundreds(number: str) -> bool:
    """True for the plural of whole hundreds: the 900S of a street."""
    return number.endswith("00S")


def is_count(number: str, name: str, suffix: str) -> bool:
    """True for a number and a street's number that count on, stand still, or lie on no grid (123 456 ST)."""
    if not (name.isdigit() and number.isdigit()) or len(name) < _NAME_DIGITS:
        return False
    together = number + name
    if len(together) >= _COUNTED_MIN and (together in _UP or together in _DOWN):
        return True
    if len(number) >= _NAME_DIGITS and len(set(number)) == len(set(name)) == 1:
        return True
    return len(name) >= _LONG_DIGITS and name[-1] not in "05" and suffix in TOWN_TYPES


def _is_dated(words: Sequence[str]) -> bool:
    """True for a day: 14 JAN 2020."""
    plain = [word for word in words if word != "DE"]
    for number, month, year in zip(plain, plain[1:], plain[2:], strict=False):
        is_year = len(year) == _YEAR_DIGITS and year.isdigit() and year[:2] in ("19", "20")
        if month in _MONTHS and is_year and number.isdigit() and len(number) < _NAME_DIGITS:
            return True
    return False


def _is_measured(words: Sequence[str]) -> bool:
    """True for a way told from another: 10 MILES SOUTH OF HWY 44, 2 MILES DOWN OAK RD."""
    for number, measure, way, where in zip(("", *words), words, words[1:], (*words[2:], ""), strict=False):
        is_told = way in DIRECTIONALS and where in _FROM_WHERE
        if measure in _MEASURES and (is_told or (number.isdigit() and way in _ALONG)):
            return True
    return False


def _is_no_interstate(reading: Reading) -> bool:
    """True for a word before an interstate's number that is no part of a road's name: SEE I-213."""
    name = reading.words(reading.plan.name)
    is_road = reading.plan.form == "highway" and len(name) > 2 and name[1] in _INTERSTATE
    return is_road and name[0] not in _OF_INTERSTATES


def form_number(text: str, reading: Reading, tables: AddressTables) -> Finding:
    """A form's number read as a road (I-213): no interstate of that state has it, nothing else tells one.

    One of two digits may lie just across the border, and goes on under exact confirmation.
    """
    form, name = reading.plan, reading.words(reading.plan.name)
    if form.form != "highway" or name[0] not in _INTERSTATE or _SPELLED_OUT.search(text):
        return None
    if form.pre[1] or form.post[1] or form.unit[1] or form.lead[1] or form.suffix[1]:
        return None
    states = tables.interstates.get(name[1].rstrip("NSEWC"), frozenset())
    if name[1] == "#" or reading.line.state in (states and {"", *states}):
        return None
    is_near = bool(states) and len(name[1].rstrip("NSEWC")) == _MAINLINE_DIGITS
    return "unusual" if is_near else "unclear", " ".join(name)


def _is_cut_short(name: Sequence[str], reading: Reading) -> bool:
    """True for a type with a sign or a number of four digits behind it, and no name: BLVD JLS, RD 4471."""
    form = reading.plan
    if form.form not in ("type_first", "highway") or len(name) != 2:
        return False
    if reading.letters[form.name[0]] != "e" or form.suffix[1]:
        return False
    if name[1].isdigit():
        is_grid = name[1][-1] in "05"
        return len(name[1]) >= _LONG_DIGITS and not is_grid and name[0] in _CUT_SHORT
    return _INITIALS.fullmatch(name[1]) is not None and not _is_letter(name[1])


def _is_letter(name: str) -> bool:
    """True for one letter, said twice or three times: AVE KK."""
    return len(set(name)) == 1


def is_type_twice(reading: Reading, tables: AddressTables) -> bool:
    """True for a street whose name is its generic type: 12 COURT CT."""
    words = reading.words(reading.plan.name) + reading.words(reading.plan.suffix)
    types = [tables.suffixes.get(word) for word in words]
    return reading.has_generic_type() and len(types) == 2 and types[0] == types[1]


def is_spoken_roughly(reading: Reading) -> bool:
    """True for a number given roughly (1200-ISH)."""
    return "ISH" in spoken_of(reading.delivery, reading.plan)[:1]


def spoken_of(words: Sequence[str], form: Plan) -> list[str]:
    """The words of the street's name, with a letter that was read as the number's (44 I FORGOT ST)."""
    (first, last), (start, stop) = form.number, form.name
    behind = [word for word in words[first + 1 : last] if "/" not in word]  # of 12 1/2 the half
    return [*behind, *words[start:stop]]


def _is_saying(name: Sequence[str], tables: AddressTables) -> bool:
    """True for a name that is a sentence: of knowing or recording (I FORGOT, SEE A FILE, NO IDEA), a call to
    the reader (GET LOST), a choice (MAPLE OR ELM)."""
    if len(name) < 2 or (name[-1] == "NOT" and name[-2] in _BEFORE_NOT) or " ".join(name) in tables.called:
        return False
    told = sum(word in tables.telling for word in name)
    if name[:2] == ["NO", "NAME"]:  # a name as roads have it, unless the sentence goes on
        return told > 1
    if _is_told_of(name, tables) or is_speech(name, tables):
        return True
    if name[-1] in tables.placeholder_words and name[-1] not in tables.called:
        return True  # SPELLING UNKNOWN
    if name[0] in _PARTING or "OR" in name or not tables.pronouns.isdisjoint(name):
        return True
    return name[0] in tables.calling or told > 1 or (told == 1 and not tables.linking.isdisjoint(name))


def is_speech(name: Sequence[str], tables: AddressTables) -> bool:
    """True for several words that begin as a sentence does (IN LOCAL CUSTODY), hold an office's word (ICE
    DETAINER), or are such as no street is called by and join to a sentence (WILL PROVIDE LATER)."""
    if len(name) < 2 or " ".join(name[-2:]) in tables.called or " ".join(name) in tables.called:
        return False
    if is_home_of_another(name, tables) or _is_initialled(name, tables):
        return True
    # SEE CANYON RD, LAWYERS HILL RD, NO 9 RD
    is_land = len(name) == 2 and (name[1] in tables.suffixes or not name[1].isalpha())
    if not is_land and (name[0] in tables.opening or not tables.official.isdisjoint(name)):
        return True
    if name[0] in _AGES or name[-1] in tables.ways or any(word in tables.suffixes for word in name):
        return False
    common = [is_common(word, tables) for word in name]
    said = [word in tables.said and word not in tables.classes for word in name]
    is_called = len(name) == 2 and (name[1] in _HOUSES or len(name[1]) == 1)  # DOUBLE A is a brand
    is_sentence = len(name) > 2 or (any(said) and not is_called)
    return is_sentence and any(common) and all(map(or_, common, said))


def _is_initialled(name: Sequence[str], tables: AddressTables) -> bool:
    """True for two letters before a word of a sentence (T B DETERMINED), and not for P J ADAMS."""
    if [len(word) for word in name[:2] if word.isalpha()] != [1, 1]:
        return False
    return any(word in tables.said or is_common(word, tables) for word in name[2:])


def is_common(word: str, tables: AddressTables) -> bool:
    """True for an English word by which no street is known, its plural, and what ED or ING makes of it."""
    if word in tables.classes or word in tables.confining:
        return False
    return any(word.endswith(end) and word.removesuffix(end) + put in tables.common for end, put in _ENDINGS)


def _goes_on(name: Sequence[str], behind: Sequence[str], tables: AddressTables) -> bool:
    """True for one word of a sentence that goes on behind the type and a break: SEE AVE, FILE."""
    if len(name) != 1 or not behind or not (name[0] in tables.opening or name[0] in tables.said):
        return False
    told = [*name, *(word for word in behind if word != BREAK)]
    return is_speech(told, tables) or first_phrase(told, tables.placeholder_phrases) is not None


def _is_told_of(name: Sequence[str], tables: AddressTables) -> bool:
    """True for what is done to somebody (PICKED UP BY ICE) and what a form says of itself (BLANK FIELD)."""
    is_act = not (tables.acts.isdisjoint(name) or tables.particles.isdisjoint(name))
    return is_act or (not tables.forms.isdisjoint(name) and (tables.forms | tables.entries).issuperset(name))


def _is_undetermined(reading: Reading, tables: AddressTables) -> bool:
    """True for a street of which is said which it is and not how it is called: MY STREET, A CERTAIN ROAD."""
    name = [word for word in spoken_of(reading.delivery, reading.plan) if word not in _ARTICLES]
    suffix = reading.words(reading.plan.suffix)
    if not (suffix and name and tables.determining.issuperset(name)):
        return False
    kind = tables.suffixes[suffix[0]]
    return kind in _UNDETERMINED_TYPES or (kind != "WAY" and _ANY.issuperset(name))


def _is_pattern(reading: Reading, tables: AddressTables) -> bool:
    """True for what forms give as a pattern: 5 STREET ST, 5 A B C ST, 5 XX ST."""
    name = reading.words(reading.plan.name)
    if len(name) > 1 and set(reading.letters[slice(*reading.plan.name)]) == {"l"}:
        return "".join(name) in tables.placeholder_words
    if len(name) != 1 or not reading.has_generic_type():
        return False
    is_type = is_type_twice(reading, tables)
    return name[0] == "XX" or (is_type and tables.suffixes[name[0]] in _PATTERN_TYPES)


def _is_split(reading: Reading, tables: AddressTables) -> bool:
    """True for a placeholder's word in pieces (5 TB D ST, 5 U N K ST); a direction before a name is none."""
    form = reading.plan
    words = reading.words((form.number[0] + 1, form.suffix[0]))
    joined = "".join(words)
    is_directed = (
        form.pre[1] > 0 and form.number[1] - form.number[0] == 1 and form.name[1] - form.name[0] == 1
    )
    if len(words) < 2 or len(joined) < _SPLIT_MIN or is_directed or joined not in tables.placeholder_words:
        return False
    is_town_street = tables.suffixes[reading.words(form.suffix)[0]] in TOWN_TYPES
    return joined not in tables.called and (joined not in tables.roads or is_town_street)
