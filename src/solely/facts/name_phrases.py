"""What stands where a name belongs, however it is written: the word lists worked out for one lexicon (R-23).

- A phrase is listed, or made of words that say together that there is no name (NOT PROVIDED, SIN DATOS).
- Spaced letters, digits or look-alike letters for letters, lost spaces and a break between fields hide none.
- A way that could hit what real people bear asks for length: no real name is found by it alone (R-94).
"""

import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import lru_cache
from typing import Any

from solely.facts.lexicon import NameLexicon

Words = tuple[str, ...]
_LISTS = tuple(each.name for each in fields(NameLexicon) if each.name != "suffixes")
_AS_LETTERS = str.maketrans("01345789", "OIEASTBG")
_LOOK_ALIKES = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХІЈЅ", "ABEZHIKMNOPTYXABEKMHOPCTYXIJS")
_VOWELS = frozenset("AEIOUY")
_LATIN = re.compile("[A-Z]")
# A stroke between two words; not that of "s/o" and "a/l", by which names tell of a father.
_EITHER = re.compile(r"[^\W\d_]{3,}\s*/\s*[^\W\d_]{3,}")
VOWELLESS_NAMES = frozenset({"NG", "HM", "VNG"})
_BETWEEN = frozenset({"Y", "O", "E"})  # "and" and "or" where no given name has one
# what no given name is (THE and LA are some), and what joins two names at the edge of a field
_ARTICLES_ALONE = frozenset({"EL", "LOS", "LAS"})
_NOBLE = frozenset({"VON", "VOM", "ZU", "ZUM"})  # VON UND ZU is one family's
_JOINTS = frozenset({"AND", "ALIAS", "AKA", "FKA"})
_DOUBLED = re.compile(r"(.)\1+")
# In Han letters a word of denial and what is denied (未知, 拒绝提供), or "a certain" (张某); 未央 is a name.
_DENIED = re.compile(
    "(?:姓名|名字|身份)?[不未无無没沒拒][知详詳明姓名氏提供填写寫清楚告愿願透露有道绝絕肯说說]+|.*某.*"
)
# "N/A", "n.a." and "#REF!" as written; "N. A." and "N A" are initials, and "Na" is a name.
_NO_ENTRY = re.compile(r"[^\w]*n(?:\s*[/_-]\s*|\.)a[^\w]*|\s*#.*", re.IGNORECASE | re.DOTALL)
# Letters: three spaced ones may be initials; from nine on no two real names make a phrase by chance.
_INITIALS, _FEW, DISTINCT, _UNMISTAKABLE = 3, 5, 7, 9
_RUN_TOGETHER = 2  # a letter in a word run together says nothing


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
# first, last, surname, given, middle and paternal name unknown, as FNU is written with a slip
_UNNAMED = frozenset(kind + tail for kind in "FLSGMP" for tail in ("NU", "NUU", "NUX", "NUK", "NUN", "NX"))
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


def _shorter(word: str) -> Iterator[str]:
    """`word` with one letter lost."""
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _short_of(words: Iterable[str]) -> frozenset[str]:
    """`words`, and each with one letter lost: what one slip leaves in common."""
    return frozenset(short for each in words for short in (each, *_shorter(each)))


# Shorter words for none that no name is one letter off; it is off no long one either.
_OFTEN = frozenset(
    {
        "UNKNOWN", "REFUSED", "REFUSES", "DECLINED", "DECLINES", "WITHHELD", "REDACTED", "UNNAMED",
        "NAMELESS", "UNLISTED", "INCONNU", "INCONNUE",
    }
)  # fmt: skip


