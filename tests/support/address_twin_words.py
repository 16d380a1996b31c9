"""The words of a text and their grammar letters for the judge's slow twin, one character at a time."""

import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache

from solely.facts.address_tables import DIRECTIONALS, AddressTables
from tests.support.address_twin_labels import unlabelled


def _plain(text: str) -> str:
    """Upper case without accents; a fraction in one sign stands written out."""
    for sign, written in (("½", " 1/2"), ("¼", " 1/4"), ("¾", " 3/4")):
        text = text.replace(sign, written)
    text = text.upper()
    for sign, written in (("Æ", "AE"), ("Œ", "OE"), ("Þ", "TH"), ("Ð", "D")):
        text = text.replace(sign, written)
    decomposed = unicodedata.normalize("NFKD", _as_latin(text))
    hidden = {c for c in decomposed if unicodedata.combining(c) or unicodedata.category(c) == "Cf"}
    return _as_latin("".join(c for c in decomposed if c not in hidden).upper())


_SIGNS = "АВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ’‘ʼʻ′`´–—‐‑−\u00a0ØŁĐ"
_LATIN = "ABEKMHOPCTYXIJSABEZHIKMNOPTYX" + "'" * 7 + "-" * 5 + " OLD"


def _as_latin(text: str) -> str:
    return "".join(_LATIN[_SIGNS.index(c)] if c in _SIGNS else c for c in text)


def words_of(text: str) -> list[str]:
    """The words of `text`, one character at a time."""
    plain = _doubted(unlabelled(_plain(text)))
    words: list[str] = []
    word = ""
    for place, c in enumerate(plain + " "):
        following = plain[place + 1 : place + 2]
        is_doubted = "?" in word or "*" in word
        is_digits = all(each.isdigit() or each in "?*" for each in word)
        is_letter = c == "*" and word[:1].isalpha() and word[1:] == "*" * len(word[1:])
        if word and c in "?*" and ((is_digits and word[0].isdigit()) or is_letter):
            word += c
            continue
        if is_doubted and not (c.isdigit() and is_digits):
            words += [word]
            word = ""
        if _is_word(c) or (word and c in "-/.'" and following and _is_word(following)):
            word += c
            continue
        if word:
            words += _parts(word)
            word = ""
        is_opening = c == "(" and plain[place - 1 : place] not in tuple("0123456789)")
        if c in ",;\n\r|[]" or is_opening or (c == ")" and following != "("):
            words.append(",")
        elif c in "#&%":
            words.append(c)
    return words


def _doubted(plain: str) -> str:
    """The text with one ? for two strokes or more, or a low stroke, behind a digit (6-- QUAIL ST)."""
    said = ""
    at = 0
    while at < len(plain):
        sign = plain[at]
        stop = at
        while stop < len(plain) and plain[stop] == sign:
            stop += 1
        is_left_out = sign == "_" or (sign == "-" and stop - at > 1)
        is_left_out = is_left_out and said[-1:].isdigit()
        said += "?" if is_left_out else plain[at:stop]
        at = stop
    return said


def _is_word(c: str) -> bool:
    return c.isalnum() or c in "@$!+"


def _parts(word: str) -> list[str]:  # noqa: C901 -- one chain, as it is read
    if word in _SLASHED:
        return [_SLASHED[word]]
    word = word.replace("'", "")
    if not any(c in word for c in "-/.") or _is_docket(word.split("-")):
        return [word]
    number, _, fraction = word.partition("-")
    above, _, below = fraction.partition("/")
    if number.isdigit() and above.isdigit() and below.isdigit() and len(above) < 3 and len(below) < 3:
        return [number, fraction]
    for sign in "-/":
        left, _, right = word.partition(sign)
        tail = right[:-1] if sign == "-" and right[-1:].isalpha() else right
        if left.isdigit() and tail.isdigit():
            return [word]
    pieces = word.replace("-", "/").replace(".", "/").split("/")
    if all(piece.isdigit() for piece in pieces) and "-" not in word and "/" not in word:
        return [word]
    if word[:2] == "I-" and word[2:].isdigit():
        return ["INTERSTATE", word[2:]]
    if all(len(piece) == 1 for piece in pieces):
        return ["".join(pieces)]
    if len(pieces) == 2 and "-" in word and any(piece.isdigit() for piece in pieces):
        if min(len(piece) for piece in pieces) == 1 and not all(piece.isalpha() for piece in pieces):
            return ["".join(pieces)]
        if pieces[0][0] in "NSEW" and pieces[1][0] in "NSEW":
            return ["".join(pieces)]
    return pieces


