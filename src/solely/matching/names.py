"""What is known of names themselves: particles, generational suffixes, sounds, and how many bear a name.

- "Two real names are never a typo": a written token that is a name is never read as a slip for another one
  (matching.md 5). A name is what stands in the shipped list, or has enough bearers among the N records.
- Floors grow with N (contracts 5); the rarity of a name is its share of N, in whole bits.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from solely.folding import fold

# Words that join a family name and say little alone; where a family name has nothing else (Le, Van, Do, San)
# they count like any other name.
PARTICLES = frozenset(
    {
        "DE", "LA", "LAS", "LOS", "DEL", "DELA", "DA", "DO", "DOS", "DAS", "DI", "DU", "LE", "EL",
        "AL", "VAN", "VON", "DER", "DEN", "TER", "TEN", "Y", "E", "MC", "MAC", "ST", "SAN", "SANTA",
        "BIN", "BINT", "IBN", "BEN", "ABU", "ABD", "O",
    }
)  # fmt: skip

# Those, and SAINT in its spellings, which the keys of an index take for names: each says little alone.
JOINING = PARTICLES | {"STE", "STA", "SAINT", "SAINTE"}

# What stands between two surnames of one person (RAMON Y CAJAL, SOUZA E SILVA) and says nothing of who it is.
CONJUNCTIONS = frozenset({"Y", "E"})

# Words that forms write short: the full ones where the other side has these. MA alone is a name of its own.
SHORT_GIVEN: Mapping[str, str] = {"MA": "MARIA"}
SHORT_FAMILY: Mapping[str, str] = {"ST": "SAINT", "STE": "SAINTE", "STA": "SANTA"}

# Given names with a letter that one writes in two and another in one (JÖRG, HÅKON). A list and no rule: of
# given names that differ in such letters most are two, as DANA and DANAE, JO and JOE, MICHAL and MICHAEL.
SPELLED_GIVEN: Mapping[str, str] = {
    "AAKE": "AKE", "AASE": "ASE", "BAERBEL": "BARBEL", "BJOERN": "BJORN", "GOERAN": "GORAN",
    "GOESTA": "GOSTA", "GUELAY": "GULAY", "GUELSEN": "GULSEN", "GUENTER": "GUNTER", "GUENTHER": "GUNTHER",
    "HAAKAN": "HAKAN", "HAAKON": "HAKON", "HAAVARD": "HAVARD", "HUESEYIN": "HUSEYIN", "JOERG": "JORG",
    "JOERGEN": "JORGEN", "JOERN": "JORN", "JUERGEN": "JURGEN", "KAETHE": "KATHE", "OEMER": "OMER",
    "OEZGUER": "OZGUR", "OEZLEM": "OZLEM", "PAAL": "PAL", "RUEDIGER": "RUDIGER", "SOEREN": "SOREN",
    "SUELEYMAN": "SULEYMAN", "TUERKAN": "TURKAN", "UEMIT": "UMIT", "YUEKSEL": "YUKSEL",
}  # fmt: skip

SUFFIXES: Mapping[str, str] = {
    "JR": "JR", "JUNIOR": "JR", "JNR": "JR", "SR": "SR", "SENIOR": "SR", "SNR": "SR",
    "I": "I", "1ST": "I", "II": "II", "2ND": "II", "III": "III", "3RD": "III", "IV": "IV", "4TH": "IV",
    "V": "V", "5TH": "V", "VI": "VI",
    "SECOND": "II", "THIRD": "III", "FOURTH": "IV",
    "FILHO": "JR", "HIJO": "JR", "NETO": "NETO", "SOBRINHO": "SOBRINHO",
    "MD": "", "DDS": "", "PHD": "", "ESQ": "", "CPA": "", "RN": "", "DVM": "", "NONE": "",
}  # fmt: skip

# What is read as a suffix where it stands behind a name; I and V may be initials. Behind a given name NETO
# and SECOND may be names, and so are JUNIOR and others where they stand alone.
_GENERATIONS = frozenset({"JR", "SR", "II", "III", "IV", "NETO", "SOBRINHO"})
BEHIND_FAMILY = frozenset(word for word, suffix in SUFFIXES.items() if suffix in _GENERATIONS)
BEHIND_GIVEN = BEHIND_FAMILY - {"FILHO", "HIJO", "NETO", "SOBRINHO", "SECOND", "THIRD", "FOURTH"}

# Ä, Ö, Ü and Å in two letters (ICAO Doc 9303 part 3, section 6): before a consonant, after none but these.
_IN_TWO_LETTERS = re.compile("(?<![AEIOUY])(AE|OE|UE|AA)(?=[BCDFGHJKLMNPQRSTVWXZ])")
PLAIN_LETTERS_MIN = 4  # XUE and XU, BAEZ and BAZ are families of their own

_SOUNDS = str.maketrans("BFPVCGJKQSXZDTLMNRAEIOUYHW", "11112222222233455600000099")


def suffix_of(text: str | None) -> str:
    """The generational suffix in one spelling (JR, SR, II …); "" for none and for a profession's letters.

    An unknown one keeps its folded words, so that it contradicts whatever is not the same.
    """
    if not text:
        return ""
    folded = fold(text).replace(" ", "")
    return SUFFIXES.get(folded, folded)


def part_suffix(
    words: tuple[str, ...], behind: frozenset[str], least: int = 1
) -> tuple[tuple[str, ...], str]:
    """The folded words of a name field without the suffix behind them, and that suffix ("" for none).

    `behind` are the words that are one there, `least` how many words of a name must stand before it.
    """
    if len(words) > least and words[-1] in behind:
        return words[:-1], SUFFIXES[words[-1]]
    return words, ""


@lru_cache(maxsize=65536)
def sound_of(token: str) -> str:
    """The American Soundex of a folded token (first letter, three digits); the token itself if it has digits.

    Soundex as the National Archives describe it: H and W do not part equal sounds, vowels do.
    """
    if not token.isalpha() or not token.isascii():
        return token[:4]
    digits = token.translate(_SOUNDS).replace("9", "")
    first = token[0].translate(_SOUNDS)
    if token[0] not in "HW":
        digits = digits[1:]
    kept = [b for a, b in pairwise([first, *digits]) if b not in ("0", a)]
    return (token[0] + "".join(kept) + "000")[:4]


def plain_spelling(family: str) -> str:
    """A family name's token with each umlaut in one letter: MULLER of MUELLER; of short ones as it is."""
    plain = _IN_TWO_LETTERS.sub(lambda pair: pair[0][0], family)
    return plain if len(plain) >= PLAIN_LETTERS_MIN else family


