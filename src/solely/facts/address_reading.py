"""A text taken apart: the words of its delivery line with their letters and plan, and its last line."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from solely.facts.address_forms import NO_FORM, Plan, plan
from solely.facts.address_last_line import LastLine, read_last_line, with_city_apart
from solely.facts.address_numerals import in_digits
from solely.facts.address_tables import DIRECTIONALS, AddressTables
from solely.facts.address_text import BREAK, shape, unglued
from solely.facts.remembered import remembered

Finding = tuple[str, str] | None  # what speaks against an address, and the words that decided
_TYPED = ("street", "highway")


class Reading(NamedTuple):
    """`letters` has one grammar letter per word of `delivery`; the spans of `plan` count these words.

    `numeral` is SURE or DOUBTED if the house number was written in words.
    """

    delivery: list[str]
    letters: str
    plan: Plan
    line: LastLine
    numeral: str = ""

    def words(self, span: tuple[int, int]) -> list[str]:
        """The words of one part of the plan."""
        return self.delivery[span[0] : span[1]]

    def number(self) -> str:
        """The first word of the house or route number, "" if the form has none."""
        start, stop = self.plan.number
        return self.delivery[start] if stop else ""

    def is_loose(self) -> bool:
        """True if a word stands right before what the form covers, with no break between."""
        return self.plan.start > 0 and self.letters[self.plan.start - 1] != BREAK

    def before(self) -> list[str]:
        """What stands before the form."""
        return self.delivery[: self.plan.start]

    def behind(self) -> list[str]:
        """What stands behind the form, up to a unit that belongs to it."""
        unit, stop = self.plan.unit, self.plan.stop
        return self.delivery[stop : unit[0] if unit[1] and unit[0] >= stop else len(self.delivery)]

    def left_out(self) -> list[str]:
        """What stands beside the form."""
        return self.before() + self.behind()

    def has_generic_type(self) -> bool:
        """True for number, name and a type that says street and nothing else (ST, RD, not HILL)."""
        place = self.plan.suffix[0]
        return bool(self.plan.suffix[1]) and self.letters[place] in "seE"

    def has_type(self, tables: AddressTables) -> bool:
        """True for such a type, and for one that names land or that nobody writes otherwise (COVE, LGT)."""
        place, stop = self.plan.suffix
        return self.has_generic_type() or (stop > 0 and tables.suffixes[self.delivery[place]] in tables.land)


_reading = partial(tuple.__new__, Reading)


def read(words: list[str], tables: AddressTables) -> Reading:
    """`words` taken apart into delivery line and last line."""
    line = read_last_line(words, tables)
    apart = with_city_apart(words, line, tables)
    if apart is not words:
        words, line = apart, read_last_line(apart, tables)
    delivery = words[: line.end]
    while delivery and delivery[0] == BREAK:
        delivery.pop(0)
    while delivery and (delivery[-1] == BREAK or _is_no_line(delivery, tables)):
        delivery.pop()
    if delivery and delivery[0] in tables.numerals:
        delivery, numeral = in_digits(delivery, tables)
        if numeral:
            found = _taken_apart(delivery, line, tables)
            return found._replace(numeral=numeral, plan=found.plan._replace(ordinary=""))
    return _taken_apart(delivery, line, tables)


def _is_no_line(delivery: Sequence[str], tables: AddressTables) -> bool:
    """True where the last word, behind a break, says that there is no second line: 12 OAK ST, N/A."""
    return delivery[-1] in tables.no_line and delivery[-2:-1] == [BREAK]


def _taken_apart(delivery: list[str], line: LastLine, tables: AddressTables) -> Reading:
    letters = _letters(delivery, tables)
    if not tables.merge_signs.isdisjoint(delivery) or _may_be_glued(letters):
        merged = _merged([part for word in delivery for part in unglued(word)], tables)
        if merged != delivery:
            delivery, letters = merged, _letters(merged, tables)
        letters = _with_box_lettered(delivery, letters)
        if _BOX_AND_LETTER.search(letters):
            delivery, letters = _with_box_joined(delivery, letters)
        delivery, letters = _with_state_road(delivery, letters, line.state, tables)
        if line.state in _LETTERED:
            delivery, letters = _with_lettered_road(delivery, letters, tables)
    if line.state in _ISLANDS:
        letters = _on_islands(delivery, letters, line.state, tables)
    form = plan(letters)
    if form is NO_FORM and BREAK in letters:
        joined = letters.replace(BREAK, "")
        whole = plan(joined)
        is_whole = (whole.start, whole.stop) == (0, len(joined))
        if whole.form in _TYPED and whole.suffix[1] and is_whole and not _is_apart(letters, whole):
            return Reading([word for word in delivery if word != BREAK], joined, whole, line)
    return _reading((delivery, letters, form, line, ""))


def _is_apart(letters: str, whole: Plan) -> bool:
    """True where a break stands right before the type: 743, SEE FILE, RD."""
    place = whole.suffix[0] + 1  # which of the letters is the type's, the breaks aside
    kept = [at for at, letter in enumerate(letters) if letter != BREAK]
    return letters[kept[place - 1] - 1] == BREAK


def _with_box_lettered(words: Sequence[str], letters: str) -> str:
    """`letters` with a letter's (l) for a box of one that is a direction elsewhere: PO BOX E, not EAST."""
    found = _LETTERED_BOX.search(letters)
    place = found.start() + 1 if found else 0
    return f"{letters[:place]}l{letters[place + 1 :]}" if place and len(words[place]) == 1 else letters


