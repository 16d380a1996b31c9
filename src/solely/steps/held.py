"""No state row is believed by itself: what permits is held against the ledger entry that says so (R-82).

- A row names its entry; type, references and commitment of that entry must be what the row makes them. The
  salts grow from the gate's key, so nobody without it can make a row and an entry agree.
- What a later entry has replaced or spent (a part put in force anew, a decision superseded, an item
  released) permits nothing any more, whatever the tables say.
- Files of a batch are held against the digests in its entries.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from solely import clock
from solely.canonical import canonical_json, sha256_hex
from solely.errors import BatchRefused, Blocked, NotPermitted, TroubleError, UsageError
from solely.intake.letter import LETTER_FILE, SIGNATURE_FILE, parse_letter, require_genuine
from solely.ledger.commitment import (
    body_of,
    commit,
    content_seed,
    job_of,
    kept_tag,
    released_body,
    request_of,
    salt_from,
    seed_of,
)
from solely.ledger.entry import Answer, Entry, EntryType, Vote, decode
from solely.model import Letter
from solely.review.panel import NEEDED
from solely.review.states import CONTEST
from solely.services import Services
from solely.steps import journal
from solely.steps.putting import PARTS
from solely.store import known_files, shredding, tallies

Row = Mapping[str, Any]
Digest = Callable[[Path], str]
_Read = TypeVar("_Read", bytes, str)
FILES = {
    "dispositions": "dispositions.parquet",
    "facts": "facts.parquet",
    "access": "access.parquet",
    "answer": "answer.jsonl",
}


def require(condition: bool, what: str, code: str = "STATE_EDITED") -> None:
    """Return when what the state says of a thing is so; else Blocked (R-82)."""
    if not condition:
        raise Blocked(code, what)


def entry_of(services: Services, index: int, what: str) -> Entry:
    """The entry at an index that a row names; Blocked when the ledger has none there."""
    return entries_of(services, [index], what)[index]


def named_entry(services: Services, index: int) -> Entry:
    """The entry of a number that a person has typed; UsageError when the ledger has none there."""
    with services.database.transaction() as tx:
        size = services.ledger.size(tx)
    if not 0 <= index < size:
        raise UsageError(f"the ledger has no such entry: its entries are 0 to {size - 1:,}")
    return entry_of(services, index, "the command")


def entries_of(services: Services, indexes: Sequence[int], what: str) -> dict[int, Entry]:
    """The entries at the indexes that many rows name, each read once; Blocked when the ledger lacks one."""
    with services.database.transaction() as tx:
        size = services.ledger.size(tx)
    is_there = all(0 <= index < size for index in indexes)
    require(is_there, f"{what} names an entry that the ledger does not have")
    return {index: decode(data) for index, data in services.ledger.entries_at(indexes).items()}


def require_said(
    services: Services, entry: Entry, event_key: str, said: Mapping[str, Any], what: str
) -> None:
    """Return when the entry is of this event and commits to these words; else Blocked."""
    body = journal.later_body(services, event_key, {"A": canonical_json(dict(said))})
    job = job_of(services.salt_key, event_key.encode())
    require(entry.body == body and entry.job == job, f"{what} differs from its ledger entry")


def row_tag(services: Services, row: Row) -> str:
    """What stands in `tag` beside the other columns of a row: nobody without the gate's key changes both."""
    said = {name: value for name, value in row.items() if name != "tag"}
    return kept_tag(services.salt_key, canonical_json(said))


# -- the request, the decision, the files ---------------------------------------------------------------


def require_received(services: Services, batch: Row, digest: Digest | None = None) -> None:
    """Return when the stored submission and the batch's row are those that were accepted (R-12)."""
    folder = services.folder.batch(batch["id"]) / "submission"
    letter = parse_letter(_letter_bytes(services, batch))
    said = {
        "letter_sha256": letter.sha256,
        "data_sha256": (digest or digest_of)(folder / letter.data_file),
        "items": batch["items"],
        "signer_office": letter.signer_office,
        "key_id": letter.key_id,
    }
    entry = entry_of(services, batch["request_index"], "the batch")
    is_its_own = entry.type is EntryType.REQUEST and entry.time == clock.milliseconds(
        instant_received(batch["received_at"])
    )
    require(is_its_own, "the batch names an entry that is no request, or one of another instant")
    require_said(services, entry, f"request/{batch['id']}", said, "the batch or its submission")
    same = (letter.key_id, letter.requester, letter.data_file)
    require(
        same == (batch["submitter_key_id"], batch["requester"], batch["data_file"]),
        "the batch's row is not of its letter",
    )


