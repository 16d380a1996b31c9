"""The words of a national world: names with a long tail of rare ones, and the streets of every ZIP Code.

- Common names are those of the demo; they get unequal frequencies, as names have.
- The tail is made up. It is in no shipped list, so a name of it is known as one by its bearers alone.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from demo import names, places

Codes = NDArray[np.int32]
_FAMILY_ENDINGS = (
    "AN", "EN", "ER", "ES", "ET", "EY", "IN", "IS", "ON", "OR", "SON", "MAN", "TON", "ELL", "ARD", "OW",
    "ING", "IER", "O", "A", "OS", "EZ", "OVA", "SKI",
)  # fmt: skip
_GIVEN_ENDINGS = ("A", "O", "E", "Y", "IE", "INE", "ITA", "ITO", "ETTE", "ELLE", "US", "IN")
_RARE_FAMILY, _RARE_GIVEN = 0.14, 0.05  # shares of people whose name is of the tail
STREETS_PER_ZIP = 60
SUFFIXES = ("ST", "AVE", "RD", "DR", "LN", "CT", "BLVD", "PL", "WAY", "CIR", "TER")
DIRECTIONS = ("", "", "", "", "", "", "N", "S", "E", "W")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by code, 0 the empty one; `origins` holds for each origin its codes and cumulated weights."""

    words: NDArray[np.object_]
    origins: tuple[tuple[Codes, NDArray[np.float64]], ...]

    def draw(self, rng: np.random.Generator, origins: NDArray[np.int8]) -> Codes:
        """One word for each person of these origins."""
        chosen = np.zeros(len(origins), dtype=np.int32)
        for origin, (codes, cumulated) in enumerate(self.origins):
            here = np.flatnonzero(origins == origin)
            chosen[here] = codes[np.searchsorted(cumulated, rng.random(len(here)))]
        return chosen


def _vocabulary(common: dict[str, tuple[str, ...]], tail: tuple[str, ...], share: float) -> Vocabulary:
    every = dict.fromkeys(["", *(word for words in common.values() for word in words), *tail])
    code = {word: place for place, word in enumerate(every)}
    rare = np.array([code[word] for word in tail], dtype=np.int32)
    origins = []
    for origin in names.ORIGINS:
        own = np.array([code[word] for word in common[origin]], dtype=np.int32)
        weights = np.concatenate([(1 - share) * _falling(len(own)), share * _falling(len(rare))])
        origins.append((np.concatenate([own, rare]), np.cumsum(weights) / weights.sum()))
    return Vocabulary(np.array(list(every), dtype=object), tuple(origins))


def _falling(count: int) -> NDArray[np.float64]:
    """Shares that fall with the rank, as those of names do."""
    weights = 1 / (np.arange(count) + 8.0)
    return np.asarray(weights / weights.sum())


@lru_cache(maxsize=1)
def given_names() -> Vocabulary:
    """Given names by origin."""
    tail = [stem + end for words in names.GIVEN.values() for stem in words for end in _GIVEN_ENDINGS]
    return _vocabulary(names.GIVEN, tuple(dict.fromkeys(tail)), _RARE_GIVEN)


@lru_cache(maxsize=1)
def family_names() -> Vocabulary:
    """Family names by origin."""
    tail = [stem + end for end in ("", *_FAMILY_ENDINGS) for stem in names.RARE_FAMILY]
    return _vocabulary(names.FAMILY, tuple(dict.fromkeys(tail)), _RARE_FAMILY)


@lru_cache(maxsize=1)
def near_pairs() -> NDArray[np.int32]:
    """Pairs of given names that likeness cannot tell from a slip (matching.md 5)."""
    code = {word: place for place, word in enumerate(given_names().words)}
    return np.array([[code[one], code[two]] for one, two in names.NEAR_NAMES], dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Streets:
    """The ZIP Codes of a world and the streets of each, by code."""

    zips: NDArray[np.object_]
    cities: NDArray[np.object_]
    states: NDArray[np.object_]
    name: Codes  # of (ZIP, street)
    suffix: Codes
    direction: Codes


STREET_NAMES = np.array(places.STREET_NAMES, dtype=object)


def streets_of(seed: int, count: int) -> Streets:
    """`count` ZIP Codes and their streets; the same for the same seed."""
    rng = np.random.default_rng([seed, 1])
    table = places.common_zips()
    chosen = rng.choice(len(table), size=min(count, len(table)), replace=False)
    shape = (len(chosen), STREETS_PER_ZIP)
    return Streets(
        zips=np.array([table[each][0] for each in chosen], dtype=object),
        cities=np.array([table[each][1].cities[0] for each in chosen], dtype=object),
        states=np.array([table[each][1].state for each in chosen], dtype=object),
        name=rng.integers(0, len(STREET_NAMES), shape).astype(np.int32),
        suffix=rng.integers(0, len(SUFFIXES), shape).astype(np.int32),
        direction=rng.integers(0, len(DIRECTIONS), shape).astype(np.int32),
    )
