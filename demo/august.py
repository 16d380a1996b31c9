"""The procedure of August 2025, replayed on the demo's batch, and both procedures judged by the truth.

What is known of the procedure, and from whom (law.md 3.3, sources resolved there):

- The requester's file ran through a script by two routes, "TIN Matching" and "Address Matching"; known from a
  declaration as reported [FS-ROMO].
- TIN matching: name and number agree with a record. That a real address was supplied was not verified; the
  filter was that the field is not blank and holds a ZIP-like number of five or nine digits [TECHDIRT,
  TR-FEB].
- Address matching: presumably name and supplied address against the records; this reading is ours, and no
  source describes it. 42,695 of 47,289 releases came by the first route [FS-TIGTA], the rest by subtraction.
- Formats were not made uniform, and slight variations lost true matches [UPI, FS-TIGTA, GLANCE]: we therefore
  compare letter for letter, after upper case and single spaces, which a plain script would do.

What is our assumption, in the procedure's favor where there was a choice: birth dates are not compared (no
source says they were), a name or address that fits two people releases nothing, only people of record whose
status is active are matched, the address given out is the last known one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from demo.desk import Row, Truth
from demo.places import record_line, record_unit
from demo.population import Person, Population, Stay

_ZIP_LIKE = re.compile(r"(?<!\d)(?:\d{5}|\d{9}|\d{5}-\d{4})(?!\d)")
VERDICTS = ("wrong_person", "insufficient_address", "address_not_of_taxpayer", "not_permitted", "correct")


class Release(NamedTuple):
    """One release of either procedure: the row (from 1), whose record, and by which route."""

    row: int
    record_id: str
    route: str


def replay(rows: Sequence[Row], population: Population) -> list[Release]:
    """What the procedure would have released on these rows."""
    index = _index(population)
    return [release for place, row in enumerate(rows, start=1) if (release := _match(place, row, index))]


@dataclass(slots=True)
class _Index:
    by_number: dict[tuple[str, str, str], str]
    by_address: dict[tuple[str, str, str], set[str]]


def _index(population: Population) -> _Index:
    index = _Index({}, {})
    for person in population.people:
        if not person.record_id or person.status != "active":
            continue
        for given, family in _names(person):
            if person.number:
                index.by_number[(given, family, person.number)] = person.record_id
            for stay in person.stays:
                if stay.is_known:
                    key = (given, family, _plain(_written(stay)))
                    index.by_address.setdefault(key, set()).add(person.record_id)
    return index


def _names(person: Person) -> list[tuple[str, str]]:
    """First and last name as a record holds them: with one surname or with both."""
    both = f"{person.family} {person.family_2}".strip()
    return sorted({(person.given, person.family), (person.given, both)})


def _written(stay: Stay) -> str:
    place = stay.place
    line = " ".join(part for part in (record_line(place), record_unit(place)) if part)
    return f"{line}, {place.city}, {place.state} {place.zip}"


def _plain(text: str) -> str:
    return " ".join(text.upper().split())


def _match(place: int, row: Row, index: _Index) -> Release | None:
    """A release by the first route, else by the second, else none."""
    address = row["address"]
    if not address.strip() or not _ZIP_LIKE.search(address):
        return None
    given, family = _plain(row["given_name"]), _plain(row["family_name"])
    number = re.sub(r"\D", "", row["taxpayer_number"])
    if found := index.by_number.get((given, family, number)):
        return Release(place, found, "number")
    several = index.by_address.get((given, family, _plain(address)), set())
    return Release(place, next(iter(several)), "address") if len(several) == 1 else None


def verdict(release: Release, truth: Truth) -> str:
    """The one of `VERDICTS` that a release deserves, the gravest first.

    `not_permitted`: right person, own and sufficient address, but another rule stands against it (purpose,
    order date, statute, requested period, protection of the person …).
    """
    if release.record_id != truth.record_id:
        return "wrong_person"
    if not truth.address_sufficient:
        return "insufficient_address"
    if not truth.is_own_address:
        return "address_not_of_taxpayer"
    return "correct" if truth.is_permitted else "not_permitted"


@dataclass(frozen=True, slots=True)
class Judgment:
    """One procedure judged: counts by verdict, the same by class, and what it failed to release."""

    counts: dict[str, int]
    by_class: dict[str, dict[str, int]]
    missed_by_class: dict[str, int]

    @property
    def missed(self) -> int:
        """Items that had to be released and were not."""
        return sum(self.missed_by_class.values())

    @property
    def released(self) -> int:
        """All releases of the procedure."""
        return sum(self.counts.values())


def judge(releases: Iterable[Release], truth: Sequence[Truth]) -> Judgment:
    """The releases held against the truth; every release falls under exactly one verdict."""
    counts = dict.fromkeys(VERDICTS, 0)
    by_class: dict[str, dict[str, int]] = {}
    released: set[int] = set()
    for release in releases:
        true = truth[release.row - 1]
        found = verdict(release, true)
        counts[found] += 1
        by_class.setdefault(true.kind, dict.fromkeys(VERDICTS, 0))[found] += 1
        released.add(release.row)
    missed = Counter(
        true.kind for place, true in enumerate(truth, start=1) if true.must_release and place not in released
    )
    return Judgment(counts, by_class, dict(missed))
