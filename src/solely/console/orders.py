"""Orders at the console: listed, given, lifted, countersigned, noticed, and what each of them stops.

- An order is composed in the name of whoever signs it, filed by the same step as a signed file, and acts from
  its entry on. What it would stop is shown before, and what it stops after, as counts that the step makes.
- No count is a way to ask about a person: before it is filed, an order with a list of people is not counted,
  and to a party nothing is shown but what was delivered, and no order about single items that another gave.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from solely import afterwards
from solely.canonical import read_object
from solely.console.visit import (
    ADMINISTRATOR,
    COUNSEL,
    COURT,
    OFFICER,
    OVERSEER,
    PARTY,
    Answer,
    Elsewhere,
    File,
    Page,
    Route,
    Visit,
)
from solely.errors import NotPermitted, UsageError
from solely.flow import begin
from solely.orders.declaration import Standing, declared
from solely.orders.force import Filed, in_force
from solely.orders.order import HOURS_MAX, MAY, ORDER_BYTES_MAX, ROLES_OF, STATUSES, Kind, Order, parse_order
from solely.oversight.chart import Bar, Caption, Piece, bars
from solely.steps import complying, composing, ordering

_READERS: Final = frozenset((OFFICER, COUNSEL, OVERSEER, ADMINISTRATOR, COURT, PARTY))
_GIVERS: Final = frozenset((OFFICER, COURT, PARTY))
_COUNTERS: Final = frozenset((OFFICER, COUNSEL, OVERSEER, COURT))  # who may see what waits inside
_OFFICERS: Final = frozenset((OFFICER,))
_SCOPE: Final = (
    ("batch", "Only this batch", "sixteen hexadecimal digits"),
    ("request", "Only this item", "a request id"),
    ("release", "Only this release", "a release's UUID"),
    ("officer", "Only what names this officer", "an officer's id"),
    ("requester", "Only what this party asked for", "a party's id"),
    ("clause", "Only under this clause", "a clause's id such as 2(c)"),
)
# What the form calls each of its fields; in errors it stands where a file's key, or an option, would.
_LABELS: Final[Mapping[str, str]] = {
    **{name: label for name, label, _ in _SCOPE},
    "cite": "What it rests on",
    "ends_at": "Until the end of this day",
    "hours": "Hours between notice and release",
    "lifts": "The order that ends",
    "people": "Only people on this list",
    "plan_by": "Day of the corrective plan",
    "revoked_key": "The key's id",
    "starts_at": "From this day",
    "status": "Status",
    "supersedes": "In the place of an earlier order of yours",
}
# As errors name a key: an order's `cite`, its `starts_at` (`--from`).
_KEY: Final = re.compile(r"(?:(an|the) order's |(?<=s ))`(?:scope\.)?([a-z_]+)`(?: \(`--[a-z]+`\))?")
_NARROWED: Final = frozenset(name for name, _, _ in _SCOPE) - {"requester"}


class _Form(NamedTuple):
    """What the form of a kind asks for: its name, what it does, its own fields, and whether it has days."""

    name: str
    what: str
    fields: tuple[str, ...] = ()
    has_days: bool = False
    scope: frozenset[str] = _NARROWED


_FORMS: Final[Mapping[Kind, _Form]] = {
    Kind.STAY: _Form("Stay", "Nothing that it touches leaves, or opens, while it stands.", has_days=True),
    Kind.RECALL: _Form("Recall", "What was delivered opens no more, and each release is named in the ledger. "
                       "A recall is final."),
    Kind.NOTICE: _Form("Notice before release", "Nothing leaves until a notice was given and its hours have "
                       "passed.", ("hours",), has_days=True),
    Kind.LIFT: _Form("Lift", "Ends an order that you gave. Two approvers countersign it, and it acts a day "
                     "later.", ("lifts",), scope=frozenset()),
    Kind.PRESERVATION: _Form("Preservation", "Nothing that it touches is destroyed while it stands."),
    Kind.REVOCATION: _Form("Revocation of a key", "Nothing signed with the key counts any more; at once if "
                           "it only asks or opens. Where its word can stop something, two countersign and a "
                           "day passes; an approver's key is suspended at once by the custodian's party.",
                           ("revoked_key",), scope=frozenset()),
    Kind.SAFEGUARD: _Form("Safeguard report", "Whether the recipient's safeguards are accepted; a finding "
                          "stops releases at once.", ("status", "plan_by"), scope=frozenset({"requester"})),
}  # fmt: skip


# -- read ---------------------------------------------------------------------------------------------------


def listed(visit: Visit) -> Answer:
    """Every order that the visitor may see, newest first; a list of people by its length alone (R-91)."""
    lines = [each for each in afterwards.orders(visit.services) if _may_see(visit, each)]
    kinds = [(kind.value, form) for kind, form in _FORMS.items() if _may_give(visit, kind)]
    now = visit.services.now().isoformat()
    return Page("orders.html", {"orders": lines[::-1], "kinds": kinds, "now": now})


def one(visit: Visit) -> Answer:
    """One order: what it says, what was done about it, and what it stops now."""
    found, told = _found(visit)
    lines = {
        "order": told,
        "now": visit.services.now().isoformat(),
        "effect": _effect(visit, _about(visit, found)),
        "may_declare": visit.who.role in _COUNTERS and _is_declared(found.order),
        "may_countersign": visit.who.role == OFFICER
        and found.order.is_loosening
        and visit.who.id not in told["countersigned"],
        "may_notice": visit.who.role == OFFICER and found.order.kind is Kind.NOTICE,
    }
    return Page("order.html", lines)


def declaration(visit: Visit) -> Answer:
    """The draft declaration: counts as of now, and the entries that show them (R-64)."""
    told, standing = _declared(visit)
    counts = complying.counts_of(standing)
    effect = _Effect((*_waiting(counts), *_delivered(counts)))
    return Page("declaration.html", {"order": told, "text": declared(standing), "effect": effect})


def declaration_file(visit: Visit) -> Answer:
    """The same as a file for whoever signs it."""
    _, standing = _declared(visit)
    return File(f"declaration-{standing.order.id}.md", "text/markdown", declared(standing).encode())


def _declared(visit: Visit) -> tuple[Mapping[str, Any], Standing]:
    """An order, and where what it touches stands; UsageError for one that touches no item of its own."""
    found, told = _found(visit)
    if not _is_declared(found.order):
        raise UsageError(
            f"a {found.order.kind} touches no item of its own: declare under the order that it ends, or that "
            "stops or recalls"
        )
    return told, complying.standing_of(visit.services, found, visit.services.now())


def _is_declared(order: Order) -> bool:
    return order.lifts is None and order.revoked_key is None


def _found(visit: Visit, order_id: str = "") -> tuple[Filed, Mapping[str, Any]]:
    begin(visit.services)
    known = ordering.filed(visit.services)
    found = ordering.find_order(visit.services, order_id or visit.path["order_id"])
    told = ordering.told(found, visit.services.now(), known)
    if not _may_see(visit, told):
        raise UsageError("no such order is filed here")
    return found, told


def _about(visit: Visit, filed: Filed) -> Filed | None:
    """The order whose effect is told: of a lift the one that it ends, for a lift itself touches nothing; None
    where that one is not the visitor's to see."""
    if filed.order.lifts is None:
        return filed
    ended = ordering.find_order(visit.services, filed.order.lifts)
    return ended if _may_see(visit, ordering.told(ended, visit.at)) else None


