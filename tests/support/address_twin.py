"""The address judge once more, slowly and without any short cut: what the fast one must agree with.

- Words are read character by character, forms are tried by plain backtracking, nothing is remembered, and
  every text goes through every check in order.
- It shares the tables, which are data, and nothing else.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from solely.facts.address_tables import DIRECTIONALS, AddressTables
from solely.model import Address

Caps = dict[str, tuple[int, int]]
Match = Callable[[str, int, Caps], Iterator[tuple[int, Caps]]]


class Twin(NamedTuple):
    """What the twin says of a text."""

    verdict: str
    rule: str | None
    located: bool
    address: Address | None


class Line(NamedTuple):
    """City, state and ZIP, where the delivery line stops, and what is wrong with them."""

    stop: int
    city: str
    state: str
    zip5: str
    fault: str


# -- words --------------------------------------------------------------------------------------------


def words_of(text: str) -> list[str]:
    """The words of `text`, one character at a time."""
    decomposed = unicodedata.normalize("NFKD", text.upper())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).upper()
    words: list[str] = []
    word = ""
    for place, c in enumerate(plain + " "):
        following = plain[place + 1 : place + 2]
        if _is_word(c) or (word and c in "-/.'" and following and _is_word(following)):
            word += c
            continue
        if word:
            words += _parts(word)
            word = ""
        if c in ",;\n\r|":
            words.append(",")
        elif c in "#&%":
            words.append(c)
    return words


def _is_word(c: str) -> bool:
    return (c.isascii() and c.isalnum()) or c in "@$!+"


def _parts(word: str) -> list[str]:  # noqa: C901 - one chain, as it is read
    if word in ("C/O", "N/A"):
        return [word]
    if word == "S/N":
        return ["SN"]
    word = word.replace("'", "")
    if not any(c in word for c in "-/."):
        return [word]
    for sign in "-/":
        left, _, right = word.partition(sign)
        tail = right[:-1] if sign == "-" and right[-1:].isalpha() else right
        if left.isdigit() and tail.isdigit():
            return [word]
    pieces = word.replace("-", "/").replace(".", "/").split("/")
    if all(piece.isdigit() for piece in pieces) and "-" not in word and "/" not in word:
        return [word]
    if word[:2] == "I-" and word[2:].isdigit():
        return ["INTERSTATE", word[2:]]
    if all(len(piece) == 1 for piece in pieces):
        return ["".join(pieces)]
    if len(pieces) == 2 and "-" in word and any(piece.isdigit() for piece in pieces):
        if min(len(piece) for piece in pieces) == 1 and not all(piece.isalpha() for piece in pieces):
            return ["".join(pieces)]
        if pieces[0][0] in "NSEW" and pieces[1][0] in "NSEW":
            return ["".join(pieces)]
    return pieces


_GLUED = (
    "APT", "APTO", "STE", "UNIT", "BLDG", "EDIF", "RM", "FL", "LOT", "SPC", "TRLR", "BOX", "POBOX",
        "POB", "PMB",
    "RR", "RFD", "HC", "HWY", "FM", "CR", "SR", "SH", "US", "IH", "CARR", "PSC", "CMR", "RT", "RTE", "KM",
)  # fmt: skip


def _unglued(word: str) -> list[str]:
    for head in _GLUED:
        rest = word[len(head) :]
        number = rest[:-1] if rest[-1:].isalpha() else rest
        if word.startswith(head) and number.isdigit() and word.isalnum():
            return [head, rest]
    return [word]


def _letter(word: str, tables: AddressTables) -> str:  # noqa: C901 - one chain, as it is read
    if word in tables.classes:
        return tables.classes[word]
    if word.isdigit():
        return "d" if len(word) <= 6 else "D"
    if word.isalpha():
        return "l" if word in (word[0], word[0] * 2) else "w"
    runs = _runs(word)
    if _is_ordinal(word, runs):
        return "o"
    if "/" in word:
        left, _, right = word.partition("/")
        return "f" if left.isdigit() and right.isdigit() and len(left) <= 2 and len(right) <= 2 else "?"
    if "-" in word:
        left, _, right = word.partition("-")
        digits = right[:-1] if right[-1:].isalpha() else right
        return "h" if left.isdigit() and digits.isdigit() and len(left) <= 5 and len(digits) <= 5 else "?"
    if "." in word:
        return "k" if word.count(".") == 1 and word.replace(".", "").isdigit() else "?"
    kinds = "".join("d" if run.isdigit() else "a" for run in runs)
    sizes = [len(run) for run in runs]
    if not word.isalnum():
        return "?"
    if kinds == "da" and sizes[1] == 1 and sizes[0] <= 6:
        return "a"
    return _mixed(runs, kinds, sizes)


def _mixed(runs: Sequence[str], kinds: str, sizes: Sequence[int]) -> str:
    is_compass = all(run in ("N", "S", "E", "W") for run in runs if run.isalpha())
    if is_compass:
        if kinds == "ad" and 2 <= sizes[1] <= 6:
            return "g"
        if kinds == "adad" and ((2 <= sizes[1] <= 6) or (1 <= sizes[1] <= 3)) and 1 <= sizes[3] <= 6:
            return "g"
        if kinds == "dad" and sizes[0] <= 3 and sizes[2] <= 5:
            return "g"
    is_other = (
        (kinds in ("ad", "ada") and sizes[0] == 1 and sizes[1] <= 5 and (len(runs) < 3 or sizes[2] == 1))
        or (kinds == "dad" and sizes[0] <= 5 and sizes[1] == 1 and sizes[2] <= 3)
        or (kinds == "da" and sizes[0] <= 4 and sizes[1] == 2)
        or (kinds == "ad" and sizes[0] == 2 and sizes[1] <= 4)
    )
    return "j" if is_other else "?"


def _runs(word: str) -> list[str]:
    runs: list[str] = []
    for c in word:
        if runs and runs[-1][-1].isdigit() == c.isdigit():
            runs[-1] += c
        else:
            runs.append(c)
    return runs


def _is_ordinal(word: str, runs: Sequence[str]) -> bool:
    if len(runs) != 2 or not runs[0].isdigit():
        return False
    digits, tail = runs
    if tail in ("ER", "RA", "DA", "MO", "VO"):
        return True
    ends = {"ST": "1", "ND": "2", "RD": "3", "TH": "0123456789"}
    return tail in ends and len(digits) <= 4 and digits[-1] in ends[tail]


# -- the last line ------------------------------------------------------------------------------------


def last_line(words: list[str], tables: AddressTables) -> Line:  # noqa: C901 - one chain, as it is read
    """City, state and ZIP, tried from the end."""
    words = list(words)
    _strip(words)
    for country in (
        ["UNITED", "STATES", "OF", "AMERICA"],
        ["UNITED", "STATES"],
        ["USA"],
        ["US"],
        ["EEUU"],
        ["EUA"],
    ):
        if words[-len(country) :] == country:
            del words[-len(country) :]
            _strip(words)
            break
    if len(words) > 1 and words[-1] in tables.states and words[-2] in tables.zips:
        words[-2:] = [words[-1], words[-2]]
    zip5 = _pop_zip(words)
    entry = tables.zips.get(zip5)
    _strip(words)
    state, count = _state_at_end(words, tables)
    if entry and state and state != entry.state:
        is_city = _city_at_end(words, entry.cities, entry.words_max + 1, tables)[1]
        before = words[:-count]
        is_type = words[-count] in tables.suffixes and not (before and before[-1] == ",")
        is_bare = not _city_at_end(before, tables.state_cities.get(state, {}), 5, tables)[1]
        if is_city or (is_type and is_bare):
            state, count = "", 0
    if not state:
        size, city = _city_at_end(words, entry.cities, entry.words_max + 1, tables) if entry else (0, "")
        return Line(len(words) - size, city, "", zip5, "no_state" if city else "no_last_line")
    del words[-count:]
    _strip(words)
    if entry and entry.state == state:
        size, city = _city_at_end(words, entry.cities, entry.words_max + 1, tables)
        if city:
            return Line(len(words) - size, city, state, zip5, "")
    fault = (
        "no_zip"
        if not zip5
        else "zip_unknown"
        if not entry
        else "zip_conflict"
        if entry.state != state
        else ""
    )
    size, city = _city_at_end(words, tables.state_cities.get(state, {}), 5, tables)
    if city:
        return Line(len(words) - size, city, state, zip5, fault or "city_elsewhere")
    breaks = [place for place, word in enumerate(words) if word == ","]
    segment = words[breaks[-1] + 1 :] if breaks else []
    if 0 < len(segment) <= 4 and all(word.isalpha() for word in segment):
        city = " ".join(tables.city_words.get(word, word) for word in segment)
        found = "zip_conflict" if fault == "zip_conflict" else "city_unknown"
        return Line(len(words) - len(segment), city, state, zip5, found)
    return Line(len(words), "", state, zip5, "no_city")


def _strip(words: list[str]) -> None:
    while words and words[-1] == ",":
        words.pop()


def _pop_zip(words: list[str]) -> str:
    last = words[-1] if words else ""
    if last.isdigit() and len(last) in (5, 9):
        return words.pop()[:5]
    if last[5:6] == "-" and len(last) == 10 and (last[:5] + last[6:]).isdigit():
        return words.pop()[:5]
    if last.isdigit() and len(last) == 4 and len(words) > 1 and words[-2].isdigit() and len(words[-2]) == 5:
        words.pop()
        return words.pop()
    return ""


def _state_at_end(words: Sequence[str], tables: AddressTables) -> tuple[str, int]:
    for count in (4, 3, 2, 1):
        name = " ".join(words[-count:])
        if count <= len(words) and name in tables.states:
            return tables.states[name], count
    return "", 0


def _city_at_end(words: Sequence[str], cities: Any, words_max: int, tables: AddressTables) -> tuple[int, str]:
    for count in range(min(words_max, len(words)), 0, -1):
        part = words[-count:]
        if "," in part:
            continue
        for key in ("".join(part), "".join(tables.city_words.get(word, word) for word in part)):
            if cities.get(key):
                return count, cities[key]
    return 0, ""


# -- the delivery line --------------------------------------------------------------------------------


def one(letters: str) -> Match:
    """Exactly one letter out of `letters`."""

    def match(text: str, at: int, caps: Caps) -> Iterator[tuple[int, Caps]]:
        if at < len(text) and text[at] in letters:
            yield at + 1, caps

    return match


def seq(*parts: Match) -> Match:
    """All parts, one after the other."""

    def match(text: str, at: int, caps: Caps) -> Iterator[tuple[int, Caps]]:
        if not parts:
            yield at, caps
            return
        for middle, found in parts[0](text, at, caps):
            yield from seq(*parts[1:])(text, middle, found)

    return match


def alt(*parts: Match) -> Match:
    """The parts, tried in order."""

    def match(text: str, at: int, caps: Caps) -> Iterator[tuple[int, Caps]]:
        for part in parts:
            yield from part(text, at, caps)

    return match


def many(part: Match, least: int, most: int, is_lazy: bool = False) -> Match:
    """`part` from `least` to `most` times, as often (or, lazily, as seldom) as can be."""

    def match(text: str, at: int, caps: Caps) -> Iterator[tuple[int, Caps]]:
        if is_lazy and least <= 0:
            yield at, caps
        if most > 0:
            for middle, found in part(text, at, caps):
                if middle > at:
                    yield from many(part, least - 1, most - 1, is_lazy)(text, middle, found)
        if not is_lazy and least <= 0:
            yield at, caps

    return match


def opt(part: Match) -> Match:
    """`part`, or nothing."""
    return many(part, 0, 1)


def cap(name: str, part: Match) -> Match:
    """`part`, remembered under `name`."""

    def match(text: str, at: int, caps: Caps) -> Iterator[tuple[int, Caps]]:
        for stop, found in part(text, at, caps):
            yield stop, {**found, name: (at, stop)}

    return match


def followed(letters: str) -> Match:
    """Nothing, where one of `letters` comes next."""

    def match(text: str, at: int, caps: Caps) -> Iterator[tuple[int, Caps]]:
        if at < len(text) and text[at] in letters:
            yield at, caps

    return match


def spell(letters: str) -> Match:
    """These letters in this order."""
    return seq(*(one(letter) for letter in letters))


MANY = 40
COMMA, SIGN, NO = opt(one(",")), opt(one("#")), opt(one("x"))
VALUE = alt(seq(one("dahgoj"), opt(one("lv"))), seq(one("ln"), opt(one("d"))), one("v"), one("w"))
UNIT = alt(
    seq(one("u"), NO, SIGN, VALUE), seq(one("v"), opt(one("dal"))), seq(NO, one("#"), VALUE), spell("ou")
)
UNITS = many(seq(COMMA, UNIT), 1, MANY)
MORE = alt(UNITS, one("dagjl"))
NUMBER = alt(
    spell("df"), seq(spell("dl"), followed("ndow")), seq(one("g"), opt(one("g"))), spell("ndnd"), one("dhaN")
)
LEAD = opt(cap("lead", seq(UNIT, COMMA)))
HEAD = seq(LEAD, cap("number", NUMBER), cap("pre", many(one("n"), 0, 2)))
NAME_WORD = one("wtsceExzkmuvirRHbnABYMN")
NAME = alt(
    seq(
        opt(one("odah")),
        alt(
            seq(many(NAME_WORD, 0, MANY), one("l"), many(NAME_WORD, 1, MANY)),
            seq(many(NAME_WORD, 1, MANY), opt(one("l"))),
            one("l"),
        ),
    ),
    one("od"),
)
BARE_NAME = alt(seq(opt(one("otsembi")), many(one("wtlcnzmbi"), 0, 4), one("wtco")), spell("vt"))
TAIL = seq(cap("post", many(one("n"), 0, 2)), opt(cap("unit", MORE)))
AREA = seq(one("z"), many(one("wltcznsdeoE"), 1, MANY, True))
NEAR = opt(seq(cap("area", AREA), COMMA))
BEHIND = opt(seq(COMMA, cap("region", AREA)))
STREET = seq(HEAD, cap("name", NAME), cap("suffix", one("steE")), TAIL)
BOX = seq(NO, SIGN, cap("box", one("dahjgl")))
SECOND_BOX = seq(NO, SIGN, one("dahjgl"))
ROUTE = seq(NO, SIGN, opt(cap("number", one("da"))), COMMA, one("b"), BOX, TAIL)
CALLE = many(one("wlontsctzxdh"), 1, MANY, True)
FORMS: tuple[tuple[str, Match], ...] = (
    ("po_box", seq(one("P"), BOX, opt(seq(COMMA, UNIT)))),
    ("rural_route", seq(one("REe"), ROUTE)),
    ("highway_contract", seq(one("H"), ROUTE)),
    ("general_delivery", one("G")),
    ("military", seq(cap("number", seq(one("uY"), one("dahj"))), COMMA, one("b"), SIGN, cap("box",
        one("dahj")))),
    ("military", cap("number", seq(one("S"), many(one("wlndrt"), 1, MANY)))),
    ("pmb", seq(STREET, COMMA, one("M"), BOX)),
    ("pmb", seq(one("M"), BOX, COMMA, STREET)),
    (
        "highway",
        seq(
            HEAD,
            cap("name", alt(seq(one("rER"), NO, SIGN, one("dalo"), many(one("w"), 0, 2)), seq(one("e"),
                one("dalo")))),
            cap("suffix", opt(one("seE"))),
            TAIL,
        ),
    ),
    ("letter_or_direction", seq(spell("den"), opt(UNITS))),
    (
        "numbered_street",
        seq(one("do"), alt(one("seE"), seq(one("m"), one("seE"))), opt(one("n")), many(seq(COMMA, UNIT),
            0, MANY)),
    ),
    ("street", STREET),
    ("street", seq(STREET, COMMA, one("P"), SECOND_BOX)),
    ("street", seq(one("P"), SECOND_BOX, COMMA, STREET)),
    (
        "grid",
        seq(LEAD, cap("number", one("d")), cap("pre", one("n")), cap("name", one("d")), cap("post", one("n")),
            opt(cap("unit", MORE))),
    ),
    ("type_first", seq(NEAR, HEAD, cap("name", seq(one("ceE"), CALLE)), TAIL, BEHIND)),
    ("type_first", seq(NEAR, cap("number", one("j")), cap("name", seq(one("c"), CALLE)), TAIL, BEHIND)),
    (
        "calle_first",
        seq(NEAR, cap("name", seq(one("c"), many(one("wlodtsnc"), 1, MANY, True))), COMMA, SIGN,
            cap("number", one("dahj")), TAIL, BEHIND),
    ),
    (
        "kilometer",
        seq(cap("name", seq(one("rce"), one("dal"))), COMMA, one("k"), cap("number", one("dk")),
            opt(seq(COMMA, one("i"), one("dk"))), BEHIND, TAIL),
    ),
    (
        "complex",
        seq(cap("name", seq(one("z"), many(one("wltcznsdeE"), 1, MANY, True))), COMMA, one("u"),
            cap("number", one("dahlj")), cap("unit", UNITS)),
    ),
    ("untyped", seq(HEAD, cap("name", BARE_NAME), TAIL)),
)  # fmt: skip


class Form(NamedTuple):
    """The form found and its parts; `start` and `stop` are what it covers."""

    name: str
    start: int
    stop: int
    caps: Caps


def form_of(letters: str) -> Form:
    """The first form of the whole line, else of a part of it."""
    size = len(letters)
    inner = range(1, size)
    starts = [0, *[at for at in inner if letters[at - 1] == ","][:4]]
    starts += [at for at in inner if letters[at] in "dhagPRH" and letters[at - 1] not in "u#xb"][:4]
    stops = [size, *reversed([at for at in inner if letters[at] == ","][:4])]
    stops += reversed([at for at in inner if letters[at - 1] in "seE"][:4])
    whole = _form(letters, 0, size)
    if whole:
        return whole
    forms = [_part(letters, start, stop) for start in starts for stop in stops if start < stop]
    found = [form for form in forms if form]
    numbered = [form for form in found if form.name not in ("numbered_street", "letter_or_direction")]
    return (numbered or found or [Form("", 0, 0, {})])[0]


def _part(letters: str, start: int, stop: int) -> Form | None:
    """The form of a part; what is left out may hold no number but one unit at the very end."""
    for at in range(start):
        if letters[at] in "dhagD" and (at == 0 or letters[at - 1] not in "u#xbPM"):
            return None
    rest = stop
    while rest < len(letters) and letters[rest] not in "dhagjoD#uv":
        rest += 1
    form = _form(letters, start, stop)
    for at in range(rest, stop - 1, -1):
        if at == len(letters):
            return form
        if any(end == len(letters) for end, _ in UNITS(letters, at, {})):
            if form and "unit" not in form.caps:
                return form._replace(caps={**form.caps, "unit": (at, len(letters))})
            return None
    return None


def _form(letters: str, start: int, stop: int) -> Form | None:
    for name, match in FORMS:
        for end, caps in match(letters[:stop], start, {}):
            if end == stop:
                return Form(
                    name, start, stop, {part: span for part, span in caps.items() if span[1] > span[0]}
                )
    return None


class Read(NamedTuple):
    """A text taken apart."""

    delivery: list[str]
    letters: str
    form: Form
    line: Line

    def part(self, name: str) -> list[str]:
        """The words of one part."""
        start, stop = self.form.caps.get(name, (0, 0))
        return self.delivery[start:stop]

    @property
    def number(self) -> str:
        """The first word of the number."""
        return (self.part("number") or [""])[0]

    @property
    def is_typed(self) -> bool:
        """True for a street with a generic type."""
        suffix = self.form.caps.get("suffix")
        return suffix is not None and self.letters[suffix[0]] in "seE"


def read(words: list[str], tables: AddressTables) -> Read:
    """Delivery line, its letters and form, and the last line."""
    line = last_line(words, tables)
    delivery = words[: line.stop]
    _strip(delivery)
    while delivery and delivery[0] == ",":
        del delivery[0]
    delivery = _merged([part for word in delivery for part in _unglued(word)], tables)
    letters = "".join(_letter(word, tables) for word in delivery)
    form = form_of(letters)
    if not form.name and "," in letters:
        joined = letters.replace(",", "")
        whole = form_of(joined)
        is_street = whole.name in ("street", "highway") and "suffix" in whole.caps
        if is_street and whole.stop == len(joined) and whole.start == 0:
            return Read([word for word in delivery if word != ","], joined, whole, line)
    return Read(delivery, letters, form, line)


def _merged(words: list[str], tables: AddressTables) -> list[str]:
    merged: list[str] = []
    while words:
        for merge in sorted(tables.merges.get(words[0], ()), key=lambda each: len(each.words), reverse=True):
            rest = words[len(merge.words) :]
            is_letter = bool(rest) and rest[0].isalpha() and rest[0] in (rest[0][0], rest[0][0] * 2)
            is_letter = is_letter and rest[0] not in ("N", "S", "E", "W")
            is_next = is_letter or (bool(rest) and rest[0][0].isdigit())
            if words[: len(merge.words)] == list(merge.words) and (is_next or not merge.is_before_number):
                merged.append(merge.standard)
                words = rest
                break
        else:
            merged.append(words[0])
            words = words[1:]
    return merged


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
    while words and words[0] in ("#", "NO", "NUM", "NUMBER", "NUMERO", "NRO"):
        words = words[1:]
    value: list[str] = []
    while words and words[0] not in ("#", "NO", "NUM", "NUMBER", "NUMERO", "NRO"):
        if value and _is_floor(words, tables):
            break
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


def _seen(word: str, tables: AddressTables) -> str:  # noqa: C901 - one chain, as it is read
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
    if (read.form.name == "untyped" and read.number in DUMMIES) or "?" in read.letters:
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
