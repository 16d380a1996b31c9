"""What a reason's own words say of its purpose: civil removal, mere location, or neither (R-16, R-17, R-19).

- The lists are data; a phrase is matched word by word, so that each outcome is explained by one phrase.
- A denied phrase ("not for removal") is no purpose, and one that tells of the offense ("refused to be
  removed") is none either; one that is quoted, far from its denial, or of location beside the words of a
  criminal case is in doubt, and a person decides.
- Words that no list names never matter: a reason is judged by its skeleton, and equal skeletons are
  judged once.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from solely.folding import words as folded_words

GAP = "*"
GAP_WORDS_MAX = 4
BEFORE_WORDS_MAX = 3  # how far before a phrase a word still speaks of it
EMPTY_WORDS_MAX = 4  # longer texts say something, however little
DENIAL_WORDS_MAX = 6  # beyond BEFORE_WORDS_MAX and up to this, a denial is in doubt

_QUOTED = re.compile('["“”«»][^"“”«»]*["“”«»]')

Phrase = tuple[str, ...]
Words = Sequence[str]


class ReasonJudgment(NamedTuple):
    """`purpose` is NONE, CIVIL_REMOVAL or LOCATION; in doubt a person decides; `is_empty`: says nothing."""

    purpose: str
    is_doubtful: bool = False
    is_empty: bool = False


NOTHING = ReasonJudgment("NONE")
DOUBT = ReasonJudgment("NONE", is_doubtful=True)
EMPTY = ReasonJudgment("NONE", is_empty=True)


class PhraseIndex(dict[str, tuple[Phrase, ...]]):
    """For each word, the phrases that it can begin; each word is looked up once."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        super().__init__()
        self._phrases = tuple(phrases)

    def __missing__(self, word: str) -> tuple[Phrase, ...]:
        begun = tuple(each for each in self._phrases if each[0] == GAP or _is_word(word, each[0]))
        self[word] = found = begun if word else ()
        return found


