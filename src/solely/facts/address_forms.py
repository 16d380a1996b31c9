"""The grammar of the delivery line (USPS Publication 28, sections 22 to 29), over the letters of its words.

- A line is a string of letters, one per word; each form is a pattern over them, tried in order.
- The letters decide everything, so a plan is made once per string of letters and remembered.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from solely.facts.remembered import remembered

_VALUE = r"(?:df|[dahgojf][lv]?|[ln]d?|v|w)"
_UNIT = rf"(?:ux?#?{_VALUE}|v[dalu]?|i[dahl]?|x?#{_VALUE}|x[dahgojl]|ou|du(?=,|\Z))"
_UNITS = rf"(?:,?{_UNIT})+"
_BARE = r"[dagjl]"
_MORE = rf"{_UNITS}|{_BARE}"
_NUMBER = r"(?:df|dl(?=[ndow])|gg?|ndnd|[dhaN])"
_LEAD = rf"(?P<lead>{_UNIT},?)?"
_HEAD = rf"{_LEAD}x?#?(?P<number>{_NUMBER})(?P<pre>n{{0,2}})"
_NAME_WORD = r"[wtsceExzkmuvirRHbnABYMN]"
_ODD_NAME = r"[od]|x[dh][wt]*|dfm|[dlno]f|k|l{2,3}|ll[wt]+|m[dk][wt]+|[wt]{1,2}[od]"
_NAME = rf"(?!A)(?:[odah]?(?:{_NAME_WORD}*l{_NAME_WORD}+|{_NAME_WORD}+l?|l)|{_ODD_NAME})"
_BARE_NAME = r"(?:[otsembi]?[wtlcnzmbi]{0,4}[wtco]|vt)"
_TAIL = rf"(?P<post>n{{0,2}})(?P<unit>{_MORE})?"
_AREA = r"(?:z[wltcznsdeoE]+?)"
_NEAR, _BEHIND = rf"(?:(?P<area>{_AREA}),?)?", rf"(?:,?(?P<region>{_AREA}))?"
_BESIDE = rf"(?:,?{_AREA})?"
_STREET = rf"{_HEAD}(?P<name>{_NAME})(?P<suffix>[steE]){_TAIL}"
_NAMED_SO = r"[wlontsctzxdh]+?"
_TYPE_FIRST = rf"[ceE]{_NAMED_SO}f?"
_BOX = r"x?#?(?P<box>[dahjglD])"
_SECOND = r"x?#?(?P<number>[dahjglD])"  # the box that the agency itself rents
_THIRD = r"x?#?(?P<unit>[dahjglD])"  # the box on a route, behind which the agency's own stands
_ROAD = r"(?:w?r?[rER]x?#?[dalojk](?:A[dal])?(?:z|w{0,2})|y|m[dk]f?|e[dalojk])"
_HULL = r"(?:,[wl][dahj],?)?"  # of a ship, in brackets: USS NIMITZ (CVN 68)
_KILOMETER = r"k(?P<number>[dk])"

_HIGHWAY_MILE = rf"(?P<number>[dk])(?P<name>[wt]+)(?P<suffix>[eE]){_TAIL}"
_NUMBER_LAST = rf"{_NEAR}(?P<name>[ce][wlodtsnc]+?),?#?(?P<number>[dahj]){_TAIL}{_BEHIND}"

# form, a letter that it cannot do without, pattern
_FORMS = tuple(
    (form, sign, re.compile(pattern))
    for form, sign, pattern in (
        ("po_box", "P", rf"P{_BOX}(?:,?{_UNIT})?"),
        ("station", "P", rf"P{_BOX}[wlno]{{0,3}}[wt]"),
        ("pmb", "M", rf"[RH]x?#?(?P<number>[da]),?b{_THIRD},?#?M{_BOX}"),
        ("pmb", "M", rf"M{_BOX},?[RH]x?#?(?P<number>[da]),?b{_THIRD}"),
        ("rural_route", "b", rf"[REe]x?#?(?P<number>[da]),?b{_BOX}{_TAIL}{_BESIDE}"),
        ("rural_route", "b", rf"\Ab{_BOX},?[RE]x?#?(?P<number>[da]){_TAIL}"),
        ("highway_contract", "b", rf"\Ab{_BOX},?Hx?#?(?P<number>[da]){_TAIL}"),
        ("highway_contract", "H", rf"(?:{_AREA},?)?Hx?#?(?P<number>[da]),?b{_BOX}{_TAIL}{_BESIDE}"),
        ("star_route", "H", rf"H,?b{_BOX}{_TAIL}{_BESIDE}"),
        ("road_box", "b", rf"rx?#?(?P<number>[da]),?b{_BOX}{_TAIL}{_BESIDE}"),
        ("bare_box", "b", rf"\Ab{_BOX}"),
        ("general_delivery", "G", r"G"),
        ("military", "b", r"(?P<number>[uY][dahj]),?b#?(?P<box>[dahj])"),
        ("military", "S", rf"(?P<number>S[wlndrt]+){_HULL}"),
        ("military", "S", rf"S[wlndrt]+{_HULL},?(?P<number>[uY][dahj])(?:,?b#?(?P<box>[dahj]))?"),
        ("pmb", "M", rf"{_STREET},?#?M{_BOX}"),
        ("pmb", "M", rf"M{_BOX},?{_STREET}"),
        ("pmb", "M", rf"{_HEAD}(?P<name>{_TYPE_FIRST}){_TAIL},?#?M{_BOX}"),
        ("pmb", "M", rf"M{_BOX},?{_HEAD}(?P<name>{_TYPE_FIRST}){_TAIL}"),
        ("pmb", "M", rf"P{_SECOND},?#?M{_BOX}"),
        ("pmb", "M", rf"M{_BOX},?[Pb]{_SECOND}"),
        ("highway", "", rf"{_HEAD}(?P<name>{_ROAD})(?P<suffix>[seE]?){_TAIL}"),
        ("letter_or_direction", "", rf"(?P<number>d)(?P<name>[eE]n)(?P<unit>{_UNITS})?"),
        ("numbered_street", "", rf"(?P<number>[do]|df(?=m))(?P<name>m?[seE])(?P<post>n?)(?P<unit>{_UNITS})?"),
        ("street", "", _STREET),
        ("street", "P", rf"{_STREET},?P{_BOX}".replace("<box>", "<second>")),
        ("street", "P", rf"P{_BOX},?{_STREET}".replace("<box>", "<second>")),
        ("grid", "n", rf"{_LEAD}(?P<number>d)(?P<pre>n)(?P<name>d)(?P<post>n)(?P<unit>{_MORE})?"),
        ("type_first", "", rf"{_NEAR}{_HEAD}(?P<name>{_TYPE_FIRST}){_TAIL}{_BEHIND}"),
        ("type_first", "j", rf"{_NEAR}(?P<number>j)(?P<name>[ce][wlontsctzxdh]+?){_TAIL}{_BEHIND}"),
        ("type_first", "u", rf"{_NEAR}u(?P<number>h)(?P<name>c{_NAMED_SO}){_BEHIND}"),
        ("type_first", "u", rf"{_NEAR}(?P<number>[dah])(?P<unit>u#?[dal]),?(?P<name>c{_NAMED_SO}){_BEHIND}"),
        ("calle_first", "c", _NUMBER_LAST),
        ("calle_first", "e", _NUMBER_LAST),
        ("kilometer", "k", rf"{_NEAR}(?P<name>[rce][dal]|j),?{_KILOMETER}(?:,?i[dk]?)?{_BEHIND}{_TAIL}"),
        ("kilometer", "k", rf"{_KILOMETER},?(?P<name>[rce][dal]|j)(?:,?i[dk]?)?{_BEHIND}{_TAIL}"),
        ("estate", "z", rf"{_LEAD}(?P<number>[dah])(?P<name>z[wltcznsd]+?){_TAIL}"),
        ("estate", "z", rf"u(?P<number>[dahlj])(?P<unit>{_UNITS}),?(?P<name>z[wltcznsd]+)"),
        ("milepost", "m", rf"m{_HIGHWAY_MILE}"),
        ("milepost", "p", rf"p{_HIGHWAY_MILE}"),
        ("milepost", "p", rf"p(?P<number>[dk]),?(?P<name>(?:wE|r)x?#?[dal]){_TAIL}"),
        ("lettered", "j", rf"{_LEAD}(?P<number>j)(?P<pre>n{{0,2}})(?P<name>{_NAME})(?P<suffix>[seE]){_TAIL}"),
        ("complex", "z", rf"(?P<name>z[wltcznsdeE]+?),?u(?P<number>[dahlj])(?P<unit>{_UNITS})?"),
        ("lettered_street", "s", rf"(?P<number>[dah])(?P<pre>n{{0,2}})(?P<name>sl)(?P<unit>{_UNITS})?"),
        ("untyped", "", rf"{_HEAD}(?P<name>{_BARE_NAME}){_TAIL}"),
    )
)  # fmt: skip
_ORDINARY = {"po_box": "box"} | dict.fromkeys(
    ("street", "highway", "rural_route", "highway_contract", "grid", "type_first", "military"), "ok"
)
# a name that is a type, begins with letters, or has a number
_PATTERN = re.compile(r"[seE]|l{2,3}|ll[wt]+|[wt]+[od]")
_MAY_BE_SPELLED = re.compile(r"[lndrRHPM]{3}|[rRHPM]{2}")  # letter by letter
_FREE_NUMBER = re.compile(r"(?<![u#xbPM])[dhagD]")
_LEFT_OUT = re.compile(rf"(?:,?C[^dhagjoD#]*|[^dhagjoD#uv]*(?P<unit>{_UNITS})?)")
_WHOLE_UNITS = re.compile(_UNITS)
_IN_CARE = re.compile("C[wl]+,")  # C/O and a name
_NEEDED = frozenset("dhagjoNPGHRSMYkmub")  # every form has one of these
NUMBERLESS = ("numbered_street", "letter_or_direction", "bare_box")
_NEVER_FIRST = frozenset("wstlfAD,C?")  # no form begins with one of these
_TRIES_MAX = 4
_PARTS = ("number", "pre", "name", "suffix", "post", "lead", "unit", "box", "area", "region")
Span = tuple[int, int]
_NONE: Span = (0, 0)


def is_unit(letters: str) -> bool:
    """True for the letters of units and nothing else: BLDG 4 APT 12."""
    return _WHOLE_UNITS.fullmatch(letters) is not None


class Plan(NamedTuple):
    """Which form the letters have, and where each part lies: (start, stop) in words of the line.

    `ordinary` is the code of the verdict if nothing else speaks against it, "" if more must be looked at;
    `start` and `stop` are what the form covers, `names` the places of words that are in no table; with
    `may_be_spelled` four words in a row may be one letter each; with `may_be_invented` number and name may
    be what no house or street has (address_invented).
    """

    form: str
    start: int
    stop: int
    ordinary: str
    number: Span = _NONE
    pre: Span = _NONE
    name: Span = _NONE
    suffix: Span = _NONE
    post: Span = _NONE
    lead: Span = _NONE
    unit: Span = _NONE
    box: Span = _NONE
    area: Span = _NONE
    region: Span = _NONE
    names: tuple[int, ...] = ()
    may_be_spelled: bool = False
    may_be_invented: bool = False


NO_FORM = Plan("", 0, 0, "")


@remembered
def plan(letters: str) -> Plan:
    """The plan of a delivery line: of all its letters, else after a lead, else before a trailing part."""
    if _NEEDED.isdisjoint(letters):
        return NO_FORM
    found = _form(letters, 0, len(letters))
    if found:
        return found
    starts = [0, *_places(letters, lambda place: letters[place - 1] == ",")]
    stops = [len(letters), *reversed(_places(letters, lambda place: letters[place] in ",C"))]
    starts += _places(
        letters, lambda place: letters[place] in "dhagPRHGY" and letters[place - 1] not in "u#xb"
    )
    starts += _places(letters, lambda place: letters[place : place + 2] == "jc")
    stops += reversed(_places(letters, lambda place: letters[place - 1] in "seE"))
    numberless: Plan | None = None
    for found in _parts(letters, dict.fromkeys(starts), dict.fromkeys(stops)):
        if found.form not in NUMBERLESS:
            return found
        numberless = numberless or found
    return numberless or NO_FORM


def _parts(letters: str, starts: Iterable[int], stops: Iterable[int]) -> Iterator[Plan]:
    """The forms of parts, if what is left out holds no number of its own: two numbers are two addresses."""
    behinds = [(stop, behind) for stop in stops if (behind := _LEFT_OUT.fullmatch(letters, stop))]
    for start in starts:
        if letters[start] in _NEVER_FIRST or _FREE_NUMBER.search(letters, 0, start):
            continue
        for stop, behind in behinds:
            found = _form(letters, start, stop) if start < stop else None
            if found and behind["unit"]:
                found = None if found.unit[1] else found._replace(unit=behind.span("unit"))
            if found:
                yield found


def _places(letters: str, holds: Callable[[int], bool]) -> list[int]:
    """The first places within the letters where `holds`; few, so that no text takes long."""
    return [place for place in range(1, len(letters)) if holds(place)][:_TRIES_MAX]


def _form(letters: str, start: int, stop: int) -> Plan | None:
    if letters[start] in _NEVER_FIRST:
        return None
    for form, sign, pattern in _FORMS:
        found = pattern.fullmatch(letters, start, stop) if sign in letters else None
        if found:
            spans = {part: found.span(part) for part in _PARTS if part in pattern.groupindex and found[part]}
            is_first = start == 0 or _IN_CARE.fullmatch(letters, 0, start) is not None
            is_plain = is_first and stop == len(letters) and "?" not in letters
            names = tuple(place for place, letter in enumerate(letters) if letter in "wl")
            is_plain = is_plain and not _PATTERN.fullmatch(letters, *spans.get("name", (0, 0)))
            is_plain = is_plain and "D" not in letters and letters[slice(*spans.get("number", (0, 0)))] != "j"
            code = _ORDINARY.get(form, "") if is_plain else ""
            is_doubted = _MAY_BE_SPELLED.search(letters) is not None
            is_odd = _may_be_invented(form, letters, spans)
            return Plan(form, start, stop, code, **spans, names=names,
                        may_be_spelled=is_doubted, may_be_invented=is_odd)  # fmt: skip
    return None


def _may_be_invented(form: str, letters: str, spans: Mapping[str, Span]) -> bool:
    """True for 12-34, for a street that is a number, for a name in several pieces, a direction aside, and for
    an English type before its name."""
    if form in ("type_first", "highway") and letters[spans["name"][0]] == "e":
        return True
    number, name = spans.get("number", _NONE), spans.get("name", _NONE)
    is_directed = "pre" in spans and number[1] - number[0] == 1 and name[1] - name[0] == 1
    pieces = spans["suffix"][0] - number[0] - 1 if "suffix" in spans else 0
    is_numbered = letters[slice(*name)] == "d" and "suffix" in spans
    return "h" in letters[slice(*number)] or is_numbered or (pieces > 1 and not is_directed)
