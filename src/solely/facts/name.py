"""Names on their face: present, no placeholder, no mere initials; real odd names pass (R-23, R-88, R-94).

- A word is a placeholder by the versioned lists only, whatever its case, spacing or digits for letters.
- A word for none that people bear as well (PENDING, TEST) goes to a person beside a name, and so do words
  that may name several (GARCIA FAMILY).
- What is a name beside a name (Na Li, Chris Null, Ng Ng) is a placeholder only beside another such word.
- A single name in its passport form (FNU AHMADZAI) goes to a person and is never returned for it.
- A request names a person: a wildcard, a list or a number is no name (R-88).
"""

import re
from functools import lru_cache, partial
from typing import NamedTuple

from solely.confidential import masked
from solely.facts.lexicon import NameLexicon
from solely.facts.name_phrases import (
    DISTINCT,
    VOWELLESS_NAMES,
    NamePhrases,
    is_unspoken,
    is_vowelless,
    phrases_of,
)
from solely.folding import UNSEEN, fold

_WILD = re.compile(r"[*%?;|&@=_\[\]{}<>\\^$]")
# Another name behind the first, which a comma or a bracket sets off; a suffix behind a comma is none.
_SET_OFF = re.compile(r"[(]|,\s*(?!(?:JR|SR|II|III|IV|V|2ND|3RD|JUNIOR|SENIOR)\b)\w{2}", re.IGNORECASE)
# Letters that were lost: bytes of UTF-8 read one by one (NUÃ±EZ), a sign (NU?EZ), a page's (&ntilde;).
_BYTES = "ƒ˜–—“”„†‡•…‰‹›€™"
_LOST = re.compile(
    f"\ufffd|[ÂÃ][\u0080-\u00bfŒœŠšŽžŸˆ‘’‚{_BYTES}]|[ÄÅ][\u0080-\u00a9\u00ab-\u00b9\u00bb-\u00bf{_BYTES}]"
    r"|(?<=[^\W\d_])\?(?=[^\W\d_])|&(?:[A-Za-z]{2,8}|#[0-9]{2,5});"
)
_LETTER_NAMES = frozenset("EOUYI")  # one letter that is a whole name: Chinese E, Korean O, Burmese U
_TITLES = frozenset({"MR", "MRS", "MS", "MISS", "DR"})
_ORDINAL = re.compile(r"1ST|2ND|3RD|[4-9]TH")
_DIGIT = re.compile(r"[0-9]")
SUFFIXES = frozenset({"JR", "SR", "II", "III", "IV", "V", "NETO", "SOBRINHO"})
_EMBEDDED = SUFFIXES - {"V"}  # V behind a name may be an initial
_BEHIND_GIVEN = frozenset(  # others are names there
    {"JR", "JUNIOR", "JNR", "SR", "SENIOR", "SNR", "II", "2ND", "III", "3RD", "IV", "4TH"}
)

# What one field is, by itself.
EMPTY, NAME, INITIALS, STRONG, WEAK, UNNAMED, WILD, BORNE, LOST, SET_OFF = range(10)


@masked
class PersonName(NamedTuple):
    """The folded tokens of a name and its usual suffix ("" where none)."""

    given: tuple[str, ...]
    middle: tuple[str, ...]
    family: tuple[str, ...]
    suffix: str


@masked
class NameJudgment(NamedTuple):
    """OK, SINGLE, UNCLEAR, PLACEHOLDER, INITIALS or MISSING; element at fault, rule, one sentence, tokens."""

    verdict: str
    element: str
    rule: str | None
    reason: str
    name: PersonName


@masked
class NameField(NamedTuple):
    """One field read: what it is, its folded words, and a generational suffix that its last word is."""

    kind: int
    words: tuple[str, ...] = ()
    suffix: str = ""
    joins: bool = False  # may be one end of a phrase that the other field completes
    is_plain: bool = False  # the usual name in the usual words: no other field changes what it is


