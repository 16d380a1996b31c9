"""The synthetic population: who lives where, and what the custodian's records know of it.

- `generate(seed, people)` gives the same people for the same arguments; `people` counts those of record.
- Truth and record are kept apart: some moves, sons, twins and spouses are unknown to the registry.
- Taxpayer numbers are 9XX with groups 66-69 and 89, never assigned (contracts 7); each occurs once.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from math import gcd
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from demo import names, places
from demo.places import Place

RECORD_COLUMNS = (
    "record_id", "status", "given_name", "middle_name", "family_name", "family_name_2", "suffix",
    "birth_date", "death_date", "taxpayer_number", "street_line", "unit", "city", "state", "zip",
    "period_from", "period_to", "is_protected", "is_impaired",
)  # fmt: skip
GROUPS = ("66", "67", "68", "69", "89")
NUMBERS = 100 * len(GROUPS) * 9999
_GROUPS = np.array([int(each) for each in GROUPS])
_NUMBERS_PER_PERSON = 1.6  # children and decoys need some too
_DAY = timedelta(days=1)


class Stay(NamedTuple):
    """One address of one household and its time; `until` None is where it lives now."""

    place: Place
    since: date
    until: date | None
    is_known: bool


@dataclass(slots=True)
class Person:
    """One person; `record_id` is "" for somebody whom the registry does not know.

    `kinds` are the person's parts in the demo: head, spouse, child, father, son, twin, roommate.
    `relative` is the id of the namesake, twin or head of household, -1 for nobody.
    """

    id: int
    record_id: str
    status: str
    given: str
    middle: str
    family: str
    family_2: str
    suffix: str
    birth_date: date
    death_date: date | None
    number: str
    stays: tuple[Stay, ...]
    kinds: tuple[str, ...]
    relative: int = -1
    is_protected: str = "false"
    is_impaired: str = "false"

    @property
    def home(self) -> Stay:
        """Where the person truly lives."""
        return self.stays[-1]

    @property
    def is_of_record(self) -> bool:
        """True when the registry has a record of the person."""
        return bool(self.record_id)


class Numbers:
    """Taxpayer numbers in an order that the seed shuffles, each once; `start` is where a block begins."""

    def __init__(self, seed: int, start: int) -> None:
        rng = random.Random(f"numbers:{seed}")
        self._step = rng.randrange(NUMBERS // 4, NUMBERS)
        while gcd(self._step, NUMBERS) != 1:
            self._step += 1
        self._shift = rng.randrange(NUMBERS)
        self._next = start

    def is_drawn(self, number: str, end: int) -> bool:
        """True when some block may have drawn `number` before the place `end`."""
        area, group, serial = int(number[1:3]), GROUPS.index(number[3:5]), int(number[5:]) - 1
        if serial < 0:
            return False
        place = (area * len(GROUPS) + group) * 9999 + serial
        return (place - self._shift) * pow(self._step, -1, NUMBERS) % NUMBERS < end

    def draw(self) -> str:
        """The next number, nine digits."""
        if self._next >= NUMBERS:
            raise ValueError("more people than taxpayer numbers that are never assigned")
        self._next += 1
        return str(self.at(np.array([self._next - 1]))[0])

    def at(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The numbers at these places of the order, nine digits each."""
        rest, serial = np.divmod((self._step * places + self._shift) % NUMBERS, 9999)
        area, group = np.divmod(rest, len(GROUPS))
        return np.asarray(900_000_000 + area * 1_000_000 + _GROUPS[group] * 10_000 + serial + 1)


@dataclass(slots=True)
class Population:
    """The people of one block, with those whom the registry does not know."""

    seed: int
    today: date
    block: int
    blocks: int
    width: int  # taxpayer numbers set aside for each block
    numbers: Numbers
    people: list[Person] = field(default_factory=list)

    def is_anybodys(self, number: str) -> bool:
        """True when somebody of the whole world may have this taxpayer number."""
        return self.numbers.is_drawn(number, self.blocks * self.width)

    def records(self) -> Iterator[tuple[str, ...]]:
        """The custodian's rows, person × address, in the order of `RECORD_COLUMNS`."""
        for person in self.people:
            if person.record_id:
                yield from record_rows(person)


