"""What the rows of a batch say together, counted before any record is read (R-19, R-30, R-50, R-51, R-86).

- First every chunk is added, then `counted` gives each row its counts; clauses hold them against the terms
  of the agreement, so that nothing here knows a limit.
- What a row does not give is shared with no row and counts 0; its absence is another clause's to say.
- A whole batch fits: of each row only digests and numbers are kept (72 bytes), never a value.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solely.agreement.column import Column
from solely.facts import day
from solely.facts.officer import officer_ids
from solely.facts.remembered import remembered
from solely.facts.request import RequestFacts
from solely.folding import fold, tokens
from solely.folding import words as folded_words
from solely.model import Address, Item

BATCH_FACTS: Final = (
    "same_reason_items", "same_reason_percent", "persons_at_address", "addresses_of_person",
    "persons_of_investigation", "investigations_opened_that_day", "sequential_investigations",
)  # fmt: skip
# Words of dates, dropped from a reason together with everything that holds a digit.
MONTHS: Final = day.MONTHS | day.SHORT_MONTHS
_SPELLS_NOTHING = re.compile(r"[A-Z]|[^AEIOUY]{5,}")  # a word of a reference, perhaps made up for the row
_is_spelled = remembered(lambda word: _SPELLS_NOTHING.fullmatch(word) is None)
_ABSENT = bytes(8)
_DIGESTS = ("reason", "building", "address", "person", "investigation", "stem")
_NUMBER = re.compile(r"[0-9]{1,15}")
_YEAR = re.compile(r"19[89][0-9]|20[0-4][0-9]")
_NEAR = 5  # numbers so close are of one run: leaving out every second or third does not hide it

Counts = NDArray[np.int32]
Digests = NDArray[np.uint64]
Integers = NDArray[np.int64]


class BatchFacts(NamedTuple):
    """The counts of a batch by fact; `of` picks those of some rows."""

    rows: Integers
    columns: Mapping[str, Counts]

    def of(self, rows: Sequence[int]) -> dict[str, Column]:
        """The columns of these rows, in their order."""
        places = np.searchsorted(self.rows, rows)
        return {name: Column.of(values[places]) for name, values in self.columns.items()}


class BatchWide:
    """Takes the rows of a batch chunk by chunk, in input order; `counted` then counts over all of them."""

    def __init__(self, officers: Collection[str] = ()) -> None:
        self.caseload: Counter[str] = Counter()
        self._officers = officers
        self._rows: list[Integers] = []
        self._digests: list[Digests] = []
        self._opened: list[Integers] = []
        self._numbers: list[Integers] = []

    def add(self, items: Sequence[Item], facts: RequestFacts) -> None:
        """Take note of a chunk with its facts."""
        parts: list[bytes] = []
        numbers: list[int] = []
        investigations = facts.columns["investigation_id"].each(_investigation).tolist()
        for place, item in enumerate(items):
            investigation, stem, number = investigations[place]
            address = facts.addresses[place].address
            building = None if address is None else "\x1f".join(_site_of(address))
            parts += (
                _digest(reason_key(item)),
                _digest(building),
                _digest(None if address is None else "\x1f".join((*building_of(address), address.unit))),
                _digest(person_key(facts, place)),
                investigation,
                stem,
            )
            numbers.append(number)
        count = len(items)
        self._rows.append(np.fromiter((item.row for item in items), np.int64, count))
        self._digests.append(np.frombuffer(b"".join(parts), np.uint64).reshape(-1, len(_DIGESTS)))
        self._opened.append(_ordinals(facts.columns["investigation_opened_on"]))
        self._numbers.append(np.array(numbers, np.int64))
        self._count_officers(item.officers for item in items)

    def _count_officers(self, lists: Iterable[str | None]) -> None:
        """An officer who is listed for an item counts once for it; who is not enrolled holds no caseload."""
        for text, count in Counter(lists).items():
            for officer in officer_ids(text):
                if officer in self._officers:
                    self.caseload[officer] += count

    def counted(self) -> BatchFacts:
        """The counts of every row."""
        if not self._rows:
            return BatchFacts(np.empty(0, np.int64), {name: np.empty(0, np.int32) for name in BATCH_FACTS})
        rows, opened = np.concatenate(self._rows), np.concatenate(self._opened)
        digests, numbers = np.concatenate(self._digests), np.concatenate(self._numbers)
        reason, building, address, person, investigation, stem = digests.T
        # Of whom nothing is known each row is a person of its own; no digest is as small as a row number.
        someone = np.where(person == 0, rows.astype(np.uint64), person)
        alike = _items(reason)
        counts = (
            alike,
            -(-100 * alike // len(rows)),
            _distinct(building, someone),
            _distinct(np.where(address == 0, 0, person), address),
            _distinct(investigation, someone),
            _distinct(np.where(investigation == 0, 0, opened), investigation),
            _runs(stem, numbers),
        )
        return BatchFacts(
            rows, {name: each.astype(np.int32) for name, each in zip(BATCH_FACTS, counts, strict=True)}
        )


# -- what two rows share --------------------------------------------------------------------------------


def reason_key(item: Item) -> str | None:
    """The words of a reason in no order, without digits, dates, letters that spell nothing, and the row's own
    names and places; equal keys are one reason."""
    if item.reason is None:
        return None
    own = set(folded_words(item.address or ""))
    for name in (*tokens(item.given_name), *tokens(item.middle_name), *tokens(item.family_name)):
        own |= {name, name + "S"}  # folding joins the apostrophe of "Lopez's"
    said = folded_words(item.reason)
    distinct = set(said) - own - MONTHS
    if not "".join(said).isalpha():
        distinct = {each for each in distinct if each.isalpha()}
    return " ".join(sorted(filter(_is_spelled, distinct)))


def building_of(address: Address) -> tuple[str, ...]:
    """An address without its unit, so that invented units do not make many of one building (R-30)."""
    last_line = (address.zip5,) if address.zip5 else (address.city, address.state)
    street = (address.predirectional, address.street, address.suffix, address.postdirectional)
    return (address.kind, address.number, *street, address.box, *last_line)


def _site_of(address: Address) -> tuple[str, ...]:
    """A building without what is easily varied: the letter of its number, direction, type and ZIP (R-30).

    Two that are taken for one make a referral of many persons, never a return.
    """
    number = _NUMBER.match(address.number)
    place = (address.city, address.state) if address.city else (address.zip5,)
    return (address.kind, number[0] if number else address.number, address.street, address.box, *place)


def person_key(facts: RequestFacts, place: int) -> str | None:
    """The person whom a row names: name and birth date, else the taxpayer number, else nobody known.

    The order of the words, a middle name and a suffix make no other person.
    """
    birth = facts.columns["birth_date"][place]
    if birth is not None and facts.columns["name_verdict"][place] == "OK":
        return name_and_birth(facts.names[place].given, facts.names[place].family, birth)
    number: str | None = facts.columns["taxpayer_number"][place]
    return number


def name_and_birth(given: Sequence[str], family: Sequence[str], birth: date) -> str:
    """Given and family names, whichever stands first, and the birth date, as one text."""
    return "\x1f".join((*sorted((*given, *family)), birth.isoformat()))


def _investigation(text: str | None) -> tuple[bytes, bytes, int]:
    """The digest of an investigation id, that of its words without its serial number, and this number.

    What stands between its letters and digits does not count: CASE 77-X and CASE77X are one investigation.
    The serial number is the longest that is no year, and of equally long ones the last.
    """
    if text is None:
        return _ABSENT, _ABSENT, 0
    folded = fold(text)
    whole = _digest(folded.replace(" ", ""))
    serial = max(_NUMBER.finditer(folded), key=_as_serial, default=None)
    if serial is None:
        return whole, _ABSENT, 0
    stem = f"{folded[: serial.start()]}\x1f{folded[serial.end() :]}"
    return whole, _digest(stem), int(serial[0])


def _as_serial(found: re.Match[str]) -> tuple[bool, int, int]:
    return _YEAR.fullmatch(found[0]) is None, len(found[0]), found.start()


def _digest(text: str | None) -> bytes:
    return _ABSENT if text is None else blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _ordinals(days: Column) -> Integers:
    numbers = [0 if each is None else each.toordinal() for each in days.values]
    return np.array(numbers, np.int64)[days.places]


# -- counting -------------------------------------------------------------------------------------------


def _items(keys: Digests) -> Integers:
    """How many rows share each row's key; none share an absent one."""
    found, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    counts[found == 0] = 0
    return counts[inverse]


