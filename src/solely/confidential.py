"""A value that no representation, log or error can show by accident (R-57).

- `Confidential[T]` wraps one value; `reveal()` is the only way to it, so a search for `.reveal(` lists
  every place that shows or uses one.
- `masked` marks a record-like class whose representation must never list its fields.
"""

from typing import Any, Generic, NoReturn, TypeVar

T = TypeVar("T")
C = TypeVar("C", bound=type)


class Confidential(Generic[T]):
    """One confidential value; `str`, `repr` and `format` show `[confidential]`, pickling is refused."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """The value itself; each use outside `release` and the reviewer's view needs a reason."""
        return self._value

    def __repr__(self) -> str:
        return "[confidential]"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "[confidential]"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a confidential value is not pickled")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Confidential) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


def masked(cls: C) -> C:
    """The class with a representation that names it and shows no field."""

    def shown(self: Any) -> str:
        return f"{type(self).__name__}([confidential])"

    for name in ("__repr__", "__str__"):
        setattr(cls, name, shown)
    return cls
