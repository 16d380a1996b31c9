"""A signed order: who says it, whom it touches, from when until when (R-07, R-08, R-91).

- An order is a JSON object, format `solely/order/1`, with a detached signature over its exact bytes; its id
  is the first 16 hexadecimal digits of their SHA-256.
- What an order states narrows whom it touches: every key of its scope must fit. Of a list of people, one
  who may be meant is touched (doubt protects).
- Source of the model: ETSI TS 103 120 (an order, its task, its status), as formats.md D7 takes it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, NamedTuple

from solely.canonical import read_object, sha256_hex
from solely.errors import UsageError
from solely.model import NAME_ID, RELEASE_ID, REQUEST_ID
from solely.notes import require_note
from solely.orders.people import Member, People

FORMAT = "solely/order/1"
ORDER_BYTES_MAX = 4 * 2**20  # a class list of tens of thousands of people
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
HOURS_MAX = 8_784  # of a notice: a leap year


class Kind(StrEnum):
    """What an order does; the first four stop, a safeguard reports on a recipient, a lift loosens,
    a preservation stops destruction and nothing else."""

    STAY = "stay"
    RECALL = "recall"
    NOTICE = "notice"
    REVOCATION = "revocation"
    SAFEGUARD = "safeguard"
    LIFT = "lift"
    PRESERVATION = "preservation"


ROLES_OF: Mapping[Kind, frozenset[str]] = {
    Kind.STAY: frozenset({"courts", "parties", "approvers"}),
    Kind.RECALL: frozenset({"courts", "parties", "approvers"}),
    Kind.NOTICE: frozenset({"courts", "parties"}),
    Kind.REVOCATION: frozenset({"courts", "parties", "approvers"}),
    Kind.SAFEGUARD: frozenset({"courts", "parties", "approvers"}),
    Kind.LIFT: frozenset({"courts", "parties", "approvers"}),
    Kind.PRESERVATION: frozenset({"courts", "parties", "approvers"}),
}
# What the ledger shows as lasting: a recalled release opens never again, and a pinned one is destroyed only
# after a lift that everybody sees.
LASTING = frozenset({Kind.RECALL, Kind.REVOCATION, Kind.PRESERVATION, Kind.LIFT})
# Whose key one official alone revokes: their word asks and opens, and stops nothing.
AT_ONCE = frozenset({"requesters", "officers", "inquiries"})
# Whose key the custodian's party alone suspends; what the key has stopped stays stopped.
SUSPENDED = frozenset({"approvers", "administrators"})
# Of a recipient: an accepted report, an open finding, a finding with a dated plan.
STATUSES = ("accepted", "finding", "planned")


class Scope(NamedTuple):
    """Whom an order touches; an unstated key (None or empty) does not narrow it."""

    agreement: str
    clause: str | None = None
    batch: str | None = None
    release: str | None = None
    request: str | None = None
    officer: str | None = None
    requester: str | None = None
    people: People = People()

    @property
    def is_whole(self) -> bool:
        """True when everything that leaves under the agreement, or a batch of it, is touched."""
        narrowed = (self.release, self.request, self.officer)
        return not any(narrowed) and not self.people

    def is_as_wide_as(self, other: "Scope") -> bool:
        """True when it touches all that the other touches; a clause narrows nothing."""
        names = set(self._fields) - {"clause", "people"}
        if any(getattr(self, each) not in (None, getattr(other, each)) for each in names):
            return False
        return not self.people or (bool(other.people) and set(other.people) <= set(self.people))


class Order(NamedTuple):
    """One order as signed; `starts_at` None means from its filing on, `ends_at` None until it is lifted."""

    id: str
    kind: Kind
    authority: str
    key_id: str
    cite: str
    scope: Scope
    starts_at: datetime | None
    ends_at: datetime | None
    hours: int | None = None
    status: str | None = None
    plan_by: date | None = None
    lifts: str | None = None
    revoked_key: str | None = None
    holder: str | None = None  # whose key is revoked, as folder and id; stated where that word can stop
    supersedes: str | None = None  # an earlier order of the same authority and kind

    @property
    def role(self) -> str:
        """The trust folder that the authority is enrolled in: courts, parties or approvers."""
        return self.authority.partition("/")[0]

    @property
    def office(self) -> str:
        """The id of the authority within its folder."""
        return self.authority.partition("/")[2]

    @property
    def is_loosening(self) -> bool:
        """True when more may leave because of it: it needs two more people, and a wait (R-84)."""
        if self.kind is Kind.REVOCATION:
            return self._silences and not self.is_suspension
        return self.kind is Kind.LIFT or (self.kind is Kind.SAFEGUARD and self.status != "finding")

    @property
    def is_suspension(self) -> bool:
        """True of a key that a party stops at once although its word can stop something: a lift ends it."""
        return self._silences and self.role == "parties" and self._held_in in SUSPENDED

    def is_as_strict_as(self, earlier: "Order") -> bool:
        """True when it stops, and for as long, all that an earlier order of its kind stops."""
        stops = (Kind.STAY, Kind.NOTICE, Kind.SAFEGUARD)  # what is pinned is let go by a lift alone
        if self.kind is not earlier.kind or self.kind not in stops or self.is_loosening:
            return False
        lasts = self.ends_at is None or (earlier.ends_at is not None and self.ends_at >= earlier.ends_at)
        return lasts and (self.hours or 0) >= (earlier.hours or 0) and self.scope.is_as_wide_as(earlier.scope)

    def is_answer_to(self, earlier: "Order") -> bool:
        """True of a dated plan or accepted report, without an end, on all that a finding is about (R-07)."""
        if not (self.kind is earlier.kind is Kind.SAFEGUARD and self.is_loosening):
            return False
        return (
            earlier.status != "accepted" and self.ends_at is None and self.scope.is_as_wide_as(earlier.scope)
        )

    @property
    def is_final(self) -> bool:
        """True when no lift ends it: ask for a new release, enrol a new key."""
        return self.kind is Kind.RECALL or (self.kind is Kind.REVOCATION and not self.is_suspension)

    @property
    def _held_in(self) -> str:
        return (self.holder or "").partition("/")[0]

    @property
    def _silences(self) -> bool:
        """True when it ends the word of another who can stop something."""
        is_own = self.key_id == self.revoked_key
        return self.holder is not None and self._held_in not in AT_ONCE and not is_own


_AUTHORITY = re.compile(r"(courts|parties|approvers)/[a-z0-9][a-z0-9._-]{0,63}")
_GIVERS = "who gives it, of courts, parties or approvers, such as courts/district-court"
_HOLDER = re.compile(r"[a-z]{1,32}/[a-z0-9][a-z0-9._-]{0,63}")
_DIGEST = re.compile(r"[0-9a-f]{16}")
_CLAUSE = re.compile(r"[0-9A-Za-z().-]{1,32}")
_KEYS = frozenset(
    {"format", "kind", "authority", "key_id", "cite", "scope", "starts_at", "ends_at", "hours", "status"}
    | {"plan_by", "lifts", "revoked_key", "holder", "supersedes"}
)
_FORMS = {
    "agreement": (NAME_ID, "an agreement's id"),
    "clause": (_CLAUSE, "a clause's id such as 2(c)"),
    "batch": (_DIGEST, "a batch's id: sixteen hexadecimal digits"),
    "release": (RELEASE_ID, "a release's UUID"),
    "request": (REQUEST_ID, "a request id"),
    "officer": (NAME_ID, "an officer's id"),
    "requester": (NAME_ID, "a party's id"),
}
# Which keys each kind must state beside those of all, and may state.
_OWN: Mapping[Kind, frozenset[str]] = {
    Kind.STAY: frozenset(),
    Kind.RECALL: frozenset(),
    Kind.NOTICE: frozenset({"hours"}),
    Kind.REVOCATION: frozenset({"revoked_key"}),
    Kind.SAFEGUARD: frozenset({"status"}),
    Kind.LIFT: frozenset({"lifts"}),
    Kind.PRESERVATION: frozenset(),
}
MAY: Mapping[Kind, frozenset[str]] = {
    Kind.STAY: frozenset({"supersedes"}),
    Kind.NOTICE: frozenset({"supersedes"}),
    Kind.SAFEGUARD: frozenset({"plan_by", "supersedes"}),
    Kind.PRESERVATION: frozenset({"supersedes"}),
    Kind.REVOCATION: frozenset({"holder"}),
}


def parse_order(data: bytes) -> Order:
    """The order in `data`; UsageError names the key that is unknown, missing or of another form."""
    words = _words(data)
    unknown = sorted(set(words) - _KEYS)
    if unknown:
        raise UsageError(f"an order has no key `{_shown(unknown[0])}`")
    _require(words.get("format") == FORMAT, "format", f"`{FORMAT}`")
    _require(words.get("kind") in list(Kind), "kind", f"one of {', '.join(Kind)}")
    kind = Kind(words["kind"])
    _require_own(kind, words)
    text = _texts(words)
    starts_at = _instant(words, "starts_at", time(0, 0))
    ends_at = _instant(words, "ends_at", time(23, 59, 59, 999000))
    if ends_at is not None and kind in LASTING:
        raise UsageError(f"an order of kind `{kind}` states no `ends_at`: {_why_endless(kind)}")
    if starts_at is not None and ends_at is not None and ends_at < starts_at:
        raise UsageError("an order's `ends_at` is not before its `starts_at`")
    return Order(
        id=sha256_hex(data)[:16],
        kind=kind,
        authority=text("authority", _AUTHORITY, _GIVERS),
        key_id=text("key_id", _DIGEST, "sixteen hexadecimal digits"),
        cite=_cite(words),
        scope=_scope(words.get("scope")),
        starts_at=starts_at,
        ends_at=ends_at,
        hours=_hours(words) if kind is Kind.NOTICE else None,
        status=_status(words) if kind is Kind.SAFEGUARD else None,
        plan_by=_plan(words),
        lifts=text("lifts", _DIGEST, "the id of the order that ends") if kind is Kind.LIFT else None,
        revoked_key=text("revoked_key", _DIGEST, "a key's id") if kind is Kind.REVOCATION else None,
        holder=text("holder", _HOLDER, "a folder and an id") if "holder" in words else None,
        supersedes=text("supersedes", _DIGEST, "an order's id") if "supersedes" in words else None,
    )


def parse_new_order(data: bytes) -> Order:
    """The order in `data` as it may be filed; UsageError also names a key that is null.

    What is filed already is read by `parse_order`: a null there is a key that is not stated.
    """
    order, words = parse_order(data), _words(data)
    for key, value in (*words.items(), *((f"scope.{name}", each) for name, each in words["scope"].items())):
        _require(value is not None, key, "left out where it is not stated: null narrows nothing")
    return order


def require_to_come(order: Order, at: datetime) -> None:
    """Return when an order can still act, for some time, and begins when one of its kind may."""
    if order.ends_at is not None and order.ends_at < at:
        raise UsageError("the order's `ends_at` (`--until`) has passed: it would stop nothing")
    if order.ends_at is not None and order.ends_at == order.starts_at:
        raise UsageError(
            "the order's `ends_at` (`--until`) is the instant of its `starts_at` (`--from`): it would last "
            "for no time; state a later instant, or a day, which lasts to its end"
        )
    if order.plan_by is not None and order.plan_by < at.date():
        raise UsageError("a plan's `plan_by` is a day to come, by which the finding will be corrected")
    if order.kind in LASTING - {Kind.LIFT} and order.starts_at is not None and order.starts_at > at:
        raise UsageError(f"a {order.kind} acts from its filing: its `starts_at` is not later")


def _why_endless(kind: Kind) -> str:
    if kind is Kind.LIFT:
        return "a lift has no end; give another order to stop again"
    return "it is final" if kind is Kind.RECALL else "it stands until it is lifted"


def _words(data: bytes) -> dict[str, Any]:
    if len(data) > ORDER_BYTES_MAX:
        raise UsageError("the order is too long")
    try:
        return read_object(data)
    except ValueError:
        raise UsageError("an order is one JSON object in UTF-8, each key once") from None


def _shown(key: str) -> str:
    return key if re.fullmatch(r"[a-z][a-z0-9_]{0,31}", key) else "…"


def _require(condition: bool, key: str, meaning: str) -> None:
    if not condition:
        raise UsageError(f"an order's {named(key)} is {meaning}")


def named(key: str) -> str:
    """A key of an order as errors name it: in the file of an order, and by the option of a command."""
    scope, _, part = key.rpartition(".")
    return f"`{key}`" + (f" (`--{part}`)" if scope and part != "agreement" else "")


def _require_own(kind: Kind, words: Mapping[str, Any]) -> None:
    own = frozenset[str]().union(*_OWN.values(), *MAY.values())
    stray = sorted((own & set(words)) - _OWN[kind] - MAY.get(kind, frozenset()))
    if stray:
        raise UsageError(f"an order of kind `{kind}` states no `{stray[0]}`")


def _texts(words: Mapping[str, Any]) -> Callable[[str, re.Pattern[str], str], str]:
    def text(key: str, form: re.Pattern[str], meaning: str) -> str:
        value = words.get(key)
        if not isinstance(value, str) or not form.fullmatch(value):
            raise UsageError(f"an order's `{key}` is {meaning}")
        return value

    return text


def _cite(words: Mapping[str, Any]) -> str:
    cite = words.get("cite")
    _require(isinstance(cite, str), "cite", "what it rests on, in words")
    require_note("an order's `cite`", str(cite))
    return str(cite)


def _instant(words: Mapping[str, Any], key: str, at: time) -> datetime | None:
    """The instant of a key: RFC 3339 with a zone, or a day (UTC), whose first or last moment is meant."""
    value = words.get(key)
    if value is None:
        return None
    meaning = "an instant such as 2026-01-31T12:00:00Z, or a day"
    _require(isinstance(value, str) and _DAY.match(value) is not None, key, meaning)
    try:
        if _DAY.fullmatch(value):
            return datetime.combine(date.fromisoformat(value), at, UTC)
        found = datetime.fromisoformat(value)
        _require(found.tzinfo is not None, key, meaning)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"an order's `{key}` is {meaning}") from None


def _hours(words: Mapping[str, Any]) -> int:
    hours = words.get("hours")
    is_whole = isinstance(hours, int) and not isinstance(hours, bool) and 0 < hours <= HOURS_MAX
    _require(is_whole, "hours", f"a whole number from 1 to {HOURS_MAX:,}")
    assert isinstance(hours, int), "it was required"
    return hours


def _status(words: Mapping[str, Any]) -> str:
    status = words.get("status")
    _require(status in STATUSES, "status", f"one of {', '.join(STATUSES)}")
    _require((status == "planned") == ("plan_by" in words), "plan_by", "stated with `planned`, and only then")
    return str(status)


def _plan(words: Mapping[str, Any]) -> date | None:
    if "plan_by" not in words:
        return None
    value, meaning = words["plan_by"], "a date such as 2026-01-31, in quotation marks"
    _require(isinstance(value, str) and _DAY.fullmatch(value) is not None, "plan_by", meaning)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UsageError(f"an order's `plan_by` is {meaning}") from None


def _scope(value: Any) -> Scope:
    _require(isinstance(value, dict), "scope", "an object that names at least the agreement")
    unknown = sorted(set(value) - set(_FORMS) - {"people"})
    if unknown:
        raise UsageError(f"an order's scope has no key `{_shown(unknown[0])}`")
    for key, (form, meaning) in _FORMS.items():
        stated = value.get(key)
        is_formed = isinstance(stated, str) and form.fullmatch(stated)
        _require(bool(is_formed) or (stated is None and key != "agreement"), f"scope.{key}", meaning)
    stated = {key: value[key] for key in _FORMS if value.get(key) is not None}
    return Scope(**stated, people=_people(value.get("people")))


def _people(value: Any) -> People:
    if value is None:
        return People()
    _require(isinstance(value, list) and bool(value), "scope.people", "a list of people, at least one")
    return People(_member(each) for each in value)


def _member(value: Any) -> Member:
    meaning = f"objects of texts with the keys {', '.join(Member._fields)}, at least a name or a number"
    is_formed = isinstance(value, dict) and set(value) <= set(Member._fields)
    is_text = is_formed and all(isinstance(each, str) for each in value.values())
    _require(is_text, "scope.people", meaning)
    found = Member(**{key: text.strip() for key, text in value.items()})
    named = found.family_name or found.given_name or found.taxpayer_number or found.alien_number
    _require(bool(named), "scope.people", meaning)
    return found