class NamePhrases:
    """The phrases of one lexicon, found in a field or in the words of several."""

    def __init__(self, lexicon: NameLexicon) -> None:
        self.unnamed, self.together = lexicon.unnamed | _UNNAMED, lexicon.together | _SHORT_RUNS | _DOUBLES
        self._telling, self._opening = lexicon.telling, lexicon.opening
        self._filler = lexicon.linking | lexicon.telling
        self._roles, self._beside = lexicon.roles, self._filler | lexicon.roles | lexicon.beside
        phrases = lexicon.anywhere | lexicon.whole
        closed = {each.replace(" ", "") for each in phrases}
        closed |= {first + last for first in lexicon.linking for last in lexicon.telling if len(first) > 1}
        certain = {each for each in lexicon.anywhere - lexicon.borne if each.isalpha() and each.isascii()}
        mistaken = certain & _OFTEN | {each for each in certain if len(each) >= _UNMISTAKABLE}
        slips = {slip for each in mistaken for slip in _slips(each)}
        self._short_of = _short_of(each for each in lexicon.telling if len(each) > DISTINCT)
        run_together = {each for each in closed if len(each) >= DISTINCT} | _KEYS | slips
        self._long = {each for each in closed if len(each) >= _UNMISTAKABLE or not each.isascii()}
        self._long |= {each for each in certain if len(each) > DISTINCT}
        self.single = lexicon.strong_words | run_together
        self.family = phrases | run_together
        self.given = self.family | lexicon.given
        self.beginnings = frozenset(each[:end] for each in self._long for end in range(1, len(each)))
        self.endings = frozenset(each[start:] for each in self._long for start in range(1, len(each)))
        told = lexicon.kin | lexicon.articles
        self._parts = self._beside | told | {word for phrase in self.family for word in phrase.split()}
        self._common = frozenset(each for each in lexicon.common if len(each) > _INITIALS)
        self.noted = (
            self._parts | self._long | self.beginnings | self.endings | self.given
            | self.unnamed | self.together | lexicon.borne | lexicon.firms | lexicon.plural | self._common
        )  # fmt: skip
        self.borne_given = lexicon.borne_given
        self.borne, self.short, self.invented = lexicon.borne, lexicon.short, lexicon.invented
        self._certain = self.single - lexicon.borne
        self._joining, self._firms, self._plural = lexicon.joining, lexicon.firms, lexicon.plural
        self._houses = lexicon.houses
        self._articles, self._kin = lexicon.articles, lexicon.kin
        self._relatives = lexicon.kin & lexicon.borne - lexicon.telling
        self._about_kin = self._beside | lexicon.kin
        self._english = self._common | lexicon.telling | lexicon.roles | lexicon.borne

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

    def names_several(self, text: str, words: Words) -> bool:
        """True when one field names more than one, or a firm (JOSE OR MARIA, GARCIA LLC, GARCIA ET AL)."""
        if any(each in self._joining and words[at] not in _NOBLE for at, each in enumerate(words[1:-1])):
            return True
        if words[-1] in self._firms or _is_open(words):
            return True
        return " ".join(words[-2:]) in self._firms or _EITHER.search(text) is not None

    def tells_of_kin(self, words: Words) -> bool:
        """True when one field of several words tells whose kin somebody is (FAMILY OF, LOS HIJOS DE)."""
        if len(words) < 2 or self._kin.isdisjoint(words):
            return False
        return words[0] in self._articles or words[-1] in self._articles

    def may_be_several(self, words: Words, is_given: bool) -> bool:
        """True when one field may name several (GARCIA FAMILY, JOSE Y MARIA): a person decides."""
        if not self._plural.isdisjoint(words) or (
            len(words) > 1 and words[-1] in self._houses and words[-2] in self._english
        ):
            return True
        return is_given and not _BETWEEN.isdisjoint(words[1:-1])

    def holds_borne(self, words: Words, is_given: bool) -> bool:
        """True when a long word for none that people bear stands beside another (PENDING JOSE).

        So is a sentence of words that tell nothing of a name (NOT AFRAID is a family name of the Plains),
        and what names another beside the first (JOSE WIFE | MARIA).
        """
        if len(words) > 1 and not self._relatives.isdisjoint(words if is_given else words[:1]):
            return True
        if (not is_given and (words[0] == "OF" or words[:-1] == ("OR",))) or (
            is_given and len(words) == 1 and words[0] in _ARTICLES_ALONE
        ):
            return True
        if len(words) > 1 and words[0] in self._opening:
            return True
        return any(len(each) > _FEW and each in self.single for each in words)

    def are_doubtful(self, given: Words, family: Words) -> bool:
        """True when a name may be none: of words on lists and of kin alone, or of no vowel twice (TK TK).

        So is one of common English words alone (FALSE IDENTITY), one of which at least nobody is called.
        """
        if given == family and len(given) == 1 and is_vowelless(given[0]):
            return given[0] not in VOWELLESS_NAMES
        is_of_kin = given[-1:] != () and given[-1] in self._kin and family[:1] in (("DE",), ("DEL",))
        if is_of_kin:
            return True
        words = given + family
        if given != family and not self._common.isdisjoint(words) and self._english.issuperset(words):
            return True
        return not self._kin.isdisjoint(words) and self._about_kin.issuperset(words)

    def are_kin(self, given: Words, family: Words) -> bool:
        """True when the one field tells of kin and the other whose (HUSBAND | OF MARIA, HER | HUSBAND)."""
        if given[-1] in self._kin and family[0] == "OF":
            return True
        return family[0] in self._kin and len(family) == 1 and given[0] in self._articles

    def _are_listed(self, words: Words, phrases: frozenset[str]) -> bool:
        joined = "".join(words)
        if joined in self._long or _DENIED.fullmatch(joined) or _single_letter(joined, self.single):
            return True
        if len(words) == 1:
            return joined in phrases or self._is_sentence(joined)
        letters = sum(len(each) == 1 for each in words)
        if letters > 1 and len(joined) > _INITIALS and joined in phrases:
            return True
        if letters == 0 and self._opens(words, phrases):
            return True
        if any(len(each) > _FEW and each in self._certain for each in words):
            return True
        listed = [each in phrases or each in self.unnamed for each in words]
        if all(listed) or self.is_phrase(words, phrases):
            return True
        is_certain = any(each in self._certain for each in words)
        return is_certain and all(each in phrases or each in self.together for each in words)

    def _is_sentence(self, word: str) -> bool:
        """True for a long word that is a phrase of no name without its spaces (NONAMEGIVEN)."""
        if len(word) < _UNMISTAKABLE or not word.isascii():
            return False
        ends = {0: False}  # where a word of such a phrase ends, and whether one so far is telling
        for stop in range(2, len(word) + 1):
            for start in [each for each in ends if stop - each >= _RUN_TOGETHER]:
                part = word[start:stop]
                if part in self._filler:
                    ends[stop] = ends.get(stop, False) or ends[start] or part in self._telling
        return ends.get(len(word), False)

    def _opens(self, words: Words, phrases: frozenset[str]) -> bool:
        """True when one field begins a sentence of no name (NOT SURE) or goes on behind a phrase."""
        if words[0] in self._opening:
            return not self._beside.isdisjoint(words[1:])
        return len(words) > 2 and (words[1] in self._opening or " ".join(words[:2]) in phrases)

    def is_phrase(self, words: Words, phrases: frozenset[str]) -> bool:
        """True when `words` are one of `phrases`, single letters aside (JOHN Q DOE), or tell of no name."""
        whole = tuple(each for each in words if len(each) > 1)
        if len(words) < 2 or not whole:
            return False
        if " ".join(words) in phrases or " ".join(whole) in phrases:
            return True
        if len(whole) < 2 or not all(each in self._beside or self._is_slip(each) for each in whole):
            return False
        if not (self._telling.isdisjoint(whole) and self._roles.isdisjoint(whole)):
            return True
        return any(each not in self._beside for each in whole)

    def _is_slip(self, word: str) -> bool:
        """True for a long telling word with a slip (PROVDED): no phrase by itself."""
        if len(word) < DISTINCT:
            return False
        return word in self._short_of or not self._short_of.isdisjoint(_shorter(word))

    def may_join(self, words: Words, edges: frozenset[str]) -> bool:
        """True when a field may be one end of a phrase that another field completes."""
        joined = "".join(words)
        if joined in edges or is_vowelless(joined) or words[0] in ("DE", "DEL", "OF") or not joined.isascii():
            return True
        if words[0] in self._articles or not self._kin.isdisjoint((words[0], words[-1])):
            return True  # as `are_kin` has it
        return all(
            each in self._parts or each in self._common or self._is_slip(each)
            for each in words
            if len(each) > 1
        )

    def spans(self, given: Words, middle: Words, family: Words) -> bool:
        """True when the fields make a phrase of one another (SIN | NOMBRE, U N K | N O W N)."""
        first, last = spelled(given), spelled(family)
        joined = "".join(first + last)
        if joined in self._long or _DENIED.fullmatch(joined) or self.is_phrase(first + last, self.family):
            return True
        if middle and "".join(first + middle + last) in self._long:
            return True
        if joined in self.family and len(joined) > _INITIALS and all(len(w) == 1 for w in given + family):
            return True
        return bool(middle) and (
            self.is_phrase(first + middle, self.given)
            or self.is_phrase(middle + last, self.family)
            or self.is_phrase(first + middle + last, self.family)
        )


def _is_open(words: Words) -> bool:
    """True for a field that begins or ends in what joins it to another name (JUAN AND | MARIA)."""
    return len(words) > 1 and not _JOINTS.isdisjoint((words[0], words[-1]))


def is_vowelless(word: str) -> bool:
    """True for a word of plain letters without a vowel."""
    return _VOWELS.isdisjoint(word) and word.isascii()


def is_unspoken(word: str) -> bool:
    """True for five plain letters or more without a vowel, or a pair of consonants twice (SDFSD, JKJK)."""
    is_long = len(word) > 4 or (len(word) == 4 and word[:2] == word[2:])
    return is_long and is_vowelless(word) and word.isalpha()


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
    stated: dict[str, Any] = dict(zip(_LISTS, lists, strict=True))
    return NamePhrases(NameLexicon(**stated, suffixes={}))


def phrases_of(lexicon: NameLexicon) -> NamePhrases:
    """The phrases of `lexicon`, worked out once for equal lists."""
    return _worked_out(tuple(getattr(lexicon, name) for name in _LISTS))
