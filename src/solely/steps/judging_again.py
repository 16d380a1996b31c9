"""Every release is judged again at approval, at sealing and at each opening (R-83, R-95).

- The item is judged under the law, enrolments, tables and records in force now, as of the day of receipt
  and as of today; the stricter wins. Nothing here can make an outcome looser.
- The case's stored words and evidence are first held against the ledger entry of its decision: an edited
  or swapped row stops the gate (R-82).
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from solely.canonical import canonical_json
from solely.decision.evidence import item_digest
from solely.errors import Blocked
from solely.ledger.entry import Entry, EntryType, decode
from solely.model import Item, Reason, RecordAddress
from solely.review.states import CONTEST, State
from solely.services import Services
from solely.steps import held, journal
from solely.steps.deciding import evidence_groups, item_of
from solely.steps.examination import Examined, context_of, desk_of, examine, face
from solely.steps.history import COUNTS
from solely.steps.identification import Match, bench_of, match_passed, require_fresh, write_access

Case = Mapping[str, Any]
NOT_LIFTED: Final = Reason("review", "NO_PERSON_CAN_LIFT", "R-82")


class Read(NamedTuple):
    """A case with what its texts hold: the item, the contents by group, and which record (group B)."""

    case: Case
    item: Item
    groups: Mapping[str, bytes]
    identity: Mapping[str, Any]

    @property
    def internal(self) -> Mapping[str, Any]:
        """Group D: what the case was judged by; read only once the case is known to be unedited."""
        return dict(json.loads(self.groups["D"]))

    @property
    def lifted(self) -> frozenset[str]:
        """The stages whose referral two approvers have confirmed, as the ledger commits to them."""
        return frozenset(self.internal.get("lifted", ()))


def read_case(case: Case) -> Read:
    """The case with its texts read."""
    groups = evidence_groups(case["evidence"])
    return Read(case, item_of(case), groups, dict(json.loads(groups["B"])))


class Permitted(NamedTuple):
    """One case that may be released now: the item, the record it rests on, and the address that leaves."""

    case: Case
    item: Item
    record_ref: str
    address: RecordAddress


def require_in_force(services: Services, today: date) -> None:
    """Return while releases may happen under the agreement today; else Blocked (R-06)."""
    starts_on = services.law.starts_on
    if starts_on is not None and today < starts_on:
        raise Blocked("AGREEMENT", "the agreement is not in force yet")
    if services.law.sealed_until is not None and today > services.law.sealed_until:
        raise Blocked("AGREEMENT", "an order that seals a permission has ended; publish that part (R-89)")
    if services.law.awaits_until is not None and today < services.law.awaits_until:
        raise Blocked("AGREEMENT", "a notice that the agreement waits for is not in force yet (R-10)")
    if today > last_day_of(services):
        raise Blocked("AGREEMENT", "the agreement's term has ended")


def require_standing(services: Services, batch: Mapping[str, Any], today: date) -> None:
    """Return while the agreement is in force and the batch's letter stands; else Blocked (R-06, R-11, R-83).

    Asked at every approval too, so that nobody signs what could not leave.
    """
    require_in_force(services, today)
    held.require_instrument_stands(services, batch, today)


def last_day_of(services: Services) -> date:
    """The last day of releases: the agreement's own, else the gate's `release_until` (contracts 7)."""
    return services.law.ends_on or services.config.release_until


def identity_of(case: Case) -> Mapping[str, Any]:
    """Group B of the case's evidence: which item, which record."""
    return read_case(case).identity


