"""The typed form of a rule: what the parser builds and every back end reads.

- Five types: text, int (32 bits), date (1900 to 2199), bool, and set of names.
- Three truth values (Kleene): true, false, unknown. A missing fact is unknown, and so is what rests on it.
- Only `Given` answers for a missing fact, and the parser admits it in positive position only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Literal

Type = Literal["text", "int", "date", "bool", "set"]
TYPES: tuple[Type, ...] = ("text", "int", "date", "bool", "set")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
INT_MIN, INT_MAX = -(2**31), 2**31 - 1
BOUNDS = {"date": (EARLIEST.toordinal(), LATEST.toordinal()), "int": (INT_MIN, INT_MAX)}

# Blank is an explicit list, because engines disagree on what trimming removes: DuckDB keeps tabs, not NBSP.
BLANKS = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\xad\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u2800\u3000\u3164\ufeff"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A declared fact, read from the row."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal, or the value of a named parameter; `name` is the parameter's, "" for a literal."""

    value: str | int | date | bool
    type: Type
    name: str = ""


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list of texts that a schedule of the document states."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """A date moved by whole days; `is_back` moves it towards the past."""

    start: "Fact | Constant"
    days: Constant
    is_back: bool

    @property
    def type(self) -> Type:
        """A shifted date is a date."""
        return "date"

    @property
    def offset(self) -> int:
        """The signed number of days."""
        assert isinstance(self.days.value, int), "the parser admits whole days only"
        return -self.days.value if self.is_back else self.days.value


Term = Fact | Constant | Shift


@dataclass(frozen=True, slots=True)
class Compare:
    """Two terms of one type compared; `operator` is one of = <> < <= > >=."""

    operator: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Between:
    """A term that lies between two others, both ends included."""

    term: Term
    low: Term
    high: Term


@dataclass(frozen=True, slots=True)
class Member:
    """A fact that equals one of some literals."""

    fact: Fact
    values: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """True when the fact is known, else false: the one expression that is never unknown."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with at least one character that is not blank."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Matches:
    """A text that a pattern describes from its first character to its last."""

    fact: Fact
    pattern: str


@dataclass(frozen=True, slots=True)
class Within:
    """A text that stands on a named list."""

    fact: Fact
    names: NamedList


@dataclass(frozen=True, slots=True)
class SubsetOf:
    """A set, not empty, whose every name stands on a named list."""

    fact: Fact
    names: NamedList


@dataclass(frozen=True, slots=True)
class Truth:
    """A bool fact standing for itself."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; unknown stays unknown."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class And:
    """True when every part is; false when one is false."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True when one part is; false when every part is false."""

    parts: tuple["Expression", ...]


Expression = (
    Compare | Between | Member | Given | Filled | Matches | Within | SubsetOf | Truth | Not | And | Or
)


def facts_of(expression: Expression) -> tuple[Fact, ...]:
    """The facts an expression reads, each once, in the order of reading."""
    return tuple(dict.fromkeys(node for node in walk(expression) if isinstance(node, Fact)))


def ordinal(value: str | int | date | bool) -> int:
    """The place of a day or a number among those between `BOUNDS`."""
    return value.toordinal() if isinstance(value, date) else int(value)


def other_than(names: Sequence[str]) -> str:
    """A name that stands for every name outside of these."""
    other = "another_name"
    while other in names:
        other += "_"
    return other


def walk(node: Any) -> Iterator[Any]:
    """Every node of an expression, from the outside in."""
    yield node
    for child in _children(node):
        yield from walk(child)


def _children(node: Any) -> Iterator[Any]:
    for each in fields(node):
        value = getattr(node, each.name)
        for part in value if isinstance(value, tuple) else (value,):
            if is_dataclass(part):
                yield part
