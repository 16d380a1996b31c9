"""Patterns of `matches`: a small regular language that every engine reads alike.

- The whole text must match; printable ASCII only; literals, explicit classes, groups, `|`, repeats.
- No `.`, no `\\d`, no anchors, back-references, flags or negated classes: engines differ on each of them.
- A repeat inside a repeat is refused, at most three repeats vary in length, and a pattern has at most 1,000
  places when its bounds are written out, so that every engine takes it and its automaton stays small.
"""

import re
from dataclasses import dataclass

LENGTH_MAX = 200
REPEAT_MAX = 100
PLACES_MAX = 1000  # RE2 takes no more when repeats are nested
VARYING_MAX = 3
_SPECIAL = frozenset("\\.^$*+?{}[]|()")
_QUOTABLE = _SPECIAL | set("-&~")  # the canonical spelling quotes these too; it is read again
_WHOLE = "leave it out, the whole text always matches"
_QUOTE = "quote it with a backslash"
_ESCAPE = "a backslash only quotes punctuation; list the characters in a class"
# What engines read differently, by what is written instead.
_CURES = {
    ".": "list the characters that are allowed, as `[A-Za-z0-9 ]`, or quote it, `\\.`",
    "^": _WHOLE,
    "$": _WHOLE,
    **dict.fromkeys(("\\A", "\\Z", "\\z", "\\b", "\\B", "\\G"), _WHOLE),
    "\\d": "write `[0-9]`",
    "\\w": "write `[A-Za-z0-9_]`",
    "\\s": "write the space itself",
}
_BOUNDS = re.compile(r"\{([0-9]{1,3})(?:,([0-9]{1,3}))?\}", re.ASCII)


class PatternError(ValueError):
    """A pattern outside the language; the text says which construct and the cure."""


@dataclass(frozen=True, slots=True)
class Signs:
    """One character out of some; `written` is the spelling of the class."""

    allowed: frozenset[str]
    written: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part from `low` to `high` times, None for without end; `written` is the spelling of the bounds."""

    part: "Signs | Choice"
    low: int
    high: int | None
    written: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Branches, each a series of parts; a text has the form of one of them."""

    branches: tuple[tuple["Signs | Repeat | Choice", ...], ...]


Part = Signs | Repeat | Choice


