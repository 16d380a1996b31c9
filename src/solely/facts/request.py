"""The facts of the request stage: what the gate vouches for about each item, from its own words alone (R-01).

- One list per fact, as long as the chunk: clauses read these columns and nothing else (contracts 7, 8).
- A value that is absent, malformed or implausible is None, and never permits; what was found wrong stands
  under the fact's name, so that the return names the element (R-69).
- What no clause can see (a birth date that cannot be read beside a valid taxpayer number) is a finding
  with its own disposition.
- Columns are read value by distinct value: a batch repeats itself, and equal words have equal facts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from solely.facts import address, code, day, identifier, name, officer, period, statute
from solely.facts.address_tables import AddressTables
from solely.facts.lexicon import Lexicon
from solely.facts.reading import NOT_GIVEN, Reading
from solely.facts.reason import ReasonJudge
from solely.model import AddressJudgment, Disposition, Item, Reason, Subject, Trust

Texts = Sequence[str | None]
Finding = tuple[Disposition, Reason]
NO_REASONS: Mapping[str, Reason] = MappingProxyType({})
FAULTED = AddressJudgment("UNCLEAR", "R-02", "this address could not be judged", "")


@dataclass(frozen=True, slots=True)
class FactContext:
    """What facts depend on besides the item; without a trust folder every well-formed officer counts."""

    received_on: date
    is_synthetic: bool
    trust: Trust | None
    tables: AddressTables
    lexicon: Lexicon


@dataclass(frozen=True, slots=True, repr=False)
class RequestFacts:
    """The facts of a chunk, in item order.

    `columns`: one list per declared fact. `found`: reasons by fact. `findings`: what stands beside the
    clauses. `faults`: places whose address could not be judged (a fault of ours: raise an alarm).
    """

    columns: dict[str, list[Any]]
    found: list[Mapping[str, Reason]]
    addresses: list[AddressJudgment]
    names: list[name.PersonName]
    periods: list[tuple[int, ...] | None]
    findings: list[tuple[Finding, ...]]
    faults: tuple[int, ...] = ()


class _Book:
    """What is found wrong while the columns of a chunk are read."""

    def __init__(self, size: int) -> None:
        self.found: list[Mapping[str, Reason]] = [NO_REASONS] * size
        self.findings: list[tuple[Finding, ...]] = [()] * size

    def note(self, place: int, reason: Reason, *facts: str) -> None:
        """`reason` stands behind `facts` of one item."""
        self.found[place] = {**self.found[place], **dict.fromkeys(facts, reason)}

    def find(self, place: int, disposition: Disposition, reason: Reason) -> None:
        """A finding of its own, beside the clauses."""
        self.findings[place] = (*self.findings[place], (disposition, reason))

    def read(
        self, texts: Texts, read: Callable[[str], Reading], *facts: str, absent: Reason | None = None
    ) -> list[Any]:
        """The value of each text by `read`; its reason, or `absent` where none is given, goes to `facts`."""
        readings = {each: read(each) for each in set(texts) if each is not None}
        readings[None] = Reading(None, absent) if absent else NOT_GIVEN  # type: ignore[index]
        reasons = {text: reading.reason for text, reading in readings.items() if reading.reason}
        if reasons:
            for place, text in enumerate(texts):
                if text in reasons:
                    self.note(place, reasons[text], *facts)
        values = {text: reading.value for text, reading in readings.items()}
        return [values[each] for each in texts]  # type: ignore[index]


def facts_of(items: Sequence[Item], context: FactContext) -> RequestFacts:
    """The facts of `items`, and everything found wrong with their words; no record is read (R-01)."""
    texts = (
        dict(zip(Item._fields, zip(*items, strict=True), strict=True))
        if items
        else dict.fromkeys(Item._fields, ())
    )
    book = _Book(len(items))
    verdicts, names = _names(texts, context.lexicon, book)
    addresses, faults = _addresses(texts["address"], context.tables, book)
    periods = book.read(
        texts["periods"],
        lambda text: period.read_periods(text, context.received_on.year),
        "period_first",
        "period_last",
        absent=Reason("periods", "MISSING", "R-21"),
    )
    columns: dict[str, list[Any]] = {
        "received_on": [context.received_on] * len(items),
        "received_year": [context.received_on.year] * len(items),
        "name_verdict": verdicts,
        "address_verdict": [each.verdict for each in addresses],
        "address_located": [each.located for each in addresses],
        "address_sufficient": [each.is_sufficient for each in addresses],
        "period_first": [each[0] if each else None for each in periods],
        "period_last": [each[-1] if each else None for each in periods],
        **_person(texts, context, book),
        **_authority(texts, context, book),
        **_order(texts, context.received_on, book),
        **_instrument(texts, context, book),
    }
    return RequestFacts(columns, book.found, addresses, names, periods, book.findings, faults)


def _names(
    texts: Mapping[str, Texts], lexicon: Lexicon, book: _Book
) -> tuple[list[str], list[name.PersonName]]:
    """The verdict and the tokens of each name (R-23, R-88, R-94)."""
    judge = name.NameJudge(lexicon.names)
    given = {each: judge.given_field(each) for each in set(texts["given_name"])}
    middle = {each: judge.middle_field(each) for each in set(texts["middle_name"])}
    family = {each: judge.family_field(each) for each in set(texts["family_name"])}
    suffix = {each: judge.suffix(each) for each in set(texts["suffix"])}
    verdicts, names = [], []
    columns = (texts["given_name"], texts["middle_name"], texts["family_name"], texts["suffix"])
    for place, (g, m, f, s) in enumerate(zip(*columns, strict=True)):
        fields = (given[g], middle[m], family[f])
        names.append(name.named(*fields, suffix[s]))
        if judge.is_plain(*fields):
            verdicts.append("OK")
            continue
        verdict, element = judge.combine(*fields)
        verdicts.append("PLACEHOLDER" if verdict == "WILD" else verdict)
        _note_name(book, place, verdict, element)
        if verdict == "MISSING" and fields[0].kind == fields[2].kind == name.EMPTY:
            book.find(place, Disposition.RETURNED, Reason("family_name", "MISSING", "R-23"))
    return verdicts, names


def _note_name(book: _Book, place: int, verdict: str, element: str) -> None:
    if verdict == "OK":
        return
    rule = {"SINGLE": "R-94", "WILD": "R-88"}.get(verdict, "R-23")
    reason = Reason(element, "NOT_ONE_PERSON" if verdict == "WILD" else verdict, rule)
    book.note(place, reason, "name_verdict")


def _addresses(
    texts: Texts, tables: AddressTables, book: _Book
) -> tuple[list[AddressJudgment], tuple[int, ...]]:
    """The judgment on each address line (R-24 to R-33); a fault of the judge leaves it to a person."""
    judgments, faults = [], []
    for place, text in enumerate(texts):
        try:
            judgment = address.judge(text, tables)
        except Exception:  # noqa: BLE001 -- one item's fault refers that item (contracts 4); its place is told
            judgment = FAULTED
            faults.append(place)
        judgments.append(judgment)
        if judgment.verdict != "OK" and judgment.rule is not None:
            missing = Reason("address", "MISSING", "R-24")
            reason = Reason("address", judgment.verdict, judgment.rule) if text else missing
            book.note(place, reason, "address_verdict", "address_located", "address_sufficient")
    return judgments, tuple(faults)


def _person(texts: Mapping[str, Texts], context: FactContext, book: _Book) -> dict[str, list[Any]]:
    """Birth date and numbers; what is stated and cannot be read returns the item (R-34, R-35, R-79)."""
    births = book.read(
        texts["birth_date"], lambda text: day.read_birth_date(text, context.received_on), "birth_date"
    )
    numbers = book.read(
        texts["taxpayer_number"],
        lambda text: identifier.read_taxpayer_number(text, is_synthetic=context.is_synthetic),
        "taxpayer_number",
        "taxpayer_number_verdict",
    )
    aliens = book.read(texts["alien_number"], identifier.read_alien_number, "alien_number_verdict")
    for place, (number, alien) in enumerate(zip(numbers, aliens, strict=True)):
        if number is not None and number == alien:
            numbers[place] = None
            reason = Reason("taxpayer_number", "ALIEN_NUMBER", "R-35")
            book.note(place, reason, "taxpayer_number", "taxpayer_number_verdict")
    for place, (text, birth) in enumerate(zip(texts["birth_date"], births, strict=True)):
        # 1900-01-01 is how systems write "none", so it counts as none; anything else is an error to cure.
        if text is not None and birth is None and day.find_day(text) != day.SENTINEL:
            book.find(place, Disposition.RETURNED, book.found[place]["birth_date"])
    return {
        "birth_date": births,
        "taxpayer_number": numbers,
        "taxpayer_number_verdict": _stated(texts["taxpayer_number"], numbers),
        "alien_number_verdict": _stated(texts["alien_number"], aliens),
    }


def _stated(texts: Texts, values: Sequence[Any]) -> list[str]:
    return [
        "ABSENT" if text is None else "INVALID" if value is None else "VALID"
        for text, value in zip(texts, values, strict=True)
    ]


def _authority(texts: Mapping[str, Texts], context: FactContext, book: _Book) -> dict[str, list[Any]]:
    """Basis, statute, purpose, reason and investigation (R-107, R-15 to R-17, R-19, R-20)."""
    lists = context.lexicon
    statutes = book.read(texts["statute"], statute.read_statute, "statute", "statute_is_civil")
    civil = {
        each: None if each is None else statute.is_non_criminal(each, lists.non_criminal, lists.crimes)
        for each in set(statutes)
    }
    _note_absent(book, texts["statute"], Reason("statute", "MISSING", "R-15"), "statute_is_civil")
    reasons, purposes = _reasons(texts["reason"], lists, book)
    return {
        "basis": book.read(texts["basis"], lambda text: Reading(code.plain_code(text)), "basis"),
        "statute": statutes,
        "statute_is_civil": [civil[each] for each in statutes],
        "purpose": book.read(texts["purpose"], code.read_purpose, "purpose"),
        "reason": reasons,
        "reason_purpose": purposes,
        "investigation_id": book.read(
            texts["investigation_id"],
            lambda text: code.read_reference(text, "investigation_id", "R-19"),
            "investigation_id",
        ),
        "investigation_opened_on": book.read(
            texts["investigation_opened_on"],
            lambda text: day.read_day(text, context.received_on, "investigation_opened_on", "R-19"),
            "investigation_opened_on",
        ),
        "assurance": book.read(texts["assurance"], code.read_assurance, "assurance"),
    }


def _note_absent(book: _Book, texts: Texts, reason: Reason, *facts: str) -> None:
    """A fact drawn from another element names that element where it is missing."""
    if None in texts:
        for place, text in enumerate(texts):
            if text is None:
                book.note(place, reason, *facts)


def _reasons(texts: Texts, lexicon: Lexicon, book: _Book) -> tuple[list[str | None], list[str | None]]:
    """Each reason as stated, and what its own words say of its purpose (R-16, R-17, R-19)."""
    judge = ReasonJudge(lexicon.reasons)
    judged = {each: judge.judge(each) for each in set(texts) if each is not None}
    reasons: list[str | None] = []
    purposes: list[str | None] = []
    for place, text in enumerate(texts):
        judgment = None if text is None else judged[text]
        if text is None or judgment is None or judgment.is_empty:
            missing = Reason("reason", "MISSING" if text is None else "PLACEHOLDER", "R-19")
            book.note(place, missing, "reason", "reason_purpose")
            reasons.append(None)
            purposes.append(None)
            continue
        if judgment.is_doubtful:
            book.find(place, Disposition.REFERRED, Reason("reason", "UNCLEAR", "R-16"))
        reasons.append(text)
        purposes.append(judgment.purpose)
    return reasons, purposes


def _order(texts: Mapping[str, Texts], received_on: date, book: _Book) -> dict[str, list[Any]]:
    """The final order and the class of removability (R-18, R-107)."""
    ordered = book.read(
        texts["order_date"],
        lambda text: day.read_day(text, received_on, "order_date", "R-18"),
        "order_date",
        "order_final_on",
    )
    _note_absent(book, texts["order_date"], Reason("order_date", "MISSING", "R-18"), "order_final_on")
    classes = book.read(
        texts["removability_class"],
        statute.read_removability_class,
        "removability_class",
        "removability_section",
    )
    missing = Reason("removability_class", "MISSING", "R-18")
    _note_absent(book, texts["removability_class"], missing, "removability_section")
    return {
        "order_date": ordered,
        "order_final_on": _final_orders(texts["order_final_by_court_on"], ordered, received_on, book),
        "case_number": book.read(
            texts["case_number"], lambda text: code.read_reference(text, "case_number", "R-18"), "case_number"
        ),
        "removability_class": classes,
        "removability_section": [each and each[:4] for each in classes],
    }


def _final_orders(
    texts: Texts, ordered: Sequence[date | None], received_on: date, book: _Book
) -> list[date | None]:
    """The court's date where one is given, else the order's own (8 USC 1253(a)(1)); unknown if one is bad."""
    courts = book.read(
        texts,
        lambda text: day.read_day(text, received_on, "order_final_by_court_on", "R-18"),
        "order_final_on",
    )
    final = list(ordered)
    for place, (text, court, order) in enumerate(zip(texts, courts, ordered, strict=True)):
        if text is None or order is None:
            continue
        final[place] = court
        if court is not None and court < order:
            # A court reviews an order that exists; an earlier date would only shorten the ninety days.
            final[place] = None
            reason = Reason("order_final_by_court_on", "BEFORE_ORDER", "R-18")
            book.note(place, reason, "order_final_on")
    return final


def _instrument(texts: Mapping[str, Texts], context: FactContext, book: _Book) -> dict[str, list[Any]]:
    """Officers, fields asked for, and the source of a cured value (R-45, R-49, R-50, R-87)."""
    enrolled = None if context.trust is None else context.trust.officers
    return {
        "officers_valid": book.read(
            texts["officers"],
            lambda text: officer.read_officers(text, enrolled, context.received_on),
            "officers_valid",
            absent=Reason("officers", "MISSING", "R-49"),
        ),
        "fields": book.read(texts["fields"], code.read_fields, "fields"),
        "source_stated": [
            cured is None or source is not None
            for cured, source in zip(texts["cures"], texts["source"], strict=True)
        ],
    }


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
    births, numbers = facts.columns["birth_date"], facts.columns["taxpayer_number"]
    verdicts = facts.columns["name_verdict"]
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