def require_unedited(services: Services, cases: Sequence[Case]) -> list[Read]:
    """The cases, read, when each says what its ledger entry commits to; else Blocked (R-82, R-95)."""
    entries = services.ledger.entries_at([case["decision_index"] for case in cases])
    found = [_readable(case) for case in cases]
    for read in found:
        case, item, _, identity = read
        if (item.row, item.request_id) != (case["row"], case["request_id"]):
            raise Blocked("SWAPPED", f"row {case['row']}: the case holds another item")
        if case["request_key"] != case["request_id"].lower():
            raise Blocked(
                "SWAPPED", f"row {case['row']}: the case is found by another request id than its own"
            )
        if identity.get("record_ref") != case["record_ref"]:
            raise Blocked(
                "SWAPPED", f"row {case['row']}: the case is found by another record than it rests on"
            )
        if identity.get("item_sha256") != item_digest(item) or identity.get("row") != case["row"]:
            raise Blocked("SWAPPED", f"row {case['row']}: the item is not the one that was decided")
        _require_entry(services, read, decode(entries[case["decision_index"]]))
    return found


def _readable(case: Case) -> Read:
    try:
        return read_case(case)
    except (ValueError, TypeError, AttributeError, LookupError):
        raise Blocked("STATE_EDITED", f"row {case['row']}: the texts of the case cannot be read") from None


def _require_entry(services: Services, read: Read, entry: Entry) -> None:
    case, groups = read.case, read.groups
    if case["decision_key"] is None:
        expected = journal.decision_body(services, case["batch_id"], entry.ordinal or 0, groups)
    else:
        expected = journal.later_body(services, case["decision_key"], groups)
    if entry.type is not EntryType.DECISION or entry.body != expected:
        raise Blocked("STATE_EDITED", f"row {case['row']}: the case differs from its ledger entry")
    disposition = json.loads(groups["A"])["disposition"]
    shown = {"referred_read": "referred", "referred_unread": "referred"}.get(case["state"], case["state"])
    if entry.outcome != journal.CLASS_OF[disposition] or shown not in (disposition, "released"):
        raise Blocked("STATE_EDITED", f"row {case['row']}: the case's state is not what was decided")


def judge_again(
    services: Services, batch: Mapping[str, Any], cases: Sequence[Case], at: datetime
) -> list[Permitted]:
    """Those of the releasable `cases` that may still be released, under the stricter of receipt and now."""
    require_standing(services, batch, at.date())
    require_fresh(services.records, services.law.matching, at.date())
    read = require_unedited(services, cases)
    for each in read:
        if CONTEST in each.lifted:
            held.require_reconsidered(services, each.case)
    now = _permitted(read, _matches(services, read, at.date(), at))
    earlier = [
        _permitted(read, _matches(version, read, day, at))
        for version, day in _times_of(services, batch, at.date())
    ]
    return [each for row, each in now.items() if all(row in then for then in earlier)]


def get_ready(services: Services) -> None:
    """Read what every judgment needs, so that nobody waits for it who asks first."""
    face([Item(row=0)], context_of(services, services.now().date()))  # of nobody: no record is read
    _ = bench_of(services).records.names


def version_at_receipt(services: Services, batch: Mapping[str, Any]) -> Services:
    """The gate under the agreement's version that was in force when the batch was received (R-09, R-83)."""
    entry = decode(services.ledger.entries_at([batch["request_index"]])[batch["request_index"]])
    assert entry.agreement is not None, "the entry of a request names the law"
    return services.under(entry.agreement)


def _times_of(services: Services, batch: Mapping[str, Any], today: date) -> list[tuple[Services, date]]:
    """Beside today under the law in force: each other pair of version and day that the item must pass too."""
    version = version_at_receipt(services, batch)
    days = sorted({datetime.fromisoformat(batch["received_at"]).date(), today})
    versions = [services] if version is services else [services, version]
    return [(each, day) for each in versions for day in days if each is not services or day != today]


def matches_of(
    services: Services, cases: Sequence[Case], day: date, at: datetime, lifting: Sequence[str]
) -> dict[int, Match]:
    """The matches, by row, of those cases that pass the ruling on the request as of `day`.

    `lifting` are stages whose referral is confirmed by the votes that are being settled.
    """
    return _matches(services, [read_case(case) for case in cases], day, at, lifting)


