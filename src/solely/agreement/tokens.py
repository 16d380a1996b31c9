"""The words of a rule: names, numbers, quoted texts, dates, signs.

- ASCII outside quotes; a text stands in single quotes, a quote in it is doubled; no comments, no escapes.
- A keyword is written all lower or all upper case; a fact or a parameter is lower case.
"""

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from solely.agreement.expression import EARLIEST, INT_MAX, INT_MIN, LATEST

LENGTH_MAX = 4000
KEYWORDS = frozenset((
    "and", "or", "not", "between", "in", "is", "null", "date", "days",
    "filled", "matches", "within", "subset_of", "true", "false",
))  # fmt: skip
# Constructs that other languages offer and this one leaves out, with the reason told to the author.
LEFT_OUT = {
    "case": "alternatives are written with `or`",
    "when": "alternatives are written with `or`",
    "coalesce": "a missing fact stays unknown",
    "ifnull": "a missing fact stays unknown",
    "nullif": "a missing fact stays unknown",
    "distinct": "a missing fact stays unknown",
    "like": "a pattern is written with `matches`, a person is named and never searched for",
    "ilike": "a pattern is written with `matches`, a person is named and never searched for",
    "similar": "a pattern is written with `matches`",
    "any": "a request names one person; a rule selects nobody",
    "all": "a request names one person; a rule selects nobody",
    "exists": "a request names one person; a rule selects nobody",
    "select": "a request names one person; a rule selects nobody",
    "now": "the day of receipt is the fact `received_on`",
    "current_date": "the day of receipt is the fact `received_on`",
    "today": "the day of receipt is the fact `received_on`",
    "interval": "a date moves by whole days: `d + 90 days`",
    "month": "a date moves by whole days: `d + 90 days`",
    "months": "a date moves by whole days: `d + 90 days`",
    "year": "a date moves by whole days: `d + 90 days`",
    "years": "a date moves by whole days: `d + 90 days`",
    "cast": "a fact has one type",
    "upper": "text is compared as it is; folding belongs to the facts",
    "lower": "text is compared as it is; folding belongs to the facts",
    "trim": "blank text is tested with `filled`",
    "length": "the length of a text is stated by a pattern",
    "count": "a rule reads one request",
    "score": "a rule neither scores nor ranks",
    "rank": "a rule neither scores nor ranks",
}


class RuleError(ValueError):
    """A rule outside the language; the text says where and how to mend it."""


class Token(NamedTuple):
    """One word: its kind (name, keyword, text, int, sign, end), its value and its place in the rule."""

    kind: str
    value: str
    at: int


_TOKEN = re.compile(
    r"(?P<space>[ \n]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<int>[0-9]+)(?![A-Za-z_.])"
    r"|(?P<text>'(?:[^']|'')*')|(?P<sign><>|<=|>=|[=<>(),+-])",
    re.ASCII,
)


def tokens_of(text: str) -> list[Token]:
    """The words of a rule, with an end mark; raises RuleError at the first that is none."""
    if len(text) > LENGTH_MAX:
        raise RuleError(f"a rule has at most {LENGTH_MAX} characters; split the clause")
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise RuleError(f"`{text[at]!a}` at character {at + 1} is not in the language")
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(_token(kind, match[0], at))
        at = match.end()
    return [*found, Token("end", "", at)]


def _token(kind: str, word: str, at: int) -> Token:
    if kind == "text":
        return Token(kind, _unquoted(word), at)
    if kind != "name":
        return Token(kind, word, at)
    lowered = word.lower()
    if lowered in KEYWORDS and word in (lowered, lowered.upper()):
        return Token("keyword", lowered, at)
    if lowered in LEFT_OUT:
        raise RuleError(f"`{lowered}` is not in the language: {LEFT_OUT[lowered]}")
    if word != lowered:
        raise RuleError(f"`{word}` is no name; facts and parameters are lower case")
    return Token("name", word, at)


def _unquoted(word: str) -> str:
    value = word[1:-1].replace("''", "'")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for sign in value):
        raise RuleError("a text in quotes holds a control or invisible character")
    if unicodedata.normalize("NFC", value) != value:
        raise RuleError("a text in quotes is not in Unicode form NFC")
    if not value:
        raise RuleError("an empty text compares with nothing; use `filled`")
    return value


def parsed_int(word: str) -> int:
    """The 32-bit integer that a word writes."""
    value = int(word) if len(word) <= 11 else INT_MAX + 1
    if not INT_MIN <= value <= INT_MAX:
        raise RuleError(f"`{word[:12]}` is beyond 32 bits")
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
