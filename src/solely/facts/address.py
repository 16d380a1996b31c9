"""Whether a text is sufficient as an address, decided from the text alone (R-24 to R-33, R-40, R-70, R-80).

- Words, last line, form of the delivery line, findings against it, verdict: in this order, for every text.
- An ordinary complete address passes at the first test; everything else is looked at word by word.
- No record is read and no taxpayer number is known here, so none can stand in for an address (R-33).
"""

import re
import unicodedata
from functools import partial

from solely.facts.address_facilities import is_somebody
from solely.facts.address_findings import ARMED_FORCES, box_of, finding, kind_of_sufficient
from solely.facts.address_invented import form_number, is_hundreds, may_be_invented
from solely.facts.address_lexicon import (
    SPELLED_MIN,
    facility_words,
    first_phrase,
    is_known,
    letters_joined,
    may_be_spelled,
    quiet,
    reader,
)
from solely.facts.address_parts import address_of
from solely.facts.address_reading import Finding, Reading, read
from solely.facts.address_reasons import REASONS
from solely.facts.address_tables import AddressTables
from solely.facts.address_text import BREAK, CHARACTERS_MAX, NA_OR_NORTH_A, WORDS_MAX, unglued, words_of
from solely.model import Address, AddressJudgment

# A question mark that stands for doubt, and for no letter that was lost ("PE?A ST").
_ASKED = re.compile(r"(^|[\s(])\?|\?([\s).,]|$)")
# What queries have for any text; % before a name is C/O (% JOHN SMITH).
_MARKED = re.compile(r"[?*~^{}%_(]")
# a statute's paragraph, and no house (6103(I)(2))
_CITED = re.compile(r"\d\s*\([a-zA-Z]{1,3}\)\(")
# not the star of a field that must be filled in: CITY*:
_WILD = re.compile(
    r"(?<![A-Za-z]{3})\*|\*(?!\s*[:=])|[~^{}]|%\s*\d|[^\W_]%|(?<![^\W_])_+[^\W_]|[^\W_]_+(?![^\W_])"
)
_WITH_ADDRESS = frozenset({"facility_located", "zip_conflict", "zip_unknown"})
_SUFFICIENT = frozenset({"ok", "box", "agency_box", "no_zip", "unusual"})


# without the call that names its parts: a batch has a million
_judged = partial(tuple.__new__, AddressJudgment)


def judge(text: str | None, tables: AddressTables) -> AddressJudgment:
    """The verdict on `text` as an address, with the rule, the cure and the words that decided."""
    if text is None:
        return _judgment("blank", "", None, tables)
    if len(text) > CHARACTERS_MAX:
        return _judgment("long", text[:40], None, tables)
    words = words_of(text)
    if len(words) > WORDS_MAX:
        return _judgment("long", text[:40], None, tables)
    reading = read(words, tables)
    if _is_ordinary(words, reading, tables) and not _sign_of_doubt(text):
        verdict, rule, reason = REASONS[reading.plan.ordinary]
        address = address_of(reading.delivery, reading.plan, reading.line, tables)
        return _judged((verdict, rule, reason, "", False, address))
    return _looked_at(text, words, reading, tables)


def standardise(
    street_line: str | None, unit: str | None, city: str | None, state: str | None, zip5: str | None,
    tables: AddressTables,
) -> Address | None:  # fmt: skip
    """The standard form of a record's address parts, equal to that of the same address as text; else None."""
    if not street_line or not street_line.strip():
        return None
    line = f"{street_line}, {_designated(unit, tables)}" if unit and unit.strip() else street_line
    return judge(f"{line}, {city or ''}, {state or ''} {zip5 or ''}", tables).address


def _designated(unit: str, tables: AddressTables) -> str:
    words = words_of(unit)
    is_named = bool(words) and (words[0] in ("#", "PMB", "BOX") or unglued(words[0])[0] in tables.units)
    is_floor = len(words) == 2 and words[1] in tables.units
    return unit if is_named or is_floor else f"# {unit}"


def _is_ordinary(words: list[str], reading: Reading, tables: AddressTables) -> bool:
    """True when nothing about the text needs a closer look: the one short cut of the judge."""
    form, delivery = reading.plan, reading.delivery
    if not form.ordinary or reading.line.fault:
        return False
    if not all(map(quiet(tables), delivery)) and not _is_no_phrase(delivery, tables):
        return False
    if form.may_be_spelled and may_be_spelled(words):
        return False
    if form.start and not is_somebody(delivery[1 : form.start - 1], tables):
        return False
    if not form.suffix[1]:  # then no type tells that the name is a street's
        named = [delivery[place] for place in form.names]
        is_misplaced = form.form == "military" and reading.line.state not in ARMED_FORCES
        if is_misplaced or facility_words(named, tables) != named:
            return False
    elif reading.line.city.endswith(delivery[form.suffix[0]]):
        return False  # the street may be the city once more
    number = delivery[form.number[0] if form.number[1] else form.box[0]]
    zip5 = reading.line.zip5
    is_usual = number[0] != "0" and number != zip5 and (number, zip5) not in tables.registered
    return (
        is_usual
        and not is_hundreds(number)
        and not (form.may_be_invented and may_be_invented(delivery, form, tables))
    )


