"""The address judge once more, slowly and without any short cut: what the fast one must agree with.

- Words are read character by character, forms are tried by plain backtracking, nothing is remembered, and
  every text goes through every check in order.
- It shares the tables, which are data, and nothing else.
"""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from solely.facts.address_tables import AddressTables
from solely.model import Address
from tests.support.address_twin_parts import address_of
from tests.support.address_twin_places import is_institution, is_name_ahead, is_of_kin, is_other_place
from tests.support.address_twin_reading import Read, last_line, read
from tests.support.address_twin_saying import (
    form_number,
    is_cut_short,
    is_endless,
    is_known,
    is_measured,
    is_no_interstate,
    is_no_number,
    is_pattern,
    is_saying,
    is_type_twice,
    spoken,
)
from tests.support.address_twin_signs import is_asked, is_cited, is_wild
from tests.support.address_twin_words import city_apart, facility_word, is_care, joined, seen, shown, words_of


class Twin(NamedTuple):
    """What the twin says of a text."""

    verdict: str
    rule: str | None
    located: bool
    address: Address | None


def judge(text: str | None, tables: AddressTables) -> Twin:  # noqa: C901 -- one chain, as it is read
    """The verdict, by every check in order."""
    if text is None:
        return BLANK
    words = words_of(text) if len(text) <= 300 else []
    if len(text) > 300 or len(words) > 36:
        return Twin("INCOMPLETE", "R-27", False, None)
    if not [word for word in words if word != ","]:
        return BLANK if text.isascii() else UNCLEAR
    found, taken_apart = _by_every_check(words, tables)
    if found.verdict not in ("OK", "REVIEW", "NONRESIDENTIAL"):
        return found
    if is_asked(text):
        return DOUBTED
    if is_cited(text):
        return UNCLEAR
    if is_wild(unicodedata.normalize("NFKC", text)):
        return WILD
    number = form_number(text, taken_apart, tables)
    if not number and _is_spelled_oddly(words, taken_apart, tables):
        return UNCLEAR
    return {"UNCLEAR": UNCLEAR, "REVIEW": Twin("REVIEW", "R-80", False, found.address)}.get(number, found)


def _is_spelled_oddly(words: list[str], read: Read, tables: AddressTables) -> bool:
    """True for a name written letter by letter that no list has."""
    spelled = [word for word in joined(words) if len(word) >= 4 and word not in words]
    return any(word in spelled and not is_known(word, tables) for word in read.part("name"))


def _by_every_check(words: list[str], tables: AddressTables) -> tuple[Twin, Read]:
    whole = joined(words)
    spelled = [seen(word, tables) for word in whole if len(word) >= 4 and word not in words]
    words = _without_label(_without_dots(whole, tables), tables)
    found = read(city_apart(words, last_line(words, tables), tables), tables)
    if all(all(c.isdigit() or c in "-/.#%&" for c in word) for word in words if word != ","):
        return Twin("INCOMPLETE", "R-26", False, None), found
    told = words[: found.line.stop] if found.line.fault in ("", "city_elsewhere") else words
    phrase = _phrase([seen(word, tables) for word in told if word != ","], tables.placeholder_phrases)
    if phrase or any(word in tables.placeholder_words for word in spelled):
        return PLACEHOLDER, found
    for check in (_whoever, _placeholder, _foreign, _facility, _lacking, _doubted, _agency, _complete):
        twin = check(found, tables)
        if twin:
            return twin, found
    raise AssertionError("every text has a verdict")


def _without_dots(words: list[str], tables: AddressTables) -> list[str]:
    """N.A. is North A where a number stands before it and a type behind; else it is N/A."""
    while "N.A" in words:
        at = words.index("N.A")
        is_street = (
            words[at - 1 : at]
            and words[at - 1].isdigit()
            and set(words[at + 1 : at + 2]) & {*tables.suffixes}
        )
        words = [*words[:at], *(("N", "A") if is_street else ("N/A",)), *words[at + 1 :]]
    return words


