"""Whether a text is sufficient as an address, decided from the text alone (R-24 to R-33, R-40, R-70, R-80).

- One path for all: words, last line, form of the delivery line, then the verdict.
- An ordinary complete address leaves at the first test; everything else is looked at word by word.
- No record is read and no taxpayer number is known here, so none can stand in for an address (R-33).
"""

from collections.abc import Sequence
from typing import NamedTuple

from solely.facts.address_forms import Plan, plan
from solely.facts.address_last_line import LastLine, read_last_line
from solely.facts.address_lexicon import first_phrase, letters_joined, read_through
from solely.facts.address_parts import address_of
from solely.facts.address_tables import AddressTables
from solely.facts.address_text import BREAK, CHARACTERS_MAX, WORDS_MAX, shape, unglued, words_of
from solely.model import Address, AddressJudgment

_REASONS = {
    "blank": ("INCOMPLETE", "R-24", "No address is given; give house number, street, city, state and ZIP."),
    "long": ("INCOMPLETE", "R-27", "The text is too long for one address; give one address on one line."),
    "digits": ("INCOMPLETE", "R-26", "Digits alone are not an address; give house number, street, city and state."),
    "placeholder": ("PLACEHOLDER", "R-25", "These words stand in place of an address; give the person's own address, or leave the person out."),
    "facility": ("FACILITY", "R-29", "This names a facility or office, not where it lies; give its house number, street, city, state and ZIP."),
    "facility_located": ("FACILITY", "R-29", "This is the address of a facility or office; a person at the custodian must decide."),
    "foreign": ("FOREIGN", "R-32", "This address is outside the United States; give a US address if the person has one."),
    "no_street": ("INCOMPLETE", "R-27", "The house number has no street; give the street's name and type."),
    "no_number": ("INCOMPLETE", "R-27", "There is no house number with a street; give both, or a PO box, or a route with its box."),
    "no_delivery": ("INCOMPLETE", "R-27", "Only a city, state or ZIP is given; add house number and street."),
    "no_last_line": ("INCOMPLETE", "R-28", "City and state are missing; add both, and the ZIP."),
    "no_state": ("INCOMPLETE", "R-28", "The state is missing; add it."),
    "no_city": ("INCOMPLETE", "R-28", "The city is missing; add it."),
    "zip_conflict": ("UNCLEAR", "R-28", "The ZIP belongs to another state than the one given; correct one of them."),
    "zip_unknown": ("UNCLEAR", "R-28", "The ZIP is not a ZIP in use; correct it."),
    "city_nowhere": ("UNCLEAR", "R-28", "The city is not known in that state and no ZIP is given; correct the city or add the ZIP."),
    "unclear": ("UNCLEAR", "R-27", "House number or street cannot be told apart; write number, street, type, then city, state and ZIP."),
    "agency": ("INCOMPLETE", "R-31", "This is a mail-receiving agency; add the private mailbox number (PMB)."),
    "box": ("NONRESIDENTIAL", "R-31", "A box or general delivery is a mailing address; it is complete."),
    "no_zip": ("REVIEW", "R-80", "The ZIP is missing; the address goes on only if it is exactly the one on file."),
    "unusual": ("REVIEW", "R-80", "The form is unusual but complete; the address goes on only if it is exactly the one on file."),
    "ok": ("OK", None, "The address is complete."),
}  # fmt: skip
_TYPED = frozenset({"street", "highway", "pmb"})
_BOXES = frozenset({"po_box", "general_delivery", "pmb"})
_DUMMIES = frozenset({"123", "1234", "12345", "111", "1111", "999", "9999", "99999"})
_STRONG = "seE"


class Reading(NamedTuple):
    """A text taken apart: the delivery line's words with their letters and plan, and the last line."""

    delivery: list[str]
    letters: str
    plan: Plan
    line: LastLine


def judge(text: str | None, tables: AddressTables) -> AddressJudgment:
    """The verdict on `text` as an address, with the rule, the cure and the words that decided."""
    if text is None or not text.strip():
        return _verdict("blank", "")
    if len(text) > CHARACTERS_MAX:
        return _verdict("long", text[:40])
    words = words_of(text)
    if len(words) > WORDS_MAX:
        return _verdict("long", text[:40])
    if not words or words.count(BREAK) == len(words):
        return _verdict("blank" if text.isascii() else "unclear", text.strip())
    reading = read(words, tables)
    if _is_ordinary(reading, words, tables):
        return _sufficient(reading, reading.plan.ordinary, tables)
    return _looked_at(words, tables)


