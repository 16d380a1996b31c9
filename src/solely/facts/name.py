"""Names on their face: present, no placeholder, no mere initials; real odd names pass (R-23, R-88, R-94).

- A word is a placeholder by the versioned lists only, whatever its case, spacing or digits for letters.
- What is a name beside a name (Na Li, Chris Null, Ng Ng) is a placeholder only beside another such word.
- A single name in its passport form (FNU AHMADZAI) goes to a person and is never returned for it.
- A request names a person: a wildcard, a list or a number is no name (R-88).
"""

import re
from functools import lru_cache
from typing import NamedTuple

from solely.confidential import masked
from solely.facts.lexicon import NameLexicon
from solely.folding import fold

_WILD = re.compile(r"[*%?;|&\[\]{}<>\\^$]")
_ORDINAL = re.compile(r"1ST|2ND|3RD|[4-9]TH")
_AS_LETTERS = str.maketrans("01345789", "OIEASTBG")
_DIGIT = re.compile(r"[0-9]")
# "N/A" and "n.a." as written; "N. A." and "N A" are initials, and "Na" is a name.
_NOT_APPLICABLE = re.compile(r"[^\w]*n(?:\s*[/_-]\s*|\.)a[^\w]*", re.IGNORECASE)
_DOUBLED = re.compile(r"(.)\1+")
_LOOK_ALIKES = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХІЈЅ", "ABEZHIKMNOPTYXABEKMHOPCTYXIJS")
_SHORT, _UNKNOWN, _LONG = 3, 7, 9  # letters; from nine on no two real names make a phrase by chance
SUFFIXES = frozenset({"JR", "SR", "II", "III", "IV", "V"})
_EMBEDDED = SUFFIXES - {"V"}  # V behind a name may be an initial

# What one field is, by itself.
EMPTY, NAME, INITIALS, STRONG, WEAK, UNNAMED, WILD = range(7)


@masked
class PersonName(NamedTuple):
    """The folded tokens of a name and its usual suffix ("" where none)."""

    given: tuple[str, ...]
    middle: tuple[str, ...]
    family: tuple[str, ...]
    suffix: str


@masked
class NameJudgment(NamedTuple):
    """OK, SINGLE, PLACEHOLDER, INITIALS or MISSING; element at fault, rule, one sentence, tokens."""

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


NO_FIELD = NameField(EMPTY)
_REASONS = {
    "OK": "the name is complete",
    "SINGLE": "a single name goes to a person",
    "PLACEHOLDER": "a phrase stands where the name belongs",
    "INITIALS": "initials alone are no name",
    "MISSING": "given and family name are both needed",
    "WILD": "a request names one person, in letters",
}


class _Phrases(NamedTuple):
    """What the lists come to, worked out once: phrases by field, without spaces, and the words they are of."""

    anywhere: frozenset[str]
    given: frozenset[str]
    long: frozenset[str]
    whole_words: frozenset[str]
    single_words: frozenset[str]
    filler: frozenset[str]
    telling: frozenset[str]
    opens: frozenset[str]
    closes: frozenset[str]


@lru_cache(maxsize=8)
def _phrases(
    anywhere: frozenset[str],
    given: frozenset[str],
    whole: frozenset[str],
    linking: frozenset[str],
    telling: frozenset[str],
) -> _Phrases:
    everywhere = anywhere | whole
    long = frozenset(each for each in (p.replace(" ", "") for p in everywhere) if len(each) >= _LONG)
    return _Phrases(
        anywhere=everywhere,
        given=everywhere | given,
        long=long,
        whole_words=frozenset(word for phrase in everywhere for word in phrase.split()),
        single_words=frozenset(each for each in anywhere if " " not in each),
        filler=linking | telling,
        telling=telling,
        opens=frozenset(each[:n] for each in long for n in range(1, len(each))),
        closes=frozenset(each[n:] for each in long for n in range(1, len(each))),
    )