def _without_label(words: list[str], tables: AddressTables) -> list[str]:
    rest = list(words)
    while rest and rest[0] in tables.labels:
        del rest[0]
    return rest if rest and rest[0][0].isdigit() else words


def _phrase(words: Sequence[str], phrases: Any, but: tuple[int, int] = (0, 0)) -> tuple[int, int] | None:
    for at in range(len(words)):
        for phrase in sorted(phrases.get(words[at], ()), key=len, reverse=True):
            is_within = but[0] <= at and at + len(phrase) <= but[1]
            if tuple(words[at : at + len(phrase)]) == phrase and not is_within:
                return at, at + len(phrase)
    return None


def _is_empty(word: str, tables: AddressTables) -> bool:
    read_as = seen(word, tables)
    return read_as in tables.placeholder_words or read_as in tables.fakes or read_as in tables.fillers


BLANK = Twin("INCOMPLETE", "R-24", False, None)
PLACEHOLDER, UNCLEAR = Twin("PLACEHOLDER", "R-25", False, None), Twin("UNCLEAR", "R-27", False, None)
DOUBTED = Twin("UNCLEAR", "R-80", False, None)
WHOEVER, WILD = Twin("PLACEHOLDER", "R-88", False, None), Twin("UNCLEAR", "R-88", False, None)
STREETS = (
    "street", "highway", "grid", "untyped", "type_first", "calle_first", "kilometer", "complex", "milepost",
    "estate", "lettered", "lettered_street", "letter_or_direction",
)  # fmt: skip
BLOCKS, CONDOMINIUMS = ("BLOCK", "BLOCKS", "BLK", "BLKS", "CUADRA", "CUADRAS"), ("COND", "CONDOMINIO")
RELATING, WHERE = ("TO", "FROM", "OF", "OFF", "DE", "DEL", "AL"), ("AT", "EN", "ON", "IN")
DUMMIES = ("123", "1234", "12345", "111", "1111", "999", "9999", "99999")


def _whoever(read: Read, tables: AddressTables) -> Twin | None:
    is_every = any(word in ("ALL", "ANY", "EVERY", "TODOS", "TODAS") for word in read.part("unit"))
    return WHOEVER if is_every or any(_phrase(words, tables.anyone) for words in _beside(read)) else None


def _core(read: Read, tables: AddressTables) -> list[str]:
    """The words that may be a placeholder's, those of a name in whose care it is aside."""
    ahead = read.delivery[: read.form.start] if read.letters[:1] == "C" else []
    if any(seen(word, tables) in tables.placeholder_words for word in ahead):
        ahead = []
    pairs = list(zip(read.delivery, read.letters, strict=True))[len(ahead) :]
    return [
        seen(word, tables)
        for word, letter in pairs
        if letter not in "dhafogD#,j" and (read.form.name, letter) != ("highway", "l")
    ]


def _placeholder(read: Read, tables: AddressTables) -> Twin | None:  # noqa: C901 -- one chain, as it is read
    city = read.line.city.split()
    if city and read.line.fault == "city_unknown" and all(_is_empty(word, tables) for word in city):
        return PLACEHOLDER
    core, is_care = _core(read, tables), read.letters[:1] == "C"
    named = [word for word in core if word in tables.placeholder_words]
    if not named:
        return None
    name = read.part("name")
    if "N/A" in name:
        return PLACEHOLDER
    if all(_is_empty(word, tables) or tables.classes.get(word, "w") in "nseEuvC" for word in core):
        is_whole = (read.form.start == 0 or is_care) and read.form.stop == len(read.letters)
        if is_whole and _is_called(read, named, tables):
            return None
        if len(named) != 1 or len(name) != 1 or not is_whole or not read.has_type(tables):
            return PLACEHOLDER
        is_fake = named[0] in tables.fakes or read.number in DUMMIES
        is_town = tables.suffixes[read.part("suffix")[0]] in ("ST", "AVE", "BLVD")
        is_called = named[0] in tables.called or (named[0] in tables.roads and not is_town)
        return UNCLEAR if is_fake or not is_called or name != named else None
    if read.form.name == "type_first" and all(word in tables.called for word in named):
        return None
    if not read.has_type(tables):
        return UNCLEAR if read.number else PLACEHOLDER
    read_as = [seen(word, tables) for word in name]
    is_elsewhere = any(word not in read_as and word not in read.part("unit") for word in named)
    return UNCLEAR if is_elsewhere or any(word in tables.fakes for word in read_as) else None


