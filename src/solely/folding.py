"""Text folded for comparison, so that formatting alone never decides (R-40).

- `fold` removes case, accents, apostrophes and punctuation, and single-spaces the rest.
- `tokens` splits a folded text at spaces; a hyphen separates, an apostrophe joins (O'BRIEN is OBRIEN).
- Letters that NFKD does not take apart are spelled as passports spell them (ICAO Doc 9303 part 3, section 6).
"""

import re
import unicodedata
from functools import lru_cache

_SPELLED = str.maketrans(
    {
        "ß": "SS", "ẞ": "SS", "Æ": "AE", "Ø": "O", "Œ": "OE", "Þ": "TH", "Ð": "D", "Đ": "D", "Ł": "L",
        "ı": "I", "Ħ": "H", "Ŧ": "T", "Ŋ": "N", "Ə": "E",
        "'": "", "’": "", "‘": "", "ʼ": "", "`": "", "´": "", "\u02bb": "",
    }
)  # fmt: skip
# What shows as nothing and is neither white space nor a control: default ignorable (Unicode 16.0) or blank.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BETWEEN = re.compile(r"[\W_]+")
# The same for ASCII in one pass: letters to capitals, apostrophes away, all else but digits to a space.
_ASCII = {c: chr(c).upper() if chr(c).isalnum() else " " for c in range(128)} | {ord("'"): "", ord("`"): ""}


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """`text` in upper case without accents or punctuation, words one space apart; pure and idempotent."""
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    spelled = text.upper().translate(_SPELLED)
    apart = unicodedata.normalize("NFKD", spelled)
    plain = "".join(c for c in apart if not unicodedata.combining(c)).upper().translate(_SPELLED)
    return _BETWEEN.sub(" ", plain).strip()


def words(text: str) -> list[str]:
    """The same words as of `fold`, uncached: for long texts that hardly repeat."""
    return text.translate(_ASCII).split() if text.isascii() else fold(text).split()


def tokens(text: str | None) -> tuple[str, ...]:
    """The folded words of `text`, in order; none for None or blank."""
    return tuple(fold(text).split()) if text else ()
