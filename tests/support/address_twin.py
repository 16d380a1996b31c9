"""The address judge once more, slowly and without any short cut: what the fast one must agree with.

- Words are read character by character, forms are tried by plain backtracking, nothing is remembered, and
  every text goes through every check in order.
- It shares the tables, which are data, and nothing else.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from solely.facts.address_tables import DIRECTIONALS, AddressTables
from solely.model import Address
from tests.support.address_twin_reading import Read, read, words_of


class Twin(NamedTuple):
    """What the twin says of a text."""

    verdict: str
    rule: str | None
    located: bool
    address: Address | None


# -- parts --------------------------------------------------------------------------------------------

_LONG = {"N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST"}


def address_of(read: Read, tables: AddressTables) -> Address:
    """The standard parts."""
    kinds = {"pmb": "private_mailbox"} | {
        name: name for name in ("po_box", "rural_route", "highway_contract", "general_delivery", "military")
    }
    suffix = read.part("suffix")
    return Address(
        kind=kinds.get(read.form.name, "street"),
        number=_number(read),
        predirectional="".join(DIRECTIONALS[word] for word in read.part("pre")),
        street=" ".join([_street(read, tables), *_areas(read, tables)]),
        suffix=tables.suffixes[suffix[0]] if suffix else "",
        postdirectional="".join(DIRECTIONALS[word] for word in read.part("post")),
        unit=_unit(read, tables),
        box=(read.part("box") or [""])[0].lstrip("0"),
        city=read.line.city,
        state=read.line.state,
        zip5=read.line.zip5,
    )


def _areas(read: Read, tables: AddressTables) -> list[str]:
    return [tables.spelled.get(word, word) for word in (*read.part("area"), *read.part("region"))]


def _number(read: Read) -> str:
    words = read.part("number")
    if len(words) == 1:
        return "1" if words[0] == "ONE" else words[0].lstrip("0")
    return (" " if read.form.name == "military" or (words and "/" in words[-1]) else "").join(words)


def _street(read: Read, tables: AddressTables) -> str:
    words = read.part("name")
    if len(words) == 1:
        word = words[0]
        if word in DIRECTIONALS:
            short = DIRECTIONALS[word]
            return _LONG[short[0]] + (_LONG[short[1]] if len(short) == 2 else "")
        if word.isdigit() and read.part("suffix"):
            number = str(int(word))
            ending = {"1": "ST", "2": "ND", "3": "RD"}.get(number[-1], "TH")
            return number + ("TH" if number[-2:] in ("11", "12", "13") else ending)
        return tables.spelled.get(word, word)
    words = [tables.spelled.get(word, word) for word in words if word != "#"]
    if words and words[0] == "ST":
        words[0] = "SAINT"
    return " ".join(words)


def _unit(read: Read, tables: AddressTables) -> str:
    found: list[tuple[str, str]] = []
    for name in ("lead", "unit"):
        rest = [word for word in read.part(name) if word != ","]
        while rest:
            designator, value, rest = _next_unit(rest, tables)
            found.append((designator, value))
    order = {"BLDG": 0, "FL": 1}
    found.sort(key=lambda each: order.get(each[0], 2))
    values = [value.replace("-", "") or designator for designator, value in found]
    kept = [value for value in values if value not in tables.placeholder_words]
    return " ".join(tables.units.get(value, value.lstrip("0") or value) for value in kept)


def _is_floor(words: Sequence[str], tables: AddressTables) -> bool:
    """True for 2ND FLOOR."""
    is_next = len(words) > 1 and tables.units.get(words[1]) == "FL"
    return is_next and words[0][0].isdigit() and words[0][-2:] in ("ST", "ND", "RD", "TH")


def _next_unit(words: list[str], tables: AddressTables) -> tuple[str, str, list[str]]:
    """One designator with its value, in the order the grammar allows, and what remains."""
    if _is_floor(words, tables):
        return "FL", words[0][:-2], words[2:]
    designator = ""
    if words[0] in tables.units:
        designator, words = tables.units[words[0]], words[1:]
    is_signed = bool(words) and words[0] == "#" and not designator
    while words and words[0] in ("#", "NO", "NUM", "NUMBER", "NUMERO", "NRO"):
        words = words[1:]
    value: list[str] = []
    while words and words[0] not in ("#", "NO", "NUM", "NUMBER", "NUMERO", "NRO"):
        if _is_floor(words, tables) and (value or designator):
            break
        if is_signed and not value and words[0] in tables.units:
            return designator, words[0], words[1:]
        if words[0] in tables.units and (value or tables.classes[words[0]] != "v" or not designator):
            break
        value.append(words[0])
        words = words[1:]
    return designator, "".join(value), words


# -- the verdict --------------------------------------------------------------------------------------


def judge(text: str | None, tables: AddressTables) -> Twin:
    """The verdict, by every check in order."""
    if text is None:
        return Twin("INCOMPLETE", "R-24", False, None)
    words = words_of(text) if len(text) <= 300 else []
    if len(text) > 300 or len(words) > 36:
        return Twin("INCOMPLETE", "R-27", False, None)
    if not [word for word in words if word != ","]:
        return (
            Twin("INCOMPLETE", "R-24", False, None)
            if text.isascii()
            else Twin("UNCLEAR", "R-27", False, None)
        )
    words = _without_label(_joined(words), tables)
    seen = [_seen(word, tables) for word in words if word != ","]
    if all(all(c.isdigit() or c in "-/.#%&" for c in word) for word in seen):
        return Twin("INCOMPLETE", "R-26", False, None)
    if _phrase(seen, tables.placeholder_phrases):
        return Twin("PLACEHOLDER", "R-25", False, None)
    found = read(words, tables)
    for check in (_placeholder, _foreign, _facility, _lacking, _doubted, _agency, _complete):
        twin = check(found, tables)
        if twin:
            return twin
    raise AssertionError("every text has a verdict")


def _joined(words: list[str]) -> list[str]:
    joined: list[str] = []
    at = 0
    while at < len(words):
        stop = at
        while stop < len(words) and len(words[stop]) == 1 and (words[stop].isalnum() or words[stop] in "@$!"):
            stop += 1
        if stop - at >= 4 and any(word.isalpha() for word in words[at:stop]):
            joined.append("".join(words[at:stop]))
            at = stop
        else:
            stop = max(stop, at + 1)
            joined += words[at:stop]
            at = stop
    return joined


def _without_label(words: list[str], tables: AddressTables) -> list[str]:
    rest = list(words)
    while rest and rest[0] in tables.labels:
        del rest[0]
    return rest if rest and rest[0][0].isdigit() else words


def _seen(word: str, tables: AddressTables) -> str:  # noqa: C901 -- one chain, as it is read
    if word in tables.vocabulary or word.isdigit():
        return word
    if len(word) >= 3 and word == word[0] * len(word):
        return "XXX"
    if not word.isalpha():
        return tables.skeletons.get(_skeleton(word), word)
    if not 6 <= len(word) <= 24 or word in tables.classes:
        return word
    long = sorted(each for each in tables.vocabulary if len(each) >= 7 and abs(len(each) - len(word)) <= 1)
    for each in long:
        if len(each) == len(word) + 1 and word in _shorter(each):
            return each
    for shorter in _shorter(word):
        if shorter in long:
            return shorter
        for each in long:
            if len(each) == len(word) and shorter in _shorter(each):
                return each
    return word


def _shorter(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def _skeleton(word: str) -> str:
    pairs = dict(zip("0134578@$!|+L", "OIEASTBASIITI", strict=True))
    plain = [pairs.get(c, c) for c in word]
    return "".join(c for at, c in enumerate(plain) if at == 0 or plain[at - 1] != c)


def _phrase(words: Sequence[str], phrases: Any) -> tuple[int, int] | None:
    for at in range(len(words)):
        for phrase in sorted(phrases.get(words[at], ()), key=len, reverse=True):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return at, at + len(phrase)
    return None


def _is_empty(word: str, tables: AddressTables) -> bool:
    seen = _seen(word, tables)
    return seen in tables.placeholder_words or seen in tables.fakes or seen in tables.fillers


PLACEHOLDER, UNCLEAR = Twin("PLACEHOLDER", "R-25", False, None), Twin("UNCLEAR", "R-27", False, None)
DUMMIES = ("123", "1234", "12345", "111", "1111", "999", "9999", "99999")


def _placeholder(read: Read, tables: AddressTables) -> Twin | None:
    city = read.line.city.split()
    if city and read.line.fault == "city_unknown" and all(_is_empty(word, tables) for word in city):
        return PLACEHOLDER
    pairs = zip(read.delivery, read.letters, strict=True)
    core = [_seen(word, tables) for word, letter in pairs if letter not in "dhafogD#,j"]
    named = [word for word in core if word in tables.placeholder_words]
    if not named:
        return None
    name = read.part("name")
    if all(_is_empty(word, tables) or tables.classes.get(word, "w") in "seEuv" for word in core):
        is_whole = read.form.start == 0 and read.form.stop == len(read.letters)
        if len(named) != 1 or len(name) != 1 or not is_whole or not read.is_typed:
            return PLACEHOLDER
        is_fake = named[0] in tables.fakes or read.number in DUMMIES
        return UNCLEAR if is_fake or name != named else None
    if not read.is_typed:
        return UNCLEAR if read.number else PLACEHOLDER
    seen = [_seen(word, tables) for word in name]
    is_elsewhere = any(word not in seen and word not in read.part("unit") for word in named)
    return UNCLEAR if is_elsewhere or any(word in tables.fakes for word in seen) else None


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
    if (read.number, read.line.zip5) in tables.facilities:
        return located
    streets = ("street", "highway", "grid", "untyped", "type_first", "calle_first", "kilometer", "complex")
    is_located = read.form.name in streets and bool(read.line.city and read.line.state)
    if any(segment in tables.facility_alone for segment in " ".join(read.delivery).split(" , ")):
        return located if is_located else bare
    found = _phrase(read.delivery, tables.facility_phrases)
    if not found:
        return None
    start, stop = read.form.caps.get("name", (0, 0))
    if start <= found[0] and found[1] <= stop:
        return None if "suffix" in read.form.caps else bare
    is_outside = stop == 0 or found[1] <= read.form.caps.get("number", (0, 0))[0] or found[0] > stop
    return located if is_located and is_outside else bare


def _lacking(read: Read, tables: AddressTables) -> Twin | None:
    no_street, no_line = Twin("INCOMPLETE", "R-27", False, None), Twin("INCOMPLETE", "R-28", False, None)
    if not read.delivery:
        return no_street
    form, state = read.form.name, read.line.state
    fault = ""
    if form == "":
        fault = _formless(read.letters)
    elif form == "letter_or_direction":
        fault = "unclear"
    elif (
        form == "numbered_street"
        or (form == "complex" and state not in ("PR", "VI"))
        or (form == "military" and state not in ("", "AA", "AE", "AP"))
        or any(set(word) <= {"0", "-"} for word in (read.number, *read.part("box")) if word)
        or (form == "untyped" and " ".join(read.part("name")) in (read.line.city, state))
    ):
        fault = "street"
    if fault == "street":
        return no_street
    if read.line.fault in ("no_last_line", "no_state", "no_city"):
        return no_line
    return UNCLEAR if fault else None


def _formless(letters: str) -> str:
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
    if behind not in ("", ","):
        return UNCLEAR
    is_loose = read.form.start > 0 and read.letters[read.form.start - 1] != ","
    is_doubtful = read.form.name == "untyped" and (read.number in DUMMIES or is_loose)
    if is_doubtful or "?" in read.letters:
        return UNCLEAR
    told = [word for word in read.delivery if word in tables.vague]
    if not told or read.form.name in ("po_box", "general_delivery", "pmb"):
        return None
    name = read.part("name")
    is_told = len(name) > 1 and all(word in tables.vague or word in tables.fillers for word in name)
    is_in_name = any(word in told for word in name)
    return None if read.is_typed and not (is_told and is_in_name) else UNCLEAR


def _agency(read: Read, tables: AddressTables) -> Twin | None:
    if read.form.name in ("po_box", "general_delivery", "pmb"):
        return None
    found = _phrase(read.delivery, tables.agency_phrases)
    start, stop = read.form.caps.get("name", (0, 0))
    is_named = found is not None and not (start <= found[0] and found[1] <= stop)
    if not is_named and (read.number, read.line.zip5) not in tables.agencies:
        return None
    boxes = [read.delivery[at + 1] for at, word in enumerate(read.delivery[:-1]) if word == "#"]
    if not boxes:
        return Twin("INCOMPLETE", "R-31", False, None)
    address = address_of(read, tables)._replace(kind="private_mailbox", unit="", box=boxes[0])
    return Twin("NONRESIDENTIAL", "R-31", False, address)


def _complete(read: Read, tables: AddressTables) -> Twin:
    address = address_of(read, tables)
    if read.line.fault == "no_zip":
        return Twin("REVIEW", "R-80", False, address)
    if read.form.name in ("po_box", "general_delivery", "pmb"):
        return Twin("NONRESIDENTIAL", "R-31", False, address)
    is_loose = read.form.start > 0 and read.letters[read.form.start - 1] != ","
    is_unusual = (
        is_loose
        or read.form.stop < len(read.letters)
        or read.line.fault in ("city_elsewhere", "city_unknown")
        or any(word in tables.placeholder_words for word in read.part("unit"))
        or (read.form.name == "calle_first" and read.line.state not in ("PR", "VI"))
        or (read.form.name == "untyped" and " ".join(read.part("name")) not in tables.untyped)
    )
    return Twin("REVIEW", "R-80", False, address) if is_unusual else Twin("OK", None, False, address)
