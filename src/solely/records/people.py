"""Whole persons by ordinal, one line of JSON each, read where they lie.

`people.jsonl` holds a person a line in the order of ordinals; `people.start` the place of each line and of
the end, as unsigned 64-bit little-endian integers. Lines are read one by one, so that memory holds the
persons asked for and no others.
"""

import json
import os
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from solely.model import Address, Candidate, RecordAddress

LINE_FILE: Final = "people.jsonl"
START_FILE: Final = "people.start"
START: Final = np.dtype("<u8")
BLOCK_BYTES: Final = 2**24
BLOCK_LINES: Final = 2**15
LINE_FEED: Final = ord("\n")


class People:
    """The persons of the index in a folder."""

    def __init__(self, folder: Path) -> None:
        self._starts = np.memmap(folder / START_FILE, START, "r")
        self._file = (folder / LINE_FILE).open("rb")

    def __len__(self) -> int:
        return len(self._starts) - 1

    def place_of(self, record_id: str, low: int = 0) -> tuple[int, bool]:
        """Where a record id stands or would stand among the ordinals from `low` on, and whether it does."""
        high = len(self)
        while low < high:
            middle = (low + high) // 2
            if self._id_at(middle) < record_id:
                low = middle + 1
            else:
                high = middle
        return low, low < len(self) and self._id_at(low) == record_id

    def _id_at(self, ordinal: int) -> str:
        return str(json.loads(self.lines(ordinal, ordinal + 1))[0])

    def ids(self) -> Iterator[str]:
        """Every record id, in order."""
        for low in range(0, len(self), BLOCK_LINES):
            lines = self.lines(low, min(low + BLOCK_LINES, len(self))).splitlines()
            yield from (str(json.loads(line)[0]) for line in lines)

    def lines(self, low: int, high: int) -> bytes:
        """The lines of the persons from `low` up to but not including `high`."""
        start, end = int(self._starts[low]), int(self._starts[high])
        return os.pread(self._file.fileno(), end - start, start)

    def starts(self, low: int, high: int) -> "np.ndarray[Any, np.dtype[Any]]":
        """Where the lines from `low` begin, and where the last before `high` ends."""
        return np.asarray(self._starts[low : high + 1])

    def read(self, ordinals: Iterable[int]) -> dict[int, Candidate]:
        """The persons of these ordinals, in their order."""
        wanted = np.array(sorted(ordinals), dtype=np.int64)
        starts, ends = self._starts[wanted].tolist(), self._starts[wanted + 1].tolist()
        file = self._file.fileno()
        return {
            ordinal: person_of(json.loads(os.pread(file, end - start, start)))
            for ordinal, start, end in zip(wanted.tolist(), starts, ends, strict=True)
        }


class PeopleWriter:
    """The lines of `people` and where each begins, written in the order of ordinals."""

    def __init__(self, folder: Path) -> None:
        self.count = 0
        self._place = 0
        self._lines = (folder / LINE_FILE).open("wb")
        self._starts = (folder / START_FILE).open("wb")
        np.array([0], dtype=START).tofile(self._starts)

    def append(self, path: Path) -> None:
        """Add every line of a file."""
        with path.open("rb") as lines:
            while block := lines.read(BLOCK_BYTES):
                self._add(block, np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == LINE_FEED) + 1)

    def copy(self, people: People, low: int, high: int) -> None:
        """Add the persons of another index from `low` up to but not including `high`."""
        for start in range(low, high, BLOCK_LINES):
            end = min(start + BLOCK_LINES, high)
            places = people.starts(start, end)
            self._add(people.lines(start, end), places[1:] - places[0])

    def _add(self, block: bytes, ends: "np.ndarray[Any, np.dtype[Any]]") -> None:
        self._lines.write(block)
        (ends.astype(START) + START.type(self._place)).tofile(self._starts)
        self.count += len(ends)
        self._place += len(block)

    def close(self) -> None:
        """Write what is still in memory."""
        self._lines.close()
        self._starts.close()


def person_of(line: list[Any]) -> Candidate:
    """The person whom a line of the index states."""
    (
        record_id, status, given, middle, family, family_2, suffix, birth, death, number, is_protected,
        is_impaired, homes,
    ) = line  # fmt: skip
    return Candidate(
        record_id, status, tuple(given.split()), tuple(middle.split()), tuple(family.split()),
        tuple(family_2.split()), suffix, _day(birth), _day(death), number,
        tuple([_home(each) for each in homes]), is_protected, is_impaired,
    )  # fmt: skip


def _home(parts: list[Any]) -> RecordAddress:
    line, unit, city, state, zip_, since, until, standard = parts
    place = None if standard is None else Address(*standard)
    return RecordAddress(line, unit, city, state, zip_, _day(since), _day(until), place)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
