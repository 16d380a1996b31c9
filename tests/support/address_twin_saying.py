"""Names and numbers that no street or house has, for the judge's slow twin."""

from collections.abc import Collection

from solely.facts.address_tables import DIRECTIONALS, AddressTables
from solely.facts.day import MONTHS, SPANISH_MONTHS
from tests.support.address_twin_places import is_of_kin
from tests.support.address_twin_reading import Read


def is_saying(read: Read, tables: AddressTables) -> bool:
    """True for a name that is a sentence."""
    words: list[str] = []
    for word in spoken(read):
        words += run_together(word, tables) or [word]
    is_apart = words != spoken(read)
    is_phrase = is_apart and any(
        tuple(words[at : at + len(phrase)]) == phrase
        for at in range(len(words))
        for phrase in tables.placeholder_phrases.get(words[at], ())
    )
    return is_phrase or _goes_on(words, read, tables) or _is_sentence(words, tables) or _ends(words, tables)


def _ends(words: list[str], tables: AddressTables) -> bool:
    """True for several words of which the last says nothing: SPELLING UNKNOWN."""
    if len(words) < 2 or words[:2] == ["NO", "NAME"] or " ".join(words) in tables.called:
        return False
    return words[-1] in tables.placeholder_words and words[-1] not in tables.called


def spoken(read: Read) -> list[str]:
    """The words of the name, behind a letter that was read as the number's; a half is none."""
    return [*(word for word in read.part("number")[1:] if "/" not in word), *read.part("name")]


def run_together(word: str, tables: AddressTables) -> list[str]:
    """The words of a saying that a word of 7 to 40 letters runs together, the fewest of all ways; or the one
    that any word misspells."""
    if is_known(word, tables) or not word.isalpha() or word in tables.signs:
        return []
    meant = [said for said in sorted(set(tables.misspelt.values())) if _is_slip(word, said)]
    for at in range(len(word)):
        meant += [said for said in sorted(set(tables.misspelt.values())) if _is_other(word, said, at)]
    if meant or len(word) < 7 or len(word) > 40:
        return meant[:1]
    pieces = _cut(word, tables) or [""]
    is_short = len(pieces) < 2 or len(pieces[-1]) < 3
    return pieces if not is_short and any(len(piece) > 4 for piece in pieces) else []


def _is_slip(word: str, said: str) -> bool:
    """True for one letter doubled, lost, or changed with the next, in a word that is long enough."""
    if abs(len(word) - len(said)) > 1:
        return False
    places = range(len(said))
    if len(word) > len(said):
        return len(said) > 3 and any(said[: at + 1] + said[at:] == word for at in places)
    if len(word) < len(said):
        return len(said) > 7 and any(said[:at] + said[at + 1 :] == word for at in places)
    turned = (said[:at] + said[at + 1] + said[at] + said[at + 2 :] for at in places[:-1])
    return len(said) > 4 and word in turned


def _is_other(word: str, said: str, at: int) -> bool:
    """True for a long word with another letter at one place."""
    return len(said) == len(word) > 7 and said[:at] == word[:at] and said[at + 1 :] == word[at + 1 :]


def is_known(word: str, tables: AddressTables) -> bool:
    """True for a word that any list of words, names or towns has."""
    if word in tables.classes or word in tables.towns:
        return True
    return word in tables.common or word in tables.called or word in tables.states


def is_endless(read: Read, tables: AddressTables) -> bool:
    """True where a word of the street's name, which nobody knows, has 18 letters, or 12 and three words."""
    long = [
        word for word in spoken(read) if word.isalpha() and len(word) >= 12 and not is_known(word, tables)
    ]
    return any(len(word) >= 18 or _count(word, tables.running) >= 3 for word in long)


def _count(word: str, known: Collection[str]) -> int:
    """Of how many known words at least it is made, 0 if of none."""
    reached, count = {0}, 0
    while len(word) not in reached and count <= len(word):
        stops = range(1, len(word) + 1)
        reached = {stop for start in reached for stop in stops if word[start:stop] in known}
        count += 1
    return count if len(word) in reached else 0


def _cut(word: str, tables: AddressTables) -> list[str] | None:
    """Of the ways to cut it with the fewest pieces that whose last piece is the longest."""
    if not word:
        return []
    ways = [(word[:at], word[at:]) for at in range(len(word)) if word[at:] in tables.sayable]
    cut = [[*before, piece] for rest, piece in ways if (before := _cut(rest, tables)) is not None]
    return min(cut, key=len, default=None)


def _is_sentence(words: list[str], tables: AddressTables) -> bool:
    told = len([word for word in words if word in tables.telling])
    if len(words) < 2 or words[-2:] in (["ME", "NOT"], ["WHY", "NOT"], ["WANT", "NOT"]):
        return False
    if " ".join(words) in tables.called:
        return False
    if words[:2] == ["NO", "NAME"]:
        return told > 1
    if any(word in tables.acts for word in words) and any(word in tables.particles for word in words):
        return True
    if any(word in tables.forms for word in words) and all(
        word in tables.forms or word in tables.entries for word in words
    ):
        return True
    if _is_speech(words, tables):
        return True
    is_linked = any(word in tables.linking for word in words)
    if words[0] in ("OF", "OR") or "OR" in words or words[0] in tables.calling:
        return True
    return told > 1 or (told == 1 and is_linked) or any(word in tables.pronouns for word in words)


