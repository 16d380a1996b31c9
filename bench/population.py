"""A national registry: millions of people in blocks of arrays, each block drawn from seed and number alone.

- A block is households with their members, so that fathers and sons of one name, twins, dependents, tenants
  before and after, and those whom the registry does not know stand beside one another.
- Truth and record are kept apart: some people and moves are unknown, some records hold an initial, one
  surname of two, a slip in a birth date, or the number of the head of the household.
- `materialize` gives chosen households as the demo's people, of whom the demo's requests are made.
- Taxpayer numbers are those never assigned (contracts 7); in a large world most records have none.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.words import (
    DIRECTIONS,
    STREET_NAMES,
    STREETS_PER_ZIP,
    SUFFIXES,
    Streets,
    family_names,
    given_names,
    near_pairs,
    streets_of,
)
from demo import names
from demo.places import Place
from demo.population import NUMBERS, Numbers, Person, Population, Stay

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

BLOCK_PEOPLE = 250_000
HOUSEHOLDS_PER_ZIP = 1_500
NUMBERS_USED_MAX = 0.8  # of all that exist: a slip in one most often is nobody's
_NUMBERED_MAX = 0.92
_EPOCH = date(1970, 1, 1)

SINGLE, COUPLE, FAMILY, GROWN, ROOMMATES, SON, TWINS = range(7)
HEAD, SPOUSE, CHILD, ADULT_CHILD, MATE, NAMED_SON, TWIN = range(7)
_ROLES = np.array(
    [
        [HEAD, HEAD, HEAD, HEAD, HEAD],
        [HEAD, SPOUSE, HEAD, HEAD, HEAD],
        [HEAD, SPOUSE, CHILD, CHILD, CHILD],
        [HEAD, SPOUSE, ADULT_CHILD, CHILD, CHILD],
        [HEAD, MATE, MATE, MATE, MATE],
        [HEAD, SPOUSE, NAMED_SON, CHILD, CHILD],
        [TWIN, TWIN, HEAD, HEAD, HEAD],
    ]
)
_MEMBERS_MIN = np.array([1, 2, 3, 3, 2, 3, 2])
_MEMBERS_MAX = np.array([1, 2, 5, 4, 4, 3, 2])
_OF_RECORD = np.array([0.86, 0.78, 0.55, 0.75, 0.80, 0.72, 0.75])  # by role
_PART = {SPOUSE: "spouse", CHILD: "child", ADULT_CHILD: "adult_child", MATE: "roommate"}
SUFFIX_WORDS = np.array(["", "JR", "SR", "III"], dtype=object)


@dataclass(frozen=True, slots=True)
class World:
    """What fixes a world: seed, people of record, the day, and the shares of the kinds of households.

    Seven households in a thousand have a grown son of his father's name, six have grown twins, as in the
    measurements that the design rests on; worlds for attacks have more.
    """

    seed: int
    people: int
    today: date
    shares: tuple[float, ...] = (0.36, 0.22, 0.27, 0.07, 0.06, 0.007, 0.006)
    block_people: int = BLOCK_PEOPLE

    @property
    def blocks(self) -> int:
        """How many blocks it has."""
        return max(1, -(-self.people // self.block_people))

    def people_of(self, block: int) -> int:
        """How many people of record a block has."""
        return self.people * (block + 1) // self.blocks - self.people * block // self.blocks

    def streets(self) -> Streets:
        """The ZIP Codes and streets that all blocks share."""
        return streets_of(self.seed, max(6, round(self.people / 2.1 / HOUSEHOLDS_PER_ZIP)))


ATTACKED = (0.20, 0.12, 0.20, 0.04, 0.04, 0.22, 0.18)  # shares of a world for attacks


@dataclass(slots=True)
class Places:
    """Addresses by household, in codes; `unit` 0 is a house, `kind` 1 a box."""

    zip: Ints
    street: Ints
    number: Ints
    unit: Ints
    kind: Ints

    def taken(self, order: Ints) -> "Places":
        """The places at these positions."""
        return Places(*(getattr(self, name)[order] for name in ("zip", "street", "number", "unit", "kind")))

    def chosen(self, flags: Flags, other: "Places") -> "Places":
        """`other` where `flags`, these elsewhere."""
        fields = ("zip", "street", "number", "unit", "kind")
        return Places(*(np.where(flags, getattr(other, f), getattr(self, f)) for f in fields))


@dataclass(slots=True)
class Households:
    """Kind, origin, surnames and stays; `moved` is 0 where the household never moved."""

    kind: Ints
    origin: NDArray[np.int8]
    home: Places
    former: Places
    since: Ints
    moved: Ints
    is_move_known: Flags


@dataclass(slots=True)
class Members:
    """People in the order of households, in codes and days since 1970; `number` -1 is none."""

    house: Ints
    slot: Ints
    role: Ints
    is_of_record: Flags
    given: Ints
    given_2: Ints
    middle: Ints
    family: Ints
    family_2: Ints
    suffix: Ints
    birth: Ints
    death: Ints
    number: Ints
    status: Ints
    is_protected: Flags
    is_impaired: Flags
    is_keyless: Flags  # the record holds neither birth date nor number


class Block:
    """One block of a world."""

    def __init__(self, world: World, number: int) -> None:
        self.world, self.number = world, number
        self.rng = np.random.default_rng([world.seed, 2, number])
        self.streets = world.streets()
        self.people = world.people_of(number)
        # Enough households; `_cut` drops what is beyond the people asked for.
        count = int(self.people / _people_per_household(world.shares) * 1.04) + 50
        self.houses = self._settle(count)
        self.members = self._fill()

    @cached_property
    def numbers(self) -> Numbers:
        """The order of taxpayer numbers, shared by all blocks."""
        return Numbers(self.world.seed, 0)

    @property
    def width(self) -> int:
        """How many taxpayer numbers each block may use."""
        return min(int(NUMBERS * NUMBERS_USED_MAX) // self.world.blocks, self.people * 2)

    def _day(self, years: int) -> int:
        return (self.world.today - _EPOCH).days - round(years * 365.25)

    def _settle(self, count: int) -> Households:
        """Households with their stays: two in five moved once, two in five of them unknown."""
        rng = self.rng
        shares = np.array(self.world.shares)
        kind = rng.choice(len(shares), size=count, p=shares / shares.sum())
        weights = np.diff(names.ORIGIN_WEIGHTS, prepend=0)
        origin = rng.choice(len(weights), size=count, p=weights / weights.sum()).astype(np.int8)
        home, before = self._places(count), self._places(count)
        # Two in five left their former home to a household that lives there now.
        is_sold = rng.random(count) < 0.4
        former = before.chosen(is_sold, home.taken(rng.permutation(count)))
        has_moved = rng.random(count) < 0.42
        moved = np.where(has_moved, rng.integers(self._day(5), self._day(2), count), 0)
        since = np.where(
            has_moved,
            rng.integers(self._day(16), self._day(8), count),
            rng.integers(self._day(18), self._day(4), count),
        )
        return Households(kind, origin, home, former, since, moved, rng.random(count) < 0.6)

    def _places(self, count: int) -> Places:
        rng = self.rng
        zips = rng.integers(0, len(self.streets.zips), count)
        street = rng.integers(0, STREETS_PER_ZIP, count)
        number = rng.integers(101, 9899, count)
        unit = np.where(rng.random(count) < 0.10, rng.integers(1, 120, count), 0)
        # A building of two dozen households is a run of them at a door of its own, each with its unit.
        in_building = rng.random(count) < 0.12
        building = (np.cumsum(in_building) // 24)[in_building]
        for part in (zips, street, number):
            part[in_building] = rng.permutation(part)[building]
        number[in_building] += 10_000  # no house stands at such a number
        unit = np.where(in_building, 100 + np.cumsum(in_building) % 24, unit)
        kind = np.where(~in_building & (unit == 0) & (rng.random(count) < 0.05), 1, 0)
        return Places(zips, street, number, unit, kind)

    def _fill(self) -> Members:
        """The members of every household, cut where the people of record are complete."""
        rng, houses = self.rng, self.houses
        size = rng.integers(_MEMBERS_MIN[houses.kind], _MEMBERS_MAX[houses.kind] + 1)
        house = np.repeat(np.arange(len(size)), size)
        slot = np.arange(len(house)) - np.repeat(np.cumsum(size) - size, size)
        role = _ROLES[houses.kind[house], slot]
        is_of_record = rng.random(len(house)) < _OF_RECORD[role]
        house, slot, role, is_of_record = _cut(house, slot, role, is_of_record, self.people)
        given, given_2, middle, family, family_2, suffix = self._names(house, slot, role)
        birth, death = self._days(house, slot, role, is_of_record)
        count, draw = len(house), rng.random(len(house))
        status = np.where(role == CHILD, 2, np.where(draw < 0.07, 1, 0))
        status[(role == NAMED_SON) & (rng.random(count) < 0.25)] = 1
        is_keyless = (status == 1) & (rng.random(count) < 0.4)
        number = np.where(is_keyless, -1, self._draw_numbers(is_of_record, role))
        return Members(
            house, slot, role, is_of_record, given, given_2, middle, family, family_2, suffix, birth, death,
            number, status, rng.random(count) < 0.006, rng.random(count) < 0.006, is_keyless,
        )  # fmt: skip

    def _names(self, house: Ints, slot: Ints, role: Ints) -> tuple[Ints, ...]:
        """Given, second given, middle, family, second family and suffix of everybody."""
        rng, count = self.rng, len(house)
        first = np.maximum.accumulate(np.where(slot == 0, np.arange(count), 0))
        origin = self.houses.origin[house]
        origin = np.where(role == MATE, rng.permutation(origin), origin).astype(np.int8)
        given = self._distinct(slot, origin)
        is_hispanic = origin == names.ORIGINS.index("hispanic")
        more = given_names().draw(rng, origin).astype(np.int64)
        given_2 = np.where(is_hispanic & (rng.random(count) < 0.125) & (more != given), more, 0)
        middle = np.where(rng.random(count) < 0.5, given_names().draw(rng, origin), 0).astype(np.int64)
        middle[(middle == given) | (middle == given_2)] = 0
        family, family_2 = self._family_names(house, slot, role, origin, first)
        self._name_sons_and_twins(role, first, (given, given_2, middle))
        suffix = np.where(rng.random(count) < 0.006, rng.integers(1, 4, count), 0)
        suffix[role == CHILD] = 0
        son = np.flatnonzero(role == NAMED_SON)
        suffix[son] = np.where(rng.random(len(son)) < 0.5, 1, 0)
        suffix[first[son]] = np.where((suffix[son] == 1) & (rng.random(len(son)) < 0.3), 2, 0)
        return given, given_2, middle, family, family_2, suffix

    def _distinct(self, slot: Ints, origin: NDArray[np.int8]) -> Ints:
        """Given names, no two alike in one household: only sons named so bear their father's."""
        given = given_names().draw(self.rng, origin).astype(np.int64)
        for _ in range(4):
            is_taken = np.zeros(len(slot), dtype=bool)
            for before in range(1, 5):
                is_taken[before:] |= (slot[before:] >= before) & (given[before:] == given[:-before])
            here = np.flatnonzero(is_taken)
            given[here] = given_names().draw(self.rng, origin[here])
        return given

    def _family_names(
        self, house: Ints, slot: Ints, role: Ints, origin: NDArray[np.int8], first: Ints
    ) -> tuple[Ints, Ints]:
        """Surnames: children bear the first ones of both parents where the custom is two."""
        rng, count = self.rng, len(house)
        own = family_names().draw(rng, origin).astype(np.int64)
        second = family_names().draw(rng, origin).astype(np.int64)
        is_hispanic = origin == names.ORIGINS.index("hispanic")
        has_two = (is_hispanic & (rng.random(count) < 0.5))[first] & is_hispanic
        second = np.where(has_two & (second != own), second, 0)
        takes = (role == SPOUSE) & ~has_two & (rng.random(count) < 0.7)
        family = np.where((role == HEAD) | (role == MATE) | ((role == SPOUSE) & ~takes), own, own[first])
        family_2 = np.where(takes, 0, second)
        spouse = np.minimum(first + 1, count - 1)
        is_child = np.isin(role, (CHILD, ADULT_CHILD, NAMED_SON))
        family_2 = np.where(is_child, np.where(has_two, own[spouse], 0), family_2)
        family_2 = np.where(role == TWIN, second[first], family_2)
        return family, np.where(family_2 == family, 0, family_2)

    def _name_sons_and_twins(self, role: Ints, first: Ints, given: tuple[Ints, Ints, Ints]) -> None:
        """Sons get the father's names, the middle one in three of five; most twins get near names."""
        rng = self.rng
        son = np.flatnonzero(role == NAMED_SON)
        keeps = son[rng.random(len(son)) < 0.6]
        for part in given[:2]:
            part[son] = part[first[son]]
        given[2][keeps] = given[2][first[keeps]]
        one = np.flatnonzero((role == TWIN) & (first == np.arange(len(role))))
        near = one[rng.random(len(one)) < 0.6]
        near = near[near + 1 < len(role)]
        pairs = near_pairs()[rng.integers(0, len(near_pairs()), len(near))]
        given[0][near], given[0][near + 1] = pairs[:, 0], pairs[:, 1]
        for part in given[1:]:
            part[near] = part[near + 1] = 0

    def _days(self, house: Ints, slot: Ints, role: Ints, is_of_record: Flags) -> tuple[Ints, Ints]:
        """Birth and death, in days; 0 for the living."""
        rng, count = self.rng, len(house)
        first = np.maximum.accumulate(np.where(slot == 0, np.arange(count), 0))
        has_child = np.isin(self.houses.kind[house], (FAMILY,))
        age = np.where(has_child, rng.integers(28, 56, count), rng.integers(22, 85, count))
        age = np.where(np.isin(self.houses.kind[house], (GROWN, SON)), rng.integers(48, 75, count), age)
        age = np.where(role == CHILD, rng.integers(1, 18, count), age)
        age = np.where(role == ADULT_CHILD, rng.integers(18, 27, count), age)
        age = np.where(role == NAMED_SON, age[first] - rng.integers(20, 30, count), age)
        birth = self._day(0) - (age * 365.25).astype(np.int64) - rng.integers(0, 365, count)
        birth = np.where(role == TWIN, birth[first], birth)
        is_dead = is_of_record & (role != CHILD) & (rng.random(count) < 0.015)
        return birth, np.where(is_dead, self._day(0) - rng.integers(30, 2500, count), 0)

    def _draw_numbers(self, is_of_record: Flags, role: Ints) -> Ints:
        """Places in the order of numbers: most have one as far as they go, the unknown have their own."""
        rng, count = self.rng, len(role)
        wanted = rng.random(count) < np.where(role == CHILD, 0.5, 1.0) * min(
            _NUMBERED_MAX, self.width / count
        )
        order = np.cumsum(wanted) - 1
        return np.where(wanted & (order < self.width), self.number * self.width + order, -1)

    # -- the registry --------------------------------------------------------------------------------------

    def records(self) -> dict[str, Any]:
        """The custodian's rows, person × address, as columns; `bench.world` writes them with DuckDB."""
        rows = self._rows()
        person, is_former = rows // 2, rows % 2 == 1
        houses, members = self.houses, self.members
        house = members.house[person]
        place = houses.home.taken(house).chosen(is_former, houses.former.taken(house))
        moved = houses.moved[house]
        since = np.where((moved > 0) & ~is_former, moved, houses.since[house])
        is_past = is_former & houses.is_move_known[house]
        return (
            self._person_columns(person)
            | self._place_columns(place)
            | {
                "period_from": _dates(since, np.ones(len(rows), dtype=bool)),
                "period_to": _dates(moved - 1, is_past),
            }
        )

    def _rows(self) -> Ints:
        """Twice the person for the home, plus one for the former home: what the registry knows of."""
        members, houses = self.members, self.houses
        moved = houses.moved[members.house] > 0
        knows_home = ~moved | houses.is_move_known[members.house]
        person = np.arange(len(members.house))
        own = np.concatenate(
            [2 * person[members.is_of_record & knows_home], 2 * person[members.is_of_record & moved] + 1]
        )
        return np.sort(own)

    def _person_columns(self, person: Ints) -> dict[str, Any]:
        """What the records say of each person, with the custodian's own errors."""
        members, noise = self.members, np.random.default_rng([self.world.seed, 3, self.number])
        chance = noise.random((4, len(members.house)))[:, person]
        given, family = given_names().words, family_names().words
        middle = given[members.middle[person]]
        initial = np.array([word[:1] for word in given], dtype=object)[members.middle[person]]
        birth = members.birth[person] + np.where(chance[2] < 0.002, 1, 0)
        first = np.maximum.accumulate(np.where(members.slot == 0, np.arange(len(members.slot)), 0))
        number = np.where(chance[3] < 0.002, members.number[first[person]], members.number[person])
        return {
            "id": members_id(self, person),
            "status": np.array(["active", "inactive", "dependent"], dtype=object)[members.status[person]],
            "given": given[members.given[person]],
            "given_2": given[members.given_2[person]],
            "middle_name": np.where(chance[0] < 0.25, initial, middle),
            "family_name": family[members.family[person]],
            "family_name_2": np.where(chance[1] < 0.04, "", family[members.family_2[person]]),
            "suffix": SUFFIX_WORDS[members.suffix[person]],
            "birth_date": _dates(birth, ~members.is_keyless[person]),
            "death_date": _dates(members.death[person], members.death[person] != 0),
            "number": self._digits(number),
            "is_protected": members.is_protected[person],
            "is_impaired": members.is_impaired[person],
        }

    def _digits(self, number: Ints) -> Ints:
        """Taxpayer numbers as integers, 0 for none."""
        return np.where(number < 0, 0, self.numbers.at(number))

    def _place_columns(self, place: Places) -> dict[str, Any]:
        streets = self.streets
        return {
            "zip": streets.zips[place.zip],
            "city": streets.cities[place.zip],
            "state": streets.states[place.zip],
            "house": place.number,
            "direction": np.array(DIRECTIONS, dtype=object)[streets.direction[place.zip, place.street]],
            "street": STREET_NAMES[streets.name[place.zip, place.street]],
            "street_suffix": np.array(SUFFIXES, dtype=object)[streets.suffix[place.zip, place.street]],
            "unit_number": place.unit,
            "box": place.kind,
        }

    # -- the people of the requests ------------------------------------------------------------------------

    def materialize(self, houses: Ints) -> Population:
        """These households as the demo's people, truth as it is, ready for the demo's requests."""
        world = self.world
        made = Population(
            world.seed, world.today, self.number, world.blocks, self.width, Numbers(world.seed, 0)
        )
        chosen = np.flatnonzero(np.isin(self.members.house, houses))
        stays: dict[int, tuple[Stay, ...]] = {}
        for place in chosen.tolist():
            house = int(self.members.house[place])
            if house not in stays:
                stays[house] = self._stays(house)
            made.people.append(self._person(place, stays[house]))
        return made

    def _stays(self, house: int) -> tuple[Stay, ...]:
        houses = self.houses
        since, moved = _day(houses.since[house]), houses.moved[house]
        home = self._place(houses.home, house)
        if not moved:
            return (Stay(home, since, None, True),)
        former = Stay(self._place(houses.former, house), since, _day(moved - 1), True)
        return (former, Stay(home, _day(moved), None, bool(houses.is_move_known[house])))

    def _place(self, place: Places, house: int) -> Place:
        streets, code, street = self.streets, place.zip[house], place.street[house]
        last = (str(streets.cities[code]), str(streets.states[code]), str(streets.zips[code]))
        number, unit = str(place.number[house]), int(place.unit[house])
        if place.kind[house]:
            return Place("po_box", number, "", "PO BOX", "", "", "", *last)
        name = STREET_NAMES[streets.name[code, street]]
        direction = DIRECTIONS[streets.direction[code, street]]
        suffix = SUFFIXES[streets.suffix[code, street]]
        units = ("APT", str(unit)) if unit else ("", "")
        form = "building" if unit >= 100 else "street"
        return Place(form, number, direction, str(name), suffix, *units, *last)

    def _person(self, place: int, stays: tuple[Stay, ...]) -> Person:
        members, given, family = self.members, given_names().words, family_names().words
        first = place - int(members.slot[place])
        role = int(members.role[place])
        number = int(members.number[place])
        return Person(
            id=self._id(place),
            record_id=f"T{self._id(place)}" if members.is_of_record[place] else "",
            status=("active", "inactive", "dependent")[members.status[place]],
            given=f"{given[members.given[place]]} {given[members.given_2[place]]}".strip(),
            middle=str(given[members.middle[place]]),
            family=str(family[members.family[place]]),
            family_2=str(family[members.family_2[place]]),
            suffix=str(SUFFIX_WORDS[members.suffix[place]]),
            birth_date=_day(members.birth[place]),
            death_date=_day(members.death[place]) if members.death[place] else None,
            number=str(self.numbers.at(np.array([number]))[0]) if number >= 0 else "",
            stays=stays,
            kinds=self._kinds(place, role),
            relative=self._id(self._relative(place, first, role)),
            is_protected=str(bool(members.is_protected[place])).lower(),
            is_impaired=str(bool(members.is_impaired[place])).lower(),
        )

    def _id(self, place: int) -> int:
        return int(members_id(self, np.array([place]))[0])

    def _relative(self, place: int, first: int, role: int) -> int:
        """The father of a son, the son of a father, the other twin, else the head of the household."""
        is_sons = self.houses.kind[self.members.house[place]] == SON
        if role == TWIN:
            return first + 1 if place == first else first
        return first + 2 if role == HEAD and is_sons else first

    def _kinds(self, place: int, role: int) -> tuple[str, ...]:
        is_sons = self.houses.kind[self.members.house[place]] == SON
        if role == HEAD:
            return ("head", "father") if is_sons else ("head",)
        if role == TWIN:
            return ("head", "twin") if self.members.slot[place] == 0 else ("twin",)
        if role == NAMED_SON:
            return ("son", "keyless_son") if self.members.is_keyless[place] else ("son",)
        return (_PART[role],)


