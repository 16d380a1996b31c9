"""The nouns of the gate, in the order a request meets them.

- Everything here is immutable and knows nothing of files, engines or time.
- An absent value is `None`; blank text never travels beyond `intake`.
- Classes that hold a person's data show no field in their representation (R-57).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from solely.confidential import masked

# The forms of what people and programs name things by, matched whole.
NAME_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")  # of a person, an office, a party, an agreement
REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
RELEASE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# The fields whose values the records hold and a package can carry.
HELD_FIELDS = frozenset({"address"})

# -- the submission (contracts 1) ---------------------------------------------------------------------

TO_CURE = "to_cure"  # the last column of a table that comes back to be cured; no submission has it
COLUMNS = (
    "request_id", "given_name", "middle_name", "family_name", "suffix", "birth_date", "taxpayer_number",
    "alien_number", "address", "basis", "statute", "purpose", "reason", "investigation_id",
    "investigation_opened_on", "assurance", "order_date", "order_final_by_court_on", "case_number",
    "removability_class", "periods", "officers", "fields", "cures", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """The signed letter of a batch (format `solely/letter/1`); `date` is the letter's own date."""

    requester: str
    signer_office: str
    date: date
    agreement: str
    agreement_version: str
    data_file: str
    data_sha256: str
    key_id: str
    sha256: str

    @property
    def batch_id(self) -> str:
        """The first 16 hexadecimal digits of the letter's SHA-256."""
        return self.sha256[:16]


@masked
class Item(NamedTuple):
    """One row of a batch: the words of the requester about one person; `row` counts from 1.

    `further` are the cells of the columns that the statute in force declares, in its order.
    """

    row: int
    request_id: str | None = None
    given_name: str | None = None
    middle_name: str | None = None
    family_name: str | None = None
    suffix: str | None = None
    birth_date: str | None = None
    taxpayer_number: str | None = None
    alien_number: str | None = None
    address: str | None = None
    basis: str | None = None
    statute: str | None = None
    purpose: str | None = None
    reason: str | None = None
    investigation_id: str | None = None
    investigation_opened_on: str | None = None
    assurance: str | None = None
    order_date: str | None = None
    order_final_by_court_on: str | None = None
    case_number: str | None = None
    removability_class: str | None = None
    periods: str | None = None
    officers: str | None = None
    fields: str | None = None
    cures: str | None = None
    source: str | None = None
    further: tuple[str | None, ...] = ()

    def cells(self) -> tuple[str | None, ...]:
        """The row as received: the cells of `COLUMNS`, then those of the law's further columns."""
        return (*self[1:-1], *self.further)

    @classmethod
    def of(cls, row: int, cells: Sequence[str | None]) -> "Item":
        """The item whose `cells()` these are."""
        return cls._make((row, *cells[: len(COLUMNS)], tuple(cells[len(COLUMNS) :])))


# -- what the gate says of an item --------------------------------------------------------------------


class Disposition(StrEnum):
    """What happens to one item, strictest first: where several apply, the uppermost wins."""

    REFUSED = "refused"
    RETURNED = "returned"
    REFERRED = "referred"
    WITHHELD = "withheld"
    RELEASABLE = "releasable"
    RELEASED = "released"


STRICTNESS = {each: place for place, each in enumerate(Disposition)}


class Reason(NamedTuple):
    """Why an item does not go on: the element at fault, a code from the closed list, the rule-book id."""

    element: str
    code: str
    rule: str

    def __str__(self) -> str:
        return f"{self.element}:{self.code}"


def codes_of(reasons: Sequence[Reason]) -> list[str]:
    """`element:CODE` of each reason, sorted, each once."""
    return sorted({f"{each.element}:{each.code}" for each in reasons})


def rules_of(reasons: Sequence[Reason]) -> list[str]:
    """The rule-book id of each reason, sorted, each once."""
    return sorted({each.rule for each in reasons})