def _may_see(visit: Visit, told: Mapping[str, Any]) -> bool:
    """A party sees what it gave, and what touches no single item or person (R-91); others see all."""
    is_own = told["authority"] == f"{visit.who.role}/{visit.who.id}"
    return visit.who.role != PARTY or is_own or set(told["scope"]) <= {"agreement", "batch", "requester"}


# -- what it stops ------------------------------------------------------------------------------------------


class _Effect(NamedTuple):
    """Counts by what they are of, and their chart."""

    counts: tuple[tuple[str, int], ...]

    @property
    def chart(self) -> Markup:
        """The counts as bars; the table beside it holds the same."""
        rows = [Bar(what, f"{number:,}", (Piece(number, ""),)) for what, number in self.counts if number]
        caption = Caption("effect", "What the order touches", "The table below holds the same counts.")
        return Markup(bars(caption, rows))  # noqa: S704 -- what is drawn was escaped there


def _effect(visit: Visit, found: Filed | None) -> _Effect | None:
    """What an order touches, as far as the visitor may see it; what a list of people, or a key, reaches is
    not counted for a page."""
    services, role = visit.services, visit.who.role
    if found is None or (role not in _COUNTERS and role != PARTY) or not _is_counted(found.order):
        return None
    counts = complying.noted_counts(services, found, services.now())
    if role == PARTY:
        return _Effect(_delivered(counts))
    states = ("referred_unread", "referred_read")
    referred = sum(complying.noted_waiting(services, found.order, each) for each in states)
    return _Effect((*_waiting(counts), ("referred to a person", referred), *_delivered(counts)))