@dataclass(frozen=True)
class ReasonLexicon:
    """The phrases and words of `reasons.toml`."""

    civil_removal: tuple[Phrase, ...]
    doubtful: tuple[Phrase, ...]
    location: tuple[Phrase, ...]
    criminal: tuple[Phrase, ...]
    described: tuple[Phrase, ...]
    ordered: tuple[Phrase, ...]
    negations: frozenset[str]
    only: frozenset[str]
    contrasts: frozenset[str]
    empty: frozenset[str]

    @cached_property
    def index(self) -> dict[str, PhraseIndex]:
        """The phrases of each purpose by the words that begin them."""
        named = ("civil_removal", "doubtful", "location", "criminal")
        return {name: PhraseIndex(getattr(self, name)) for name in named}

    @cached_property
    def words(self) -> frozenset[str]:
        """Whole words that matter."""
        listed = (word for phrase in self._phrases() for word in phrase)
        return frozenset(each for each in listed if not each.endswith(("+", GAP))) | (
            self.negations | self.only | self.contrasts
        )

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Beginnings of words that matter."""
        return tuple({word[:-1] for phrase in self._phrases() for word in phrase if word.endswith("+")})

    def _phrases(self) -> tuple[Phrase, ...]:
        purposes = self.civil_removal + self.doubtful + self.location
        return purposes + self.criminal + self.described + self.ordered


def parse_phrase(text: str) -> Phrase:
    """The words of a listed phrase."""
    return tuple(text.split())


class _Skeleton(dict[str, str]):
    """A word that matters leads to itself, any other to the empty text; each is looked up once."""

    def __init__(self, lexicon: ReasonLexicon) -> None:
        super().__init__()
        self._words, self._stems = lexicon.words, lexicon.stems

    def __missing__(self, word: str) -> str:
        self[word] = kept = word if word in self._words or word.startswith(self._stems) else ""
        return kept


class ReasonJudge:
    """Judges reasons under one lexicon; what it keeps are skeletons, never a reason."""

    def __init__(self, lexicon: ReasonLexicon) -> None:
        self._lexicon = lexicon
        self._skeleton = _Skeleton(lexicon)
        self._judged: dict[tuple[str, ...], ReasonJudgment] = {}

    def judge(self, text: str) -> ReasonJudgment:
        """What `text` says of its purpose."""
        words = folded_words(text)
        if len(words) <= EMPTY_WORDS_MAX and self._is_empty(" ".join(words)):
            return EMPTY
        judgment = self._judge_words(words)
        if judgment is not NOTHING and _QUOTED.search(text):
            rest = folded_words(_QUOTED.sub(" ", text))
            # Quoted words are someone else's: a purpose found only there is in doubt.
            return judgment if self._judge_words(rest) == judgment else DOUBT
        return judgment

    def _is_empty(self, folded: str) -> bool:
        return folded in self._lexicon.empty or not folded.strip("0123456789 X")

    def _judge_words(self, words: list[str]) -> ReasonJudgment:
        skeleton = tuple(map(self._skeleton.__getitem__, words))
        judgment = self._judged.get(skeleton)
        if judgment is None:
            judgment = self._judged[skeleton] = judge_words(skeleton, self._lexicon)
        return judgment


def judge_words(words: Words, lexicon: ReasonLexicon) -> ReasonJudgment:
    """The judgment on folded words: civil removal first, then doubt, then location."""
    civil = _strongest(words, "civil_removal", lexicon)
    if civil == "stated":
        return ReasonJudgment("CIVIL_REMOVAL")
    location = _strongest(words, "location", lexicon)
    if civil == "doubtful" or _strongest(words, "doubtful", lexicon) is not None:
        return DOUBT
    if location is None:
        return NOTHING
    has_criminal_words = any(True for _ in _found(words, lexicon.index["criminal"]))
    return DOUBT if has_criminal_words or location == "doubtful" else ReasonJudgment("LOCATION")


def _strongest(words: Words, purpose: str, lexicon: ReasonLexicon) -> str | None:
    """`stated` if one phrase of that purpose is, else `doubtful` if one is, else None."""
    found = None
    for at, end in _found(words, lexicon.index[purpose]):
        standing = _standing(words, at, end, lexicon)
        if standing == "stated":
            return standing
        found = standing or found
    return found


def _found(words: Words, phrases: PhraseIndex) -> Iterator[tuple[int, int]]:
    """Where a phrase begins, and the place after it."""
    for at, word in enumerate(words):
        for phrase in phrases[word]:
            end = _ends_at(words, at, phrase)
            if end:
                yield at, end


def _ends_at(words: Words, at: int, phrase: Phrase) -> int:
    """The place after `phrase` when it begins at `at`, else 0."""
    for place, wanted in enumerate(phrase):
        if wanted == GAP:
            rest = phrase[place + 1 :]
            ends = (_ends_at(words, at + skipped, rest) for skipped in range(GAP_WORDS_MAX + 1))
            return next((end for end in ends if end), 0)
        if at >= len(words) or not _is_word(words[at], wanted):
            return 0
        at += 1
    return at


def _is_word(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("+") else word == wanted


def _standing(words: Words, at: int, end: int, lexicon: ReasonLexicon) -> str | None:
    """Whether a phrase found at `at` is `stated`, `doubtful`, or told or denied (None)."""
    before = words[max(0, at - BEFORE_WORDS_MAX) : at]
    if _holds(words[max(0, at - BEFORE_WORDS_MAX) : end], lexicon.described) or _holds(
        before, lexicon.ordered
    ):
        return None
    distance = _denial_distance(words, at, lexicon)
    if distance is None:
        return "stated"
    return None if distance <= BEFORE_WORDS_MAX else "doubtful"


def _holds(words: Words, listed: Sequence[Phrase]) -> bool:
    return any(_is_word(word, each[0]) for word in words for each in listed)


def _denial_distance(words: Words, at: int, lexicon: ReasonLexicon) -> int | None:
    """How many words before `at` a denial stands, or None; "not only" is none, "but" ends its reach."""
    for distance in range(1, min(DENIAL_WORDS_MAX, at) + 1):
        word = words[at - distance]
        if word in lexicon.contrasts:
            return None
        if word in lexicon.negations:
            is_only = words[at - distance + 1] in lexicon.only
            return None if is_only else distance
    return None
