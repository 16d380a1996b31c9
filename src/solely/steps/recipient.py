"""The recipient's side: terms accepted, duties signed, corrections told (R-62, R-64, R-96 to R-98, R-101).

- Every act is signed by an officer whom the release names, and what was opened by one who opened it; entry
  and state are written together. For one who opened and is enrolled here no more, another whom the release
  names signs, and says for whom.
- What is overdue blocks: certificates and verifications new releases, outcomes new batches.
- A row that is gone makes more overdue and never less; a row that is there is held against its entry.
"""

import difflib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from solely import clock
from solely.canonical import canonical_json, sha256_hex
from solely.errors import BatchRefused, Blocked, Duplicate, NotPermitted, UsageError
from solely.ledger.commitment import job_of
from solely.ledger.entry import Entry, EntryType, Refused, decode
from solely.model import Enrolment
from solely.notes import require_note
from solely.release.duties import (
    DAYS,
    OUTCOMES,
    Act,
    Owed,
    is_accepted,
    is_outcome_share_exceeded,
    open_duties,
    overdue,
)
from solely.release.opening import OpeningDenied
from solely.services import Services
from solely.signing import Signer, signature_digest
from solely.steps import held, journal, named_release, objecting, ordering
from solely.steps.deciding import item_of
from solely.store import recipients as rows

Row = Mapping[str, Any]
By = dict[str, frozenset[str]]  # acts, by officer
KINDS = {
    Act.ACCEPTED: EntryType.ACCEPTANCE,
    Act.VERIFIED: EntryType.DUTY,
    Act.ACKNOWLEDGED: EntryType.DUTY,
    Act.DESTROYED: EntryType.CERTIFICATE,
    Act.OUTCOME: EntryType.OUTCOME,
    Act.SHARED: EntryType.DUTY,
    Act.CHECKED: EntryType.APPROVAL,
}


# Each of those who opened a release signs these of the own copy; the others are signed once for a release.
OWN = (Act.VERIFIED, Act.DESTROYED)


class Signed(NamedTuple):
    """An officer's act about a release (or the terms), and what it says."""

    act: Act
    subject: str
    words: Mapping[str, str]
    refs: tuple[int, ...]


def days_of(services: Services) -> dict[str, int]:
    """The days of each duty: the agreement's, where its schedule of obligations states them."""
    stated = services.law.obligations
    return {name: int(stated.get(name, days)) for name, days in DAYS.items()}


# -- who signs what ----------------------------------------------------------------------------------------


def require_officer(services: Services, signer: Signer, at: datetime) -> Enrolment:
    """The enrolled officer who holds the key, in date, the key not revoked; else OpeningDenied."""
    holders = [each for each in services.trust.officers.values() if each.key_id == signer.holder]
    if len(holders) != 1:  # a key that two share names nobody
        raise OpeningDenied("OFFICER_UNKNOWN")
    officer = holders[0]
    if not officer.is_valid_on(at.date()):
        raise OpeningDenied("OFFICER_NOT_VALID")
    ordering.require_unrevoked(services, signer.holder, at)
    return officer


def accept(services: Services, signer: Signer, at: datetime) -> dict[str, Any]:
    """The acceptance of the terms in force by one officer; it lasts as long as the agreement says (R-101)."""
    officer = require_officer(services, signer, at)
    if officer.id in accepted_by(services, at):
        raise Duplicate("this officer has accepted the terms of this version already")
    signed = Signed(Act.ACCEPTED, services.law.digest, {}, ())
    record(services, officer, signer, signed, at)
    return {"officer": officer.id, "accepted": services.law.agreement.version}


def act(
    services: Services,
    request_id: str,
    signer: Signer,
    said: tuple[Act, Mapping[str, str]],
    at: datetime,
    require: Callable[[Row, Enrolment], None] = lambda release, officer: None,
) -> dict[str, Any]:
    """What an officer has signed about an own release; a denial, that of `require` too, is an entry."""
    kind, words = said
    for name, text in words.items():
        require_note(f"`--{'code' if name == 'outcome' else name}`", text)
    if kind is Act.OUTCOME and words.get("outcome") not in OUTCOMES:
        raise UsageError(f"an outcome is one of {', '.join(OUTCOMES)}")
    found = named_release.find(services, request_id)
    try:
        officer = require_officer(services, signer, at)
        release = named_release.own(found, officer)
        _require_signer(services, release, officer, said, at)
        require(release, officer)
    except (NotPermitted, Blocked) as denied:
        _log_denied(services, found, kind, denied, at)
        if getattr(denied, "reason", "") == "OFFICER_NOT_NAMED":  # said as of none
            raise named_release.not_own() from None
        raise
    for standing in _same(services, release, officer, said):
        raise Duplicate(f"for this release stands already: {_standing(services, standing)}")
    signed = Signed(kind, release["id"], words, (release["entry_index"],))
    record(services, officer, signer, signed, at)
    return {"request_id": release["request_id"], "release": release["id"], "signed": kind.value} | dict(words)


