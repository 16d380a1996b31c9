"""A text taken apart for the judge's slow twin: words, last line, form of the delivery line.

- Forms are tried by plain backtracking, nothing is remembered.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from solely.facts.address_tables import DIRECTIONALS, AddressTables
from tests.support.address_twin_roads import by_letters, with_road
from tests.support.address_twin_words import in_digits, is_apart, letter, lines_of, pop_zip, unglued

Caps = dict[str, tuple[int, int]]
Match = Callable[[str, int, Caps], Iterator[tuple[int, Caps]]]


class Line(NamedTuple):
    """City, state and ZIP, where the delivery line stops, and what is wrong with them."""

    stop: int
    city: str
    state: str
    zip5: str
    fault: str


# -- the last line ------------------------------------------------------------------------------------


COUNTRY = (
    ("UNITED", "STATES", "OF", "AMERICA"),
    ("UNITED", "STATES"),
    ("USA",),
    ("US",),
    ("EE", "UU"),
    ("EEUU",),
    ("EUA",),
)


def last_line(words: list[str], tables: AddressTables) -> Line:
    """City, state and ZIP, tried from the end."""
    words = list(words)
    _strip(words)
    for country in COUNTRY:
        if tuple(words[-len(country) :]) == country:
            del words[-len(country) :]
            break
    _strip(words)
    _separate(words, tables)
    zip5 = pop_zip(words)
    entry = tables.zips.get(zip5)
    _strip(words)
    state, count = _state_at_end(words, tables)
    if entry and state and state != entry.state and _is_no_state(words, count, state, entry, tables):
        state = ""
    if not state:
        size, city = _city_at_end(words, entry.cities, entry.words_max, tables) if entry else (0, "")
        return Line(len(words) - size, city, "", zip5, "no_state" if city else "no_last_line")
    del words[-count:]
    _strip(words)
    if entry and entry.state == state:
        size, city = _city_at_end(words, entry.cities, entry.words_max, tables)
        if city:
            return Line(len(words) - size, city, state, zip5, "")
    return _of_state(words, state, zip5, entry, tables)


def _separate(words: list[str], tables: AddressTables) -> None:
    """Puts a state and its ZIP in order, apart if they are glued (NJ07105)."""
    is_long = len(words) > 3 and words[-1].isdigit() and len(words[-1]) == 4
    at = len(words) - (2 if is_long else 1)
    glued = words[at] if at > 1 else ""
    if len(glued) == 7 and glued[:2] in tables.states:
        words[at : at + 1] = [glued[:2], glued[2:]]
    if len(words) > 1 and words[-1] in tables.states and words[-2] in tables.zips:
        words[-2:] = [words[-1], words[-2]]


def _is_no_state(words: list[str], count: int, state: str, entry: Any, tables: AddressTables) -> bool:
    before = words[:-count]
    is_type = words[-count] in tables.suffixes and not (before and before[-1] == ",")
    is_bare = not _city_at_end(before, tables.state_cities.get(state, {}), 5, tables)[1]
    return bool(_city_at_end(words, entry.cities, entry.words_max, tables)[1]) or (is_type and is_bare)


def _of_state(words: list[str], state: str, zip5: str, entry: Any, tables: AddressTables) -> Line:
    fault = ""
    if not zip5:
        fault = "no_zip"
    elif not entry:
        fault = "zip_unknown"
    elif entry.state != state:
        fault = "zip_conflict"
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


def _state_at_end(words: Sequence[str], tables: AddressTables) -> tuple[str, int]:
    for count in (4, 3, 2, 1):
        name = " ".join(words[-count:])
        if count <= len(words) and name in tables.states:
            return tables.states[name], count
    return "", 0


def _city_at_end(words: Sequence[str], cities: Any, words_max: int, tables: AddressTables) -> tuple[int, str]:
    first: list[tuple[int, str]] = []
    later: list[tuple[int, str]] = []
    for count in range(min(words_max, len(words)), 0, -1):
        part = words[-count:]
        if "," in part:
            continue
        is_after_street = count < len(words) and words[-count - 1] != ","
        spelled = cities.get("".join(tables.city_words.get(word, word) for word in part))
        if "".join(part) in cities:
            first.append((count, cities["".join(part)]))
        elif spelled:
            (later if is_after_street and part[0] in ("N", "S", "E", "W") else first).append((count, spelled))
    return [*first, *later, (0, "")][0]


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


def first(text: str, at: int, caps: Caps) -> Iterator[tuple[int, Caps]]:
    """Nothing, at the very beginning."""
    if at == 0:
        yield at, caps


def ended(text: str, at: int, caps: Caps) -> Iterator[tuple[int, Caps]]:
    """Nothing, at the end or before a comma."""
    if text[at : at + 1] in ("", ","):
        yield at, caps


MANY = 40
COMMA, SIGN, NO = opt(one(",")), opt(one("#")), opt(one("x"))
VALUE = alt(
    spell("df"), seq(one("dahgojf"), opt(one("lv"))), seq(one("ln"), opt(one("d"))), one("v"), one("w")
)
UNIT = alt(
    seq(one("u"), NO, SIGN, VALUE),
    seq(one("v"), opt(one("dalu"))),
    seq(one("i"), opt(one("dahl"))),
    seq(NO, one("#"), VALUE),
    seq(one("x"), one("dahgojl")),
    spell("ou"),
    seq(spell("du"), ended),
)
UNITS = many(seq(COMMA, UNIT), 1, MANY)
MORE = alt(UNITS, one("dagjl"))
NUMBER = alt(
    spell("df"), seq(spell("dl"), followed("ndow")), seq(one("g"), opt(one("g"))), spell("ndnd"), one("dhaN")
)
LEAD = opt(cap("lead", seq(UNIT, COMMA)))
HEAD = seq(LEAD, NO, SIGN, cap("number", NUMBER), cap("pre", many(one("n"), 0, 2)))
NAME_WORD = one("wtsceExzkmuvirRHbnABYMN")
NAME_BUT_AND = alt(
    seq(
        opt(one("odah")),
        alt(
            seq(many(NAME_WORD, 0, MANY), one("l"), many(NAME_WORD, 1, MANY)),
            seq(many(NAME_WORD, 1, MANY), opt(one("l"))),
            one("l"),
        ),
    ),
    one("od"),
    seq(one("x"), one("dh"), many(one("wt"), 0, MANY)),
    spell("dfm"),
    seq(one("dlno"), one("f")),
    one("k"),
    many(one("l"), 2, 3),
    seq(spell("ll"), many(one("wt"), 1, MANY)),
    seq(one("m"), one("dk"), many(one("wt"), 1, MANY)),
    seq(many(one("wt"), 1, 2), one("od")),
)
NAME = seq(followed("odahlwtsceExzkmuvirRHbnBYMN"), NAME_BUT_AND)
BARE_NAME = alt(seq(opt(one("otsembi")), many(one("wtlcnzmbi"), 0, 4), one("wtco")), spell("vt"))
TAIL = seq(cap("post", many(one("n"), 0, 2)), opt(cap("unit", MORE)))
AREA = seq(one("z"), many(one("wltcznsdeoE"), 1, MANY, True))
NEAR = opt(seq(cap("area", AREA), COMMA))
BEHIND = opt(seq(COMMA, cap("region", AREA)))
BESIDE = opt(seq(COMMA, AREA))
STREET = seq(HEAD, cap("name", NAME), cap("suffix", one("steE")), TAIL)
BOX = seq(NO, SIGN, cap("box", one("dahjglD")))
SECOND_BOX = seq(NO, SIGN, one("dahjglD"))
RENTED_BOX = seq(NO, SIGN, cap("number", one("dahjglD")))
ROUTE_BOX = seq(one("b"), NO, SIGN, cap("unit", one("dahjglD")))
ROUTE_NUMBER = seq(NO, SIGN, cap("number", one("da")))
ROUTE = seq(ROUTE_NUMBER, COMMA, one("b"), BOX, TAIL)
ROAD = alt(
    seq(opt(one("w")), opt(one("r")), one("rER"), NO, SIGN, one("dalojk"), opt(seq(one("A"), one("dal"))),
        alt(one("z"), many(one("w"), 0, 2))),
    one("y"),
    seq(one("m"), one("dk"), opt(one("f"))),
    seq(one("e"), one("dalojk")),
)  # fmt: skip
KILOMETER_ROAD = alt(seq(one("rce"), one("dal")), one("j"))
INTERIOR = opt(seq(COMMA, one("i"), opt(one("dk"))))
FRACTION = opt(one("f"))
CALLE = many(one("wlontsctzxdh"), 1, MANY, True)
SHIP = seq(one("S"), many(one("wlndrt"), 1, MANY))
MAIL_UNIT = cap("number", seq(one("uY"), one("dahj")))
MAIL_BOX = seq(one("b"), SIGN, cap("box", one("dahj")))
HULL = opt(seq(one(","), one("wl"), one("dahj"), COMMA))
FORMS: tuple[tuple[str, Match], ...] = (
    ("po_box", seq(one("P"), BOX, opt(seq(COMMA, UNIT)))),
    ("station", seq(one("P"), BOX, many(one("wlno"), 0, 3), one("wt"))),
    ("pmb", seq(one("RH"), ROUTE_NUMBER, COMMA, ROUTE_BOX, COMMA, SIGN, one("M"), BOX)),
    ("pmb", seq(one("M"), BOX, COMMA, one("RH"), ROUTE_NUMBER, COMMA, ROUTE_BOX)),
    ("rural_route", seq(one("REe"), ROUTE, BESIDE)),
    ("rural_route", seq(first, one("b"), BOX, COMMA, one("RE"), ROUTE_NUMBER, TAIL)),
    ("highway_contract", seq(first, one("b"), BOX, COMMA, one("H"), ROUTE_NUMBER, TAIL)),
    ("highway_contract", seq(opt(seq(AREA, COMMA)), one("H"), ROUTE, BESIDE)),
    ("star_route", seq(one("H"), COMMA, one("b"), BOX, TAIL, BESIDE)),
    ("road_box", seq(one("r"), ROUTE, BESIDE)),
    ("bare_box", seq(first, one("b"), BOX)),
    ("general_delivery", one("G")),
    ("military", seq(MAIL_UNIT, COMMA, MAIL_BOX)),
    ("military", seq(cap("number", SHIP), HULL)),
    ("military", seq(SHIP, HULL, COMMA, MAIL_UNIT, opt(seq(COMMA, MAIL_BOX)))),
    ("pmb", seq(STREET, COMMA, SIGN, one("M"), BOX)),
    ("pmb", seq(one("M"), BOX, COMMA, STREET)),
    ("pmb", seq(HEAD, cap("name", seq(one("ceE"), CALLE, FRACTION)), TAIL, COMMA, SIGN, one("M"), BOX)),
    ("pmb", seq(one("M"), BOX, COMMA, HEAD, cap("name", seq(one("ceE"), CALLE, FRACTION)), TAIL)),
    ("pmb", seq(one("P"), RENTED_BOX, COMMA, SIGN, one("M"), BOX)),
    ("pmb", seq(one("M"), BOX, COMMA, one("Pb"), RENTED_BOX)),
    ("highway", seq(HEAD, cap("name", ROAD), cap("suffix", opt(one("seE"))), TAIL)),
    (
        "letter_or_direction",
        seq(cap("number", one("d")), cap("name", seq(one("eE"), one("n"))), opt(cap("unit", UNITS))),
    ),
    (
        "numbered_street",
        seq(cap("number", alt(one("do"), seq(spell("df"), followed("m")))),
            cap("name", seq(opt(one("m")), one("seE"))), cap("post", opt(one("n"))),
            opt(cap("unit", UNITS))),
    ),
    ("street", STREET),
    ("street", seq(STREET, COMMA, one("P"), SECOND_BOX)),
    ("street", seq(one("P"), SECOND_BOX, COMMA, STREET)),
    (
        "grid",
        seq(LEAD, cap("number", one("d")), cap("pre", one("n")), cap("name", one("d")), cap("post", one("n")),
            opt(cap("unit", MORE))),
    ),
    ("type_first", seq(NEAR, HEAD, cap("name", seq(one("ceE"), CALLE, FRACTION)), TAIL, BEHIND)),
    ("type_first", seq(NEAR, cap("number", one("j")), cap("name", seq(one("ce"), CALLE)), TAIL, BEHIND)),
    (
        "type_first",
        seq(NEAR, one("u"), cap("number", one("h")), cap("name", seq(one("c"), CALLE)), BEHIND),
    ),
    (
        "type_first",
        seq(NEAR, cap("number", one("dah")), cap("unit", seq(one("u"), SIGN, one("dal"))), COMMA,
            cap("name", seq(one("c"), CALLE)), BEHIND),
    ),
    (
        "calle_first",
        seq(NEAR, cap("name", seq(one("ce"), many(one("wlodtsnc"), 1, MANY, True))), COMMA, SIGN,
            cap("number", one("dahj")), TAIL, BEHIND),
    ),
    (
        "kilometer",
        seq(NEAR, cap("name", KILOMETER_ROAD), COMMA, one("k"), cap("number", one("dk")), INTERIOR, BEHIND,
            TAIL),
    ),
    (
        "kilometer",
        seq(one("k"), cap("number", one("dk")), COMMA, cap("name", KILOMETER_ROAD), INTERIOR, BEHIND, TAIL),
    ),
    (
        "estate",
        seq(LEAD, cap("number", one("dah")), cap("name", seq(one("z"), many(one("wltcznsd"), 1, MANY, True))),
            TAIL),
    ),
    (
        "estate",
        seq(one("u"), cap("number", one("dahlj")), cap("unit", UNITS), COMMA,
            cap("name", seq(one("z"), many(one("wltcznsd"), 1, MANY)))),
    ),
    (
        "milepost",
        seq(one("mp"), cap("number", one("dk")), cap("name", many(one("wt"), 1, MANY)),
            cap("suffix", one("eE")), TAIL),
    ),
    (
        "milepost",
        seq(one("p"), cap("number", one("dk")), COMMA,
            cap("name", seq(alt(spell("wE"), one("r")), NO, SIGN, one("dal"))), TAIL),
    ),
    (
        "lettered",
        seq(LEAD, cap("number", one("j")), cap("pre", many(one("n"), 0, 2)), cap("name", NAME),
            cap("suffix", one("seE")), TAIL),
    ),
    (
        "complex",
        seq(cap("name", seq(one("z"), many(one("wltcznsdeE"), 1, MANY, True))), COMMA, one("u"),
            cap("number", one("dahlj")), opt(cap("unit", UNITS))),
    ),
    (
        "lettered_street",
        seq(
            cap("number", one("dah")),
            cap("pre", many(one("n"), 0, 2)),
            cap("name", spell("sl")),
            opt(cap("unit", UNITS)),
        ),
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
    starts += [at for at in inner if letters[at] in "dhagPRHGY" and letters[at - 1] not in "u#xb"][:4]
    starts += [at for at in inner if letters[at : at + 2] == "jc"][:4]
    stops = [size, *reversed([at for at in inner if letters[at] in ",C"][:4])]
    stops += reversed([at for at in inner if letters[at - 1] in "seE"][:4])
    whole = _form(letters, 0, size)
    if whole:
        return whole
    forms = [_part(letters, start, stop) for start in starts for stop in stops if start < stop]
    found = [form for form in forms if form]
    last = ("numbered_street", "letter_or_direction", "bare_box")
    numbered = [form for form in found if form.name not in last]
    return (numbered or found or [Form("", 0, 0, {})])[0]


def _is_care(behind: str) -> bool:
    """True for an ATTN or a C/O behind the form, without any number."""
    return behind[:1] == "C" and not set(behind) & set("dhagjoD#")


def _part(letters: str, start: int, stop: int) -> Form | None:  # noqa: C901 -- one chain, as it is read
    """The form of a part; what is left out may hold no number but one unit at the very end."""
    for at in range(start):
        if letters[at] in "dhagD" and (at == 0 or letters[at - 1] not in "u#xbPM"):
            return None
    rest = stop
    while rest < len(letters) and letters[rest] not in "dhagjoD#uv":
        rest += 1
    form = _form(letters, start, stop)
    if _is_care(letters[stop:].removeprefix(",")):
        return form
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
    numeral: str = ""

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

    def has_type(self, tables: AddressTables) -> bool:
        """True for such a street, and for one whose type names land."""
        return self.is_typed or any(tables.suffixes[word] in tables.land for word in self.part("suffix"))


def read(words: list[str], tables: AddressTables) -> Read:
    """Delivery line, its letters and form, and the last line."""
    line = last_line(words, tables)
    delivery, numeral = in_digits(lines_of(words[: line.stop], tables), tables)
    delivery = _merged([part for word in delivery for part in unglued(word)], tables)
    delivery = _boxed(delivery, tables)
    delivery, letters = with_road(_lettered_box(delivery, tables), delivery, line.state, tables)
    if line.state in ("WI", "MO"):
        delivery, letters = by_letters(letters, delivery, tables)
    if line.state == "PR":
        letters = _areas(letters, delivery, tables)
    if line.state == "VI" and letters[:1] == "j" and delivery[0][:1].isdigit() and delivery[0][-2:].isalpha():
        is_estate = delivery[1:2] == ["ESTATE"] and len(delivery) > 2
        letters = "a" + ("z" if is_estate else letters[1:2]) + letters[2:]
    form = form_of(letters)
    if not form.name and "," in letters:
        joined = letters.replace(",", "")
        whole = form_of(joined)
        is_street = whole.name in ("street", "highway") and "suffix" in whole.caps
        if is_street and whole.stop == len(joined) and whole.start == 0 and not is_apart(letters, whole.caps):
            return Read([word for word in delivery if word != ","], joined, whole, line, numeral)
    return Read(delivery, letters, form, line, numeral)


def _lettered_box(words: list[str], tables: AddressTables) -> str:
    """Every word's letter, with l for the first N, S, E or W that is the number of a box."""
    letters = "".join(letter(word, tables) for word in words)
    ends = (at for at in range(1, len(letters)) if letters[at + 1 : at + 2] in ("", ","))
    at = next((at for at in ends if letters[at - 1 : at + 1] == "Pn"), 0)
    return letters[:at] + "l" + letters[at + 1 :] if at and len(words[at]) == 1 else letters