def requester_of(services: Services, batch: Row) -> str:
    """The party that sent a batch, as its letter says, which is the one that was received."""
    return parse_letter(_letter_bytes(services, batch)).requester


def _letter_bytes(services: Services, batch: Row) -> bytes:
    """The stored letter, which is the one that was received: its digest is the batch's name."""
    letter = _read(services.folder.batch(batch["id"]) / "submission" / LETTER_FILE, Path.read_bytes)
    is_same = sha256_hex(letter)[:16] == batch["id"]
    require(is_same, "the stored letter is not the one that was received")
    return letter


def letter_of(services: Services, batch: Row) -> Letter:
    """The letter of a batch, which is the one that was received."""
    return parse_letter(_letter_bytes(services, batch))


def instrument_defect(services: Services, batch: Row, today: date) -> str | None:
    """Why the batch's letter does not stand today, or None: who signed it may sign no more, or with another
    key, or the signature is not over it (R-11, R-12, R-83)."""
    letter = _letter_bytes(services, batch)
    signature = _read(services.folder.batch(batch["id"]) / "submission" / SIGNATURE_FILE, Path.read_bytes)
    try:
        require_genuine(parse_letter(letter), letter, signature, services.trust, services.law.signers, today)
    except BatchRefused as refused:
        return refused.reason
    return None


def require_instrument_stands(services: Services, batch: Row, today: date) -> None:
    """Return when the batch's letter stands today as it did at receipt; else Blocked (R-83)."""
    defect = instrument_defect(services, batch, today)
    require(defect is None, f"the letter of the batch does not stand today: {defect}", "SIGNER")


def require_sender(services: Services, batch: Row, holder: str, today: date) -> None:
    """Return when the key is, today, that of the office which signed this batch; else NotPermitted."""
    require_received(services, batch, known_digest(services))
    letter = parse_letter(_letter_bytes(services, batch))
    office = services.trust.requesters.get(letter.signer_office)
    if office is None or office.key_id != holder or not office.is_valid_on(today):
        raise NotPermitted("only the office that signed this batch may do this")


def require_decided(services: Services, batch: Row, digest: Digest | None = None) -> None:
    """Return when counts, dispositions, facts, access and answer are those that were decided (R-05, R-85)."""
    require_received(services, batch, digest)
    entry = entry_of(services, batch["decided_index"], "the batch")
    refs = (batch["request_index"],)
    require(entry.type is EntryType.DECIDED and entry.refs == refs, "the batch names an entry of another")
    counts = batch["counts"] or {}
    names = ("received", "releasable", "withheld", "referred", "returned", "refused")
    shown = tuple(counts.get(name) for name in names)
    require(entry.outcome == shown, "the counts are not those that were decided")
    require_said(services, entry, f"decided/{batch['id']}", batch["digests"] or {}, "a digest of the batch")
    folder = services.folder.batch(batch["id"])
    for kind, name in FILES.items():
        is_same = (digest or digest_of)(folder / name) == batch["digests"][kind]
        require(is_same, f"`{name}` is not the file that was decided")


def tallied(services: Services, batch_id: str) -> dict[str, str]:
    """The digests of what later batches are counted against: caseload and attempts of this one."""
    with services.database.transaction() as tx:
        load, attempts = tallies.caseload_of(tx, batch_id), tallies.attempts_of(tx, batch_id)
    return {"caseload": sha256_hex(canonical_json(load)), "attempts": sha256_hex(attempts)}


def require_tally(services: Services, batch: Row, kind: str) -> None:
    """Return when `caseload` or `attempts` of a decided batch are as decided, else Blocked (R-51, R-87)."""
    entry = entry_of(services, batch["decided_index"], "an earlier batch")
    digests = batch["digests"] or {}
    require_said(services, entry, f"decided/{batch['id']}", digests, "a digest of an earlier batch")
    is_same = tallied(services, batch["id"])[kind] == digests.get(kind)
    require(is_same, f"the {kind} of an earlier batch differ from its ledger entry")


