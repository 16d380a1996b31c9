"""One column of many rows: its values, and which of them each row has.

- A batch repeats itself, so whatever depends on a value alone is found once and not row by row.
- Values may repeat; what is found by value is then found again, and no answer changes.
"""

from collections.abc import Callable, Iterator, Sequence
from types import NoneType
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int32]


class Column(Sequence[Any]):
    """The values of `values` that stand at `places`, row by row; it reads as the plain list of them."""

    __slots__ = ("places", "values")

    def __init__(self, values: Any, places: Places) -> None:
        self.values = values
        self.places = places

    @classmethod
    def of(cls, rows: Sequence[Any] | NDArray[np.integer[Any]]) -> "Column":
        """The column of these rows; equal values of one type are told once."""
        if isinstance(rows, Column):
            return rows
        if isinstance(rows, np.ndarray):
            found, places = np.unique(rows, return_inverse=True)
            return cls(found.tolist(), places.astype(np.int32))
        if len({*map(type, rows)} - {NoneType}) > 1:
            # True == 1: values of several types are never taken one for the other.
            return cls(list(rows), np.arange(len(rows), dtype=np.int32))
        known = dict(zip(dict.fromkeys(rows), range(len(rows)), strict=False))
        return cls(list(known), np.fromiter(map(known.__getitem__, rows), np.int32, len(rows)))

    @classmethod
    def constant(cls, value: Any, count: int) -> "Column":
        """The same value in `count` rows."""
        return cls([value], np.zeros(count, np.int32))

    def each(self, found: Callable[[Any], Any]) -> "Column":
        """The column of what `found` gives for each value."""
        return Column(list(map(found, self.values)), self.places)

    def taken(self, rows: Sequence[int]) -> "Column":
        """The column of these rows alone, in their order."""
        return Column(self.values, self.places[np.asarray(rows, np.intp)])

    def where(self, holds: Callable[[Any], bool]) -> list[int]:
        """The rows whose value meets a test."""
        is_met = np.fromiter(map(holds, self.values), bool, len(self.values))
        return np.flatnonzero(is_met[self.places]).tolist() if is_met.any() else []

    def replaced(self, rows: Sequence[int], value: Any) -> "Column":
        """The column with another value in these rows."""
        if not len(rows):
            return self
        places = self.places.copy()
        places[np.asarray(rows, np.intp)] = len(self.values)
        return Column([*self.values, value], places)

    def tolist(self) -> list[Any]:
        """The plain list."""
        return list(self)

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Any]:
        return map(self.values.__getitem__, self.places.tolist())

    @overload
    def __getitem__(self, row: int) -> Any: ...
    @overload
    def __getitem__(self, row: slice) -> "Column": ...
    def __getitem__(self, row: int | slice) -> Any:
        if isinstance(row, slice):
            return Column(self.values, self.places[row])
        return self.values[self.places[row]]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.tolist() == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Column({len(self.places)} rows, {len(self.values)} values)"  # a value may be a person's
