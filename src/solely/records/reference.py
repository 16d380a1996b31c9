"""The reference engine: the index's people in plain Python, searched by the texts of keys.

The slow, obvious twin of `indexed`: it makes every person's key texts anew with `matching.keys`, uses
no key table, no hash and no SQL but to read files, and must find the same people (a property test).
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property

from solely.matching.keys import (
    GUARDING_KINDS,
    NameKeys,
    address_texts,
    door_of,
    family_key_tokens,
    given_key_tokens,
    person_texts,
    subject_texts,
    usable_birth,
    usable_number,
    zip_texts,
)
from solely.model import Candidate, Subject
from solely.records.base import AccessRow, Retrieved
from solely.records.opened import OpenedRecords
from solely.records.people import LINE_FILE, person_of


class ReferenceRecords(OpenedRecords):
    """The records of one index, held in memory and searched in plain Python."""

    @cached_property
    def _people(self) -> dict[int, Candidate]:
        with (self._index.folder / LINE_FILE).open(encoding="utf-8") as lines:
            return {ordinal: person_of(json.loads(line)) for ordinal, line in enumerate(lines)}

    @cached_property
    def _blocks(self) -> dict[str, set[int]]:
        blocks: dict[str, set[int]] = {}
        for ordinal, person in self._people.items():
            for text in record_texts(person):
                blocks.setdefault(text, set()).add(ordinal)
        return blocks

    def retrieve(self, subjects: Sequence[Subject], at: datetime) -> Retrieved:
        """Everybody who could be, or be taken for, one of `subjects`; each record read is an access row."""
        candidates: dict[int, Sequence[Candidate]] = {}
        capped: set[int] = set()
        access: list[AccessRow] = []
        for subject in subjects:
            direct, is_capped = self._reached(subject_texts(subject))
            rivals, is_walk_capped = self._reached(self._walk_texts(subject, direct))
            if is_capped or is_walk_capped:
                capped.add(subject.row)
            everybody = sorted(direct | rivals, key=lambda each: self._people[each].record_id)
            candidates[subject.row] = [self._people[each] for each in everybody]
            for each in everybody:
                purpose = "candidate" if each in direct else "rival"
                access.append(AccessRow(subject.row, self._people[each].record_id, purpose, at))
        return Retrieved(candidates, frozenset(capped), access)

    def _reached(self, texts: Sequence[str]) -> tuple[set[int], bool]:
        """Whom the key texts reach, and whether a cap has made the search unsafe."""
        blocks = {text: self._blocks.get(text, set()) for text in texts}
        over = [text for text, block in blocks.items() if len(block) > self._block_records_max]
        within = [block for block in blocks.values() if len(block) <= self._block_records_max]
        is_unsafe = any(text[0] in GUARDING_KINDS for text in over) or (
            bool(over) and len(over) == len(blocks)
        )
        return set().union(*within), is_unsafe

    def _walk_texts(self, subject: Subject, direct: set[int]) -> list[str]:
        place = subject.address
        if not place.zip5:
            return []
        asked = family_key_tokens(subject.family)
        more: set[str] = set()
        for each in direct:
            person = self._people[each]
            lived = [a.standard for a in person.addresses if a.standard is not None]
            if any((a.zip5, door_of(a)) == (place.zip5, door_of(place)) for a in lived):
                more |= {*family_key_tokens(person.family), *family_key_tokens(person.family_2)}
        return [f"B|{door_of(place)}|{place.zip5}|{family}" for family in more if family not in asked]

    def beside(self, record_id: str, count: int) -> list[Candidate]:
        """Up to so many records on each side of one in the order of record ids, without it."""
        people = sorted(self._people.values(), key=lambda each: each.record_id)
        before = [each for each in people if each.record_id < record_id]
        return before[-count:] + [each for each in people if each.record_id > record_id][:count]

    def reread(self, record_ids: Sequence[str]) -> dict[str, Candidate]:
        """The records of these ids as they stand now, by id."""
        asked = set(record_ids)
        return {each.record_id: each for each in self._people.values() if each.record_id in asked}


def record_texts(person: Candidate) -> Iterator[str]:
    """Every key text by which a person of record is found."""
    families = family_key_tokens(person.family) + family_key_tokens(person.family_2)
    name = NameKeys(families, given_key_tokens(person.given))
    yield from person_texts(name, usable_number(person.taxpayer_number), usable_birth(person.birth_date))
    for each in person.addresses:
        if each.standard is not None:
            yield from address_texts(name, each.standard)
            yield from zip_texts(name, each.standard.zip5)