def _areas(letters: str, words: list[str], tables: AddressTables) -> str:
    """The letters, with z for what begins an urbanization's name."""
    if words and words[0] in ("EXT", "EXTENSION", "EXTN", "EXTNSN"):
        letters = "z" + letters[1:]
    for at in range(len(words) - 1):
        before = letters[max(0, at - 2) : at]
        is_first = before in ("", ",") or before[-1] == "," or before in ("#d", "#a", "#h")
        is_area = words[at] in tables.areas and is_first and letters[at + 1] not in ("d", "a", ",")
        is_behind = before in ("#d", "#a", "#h") and letters[0] == "c"
        if is_area or (is_behind and letters[at] in "wt" and letters[at + 1] in "wtsec"):
            letters = letters[:at] + "z" + letters[at + 1 :]
    return letters


def _boxed(words: list[str], tables: AddressTables) -> list[str]:
    """The words, with the first box's number and the single letter behind it as one."""
    for at in range(len(words) - 2):
        kinds = [letter(word, tables) for word in words[at : at + 3]]
        if kinds == ["P", "d", "l"] and words[at + 3 : at + 4] in ([], [","]):
            return [*words[: at + 1], words[at + 1] + words[at + 2], *words[at + 3 :]]
    return words


def _merged(words: list[str], tables: AddressTables) -> list[str]:
    merged: list[str] = []
    while words:
        for merge in sorted(tables.merges.get(words[0], ()), key=lambda each: len(each.words), reverse=True):
            rest = words[len(merge.words) :]
            following = rest[0] if rest else ","
            is_letter = following.isalpha() and len(set(following)) == 1 and len(following) < 4
            is_letter = is_letter and following != "XXX"
            digits = following[:-1] if following[-1].isalpha() else following
            is_number = digits.isdigit() and len(digits) <= 6
            is_number = is_number or following.count(".") == 1
            is_next = is_number or (is_letter and following not in DIRECTIONALS)
            if words[: len(merge.words)] == list(merge.words) and (is_next or not merge.is_before_number):
                merged.append(merge.standard)
                words = rest
                break
        else:
            merged.append(words[0])
            words = words[1:]
    return merged
