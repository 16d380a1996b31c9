"""The terms of a law file: its front matter and its schedules, each key known, stated and of its type.

- Every term of R-03 is stated; the one placeholder is `not stated in the text`; nothing has a silent default.
- Lists and numbers stand once, in a schedule; the front matter points there (`see schedule fields`).
- The parameters of matching can only tighten the product's floor (contracts 7).
"""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from solely.agreement.clause import FactDeclaration
from solely.agreement.expression import INT_MAX, TYPES
from solely.agreement.markdown import Fence, parsed_toml
from solely.agreement.parser import DAYS_MAX
from solely.agreement.tokens import KEYWORDS
from solely.errors import AgreementRefused
from solely.folding import fold
from solely.model import COLUMNS, MatchingPolicy

NOT_STATED = "not stated in the text"
# What drafts say where a term is still to come, folded: it states nothing.
UNDECIDED = frozenset(
    ("TBA", "TBC", "TBD", "TO BE AGREED", "TO BE ANNOUNCED", "TO BE CONFIRMED", "TO BE DECIDED",
     "TO BE DETERMINED", "N A", "NA", "PENDING", "")
)  # fmt: skip
AGREEMENT_TERMS = (
    "id", "version", "parties", "authority", "purposes", "fields", "signatories", "recipients", "term",
    "amendment", "termination", "cost", "destruction", "onward_disclosure", "contacts", "synthetic",
    "read_on", "source", "reviewer",
)  # fmt: skip
STATUTE_TERMS = ("id", "version", "title", "citation", "read_on", "source", "reviewer")
SCHEDULES: Mapping[str, Mapping[str, Mapping[str, type]]] = {
    "statute": {
        "releasable": {"releasable_by_statute": list},
        "purposes": {"purposes_by_statute": list},
        "signers": {"offices_by_statute": list},
        "no_substitute": {"facts_without_substitute": list},
    },
    "agreement": {
        "signers": {"offices": list},
        "bases": {"bases": list},
        "statutes": {"designated_statutes": list},
        "purposes": {"agreed_purposes": list},
        "fields": {"agreed_fields": list},
        "limits": {
            "earliest_order_on": date,
            "order_days_min": int,
            "keys_equal_min": int,
            "boilerplate_percent_max": int,
            "boilerplate_items_floor": int,
            "persons_per_address_max": int,
            "addresses_per_person_max": int,
            "persons_per_investigation_max": int,
            "investigations_opened_per_day_max": int,
            "sequential_investigations_max": int,
            "investigation_sample_items": int,
            "evidence_days": int,
            "evidence_reply_days": int,
            "items_per_officer_max": int,
            "items_without_history_max": int,
            "volume_days": int,
            "volume_floor_items": int,
            "volume_percent_max": int,
            "attempts_per_person_max": int,
            "attempts_days": int,
        },
        "obligations": {
            "release_days_max": int,
            "reply_days": int,
            "contestable": list,
            "reconsider_days": int,
            "approval_mode": str,
            "approvers_min": int,
        },
    },
}
# What may stand in a schedule besides the entries above: lists that clauses read.
FURTHER_ENTRIES: Mapping[str, type] = {"releasable": list, "fields": list}
# What else an agreement may oblige to, and the least and most of each. No other word is taken: a slip in one
# would bind nobody, and an address would leave where the text meant to confirm alone.
DUTIES: Mapping[str, tuple[int, int]] = {
    "verification_days_max": (0, DAYS_MAX),
    "certificate_days_max": (0, DAYS_MAX),
    "recall_days_max": (0, DAYS_MAX),
    "outcome_days_max": (0, DAYS_MAX),
    "outcome_overdue_percent_max": (0, 100),
    "acceptance_days_max": (1, DAYS_MAX),
    "urgent_check_days": (0, DAYS_MAX),
    "answer_hours_max": (1, 24 * 366),
    "review_sample_items": (1, INT_MAX),
    "confirm_only": (0, 1),
    "view_from_hour": (0, 23),
    "view_until_hour": (1, 24),
    "view_weekdays_only": (0, 1),
    "onward_record_years_min": (0, 100),
}
# A statute may leave to the agreement which offices sign; then its file says that it does not state it.
MAY_BE_UNSTATED = frozenset({"offices_by_statute"})
# A list or limit is stated exactly where the statute declares the fact that is held against it.
HELD_AGAINST: Mapping[str, str] = {
    "bases": "basis",
    "designated_statutes": "statute",
    "earliest_order_on": "order_date",
    "order_days_min": "order_final_on",
    "keys_equal_min": "keys_equal",
    "boilerplate_percent_max": "same_reason_percent",
    "boilerplate_items_floor": "same_reason_items",
    "persons_per_address_max": "persons_at_address",
    "addresses_per_person_max": "addresses_of_person",
    "persons_per_investigation_max": "persons_of_investigation",
    "investigations_opened_per_day_max": "investigations_opened_that_day",
    "sequential_investigations_max": "sequential_investigations",
    "items_without_history_max": "items_that_day",
    "volume_floor_items": "items_percent_of_history",
    "volume_percent_max": "items_percent_of_history",
    "attempts_per_person_max": "attempts_before",
}
# The request facts that the product knows by name; a statute may declare further ones (decision 0010).
STANDARD_FACTS = (
    "received_on", "received_year", "name_verdict", "address_verdict", "address_located",
    "address_sufficient", "birth_date", "taxpayer_number", "taxpayer_number_verdict", "alien_number_verdict",
    "basis", "statute", "statute_is_civil", "purpose", "reason", "reason_purpose", "investigation_id",
    "investigation_opened_on", "assurance", "order_date", "order_final_on", "case_number",
    "removability_class", "removability_section", "period_first", "period_last", "officers_valid", "fields",
    "source_stated", "same_reason_items", "same_reason_percent", "persons_at_address", "addresses_of_person",
    "persons_of_investigation", "investigations_opened_that_day", "sequential_investigations",
    "items_that_day", "items_percent_of_history", "attempts_before",
)  # fmt: skip
TYPE_OF_FURTHER: Mapping[str, str] = {
    "code": "text", "text": "text", "date": "date", "set": "set", "flag": "bool",
}  # fmt: skip
NORMALISERS = (
    "text", "code", "date", "year", "set", "flag", "name_verdict", "address_verdict", "address_located",
    "address_sufficient", "identifier", "identifier_verdict", "statute", "civil_statute", "reason_purpose",
    "order_final", "removability_class", "removability_section", "period_first", "period_last", "officers",
    "source_stated", "count", "kernel",
)  # fmt: skip
# What stands behind a rule that two officers may lift on a contest; statute and court never do.
CHOICES: Mapping[str, tuple[str, ...]] = {"contestable": ("policy", "agreement")}
# Where a fact comes from besides the columns of its row: the arrival, the batch's other rows, what the gate
# has received before, the kernel of identification.
ARRIVAL, BATCH, GATE, KERNEL = "arrival", "batch", "gate", "kernel"
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,39}")
Schedule = Mapping[str, Any]


