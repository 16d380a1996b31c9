"""Words that stand where an address should: placeholders, facilities, mail agencies (R-25, R-29, R-31).

- Look-alike digits (UNKN0WN), doubled letters and one typing slip in a long word are read through.
- A phrase counts wherever it stands; a single word counts only where no street can be called so.
- A facility's word is also known shortened (DET CTR) and within a longer one (COUNTYJAIL).
"""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from functools import lru_cache

from solely.facts.address_tables import AddressTables, shown, skeleton
from solely.facts.address_text import BREAK, shape
from solely.facts.remembered import remembered

SPELLED_MIN = 4
Phrases = Mapping[str, tuple[tuple[str, ...], ...]]


def first_phrase(
    words: Sequence[str], phrases: Phrases, but: tuple[int, int] = (0, 0)
) -> tuple[int, int] | None:
    """Where the first phrase of the list stands in `words` (start, stop), the longest first; else None.

    A phrase that lies within the span `but` (a street's name) is passed over.
    """
    for start, word in enumerate(words):
        for phrase in phrases.get(word, ()):
            stop = start + len(phrase)
            if tuple(words[start:stop]) == phrase and not (but[0] <= start and stop <= but[1]):
                return start, stop
    return None


def read_through(word: str, tables: AddressTables) -> str:
    """The lexicon's word that `word` stands for, by look-alike signs or one slip; else `word` itself."""
    return reader(tables)(word)


@lru_cache(maxsize=8)
def reader(tables: AddressTables) -> Callable[[str], str]:
    """`read_through` under these tables."""
    return remembered(lambda word: _read_through(word, tables))


@lru_cache(maxsize=8)
def quiet(tables: AddressTables) -> Callable[[str], bool]:
    """Whether a word says nothing against an address, whatever stands beside it; else it is looked at."""
    seen = reader(tables)

    def is_quiet(word: str) -> bool:
        letter = tables.classes.get(word) or shape(word)
        if letter in "wl" and (seen(word) != word or parted(tables)(word) or endless(tables)(word)):
            return False
        return word not in tables.suspicious

    return remembered(is_quiet)


@lru_cache(maxsize=8)
def parted(tables: AddressTables) -> Callable[[str], tuple[str, ...]]:
    """The words that say something, of which a word is run together (SUBJECTREFUSED) or which it is with a
    slip of the hand (RLEEASED); none for any other."""
    return remembered(lambda word: _parted(word, tables))


def _parted(word: str, tables: AddressTables) -> tuple[str, ...]:
    if not word.isalpha() or is_known(word, tables) or word in tables.signs:
        return ()
    for each in (word, *(f"{word[:place]}?{word[place + 1 :]}" for place in range(len(word)))):
        if each in tables.misspelt:
            return (tables.misspelt[each],)
    if not _RUN_MIN <= len(word) <= _RUN_MAX:
        return ()
    pieces = _cut(word, tables.sayable) or ("",)
    is_long = max(map(len, pieces)) >= _PIECE_MIN and len(pieces[-1]) > len("NO")
    return pieces if len(pieces) > 1 and is_long else ()


def _cut(word: str, known: Container[str]) -> tuple[str, ...]:
    """The fewest known words that `word` is made of, of as few those whose last is the longest; else none."""
    fewest: list[tuple[str, ...] | None] = [(), *[None] * len(word)]  # of the letters up to each place
    for stop in range(1, len(word) + 1):
        for start in range(stop):
            before, piece = fewest[start], word[start:stop]
            if before is None or piece not in known:
                continue
            best = fewest[stop]
            if best is None or len(before) + 1 < len(best):
                fewest[stop] = (*before, piece)
    return fewest[-1] or ()


def is_known(word: str, tables: AddressTables) -> bool:
    """True for a word of English or of addresses, a town's name and one by which streets are called."""
    lists = tables.classes, tables.towns, tables.common, tables.called, tables.states
    return any(word in each for each in lists)


@lru_cache(maxsize=8)
def endless(tables: AddressTables) -> Callable[[str], bool]:
    """Whether a word is known nowhere and longer than any of a street's name, or three words or more."""

    def is_endless(word: str) -> bool:
        if not (len(word) >= _SENTENCE_MIN and word.isalpha()) or is_known(word, tables):
            return False
        return len(word) > _NAME_MAX or len(_cut(word, tables.running)) >= _SENTENCE_WORDS

    return remembered(is_endless)


_RUN_MIN, _RUN_MAX = 7, 40  # letters of what is run together
_SENTENCE_MIN, _SENTENCE_WORDS = 12, 3  # letters and words of a sentence that is run together
_NAME_MAX = 17  # letters of one word in a street's name
_PIECE_MIN = 5  # of its longest word: shorter ones make up names (CON TENT)


def _read_through(word: str, tables: AddressTables) -> str:
    if word in tables.vocabulary or word.isdigit():
        return word
    if len(word) >= 3 and (_is_one_letter(word) or (_is_unspoken(word) and word not in tables.classes)):
        return "XXX"
    if not word.isalpha():
        return word if _DESIGNATION.fullmatch(word) else tables.skeletons.get(skeleton(word), word)
    if word in tables.classes or word in tables.towns or word in tables.facility_bodies:
        return word
    if _is_bent(word):
        return "UNKNOWN"
    if len(word) >= _REVERSED_MIN and word[::-1] in tables.placeholder_words:
        return word[::-1]
    if not 6 <= len(word) <= 24:
        return word
    alike = tables.looks.get(shown(word)) or _one_letter_off(word, tables.vocabulary, tables.near)
    return alike or _facility_word(word, tables)