class NameJudge:
    """Judges names under one lexicon."""

    def __init__(self, lexicon: NameLexicon) -> None:
        self._lexicon = lexicon
        self._phrases = _phrases(
            lexicon.anywhere, lexicon.given, lexicon.whole, lexicon.linking, lexicon.telling
        )

    def given_field(self, text: str | None) -> NameField:
        """The given name by itself."""
        return self._field(text, self._phrases.given, self._phrases.opens)

    def family_field(self, text: str | None) -> NameField:
        """The family name by itself; a suffix written behind it is taken off."""
        field = self._field(text, self._phrases.anywhere, self._phrases.closes)
        if field.kind == NAME and len(field.words) > 1:
            suffix = self._lexicon.suffixes.get(field.words[-1], "")
            if suffix in _EMBEDDED and field.words[-1] not in ("2", "3", "4"):
                return field._replace(words=field.words[:-1], suffix=suffix)
        return field

    def middle_field(self, text: str | None) -> NameField:
        """The middle name by itself; a word for "none" is none."""
        if text is None:
            return NO_FIELD
        folded = fold(text)
        if folded in self._lexicon.empty or folded in self._phrases.single_words:
            return NO_FIELD
        return NameField(WILD if _WILD.search(text) else NAME, tuple(folded.split()))

    def suffix(self, text: str | None) -> str:
        """The usual form of a suffix; an unlisted one is kept, so that it never agrees by chance."""
        folded = fold(text) if text else ""
        if not folded or folded in self._lexicon.empty:
            return ""
        return self._lexicon.suffixes.get(folded, folded)

    def combine(self, given: NameField, middle: NameField, family: NameField) -> tuple[str, str]:
        """The verdict on a whole name and the element that decides it; WILD is a placeholder by R-88."""
        for field, element in ((given, "given_name"), (family, "family_name"), (middle, "middle_name")):
            if field.kind == WILD:
                return "WILD", element
        if self._is_whole_placeholder(given, middle, family):
            return "PLACEHOLDER", "family_name" if family.kind == STRONG != given.kind else "given_name"
        if EMPTY in (given.kind, family.kind):
            return "MISSING", "given_name" if given.kind == EMPTY else "family_name"
        if UNNAMED in (given.kind, family.kind):
            return "SINGLE", "given_name" if given.kind == UNNAMED else "family_name"
        if given.kind == family.kind == INITIALS and all(len(each) == 1 for each in middle.words):
            return "INITIALS", "given_name"
        return "OK", "given_name"

    def is_plain(self, given: NameField, middle: NameField, family: NameField) -> bool:
        """True for the usual name, whose fields cannot make a phrase of one another: decided at once."""
        if not given.kind == family.kind == NAME or middle.kind == WILD:
            return False
        return not (given.joins or family.joins) or not (given.joins and family.joins or middle.words)

    def _is_whole_placeholder(self, given: NameField, middle: NameField, family: NameField) -> bool:
        kinds = {given.kind, family.kind}
        if STRONG in kinds or kinds <= {UNNAMED, WEAK}:
            return True
        if EMPTY in kinds:
            return False
        first, last = _spelled(given.words), _spelled(family.words)
        between = middle.words
        if self._is_phrase(first + last, self._phrases.anywhere):
            return True
        if "".join(first + last) in self._phrases.long or _is_spelled_out(
            given, family, self._phrases.anywhere
        ):
            return True
        return bool(between) and (
            self._is_phrase(first + between, self._phrases.given)
            or self._is_phrase(between + last, self._phrases.anywhere)
            or self._is_phrase(first + between + last, self._phrases.anywhere)
        )

    def _is_phrase(self, words: tuple[str, ...], phrases: frozenset[str]) -> bool:
        """True when the words are one listed phrase, single letters aside (JOHN Q DOE), or made of its words."""
        known = self._phrases
        if " ".join(words) in phrases or " ".join(w for w in words if len(w) > 1) in phrases:
            return True
        return (
            len(words) > 1
            and all(each in known.filler for each in words)
            and any(each in known.telling for each in words)
        )

    def _field(self, text: str | None, strong: frozenset[str], edges: frozenset[str]) -> NameField:
        if text is None:
            return NO_FIELD
        if _WILD.search(text):
            return NameField(WILD)
        folded = fold(text)
        words = tuple(folded.split())
        if not words:
            return NameField(STRONG) if text.strip() else NO_FIELD
        # Spaced letters are one word; whole words stay apart, or Pen Ding would be PENDING.
        joined = "".join(words) if all(len(each) == 1 for each in words) else folded
        if _NOT_APPLICABLE.fullmatch(text) or self._is_strong(words, joined, strong):
            return NameField(STRONG, words)
        if _DIGIT.search(joined) and not all(_ORDINAL.fullmatch(w) or w.isalpha() for w in words):
            return NameField(WILD, words)
        return NameField(self._ordinary_kind(joined, words), words, joins=self._joins(words, edges))

    def _joins(self, words: tuple[str, ...], edges: frozenset[str]) -> bool:
        known = self._phrases
        long_words = [each for each in words if len(each) > 1]
        return "".join(words) in edges or all(
            each in known.whole_words or each in known.filler for each in long_words
        )

    def _is_strong(self, words: tuple[str, ...], joined: str, strong: frozenset[str]) -> bool:
        if not joined.isascii():
            joined = _plain_letters(joined)
        for each in (joined, joined.translate(_AS_LETTERS)):
            # Two or three spaced letters are initials (T. B. A. Rao), unless they are one letter thrice.
            if (each in strong and (len(words) == 1 or len(joined) > 3)) or each.replace(
                " ", ""
            ) in self._phrases.long:
                return True
        if len(joined) > 2 and joined != "III" and len(set(joined)) == 1:
            return True
        if len(joined) >= _UNKNOWN and _DOUBLED.sub(r"\1", joined) in self._phrases.single_words:
            return True
        if len(words) == 1:
            return False
        if all(each in self._phrases.single_words for each in words):
            return True
        return self._is_phrase(tuple(joined.split()), strong)

    def _ordinary_kind(self, joined: str, words: tuple[str, ...]) -> int:
        if joined in self._lexicon.unnamed:
            return UNNAMED
        if joined in self._lexicon.together:
            return WEAK
        # Initials are a matter of alphabets: one character of another script may be a whole name.
        if all(len(each) == 1 and each.isascii() for each in words):
            return INITIALS
        return NAME