def standardise(
    street_line: str | None, unit: str | None, city: str | None, state: str | None, zip5: str | None,
    tables: AddressTables,
) -> Address | None:  # fmt: skip
    """The standard form of a record's address parts, equal to that of the same address as text; else None."""
    if not street_line or not street_line.strip():
        return None
    line = street_line
    if unit and unit.strip():
        bare = unit.strip()
        first = words_of(bare)
        is_named = bool(first) and (unglued(first[0])[0] in tables.units or first[0] in ("#", "PMB", "BOX"))
        line = f"{street_line}, {bare if is_named else '# ' + bare}"
    text = f"{line}, {city or ''}, {state or ''} {zip5 or ''}"
    return judge(text, tables).address


def read(words: list[str], tables: AddressTables) -> Reading:
    """`words` taken apart into delivery line and last line."""
    line = read_last_line(words, tables)
    delivery = words[: line.end]
    while delivery and delivery[-1] == BREAK:
        delivery.pop()
    while delivery and delivery[0] == BREAK:
        delivery.pop(0)
    letters = _letters(delivery, tables)
    if "j" in letters or "?" in letters or "sed" in letters or not tables.merge_signs.isdisjoint(delivery):
        delivery = _merged([part for word in delivery for part in unglued(word)], tables)
        letters = _letters(delivery, tables)
    return Reading(delivery, letters, plan(letters), line)


def _letters(words: Sequence[str], tables: AddressTables) -> str:
    classes = tables.classes
    return "".join([classes.get(word) or shape(word) for word in words])


def _merged(words: Sequence[str], tables: AddressTables) -> list[str]:
    merged: list[str] = []
    place = 0
    while place < len(words):
        for written, standard in tables.merges.get(words[place], ()):
            if tuple(words[place : place + len(written)]) == written:
                merged.append(standard)
                place += len(written)
                break
        else:
            word = words[place]
            if word in tables.merges_before_number and place + 1 < len(words) and words[place + 1].isdigit():
                word = tables.merges_before_number[word]
            merged.append(word)
            place += 1
    return merged


def _is_ordinary(reading: Reading, words: Sequence[str], tables: AddressTables) -> bool:
    form = reading.plan
    if not form.ordinary or reading.line.fault or not tables.suspicious.isdisjoint(words):
        return False
    number = reading.delivery[form.number[0]] if form.number[1] else reading.delivery[form.box[0]]
    return number[0] != "0" and (number, reading.line.zip5) not in tables.registered


def _looked_at(words: list[str], tables: AddressTables) -> AddressJudgment:
    plain = letters_joined(words)
    seen = [read_through(word, tables) for word in plain]
    solid = [word for word in seen if word != BREAK]
    if all(_is_digits(word) for word in solid):
        return _verdict("digits", " ".join(solid))
    found = first_phrase(solid, tables.placeholder_phrases)
    if found:
        return _verdict("placeholder", " ".join(solid[found[0] : found[1]]))
    reading = read(plain, tables)
    for step in (_placeholder, _foreign, _facility, _lacking, _doubted, _agency):
        judgment = step(reading, seen, tables)
        if judgment is not None:
            return judgment
    return _kind_of_sufficient(reading, tables)


def _is_digits(word: str) -> bool:
    return word.replace("-", "").replace("/", "").replace(".", "").isdigit() or word in "#-%&"


def _placeholder(reading: Reading, seen: Sequence[str], tables: AddressTables) -> AddressJudgment | None:
    city = reading.line.city.split()
    if city and reading.line.fault == "city_unknown" and all(_stands_for_none(word, tables) for word in city):
        return _verdict("placeholder", reading.line.city)
    core = [
        read_through(word, tables)
        for word, letter in zip(reading.delivery, reading.letters, strict=True)
        if letter not in "dhafogD#,j"
    ]
    named = [word for word in core if word in tables.placeholder_words]
    if not named:
        return None
    known = tables.placeholder_words | tables.fillers
    if all(word in known or tables.classes.get(word, "w") in "seEuv" for word in core):
        return _street_called(reading, named, tables)
    return _street_beside(reading, named, tables)


