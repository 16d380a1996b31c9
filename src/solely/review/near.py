"""Who of the records is near a request and certainly not its person: the known answers of a sample (R-85).

Nearness orders what is shown to officers who are tested; nothing is identified or decided by it.
"""

from collections.abc import Iterable
from datetime import date

from solely.model import Candidate, Subject


def near_ones(subject: Subject, found: Iterable[Candidate]) -> list[str]:
    """The record ids of those who are told apart from the person of a request, the nearest first.

    Whoever is protected or impaired is none of them.
    """
    others = [
        each
        for each in found
        if is_told_apart(subject, each) and not each.is_protected and not each.is_impaired
    ]
    return [each.record_id for each in sorted(others, key=lambda o: (-_nearness(subject, o), o.record_id))]


def is_told_apart(subject: Subject, other: Candidate) -> bool:
    """True when a key that the request states is another in the record, and none is the same."""
    keys = ((subject.birth_date, other.birth_date), (subject.taxpayer_number, other.taxpayer_number))
    stated = [(own, held) for own, held in keys if own is not None and held is not None]
    return bool(stated) and all(own != held for own, held in stated)


def _nearness(subject: Subject, other: Candidate) -> int:
    """How much of a request a record has in common: names and the door count most, then ZIP and year."""
    homes = [each.standard for each in other.addresses if each.standard is not None]
    here = subject.address
    doors = {(each.zip5, each.street, each.number, each.box) for each in homes}
    same = (
        (4, not set(subject.family).isdisjoint((*other.family, *other.family_2))),
        (4, not set(subject.given).isdisjoint(other.given)),
        (3, (here.zip5, here.street, here.number, here.box) in doors),
        (1, here.zip5 in {each.zip5 for each in homes}),
        (2, _year(subject.birth_date) == _year(other.birth_date)),
    )
    return sum(weight for weight, is_same in same if is_same)


def _year(day: date | None) -> int | None:
    return None if day is None else day.year