def _is_called(read: Read, named: list[str], tables: AddressTables) -> bool:
    if read.has_type(tables) and " ".join(read.part("name")) in tables.called:
        return True
    return read.form.name == "type_first" and all(word in tables.called for word in named)


def _foreign(read: Read, tables: AddressTables) -> Twin | None:
    if read.line.state or read.line.fault == "no_state":
        return None
    foreign = Twin("FOREIGN", "R-32", False, None)
    if len(read.delivery) > 3:
        code = read.delivery[-2] + read.delivery[-1]
        shapes = ["d" if c.isdigit() else "a" for c in code]
        if len(read.delivery[-1]) == 3 and code.isalnum() and shapes == list("adadad"):
            return foreign
    words = [word for word in read.delivery if word != ","]
    while words and not words[-1].isalpha():
        words.pop()
    if any(" ".join(words[-count:]) in tables.countries and len(words) > count for count in (4, 3, 2, 1)):
        return foreign
    return foreign if len(words) > 2 and any(word in tables.foreign_words for word in words) else None


def _facility(read: Read, tables: AddressTables) -> Twin | None:
    bare, located = (
        Twin("FACILITY", "R-29", False, None),
        Twin("FACILITY", "R-29", True, address_of(read, tables)),
    )
    place = read.number, read.line.zip5
    streets = tables.public_facilities.get(place, ())
    if place in tables.facilities or any(set(street) <= set(read.delivery) for street in streets):
        return located
    is_located = read.form.name in STREETS and bool(read.line.city and read.line.state)
    if any(segment in tables.facility_alone for segment in _segments(read, tables)):
        return located if is_located else bare
    start, stop = read.form.caps.get("name", (0, 0))
    words = [facility_word(tables.facility_short.get(word, word), tables) for word in read.delivery]
    if read.line.fault == "city_unknown" and _phrase(read.line.city.split(), tables.facility_phrases):
        return bare
    stop = stop if read.is_typed else _named_until(read, start, stop)
    end = read.form.caps["suffix"][1] if read.is_typed else stop
    found = _phrase(words, tables.facility_phrases, (start, end) if "suffix" in read.form.caps else (0, 0))
    if not found or (is_located and _is_brook(read, found, tables)):
        return located if is_located and is_institution(_beside(read), tables) else None
    is_outside = stop == 0 or found[1] <= read.form.caps.get("number", (0, 0))[0] or found[0] > stop
    return located if is_located and is_outside else bare


def _named_until(read: Read, start: int, stop: int) -> int:
    """Where the street's name ends: before a type within it, behind which two words or more are told."""
    if "suffix" not in read.form.caps:
        return stop
    typed = [at for at in range(start + 1, stop) if read.letters[at] in ("s", "e", "E")]
    return typed[0] if typed and typed[0] < stop - 1 else stop


def _is_brook(read: Read, found: tuple[int, int], tables: AddressTables) -> bool:
    """True for , JAIL BRANCH and the like."""
    at, stop = found
    following = read.delivery[stop] if stop < len(read.delivery) else ""
    is_form = tables.suffixes.get(following) in ("BR", "BRK", "CRK", "HL", "RUN", "PT", "LK", "IS")
    return stop - at == 1 and is_form and read.delivery[at - 1] == ","


