"""What a reason's own words say of its purpose: civil removal, mere location, or neither (R-16, R-17, R-19).

- The lists are data; a phrase is matched word by word, so that each outcome is explained by one phrase.
- A denied phrase ("not for removal") is no purpose, and one that tells of the offense ("refused to be
  removed") is none either; one that is quoted, far from its denial, or of location beside the words of a
  criminal case is in doubt, and a person decides.
- A word in disguise (look-alike letters, digits for letters, one slip in a listed word, a word broken or
  glued) is read through; what remains of other scripts, no list speaks of, and a person decides.
- A reason says what the criminal matter is and what the information tells of it; one that lacks either is
  vague, and one made only of words said of anyone is empty.
- Which words no list names never matters, only that they are there: a reason is judged by its skeleton, and
  equal skeletons are judged once.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from solely.facts.reason_text import STOP, has_foreign_letters, misspellings, readings, words_of

GAP = "*"
SLIP = "~"  # behind a word: it is known with one slip too
GAP_WORDS_MAX = 4
BEFORE_WORDS_MAX = 3  # how far before a phrase a word still speaks of it
PARTICULAR = "#"  # a word on no list, among the words that matter
PARTICULARS_MIN = 3  # so many of them around a scene tell what happened there
PARTICULAR_LETTERS_MIN = 3
EMPTY_WORDS_MAX = 4  # longer texts say something, however little
DENIAL_WORDS_MAX = 6  # beyond BEFORE_WORDS_MAX and up to this, a denial is in doubt

_QUOTED = re.compile('["“”«»][^"“”«»]*["“”«»]')

Phrase = tuple[str, ...]
Words = Sequence[str]


class ReasonJudgment(NamedTuple):
    """`purpose` is NONE, CIVIL_REMOVAL or LOCATION; in doubt a person decides; `is_empty`: says nothing.

    `is_vague`: names no criminal matter, or does not say what the information tells of it.
    """

    purpose: str
    is_doubtful: bool = False
    is_empty: bool = False
    is_vague: bool = False


NOTHING = ReasonJudgment("NONE")
VAGUE = ReasonJudgment("NONE", is_vague=True)
DOUBT = ReasonJudgment("NONE", is_doubtful=True)
EMPTY = ReasonJudgment("NONE", is_empty=True)


class PhraseIndex(dict[str, tuple[tuple[Phrase, frozenset[str]], ...]]):
    """For each word, the phrases that it can begin, with the whole words that each needs; looked up once."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        super().__init__()
        self._phrases = tuple((each, frozenset(filter(_is_whole, each))) for each in phrases)

    def __missing__(self, word: str) -> tuple[tuple[Phrase, frozenset[str]], ...]:
        begun = tuple(each for each in self._phrases if _is_word(word, each[0][0]))
        self[word] = found = begun if word else ()
        return found