def sent_on_tag(services: Services, row: Row) -> str:
    """The `tag` of a row of `attempt` for an item that people sent on."""
    return row_tag(services, {**row, "tags": bytes(row["tags"]).hex()})


def require_sent_on(services: Services, since: date) -> None:
    """Return when every referral sent on has its row of `attempt`, as it was written; else Blocked (R-87).

    The votes in the ledger say which were; the rows of batches received before `since` may be forgotten.
    """
    with services.database.transaction() as tx:
        rows = tallies.sent_on(tx)
    what = "an attempt about a person differs from its ledger entry"
    require(all(row["tag"] == sent_on_tag(services, row) for row in rows), what)
    counted = [row["referral_index"] for row in rows]
    require(len(counted) == len(set(counted)), what)
    entries = map(decode, services.ledger.all_of(EntryType.APPROVAL).values())
    confirmed = Counter(each.refs[0] for each in entries if each.outcome == Vote.CONFIRM)
    missing = {each for each, votes in confirmed.items() if votes >= NEEDED}.difference(counted)
    if missing:
        requests = {index: entry.refs[0] for index, entry in entries_of(services, [*missing], what).items()}
        received = entries_of(services, sorted(set(requests.values())), what)
        days = {index: clock.utc_date(clock.instant(entry.time)) for index, entry in received.items()}
        due = {index for index in missing if days[requests[index]] >= since}
        # Two votes with no decision after them are a review that was broken off: nothing was read.
        require(not due or not due & spent_decisions(services), what)


_IS_DECIDED = {"received": False, "decided": True, "released": True}  # the states of a batch


def require_batches(services: Services) -> None:
    """Return when the table has every batch of the ledger, received when it says, and no other (R-82).

    Each is in a state that there is: decided or released where it names its decided entry, else received.
    """
    logged = {index: decode(data).time for index, data in services.ledger.scan((EntryType.REQUEST,), 0)}
    with services.database.transaction() as tx:
        batches = services.cases.list_batches(tx)
    stored = {
        each["request_index"]: clock.milliseconds(instant_received(each["received_at"])) for each in batches
    }
    require(stored == logged, "a batch is missing, or is not as its ledger entry says when it was received")
    is_known = all(_IS_DECIDED.get(each["state"]) == (each["decided_index"] is not None) for each in batches)
    require(is_known, "the state of a batch is none, or another than its decided entry gives it")


def instant_received(received_at: str) -> datetime:
    """The instant of receipt that a batch's row states; Blocked when it is none."""
    return instant_of(received_at, "the time at which a batch was received cannot be read")


def instant_of(text: str, what: str) -> datetime:
    """The instant that a row states; Blocked, for the reason `what`, when it is none."""
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise Blocked("STATE_EDITED", what) from None


def require_closed(services: Services, batches: Sequence[Row]) -> None:
    """Return when as many have approved each of these released batches as a release needs (R-51, R-82)."""
    entries = [decode(data) for _, data in services.ledger.scan((EntryType.APPROVAL,), 0) if batches]
    approved = Counter(refs for refs, _ in {(each.refs, each.approvals[1]) for each in entries})
    is_approved = all(approved[(each["decided_index"],)] >= NEEDED for each in batches)
    require(is_approved, "a batch is called released that two have not approved")


def require_volume(services: Services, batch: Row) -> None:
    """Return when the batch's row counts as many items as its decided entry says; else Blocked (R-66)."""
    entry = entry_of(services, batch["decided_index"], "an earlier batch")
    is_its_own = entry.type is EntryType.DECIDED and entry.refs == (batch["request_index"],)
    received = entry.outcome[0] if isinstance(entry.outcome, tuple) else None
    require(
        is_its_own and received == batch["items"],
        "the items of an earlier batch differ from its ledger entry",
    )


def digest_of(path: Path) -> str:
    """The SHA-256 of a file of the gate, read whole; Blocked when it is missing."""
    return _read(path, known_files.digest_of)