def _segments(read: Read, tables: AddressTables) -> list[str]:
    """What stands between two of: commas, start and stop of the form; C/O and the like aside."""
    segments, numbered = [""], range(*read.form.caps.get("number", (0, 0)))
    for at, word in enumerate(read.delivery):
        if word == "," or at in (read.form.start, read.form.stop, *_unit_behind(read)):
            segments.append("")
        is_told = word != "," and at not in numbered and not is_care(word, tables)
        if is_told and (at < read.form.stop or at not in range(*(_unit_behind(read) or (0, 0)))):
            segments[-1] = f"{segments[-1]} {word}".strip()
    return segments


def _unit_behind(read: Read) -> tuple[int, ...]:
    """Where the unit lies that the form does not cover, () if there is none."""
    unit = read.form.caps.get("unit", (0, 0))
    return (unit[0], len(read.delivery)) if unit[0] >= read.form.stop and unit[1] else ()


def _left_out(read: Read) -> list[str]:
    before, behind = _beside(read)
    return [*before, *behind]


def _beside(read: Read) -> tuple[list[str], list[str]]:
    """The words before what the form covers and those behind it, the unit aside."""
    stop = (_unit_behind(read) or (len(read.delivery),))[0]
    return read.delivery[: read.form.start], read.delivery[read.form.stop : stop]


def _lacking(read: Read, tables: AddressTables) -> Twin | None:
    no_street, no_line = Twin("INCOMPLETE", "R-27", False, None), Twin("INCOMPLETE", "R-28", False, None)
    if not read.delivery:
        return no_street
    form, state = read.form.name, read.line.state
    fault = ""
    if form == "":
        fault = _formless(read.letters)
    elif _is_unclear(read, tables) or (read.number == "0" and read.is_typed and form != "numbered_street"):
        fault = "unclear"
    elif (
        (form == "numbered_street" and not _is_housed(read, tables))
        or (form == "bare_box" and not _is_boxed(read, tables))
        or (form == "complex" and not read.part("unit") and read.part("name")[0] not in CONDOMINIUMS)
        or (form == "milepost" and read.letters[read.form.start] == "m" and state != "AK")
        or (form == "calle_first" and state not in ("PR", "VI") and _is_number_last(read))
        or (form in ("complex", "estate") and state not in ("PR", "VI"))
        or (form == "military" and state not in ("", "AA", "AE", "AP"))
        or any("0" in word and not set(word) & set("123456789") for word in (read.number, *_boxes(read)))
        or _box_digits(read) > 7
        or (form == "star_route" and "STAR ROUTE" not in read.delivery)
        or (form == "lettered_street" and read.part("name")[0] != "STREET")
        or _is_no_street(read, tables)
    ):
        fault = "street"
    if fault == "street":
        return no_street
    if read.line.fault in ("no_last_line", "no_state", "no_city"):
        return no_line
    return UNCLEAR if fault else None


def _is_housed(read: Read, tables: AddressTables) -> bool:
    """True for 200 BOULEVARD."""
    return read.letters[read.form.start] == "d" and " ".join(read.part("name")) in tables.untyped


def _is_boxed(read: Read, tables: AddressTables) -> bool:
    return read.form.stop == len(read.letters) and read.line.zip5 in tables.box_zips


def _is_unclear(read: Read, tables: AddressTables) -> bool:
    form = read.form.name
    if form == "letter_or_direction":
        way = tables.suffixes[read.part("name")[0]]
        is_highway = way == "HWY" and read.line.state in ("MO", "WI")
        return len(read.number) < 3 or not (way in ("AVE", "RD", "BLVD") or is_highway)
    if form == "station":
        return read.delivery[read.form.stop - 1] not in tables.stations
    if form == "road_box":
        return read.delivery[read.form.start] != "STATE ROUTE"
    if form == "milepost":
        return read.letters[read.form.start] == "p" and read.line.state not in ("AK", "AZ", "NM", "UT")
    is_mixed = form in ("lettered", "type_first") and _is_mixed(read)
    is_avenue = form == "type_first" and read.letters[read.form.caps["name"][0]] == "e"
    return is_mixed and not (_is_lettered(read.number) and (read.line.state == "PR" or not is_avenue))