def require_terms(terms: Mapping[str, Any], required: tuple[str, ...]) -> list[str]:
    """What is wrong with the front matter: missing, empty, unknown or ill-typed terms, with cures (R-03)."""
    found = [
        f'`{key}`: the term is missing; state it, or write "{NOT_STATED}" (R-03)'
        for key in required
        if key not in terms
    ]
    found += [f"`{key}`: the term is unknown; remove it" for key in terms if key not in required]
    found += [
        f'`{key}`: `{terms[key]}` states nothing; state the term, or write "{NOT_STATED}" (R-03)'
        for key in required
        if isinstance(terms.get(key), str) and terms[key].strip() and fold(terms[key]) in UNDECIDED
    ]
    found += [
        f'`{key}`: the term is empty; state it, or write "{NOT_STATED}" (R-03)'
        for key in required
        if key in terms and _is_empty(terms[key])
    ]
    return found + [finding for key in ("id", "version") for finding in _text_findings(terms, key)]


def _text_findings(terms: Mapping[str, Any], key: str) -> list[str]:
    is_text = isinstance(terms.get(key, "x"), str) and terms.get(key) != NOT_STATED
    return [] if is_text else [f"`{key}`: the term is a text that names this document"]


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, list | dict):
        parts = list(value.values()) if isinstance(value, dict) else value
        return not parts or any(_is_empty(part) for part in parts)
    return value is None or isinstance(value, float)


def agreement_term_findings(terms: Mapping[str, Any], schedules: Mapping[str, Schedule]) -> list[str]:
    """What is wrong with the terms that the gate itself reads: parties, term, synthetic, and pointers."""
    found = []
    for key, schedule in (("purposes", "purposes"), ("fields", "fields")):
        if terms[key] != f"see schedule {schedule}" or schedule not in schedules:
            found.append(
                f'`{key}`: it stands in the fence `schedule {schedule}`; write "see schedule {schedule}"'
            )
    if not isinstance(terms["synthetic"], bool):
        found.append("`synthetic`: the term is true or false")
    if not _is_texts(terms["parties"]) or len(set(terms["parties"])) < 2:
        found.append("`parties`: the ids of at least two parties, as a list of texts")
    if not isinstance(terms["authority"], str) or terms["authority"] == NOT_STATED:
        found.append("`authority`: the id of the statute file that the agreement stands under")
    onward = terms["onward_disclosure"]
    is_listed = isinstance(onward, dict) and onward.keys() == {"authorities"}
    if not isinstance(onward, str) and not (is_listed and _is_texts(onward["authorities"])):
        found.append("`onward_disclosure`: a text, or a table with the list `authorities` (R-54)")
    return found + _term_findings(terms["term"])