def _spelled(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words, or the one word that they spell letter by letter."""
    is_spelled = len(words) > 2 and all(len(each) == 1 for each in words)
    return ("".join(words),) if is_spelled else words


def _is_spelled_out(given: NameField, family: NameField, phrases: frozenset[str]) -> bool:
    """True when both fields together spell one word letter by letter (U N K | N O W N)."""
    letters = given.words + family.words
    return len(letters) > _SHORT and all(len(each) == 1 for each in letters) and "".join(letters) in phrases


def _plain_letters(joined: str) -> str:
    """The word with Greek and Cyrillic look-alikes as the Latin letters among which they stand."""
    return joined.translate(_LOOK_ALIKES) if re.search("[A-Z]", joined) else joined


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
    """The name from its fields; the suffix field stands before one written behind the family name."""
    if suffix and family.suffix and suffix != family.suffix:
        return PersonName(given.words, middle.words, (*family.words, family.suffix), suffix)
    return PersonName(given.words, middle.words, family.words, suffix or family.suffix)


def _judgment(verdict: str, element: str, name: PersonName) -> NameJudgment:
    rule = {"OK": None, "SINGLE": "R-94", "WILD": "R-88"}.get(verdict, "R-23")
    return NameJudgment(
        "PLACEHOLDER" if verdict == "WILD" else verdict, element, rule, _REASONS[verdict], name
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
    if whole.kind == STRONG or len(words) < 2:
        return _single(whole)
    middle = " ".join(words[1:-1]) or None
    return judge_with(judge, (words[0], middle, words[-1], suffix if suffix in _EMBEDDED else None))


def _single(field: NameField) -> NameJudgment:
    verdict = {
        EMPTY: "MISSING", NAME: "SINGLE", INITIALS: "INITIALS", WILD: "WILD",
    }.get(field.kind, "PLACEHOLDER")  # fmt: skip
    return _judgment(verdict, "given_name", PersonName(field.words, (), (), ""))
