"""The words of a reason as a reader sees them: sentences apart, disguises of letters taken off (R-16).

- Look-alike letters, unseen characters, signs for letters and spaced letters hide no word.
- A clause ends the reach of its words: what one denies says nothing of the next.
"""

import re

from solely.folding import fold

STOP = "//"  # the end of a clause, among its words; twice, of a sentence
SPACED_MIN = 4  # so many single letters in a row are a spelled word

_PERIOD = re.compile(r"\.(?:(?<=\w\w\.)|(?<=\)\.))(?=\s|$)")  # not behind the letters of an abbreviation
_ENDS = {";": [STOP], ":": [STOP], "?": [STOP, STOP], "!": [STOP, STOP], "\n": [STOP, STOP]}
_END = re.compile(f"([{''.join(_ENDS)}])")
_ASCII = {c: chr(c).upper() if chr(c).isalnum() else " " for c in range(128)} | {ord("'"): "", ord("`"): ""}
_WORDS = _ASCII | {ord(sign): f" {' '.join(stops)} " for sign, stops in _ENDS.items()}
_SIGNS = re.compile(r"(?<=\w)[@$!|](?=\w)")
_SIGN_LETTERS = {"@": "A", "$": "S", "!": "I", "|": "L"}
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u180e\u00ad\u034f"))
# Cyrillic and Greek letters that show as Latin ones; small letters first where their capitals show otherwise.
_SMALL = str.maketrans("νηρυωγτσгпոӏԁһԛԝ", "vnpuwytornnldhqw")
_CAPITAL = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХІЈЅ", "ABEZHIKMNOPTYXABEKMHOPCTYXIJS")
# Digits for letters, under either reading of 1.
_LEET = tuple(str.maketrans("0134578", f"O{one}EASTB") for one in "IL")


def words_of(text: str) -> list[str]:
    """The folded words of `text`, with `STOP` where a clause ends, and twice where a sentence does."""
    if "@" in text or "$" in text or "!" in text or "|" in text:
        text = _SIGNS.sub(lambda sign: _SIGN_LETTERS[sign[0]], text)
    words = _PERIOD.sub("!", text).translate(_WORDS).split() if text.isascii() else _foreign_words(text)
    if list(map(len, words)).count(1) >= SPACED_MIN:
        words = _spelled(words)
    return _without_in_order(words) if "ORDER" in words else words


def has_foreign_letters(text: str) -> bool:
    """True when a letter of another script stands in `text`: no list speaks of its words."""
    return not text.isascii() and any(c.isalpha() and not fold(c).isascii() for c in set(text))


def readings(word: str) -> tuple[str, ...]:
    """A word that mixes digits with letters, read with letters for them; none for any other word."""
    if word.isalpha() or word.isdigit():
        return ()
    return tuple(word.translate(table) for table in _LEET)


def misspellings(word: str) -> set[str]:
    """Every text that one slip makes of `word`: a letter left out, added, changed, or two swapped."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {a + b[1:] for a, b in cuts if b}
    found |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    found |= {a + c + b[1:] for a, b in cuts if b for c in letters}
    return found | {a + c + b for a, b in cuts for c in letters}


def _foreign_words(text: str) -> list[str]:
    shown = text.translate(_UNSEEN).translate(_SMALL).upper().translate(_CAPITAL)
    parts = _END.split(_PERIOD.sub("!", shown))
    return [word for part in parts for word in _ENDS.get(part) or fold(part).split()]


def _spelled(words: list[str]) -> list[str]:
    """The words with runs of single letters joined ("R E M O V A L")."""
    joined: list[str] = []
    run: list[str] = []
    for word in (*words, ""):
        if len(word) == 1:
            run.append(word)
            continue
        joined += ["".join(run)] if len(run) >= SPACED_MIN else run
        run = []
        joined.append(word)
    return joined[:-1]


def _without_in_order(words: list[str]) -> list[str]:
    """The words without the "in order" of "in order to", which tells of no order."""
    kept: list[str] = []
    for place, word in enumerate(words):
        if word == "ORDER" and kept[-1:] == ["IN"] and words[place + 1 : place + 2] == ["TO"]:
            kept.pop()
        else:
            kept.append(word)
    return kept