# -- facts: what the gate vouches for about a request -------------------------------------------------


@masked
class Address(NamedTuple):
    """A standardised US address (USPS Publication 28); folded upper-case parts, "" where absent.

    `kind`: street, po_box, rural_route, highway_contract, general_delivery, military, private_mailbox.
    `number` is the house number ("45-12", "W204N11912"), or the route number for rural kinds;
    `box` the box number of box, route, military (PSC/unit) and private-mailbox forms.
    `street` is the name alone; `suffix` and the directionals are their Publication 28 abbreviations.
    `unit` is the secondary number without its designator ("3F").
    """

    kind: str
    number: str = ""
    predirectional: str = ""
    street: str = ""
    suffix: str = ""
    postdirectional: str = ""
    unit: str = ""
    box: str = ""
    city: str = ""
    state: str = ""
    zip5: str = ""


@masked
class AddressJudgment(NamedTuple):
    """Whether a text is sufficient as an address, from the text alone (R-24 to R-33, R-80).

    `verdict` is one of the closed list of contracts 5; `rule` is None when OK; `reason` is one sentence
    in the requester's words; `span` is the part of the input that decided; `located` is true when a
    facility comes with a complete street location.
    """

    verdict: str
    rule: str | None
    reason: str
    span: str
    located: bool = False
    address: Address | None = None

    @property
    def is_sufficient(self) -> bool:
        """True for OK, REVIEW and NONRESIDENTIAL."""
        return self.verdict in ("OK", "REVIEW", "NONRESIDENTIAL")


@masked
class Subject(NamedTuple):
    """The one person whom an item names, standardised for matching (R-88: always a person, never a set)."""

    row: int
    given: tuple[str, ...]
    middle: tuple[str, ...]
    family: tuple[str, ...]
    suffix: str
    birth_date: date | None
    taxpayer_number: str | None
    address: Address
    is_exact_required: bool
    periods: tuple[int, ...]
    order_date: date | None
    received_on: date


# -- records: the custodian's own ---------------------------------------------------------------------


@masked
class RecordAddress(NamedTuple):
    """One address of record: as filed, and standardised; an open end is `period_to` None."""

    street_line: str
    unit: str
    city: str
    state: str
    zip: str
    period_from: date | None
    period_to: date | None
    standard: Address | None


@masked
class Candidate(NamedTuple):
    """One person of record, whole: every address, and the flags that protect.

    Names are folded tokens (`folding.tokens`). Only `active` without `death_date` can be the match;
    all others are rivals (contracts 2).
    """

    record_id: str
    status: str
    given: tuple[str, ...]
    middle: tuple[str, ...]
    family: tuple[str, ...]
    family_2: tuple[str, ...]
    suffix: str
    birth_date: date | None
    death_date: date | None
    taxpayer_number: str | None
    addresses: tuple[RecordAddress, ...]
    is_protected: bool
    is_impaired: bool


@dataclass(frozen=True, slots=True)
class MatchingPolicy:
    """The agreement's parameters for identification; they can only tighten the product's floor.

    Bits are base-2 logarithms of likelihood ratios (Fellegi and Sunter 1969).
    """

    address_periods: str = "requested"
    is_two_keys_required: bool = False
    weight_bits_min: int = 40
    margin_bits_min: int = 10
    block_records_max: int = 200
    record_age_days_max: int = 30


class Abstention(StrEnum):
    """Why nobody was identified: the closed list of matching.md 8, as far as it needs a record."""

    NO_CANDIDATE = "NO_CANDIDATE"
    BLOCK_TOO_LARGE = "BLOCK_TOO_LARGE"
    NAME_NOT_STRICT = "NAME_NOT_STRICT"
    NAME_SUFFIX = "NAME_SUFFIX"
    NO_DISCRIMINATOR = "NO_DISCRIMINATOR"
    DISCRIMINATOR_CONFLICT = "DISCRIMINATOR_CONFLICT"
    ADDRESS_NOT_OF_RECORD = "ADDRESS_NOT_OF_RECORD"
    RIVAL = "RIVAL"
    NAMESAKE_NEEDS_TWO_KEYS = "NAMESAKE_NEEDS_TWO_KEYS"
    INCONSISTENT_DATES = "INCONSISTENT_DATES"
    SECOND_OPINION = "SECOND_OPINION"