_SLASHED = {"C/O": "C/O", "N/A": "N/A", "N.A": "N.A", "S/N": "SN", "U/K": "N/A", "N/K": "N/A", "N/P": "N/A"}


def _is_docket(pieces: list[str]) -> bool:
    """True for a court's number: a year, what kind of case, which one."""
    kinds = ("CR", "CV", "MJ", "MC", "CF", "CM", "CIV", "CRIM")
    return len(pieces) == 3 and pieces[0].isdigit() and pieces[1] in kinds and pieces[2].isdigit()


_GLUED = (
    "APT", "APTO", "STE", "UNIT", "BLDG", "EDIF", "RM", "FL", "LOT", "SPC", "TRLR", "BOX", "POBOX",
        "POB", "PMB",
    "RR", "RFD", "HC", "HWY", "FM", "CR", "SR", "SH", "US", "IH", "CARR", "PSC", "CMR", "RT", "RTE", "KM",
)  # fmt: skip


def unglued(word: str) -> list[str]:
    """A designator and its number written as one, as two words."""
    for head in _GLUED:
        rest = word[len(head) :]
        number = rest[:-1] if rest[-1:].isalpha() else rest
        if word.startswith(head) and number.isdigit() and word.isalnum():
            return [head, rest]
    if word[:-1] in ("APT", "UNIT") and "A" <= word[-1] <= "N" and word != "UNITE":
        return [word[:-1], word[-1]]
    digits = word.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if digits.isdigit() and 2 <= len(digits) <= 5 and len(word) - len(digits) >= 3:
        return [digits, word[len(digits) :]]
    return [word]


def letter(word: str, tables: AddressTables) -> str:  # noqa: C901 -- one chain, as it is read
    """The grammar letter of a word."""
    if word in tables.classes:
        return tables.classes[word]
    if not word.isascii():
        return "?"
    if word.isdigit():
        return "d" if len(word) <= 6 else "D"
    if word.isalpha():
        return "l" if word in (word[0], word[0] * 2, word[0] * 3) and word != "XXX" else "w"
    runs = _runs(word)
    if _is_ordinal(word, runs):
        return "o"
    if "/" in word:
        left, _, right = word.partition("/")
        return "f" if left.isdigit() and right.isdigit() and len(left) <= 2 and len(right) <= 2 else "?"
    if "-" in word:
        left, _, right = word.partition("-")
        digits = right[:-1] if right[-1:].isalpha() else right
        return "h" if left.isdigit() and digits.isdigit() and len(left) <= 5 and len(digits) <= 5 else "?"
    if "." in word:
        return "k" if word.count(".") == 1 and word.replace(".", "").isdigit() else "?"
    kinds = "".join("d" if run.isdigit() else "a" for run in runs)
    sizes = [len(run) for run in runs]
    if not word.isalnum():
        return "?"
    if kinds == "da" and sizes[1] == 1 and sizes[0] <= 6:
        return "a"
    return _mixed(runs, kinds, sizes)


def _mixed(runs: Sequence[str], kinds: str, sizes: Sequence[int]) -> str:
    is_compass = all(run in ("N", "S", "E", "W") for run in runs if run.isalpha())
    if is_compass:
        if kinds == "ad" and 2 <= sizes[1] <= 6:
            return "g"
        if kinds == "adad" and ((2 <= sizes[1] <= 6) or (1 <= sizes[1] <= 3)) and 1 <= sizes[3] <= 6:
            return "g"
        if kinds == "dad" and sizes[0] <= 3 and sizes[2] <= 5:
            return "g"
    is_other = (
        (kinds in ("ad", "ada") and sizes[0] == 1 and sizes[1] <= 5 and (len(runs) < 3 or sizes[2] == 1))
        or (kinds == "dad" and sizes[0] <= 5 and sizes[1] == 1 and sizes[2] <= 3)
        or (kinds == "da" and sizes[0] <= 4 and sizes[1] == 2)
        or (kinds == "ad" and sizes[0] == 2 and sizes[1] <= 4)
    )
    return "j" if is_other else "?"


