"""CSV as requesters send it: RFC 4180 and Excel's dialects, read as a stream in constant memory.

- UTF-8 with or without a byte order mark; comma, semicolon or tab; a `sep=` line; any line end; line ends
  inside quotes.
- Nothing is coerced. Bytes that are not UTF-8 arrive as lone surrogates, so that only their cell is at fault.
- A quotation mark that is never closed spoils its own row and no other: reading resumes at the next line.
"""

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from solely.errors import BatchRefused
from solely.model import COLUMNS, Reason

DELIMITERS = (",", ";", "\t")
ROW_LINES_MAX = 64  # line ends inside the quoted cells of one row
ROW_CHARACTERS_MAX = 262_144
PIECES_MAX = 3  # of so many characters, that hold a sign of a row, within one line
MARKED = 1_024  # rows between two places of a file that are kept; a chunk has a whole number of them

Row = list[str] | Reason

_UNCLOSED = Reason("row", "UNCLOSED_QUOTE", "R-69")
_SIGNS = frozenset((*DELIMITERS, '"'))
_TOO_LONG = Reason("row", "TOO_LONG", "R-69")
_UNREADABLE_LINE = "\x00\n"  # one cell that no header allows: stands for a line longer than any row


class _RunawayError(Exception):
    """A row that goes on for longer than a row may: its quotation mark was never closed."""


class _Lines:
    """Physical lines of a text with their line ends; `taken` are those of the row being read."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self._characters = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= ROW_LINES_MAX or self._characters > ROW_CHARACTERS_MAX:
            raise _RunawayError
        line = self._again.popleft() if self._again else self._next_line()
        if not line:
            raise StopIteration
        self.taken.append(line)
        self._characters += len(line)
        return line

    def begin_row(self) -> None:
        """The next line opens a row."""
        self.taken = []
        self._characters = 0

    def resume_after_first(self) -> None:
        """The lines behind the first of the present row come again."""
        self._again.extendleft(reversed(self.taken[1:]))

    def mark(self, number: int, places: dict[int, int], passed: int) -> int:
        """Note where a row ends, behind so many; read on behind `passed` rows where this was the header."""
        if number == 0 and passed:
            self._file.seek(places[passed])
            return passed
        if number and number % MARKED == 0 and not self._again:
            places[number] = self._file.tell()
        return number

    def _next_line(self) -> str:
        line = self._file.readline(ROW_CHARACTERS_MAX)
        if len(line) < ROW_CHARACTERS_MAX or line.endswith(("\n", "\r")):
            return line
        return self._shortened(line)

    def _shortened(self, line: str) -> str:
        """A line that is too long, without the middle of its long cell, which then is at fault alone."""
        kept = [line]
        while rest := self._file.readline(ROW_CHARACTERS_MAX):
            is_last = rest.endswith(("\n", "\r"))
            if is_last or not _SIGNS.isdisjoint(rest):
                kept.append(rest)
            if is_last:
                break
            del kept[PIECES_MAX + 1 :]
        return "".join(kept) if len(kept) <= PIECES_MAX else _UNREADABLE_LINE


def read_csv(path: Path, places: dict[int, int] | None = None, passed: int = 0) -> Iterator[Row]:
    """The rows of a CSV file, the header first; a row that cannot be read is its reason (R-68, R-69).

    An empty line is no row. Raises BatchRefused when not even the header can be read. In `places` is noted
    where every `MARKED`th row ends; `passed` rows that end at a place of it are left out behind the header.
    """
    # A cell longer than the library's own limit would end the whole reading; `_Lines` bounds a row instead.
    csv.field_size_limit((PIECES_MAX + 1) * ROW_CHARACTERS_MAX)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        lines = _Lines(file)
        delimiter = _delimiter(lines)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        width, number = 0, -1
        while (row := _next_row(reader, lines)) is not None:
            if not width and isinstance(row, list):
                width = len(row)
            elif not width:
                raise BatchRefused("R-69", "header", "the first row cannot be read")
            elif isinstance(row, list) and _has_swallowed(row, lines.taken, delimiter, width):
                row = _UNCLOSED
            if row is _UNCLOSED:
                lines.resume_after_first()
                reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield row
            number = lines.mark(number + 1, {} if places is None else places, passed)


def _next_row(reader: "Iterator[list[str]]", lines: _Lines) -> Row | None:
    """The next row that is not empty; its reason when a quotation mark does not close; None at the end."""
    lines.begin_row()
    try:
        for cells in reader:
            if lines.taken[-1:] == [_UNREADABLE_LINE]:
                return _TOO_LONG
            if len(cells) > 1 or (cells and cells[0].strip()):
                return cells
            lines.begin_row()
    except (_RunawayError, csv.Error):
        return _UNCLOSED
    return None


def _has_swallowed(cells: list[str], taken: list[str], delimiter: str, width: int) -> bool:
    """True when a row over several lines is too short or too long, and one of its lines is a row by itself.

    Then a quotation mark that was not closed has met the next row's.
    """
    if len(taken) < 2 or len(cells) == width:
        return False
    return any(_width_alone(line, delimiter) == width for line in taken[1:])


def _width_alone(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter, strict=True), []))
    except csv.Error:
        return 0


def _delimiter(lines: _Lines) -> str:
    """The delimiter that a `sep=` line states, else the one that finds most columns in the header."""
    first = next(lines, "")
    stated = first.rstrip("\r\n").strip('" ').lower()
    for each in DELIMITERS:
        if stated == f"sep={each}":
            return each
    lines.taken.insert(0, "")  # not a row yet: the whole line comes again
    lines.resume_after_first()
    return max(DELIMITERS, key=lambda each: _columns_found(first, each))


def _columns_found(header: str, delimiter: str) -> int:
    return sum(cell.strip('" \r\n') in COLUMNS for cell in header.split(delimiter))
