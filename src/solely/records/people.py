"""Whole persons by ordinal, one line of JSON each, read where they lie.

`people.jsonl` holds a person a line in the order of ordinals; `people.start` the place of each line and of
the end, as unsigned 64-bit little-endian integers. Lines are read one by one, so that memory holds the
persons asked for and no others.
"""

import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from solely.model import Address, Candidate, RecordAddress

LINE_FILE: Final = "people.jsonl"
START_FILE: Final = "people.start"
START: Final = np.dtype("<u8")


class People:
    """The persons of the index in a folder."""

    def __init__(self, folder: Path) -> None:
        self._starts = np.memmap(folder / START_FILE, START, "r")
        self._file = (folder / LINE_FILE).open("rb")

    def read(self, ordinals: Iterable[int]) -> dict[int, Candidate]:
        """The persons of these ordinals, in their order."""
        wanted = np.array(sorted(ordinals), dtype=np.int64)
        starts, ends = self._starts[wanted].tolist(), self._starts[wanted + 1].tolist()
        file = self._file.fileno()
        return {
            ordinal: person_of(json.loads(os.pread(file, end - start, start)))
            for ordinal, start, end in zip(wanted.tolist(), starts, ends, strict=True)
        }


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