def _same(
    services: Services, release: Row, officer: Enrolment, said: tuple[Act, Mapping[str, str]]
) -> list[Row]:
    """What was signed already and says what an officer would sign now."""
    kind, words = said
    with services.database.transaction() as tx:
        same = [each for each in rows.acts(tx, release["id"]) if each["act"] == kind.value]
    if kind is Act.OUTCOME:  # what is known later follows what was said first, which stays
        opened = openings(services).get(release["entry_index"], {})
        latest = [each for each in same[-1:] if not _is_outdated(each, opened)]
        return [each for each in latest if json.loads(each["statement"])["outcome"] == words["outcome"]]
    if kind is Act.SHARED:  # each office that it goes to is recorded
        return [each for each in same if words.items() <= json.loads(each["statement"]).items()]
    whose = words.get("for", officer.id)
    return [each for each in same if kind not in OWN or whose == (_for(each) or each["officer_id"])]


def _standing(services: Services, row: Row) -> str:
    """What was signed for a release, by whom and when, in words."""
    words = json.loads(row["statement"])
    said = ", ".join(f"{name} {words[name]}" for name in sorted(words.keys() - {"act", "subject", "officer"}))
    on = journal.instant_of(services, row["entry_index"]).date()
    return f"`{row['act']}`{f' ({said})' if said else ''}, signed by `{row['officer_id']}` on {on}"


def _for(row: Row) -> str:
    """Whose duty an act has signed where it is not the signer's own; else empty."""
    return str(json.loads(row["statement"]).get("for", ""))


def _require_signer(
    services: Services,
    release: Row,
    officer: Enrolment,
    said: tuple[Act, Mapping[str, str]],
    at: datetime,
) -> None:
    """Return when one whom this release names signs for it: who opened it, or anybody of what nobody opened;
    else OpeningDenied or NotPermitted (R-96).

    For one who opened it and is enrolled here no more, another whom it names signs; what came of it is said
    by any of them where nobody who opened it is left.
    """
    kind, words = said
    openers = openers_of(services, release)
    if not openers and words.get("outcome") != "not_used":
        cure = "; its outcome is `not_used` until it is" if kind is Act.OUTCOME else ""
        raise NotPermitted(f"this release was never opened: there is nothing to sign for{cure}")
    absent = _absent(services, openers, at)
    if "for" in words:
        if kind not in OWN or words["for"] not in absent:
            raise NotPermitted(
                "another officer signs only for one who opened this release and is enrolled here no more"
            )
    elif officer.id not in openers and (kind in OWN or absent != openers):
        raise OpeningDenied("OFFICER_NOT_OPENER")


def _absent(services: Services, openers: Iterable[str], at: datetime) -> frozenset[str]:
    """Those who opened a release and are enrolled here no more, in date and with a key that stands."""
    known = services.trust.officers
    return frozenset(each for each in openers if each not in known or not known[each].is_valid_on(at.date()))


def opened_by(officer: str) -> dict[str, str]:
    """What the entry of an opening commits to: who; the package is that of the release which it refers to."""
    return {"officer": officer}


def openers_of(services: Services, release: Row) -> frozenset[str]:
    """Those whom a release names and who have opened it, by the ledger; Blocked when it was somebody else."""
    entries = (decode(data) for data in services.ledger.all_of(EntryType.OPEN).values())
    return frozenset(_opened(services, release, [e for e in entries if e.refs == (release["entry_index"],)]))


def _opened(services: Services, release: Row, openings: Iterable[Entry]) -> dict[str, datetime]:
    """When each of those who opened a release did so first, by the entries of its openings."""
    found: dict[str, datetime] = {}
    for entry in openings:
        who = [each for each in release["officers"] if held.is_said(services, entry, opened_by(each))]
        if not who:
            raise Blocked("STATE_EDITED", "a release was opened by nobody whom it names")
        for each in who:
            found.setdefault(each, clock.instant(entry.time))
    return found