def _term_findings(term: Any) -> list[str]:
    if term == NOT_STATED:
        return []
    if not isinstance(term, dict) or set(term) - {"awaits_until"} != {"starts_on", "ends_on"}:
        return [f'`term`: a table with `starts_on` and `ends_on`, each a date or "{NOT_STATED}"']
    if "awaits_until" in term and type(term["awaits_until"]) is not date:
        return ["`term`: `awaits_until` is the day on which the notice that releases wait for is in force"]
    days = [term[key] for key in ("starts_on", "ends_on") if term[key] != NOT_STATED]
    if not all(type(day) is date for day in days):
        return [f'`term`: `starts_on` and `ends_on` are dates or "{NOT_STATED}"']
    if len(days) == 2 and term["ends_on"] < term["starts_on"]:
        return ["`term`: it ends before it starts"]
    return []


def _is_texts(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, str) and each.strip() for each in value)
    )


# -- schedules ----------------------------------------------------------------------------------------


def parse_schedule(fence: Fence, kind: str, facts: Container[str]) -> Schedule:
    """The entries of one schedule, each known and of its type; raises AgreementRefused naming the entry.

    `facts` are those that an agreement's statute declares; of a statute they are not asked.
    """
    place = fence.place
    entries = parsed_toml(fence.text, place, fence.line + 1)
    if fence.name in ("facts", "matching"):
        return entries  # checked where they are turned into declarations and into the policy
    known = _stated_under(kind, fence.name, facts)
    if fence.name == "obligations":
        known = {**known, **dict.fromkeys(DUTIES.keys() & entries.keys(), int)}
    further = FURTHER_ENTRIES.get(fence.name)
    for key in (*known, *entries):
        if key not in entries:
            raise AgreementRefused(f"{place}: the entry `{key}` is missing; nothing defaults silently (R-03)")
        if key not in known and (further is None or not (key.isascii() and key.isidentifier())):
            raise AgreementRefused(f"{place}: the entry `{key}` is unknown; remove it")
        _require_entry(place, key, entries[key], known.get(key) or further or list)
    if fence.name == "obligations":
        _require_duties(place, entries)
    return entries


def _stated_under(kind: str, schedule: str, facts: Container[str]) -> Mapping[str, type]:
    """The entries of a schedule that have something to be held against under these facts."""
    return {
        key: type_
        for key, type_ in SCHEDULES[kind][schedule].items()
        if key not in HELD_AGAINST or HELD_AGAINST[key] in facts
    }


def _require_entry(place: str, key: str, value: Any, kind: type) -> None:
    if key in MAY_BE_UNSTATED and value == NOT_STATED:
        return
    if kind is list:
        if not _is_texts(value) or len(set(value)) != len(value):
            raise AgreementRefused(f"{place}: `{key}` is a list of texts, not empty, each once")
        if not set(value) <= set(CHOICES.get(key, value)):
            raise AgreementRefused(f"{place}: `{key}` holds {' or '.join(CHOICES[key])} and nothing else")
        return
    if isinstance(value, int) and "days" in key.split("_") and value > DAYS_MAX:
        raise AgreementRefused(f"{place}: `{key}` is at most {DAYS_MAX:,} days; state fewer")
    _require_plain(place, key, value, kind)


def _require_duties(place: str, entries: Schedule) -> None:
    """Return when each further duty lies within its bounds, and the hours of viewing leave one (R-76)."""
    for key, (least, most) in DUTIES.items():
        if key in entries and not least <= entries[key] <= most:
            raise AgreementRefused(f"{place}: `{key}` is from {least:,} to {most:,}")
    if entries.get("view_from_hour", 0) >= entries.get("view_until_hour", 24):
        raise AgreementRefused(f"{place}: `view_until_hour` is later than `view_from_hour`, on the same day")


def _require_plain(place: str, key: str, value: Any, kind: type) -> None:
    is_typed = type(value) is kind
    if isinstance(value, str):
        is_typed = is_typed and bool(value.strip())
    if isinstance(value, int):
        is_typed = is_typed and 0 <= value <= INT_MAX
    if not is_typed:
        raise AgreementRefused(f"{place}: `{key}` is of type {kind.__name__}, and a number is not negative")


def required_schedules(kind: str, facts: Container[str]) -> tuple[str, ...]:
    """The schedules that a document of this kind must have, under a statute with these facts."""
    stated = [name for name in SCHEDULES[kind] if _stated_under(kind, name, facts)]
    return (*stated, "facts" if kind == "statute" else "matching")