def _boxes(read: Read) -> list[str]:
    return [] if read.form.name == "military" else read.part("box")


def _box_digits(read: Read) -> int:
    digits = "".join(read.part("box"))
    return len(digits) if digits.isdigit() else 0


def _is_number_last(read: Read) -> bool:
    start, stop = read.form.caps["name"][0], read.form.caps["number"][0]
    return "#" in read.letters[start:stop] or read.letters[start] == "e"


def _is_mixed(read: Read) -> bool:
    return read.letters[read.form.caps["number"][0]] == "j"


def _is_no_street(read: Read, tables: AddressTables) -> bool:
    name = " ".join([*read.part("name"), *read.part("suffix")])
    is_bare = read.form.name == "untyped" or (read.form.name == "street" and not read.is_typed)
    is_type = tables.classes.get(name) == "c" or (len(name) > 2 and shown(name) in tables.type_shapes)
    return is_bare and (is_type or name in (read.line.city, read.line.state))


def _is_lettered(number: str) -> bool:
    block = number.rstrip("0123456789")
    return block != number and block.isalpha() and len(block) <= 2 and "X" not in block


def _formless(letters: str) -> str:
    if letters == "ndnd":
        return "unclear"
    numbers = [at for at, letter in enumerate(letters) if letter in "dhag"]
    if not numbers or (numbers[0] and letters[numbers[0] - 1] in "u#xb"):
        return "street"
    return "unclear" if set(letters[numbers[0] + 1 :]) & set("wtsoeEcr") else "street"


def _doubted(read: Read, tables: AddressTables) -> Twin | None:
    if read.line.fault in ("zip_conflict", "zip_unknown"):
        return Twin("UNCLEAR", "R-28", False, address_of(read, tables) if read.form.name else None)
    if read.line.fault == "city_unknown" and not read.line.zip5:
        return Twin("UNCLEAR", "R-28", False, None)
    behind = read.letters[read.form.stop : read.form.stop + 1]
    before = read.letters[: read.form.start]
    is_city_again = " ".join(read.delivery[read.form.stop :]) == read.line.city
    is_unread = behind not in ("", ",", "C") and not is_city_again
    if is_unread or set(before) & set("mkp") or before.endswith(("r", "E", "R")):
        return UNCLEAR
    form = read.form.name
    is_roughly = spoken(read)[:1] == ["ISH"]
    if read.numeral == "DOUBTED" or is_roughly or (form == "untyped" and _is_bare(read, tables)):
        return UNCLEAR
    if _is_supposed(read, tables):
        return DOUBTED
    if "?" in read.letters:
        return UNCLEAR
    is_careless = "C" not in read.letters and form in STREETS
    if is_careless and any(
        _is_initials(word, tables) and word not in tables.receivers for word in _left_out(read)
    ):
        return UNCLEAR
    return _told(read, tables)


def _is_supposed(read: Read, tables: AddressTables) -> bool:
    unit = [seen(word, tables) for word in read.part("unit")]
    if any(word in tables.placeholder_words and word not in tables.no_unit for word in unit):
        return True
    if "C" not in read.letters and any(is_of_kin(words, tables) for words in _beside(read)):
        return True
    before = read.delivery[: read.form.start]
    around = {*tables.fillers, *tables.labels, *tables.telling, *tables.linking, *tables.pronouns}
    around = (around | tables.vague | tables.doubting) - tables.buildings
    said, behind = ({word for word in words if word != ","} for words in _beside(read))
    if before and "C" not in read.letters[: read.form.start]:
        is_called = before[0] == "THE" and not said & tables.people and not said <= around
        is_building = is_called or bool(said & tables.buildings)
        is_block = before[-1] in BLOCKS and read.line.state != "PR"
        if is_block or before[-1] in RELATING or (before[-1] in WHERE and not is_building):
            return True
    if is_other_place(read, *_beside(read), tables) or any(
        word in tables.surmising for word in _left_out(read)
    ):
        return True
    return bool(said & tables.doubting and said <= around) or bool(behind and behind <= tables.doubting)