def _log_denied(
    services: Services, found: Sequence[Row], act: Act, denied: NotPermitted | Blocked, at: datetime
) -> None:
    """A denied signature is an entry (R-52, R-54), one for no release too; nothing tells which."""
    reason = getattr(denied, "reason", denied.code)
    if found:
        key = f"open-refused/{found[-1]['id']}/{act.value}/{secrets.token_hex(8)}"
        fields = {"refs": (found[-1]["entry_index"],), "outcome": Refused.SIGNATURE}
        said = {"reason": reason, "act": act.value}
        services.log(key, journal.write(services.salt_key, EntryType.OPEN_REFUSED, at, key, said, **fields))
    else:
        services.log(*journal.arrival(services, {"unaccepted": {"call": reason}}, at))
    services.progress("alarm: a denied signature for a release is in the ledger")


def acknowledge(services: Services, correction_id: str, signer: Signer, at: datetime) -> dict[str, Any]:
    """An officer's word that a correction has been read and carried on (R-97)."""
    officer = require_officer(services, signer, at)
    known = {
        each["id"]: each
        for each in corrections(services)
        if officer.id in {name for one in _released(services, each) for name in one["officers"]}
    }
    told = known.get(correction_id)
    if told is None:
        near = difflib.get_close_matches(correction_id, known, 1) or sorted(known)
        meant = f"; there is {', '.join(f'`{each}`' for each in near)}" if near else ""
        raise NotPermitted(f"no correction of this id is told to this officer{meant}")
    with services.database.transaction() as tx:
        earlier = rows.acts(tx, correction_id)
    if any(each["officer_id"] == officer.id for each in earlier):
        raise Duplicate("this officer has acknowledged the correction already")
    signed = Signed(Act.ACKNOWLEDGED, correction_id, {}, (told["entry_index"],))
    record(services, officer, signer, signed, at)
    return {"correction": correction_id, "signed": Act.ACKNOWLEDGED.value}


def record(
    services: Services,
    officer: Enrolment,
    signer: Signer,
    signed: Signed,
    at: datetime,
) -> None:
    """Sign an act, and enter it and its row together; the entry is published when this returns."""
    statement = canonical_json(
        {"act": signed.act.value, "subject": signed.subject, "officer": officer.id} | dict(signed.words)
    )
    signature = signer.sign(statement)
    with services.database.transaction() as tx:
        same = [each for each in rows.acts(tx, signed.subject) if each["act"] == signed.act.value]
    row = {"subject": signed.subject, "act": signed.act.value, "officer_id": officer.id}
    row |= {"times": sum(each["officer_id"] == officer.id for each in same)}
    row |= {"statement": statement.decode(), "signature": signature.decode()}
    key = _key(row)
    _require_unsigned(services, KINDS[signed.act], key)
    fields: dict[str, Any] = {"refs": signed.refs} if signed.refs else {}
    fields["approvals"] = journal.approver_digests(services, signed.subject, officer, signature)
    entry = journal.write(services.salt_key, KINDS[signed.act], at, key, _said(row), **fields)
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        rows.add_act(tx, row | {"entry_index": index})
    services.ledger.publish()


def _require_unsigned(services: Services, kind: EntryType, key: str) -> None:
    """Return when the ledger has no such act yet, whatever the tables say; a second one would be refused by
    every verifier for ever (R-82)."""
    job = job_of(services.salt_key, key.encode())
    entries = services.ledger.all_of(kind).values()
    is_there = any(job in data and decode(data).job == job for data in entries)  # most are told apart unread
    held.require(not is_there, "an act that an officer has signed is missing in the table")


def _key(row: Row) -> str:
    return f"recipient/{row['act']}/{row['subject']}/{row['officer_id']}/{row['times']}"


def _said(row: Row) -> dict[str, Any]:
    return {"officer": row["officer_id"], "statement_sha256": sha256_hex(row["statement"].encode())}