def _stands_for_none(word: str, tables: AddressTables) -> bool:
    seen = read_through(word, tables)
    return seen in tables.placeholder_words or seen in tables.fakes or seen in tables.fillers


def _street_called(reading: Reading, named: list[str], tables: AddressTables) -> AddressJudgment | None:
    span = " ".join(named)
    if not _is_typed(reading) or len(named) > 1:
        return _verdict("placeholder", span)
    start, stop = reading.plan.name
    if stop - start > 1 or reading.plan.start or reading.plan.stop != len(reading.letters):
        return _verdict("placeholder", span)
    number = reading.delivery[reading.plan.number[0]]
    if named[0] in tables.fakes or number in _DUMMIES or reading.delivery[start] != named[0]:
        return _verdict("unclear", span)
    return None


def _street_beside(reading: Reading, named: list[str], tables: AddressTables) -> AddressJudgment | None:
    if not _is_typed(reading):
        return _verdict("placeholder" if _number_of(reading) == "" else "unclear", " ".join(named))
    start, stop = reading.plan.name
    name = [read_through(word, tables) for word in reading.delivery[start:stop]]
    if any(word in tables.fakes for word in name) or not set(named) <= set(name):
        return _verdict("unclear", " ".join(named))
    return None


def _is_typed(reading: Reading) -> bool:
    if reading.plan.form not in _TYPED or not reading.plan.suffix[1]:
        return False
    return reading.letters[reading.plan.suffix[0]] in _STRONG


def _number_of(reading: Reading) -> str:
    start, stop = reading.plan.number
    return reading.delivery[start] if stop else ""


def _facility(reading: Reading, seen: Sequence[str], tables: AddressTables) -> AddressJudgment | None:
    located = _is_located(reading)
    if (_number_of(reading), reading.line.zip5) in tables.facilities:
        return _verdict("facility_located", _number_of(reading), reading, tables)
    segments = " ".join(reading.delivery).split(" , ")
    alone = [segment for segment in segments if segment in tables.facility_alone]
    if alone:
        return _facility_verdict(located, alone[0], reading, tables)
    found = first_phrase(reading.delivery, tables.facility_phrases)
    if found is None:
        return None
    span = " ".join(reading.delivery[found[0] : found[1]])
    form = reading.plan
    if form.name[0] <= found[0] and found[1] <= form.name[1]:
        return None if form.suffix[1] else _verdict("facility", span)
    is_outside = not form.name[1] or found[1] <= form.number[0] or found[0] > form.name[1]
    return _facility_verdict(located and is_outside, span, reading, tables)


def _facility_verdict(
    is_located: bool, span: str, reading: Reading, tables: AddressTables
) -> AddressJudgment:
    if is_located:
        return _verdict("facility_located", span, reading, tables)
    return _verdict("facility", span)


def _is_located(reading: Reading) -> bool:
    is_street = reading.plan.form in ("street", "highway", "grid", "untyped", "type_first", "kilometer")
    return is_street and bool(reading.line.city and reading.line.state)


def _foreign(reading: Reading, seen: Sequence[str], tables: AddressTables) -> AddressJudgment | None:
    if reading.line.state or reading.line.fault == "no_state":
        return None
    words = [word for word in reading.delivery if word != BREAK]
    while words and (words[-1].isdigit() or len(words[-1]) <= 3 and not words[-1].isalpha()):
        words.pop()
    tails = [(count, " ".join(words[-count:])) for count in (4, 3, 2, 1)]
    for count, tail in tails:
        if tail in tables.countries and len(words) > count:
            return _verdict("foreign", tail)
    if any(word in tables.foreign_words for word in words) and len(words) > 2:
        return _verdict("foreign", " ".join(word for word in words if word in tables.foreign_words))
    return None


def _lacking(reading: Reading, seen: Sequence[str], tables: AddressTables) -> AddressJudgment | None:
    whole = " ".join(reading.delivery)
    if not reading.delivery:
        return _verdict("no_delivery", " ".join((reading.line.city, reading.line.state)).strip())
    fault = _delivery_fault(reading, tables)
    if fault in ("no_number", "no_street"):
        return _verdict(fault, whole)
    if reading.line.fault in ("no_last_line", "no_state", "no_city"):
        return _verdict(reading.line.fault, whole)
    if fault:
        return _verdict(fault, whole)
    return None