def _is_counted(order: Order) -> bool:
    return order.revoked_key is None and not order.scope.people


def _waiting(counts: complying.Counts) -> tuple[tuple[str, int], ...]:
    return (("may leave but for orders", counts.waiting), ("released, stopped at the gate", counts.stopped))


def _delivered(counts: complying.Counts) -> tuple[tuple[str, int], ...]:
    return (
        ("delivered, never opened", counts.unopened),
        ("opened, not destroyed yet", counts.opened),
        ("of these, signed for by another officer", counts.signed_for),
        ("opened, destruction signed", counts.attested),
        ("opened, destruction overdue", counts.unknown),
        ("beside these: the list cannot say, the records have the person no more", counts.unsaid),
    )


# -- give ---------------------------------------------------------------------------------------------------


def form(visit: Visit) -> Answer:
    """The form of one kind of order."""
    kind = _kind(visit, visit.query.get("kind", ""))
    begin(visit.services)
    known, now = ordering.filed(visit.services), visit.services.now()
    standing = [
        ordering.told(each, now, known)
        for each in in_force(known, now)
        if each.order.kind is not Kind.LIFT and not each.order.is_final
    ]
    own = f"{visit.who.role}/{visit.who.id}"
    same = [each for each in known if (each.order.kind, each.order.authority) == (kind, own)]
    words = {
        "kind": kind.value,
        "form": _FORMS[kind],
        "labels": _LABELS,
        "scope": [each for each in _SCOPE if each[0] in _FORMS[kind].scope],
        "liftable": [each for each in standing if _may_see(visit, each)],
        "lifts": visit.query.get("lifts", ""),
        "earlier": [each.order for each in reversed(same) if _may_supersede(kind)],
        "statuses": STATUSES,
        "has_people": kind in (Kind.STAY, Kind.RECALL, Kind.PRESERVATION),
    }
    return Page("order_form.html", words)


def look(visit: Visit) -> Answer:
    """What the order would touch if it were filed now; nothing is signed or written."""
    with _in_words_of_the_form():
        _, order = _composed(visit)
    filed = Filed(order, visit.at, 0)
    shown = {
        "order": ordering.told(filed, visit.at),
        "effect": _effect(visit, _about(visit, filed)),
        "fields": {name: value for name, value in visit.form.items() if name != "form_word"},
        "form": _FORMS[order.kind],
    }
    return Page("order_look.html", shown)


def file(visit: Visit) -> Answer:
    """File an order in the visitor's own name; it acts from its entry on, unless it loosens."""
    services = visit.services
    with _in_words_of_the_form():
        text, _ = _composed(visit)
    done = afterwards.order(services, text, visit.signer.sign(text))
    later = done["in_effect_at"]
    waits = f"it acts from {later}" if later else "it waits for two countersignatures"
    stands = "it is in force" if done["is_in_force"] else waits
    return Elsewhere(f"/orders/{done['order']}", f"the order is ledger entry {done['entry']:,}; {stands}")


