"""The facts of the request stage: what the gate vouches for about each item, from its own words alone (R-01).

- One column per fact, as long as the chunk: clauses read these columns and nothing else (contracts 7, 8).
- A value that is absent, malformed or implausible is None, and never permits; what was found wrong stands
  under the fact's name, so that the return names the element (R-69).
- What no clause can see (a birth date that cannot be read beside a valid taxpayer number) is a finding
  with its own disposition.
- Columns are read value by distinct value: a batch repeats itself, and equal words have equal facts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import itemgetter
from typing import Any

from solely.agreement.clause import FactDeclaration
from solely.agreement.column import Column
from solely.facts import address, code, day, identifier, name, officer, period, statute
from solely.facts.address_reasons import PARTS
from solely.facts.address_tables import AddressTables
from solely.facts.further import reader_of
from solely.facts.lexicon import Lexicon
from solely.facts.reading import Reading
from solely.facts.reason import EMPTY as NOTHING_SAID
from solely.facts.reason import NOTHING, judge_under
from solely.folding import words
from solely.model import AddressJudgment, Disposition, Item, Reason, Subject, Trust

Read = Callable[[str], Reading]
Finding = tuple[Disposition, Reason]
_PLAIN = ("OK", "given_name")
# What a clause sees; an unclear name is one of its own findings, beside the clauses.
_VERDICTS = {"WILD": "PLACEHOLDER", "LOST": "PLACEHOLDER", "UNCLEAR": "OK"}
_NAME_CODES = {"WILD": "NOT_ONE_PERSON", "LOST": "INVALID_TEXT"}
# Generations. A title or a word for none would be kept and agree with no record: the requester cures it.
_SUFFIXES = name.SUFFIXES | {"VI", "VII", "VIII", "IX", "X"}
_NUMBER_FACTS = ("taxpayer_number", "taxpayer_number_verdict")
_CLASS_FACTS = ("removability_class", "removability_section")
# Words of a cure that do not say where the new value comes from.
_SOURCELESS = frozenset({
    "CORRECT", "CORRECTED", "CORRECTION", "CORRECTIONS", "FIX", "FIXED", "CHANGED", "UPDATE",
    "UPDATED", "NEW", "VALUE", "TYPO", "ERROR", "MISTAKE", "SOURCE", "SAME", "SEE", "ABOVE",
    "BELOW", "BEFORE", "PREVIOUS", "OTHER", "VARIOUS", "MISC", "THE", "AN", "OF", "IN", "AS", "IS",
    "IT", "NO", "NOT", "NA", "ND", "SN", "KNOWN", "GIVEN", "STATED", "PROVIDED", "AVAILABLE",
    "APPLICABLE", "CORREGIDO", "CORREGIDA", "ERA", "EL", "LA",
})  # fmt: skip
NO_REASONS: Mapping[str, Reason] = {}
FAULTED = AddressJudgment("UNCLEAR", "R-02", "this address could not be judged", "")


@dataclass(frozen=True, slots=True)
class FactContext:
    """What facts depend on besides the item; without a trust folder every well-formed officer counts.

    `further` are the facts that the statute declares besides those known by name, `further_columns` the
    columns that a row has for them.
    """

    received_on: date
    is_synthetic: bool
    trust: Trust | None
    tables: AddressTables
    lexicon: Lexicon
    further: tuple[FactDeclaration, ...] = ()
    further_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class RequestFacts:
    """The facts of a chunk, in item order.

    `columns`: one per declared fact. `found`: reasons by fact. `findings`: what stands beside the
    clauses. `faults`: places whose address could not be judged (a fault of ours: raise an alarm).
    """

    columns: dict[str, Column]
    found: list[Mapping[str, Reason]]
    addresses: list[AddressJudgment]
    names: list[name.PersonName]
    periods: Column
    findings: list[tuple[Finding, ...]]
    faults: tuple[int, ...] = ()


class _Book:
    """The words of a chunk by column, and what is found wrong while they are read."""

    def __init__(self, items: Sequence[Item], further: Sequence[str]) -> None:
        cells = zip(*items, strict=True) if items else [()] * len(Item._fields)
        texts: dict[str, Sequence[Any]] = dict(zip(Item._fields, cells, strict=True))
        # A row of which nothing could be kept has no further cells: nothing is given in them.
        rows = [each or (None,) * len(further) for each in texts.pop("further")]
        del texts["row"]
        texts |= {name: [cells[place] for cells in rows] for place, name in enumerate(further)}
        self.texts: Mapping[str, Column] = {name: Column.of(each) for name, each in texts.items()}
        self.found: list[Mapping[str, Reason]] = [NO_REASONS] * len(items)
        self.findings: list[tuple[Finding, ...]] = [()] * len(items)

    def note(self, place: int, reason: Reason, *facts: str) -> None:
        """`reason` stands behind `facts` of one item."""
        self.found[place] = {**self.found[place], **dict.fromkeys(facts, reason)}

    def find(self, place: int, disposition: Disposition, reason: Reason) -> None:
        """A finding of its own, beside the clauses."""
        self.findings[place] = (*self.findings[place], (disposition, reason))

    def read(self, element: str, read: Read, *facts: str, rule: str | None = None) -> Column:
        """The value of each text of a column by `read`; a reason goes to `facts`.

        With a `rule` the element is one that must be given, and its absence is a reason too.
        """
        texts = self.texts[element]
        absent: Reading = (None, Reason(element, "MISSING", rule) if rule else None)
        readings = texts.each(lambda text: absent if text is None else read(text))
        told = readings.each(itemgetter(1))
        for place in told.where(_is_given):
            self.note(place, told[place], *facts)
        return readings.each(itemgetter(0))


def _is_given(value: Any) -> bool:
    return value is not None


def facts_of(items: Sequence[Item], context: FactContext) -> RequestFacts:
    """The facts of `items`, and everything found wrong with their words; no record is read (R-01)."""
    book, day_, size = _Book(items, context.further_columns), context.received_on, len(items)
    verdicts, names = _names(context.lexicon, book)
    addresses, faults = _addresses(context.tables, book)
    read_years = partial(period.read_periods, received_year=day_.year)
    periods = book.read("periods", read_years, "period_first", "period_last", rule="R-21")
    columns: dict[str, Column] = {
        "received_on": Column.constant(day_, size),
        "received_year": Column.constant(day_.year, size),
        "name_verdict": Column.of(verdicts),
        "address_verdict": Column.of([each.verdict for each in addresses]),
        "address_located": Column.of([each.located for each in addresses]),
        "address_sufficient": Column.of([each.is_sufficient for each in addresses]),
        "period_first": periods.each(lambda years: years and years[0]),
        "period_last": periods.each(lambda years: years and years[-1]),
        **_person(context, book),
        **_authority(context, book),
        **_order(day_, book),
        **_instrument(context, book),
        **{each.name: book.read(each.source, reader_of(each, day_), each.name) for each in context.further},
    }
    _contradictions(columns, book)
    return RequestFacts(columns, book.found, addresses, names, periods, book.findings, faults)


def _names(lexicon: Lexicon, book: _Book) -> tuple[list[str], list[name.PersonName]]:
    """The verdict and the tokens of each name (R-23, R-88, R-94)."""
    judge, texts = name.NameJudge(lexicon.names), book.texts
    given = list(texts["given_name"].each(judge.given_field))
    middle = list(texts["middle_name"].each(judge.middle_field))
    family = list(texts["family_name"].each(judge.family_field))
    suffix = texts["suffix"].each(judge.suffix)
    for place in texts["suffix"].where(lambda text: text is not None and judge.suffix(text) not in _SUFFIXES):
        book.find(place, Disposition.RETURNED, Reason("suffix", "UNKNOWN_CODE", "R-23"))
    verdicts = ["OK"] * len(given)
    for place, fields in enumerate(zip(given, middle, family, strict=True)):
        if fields[0].is_plain and fields[2].is_plain and fields[1].kind != name.WILD:
            continue
        verdict, element = _PLAIN if judge.is_plain(*fields) else judge.combine(*fields)
        if verdict != "OK":
            verdicts[place] = _VERDICTS.get(verdict, verdict)
            _note_name(book, place, verdict, element)
        if verdict == "MISSING" and fields[0].kind == fields[2].kind:
            book.find(place, Disposition.RETURNED, Reason("family_name", "MISSING", "R-23"))
    return verdicts, list(map(name.named, given, middle, family, suffix))


def _note_name(book: _Book, place: int, verdict: str, element: str) -> None:
    if verdict == "UNCLEAR":
        book.find(place, Disposition.REFERRED, Reason(element, "UNCLEAR", "R-94"))
        return
    rule = {"SINGLE": "R-94", "WILD": "R-88"}.get(verdict, "R-23")
    reason = Reason(element, _NAME_CODES.get(verdict, verdict), rule)
    book.note(place, reason, "name_verdict")


def _addresses(tables: AddressTables, book: _Book) -> tuple[list[AddressJudgment], tuple[int, ...]]:
    """The judgment on each address line (R-24 to R-33); a fault of the judge leaves it to a person."""
    texts = book.texts["address"]
    judged = texts.each(partial(_judged, tables=tables))
    # R-33 stands behind `address_sufficient` and is the clause's own to say.
    for place in judged.where(lambda judgment: judgment.verdict != "OK" and judgment.rule is not None):
        book.note(place, _address_reason(texts[place], judged[place]), "address_verdict", "address_located")
    return judged.tolist(), tuple(judged.where(lambda judgment: judgment is FAULTED))


def _judged(text: str | None, tables: AddressTables) -> AddressJudgment:
    try:
        return address.judge(text, tables)
    except Exception:  # noqa: BLE001 -- one item's fault refers that item (contracts 4); its place is told
        return FAULTED


def _address_reason(text: str | None, judgment: AddressJudgment) -> Reason:
    if text is None or judgment.rule is None:
        return Reason("address", "MISSING", "R-24")
    code_ = PARTS.get(judgment.reason, judgment.verdict)
    if judgment.verdict == "FACILITY" and judgment.located:
        code_ = "FACILITY_LOCATED"
    return Reason("address", code_, judgment.rule)


def _person(context: FactContext, book: _Book) -> dict[str, Column]:
    """Birth date and numbers; what is stated and cannot be read returns the item (R-34, R-35, R-79)."""
    births = book.read("birth_date", partial(day.read_birth_date, latest=context.received_on), "birth_date")
    read_number = partial(identifier.read_taxpayer_number, is_synthetic=context.is_synthetic)
    numbers = book.read("taxpayer_number", read_number, *_NUMBER_FACTS)
    aliens = book.read("alien_number", identifier.read_alien_number, "alien_number_verdict")
    pairs = enumerate(zip(numbers, aliens, strict=True))
    same = [place for place, (number, alien) in pairs if number is not None and number == alien]
    for place in same:
        book.note(place, Reason("taxpayer_number", "ALIEN_NUMBER", "R-35"), *_NUMBER_FACTS)
    for place in births.where(lambda birth: birth is None):
        text = book.texts["birth_date"][place]
        # 1900-01-01 is how systems write "none", so it counts as none; anything else is an error to cure.
        if text is not None and day.find_day(text) != day.SENTINEL:
            book.find(place, Disposition.RETURNED, book.found[place]["birth_date"])
    return {
        "birth_date": births,
        "taxpayer_number": numbers.replaced(same, None),
        "taxpayer_number_verdict": _stated(book.texts["taxpayer_number"], numbers).replaced(same, "INVALID"),
        "alien_number_verdict": _stated(book.texts["alien_number"], aliens),
    }


def _stated(texts: Column, read: Column) -> Column:
    """Whether each number of a column is absent, invalid or valid."""
    verdicts = [
        "ABSENT" if text is None else "INVALID" if value is None else "VALID"
        for text, value in zip(texts.values, read.values, strict=True)
    ]
    return Column(verdicts, texts.places)


def _authority(context: FactContext, book: _Book) -> dict[str, Column]:
    """Basis, statute, purpose, reason and investigation (R-107, R-15 to R-17, R-19, R-20)."""
    statutes = book.read("statute", statute.read_statute, "statute", "statute_is_civil", rule="R-15")
    lists = context.lexicon
    is_civil = partial(statute.is_non_criminal, non_criminal=lists.non_criminal, crimes=lists.crimes)
    purposes = book.read("purpose", code.read_purpose, "purpose", rule="R-16")
    reasons, told = _reasons(lists, book, purposes)
    read_investigation = partial(code.read_reference, element="investigation_id", rule="R-19")
    read_opening = partial(
        day.read_event, latest=context.received_on, element="investigation_opened_on", rule="R-19"
    )
    return {
        "basis": book.read("basis", code.read_basis, "basis", rule="R-107"),
        "statute": statutes,
        "statute_is_civil": statutes.each(lambda cited: is_civil(cited) if cited else None),
        "purpose": purposes,
        "reason": reasons,
        "reason_purpose": told,
        "investigation_id": book.read(
            "investigation_id", read_investigation, "investigation_id", rule="R-19"
        ),
        "investigation_opened_on": book.read(
            "investigation_opened_on", read_opening, "investigation_opened_on", rule="R-19"
        ),
        "assurance": book.read("assurance", code.read_assurance, "assurance", rule="R-20"),
    }


def _reasons(lexicon: Lexicon, book: _Book, stated: Column) -> tuple[Column, Column]:
    """Each reason as stated, and what its own words say of its purpose (R-16, R-17, R-19, R-88).

    Under a `stated` purpose of a criminal matter, words that say nothing of one go to a person.
    """
    judge, texts = judge_under(lexicon.reasons), book.texts["reason"]
    judged = texts.each(lambda text: NOTHING_SAID if text is None else judge.judge(text))
    for place in judged.where(lambda judgment: judgment is not NOTHING):
        judgment = judged[place]
        if judgment.is_doubtful:
            book.find(place, Disposition.REFERRED, Reason("reason", "UNCLEAR", "R-16"))
        if judgment.is_vague and stated[place] in code.CRIMINAL:
            book.find(place, Disposition.REFERRED, Reason("reason", "NOT_SPECIFIC", "R-19"))
        if judgment.is_beyond:
            book.find(place, Disposition.RETURNED, Reason("reason", "NOT_ASKABLE", "R-88"))
        if judgment.is_empty:
            absent = Reason("reason", "MISSING" if texts[place] is None else "PLACEHOLDER", "R-19")
            book.note(place, absent, "reason", "reason_purpose")
    empty = judged.where(lambda judgment: judgment.is_empty)
    return texts.replaced(empty, None), judged.each(lambda judgment: judgment.purpose).replaced(empty, None)


def _order(received_on: date, book: _Book) -> dict[str, Column]:
    """The final order and the class of removability (R-18, R-107)."""
    read_order = partial(day.read_event, latest=received_on, element="order_date", rule="R-18")
    read_case = partial(code.read_reference, element="case_number", rule="R-18")
    ordered = book.read("order_date", read_order, "order_date", "order_final_on", rule="R-18")
    classes = book.read("removability_class", statute.read_removability_class, *_CLASS_FACTS, rule="R-18")
    return {
        "order_date": ordered,
        "order_final_on": _final_orders(ordered, received_on, book),
        "case_number": book.read("case_number", read_case, "case_number", rule="R-18"),
        "removability_class": classes,
        "removability_section": classes.each(lambda cited: cited and cited[:4]),
    }


def _final_orders(ordered: Column, received_on: date, book: _Book) -> Column:
    """The court's date where one is given, else the order's own (8 USC 1253(a)(1)); unknown if one is bad."""
    element = "order_final_by_court_on"
    read_court = partial(day.read_event, latest=received_on, element=element, rule="R-18")
    courts = book.read(element, read_court, "order_final_on")
    stated = [place for place in book.texts[element].where(_is_given) if ordered[place] is not None]
    if not stated:
        return ordered
    final = ordered.tolist()
    for place in stated:
        final[place] = court = courts[place]
        if court is not None and court < ordered[place]:
            # A court reviews an order that exists; an earlier date would only shorten the ninety days.
            final[place] = None
            book.note(place, Reason(element, "BEFORE_ORDER", "R-18"), "order_final_on")
    return Column.of(final)


def _contradictions(columns: Mapping[str, Column], book: _Book) -> None:
    """Days that lie on or before the birth of the person they are said of (R-18, R-19)."""
    births = columns["birth_date"].tolist()
    for element, rule in (("order_date", "R-18"), ("investigation_opened_on", "R-19")):
        for place, (birth, event) in enumerate(zip(births, columns[element], strict=True)):
            if birth is not None and event is not None and event <= birth:
                book.find(place, Disposition.RETURNED, Reason(element, "BEFORE_BIRTH", rule))


def _instrument(context: FactContext, book: _Book) -> dict[str, Column]:
    """Officers, fields asked for, and the source of a cured value (R-45, R-49, R-50, R-87)."""
    enrolled = None if context.trust is None else context.trust.officers
    read_officers = partial(officer.read_officers, enrolled=enrolled, day=context.received_on)
    empty = _SOURCELESS | context.lexicon.names.strong_words
    stated = book.texts["source"].each(lambda text: text is not None and _tells_a_source(text, empty))
    unsourced = [place for place in book.texts["cures"].where(_is_given) if not stated[place]]
    return {
        "officers_valid": book.read("officers", read_officers, "officers_valid", rule="R-49"),
        "fields": book.read("fields", code.read_fields, "fields", rule="R-45"),
        "source_stated": Column.constant(True, len(stated)).replaced(unsourced, False),
    }


def _tells_a_source(text: str, empty: frozenset[str]) -> bool:
    """True where some word tells of a paper, a file or somebody; that a value was corrected tells of none."""
    said = words(text)
    is_form = any(map(str.isdigit, said)) and any(word.isalpha() and len(word) == 1 for word in said)  # I-213
    return is_form or any(len(word) > 1 and not word.isdigit() and word not in empty for word in said)


def subjects_of(
    items: Sequence[Item], facts: RequestFacts, places: Sequence[int], received_on: date
) -> list[Subject]:
    """The persons named by the items at `places`, which have passed the request stage."""
    return [_subject(items[place], facts, place, received_on) for place in places]


def _subject(item: Item, facts: RequestFacts, place: int, received_on: date) -> Subject:
    judgment, person = facts.addresses[place], facts.names[place]
    assert judgment.address is not None, "an item without a sufficient address never passes the request stage"
    return Subject(
        row=item.row,
        given=person.given,
        middle=person.middle,
        family=person.family,
        suffix=person.suffix,
        birth_date=facts.columns["birth_date"][place],
        taxpayer_number=facts.columns["taxpayer_number"][place],
        address=judgment.address,
        is_exact_required=judgment.verdict == "REVIEW",
        periods=facts.periods[place] or (),
        order_date=facts.columns["order_date"][place],
        received_on=received_on,
    )


def identity_keys(facts: RequestFacts) -> list[tuple[str | None, str | None]]:
    """What makes two rows one person (R-36): the taxpayer number; name, birth date and address together."""
    births, numbers, verdicts = (
        facts.columns[name].tolist() for name in ("birth_date", "taxpayer_number", "name_verdict")
    )
    keys: list[tuple[str | None, str | None]] = []
    for place, judgment in enumerate(facts.addresses):
        birth, person = births[place], facts.names[place]
        is_known = birth is not None and judgment.address is not None and verdicts[place] == "OK"
        key = None
        if is_known:
            assert judgment.address is not None, "checked above"
            words = (*person.given, "", *person.middle, "", *person.family, "", person.suffix)
            key = "\x1f".join((*words, birth.isoformat(), *judgment.address))
        keys.append((numbers[place], key))
    return keys