def _runs(word: str) -> list[str]:
    runs: list[str] = []
    for c in word:
        if runs and runs[-1][-1].isdigit() == c.isdigit():
            runs[-1] += c
        else:
            runs.append(c)
    return runs


def _is_ordinal(word: str, runs: Sequence[str]) -> bool:
    if len(runs) != 2 or not runs[0].isdigit():
        return False
    digits, tail = runs
    if tail in ("ER", "RA", "DA", "MO", "VO"):
        return True
    ends = {"ST": "1", "ND": "2", "RD": "3", "TH": "0123456789"}
    return tail in ends and len(digits) <= 4 and digits[-1] in ends[tail]


_FIRST_TO_NINTH = ("FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH")
_MEASURED = ("MILE", "POINT", "ACRE", "ROD", "NOTCH", "FOOT", "STAR", "CORNER")
_ALONE = ("TWIN", "DOUBLE", "TRIPLE", "SINGLE", "LONE", "MAIN", "BROAD", "HIGH", "UPPER", "LOWER", "GRAND")
_OFFICES = ("PLAZA", "PLZ", "SQUARE", "SQ", "CENTER", "CTR", "PLACE", "PL")


def in_digits(words: list[str], tables: AddressTables) -> tuple[list[str], str]:
    """The words with the number that they begin with in digits, and whether it is SURE or DOUBTED."""
    said: list[int] = []
    for word in words:
        if word not in tables.numerals:
            break
        said.append(tables.numerals[word])
    rest = words[len(said) :]
    if said and said[-1] > 19 and rest and rest[0] in _FIRST_TO_NINTH:
        said = said[:-1]
        rest = words[len(said) :]
    following = rest[0] if rest else ""
    if not said or said == [1]:
        return words, ""
    is_small = len(said) == 1 and said[0] < 20
    is_plural = following.endswith("S") and tables.classes.get(following) != "r"
    if is_small and (following in ("", ",") or is_plural or following in _MEASURED):
        return words, ""
    is_sure = following in (*DIRECTIONALS, *_ALONE)
    is_sure = is_sure or said[0] > 10 or any(word in _OFFICES for word in rest[1:])
    is_sure = is_sure or following[:1].isdigit() or tables.classes.get(following) in ("c", "E", "r", "s")
    return [_added_up(said), *rest], "DOUBTED" if is_small and not is_sure else "SURE"


def _added_up(said: list[int]) -> str:
    digits, total = "", 0
    for number in said:
        is_round = total > 0 and total % 100 == 0
        is_tens = total % 100 in (20, 30, 40, 50, 60, 70, 80, 90) and number < 10
        if number in (100, 1000):
            total = number * (total or 1)
        elif is_round or is_tens:
            total += number
        else:
            digits, total = digits + (str(total) if total else ""), number
    return str(int(digits + str(total)))


def joined(words: list[str]) -> list[str]:
    """The words, with every run of four or more single letters as one."""
    found: list[str] = []
    at = 0
    while at < len(words):
        stop = at
        while stop < len(words) and len(words[stop]) == 1 and (words[stop].isalnum() or words[stop] in "@$!"):
            stop += 1
        if stop - at >= 4 and any(word.isalpha() for word in words[at:stop]):
            found.append("".join(words[at:stop]))
            at = stop
        else:
            stop = max(stop, at + 1)
            found += words[at:stop]
            at = stop
    return found


_NEVER = (
    "KJ", "WQ", "QX", "QZ", "QJ", "JQ", "QV", "VQ", "XJ", "JX", "XZ", "JZ", "ZJ", "VX", "QF", "FQ", "QG",
    "QK", "JV", "VJ", "WX", "KX", "QD", "QP", "QH", "QM", "QN", "QC",
)  # fmt: skip