def significant(family: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens of a family name that tell families apart: without particles, unless it has only these."""
    kept = tuple(each for each in family if each not in PARTICLES)
    return kept or family


@dataclass(frozen=True, slots=True)
class NameStatistics:
    """How many of the N records bear each name token, the shipped list, and the streets of each ZIP.

    `bearers` may leave out tokens below the floor. `streets` holds hashes of (ZIP, street) pairs made by
    `keys.street_hash`; `common_streets` street names that enough record addresses have, in any ZIP.
    """

    records: int = 0
    bearers: Mapping[str, int] = field(default_factory=dict)
    shipped: frozenset[str] = frozenset()
    streets: Container[int] = frozenset()
    common_streets: frozenset[str] = frozenset()

    @property
    def bearers_min(self) -> int:
        """From how many bearers a token is a name: max(1, ceil(20 N / 10^7)) (contracts 5)."""
        return bearers_min(self.records)

    def is_name(self, token: str) -> bool:
        """True when `token` is a name of somebody, so that it can be no typo for another name."""
        return token in self.shipped or self.bearers.get(token, 0) >= self.bearers_min

    def rarity_bits(self, token: str) -> int:
        """How rare the name is: the whole bits of N / bearers, at least 0."""
        count = max(self.bearers.get(token, 0), 1)
        return max((self.records // count).bit_length() - 1, 0)


def bearers_min(records: int) -> int:
    """From how many bearers among `records` a token counts as a name (contracts 5)."""
    return max(1, -(-20 * records // 10**7))