def known_digest(services: Services) -> Digest:
    """The same of a file that this process has read before and that nobody has touched since: not read again.

    For pages, votes and contests; what leaves is read whole before, as by `digest_of` (decision 0027).
    """
    return lambda path: _read(path, services.known_files.digest)


def _read(path: Path, read: Callable[[Path], _Read]) -> _Read:
    try:
        return read(path)
    except FileNotFoundError:
        raise Blocked("STATE_EDITED", f"`{path.name}` is missing") from None
    except OSError as error:
        raise TroubleError(f"`{path.name}` cannot be read: {error.strerror}") from None


# -- releases -------------------------------------------------------------------------------------------


def release_identity(record_ref: str, row: int) -> dict[str, bytes]:
    """What the entry of a release commits to for ever: whose record it is about, for which row."""
    return {"B": canonical_json({"record_ref": record_ref, "row": row})}


def content_of(release_seed: bytes, digests: Mapping[str, str]) -> bytes:
    """The commitment to what left; only the release's own seed opens it, so shredding closes it."""
    salt = salt_from(content_seed(release_seed), "C")
    return commit("C", salt, canonical_json(dict(digests)))


def require_every_release(services: Services) -> None:
    """Return when the table has as many releases as the ledger; else Blocked: one was deleted (R-55)."""
    with services.database.transaction() as tx:
        stored = sum(services.cases.count_releases(tx).values())
    is_whole = stored == services.ledger.count(EntryType.RELEASE)
    require(is_whole, "a release of the ledger is missing in the table")


def require_released(services: Services, releases: Sequence[Row]) -> None:
    """Return when every release's row is what its ledger entry commits to; else Blocked (R-95)."""
    entries = entries_of(services, [each["entry_index"] for each in releases], "a release")
    seeds = services.release_keys.find_many([each["id"] for each in releases])
    with services.database.transaction() as tx:
        left = shredding.contents(tx, [each["id"] for each in releases])
    left |= {
        each["id"]: content_of(seeds[each["id"]], digests_of(each))
        for each in releases
        if each["id"] in seeds and each["id"] not in left
    }
    for release in releases:
        _require_released(services, release, entries[release["entry_index"]], left.get(release["id"]))


def digests_of(release: Row) -> dict[str, str]:
    """The digests of what left, as a release's row has them until its key is destroyed."""
    return {name: release[name] for name in ("address_sha256", "package_sha256")}


def _require_released(services: Services, release: Row, entry: Entry, content: bytes | None) -> None:
    digests = digests_of(release)
    groups = release_identity(release["record_ref"], release["row"])
    seed = journal.seed_of_event(services, f"release/{release['id']}")
    if entry.tag_open is None:  # version 1
        body = body_of(seed, {**groups, "C": canonical_json(digests)})
    else:
        require(content is not None, "the key of a release is missing")
        assert content is not None, "it was required"
        body = released_body(seed, groups, content)
    is_its_own = entry.type is EntryType.RELEASE and entry.body == body
    require(is_its_own, "a release differs from its ledger entry")
    require(entry.request == request_of(seed, release["request_id"]), "a release is of another request")
    require_use(services, release, entry)


def require_use(services: Services, release: Row, entry: Entry) -> None:
    """Return when a release's row names those who may open it, its instant and its end of use as its entry
    and the agreement of then have them; else Blocked (R-49, R-61, R-62)."""
    what = "a release's officers, instant or end of use differ from its ledger entry"
    is_release = entry.type is EntryType.RELEASE and entry.package is not None
    require(is_release and entry.agreement is not None, what)
    assert entry.package is not None and entry.agreement is not None, "it was required"
    recipients = journal.recipients_of(services, f"release/{release['id']}", release["officers"])
    require(entry.package[-len(recipients) :] == recipients, what)
    days = services.under(entry.agreement).law.release_days_max
    last = clock.utc_date(clock.instant(entry.time)) + timedelta(days)
    stated = (clock.milliseconds(instant_of(release["released_at"], what)), release["expires_on"])
    require(stated == (entry.time, last.isoformat()), what)