_person = partial(tuple.__new__, PersonName)  # without the call that names its parts: a batch has a million
NO_FIELD = NameField(EMPTY)
_PLAIN = ("OK", "given_name")
_REASONS = {
    "OK": "the name is complete",
    "SINGLE": "a single name goes to a person",
    "UNCLEAR": "a name, or a word that stands where one belongs: a person decides",
    "PLACEHOLDER": "a phrase stands where the name belongs",
    "INITIALS": "initials alone are no name",
    "MISSING": "given and family name are both needed",
    "WILD": "a request names one person, in letters",
    "LOST": "letters of the name were lost: write it anew and save it as UTF-8",
}


class NameJudge:
    """Judges names under one lexicon."""

    def __init__(self, lexicon: NameLexicon) -> None:
        self._lexicon = lexicon
        self._phrases = phrases_of(lexicon)

    def given_field(self, text: str | None) -> NameField:
        """The given name by itself; JR, SR and the like behind it are taken off."""
        if text is None:
            return NO_FIELD
        field = _read(text, self._phrases, True)
        words, suffix = self._parted(field.words)
        if field.kind != NAME or not suffix:
            return field
        return NameField(NAME, words, suffix, self._phrases.may_join(words, self._phrases.beginnings))

    def family_field(self, text: str | None) -> NameField:
        """The family name by itself; a suffix written behind it is taken off."""
        if text is None:
            return NO_FIELD
        field = _read(text, self._phrases, False)
        if field.kind == NAME and len(field.words) > 1:
            suffix = self._lexicon.suffixes.get(field.words[-1], "")
            if suffix in _EMBEDDED and field.words[-1] not in ("2", "3", "4"):
                words = field.words[:-1]
                joins = self._phrases.may_join(words, self._phrases.endings)
                return NameField(NAME, words, suffix, joins)
        return field

    def middle_field(self, text: str | None) -> NameField:
        """The middle name by itself; a word for "none" is none."""
        if text is None:
            return NO_FIELD
        folded = fold(text)
        if folded in self._lexicon.empty or folded in self._phrases.single:
            return NO_FIELD
        if _is_lost(text):
            return NameField(LOST)
        words, suffix = self._parted(("", *folded.split()))
        return NameField(WILD if _WILD.search(text) else NAME, words[1:], suffix)

    def _parted(self, words: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
        """The words of a given name without JR or the like behind them, and that suffix ("" for none)."""
        is_behind = len(words) > 1 and words[-1] in _BEHIND_GIVEN
        suffix = self._lexicon.suffixes.get(words[-1], "") if is_behind else ""
        return (words[:-1], suffix) if suffix else (words, "")

    def suffix(self, text: str | None) -> str:
        """The usual form of a suffix; an unlisted one is kept, so that it never agrees by chance."""
        folded = fold(text) if text else ""
        if not folded or folded in self._lexicon.empty:
            return ""
        return self._lexicon.suffixes.get(folded, folded)

    def combine(self, given: NameField, middle: NameField, family: NameField) -> tuple[str, str]:
        """The verdict on a whole name and the element that decides it; WILD is a placeholder by R-88."""
        for field, element in ((given, "given_name"), (family, "family_name"), (middle, "middle_name")):
            if field.kind in (WILD, LOST):
                return "WILD" if field.kind == WILD else "LOST", element
        if self._is_whole_placeholder(given, middle, family):
            verdict = "UNCLEAR" if self._may_be_borne(given, family) else "PLACEHOLDER"
            return verdict, "family_name" if family.kind == STRONG != given.kind else "given_name"
        if EMPTY in (given.kind, family.kind):
            return "MISSING", "given_name" if given.kind == EMPTY else "family_name"
        if UNNAMED in (given.kind, family.kind):
            return "SINGLE", "given_name" if given.kind == UNNAMED else "family_name"
        if given.kind == family.kind == INITIALS and all(len(each) == 1 for each in middle.words):
            letters = given.words + middle.words + family.words
            is_name = len(letters) == 2 and _LETTER_NAMES.issuperset(letters)
            return "UNCLEAR" if is_name else "INITIALS", "given_name"
        return self._in_doubt(given, family)

    def _in_doubt(self, given: NameField, family: NameField) -> tuple[str, str]:
        """UNCLEAR for what may be a name and may be none (R-94), else OK."""
        if given.kind in (BORNE, SET_OFF):
            return "UNCLEAR", "given_name"
        is_initial = given.kind == INITIALS and " ".join(family.words) in self._phrases.borne
        is_initial = is_initial or _are_letters(given, family)
        is_doubtful = is_initial or self._phrases.are_doubtful(given.words, family.words)
        if family.kind in (BORNE, SET_OFF) or is_doubtful:
            return "UNCLEAR", "family_name"
        return _PLAIN

    def is_plain(self, given: NameField, middle: NameField, family: NameField) -> bool:
        """True for the usual name, whose fields cannot make a phrase of one another: decided at once."""
        if not given.kind == family.kind == NAME or middle.kind in (WILD, LOST):
            return False
        return not ((given.joins and (family.joins or middle.words)) or (family.joins and middle.words))

    def _is_whole_placeholder(self, given: NameField, middle: NameField, family: NameField) -> bool:
        kinds = {given.kind, family.kind}
        if STRONG in kinds or kinds <= {UNNAMED, WEAK, BORNE} or kinds == {BORNE, EMPTY}:
            return True
        if EMPTY in kinds:
            return False
        is_kin = self._phrases.are_kin(given.words, family.words)
        return is_kin or self._phrases.spans(given.words, middle.words, family.words)

    def _may_be_borne(self, given: NameField, family: NameField) -> bool:
        """True for BRUCE WAYNE, and for short words that are names too, alone or beside NULL (NA | NA)."""
        if " ".join(given.words + family.words) in self._phrases.invented:
            return True
        if not 0 < len(given.words) < 3 or len(family.words) != 1:
            return False
        others = {*given.words, *family.words} - {"NULL"}
        return others != set() and others <= self._phrases.short


@lru_cache(maxsize=65536)
def _read(text: str, phrases: NamePhrases, is_given: bool) -> NameField:
    """What one field holds; a batch, and every chunk of it, repeats itself."""
    if _is_lost(text):
        return NameField(LOST)
    if _WILD.search(text):
        return NameField(WILD)
    if not text.isascii() and not UNSEEN.sub("", text).strip():
        return NO_FIELD
    folded = fold(text)
    if text.isalpha() and _is_usual(folded, phrases):
        return NameField(NAME, (folded,), is_plain=True)
    words = tuple(folded.split())
    if not words:
        return NameField(STRONG) if text.strip() else NO_FIELD
    if words[0] in _TITLES and " ".join(words[1:]) in phrases.unnamed:
        return NameField(UNNAMED, words)
    kind = _noted_kind(text, words, phrases, is_given)
    if kind is not None:
        return NameField(kind, words)
    edges = phrases.beginnings if is_given else phrases.endings
    return NameField(_ordinary_kind(words, phrases), words, joins=phrases.may_join(words, edges))


def _noted_kind(text: str, words: tuple[str, ...], phrases: NamePhrases, is_given: bool) -> int | None:
    """What a field is that the lists speak of: several persons, none, or in doubt; None for any other."""
    listed, folded = phrases.given if is_given else phrases.family, " ".join(words)
    if phrases.names_several(text, words):
        return WILD
    if folded in listed and (folded in phrases.borne or (is_given and folded in phrases.borne_given)):
        return BORNE
    if phrases.tells_of_kin(words) or phrases.stand_in(text, words, listed):
        return STRONG
    if phrases.may_be_several(words, is_given) or phrases.holds_borne(words, is_given):
        return BORNE
    if _SET_OFF.search(text):
        return SET_OFF
    is_numbered = _DIGIT.search(folded) and not all(_ORDINAL.fullmatch(w) or w.isalpha() for w in words)
    return WILD if is_numbered else None


def _is_lost(text: str) -> bool:
    """True where letters were lost on the way to us."""
    return not (text.isascii() and text.isalpha()) and _LOST.search(text) is not None


def _is_usual(folded: str, phrases: NamePhrases) -> bool:
    """True for a short Latin word with a vowel, on no list and of more than one letter: decided at once."""
    is_short = 1 < len(folded) <= DISTINCT and folded[0] != folded[-1]
    return is_short and folded.isascii() and folded not in phrases.noted and not is_vowelless(folded)


def _are_letters(given: NameField, family: NameField) -> bool:
    """True for two consonants beside an initial (JD X, K JF), which may be three of them."""
    if INITIALS not in (given.kind, family.kind):
        return False
    letters = "".join(given.words + family.words)
    is_name = not VOWELLESS_NAMES.isdisjoint(given.words + family.words)
    return len(letters) == 3 and is_vowelless(letters) and not is_name


def _ordinary_kind(words: tuple[str, ...], phrases: NamePhrases) -> int:
    is_initials = all(len(each) == 1 for each in words)
    joined = ("" if is_initials else " ").join(words)
    if joined in phrases.unnamed:
        return UNNAMED
    if joined in phrases.together or is_unspoken(joined):
        return WEAK
    # Initials are a matter of alphabets: one character of another script may be a whole name.
    return INITIALS if is_initials and joined.isascii() else NAME


def judge_name(
    given: str | None, middle: str | None, family: str | None, suffix: str | None, lexicon: NameLexicon
) -> NameJudgment:
    """The judgment on a name in four parts (R-23, R-88, R-94)."""
    return judge_with(NameJudge(lexicon), (given, middle, family, suffix))


def judge_with(
    judge: NameJudge, parts: tuple[str | None, str | None, str | None, str | None]
) -> NameJudgment:
    """The same, with a judge at hand: `parts` are given, middle, family name and suffix."""
    given, middle, family = (
        judge.given_field(parts[0]),
        judge.middle_field(parts[1]),
        judge.family_field(parts[2]),
    )
    verdict, element = judge.combine(given, middle, family)
    return _judgment(verdict, element, named(given, middle, family, judge.suffix(parts[3])))


def named(given: NameField, middle: NameField, family: NameField, suffix: str) -> PersonName:
    """The name from its fields; the suffix field stands before one written behind a name."""
    words = family.words
    for written in (family.suffix, given.suffix, middle.suffix):
        if written:
            suffix = suffix or written
            if written != suffix:
                words = (*words, written)
    return _person((given.words, middle.words, words, suffix))


def _judgment(verdict: str, element: str, name: PersonName) -> NameJudgment:
    rule = {"OK": None, "SINGLE": "R-94", "UNCLEAR": "R-94", "WILD": "R-88"}.get(verdict, "R-23")
    return NameJudgment(
        "PLACEHOLDER" if verdict in ("WILD", "LOST") else verdict, element, rule, _REASONS[verdict], name
    )


def judge_whole_name(text: str, lexicon: NameLexicon) -> NameJudgment:
    """The judgment on a name in one line: "given middle family" or "family, given middle" (contracts 5)."""
    judge = NameJudge(lexicon)
    family, comma, rest = text.partition(",")
    if comma and fold(rest) and fold(family) and judge.suffix(rest) not in SUFFIXES:
        first, *others = rest.split(maxsplit=1)
        return judge_with(judge, (first, others[0] if others else None, family, None))
    words = text.replace(",", " ").split()
    suffix = judge.suffix(words[-1]) if len(words) > 2 else ""
    if suffix in _EMBEDDED:
        words.pop()
    whole = judge.given_field(text)
    if whole.kind in (WILD, LOST) or len(words) < 2:
        return _single(whole)
    middle = " ".join(words[1:-1]) or None
    parts = judge_with(judge, (words[0], middle, words[-1], suffix if suffix in _EMBEDDED else None))
    return _single(whole) if whole.kind == STRONG and parts.verdict != "UNCLEAR" else parts


def _single(field: NameField) -> NameJudgment:
    verdict = {
        EMPTY: "MISSING", NAME: "SINGLE", INITIALS: "INITIALS", WILD: "WILD", LOST: "LOST",
    }.get(field.kind, "PLACEHOLDER")  # fmt: skip
    return _judgment(verdict, "given_name", PersonName(field.words, (), (), ""))