def _is_bare(read: Read, tables: AddressTables) -> bool:
    name = read.part("name")
    whole = " ".join(name)
    if whole in tables.untyped:
        return False
    if read.letters[read.form.stop : read.form.stop + 1] == "," and read.letters[-1] in "seE":
        return True
    is_loose = read.form.start > 0 and read.letters[read.form.start - 1] != ","
    fillers = [word for word in tables.fillers if word not in tables.suffixes]
    little = {*fillers, *tables.linking, *tables.telling, *tables.numerals}
    if is_loose or set(name) <= little or any(word in tables.linking for word in name):
        return True
    has_unit = bool(read.part("lead")) or len(read.part("unit")) > 1
    if has_unit or read.part("pre") or read.part("post"):
        return False
    if name[0] in tables.people or any(word in tables.telling for word in name):
        return True
    if _is_initials(whole, tables):
        return True
    state = read.line.state
    is_place = whole in tables.places or whole + " " + state in tables.places
    if whole in tables.states and tables.states[whole] != state:
        is_place = whole in tables.countries
    return is_place or _is_common(name, tables)


def _is_common(name: list[str], tables: AddressTables) -> bool:
    if name[0] in ("EL", "LA", "LAS", "LOS", "DEL", "DE", "LE", "RUE", "COL", "EST", "ESTATE", "VISTA"):
        return False
    if len(name) > 1 and (name[-1] in tables.ways or (name[0] in tables.suffixes and name[1] == "OF")):
        return False
    if len(name) > 1 and name[1] in ("DE", "DEL"):
        return False
    for ending, one in (("", ""), ("S", ""), ("ES", ""), ("IES", "Y")):
        if name[-1].endswith(ending) and name[-1][: len(name[-1]) - len(ending)] + one in tables.common:
            return True
    return False


def _spots(read: Read, tables: AddressTables) -> set[str]:
    """The words of a quarter's name that tell a spot elsewhere (ARRIBA), and BUS of a highway."""
    area = [*read.part("area"), *read.part("region")]
    if read.form.name == "highway_contract":
        area += read.delivery[read.form.start : read.form.caps["number"][0]]
    business_route = {"BUS"} if read.form.name == "highway" else set()
    return {*area} & tables.spots | business_route


def _told(read: Read, tables: AddressTables) -> Twin | None:
    if (
        is_pattern(read, tables)
        or is_saying(read, tables)
        or is_endless(read, tables)
        or is_no_number(read, tables)
    ):
        return UNCLEAR
    is_zip = read.number != "" and read.number == read.line.zip5
    if is_zip or is_measured(read) or is_no_interstate(read) or is_cut_short(read):
        return UNCLEAR
    told = [word for word in read.delivery if word in tables.vague and word not in _spots(read, tables)]
    around = (*tables.fillers, *tables.labels, *tables.telling, *tables.linking, *tables.pronouns)
    said = {*around, *tables.vague, *tables.doubting} - tables.buildings | tables.people
    if read.part("suffix") == ["IS"] and not said & set(read.part("name")):
        del told[told.index("IS")]
    if not told or read.form.name in ("po_box", "station", "general_delivery", "pmb"):
        return None
    name = read.part("name")
    if read.has_type(tables) and " ".join(name) in ("BLOCK HOUSE", "BLOCK ISLAND", *tables.called):
        return None
    called = name[1:] if name[:1] == ["HUNDRED"] else name
    if len(name) > 1 and called[0] in ("BLOCK", "BLOCKS", "BLK", "BLKS"):
        return UNCLEAR
    is_told = len(name) > 1 and all(word in tables.vague or word in tables.fillers for word in name)
    is_told = is_told and not any(word in tables.landmarks for word in name)
    is_in_name = any(word in told for word in name)
    is_spanish = bool(name) and (tables.classes.get(name[0]) == "c" or name[1:2] in (["DE"], ["DEL"]))
    is_spot = is_spanish and all(word in tables.spots and word in name for word in told)
    if is_spot:
        return None
    is_landmark = all(word in tables.landmarks for word in told)
    is_typed = read.is_typed or (is_landmark and read.has_type(tables))
    return None if is_typed and not (is_told and is_in_name) else UNCLEAR


