"""What stands where a name belongs, however it is written: the word lists worked out for one lexicon (R-23).

- A phrase is listed, or made of words that say together that there is no name (NOT PROVIDED, SIN DATOS).
- Spaced letters, digits or look-alike letters for letters, lost spaces and a break between fields hide none.
- A way that could hit what real people bear asks for length: no real name is found by it alone (R-94).
"""

import re
import string
from collections.abc import Iterator
from functools import lru_cache

from solely.facts.lexicon import NameLexicon

Words = tuple[str, ...]
_AS_LETTERS = str.maketrans("01345789", "OIEASTBG")
_LOOK_ALIKES = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХІЈЅ", "ABEZHIKMNOPTYXABEKMHOPCTYXIJS")
_VOWELS = frozenset("AEIOUY")
_LATIN = re.compile("[A-Z]")
_DOUBLED = re.compile(r"(.)\1+")
# "N/A", "n.a." and "#REF!" as written; "N. A." and "N A" are initials, and "Na" is a name.
_NO_ENTRY = re.compile(r"[^\w]*n(?:\s*[/_-]\s*|\.)a[^\w]*|\s*#.*", re.IGNORECASE | re.DOTALL)
# Letters: three spaced ones may be initials; from nine on no two real names make a phrase by chance.
_INITIALS, _FEW, DISTINCT, _UNMISTAKABLE = 3, 5, 7, 9


def _runs(least: int, most: int) -> frozenset[str]:
    """Keys side by side on a keyboard, in either direction."""
    return frozenset(
        row[start:end]
        for keys in ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
        for row in (keys, keys[::-1])
        for start in range(len(row))
        for end in range(start + least, min(start + most, len(row)) + 1)
    )


# Five keys are no name; three or four are one beside a name, and none beside another run.
_KEYS, _SHORT_RUNS = _runs(5, 10), _runs(3, 4)
_DOUBLES = frozenset(letter * 2 for letter in "BCDFGHJKLMNPQRSTVWXZ")


