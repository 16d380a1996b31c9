"""What a reason's own words say of its purpose: civil removal, mere location, or neither (R-16, R-17, R-19).

- The lists are data; a phrase is matched word by word, so that each outcome is explained by one phrase.
- A denied phrase ("not for removal") is no purpose, and one that tells of the offense ("refused to be
  removed") is none either; one that is quoted, far from its denial, or of location beside the words of a
  criminal case is in doubt, and a person decides.
- A word in disguise (look-alike letters, digits for letters, one slip in a listed word, a word broken or
  glued) is read through; what remains of other scripts, no list speaks of, and a person decides.
- A reason says what the criminal matter is and what the information tells of it; one that lacks either is
  vague, and one made only of words said of anyone is empty.
- Which words no list names never matters, only that they are there; no phrase reaches beyond its sentence. So
  a sentence is read by its skeleton, and equal ones are read once.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
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

PURPOSES = ("civil_removal", "doubtful", "location")
LISTS = (*PURPOSES, "criminal", "matter", "bearing", "scene")

_QUOTED = re.compile('["“”«»][^"“”«»]*["“”«»]')

Phrase = tuple[str, ...]
Words = Sequence[str]
Found = tuple[str, int, int]  # a phrase: its list, where it begins, the place after it


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


class Begun(NamedTuple):
    """A phrase that a word can begin, the list it stands on, and the whole words that it needs."""

    listed: str
    phrase: Phrase
    needed: frozenset[str]


class PhraseIndex(dict[str, tuple[Begun, ...]]):
    """For each word, the phrases that it can begin; looked up once."""

    def __init__(self, phrases: Iterable[tuple[str, Phrase]]) -> None:
        super().__init__()
        self._phrases = tuple(
            Begun(listed, each, frozenset(filter(_is_whole, each))) for listed, each in phrases
        )

    def __missing__(self, word: str) -> tuple[Begun, ...]:
        begun = tuple(each for each in self._phrases if _is_word(word, each.phrase[0]))
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
    def index(self) -> PhraseIndex:
        """The phrases of each list by the words that begin them."""
        return PhraseIndex((name, _bare(each)) for name in LISTS for each in getattr(self, name))

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
        self._said: dict[Phrase, Said] = {}

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
        skeleton = list(map(self._skeleton.__getitem__, words))
        return judgment_of([self._read_once(tuple(each)) for each in _sentences(skeleton)])

    def _read_once(self, sentence: Phrase) -> "Said":
        said = self._said.get(sentence)
        if said is None:
            said = self._said[sentence] = said_in(sentence, self._lexicon)
        return said


class Said(NamedTuple):
    """What one sentence says: the lists of which a phrase stands there, and how many particulars.

    A phrase of a purpose stands as stated, or (the list's name with `?`) in doubt; denied, it does not.
    """

    held: frozenset[str]
    particulars: int


def judgment_of(said: Sequence[Said]) -> ReasonJudgment:
    """The judgment on sentences: civil removal first, then doubt, then location, then what they lack."""
    held = frozenset[str]().union(*[each.held for each in said])
    if "civil_removal" in held:
        return ReasonJudgment("CIVIL_REMOVAL")
    if "civil_removal?" in held or "doubtful" in held:
        return DOUBT
    is_specific = _is_specific(held, sum([each.particulars for each in said]))
    if "location" in held:
        return DOUBT if is_specific or "criminal" in held else ReasonJudgment("LOCATION")
    if "location?" in held:
        return DOUBT
    return NOTHING if is_specific else VAGUE


def _is_specific(held: frozenset[str], particulars: int) -> bool:
    """True when phrases name a criminal matter and say what the information tells of it (R-19)."""
    is_told = particulars >= PARTICULARS_MIN and "scene" in held
    return "matter" in held and (is_told or "bearing" in held)


def said_in(sentence: Words, lexicon: ReasonLexicon) -> Said:
    """What one sentence says."""
    held = {_held(found, sentence, lexicon) for found in _found(sentence, lexicon.index)}
    return Said(frozenset(held) - {""}, sentence.count(PARTICULAR))


def _held(found: Found, words: Words, lexicon: ReasonLexicon) -> str:
    """What a phrase found says: its list, in doubt with `?`, or nothing when it is told of or denied."""
    listed, at, end = found
    if listed not in PURPOSES:
        return listed
    standing = _standing(words, at, end, lexicon)
    if standing is None:
        return ""
    if listed == "doubtful":
        # Told of by the word right behind it ("the removal order").
        return "" if _holds(words[end : end + 1], lexicon.behind) else listed
    return listed if standing == "stated" else f"{listed}?"


def _sentences(words: Words) -> Iterator[Words]:
    """The words of each sentence."""
    start = 0
    for at, word in enumerate(words):
        if word == STOP:
            yield words[start:at]
            start = at + 1
    yield words[start:]


def _found(words: Words, index: PhraseIndex) -> Iterator[Found]:
    """Each listed phrase: its list, where it begins, and the place after it."""
    present = frozenset(words)
    for at, word in enumerate(words):
        for listed, phrase, needed in index[word]:
            end = _ends_at(words, at, phrase) if needed <= present else 0
            if end:
                yield listed, at, end


def _ends_at(words: Words, at: int, phrase: Phrase) -> int:
    """The place after `phrase` when it begins at `at`, else 0."""
    for place, wanted in enumerate(phrase):
        if wanted == GAP:
            rest = phrase[place + 1 :]
            skipped_max = min(GAP_WORDS_MAX, len(words) - at)
            ends = (_ends_at(words, at + skipped, rest) for skipped in range(skipped_max + 1))
            return next((end for end in ends if end), 0)
        if at >= len(words) or not _is_word(words[at], wanted):
            return 0
        at += 1
    return at


def _is_whole(word: str) -> bool:
    return not word.endswith(("+", GAP))


def _is_word(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("+") else word == wanted


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
    """Up to `size` words before `at`, the nearest first."""
    return words[max(0, at - size) : at][::-1]


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
