"""Who acts at the console: a passkey that an enrolled key vouched for, and its sign-ins.

    vouch     the holder of an enrolled key says that a passkey speaks for it; logged, from then on it may
    sign in   the passkey answers a challenge; logged, then the cookie is good for some hours
    provided  an identity provider says who is there; logged too, and no passkey comes of it
    end       the holder, or an administrator, ends a passkey; nobody begins one for another

- A row is believed as far as its voucher's signature and the ledger bear it out (R-82): whoever edits tables
  makes no passkey, and brings none back.
- Sign-ins permit nothing by themselves: what an act permits, a signature permits, judged by the step.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from solely import clock, passkey
from solely.canonical import sha256_hex
from solely.errors import Blocked, Duplicate, NotPermitted, VerificationFailed
from solely.ledger.entry import Access, EntryType, SignIn
from solely.model import Enrolment
from solely.passkey import Assertion, Vouched, Voucher, parse_voucher, require_assertion
from solely.services import Services
from solely.signing import parse_public_key, verify
from solely.steps import held, journal, vouching
from solely.steps.ordering import require_unrevoked
from solely.store import attendance

VOUCHED_DAYS_MAX: Final = 366
IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=10)
NOTED: Final = timedelta(minutes=1)  # how exactly it is known when somebody was last seen
ROLES: Final = (
    "approvers", "requesters", "officers", "counsel", "overseers", "administrators", "courts", "parties",
)  # fmt: skip
Row = Mapping[str, Any]


class Known(NamedTuple):
    """A passkey that stands: whose it is, by which voucher, since which entry."""

    credential: str
    person: Enrolment
    vouched: Vouched
    voucher: Voucher
    entry_index: int


class SignedIn(NamedTuple):
    """Somebody who is signed in, and the word that every form of the sign-in brings back.

    `known` is the passkey; without one an identity provider said who is there.
    """

    person: Enrolment
    known: Known | None
    form_word: str


class Named(NamedTuple):
    """Whom an identity provider says is there: the id of an enrolment; and who said so (a digest)."""

    id: str
    provider: str
    roles: frozenset[str]


def person_of(services: Services, holder: str, day: date) -> Enrolment:
    """The one person enrolled here with this key, in date; NotPermitted for nobody or several."""
    enrolled: list[Enrolment] = [each for role in ROLES for each in getattr(services.trust, role).values()]
    found = [each for each in enrolled if each.key_id == holder]
    if len(found) != 1:
        raise NotPermitted("this key belongs to nobody enrolled here, or to more than one")
    if not found[0].is_valid_on(day):
        raise NotPermitted(f"the enrolment of `{found[0].id}` is not valid today")
    return found[0]


class Offered(NamedTuple):
    """A passkey as its browser made it: the authenticator's id for it, and its public key (SPKI, base64)."""

    credential: str
    public: str


def vouch(services: Services, offered: Offered, holder: str, vouched: Vouched, at: datetime) -> Enrolment:
    """The person for whom a passkey speaks from now on, once it is in the ledger (R-84)."""
    require_unrevoked(services, holder, at)
    person = person_of(services, holder, at.date())
    voucher = _require_vouched(services, vouched, person)
    if voucher.passkey != offered.public:
        raise NotPermitted("the voucher is about another passkey")
    last = at.date() + timedelta(days=VOUCHED_DAYS_MAX)
    if not at.date() <= voucher.until <= last:
        raise NotPermitted(f"a passkey is vouched for until a day from today on, at the latest {last}")
    with services.database.transaction() as tx:
        is_named = attendance.find_passkey(tx, offered.credential) is not None
    if is_named or vouching.find(services, voucher.passkey) is not None:
        raise Duplicate("this passkey was vouched for already, and is so once: make a new one in the browser")
    row = {"credential": offered.credential, "holder": holder}
    row |= {"voucher": vouched.statement.decode(), "signature": vouched.signature.decode()}
    key = vouching.key_of(voucher.passkey)
    entry = journal.write(
        services.salt_key, EntryType.ACCESS, at, key, _said(row), outcome=Access.VOUCHED.value
    )
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        attendance.add_passkey(tx, row | {"entry_index": index})
    services.ledger.publish()
    return person


