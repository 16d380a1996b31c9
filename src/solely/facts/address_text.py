"""A text as the judge reads it: folded words, with the breaks that commas and lines make.

- Case, accents, apostrophes and dots never decide (R-40); a hyphen is kept between digits only.
- A number or letter with signs for what is left out (74??, 1**, M*) is one word, in no table.
- Words written letter by letter are read as one (U N K N O W N), and so are dotted initials (N.W.).
"""

import re
import unicodedata

from solely.facts.address_labels import unlabelled
from solely.facts.remembered import remembered

BREAK = ","
NA_OR_NORTH_A = "N.A"  # what comes next tells which
CHARACTERS_MAX = 300
WORDS_MAX = 36

_WORD = re.compile(r"\d+[?*][\d?*]*|[A-Z]\*+|(?:[^\W_]|[@$!|+])+(?:[-/.'](?:[^\W_]|[@$!|+])+)*|[,#&%]")
_BREAKS = str.maketrans({"\r": ",", ";": ",", "|": ",", "[": ",", "]": ","})
# not those of a statute's paragraphs: 6103(I)(2)
_BRACKETS = re.compile(r"(?<![0-9)])\(|\)(?!\()")
_ALIKE = (
    str.maketrans(
        "АВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ’‘ʼʻ′`´–—‐‑−\u00a0ØŁĐ", "ABEKMHOPCTYXIJSABEZHIKMNOPTYX'''''''----- OLD"
    )
    | {ord(sign): f" {written}" for sign, written in (("½", "1/2"), ("¼", "1/4"), ("¾", "3/4"))}
    | str.maketrans({"Æ": "AE", "Œ": "OE", "Þ": "TH", "Ð": "D"})
)
_GLUED = re.compile(
    r"(APT|APTO|STE|UNIT|BLDG|EDIF|RM|FL|LOT|SPC|TRLR|BOX|POBOX|POB|PMB|RR|RFD|HC|HWY|FM|CR|SR|SH|US|IH|CARR"
    r"|PSC|CMR|RT|RTE|KM)(\d+[A-Z]?)"
)
# not UNITY, UNITE, UNITS, APTS and APTO, which are words
GLUED_LETTERS = frozenset(unit + letter for unit in ("APT", "UNIT") for letter in "ABCDEFGHIJKLMN") - {
    "UNITE"
}
_GLUED_NUMBER = re.compile(r"(\d{2,5})([A-Z]{3,})")
# nearly every one is new, so it is told here and does not fill what `_apart` remembers
_ZIP_PLUS_4 = re.compile(r"[0-9]{5}-[0-9]{4}")
_KEPT = re.compile(r"\d+-\d+[A-Z]?|\d+/\d+|\d+(?:\.\d+)+")
_LEFT_BLANK = re.compile(r"(?<=\d)(?:--+|_+)")
_WITH_FRACTION = re.compile(r"\d+-\d{1,2}/\d{1,2}")
_SLASHED = {
    "C/O": "C/O",
    "N/A": "N/A",
    "N.A": NA_OR_NORTH_A,
    "S/N": "SN",
    "U/K": "N/A",
    "N/K": "N/A",
    "N/P": "N/A",
}
# a court's docket, in which CR is no county road
_DOCKET = re.compile(r"\d+-(?:CR|CV|MJ|MC|CF|CM|CIV|CRIM)-\d+")


def words_of(text: str) -> list[str]:
    """The folded words of `text`; comma, semicolon, bracket, line end and a field's label stand as `,`."""
    upper = text.upper()
    if not upper.isascii():
        upper = _plain(upper)
    if ":" in upper or "=" in upper or "(" in upper or "ZIP" in upper or "ADDR" in upper:
        upper = unlabelled(upper)
    pieces = upper.replace("\n", BREAK).replace(BREAK, " , ").split()
    if "".join(pieces).replace(BREAK, "").isalnum():
        return pieces  # nothing but words and breaks, as most texts
    words: list[str] = []
    for piece in pieces:
        if piece.isalnum() or piece == BREAK or (len(piece) == 10 and _ZIP_PLUS_4.fullmatch(piece)):
            words.append(piece)
        else:
            words += _apart(piece)
    return words


