"""Whether a person may be one whom a list protects: matched broadly, because doubt protects (R-91).

- A number that is equal decides for protection; different numbers never decide against it by themselves.
- Names agree when every word of the shorter one has its like in the longer: accents, order, initials, a
  second surname, words written as one, a suffix and one slip of the pen make no difference. A slip is a
  letter left out, added or changed, or two neighbours swapped, in a name of any length; in a long name two.
- A word that joins names (DE LA, VAN DER, AL, Y) may stand or not.
- Where both state a birth date and it is the same but for one of year, month and day, two words of each that
  have their like in the other suffice: each side may know a name that the other does not (MARIA RUIZ GARCIA,
  MARIA LUISA GARCIA).
- Only a birth date that differs in more than one of year, month and day, together with two different
  numbers, tells a namesake apart.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain, product
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from solely.confidential import masked
from solely.folding import tokens
from solely.model import Candidate, Item

LIKE_MIN = 0.88
_Pair = tuple[str, int, int]
LONG_MIN = 7  # letters of a name in which two slips are as likely as one (MOHAMMED, MUHAMMAD)


@masked
class Member(NamedTuple):
    """One person of a list that protects, in folded words and digits; an unstated part is empty."""

    given_name: str = ""
    family_name: str = ""
    birth_date: str = ""
    taxpayer_number: str = ""
    alien_number: str = ""


class People(tuple[Member, ...]):
    """The people of one list; whether one of them is meant is found by words and numbers, not one by one."""

    def may_hold(self, item: Item, birth_date: Callable[[str], date | None]) -> bool:
        """True when the person whom an item names may be one of these: when `may_be` holds of any."""
        likely = chain(self._likely(item), self._of_about_a_day(item, birth_date))
        return any(may_be(self[place], item, birth_date) for place in likely)

    def _likely(self, item: Item) -> Iterator[int]:
        """The places of whoever may be meant by number or whole name, and of a few more; see `may_be`."""
        for kind, text in enumerate((item.taxpayer_number, item.alien_number)):
            yield from self._numbered.get((kind, _digits(text)), ())
        for words in _readings_of_item(item):
            yield from (self._readings[number][0] for number in self._likely_readings(words))

    def _likely_readings(self, words: Sequence[str]) -> Iterator[int]:
        alike = [self._alike(each) for each in words]
        near = {each for found in alike for each in found}
        # A name no longer than the item's has the like of each of its words there, of its rarest too.
        for word in near:
            yield from (n for n in self._named[word][0] if near.issuperset(self._readings[n][1]))
        # A longer one has a word for each of the item's; the rarest leads to the fewest.
        if alike:
            for word in min(alike, key=lambda found: sum(len(self._named[each][1]) for each in found)):
                bearers = self._named[word][1]
                yield from (n for n in bearers if len(self._readings[n][1]) > len(alike))

    def _of_about_a_day(self, item: Item, birth_date: Callable[[str], date | None]) -> Iterator[int]:
        """The places of those who are born on about the day of an item and share two words with its name."""
        day = birth_date(item.birth_date or "")
        born = {place for part in _pairs_of(day) for place in self._born(birth_date).get(part, ())}
        if born:
            near = {
                found for words in _readings_of_item(item) for word in words for found in self._alike(word)
            }
            yield from (place for place in born if len(near & self._words_at[place]) > 1)

    def _born(self, birth_date: Callable[[str], date | None]) -> dict[_Pair, list[int]]:
        """The places by each two of year, month and day."""
        if birth_date not in self._days:
            found = self._days[birth_date] = defaultdict(list)
            for place, each in enumerate(self):
                for pair in _pairs_of(birth_date(each.birth_date)):
                    found[pair].append(place)
        return self._days[birth_date]

    @cached_property
    def _days(self) -> dict[Callable[[str], date | None], dict[_Pair, list[int]]]:
        return {}

    @cached_property
    def _words_at(self) -> list[set[str]]:
        return [{word for words in _readings_of_member(each) for word in words} for each in self]

    @cached_property
    def _numbered(self) -> dict[tuple[int, str], list[int]]:
        found = defaultdict(list)
        for place, each in enumerate(self):
            for kind, text in enumerate((each.taxpayer_number, each.alien_number)):
                if digits := _digits(text):
                    found[kind, digits].append(place)
        return found

    @cached_property
    def _named(self) -> dict[str, tuple[list[int], list[int]]]:
        """By word: of which reading it is the rarest, and which readings hold it at all."""
        bearers = defaultdict[str, list[int]](list)
        for number, (_, words) in enumerate(self._readings):
            for word in set(words):
                bearers[word].append(number)
        found = {word: (list[int](), numbers) for word, numbers in bearers.items()}
        for number, (_, words) in enumerate(self._readings):
            found[min(words, key=lambda word: len(bearers[word]))][0].append(number)
        return found

    @cached_property
    def _readings(self) -> list[tuple[int, tuple[str, ...]]]:
        """Place and words of every reading of every name."""
        return [
            (place, words) for place, each in enumerate(self) for words in _readings_of_member(each) if words
        ]

    @cached_property
    def _vocabulary(self) -> list[str]:
        return list(self._named)

    @cached_property
    def _known(self) -> dict[str, list[str]]:
        return {}

    def _alike(self, word: str) -> list[str]:
        """The words of the list that `_is_like` one of an item."""
        if word not in self._known:
            near = process.extract(
                word, self._vocabulary, scorer=JaroWinkler.similarity, score_cutoff=LIKE_MIN, limit=None
            ) + process.extract(word, self._vocabulary, scorer=OSA.distance, score_cutoff=2, limit=None)
            found = {other for other, *_ in near if _is_like(word, other)}
            found |= {each for each in self._vocabulary if 1 in (len(word), len(each)) and word[0] == each[0]}
            self._known[word] = sorted(found)
        return self._known[word]


_SUFFIXES = frozenset({"JR", "SR", "II", "III", "IV"})
# What joins names and comes or goes: DE LA CRUZ, VAN DER BERG, AL RASHID, RUIZ Y GARCIA.
_JOINING = frozenset(
    {"DE", "DEL", "LA", "LAS", "LOS", "DA", "DAS", "DO", "DOS", "DI", "DU", "DES", "LE", "Y", "E"}
    | {"VAN", "VON", "DER", "DEN", "TER", "ZU", "AL", "EL", "BIN", "IBN", "BINT"}
)
_DIGRAPHS = (("AE", "A"), ("OE", "O"), ("UE", "U"))  # as passports spell Ä, Ö, Ü (ICAO Doc 9303)


def _words(text: str | None) -> tuple[str, ...]:
    """The words of a name without suffixes."""
    return tuple(word for word in tokens(text) if word not in _SUFFIXES)


def _plain(word: str) -> str:
    """A word with each letter with two dots read as both its spellings are."""
    for spelled, letter in _DIGRAPHS:
        word = word.replace(spelled, letter)
    return word


def _readings(given: str | None, middle: str | None, family: str | None) -> set[tuple[str, ...]]:
    """A name's words, with given and family name each in parts, as one and bare (DE LA CRUZ, DELACRUZ, CRUZ).

    Each is read as it is written too: one slip makes or breaks a letter with two dots (SUE, SIE).
    """
    firsts, between, lasts = _words(given), _words(middle), _words(family)
    found = {
        (*first, *middle_words, *last)
        for first, middle_words, last in product(_written(firsts), {between, _bare(between)}, _written(lasts))
    }
    return found | {tuple(map(_plain, words)) for words in found}


def _written(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Words in parts, as one, and without those that join names."""
    return {words, ("".join(words),) if words else (), _bare(words)}


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words without those that join names, or as they are where none would be left."""
    return tuple(word for word in words if word not in _JOINING) or words


def _readings_of_member(member: Member) -> set[tuple[str, ...]]:
    return _readings(member.given_name, None, member.family_name)


def _readings_of_item(item: Item) -> set[tuple[str, ...]]:
    return _readings(item.given_name, item.middle_name, item.family_name)


@lru_cache(maxsize=65536)
def _is_like(one: str, other: str) -> bool:
    if one == other or (1 in (len(one), len(other)) and one[0] == other[0]):
        return True
    if JaroWinkler.similarity(one, other) >= LIKE_MIN:
        return True
    shorter, longer = sorted((len(one), len(other)))
    slips = 2 if shorter >= LONG_MIN else 1
    return longer > 1 and OSA.distance(one, other, score_cutoff=slips) <= slips


def _digits(text: str | None) -> str:
    # An alien number is written with and without the zero in front.
    return "".join(each for each in text or "" if each.isdigit()).lstrip("0")


def has_name(member: Member) -> bool:
    """True when the name of a member has a word to be found by; a suffix alone is none."""
    return any(_readings_of_member(member))


def is_named(one: Sequence[str], other: Sequence[str]) -> bool:
    """True when every word of the shorter name has a like word in the longer one; never of an empty name."""
    shorter, longer = sorted((tuple(one), tuple(other)), key=len)
    return bool(shorter) and all(any(_is_like(each, word) for word in longer) for each in shorter)


def words_of(record: Candidate, item: Item) -> Item:
    """The record that was found for an item, in the words of an item; no record has an alien number."""
    return Item(
        item.row,
        given_name=" ".join(record.given),
        middle_name=" ".join(record.middle),
        family_name=" ".join((*record.family, *record.family_2)),
        birth_date=None if record.birth_date is None else record.birth_date.isoformat(),
        taxpayer_number=record.taxpayer_number,
        alien_number=item.alien_number,
    )


def may_be(member: Member, item: Item, birth_date: Callable[[str], date | None]) -> bool:
    """True when the person whom an item names may be this member; `birth_date` reads a date as written."""
    pairs = (
        (_digits(member.taxpayer_number), _digits(item.taxpayer_number)),
        (_digits(member.alien_number), _digits(item.alien_number)),
    )
    stated = [(one, other) for one, other in pairs if one and other]
    if any(one == other for one, other in stated):
        return True
    readings = list(product(_readings_of_member(member), _readings_of_item(item)))
    days = birth_date(member.birth_date), birth_date(item.birth_date or "")
    if any(is_named(own, other) for own, other in readings):
        return not (stated and _differs(*days))
    return None not in days and not _differs(*days) and any(_share_two(own, other) for own, other in readings)


def _share_two(one: Sequence[str], other: Sequence[str]) -> bool:
    """True when two words of each name have their like in the other; a word that joins names is none."""
    own, others = (set(each) - _JOINING for each in (one, other))
    found = [(each, word) for each in own for word in others if _is_like(each, word)]
    return all(len(set(side)) > 1 for side in zip(*found, strict=True)) if found else False


def _pairs_of(day: date | None) -> tuple[_Pair, ...]:
    """Each two of year, month and day, of which one at least is that of every day that differs in one."""
    if day is None:
        return ()
    return ("ym", day.year, day.month), ("yd", day.year, day.day), ("md", day.month, day.day)


def _differs(one: date | None, other: date | None) -> bool:
    """True when two dates are stated and differ in more than one of year, month and day."""
    if one is None or other is None:
        return False
    return sum((one.year != other.year, one.month != other.month, one.day != other.day)) > 1
