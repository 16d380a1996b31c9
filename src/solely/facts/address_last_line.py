"""The last line of an address: city, state and ZIP, read from the end (R-28).

- The ZIP's own cities are tried first, so a missing comma never glues the city to the street.
- A direction's letter before the city is the city's after a break, else the street's (ST E DUNDEE).
- CT before a ZIP of another state is a court, not Connecticut, unless a city of that state stands before it.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from solely.facts.address_tables import DIRECTIONALS, AddressTables, ZipLine, squash
from solely.facts.address_text import BREAK

_US = {"USA": 1, "US": 1, "EEUU": 1, "EUA": 1, "UU": 2, "STATES": 2, "AMERICA": 4}
_LEAST = 4  # a house number or box, city, state and ZIP
_DIRECTIONS = frozenset("NSEW")
_US_SPELLED = {"UNITED STATES", "UNITED STATES OF AMERICA", "ESTADOS UNIDOS", "EE UU"}


class LastLine(NamedTuple):
    """`end` is where the delivery line stops; `fault` is "" or what the last line lacks or contradicts.

    Faults: no_last_line, no_state, no_city, no_zip, zip_unknown, zip_conflict, city_unknown, city_elsewhere.
    """

    end: int
    city: str
    state: str
    zip5: str
    fault: str


# without the call that names its parts: a batch has a million
_line = partial(tuple.__new__, LastLine)


def read_last_line(words: Sequence[str], tables: AddressTables) -> LastLine:
    """The last line of `words` and where it begins."""
    return _usual(words, tables) or _any(words, tables)


def with_city_apart(words: list[str], line: LastLine, tables: AddressTables) -> list[str]:
    """`words` with a city of the ZIP apart from the street it is glued to (OAK STCHICAGO IL 60629)."""
    if line.fault != "no_city":  # nearly every text
        return words
    entry = tables.zips.get(line.zip5)
    if entry is None or entry.state != line.state:
        return words
    for at in range(line.end - 1, max(line.end - entry.words_max, 1) - 1, -1):
        glued, behind = words[at], "".join(words[at + 1 : line.end])
        for place in range(1, len(glued)):
            is_city = glued[place:] + behind in entry.cities
            if is_city and _ends_a_street(glued[:place], words[at - 1], tables):
                return [*words[:at], glued[:place], glued[place:], *words[at + 1 :]]
    return words


def _ends_a_street(word: str, before: str, tables: AddressTables) -> bool:
    """True for a type, a direction, a unit, or the number or letter of one."""
    if word in tables.suffixes or word in DIRECTIONALS or word in tables.units or word[0].isdigit():
        return True
    return len(word) == 1 and (before == "#" or before in tables.units)


def _usual(words: Sequence[str], tables: AddressTables) -> LastLine | None:
    """City, state and ZIP that agree, at the very end: what nearly every text has."""
    stop = _without_country(words) if words and words[-1] in _US else len(words)
    if stop < _LEAST:
        return None
    zip5 = words[stop - 1]
    if zip5[5:6] == "-":
        zip5 = zip5[:5] if len(zip5) == 10 else ""
    entry = tables.zips.get(zip5)
    if entry is None:
        return None
    if words[stop - 2] == entry.state:
        stop = stop - 3 if words[stop - 3] == BREAK else stop - 2
    else:
        stop = _before_state(words, stop - 1, entry.state, tables)
        if not stop:
            return None
    start, city = _listed(words, stop, entry)
    if not start or (words[start - 1] in _DIRECTIONS and words[start - 2] == BREAK):
        return None
    return _line((start, city, entry.state, zip5, ""))


def _before_state(words: Sequence[str], stop: int, state: str, tables: AddressTables) -> int:
    """Where the state of one word or two that ends at `stop` begins, a break before it aside; 0 if none."""
    if tables.states.get(words[stop - 1]) == state:
        stop -= 1
    elif tables.states.get(f"{words[stop - 2]} {words[stop - 1]}") == state:
        stop -= 2
    else:
        return 0
    return stop - 1 if words[stop - 1] == BREAK else stop


def _listed(words: Sequence[str], stop: int, entry: ZipLine) -> tuple[int, str]:
    """Where the longest city of the ZIP that ends at `stop` begins, behind the first word; else (0, "")."""
    start, name, cities = 0, "", entry.cities
    city = ""
    for at in range(stop - 1, max(stop - entry.words_max, 1) - 1, -1):
        word = words[at]
        if word == BREAK:
            break
        name = word + name
        if name in cities:
            start, city = at, cities[name]
    return start, city


def _any(words: Sequence[str], tables: AddressTables) -> LastLine:
    stop = _without_country(words)
    words, stop = _unglued(words, stop, tables)
    if stop > 1 and tables.states.get(words[stop - 1]) and words[stop - 2] in tables.zips:
        words = [*words[: stop - 2], words[stop - 1], words[stop - 2]]
    zip5, stop = _zip(words, stop)
    entry = tables.zips.get(zip5) if zip5 else None
    stop = _before_break(words, _before_label(words, stop) if zip5 else stop)
    state, at = _state(words, stop, tables)
    if entry and state != entry.state and state and _is_no_state(words, at, stop, state, entry, tables):
        state, at = "", stop
    if not state:
        return _without_state(words, stop, zip5, entry, tables)
    at = _before_break(words, at)
    if entry is not None and entry.state == state:
        start, city = _accepted(words, at, entry.cities, entry.words_max, tables)
        if city:
            return LastLine(start, city, state, zip5, "")
    return _by_state(words, at, state, zip5, entry, tables)


def _unglued(words: Sequence[str], stop: int, tables: AddressTables) -> tuple[Sequence[str], int]:
    """`words` with a state and its ZIP apart (NJ07105, and NJ07105 1234 as NJ07105-1234 is read)."""
    at = stop - 1
    if at > 2 and len(words[at]) == 4 and words[at].isdigit():
        at -= 1
    if at < 2 or len(words[at]) != 7 or words[at][:2] not in tables.states:
        return words, stop
    return [*words[:at], words[at][:2], words[at][2:], *words[at + 1 :]], stop + 1


def _without_country(words: Sequence[str]) -> int:
    stop = len(words)
    while stop and words[stop - 1] == BREAK:
        stop -= 1
    last = words[stop - 1] if stop else ""
    if last not in _US:
        return stop
    if _US[last] == 1:
        return _before_break(words, stop - 1)
    for count in (4, 2):
        if count <= stop and " ".join(words[stop - count : stop]) in _US_SPELLED:
            return _before_break(words, stop - count)
    return stop


def _before_break(words: Sequence[str], stop: int) -> int:
    while stop and words[stop - 1] == BREAK:
        stop -= 1
    return stop


def _before_label(words: Sequence[str], stop: int) -> int:
    """Where ZIP or ZIP CODE begins, if that ends at `stop`."""
    for label in (["ZIP"], ["ZIP", "CODE"], ["ZIPCODE"]):
        if words[max(stop - len(label), 0) : stop] == label:
            return stop - len(label)
    return stop


def _zip(words: Sequence[str], stop: int) -> tuple[str, int]:
    if not stop:
        return "", stop
    last = words[stop - 1].rstrip("?")  # a doubted ZIP is read; that it is doubted is told by the text
    if len(last) == 5 and last.isdigit():
        return last, stop - 1
    if (
        len(last) == 4
        and last.isdigit()
        and stop > 1
        and len(words[stop - 2]) == 5
        and words[stop - 2].isdigit()
    ):
        return words[stop - 2], stop - 2
    if len(last) == 10 and last[5] == "-" and last[:5].isdigit() and last[6:].isdigit():
        return last[:5], stop - 1
    if len(last) == 9 and last.isdigit():
        return last[:5], stop - 1
    return "", stop


def _state(words: Sequence[str], stop: int, tables: AddressTables) -> tuple[str, int]:
    if not stop:
        return "", stop
    if words[stop - 1] in tables.state_ends:
        for count in (4, 3, 2):
            if count <= stop:
                code = tables.states.get(" ".join(words[stop - count : stop]))
                if code:
                    return code, stop - count
    code = tables.states.get(words[stop - 1])
    return (code, stop - 1) if code else ("", stop)


def _is_no_state(
    words: Sequence[str], at: int, stop: int, state: str, entry: ZipLine, tables: AddressTables
) -> bool:
    if _accepted(words, stop, entry.cities, entry.words_max, tables)[1]:
        return True
    if words[at] not in tables.suffixes or (at and words[at - 1] == BREAK):
        return False
    return not _accepted(words, at, tables.state_cities.get(state, {}), 5, tables)[1]


def _accepted(
    words: Sequence[str], stop: int, cities: Mapping[str, str], words_max: int, tables: AddressTables
) -> tuple[int, str]:
    """Where the longest accepted city that ends at `stop` begins, and its preferred name; else (stop, "").

    A direction's letter right behind a street is the city's if the name is listed so (W SOMERVILLE), or else
    if no city is accepted without it.
    """
    doubted = stop, ""
    for count in range(min(words_max, stop), 0, -1):
        part = words[stop - count : stop]
        if BREAK not in part:
            listed = cities.get("".join(part))
            city = listed or cities.get(squash(" ".join(part), tables.city_words))
            if city and (listed or part[0] not in _DIRECTIONS or words[: stop - count][-1:] in ([], [BREAK])):
                return stop - count, city
            if city and not doubted[1]:
                doubted = stop - count, city
    return doubted


def _without_state(
    words: Sequence[str], stop: int, zip5: str, entry: ZipLine | None, tables: AddressTables
) -> LastLine:
    if entry is not None:
        start, city = _accepted(words, stop, entry.cities, entry.words_max, tables)
        if city:
            return LastLine(start, city, "", zip5, "no_state")
    return LastLine(stop, "", "", zip5, "no_last_line")


def _by_state(
    words: Sequence[str], at: int, state: str, zip5: str, entry: ZipLine | None, tables: AddressTables
) -> LastLine:
    known = tables.state_cities.get(state, {})
    start, city = _accepted(words, at, known, 5, tables)
    fault = _zip_fault(zip5, state, entry)
    if city:
        return LastLine(start, city, state, zip5, fault or "city_elsewhere")
    start = at
    while start and words[start - 1] != BREAK:
        start -= 1
    if start and at - start <= 4 and all(word.isalpha() for word in words[start:at]) and start < at:
        city = " ".join(tables.city_words.get(word, word) for word in words[start:at])
        return LastLine(
            start, city, state, zip5, "zip_conflict" if fault == "zip_conflict" else "city_unknown"
        )
    return LastLine(at, "", state, zip5, "no_city")


def _zip_fault(zip5: str, state: str, entry: ZipLine | None) -> str:
    if not zip5:
        return "no_zip"
    if entry is None:
        return "zip_unknown"
    return "" if entry.state == state else "zip_conflict"