def record_rows(person: Person) -> Iterator[tuple[str, ...]]:
    """One person's rows of record; an address that the registry believes current has an open end."""
    head = (
        person.record_id, person.status, person.given, person.middle, person.family, person.family_2,
        person.suffix, person.birth_date.isoformat(), _day(person.death_date), person.number,
    )  # fmt: skip
    known = [stay for stay in person.stays if stay.is_known]
    for stay in known:
        until = _day(stay.until) if stay is not known[-1] else ""
        place = stay.place
        yield (
            *head, places.record_line(place), places.record_unit(place), place.city, place.state, place.zip,
            stay.since.isoformat(), until, person.is_protected, person.is_impaired,
        )  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


@dataclass(slots=True)
class _Town:
    """What household makers share."""

    rng: random.Random
    today: date
    gazetteer: places.Gazetteer
    numbers: Numbers
    first_id: int
    people: list[Person]
    of_record: int = 0
    marks: int = 0  # counts adults of record, so that every flag surely occurs


class _Household(NamedTuple):
    """One household: its surnames, its addresses."""

    surname: names.FamilyName
    stays: tuple[Stay, ...]


def generate(
    seed: int, people: int = 20_000, *, today: date | None = None, block: int = 0, blocks: int = 1
) -> Population:
    """The population of one block: `people` persons of record and those around them who are not.

    A large world is `blocks` blocks; they share no number and no address. `today` defaults to 2026-01-15,
    so that two calls agree; the demo gives the real day.
    """
    day = today or date(2026, 1, 15)
    rng = random.Random(f"population:{seed}:{block}")
    width = int(people * _NUMBERS_PER_PERSON) + 600
    town = _Town(
        rng=rng,
        today=day,
        gazetteer=places.open_gazetteer(rng, max(6, people // 300), block, blocks),
        numbers=Numbers(seed, block * width),
        first_id=block * width,
        people=[],
        marks=rng.randrange(1000),
    )
    for kind, form in _households(rng):
        _HOUSEHOLDS[kind](town, _settle(town, form))
        if town.of_record >= people:
            break
    return Population(seed, day, block, blocks, width, town.numbers, town.people)


def _households(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Kinds and forms of address: first one of each, so that even a small world has them, then at random."""
    first = (
        "namesakes",
        "absent_son",
        "lapsed_son",
        "twins",
        "absent_twin",
        "family",
        "absent_family",
        "single",
    )
    for kind in first * 2:
        yield kind, "street"
    for form in places.FORMS:
        yield "single", form
        yield "couple", form
    while True:
        yield rng.choices(_KINDS, cum_weights=_KIND_WEIGHTS)[0], places.draw_form(rng)


def _settle(town: _Town, form: str) -> _Household:
    """A household with its surname and its moves: two in five moved once, of those two in five unknown."""
    rng, today = town.rng, town.today
    surname = names.draw_family(rng, names.draw_origin(rng))
    here = places.draw_place(town.gazetteer, form)
    if rng.random() >= 0.42:
        since = _between(rng, date(today.year - 18, 1, 1), date(today.year - 4, 12, 31))
        return _Household(surname, (Stay(here, since, None, True),))
    moved = _between(rng, date(today.year - 5, 2, 1), date(today.year - 2, 11, 30))
    since = _between(rng, date(today.year - 16, 1, 1), date(today.year - 8, 12, 31))
    before = places.draw_place(town.gazetteer, places.draw_form(rng))
    is_known = rng.random() < 0.6
    return _Household(surname, (Stay(before, since, moved - _DAY, True), Stay(here, moved, None, is_known)))


def _between(rng: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def _born(town: _Town, youngest: int, oldest: int) -> date:
    year = town.today.year
    return _between(town.rng, date(year - oldest, 1, 2), date(year - youngest, 12, 28))


def _add(
    town: _Town, house: _Household, kinds: tuple[str, ...], birth_date: date, *, is_absent: bool = False
) -> Person:
    """A new member of the household, with a name, flags and most often a number."""
    rng = town.rng
    origin = house.surname.origin
    given = names.draw_given(rng, origin)
    number = town.numbers.draw() if is_absent or rng.random() < 0.94 else ""
    person = Person(
        id=town.first_id + len(town.people),
        record_id="",
        status="dependent" if "child" in kinds else "active",
        given=given,
        middle=names.draw_middle(rng, origin, given),
        family=house.surname.first,
        family_2=house.surname.second,
        suffix="",
        birth_date=birth_date,
        death_date=None,
        number=number,
        stays=house.stays,
        kinds=kinds,
    )
    town.people.append(person)
    if not is_absent:
        _register(town, person)
    return person


def _register(town: _Town, person: Person) -> None:
    """Put the person on record; every so many adults one is inactive, dead, protected or impaired."""
    town.of_record += 1
    person.record_id = f"T{10_000_000 + person.id}"
    if person.status == "dependent":
        return
    town.marks += 1
    if town.marks % 37 == 0:
        person.status = "inactive"
    elif town.marks % 41 == 0:
        last = town.today - timedelta(days=30)
        person.death_date = _between(town.rng, max(person.stays[0].since, last - timedelta(days=2500)), last)
    elif town.marks % 83 == 0:
        # Null counts as true: it protects (contracts 2).
        person.is_protected = "" if town.marks % 2 else "true"
    elif town.marks % 89 == 0:
        person.is_impaired = "" if town.marks % 2 else "true"


def _single(town: _Town, house: _Household) -> None:
    person = _add(town, house, ("head",), _born(town, 22, 84))
    if town.rng.random() < 0.02:
        person.given, person.family = town.rng.choice(names.SHORT_NAMES)
        person.middle, person.family_2, person.kinds = "", "", ("head", "short")
    elif town.rng.random() < 0.05:
        person.suffix = town.rng.choice(("JR", "III", "SR"))  # the namesake lives elsewhere


def _couple(town: _Town, house: _Household) -> None:
    head = _add(town, house, ("head",), _born(town, 25, 84))
    is_absent = town.rng.random() < 0.12
    spouse = _add(town, house, ("spouse",), _born(town, 25, 84), is_absent=is_absent)
    spouse.relative = head.id
    if town.rng.random() < 0.3:
        spouse.family, spouse.family_2 = names.draw_family(town.rng, house.surname.origin)[1:]
    _distinct(town, house)


def _family(town: _Town, house: _Household) -> None:
    _parents_and_children(town, house, chance_absent=0.15)


def _absent_family(town: _Town, house: _Household) -> None:
    _parents_and_children(town, house, chance_absent=1.0)


def _parents_and_children(town: _Town, house: _Household, chance_absent: float) -> None:
    head = _add(town, house, ("head",), _born(town, 28, 55))
    is_absent = town.rng.random() < chance_absent
    spouse = _add(town, house, ("spouse",), _born(town, 28, 55), is_absent=is_absent)
    spouse.relative = head.id
    for _ in range(town.rng.randint(1, 3)):
        child = _add(
            town, house, ("child",), _born(town, 2, 17), is_absent=town.rng.random() < chance_absent * 1.5
        )
        child.relative = head.id
    _distinct(town, house)


def _roommates(town: _Town, house: _Household) -> None:
    for _ in range(town.rng.randint(2, 4)):
        surname = names.draw_family(town.rng, names.draw_origin(town.rng))
        _add(town, house._replace(surname=surname), ("roommate",), _born(town, 21, 60))
    _distinct(town, house)


def _namesakes(town: _Town, house: _Household) -> None:
    son = _father_and_son(town, house, is_absent=town.rng.random() < 0.2)
    if son.is_of_record and town.rng.random() < 0.3:
        son.status = "inactive"


def _lapsed_son(town: _Town, house: _Household) -> None:
    _father_and_son(town, house, is_absent=False).status = "inactive"


def _absent_son(town: _Town, house: _Household) -> None:
    _father_and_son(town, house, is_absent=True)


def _father_and_son(town: _Town, house: _Household, *, is_absent: bool) -> Person:
    """Father and grown son of one name at one address; the suffix stands on record for about half."""
    rng = town.rng
    father = _add(town, house, ("head", "father"), _born(town, 48, 80))
    year = father.birth_date.year + rng.randint(20, 28)
    son = _add(
        town, house, ("son",), _between(rng, date(year, 1, 2), date(year, 12, 28)), is_absent=is_absent
    )
    son.given = father.given
    son.middle = (
        father.middle if rng.random() < 0.6 else names.draw_middle(rng, house.surname.origin, son.given)
    )
    father.relative, son.relative = son.id, father.id
    if rng.random() < 0.5:
        son.suffix = "JR"
        father.suffix = "SR" if rng.random() < 0.3 else ""
    return son


def _twins(town: _Town, house: _Household) -> None:
    _two_of_one_birth(town, house, is_absent=False)


def _absent_twin(town: _Town, house: _Household) -> None:
    _two_of_one_birth(town, house, is_absent=True)


def _two_of_one_birth(town: _Town, house: _Household, *, is_absent: bool) -> None:
    """Grown twins at one address: most with near names, some with the same first letter only."""
    birth_date = _born(town, 22, 60)
    first = _add(town, house, ("head", "twin"), birth_date)
    second = _add(town, house, ("twin",), birth_date, is_absent=is_absent)
    first.relative, second.relative = second.id, first.id
    if town.rng.random() < 0.7:
        pair = town.rng.choice(names.NEAR_NAMES)
        first.given, second.given = pair if town.rng.random() < 0.5 else pair[::-1]
        first.middle = second.middle = ""
    _distinct(town, house)


def _distinct(town: _Town, house: _Household) -> None:
    """Give another first name to members of one house who share a word of it by chance."""
    seen: set[str] = set()
    members = [person for person in town.people[-6:] if person.stays is house.stays]
    for person in members:
        while seen & set(f"{person.given} {person.middle}".split()):
            person.given, person.middle = town.rng.choice(names.GIVEN[house.surname.origin]), ""
        seen |= set(f"{person.given} {person.middle}".split())


_HOUSEHOLDS = {
    "single": _single, "couple": _couple, "family": _family, "absent_family": _absent_family,
    "roommates": _roommates, "namesakes": _namesakes, "absent_son": _absent_son, "twins": _twins,
    "lapsed_son": _lapsed_son,
    "absent_twin": _absent_twin,
}  # fmt: skip
_KINDS = ("single", "couple", "family", "roommates", "namesakes", "twins", "absent_twin")
_KIND_WEIGHTS = tuple(accumulate((36, 22, 26, 6, 6, 2, 2)))


def rivals(people: Sequence[Person]) -> set[int]:
    """Ids of those who share a house or building, ever, with somebody of record whose names could be theirs.

    One word of the given names and one of the family names suffice: whoever is in this set is not unique
    in the sense of R-39, and nothing is promised about such a person.
    """
    by_building: dict[tuple[str, ...], dict[int, _Words]] = defaultdict(dict)
    for person in people:
        words = _words_of(person)
        for stay in person.stays:
            by_building[stay.place.building][person.id] = words
    found: set[int] = set()
    for group in by_building.values():
        members = list(group.items())
        for id_, one in members if len(members) > 1 else ():
            if any(_could_be(one, other) for other_id, other in members if other_id != id_):
                found.add(id_)
    return found


class _Words(NamedTuple):
    """The words of a person's names, split once."""

    is_of_record: bool
    given: frozenset[str]
    given_or_middle: frozenset[str]
    family: frozenset[str]


def _words_of(person: Person) -> _Words:
    given = frozenset(person.given.split())
    middle = frozenset(person.middle.split())
    family = frozenset(f"{person.family} {person.family_2}".split())
    return _Words(person.is_of_record, given, given | middle, family)


def _could_be(one: _Words, other: _Words) -> bool:
    if one.family.isdisjoint(other.family) or not other.is_of_record:
        return False
    return not one.given.isdisjoint(other.given_or_middle)
