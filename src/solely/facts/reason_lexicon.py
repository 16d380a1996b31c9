"""The word lists of `reasons.toml`, in the forms by which sentences are read (R-16, R-17, R-19, R-88).

- A listed phrase is found by the word that begins it; a word that makes a fact of what follows, by itself.
- What may be a verb in its plain form is every word of which no list of evidence or of facts speaks.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from solely.facts.reason_text import misspellings

GAP = "*"
SLIP = "~"  # behind a word: it is known with one slip too
PARTICULAR = "#"  # a word on no list, among the words that matter
DONE = "#D"  # such a word that tells what was done ("relocated")
BARE = "%"  # such a word that may be a verb in its plain form ("relocate")
ENCLITIC = "%LO"  # such a word that is a Spanish infinitive with its object ("trasladarlo")
PARTICULARS = frozenset({PARTICULAR, DONE, BARE, ENCLITIC})
MARKS = {"@": "persons", "&": "many"}  # in a listed phrase: each word of that list
PARTICULAR_LETTERS_MIN = 3

PURPOSES = ("civil_removal", "beyond", "doubtful", "location")
AIMS = ("act", "errand")  # purposes only where an aim opens them
PLAIN = "plain"  # so is a plain verb with an object, though no list names it
LISTS = (*PURPOSES, *AIMS, "hence", "told", "criminal", "matter", "proof", "bearing", "scene", "course")

INFLECTED = ("ING", "S", "LY")
PAST = re.compile(r"(?!UNITED|HUNDRED|NEEDED)\w*[^E]ED")

Phrase = tuple[str, ...]
Words = Sequence[str]


class Begun(NamedTuple):
    """A phrase, the list it stands on, the whole words that it needs, and which of its words leads to it."""

    listed: str
    phrase: Phrase
    needed: frozenset[str]
    place: int


class PhraseIndex(dict[str, tuple[Begun, ...]]):
    """For each word, the phrases that it leads to: those that it begins, or that follow on any plain verb."""

    def __init__(self, phrases: Iterable[tuple[str, Phrase]]) -> None:
        super().__init__()
        self._whole: dict[str, list[Begun]] = {}
        self._stems: list[Begun] = []
        for listed, phrase in phrases:
            place = int(phrase[0] == BARE)
            begun = Begun(listed, phrase, frozenset(filter(_is_whole, phrase)), place)
            kept = self._whole.setdefault(phrase[place], []) if _is_whole(phrase[place]) else self._stems
            kept.append(begun)

    def __missing__(self, word: str) -> tuple[Begun, ...]:
        stems = [each for each in self._stems if is_word(word, each.phrase[each.place])]
        self[word] = found = (*self._whole.get(word, ()), *stems) if word else ()
        return found


class Tellers(NamedTuple):
    """Words that make what follows a fact: whole ones, and beginnings of others."""

    whole: frozenset[str]
    stems: tuple[str, ...]

    @classmethod
    def of(cls, *lists: Iterable[Phrase]) -> "Tellers":
        """The first words of listed phrases."""
        words = {phrase[0] for each in lists for phrase in each if phrase[0] != GAP}
        return cls(
            frozenset(filter(_is_whole, words)), tuple(each[:-1] for each in words if not _is_whole(each))
        )

    def tell(self, words: Words) -> bool:
        """True when one of `words` is such a word."""
        return any([word in self.whole or word.startswith(self.stems) for word in words])


@dataclass(frozen=True, eq=False)
class ReasonLexicon:
    """The phrases and words of `reasons.toml`; an `ordered` phrase that begins with a gap stands behind."""

    civil_removal: tuple[Phrase, ...]
    beyond: tuple[Phrase, ...]
    doubtful: tuple[Phrase, ...]
    location: tuple[Phrase, ...]
    act: tuple[Phrase, ...]
    errand: tuple[Phrase, ...]
    hence: tuple[Phrase, ...]
    told: tuple[Phrase, ...]
    unaimed: tuple[Phrase, ...]
    criminal: tuple[Phrase, ...]
    described: tuple[Phrase, ...]
    ordered: tuple[Phrase, ...]
    matter: tuple[Phrase, ...]
    proof: tuple[Phrase, ...]
    bearing: tuple[Phrase, ...]
    scene: tuple[Phrase, ...]
    course: tuple[Phrase, ...]
    opening: frozenset[str]
    leading: frozenset[str]
    wanting: frozenset[str]
    own: frozenset[str]
    joining: frozenset[str]
    verbs: frozenset[str]
    objects: frozenset[str]
    deeds: frozenset[str]
    joints: frozenset[str]
    negations: frozenset[str]
    only: frozenset[str]
    contrasts: frozenset[str]
    parting: frozenset[str]
    urging: frozenset[str]
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
        spoken = (
            self.negations
            | self.only
            | self.contrasts
            | self.parting
            | self.urging
            | self.opening
            | self.leading
            | self.wanting
            | self.own
            | self.joining
            | self.verbs
            | self.objects
        )
        return frozenset(filter(_is_whole, listed)) | spoken

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
    def plain_verbs(self) -> frozenset[str]:
        """What may be a verb in its plain form, of which no list of evidence or of facts speaks."""
        evident = Tellers.of(
            self.proof, self.bearing, self.matter, self.scene, self.criminal, self.told, self.course
        )
        factual = Tellers.of(self.described, self.ordered, self.unaimed)
        joints = (
            self.joints | self.deeds | self.idle | self.opening | self.leading | self.own | self.negations
        )
        kept = (
            word
            for word in self.words - joints - self.objects - self.contrasts - self.parting
            if not word.endswith(INFLECTED)
            and not PAST.fullmatch(word)
            and len(word) >= PARTICULAR_LETTERS_MIN
        )
        unproving = (word for word in kept if not evident.tell((word,)) and not factual.tell((word,)))
        return frozenset(unproving) | self.verbs | {BARE}

    @cached_property
    def offending(self) -> Tellers:
        """Words that tell of the offense."""
        return Tellers.of(self.described)

    @cached_property
    def telling(self) -> Tellers:
        """Words that tell of the offense or of an order when they stand before a phrase."""
        return Tellers.of(self.described, self.ordered)

    @cached_property
    def committing(self) -> Tellers:
        """Words that, before "to" or "for", make a fact of what follows."""
        return Tellers.of(self.described, self.unaimed)

    @cached_property
    def behind(self) -> Tellers:
        """Words that tell of an order when they stand right behind a phrase ("the removal order")."""
        return Tellers.of(phrase[1:] for phrase in self.ordered if phrase[0] == GAP)

    def _phrases(self) -> tuple[Phrase, ...]:
        listed = (phrase for name in LISTS for phrase in getattr(self, name))
        return (*listed, *self.described, *self.ordered, *self.unaimed)


def parse_phrases(text: str, lists: Mapping[str, Sequence[str]]) -> list[Phrase]:
    """The listed phrase in `text`; one for each word of the list that a mark in it stands for."""
    words = tuple(text.split())
    mark = next((word for word in words if word in MARKS), None)
    if mark is None:
        return [words]
    return [tuple(each if word == mark else word for word in words) for each in lists[MARKS[mark]]]


def _bare(phrase: Phrase) -> Phrase:
    return tuple(word.removesuffix(SLIP) for word in phrase)


def _is_whole(word: str) -> bool:
    return not word.endswith(("+", GAP))


def is_word(word: str, wanted: str) -> bool:
    """True when `word` is the one of a phrase, or begins as it says."""
    return word.startswith(wanted[:-1]) if wanted.endswith("+") else word == wanted