def _slips(word: str) -> Iterator[str]:
    """`word` with one letter lost, changed or added, or two exchanged."""
    for place in range(len(word)):
        before, after = word[:place], word[place:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in string.ascii_uppercase:
            yield before + letter + after[1:]
            yield before + letter + after


# The words written most often for a name that is not known; no name is one letter off them.
_SLIPS = frozenset(slip for word in ("UNKNOWN", "DESCONOCIDO", "DESCONOCIDA") for slip in _slips(word))


class NamePhrases:
    """The phrases of one lexicon, found in a field or in the words of several."""

    def __init__(self, lexicon: NameLexicon) -> None:
        self.unnamed, self.together = lexicon.unnamed, lexicon.together | _SHORT_RUNS | _DOUBLES
        self._telling, self._opening = lexicon.telling, lexicon.opening
        self._filler = lexicon.linking | lexicon.telling
        self._roles, self._beside = lexicon.roles, self._filler | lexicon.roles | lexicon.beside
        phrases = lexicon.anywhere | lexicon.whole
        closed = {each.replace(" ", "") for each in phrases}
        closed |= {first + last for first in lexicon.linking for last in lexicon.telling if len(first) > 1}
        run_together = {each for each in closed if len(each) >= DISTINCT} | _KEYS | _SLIPS
        self._long = frozenset(each for each in closed if len(each) >= _UNMISTAKABLE)
        self.single = lexicon.strong_words | run_together
        self.family = phrases | run_together
        self.given = self.family | lexicon.given
        self.beginnings = frozenset(each[:end] for each in self._long for end in range(1, len(each)))
        self.endings = frozenset(each[start:] for each in self._long for start in range(1, len(each)))
        self._parts = self._beside | {word for phrase in self.family for word in phrase.split()}
        self.noted = (
            self._parts | self._long | self.beginnings | self.endings | self.given
            | lexicon.unnamed | self.together
        )  # fmt: skip

    def stand_in(self, text: str, words: Words, phrases: frozenset[str]) -> bool:
        """True when one field, as written and in its folded words, is a placeholder among `phrases`."""
        if _NO_ENTRY.fullmatch(text):
            return True
        joined = "".join(words)
        if _is_repeated(joined) or all(map(_is_repeated, words)):
            return True
        if not joined.isascii() and _LATIN.search(joined):
            words = tuple(each.translate(_LOOK_ALIKES) for each in words)
        return self._are_listed(words, phrases) or self._are_listed(
            tuple(each.translate(_AS_LETTERS) for each in words), phrases
        )

    def _are_listed(self, words: Words, phrases: frozenset[str]) -> bool:
        joined = "".join(words)
        if joined in self._long or _single_letter(joined, self.single):
            return True
        if len(words) == 1:
            return joined in phrases
        letters = sum(len(each) == 1 for each in words)
        if letters > 1 and len(joined) > _INITIALS and joined in phrases:
            return True
        if letters == 0 and self._opens(words, phrases):
            return True
        if any(len(each) > _FEW and each in self.single for each in words):
            return True
        return all(each in phrases or each in self.unnamed for each in words) or self.is_phrase(
            words, phrases
        )

    def _opens(self, words: Words, phrases: frozenset[str]) -> bool:
        """True when one field begins a sentence (NOT SURE, WILL NOT SAY) or goes on behind a phrase."""
        if words[0] in self._opening:
            return True
        return len(words) > 2 and (words[1] in self._opening or " ".join(words[:2]) in phrases)

    def is_phrase(self, words: Words, phrases: frozenset[str]) -> bool:
        """True when `words` are one of `phrases`, single letters aside (JOHN Q DOE), or tell of no name."""
        whole = tuple(each for each in words if len(each) > 1)
        if len(words) < 2 or not whole:
            return False
        if " ".join(words) in phrases or " ".join(whole) in phrases:
            return True
        if len(whole) < 2 or not self._beside.issuperset(whole):
            return False
        is_told = self._filler.issuperset(whole) and not self._telling.isdisjoint(whole)
        return is_told or not self._roles.isdisjoint(whole)

    def may_join(self, words: Words, edges: frozenset[str]) -> bool:
        """True when a field may be one end of a phrase that another field completes."""
        return "".join(words) in edges or all(each in self._parts for each in words if len(each) > 1)

    def spans(self, given: Words, middle: Words, family: Words) -> bool:
        """True when the fields make a phrase of one another (SIN | NOMBRE, U N K | N O W N)."""
        first, last = spelled(given), spelled(family)
        joined = "".join(first + last)
        if joined in self._long or self.is_phrase(first + last, self.family):
            return True
        if joined in self.family and len(joined) > _INITIALS and all(len(w) == 1 for w in given + family):
            return True
        return bool(middle) and (
            self.is_phrase(first + middle, self.given)
            or self.is_phrase(middle + last, self.family)
            or self.is_phrase(first + middle + last, self.family)
        )


def is_unspoken(word: str) -> bool:
    """True for five plain letters or more without a vowel, or a pair of consonants twice (SDFSD, JKJK)."""
    is_long = len(word) > 4 or (len(word) == 4 and word[:2] == word[2:])
    return is_long and word.isascii() and word.isalpha() and _VOWELS.isdisjoint(word)


def _is_repeated(word: str) -> bool:
    """True for one character three times or more; III is a number of a name."""
    return len(word) > 2 and len(set(word)) == 1 and word != "III"


def _single_letter(joined: str, single: frozenset[str]) -> bool:
    """True for a long listed word with a letter written twice (UNKNOWNN)."""
    return len(joined) > DISTINCT and _DOUBLED.sub(r"\1", joined) in single


def spelled(words: Words) -> Words:
    """The words, or the one word that they spell letter by letter."""
    return ("".join(words),) if len(words) > 2 and all(len(each) == 1 for each in words) else words


@lru_cache(maxsize=8)
def _worked_out(lists: tuple[frozenset[str], ...]) -> NamePhrases:
    anywhere, given, together, whole, linking, telling, roles, beside, opening, unnamed, empty = lists
    return NamePhrases(
        NameLexicon(
            anywhere, given, together, whole, linking, telling, roles, beside, opening, unnamed, empty, {}
        )
    )


def phrases_of(lexicon: NameLexicon) -> NamePhrases:
    """The phrases of `lexicon`, worked out once for equal lists."""
    return _worked_out(
        (
            lexicon.anywhere, lexicon.given, lexicon.together, lexicon.whole,
            lexicon.linking, lexicon.telling, lexicon.roles, lexicon.beside, lexicon.opening,
            lexicon.unnamed, lexicon.empty,
        )
    )  # fmt: skip