def _matches(
    services: Services, cases: Sequence[Read], day: date, at: datetime, lifting: Sequence[str] = ()
) -> dict[int, Match]:
    return examined_again(services, cases, day, at, lifting)[1] if cases else {}


def examined_again(
    services: Services, cases: Sequence[Read], day: date, at: datetime, lifting: Sequence[str] = ()
) -> tuple[Examined, dict[int, Match]]:
    """The ruling on each case's request as of `day`, and the match by row of those that pass it."""
    examined = request_again(services, cases, day, lifting)
    confirmed = frozenset(n for n, read in enumerate(cases) if "match" in read.lifted.union(lifting))
    matches = match_passed(examined, bench_of(services), at, confirmed)
    names = {read.item.row: read.case["request_id"] for read in cases}
    write_access(services, cases[0].case["batch_id"], matches.access, names)
    return examined, {examined.items[place].row: match for place, match in matches.by_place.items()}


def request_again(services: Services, cases: Sequence[Read], day: date, lifting: Sequence[str]) -> Examined:
    """The ruling on each case's request as of `day`, with what votes have lifted; no record is read."""
    items = [read.item for read in cases]
    lifted = [read.lifted | frozenset(lifting) for read in cases]
    known = [read.internal["counts"] for read in cases]
    counts = {name: [each.get(name) for each in known] for name in COUNTS}
    examined = examine(items, [() for _ in items], desk_of(services, day), counts)
    examined = examined.waived(frozenset(n for n, stages in enumerate(lifted) if "request" in stages))
    contested = frozenset(n for n, stages in enumerate(lifted) if CONTEST in stages)
    return examined.contested(contested, services.law.contestable)


def stage_of(case: Mapping[str, Any], contested: held.Contested | None) -> str:
    """The stage that votes on a case belong to: its state, or the contest that has just reopened it."""
    is_waiting = contested is not None and contested.reopened_index == case["decision_index"]
    return CONTEST if is_waiting else str(case["state"])


def lifting_stage(services: Services, case: Case) -> str:
    """The stage whose referral the votes on a case decide."""
    if stage_of(case, held.contest_behind(services, case)) == CONTEST:
        return CONTEST
    return "match" if case["state"] == State.REFERRED_READ else "request"


def standing_against(services: Services, case: Case, at: datetime) -> tuple[Reason, ...]:
    """What the request itself has against a referred item, now or under the law at receipt, whoever confirms
    it; none where two carry it on to its match."""
    with services.database.transaction() as tx:
        batch = services.cases.find_batch(tx, case["batch_id"])
    assert batch is not None, "a case belongs to a batch"
    read, stage = [read_case(case)], [lifting_stage(services, case)]
    version = version_at_receipt(services, batch)
    rulings = (
        request_again(each, read, at.date(), stage).rulings[0]
        for each in ([services] if version is services else [services, version])
    )
    return next((each.reasons for each in rulings if each.disposition is not None), ())


def _permitted(cases: Sequence[Read], matches: Mapping[int, Match]) -> dict[int, Permitted]:
    found: dict[int, Permitted] = {}
    for case, item, _, identity in cases:
        match = matches.get(case["row"])
        if match is None or match.ruling.disposition is not None:
            continue
        record_ref, address = match.found.record_id, match.found.release_address
        # The same record as decided, or nothing: judging again never finds somebody else.
        if record_ref is None or address is None or record_ref != identity["record_ref"]:
            continue
        found[case["row"]] = Permitted(case, item, record_ref, address)
    return found


def lifted_stages(case: Case) -> list[str]:
    """The stages whose referral two approvers have confirmed, as the ledger commits to them."""
    return sorted(read_case(case).lifted)


def counts_text_of(case: Case) -> str:
    """The counts over batch and gate that a case was judged by, as they stand in its evidence."""
    return canonical_json(read_case(case).internal["counts"]).decode()