def is_said(services: Services, entry: Entry, said: Mapping[str, Any]) -> bool:
    """True when an event's entry commits to exactly these words; the event's own key need not be known."""
    if entry.job is None:
        return False
    return entry.body == body_of(seed_of(services.salt_key, entry.job, 0), {"A": canonical_json(dict(said))})


def named_by(services: Services, kind: EntryType) -> frozenset[int]:
    """The releases, by their entries, that the ledger's entries of a type are about; no row is asked."""
    entries = services.ledger.all_of(kind).values()
    return frozenset(index for data in entries for index in decode(data).refs)


# -- votes ----------------------------------------------------------------------------------------------


def require_votes(services: Services, case: Row, votes: Sequence[Row]) -> None:
    """Return when every vote on a referral is in the ledger as it stands in the table; else Blocked."""
    for row in votes:
        key = f"vote/{case['batch_id']}/{case['row']}/{row['stage']}/{row['approver_id']}"
        entry = entry_of(services, row["entry_index"], "a vote")
        refs = (case["decision_index"],)
        is_of = entry.type is EntryType.APPROVAL and entry.refs == refs
        require(
            is_of and entry.outcome == journal.VOTES.get(row["decide"]), "a vote names an entry of another"
        )
        said = {"approver": row["approver_id"], "decide": row["decide"]}
        said["note_sha256"] = sha256_hex(row["note"].encode())
        require_said(services, entry, key, said, "a vote")


# -- contests -------------------------------------------------------------------------------------------


class Contested(NamedTuple):
    """The contest behind a case: its row, the referral that it opened, and the votes on that referral that
    a later decision rests on (none while it waits)."""

    row: Row
    reopened_index: int
    votes: tuple[int, ...]


def contest_said(row: Row) -> dict[str, Any]:
    """What the entry of a contest commits to; the note by its digest."""
    names = ("key_id", "signature", "contested_index", "reconsider_by")
    return {name: row[name] for name in names} | {"note_sha256": sha256_hex(row["note"].encode())}


def is_contested(services: Services, batch_id: str, row: int) -> bool:
    """True when the ledger has a contest of this item, whatever the tables say (R-87)."""
    job = job_of(services.salt_key, f"contest/{batch_id}/{row}".encode())
    return any(decode(data).job == job for _, data in services.ledger.scan((EntryType.CONTEST,), 0))


def contest_behind(services: Services, case: Row) -> Contested | None:
    """The contest that a case's decision goes back to, held against the ledger; None when there is none.

    The way back is read from the ledger alone; what the table says of the contest must agree with it.
    """
    index, votes = case["decision_index"], tuple[int, ...]()
    entry = entry_of(services, index, "a case")
    while len(entry.refs) > 1:
        require(entry.type is EntryType.DECISION and entry.refs[1] < index, "a case rests on no decision")
        if len(entry.refs) > 2 and _is_contest(services, entry.refs[2]):
            return Contested(_require_contest(services, case, entry), index, votes)
        index, votes = entry.refs[1], entry.refs[2:]
        entry = entry_of(services, index, "a case")
    return None


def _is_contest(services: Services, index: int) -> bool:
    return entry_of(services, index, "a decision").type is EntryType.CONTEST


def _require_contest(services: Services, case: Row, reopened: Entry) -> Row:
    with services.database.transaction() as tx:
        row = services.cases.find_contest(tx, case["batch_id"], case["row"])
    if row is None:
        raise Blocked("STATE_EDITED", "the contest of a case is missing")
    places = (row["contested_index"], row["entry_index"])
    require(reopened.refs[1:] == places, "a contest names an entry of another")
    require_contest(services, row)
    return row


def require_contest(services: Services, row: Row) -> None:
    """Return when an admitted contest is what its entry in the ledger commits to: its day too (R-87)."""
    entry = entry_of(services, row["entry_index"], "a contest")
    is_of = entry.refs == (row["contested_index"],) and entry.outcome == Answer.ADMITTED
    require(is_of, "a contest names an entry of another")
    require_said(services, entry, f"contest/{row['batch_id']}/{row['row']}", contest_said(row), "a contest")


