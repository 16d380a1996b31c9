"""Words that stand where an address should: placeholders, facilities, mail agencies (R-25, R-29, R-31).

- Look-alike digits (UNKN0WN), doubled letters and one typing slip in a long word are read through.
- A phrase counts wherever it stands; a single word counts only where no street can be called so.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from solely.facts.address_tables import AddressTables, skeleton
from solely.facts.remembered import remembered

_SPELLED_MIN = 4
Phrases = Mapping[str, tuple[tuple[str, ...], ...]]


def first_phrase(words: Sequence[str], phrases: Phrases) -> tuple[int, int] | None:
    """Where the first phrase of the list stands in `words` (start, stop), the longest first; else None."""
    for start, word in enumerate(words):
        for phrase in phrases.get(word, ()):
            if tuple(words[start : start + len(phrase)]) == phrase:
                return start, start + len(phrase)
    return None


def read_through(word: str, tables: AddressTables) -> str:
    """The lexicon's word that `word` stands for, by look-alike signs or one slip; else `word` itself."""
    return reader(tables)(word)


@lru_cache(maxsize=8)
def reader(tables: AddressTables) -> Callable[[str], str]:
    """`read_through` under these tables."""
    return remembered(lambda word: _read_through(word, tables))


def _read_through(word: str, tables: AddressTables) -> str:
    if word in tables.vocabulary or word.isdigit():
        return word
    if len(word) >= 3 and len(set(word)) == 1:
        return "XXX"
    if not word.isalpha():
        return tables.skeletons.get(skeleton(word), word)
    if not 6 <= len(word) <= 24 or word in tables.classes:
        return word
    return tables.near.get(word) or _one_letter_off(word, tables) or word


def _one_letter_off(word: str, tables: AddressTables) -> str:
    for place in range(len(word)):
        shorter = word[:place] + word[place + 1 :]
        if shorter in tables.vocabulary and len(shorter) >= 7:
            return shorter
        if shorter in tables.near:
            return tables.near[shorter]
    return ""


def letters_joined(words: Sequence[str]) -> list[str]:
    """`words` with every run of four or more single letters as one word (U N K N O W N)."""
    if list(map(len, words)).count(1) < _SPELLED_MIN:
        return list(words)
    joined: list[str] = []
    run: list[str] = []
    for word in (*words, ""):
        if len(word) == 1 and (word.isalnum() or word in "@$!"):
            run.append(word)
            continue
        is_spelled = len(run) >= _SPELLED_MIN and any(letter.isalpha() for letter in run)
        joined.extend(["".join(run)] if is_spelled else run)
        run = []
        if word:
            joined.append(word)
    return joined
