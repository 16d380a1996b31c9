"""What loosens waits: proposed by one, countersigned by two, in force a day after the second (R-84).

- A new enrolment or key, a longer term, another table or witness policy, a later last day of releases: `init`
  proposes them, in the overseer's sight, and nothing is decided by them yet. What tightens acts at once.
- The two must be approvers by the trust folder in force, independent of one another; the proposal is theirs
  and not the proposer's.
- What is put in force so never reaches a batch received before (`enrolments`).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from solely import clock
from solely.canonical import sha256_hex
from solely.errors import Blocked, Duplicate, SolelyError, UsageError
from solely.orders.force import WAIT
from solely.review.panel import NEEDED, is_independent, require_approver
from solely.services import Services
from solely.signing import Signer
from solely.steps import countersigning, held, journal, ordering
from solely.steps.changes import changes_of
from solely.steps.enrolments import keep_superseded, part_index
from solely.steps.putting import LOOSENED, NOTHING, PENDING, put
from solely.store import orders as rows
from solely.store.files import write_durably
from solely.store.gate import GateFolder, config_text, copy_files, folder_digest, read_config
from solely.store.inputs import read_own
from solely.store.trust import trust_digest, trust_files

Row = Mapping[str, Any]


def subject_of(part: str, digest: str, index: int) -> str:
    """What a countersignature of a proposal is about: the part, what is proposed, and its entry."""
    return f"{part}/{digest[:16]}/{index}"


class Proposal(NamedTuple):
    """A change that waits: which part, its entry, and who has countersigned it, when."""

    name: str
    digest: str
    entry_index: int
    proposed_at: datetime
    countersigned: tuple[tuple[str, datetime], ...]

    @property
    def subject(self) -> str:
        """What a countersignature is about."""
        return subject_of(PENDING + self.name, self.digest, self.entry_index)

    @property
    def in_effect_at(self) -> datetime | None:
        """When it may come into force; None until two have countersigned."""
        return self.countersigned[NEEDED - 1][1] + WAIT if len(self.countersigned) >= NEEDED else None

    def as_object(self) -> dict[str, Any]:
        """What a command prints beside what would change; no key signs a proposal: `init` made it."""
        begins = self.in_effect_at
        return {
            "proposed": self.name,
            "by": "init",
            "digest": self.digest,
            "proposed_at": self.proposed_at.isoformat(),
            "countersigned": [approver for approver, _ in self.countersigned],
            "needs": max(NEEDED - len(self.countersigned), 0),
            "in_effect_at": None if begins is None else begins.isoformat(),
        }


def proposals(services: Services) -> list[Proposal]:
    """Every change that waits, with the countersignatures that count now."""
    with services.database.transaction() as tx:
        parts, acts = services.cases.part_rows(tx), rows.acts(tx)
    puts = {row["name"]: row["entry_index"] for row in parts}
    found = []
    for row in parts:
        name = row["name"].removeprefix(PENDING)
        if name == row["name"] or row["digest"] == NOTHING:
            continue
        if name in puts and puts[name] > row["entry_index"]:
            continue  # the part has changed since: what was proposed is of another, and is proposed anew
        at = journal.instant_of(services, row["entry_index"])
        subject = subject_of(row["name"], row["digest"], row["entry_index"])
        own = [each for each in acts if each["order_id"] == subject]
        found.append(Proposal(name, row["digest"], row["entry_index"], at, _standing(services, own)))
    return found


def told(services: Services, proposal: Proposal) -> dict[str, Any]:
    """A proposal as who countersigns must see it: what would change, who signed, when it acts (R-84).

    Blocked when the proposed files are not those whose digest the ledger has.
    """
    if pending_digest(services.folder, proposal.name) != proposal.digest:
        raise Blocked("STATE_EDITED", f"what is proposed for `{proposal.name}` is not what was recorded")
    return proposal.as_object() | {"changes": changes_of(services.folder, proposal.name)}


def _standing(services: Services, acts: list[Row]) -> tuple[tuple[str, datetime], ...]:
    """Who has countersigned and still may, each independent of those before."""
    standing: list[tuple[str, datetime]] = []
    for act in acts:
        entry = held.entry_of(services, act["entry_index"], "a countersignature")
        approver = ordering.find_countersigner(services, act, entry)
        if approver is None:
            continue
        others = [services.trust.approvers[name] for name, _ in standing]
        if all(is_independent(approver, other) for other in others):
            standing.append((approver.id, clock.instant(entry.time)))
    return tuple(standing)


def countersign(services: Services, name: str, signer: Signer, at: datetime) -> dict[str, Any]:
    """A proposal after one more countersignature."""
    proposal = next((each for each in proposals(services) if each.name == name), None)
    if proposal is None:
        raise UsageError(f"no change of `{name}` is proposed")
    holder = signer.holder
    ordering.require_unrevoked(services, holder, at)
    earlier = [approver for approver, _ in proposal.countersigned]
    approver = require_approver(services.trust, holder, "", at.date(), earlier)
    if len(earlier) >= NEEDED:
        raise Duplicate("two have countersigned this already")
    about = (countersigning.COUNTERSIGNED, proposal.subject, proposal.entry_index)
    countersigning.sign(services, about, approver, signer, at)
    return told(services, next(each for each in proposals(services) if each.name == name))


def put_in_force(services: Services, at: datetime) -> None:
    """Put the parts whose wait is over in force; what was proposed is held against its entry first."""
    with services.database.transaction() as tx:
        waiting = [row for row in services.cases.part_rows(tx) if row["name"].startswith(PENDING)]
    if all(row["digest"] == NOTHING for row in waiting):
        return
    if services.ledger.is_closed:
        return  # what waits is put in force no more; reading goes on
    ready = [
        each for each in proposals(services) if (begins := each.in_effect_at) is not None and begins <= at
    ]
    for each in ready:
        _put_in_force(services, each, at)
    if ready:
        services.refresh(read_config(services.folder))


def _put_in_force(services: Services, proposal: Proposal, at: datetime) -> None:
    folder, name = services.folder, proposal.name
    if pending_digest(folder, name) != proposal.digest:
        raise Blocked("STATE_EDITED", f"what is proposed for `{name}` is not what was countersigned")
    if name in ("trust", "inputs"):
        keep_superseded(folder, name, part_index(services, name))
    digest = copied(folder, name)
    if name == "witnesses":
        services.ledger.go_by(folder.witnesses.read_bytes())
    with services.database.transaction() as tx:
        put(services.ledger, tx, (name, digest), at)
        put(services.ledger, tx, (PENDING + name, NOTHING), at)
    services.ledger.publish()


# -- the files of a proposal -------------------------------------------------------------------------------


def pending_digest(folder: GateFolder, name: str) -> str:
    """The digest of what is proposed for a part."""
    place = folder.pending(name)
    try:
        match name:
            case "trust":
                return trust_digest(place)
            case "inputs":
                return folder_digest(read_own(place))
            case _:
                return sha256_hex((place / name).read_bytes())
    except (OSError, SolelyError):
        raise Blocked("STATE_EDITED", f"what is proposed for `{name}` is missing") from None


def copied(folder: GateFolder, name: str) -> str:
    """The digest of a part, its proposed files put in the place of those in force."""
    place = folder.pending(name)
    match name:
        case "trust":
            copy_files(trust_files(place), folder.trust)
            return trust_digest(folder.trust)
        case "inputs":
            copy_files(read_own(place), folder.inputs)
            return folder_digest(read_own(folder.inputs))
        case "witnesses":
            write_durably(folder.witnesses, (place / name).read_bytes())
            return sha256_hex(folder.witnesses.read_bytes())
    until = date.fromisoformat((place / name).read_text(encoding="utf-8").strip())
    text = config_text(replace(read_config(folder), release_until=until))
    write_durably(folder.config, text)
    return sha256_hex(text)


assert set(LOOSENED) == {"trust", "inputs", "witnesses", "config"}, "each has its way into force above"