@contextmanager
def _in_words_of_the_form() -> Iterator[None]:
    """What is wrong with an order names its field as the form does."""
    try:
        yield
    except UsageError as error:
        raise UsageError(_KEY.sub(_as_labelled, str(error))) from None


def _as_labelled(key: re.Match[str]) -> str:
    if key[2] not in _LABELS:
        return key[0]
    return f"{'the field ' if key[1] else ''}“{_LABELS[key[2]]}”"


def _composed(visit: Visit) -> tuple[bytes, Order]:
    """The order that the visitor would sign, once it may be filed: a slip shows before the signature."""
    services, words = visit.services, _words(visit)
    begin(services)
    text = composing.composed(services.trust, services.law.agreement.id, words, visit.signer.holder)
    order = parse_order(text)
    ordering.require_fileable(services, order, ordering.filed(services), visit.at)
    return text, order


def countersign(visit: Visit) -> Answer:
    """One of two countersignatures of what loosens."""
    done = afterwards.countersign(visit.services, visit.path["order_id"], visit.signer)
    signed = len(done["countersigned"])
    return Elsewhere(f"/orders/{done['order']}", f"you have countersigned; {signed} of 2 have")


def notice(visit: Visit) -> Answer:
    """The notice that an order asks for was given; its hours run from now."""
    done = afterwards.give_notice(visit.services, visit.path["order_id"], visit.signer)
    return Elsewhere(f"/orders/{done['order']}", "the notice is in the ledger; its hours run")


def _words(visit: Visit) -> dict[str, Any]:
    """The words of an order from its form; UsageError names the field that cannot be read."""
    said = {name: value.strip() for name, value in visit.form.items() if value.strip()}
    kind = _kind(visit, said.get("kind", ""))
    shown = _FORMS[kind]
    words: dict[str, Any] = {"kind": kind.value, "cite": said.get("cite", "")}
    own = (*shown.fields, *(["supersedes"] if _may_supersede(kind) else []))
    words |= {name: said[name] for name in own if name in said}
    if shown.has_days:
        words |= {name: said[name] for name in ("starts_at", "ends_at") if name in said}
    if "hours" in words:
        is_short = words["hours"].isdecimal() and len(words["hours"]) <= len(str(HOURS_MAX))
        words["hours"] = int(words["hours"]) if is_short else words["hours"]
    scope: dict[str, Any] = {name: said[name] for name in shown.scope if name in said}
    if "people" in said:
        scope["people"] = _people(said["people"])
    return words | {"scope": scope}


def _may_supersede(kind: Kind) -> bool:
    return "supersedes" in MAY.get(kind, ())


def _people(text: str) -> Any:
    try:
        found = read_object(b'{"people": %s}' % text.encode())
        (people,) = found.values()
        return people
    except ValueError:
        raise UsageError("an order's `people` is a JSON list; the form shows one") from None


def _kind(visit: Visit, word: str) -> Kind:
    if word not in _FORMS:
        raise UsageError("this is no kind of order")
    kind = Kind(word)
    if not _may_give(visit, kind):
        raise NotPermitted(f"an order of kind `{kind}` is not for your role to give")
    return kind


def _may_give(visit: Visit, kind: Kind) -> bool:
    return visit.who.role in ROLES_OF[kind]


ROUTES = (
    Route("GET", "/orders", _READERS, listed),
    Route("GET", "/orders/new", _GIVERS, form),
    Route("POST", "/orders/look", _GIVERS, look, field_max=ORDER_BYTES_MAX),
    Route("POST", "/orders/file", _GIVERS, file, "this order", field_max=ORDER_BYTES_MAX),
    Route("GET", "/orders/{order_id}", _READERS, one),
    Route("GET", "/orders/{order_id}/declaration", _COUNTERS, declaration),
    Route("GET", "/orders/{order_id}/declaration.md", _COUNTERS, declaration_file),
    Route("POST", "/orders/{order_id}/countersign", _OFFICERS, countersign, "that this may loosen"),
    Route("POST", "/orders/{order_id}/notice", _OFFICERS, notice, "that the notice was given"),
)