def is_unspoken(word: str) -> bool:
    """True for keys or letters in a row, letters never side by side, and six or more without a vowel."""
    runs = ("UIOP", "POIU", "YUIO", "TYUI", "RTYU", "WASD", "QAZW", "QWER")
    is_slip = sum(each in "AEIOUY" for each in word) * 5 >= len(word) or len(word) > 8
    for at in range(len(word) - 1):
        pair, before, after = word[at : at + 2], word[at - 1 : at], word[at + 2 : at + 3]
        is_never = pair in _NEVER or (pair == "JK" and before != "I") or (pair == "QW" and after != "Y")
        if is_never and not is_slip:
            return True
        if word[at : at + 4] in runs:
            return True
    halves = {word[at : at + 2] for at in range(0, len(word), 2)}
    if len(word) > 3 and len(word) % 2 == 0 and len(halves) == 1 and not set(word) & set("AEIOUY"):
        return True
    for row, least in (
        ("XYZ", 3),
        ("QWERTYUIOP", 5),
        ("ASDFGHJKL", 4),
        ("ZXCVBNM", 4),
        ("ABCD", 4),
        ("WXYZ", 4),
    ):
        for at in range(len(word) - least + 1):
            run = word[at : at + least]
            if run in row or (run[::-1] in row and len(row) > 4):
                return True
    return len(word) >= 6 and not set(word) & set("AEIOUY")


def slip(word: str, vocabulary: Collection[str], bent: Collection[str]) -> str | None:
    """The long word that `word` is with one letter too many, or of `bent`, too few or other; else None."""
    if not 6 <= len(word) <= 24:
        return None
    long = sorted(each for each in bent if len(each) >= 7 and abs(len(each) - len(word)) <= 1)
    for each in long:
        if len(each) == len(word) + 1 and word in _shorter(each):
            return each
    for shorter in _shorter(word):
        if shorter in vocabulary and len(shorter) >= 7:
            return shorter
        for each in long:
            if len(each) == len(word) and shorter in _shorter(each):
                return each
    return None