def _is_initialled(words: list[str], tables: AddressTables) -> bool:
    """True for T B DETERMINED, and not for P J ADAMS."""
    if len(words) < 2 or not all(len(word) == 1 and word.isalpha() for word in words[:2]):
        return False
    plain = [word for word in words[2:] if word not in tables.classes and word not in tables.confining]
    return any(word in tables.said for word in words[2:]) or any(
        _bases(word) & tables.common for word in plain
    )


def _goes_on(words: list[str], read: Read, tables: AddressTables) -> bool:
    """True for SEE AVE, FILE."""
    unit = read.form.caps.get("unit", (0, 0))
    stop = unit[0] if unit[1] and unit[0] >= read.form.stop else len(read.delivery)
    behind = [word for word in read.delivery[read.form.stop : stop] if word != ","]
    if read.form.stop >= stop or len(words) != 1 or words[0] not in tables.opening | tables.said:
        return False
    told = [*words, *behind]
    is_phrase = any(
        tuple(told[at : at + len(phrase)]) == phrase
        for at, word in enumerate(told)
        for phrase in tables.placeholder_phrases.get(word, ())
    )
    return is_phrase or (len(told) > 1 and " ".join(told) not in tables.called and _is_speech(told, tables))


def _is_speech(words: list[str], tables: AddressTables) -> bool:
    """True for IN LOCAL CUSTODY, ICE DETAINER and WILL PROVIDE LATER."""
    if " ".join(words[-2:]) in tables.called:
        return False
    homes = {"HOUSE", "HOME", "PLACE", "APT", "APARTMENT", "RESIDENCE", "CASA"}
    if (homes & {*words} and is_of_kin(words, tables)) or _is_initialled(words, tables):
        return True
    if words[0] in tables.opening or any(word in tables.official for word in words):
        return bool(words[2:]) or (words[1] not in tables.suffixes and words[1].isalpha())
    if (
        words[0] in ("OLD", "NEW", "BIG", "LITTLE")
        or words[-1] in tables.ways
        or set(words) & {*tables.suffixes}
    ):
        return False
    plain = [word for word in words if word not in tables.classes]
    common = [word for word in plain if word not in tables.confining and _bases(word) & tables.common]
    said = [word for word in plain if word in tables.said]
    if len(words) == 2 and (not said or words[1] in ("HOUSE", "HOME", "WORKS", "TOWN") or len(words[1]) == 1):
        return False
    return common != [] and all(word in common or word in said for word in words)


def _bases(word: str) -> set[str]:
    """The word, and what it may be made of."""
    found = {word}
    if word[-1:] == "S":
        found |= {word[:-1], word[:-3] + "Y" if word[-3:] == "IES" else word}
    if word[-2:] == "ED":
        found |= {word[:-2], word[:-1], word[:-3] + "Y" if word[-3:] == "IED" else word}
    if word[-3:] == "ING":
        found |= {word[:-3], word[:-3] + "E"}
    return found


def is_pattern(read: Read, tables: AddressTables) -> bool:
    """True for what forms give as a pattern, and for what points elsewhere."""
    name = read.part("name")
    if any(word in tables.referring for word in name[:1]) and not read.has_type(tables):
        return True
    start, stop = read.form.caps.get("name", (0, 0))
    if len(name) > 1 and all(letter == "l" for letter in read.letters[start:stop]):
        return "".join(name) in tables.placeholder_words
    if len(name) != 1 or not read.is_typed:
        return False
    if name[0] == "XX":
        return True
    return is_type_twice(read, tables) and tables.suffixes[name[0]] in ("ST", "AVE", "RD")


