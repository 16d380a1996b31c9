"""Record-like values that no representation, log or error can show by accident (R-57)."""

from typing import Any, TypeVar

C = TypeVar("C", bound=type)


def masked(cls: C) -> C:
    """The class with a representation that names it and shows no field."""

    def shown(self: Any) -> str:
        return f"{type(self).__name__}([confidential])"

    for name in ("__repr__", "__str__"):
        setattr(cls, name, shown)
    return cls