# of a flat or a house, and no word in disguise: B14, 78A
_DESIGNATION = re.compile(r"[A-Z]\d{2,}[A-Z]?|\d+[A-Z]")


def _is_bent(word: str) -> bool:
    """True for the letters of UNKNOWN in another order or number (UNKWN, NWONKNU); UNUK is a river."""
    if "K" not in word or "U" not in word or not _UNKNOWN.issuperset(word) or len(word) < _BENT_MIN:
        return False
    return "N" in word and ("W" in word or word[:3] in ("UNK", "UKN"))


_BENT_MIN, _REVERSED_MIN, _UNKNOWN = 4, 5, frozenset("UNKOW")
_UNSPOKEN_MIN = 6  # letters without a vowel: PLSNT is PLEASANT
_KEYS = re.compile("|".join(sorted(
    {row[at : at + 4] for row in ("ASDFGHJKL", "LKJHGFDSA") for at in range(6)}
    | {row[at : at + 4] for row in ("ZXCVBNM", "MNBVCXZ") for at in range(4)}
    | {row[at : at + 5] for row in ("QWERTYUIOP", "POIUYTREWQ") for at in range(6)}
    | {"ABCD", "WXYZ", "XYZ", "UIOP", "POIU", "YUIO", "TYUI", "RTYU", "WASD", "QAZW", "QWER"}
)))  # fmt: skip


# letters that no name has side by side, in any language written in Latin letters (DIJKSTRA has J K)
_NEVER = re.compile(
    r"(?<!I)JK|KJ|WQ|QX|QZ|QJ|JQ|QV|VQ|XJ|JX|XZ|JZ|ZJ|VX|QF|FQ|QG|QK|JV|VJ|WX|KX|QD|QP|QH|QM|QN|QC|QW(?!Y)"
)
_VOWEL = re.compile("[AEIOUY]")
_VOWELS_MIN = 5  # a name has one in so many letters
_JUNK_MAX = 8  # letters that a hand strikes at once
_KEY_ROWS = [row[::way] for row in ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM") for way in (1, -1)]
# keys side by side, struck over and over: ASDASD
_KEYS_TWICE = re.compile(
    f"({'|'.join(row[at : at + 3] for row in _KEY_ROWS for at in range(len(row) - 2))})\\1+"
)
_TWO_TWICE = re.compile(r"([B-DF-HJ-NP-TV-XZ]{2})\1+")  # GHGH


def _is_one_letter(word: str) -> bool:
    """True for one letter all along, but for the third of a name (III), or one four times (ZZZZT)."""
    return (len(set(word)) == 1 and word != "III") or (word.isalpha() and _FOURFOLD.search(word) is not None)


_FOURFOLD = re.compile(r"(.)\1{3}")


def _is_unspoken(word: str) -> bool:
    """True for keys or letters in a row (ASDF, LKJH, WXYZ), letters that no word has side by side, and six
    letters or more without a vowel."""
    if not (word.isascii() and word.isalpha()):
        return False
    if _KEYS.search(word) or _KEYS_TWICE.fullmatch(word) or _TWO_TWICE.fullmatch(word):
        return True
    spoken = len(_VOWEL.findall(word))
    # one letter of a name, which has its vowels or is long: WASHINGQON
    is_slip = spoken * _VOWELS_MIN >= len(word) or len(word) > _JUNK_MAX
    return (not spoken and len(word) >= _UNSPOKEN_MIN) or (not is_slip and _NEVER.search(word) is not None)


def facility_words(words: Sequence[str], tables: AddressTables) -> list[str]:
    """`words` as the phrases of facilities and mail agencies have them, each for itself."""
    return list(map(_facility_reader(tables), words))


@lru_cache(maxsize=8)
def _facility_reader(tables: AddressTables) -> Callable[[str], str]:
    return remembered(lambda word: _facility_word(tables.facility_short.get(word, word), tables))


def _facility_word(word: str, tables: AddressTables) -> str:
    if word in tables.facility_words or word in tables.classes or not word.isalpha():
        return word
    for stem in tables.facility_stems:
        if stem in word:
            return tables.facility_stems[stem]
    if word.startswith("JAIL") or word.endswith("JAIL"):
        return "JAIL"
    return _one_letter_off(word, tables.facility_words, tables.facility_near) or word


def _one_letter_off(word: str, vocabulary: Container[str], near: Mapping[str, str]) -> str:
    """The long word of the vocabulary from which one letter lacks, or is too many, or another; else ""."""
    if not 6 <= len(word) <= 24:
        return ""
    if word in near:
        return near[word]
    for place in range(len(word)):
        shorter = word[:place] + word[place + 1 :]
        if shorter in vocabulary and len(shorter) >= 7:
            return shorter
        if shorter in near:
            return near[shorter]
    return ""


def may_be_spelled(words: Sequence[str]) -> bool:
    """True with four words or more of one letter or digit each."""
    return list(map(len, words)).count(1) - words.count(BREAK) >= SPELLED_MIN


def letters_joined(words: Sequence[str]) -> list[str]:
    """`words` with every run of four or more single letters as one word (U N K N O W N)."""
    if not may_be_spelled(words):
        return list(words)
    joined: list[str] = []
    run: list[str] = []
    for word in (*words, ""):
        if len(word) == 1 and (word.isalnum() or word in "@$!"):
            run.append(word)
            continue
        is_spelled = len(run) >= SPELLED_MIN and any(letter.isalpha() for letter in run)
        joined.extend(["".join(run)] if is_spelled else run)
        run = []
        if word:
            joined.append(word)
    return joined
