"""What a reason's own words say of its purpose: civil removal, mere location, or neither (R-16, R-17, R-19).

- The lists are data; a phrase is matched word by word, so that each outcome is explained by one phrase.
- A denied phrase ("not for removal") is no purpose, and one that tells of the offense ("refused to be
  removed") or of an order ("ordered to be removed", not "has an order and must be removed") is none either;
  one that is quoted, far from its denial, or of location beside the words of a criminal case is in doubt, and
  a person decides.
- A word in disguise (look-alike letters, digits for letters, one slip in a listed word, a word broken or
  glued) is read through; what remains of other scripts, no list speaks of, and a person decides.
- An act that would be done with the person or the papers (detain, send home, execute the order) is read where
  an aim opens it ("and", "to", "so that", "then", the start of a sentence), however honest the rest is. So is
  any plain verb with an object of which no list of evidence speaks, and a "so that" that proves nothing. What
  a crime is called ("reentry after removal") and what somebody had or meant to do are no aims of the office.
- A reason says what the criminal matter is and what the information tells of it; one that lacks either, or
  has a sentence that tells of something else, is vague, and one made only of words said of anyone is empty.
- Which words no list names never matters, only that they are there; no phrase reaches beyond its sentence. So
  a sentence is read by its skeleton, and equal ones are read once.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby, pairwise, takewhile
from typing import NamedTuple

from solely.facts.day import MONTHS
from solely.facts.reason_lexicon import (
    AIMS,
    BARE,
    DONE,
    ENCLITIC,
    GAP,
    INFLECTED,
    PARTICULAR,
    PARTICULAR_LETTERS_MIN,
    PARTICULARS,
    PAST,
    PLAIN,
    PURPOSES,
    Phrase,
    PhraseIndex,
    ReasonLexicon,
    Words,
    is_word,
)
from solely.facts.reason_text import STOP, has_foreign_letters, readings, words_of
from solely.facts.remembered import ANSWERS_MAX

GAP_WORDS_MAX = 4
BEFORE_WORDS_MAX = 3  # how far before a phrase a word still speaks of it
STRAY_WORDS_MIN = 2  # fewer are the pieces of an abbreviation ("Crim. Inv.")
PARTICULARS_MIN = 3  # so many of them around a scene tell what happened there
EMPTY_WORDS_MAX = 4  # longer texts say something, however little
DOING_WORDS_MAX = 5  # so near before a "to", what was done has the aim ("rented a flat to hide in")
PROVING_WORDS_MAX = 5  # so near behind a plain verb, its object is a crime or a proof ("draft the plea")
DENIAL_WORDS_MAX = 6  # beyond BEFORE_WORDS_MAX and up to this, a denial is in doubt

_ENCLITIC = re.compile(r".{2,}[AEI]R(?:LO|LA|LE)S?")
_QUOTED = re.compile('["“”«»][^"“”«»]*["“”«»]')

_DATED = MONTHS | {"ON"}

CLAIMED = frozenset({*PURPOSES, *AIMS, PLAIN})
CLAIMS = CLAIMED | {"hence"}  # what a phrase of `told` around them takes back
_UNDONE = frozenset({"BE", "BEING"})
_AIMING = frozenset({"TO", "FOR", "PARA"})
_PROVING = frozenset({"matter", "proof", "criminal"})
_EVIDENT = _PROVING | {"bearing", "scene", "told", "course"}
TOLD_OF = "civil_removal told of"
_DOUBTED = frozenset({"doubtful", "civil_removal?", "beyond?", TOLD_OF})
_SPENDING = frozenset({"AND", "OR", "THEN", "SO", "Y", "O", "LUEGO"})
_REMOVING = frozenset({"REMOVE", "REMOVAL"})
_BEFORE_THINGS = frozenset({"", "OF", "THE", "A", "AN", "HIS", "THEIR"})

Found = tuple[str, int, int]  # a phrase: its list, where it begins, the place after it


class ReasonJudgment(NamedTuple):
    """`purpose` is NONE, CIVIL_REMOVAL or LOCATION; in doubt a person decides; `is_empty`: says nothing.

    `is_vague`: names no criminal matter, or does not say what the information tells of it. `is_beyond`: asks
    for what no request can (R-88).
    """

    purpose: str
    is_doubtful: bool = False
    is_empty: bool = False
    is_vague: bool = False
    is_beyond: bool = False


NOTHING = ReasonJudgment("NONE")
VAGUE = ReasonJudgment("NONE", is_vague=True)
DOUBT = ReasonJudgment("NONE", is_doubtful=True)
EMPTY = ReasonJudgment("NONE", is_empty=True)
BEYOND = ReasonJudgment("NONE", is_beyond=True)


class _Skeleton(dict[str, str]):
    """A word that matters leads to itself, in disguise to the word that it stands for; any other to
    a particular, or to the empty text if it is short or idle; each is looked up once."""

    def __init__(self, lexicon: ReasonLexicon) -> None:
        super().__init__({STOP: STOP})
        self._lexicon, self._words, self._stems = lexicon, lexicon.words, lexicon.stems

    def __missing__(self, word: str) -> str:
        if len(self) >= ANSWERS_MAX:
            self.clear()
            self[STOP] = STOP
        read = (self._known(each) for each in (word, *readings(word)))
        self[word] = kept = next((each for each in read if each), None) or self._unlisted(word)
        return kept

    def _unlisted(self, word: str) -> str:
        if len(word) < PARTICULAR_LETTERS_MIN or word in self._lexicon.idle or not word.isalpha():
            return ""
        if _ENCLITIC.fullmatch(word):
            return ENCLITIC
        if word in self._lexicon.deeds or PAST.fullmatch(word):
            return DONE
        return PARTICULAR if word.endswith(INFLECTED) or word in self._lexicon.joints else BARE

    def _known(self, word: str) -> str:
        if word in self._words:
            return word
        slip = self._lexicon.slips.get(word)
        if slip or word.startswith(self._stems):
            return slip or word
        return next((each for each in self._lexicon.slippery if each in word), "")


@lru_cache(maxsize=8)
def judge_under(lexicon: ReasonLexicon) -> "ReasonJudge":
    """The judge of reasons under a lexicon, with what it has read before."""
    return ReasonJudge(lexicon)


class ReasonJudge:
    """Judges reasons under one lexicon; what it keeps are words and skeletons, never a reason."""

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
        if len(words) - words.count(STOP) <= EMPTY_WORDS_MAX:
            folded = " ".join([each for each in words if each != STOP])
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
            if len(self._said) >= ANSWERS_MAX:
                self._said.clear()
            said = self._said[sentence] = said_in(sentence, self._lexicon)
        return said


class Said(NamedTuple):
    """What one sentence says: the lists of which a phrase stands there, and how many particulars.

    A phrase of a purpose stands as stated, or (the list's name with `?`) in doubt; denied or told of as a
    fact, it does not.
    """

    held: frozenset[str]
    particulars: int


def judgment_of(said: Sequence[Said]) -> ReasonJudgment:
    """The judgment on sentences: civil removal first, then doubt, then location, then what they lack."""
    held = frozenset[str]().union(*[each.held for each in said])
    is_specific = _is_specific(held, sum([each.particulars for each in said]))
    if "civil_removal" in held or (TOLD_OF in held and not is_specific):
        return ReasonJudgment("CIVIL_REMOVAL")
    if "beyond" in held:
        return BEYOND
    if held & _DOUBTED:
        return DOUBT
    if "location" in held:
        return DOUBT if is_specific or "criminal" in held else ReasonJudgment("LOCATION")
    if "location?" in held or "aimed" in held:
        return DOUBT
    is_strayed = "stray" in held and _is_strayed(said)
    return NOTHING if is_specific and not is_strayed else VAGUE


def _is_specific(held: frozenset[str], particulars: int) -> bool:
    """True when phrases name a criminal matter and say what the information tells of it (R-19)."""
    is_told = particulars >= PARTICULARS_MIN and "scene" in held
    return "matter" in held and (is_told or "bearing" in held or "proof" in held)


def said_in(sentence: Words, lexicon: ReasonLexicon) -> Said:
    """What one sentence says."""
    found = [*_found(sentence, lexicon.index), *_plain_acts(sentence, lexicon)]
    told = [each for each in found if each[0] == "told"]
    if told:
        found = [each for each in found if each[0] not in CLAIMS or not _is_within(each, told)]
    held = {_held(each, sentence, lexicon) for each in found if not _is_proving(each, found)}
    held.add(_tells(found, sentence, lexicon))
    if "hence" in held and _is_unproven(found, sentence, lexicon):
        held.add("aimed")
    return Said(frozenset(held) - {""}, sum([word in PARTICULARS for word in sentence]))


def _tells(found: Sequence[Found], words: Words, lexicon: ReasonLexicon) -> str:
    """`evident` when a clause tells of a crime, a proof, a place, the course of a case or a deed; `stray`
    when it says something else; nothing when it says nothing, and `pause` between two sentences.

    A clause that begins with an aim tells by a crime or a proof alone.
    """
    if not words:
        return "pause"
    is_aim = words[0] in _AIMING
    if not (_PROVING if is_aim else _EVIDENT).isdisjoint(each[0] for each in found):
        return "evident"
    said = [word for word in words if word and word not in lexicon.idle]
    if not is_aim and _is_deed_told(words, lexicon):
        return "evident"
    return "stray" if len(said) >= STRAY_WORDS_MIN else ""


def _is_deed_told(words: Words, lexicon: ReasonLexicon) -> bool:
    """True when something was done; what is to be done, or is being done, is none."""
    return any(before not in _UNDONE and _is_deed(word, lexicon) for before, word in pairwise(("", *words)))


def _is_deed(word: str, lexicon: ReasonLexicon) -> bool:
    return word == DONE or word in lexicon.deeds or PAST.fullmatch(word) is not None


def _is_strayed(said: Sequence[Said]) -> bool:
    """True when a sentence has a clause that strays and none that is evident."""
    sentences = groupby(said, lambda each: "pause" in each.held)
    told = (frozenset[str]().union(*[each.held for each in clauses]) for _, clauses in sentences)
    return any("stray" in each and "evident" not in each for each in told)


def _plain_acts(words: Words, lexicon: ReasonLexicon) -> Iterator[Found]:
    """Each plain verb with an object right behind it, or with a Spanish "para" before it."""
    verbs, objects = lexicon.plain_verbs, lexicon.objects
    for at, (word, behind) in enumerate(pairwise(words)):
        if behind in objects and word in verbs:
            yield PLAIN, at, at + 2
        elif word == "PARA" and behind in verbs:
            yield PLAIN, at + 1, at + 2


def _is_within(found: Found, told: Sequence[Found]) -> bool:
    """True when a phrase lies within one that tells a fact ("perjury in a bond hearing")."""
    return any(at <= found[1] and found[2] <= end for _, at, end in told)


def _is_proving(found: Found, others: Sequence[Found]) -> bool:
    """True when a plain verb has a crime or a proof for its object ("draft the indictment")."""
    listed, _, end = found
    if listed != PLAIN:
        return False
    return any(each[0] in ("proof", "matter") and 0 <= each[1] - end < PROVING_WORDS_MAX for each in others)


def _is_unproven(found: Sequence[Found], words: Words, lexicon: ReasonLexicon) -> bool:
    """True when nothing behind some "so that" is proven or tells of the offense."""
    last = max(end for listed, _, end in found if listed == "hence")
    is_proven = any(listed == "proof" and at >= last for listed, at, _ in found)
    return not is_proven and not lexicon.offending.tell(words[last:])


def _held(found: Found, words: Words, lexicon: ReasonLexicon) -> str:
    """What a phrase found says: its list, in doubt with `?`, or nothing when it is told of or denied."""
    listed, at, end = found
    if listed not in CLAIMED:
        return listed
    if listed in AIMS or listed == PLAIN:
        return _aimed(found, words, lexicon)
    standing = _standing(words, at, end, lexicon)
    if standing is None:
        return ""
    if listed == "doubtful":
        # Told of by the word right behind it ("the removal order"), unless it is for that ("for the removal
        # hearing").
        is_told = lexicon.behind.tell(words[end : end + 1]) and not _is_wanted_for(words, at, lexicon)
        return "" if is_told else listed
    if listed == "civil_removal" and standing == "stated":
        return TOLD_OF if _is_of_thing(words, end) or _is_of_deed(words, at, lexicon) else listed
    return listed if standing == "stated" else f"{listed}?"


def _is_of_deed(words: Words, at: int, lexicon: ReasonLexicon) -> bool:
    """True when a deed may speak of what stands at `at` ("threatened to deport"), no "and" between."""
    for place in range(at - 1, -1, -1):
        if words[place] in _SPENDING or words[place] in lexicon.contrasts:
            return False
        if _is_deed(words[place], lexicon):
            return place == 0 or words[place - 1] not in _UNDONE
    return False


def _is_of_thing(words: Words, end: int) -> bool:
    """True when what is removed may be a thing: behind an article or "of", a word on no list ("the lien")."""
    if words[end - 1] not in _REMOVING:
        return False
    start = end + len([*takewhile(_BEFORE_THINGS.__contains__, words[end:])])
    return end < start < len(words) and words[start] in PARTICULARS


def _aimed(found: Found, words: Words, lexicon: ReasonLexicon) -> str:
    """`aimed` when an aim opens the act that is found, unless it is denied or is what somebody did."""
    listed, at, _ = found
    opened = _wanted_from(words, at, lexicon) if listed == "errand" else at - 1
    if opened is None:
        return ""
    opening = words[opened] if opened >= 0 else ""
    if opening in lexicon.leading:
        # "ordered to be detained", "a duty to return": a fact, and no aim.
        if _is_committed(words, opened, lexicon) or (
            (listed == PLAIN or words[at] == BARE) and _is_done(words, opened, lexicon)
        ):
            return ""
    elif opened >= 0 and opening not in (lexicon.joining if listed == PLAIN else lexicon.opening):
        return ""
    reach = _denial_distance(words, at, lexicon)
    return "" if reach is not None and reach <= BEFORE_WORDS_MAX else "aimed"


def _is_committed(words: Words, at: int, lexicon: ReasonLexicon) -> bool:
    """True when a word before the "to" at `at` makes a fact of what follows: what the office means to do is
    none, nor is a word that is spent already ("failure to depart to ...")."""
    for place in range(at - 1, max(-1, at - 1 - BEFORE_WORDS_MAX), -1):
        if words[place] in lexicon.contrasts:
            return False
        if lexicon.committing.tell((words[place],)):
            return place == 0 or words[place - 1] not in lexicon.own
    return False


def _is_done(words: Words, at: int, lexicon: ReasonLexicon) -> bool:
    """True when the "to" at `at` tells with what aim somebody did something, whatever the day."""
    undated = [word for word in words[:at] if word and word not in _DATED]
    before = undated[-DOING_WORDS_MAX:]
    return any([_is_deed(word, lexicon) for word in before])


def _wanted_from(words: Words, at: int, lexicon: ReasonLexicon) -> int | None:
    """Where the "for" of an errand stands, at its beginning or some words before it; or None."""
    places = range(at, max(-1, at - GAP_WORDS_MAX - 2), -1)
    return next((place for place in places if words[place] in lexicon.wanting), None)


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
        for listed, phrase, needed, place in index[word]:
            begin = at - place
            end = _ends_at(words, begin, phrase) if begin >= 0 and needed <= present else 0
            if end:
                yield listed, begin, end


def _ends_at(words: Words, at: int, phrase: Phrase) -> int:
    """The place after `phrase` when it begins at `at`, else 0."""
    for place, wanted in enumerate(phrase):
        if wanted == GAP:
            rest = phrase[place + 1 :]
            skipped_max = min(GAP_WORDS_MAX, len(words) - at)
            ends = (_ends_at(words, at + skipped, rest) for skipped in range(skipped_max + 1))
            return next((end for end in ends if end), 0)
        if at >= len(words) or not is_word(words[at], wanted):
            return 0
        at += 1
    return at


def _standing(words: Words, at: int, end: int, lexicon: ReasonLexicon) -> str | None:
    """Whether a phrase found at `at` is `stated`, `doubtful`, or told or denied (None)."""
    if lexicon.offending.tell(words[at:end]):
        return None
    is_urged = words[at] in lexicon.urging and words[at - 1 : at] != ("TO",)
    for distance, word in enumerate(_nearest(words, at, BEFORE_WORDS_MAX), 1):
        if lexicon.telling.tell((word,)):
            between = words[at - distance + 1 : at]
            # "failure to depart for removal": what was failed is said already, so it tells of nothing more.
            is_spent = any(each in lexicon.contrasts for each in between)
            if not lexicon.offending.tell((word,)):
                is_spent = is_spent or is_urged or any(each in lexicon.parting for each in between)
            return "doubtful" if is_spent else None
    reach = _denial_distance(words, at, lexicon)
    if reach is None:
        return "stated"
    return None if reach == 1 or (reach <= BEFORE_WORDS_MAX and not is_urged) else "doubtful"


def _is_wanted_for(words: Words, at: int, lexicon: ReasonLexicon) -> bool:
    """True when the information is for what stands at `at`: a "for" with nothing but idle words between, that
    tells of nothing somebody was to do."""
    for place in range(at - 1, max(-1, at - 1 - GAP_WORDS_MAX), -1):
        if words[place] in lexicon.wanting:
            return not _is_committed(words, place, lexicon)
        if words[place] and words[place] not in lexicon.idle:
            return False
    return False


def _nearest(words: Words, at: int, size: int) -> Words:
    """Up to `size` words before `at`, the nearest first."""
    return words[max(0, at - size) : at][::-1]


def _denial_distance(words: Words, at: int, lexicon: ReasonLexicon) -> int | None:
    """How many words before `at` a denial stands, or None; "not only" is none, "but" ends its reach."""
    for distance, word in enumerate(_nearest(words, at, DENIAL_WORDS_MAX), 1):
        if word in lexicon.contrasts:
            return None
        if word in lexicon.negations:
            is_only = words[at - distance + 1] in lexicon.only
            return None if is_only else distance
    return None
