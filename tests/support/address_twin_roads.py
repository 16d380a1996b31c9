"""A state's own road by its number, for the judge's slow twin."""

from collections.abc import Mapping

from solely.facts.address_tables import AddressTables


def with_road(letters: str, words: list[str], state: str, tables: AddressTables) -> tuple[list[str], str]:
    """The words and letters, a state's own road behind the number as it is usually written (77 KY 80)."""
    if letters[:1] not in ("d", "a", "h"):
        return words, letters
    ways = 0
    while ways < 2 and letters[ways + 1 : ways + 2] == "n":
        ways += 1
    for at in range(ways + 1, 0, -1):
        if letters[at : at + 1] == "j":
            return _glued(letters, words, at, tables.state_roads.get(state, {}))
        if any(_end(letters, stop) and letters[at:stop].isalpha() for stop in (at + 1, at + 2)):
            return _apart(letters, words, at, tables.state_roads.get(state, {}))
    return words, letters


def _apart(letters: str, words: list[str], at: int, roads: Mapping[str, str]) -> tuple[list[str], str]:
    for start, stop in ((at, at + 1), (at, at + 2), (at - 1, at + 1)):
        road = roads.get(" ".join(words[start:stop]), "") if start > 0 else ""
        if not road or not _end(letters, stop) or _is_no_road(letters, words, start, stop):
            continue
        is_doubled = road == "STATE HIGHWAY" and _end(letters, stop) - stop == 2
        if is_doubled and letters[stop] == "r" and not words[stop].startswith("STATE "):
            break
        rest = stop + 1 if is_doubled else stop
        return [*words[:start], road, *words[rest:]], letters[:start] + "r" + letters[rest:]
    return words, letters


def _end(letters: str, stop: int) -> int:
    """Where the number of a road ends that may begin at `stop` with HIGHWAY, 0 if there is none."""
    at = stop + (letters[stop : stop + 1] in ("E", "r"))
    return at + 1 if letters[at : at + 1] in ("d", "a") else 0


def _glued(letters: str, words: list[str], at: int, roads: Mapping[str, str]) -> tuple[list[str], str]:
    if words[at] in roads:
        return words, letters[:at] + "y" + letters[at + 1 :]
    digits = "".join(c for c in words[at] if c in "0123456789")
    name = words[at].removesuffix(digits)
    if name + digits != words[at] or not digits or name not in roads:
        return words, letters
    return [*words[:at], roads[name], digits, *words[at + 1 :]], letters[:at] + "rd" + letters[at + 1 :]


def _is_no_road(letters: str, words: list[str], start: int, stop: int) -> bool:
    """True for CT 80, which is a court, and for RM 22 before a street."""
    is_called = letters[stop] in "Er"
    if words[start] == "CT":
        return not is_called
    is_street_behind = any(letter in "wtsoeEcr" for letter in letters[start + 2 :])
    return letters[start] == "u" and is_street_behind and len(words[stop + 1 if is_called else stop]) < 3


_ROADS = ("COUNTY ROAD", "COUNTY HIGHWAY", "STATE HIGHWAY", "STATE ROAD", "STATE ROUTE")


def by_letters(letters: str, words: list[str], tables: AddressTables) -> tuple[list[str], str]:
    """The words and letters, with COUNTY HIGHWAY KP as a road by one letter is read."""
    for at in range(len(words)):
        for stop in range(len(words) - 1, at, -1):
            named = [each for each in tables.merges.get(words[at], ()) if list(each.words) == words[at:stop]]
            roads = [each.standard for each in named if each.standard in _ROADS]
            is_name = len(words[stop]) == 2 and letters[stop] == "w"
            is_empty = words[stop] in tables.placeholder_words or words[stop] in tables.fillers
            is_last = stop + 1 == len(words) or letters[stop + 1] in ",nuv#x"
            if roads and is_name and not is_empty and is_last:
                return [*words[:at], roads[0], *words[stop:]], letters[:at] + "rl" + letters[stop + 1 :]
    return words, letters