_LETTERED_BOX = re.compile(r"Pn(?=,|$)")


def _with_box_joined(words: Sequence[str], letters: str) -> tuple[list[str], str]:
    """`words` and `letters` with a box's number and the letter behind it as one: PO BOX 7 A is PO BOX 7A."""
    at = letters.index("Pdl") + 1
    box = words[at] + words[at + 1]
    return [*words[:at], box, *words[at + 2 :]], f"{letters[:at]}{shape(box)}{letters[at + 2 :]}"


_BOX_AND_LETTER = re.compile(r"Pdl(?=,|$)")


def _on_islands(words: Sequence[str], letters: str, state: str, tables: AddressTables) -> str:
    """`letters` with an urbanization's (z) for EXT or VILLA before a name in Puerto Rico (EXT VILLA RICA);
    with a house number's (a) for digits and two letters in the Virgin Islands (14AB), ESTATE behind it z."""
    if state == "PR":
        return _with_areas(words, letters, tables)
    if letters[:1] != "j" or not words[0][0].isdigit() or not words[0][-2:].isalpha():
        return letters
    is_estate = words[1:2] == ["ESTATE"] and len(words) > 2
    return f"az{letters[2:]}" if is_estate else f"a{letters[1:]}"


def _with_areas(words: Sequence[str], letters: str, tables: AddressTables) -> str:
    if words and tables.suffixes.get(words[0]) == "EXT":
        letters = f"z{letters[1:]}"
    for place, word in enumerate(words[:-1]):
        is_numbered = _NUMBERED.search(letters, 0, place) is not None
        is_first = is_numbered or not place or letters[place - 1] == BREAK
        is_called = word in tables.areas and letters[place + 1] not in "da,"
        # behind CALLE LUNA #16 the name of an urbanization needs no URB
        is_bare = is_numbered and letters[0] == "c" and _NAME_OF_TWO.match(letters, place) is not None
        if (is_called and is_first) or is_bare:
            letters = f"{letters[:place]}z{letters[place + 1 :]}"
    return letters


_NUMBERED = re.compile(r"#[dah]\Z")
_NAME_OF_TWO = re.compile(r"[wt][wtsec]")
_ISLANDS = frozenset({"PR", "VI"})


def _with_state_road(
    words: list[str], letters: str, state: str, tables: AddressTables
) -> tuple[list[str], str]:
    """`words` and `letters` with a state's own road behind the house number as every such road is written.

    So KY 80, KENTUCKY RTE 80 and KY STATE HIGHWAY 80 are one road in Kentucky: STATE HIGHWAY 80.
    """
    found, roads = _BEFORE_ROAD.match(letters), tables.state_roads.get(state)
    if not found or not roads:
        return words, letters
    place = found.end()
    if letters[place] == "j":
        return _with_glued_road(words, letters, place, roads)
    for start, stop in ((place, place + 1), (place, place + 2), (place - 1, place + 1)):
        road = roads.get(" ".join(words[start:stop])) if start else None
        behind = _ROAD_NUMBER.match(letters, stop) if road else None
        if road and behind and not _is_other_than_road(words, letters, (start, stop)):
            is_said_twice = road == _STATE_ROAD and behind.end() - stop > 1
            if is_said_twice and letters[stop] == "r" and not words[stop].startswith("STATE "):
                return words, letters  # a county's
            rest = stop + is_said_twice
            return [*words[:start], road, *words[rest:]], f"{letters[:start]}r{letters[rest:]}"
    return words, letters