def _delivery_fault(reading: Reading, tables: AddressTables) -> str:
    letters = reading.letters
    if reading.plan.form == "numbered_street":
        return "no_number"
    if reading.plan.form == "":
        return _formless_fault(letters)
    number = _number_of(reading)
    box = reading.delivery[reading.plan.box[0]] if reading.plan.box[1] else ""
    if (number and not number.strip("0-")) or (box and not box.strip("0")):
        return "no_number"
    if reading.plan.form == "untyped":
        start, stop = reading.plan.name
        name = " ".join(reading.delivery[start:stop])
        if name in (reading.line.city, reading.line.state) or letters[start:stop] in ("u", "v", "n"):
            return "no_street"
    return ""


def _formless_fault(letters: str) -> str:
    first = min((letters.index(letter) for letter in "dhag" if letter in letters), default=-1)
    if first < 0 or (first and letters[first - 1] in "u#xb"):
        return "no_number"
    if not any(letter in "wtsoeEcr" for letter in letters[first + 1 :]):
        return "no_street" if first == 0 else "no_number"
    return "unclear"


def _doubted(reading: Reading, seen: Sequence[str], tables: AddressTables) -> AddressJudgment | None:
    fault = reading.line.fault
    if fault in ("zip_conflict", "zip_unknown"):
        return _verdict(fault, f"{reading.line.state} {reading.line.zip5}", reading, tables)
    if fault == "city_unknown" and not reading.line.zip5:
        return _verdict("city_nowhere", reading.line.city)
    is_vague = not tables.vague.isdisjoint(reading.delivery)
    if is_vague and not _is_typed(reading) and reading.plan.form not in _BOXES:
        return _verdict("unclear", " ".join(word for word in reading.delivery if word in tables.vague))
    if "?" in reading.letters:
        return _verdict("unclear", reading.delivery[reading.letters.index("?")])
    return None


def _agency(reading: Reading, seen: Sequence[str], tables: AddressTables) -> AddressJudgment | None:
    if reading.plan.form in _BOXES:
        return None
    found = first_phrase(reading.delivery, tables.agency_phrases)
    if found and reading.plan.name[1]:
        start, stop = reading.plan.name
        found = None if start <= found[0] and found[1] <= stop else found
    is_listed = (_number_of(reading), reading.line.zip5) in tables.agencies
    if (found or is_listed) and "#" not in reading.delivery:
        span = " ".join(reading.delivery[found[0] : found[1]]) if found else _number_of(reading)
        return _verdict("agency", span)
    return None


def _kind_of_sufficient(reading: Reading, tables: AddressTables) -> AddressJudgment:
    if reading.plan.form in _BOXES:
        return _sufficient(reading, "box", tables)
    if reading.line.fault == "no_zip":
        return _sufficient(reading, "no_zip", tables)
    has_more = reading.plan.stop != len(reading.letters)
    has_loose_lead = reading.plan.start > 0 and reading.letters[reading.plan.start - 1] != ","
    if has_more or has_loose_lead or reading.line.fault in ("city_elsewhere", "city_unknown"):
        return _sufficient(reading, "unusual", tables)
    if reading.plan.form == "untyped":
        start, stop = reading.plan.name
        is_usual = " ".join(reading.delivery[start:stop]) in tables.untyped
        return _sufficient(reading, "ok" if is_usual else "unusual", tables)
    return _sufficient(reading, "ok", tables)


def _sufficient(reading: Reading, code: str, tables: AddressTables) -> AddressJudgment:
    verdict, rule, reason = _REASONS[code]
    span = "" if code == "ok" else " ".join(reading.delivery)
    address = address_of(reading.delivery, reading.plan, reading.line, tables)
    return AddressJudgment(verdict, rule, reason, span, False, address)


def _verdict(
    code: str, span: str, reading: Reading | None = None, tables: AddressTables | None = None
) -> AddressJudgment:
    verdict, rule, reason = _REASONS[code]
    address = None
    if reading is not None and tables is not None and reading.plan.form:
        address = address_of(reading.delivery, reading.plan, reading.line, tables)
    return AddressJudgment(verdict, rule, reason, span, code == "facility_located", address)
