"""What stands once in a log: every entry's nonce, the job of a batch or event, each tag of a release.

A second one is found at the end: what repeats is named by its two entries. Memory is 24 bytes a value,
whatever the values are.
"""

from collections.abc import Iterator
from struct import Struct, iter_unpack

_PLACES = 256
_ROW = Struct("<16sQ")  # a value and its entry
_VALUE = "<16s8x"


class Once:
    """Takes values of 16 bytes in order, each with its entry."""

    def __init__(self) -> None:
        self._rows = [bytearray() for _ in range(_PLACES)]

    def take(self, value: bytes, index: int) -> None:
        """Take one value."""
        self._rows[hash(value) % _PLACES] += _ROW.pack(value, index)

    def repeated(self) -> Iterator[tuple[int, int]]:
        """The entry of each value that was there before, and the entry where it first stood."""
        for rows in self._rows:
            if len(set(iter_unpack(_VALUE, rows))) * _ROW.size < len(rows):
                yield from _repeated(rows)


def _repeated(rows: bytearray) -> Iterator[tuple[int, int]]:
    first: dict[bytes, int] = {}
    for value, index in _ROW.iter_unpack(rows):
        if value in first:
            yield index, first[value]
        first.setdefault(value, index)
