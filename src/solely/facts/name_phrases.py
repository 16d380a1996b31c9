"""What stands where a name belongs, however it is written: the word lists worked out for one lexicon (R-23).

- A phrase is listed, or made of words that say together that there is no name (NOT PROVIDED, SIN DATOS).
- Spaced letters, digits or look-alike letters for letters, lost spaces and a break between fields hide none.
- A way that could hit what real people bear asks for length: no real name is found by it alone (R-94).
"""

import re
from functools import lru_cache

from solely.facts.lexicon import NameLexicon

Words = tuple[str, ...]
_AS_LETTERS = str.maketrans("01345789", "OIEASTBG")
_LOOK_ALIKES = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХІЈЅ", "ABEZHIKMNOPTYXABEKMHOPCTYXIJS")
_LATIN = re.compile("[A-Z]")
_DOUBLED = re.compile(r"(.)\1+")
# "N/A", "n.a." and "#REF!" as written; "N. A." and "N A" are initials, and "Na" is a name.
_NO_ENTRY = re.compile(r"[^\w]*n(?:\s*[/_-]\s*|\.)a[^\w]*|\s*#.*", re.IGNORECASE | re.DOTALL)
# Letters: three spaced ones may be initials; from nine on no two real names make a phrase by chance.
_INITIALS, DISTINCT, _UNMISTAKABLE = 3, 7, 9


class NamePhrases:
    """The phrases of one lexicon, found in a field or in the words of several."""

    def __init__(self, lexicon: NameLexicon) -> None:
        self.unnamed, self.together = lexicon.unnamed, lexicon.together
        self._telling = lexicon.telling
        self._filler = lexicon.linking | lexicon.telling
        run_together = {
            first + last
            for first in lexicon.linking
            for last in lexicon.telling
            if len(first) > 1 and len(first + last) > DISTINCT
        }
        self.single = lexicon.strong_words | run_together
        self.family = lexicon.anywhere | lexicon.whole | run_together
        self.given = self.family | lexicon.given
        closed = (each.replace(" ", "") for each in self.family)
        self._long = frozenset(each for each in closed if len(each) >= _UNMISTAKABLE)
        self.beginnings = frozenset(each[:end] for each in self._long for end in range(1, len(each)))
        self.endings = frozenset(each[start:] for each in self._long for start in range(1, len(each)))
        self._parts = self._filler | {word for phrase in self.family for word in phrase.split()}
        self.noted = (
            self._parts | self._long | self.beginnings | self.endings | self.given
            | lexicon.unnamed | lexicon.together
        )  # fmt: skip

    def stand_in(self, text: str, words: Words, phrases: frozenset[str]) -> bool:
        """True when one field, as written and in its folded words, is a placeholder among `phrases`."""
        if _NO_ENTRY.fullmatch(text):
            return True
        joined = "".join(words)
        if len(joined) > 2 and joined != "III" and len(set(joined)) == 1:
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
        return all(each in phrases for each in words) or self.is_phrase(words, phrases)

    def is_phrase(self, words: Words, phrases: frozenset[str]) -> bool:
        """True when `words` are one of `phrases`, single letters aside (JOHN Q DOE), or tell of no name."""
        whole = tuple(each for each in words if len(each) > 1)
        if len(words) < 2 or not whole:
            return False
        if " ".join(words) in phrases or " ".join(whole) in phrases:
            return True
        return len(whole) > 1 and self._filler.issuperset(whole) and not self._telling.isdisjoint(whole)

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


def _single_letter(joined: str, single: frozenset[str]) -> bool:
    """True for a long listed word with a letter written twice (UNKNOWNN)."""
    return len(joined) > DISTINCT and _DOUBLED.sub(r"\1", joined) in single


def spelled(words: Words) -> Words:
    """The words, or the one word that they spell letter by letter."""
    return ("".join(words),) if len(words) > 2 and all(len(each) == 1 for each in words) else words


@lru_cache(maxsize=8)
def _worked_out(lists: tuple[frozenset[str], ...]) -> NamePhrases:
    anywhere, given, together, whole, linking, telling, unnamed, empty = lists
    return NamePhrases(
        NameLexicon(anywhere, given, together, whole, linking, telling, unnamed, empty, suffixes={})
    )


def phrases_of(lexicon: NameLexicon) -> NamePhrases:
    """The phrases of `lexicon`, worked out once for equal lists."""
    return _worked_out(
        (
            lexicon.anywhere, lexicon.given, lexicon.together, lexicon.whole,
            lexicon.linking, lexicon.telling, lexicon.unnamed, lexicon.empty,
        )
    )  # fmt: skip