def _is_no_phrase(delivery: list[str], tables: AddressTables) -> bool:
    """True where words are looked at for a phrase's sake alone, and no phrase is there: COUNTRY CLUB."""
    if not all(word in tables.signs or quiet(tables)(word) for word in delivery):
        return False
    read = facility_words(delivery, tables)
    solid = [word for word in delivery if word != BREAK]
    return (
        first_phrase(solid, tables.placeholder_phrases) is None
        and first_phrase(delivery, tables.agency_phrases) is None
        and first_phrase(read, tables.facility_phrases) is None
    )


def _looked_at(text: str, words: list[str], reading: Reading, tables: AddressTables) -> AddressJudgment:
    if words.count(BREAK) == len(words):
        return _judgment("blank" if text.isascii() else "unclear", text.strip(), None, tables)
    joined = letters_joined(words)
    plain = _without_label(_without_dots(joined, tables), tables)
    if plain != words:
        reading = read(plain, tables)
    is_city_known = reading.line.fault in ("", "city_elsewhere")  # then its name says nothing
    told = plain[: reading.line.end] if is_city_known else plain
    solid = list(map(reader(tables), (word for word in told if word != BREAK)))
    if all(_is_digits(word) for word in plain if word != BREAK):
        return _judgment("digits", " ".join(solid), None, tables)
    phrase = first_phrase(solid, tables.placeholder_phrases)
    if phrase:
        return _judgment("placeholder", " ".join(solid[phrase[0] : phrase[1]]), None, tables)
    spelled = [] if joined == words else _spelled(joined, words)
    if not tables.placeholder_words.isdisjoint(map(reader(tables), spelled)):
        return _judgment("placeholder", " ".join(spelled), None, tables)
    found = finding(reading, tables)
    if found is None or found[0] in _SUFFICIENT:
        found = (
            _sign_of_doubt(text)
            or form_number(text, reading, tables)
            or _spelled_name(spelled, reading, tables)
            or found
        )
    if found is None:
        code = kind_of_sufficient(reading, tables)
        found = code, "" if code in ("ok", "box") else " ".join(reading.delivery)
    return _judgment(found[0], found[1], reading, tables)


def _spelled(joined: list[str], words: list[str]) -> list[str]:
    """The words that were written letter by letter."""
    return [word for word in joined if len(word) >= SPELLED_MIN and word not in words]


def _spelled_name(spelled: list[str], reading: Reading, tables: AddressTables) -> Finding:
    """A street's name that is written letter by letter and spells no word or name that is known."""
    name = reading.words(reading.plan.name)
    odd = [word for word in spelled if word in name and not is_known(word, tables)]
    return ("unclear", " ".join(odd)) if odd else None


def _sign_of_doubt(text: str) -> Finding:
    """The question mark of a doubt, or a sign that may stand for other text."""
    if not _MARKED.search(text) and text.isascii():
        return None
    if "?" in text and _ASKED.search(text) is not None:
        return "doubted", "?"
    if _CITED.search(text):
        return "unclear", text.strip()
    found = _WILD.search(text if text.isascii() else unicodedata.normalize("NFKC", text))
    return ("sign", found[0]) if found else None


def _without_label(words: list[str], tables: AddressTables) -> list[str]:
    """`words` without what announces an address (HOME ADDRESS:), if a house number comes next."""
    start = 0
    while start < len(words) and words[start] in tables.labels:
        start += 1
    return words[start:] if start < len(words) and words[start][0].isdigit() else words


def _without_dots(words: list[str], tables: AddressTables) -> list[str]:
    """`words` with N.A. as N A between a number and a type (100 N.A. ST), and as N/A anywhere else."""
    if NA_OR_NORTH_A not in words:
        return words
    plain: list[str] = []
    for word, following in zip(words, (*words[1:], ""), strict=True):
        if word != NA_OR_NORTH_A:
            plain.append(word)
        else:
            is_street = plain and plain[-1].isdigit() and following in tables.suffixes
            plain += ["N", "A"] if is_street else ["N/A"]
    return plain


def _is_digits(word: str) -> bool:
    return word.replace("-", "").replace("/", "").replace(".", "").isdigit() or word in "#-%&"


def _judgment(code: str, span: str, reading: Reading | None, tables: AddressTables) -> AddressJudgment:
    verdict, rule, reason = REASONS[code]
    address = None
    if reading is not None and reading.plan.form and (code in _SUFFICIENT or code in _WITH_ADDRESS):
        address = address_of(reading.delivery, reading.plan, reading.line, tables)
        if code == "agency_box":
            address = address._replace(kind="private_mailbox", unit="", box=box_of(reading.delivery))
    return AddressJudgment(verdict, rule, reason, span, code == "facility_located", address)