def _is_initials(word: str, tables: AddressTables) -> bool:
    return (
        word not in tables.classes
        and 3 <= len(word) <= 5
        and word.isalpha()
        and not set(word) & set("AEIOUY")
    )


def _agency(read: Read, tables: AddressTables) -> Twin | None:
    if read.form.name in ("po_box", "station", "general_delivery", "pmb"):
        return None
    found = _phrase(read.delivery, tables.agency_phrases, read.form.caps.get("name", (0, 0)))
    if found and found[0] and read.delivery[found[0] - 1] in ("ATTN", "ATTENTION"):
        return None
    if not found and (read.number, read.line.zip5) not in tables.agencies:
        return None
    pairs = " ".join(read.delivery).replace("STORE #", "STORE").split()
    boxes = [after for word, after in pairwise(pairs) if word == "#"]
    if not boxes:
        return Twin("INCOMPLETE", "R-31", False, None)
    address = address_of(read, tables)._replace(kind="private_mailbox", unit="", box=boxes[0])
    return Twin("NONRESIDENTIAL", "R-31", False, address)


def _is_called_nothing(read: Read, tables: AddressTables) -> bool:
    name = read.part("name")
    if read.has_type(tables) and not read.is_typed and any(word in tables.placeholder_words for word in name):
        return True
    if read.form.name in ("type_first", "calle_first"):
        name = name[1:]
    return bool(name) and (name[0] == "SIN" or all(word in tables.hardly for word in name))


def _has_number_in_name(read: Read) -> bool:
    start, stop = read.form.caps.get("name", (0, 0))
    is_words = stop - start > 1 and set(read.letters[start : stop - 1]) <= set("wt")
    return read.form.name == "street" and is_words and read.letters[stop - 1] in ("d", "o")


def _complete(read: Read, tables: AddressTables) -> Twin:
    address = address_of(read, tables)
    if read.line.fault == "no_zip":
        return Twin("REVIEW", "R-80", False, address)
    if _box_digits(read) == 7 and read.line.state != "PR":
        return Twin("REVIEW", "R-80", False, address)
    if read.form.name in ("po_box", "station", "general_delivery", "pmb"):
        return Twin("NONRESIDENTIAL", "R-31", False, address)
    is_loose = read.form.start > 0 and read.letters[read.form.start - 1] != ","
    is_unusual = bool(
        is_loose
        or is_name_ahead(read, tables)
        or (set() < set(read.part("name")) - {"ICE", "ROOM"} <= tables.confining)
        or _is_called_nothing(read, tables)
        or read.numeral != ""
        or read.form.name in ("milepost", "lettered", "lettered_street", "star_route")
        or read.form.name in ("numbered_street", "road_box", "bare_box", "letter_or_direction")
        or (read.form.name == "complex" and not read.part("unit"))
        or is_type_twice(read, tables)
        or _has_number_in_name(read)
        or read.form.stop < len(read.letters)
        or read.line.fault == "city_unknown"
        or (read.line.fault == "city_elsewhere" and read.form.name != "military")
        or any(word in tables.placeholder_words for word in read.part("unit"))
        or (read.form.name == "calle_first" and read.line.state not in ("PR", "VI"))
        or (read.form.name == "untyped" and " ".join(read.part("name")) not in tables.untyped)
    )
    return Twin("REVIEW", "R-80", False, address) if is_unusual else Twin("OK", None, False, address)