@dataclass(frozen=True)
class ReasonLexicon:
    """The phrases and words of `reasons.toml`; an `ordered` phrase that begins with a gap stands behind."""

    civil_removal: tuple[Phrase, ...]
    doubtful: tuple[Phrase, ...]
    location: tuple[Phrase, ...]
    criminal: tuple[Phrase, ...]
    described: tuple[Phrase, ...]
    ordered: tuple[Phrase, ...]
    matter: tuple[Phrase, ...]
    bearing: tuple[Phrase, ...]
    scene: tuple[Phrase, ...]
    negations: frozenset[str]
    only: frozenset[str]
    contrasts: frozenset[str]
    empty: frozenset[str]
    idle: frozenset[str]

    @cached_property
    def index(self) -> dict[str, PhraseIndex]:
        """The phrases of each purpose by the words that begin them."""
        named = ("civil_removal", "doubtful", "location", "criminal", "matter", "bearing", "scene")
        return {name: PhraseIndex([_bare(each) for each in getattr(self, name)]) for name in named}

    @cached_property
    def words(self) -> frozenset[str]:
        """Whole words that matter."""
        listed = (word for phrase in self._phrases() for word in _bare(phrase))
        return frozenset(filter(_is_whole, listed)) | (self.negations | self.only | self.contrasts)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Beginnings of words that matter."""
        return tuple({word[:-1] for phrase in self._phrases() for word in phrase if word.endswith("+")})

    @cached_property
    def slippery(self) -> tuple[str, ...]:
        """Words that are known with one slip, broken in two and glued to others."""
        listed = (word for phrase in self._phrases() for word in phrase)
        return tuple(dict.fromkeys(each.removesuffix(SLIP) for each in listed if each.endswith(SLIP)))

    @cached_property
    def slips(self) -> dict[str, str]:
        """Each misspelling and the word that it stands for."""
        return {slip: word for word in self.slippery for slip in misspellings(word)}

    @cached_property
    def behind(self) -> tuple[Phrase, ...]:
        """Words that tell of an order when they stand right behind a phrase ("the removal order")."""
        return tuple(phrase[1:] for phrase in self.ordered if phrase[0] == GAP)

    def _phrases(self) -> tuple[Phrase, ...]:
        purposes = self.civil_removal + self.doubtful + self.location
        told = self.criminal + self.described + self.ordered
        return purposes + told + self.matter + self.bearing + self.scene


def parse_phrase(text: str) -> Phrase:
    """The words of a listed phrase."""
    return tuple(text.split())


def _bare(phrase: Phrase) -> Phrase:
    return tuple(word.removesuffix(SLIP) for word in phrase)


class _Skeleton(dict[str, str]):
    """A word that matters leads to itself, in disguise to the word that it stands for; any other to
    `PARTICULAR`, or to the empty text if it is short or idle; each is looked up once."""

    def __init__(self, lexicon: ReasonLexicon) -> None:
        super().__init__({STOP: STOP})
        self._lexicon, self._words, self._stems = lexicon, lexicon.words, lexicon.stems

    def __missing__(self, word: str) -> str:
        read = (self._known(each) for each in (word, *readings(word)))
        is_said = len(word) >= PARTICULAR_LETTERS_MIN and word not in self._lexicon.idle and word.isalpha()
        self[word] = kept = next((each for each in read if each), PARTICULAR if is_said else "")
        return kept

    def _known(self, word: str) -> str:
        if word in self._words:
            return word
        slip = self._lexicon.slips.get(word)
        if slip or word.startswith(self._stems):
            return slip or word
        return next((each for each in self._lexicon.slippery if each in word), "")


class ReasonJudge:
    """Judges reasons under one lexicon; what it keeps are skeletons, never a reason."""

    def __init__(self, lexicon: ReasonLexicon) -> None:
        self._lexicon = lexicon
        self._skeleton = _Skeleton(lexicon)
        self._slippery = lexicon.slippery
        self._judged: dict[tuple[str, ...], ReasonJudgment] = {}

    def judge(self, text: str) -> ReasonJudgment:
        """What `text` says of its purpose."""
        words = words_of(text)
        if self._is_empty(words):
            return EMPTY
        judgment = self._judge_words(words)
        if judgment is NOTHING or judgment is VAGUE:
            return DOUBT if self._is_broken(words) or has_foreign_letters(text) else judgment
        if _QUOTED.search(text):
            rest = words_of(_QUOTED.sub(" ", text))
            # Quoted words are someone else's: a purpose found only there is in doubt.
            return judgment if self._judge_words(rest) == judgment else DOUBT
        return judgment

    def _is_empty(self, words: list[str]) -> bool:
        """True for a listed text, and for one made of numbers and words that are said of anyone."""
        if len(words) <= EMPTY_WORDS_MAX:
            folded = " ".join(words).replace(STOP, "").strip()
            if folded in self._lexicon.empty or not folded.strip("0123456789 X"):
                return True
        idle = self._lexicon.idle
        return all(each in idle or each == STOP or each.isdigit() or len(each) == 1 for each in words)

    def _is_broken(self, words: list[str]) -> bool:
        """True when a listed word is spread over several ("REM OVAL")."""
        text = "".join(words).replace(STOP, "")
        return any(each in text and not any(each in word for word in words) for each in self._slippery)

    def _judge_words(self, words: list[str]) -> ReasonJudgment:
        skeleton = tuple(map(self._skeleton.__getitem__, words))
        judgment = self._judged.get(skeleton)
        if judgment is None:
            judgment = self._judged[skeleton] = judge_words(skeleton, self._lexicon)
        return judgment


def judge_words(words: Words, lexicon: ReasonLexicon) -> ReasonJudgment:
    """The judgment on folded words: civil removal first, then doubt, then location, then what it lacks."""
    civil = _strongest(words, "civil_removal", lexicon)
    if civil == "stated":
        return ReasonJudgment("CIVIL_REMOVAL")
    location = _strongest(words, "location", lexicon)
    if civil == "doubtful" or _is_doubtful(words, lexicon):
        return DOUBT
    is_specific = _is_specific(words, lexicon)
    if location is None:
        return NOTHING if is_specific else VAGUE
    is_told = is_specific or location == "doubtful" or _holds_phrase(words, "criminal", lexicon)
    return DOUBT if is_told else ReasonJudgment("LOCATION")


def _is_specific(words: Words, lexicon: ReasonLexicon) -> bool:
    """True when the words name a criminal matter and say what the information tells of it (R-19)."""
    if not _holds_phrase(words, "matter", lexicon):
        return False
    is_told = words.count(PARTICULAR) >= PARTICULARS_MIN and _holds_phrase(words, "scene", lexicon)
    return is_told or _holds_phrase(words, "bearing", lexicon)


def _holds_phrase(words: Words, purpose: str, lexicon: ReasonLexicon) -> bool:
    return next(_found(words, lexicon.index[purpose]), None) is not None


def _strongest(words: Words, purpose: str, lexicon: ReasonLexicon) -> str | None:
    """`stated` if one phrase of that purpose is, else `doubtful` if one is, else None."""
    found = None
    for at, end in _found(words, lexicon.index[purpose]):
        standing = _standing(words, at, end, lexicon)
        if standing == "stated":
            return standing
        found = standing or found
    return found


def _is_doubtful(words: Words, lexicon: ReasonLexicon) -> bool:
    """True when a phrase in doubt stands, and is not told of by the word right behind it."""
    return any(
        _standing(words, at, end, lexicon) is not None and not _holds(words[end : end + 1], lexicon.behind)
        for at, end in _found(words, lexicon.index["doubtful"])
    )


def _found(words: Words, phrases: PhraseIndex) -> Iterator[tuple[int, int]]:
    """Where a phrase begins, and the place after it."""
    present = frozenset(words)
    for at, word in enumerate(words):
        for phrase, needed in phrases[word]:
            end = _ends_at(words, at, phrase) if needed <= present else 0
            if end:
                yield at, end


def _ends_at(words: Words, at: int, phrase: Phrase) -> int:
    """The place after `phrase` when it begins at `at`, else 0."""
    for place, wanted in enumerate(phrase):
        if wanted == GAP:
            rest = phrase[place + 1 :]
            sentence = _until_stop(words[at : at + GAP_WORDS_MAX])
            ends = (_ends_at(words, at + skipped, rest) for skipped in range(len(sentence) + 1))
            return next((end for end in ends if end), 0)
        if at >= len(words) or not _is_word(words[at], wanted):
            return 0
        at += 1
    return at


def _is_whole(word: str) -> bool:
    return not word.endswith(("+", GAP))


def _is_word(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("+") else word == wanted


def _until_stop(words: Words) -> Words:
    return words[: words.index(STOP)] if STOP in words else words


def _standing(words: Words, at: int, end: int, lexicon: ReasonLexicon) -> str | None:
    """Whether a phrase found at `at` is `stated`, `doubtful`, or told or denied (None)."""
    if _holds(words[at:end], lexicon.described):
        return None
    for distance, word in enumerate(_nearest(words, at, BEFORE_WORDS_MAX), 1):
        if _holds((word,), lexicon.described) or _holds((word,), lexicon.ordered):
            # "failure to depart for removal": what was failed is said already, so it tells of nothing more.
            is_spent = any(each in lexicon.contrasts for each in words[at - distance + 1 : at])
            return "doubtful" if is_spent else None
    reach = _denial_distance(words, at, lexicon)
    if reach is None:
        return "stated"
    return None if reach <= BEFORE_WORDS_MAX else "doubtful"


def _nearest(words: Words, at: int, size: int) -> Words:
    """Up to `size` words of the same sentence before `at`, the nearest first."""
    return _until_stop(words[max(0, at - size) : at][::-1])


def _holds(words: Words, listed: Sequence[Phrase]) -> bool:
    return any(_is_word(word, each[0]) for word in words for each in listed)


def _denial_distance(words: Words, at: int, lexicon: ReasonLexicon) -> int | None:
    """How many words before `at` a denial stands, or None; "not only" is none, "but" ends its reach."""
    for distance, word in enumerate(_nearest(words, at, DENIAL_WORDS_MAX), 1):
        if word in lexicon.contrasts:
            return None
        if word in lexicon.negations:
            is_only = words[at - distance + 1] in lexicon.only
            return None if is_only else distance
    return None
