"""Facts that a statute declares besides those known by name: one column, one of five normalisers.

- A cell in which nothing is given is unknown without a reason, so that the clause says that it is missing.
- A stated value that cannot be read is unknown and says so under its column (R-69); nothing is guessed.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Final

from solely.agreement.clause import FactDeclaration
from solely.facts.code import EMPTY_WORDS, plain_code
from solely.facts.day import read_day
from solely.facts.reading import Reading, unread
from solely.folding import fold

RULE: Final = "R-69"
FLAGS: Final[Mapping[str, bool]] = {"yes": True, "true": True, "no": False, "false": False}


def reader_of(fact: FactDeclaration, received_on: date) -> Callable[[str], Reading]:
    """How the cells of a further fact are read; a date is none that lies after receipt."""
    column = fact.source
    readers: Mapping[str, Callable[[str], Reading]] = {
        "code": lambda text: (plain_code(text), None),
        "text": partial(_text, column=column),
        "date": partial(read_day, latest=received_on, element=column, rule=RULE),
        "set": partial(_set, column=column),
        "flag": partial(_flag, column=column),
    }
    return readers[fact.normaliser]


def _text(text: str, column: str) -> Reading:
    """The words as written; a placeholder is none."""
    return unread(column, "PLACEHOLDER", RULE) if fold(text) in EMPTY_WORDS else (text.strip(), None)


def _set(text: str, column: str) -> Reading:
    codes = frozenset(plain_code(each) for each in text.split(";") if each.strip())
    return (codes, None) if codes else unread(column, "MISSING", RULE)


def _flag(text: str, column: str) -> Reading:
    flag = FLAGS.get(text.strip().lower())
    return unread(column, "UNKNOWN_CODE", RULE) if flag is None else (flag, None)