@masked
class Identification(NamedTuple):
    """The kernel's answer about one subject: one record, or an abstention with its reason.

    `facts` are the match-stage facts that clauses read (contracts 7); a fact that is not known is None.
    `explanation` holds levels and gates only, no value of request or record; canonical JSON.
    `tried_id` is the record that would be identified if the address were one of record, or if a guess of a
    key were right; attempts are counted by it, and nothing else rests on it (R-87).
    """

    row: int
    record_id: str | None
    abstention: Abstention | None
    release_address: RecordAddress | None
    facts: Mapping[str, Any]
    explanation: Mapping[str, Any]
    tried_id: str | None = None


# -- decisions, releases ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decision:
    """One item's disposition as first decided, with every reason; neither reasons nor rules hold a value."""

    row: int
    request_id: str | None
    disposition: Disposition
    reasons: tuple[Reason, ...] = ()
    is_record_read: bool = False

    def reason_codes(self) -> list[str]:
        """`element:CODE`, sorted, each once."""
        return codes_of(self.reasons)

    def rules(self) -> list[str]:
        """Rule-book ids, sorted, each once."""
        return rules_of(self.reasons)


@dataclass(frozen=True, slots=True)
class Counts:
    """Current states of a batch's items; `received` always equals their sum (R-05)."""

    received: int = 0
    releasable: int = 0
    released: int = 0
    withheld: int = 0
    referred: int = 0
    returned: int = 0
    refused: int = 0

    def is_reconciled(self) -> bool:
        """True when every received item stands in exactly one state."""
        parts = (self.releasable, self.released, self.withheld, self.referred, self.returned, self.refused)
        return self.received == sum(parts)


# -- people whom the custodian has enrolled -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One trusted key: `id`, SPKI PEM, its `key_id`, and the words of its toml (contracts 3)."""

    id: str
    role: str
    public_key_pem: bytes
    key_id: str
    name: str
    enrolled_by: str
    valid_from: date
    valid_to: date
    is_demo: bool
    kind: str = "person"
    certified_on: date | None = None
    certificate_until: date | None = None  # of a contractor: the last day of its certificate
    above: tuple[str, ...] = ()  # of a court: the courts whose orders it may lift

    def is_valid_on(self, day: date) -> bool:
        """True when the enrolment covers `day`, and an officer is a certified person (R-49, R-50).

        A contractor's officer needs the contractor's certificate in date too (26 USC 6103(p)(9), R-53).
        """
        if not self.valid_from <= day <= self.valid_to:
            return False
        if self.role != "officers":
            return True
        if self.kind == "contractor" and (self.certificate_until is None or self.certificate_until < day):
            return False
        is_person = self.kind in ("person", "contractor")
        return is_person and self.certified_on is not None and self.certified_on <= day


@dataclass(frozen=True, slots=True)
class Trust:
    """The trust folder, read once: enrolments by role and id."""

    parties: Mapping[str, Enrolment] = field(default_factory=dict)
    requesters: Mapping[str, Enrolment] = field(default_factory=dict)
    approvers: Mapping[str, Enrolment] = field(default_factory=dict)
    officers: Mapping[str, Enrolment] = field(default_factory=dict)
    courts: Mapping[str, Enrolment] = field(default_factory=dict)
    inquiries: Mapping[str, Enrolment] = field(default_factory=dict)
    counsel: Mapping[str, Enrolment] = field(default_factory=dict)
    overseers: Mapping[str, Enrolment] = field(default_factory=dict)
    administrators: Mapping[str, Enrolment] = field(default_factory=dict)
