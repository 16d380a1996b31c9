"""The grammar of the delivery line (USPS Publication 28, sections 22 to 29), over the letters of its words.

- A line is a string of letters, one per word; each form is a pattern over them, tried in order.
- The string of letters decides everything, so its plan is computed once and remembered.
"""

import re
from functools import lru_cache
from typing import NamedTuple

_VALUE = r"(?:[dahgoj][lv]?|[ln]d?|v|w)"
_UNIT = rf"(?:u x?#?{_VALUE}|v[dal]?|x?#{_VALUE}|ou)".replace(" ", "")
_BARE = r"[dagjl]"
_NUMBER = r"(?:df|dl(?=[ndow])(?!ls)(?!l[seEt])|gg?|ndnd|[dha])"
_NAME_WORD = r"[wtsceExzkmuvirRHbnABYM]"
_NAME = rf"(?:[odah]?(?:{_NAME_WORD}*l{_NAME_WORD}+|{_NAME_WORD}+l?|l)|[od])"
_TAIL = rf"(?P<post>n{{0,2}})(?P<unit>(?:,?{_UNIT})+|{_BARE})?"
_AREA = r"(?:z[wltcznsdeoE]+?)"
_MILITARY_BOX = r"b#?[dahj]"


def _form(kind: str, pattern: str) -> tuple[str, "re.Pattern[str]"]:
    return kind, re.compile(pattern)


_FORMS = (
    _form("po_box", r"Px?#?(?P<box>[dahjgl])"),
    _form("rural_route", r"[REe]x?#?(?P<number>[da])?,?b#?(?P<box>[dahj])" + _TAIL),
    _form("highway_contract", r"Hx?#?(?P<number>[da])?,?b#?(?P<box>[dahj])" + _TAIL),
    _form("general_delivery", r"G"),
    _form("military", r"(?P<number>[uY][dahj]),?(?P<box>" + _MILITARY_BOX + ")"),
    _form("pmb_first", rf"Mx?#?(?P<box>[dahj]),?(?P<number>{_NUMBER})(?P<pre>n{{0,2}})(?P<name>{_NAME})(?P<suffix>[steE]){_TAIL}"),
    _form("pmb", rf"(?P<number>{_NUMBER})(?P<pre>n{{0,2}})(?P<name>{_NAME})(?P<suffix>[steE]){_TAIL},?Mx?#?(?P<box>[dahj])"),
    _form("highway", rf"(?P<lead>{_UNIT},?)?(?P<number>{_NUMBER})(?P<pre>n{{0,2}})(?P<name>w?[rEe]x?#?[dalo])(?P<suffix>[seE]?){_TAIL}"),
    _form("numbered_street", rf"[do](?:[seE]|m[seE])n?(?:,?{_UNIT})*"),
    _form("street", rf"(?P<lead>{_UNIT},?)?(?P<number>{_NUMBER})(?P<pre>n{{0,2}})(?P<name>{_NAME})(?P<suffix>[steE]){_TAIL}"),
    _form("grid", rf"(?P<lead>{_UNIT},?)?(?P<number>d)(?P<pre>n)(?P<name>d)(?P<post>n)(?P<unit>(?:,?{_UNIT})+|{_BARE})?"),
    _form("type_first", rf"(?:{_AREA},?)?(?P<lead>{_UNIT},?)?(?P<number>{_NUMBER}|j)(?P<pre>n{{0,2}})(?P<name>[ceE][wlontsctzxdh]+?){_TAIL}(?:,?{_AREA})?"),
    _form("calle_first", rf"(?:{_AREA},?)?(?P<name>c[wlodtsnc]+?),?#?(?P<number>[dahj]){_TAIL}(?:,?{_AREA})?"),
    _form("kilometer", rf"(?P<name>[rce][dal]),?k(?P<number>[dk])(?:,?i[dk])?(?:,?{_AREA})?{_TAIL}"),
    _form("untyped", rf"(?P<lead>{_UNIT},?)?(?P<number>{_NUMBER})(?P<pre>n{{0,2}})(?P<name>(?:o|[wtlo][wtxzcAnm]{{0,4}}[wt]|[wt])){_TAIL}"),
)  # fmt: skip


class Plan(NamedTuple):
    """Which form the letters have and where its parts lie: name to (start, stop), in words of the line."""

    form: str
    spans: dict[str, tuple[int, int]]
    start: int
    stop: int


NO_FORM = Plan("", {}, 0, 0)


@lru_cache(maxsize=65536)
def plan(letters: str) -> Plan:
    """The plan of a delivery line from its letters: whole, else after a lead, else before a trailing part."""
    found = _whole(letters, 0, len(letters))
    if found:
        return found
    starts = [0] + [place + 1 for place, letter in enumerate(letters) if letter == ","]
    stops = [len(letters)] + [place for place, letter in reversed(list(enumerate(letters))) if letter == ","]
    for start in starts:
        for stop in stops:
            if start < stop:
                found = _whole(letters, start, stop)
                if found:
                    return found
    for start, letter in enumerate(letters):
        if letter in "dhagPRH" and start:
            found = _whole(letters, start, len(letters))
            if found:
                return found
    return NO_FORM


def _whole(letters: str, start: int, stop: int) -> Plan | None:
    for kind, pattern in _FORMS:
        found = pattern.fullmatch(letters, start, stop)
        if found:
            spans = {name: found.span(name) for name in pattern.groupindex if found[name]}
            return Plan(kind, spans, start, stop)
    return None