class _Reader:
    """One pass over a pattern; every method also says whether the length of what it read varies."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.varying = text, 0, 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        found = self.peek()
        if not found:
            raise PatternError("the pattern ends too early: close the class, or finish the quoted sign")
        self.at += 1
        return found

    def alternatives(self, depth: int) -> tuple[Choice, bool]:
        """The branches up to `)` or the end."""
        if depth > 8:
            raise PatternError("groups are nested more than 8 deep: write the alternatives side by side")
        branches = [self.series(depth)]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.series(depth))
        return Choice(tuple(parts for parts, _ in branches)), any(varies for _, varies in branches)

    def series(self, depth: int) -> tuple[tuple[Part, ...], bool]:
        parts: list[Part] = []
        does_vary = False
        while self.peek() not in ("", "|", ")"):
            part, varies = self.repeated(depth)
            parts.append(part)
            does_vary |= varies
        if not parts:
            raise PatternError("an empty alternative: write `?` after the group")
        return tuple(parts), does_vary

    def repeated(self, depth: int) -> tuple[Part, bool]:
        atom, varies = self.atom(depth)
        written, low, high = self.bounds()
        if not written:
            return atom, varies
        repeat = Repeat(atom, low, high, written)
        if high is not None and high <= 1:
            return repeat, varies or low != high
        if varies:
            raise PatternError("a repeat inside a repeat: write one of them out")
        if low == high:
            return repeat, False
        self.varying += 1
        if self.varying > VARYING_MAX:
            raise PatternError(
                f"more than {VARYING_MAX} repeats of varying length: state a fixed length for some"
            )
        return repeat, True

    def bounds(self) -> tuple[str, int, int | None]:
        sign = self.peek()
        if sign in ("?", "*", "+"):
            self.at += 1
            written, low, high = sign, int(sign == "+"), 1 if sign == "?" else None
        elif sign == "{":
            written, low, high = self.numbers()
        else:
            return "", 1, 1
        if self.peek() and self.peek() in "?*+{":
            raise PatternError("two repeats in a row: every repeat takes what it can; write one")
        return written, low, high

    def numbers(self) -> tuple[str, int, int]:
        found = _BOUNDS.match(self.text, self.at)
        if found is None:
            raise PatternError("a bound is written `{n}` or `{n,m}`: give both numbers, or use `*` or `+`")
        self.at = found.end()
        low = int(found[1])
        high = int(found[2]) if found[2] else low
        if not 0 <= low <= high <= REPEAT_MAX or high == 0:
            raise PatternError(
                f"a bound goes from 0 to {REPEAT_MAX}: write the smaller first, and 1 or more last"
            )
        return f"{{{low}}}" if low == high else f"{{{low},{high}}}", low, high

    def atom(self, depth: int) -> tuple[Signs | Choice, bool]:
        sign = self.take()
        if sign == "(":
            return self.group(depth)
        if sign == "[":
            return self.character_class(), False
        if sign == "\\":
            sign = self.escaped()
        elif sign in _SPECIAL:
            raise PatternError(f"`{sign}` is not in the language here: {_CURES.get(sign, _QUOTE)}")
        return Signs(frozenset(sign), _quoted(sign)), False

    def group(self, depth: int) -> tuple[Choice, bool]:
        if self.peek() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                raise PatternError(
                    "a group opens with `(` or `(?:`: instead of a flag list both cases, as `[Aa]`; instead "
                    "of looking around write the text out"
                )
            self.at += 2
        inner, varies = self.alternatives(depth + 1)
        if self.peek() != ")":
            raise PatternError("a group is not closed: end it with `)`")
        self.at += 1
        return inner, varies

    def character_class(self) -> Signs:
        if self.peek() == "^":
            raise PatternError("a negated class is not in the language: list what is allowed")
        parts: list[tuple[str, str]] = []
        while self.peek() != "]" or not parts:
            parts.append(self.class_part())
        self.at += 1
        allowed = {chr(point) for low, high in parts for point in range(ord(low), ord(high) + 1)}
        written = "".join(_quoted(low) if low == high else f"{low}-{high}" for low, high in parts)
        return Signs(frozenset(allowed), f"[{written}]")

    def class_part(self) -> tuple[str, str]:
        low = self.class_character()
        if self.peek() != "-" or self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return low, low
        self.at += 1
        high = self.class_character()
        if not (low.isalnum() and high.isalnum() and low <= high and _kind(low) == _kind(high)):
            raise PatternError(
                f"the range `{low}-{high}` is not one of digits or letters of one case: write them apart"
            )
        return low, high

    def class_character(self) -> str:
        sign = self.take()
        if sign in "[]":
            raise PatternError(f"`{sign}` in a class is quoted with a backslash: a class is not nested")
        return self.escaped() if sign == "\\" else sign

    def escaped(self) -> str:
        """The punctuation that a backslash quotes."""
        sign = self.take()
        if sign not in _QUOTABLE:
            cure = "write the text itself again" if sign.isdigit() else _CURES.get(f"\\{sign}", _ESCAPE)
            raise PatternError(f"`\\{sign}` is not in the language: {cure}")
        return sign


def _places(part: Part) -> int:
    """How many characters a pattern has when its bounds are written out."""
    match part:
        case Signs():
            return 1
        case Repeat(inner, low, high):
            return (low + 1 if high is None else high) * _places(inner)
        case Choice(branches):
            return sum(_places(each) for branch in branches for each in branch)


def _kind(sign: str) -> tuple[bool, bool]:
    return sign.isdigit(), sign.isupper()


def _quoted(sign: str) -> str:
    return "\\" + sign if sign in _QUOTABLE else sign


def _written(part: Part) -> str:
    match part:
        case Signs(_, written):
            return written
        case Repeat(inner, _, _, bounds):
            return _written(inner) + bounds
        case Choice():
            return f"(?:{_written_branches(part)})"


def _written_branches(choice: Choice) -> str:
    return "|".join("".join(map(_written, branch)) for branch in choice.branches)


def parsed_pattern(text: str) -> Choice:
    """The parts of a pattern; raises PatternError outside the language."""
    if not all(" " <= sign <= "~" for sign in text):
        raise PatternError(
            "a pattern is printable ASCII: list other letters with `in`, or fold them in the facts step"
        )
    reader = _Reader(text)
    choice, _ = reader.alternatives(0)
    if reader.at != len(text):
        raise PatternError("a `)` without its `(`: quote it with a backslash")
    if _places(choice) > PLACES_MAX:
        raise PatternError(f"the pattern has more than {PLACES_MAX} places written out: shorten its bounds")
    return choice


def canonical_pattern(text: str) -> str:
    """The pattern in the one spelling that engines read alike; raises PatternError outside the language."""
    if not text or len(text) > LENGTH_MAX:
        raise PatternError(f"a pattern has 1 to {LENGTH_MAX} characters: split the clause")
    return _written_branches(parsed_pattern(text))