def require_reconsidered(services: Services, case: Row) -> None:
    """Return when what a contest carried on rests on it, its referral and two other officers (R-87)."""
    contested = contest_behind(services, case)
    require(contested is not None, "a case rests on a contest that the ledger does not have")
    assert contested is not None, "it was required"
    with services.database.transaction() as tx:
        votes = services.cases.votes(tx, case["batch_id"], case["row"], CONTEST)
    require_votes(services, {**case, "decision_index": contested.reopened_index}, votes)
    cast = [entry_of(services, each, "a vote") for each in contested.votes]
    is_on_it = all(each.refs == (contested.reopened_index,) for each in cast)
    confirming = {each.approvals[1] for each in cast if each.outcome == Vote.CONFIRM}
    barred = voters_before(services, contested.row)
    require(
        is_on_it and len(confirming) >= NEEDED and not confirming & barred,
        "a contest was not confirmed by two other officers",
    )


def voters_before(services: Services, contest: Row) -> frozenset[bytes]:
    """The tags of those who voted on an item before it was contested, as the ledger has them."""
    tags: set[bytes] = set()
    entry = entry_of(services, contest["contested_index"], "a contest")
    while len(entry.refs) > 1:
        tags |= {entry_of(services, each, "a vote").approvals[1] for each in entry.refs[2:]}
        entry = entry_of(services, entry.refs[1], "a decision")
    return frozenset(tags)


# -- what later entries have replaced or spent ----------------------------------------------------------


def spent_decisions(services: Services) -> Set[int]:
    """The decisions that a later one replaced or that a release has used up; each entry is looked at once."""
    ledger, spent = services.ledger, services.spent
    with services.database.transaction() as tx:
        size = ledger.size(tx)
    return spent.follow(ledger.scan((EntryType.RELEASE, EntryType.DECISION), spent.read), size)


def require_unspent(services: Services, cases: Collection[Row]) -> None:
    """Return when no case rests on a decision that was replaced or released already; else Blocked (R-82)."""
    spent = spent_decisions(services)
    require(
        not any(case["decision_index"] in spent for case in cases),
        "a case rests on a decision that a later entry has replaced or used",
    )


def is_letter_known(services: Services, batch_id: str) -> bool:
    """True when the ledger has a request of this letter, whatever the tables say (R-13)."""
    job = job_of(services.salt_key, f"request/{batch_id}".encode())
    return any(decode(data).job == job for _, data in services.ledger.scan((EntryType.REQUEST,), 0))


def require_parts(services: Services) -> None:
    """Return when every part in force is the newest that the ledger knows; else Blocked (R-09, R-82)."""
    with services.database.transaction() as tx:
        parts = services.cases.part_rows(tx)
    require_files(services)
    newest = dict(_newest_parts(services, PARTS))
    require(set(newest) == {row["name"] for row in parts}, "a part in force is missing in the state")
    for row in parts:
        what = f"`{row['name']}`"
        require(newest.get(row["name"]) == row["entry_index"], f"{what} was put in force by another entry")
        entry = entry_of(services, row["entry_index"], what)
        said = {"part": row["name"], "digest": row["digest"]}
        require_said(services, entry, f"part/{row['name']}/{row['entry_index']}", said, what)


def require_files(services: Services) -> None:
    """Return when `gate.toml` and `witness.policy` are those of the parts in force; else Blocked (R-82)."""
    with services.database.transaction() as tx:
        digests = services.cases.parts(tx)
    is_own = digests.get("config") == digest_of(services.folder.config)
    require(is_own, "`gate.toml` is not as `init` wrote it")
    policy = services.folder.witnesses
    there = digest_of(policy) if policy.exists() else None
    require(digests.get("witnesses") == there, "`witness.policy` is not as `init` put it")


def _newest_parts(services: Services, names: Sequence[str]) -> Iterator[tuple[str, int]]:
    places = services.ledger.places((EntryType.POLICY, EntryType.KEYSET))
    for index, data in services.ledger.entries_at(places).items():
        job = decode(data).job
        for name in names:
            if job == _part_job(services.salt_key, name, index):
                yield name, index


@lru_cache(maxsize=1024)
def _part_job(salt_key: bytes, name: str, index: int) -> bytes:
    return job_of(salt_key, f"part/{name}/{index}".encode())