def is_no_number(read: Read, tables: AddressTables) -> bool:
    """True for a block of houses, a count, and a placeholder's word in pieces."""
    low, _, high = read.number.partition("-")
    if low.isdigit() and high.isdigit() and len(low) == len(high) > 2:
        is_whole = int(low) % 100 == 0 and int(high) % 100 in (0, 99) and int(low) < int(high)
        if is_whole or (int(low) // 100 == int(high) // 100 and int(high) - int(low) > 20):
            return True
    if not read.is_typed:
        return False
    name, suffix = read.part("name"), tables.suffixes[read.part("suffix")[0]]
    if len(name) == 1 and name[0].isdigit() and len(name[0]) > 2 and read.number.isdigit():
        both = read.number + name[0]
        is_run = len(both) > 5 and (both in "01234567890" or both in "09876543210")
        is_still = len(read.number) > 2 and len({*read.number}) == 1 and len({*name[0]}) == 1
        is_long = len(name[0]) > 3 and suffix in ("ST", "AVE", "BLVD") and int(name[0]) % 5 > 0
        if is_run or is_still or is_long:
            return True
    if _is_any_road(read, suffix, tables):
        return True
    pieces = read.delivery[read.form.caps["number"][0] + 1 : read.form.caps["suffix"][0]]
    is_plain = len(read.part("number")) == 1 and bool(read.part("pre")) and len(name) == 1
    whole = "".join(pieces)
    if len(pieces) < 2 or len(whole) < 3 or is_plain or whole not in tables.placeholder_words:
        return False
    is_road = whole in tables.roads and suffix not in ("ST", "AVE", "BLVD")
    return whole not in tables.called and not is_road


def _is_any_road(read: Read, suffix: str, tables: AddressTables) -> bool:
    """True for MY STREET and ANY LANE; some are called Any Way."""
    told = {word for word in spoken(read) if word not in ("A", "AN", "THE")}
    if not told or not all(word in tables.determining for word in told):
        return False
    is_any = told <= {"ANY", "WHICHEVER", "CUALQUIER", "CUALQUIERA"} and suffix != "WAY"
    return is_any or suffix in ("ST", "AVE", "BLVD", "RD")


def is_measured(read: Read) -> bool:
    """True for 10 MILES SOUTH OF HWY 44, or ON it, for the 900S of a street, and for 14 JAN 2020."""
    if read.number[-3:] == "00S":
        return True
    dates = [*MONTHS, *SPANISH_MONTHS, *(month[:3] for month in MONTHS), "SEPT"]
    told = [word for word in read.delivery if word != "DE"]
    for number, month, year in zip(told, told[1:], told[2:], strict=False):
        is_day = number.isdigit() and len(number) < 3 and month in dates
        if is_day and year.isdigit() and len(year) == 4 and year[:2] in ("19", "20"):
            return True
    for at in range(len(read.delivery) - 1):
        measure, way = read.delivery[at : at + 2]
        is_told = way in DIRECTIONALS and any(of in _FROM for of in read.delivery[at + 2 : at + 3])
        is_counted = at > 0 and read.delivery[at - 1].isdigit() and way in _FROM and way not in _OF
        if measure in _MEASURES and (is_told or is_counted):
            return True
    return False


_MEASURES = (
    "MILE", "MILES", "MI", "BLOCK", "BLOCKS", "FEET", "YARDS", "METERS", "MINUTES", "MILLAS", "METROS",
    "MINUTOS", "CUADRAS", "KM",
)  # fmt: skip
_FROM = ("OF", "DE", "DEL", "ON", "FROM", "ALONG", "PAST", "AL", "UP", "DOWN", "EN", "POR", "DESDE", "SOBRE")
_OF = ("OF", "DE", "DEL", "EN")
_ROADS = (
    "OLD", "BUSINESS", "BUS", "BYPASS", "ALT", "ALTERNATE", "SPUR", "LOOP", "FRONTAGE", "SERVICE", "ACCESS",
)  # fmt: skip


def is_no_interstate(read: Read) -> bool:
    """True for words before an interstate's number that are no road's."""
    name = read.part("name")
    is_road = read.form.name == "highway" and len(name) > 2 and name[1] in ("INTERSTATE", "I")
    return is_road and name[0] not in _ROADS


def form_number(text: str, read: Read, tables: AddressTables) -> str:
    """UNCLEAR for I-213, REVIEW for two digits of other states, no direction or unit beside it; else ""."""
    name = read.part("name")
    if read.form.name != "highway" or name[0] not in ("INTERSTATE", "I"):
        return ""
    if {"pre", "post", "unit", "lead", "suffix"} & set(read.form.caps):
        return ""
    upper = text.upper()
    at = [place for place in range(len(upper)) if upper[place : place + 2] == "IH"]
    if "INTERSTATE" in upper or any(place == 0 or not _is_word(upper[place - 1]) for place in at):
        return ""
    digits = name[1]
    while digits and digits[-1] in "NSEWC":
        digits = digits[:-1]
    states = tables.interstates.get(digits)
    if name[1] == "#" or (states and (not read.line.state or read.line.state in states)):
        return ""
    return "REVIEW" if states and len(digits) == 2 else "UNCLEAR"


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def is_cut_short(read: Read) -> bool:
    """True for BLVD JLS and RD 4471."""
    name = read.part("name")
    if read.form.name not in ("type_first", "highway") or len(name) != 2 or "suffix" in read.form.caps:
        return False
    kind, called = name
    if read.letters[read.form.caps["name"][0]] != "e":
        return False
    if called.isdigit():
        is_grid = int(called) % 5 == 0
        return len(called) > 3 and not is_grid and kind in ("AVE", "AV", "BLVD", "RD", "LN")
    is_short = called.isascii() and called.isalpha() and len(called) in (2, 3)
    return is_short and not set(called) & set("AEIOUY") and len(set(called)) > 1


def is_type_twice(read: Read, tables: AddressTables) -> bool:
    """True for 12 COURT CT."""
    words = [*read.part("name"), *read.part("suffix")]
    types = [tables.suffixes.get(word) for word in words]
    return read.is_typed and len(words) == 2 and types[0] == types[1]