def parse_facts(entries: Schedule) -> tuple[FactDeclaration, ...]:
    """The facts that a statute declares; raises AgreementRefused naming the fact."""
    return tuple(_declaration(name, entry) for name, entry in entries.items())


def _declaration(name: str, entry: Any) -> FactDeclaration:
    place = f"schedule facts: {name}"
    if not isinstance(entry, dict) or set(entry) != {"type", "stage", "source", "normaliser"}:
        raise AgreementRefused(f"`{place}`: a fact has `type`, `stage`, `source` and `normaliser`")
    if (
        not (name.isascii() and name.isidentifier() and name == name.lower())
        or name in KEYWORDS
        or name == "place"
    ):
        raise AgreementRefused(f"`{place}`: a fact is named in lower case, and not by a word of the language")
    found = FactDeclaration(name, **entry)
    closed: tuple[tuple[str, Callable[[FactDeclaration], bool]], ...] = (
        (f"`type` is one of {', '.join(TYPES)}", lambda fact: fact.type in TYPES),
        ("`stage` is request or match", lambda fact: fact.stage in ("request", "match")),
        (f"`normaliser` is one of {', '.join(NORMALISERS)}", lambda fact: fact.normaliser in NORMALISERS),
        (
            "`source` names columns of the submission, `arrival`, `batch`, `gate` or `kernel`",
            lambda fact: is_further(fact) or _has_known_source(fact),
        ),
        (
            "a further fact has one column in lower case as `source`, and the type of its normaliser: "
            + ", ".join(f"{each} {type_}" for each, type_ in TYPE_OF_FURTHER.items()),
            lambda fact: not is_further(fact) or _is_sound_further(fact),
        ),
        ("a fact of the batch or of the gate, and no other, is a count", _has_normaliser_of_its_source),
        ("a fact of the match, and no other, comes from the kernel (R-01)", _has_source_of_its_stage),
    )
    for words, holds in closed:
        if not holds(found):
            raise AgreementRefused(f"`{place}`: {words}")
    return found


def _has_known_source(fact: FactDeclaration) -> bool:
    sources = fact.source.split() if isinstance(fact.source, str) else []
    return bool(sources) and all(each in (*COLUMNS, ARRIVAL, BATCH, GATE, KERNEL) for each in sources)


def is_further(fact: FactDeclaration) -> bool:
    """Whether a statute declares a fact of the request that the product does not know by name."""
    return fact.stage == "request" and fact.name not in STANDARD_FACTS


def _is_sound_further(fact: FactDeclaration) -> bool:
    is_column = (
        isinstance(fact.source, str)
        and _COLUMN.fullmatch(fact.source) is not None
        and fact.source not in (ARRIVAL, BATCH, GATE, KERNEL)
    )
    return is_column and TYPE_OF_FURTHER.get(fact.normaliser) == fact.type


def _has_normaliser_of_its_source(fact: FactDeclaration) -> bool:
    return (fact.source in (BATCH, GATE)) == (fact.normaliser == "count")


def _has_source_of_its_stage(fact: FactDeclaration) -> bool:
    return (fact.source == KERNEL) == (fact.stage == "match") == (fact.normaliser == KERNEL)


# Each floor says whether a stated value is at least as strict as the product's own.
_FLOOR = MatchingPolicy()
_IS_STRICT: Mapping[str, Callable[[Any], bool]] = {
    "address_periods": lambda value: value == _FLOOR.address_periods,
    "is_two_keys_required": lambda value: isinstance(value, bool) and value >= _FLOOR.is_two_keys_required,
    "weight_bits_min": lambda value: type(value) is int and _FLOOR.weight_bits_min <= value <= 1000,
    "margin_bits_min": lambda value: type(value) is int and _FLOOR.margin_bits_min <= value <= 1000,
    "block_records_max": lambda value: type(value) is int and 1 <= value <= _FLOOR.block_records_max,
    "record_age_days_max": lambda value: type(value) is int and 0 <= value <= _FLOOR.record_age_days_max,
}


def parse_matching(entries: Schedule) -> MatchingPolicy:
    """The agreement's parameters for identification; raises AgreementRefused where one loosens the floor."""
    names = [each.name for each in fields(MatchingPolicy)]
    assert set(names) == set(_IS_STRICT), "every parameter of the policy has its floor"
    for key in (*names, *entries):
        if key not in entries:
            raise AgreementRefused(
                f"`schedule matching`: the entry `{key}` is missing; nothing defaults silently"
            )
        if key not in names:
            raise AgreementRefused(f"`schedule matching`: the entry `{key}` is unknown; remove it")
        if not _IS_STRICT[key](entries[key]):
            raise AgreementRefused(
                f"`schedule matching`: `{key}` is looser than the product's floor, or no value"
            )
    return MatchingPolicy(**entries)