def end(services: Services, credential: str, by: Enrolment, at: datetime) -> None:
    """End a passkey: its holder at once, an administrator too (it tightens, R-84)."""
    known = find(services, credential, at)
    if by.key_id != known.person.key_id and by.role != "administrators":
        raise NotPermitted("a passkey is ended by its holder or by an administrator")
    key = f"access-ended/{known.entry_index}"
    entry = journal.write(
        services.salt_key, EntryType.ACCESS, at, key, {"by": by.id},
        refs=(known.entry_index,), outcome=Access.ENDED.value,
    )  # fmt: skip
    services.log(key, entry)


def find(services: Services, credential: str, at: datetime) -> Known:
    """The passkey of this credential while it stands; NotPermitted otherwise, Blocked when it was edited."""
    with services.database.transaction() as tx:
        row = attendance.find_passkey(tx, credential)
    if row is None:
        raise NotPermitted("this passkey is not known here: an enrolled key vouches for it first")
    return _known(services, row, at)


def _known(services: Services, row: Row, at: datetime) -> Known:
    entry = held.entry_of(services, row["entry_index"], "a passkey")
    held.require_said(services, entry, _key(row), _said(row), "a passkey")
    if row["entry_index"] in vouching.accesses(services).ended:
        raise NotPermitted("this passkey was ended")
    require_unrevoked(services, row["holder"], at)
    person = person_of(services, row["holder"], at.date())
    vouched = Vouched(row["voucher"].encode(), row["signature"].encode())
    voucher = _require_vouched(services, vouched, person)
    if voucher.until < at.date():
        raise NotPermitted(f"this passkey was vouched for until {voucher.until}; make a new one")
    return Known(row["credential"], person, vouched, voucher, row["entry_index"])


def standing(services: Services, at: datetime) -> list[Known]:
    """Every passkey that stands now."""
    found = []
    with services.database.transaction() as tx:
        rows = attendance.passkeys(tx)
    for row in rows:
        try:
            found.append(_known(services, row, at))
        except NotPermitted:
            continue
    return found


def passkeys_of(services: Services, person: Enrolment, at: datetime) -> tuple[str, ...]:
    """The credentials of a person's passkeys that stand now."""
    return tuple(each.credential for each in standing(services, at) if each.person == person)


# -- sign-ins -----------------------------------------------------------------------------------------------


def sign_in(services: Services, credential: str, answer: tuple[bytes, Assertion], at: datetime) -> str:
    """The cookie of a new sign-in, logged, after the passkey signed the challenge in `answer`."""
    known = find(services, credential, at)
    require_assertion(known.voucher, *answer)
    return _begin(services, known.person, {"credential": credential}, at, refs=(known.entry_index,))


def provided(services: Services, named: Named, at: datetime) -> str:
    """The cookie of a new sign-in by an identity provider's word, logged; it signs nothing (R-84).

    NotPermitted says the same of an id that is unknown, ended, revoked, of another role or of several people.
    """
    try:
        person = _named(services, named, at)
    except NotPermitted:
        raise NotPermitted("whom the identity provider names may not sign in here by its word") from None
    return _begin(services, person, {"provider": named.provider}, at, outcome=SignIn.PROVIDER.value)


def end_provided(services: Services) -> None:
    """End all sign-ins by an identity provider: another may be configured now, or none."""
    with services.database.transaction() as tx:
        attendance.end_provided(tx)


def _named(services: Services, named: Named, at: datetime) -> Enrolment:
    found = [people[named.id] for role in ROLES if named.id in (people := getattr(services.trust, role))]
    if len(found) != 1 or found[0].role not in named.roles:
        raise NotPermitted("nobody or several")
    require_unrevoked(services, found[0].key_id, at)
    return person_of(services, found[0].key_id, at.date())