def _distinct(keys: NDArray[Any], members: NDArray[Any]) -> Integers:
    """How many different members the rows of each row's key have; 0 for an absent key."""
    order = np.lexsort((members, keys))
    starts = _changes(keys[order])
    return np.where(keys == 0, 0, _summed(order, starts, starts | _changes(members[order])))


def _runs(stems: Digests, numbers: Integers) -> Integers:
    """How many numbers stand in a row with each row's own under its stem; 0 for an absent stem."""
    order = np.lexsort((numbers, stems))
    in_order = numbers[order]
    starts = _changes(stems[order])
    starts[1:] |= np.diff(in_order) > _NEAR
    return np.where(stems == 0, 0, _summed(order, starts, starts | _changes(in_order)))


def _changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where a value differs from the one before it; the first does."""
    changed = np.ones(len(values), np.bool_)
    changed[1:] = values[1:] != values[:-1]
    return changed


def _summed(order: NDArray[np.intp], starts: NDArray[np.bool_], marks: NDArray[np.bool_]) -> Integers:
    """The number of marks in each row's group; groups begin at `starts` of the given order."""
    sums = np.add.reduceat(marks.astype(np.int64), np.flatnonzero(starts))
    counts = np.empty(len(order), np.int64)
    counts[order] = sums[np.cumsum(starts) - 1]
    return counts