def acts(services: Services, *subjects: str) -> list[tuple[Row, Entry]]:
    """What officers have signed, each held against its entry; Blocked when one differs (R-82)."""
    with services.database.transaction() as tx:
        stored = rows.acts(tx, *subjects)
    entries = held.entries_of(services, [each["entry_index"] for each in stored], "what an officer signed")
    found = []
    for row in stored:
        entry = entries[row["entry_index"]]
        held.require_said(services, entry, _key(row), _said(row), "what an officer signed")
        if entry.type is not KINDS[Act(row["act"])]:
            raise Blocked("STATE_EDITED", "what an officer signed names an entry of another")
        is_same = entry.approvals[0] == signature_digest(row["signature"].encode())
        held.require(is_same, "what an officer signed holds another signature")
        found.append((row, entry))
    return found


def accepted_by(services: Services, at: datetime) -> frozenset[str]:
    """The officers whose acceptance of the terms of the version in force lasts now (R-101)."""
    return lasting(services, acceptances(services), at)


def lasting(services: Services, accepted: Mapping[str, datetime], at: datetime) -> frozenset[str]:
    """Those officers whose last acceptance lasts at an instant."""
    days = days_of(services)
    return frozenset(officer for officer, time in accepted.items() if is_accepted(time, days, at))


def acceptances(services: Services) -> dict[str, datetime]:
    """When each officer has last accepted the terms of the version in force."""
    found = sorted(
        (entry.time, row["officer_id"])
        for row, entry in acts(services, services.law.digest)
        if row["act"] == Act.ACCEPTED.value
    )
    return {officer: clock.instant(time) for time, officer in found}


# -- what is owed ------------------------------------------------------------------------------------------


def openings(services: Services) -> dict[int, dict[int, Entry]]:
    """By the entry of each opened release, its openings in their order, each by its own entry."""
    found: dict[int, dict[int, Entry]] = {}
    for index, data in services.ledger.all_of(EntryType.OPEN).items():
        entry = decode(data)
        found.setdefault(entry.refs[0], {})[index] = entry
    return found


def _is_outdated(act: Row, opened: Mapping[int, Entry]) -> bool:
    """True of an outcome that was signed while nobody had opened the release, once somebody has (R-98)."""
    return act["act"] == Act.OUTCOME.value and bool(opened) and act["entry_index"] < min(opened)


def recalled_at(services: Services) -> dict[int, datetime]:
    """When each recalled release was recalled first, by the release's entry (R-64)."""
    found: dict[int, datetime] = {}
    for entry in map(decode, services.ledger.all_of(EntryType.RECALL).values()):
        for release in entry.refs:
            found.setdefault(release, clock.instant(entry.time))
    return found


def owed(services: Services, requester: str | None = None) -> list[tuple[Row, Owed]]:
    """Every delivered release (of one requester) with what has been signed for it."""
    opened = openings(services)
    signed = _signed_of(acts(services), opened)
    with services.database.transaction() as tx:
        of_batch = {each["id"]: each["requester"] for each in services.cases.list_batches(tx)}
        every = services.cases.releases(tx)
    held.require_every_release(services)
    released = [each for each in every if each["is_delivered"] or each["entry_index"] in opened]
    if requester is not None:
        released = [each for each in released if of_batch.get(each["batch_id"]) == requester]
    return _owed_of(services, released, signed, opened)


class Noted(NamedTuple):
    """What is owed as a page shows it: of releases that were opened or signed for, as `owed` has it; of all
    others how many there are by batch, by whether they are delivered, and by their instant."""

    touched: list[tuple[Row, Owed]]
    others: dict[tuple[str, bool, str], int]

    def due(self) -> Iterator[tuple[Owed, int]]:
        """What is owed, and of how many releases."""
        yield from ((each, 1) for _, each in self.touched)
        for (_, is_delivered, at), number in self.others.items():
            if is_delivered:
                on = clock.utc_date(datetime.fromisoformat(at))
                yield Owed("", "", on, date.max, opened={}, done={}, signed_for={}), number


def noted(services: Services) -> Noted:
    """The same as `owed` for a page: rows of releases that nobody has touched are counted (decision 0027)."""
    signed = _signed_of(acts(services), opened := openings(services))
    with services.database.transaction() as tx:
        others = services.cases.count_releases(tx)
        rows = services.cases.releases_of(tx, opened.keys(), signed.keys())
    if sum(others.values()) != services.ledger.count(EntryType.RELEASE):
        raise Blocked("STATE_EDITED", "a release of the ledger is missing in the table")
    touched = [each for each in rows if each["is_delivered"] or each["entry_index"] in opened]
    for each in touched:
        others[each["batch_id"], each["is_delivered"], each["released_at"]] -= 1
    return Noted(_owed_of(services, touched, signed, opened), others)


