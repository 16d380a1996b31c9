"""Patterns of `matches`: a small regular language that every engine reads alike.

- The whole text must match; printable ASCII only; literals, explicit classes, groups, `|`, repeats.
- No `.`, no `\\d`, no anchors, back-references, flags or negated classes: engines differ on each of them.
- A repeat inside a repeat is refused, and at most three parts may vary in length: Python's engine backtracks,
  and `(?:[A-Za-z]+ ?)+` took it 3.5 seconds on 26 characters.
"""

import re
from functools import lru_cache

LENGTH_MAX = 200
REPEAT_MAX = 100
VARYING_MAX = 3
_SPECIAL = frozenset("\\.^$*+?{}[]|()")
_BOUNDS = re.compile(r"\{([0-9]{1,3})(?:,([0-9]{1,3}))?\}", re.ASCII)


class PatternError(ValueError):
    """A pattern outside the language; the text says which construct and the cure."""


class _Reader:
    """One pass over a pattern; writes it back in a form that Python and RE2 read alike."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.varying = text, 0, 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        found = self.peek()
        if not found:
            raise PatternError("the pattern ends too early")
        self.at += 1
        return found

    def alternatives(self, depth: int) -> tuple[str, bool]:
        """The pattern text up to `)` or the end, and whether its length varies."""
        if depth > 8:
            raise PatternError("groups are nested more than 8 deep")
        branches = [self.sequence(depth)]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.sequence(depth))
        return "|".join(text for text, _ in branches), any(varies for _, varies in branches)

    def sequence(self, depth: int) -> tuple[str, bool]:
        pieces, does_vary = [], False
        while self.peek() not in ("", "|", ")"):
            piece, varies = self.repeated(depth)
            pieces.append(piece)
            does_vary |= varies
        if not pieces:
            raise PatternError("an empty alternative matches nothing; write `?` after the group instead")
        return "".join(pieces), does_vary

    def repeated(self, depth: int) -> tuple[str, bool]:
        atom, varies = self.atom(depth)
        suffix, low, high = self.repeat()
        if high is not None and high <= 1:
            return atom + suffix, varies or low != high
        if varies:
            raise PatternError("a repeat inside a repeat; unroll one of them")
        if low == high:
            return atom + suffix, False
        self.varying += 1
        if self.varying > VARYING_MAX:
            raise PatternError(f"more than {VARYING_MAX} repeats of varying length")
        return atom + suffix, True

    def repeat(self) -> tuple[str, int, int | None]:
        sign = self.peek()
        if sign in ("?", "*", "+"):
            self.at += 1
            suffix, low, high = sign, int(sign == "+"), 1 if sign == "?" else None
        elif sign == "{":
            suffix, low, high = self.bounds()
        else:
            return "", 1, 1
        if self.peek() and self.peek() in "?*+{":
            raise PatternError("two repeats in a row")
        return suffix, low, high

    def bounds(self) -> tuple[str, int, int]:
        found = _BOUNDS.match(self.text, self.at)
        if found is None:
            raise PatternError("a bound is written `{n}` or `{n,m}`")
        self.at = found.end()
        low = int(found[1])
        high = int(found[2]) if found[2] else low
        if not 0 <= low <= high <= REPEAT_MAX or high == 0:
            raise PatternError(f"a bound goes from 0 to {REPEAT_MAX}, the smaller first")
        return f"{{{low}}}" if low == high else f"{{{low},{high}}}", low, high

    def atom(self, depth: int) -> tuple[str, bool]:
        sign = self.take()
        if sign == "(":
            return self.group(depth)
        if sign == "[":
            return self.character_class(), False
        if sign == "\\":
            sign = self.take()
            if sign not in _SPECIAL and sign != "-":
                raise PatternError(f"`\\{sign}` is not in the language; a backslash only quotes punctuation")
        elif sign in _SPECIAL:
            raise PatternError(f"`{sign}` is not in the language here; quote it with a backslash")
        return _quoted(sign), False

    def group(self, depth: int) -> tuple[str, bool]:
        if self.peek() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                raise PatternError(
                    "a group opens with `(` or `(?:`; flags and look-around are not in the language"
                )
            self.at += 2
        inner, varies = self.alternatives(depth + 1)
        if self.peek() != ")":
            raise PatternError("a group is not closed")
        self.at += 1
        return f"(?:{inner})", varies

    def character_class(self) -> str:
        if self.peek() == "^":
            raise PatternError("a negated class is not in the language; list what is allowed")
        parts: list[str] = []
        while self.peek() != "]" or not parts:
            parts.append(self.class_part())
        self.at += 1
        return "[" + "".join(parts) + "]"

    def class_part(self) -> str:
        low = self.class_character()
        if self.peek() != "-" or self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return _quoted(low)
        self.at += 1
        high = self.class_character()
        if not (low.isalnum() and high.isalnum() and low <= high and _kind(low) == _kind(high)):
            raise PatternError(f"the range `{low}-{high}` is not one of digits or letters of one case")
        return f"{low}-{high}"

    def class_character(self) -> str:
        sign = self.take()
        if sign in "[]":
            raise PatternError(f"`{sign}` in a class is quoted with a backslash")
        if sign != "\\":
            return sign
        sign = self.take()
        if sign not in _SPECIAL and sign != "-":
            raise PatternError(f"`\\{sign}` is not in the language; a backslash only quotes punctuation")
        return sign


def _kind(sign: str) -> tuple[bool, bool]:
    return sign.isdigit(), sign.isupper()


def _quoted(sign: str) -> str:
    return "\\" + sign if sign in _SPECIAL or sign in "-&~" else sign


def canonical_pattern(text: str) -> str:
    """The pattern in the one spelling that engines read alike; raises PatternError outside the language."""
    if not text or len(text) > LENGTH_MAX:
        raise PatternError(f"a pattern has 1 to {LENGTH_MAX} characters")
    if not all(" " <= sign <= "~" for sign in text):
        raise PatternError("a pattern is printable ASCII")
    reader = _Reader(text)
    written, _ = reader.alternatives(0)
    if reader.at != len(text):
        raise PatternError("a `)` without its `(`")
    return written


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> "re.Pattern[str]":
    """The pattern for Python's engine, to be used with `fullmatch`."""
    return re.compile(pattern, re.ASCII)
