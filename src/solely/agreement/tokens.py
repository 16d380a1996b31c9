"""The words of a rule: names, numbers, quoted texts, dates, signs.

- ASCII outside quotes; a text stands in single quotes, a quote in it is doubled; no comments, no escapes.
- A keyword is written all lower or all upper case; a fact or a parameter is lower case.
"""

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from solely.agreement.expression import EARLIEST, INT_MAX, INT_MIN, LATEST
from solely.agreement.refusals import WORDS, cure_of_sign, cure_of_unreadable

LENGTH_MAX = 4000
KEYWORDS = frozenset((
    "and", "or", "not", "between", "in", "is", "null", "date", "days",
    "filled", "matches", "within", "subset_of", "true", "false",
))  # fmt: skip


class RuleError(ValueError):
    """A rule outside the language; the text says where and how to mend it."""


class Token(NamedTuple):
    """One word: its kind (name, keyword, text, int, sign, end), its value and its place in the rule."""

    kind: str
    value: str
    at: int


_TOKEN = re.compile(
    r"(?P<space>[ \n]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<int>[0-9]+)(?![A-Za-z_.0-9])"
    r"|(?P<text>'(?:[^']|'')*')|(?P<sign><>|<=(?!>)|>=|=(?![=<>])|<(?!=)|>|[(),+]|-(?!-))",
    re.ASCII,
)
_NUMBER = re.compile(r"[0-9][0-9A-Za-z_.]*", re.ASCII)


def tokens_of(text: str) -> list[Token]:
    """The words of a rule, with an end mark; raises RuleError at the first that is none."""
    if len(text) > LENGTH_MAX:
        raise RuleError(f"a rule has at most {LENGTH_MAX} characters; split the clause")
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _refused(text, at)
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(_token(kind, match[0], at))
        at = match.end()
    return [*found, Token("end", "", at)]


def _refused(text: str, at: int) -> RuleError:
    number = _NUMBER.match(text, at)
    if number:
        cure = "a number is whole and written in digits alone; count in a smaller unit, or quote a text"
        return RuleError(f"`{number[0][:12]}` at character {at + 1} is not in the language: {cure}")
    sign, cure = cure_of_sign(text, at)
    return RuleError(f"`{sign}` at character {at + 1} is not in the language: {cure}")


def _token(kind: str, word: str, at: int) -> Token:
    if kind == "text":
        return Token(kind, _unquoted(word), at)
    if kind == "int" and len(word) > 1 and word.startswith("0"):
        raise RuleError(f"`{word[:12]}` begins with 0: write the number without it, or a text in quotes")
    if kind != "name":
        return Token(kind, word, at)
    lowered = word.lower()
    if lowered in KEYWORDS and word in (lowered, lowered.upper()):
        return Token("keyword", lowered, at)
    if word != lowered:
        raise _of_mixed_case(word, lowered)
    return Token("name", word, at)


def _of_mixed_case(word: str, lowered: str) -> RuleError:
    if lowered in WORDS:
        return left_out(lowered)
    if lowered in KEYWORDS:
        return RuleError(f"`{word}` is no keyword: write it all lower or all upper case")
    return RuleError(f"`{word[:40]}` is no name: facts, parameters and lists are written in lower case")


def left_out(word: str) -> RuleError:
    """The refusal of a word that other languages offer, with what is written instead."""
    return RuleError(f"`{word}` is not in the language: {WORDS[word]}")


def _unquoted(word: str) -> str:
    value = word[1:-1].replace("''", "'")
    unreadable = cure_of_unreadable(value)
    if unreadable:
        raise RuleError(f"a text in quotes holds {unreadable}")
    if unicodedata.normalize("NFC", value) != value:
        raise RuleError(
            "a text in quotes is not in Unicode form NFC: write each accented letter as one character"
        )
    if not value:
        raise RuleError("an empty text compares with nothing: write `filled(x)`, or `not filled(x)`")
    return value


def parsed_int(word: str) -> int:
    """The 32-bit integer that a word writes."""
    value = int(word) if len(word) <= 11 else INT_MAX + 1
    if not INT_MIN <= value <= INT_MAX:
        raise RuleError(f"`{word[:12]}` is beyond 32 bits: a number lies between {INT_MIN} and {INT_MAX}")
    return value


def parsed_date(word: str) -> date:
    """The day that `YYYY-MM-DD` writes, between 1900 and 2199."""
    try:
        day = date.fromisoformat(word) if re.fullmatch(r"\d{4}-\d\d-\d\d", word, re.ASCII) else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        raise RuleError(f"`{word[:12]}` is no date; write `date '2025-04-07'`, from 1900 to 2199")
    return day