def _owed_of(
    services: Services,
    released: Sequence[Row],
    signed: Mapping[str, tuple[By, By]],
    opened: Mapping[int, Mapping[int, Entry]],
) -> list[tuple[Row, Owed]]:
    """What is owed for these releases, each held against its entry."""
    recalled = recalled_at(services)
    entries = held.entries_of(services, [each["entry_index"] for each in released], "a release")
    for each in released:  # nobody puts off a duty, or gives it to another, in the table
        held.require_use(services, each, entries[each["entry_index"]])
    found = list[tuple[Row, Owed]]()
    for each in released:
        index = each["entry_index"]
        when = _opened(services, each, opened.get(index, {}).values())
        found.append((each, _owed(each, when, recalled.get(index), signed.get(each["id"], ({}, {})))))
    return found


def _signed_of(
    signed: Iterable[tuple[Row, Entry]], opened: Mapping[int, Mapping[int, Entry]]
) -> dict[str, tuple[By, By]]:
    """By subject, what each officer has signed of the own copy, and what was signed for each by another."""
    found: dict[str, tuple[By, By]] = {}
    for row, entry in signed:
        if _is_outdated(row, opened.get(entry.refs[0], {}) if entry.refs else {}):
            continue
        whose = _for(row)
        part = found.setdefault(row["subject"], ({}, {}))[bool(whose)]
        who = whose or row["officer_id"]
        part[who] = part.get(who, frozenset()) | {row["act"]}
    return found


def _owed(
    release: Row, opened: Mapping[str, datetime], recalled: datetime | None, signed: tuple[By, By]
) -> Owed:
    """What is owed for a release whose row was held against its entry."""
    return Owed(
        release=release["id"],
        request_id=release["request_id"],
        released_on=clock.utc_date(datetime.fromisoformat(release["released_at"])),
        expires_on=date.fromisoformat(release["expires_on"]),
        opened={who: clock.utc_date(time) for who, time in opened.items()},
        done=signed[0],
        signed_for=signed[1],
        recalled_on=None if recalled is None else recalled.date(),
    )


def require_nothing_overdue(services: Services, requester: str, at: datetime) -> None:
    """Return while no verification or certificate of the requester is overdue; else Blocked (R-62, R-96)."""
    found = overdue(
        open_duties((each for _, each in owed(services, requester)), days_of(services)), at.date()
    )
    if found:
        raise Blocked(
            "OVERDUE", f"duties of the recipient that are overdue: {len(found)}; `solely inbox` lists them"
        )


def require_outcomes(services: Services, requester: str, at: datetime) -> None:
    """Return while few enough outcomes are overdue; else BatchRefused, and nothing is decided (R-98)."""
    if is_outcome_share_exceeded(
        (each for _, each in owed(services, requester)), days_of(services), at.date()
    ):
        raise BatchRefused("R-98", "requester", "too many outcomes of earlier releases are overdue")


def inbox(services: Services, signer: Signer, at: datetime) -> list[dict[str, Any]]:
    """What waits for the officer who holds the key: the terms, then by day what falls due soonest.

    A package is due by its end of use, a correction at once.
    """
    officer = require_officer(services, signer, at)
    if services.ledger.is_closed:
        services.progress("the log is closed: nothing can be opened or signed at this gate any more")
        return []
    found: list[tuple[date, dict[str, Any]]] = []  # each with the day by which it is sorted
    if officer.id not in accepted_by(services, at):
        found.append((date.min, {"due": Act.ACCEPTED.value, "version": services.law.agreement.version}))
    mine = [each for each in owed(services) if officer.id in each[0]["officers"]]
    waiting = [release for release, each in mine if each.opened_on is None and at.date() <= each.expires_on]
    stopped = _stopped_of(services, waiting, at)
    for release in waiting:
        line = {"request_id": release["request_id"], "release": release["id"]}
        code = stopped.get(release["id"])  # what an order stops is shown, and is due to nobody
        due = {"due": "opening", "by": release["expires_on"]}
        line |= due if code is None else {"stopped": code}
        found.append((date.fromisoformat(release["expires_on"]), line))
    found += _due_to(services, officer, [each for _, each in mine], at)
    with services.database.transaction() as tx:
        read = {each["subject"] for each in rows.acts(tx) if each["officer_id"] == officer.id}
    own = {each.release for _, each in mine}
    for told in corrections(services):
        if own & set(told["releases"]) and told["id"] not in read:
            shown = sorted(own & set(told["releases"]))
            line = {"correction": told["id"], "releases": shown, "note": told["note"]}
            found.append((at.date(), line | {"due": "acknowledged"}))
    return [line for _, line in sorted(found, key=lambda each: each[0])]