def _begin(services: Services, person: Enrolment, by: Row, at: datetime, **fields: Any) -> str:
    """The cookie of a sign-in, once its entry is published; `by` says which way somebody came."""
    cookie, now = secrets.token_urlsafe(32), clock.milliseconds(clock.real())
    row = {"digest": _digest(cookie), "holder": person.key_id, "credential": None, "provider": None, **by}
    row |= {"form_word": secrets.token_urlsafe(32), "began": now}
    key, said = _sign_in_of(row, person)
    entry = journal.write(services.salt_key, EntryType.SIGN_IN, at, key, said, **fields)
    with services.database.transaction() as tx:
        attendance.end_sign_ins(tx, seen_before=now - _milliseconds(IDLE))
        index = services.ledger.append(tx, key, [entry])
        attendance.add_sign_in(tx, row | {"seen": now, "entry_index": index})
    services.ledger.publish()
    return cookie


def _sign_in_of(row: Row, person: Enrolment) -> tuple[str, dict[str, Any]]:
    """The event key of a sign-in, and all that its entry commits to."""
    names = ("holder", "credential", "provider", "form_word", "began")
    said = {name: row[name] for name in names if row[name] is not None}
    return f"sign-in/{row['digest']}", said | {"person": f"{person.role}/{person.id}"}


def signed_in(services: Services, cookie: str, at: datetime) -> SignedIn | None:
    """Who is signed in with this cookie; None once it is idle, too old, unknown, or its passkey is gone."""
    digest, now = _digest(cookie), clock.milliseconds(clock.real())
    with services.database.transaction() as tx:
        row = attendance.find_sign_in(tx, digest)
        if row is None:
            return None
        if now - row["seen"] > _milliseconds(IDLE) or now - row["began"] > _milliseconds(LONGEST):
            attendance.end_sign_ins(tx, digest=digest)
            return None
        if now - row["seen"] > _milliseconds(NOTED):
            attendance.touch_sign_in(tx, digest, now)
    try:
        return _standing(services, row, at)
    except (NotPermitted, Blocked):
        return None


def _standing(services: Services, row: Row, at: datetime) -> SignedIn:
    known = None if row["credential"] is None else find(services, row["credential"], at)
    require_unrevoked(services, row["holder"], at)
    person = person_of(services, row["holder"], at.date()) if known is None else known.person
    entry = held.entry_of(services, row["entry_index"], "a sign-in")
    held.require_said(services, entry, *_sign_in_of(row, person), "a sign-in")
    return SignedIn(person, known, row["form_word"])


def sign_out(services: Services, cookie: str, at: datetime) -> None:
    """Forget a sign-in, and say so in the ledger where it stood until now."""
    digest, stood = _digest(cookie), signed_in(services, cookie, at) is not None
    with services.database.transaction() as tx:
        row = attendance.find_sign_in(tx, digest)
        attendance.end_sign_ins(tx, digest=digest)
    if row is None or not stood:
        return
    key, refs = f"sign-out/{digest}", (row["entry_index"],)
    entry = journal.write(
        services.salt_key, EntryType.SIGN_IN, at, key, {}, refs=refs, outcome=SignIn.ENDED.value
    )
    services.log(key, entry)


# -- what a row is held against -----------------------------------------------------------------------------


def _require_vouched(services: Services, vouched: Vouched, person: Enrolment) -> Voucher:
    try:
        voucher = parse_voucher(vouched.statement)
        passkey.public_key_of(voucher.passkey)
        verify(parse_public_key(person.public_key_pem), vouched.signature, vouched.statement)
        vouching.require_here(services, voucher)
    except VerificationFailed as failed:
        raise NotPermitted(f"nobody vouched for this passkey here: {failed}; make a new one") from None
    return voucher


def _key(row: Row) -> str:
    try:
        return vouching.key_of(parse_voucher(row["voucher"].encode()).passkey)
    except VerificationFailed:
        raise Blocked("STATE_EDITED", "a passkey differs from its ledger entry") from None


def _said(row: Row) -> dict[str, Any]:
    names = ("credential", "holder", "voucher", "signature")
    return {name: row[name] for name in names}


def _digest(cookie: str) -> str:
    return sha256_hex(cookie.encode())


def _milliseconds(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