def _with_glued_road(
    words: list[str], letters: str, place: int, roads: Mapping[str, str]
) -> tuple[list[str], str]:
    """The same for a road in one word with its number: KY80, and A1A, which is called so."""
    word = words[place]
    if word in roads:
        return words, f"{letters[:place]}y{letters[place + 1 :]}"
    name = word.rstrip("0123456789")
    if name not in roads or name == word:
        return words, letters
    apart = [*words[:place], roads[name], word[len(name) :], *words[place + 1 :]]
    return apart, f"{letters[:place]}rd{letters[place + 1 :]}"


def _is_other_than_road(words: Sequence[str], letters: str, span: tuple[int, int]) -> bool:
    """True for a court in Connecticut (CT 80) and a room (RM 22 before a street, but RM 2222 is a road)."""
    start, stop = span
    is_called_so = letters[stop] in "Er"
    if words[start] == "CT" and not is_called_so:
        return True
    number = words[stop + is_called_so]
    is_street_behind = not _STREET_LETTERS.isdisjoint(letters[start + 2 :])
    return letters[start] == "u" and len(number) < _UNIT_DIGITS and is_street_behind


# house number and direction; then a word glued to a number, or a word or two, HIGHWAY perhaps, and a number
_BEFORE_ROAD = re.compile(r"[dah]n{0,2}(?=j|[a-zA-Z]{1,2}[Er]?[da])")
_ROAD_NUMBER = re.compile(r"[Er]?[da]")
_STATE_ROAD = "STATE HIGHWAY"
_UNIT_DIGITS = 3
_STREET_LETTERS = frozenset("wtsoeEcr")


def _with_lettered_road(words: list[str], letters: str, tables: AddressTables) -> tuple[list[str], str]:
    """`words` and `letters` with a road by two letters as one by a letter: COUNTY HIGHWAY KP in Wisconsin."""
    for start, word in enumerate(words):
        for merge in tables.merges.get(word, ()):
            stop = start + len(merge.words)
            is_road = merge.standard in _BY_LETTERS and tuple(words[start:stop]) == merge.words
            if is_road and _is_lettered(words, letters, stop, tables):
                road = [*words[:start], merge.standard, *words[stop:]]
                return road, f"{letters[:start]}rl{letters[stop + 1 :]}"
    return words, letters


def _is_lettered(words: Sequence[str], letters: str, place: int, tables: AddressTables) -> bool:
    """True for two letters that say nothing else, with nothing behind but a direction or a unit."""
    name = words[place] if place < len(words) else ""
    is_said = name in tables.placeholder_words or name in tables.fillers
    return (
        len(name) == 2 and letters[place] == "w" and not is_said and letters[place + 1 : place + 2] in _ENDS
    )


_LETTERED = frozenset({"MO", "WI"})
_BY_LETTERS = frozenset({"COUNTY ROAD", "COUNTY HIGHWAY", "STATE HIGHWAY", "STATE ROAD", "STATE ROUTE"})
_ENDS = frozenset({"", BREAK, "n", "u", "v", "#", "x"})


@remembered
def _may_be_glued(letters: str) -> bool:
    """True if a word may be two (APT3F), or two may be one: ST RD 46 a state road, R R a rural route."""
    return any(sign in letters for sign in ("j", "?", "ll", "sed", "sea", "sel"))


def _letters(words: Sequence[str], tables: AddressTables) -> str:
    return "".join(map(_letter_of(tables), words))


@lru_cache(maxsize=8)
def _letter_of(tables: AddressTables) -> Callable[[str], str]:
    """The grammar letter of a word under these tables, remembered per word."""
    classes = tables.classes

    @remembered
    def letter(word: str) -> str:
        return classes.get(word) or shape(word)

    return letter


def _merged(words: Sequence[str], tables: AddressTables) -> list[str]:
    """`words` with each phrase of the merge table as one word (P O BOX), the longest phrase first."""
    merged: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        word, count = _phrase_at(words, place, tables) if word in tables.merges else (word, 1)
        merged.append(word)
        place += count
    return merged


def _phrase_at(words: Sequence[str], place: int, tables: AddressTables) -> tuple[str, int]:
    for merge in tables.merges.get(words[place], ()):
        stop = place + len(merge.words)
        if tuple(words[place:stop]) == merge.words and (
            not merge.is_before_number or _is_number_or_letter(words, stop)
        ):
            return merge.standard, len(merge.words)
    return words[place], 1


def _is_number_or_letter(words: Sequence[str], place: int) -> bool:
    word = words[place] if place < len(words) else ""
    return shape(word) in "dalk" and word not in DIRECTIONALS if word else False