def _due_to(
    services: Services, officer: Enrolment, mine: Sequence[Owed], at: datetime
) -> Iterator[tuple[date, dict[str, Any]]]:
    """The duties an officer may sign, each with its day: the own, and of those enrolled here no more."""
    gone = _absent(services, {who for each in mine for who in each.opened}, at)
    for due in open_duties(mine, days_of(services)):
        line = due.as_object(at.date())
        if due.officer in ("", officer.id):
            yield due.by, line
        elif due.officer in gone:
            yield due.by, line | {"for": due.officer}


def _stopped_of(services: Services, releases: Sequence[Row], at: datetime) -> dict[str, str]:
    """By which code an order stops the opening of each release, by the release's id."""
    known, found = ordering.filed(services), dict[str, str]()
    for batch_id in sorted({each["batch_id"] for each in releases}):
        own = {each["row"]: each for each in releases if each["batch_id"] == batch_id}
        with services.database.transaction() as tx:
            batch = services.cases.find_batch(tx, batch_id)
            cases = [each for each in services.cases.list_cases(tx, batch_id) if each["row"] in own]
        if batch is None:
            raise Blocked("STATE_EDITED", "the batch of a release is missing")
        acts = [
            ordering.Act(item_of(case), own[case["row"]]["record_ref"], own[case["row"]]["id"])
            for case in cases
        ]
        stopped = ordering.stopped_rows(services, batch, acts, at, known)
        found |= {own[row]["id"]: stop.code for row, stop in stopped.items() if not stop.is_by_list}
    return found


# -- corrections -------------------------------------------------------------------------------------------


def correct(services: Services, request_id: str, signer: Signer, note: str, at: datetime) -> dict[str, Any]:
    """A correction or dispute of a release's record: every earlier recipient is told by id (R-97)."""
    approver = objecting.official_of(services, signer, at)
    require_note("the note", note)
    named = named_release.require(services, request_id)
    with services.database.transaction() as tx:
        same = [each for each in services.cases.releases(tx) if each["record_ref"] == named["record_ref"]]
    held.require_released(services, same)
    releases = sorted(each["id"] for each in same)
    digest = sha256_hex(canonical_json({"note": note, "releases": releases, "at": at.isoformat()}))
    row = {"id": digest[:16], "releases": releases, "note": note, "note_sha256": sha256_hex(note.encode())}
    row |= {"approver_id": approver.id}
    key, refs = f"correction/{row['id']}", tuple(each["entry_index"] for each in same)
    entry = journal.write(
        services.salt_key,
        EntryType.CORRECTION,
        at,
        key,
        _correction_said(row),
        refs=refs[: ordering.RELEASES_MAX],
    )
    with services.database.transaction() as tx:
        index = services.ledger.append(tx, key, [entry])
        rows.add_correction(tx, row | {"entry_index": index})
    services.ledger.publish()
    return {"correction": row["id"], "releases": releases}


def _correction_said(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("note_sha256", "releases", "approver_id")}


def corrections(services: Services) -> list[Row]:
    """Every correction, held against the ledger; Blocked when one is missing or differs (R-82)."""
    with services.database.transaction() as tx:
        stored = rows.corrections(tx)
    places = services.ledger.places((EntryType.CORRECTION,))
    if places != [each["entry_index"] for each in stored]:
        raise Blocked("STATE_EDITED", "a correction is missing, or stands in no ledger entry")
    entries = held.entries_of(services, places, "a correction")
    for row in stored:
        is_its = sha256_hex(row["note"].encode()) == row["note_sha256"]
        held.require_said(
            services,
            entries[row["entry_index"]],
            f"correction/{row['id']}",
            _correction_said(row),
            "a correction",
        )
        if not is_its:
            raise Blocked("STATE_EDITED", "a correction differs from its ledger entry")
    return stored


def _released(services: Services, told: Row) -> Sequence[Row]:
    with services.database.transaction() as tx:
        return [each for each in services.cases.releases(tx) if each["id"] in set(told["releases"])]
