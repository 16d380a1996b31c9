"""The requester's desk: a complete, valid row for a person, and the pools from which persons are drawn.

- Each person, as target or as lender of a number or an address, is used in one item only, so that no item
  spoils another by sameness (R-36) or by repeated attempts (R-87).
- A row carries its truth beside it; classes change both.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from demo import names, places, reasons
from demo.population import Person, Population, Stay, rivals

Row = dict[str, str]
PERSONS_PER_ADDRESS_MAX = 40  # below the demo agreement's 50
_OF_RELATIVES = frozenset(
    (
        "father",
        "son",
        "absent_father",
        "absent_son",
        "lapsed_son",
        "keyless_son",
        "absent_twin",
        "absent_spouse",
        "absent_child",
    )
)
_CLASSES = (
    "1227(a)(1)(B)", "1227(a)(1)(A)", "1227(a)(1)(C)(i)", "1227(a)(2)(A)(i)", "1227(a)(2)(A)(ii)",
    "1227(a)(2)(A)(iii)", "1227(a)(2)(B)(i)", "1227(a)(3)(D)(i)", "1227(a)(6)(A)",
)  # fmt: skip
_STATUTES = ("8 USC 1253(a)(1)", "8 U.S.C. § 1253(a)(1)", "8 usc 1253(a)(1)", "8 U.S.C. 1253(a)(1)")


@dataclass(slots=True)
class Truth:
    """What is true of an item, known to the generator alone.

    `record_id` is the record of the very person asked about, "" when there is none. `is_own_address`: the
    address written is one of record of that person. `is_permitted`: no rule other than those on the
    sufficiency of the address and on identity stands against the item, nor protection of the person.
    """

    record_id: str
    kind: str
    address_sufficient: bool = True
    must_release: bool = False
    is_own_address: bool = True
    is_permitted: bool = True
    request_id: str = ""


@dataclass(slots=True)
class Draft:
    """One item being made: its person, the address it cites, its row and its truth."""

    person: Person
    stay: Stay
    row: Row
    truth: Truth


@dataclass(slots=True)
class Supplies:
    """What must differ from item to item, prepared for a whole batch."""

    request_ids: Iterator[str]
    alien_numbers: Iterator[int]
    investigations: Iterator[tuple[str, date]]
    officers: Iterator[str]
    reasons: Iterator[str]


@dataclass(slots=True)
class Desk:
    """Pools of persons not yet used, and the supplies."""

    rng: random.Random
    today: date
    by_id: dict[int, Person]
    pools: dict[str, list[Person]]
    supplies: Supplies
    population: Population
    used: set[int] = field(default_factory=set)
    at_address: dict[tuple[str, ...], int] = field(default_factory=dict)

    def take(self, pool: str) -> Person | None:
        """A person of the pool whom no item has used; of relatives, one whose relative is unused."""
        people = self.pools.get(pool, [])
        while people:
            person = people.pop()
            needed = {person.id, person.relative} if pool in _OF_RELATIVES else {person.id}
            building = person.home.place.building
            if needed & self.used or self.at_address.get(building, 0) >= PERSONS_PER_ADDRESS_MAX:
                continue
            self.used |= needed
            self.at_address[building] = self.at_address.get(building, 0) + 1
            return person
        return None

    def relative_of(self, person: Person) -> Person:
        """The namesake, twin or head of household of a person from a pool of relatives."""
        return self.by_id[person.relative]

    def ago(self, days: int) -> str:
        """The date so many days before the batch is received."""
        return (self.today - timedelta(days=days)).isoformat()


def open_desk(population: Population, supplies: Supplies, rng: random.Random) -> Desk:
    """A desk over one block of population, its pools shuffled by the seed."""
    shared = rivals(population.people)
    pools: dict[str, list[Person]] = {}
    for person in population.people:
        for pool in _pools_of(person, person.id in shared):
            pools.setdefault(pool, []).append(person)
    for pool in sorted(pools):
        rng.shuffle(pools[pool])
    by_id = {each.id: each for each in population.people}
    return Desk(rng, population.today, by_id, pools, supplies, population)


def is_plain(person: Person) -> bool:
    """True when nothing about the record itself stands against a release."""
    flags = (person.is_protected, person.is_impaired)
    alive = person.status == "active" and person.death_date is None
    return person.is_of_record and alive and flags == ("false", "false")


_MARKS: dict[str, Callable[[Person], bool]] = {
    "inactive": lambda p: p.status == "inactive",
    "deceased": lambda p: p.death_date is not None,
    "lapsed_son": lambda p: p.status == "inactive" and "son" in p.kinds,
    "dependent": lambda p: p.status == "dependent" and bool(p.number),
    "protected": lambda p: p.is_protected != "false",
    "impaired": lambda p: p.is_impaired != "false",
}
_TRAITS: dict[str, Callable[[Person], bool]] = {
    "two_surnames": lambda p: bool(p.family_2),
    "compound": lambda p: " " in p.given,
    "hyphen": lambda p: "-" in p.family or " " in p.family,
    "middle": lambda p: bool(p.middle),
    "suffix": lambda p: bool(p.suffix),
    "accent": lambda p: names.is_accentable(f"{p.given} {p.family}"),
    "unit": lambda p: bool(p.home.place.unit) and p.home.place.form in ("street", "building", "queens"),
    "twin": lambda p: "twin" in p.kinds,
    "mover": lambda p: len(p.stays) > 1,
}


def _pools_of(person: Person, is_shared: bool) -> Iterator[str]:
    if not person.is_of_record:
        yield from _absent_pools(person)
        return
    if "keyless_son" in person.kinds:
        yield "keyless_son"
    if person.number and person.home.is_known:
        yield from (mark for mark, holds in _MARKS.items() if holds(person))
    if is_plain(person):
        yield from _plain_pools(person, is_shared)


def _plain_pools(person: Person, is_shared: bool) -> Iterator[str]:
    if person.home.is_known and person.number:
        yield "any"
    if not person.home.is_known:
        if person.number and not is_shared:
            yield "unknown_move"
    elif not person.number:
        yield "numberless"
    elif is_shared:
        yield from (kind for kind in person.kinds if kind in ("father", "son"))
    elif "short" in person.kinds:
        yield "short"
    else:
        yield "good"
        yield f"form_{person.home.place.form}"
        yield from (trait for trait, holds in _TRAITS.items() if holds(person))


def _absent_pools(person: Person) -> Iterator[str]:
    for kind in person.kinds:
        if kind in ("father", "son", "twin", "spouse", "child"):
            yield f"absent_{kind}"


def valid_draft(desk: Desk, person: Person, kind: str, stay: Stay | None = None) -> Draft:
    """A complete, permitted item about `person` with both keys and the address of `stay` (default: home)."""
    stay = stay or person.home
    rng, supplies = desk.rng, desk.supplies
    investigation, opened = next(supplies.investigations)
    ordered = rng.randint(120, 1500)
    row = {
        "request_id": next(supplies.request_ids),
        "given_name": person.given,
        "middle_name": person.middle if rng.random() < 0.6 else "",
        "family_name": f"{person.family} {person.family_2}".strip(),
        "suffix": person.suffix,
        "birth_date": write_day(rng, person.birth_date),
        "taxpayer_number": write_number(rng, person.number),
        "alien_number": str(next(supplies.alien_numbers)) if rng.random() < 0.4 else "",
        "address": places.write(stay.place, "upper" if rng.random() < 0.5 else "title"),
        "basis": "final_order" if rng.random() < 0.85 else "criminal_investigation",
        "statute": rng.choice(_STATUTES),
        "purpose": "criminal_investigation" if rng.random() < 0.9 else "criminal_proceeding",
        "reason": next(supplies.reasons),
        "investigation_id": investigation,
        "investigation_opened_on": write_day(rng, opened),
        "assurance": "active",
        "order_date": write_day(rng, desk.today - timedelta(days=ordered)),
        "order_final_by_court_on": "",
        "case_number": f"IC-{rng.randint(10_000, 99_999)}-{rng.randint(10_000, 99_999)}",
        "removability_class": rng.choice(_CLASSES),
        "periods": periods_within(desk, stay),
        "officers": next(supplies.officers),
        "fields": "address",
    }
    return Draft(person, stay, row, Truth(person.record_id, kind))


def periods_within(desk: Desk, stay: Stay) -> str:
    """One to three past years in which the stay held, as the batch writes them."""
    last = min(desk.today.year - 1, (stay.until or desk.today).year)
    first = max(stay.since.year, last - 3)
    years = range(min(first, last), last + 1)
    chosen = sorted(desk.rng.sample(years, min(len(years), desk.rng.randint(1, 3))))
    return ";".join(map(str, chosen))


def write_day(rng: random.Random, day: date) -> str:
    """A date in one of the two admitted forms."""
    return day.isoformat() if rng.random() < 0.7 else f"{day.month}/{day.day}/{day.year}"


def write_number(rng: random.Random, number: str) -> str:
    """A taxpayer number bare, with hyphens, or with spaces; "" stays ""."""
    chance = rng.random()
    if not number or chance < 0.4:
        return number
    joiner = "-" if chance < 0.9 else " "
    return joiner.join((number[:3], number[3:5], number[5:]))


def prepare(rng: random.Random, population: Population, size: int, officers: Sequence[str]) -> Supplies:
    """Supplies for `size` items: distinct ids, investigations of one to five persons, balanced officers."""
    blocks = population.blocks
    first = 990_000_000 + population.block * (10_000_000 // blocks)
    return Supplies(
        request_ids=_request_ids(rng),
        alien_numbers=iter(rng.sample(range(first, first + 10_000_000 // blocks), size)),
        investigations=iter(_investigations(rng, population.today, size)),
        officers=_officer_lists(rng, officers),
        reasons=iter(reasons.draw_order(rng, size)),
    )


_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def _request_ids(rng: random.Random) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        text = "R-" + "".join(rng.choices(_LETTERS, k=8))
        if text not in seen and not text[2:].isdigit():
            seen.add(text)
            yield text


def _investigations(rng: random.Random, today: date, size: int) -> list[tuple[str, date]]:
    seen: set[str] = set()
    slots: list[tuple[str, date]] = []
    while len(slots) < size:
        code = "INV-" + "".join(rng.choices(_LETTERS, k=9))
        if code in seen:
            continue
        seen.add(code)
        persons = rng.choices((1, 2, 3, 4, 5), (80, 10, 5, 3, 2))[0]
        slots += [(code, today - timedelta(days=rng.randint(5, 900)))] * persons
    rng.shuffle(slots)
    return slots[:size] if len(slots) > size else slots


def _officer_lists(rng: random.Random, officers: Sequence[str]) -> Iterator[str]:
    order = list(officers)
    while True:
        rng.shuffle(order)
        for place, officer in enumerate(order):
            yield f"{officer};{order[place - 1]}" if len(order) > 1 and rng.random() < 0.2 else officer