def members_id(block: Block, person: Ints) -> Ints:
    """Ids of people, told apart over the blocks of a world."""
    return np.asarray(10_000_000_000 + block.number * 4 * block.world.block_people + person)


def _people_per_household(shares: tuple[float, ...]) -> float:
    """How many people of record a household has on average."""
    weights = np.array(shares) / sum(shares)
    expected = 0.0
    for kind, weight in enumerate(weights):
        sizes = range(_MEMBERS_MIN[kind], _MEMBERS_MAX[kind] + 1)
        expected += weight * float(np.mean([_OF_RECORD[_ROLES[kind, :size]].sum() for size in sizes]))
    return expected


def _cut(house: Ints, slot: Ints, role: Ints, is_of_record: Flags, people: int) -> tuple[Any, ...]:
    """Everything up to the household in which the people asked for are complete; nobody of record beyond."""
    counted = np.cumsum(is_of_record)
    if counted[-1] < people:
        raise ValueError("too few households were drawn for the people asked for")
    last = int(np.searchsorted(counted, people))
    is_of_record[last + 1 :] = False
    end = int(np.searchsorted(house, house[last], side="right"))
    return house[:end], slot[:end], role[:end], is_of_record[:end]


def _dates(days: Ints, present: Flags) -> NDArray[np.datetime64]:
    """Days since 1970 as dates, no date where `present` is false."""
    found = days.astype("datetime64[D]").astype("datetime64[s]")  # the engine knows no date of NumPy's
    found[~present] = np.datetime64("NaT")
    return found


def _day(days: Any) -> date:
    return _EPOCH + timedelta(days=int(days))