def _plain(upper: str) -> str:
    alike = unicodedata.normalize("NFKD", upper.translate(_ALIKE))
    shown = (c for c in alike if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return "".join(shown).upper().translate(_ALIKE)


@remembered
def _apart(word: str) -> tuple[str, ...]:
    """The words within a piece of text that has signs in it but no space."""
    apart: list[str] = []
    if "_" in word or "--" in word:
        word = _LEFT_BLANK.sub("?", word)
    if "(" in word or ")" in word:
        word = _BRACKETS.sub(BREAK, word)
    for found in _WORD.findall(word.translate(_BREAKS)):
        if found.isalnum() or len(found) == 1:
            apart.append(found)
        else:
            apart += _parts(found)
    return tuple(apart)


def _parts(word: str) -> tuple[str, ...]:
    if word in _SLASHED:
        return (_SLASHED[word],)
    word = word.replace("'", "")
    if word.isalnum() or _KEPT.fullmatch(word) or _DOCKET.fullmatch(word):
        return (word,)
    if word.startswith("I-") and word[2:].isdigit():
        return ("INTERSTATE", word[2:])
    if _WITH_FRACTION.fullmatch(word):
        return tuple(word.split("-"))
    pieces = [piece for piece in re.split(r"[-/.]", word) if piece]
    if len(pieces) > 1 and all(len(piece) == 1 for piece in pieces):
        return ("".join(pieces),)
    if "-" in word and len(pieces) == 2 and any(piece.isdigit() for piece in pieces):
        return _joined(pieces)
    return tuple(pieces)


def _joined(pieces: list[str]) -> tuple[str, ...]:
    if min(len(piece) for piece in pieces) == 1 and not all(piece.isalpha() for piece in pieces):
        return ("".join(pieces),)
    if pieces[0][0] in "NSEW" and pieces[1][0] in "NSEW":
        return ("".join(pieces),)
    return tuple(pieces)


def shape(word: str) -> str:
    """The grammar letter of a word in no table, by its digits and letters alone.

    d digits · h digits-digits · a digits then a letter · o ordinal · f fraction · k decimal ·
    g grid number · j letters and digits otherwise · l one letter, or one two or three times (HIGHWAY FF) ·
    w word · ? letters and look-alike signs mixed, or a word in another script.
    """
    if not word.isascii():
        return "?"
    if word.isdigit():
        return "d" if len(word) <= 6 else "D"
    if word.isalpha():
        return "l" if word == word[0] * len(word) and len(word) < 4 and word != "XXX" else "w"
    for letter, pattern in _SHAPES:
        if pattern.fullmatch(word):
            return letter
    return "?"


_SHAPES = (
    ("o", re.compile(r"\d{0,3}(?:1ST|2ND|3RD|\dTH)|\d+(?:ER|RA|DA|MO|VO)")),
    ("f", re.compile(r"\d{1,2}/\d{1,2}")),
    ("h", re.compile(r"\d{1,5}-\d{1,5}[A-Z]?")),
    ("a", re.compile(r"\d{1,6}[A-Z]")),
    ("k", re.compile(r"\d+\.\d+")),
    ("g", re.compile(r"[NSEW]\d{2,6}(?:[NSEW]\d{1,6})?|\d{1,3}[NSEW]\d{1,5}|[NSEW]\d{1,3}[NSEW]\d{1,6}")),
    ("j", re.compile(r"[A-Z]\d{1,5}[A-Z]?|\d{1,5}[A-Z]\d{1,3}|\d{1,4}[A-Z]{2}|[A-Z]{2}\d{1,4}")),
)


@remembered
def unglued(word: str) -> tuple[str, ...]:
    """A designator and its number or letter, or a number and a word, as two words: APT3F, APTC, 698HIGH."""
    if word in GLUED_LETTERS:
        return word[:-1], word[-1]
    found = _GLUED.fullmatch(word) or _GLUED_NUMBER.fullmatch(word)
    return (found[1], found[2]) if found else (word,)