@lru_cache(maxsize=50_000)
def _shorter(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def skeleton(word: str) -> str:
    """The word with letters for the signs that stand for them, none twice in a row."""
    pairs = dict(zip("0134578@$!|+L", "OIEASTBASIITI", strict=True))
    plain = [pairs.get(c, c) for c in word]
    return "".join(c for at, c in enumerate(plain) if at == 0 or plain[at - 1] != c)


@lru_cache(maxsize=50_000)
def shown(word: str) -> str:
    """The word with one sign for letters that a scan takes for each other."""
    alike = {"E": "C", "J": "I", "L": "I", "Q": "G", "0": "O", "1": "I"}
    plain = "M".join(word.split("RN"))
    plain = "H".join(plain.split("LI"))
    return "".join(alike.get(c, c) for c in "D".join(plain.split("CL")))


def seen(word: str, tables: AddressTables) -> str:
    """The lexicon's word that `word` stands for, else `word` itself."""
    if word in tables.vocabulary or word.isdigit():
        return word
    if _is_junk(word, tables):
        return "XXX"
    if not word.isalpha():
        return word if _is_designation(word) else tables.skeletons.get(skeleton(word), word)
    if word in tables.classes or word in tables.towns or word in tables.facility_bodies:
        return word
    turned = _turned(word, tables)
    if turned:
        return turned
    if not 6 <= len(word) <= 24:
        return word
    alike = [each for each in tables.vocabulary if len(each) > 6 and shown(each) == shown(word)]
    slipped = max(alike) if alike else slip(word, tables.vocabulary, tables.vocabulary)
    return facility_word(word, tables) if slipped is None else slipped


def _is_designation(word: str) -> bool:
    """True for 78A, B14 and B14A."""
    if not (word.isascii() and word.isalnum()):
        return False
    runs = _runs(word)
    if runs[0].isdigit():
        return len(runs) == 2 and len(runs[1]) == 1
    return 1 < len(runs) < 4 and all(len(each) == 1 for each in runs[::2]) and len(runs[1]) > 1


def _is_junk(word: str, tables: AddressTables) -> bool:
    """True for one letter all along, one four times, and what nobody can say."""
    if len(word) >= 3 and word == word[0] * len(word) and word != "III":
        return True
    if word.isalpha() and any(word[at : at + 4] == word[at] * 4 for at in range(len(word) - 3)):
        return True
    is_struck = is_unspoken(word) or _is_struck_over(word)
    return word.isascii() and word.isalpha() and len(word) > 2 and word not in tables.classes and is_struck


def _is_struck_over(word: str) -> bool:
    """True for three keys side by side, over and over: ASDASD."""
    piece = word[:3]
    is_over = len(word) > 5 and word == piece * (len(word) // 3)
    rows = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
    return is_over and any(piece in row or piece[::-1] in row for row in rows)


def _turned(word: str, tables: AddressTables) -> str:
    """UNKNOWN for its letters in another order, the listed word for one spelled backwards, else ""."""
    is_of_letters = all(each in "UNKOW" for each in word) and all(each in word for each in "UNK")
    if len(word) > 3 and is_of_letters and ("W" in word or word.startswith(("UNK", "UKN"))):
        return "UNKNOWN"
    back = "".join(reversed(word))
    return back if len(word) > 4 and back in tables.placeholder_words else ""


def facility_word(word: str, tables: AddressTables) -> str:
    """The facility's word that `word` stands for, else `word` itself."""
    if word in tables.facility_words or word in tables.classes or not word.isalpha():
        return word
    for stem, whole in tables.facility_stems.items():
        if stem in word:
            return whole
    if word[:4] == "JAIL" or word[-4:] == "JAIL":
        return "JAIL"
    far = [each for each in tables.facility_words if each not in tables.facility_exact]
    slipped = slip(word, tables.facility_words, far)
    return word if slipped is None else slipped


def is_care(word: str, tables: AddressTables) -> bool:
    """True for C/O and the like."""
    return tables.classes.get(word) == "C"


def city_apart(words: list[str], line: tuple[int, str, str, str, str], tables: AddressTables) -> list[str]:
    """The words with a space before the ZIP's city where it is glued to what ends a street."""
    stop, _, state, zip5, fault = line
    entry = tables.zips.get(zip5)
    if fault != "no_city" or not entry or entry.state != state:
        return words
    for count in range(1, min(entry.words_max, stop - 1) + 1):
        head, *rest = words[stop - count : stop]
        for at in range(1, len(head)):
            is_city = "".join((head[at:], *rest)) in entry.cities
            if is_city and _is_at_end(head[:at], words[stop - count - 1], tables):
                return [*words[: stop - count], head[:at], head[at:], *rest, *words[stop:]]
    return words


def _is_at_end(word: str, before: str, tables: AddressTables) -> bool:
    if any(word in names for names in (tables.suffixes, tables.units, DIRECTIONALS)):
        return True
    return word[:1].isdigit() or (len(word) == 1 and before in ("#", *tables.units))


def pop_zip(words: list[str]) -> str:
    """The ZIP at the end of the words, taken off them with what announces it (ZIP, ZIP CODE)."""
    zip5 = _digits_at_end(words)
    for label in (["ZIP", "CODE"], ["ZIP"], ["ZIPCODE"]):
        if zip5 and words[-len(label) :] == label:
            del words[-len(label) :]
            break
    return zip5


def _digits_at_end(words: list[str]) -> str:
    last = words[-1] if words else ""
    while last.endswith("?"):
        last = last[:-1]
    if last.isdigit() and len(last) in (5, 9):
        return words.pop()[:5]
    if last[5:6] == "-" and len(last) == 10 and (last[:5] + last[6:]).isdigit():
        return words.pop()[:5]
    if last.isdigit() and len(last) == 4 and len(words) > 1 and words[-2].isdigit() and len(words[-2]) == 5:
        words.pop()
        return words.pop()
    return ""


def is_apart(letters: str, caps: dict[str, tuple[int, int]]) -> bool:
    """True for letters with a comma right before the type, which is where it is without commas."""
    before = ""
    for at, sign in enumerate(letters):
        if sign != ",":
            if len(before) == caps["suffix"][0]:
                return letters[at - 1] == ","
            before += sign
    return False


def lines_of(words: list[str], tables: AddressTables) -> list[str]:
    """The words without commas at either end, and without N/A or the like as the last line but one."""
    if words and words[0] == ",":
        return lines_of(words[1:], tables)
    is_empty_line = len(words) > 1 and words[-1] in tables.no_line and words[-2] == ","
    return lines_of(words[:-1], tables) if words and (words[-1] == "," or is_empty_line) else words
